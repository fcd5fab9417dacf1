"""Listing people, saying what became of them, and disclosing who they are."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit
from kernel.access import Principal
from kernel.crypto import blind_index
from kernel.ids import uuid7
from kernel.problems import Problem
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.casualties import domain, queries
from services.incidents.casualties.domain import Action, State
from services.incidents.casualties.schemas import CasualtyChange, NewCasualty
from services.incidents.casualties.tables import Casualty, CasualtyVersion
from services.incidents.policies import POLICIES, Act
from services.incidents.readers import operations as readers
from services.incidents.readers.domain import Part


class PersonListed(Problem):
    """The accident's list has somebody with this id number already."""

    status = 409
    title_zh = "该证件号码的人员已登记"
    title_en = "Somebody with this id number is listed already"


class EntryChanged(Problem):
    """The entry was changed since the version this change was made from."""

    status = 412
    title_zh = "该人员信息已被他人更新，请刷新后重试"
    title_en = "The entry has been changed meanwhile; read it again"


async def list_person(
    session: AsyncSession, *, accident_id: UUID, person: NewCasualty, by: Principal, now: datetime
) -> Casualty:
    """Add somebody to an accident's list."""
    accident = await accidents.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.LIST_CASUALTIES, on=accident, seen_by=Act.READ)
    listed = Casualty.new(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        version=1,
        state=str(person.state),
        name=person.name,
        id_number=person.id_number,
        hospital=person.hospital,
        identity=await _identity(session, accident_id, person.id_number),
        changed_at=now,
    )
    session.add(listed)
    await session.flush()
    _keep(session, listed, action=None, by=by)
    return listed


async def change_person(
    session: AsyncSession,
    *,
    accident_id: UUID,
    casualty_id: UUID,
    change: CasualtyChange,
    by: Principal,
    now: datetime,
) -> Casualty:
    """Say what became of somebody or put an entry right; what it said before stays."""
    accident = await accidents.get(session, accident_id, lock=True)
    POLICIES.require(by, Act.LIST_CASUALTIES, on=accident, seen_by=Act.READ)
    person = await queries.get(session, casualty_id, accident_id=accident_id, lock=True)
    if person.version != change.version:
        raise EntryChanged(version=person.version)
    if change.action is not None:
        person.state = str(domain.after(State(person.state), change.action))
    if change.id_number is not None and change.id_number != person.id_number:
        person.identity = await _identity(session, accident_id, change.id_number)
    for field in ("name", "id_number", "hospital"):
        if getattr(change, field) is not None:
            setattr(person, field, getattr(change, field))
    person.version += 1
    person.changed_at = now
    _keep(session, person, action=change.action, by=by)
    await session.flush()
    return person


async def _identity(session: AsyncSession, accident_id: UUID, number: str | None) -> bytes | None:
    """What an id number is found by, unless somebody on the list has it. The accident is locked."""
    if number is None:
        return None
    identity = blind_index(number, purpose="casualty.id_number")
    holder = await queries.listed(session, accident_id=accident_id, identity=identity)
    if holder is not None:
        raise PersonListed(casualty_id=str(holder))
    return identity


def _keep(session: AsyncSession, person: Casualty, *, action: Action | None, by: Principal) -> None:
    session.add(
        CasualtyVersion.new(
            region_code=person.region_code,
            enterprise_uscc=person.enterprise_uscc,
            casualty_id=person.id,
            version=person.version,
            state=person.state,
            action=str(action) if action else None,
            # Plain text: what was sealed for one row does not open in another.
            name=str(person.name),
            id_number=str(person.id_number) if person.id_number else None,
            hospital=str(person.hospital) if person.hospital else None,
            changed_by=by.subject,
            unit=by.unit,
            changed_at=person.changed_at,
        )
    )
    detail = {"version": person.version, "state": person.state}
    audit.note(
        session,
        by=by,
        act=Act.LIST_CASUALTIES,
        entity="casualty",
        entity_id=person.id,
        detail=detail,
    )


async def disclose(
    session: AsyncSession, *, accident_id: UUID, reason: str, by: Principal, now: datetime
) -> tuple[Accident, Sequence[Casualty]]:
    """Who the casualties are, for somebody entitled, whose reason stays on record."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.DISCLOSE_CASUALTIES, on=accident, seen_by=Act.READ)
    people = await queries.of_accident(session, accident_id)
    audit.note(
        session,
        by=by,
        act=Act.DISCLOSE_CASUALTIES,
        entity="accident",
        entity_id=accident_id,
        detail={"reason": reason, "people": len(people)},
    )
    await readers.remember(session, accident=accident, part=Part.IDENTITIES, by=by, now=now)
    return accident, people
