"""What makes an account safe, as data: lockout, second factors, passwords, separate powers.

The numbers keep GB/T 22239-2019, 8.1.4 (三级): identification with lockout and complexity, two
factors for those who administer or decide, and three administrators apart (三权分立).
"""

import unicodedata
from collections.abc import Set
from datetime import datetime, timedelta

from contracts.gateway import Role

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})
SECOND_FACTOR = ADMINISTRATORS | {Role.LEADER}
FOR_CLIENTS = frozenset({Role.EXCHANGE_CLIENT, Role.HOTLINE_CLIENT})

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
_KINDS_ASKED = 3
_SHORTEST_NAME_SOUGHT = 4


def needs_second_factor(roles: Set[str]) -> bool:
    """Administrators and leaders prove themselves twice [GB/T 22239-2019, 8.1.4.1 d]."""
    return not SECOND_FACTOR.isdisjoint(roles)


def locked_until(*, failures: int, now: datetime) -> datetime | None:
    """Five failures in a row close an account for 15 minutes [GB/T 22239-2019, 8.1.4.1 b]."""
    return now + LOCKED_FOR if failures >= FAILURES_ALLOWED else None


def may_stand_together(roles: Set[str]) -> bool:
    """One administrator's role excludes every other role [GB/T 22239-2019, 8.1.4.2]."""
    return len(roles) <= 1 or ADMINISTRATORS.isdisjoint(roles)


def is_strong(password: str, *, username: str) -> bool:
    """12 to 256 characters of three kinds, without the user's name [GB/T 22239-2019, 8.1.4.1 a]."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return False
    if len(username) >= _SHORTEST_NAME_SOUGHT and username.lower() in password.lower():
        return False
    return len({_kind(character) for character in password}) >= _KINDS_ASKED


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    return category if category in {"Lu", "Ll", "Nd"} else "other"
