"""The coded words of the interface in both languages: code, zh, en, and what belongs to them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from contracts.gateway import Role
from kernel.problems import Problem
from reference import national, regions, terms
from reference.entries import Coded
from reference.packs import Table
from reference.terms import Term

Item = dict[str, Any]
Rows = Callable[[date], Iterable[Item]]


class DictionaryUnknown(Problem):
    """There is no dictionary of this name."""

    status = 404
    title_zh = "没有这个字典"
    title_en = "There is no dictionary of this name"

    def __init__(self) -> None:
        super().__init__(dictionaries=sorted(DICTIONARIES))


@dataclass(frozen=True)
class Dictionary:
    """One set of coded words; which are in force depends on the day."""

    zh: str
    en: str
    rows: Rows


def _of_terms(kind: type[Term]) -> Rows:
    items = [{"code": term.value, "zh": term.zh, "en": term.en} for term in kind]
    return lambda _: items


def _of_table(table: Table[Any], *also: str) -> Rows:
    def rows(on: date) -> Iterable[Item]:
        return [_item(row, also) for row in table.at(on)]

    return rows


def _item(row: Coded, also: Sequence[str]) -> Item:
    shown = row.model_dump(mode="json", include={"code", "zh", "en", *also})
    return {name: shown[name] for name in ("code", "zh", "en", *also)}


def _regions(_: date) -> Iterable[Item]:
    return [
        {
            "code": place.code,
            "zh": place.zh,
            "en": place.en,
            "level": place.level.value,
            "parent": place.parent,
            "park": place.park,
        }
        for place in regions.known().values()
    ]


DICTIONARIES: Mapping[str, Dictionary] = {
    "accident_types": Dictionary(
        "事故类型", "Accident types", _of_table(national.ACCIDENT_TYPES, "gb_code", "window")
    ),
    "duty_kinds": Dictionary("任务类型", "Kinds of duties", _of_terms(terms.DutyKind)),
    "finding_statuses": Dictionary(
        "认定状态", "Firmness of findings", _of_terms(terms.FindingStatus)
    ),
    "findings": Dictionary("迟漏谎瞒", "Findings about reports", _of_terms(terms.Finding)),
    "grades": Dictionary("事故等级", "Accident grades", _of_terms(terms.Grade)),
    "industries": Dictionary(
        "行业大类",
        "Industries (GB/T 4754)",
        _of_table(national.INDUSTRY_DIVISIONS, "section", "sector"),
    ),
    "instruments": Dictionary("法律依据", "Legal instruments", _of_table(national.INSTRUMENTS)),
    "lead_sources": Dictionary(
        "线索来源", "Sources of signs of accidents", _of_terms(terms.LeadSource)
    ),
    "levels": Dictionary("政府层级", "Levels of government", _of_terms(terms.Level)),
    "measures": Dictionary("计量单位", "Units of measure", _of_terms(terms.Measure)),
    "regimes": Dictionary("监管体制", "Regimes of investigation", _of_terms(terms.Regime)),
    "regions": Dictionary("行政区划与园区", "Divisions and parks", _regions),
    "risks": Dictionary("风险四色", "Colours of risk", _of_terms(terms.Risk)),
    "roles": Dictionary("角色", "Roles", _of_terms(Role)),
    "sectors": Dictionary(
        "行业领域", "Sectors", _of_table(national.SECTORS, "high_risk", "regime")
    ),
    "supervision": Dictionary("监管分类", "Supervision classes", _of_terms(terms.Supervision)),
    "unit_kinds": Dictionary("单位类型", "Kinds of units", _of_terms(terms.UnitKind)),
}


def listed() -> list[Item]:
    """The dictionaries there are."""
    return [{"name": name, "zh": it.zh, "en": it.en} for name, it in DICTIONARIES.items()]


@lru_cache(maxsize=64)
def served(name: str, on: date) -> bytes:
    """One dictionary as it stands on a day, as JSON."""
    found = DICTIONARIES.get(name)
    if found is None:
        raise DictionaryUnknown
    items = list(found.rows(on))
    body = {"name": name, "zh": found.zh, "en": found.en, "on": on, "items": items}
    return orjson.dumps(body)
