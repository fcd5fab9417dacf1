"""Which office decides on an objection to a part."""

from datetime import date

import pytest

from services.tasks.appeals.rules import decider

DAY = date(2023, 6, 1)


@pytest.mark.parametrize(
    ("region", "kind", "parties", "office"),
    [
        ("430481", "department", (), "430481.committee_office"),
        ("430481", "government", (), "430400.committee_office"),
        ("430481", None, ("430481.committee_office",), "430400.committee_office"),
        ("430400", "department", (), "430400.committee_office"),
    ],
)
def test_the_nearest_office_that_stands_high_enough_and_has_no_part_decides(
    region: str, kind: str | None, parties: tuple[str, ...], office: str
) -> None:
    found = decider(region_code=region, unit_kind=kind, parties=parties, on=DAY)

    assert found == office


def test_where_no_office_stands_high_enough_nobody_is_named() -> None:
    every = [f"{code}.committee_office" for code in ("430400", "430000", "000000", "43", "")]

    assert decider(region_code="430400", unit_kind=None, parties=every, on=DAY) is None
