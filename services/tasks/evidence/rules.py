"""What looks wrong with evidence, and who may take an acceptance back. Pure.

Nothing is refused for what is found here: a reviewer sees it and decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from kernel import calendar
from kernel.calendar import SHANGHAI
from reference import nearby
from reference.cityrows import Place
from reference.terms import Term
from services.tasks.credits.rules import Span


class FlagKind(Term):
    """What looks wrong with a piece of evidence. Their order says nothing."""

    REUSED_FILE = "reused_file", "文件重复使用", "a file used before"
    LIKE_PICTURE = "like_picture", "照片与已交照片高度相似", "a photo like one used before"
    COPIED_WORDS = "copied_words", "文字与已交材料高度重合", "words copied from before"
    IN_FUTURE = "in_future", "所述日期晚于提交日期", "a day that is still to come"
    AFTER_DEADLINE = "after_deadline", "所述日期晚于期限", "done after the deadline"
    BEFORE_PERIOD = "before_period", "所述日期早于周期", "done before the period"
    PHOTO_TIME = "photo_time", "拍摄时间与所述时间不符", "the photo is of another time"
    PHOTO_PLACE = "photo_place", "拍摄地点与所述地点不符", "the photo is of another place"
    OUTSIDE_AREA = "outside_area", "地点在本市范围之外", "a place outside of the city"
    TOO_FAST = "too_fast", "与另一活动的时间地点相冲突", "too far from another act at that time"
    NO_UNIT = "no_unit", "所述日期该单位不存在", "there was no such unit on that day"
    NO_HOLDER = "no_holder", "所述日期无人任该职务", "nobody held the post on that day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something that looks wrong, in words, and what it contradicts."""

    kind: FlagKind
    zh: str
    en: str
    contradicts: UUID | None = None
    """The earlier evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a piece of evidence says of itself, beside what is owed and when it was handed in."""

    happened_on: date | None
    happened_at: datetime | None = None
    point: Place | None = None
    span: Span
    due_on: date
    """The last day on which it is in time."""
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What a photo says of itself."""

    taken_at: datetime | None = None
    point: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Another act of the same subject."""

    evidence_id: UUID
    happened_at: datetime
    point: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """Something earlier that is like a part of this."""

    evidence_id: UUID
    kind: FlagKind
    same_obligation: bool
    same_day: bool
    together: bool
    """Whether it is of somebody with whom this was done together."""
    other_time: bool = False
    """Whether both of the same obligation name a time, and not the same."""
    bits: int = 0
    percent: int = 100


_ONE_PLACE_M = 1000
"""Two points as near as this may be one place."""


def days(stated: Stated) -> Iterator[Flag]:
    """An act lies in its period, before its deadline, and not in the future (platform)."""
    day = stated.happened_on
    if day is None:
        return
    if day > stated.today:
        yield Flag(
            kind=FlagKind.IN_FUTURE,
            zh=f"所述日期 {day}，提交日期 {stated.today}。",
            en=f"Said to have been on {day}, handed in on {stated.today}.",
        )
    if day > stated.due_on:
        yield Flag(
            kind=FlagKind.AFTER_DEADLINE,
            zh=f"所述日期 {day}，期限 {stated.due_on}。",
            en=f"Said to have been on {day}, due on {stated.due_on}.",
        )
    if stated.span.first is not None and day < stated.span.first:
        yield Flag(
            kind=FlagKind.BEFORE_PERIOD,
            zh=f"所述日期 {day}，周期自 {stated.span.first} 起。",
            en=f"Said to have been on {day}, the period begins on {stated.span.first}.",
        )


def photos(
    stated: Stated, shots: Iterable[Shot], *, metres: Decimal, minutes: Decimal
) -> Iterator[Flag]:
    """A photo was taken about when and where the act is said to have been (platform)."""
    for shot in shots:
        if shot.taken_at is not None and not _about_then(stated, shot.taken_at, minutes):
            taken = shot.taken_at.astimezone(SHANGHAI)
            yield Flag(
                kind=FlagKind.PHOTO_TIME,
                zh=f"照片拍摄于 {taken:%Y-%m-%d %H:%M}。",
                en=f"The photo was taken at {taken:%Y-%m-%d %H:%M}.",
            )
        if shot.point is not None and stated.point is not None:
            apart = nearby.metres(shot.point, stated.point)
            if apart > metres:
                yield Flag(
                    kind=FlagKind.PHOTO_PLACE,
                    zh=f"照片拍摄于距所述地点约 {apart / 1000:.1f} 公里处。",
                    en=f"The photo was taken about {apart / 1000:.1f} km from the stated place.",
                )


