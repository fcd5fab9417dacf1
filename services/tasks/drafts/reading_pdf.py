"""What is written in a PDF."""

import io

import pypdf

from services.tasks.drafts.domain_source import (
    MOST_CHARACTERS,
    DocumentRefused,
    DocumentTooLong,
    Source,
    SourceKind,
)
from services.tasks.drafts.domain_text import HIDDEN

_MOST_PAGES = 300


def read(body: bytes) -> Source:
    """The text of every page; a scan has none and is refused as unreadable."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(body))
        if len(reader.pages) > _MOST_PAGES:
            raise DocumentTooLong(f"至多 {_MOST_PAGES} 页", f"At most {_MOST_PAGES} pages")
        pages: list[str] = []
        for sheet in reader.pages:
            pages.append(sheet.extract_text().replace(HIDDEN, ""))
            if sum(map(len, pages)) > MOST_CHARACTERS:
                break
    except DocumentTooLong:
        raise
    except Exception as reason:
        # The library lets through whatever a broken or locked file makes it stumble over.
        raise DocumentRefused("文件已损坏或加密", "The file is broken or locked.") from reason
    return Source(kind=SourceKind.PDF, text="\n".join(pages))
