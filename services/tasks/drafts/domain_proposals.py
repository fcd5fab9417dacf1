"""A plan's text to a draft: articles, who answers for them, and what each sentence asks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reference.terms import DutyKind
from services.tasks.drafts import (
    domain_allocations,
    domain_clauses,
    domain_goals,
    domain_junk,
    domain_naming,
    domain_numbers,
    domain_outline,
    domain_text,
    domain_years,
)
from services.tasks.drafts.domain_junk import MASK, Cleaner
from services.tasks.drafts.domain_naming import Names
from services.tasks.drafts.domain_outline import Outline
from services.tasks.drafts.domain_parts import (
    Article,
    Flag,
    FlagKind,
    Proposal,
    Quantity,
    Reading,
    Span,
)

_CONTINUOUS = Quantity(kind=DutyKind.CONTINUOUS)
_ON_EVENT = Quantity(kind=DutyKind.EVENT_TRIGGERED)
_TASK = Quantity(kind=DutyKind.DEADLINE_TASK)
# A clause that only says of what, when or by what measure; the next one says what is to be done.
_CONDITION = re.compile(
    r"^(?:对|针对|凡|发生|在|自)[^,]*(?:的|后|时|隐患|事故|项目|场所|行为|节点|地区|问题)$|后$|^到年底$|^[^,]{0,8}之后$|"
    r"之日起[^,]{0,12}内$"
)
_LATER = re.compile(r"[^,]{2,20}(?:后|之日起[^,]{0,12})$")
_EVENTS = re.compile(
    r"^对[^,]{0,40}(?:的|隐患|行为|事故)(?:,|采取|要|应|一律|实行|及时|严格|严肃|挂牌)|"
    r"^(?:凡|一旦|发生)[^,]{2,40}(?:的|后|时)?(?:,|要|立即|必须)|"
    r"交办|挂牌督办|挂牌管理|露头就打|提级调查|移交|结合(?:巡查|督查|检查|考核)|"
    r"追责|问责|追究[^,]{0,30}(?:责任|刑责)|黄牌|"
    r"及时[^,]{0,40}(?:报告|重奖|奖励)|没有[^,]{2,20}的(?:必须|要|应)|"
    r"对重大(?:事故)?隐患[^,]*(?:管理|治理|整改)|对未造成[^,]{0,12}事故|关键节点|"
    r"对发生[^,]{2,60}(?:及时|要|应|一律)"
)
_TASKS = re.compile(
    r"^(?:按时|如期|全面|高质量|限期)?完成(?!率)[^,]{2,}|"
    r"修订(?:完善|印发)?[^,]{0,16}(?:预案|办法|方案|规程|规划)|(?:出台|印发|建成)[^,]{2,24}(?:办法|方案|平台|规划|意见|制度)"
)
_SETTLED_BY = re.compile(r"按期[^,]{0,10}(?:验收|销案|销号|办结)")
_MEETING = re.compile(r"召开[^,]{0,16}(?:会|会议|民主生活会)$")


@dataclass(frozen=True, slots=True)
class _Clause:
    span: Span
    quantity: Quantity
    condition: str | None = None


def read(raw: str, known: Names, *, year: int, hidden: Sequence[str] = ()) -> Reading:
    """Everything a plan's text says, proposed; whatever is doubtful is flagged with its place.

    `hidden` is what a document's reader took out, in the order of its signs in the text.
    """
    text, unseen = domain_text.normalised(raw, hidden)
    found = domain_outline.outline(text)
    injected = domain_junk.injected(text)
    clean = Cleaner(text, injected)
    flags = [*unseen, *injected, *domain_junk.misprints(text)]
    # Marks and figures within what was put in cut no sentence and count nothing.
    masked = clean.masked()
    articles: list[Article] = []
    proposals: list[Proposal] = []
    for article in found.articles:
        allocated = domain_allocations.allocations(text, article.body, known)
        flags += allocated.flags
        whole = replace(
            article,
            title=clean.words(article.heading).strip(),
            allocations=tuple(allocated.allocations),
        )
        articles.append(whole)
        proposals += _of_article(masked, whole, known, clean, year=year)
        if not whole.allocations:
            flags.append(_nobody(text, whole))
    if not articles:
        flags.append(_no_article(text))
    misfiled = domain_years.mismatch(text, found.title, year=year)
    if misfiled is not None:
        flags.append(misfiled)
    allocated_at = [row.span for article in articles for row in article.allocations]
    flags = [flag for flag in flags if not _separates(flag, allocated_at)]
    return Reading(
        text=text,
        title=clean.words(found.title).strip(),
        sections=tuple(
            replace(row, title=clean.words(row.heading).strip().rstrip("。:"))
            for row in found.sections
        ),
        articles=tuple(articles),
        proposals=tuple(proposals),
        goals=tuple(_goals(masked, found, clean, year=year)),
        flags=tuple(sorted(flags, key=lambda flag: (flag.span.start, flag.span.end))),
    )


def _goals(text: str, found: Outline, clean: Cleaner, *, year: int) -> Iterator[Proposal]:
    """What the words between the title and the first heading want, if there are articles."""
    sections, articles = found.sections[:1], found.articles[:1]
    headings = [*(row.span for row in sections), *(row.span for row in articles)]
    first = min((heading.start for heading in headings), default=0)
    opening = Span(found.title.end, max(first, found.title.end))
    for position, (span, what) in enumerate(domain_goals.read(text, opening, year=year), start=1):
        yield Proposal(
            article=domain_goals.ARTICLE,
            position=position,
            span=span,
            text=clean.words(span),
            quantity=what,
        )


def _of_article(
    text: str, article: Article, known: Names, clean: Cleaner, *, year: int
) -> Iterator[Proposal]:
    holes = [row.span for row in article.allocations]
    position = 0
    for stretch in domain_clauses.outside(article.body, holes):
        allocation = next((n for n, hole in enumerate(holes) if hole.start >= stretch.end), None)
        if allocation is None and holes:
            allocation = len(holes) - 1
        for sentence in domain_clauses.sentences(text, stretch):
            for clause in _merged(_understood(text, sentence, year=year)):
                words = clean.words(clause.span)
                if not words.strip():
                    continue
                position += 1
                yield Proposal(
                    article=article.number,
                    position=position,
                    span=clause.span,
                    text=words,
                    quantity=clause.quantity,
                    condition=clause.condition and clause.condition.replace(MASK, ""),
                    subjects=domain_naming.subjects(words, known),
                    allocation=allocation,
                )


def _understood(text: str, sentence: Span, *, year: int) -> Iterator[_Clause]:
    """Each clause of a sentence, with what an earlier one says of the time or the cause."""
    due = None
    after: str | None = None
    prefix: Span | None = None
    for clause in domain_clauses.clauses(text, sentence):
        words = clause.of(text)
        whole = Span(prefix.start, clause.end) if prefix else clause
        if _CONDITION.search(words) and clause.end < sentence.end and not _counted(words, year):
            due = domain_numbers.last_day(words, year=year) or due
            after = words if _LATER.fullmatch(words) else after
            prefix = whole
            continue
        prefix = None
        found = domain_numbers.quantities(text, clause, year=year)
        for at, quantity in found:
            span = Span(whole.start, at.end) if at.start == clause.start else at
            if quantity.due is None and quantity.kind is not DutyKind.RECURRING_QUOTA and due:
                quantity = replace(quantity, due=due)
            yield _Clause(span, quantity)
        if not found:
            yield _Clause(whole, *_kind(whole.of(text), words, after, year=year))
    if prefix is not None:
        yield _Clause(prefix, _CONTINUOUS)


def _counted(words: str, year: int) -> bool:
    return bool(domain_numbers.quantities(words, Span(0, len(words)), year=year))


def _kind(whole: str, words: str, after: str | None, *, year: int) -> tuple[Quantity, str | None]:
    """What a clause without numbers is: set off by an event, due by a day, or going on."""
    if after is not None and (after in whole or _MEETING.search(words)):
        within = domain_numbers.days_after(whole) or domain_numbers.days_after(after)
        answer = replace(_ON_EVENT, within_days=within)
        meeting = replace(answer, least=1, comparator=">=", unit="次")
        return (meeting if _MEETING.search(words) else answer), after
    if _SETTLED_BY.search(words):
        return replace(_TASK, due=domain_numbers.last_day(words, year=year)), None
    if _EVENTS.search(whole) or _EVENTS.search(words):
        answer = replace(_ON_EVENT, within_days=domain_numbers.days_after(whole))
        return answer, whole.partition(",")[0] if "," in whole else words
    due = domain_numbers.last_day(words, year=year)
    if due is not None or _TASKS.search(words):
        return replace(_TASK, due=due), None
    return _CONTINUOUS, None


def _merged(clauses: Iterator[_Clause]) -> Iterator[_Clause]:
    """Clauses that only say what goes on all year make one duty with their neighbours."""
    held: _Clause | None = None
    for clause in clauses:
        if clause.quantity == _CONTINUOUS and held is not None:
            held = replace(held, span=Span(held.span.start, clause.span.end))
        elif clause.quantity == _CONTINUOUS:
            held = clause
        else:
            if held is not None:
                yield held
                held = None
            yield clause
    if held is not None:
        yield held


def _separates(flag: Flag, allocated: Sequence[Span]) -> bool:
    """Whether a blank only stands between two names, as some cities write them."""
    is_blank = flag.kind is FlagKind.MISPRINT and " " in flag.excerpt
    return is_blank and any(span.overlap(flag.span) for span in allocated)


def _nobody(text: str, article: Article) -> Flag:
    return Flag(
        kind=FlagKind.NO_UNIT,
        span=article.span,
        excerpt=article.span.of(text)[:80],
        reason_zh=f"第 {article.number} 条未写明责任单位",
        reason_en=f"Article {article.number} names no unit that answers for it",
    )


def _no_article(text: str) -> Flag:
    return Flag(
        kind=FlagKind.NO_ARTICLE,
        span=Span(0, len(text)),
        excerpt=text[:80],
        reason_zh="没有识别出编号的条目",
        reason_en="No numbered article was found",
    )