def _about_then(stated: Stated, taken_at: datetime, minutes: Decimal) -> bool:
    if stated.happened_at is not None:
        return abs(taken_at - stated.happened_at) <= timedelta(minutes=float(minutes))
    return stated.happened_on is None or calendar.day_of(taken_at) == stated.happened_on


def places(stated: Stated, shots: Iterable[Shot]) -> Iterator[Flag]:
    """What a subject of the city does, it does in the city as a rule (platform)."""
    points = {point for point in (stated.point, *(shot.point for shot in shots)) if point}
    for point in sorted(points, key=lambda point: (point.lon, point.lat)):
        if not nearby.inside(point):
            yield Flag(
                kind=FlagKind.OUTSIDE_AREA,
                zh=f"东经 {point.lon:.4f}、北纬 {point.lat:.4f} 不在本市范围内。",
                en=f"{point.lon:.4f} E, {point.lat:.4f} N lies outside of the city.",
            )


def travel(stated: Stated, others: Iterable[Elsewhere], *, kmh: Decimal) -> Iterator[Flag]:
    """Nobody is at two places that are too far apart for the time between (platform)."""
    if stated.happened_at is None or stated.point is None:
        return
    for other in others:
        apart = nearby.metres(stated.point, other.point)
        between = abs(stated.happened_at - other.happened_at)
        within = float(kmh) * 1000 * (between / timedelta(hours=1))
        if apart > max(_ONE_PLACE_M, within):
            minutes = between // timedelta(minutes=1)
            yield Flag(
                kind=FlagKind.TOO_FAST,
                zh=f"与另一活动相距约 {apart / 1000:.0f} 公里，相隔仅 {minutes} 分钟。",
                en=f"Another act is about {apart / 1000:.0f} km away, {minutes} minutes apart.",
                contradicts=other.evidence_id,
            )


def copies(found: Iterable[Copied], *, bits: Decimal, percent: Decimal) -> Iterator[Flag]:
    """A photo, a file or minutes prove one act of one subject (platform).

    What is handed in again for the same act is none, nor what those share who did it together.
    Of one earlier piece the plainest copy is told.
    """
    told: set[UUID] = set()
    ordered = sorted(found, key=lambda one: one.kind.rank)
    for one in ordered:
        if one.evidence_id in told or not _is_copy(one, bits=bits, percent=percent):
            continue
        told.add(one.evidence_id)
        words = _COPIED[one.kind]
        where_zh, where_en = ("同一任务", "this obligation")
        if not one.same_obligation:
            where_zh, where_en = ("另一任务", "another obligation")
        yield Flag(
            kind=one.kind,
            zh=words[0].format(where=where_zh, percent=one.percent),
            en=words[1].format(where=where_en, percent=one.percent),
            contradicts=one.evidence_id,
        )


_COPIED = {
    FlagKind.REUSED_FILE: (
        "同一文件已用于{where}的其他佐证。",
        "The very file was handed in for other evidence of {where}.",
    ),
    FlagKind.LIKE_PICTURE: (
        "照片与{where}已交照片几乎相同。",
        "The photo is nearly the same as one of {where}.",
    ),
    FlagKind.COPIED_WORDS: (
        "文字与{where}已交材料约有 {percent}% 相同。",
        "About {percent}% of the words are those of evidence of {where}.",
    ),
}


def _is_copy(one: Copied, *, bits: Decimal, percent: Decimal) -> bool:
    if one.same_day and (one.same_obligation or one.together) and not one.other_time:
        return False
    if one.kind is FlagKind.LIKE_PICTURE:
        return one.bits <= bits
    return one.kind is FlagKind.REUSED_FILE or one.percent >= percent


def there(stated: Stated, *, unit_stood: bool, post_held: bool) -> Iterator[Flag]:
    """A unit that was not there, and a head whom there was not, did nothing (platform)."""
    day = stated.happened_on
    if not unit_stood:
        yield Flag(
            kind=FlagKind.NO_UNIT,
            zh=f"{day} 尚无或已无该单位。",
            en=f"There was no such unit on {day}.",
        )
    elif not post_held:
        yield Flag(
            kind=FlagKind.NO_HOLDER,
            zh=f"{day} 该单位主要负责人空缺。",
            en=f"On {day} nobody was head of the unit.",
        )


def may_withdraw(*, by_region: str, reviewed_from: str, auditor: bool) -> bool:
    """An acceptance is taken back from above whoever gave it, or by an auditor (platform)."""
    above = len(by_region) < len(reviewed_from) and reviewed_from.startswith(by_region)
    return auditor or above
