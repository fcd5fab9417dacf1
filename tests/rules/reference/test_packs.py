"""What a pack accepts, and how it says what is broken."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reference import checks, city, national
from reference.city import City
from reference.entries import Coded
from reference.national import National
from reference.packs import NothingInForce, Pack, on
from reference.reading import BrokenPack

BEFORE, SINCE = date(2024, 4, 30), date(2024, 5, 1)


class OnePack(Pack):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.rows = self.table("rows.yaml", "rows", Coded)


def row(**change: Any) -> dict[str, Any]:
    whole = {
        "code": "a",
        "zh": "甲",
        "en": "A",
        "source": "law 1",
        "effective_from": "2020-01-01",
    }
    return {key: value for key, value in (whole | change).items() if value is not ...}


def broken(tmp_path: Path, *rows: Any, **sections: Any) -> str:
    content = {"about": "rows", "rows": list(rows)} | sections
    content = {key: value for key, value in content.items() if value is not ...}
    (tmp_path / "rows.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    with pytest.raises(BrokenPack) as refused:
        OnePack(tmp_path).load()
    return str(refused.value)


@pytest.mark.parametrize("field", ["source", "effective_from", "code", "zh", "en"])
def test_a_row_without_a_needed_field_is_refused_by_name(tmp_path: Path, field: str) -> None:
    said = broken(tmp_path, row(), row(**({"code": "b"} | {field: ...})))
    assert "rows.yaml, rows[1]" in said
    assert repr(field) in said


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    said = broken(tmp_path, row(effective_form="2020-01-01"))
    assert "rows[0] (a)" in said
    assert "'effective_form'" in said


@pytest.mark.parametrize("source", ["law", "", 7, {"instrument": "law"}])
def test_a_source_names_an_instrument_and_an_article(tmp_path: Path, source: object) -> None:
    assert "source" in broken(tmp_path, row(source=source))


def test_a_code_that_yaml_takes_for_a_number_is_refused(tmp_path: Path) -> None:
    assert "found 430481" in broken(tmp_path, row(code=430481))


def test_rows_of_one_key_may_not_overlap_by_a_day(tmp_path: Path) -> None:
    said = broken(
        tmp_path,
        row(effective_to="2024-05-01"),
        row(effective_from="2024-05-01"),
    )
    assert "two are on 2024-05-01" in said


def test_an_open_row_overlaps_every_later_one(tmp_path: Path) -> None:
    assert "rows 'a'" in broken(tmp_path, row(), row(effective_from="2030-01-01"))


def test_a_row_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    assert "on or after" in broken(tmp_path, row(effective_to="2019-12-31"))


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    said = broken(tmp_path, row(code=1), row(code="b", zh=...), "not a row")
    assert said.count("rows.yaml") == 3


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({"rows": ...}, "the section 'rows'"),
        ({"about": ...}, "the section 'about'"),
        ({"rowz": []}, "no unknown section 'rowz'"),
        ({"rows": {"a": 1}}, "'rows' to be a list"),
        ({"defaults": ["a"]}, "'defaults' to be a mapping"),
    ],
)
def test_a_file_holds_its_sections_and_no_others(
    tmp_path: Path, sections: dict[str, Any], expected: str
) -> None:
    assert expected in broken(tmp_path, row(), **sections)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("about: a\nabout: b\nrows: []\n", "twice"),
        ("about: [\n", "readable YAML"),
        ("- a\n", "a mapping of sections"),
        ("about: !!python/object/apply:os.getcwd []\nrows: []\n", "readable YAML"),
    ],
)
def test_a_file_that_is_no_plain_mapping_is_refused(
    tmp_path: Path, text: str, expected: str
) -> None:
    (tmp_path / "rows.yaml").write_text(text)
    with pytest.raises(BrokenPack, match=expected):
        OnePack(tmp_path).load()


def test_a_missing_and_an_undeclared_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "row.yaml").write_text("about: misspelt\n")
    with pytest.raises(BrokenPack) as refused:
        OnePack(tmp_path).load()
    said = str(refused.value)
    assert "rows.yaml, file: the file to exist" in said
    assert "row.yaml, file: a file that the pack declares" in said


def test_defaults_fill_what_a_row_leaves_out(tmp_path: Path) -> None:
    defaults = {"source": "law 2", "effective_from": date(2021, 1, 1)}
    rows = [row(source=..., effective_from=...), row(code="b")]
    content = {"about": "rows", "defaults": defaults, "rows": rows}
    (tmp_path / "rows.yaml").write_text(yaml.safe_dump(content))
    pack = OnePack(tmp_path)
    pack.load()
    found = pack.rows
    assert found[0].rule == "law 2@2021-01-01"
    assert found[1].rule == "law 1@2020-01-01"


@pytest.fixture
def two_versions(tmp_path: Path) -> OnePack:
    rows = [row(zh="旧", effective_to=BEFORE), row(zh="新", effective_from=SINCE)]
    content = {"about": "rows", "rows": rows}
    (tmp_path / "rows.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    return OnePack(tmp_path)


def test_the_row_in_force_changes_on_its_day(two_versions: OnePack) -> None:
    table = two_versions.rows
    assert on(table.of("a"), BEFORE).zh == table.one("a", on=BEFORE).zh == "旧"
    assert on(table.of("a"), SINCE).zh == table.one("a", on=SINCE).zh == "新"
    assert [found.zh for found in table.at(SINCE)] == ["新"]
    assert table[0:2] == table.rows
    assert len(table) == 2


def test_before_the_first_row_nothing_is_in_force(two_versions: OnePack) -> None:
    day = date(2019, 12, 31)
    assert two_versions.rows.get("a", on=day) is None
    with pytest.raises(NothingInForce, match="2019-12-31"):
        two_versions.rows.one("a", on=day)
    with pytest.raises(NothingInForce):
        on(two_versions.rows.of("a"), day)
    assert two_versions.rows.of("unknown") == []


@given(
    starts=st.lists(st.dates(date(2000, 1, 1), date(2030, 1, 1)), min_size=1, unique=True),
    day=st.dates(date(2000, 1, 1), date(2035, 1, 1)),
)
def test_of_adjoining_rows_just_one_is_in_force(starts: list[date], day: date) -> None:
    starts.sort()
    ends = [later - timedelta(days=1) for later in starts[1:]]
    rows = [
        Coded.model_validate(row(effective_from=first, effective_to=last))
        for first, last in zip(starts, [*ends, None], strict=True)
    ]
    assert sum(found.in_force(day) for found in rows) == (day >= starts[0])


def test_the_shipped_packs_are_whole_and_fit_each_other() -> None:
    checks.load_all()


def spoilt(source: Pack, tmp_path: Path, file: str, change: Callable[[Any], None]) -> Path:
    folder = tmp_path / source.folder.name
    shutil.copytree(source.folder, folder)
    content = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    change(content)
    (folder / file).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def _handled_as(content: Any, matter: str, other: str) -> None:
    row = next(row for row in content["catalogue"] if row["matter"] == matter)
    row.pop("lead")
    row["same_as"] = other


@pytest.mark.parametrize(
    ("file", "change", "expected"),
    [
        ("grades.yaml", lambda c: c["grades"][0].pop("source"), r"grades\[0\].*'source'"),
        ("grades.yaml", lambda c: c["grades"][0].update(code="grave"), "'code'"),
        ("grades.yaml", lambda c: c["grades"].append(c["grades"][0]), "one row in force a day"),
        ("reporting.yaml", lambda c: c["windows"][0].update(days=0), "greater than 0"),
        ("divisions.yaml", lambda c: c["divisions"][1].update(code="11"), "'code'"),
        ("calendar.yaml", lambda c: c["years"].append(c["years"][0]), "years 2020"),
        ("accident_types.yaml", lambda c: c["types"][0].update(window="week"), "known window"),
        ("accident_types.yaml", lambda c: c["types"][0].update(standard="x"), "known standard"),
        ("industries.yaml", lambda c: c["divisions"][5].update(sector="x"), "a known sector"),
        ("onsite.yaml", lambda c: c["defaults"].update(source="law 1"), "instruments.yaml"),
    ],
)
def test_a_spoilt_national_pack_is_refused(
    tmp_path: Path, file: str, change: Callable[[Any], None], expected: str
) -> None:
    folder = spoilt(national.PACK, tmp_path, file, change)
    with pytest.raises(BrokenPack, match=expected) as refused:
        National(folder).load()
    assert {fault.file for fault in refused.value.faults} == {file}


def duty(content: Any, code: str) -> Any:
    return next(found for found in content["duties"] if found["code"] == code)


@pytest.mark.parametrize(
    ("file", "change", "expected"),
    [
        ("parks.yaml", lambda c: c["parks"][0].update(parent="999999"), "a parent among"),
        ("chains.yaml", lambda c: c["chains"][0].update(lead=["nobody"]), "found 'nobody'"),
        ("chains.yaml", lambda c: c["chains"][0].update(lead=[]), "'lead'"),
        ("chains.yaml", lambda c: c["chains"][0].update(sectors=["x"]), "a known sector"),
        ("chains.yaml", lambda c: c["chains"].pop(), "one chain without sectors"),
        ("routing.yaml", lambda c: c["routes"][0].update(steps=[]), "'steps'"),
        (
            "routing.yaml",
            lambda c: c["routes"][0]["steps"][0].update(to=["{town}.emergency.duty_desk"]),
            "known placeholders",
        ),
        (
            "routing.yaml",
            lambda c: c["routes"][0]["steps"][0].update(to=["{city}.emergency.nobody"]),
            "a post of the city",
        ),
        ("city.yaml", lambda c: c["city"][0].update(dead_end="430400.x.y"), "a post of the city"),
        ("units.yaml", lambda c: c["townships"][0].update(county="430499"), "a known county"),
        ("units.yaml", lambda c: c["templates"][0].update(roles=["x"]), "a known role, found 'x'"),
        ("units.yaml", lambda c: c["units"][0].update(roles=["x"]), "a known role, found 'x'"),
        ("plan-2023.yaml", lambda c: duty(c, "1.3").update(trigger="x"), "a known trigger"),
        ("plan-2023.yaml", lambda c: duty(c, "1.3").pop("trigger"), "a known trigger"),
        ("plan-2023.yaml", lambda c: duty(c, "1.3").update(part="c"), "an article with that part"),
        ("plan-2023.yaml", lambda c: duty(c, "1.3").update(subjects=["city:x"]), "'city:x'"),
        ("plan-2023.yaml", lambda c: duty(c, "1.4").update(subjects=["enterprise:x"]), "'enterp"),
        (
            "plan-2023.yaml",
            lambda c: c["articles"][0]["allocations"][0].update(lead=["nobody"]),
            "'nobody'",
        ),
        (
            "demonstration.yaml",
            lambda c: c["enterprises"][0]["location"].update(lon=116.4),
            "inside the city's box",
        ),
        ("demonstration.yaml", lambda c: c["trades"][0].update(industry="x"), "a known industry"),
        ("escalations.yaml", lambda c: c["escalations"][0].update(source="x 1"), "instruments"),
        (
            "orders.yaml",
            lambda c: c["catalogue"].append({"matter": "witchcraft", "lead": "{county}.emergency"}),
            "matters of the national",
        ),
        (
            "orders.yaml",
            lambda c: c["catalogue"][0].update(lead="{county}.nobody"),
            "units of the city",
        ),
        (
            "orders.yaml",
            lambda c: c["catalogue"][0].update(lead="{moon}.emergency"),
            "units of the city",
        ),
        (
            "orders.yaml",
            lambda c: c["catalogue"][0].update(same_as="fire"),
            "either a lead or another matter",
        ),
        (
            "orders.yaml",
            lambda c: _handled_as(c, "environment", "noise"),
            "does not lead back to itself",
        ),
    ],
)
def test_a_spoilt_city_pack_is_refused(
    tmp_path: Path, file: str, change: Callable[[Any], None], expected: str
) -> None:
    folder = spoilt(city.current(), tmp_path, file, change)
    with pytest.raises(BrokenPack, match=expected) as refused:
        checks.check(City(folder))
    assert {fault.file for fault in refused.value.faults} == {file}
