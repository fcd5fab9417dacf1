"""How what is owed is shown."""

from datetime import date
from typing import Self, cast
from uuid import UUID

from pydantic import BaseModel, Field

from reference import citations
from reference.national.rows import Content


class OwedView(BaseModel):
    """Something that reports of the accident must still say."""

    element: str
    label: str
    fields: tuple[str, ...] = Field(description="Any one of these fields says it.")
    kinds: tuple[str, ...] = Field(description="Which reports must hold it.")
    article: str

    @classmethod
    def of(cls, row: Content, *, chinese: bool) -> Self:
        """An element in words of one language; made once, as every receipt names several."""
        key = (row.code, row.effective_from, chinese)
        if key not in _WORDED:
            _WORDED[key] = cls._made(row, chinese=chinese)
        return cast("Self", _WORDED[key])

    @classmethod
    def _made(cls, row: Content, *, chinese: bool) -> Self:
        article_zh, article_en = citations.cite(row.source)
        return cls(
            element=row.code,
            label=row.zh if chinese else row.en,
            fields=row.any_of,
            kinds=row.kinds,
            article=article_zh if chinese else article_en,
        )


_WORDED: dict[tuple[str, date, bool], OwedView] = {}


class Contents(BaseModel):
    """What the reports of an accident must still say."""

    accident_id: UUID
    still_owed: list[OwedView]
