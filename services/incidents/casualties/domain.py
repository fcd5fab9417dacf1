"""How people fare after an accident, how their identity is masked, and how counts compare."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kernel.problems import Problem


class State(StrEnum):
    """How somebody fares."""

    MISSING = "missing"  # 失联
    TRAPPED = "trapped"  # 被困
    SERIOUSLY_INJURED = "seriously_injured"  # 重伤
    SLIGHTLY_INJURED = "slightly_injured"  # 轻伤
    DEAD = "dead"  # 死亡
    SAFE = "safe"  # 脱险
    RECOVERED = "recovered"  # 治愈
    STRUCK = "struck"  # 已剔除（与本事故无关）


class Action(StrEnum):
    """What is learnt about somebody."""

    LOSE = "lose"  # 失去联系
    TRAP = "trap"  # 确认被困
    HURT_SERIOUSLY = "hurt_seriously"  # 诊断为重伤
    HURT_SLIGHTLY = "hurt_slightly"  # 诊断为轻伤
    DIE = "die"  # 死亡
    RESCUE = "rescue"  # 脱险
    RECOVER = "recover"  # 治愈
    CORRECT_DEATH = "correct_death"  # 更正误报的死亡
    STRIKE = "strike"  # 剔除


TRANSITIONS: Mapping[tuple[State, Action], State] = {
    (State.MISSING, Action.TRAP): State.TRAPPED,
    (State.MISSING, Action.HURT_SERIOUSLY): State.SERIOUSLY_INJURED,
    (State.MISSING, Action.HURT_SLIGHTLY): State.SLIGHTLY_INJURED,
    (State.MISSING, Action.DIE): State.DEAD,
    (State.MISSING, Action.RESCUE): State.SAFE,
    (State.MISSING, Action.STRIKE): State.STRUCK,
    (State.TRAPPED, Action.LOSE): State.MISSING,
    (State.TRAPPED, Action.HURT_SERIOUSLY): State.SERIOUSLY_INJURED,
    (State.TRAPPED, Action.HURT_SLIGHTLY): State.SLIGHTLY_INJURED,
    (State.TRAPPED, Action.DIE): State.DEAD,
    (State.TRAPPED, Action.RESCUE): State.SAFE,
    (State.TRAPPED, Action.STRIKE): State.STRUCK,
    (State.SERIOUSLY_INJURED, Action.HURT_SLIGHTLY): State.SLIGHTLY_INJURED,
    (State.SERIOUSLY_INJURED, Action.DIE): State.DEAD,
    (State.SERIOUSLY_INJURED, Action.RECOVER): State.RECOVERED,
    (State.SERIOUSLY_INJURED, Action.STRIKE): State.STRUCK,
    (State.SLIGHTLY_INJURED, Action.HURT_SERIOUSLY): State.SERIOUSLY_INJURED,
    (State.SLIGHTLY_INJURED, Action.DIE): State.DEAD,
    (State.SLIGHTLY_INJURED, Action.RECOVER): State.RECOVERED,
    (State.SLIGHTLY_INJURED, Action.STRIKE): State.STRUCK,
    (State.SAFE, Action.LOSE): State.MISSING,
    (State.SAFE, Action.HURT_SERIOUSLY): State.SERIOUSLY_INJURED,
    (State.SAFE, Action.HURT_SLIGHTLY): State.SLIGHTLY_INJURED,
    (State.SAFE, Action.DIE): State.DEAD,
    (State.SAFE, Action.STRIKE): State.STRUCK,
    (State.RECOVERED, Action.HURT_SERIOUSLY): State.SERIOUSLY_INJURED,
    (State.RECOVERED, Action.DIE): State.DEAD,
    (State.RECOVERED, Action.STRIKE): State.STRUCK,
    # Somebody wrongly taken for dead is sought again before anything else is said of them.
    (State.DEAD, Action.CORRECT_DEATH): State.MISSING,
    (State.DEAD, Action.STRIKE): State.STRUCK,
}

OPENING = frozenset(State) - {State.STRUCK}
"""How somebody may fare when first listed."""


class CasualtyActionRefused(Problem):
    """What is said of somebody does not follow from how they fared before."""

    status = 409
    title_zh = "该人员当前状态不允许此变更"
    title_en = "This does not follow from how the person fares now"


def after(state: State, action: Action) -> State:
    """How somebody fares then, or a refusal."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise CasualtyActionRefused(
            f"状态为 {state} 的人员不能 {action}。", f"Cannot {action} who is {state}."
        ) from None


def masked_name(name: str) -> str:
    """The first letter of a name, a star for each further one: 王小明 is 王**."""
    return "*" if len(name) < 2 else name[0] + "*" * (len(name) - 1)


_HEAD, _TAIL = 4, 2
"""Of an id number: province and city, then two digits to tell people apart by."""


def masked_id_number(number: str) -> str:
    """An id number without its middle; a short one is hidden altogether."""
    if len(number) < 2 * (_HEAD + _TAIL):
        return "*" * len(number)
    return number[:_HEAD] + "*" * (len(number) - _HEAD - _TAIL) + number[-_TAIL:]


COUNTED: Mapping[State, str] = {
    State.DEAD: "deaths",
    State.MISSING: "missing",
    State.SERIOUSLY_INJURED: "serious_injuries",
    State.SLIGHTLY_INJURED: "minor_injuries",
    State.TRAPPED: "trapped",
}
"""Which figure of a report counts the people of a state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The people listed in a state against the figure reported for it."""

    state: State
    listed: int
    reported: int

    @property
    def difference(self) -> int:
        """Above zero: more people are listed than were reported."""
        return self.listed - self.reported


def compare(states: Iterable[State], reported: Mapping[str, int]) -> tuple[Compared, ...]:
    """Every figure of a report against the people listed."""
    listed = Counter(states)
    return tuple(
        Compared(state=state, listed=listed[state], reported=reported[figure])
        for state, figure in COUNTED.items()
    )
