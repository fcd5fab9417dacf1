"""Where a row stands among the commits, so that a cursor can pass over a table and miss nothing.

A sequence is drawn before the commit, and so is a clock read: a transaction that stays open
commits rows *behind* a cursor that went by the highest number seen. A row's transaction id
helps, because the server tells below which id every transaction has ended (`SETTLED`): a
reader who stays below it can never be overtaken. The price: a transaction that has written and
stays open, in whichever database of the server, holds every such reader back.

Transaction ids are comparable within one history only: those of a dump begin anew on the
server it is restored to. Each row therefore also keeps the identity of the server that
numbered it. Rows of another history were all committed before the restore.
"""

from typing import Any

from sqlalchemy import BigInteger, Identity, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

HERE = "(pg_control_system()).system_identifier"
"""SQL for the history that this server writes."""

SETTLED = "xid < pg_snapshot_xmin(pg_current_snapshot())"
"""SQL for rows of this history that nothing can be committed before any more."""


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id, which never wraps around."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: Any) -> str:
        """The type's name in DDL."""
        return "xid8"


class Positioned:
    """The columns of a table that is read in the order of commits.

    The order is (history, xid, seq); within a history, rows of one transaction stay together.
    """

    history: Mapped[int] = mapped_column(BigInteger, server_default=text(HERE))
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"))
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
