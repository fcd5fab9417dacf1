"""Who answers for each duty and how it reads, once more after every settled doubt."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.drafts import domain, queries
from services.tasks.drafts.domain import FlagStatus, Replaced, Resolution
from services.tasks.drafts.domain_goals import ARTICLE
from services.tasks.drafts.domain_parts import FlagKind, Span
from services.tasks.drafts.tables import Draft, DraftArticle, DraftDuty, DraftFlag

_NAMES = (FlagKind.UNKNOWN_UNIT, FlagKind.AMBIGUOUS_UNIT)

Allocated = tuple[list[str], list[str]]


async def refresh(session: AsyncSession, draft: Draft) -> None:
    """Bring titles, words and units of a draft in line with how its doubts are settled.

    What a person has written or named stays.
    """
    flags = await queries.flags(session, draft.id)
    replaced = list(_replaced(flags))
    articles = await queries.articles(session, draft.id)
    for article in articles:
        heading = Span(article.title_start, article.title_end)
        article.title = domain.words(draft.text, heading, replaced).strip()
    by_article = {article.number: allocations(article, flags) for article in articles}
    by_article[ARTICLE] = [([], [])]  # a goal is nobody's by name
    for duty in await queries.duties(session, draft.id):
        if not duty.reworded:
            duty.text = domain.words(draft.text, duty.span, replaced)
        if not duty.reassigned:
            duty.lead, duty.supporting = _of(duty, by_article[duty.article])


def allocations(article: DraftArticle, flags: Sequence[DraftFlag]) -> Sequence[Allocated]:
    """Leads and supporters of each part of an article, as settled."""
    by_place = {(flag.start, flag.end): flag for flag in flags if flag.sort in _NAMES}
    found = [
        (
            list(dict.fromkeys(_codes(allocation["lead"], by_place))),
            list(dict.fromkeys(_codes(allocation["supporting"], by_place))),
        )
        for allocation in article.allocations
    ]
    nobody = (flag for flag in flags if flag.sort is FlagKind.NO_UNIT)
    assigned = next((flag.units for flag in nobody if flag.start == article.start), [])
    return found or [(list(assigned), [])]


def _of(duty: DraftDuty, parts: Sequence[Allocated]) -> Allocated:
    lead, supporting = parts[duty.allocation or 0]
    return list(lead), list(supporting)


def _codes(
    named: Sequence[Mapping[str, Any]], flags: Mapping[tuple[int, int], DraftFlag]
) -> Iterator[str]:
    for row in named:
        flag = flags.get((row["span"]["start"], row["span"]["end"]))
        if flag is not None and flag.stands is FlagStatus.SETTLED:
            yield from flag.units
        elif row["code"] is not None:
            yield row["code"]


def _replaced(flags: Sequence[DraftFlag]) -> Iterator[Replaced]:
    """Injected words count for nothing until a person says that they belong there."""
    for flag in flags:
        if flag.sort is FlagKind.INJECTED and flag.resolution != Resolution.KEPT:
            yield Replaced(flag.span, "")
        elif flag.resolution == Resolution.CORRECTED:
            yield Replaced(flag.span, flag.correction or "")
