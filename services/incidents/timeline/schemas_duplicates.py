"""How it reads that several reports may be one accident, and that it reaches further places."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from kernel import calendar
from reference import national, regions
from services.incidents.accidents.tables import Accident
from services.incidents.duplicates.domain import Status
from services.incidents.duplicates.tables import Likeness
from services.incidents.sharing.tables import Share
from services.incidents.timeline.queries_duplicates import Doubles
from services.incidents.timeline.schemas import Entry, EntryKind, Words, names, somebody

_APART = {
    Status.KEPT_APART: ("判定与{zh}不是同一起", "found it and {en} to be two accidents"),
    Status.SETTLED: ("因另一起已合并，与{zh}的比对了结", "settled the pair: {en} or it was merged"),
}


def likened(accident: Accident, doubles: Doubles) -> Iterator[Entry]:
    """Each other accident that it was taken for, and that a person kept them apart."""
    for pair in doubles.pairs:
        other = _other(pair, accident.id)
        zh, en = _another(doubles, other)
        grounds = _grounds(pair)
        yield Entry(
            at=pair.found_at,
            kind=EntryKind.DUPLICATE,
            other_accident_id=other,
            zh=f"与{zh}疑似重复（{'、'.join(zh for zh, _ in grounds)}），待人工判定",
            en=f"it may be one with {en} ({', '.join(en for _, en in grounds)}); a person is asked",
        )
        if pair.stands in _APART and pair.decided_at is not None:
            desk = somebody(pair.unit, zh="平台", en="the platform")
            said = _APART[pair.stands]
            yield Entry(
                at=pair.decided_at,
                kind=EntryKind.DUPLICATE,
                unit=pair.unit,
                other_accident_id=other,
                zh=f"{desk[0]}{said[0].format(zh=zh)}：{pair.why}",
                en=f"{desk[1]} {said[1].format(en=en)}: {pair.why}",
            )


def _grounds(pair: Likeness) -> list[Words]:
    """Why the two look like one, in the words of the day it was found."""
    rows = national.RESEMBLANCES.at(calendar.day_of(pair.found_at))
    known = {row.code: (row.zh, row.en) for row in rows}
    return [known.get(code, (code, code)) for code in pair.reasons] or [("人工提出", "by hand")]


def _other(pair: Likeness, accident_id: UUID) -> UUID:
    return pair.other_id if pair.accident_id == accident_id else pair.accident_id


def _another(doubles: Doubles, accident_id: UUID) -> Words:
    """The other accident by its place, where the actor may read it."""
    place = doubles.places.get(accident_id)
    if place is None:
        return "另一起事故", "another accident"
    return f"另一起事故（{place}）", f"another accident (at {place})"


def merged(accident: Accident, doubles: Doubles) -> Iterator[Entry]:
    """That it goes on as another accident, and each that goes on as this one."""
    why = {
        _other(pair, accident.id): pair for pair in doubles.pairs if pair.stands is Status.MERGED
    }
    if accident.merged_into is not None and accident.merged_at is not None:
        zh, en = _another(doubles, accident.merged_into)
        yield _merger(
            accident,
            EntryKind.MERGED_INTO,
            accident.merged_into,
            why.get(accident.merged_into),
            zh=f"与{zh}判定为同一起，本起并入，后续见该起事故",
            en=f"it is one with {en}, merged into it, and goes on there",
        )
    for gone in doubles.merged_from:
        yield _merger(
            gone,
            EntryKind.MERGED_FROM,
            gone.id,
            why.get(gone.id),
            zh=f"另一起事故（{gone.place}）判定为同一起，并入本起",
            en=f"another accident (at {gone.place}) is one with it and was merged into it",
        )


def _merger(
    gone: Accident, kind: EntryKind, other: UUID, pair: Likeness | None, *, zh: str, en: str
) -> Entry:
    """The merger itself; why it was decided is told to those who may see the pair."""
    assert gone.merged_at is not None
    reason = f"：{pair.why}" if pair else ""
    return Entry(
        at=gone.merged_at,
        kind=kind,
        unit=pair.unit if pair else None,
        other_accident_id=other,
        zh=zh + reason,
        en=en + (f": {pair.why}" if pair else ""),
    )


def shared(shares: Iterable[Share]) -> Iterator[Entry]:
    """Each further place that was told, because the accident reaches into it."""
    for share in shares:
        zh, en = _place(share.region_code)
        desk = names(share.unit)
        yield Entry(
            at=share.shared_at,
            kind=EntryKind.SHARED,
            unit=share.unit,
            zh=f"事故涉及{zh}，已通报{desk[0]}",
            en=f"it reaches into {en}; {desk[1]} was told",
        )


def _place(code: str) -> Words:
    try:
        place = regions.region(code)
    except regions.UnknownRegion:
        return code, code
    return place.zh, place.en
