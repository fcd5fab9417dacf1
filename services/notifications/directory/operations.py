"""Keeps the directory as its owners tell it; the newest word holds."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inspections import EnterpriseRegistered
from contracts.tasks import PostHeld, UnitEnded, UnitRecorded
from services.notifications.directory import queries
from services.notifications.directory.tables import (
    EndedUnit,
    KnownEnterprise,
    KnownPost,
    KnownUnit,
)


async def record_unit(session: AsyncSession, *, told: UnitRecorded) -> None:
    """Take a unit and all of its posts over; posts no longer told are gone."""
    facts = {
        "name_zh": told.name_zh,
        "name_en": told.name_en,
        "region_code": told.region_code,
        "kind": told.kind,
        "effective_from": told.effective_from,
    }
    row = insert(KnownUnit).values(unit=told.unit, **facts)
    await session.execute(row.on_conflict_do_update(index_elements=["unit"], set_=facts))
    await session.execute(delete(KnownPost).where(KnownPost.unit == told.unit))
    if told.posts:
        posts = [_post(told.unit, held) for held in told.posts]
        await session.execute(insert(KnownPost), posts)
    queries.forget(session)


def _post(unit: str, held: PostHeld) -> dict[str, str | None]:
    whole = held.post if held.post.startswith(f"{unit}.") else f"{unit}.{held.post}"
    return {
        "post": whole,
        "unit": unit,
        "label_zh": held.label_zh,
        "label_en": held.label_en,
        "email": held.email,
    }


async def record_end(session: AsyncSession, *, told: UnitEnded) -> None:
    """Remember who follows a unit. Its entry stays: it is called to the end of its last day."""
    facts = {"heir": told.heir, "ended_on": told.ended_on}
    row = insert(EndedUnit).values(unit=told.unit, **facts)
    await session.execute(row.on_conflict_do_update(index_elements=["unit"], set_=facts))
    queries.forget(session)


async def record_enterprise(session: AsyncSession, *, told: EnterpriseRegistered) -> None:
    """Remember what an enterprise is called."""
    facts = {"name": told.name, "region_code": told.region_code}
    row = insert(KnownEnterprise).values(uscc=told.uscc, **facts)
    await session.execute(row.on_conflict_do_update(index_elements=["uscc"], set_=facts))
    queries.forget(session)
