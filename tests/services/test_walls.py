"""The second wall stands around every table, but for those that are declared with a reason."""

import pytest
from sqlalchemy import text

from kernel.migrations import runner
from tests.services import unwalled
from tests.services.conftest import PutOnStage

_WITHOUT_A_WALL = text(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND NOT (relrowsecurity AND relforcerowsecurity)"
)


@pytest.mark.parametrize("name", unwalled.TABLES)
async def test_every_table_has_a_wall_or_is_declared_to_have_none(
    put_on_stage: PutOnStage, name: str
) -> None:
    stage = await put_on_stage(name)
    async with stage.work() as session:
        found = set(await session.scalars(_WITHOUT_A_WALL))

    assert found & {*runner.service_metadata(name).tables} == unwalled.TABLES[name].keys()


def test_what_is_shown_behind_an_open_table_is_of_tables_that_have_no_wall() -> None:
    for name, routes in unwalled.ROUTES.items():
        of_tables = [set(why) for why in routes.values() if not isinstance(why, str)]
        assert set().union(*of_tables) <= unwalled.TABLES[name].keys()
