"""Ten years of cases played on the stage, each step held against a small model of its own.

One accident a year, with steps drawn from a seed: changed casualties inside and outside the
window, corrected days, a concealment found, delegations, extensions, appraisals, reports,
decisions by the right level and by others, publications, reopenings. The model knows no module
of the service: after every step it says who holds the case, in which state, by when it is due
and what grade stands.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from kernel.calendar import SHANGHAI
from kernel.timers import Timer
from services.incidents.accidents.tables import Accident
from services.incidents.investigations.tables import Investigation
from tests.services.incidents.casework import DOCUMENT, leader, post, settled_by, written
from tests.services.incidents.conftest import INVESTIGATOR, Body, reported
from tests.services.incidents.counting import correct, follow_up, hear_own
from tests.services.stage import Stage

YEARS, STEPS = 10, 30
DAY = timedelta(days=1)
LEVELS = ("county", "city", "province")
PLACES = {"county": "430481", "city": "430400", "province": "430000"}
LEADERS = {level: leader(f"{place}.government") for level, place in PLACES.items()}
TEAMS = {
    level: leader(f"{place}.emergency", role="investigator") for level, place in PLACES.items()
}
GRADES = ((10, "major", 2), (3, "larger", 1), (0, "general", 0))
"""From how many dead on, and how high in `LEVELS` whoever investigates stands."""
WINDOWS = {"other_injury": 30, "fire": 7, "road_traffic": 7}
UNDECIDED = ("open", "investigating", "submitted", "returned")

Span = list[date | None]
"""The days after the first one, up to and including the last; None while it goes on."""


@dataclass
class Model:
    """What must be true of a case, from the law and from what was done so far."""

    happened_on: date
    window: int
    known_at: datetime
    counted: int
    starts_on: date
    statements: list[tuple[int, datetime | None, datetime]] = field(default_factory=list)
    """How many dead each said, when that was known if it said so, and when it was received."""
    late: int = 0
    climbed: bool = False
    generation: int = 1
    status: str = "open"
    holder: str = ""
    delegated: str | None = None
    extended: int = 0
    appraisals: list[Span] = field(default_factory=list)
    reviews: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.holder = self.level

    @property
    def grade(self) -> str:
        """By the dead that count (Decree 493, 3)."""
        return next(grade for least, grade, _ in GRADES if self.counted >= least)

    @property
    def level(self) -> str:
        """The government of the grade's level, one higher once it climbed (493, 19; 20)."""
        named = next(height for least, _, height in GRADES if self.counted >= least)
        return LEVELS[named + self.climbed]

    @property
    def paused(self) -> bool:
        """Whether an appraisal goes on."""
        return any(until is None for _, until in self.appraisals)

    def closes(self, *, days: int) -> datetime:
        """24:00 of the day so many days after the accident."""
        return midnight(self.happened_on + (days + 1) * DAY)

    def due_on(self) -> date | None:
        """The last day of the limit that runs (Decree 493, 27, 29 and 32)."""
        if self.status == "submitted":
            begun = self.reviews[-1][0]
            assert begun is not None
            return begun + 15 * DAY
        if self.status not in UNDECIDED or self.paused:
            return None
        day, left = self.starts_on, 60 + self.extended
        while left:
            day += DAY
            left -= not any(
                after < day <= until
                for after, until in (*self.appraisals, *self.reviews)
                if after is not None and until is not None
            )
        return day

    def corrects(self, day: date) -> None:
        """Another day is another window: everything that was said is held against it."""
        self.happened_on = day
        if self.generation == 1 and self.status in UNDECIDED:
            self.starts_on = day
        first, *later = self.statements
        self.counted, self.late = first[0], 0
        for deaths, known, received in later:
            self.weighs(deaths, known_at=known, now=received)

    def hears(self, deaths: int, *, known_at: datetime | None, now: datetime) -> None:
        """One more statement of the dead."""
        self.statements.append((deaths, known_at, now))
        self.weighs(deaths, known_at=known_at, now=now)

    def weighs(self, deaths: int, *, known_at: datetime | None, now: datetime) -> None:
        """Dead that were known inside the window count; the others are recorded (493, 13)."""
        closes = self.closes(days=self.window)
        told = known_at is not None and known_at > self.known_at
        if now < closes or (told and known_at is not None and known_at < closes):
            dead = self.counted + self.late
            self.late = max(dead - deaths, 0) if self.late else 0
            self.counted = deaths
        else:
            self.late = max(deaths - self.counted, 0)

    def met(self) -> set[str]:
        """What the walk has come by, so that it is known to have come by everything."""
        marks = {
            "late": self.late,
            "climbed": self.climbed,
            "reopened": self.generation > 1,
            "delegated": self.delegated,
            "extended": self.extended,
            "paused": self.paused,
            "outgrown": self.reviews and self.holder != self.level,
        }
        return {self.status, self.grade, *(name for name, there in marks.items() if there)}

    def follows(self, today: date) -> None:
        """An undecided case goes where its authority goes, and is investigated there."""
        if self.status not in UNDECIDED or self.holder == self.level:
            return
        self.holder, self.delegated = self.level, None
        if self.status == "submitted":
            self.reviews[-1][1] = today
        if self.status != "open":
            self.status = "investigating"


