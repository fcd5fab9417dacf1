"""What a session believes of the rows it has read.

The ORM keeps the first sight of a row, even when it is read again to be locked: what another
transaction changed in between would then be overwritten by what was true before it.
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Result
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session


class LocksAnew(Session):
    """A session in which whatever is read `FOR UPDATE` is taken as it stands now."""

    def execute(self, statement: Any, *args: Any, **how: Any) -> Result[Any]:
        """As every session, but a lock reads anew. `session.get` comes this way too."""
        return super().execute(statement, *args, **_anew(statement, how))

    def scalar(self, statement: Any, *args: Any, **how: Any) -> Any:
        """As every session, but a lock reads anew."""
        return super().scalar(statement, *args, **_anew(statement, how))

    def scalars(self, statement: Any, *args: Any, **how: Any) -> Any:
        """As every session, but a lock reads anew."""
        return super().scalars(statement, *args, **_anew(statement, how))


def _anew(statement: Any, how: dict[str, Any]) -> dict[str, Any]:
    if getattr(statement, "_for_update_arg", None) is None:
        return how
    return how | {"execution_options": {**how.get("execution_options", {}), **_READ_ANEW}}


_READ_ANEW = {"populate_existing": True}


def keep_what_is_read(session: AsyncSession) -> None:
    """Let later work of the same transaction find the rows that earlier work has read.

    A session alone forgets a row with its last user: ten handlers of a fact would read the
    same accident ten times. For short work only; a long list would stay in memory.
    """
    kept: list[Any] = []
    for moment in ("loaded_as_persistent", "pending_to_persistent"):
        event.listen(session.sync_session, moment, lambda _, instance: kept.append(instance))
