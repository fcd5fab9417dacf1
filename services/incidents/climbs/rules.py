"""Who may be entrusted with an investigation, and which grounds there are for taking it up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from kernel import calendar
from reference import escalations, national
from reference.national.rows import Authority, Escalation, ListedSupervision
from reference.terms import Grade, Regime
from services.incidents.investigations.rules import Inquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the platform itself knows of an accident when grounds are looked for."""

    grade: Grade
    deaths: int
    sector: str | None
    on: date
    """The day of the accident."""
    earlier: tuple[date, ...] = ()
    """Days of the enterprise's earlier accidents of at least the larger grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A ground on which a case can be taken up."""

    row: Escalation
    stands: bool | None
    """Whether the figures say so; None where people must judge."""


def delegation(
    *, regime: Regime, grade: Grade, inquiry: Inquiry, to_enterprise: bool, on: date
) -> Authority | None:
    """A government may entrust its departments, and with a general accident that harmed nobody
    the enterprise itself (Decree 493, 19).

    None where it may not.
    """
    row = national.AUTHORITIES.one((regime, grade), on=on)
    if not to_enterprise:
        return row if row.may_delegate else None
    return row if row.may_delegate_to_unit and inquiry is not Inquiry.CASUALTIES else None


def grounds(known: Known, *, today: date) -> tuple[Ground, ...]:
    """A higher government may take a case when it finds that necessary (Decree 493, 20).

    What figures decide is decided here; what asks for judgement is offered. Findings bind by
    themselves and are not among them. `today` says which grounds are in force.
    """
    return tuple(_offered(escalations.rows(on=today), known))


def _offered(rows: Iterable[Escalation], known: Known) -> Iterator[Ground]:
    for row in rows:
        bound_by_finding = row.ground == "finding" and row.finding is not None
        if not bound_by_finding and known.grade.at_least(row.least_grade):
            yield Ground(row=row, stands=_stands(row, known))


def _stands(row: Escalation, known: Known) -> bool | None:
    if row.ground == "deaths_in_sectors":
        return many_deaths(row, deaths=known.deaths, sector=known.sector)
    if row.ground == "same_enterprise_again":
        return again(row, on=known.on, earlier=known.earlier)
    return None


def many_deaths(row: Escalation, *, deaths: int, sector: str | None) -> bool:
    """From so many to so many deaths in a high-risk trade, both numbers inside (Decree 493, 20)."""
    assert row.least_deaths is not None
    assert row.most_deaths is not None
    return sector in row.sectors and row.least_deaths <= deaths <= row.most_deaths


def again(row: Escalation, *, on: date, earlier: Iterable[date]) -> bool:
    """So many accidents of one enterprise within so many months, the like-numbered day of the
    last month still inside (Decree 493, 20; Civil Code 202).
    """
    assert row.months is not None
    assert row.count is not None
    recent = [day for day in earlier if day <= on <= calendar.add_months(day, row.months)]
    return len(recent) + 1 >= row.count


def listing(grade: Grade, *, on: date) -> ListedSupervision | None:
    """A list one level up supervises larger and major cases (Listed Supervision Measures, 4)."""
    return national.LISTED_SUPERVISIONS.get(grade, on=on)
