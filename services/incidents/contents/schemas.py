"""How what is owed is shown."""

from typing import Self
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
        """An element in words of one language."""
        article_zh, article_en = citations.cite(row.source)
        return cls(
            element=row.code,
            label=row.zh if chinese else row.en,
            fields=row.any_of,
            kinds=row.kinds,
            article=article_zh if chinese else article_en,
        )


class Contents(BaseModel):
    """What the reports of an accident must still say."""

    accident_id: UUID
    still_owed: list[OwedView]
