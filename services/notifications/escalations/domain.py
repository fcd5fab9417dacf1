"""When an alarm is answered, and what may become of it."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum


class AlarmStatus(StrEnum):
    """Where an alarm stands."""

    OPEN = "open"
    EXHAUSTED = "exhausted"  # the chain stayed silent; the dead-end desk has it
    ANSWERED = "answered"


class Move(StrEnum):
    """What happens to an alarm."""

    ANSWER = "answer"
    EXHAUST = "exhaust"


TRANSITIONS: Mapping[tuple[AlarmStatus, Move], AlarmStatus] = {
    (AlarmStatus.OPEN, Move.ANSWER): AlarmStatus.ANSWERED,
    (AlarmStatus.OPEN, Move.EXHAUST): AlarmStatus.EXHAUSTED,
    (AlarmStatus.EXHAUSTED, Move.ANSWER): AlarmStatus.ANSWERED,
}


def is_answered(
    *, everyone: bool, called: Sequence[Collection[str]], answered: Collection[str]
) -> bool:
    """Whether the chain may stop: one of those called is enough, or all of one step.

    Where everyone must acknowledge, a step that was answered in full counts even when a later
    one was opened meanwhile.
    """
    enough = all if everyone else any
    return any(step and enough(code in answered for code in step) for step in called)
