"""A document as PDF/A, and its charts as pictures. Fonts come with a wheel, none of the system."""

from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path

import manimgx_fonts_cjk
import orjson
import typst

from services.incidents.bulletins.domain import Document

_TEMPLATE = Path(__file__).with_name("bulletin.typ")
_PIXELS_PER_INCH = 220.0


@cache
def _fonts() -> typst.Fonts:
    """Opened once: the file is mapped, and only the glyphs that are used go into a document."""
    folder = str(Path(manimgx_fonts_cjk.__file__).parent)
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


def _compiler(document: Document, **inputs: str) -> typst.Compiler:
    content = orjson.dumps(asdict(document), default=str).decode()
    return typst.Compiler(
        _TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": content, **inputs},
    )


def render(document: Document, *, at: datetime) -> bytes:
    """The whole document; `at` is the time that its metadata state."""
    made = _compiler(document).compile(
        format="pdf", pdf_standards="a-2b", timestamp=int(at.timestamp())
    )
    assert isinstance(made, bytes)
    return made


def picture(document: Document, block: int) -> bytes:
    """One of its charts, by its place among the blocks, as PNG."""
    drawn = _compiler(document, chart=str(block)).compile(format="png", ppi=_PIXELS_PER_INCH)
    assert isinstance(drawn, bytes)
    return drawn
