"""The words of each event: its facts put into its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import singledispatch

from contracts.incidents import (
    AccidentFact,
    AccidentMerged,
    AccidentRegraded,
    AccidentReported,
    AccidentShared,
    AccidentsLikened,
    AccidentUpdated,
    EntryOverdue,
    FindingMade,
    FollowUpMissed,
    InvestigationEscalated,
    InvestigationPublished,
    LeadFact,
    LeadOverdue,
    LeadSettled,
    LeadUnmatched,
    NoticeOverdue,
    RelayOverdue,
    Toll,
)
from contracts.incidents_cases import (
    DeadlineMissed,
    InvestigationOverdue,
    InvestigationWarned,
    MemberStoodAside,
)
from contracts.inspections import EnterpriseFlagged, VisitOpened
from kernel.calendar import day_of
from kernel.events import Event
from services.notifications.wording import (
    domain_duties,
    domain_orders,
    domain_reminders,
    domain_reports,
    domain_reviews,
    domain_scores,
    domain_supervisions,
)
from services.notifications.wording import domain_labels as labels
from services.notifications.wording import domain_templates as templates
from services.notifications.wording.domain_labels import Said
from services.notifications.wording.domain_template import Template

Facts = dict[str, Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a message says, in both languages."""

    subject: Said
    body: Said


def words(event: Event, *, enterprise: str | None = None) -> Words:
    """What is said of an event. `enterprise` is the name of the one concerned, if known."""
    known = facts(event) | {"enterprise": _enterprise(event, enterprise)}
    return _filled(templates.TEMPLATES[event.subject], known)


def unanswered(of: Words, *, minutes: int) -> Words:
    """What the dead-end desk is told: nobody on the chain answered this alarm."""
    known = {
        "subject": of.subject,
        "body": of.body,
        "minutes": Said(str(minutes), str(minutes)),
    }
    return _filled(templates.UNANSWERED, known)


def _filled(template: Template, known: Mapping[str, Said]) -> Words:
    chinese = {name: said.zh for name, said in known.items()}
    english = {name: said.en for name, said in known.items()}
    return Words(
        subject=Said(
            template.subject_zh.format_map(chinese), template.subject_en.format_map(english)
        ),
        body=Said(
            template.body_zh.format_map(chinese).strip(),
            template.body_en.format_map(english).strip(),
        ),
    )


def _enterprise(event: Event, name: str | None) -> Said:
    uscc = getattr(event, "enterprise_uscc", None) or getattr(event, "uscc", None)
    if uscc is None:
        return Said("未登记", "not stated")
    return Said(f"{name}（{uscc}）", f"{name} ({uscc})") if name else Said(uscc, uscc)


def _same(text: object) -> Said:
    return Said(str(text), str(text))


@singledispatch
def facts(event: Event) -> Facts:
    """What a template may use of an event."""
    raise LookupError(f"Nobody is told of {event.subject}.")


def _accident(event: AccidentFact) -> Facts:
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "told": _same(labels.moment(event.occurred_at)),
        "accident": _same(event.accident_id),
    }


@facts.register
def _reported(event: AccidentReported) -> Facts:
    day = day_of(event.occurred_at)
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "type": labels.accident_type(event.accident_type),
        "toll": labels.toll(event.toll),
        "happened": _same(labels.moment(event.happened_at)),
        "received": _same(labels.moment(event.received_at)),
        "receiver": labels.unit(event.receiving_unit, on=day),
        "investigator": labels.unit(event.investigating_unit, on=day),
        "hops": labels.hops(event.relays),
        "late": Said(
            "本次报告已超过法定时限。\n", "This report came after its statutory deadline.\n"
        )
        if event.late
        else Said("", ""),
    }


@facts.register
def _updated(event: AccidentUpdated) -> Facts:
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "toll": labels.toll(event.toll),
        "window": Said(
            "续报已过法定期限：只作记录，等级不变。\n",
            "The statutory window has closed: recorded, the grade stands.\n",
        )
        if event.after_window
        else Said("", ""),
    }


@facts.register
def _regraded(event: AccidentRegraded) -> Facts:
    day = day_of(event.occurred_at)
    return _accident(event) | {
        "from_grade": Said(event.from_grade.zh, event.from_grade.en),
        "grade": Said(event.grade.zh, event.grade.en),
        "toll": labels.toll(event.toll),
        "investigator": labels.unit(event.investigating_unit, on=day),
        "hops": labels.hops(event.relays),
    }


@facts.register
def _overdue(event: RelayOverdue) -> Facts:
    day = day_of(event.occurred_at)
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "sender": labels.unit(event.from_unit, on=day),
        "receiver": labels.unit(event.to_unit, on=day),
        "due": _same(labels.moment(event.due_at)),
        "by": Said("电话快报", "a telephone call")
        if event.by_phone
        else Said("书面上报", "a written report"),
    }


@facts.register
def _not_told(event: NoticeOverdue) -> Facts:
    day = day_of(event.occurred_at)
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "sender": labels.unit(event.from_unit, on=day),
        "receiver": labels.listed(
            [labels.unit(unit, on=day) for unit in (event.to_unit, *event.further_units)]
        ),
        "due": _same(labels.moment(event.due_at)),
    }


