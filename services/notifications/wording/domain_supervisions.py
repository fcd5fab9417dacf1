"""What the templates of supervisory orders may use of each fact."""

from collections.abc import Callable, Mapping

from contracts.tasks_supervisions import (
    SupervisionAccepted,
    SupervisionAnswered,
    SupervisionClimbed,
    SupervisionExtended,
    SupervisionFact,
    SupervisionIssued,
    SupervisionOverdue,
    SupervisionReturned,
    SupervisionWarned,
    SupervisionWithdrawn,
)
from kernel.calendar import day_of
from kernel.events import Event
from services.notifications.wording import domain_labels as labels
from services.notifications.wording.domain_labels import Said

Facts = dict[str, Said]

_BY_PLATFORM = Said("（系统自动催办）", " (issued by the platform itself)")
_NO_ANSWER = Said("无需答复，请签收", "no answer is asked for; sign for it")


def order(event: SupervisionFact) -> Facts:
    """Which order it is, whose, and who owes it."""
    on = day_of(event.occurred_at)
    owing = event.enterprise_uscc or event.unit
    return {
        "near": labels.near(event.region_code),
        "kind": Said(event.kind.zh, event.kind.en),
        "number": Said(event.number, event.number),
        "issuer": labels.unit(event.issuer, on=on),
        "unit": labels.unit(owing, on=on),
        "supervision": Said(str(event.supervision_id), str(event.supervision_id)),
    }


def issued(event: SupervisionIssued) -> Facts:
    """By when it is answered, if it asks for an answer."""
    due = _NO_ANSWER
    if event.due_at is not None:
        moment = labels.moment(event.due_at)
        due = Said(moment, moment)
    automatic = _BY_PLATFORM if event.automatic else Said("", "")
    return order(event) | {"due": due, "automatic": automatic}


def due(
    event: SupervisionReturned | SupervisionExtended | SupervisionWarned | SupervisionOverdue,
) -> Facts:
    """By when it is, or was, owed."""
    moment = labels.moment(event.due_at)
    return order(event) | {"due": Said(moment, moment)}


def overdue(event: SupervisionOverdue) -> Facts:
    """Which step came too late, and whose it was."""
    step = Said(event.step.zh, event.step.en)
    return due(event) | {
        "step": step,
        "late": labels.unit(event.unit, on=day_of(event.occurred_at)),
    }


def climbed(event: SupervisionClimbed) -> Facts:
    """What follows, and whether a person still has to issue it."""
    follows = Said(event.follows.zh, event.follows.en)
    done = Said("已由系统下达", "issued by the platform itself")
    proposed = Said("已拟稿，待签发", "drafted, to be signed")
    moment = labels.moment(event.due_at)
    return order(event) | {
        "follows": follows,
        "how": done if event.automatic else proposed,
        "due": Said(moment, moment),
        "superior": labels.unit(event.superior, on=day_of(event.occurred_at)),
    }


FACTS: Mapping[type[Event], Callable[..., Facts]] = {
    SupervisionIssued: issued,
    SupervisionAnswered: order,
    SupervisionReturned: due,
    SupervisionAccepted: order,
    SupervisionExtended: due,
    SupervisionWithdrawn: order,
    SupervisionWarned: due,
    SupervisionOverdue: overdue,
    SupervisionClimbed: climbed,
}
"""By what each fact is put into words."""
