"""When a reason for fallen figures may be given."""

from kernel.problems import Problem


class NothingToReason(Problem):
    """The figures did not fall, or the reason was given before."""

    status = 409
    title_zh = "伤亡人数未减少，或已说明原因"
    title_en = "No count fell, or the reason has been given"


def refuse_reason(*, fell: bool, given: str | None) -> None:
    """Refuse a reason where none is wanted: what was said stands."""
    if not fell or given is not None:
        raise NothingToReason
