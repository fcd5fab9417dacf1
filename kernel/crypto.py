"""Encrypted columns and blind indexes for personal data.

`EncryptedText` seals each value together with its column and its row's id, so that a
ciphertext copied to another row or column does not open. A column type alone never sees the
row; the mapper's events do, and hand its id to the type. Whatever goes around them (bulk
statements, comparisons, columns selected without their row) is refused or stays sealed.
"""

from typing import Any

from sqlalchemy import Dialect, LargeBinary, event, inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeDecorator

from kernel import keyring
from kernel.keyring import CiphertextRefused


class RowText(str):
    """Text on its way to the row it belongs to."""

    __slots__ = ("row",)
    row: str


def for_row(text: str, *, row: object) -> RowText:
    """Text that may be written by a statement instead of an object: it names its row's id."""
    bound = RowText(text)
    bound.row = str(row)
    return bound


class Sealed:
    """An encrypted value that was selected without its row."""

    __slots__ = ("_blob", "_column")

    def __init__(self, blob: bytes, column: str) -> None:
        self._blob = blob
        self._column = column

    def open(self, *, row: object) -> str:
        """The text, if the value was written for this row and column."""
        return keyring.ring().open(self._blob, about=_about(self._column, str(row)))

    def __repr__(self) -> str:
        return f"<sealed {self._column}>"


class EncryptedText(TypeDecorator[str]):
    """A column of text that only a process with the key can read.

    `column` is its lasting name, `<table>.<column>`: it is part of every ciphertext, so it
    stays when the table is renamed. The row's id must be made in Python.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal a value for its row; text without a row is refused, comparisons included."""
        del dialect
        if value is None:
            return None
        if not isinstance(value, RowText):
            raise CiphertextRefused(f"{self.column} is written through its row, never compared.")
        return keyring.ring().seal(value, about=_about(self.column, value.row))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Hold a value closed; loading its row opens it."""
        del dialect
        return None if value is None else Sealed(bytes(value), self.column)


def _about(column: str, row: str) -> str:
    return f"{column}\0{row}"


def blind_index(value: str, *, purpose: str) -> bytes:
    """What to store beside an encrypted value so that it can be found when known exactly."""
    return keyring.ring().blind_index(value, purpose=purpose)


@event.listens_for(Mapper, "mapper_configured")
def _tie_values_to_rows(mapper: Mapper[Any], entity: type[Any]) -> None:
    encrypted = tuple(
        attribute.key
        for attribute in mapper.column_attrs
        if isinstance(attribute.columns[0].type, EncryptedText)
    )
    if not encrypted:
        return

    def tie(_mapper: Any, _connection: Any, target: Any) -> None:
        row = _row_id(mapper, target)
        values = inspect(target).dict
        for key in encrypted:
            if isinstance(values.get(key), str):
                values[key] = for_row(values[key], row=row)

    def untie(target: Any, *_: Any) -> None:
        row = _row_id(mapper, target)
        values = inspect(target).dict
        for key in encrypted:
            if isinstance(values.get(key), Sealed):
                values[key] = values[key].open(row=row)

    event.listen(entity, "before_insert", tie)
    event.listen(entity, "before_update", tie)
    event.listen(entity, "load", untie)
    event.listen(entity, "refresh", untie)


def _row_id(mapper: Mapper[Any], target: Any) -> str:
    """The row's primary key; one that a default would make is made now."""
    parts = []
    for column in mapper.primary_key:
        key = mapper.get_property_by_column(column).key
        if getattr(target, key) is None and column.default is not None:
            setattr(target, key, _made(column.default))
        parts.append(getattr(target, key))
    if None in parts:
        raise CiphertextRefused(f"{mapper.class_.__name__} needs an id made in Python.")
    return "\0".join(str(part) for part in parts)


def _made(default: Any) -> Any:
    return default.arg(None) if default.is_callable else getattr(default, "arg", None)
