"""Accidents of a played quarter: what is told of them, and whom that asks for what."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from contracts.incidents import (
    AccidentCorrected,
    AccidentMerged,
    AccidentStruckOff,
    FindingDismissed,
)
from kernel import calendar
from kernel.ids import uuid7
from reference import holidays
from reference.terms import Finding, FindingStatus, Grade, Level
from tests.services.tasks import quarteracts
from tests.services.tasks.hotline import at
from tests.services.tasks.quarterlog import Accident, Owed
from tests.services.tasks.quarterplan import (
    CHANGNING,
    COUNTIES,
    HENGDONG,
    LEIYANG,
    PARKS,
    PLAN,
    SHIGU,
    closes,
    meant,
    plays,
)
from tests.services.tasks.quarterplay import Play, speaker
from tests.services.tasks.scoring import MAYOR, OFFICE, PARK
from tests.services.tasks.story import CITY, found, published, regraded, reported

_INVESTIGATED_BY = {Grade.LARGER: CITY, Grade.MAJOR: "430000"}


def planned(play: Play) -> None:
    """Some by chance, and some whose story is told further."""
    for place in (LEIYANG, CHANGNING, SHIGU, *PARKS):  # Hengdong has as many as the year before
        for _ in range(play.chance.randrange(3)):
            when = play.between(at(4, 1), at(6, 30))
            play.plan(when, partial(happened, play, place, Grade.GENERAL))
    for day, place, story in (
        (at(4, 12, 7), CHANGNING, _then_restated),
        (at(5, 9, 7), CHANGNING, _then_carded),
        (at(4, 20, 7), LEIYANG, _then_struck_off),
        (at(4, 5, 7), PARK, _then_concealed),
        (at(4, 6, 7), HENGDONG, _then_suspected),
        (at(4, 30, 23), SHIGU, _then_corrected),
        (at(5, 20, 7), LEIYANG, _then_merged),
        (at(6, 3, 7), PARK, _then_graver),
    ):
        play.plan(day, partial(story, play, place))
    play.plan(at(6, 19, 7), partial(happened, play, SHIGU, Grade.MAJOR))


async def happened(
    play: Play, place: str, grade: Grade, *, asks: bool = True, **more: Any
) -> Accident:
    """An accident is reported within the hour, and asks what it asks."""
    one = Accident(id=uuid7())
    unit = f"{_INVESTIGATED_BY.get(grade, place)}.government"
    told = {"happened_at": play.now, "received_at": play.now, "occurred_at": play.now}
    await play.tasks.hear(
        reported(
            accident_id=one.id,
            region_code=place,
            grade=grade,
            relays=(),
            investigating_unit=unit,
            **told | more,
        )
    )
    play.log.accidents.append(one)
    known = {"region": place, "grade": grade.value, "happened": play.now}
    one.told.append((play.now, known | {"slight": more.get("left_out", False)}))
    asked = [*_attending(play, one), _investigating(play, one, unit), *_of_grade(play, one)]
    owed = [new for new in asked if plays(new.unit)]
    await play.opened(owed)
    if asks:
        quarteracts.begin(play, owed)
    return one


def _asked(play: Play, one: Accident, duty: str, unit: str, due_at: datetime, **more: Any) -> Owed:
    return Owed(unit=unit, duty=duty, origin=(one.id, duty), due_at=due_at, **more)


def _attending(play: Play, one: Accident) -> list[Owed]:
    """Whose heads go to the scene: of the place, and of the city from a larger accident on."""
    known = one.stood(play.now)
    places = [known["region"], *([PARKS[known["region"]]] if known["region"] in PARKS else [])]
    if known["grade"] != "general":
        places.append(CITY)
    units = [f"{place}.{slug}" for place in places for slug in ("government", "emergency")]
    return [_asked(play, one, "attendance", unit, one.told[0][0], clocked=False) for unit in units]


def _investigating(play: Play, one: Accident, unit: str) -> Owed:
    day = calendar.day_of(one.stood(play.now)["happened"])
    return _asked(play, one, "investigation", unit, closes(day + timedelta(days=60)))


def _of_grade(play: Play, one: Accident) -> list[Owed]:
    """What the plan asks of the government of the place after a larger accident."""
    known = one.stood(play.now)
    place = PARKS.get(known["region"], known["region"])
    if known["grade"] == "general" or place not in COUNTIES:
        return []
    return [_asked(play, one, "2023/4.1", f"{place}.government", within(play, 10))]


def within(play: Play, days: int) -> datetime:
    """24:00 of a day so many days on, or of the next that is worked."""
    known, day = holidays.calendar(), calendar.day_of(play.now) + timedelta(days=days)
    while day in known.holidays or (day.weekday() >= 5 and day not in known.working_weekends):
        day += timedelta(days=1)
    return closes(day)


def _of(play: Play, one: Accident) -> list[Owed]:
    """What was asked because of an accident, and has not ended."""
    return [
        owed
        for owed in play.log.owed
        if isinstance(owed.origin, tuple)
        and owed.origin[0] == one.id
        and not owed.stood(play.now).over
    ]


async def _then_restated(play: Play, place: str) -> None:
    """A larger accident that is found to be a general one: what only its grade asked is let go."""
    one = await happened(play, place, Grade.LARGER)

    async def restate() -> None:
        unit = f"{place}.government"
        told = regraded(
            Grade.GENERAL,
            unit,
            Level.COUNTY,
            accident_id=one.id,
            region_code=place,
            occurred_at=play.now,
        )
        await play.tasks.hear(told)
        one.told.append((play.now, {"grade": "general"}))
        kept = {owed.unit for owed in _attending(play, one)}
        for owed in _of(play, one):
            elsewhere = owed.duty == "attendance" and owed.unit not in kept
            if elsewhere or owed.duty in ("investigation", "2023/4.1"):
                play.did(owed, "supersede")
        await quarteracts.owed(play, [_investigating(play, one, unit)])

    play.plan(at(6, 5, 9), restate)


async def _then_graver(play: Play, place: str) -> None:
    """A general accident in a park that is found to be a larger one."""
    one = await happened(play, place, Grade.GENERAL)

    async def restate() -> None:
        unit = f"{place}.government"
        told = regraded(
            Grade.LARGER,
            unit,
            Level.COUNTY,
            accident_id=one.id,
            region_code=place,
            occurred_at=play.now,
        )
        await play.tasks.hear(told)
        one.told.append((play.now, {"grade": "larger"}))
        standing = {owed.unit for owed in play.log.owed if owed.origin == (one.id, "attendance")}
        fresh = [new for new in _attending(play, one) if new.unit not in standing]
        owed = [new for new in fresh if plays(new.unit)]
        owed += _of_grade(play, one)
        await quarteracts.owed(play, owed)

    play.plan(at(6, 8, 9), restate)


async def _then_carded(play: Play, place: str) -> None:
    """The second larger accident of a county: its report is published, and a card is imposed."""
    one = await happened(play, place, Grade.LARGER)

    async def publish() -> None:
        known = {"accident_id": one.id, "region_code": place}
        today = calendar.day_of(play.now)
        await play.tasks.hear(published(**known, occurred_at=play.now, published_on=today))
        for owed in _of(play, one):
            if owed.duty == "investigation":
                play.did(owed, "fulfil")
        units = meant(PLAN["4.2"].of)
        owed = [_asked(play, one, "2023/4.2", unit, within(play, 15)) for unit in units]
        await quarteracts.owed(play, owed)

    play.plan(at(5, 10, 9), partial(_card, play, place))
    play.plan(at(6, 1, 9), publish)


async def _card(play: Play, place: str) -> None:
    """It is noticed, answered and imposed by two people."""
    listed = await play.read("/tasks/cards", unit=f"{place}.government")
    [card] = listed["items"]
    notice = {"note": "拟黄牌警告", "threshold_confirmed": True}
    await play.post(OFFICE, f"cards/{card['id']}/notify", notice)
    leader = speaker(f"{place}.government")
    await play.post(leader, f"cards/{card['id']}/reply", {"reply": "整改已完成。"})
    await play.post(MAYOR, f"cards/{card['id']}/impose", {"grounds": "情况属实。"})


async def _then_struck_off(play: Play, place: str) -> None:
    """It was no production-safety accident: it counts nowhere; what it asked was due by then."""
    one = await happened(play, place, Grade.GENERAL)

    async def strike() -> None:
        told = AccidentStruckOff(
            occurred_at=play.now,
            accident_id=one.id,
            region_code=place,
            grade=Grade.GENERAL,
            cause="natural",
            rule="test",
        )
        await play.tasks.hear(told)
        for owed in _of(play, one):
            play.did(owed, "release")
        one.told.append((play.now, {"struck": True}))

    play.plan(at(7, 2, 15), strike)


async def _then_concealed(play: Play, place: str) -> None:
    """A slight accident that was concealed: it does not count, that it was hidden does."""
    one = await happened(play, place, Grade.GENERAL, left_out=True)
    finding = uuid7()
    confirmed = FindingStatus.CONFIRMED
    play.plan(at(4, 27, 9), partial(_suspect, play, one, finding, Finding.CONCEALED))
    play.plan(at(5, 16, 9), partial(_suspect, play, one, finding, Finding.CONCEALED, confirmed))


async def _then_suspected(play: Play, place: str) -> None:
    """An accident whose report was thought to be false, and was not."""
    one = await happened(play, place, Grade.GENERAL)
    finding = uuid7()

    async def dismiss() -> None:
        told = FindingDismissed(
            occurred_at=play.now,
            accident_id=one.id,
            region_code=place,
            finding_id=finding,
            kind=Finding.FALSE,
            grade=Grade.GENERAL,
        )
        await play.tasks.hear(told)
        said = (Finding.FALSE.value, FindingStatus.DISMISSED.value, play.now)
        one.told.append((play.now, {"findings": {finding: said}}))

    play.plan(at(4, 28, 9), partial(_suspect, play, one, finding, Finding.FALSE))
    play.plan(at(5, 20, 9), dismiss)


async def _suspect(
    play: Play,
    one: Accident,
    finding: UUID,
    kind: Finding,
    status: FindingStatus = FindingStatus.PRELIMINARY,
) -> None:
    """A report is found to fall short; who answers for it looks into it, once."""
    told = found(
        kind,
        accident_id=one.id,
        region_code=one.stood(play.now)["region"],
        finding_id=finding,
        status=status,
        grade=Grade.GENERAL,
        occurred_at=play.now,
    )
    await play.tasks.hear(told)
    one.told.append((play.now, {"findings": {finding: (kind.value, status.value, play.now)}}))
    owed = [] if status is FindingStatus.CONFIRMED else _accountable(play, one)
    await quarteracts.owed(play, owed)


def _accountable(play: Play, one: Accident) -> list[Owed]:
    """Who looks into a report that fell short, up to the city."""
    region = one.stood(play.now)["region"]
    due_at = closes(calendar.day_of(play.now) + timedelta(days=30))
    places = [region, *([PARKS[region]] if region in PARKS else []), CITY]
    return [
        _asked(play, one, "accountability", f"{place}.{slug}", due_at)
        for place in places
        for slug in ("government", "emergency")
    ]


async def _then_corrected(play: Play, place: str) -> None:
    """It happened on the next day after all, which lies in another month."""
    one = await happened(play, place, Grade.GENERAL)

    async def correct() -> None:
        happened = at(5, 1, 1)
        told = AccidentCorrected(
            occurred_at=play.now,
            accident_id=one.id,
            region_code=place,
            report_id=uuid7(),
            happened_at=happened,
            grade=Grade.GENERAL,
        )
        await play.tasks.hear(told)
        one.told.append((play.now, {"happened": happened}))

    play.plan(at(6, 20, 9), correct)


async def _then_merged(play: Play, place: str) -> None:
    """Two reports that turn out to be of one accident."""
    one = await happened(play, place, Grade.GENERAL)
    other = await happened(play, place, Grade.GENERAL, received_at=play.now)

    async def merge() -> None:
        told = AccidentMerged(
            occurred_at=play.now,
            accident_id=other.id,
            region_code=place,
            into_id=one.id,
            grade=Grade.GENERAL,
        )
        await play.tasks.hear(told)
        for owed in _of(play, other):
            play.did(owed, "supersede")
        other.told.append((play.now, {"merged": one.id}))

    play.plan(at(5, 30, 9), merge)
