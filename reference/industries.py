"""Industries as people write them: "B06", "06", "煤炭开采和洗选业" and "coal_mining" are one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from reference import national
from reference.national.rows import IndustryDivision, Section, Sector
from reference.terms import Regime

UNSPECIFIED = "other"
"""The field of a section that spans several: a report is never refused for naming only that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """An industry: a division or section of GB/T 4754, or a field of supervision."""

    code: str
    """`B06` for a division, `B` for a section, the sector's code where it spans several."""
    sector: str
    """The field of supervision that answers for it: `coal_mining`."""
    zh: str
    en: str
    high_risk: bool
    regime: Regime
    division: str | None = None
    section: str | None = None


def resolve(text: str) -> Industry | None:
    """The industry that a code, a name or an alias means; None when it means nothing known."""
    return _known().get(text.strip().casefold())


def business(text: str) -> str:
    """What decisions on a kind of business are found by: the code of a known industry, else the
    name as one writes it.
    """
    known = resolve(text)
    return (known.code if known else text.strip()).casefold()


@cache
def _known() -> Mapping[str, Industry]:
    sectors = {row.code: row for row in national.SECTORS}
    known: dict[str, Industry] = {}
    divisions: dict[str, list[Industry]] = {code: [] for code in sectors}
    for row in national.INDUSTRY_DIVISIONS:
        industry = _division(row, sectors[row.sector])
        divisions[row.sector].append(industry)
        _enter(known, industry, industry.code, row.code, row.zh, row.en)
    for section in national.INDUSTRY_SECTIONS:
        industry = _section(section, sectors[section.sector or UNSPECIFIED])
        _enter(known, industry, section.code, section.zh, section.en)
    for sector in sectors.values():
        only = divisions[sector.code]
        industry = only[0] if len(only) == 1 else _sector(sector)
        _enter(known, industry, sector.code, sector.zh, sector.en, *sector.aliases)
    return known


def _enter(known: dict[str, Industry], industry: Industry, *names: str) -> None:
    for name in names:
        known.setdefault(name.casefold(), industry)


def _division(row: IndustryDivision, sector: Sector) -> Industry:
    return Industry(
        code=row.section + row.code,
        sector=sector.code,
        zh=row.zh,
        en=row.en,
        high_risk=sector.high_risk,
        regime=sector.regime,
        division=row.code,
        section=row.section,
    )


def _section(row: Section, sector: Sector) -> Industry:
    return Industry(
        code=row.code,
        sector=sector.code,
        zh=row.zh,
        en=row.en,
        high_risk=sector.high_risk,
        regime=sector.regime,
        section=row.code,
    )


def _sector(row: Sector) -> Industry:
    return Industry(
        code=row.code,
        sector=row.code,
        zh=row.zh,
        en=row.en,
        high_risk=row.high_risk,
        regime=row.regime,
    )