def most_dead(model: Model) -> int:
    """The most that anybody said: as many may count once the day is corrected."""
    return max(deaths for deaths, *_ in model.statements)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


@dataclass
class Walk:
    """A case on the stage beside its model."""

    stage: Stage
    chance: Random
    body: Body
    model: Model
    reported_on: date
    appraisal: str | None = None

    @property
    def accident(self) -> str:
        return str(self.body["accident_id"])

    @property
    def today(self) -> date:
        return self.stage.now.astimezone(SHANGHAI).date()

    async def asks(
        self, path: str, body: Body | None = None, *, by: Any, expect: int
    ) -> dict[str, Any]:
        """Do it, and meet with just what the model expects."""
        answer = await post(self.stage, by, self.accident, path, body)
        assert answer.status_code == expect, (path, answer.text, self.model)
        said: dict[str, Any] = answer.json()
        return said

    def decider(self, holder: str) -> tuple[Any, bool]:
        """The leader of some level; mostly that of the holder."""
        level = self.chance.choice((*LEVELS, holder, holder, holder))
        return LEADERS[level], level == holder

    async def pass_time(self) -> None:
        self.stage.now += self.chance.choice((timedelta(hours=7), DAY, 3 * DAY, 8 * DAY, 21 * DAY))

    async def casualties(self) -> None:
        most = 9 if self.model.climbed else 12
        deaths = self.chance.choice((1, 2, 3, 4, 9, most))
        said: Body = {"casualties": {"deaths": deaths}}
        known_at = None
        if self.chance.random() < 0.5:
            passed = (self.stage.now - self.model.known_at) * self.chance.random()
            known_at = self.model.known_at + passed
            said["known_at"] = known_at.isoformat()
        await follow_up(self.stage, self.body, **said)
        self.model.hears(deaths, known_at=known_at, now=self.stage.now)

    async def correction(self) -> None:
        """A desk finds that it happened some days before it was reported."""
        day = self.reported_on - self.chance.choice((0, 1, 3, 8)) * DAY
        if self.model.climbed and most_dead(self.model) >= 10:
            return  # nobody on this stage stands above the province
        happened = midnight(day) + timedelta(minutes=5)
        await correct(self.stage, self.body, happened_at=happened)
        self.model.corrects(day)

    async def concealment(self) -> None:
        if self.model.climbed or most_dead(self.model) >= 10:
            return
        said = {"accident_id": self.accident, "kind": "concealed", "evidence": "监控记录"}
        answer = await self.stage.as_(INVESTIGATOR).post(
            "/incidents/findings", json=said | {"status": "preliminary"}
        )
        assert answer.status_code == 201, answer.text
        self.model.climbed = True

    async def delegate(self) -> None:
        model = self.model
        by, right = self.decider(model.holder)
        to = f"{PLACES[model.holder]}.emergency"
        may = model.status in ("open", "investigating")
        expect = 403 if not right else 201 if may else 409
        await self.asks("delegations", {"to": to, **DOCUMENT}, by=by, expect=expect)
        if expect == 201:
            model.delegated = to

    async def begin(self) -> None:
        model = self.model
        level = self.chance.choice((model.holder, "county"))
        able = LEVELS.index(level) >= LEVELS.index(model.holder)
        expect = 403 if not able else 200 if model.status == "open" else 409
        await self.asks("begin", by=TEAMS[level], expect=expect)
        if expect == 200:
            model.status = "investigating"

    async def extend(self) -> None:
        model, days = self.model, self.chance.choice((5, 20, 60, 61))
        by, right = self.decider(model.holder)
        due = model.due_on()
        running = model.status in ("open", "investigating", "returned")
        in_time = model.paused or (due is not None and self.today <= due)
        may = running and in_time and model.extended + days <= 60
        expect = 403 if not right else 201 if may else 409
        await self.asks("extensions", {"days": days, **DOCUMENT}, by=by, expect=expect)
        if expect == 201:
            model.extended += days

    async def appraise(self) -> None:
        model, team = self.model, TEAMS[self.model.holder]
        day = self.today.isoformat()
        if self.appraisal is not None:
            await self.asks(
                f"appraisals/{self.appraisal}/end", {"ended_on": day}, by=team, expect=200
            )
            self.appraisal, model.appraisals[-1][1] = None, self.today
            return
        due = model.due_on()
        may = model.status in ("investigating", "returned") and due is not None and self.today < due
        said = {"subject": "原因", "institution": "中心", "began_on": day}
        made = await self.asks("appraisals", said, by=team, expect=201 if may else 409)
        if may:
            self.appraisal = made["id"]
            model.appraisals.append([self.today, None])

    async def hand_in(self) -> None:
        model, team = self.model, TEAMS[self.model.holder]
        writes = model.status in ("investigating", "returned")
        if writes:
            await written(self.stage, self.accident, team)
        may = writes and not model.paused
        await self.asks("submissions", by=team, expect=201 if may else 409)
        if may:
            model.status = "submitted"
            model.reviews.append([self.today, None])

    async def decide(self) -> None:
        model = self.model
        decision = self.chance.choice(("approved", "approved", "returned"))
        by, right = self.decider(model.holder)
        expect = 403 if not right else 200 if model.status == "submitted" else 409
        await self.asks("decision", {"decision": decision, **DOCUMENT}, by=by, expect=expect)
        if expect == 200:
            model.status, model.reviews[-1][1] = decision, self.today

    async def publish(self) -> None:
        model = self.model
        if model.status == "open":  # a report that was known from elsewhere: not played here
            return
        said = {"published_on": self.today.isoformat(), "title": "调查报告"}
        may = model.status == "approved"
        await self.asks("publication", said, by=TEAMS[model.holder], expect=201 if may else 409)
        if may:
            model.status = "published"

    async def close(self) -> None:
        model = self.model
        by, right = self.decider(model.holder)
        if model.status == "published":
            await settled_by(self.stage, self.accident, TEAMS[model.holder])
        expect = 403 if not right else 200 if model.status == "published" else 409
        await self.asks("close", by=by, expect=expect)
        if expect == 200:
            model.status = "closed"

    async def reopen(self) -> None:
        model = self.model
        by, right = self.decider(model.level)
        expect = 403 if not right else 201 if model.status == "closed" else 409
        await self.asks("reopen", DOCUMENT, by=by, expect=expect)
        if expect == 201:
            self.model.generation += 1
            model.status, model.holder, model.delegated = "open", model.level, None
            model.starts_on, model.extended = self.today, 0
            model.appraisals, model.reviews = [], []

    def likely(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """What moves a case on from where it stands, so that the walk gets to its end."""
        return {
            "open": (self.begin,),
            "investigating": (self.appraise,) if self.appraisal else (self.hand_in,),
            "returned": (self.appraise,) if self.appraisal else (self.hand_in,),
            "submitted": (self.decide,),
            "approved": (self.publish,),
            "published": (self.close,),
            "closed": (self.reopen,),
        }[self.model.status]

    def anything(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """Every step there is, fitting or not."""
        return (
            self.casualties,
            self.casualties,
            self.correction,
            self.concealment,
            self.delegate,
            self.begin,
            self.extend,
            self.appraise,
            self.hand_in,
            self.decide,
            self.publish,
            self.close,
            self.reopen,
        )

    async def step(self) -> None:
        """Let time pass or something happen; then the stage and the model are one."""
        for _ in range(self.chance.choice((0, 0, 1))):
            await self.pass_time()
            await self.matches()
        kinds = self.likely() if self.chance.random() < 0.4 else self.anything()
        await self.chance.choice(kinds)()
        await self.matches()

    async def matches(self) -> None:
        """Everything that follows has followed, and it is what the model says."""
        await hear_own(self.stage)
        self.model.follows(self.today)
        await self.stage.fire_until(self.stage.now, "investigation_due", "investigation_warning")
        assert await self.stands() == self.expected(), self.model

    async def stands(self) -> dict[str, Any]:
        [accident] = await self.stage.rows(Accident, id=UUID(self.accident))
        cases = await self.stage.rows(Investigation, accident_id=UUID(self.accident))
        case = max(cases, key=lambda one: one.generation)
        thing = f"{self.accident}:{case.generation}"
        timers = await self.stage.rows(Timer, kind="investigation_due", entity_id=thing)
        return {
            "grade": accident.grade,
            "dead": (accident.deaths, accident.late_deaths),
            "authority": accident.investigating_unit,
            "holder": case.unit,
            "generation": case.generation,
            "status": case.status,
            "delegated": case.delegated_to,
            "due": [
                timer.due_at
                for timer in timers
                if timer.cancelled_at is None and timer.fired_at is None
            ],
        }

    def expected(self) -> dict[str, Any]:
        model, due = self.model, self.model.due_on()
        ends = midnight(due + DAY) if due is not None else None
        return {
            "grade": model.grade,
            "dead": (model.counted, model.late),
            "authority": f"{PLACES[model.level]}.government",
            "holder": f"{PLACES[model.holder]}.government",
            "generation": model.generation,
            "status": model.status,
            "delegated": model.delegated,
            "due": [ends] if ends is not None and ends > self.stage.now else [],
        }


async def begun(stage: Stage, chance: Random, *, year: int) -> Walk:
    """The accident of a year, reported an hour after it happened."""
    day = date(2023 + year, chance.randint(1, 12), chance.randint(1, 28))
    happened = midnight(day) + timedelta(hours=chance.randint(0, 22))
    stage.now = max(stage.now, happened + timedelta(hours=1))
    kind, deaths = chance.choice(tuple(WINDOWS)), chance.choice((1, 2, 3, 9))
    known = happened + timedelta(minutes=30)
    body = await reported(
        stage,
        industry="C26",
        accident_type=kind,
        casualties={"deaths": deaths},
        direct_loss_wan=10,
        occurred_at=happened.isoformat(),
        known_at=known.isoformat(),
    )
    model = Model(
        happened_on=day,
        window=WINDOWS[kind],
        known_at=known,
        counted=deaths,
        starts_on=day,
        statements=[(deaths, known, stage.now)],
    )
    return Walk(stage=stage, chance=chance, body=body, model=model, reported_on=day)


@pytest.mark.parametrize("seed", [493, 2023])
async def test_ten_years_of_cases_go_as_the_law_says(incidents: Stage, seed: int) -> None:
    chance = Random(seed)
    met = set[str]()
    for year in range(YEARS):
        walk = await begun(incidents, chance, year=year)
        await walk.matches()
        for _ in range(STEPS):
            await walk.step()
            met |= walk.model.met()

    assert met >= {*UNDECIDED, "approved", "published", "closed", "larger", "major"}
    assert met >= {"late", "climbed", "reopened", "delegated", "extended", "paused", "outgrown"}
