"""Typesets a Typst template as PDF/A or a picture. Fonts come with a wheel, none of the system."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import manimgx_fonts_cjk
import orjson
import typst

_PIXELS_PER_INCH = 220.0


@cache
def _fonts() -> typst.Fonts:
    """Opened once: the file is mapped, and only the glyphs that are used go into a document."""
    folder = str(Path(manimgx_fonts_cjk.__file__).parent)
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


def _compiler(template: Path, content: object, inputs: dict[str, str]) -> typst.Compiler:
    return typst.Compiler(
        template.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": orjson.dumps(content, default=str).decode(), **inputs},
    )


def pdf(template: Path, content: object, *, at: datetime, **inputs: str) -> bytes:
    """The template with `content` as PDF/A-2b; it reads `json(bytes(sys.inputs.document))`.

    Text comes in as data and is never markup. `at` is the time that the metadata state. A sign
    that no font has, as somebody may paste it, is a box; PDF/A takes none, so then it is PDF.
    """
    stated = int(at.timestamp())
    archival, plain = (_compiler(template, content, inputs) for _ in range(2))  # each serves once
    try:
        return _made(archival.compile(format="pdf", pdf_standards="a-2b", timestamp=stated))
    except typst.TypstError:
        return _made(plain.compile(format="pdf", timestamp=stated))


def png(template: Path, content: object, **inputs: str) -> bytes:
    """The template with `content` as one picture; it has to come to a single page."""
    return _made(_compiler(template, content, inputs).compile(format="png", ppi=_PIXELS_PER_INCH))


def _made(compiled: Any) -> bytes:
    assert isinstance(compiled, bytes)
    return compiled
