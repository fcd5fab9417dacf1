"""Identifiers: UUIDv7, so that ids made one after the other sort and index well."""

from uuid import UUID

import uuid_utils
from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> UUID:
    """A fresh identifier. It tells its age: use it as a name, never as a secret."""
    return _uuid7()


def uuid7_hex() -> str:
    """The 32 hex digits of a fresh identifier, where only the text is needed: much cheaper."""
    return uuid_utils.uuid7().hex
