"""When a unit may object to what it was sent. Pure."""

from datetime import datetime


def objection_from(
    *, sent_at: datetime, refused_at: datetime | None, returns_left: bool, arbitrated: bool
) -> datetime | None:
    """A unit objects once its return was refused, or cannot be made any more (platform).

    The limit of a return then runs anew: from the refusal, or from the dispatch. None where
    it has to return it first, or where it was arbitrated.
    """
    if arbitrated:
        return None
    if refused_at is not None:
        return refused_at
    return None if returns_left else sent_at
