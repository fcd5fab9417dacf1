"""What no duty of a draft may ask: strangers, unknown events, kinds without their numbers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.problems import FieldFault, InvalidPayload
from reference import city, subjects, units
from reference.terms import DutyKind
from reference.units import Roll
from services.tasks.drafts import domain_goals
from services.tasks.drafts.tables import DraftDuty
from services.tasks.rolls import queries as rolls

_ALWAYS = ("text", "kind", "subjects", "lead", "supporting")
_NEEDED: Mapping[DutyKind, tuple[str, ...]] = {
    DutyKind.RECURRING_QUOTA: ("cadence", "least"),
    DutyKind.RATE_TARGET: ("comparator", "target"),
    DutyKind.COUNT_TARGET: ("comparator", "target", "unit"),
    DutyKind.REDUCTION_TARGET: ("comparator", "target"),
    DutyKind.PROHIBITION: ("comparator", "target"),
}
_NO_GOAL_HAS = ("subjects", "lead", "supporting", "trigger", "condition", "within_days")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")


def fault(pointer: str, zh: str, en: str) -> InvalidPayload:
    """A refusal of one field of the body."""
    return InvalidPayload(FieldFault(pointer=pointer, code="value_error", zh=zh, en=en))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whom a draft may name: the units that there are on a day, alone or as a group."""

    roll: Roll
    on: date

    def refuse_strangers(self, codes: Sequence[str], *, pointer: str) -> None:
        """Refuse codes of units that do not exist and groups that mean nobody."""
        groups = subjects.meanings(self.roll, on=self.on)
        for n, code in enumerate(codes):
            meant = subjects.stripped(code) in groups if ":" in code else self._is_unit(code)
            if not meant:
                raise fault(f"{pointer}/{n}", f"没有单位 {code}", f"there is no unit {code}")

    def _is_unit(self, code: str) -> bool:
        # Organs of other divisions are on nobody's roll.
        return code in self.roll or units.exists(code, on=self.on)


async def known(session: AsyncSession, *, year: int, now: datetime) -> Known:
    """Whom a draft may name: who is there on the day of its year that is nearest to today."""
    on = calendar.nearest_in(year, calendar.day_of(now))
    return Known(roll=await rolls.roll(session, on=on), on=on)


def refuse_unfounded(given: Mapping[str, Any], *, known: Known) -> None:
    """Refuse what takes away a field that every duty has, or names what does not exist."""
    for name in _ALWAYS:
        if name in given and given[name] is None:
            raise fault(f"/{name}", "不能为空", "every duty has it")
    for name in ("lead", "supporting", "subjects"):
        known.refuse_strangers(given.get(name, ()), pointer=f"/{name}")
    trigger = given.get("trigger")
    plans = city.current().plans.values()
    if trigger is not None and not any(plan.triggers.of(trigger) for plan in plans):
        raise fault("/trigger", f"没有触发事件 {trigger}", f"there is no trigger {trigger}")


def refuse_incomplete(duty: DraftDuty) -> None:
    """Refuse a duty without the numbers of its kind, or whose target is none."""
    if duty.article == domain_goals.ARTICLE:
        _refuse_as_goal(duty)
    for name in _NEEDED.get(DutyKind(duty.kind), ()):
        if getattr(duty, name) is None:
            raise fault(f"/{name}", "此类职责必须填写", "needed for a duty of this kind")
    listed = duty.comparator == "in"
    if duty.target is not None and not listed and not _NUMBER.fullmatch(duty.target):
        raise fault(
            "/target", "应为数字，comparator 为 in 时除外", "a number, unless among several"
        )


def _refuse_as_goal(duty: DraftDuty) -> None:
    """A goal is a state of affairs of the place as a whole: nobody is asked, and no event."""
    if DutyKind(duty.kind) not in domain_goals.KINDS:
        kinds = ", ".join(sorted(domain_goals.KINDS))
        raise fault("/kind", f"总体目标应为 {kinds}", f"a goal is one of {kinds}")
    for name in _NO_GOAL_HAS:
        if getattr(duty, name):
            raise fault(f"/{name}", "总体目标不填此项", "no goal of a plan has it")
