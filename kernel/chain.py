"""The hash chain of the audit trail, and its anchors outside of the database."""

import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from pydantic import BaseModel

from kernel import keyring
from kernel.files import Objects
from kernel.keyring import AuditHash

_DIGESTS: Mapping[str, str] = {"SHA-256": "sha256", "SM3": "sm3"}

FIRST = bytes(32)
"""What the first seal follows."""


class Chain:
    """Links records by keyed hashes: each covers its place, what stands before it, the record."""

    def __init__(self, key: bytes, *, algorithm: AuditHash = "SHA-256") -> None:
        self._key = key
        self.algorithm: str = algorithm

    @classmethod
    def of_ring(cls) -> "Chain":
        """The chain under this process's keys."""
        ring = keyring.ring()
        return cls(ring.audit, algorithm=ring.audit_hash)

    def link(self, *, n: int, prev: bytes, record: Sequence[Any], algorithm: str) -> bytes:
        """The hash of the n-th record, whose fields are taken as the server spells them."""
        fields = [None if field is None else str(field) for field in record]
        content = orjson.dumps([n, prev.hex(), algorithm, fields])
        return hmac.digest(self._key, content, _DIGESTS[algorithm])


class Anchor(BaseModel):
    """The chain's head as it was at an instant: it cannot be shorter or other later."""

    n: int
    hash: str
    at: datetime


@dataclass(frozen=True)
class Anchors:
    """One service's anchors, in a store that the database's administrator does not hold."""

    objects: Objects
    service: str

    async def keep(self, anchor: Anchor) -> None:
        """Keep an anchor; one of the same length stays as it is."""
        name = f"audit/{self.service}/{anchor.n:015d}"
        await self.objects.keep_record(name, anchor.model_dump_json().encode())

    async def kept(self) -> AsyncIterator[Anchor]:
        """Every anchor, shortest chain first."""
        async for _, body in self.objects.records(f"audit/{self.service}"):
            yield Anchor.model_validate_json(body)
