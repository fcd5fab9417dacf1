"""A document as PDF/A, and its charts as pictures."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from kernel.documents import typesetting
from kernel.documents.content import Document

_TEMPLATE = Path(__file__).with_name("document.typ")


def render(document: Document, *, at: datetime) -> bytes:
    """The whole document; `at` is the time that its metadata state."""
    return typesetting.pdf(_TEMPLATE, asdict(document), at=at)


def picture(document: Document, block: int) -> bytes:
    """One of its charts, by its place among the blocks, as PNG."""
    return typesetting.png(_TEMPLATE, asdict(document), chart=str(block))
