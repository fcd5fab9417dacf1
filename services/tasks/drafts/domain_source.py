"""What a document that somebody hands in says, and why one is refused."""

from dataclasses import dataclass
from enum import StrEnum

from kernel.problems import Problem

MOST_BYTES = 5 * 1024 * 1024
MOST_CHARACTERS = 200_000


class SourceKind(StrEnum):
    """What a plan was handed in as."""

    TEXT = "text"  # 文本
    PAGE = "page"  # 网页
    DOCX = "docx"  # Word 文档
    PDF = "pdf"  # PDF 文档


class NothingReadable(Problem):
    """There is no Chinese text in it: it is empty, a scan, or no document at all."""

    status = 422
    title_zh = "没有可识别的中文正文"
    title_en = "There is no text of a plan in it"


class DocumentRefused(Problem):
    """A file of another kind, a broken one, or one that unpacks to far more than it should."""

    status = 415
    title_zh = "不接受此文件"
    title_en = "This file is not taken"


class DocumentTooLong(Problem):
    """It has more bytes or characters than any plan."""

    status = 413
    title_zh = "文件过大"
    title_en = "The document is too large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document's words, and what was hidden in it in the order of the signs."""

    kind: SourceKind
    text: str
    hidden: tuple[str, ...] = ()
