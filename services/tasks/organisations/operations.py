"""Record what units and posts are from a day on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks import PostHeld, UnitRecorded
from kernel import calendar, timers
from kernel.events import Event
from kernel.outbox import publish
from kernel.problems import Problem
from services.tasks.organisations import queries
from services.tasks.organisations.domain import NewUnit, PostFacts, UnitFacts
from services.tasks.organisations.domain_periods import DAY
from services.tasks.organisations.tables import Post, Unit

CHANGE_DUE = "unit.change"
"""A change of a unit takes effect; the entity is `<unit>@<day>`."""

ROLL_CHANGES = "roll.changes"
"""Units are there, or are something else, from a day on; the entity begins with that day."""

WHOLE = "platform whole@2000-01-01"
"""What is recorded ahead happens on its day: a convention of the platform, not law."""


class RecordedLater(Problem):
    """History is not rewritten: what holds now began after the day named."""

    status = 409
    title_zh = "该单位的现行记录晚于所填日期"
    title_en = "What holds of the unit now began after that day"


async def record_units(
    session: AsyncSession, *, units: Sequence[NewUnit], on: date, now: datetime
) -> int:
    """State what units and their posts are from a day on; how many were new or changed.

    What is stated again unchanged is not told again. A post that is no longer stated ends.
    """
    codes = [unit.facts.code for unit in units]
    standing = await queries.standing_units(session, codes)
    posts = await queries.standing_posts(session, codes)
    renewal = _Renewal(on=on)
    for unit in units:
        mine = {code: post for code, post in posts.items() if post.unit == unit.facts.code}
        if renewal.of(unit, standing=standing.get(unit.facts.code), posts=mine):
            tell_on(session, recorded(unit, on=on, now=now), unit=unit.facts.code, on=on)
    await session.flush()  # what ends must end before what follows it is written
    session.add_all(renewal.opened)
    if renewal.units_differ:
        note_change(session, on=on, now=now)
    return renewal.changed


@dataclass(kw_only=True)
class _Renewal:
    """Closes rows that a statement changes and collects the rows that follow them."""

    on: date
    opened: list[Unit | Post] = field(default_factory=list)
    changed: int = 0
    units_differ: bool = False
    """Whether any unit itself is new or something else, and not just its posts."""

    def of(self, unit: NewUnit, *, standing: Unit | None, posts: Mapping[str, Post]) -> bool:
        """Renew a unit and its posts; whether anything of them changed."""
        kept = {post.code for post in unit.posts}
        gone = [row for code, row in posts.items() if code not in kept]
        for row in gone:
            _close(row, on=self.on)
        differs = self._row(standing, unit.facts, Unit)
        renewed = [self._row(posts.get(post.code), post, Post) for post in unit.posts]
        changed = differs or bool(gone) or any(renewed)
        self.units_differ |= differs
        self.changed += changed
        return changed

    def _row(
        self, row: Unit | Post | None, stated: UnitFacts | PostFacts, table: type[Unit | Post]
    ) -> bool:
        """Open the next row when a fact differs; whether one did."""
        facts = asdict(stated)
        if row is not None:
            if all(getattr(row, name) == value for name, value in facts.items()):
                return False
            if row.effective_from == self.on:  # a correction on the very day rewrites no history
                for name, value in facts.items():
                    setattr(row, name, value)
                return True
            _close(row, on=self.on)
        self.opened.append(table(**facts, effective_from=self.on))
        return True


def _close(row: Unit | Post, *, on: date) -> None:
    if row.effective_from >= on:
        raise RecordedLater(
            f"{row.code} 自 {row.effective_from} 起为现状，不能从 {on} 起变更。",
            f"{row.code} is what it is since {row.effective_from}: it cannot change on {on}.",
        )
    row.effective_to = on - DAY


def note_change(session: AsyncSession, *, on: date, now: datetime) -> None:
    """Look on its day, once for all that is stated at an instant, who is newly meant by plans."""
    due_at = max(calendar.opens_at(on), now)
    entity = f"{on}@{now.isoformat()}"
    timers.arm_once(
        session, timers.new(kind=ROLL_CHANGES, entity_id=entity, due_at=due_at, rule=WHOLE)
    )


def tell_on(session: AsyncSession, event: Event, *, unit: str, on: date) -> None:
    """Tell of a change now or, of one to come, on its day: letters keep their way until then."""
    if on <= calendar.day_of(event.occurred_at):
        publish(session, event)
        return
    due_at = calendar.opens_at(on)
    timer = timers.new(kind=CHANGE_DUE, entity_id=f"{unit}@{on}", due_at=due_at, rule=WHOLE)
    timers.arm_once(session, timer)


def recorded(unit: NewUnit, *, on: date, now: datetime) -> UnitRecorded:
    """A unit with all of its posts, as it is told."""
    return UnitRecorded(
        occurred_at=now,
        unit=unit.facts.code,
        name_zh=unit.facts.name_zh,
        name_en=unit.facts.name_en,
        region_code=unit.facts.region_code,
        kind=unit.facts.kind,
        roles=unit.facts.roles,
        posts=tuple(
            PostHeld(
                post=post.code,
                label_zh=post.label_zh,
                label_en=post.label_en,
                email=post.email,
            )
            for post in unit.posts
        ),
        telephones={post.code: post.telephone for post in unit.posts if post.telephone},
        effective_from=on,
    )
