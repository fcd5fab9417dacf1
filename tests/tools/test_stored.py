"""The accidents that a bench stores: as many as asked for, in order, and fit to be read."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from services.incidents.maps import domain as maps
from services.incidents.search import domain as search
from tools.bench import stored
from tools.bench.stored import Rows, Templates

UNTIL = datetime(2026, 1, 1, tzinfo=UTC)
KNOWN = Templates(
    accident={"regime": "standard"},
    report={"reported_by": "somebody", "kind": "quick"},
    grade_version={"version": 1},
    assignment={"version": 1},
    investigation={"generation": 1},
)


@pytest.fixture(scope="module")
def rows() -> Rows:
    made: Rows = {}
    for batch in stored.batches(KNOWN, 2_500, until=UNTIL):
        assert len(batch["accident"]) <= 2_000  # memory does not grow with the number
        for table, held in batch.items():
            made.setdefault(table, []).extend(held)
    return made


def test_every_accident_has_its_reports_and_its_aids(rows: Rows) -> None:
    ids = [row["id"] for row in rows["accident"]]

    assert len(set(ids)) == 2_500
    assert ids == sorted(ids)
    assert {id.version for id in ids} == {7}
    assert set(Counter(row["accident_id"] for row in rows["report"]).values()) == {3}
    assert len({row["id"] for row in rows["report"]}) == 7_500
    for table in ("grade_version", "assignment", "investigation", "search_text", "map_point"):
        assert [row["accident_id"] for row in rows[table]] == ids


def test_rows_keep_what_the_service_filled_and_lie_in_the_past(rows: Rows) -> None:
    assert {row["regime"] for row in rows["accident"]} == {"standard"}
    assert {row["reported_by"] for row in rows["report"]} == {"somebody"}
    assert all(row["occurred_at"] < UNTIL for row in rows["accident"])
    assert {row["grade"] for row in rows["accident"]} >= {"general", "larger"}


def test_what_is_searched_and_mapped_is_what_the_service_would_keep(rows: Rows) -> None:
    [text, *_] = rows["search_text"]
    grams = {
        row["gram"] for row in rows["search_gram"] if row["accident_id"] == text["accident_id"]
    }
    assert grams == search.grams(text["text"])
    for point in rows["map_point"][:100]:
        if point["lat"] is None:
            assert point["cell_row"] is None
        else:
            assert point["cell_row"] == maps.cell(point["lat"], maps.FINEST)