@facts.register
def _follow_up_missed(event: FollowUpMissed) -> Facts:
    day = day_of(event.due_at - timedelta(microseconds=1))
    owed = (
        Said("伤亡人数变化未当日续报", "a changed count was not reported on its day")
        if event.change
        else Said(
            f"应续报{event.needed}次，实报{event.received}次",
            f"{event.needed} follow-ups owed, {event.received} received",
        )
    )
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "unit": labels.unit(event.unit, on=day),
        "day": _same(event.day.isoformat()),
        "due": _same(labels.moment(event.due_at)),
        "owed": owed,
    }


@facts.register
def _found(event: FindingMade) -> Facts:
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "finding": Said(event.kind.zh, event.kind.en),
    }


@facts.register
def _escalated(event: InvestigationEscalated) -> Facts:
    day = day_of(event.occurred_at)
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "from_level": Said(event.from_level.zh, event.from_level.en),
        "to_level": Said(event.to_level.zh, event.to_level.en),
        "investigator": labels.unit(event.to_unit, on=day),
        "rule": _same(event.rule),
    }


@facts.register
def _published(event: InvestigationPublished) -> Facts:
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "published": _same(event.published_on.isoformat()),
    }


@facts.register
def _missed(event: DeadlineMissed) -> Facts:
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "duty": labels.DEADLINES[event.kind],
        "unit": labels.unit(event.unit, on=day_of(event.occurred_at)),
        "due": _same(labels.moment(event.due_at)),
    }


@facts.register(InvestigationWarned)
@facts.register(InvestigationOverdue)
def _case(event: InvestigationWarned | InvestigationOverdue) -> Facts:
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "stage": labels.STAGES[event.stage],
        "investigator": labels.unit(event.unit, on=day_of(event.occurred_at)),
        "due": _same(labels.moment(event.due_at)),
    }


@facts.register
def _aside(event: MemberStoodAside) -> Facts:
    day = day_of(event.occurred_at)
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "organ": labels.organs([event.organ], on=day),
        "investigator": labels.unit(event.unit, on=day),
        "lacking": labels.lacking(event.missing, lead=event.lead, on=day),
    }


@facts.register
def _shared(event: AccidentShared) -> Facts:
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "further": labels.near(event.place),
    }


@facts.register
def _merged(event: AccidentMerged) -> Facts:
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "into": _same(event.into_id),
    }


@facts.register
def _likened(event: AccidentsLikened) -> Facts:
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "other": _same(event.other_id),
        "score": _same(event.score),
    }


def _lead(event: LeadFact) -> Facts:
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "source": Said(event.source.zh, event.source.en),
        "checker": labels.unit(event.unit, on=day_of(event.occurred_at)),
        "told": _same(labels.moment(event.occurred_at)),
        "lead": _same(event.lead_id),
    }


@facts.register
def _unmatched(event: LeadUnmatched) -> Facts:
    fewer = event.reported_as is not None
    return _lead(event) | {
        "what": Said("疑似少报死亡", "deaths left out")
        if fewer
        else Said("疑似事故未报", "accident not reported"),
        "alleged": labels.toll(Toll(deaths=event.deaths_alleged)),
        "happened": _same(labels.moment(event.happened_at)),
        "first_check": _same(labels.moment(event.first_check_due_at)),
        "result": _same(labels.moment(event.result_due_at)),
        "reported": Said(
            f"已报事故：{event.reported_as}，所报死亡人数较少\n",
            f"Reported with fewer dead as accident {event.reported_as}\n",
        )
        if fewer
        else Said("", ""),
    }


@facts.register
def _lead_overdue(event: LeadOverdue) -> Facts:
    return _lead(event) | {
        "step": Said(event.step.zh, event.step.en),
        "due": _same(labels.moment(event.due_at)),
    }


@facts.register
def _lead_settled(event: LeadSettled) -> Facts:
    return _lead(event) | {
        "outcome": Said("查实瞒报", "concealment confirmed")
        if event.confirmed
        else Said("不属实", "dismissed"),
    }


@facts.register
def _not_entered(event: EntryOverdue) -> Facts:
    return _accident(event) | {
        "grade": Said(event.grade.zh, event.grade.en),
        "stage": labels.STAGES[event.stage],
        "unit": labels.unit(event.unit, on=day_of(event.occurred_at)),
        "due": _same(labels.moment(event.due_at)),
    }


for room in (
    domain_duties,
    domain_orders,
    domain_supervisions,
    domain_scores,
    domain_reminders,
    domain_reports,
    domain_reviews,
):
    for kind, said in room.FACTS.items():
        facts.register(kind, said)


_VISITS = {"clue": Said("线索核查", "Clue to look into")}
_INSPECTION = Said("专项检查", "Inspection ordered")


@facts.register
def _visit(event: VisitOpened) -> Facts:
    return {
        "what": _VISITS.get(event.kind, _INSPECTION),
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "unit": labels.unit(event.unit, on=day_of(event.occurred_at)),
        "due": _same(event.due_on.isoformat()),
    }


@facts.register
def _flagged(event: EnterpriseFlagged) -> Facts:
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "accident": _same(event.accident_id),
    }
