"""Reading a document, and keeping what it says as a draft."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.problems import Problem
from reference import city, regions
from reference.units import Roll
from services.tasks.drafts import (
    domain_naming,
    domain_proposals,
    operations_units,
    queries,
    reading,
)
from services.tasks.drafts.domain import DraftStatus, DutyStatus, FlagStatus
from services.tasks.drafts.domain_metrics import Catalogue, Likeness
from services.tasks.drafts.domain_parts import Article, Flag, Proposal, Reading
from services.tasks.drafts.domain_source import Source
from services.tasks.drafts.operations import ENTITY
from services.tasks.drafts.tables import Draft, DraftArticle, DraftDuty, DraftFlag
from services.tasks.policies import POLICIES, Act

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('plan_draft'), hashtext(:document))")
_MOST = (500, 2000, 500)
"""Articles, duties and doubts of a draft that people could still work through."""


class NotLikeAPlan(Problem):
    """It has more articles, duties or doubts than any plan."""

    status = 422
    title_zh = "不像是工作要点"
    title_en = "This is not like a plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What the importer makes of a document, and what each proposal is like in earlier plans."""

    year: int
    source: Source
    sha256: str
    found: Reading
    likenesses: tuple[Likeness, ...]


def understand(body: bytes, *, year: int, roll: Roll) -> Understood:
    """Read a document and propose a draft, with the names of the units. Takes its time."""
    source = reading.read(body)
    found = proposed(source, year=year, roll=roll)
    return Understood(
        year=year,
        source=source,
        sha256=hashlib.sha256(body).hexdigest(),
        found=found,
        likenesses=likenesses(found),
    )


def likenesses(found: Reading) -> tuple[Likeness, ...]:
    """What each goal and each duty of a draft is like in the plans of the pack."""
    plans = city.current().plans.values()
    goals = Catalogue(row for plan in plans for row in plan.goals)
    duties = Catalogue(row for plan in plans for row in plan.duties)
    return tuple(
        (duties if row.article else goals).likeness(row.text, row.quantity.kind.value)
        for row in found.asked
    )


def proposed(source: Source, *, year: int, roll: Roll) -> Reading:
    """What a document proposes, with the units and groups that the city has in the year."""
    pack = city.current()
    known = domain_naming.names(
        roll.values(),
        pack.enterprise_groups.at(date(year, 7, 1)),
        city=pack.code,
        place=regions.region(pack.code).zh,
    )
    found = domain_proposals.read(source.text, known, year=year, hidden=source.hidden)
    counted = (len(found.articles), len(found.asked), len(found.flags))
    if any(count > most for count, most in zip(counted, _MOST, strict=True)):
        raise NotLikeAPlan(
            "条目 {}、职责 {}、疑点 {}".format(*counted),
            "{} articles, {} duties, {} doubts".format(*counted),
        )
    return found


async def take_in(
    session: AsyncSession,
    *,
    read: Understood,
    by: Principal,
    now: datetime,
) -> tuple[Draft, bool]:
    """Keep what was read as a draft; whether it is new. The same document is the same draft."""
    draft, found = _draft(read, by=by, now=now), read.found
    POLICIES.require(by, Act.DRAFT_PLANS, on=draft, seen_by=Act.DRAFT_PLANS)
    # Sent twice at once, a document is still one draft.
    await session.execute(_ONE_AT_A_TIME, {"document": read.sha256})
    known = await queries.open_of(
        session, region=draft.region_code, year=read.year, source_sha256=read.sha256
    )
    if known is not None:
        return known, False
    session.add(draft)
    await session.flush()
    session.add_all(_article(draft, row) for row in found.articles)
    session.add_all(_flag(draft, number, row) for number, row in enumerate(found.flags, start=1))
    rows = zip(found.asked, read.likenesses, strict=True)
    session.add_all(_duty(draft, row, like) for row, like in rows)
    await session.flush()
    await operations_units.refresh(session, draft)
    audit.note(session, by=by, act=Act.DRAFT_PLANS, entity=ENTITY, entity_id=draft.id)
    return draft, True


def _draft(read: Understood, *, by: Principal, now: datetime) -> Draft:
    return Draft(
        id=uuid7(),
        region_code=city.current().code,
        unit=f"{city.current().code}.committee_office",
        year=read.year,
        title=read.found.title[:200],
        status=DraftStatus.OPEN.value,
        source_kind=read.source.kind.value,
        source_sha256=read.sha256,
        text=read.found.text,
        sections=[asdict(row) for row in read.found.sections],
        made_at=now,
        made_by=by.subject,
    )


def _article(draft: Draft, row: Article) -> DraftArticle:
    return DraftArticle(
        draft_id=draft.id,
        number=row.number,
        region_code=draft.region_code,
        label=row.label,
        section=row.section,
        title=row.title,
        start=row.span.start,
        end=row.span.end,
        title_start=row.heading.start,
        title_end=row.heading.end,
        allocations=[asdict(allocation) for allocation in row.allocations],
    )


def _flag(draft: Draft, number: int, row: Flag) -> DraftFlag:
    return DraftFlag(
        id=uuid7(),
        draft_id=draft.id,
        region_code=draft.region_code,
        number=number,
        kind=row.kind.value,
        start=row.span.start,
        end=row.span.end,
        excerpt=row.excerpt,
        reason_zh=row.reason_zh,
        reason_en=row.reason_en,
        candidates=list(row.candidates),
        status=FlagStatus.OPEN.value,
        units=[],
    )


def _duty(draft: Draft, row: Proposal, like: Likeness) -> DraftDuty:
    what = row.quantity
    return DraftDuty(
        id=uuid7(),
        draft_id=draft.id,
        region_code=draft.region_code,
        article=row.article,
        position=row.position,
        status=DutyStatus.PROPOSED.value,
        revision=1,
        start=row.span.start,
        end=row.span.end,
        text=row.text,
        reworded=False,
        kind=what.kind.value,
        metric=like.metric,
        subjects=list(row.subjects),
        allocation=row.allocation,
        lead=[],
        supporting=[],
        reassigned=False,
        cadence=what.cadence.value if what.cadence else None,
        least=what.least,
        comparator=what.comparator,
        target=_plain(what.target),
        unit=what.unit,
        trigger=like.trigger,
        condition=row.condition,
        # The plan's own words go before what a like duty had.
        within_days=what.within_days or like.within_days,
        due_on=what.due,
    )


def _plain(target: object) -> str | None:
    return None if target is None else f"{target:f}" if not isinstance(target, str) else target
