"""What a session believes of the rows it has read.

The ORM keeps the first sight of a row, even when it is read again to be locked: what another
transaction changed in between would then be overwritten by what was true before it.
"""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.engine import Result
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstanceState, Session, SessionTransaction, class_mapper

_OURS = "rows of this transaction"


class LocksAnew(Session):
    """A session in which whatever is read `FOR UPDATE` is taken as it stands now.

    What it has locked or inserted itself nobody else can change: that is not read again. What
    a statement of its own changes past its objects (`synchronize_session=False`) it does not see.
    """

    def get(self, entity: Any, ident: Any, **how: Any) -> Any:
        """As every session; a row that is this transaction's already is not locked again."""
        if how.get("with_for_update") is not True:
            return super().get(entity, ident, **how)
        ours = _ours(self, entity, ident)
        if ours is not None:
            return ours
        found = super().get(entity, ident, **how)
        if found is not None:
            _claim(self, found)
        return found

    def execute(self, statement: Any, *args: Any, **how: Any) -> Result[Any]:
        """As every session, but a lock reads anew. `session.get` comes this way too."""
        return super().execute(statement, *args, **_anew(statement, how))

    def scalar(self, statement: Any, *args: Any, **how: Any) -> Any:
        """As every session, but a lock reads anew."""
        return super().scalar(statement, *args, **_anew(statement, how))

    def scalars(self, statement: Any, *args: Any, **how: Any) -> Any:
        """As every session, but a lock reads anew."""
        return super().scalars(statement, *args, **_anew(statement, how))


def _ours(session: Session, entity: Any, ident: Any) -> Any:
    """A row that this transaction locked or inserted, if the session still knows all of it."""
    if isinstance(ident, dict):
        return None
    values = ident if isinstance(ident, tuple) else (ident,)
    key = class_mapper(entity).identity_key_from_primary_key(values)
    if key not in session.info.get(_OURS, ()):
        return None
    row = session.identity_map.get(key)
    if row is None or row in session.deleted or _state(row).expired_attributes:
        return None
    return row


@event.listens_for(LocksAnew, "pending_to_persistent")
def _claim(session: Session, row: Any) -> None:
    session.info.setdefault(_OURS, set()).add(_state(row).key)


@event.listens_for(LocksAnew, "after_transaction_end")
def _let_go(session: Session, transaction: SessionTransaction) -> None:
    """Locks end with their transaction, and those of a savepoint with its rollback."""
    if transaction.parent is None or transaction.nested:
        session.info.pop(_OURS, None)


def _state(row: Any) -> InstanceState[Any]:
    state: InstanceState[Any] = inspect(row)
    return state


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
