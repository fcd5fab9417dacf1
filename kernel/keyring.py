"""The keys of a service: what seals columns, indexes and the audit chain.

The ring is read from a file that the operator provides. The first column key writes, every
listed key reads: to rotate, put a new key first and keep the old ones. The index key and
the audit key are separate, because whoever may search must not thereby be able to read.
"""

import hmac
import os
import unicodedata
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Annotated, Literal, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, model_validator

Algorithm = Literal["AES-256-GCM", "SM4-GCM"]
AuditHash = Literal["SHA-256", "SM3"]

_KEY_BYTES: dict[Algorithm, int] = {"AES-256-GCM": 32, "SM4-GCM": 16}
_NONCE_BYTES = 12
_TAG_BYTES = 16
_FORMAT = b"\x01"
_INDEX_BYTES = 16


class KeysMissing(Exception):
    """The process was given no keys, or not the one that wrote a value."""


class CiphertextRefused(Exception):
    """A stored value was altered, or moved here from another row or column."""


class _Aead(ABC):
    """One authenticated cipher under one key."""

    @abstractmethod
    def seal(self, nonce: bytes, text: bytes, about: bytes) -> bytes:
        """The ciphertext and its tag."""

    @abstractmethod
    def open(self, nonce: bytes, sealed: bytes, about: bytes) -> bytes:
        """The text, or InvalidTag."""


class _Aes(_Aead):
    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, nonce: bytes, text: bytes, about: bytes) -> bytes:
        return self._aead.encrypt(nonce, text, about)

    def open(self, nonce: bytes, sealed: bytes, about: bytes) -> bytes:
        return self._aead.decrypt(nonce, sealed, about)


class _Sm4(_Aead):
    """GB/T 32907 in Galois/counter mode."""

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def seal(self, nonce: bytes, text: bytes, about: bytes) -> bytes:
        encryptor = Cipher(self._key, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(about)
        return encryptor.update(text) + encryptor.finalize() + encryptor.tag

    def open(self, nonce: bytes, sealed: bytes, about: bytes) -> bytes:
        text, tag = sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:]
        decryptor = Cipher(self._key, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(about)
        return decryptor.update(text) + decryptor.finalize()


_CIPHERS: dict[Algorithm, type[_Aes] | type[_Sm4]] = {"AES-256-GCM": _Aes, "SM4-GCM": _Sm4}


class ColumnKey(BaseModel):
    """One key of the encrypted columns."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    id: str = Field(pattern=r"^[A-Za-z0-9._-]{1,32}$")
    alg: Algorithm
    key: Base64Bytes = Field(repr=False)

    @model_validator(mode="after")
    def _has_its_length(self) -> Self:
        if len(self.key) != _KEY_BYTES[self.alg]:
            raise ValueError(f"A key of {self.alg} has {_KEY_BYTES[self.alg]} bytes.")
        return self


_Secret = Annotated[Base64Bytes, Field(min_length=32, repr=False)]


class KeyFile(BaseModel):
    """The file of keys, as the operator writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    column: tuple[ColumnKey, ...] = Field(min_length=1)
    index: _Secret
    audit: _Secret
    audit_hash: AuditHash = "SHA-256"

    @model_validator(mode="after")
    def _names_each_key_once(self) -> Self:
        if len({key.id for key in self.column}) < len(self.column):
            raise ValueError("Two column keys have the same id.")
        return self


class KeyRing:
    """The keys of one service, ready for use."""

    def __init__(self, keys: KeyFile) -> None:
        self._writing = keys.column[0].id
        self._column = {key.id: _CIPHERS[key.alg](key.key) for key in keys.column}
        self._index = keys.index
        self.audit: bytes = keys.audit
        self.audit_hash: AuditHash = keys.audit_hash

    @classmethod
    def from_file(cls, path: Path) -> "KeyRing":
        """Read the ring; a file that is not one is refused without showing what is in it."""
        return cls(KeyFile.model_validate_json(path.read_bytes()))

    def seal(self, text: str, *, about: str) -> bytes:
        """Encrypt, tied to what the value is `about`: it opens nowhere else."""
        nonce = os.urandom(_NONCE_BYTES)
        head = _head(self._writing)
        body = self._column[self._writing].seal(nonce, text.encode(), head + about.encode())
        return head + nonce + body

    def open(self, sealed: bytes, *, about: str) -> str:
        """Decrypt a value under whichever listed key wrote it."""
        key_id, head, body = _apart(sealed)
        cipher = self._column.get(key_id)
        if cipher is None:
            raise KeysMissing(f"No column key has the id {key_id!r}.")
        nonce, body = body[:_NONCE_BYTES], body[_NONCE_BYTES:]
        try:
            return cipher.open(nonce, body, head + about.encode()).decode()
        except (InvalidTag, ValueError) as reason:
            raise CiphertextRefused(f"A value does not belong to {about!r}.") from reason

    def is_current(self, sealed: bytes) -> bool:
        """Whether the key that writes now also wrote this value."""
        return _apart(sealed)[0] == self._writing

    def blind_index(self, value: str, *, purpose: str) -> bytes:
        """What to store beside an encrypted value so that it can be found when known exactly.

        Spellings that people take for the same (width, case, blanks around) give the same
        index. `purpose` names the column: equal values of two columns are not linkable.
        """
        spelled = unicodedata.normalize("NFKC", value).strip().casefold()
        return self.derived(f"index\0{purpose}\0{spelled}")[:_INDEX_BYTES]

    def derived(self, purpose: str) -> bytes:
        """32 bytes that only the holder of the index key can compute."""
        return hmac.digest(self._index, purpose.encode(), "sha256")


def _head(key_id: str) -> bytes:
    return _FORMAT + bytes([len(key_id)]) + key_id.encode()


def _apart(sealed: bytes) -> tuple[str, bytes, bytes]:
    end = 2 + (sealed[1] if len(sealed) > 1 else 0)
    if sealed[:1] != _FORMAT or len(sealed) < end + _NONCE_BYTES + _TAG_BYTES:
        raise CiphertextRefused("A value is not in the form of an encrypted one.")
    return sealed[2:end].decode("latin-1"), sealed[:end], sealed[end:]


def fresh_keys(algorithm: Algorithm = "AES-256-GCM", *, key_id: str = "1") -> KeyFile:
    """New random keys, for a development stack or a first installation."""
    key = ColumnKey.model_construct(id=key_id, alg=algorithm, key=os.urandom(_KEY_BYTES[algorithm]))
    return KeyFile.model_construct(column=(key,), index=os.urandom(32), audit=os.urandom(32))


_ring: KeyRing | None = None


def use(ring: KeyRing | None) -> None:
    """Give this process its keys."""
    global _ring
    _ring = ring


def ring() -> KeyRing:
    """The keys of this process."""
    if _ring is None:
        raise KeysMissing("This process was given no keys: set ANLIAN_KEYS_FILE.")
    return _ring
