"""What messages about duties say. Pure."""

from collections.abc import Callable, Mapping

from contracts.tasks import DutyTriggered, ObligationOpened, ObligationOverdue
from kernel.calendar import day_of
from kernel.events import Event
from services.notifications.wording import domain_labels as labels
from services.notifications.wording.domain_labels import Said

Facts = dict[str, Said]


def obligation(event: ObligationOpened | ObligationOverdue) -> Facts:
    """Who has to do what by when; a duty of a plan by its number."""
    said = _duty(event) | {"unit": labels.unit(event.unit, on=day_of(event.occurred_at))}
    return said | ({"duty": numbered(event.duty, said["duty"])} if event.duty else {})


def triggered(event: DutyTriggered) -> Facts:
    """Which duty of a plan was opened for how many."""
    opened = str(event.opened)
    return _duty(event) | {
        "opened": Said(opened, opened),
        "number": Said(event.duty, event.duty),
    }


def numbered(duty: str, what: Said) -> Said:
    """A duty of a plan by its number, with what it asks."""
    year, _, number = duty.partition("/")
    return Said(
        f"{year}年工作要点第 {number} 项（{what.zh}）",
        f"duty {number} of the plan of {year} ({what.en})",
    )


def _duty(event: ObligationOpened | ObligationOverdue | DutyTriggered) -> Facts:
    due, origin = labels.moment(event.due_at), str(event.origin)
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "duty": labels.DUTIES[event.kind],
        "due": Said(due, due),
        "origin": Said(origin, origin),
    }


FACTS: Mapping[type[Event], Callable[..., Facts]] = {
    ObligationOpened: obligation,
    ObligationOverdue: obligation,
    DutyTriggered: triggered,
}
