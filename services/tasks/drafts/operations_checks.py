"""What no duty of a draft may ask: strangers, unknown events, kinds without their numbers."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kernel.problems import FieldFault, InvalidPayload
from reference import city, subjects, units
from reference.terms import DutyKind
from services.tasks.drafts import domain_goals
from services.tasks.drafts.tables import DraftDuty

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


def refuse_strangers(codes: Sequence[str], *, year: int, pointer: str) -> None:
    """Refuse codes of units that do not exist and groups that mean nobody."""
    on = date(year, 7, 1)
    meant = subjects.meanings(on=on)
    for n, code in enumerate(codes):
        known = subjects.stripped(code) in meant if ":" in code else units.exists(code, on=on)
        if not known:
            raise fault(f"{pointer}/{n}", f"没有单位 {code}", f"there is no unit {code}")


def refuse_unfounded(given: Mapping[str, Any], *, year: int) -> None:
    """Refuse what takes away a field that every duty has, or names what does not exist."""
    for name in _ALWAYS:
        if name in given and given[name] is None:
            raise fault(f"/{name}", "不能为空", "every duty has it")
    for name in ("lead", "supporting", "subjects"):
        refuse_strangers(given.get(name, ()), year=year, pointer=f"/{name}")
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
