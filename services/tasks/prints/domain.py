"""Prints of pictures and texts, and the marks by which like ones are found without a search of all.

A picture's print says, of 8 rows of 9 spots, which spot is darker than its right neighbour: it
stays when a photo is scaled or compressed anew. A text's print is the least hash of its pieces
under each of 64 orders: as many agree as the texts share of their pieces. What is alike shares a
mark: of pictures, where at most 3 bits differ, always; of texts of which four fifths agree, in
all but one of a thousand pairs.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

COLUMNS, ROWS = 9, 8
_PLAIN_BITS = 5
_ORDERS = 64
_BANDS, _WIDTH = 16, 4
_PIECE = 4
_MOST_CHARACTERS = 20_000
LEAST_CHARACTERS = 60
"""Shorter texts are alike by chance."""
_PRIME = (1 << 61) - 1


class Of(StrEnum):
    """What a print is of."""

    FILE = "file"  # 文件
    PICTURE = "picture"  # 画面
    WORDS = "words"  # 文字


def picture_print(spots: Sequence[int]) -> str | None:
    """The print of a picture of 8 rows of 9 grey spots; None of one that shows hardly a thing."""
    bits = 0
    for row in range(ROWS):
        for column in range(COLUMNS - 1):
            at = row * COLUMNS + column
            bits = bits << 1 | (spots[at] < spots[at + 1])
    if not _PLAIN_BITS <= bits.bit_count() <= ROWS * (COLUMNS - 1) - _PLAIN_BITS:
        return None
    return f"{bits:016x}"


def bits_apart(one: str, other: str) -> int:
    """In how many of their 64 bits two pictures differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def words_print(text: str) -> list[int] | None:
    """The print of a text, spaces and punctuation aside; None of one that is too short."""
    kept = "".join(char for char in text[:_MOST_CHARACTERS] if char.isalnum())
    if len(kept) < LEAST_CHARACTERS:
        return None
    pieces = {kept[at : at + _PIECE] for at in range(len(kept) - _PIECE + 1)}
    hashes = [_hash(piece) % _PRIME for piece in pieces]
    return [min((a * value + b) % _PRIME for value in hashes) for a, b in _FACTORS]


def percent_alike(one: Sequence[int], other: Sequence[int]) -> int:
    """About how much of their pieces two texts share, of a hundred."""
    same = sum(left == right for left, right in zip(one, other, strict=True))
    return 100 * same // len(one)


def file_marks(sha256: str) -> list[int]:
    """The one mark of a file."""
    return [_hash(f"{Of.FILE}:{sha256}")]


def picture_marks(print_: str) -> list[int]:
    """One mark for each quarter: pictures that differ in 3 bits at most share a quarter."""
    quarters = (print_[at : at + 4] for at in range(0, len(print_), 4))
    return [_hash(f"{Of.PICTURE}:{n}:{quarter}") for n, quarter in enumerate(quarters)]


def words_marks(print_: Sequence[int]) -> list[int]:
    """One mark for each run of four orders."""
    runs = (print_[at : at + _WIDTH] for at in range(0, _BANDS * _WIDTH, _WIDTH))
    return [_hash(f"{Of.WORDS}:{n}:{','.join(map(str, run))}") for n, run in enumerate(runs)]


def _hash(text: str) -> int:
    """A signed number of 64 bits."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _factors(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    for n in numbers:
        yield 1 + _hash(f"a{n}") % (_PRIME - 1), _hash(f"b{n}") % _PRIME


_FACTORS = tuple(_factors(range(_ORDERS)))
