"""What evidence is, and the chain of custody that tells when a row was altered or is missing."""

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise

from kernel.problems import Problem


class EvidenceKind(StrEnum):
    """What sort of evidence it is."""

    PHOTOGRAPH = "photograph"  # 现场照片
    RECORDING = "recording"  # 音像、电子数据
    DOCUMENT = "document"  # 书证
    STATEMENT = "statement"  # 询问笔录
    APPRAISAL = "appraisal"  # 技术鉴定意见
    OBJECT = "object"  # 物证照片和清单
    OTHER = "other"  # 其他


FIRST = "0" * 64
"""What the first link of a chain stands on."""


def link(before: str, *said: object) -> str:
    """The SHA-256 of a hand-over together with the link before it, in hexadecimal."""
    parts = "\0".join((before, *(str(one) for one in said)))
    return hashlib.sha256(parts.encode()).hexdigest()


def unbroken(numbers: Sequence[int], links: Iterable[tuple[str, str]]) -> bool:
    """Whether hand-overs are numbered from 1 without a gap and each has the link it should.

    `links` are pairs of what is stored and what the row's own words give.
    """
    gaps = any(after != before + 1 for before, after in pairwise(numbers))
    return bool(numbers) and numbers[0] == 1 and not gaps and all(a == b for a, b in links)


class EvidenceWithdrawn(Problem):
    """A withdrawn item is not handed on or withdrawn again."""

    status = 409
    title_zh = "该证据已撤回"
    title_en = "The evidence was withdrawn"
