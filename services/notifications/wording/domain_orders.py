"""What the templates of hotline orders may use of each fact."""

from collections.abc import Callable

from contracts.tasks_orders import (
    OrderDecisionDue,
    OrderDispatched,
    OrderFact,
    OrderOverdue,
    OrderRewardDue,
    OrderUrged,
    OrderWarned,
)
from kernel.calendar import day_of
from kernel.events import Event
from services.notifications.wording import domain_labels as labels
from services.notifications.wording.domain_labels import Said

Facts = dict[str, Said]


def _order(event: OrderFact, unit: str) -> Facts:
    on = day_of(event.occurred_at)
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "unit": labels.unit(unit, on=on),
        "hotline": Said(event.hotline.zh, event.hotline.en),
        "order_class": Said(event.order_class.zh, event.order_class.en),
        "matter": labels.matter(event.matter, on=on),
        "order": Said(str(event.order_id), str(event.order_id)),
    }


def due(event: OrderDecisionDue | OrderDispatched | OrderWarned | OrderOverdue) -> Facts:
    """Whose order it is, and by when."""
    moment = labels.moment(event.due_at)
    return _order(event, event.unit) | {"due": Said(moment, moment)}


def overdue(event: OrderOverdue) -> Facts:
    """Which step was not taken, and by when it had to be."""
    return due(event) | {"step": Said(event.step.zh, event.step.en)}


def decision(event: OrderDecisionDue) -> Facts:
    """What is to be decided, by whom, and between whom."""
    on = day_of(event.occurred_at)
    parties = (event.holder, *([event.named] if event.named else []))
    return due(event) | {
        "step": Said(event.step.zh, event.step.en),
        "parties": labels.listed([labels.unit(party, on=on) for party in parties]),
    }


def urged(event: OrderUrged) -> Facts:
    """Whose order it is, and how often it was urged."""
    return _order(event, event.unit) | {"times": Said(str(event.times), str(event.times))}


def reward(event: OrderRewardDue) -> Facts:
    """Who pays, for which order and for what sort of thing; nothing that tells whose word it was.

    What it was about, where, and through which hotline are left out: colleagues of whoever
    told it could tell who it was by them.
    """
    hidden = Said("瞒报谎报事故", "a concealed or falsely reported accident")
    danger = Said("事故隐患或者违法行为", "a hazard or a violation")
    return {
        "unit": labels.unit(event.unit, on=day_of(event.occurred_at)),
        "what": hidden if event.concealed_accident else danger,
        "order": Said(str(event.order_id), str(event.order_id)),
    }


FACTS: dict[type[Event], Callable[..., Facts]] = {
    OrderDispatched: due,
    OrderWarned: due,
    OrderDecisionDue: decision,
    OrderOverdue: overdue,
    OrderUrged: urged,
    OrderRewardDue: reward,
}
"""By what each fact is put into words."""
