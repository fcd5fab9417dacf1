"""How calls, notices, readings, rescues, their days and corrected counts read in words."""

from collections.abc import Iterable, Iterator

from services.incidents.notices.tables import Notice
from services.incidents.readings.tables import DeskReading
from services.incidents.relays.tables import Relay
from services.incidents.rescues.domain import MERGED, RescueAction
from services.incidents.rescues.tables import FollowUpDay, RescueStep
from services.incidents.timeline.schemas import (
    Entry,
    EntryKind,
    Words,
    late_by,
    names,
    somebody,
    stamped,
)
from services.incidents.tolls.tables import TollChange


def called(calls: Iterable[Relay]) -> Iterator[Entry]:
    """Each telephone call past the levels, owed, made or overdue."""
    for call in calls:
        caller, hearer = names(call.from_unit), names(call.to_unit)
        stamps = (
            (
                call.planned_at,
                EntryKind.CALL_OWED,
                f"须电话快报{hearer[0]}",
                f"must telephone {hearer[1]}",
            ),
            (
                call.overdue_at,
                EntryKind.CALL_OVERDUE,
                f"超时未电话快报{hearer[0]}",
                f"was overdue in telephoning {hearer[1]}",
            ),
            (
                call.phone_at,
                EntryKind.CALL_MADE,
                f"电话快报{hearer[0]}",
                f"telephoned {hearer[1]}",
            ),
        )
        for at, kind, zh, en in stamps:
            if at is not None:
                yield Entry(
                    at=at,
                    kind=kind,
                    due_at=call.due_at,
                    late_by_seconds=late_by(at, call.due_at)
                    if kind is not EntryKind.CALL_OWED
                    else 0,
                    unit=call.from_unit,
                    level=call.reaches,
                    zh=caller[0] + zh,
                    en=f"{caller[1]} {en}",
                )


def notified(notices: Iterable[Notice]) -> Iterator[Entry]:
    """Each body beside the line, to be told, overdue and told."""
    for notice in notices:
        desk, body = names(notice.from_unit), names(notice.to_unit)
        yield Entry(
            at=notice.opened_at,
            kind=EntryKind.NOTICE_OWED,
            due_at=notice.due_at,
            unit=notice.from_unit,
            zh=f"{desk[0]}须通知{body[0]}",
            en=f"{desk[1]} must notify {body[1]}",
        )
        if notice.overdue_at is not None:
            yield Entry(
                at=notice.overdue_at,
                kind=EntryKind.NOTICE_OVERDUE,
                due_at=notice.due_at,
                late_by_seconds=late_by(notice.overdue_at, notice.due_at),
                unit=notice.from_unit,
                zh=f"{desk[0]}超时未通知{body[0]}",
                en=f"{desk[1]} was overdue in notifying {body[1]}",
            )
        if notice.told_at is not None:
            yield Entry(
                at=notice.told_at,
                kind=EntryKind.NOTICE_TOLD,
                due_at=notice.due_at,
                late_by_seconds=late_by(notice.told_at, notice.due_at),
                unit=notice.from_unit,
                zh=f"{desk[0]}通知{body[0]}",
                en=f"{desk[1]} notified {body[1]}",
            )


def read(readings: Iterable[DeskReading]) -> Iterator[Entry]:
    """Each desk's first reading."""
    for reading in readings:
        desk = names(reading.unit)
        yield Entry(
            at=reading.read_at,
            kind=EntryKind.READ,
            unit=reading.unit,
            zh=f"{desk[0]}阅知",
            en=f"{desk[1]} read it",
        )


_SAID = {
    RescueAction.END: (EntryKind.RESCUE_ENDED, "宣布救援结束", "said that the rescue has ended"),
    RescueAction.RESUME: (EntryKind.RESCUE_RESUMED, "恢复救援", "said that the rescue goes on"),
}


_WITH_ANOTHER = (
    "随并入的事故一并续报，本起不再续报",
    "whoever follows up does so on the accident it was merged into",
)


def rescued(steps: Iterable[RescueStep]) -> Iterator[Entry]:
    """What was said of the rescue."""
    for step in steps:
        kind, zh, en = _SAID[RescueAction(step.action)]
        if step.reason == MERGED:
            yield from stamped(kind, ((step.at, *_WITH_ANOTHER),))
            continue
        desk = somebody(step.unit)
        yield Entry(
            at=step.at,
            kind=kind,
            unit=step.unit,
            zh=f"{desk[0]}{zh}：{step.reason}",
            en=f"{desk[1]} {en}: {step.reason}",
        )


def missed(days: Iterable[FollowUpDay]) -> Iterator[Entry]:
    """Each day that ended without its follow-ups."""
    for day in days:
        if day.missed_at is not None:
            desk = names(day.unit)
            yield Entry(
                at=day.missed_at,
                kind=EntryKind.FOLLOW_UP_MISSED,
                due_at=day.due_at,
                unit=day.unit,
                zh=f"{desk[0]}{day.day}未按期续报（应{day.needed}次）",
                en=f"{desk[1]} missed the follow-up of {day.day} ({day.needed} owed)",
            )


def recounted(changes: Iterable[TollChange]) -> Iterator[Entry]:
    """Each count that came late, and each that fell, with the reason."""
    for change in changes:
        if change.fell:
            zh, en = _fallen(change)
        elif change.late:
            zh, en = "伤亡人数变化未当日续报", "a changed count was not reported on its day"
        else:
            continue
        yield Entry(
            at=change.received_at,
            kind=EntryKind.TOLL_CORRECTED if change.fell else EntryKind.TOLL_LATE,
            due_at=change.due_at,
            late_by_seconds=late_by(change.received_at, change.due_at)
            if change.late and change.due_at
            else 0,
            version=change.version,
            zh=zh,
            en=en,
        )


_PRESUMED = "missing_presumed_dead"
_COUNTS = (("deaths", "死亡", "dead"), ("serious_injuries", "重伤", "seriously injured"))


def _fallen(change: TollChange) -> Words:
    """Which counts fell from what to what; the missing who are not dead after all are none."""
    moved = [
        (zh, en, change.before[name], change.after[name])
        for name, zh, en in _COUNTS
        if change.before[name] != change.after[name]
    ]
    zh = "，".join(f"{zh}{was}人更正为{now}人" for zh, _, was, now in moved)
    en = ", ".join(f"{was} {en} to {now}" for _, en, was, now in moved)
    fallen = f"由{zh}" if zh else "核减"
    if change.before.get(_PRESUMED) and not change.after.get(_PRESUMED):
        fallen = f"{fallen}，失联人员不再推定死亡"
        en = f"{en}, the missing no longer presumed dead" if en else "the missing presumed dead"
    return (
        f"伤亡人数{fallen}：{change.reason or '未说明原因'}",
        f"the count was corrected{f' from {en}' if en else ''}:"
        f" {change.reason or 'no reason given'}",
    )
