"""What the templates of rankings and cards may use of each fact."""

from collections.abc import Callable

from contracts.tasks_scoring import (
    CardDecisionDue,
    CardEnded,
    CardFact,
    CardIssued,
    CardNoticed,
    CardProposed,
    CardReviewNeeded,
    RankingPublished,
    ScoreObjected,
    ScoreObjectionFact,
    ScoreRuledOn,
    ScoreRulingOverdue,
    UnitsListed,
)
from kernel.calendar import day_of
from kernel.events import Event
from reference import scoring
from services.notifications.wording import domain_labels as labels
from services.notifications.wording.domain_labels import Said

Facts = dict[str, Said]


def card(event: CardFact) -> Facts:
    """Whose card it is, for which year and by which rule."""
    return {
        "place": labels.place(event.region_code),
        "unit": labels.unit(event.unit, on=day_of(event.occurred_at)),
        "kind": Said(event.kind.zh, event.kind.en),
        "year": Said(str(event.year), str(event.year)),
        "rule": Said(event.rule, event.rule),
        "card": Said(str(event.card_id), str(event.card_id)),
    }


def proposed(event: CardProposed) -> Facts:
    """The same, and whether the threshold is to be confirmed first."""
    doubt = Said("标准已核实", "the threshold stands")
    if not event.confirmed:
        doubt = Said("标准待核实，告知前须确认", "the threshold is to be confirmed before a notice")
    return card(event) | {"doubt": doubt}


def decision_due(event: CardDecisionDue) -> Facts:
    """The same, and whether the unit has said anything."""
    said = Said("单位已陈述申辩", "the unit has replied")
    if not event.replied:
        said = Said("陈述申辩期限已满，单位未提出", "the time to reply is over, and nobody did")
    return card(event) | {"said": said}


_ENDS = {
    "lift": Said("已解除", "lifted"),
    "withdraw": Said("已撤回", "withdrawn"),
    "decline": Said("决定不予处理", "not imposed"),
    "expire": Said("期满", "over"),
}


def ended(event: CardEnded) -> Facts:
    """The same, and how it ended."""
    return card(event) | {"how": _ENDS.get(event.how, Said(event.how, event.how))}


def objection(event: ScoreObjectionFact) -> Facts:
    """Whose objection it is."""
    return {
        "place": labels.place(event.region_code),
        "unit": labels.unit(event.unit, on=day_of(event.occurred_at)),
        "objection": Said(str(event.objection_id), str(event.objection_id)),
    }


def unruled(event: ScoreRulingOverdue) -> Facts:
    """The same, who rules, and by when it had to be."""
    moment = labels.moment(event.due_at)
    return objection(event) | {
        "office": labels.unit(event.office, on=day_of(event.occurred_at)),
        "due": Said(moment, moment),
    }


def ruled_on(event: ScoreRuledOn) -> Facts:
    """The same, and what was ruled."""
    ruling = Said("不予支持", "dismissed")
    if event.upheld:
        ruling = Said("予以支持，将公布更正后的排名", "upheld; a corrected ranking follows")
    return objection(event) | {"ruling": ruling}


def issued(event: CardIssued) -> Facts:
    """The same, and how long it bars."""
    first, last = event.effect_from.isoformat(), event.effect_to.isoformat()
    return card(event) | {"first": Said(first, first), "last": Said(last, last)}


def ranking(event: RankingPublished) -> Facts:
    """Among whom, over which days, and how many could not be measured."""
    group = scoring.group(event.group, on=event.last)
    called = scoring.cadence(event.cadence, on=event.last)
    first, last = event.first.isoformat(), event.last.isoformat()
    return {
        "place": labels.place(event.region_code),
        "group": Said(group.zh, group.en),
        "called": Said(called.zh, called.en),
        "first": Said(first, first),
        "last": Said(last, last),
        "number": Said(str(event.number), str(event.number)),
        "again": Said("（更正）", " (corrected)") if event.version > 1 else Said("", ""),
        "units": Said(str(event.units), str(event.units)),
        "unmeasured": Said(str(event.unmeasured), str(event.unmeasured)),
    }


def listed(event: UnitsListed) -> Facts:
    """In which year, and who."""
    day = day_of(event.occurred_at)
    named = [labels.unit(unit, on=day) for unit in event.units]
    more = len(named) - 1
    return {
        "year": Said(str(event.year), str(event.year)),
        "first": named[0],
        "more": Said(f"等{more + 1}个单位", f" and {more} more") if more else Said("", ""),
        "units": labels.listed(named),
    }


FACTS: dict[type[Event], Callable[..., Facts]] = {
    CardProposed: proposed,
    CardNoticed: card,
    CardIssued: issued,
    CardReviewNeeded: card,
    CardDecisionDue: decision_due,
    CardEnded: ended,
    RankingPublished: ranking,
    ScoreObjected: objection,
    ScoreRulingOverdue: unruled,
    ScoreRuledOn: ruled_on,
    UnitsListed: listed,
}
"""By what each fact is put into words."""
