"""What a decision on a lead is about, and where it holds. Pure."""

from collections.abc import Iterator
from datetime import date

from kernel.problems import Problem
from reference import chains, industries, national, regions
from reference.cityrows import Chain
from services.tasks.decisions.rules import Known


class DecidedAlready(Problem):
    """Two decisions in force on one business would give it two leads: revoke the other first."""

    status = 409
    title_zh = "该业态在此范围和期间已有决定"
    title_en = "That kind of business has been decided on for that place and time"


class AlreadyRevoked(Problem):
    """A decision is revoked once."""

    status = 409
    title_zh = "该决定已撤销"
    title_en = "That decision has been revoked"


class UnknownField(Problem):
    """A decision names a chain of the city's pack."""

    status = 422
    title_zh = "没有该行业领域"
    title_en = "There is no such field"


class NoChainsThen(Problem):
    """On so early a day nobody had yet said who answers for what."""

    status = 404
    title_zh = "该日尚无责任链规定"
    title_en = "On that day nobody had yet said who answers for what"


class LastDayBeforeFirst(Problem):
    """A decision that held is revoked from a day on that lies in it."""

    status = 422
    title_zh = "撤销日期不在决定生效期间内"
    title_en = "The decision does not hold on that day"


def refuse_before(day: date) -> None:
    """Refuse a day on which the city's pack knows no field."""
    if not chains.fields(on=day):
        raise NoChainsThen(f"{day} 尚无规定。", f"Nothing is known of {day}.")


def business_of(text: str) -> str:
    """What a decision is found by, the same for whoever hears of it."""
    return industries.business(text)


def places_of(region: str) -> list[str]:
    """Where a decision for a place holds: there, in all below it, and in its parks."""
    inside = (code for code in regions.known() if _within(code, region))
    return sorted(inside)


def _within(code: str, region: str) -> bool:
    return any(place.code == region for place in regions.ancestors(code))


def field(code: str, *, on: date) -> Chain:
    """The chain with that code, or a refusal."""
    for row in chains.fields(on=on):
        if row.code == code:
            return row
    raise UnknownField(f"没有行业领域 {code}。", f"There is no field {code}.")


def catalogue(*, on: date) -> Iterator[Known]:
    """Every kind of business that the catalogue names, with the chain that answers for it."""
    sectors = {row.code: row for row in national.SECTORS}
    for sector in sectors.values():
        field_code = chains.field_of(sector.code, on=on).code
        words = " ".join((sector.zh, sector.en, *sector.aliases))
        yield Known(name=sector.zh, field=field_code, words=words)
    for row in national.INDUSTRY_DIVISIONS:
        field_code = chains.field_of(row.sector, on=on).code
        yield Known(name=row.zh, field=field_code, words=f"{row.zh} {row.en}")
