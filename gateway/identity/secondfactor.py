"""Time-based one-time codes (RFC 6238): six digits, 30 seconds, each good once."""

import hmac
from datetime import datetime

import pyotp

ISSUER = "安链"
STEP_S = 30
_DRIFT = 1
"""Steps that a phone's clock may be ahead or behind."""


def fresh_secret() -> str:
    """A random secret in base32, 160 bits as the RFC recommends."""
    return pyotp.random_base32(32)


def provisioning_uri(secret: str, *, username: str) -> str:
    """What an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(code: str, *, secret: str, after: int, now: datetime) -> int | None:
    """The time step a code belongs to, or None if it is wrong or was not made after `after`."""
    totp = pyotp.TOTP(secret, interval=STEP_S)
    current = int(now.timestamp()) // STEP_S
    found = None
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), code) and step > after:
            found = step
    return found
