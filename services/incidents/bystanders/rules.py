"""Which reports of the public need a closer look, and by when a desk must have looked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kernel.gcra import Rate
from reference import national, nearby
from reference.cityrows import Place

FREE = Rate(per_second=1 / 60, burst=5)
"""What one address may report without being looked at more closely."""

CEILING = Rate(per_second=1 / 10, burst=30)
"""What one address may report at all; beyond it people are asked to telephone."""

LONGEST_AGO = timedelta(days=30)
SHORTEST_TEXT = 6


class Doubt(StrEnum):
    """Why a report is looked at more closely. None of them is a reason to drop it."""

    HURRIED = "hurried"  # 同一地址短时间内多次报告
    BARE = "bare"  # 描述过短
    NOWHERE = "nowhere"  # 未说明地点
    FAR_AWAY = "far_away"  # 坐标不在本市范围
    LONG_AGO = "long_ago"  # 所述时间过早
    REPEATED = "repeated"  # 与此前报告内容相同


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody at the scene says, as far as its plausibility goes."""

    text: str
    has_place: bool
    point: Place | None = None
    seen_at: datetime | None = None
    received_at: datetime
    within_allowance: bool = True
    said_before: bool = False


def doubts(word: Word) -> tuple[Doubt, ...]:
    """What is out of the ordinary is looked at more closely, never dropped (platform).

    A text of six characters is long enough, 30 days ago is recent enough, and the edge of the
    city is inside.
    """
    long_ago = word.seen_at is not None and word.received_at - word.seen_at > LONGEST_AGO
    far = word.point is not None and not nearby.inside(word.point)
    found = {
        Doubt.HURRIED: not word.within_allowance,
        Doubt.BARE: len(word.text.strip()) < SHORTEST_TEXT,
        Doubt.NOWHERE: not word.has_place and word.point is None,
        Doubt.FAR_AWAY: far,
        Doubt.LONG_AGO: long_ago,
        Doubt.REPEATED: word.said_before,
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def check_due(*, received_at: datetime, on: date) -> tuple[datetime, str]:
    """A desk looks into a report of the public within half an hour (platform).

    Gives the instant and the rule that says so.
    """
    row = national.DEADLINES.one("public_report_check", on=on)
    return received_at + timedelta(hours=float(row.hours or 0)), row.rule
