"""The grounds on which an investigation climbs: the nation's and the city's together."""

from datetime import date

from reference import city, national
from reference.national.rows import Escalation
from reference.terms import Finding, FindingStatus


def rows(*, on: date) -> tuple[Escalation, ...]:
    """Every ground in force, those that bind first."""
    found = (*city.current().escalations.at(on), *national.ESCALATIONS.at(on))
    return tuple(sorted(found, key=lambda row: not row.mandatory))


def on_finding(finding: Finding, status: FindingStatus, *, on: date) -> Escalation | None:
    """The ground that binds once a finding stands that firmly, if there is one."""
    for row in rows(on=on):
        binds = row.mandatory and row.finding is finding
        if binds and row.finding_status is not None and status.at_least(row.finding_status):
            return row
    return None
