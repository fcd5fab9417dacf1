"""How signs of an accident and findings about its reporting read in words.

Enterprises are shown none of them; who gave a sign is sealed and what was told stays with it.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from reference import terms
from services.incidents.accidents.tables import Accident
from services.incidents.findings.tables import Finding, FindingStep
from services.incidents.leads.domain import LeadAction
from services.incidents.leads.tables import Lead, LeadEntry
from services.incidents.timeline.schemas import Entry, EntryKind, stamped


def found(steps: Iterable[tuple[Finding, FindingStep]]) -> Iterator[Entry]:
    """Each step of each finding about the reporting."""
    for finding, step in steps:
        kind, status = terms.Finding(finding.kind), terms.FindingStatus(step.status)
        zh, en = _FOUND[status]
        yield Entry(
            at=step.at,
            kind=EntryKind.FINDING,
            unit=step.unit,
            zh=zh.format(kind=kind.zh),
            en=en.format(kind=kind.en),
        )


_FOUND = {
    terms.FindingStatus.SUSPECTED: ("疑似{kind}", "{kind} suspected"),
    terms.FindingStatus.PRELIMINARY: ("初步认定{kind}", "{kind} preliminarily confirmed"),
    terms.FindingStatus.CONFIRMED: ("查实{kind}", "{kind} confirmed"),
    terms.FindingStatus.DISMISSED: ("认定不构成{kind}", "{kind} dismissed"),
}

_DONE = {
    LeadAction.MATCH: ("{source}线索与本起事故相符", "a lead ({source}) fits this accident"),
    LeadAction.CHECK: ("{source}线索须进一步核查", "a lead ({source}) is to be checked"),
    LeadAction.FIRST_CHECK: (
        "完成{source}线索初步查证",
        "the first check of a lead ({source}) was made",
    ),
    LeadAction.CONFIRM: ("{source}线索查实", "a lead ({source}) proved true"),
    LeadAction.DISMISS: ("{source}线索查明不属实", "a lead ({source}) proved untrue"),
}


def traced(accident: Accident, steps: Iterable[tuple[Lead, LeadEntry]]) -> Iterator[Entry]:
    """Each step with each lead while it was taken to be about the accident."""
    leads: dict[UUID, Lead] = {}
    for lead, step in steps:
        leads[lead.id] = lead
        zh, en = _DONE[LeadAction(step.action)]
        yield Entry(
            at=step.at,
            kind=EntryKind.LEAD,
            unit=step.unit,
            zh=zh.format(source=lead.said_by.zh),
            en=en.format(source=lead.said_by.en),
        )
    for lead in leads.values():
        if lead.accident_id == accident.id:
            yield from _overdue(lead)


def _overdue(lead: Lead) -> Iterator[Entry]:
    zh, en = lead.said_by.zh, lead.said_by.en
    for due_at, overdue_at, late_zh, late_en in (
        (
            lead.first_check_due_at,
            lead.first_check_overdue_at,
            f"{zh}线索逾期未初步查证",
            f"the first check of a lead ({en}) is overdue",
        ),
        (
            lead.result_due_at,
            lead.result_overdue_at,
            f"{zh}线索逾期未核查完毕",
            f"the result on a lead ({en}) is overdue",
        ),
    ):
        stamp = (overdue_at, late_zh, late_en)
        yield from stamped(EntryKind.LEAD, (stamp,), unit=lead.unit, due_at=due_at)
