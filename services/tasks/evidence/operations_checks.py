"""Look at evidence that is handed in: what it says against what is known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.access import Principal
from kernel.ids import uuid7
from reference import evidence as pack
from reference.cityrows import Place
from reference.terms import EvidenceKind, EvidenceLimitCode
from services.tasks.evidence import operations_counts as counts
from services.tasks.evidence import queries, rules
from services.tasks.evidence.domain import EvidenceState
from services.tasks.evidence.rules import Copied, Elsewhere, Flag, FlagKind, Shot, Stated
from services.tasks.evidence.tables import Evidence, EvidenceFile, EvidenceFlag
from services.tasks.holders import queries as holders
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations import queries as organisations
from services.tasks.prints import operations as prints
from services.tasks.prints.domain import Of
from services.tasks.prints.operations import Found, Like, Source
from services.tasks.prints.tables import Print

PRINCIPAL = "principal"
_A_DAY = timedelta(days=1)
_MOST_FLAGS = 20
_COPY = {
    Of.FILE: FlagKind.REUSED_FILE,
    Of.PICTURE: FlagKind.LIKE_PICTURE,
    Of.WORDS: FlagKind.COPIED_WORDS,
}


async def look_at(
    session: AsyncSession,
    obligation: Obligation,
    piece: Evidence,
    files: Sequence[EvidenceFile],
    *,
    by: Principal,
    now: datetime,
) -> None:
    """Note everything that looks wrong. Nothing is refused: the reviewer decides."""
    stated = _stated(obligation, piece, now=now)
    found = [
        *rules.days(stated),
        *_photo_flags(stated, files),
        *await _travel_flags(session, piece, stated),
        *await _copy_flags(session, obligation, piece, files, by=by, now=now),
        *await _absence_flags(session, obligation, piece, stated),
    ]
    session.add_all(_row(piece, flag, now=now) for flag in found[:_MOST_FLAGS])


def _stated(obligation: Obligation, piece: Evidence, *, now: datetime) -> Stated:
    return Stated(
        happened_on=piece.happened_on,
        happened_at=piece.happened_at,
        point=_point(piece),
        span=counts.span_of(obligation),
        due_on=counts.due_on(obligation),
        today=calendar.day_of(now),
    )


def _point(row: Evidence | EvidenceFile) -> Place | None:
    if row.lon is None or row.lat is None:
        return None
    return Place(lon=row.lon, lat=row.lat)


def _photo_flags(stated: Stated, files: Sequence[EvidenceFile]) -> Iterator[Flag]:
    shots = [Shot(taken_at=file.taken_at, point=_point(file)) for file in files]
    yield from rules.places(stated, shots)
    yield from rules.photos(
        stated,
        shots,
        metres=pack.limit(EvidenceLimitCode.PHOTO_METRES, on=stated.today),
        minutes=pack.limit(EvidenceLimitCode.PHOTO_MINUTES, on=stated.today),
    )


async def _travel_flags(session: AsyncSession, piece: Evidence, stated: Stated) -> Iterator[Flag]:
    if stated.happened_at is None or stated.point is None:
        return iter(())
    near = await queries.acts_around(session, piece.subject, at=stated.happened_at, within=_A_DAY)
    others = [
        Elsewhere(evidence_id=other.id, happened_at=other.happened_at, point=point)
        for other in near
        if other.id != piece.id and other.happened_at is not None and (point := _point(other))
    ]
    return rules.travel(
        stated, others, kmh=pack.limit(EvidenceLimitCode.SPEED_KMH, on=stated.today)
    )


async def _copy_flags(
    session: AsyncSession,
    obligation: Obligation,
    piece: Evidence,
    files: Sequence[EvidenceFile],
    *,
    by: Principal,
    now: datetime,
) -> Iterator[Flag]:
    source = Source(
        evidence_id=piece.id,
        obligation_id=obligation.id,
        subject=piece.subject,
        region_code=piece.region_code,
        enterprise_uscc=piece.enterprise_uscc,
        happened_on=piece.happened_on,
    )
    likes = await prints.compare_and_keep(
        session, source=source, found=await _found(piece, files), by=by, now=now
    )
    on = calendar.day_of(now)
    times = {
        row.id: row.happened_at
        for row in await queries.of(session, obligation.id)
        if row.state != EvidenceState.RETURNED  # it may have been returned for its time
    }
    return rules.copies(
        _copied(obligation, piece, likes, times),
        bits=pack.limit(EvidenceLimitCode.PICTURE_BITS, on=on),
        percent=pack.limit(EvidenceLimitCode.WORDS_PERCENT, on=on),
    )


async def _found(piece: Evidence, files: Sequence[EvidenceFile]) -> Found:
    words = [tuple(file.words) for file in files if file.words]
    if piece.kind == EvidenceKind.MINUTES and (own := await prints.words(piece.note)):
        words.append(own)
    return Found(
        files=[file.sha256 for file in files],
        pictures=[file.picture for file in files if file.picture],
        words=words,
    )


def _copied(
    obligation: Obligation,
    piece: Evidence,
    likes: Iterable[Like],
    times: Mapping[UUID, datetime | None],
) -> Iterator[Copied]:
    for like in likes:
        earlier = like.earlier
        yield Copied(
            evidence_id=earlier.evidence_id,
            kind=_COPY[like.of],
            same_obligation=_is_own(obligation, piece, earlier),
            same_day=earlier.happened_on == piece.happened_on,
            together=earlier.subject in piece.held_with,
            other_time=_differ(times.get(earlier.evidence_id), piece.happened_at),
            bits=like.bits,
            percent=like.percent,
        )


def _is_own(obligation: Obligation, piece: Evidence, earlier: Print) -> bool:
    """Whether the same subject handed it in for the same: what shares it with others is none."""
    if earlier.obligation_id == obligation.id:
        return earlier.subject == piece.subject
    return earlier.obligation_id == obligation.inherits


def _differ(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one != other


async def _absence_flags(
    session: AsyncSession, obligation: Obligation, piece: Evidence, stated: Stated
) -> Iterator[Flag]:
    unit = obligation.unit if piece.part_id is None else piece.subject
    day = piece.happened_on
    if unit is None or day is None:
        return iter(())
    stood = bool(await organisations.standing(session, [unit], day=day))
    duty = await counts.duty_of(session, obligation)
    held = True
    if piece.part_id is None and counts.of_principals(duty):
        held = await holders.holder_of(session, f"{unit}.{PRINCIPAL}", on=day) is not None
    return rules.there(stated, unit_stood=stood, post_held=held)


def _row(piece: Evidence, flag: Flag, *, now: datetime) -> EvidenceFlag:
    return EvidenceFlag(
        id=uuid7(),
        evidence_id=piece.id,
        region_code=piece.region_code,
        enterprise_uscc=piece.enterprise_uscc,
        kind=str(flag.kind),
        reason_zh=flag.zh,
        reason_en=flag.en,
        contradicts=flag.contradicts,
        found_at=now,
    )
