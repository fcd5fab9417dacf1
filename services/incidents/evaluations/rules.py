"""When an evaluation opens and by when it must be over."""

from dataclasses import dataclass
from datetime import date, datetime

from kernel import calendar
from reference import national
from reference.packs import NothingInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationWindow:
    """Between which instants an evaluation is made, and by which rule."""

    opens_at: datetime
    closes_at: datetime
    rule: str


def evaluation_window(approved_on: date) -> EvaluationWindow | None:
    """Evaluated from ten months to one year after the approval (Work Safety Law, 86).

    A month without the day ends on its last; the end is not moved by days off. None for
    approvals before anything asked for an evaluation.
    """
    try:
        opens = national.CLOCKS.one("evaluation_opens", on=approved_on)
        ends = national.CLOCKS.one("evaluation_ends", on=approved_on)
    except NothingInForce:
        return None
    first = calendar.add_months(approved_on, opens.length)
    return EvaluationWindow(
        opens_at=calendar.opens_at(first),
        closes_at=calendar.closes_at(calendar.add_months(approved_on, ends.length)),
        rule=ends.rule,
    )
