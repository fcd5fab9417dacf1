"""Encrypted columns: unreadable in the database, tied to their row, shut on every side way."""

from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, Uuid, insert, select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, defer, mapped_column

from devstack.databases import DatabaseUrls
from kernel import crypto, keyring
from kernel.crypto import EncryptedText, Sealed, blind_index
from kernel.db import Database, connect
from kernel.ids import uuid7
from kernel.keyring import CiphertextRefused, KeyRing, fresh_keys
from tests.lending import MakeDatabase


class Tables(DeclarativeBase):
    """Tables of these tests alone."""


class Informant(Tables):
    __tablename__ = "informant"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    name: Mapped[str | None] = mapped_column(EncryptedText("informant.name"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("informant.phone"))
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    note: Mapped[str | None]


class Numbered(Tables):
    """A row whose id the database makes."""

    __tablename__ = "numbered"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(EncryptedText("numbered.name"))


async def make_tables(urls: DatabaseUrls) -> None:
    database = connect(urls.owner)
    async with database.engine.begin() as connection:
        await connection.run_sync(Tables.metadata.create_all)
        await connection.execute(
            text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {urls.app_role}")
        )
    await database.close()


@pytest.fixture(scope="module")
async def database(database_url: MakeDatabase) -> AsyncIterator[Database]:
    urls = await database_url("tasks", prepare=make_tables)
    database = connect(urls.app)
    yield database
    await database.close()


@pytest.fixture(params=["AES-256-GCM", "SM4-GCM"], autouse=True)
def keys(request: pytest.FixtureRequest) -> Iterator[None]:
    keyring.use(KeyRing(fresh_keys(request.param)))
    yield
    keyring.use(None)


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.sessions() as session:
        yield session


async def stored(session: AsyncSession, informant_id: UUID) -> bytes:
    query = text("SELECT name FROM informant WHERE id = :id")
    return bytes((await session.execute(query, {"id": informant_id})).scalar_one())


async def add(session: AsyncSession, **values: str) -> Informant:
    informant = Informant(**values)
    session.add(informant)
    await session.flush()
    return informant


async def test_a_value_is_unreadable_in_the_database_and_readable_through_its_row(
    session: AsyncSession,
) -> None:
    added = await add(session, name="张三", phone="13812345678")
    session.expunge_all()

    loaded = await session.get_one(Informant, added.id)

    assert "张三".encode() not in await stored(session, added.id)
    assert (loaded.name, loaded.phone) == ("张三", "13812345678")
    assert added.name == "张三"


async def test_nothing_stays_nothing_and_empty_stays_empty(session: AsyncSession) -> None:
    added = await add(session, name="")
    session.expunge_all()

    loaded = await session.get_one(Informant, added.id)

    assert (loaded.name, loaded.phone) == ("", None)


async def test_a_changed_value_is_sealed_anew_and_an_unchanged_row_is_left_alone(
    session: AsyncSession,
) -> None:
    added = await add(session, name="张三")
    first = await stored(session, added.id)
    session.expunge_all()
    loaded = await session.get_one(Informant, added.id)

    loaded.note = "called"
    await session.flush()
    untouched = await stored(session, added.id)
    loaded.name = "李四"
    await session.flush()
    changed = await stored(session, added.id)
    await session.refresh(loaded)

    assert untouched == first
    assert changed != first
    assert loaded.name == "李四"
    assert not session.dirty


async def test_a_ciphertext_copied_to_another_row_does_not_open(session: AsyncSession) -> None:
    one, other = await add(session, name="张三"), await add(session, name="李四")
    swap = text("UPDATE informant SET name = :name WHERE id = :id")
    await session.execute(swap, {"name": await stored(session, one.id), "id": other.id})
    session.expunge_all()

    with pytest.raises(CiphertextRefused):
        await session.get(Informant, other.id)


async def test_a_ciphertext_copied_to_another_column_does_not_open(session: AsyncSession) -> None:
    added = await add(session, name="13812345678", phone="1")
    await session.execute(text("UPDATE informant SET phone = name"))
    session.expunge_all()

    with pytest.raises(CiphertextRefused):
        await session.get(Informant, added.id)


class TiedToItsColumnOnly(EncryptedText):
    """The planted bug: the row is left out of what a value is tied to."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> bytes | None:
        return None if value is None else keyring.ring().seal(value, about=self.column)


def test_the_swapping_test_notices_values_tied_to_their_column_only() -> None:
    careless = TiedToItsColumnOnly("informant.name")
    ring = keyring.ring()
    moved = careless.process_bind_param("张三", None)

    assert moved is not None
    assert ring.open(moved, about=careless.column) == "张三"  # opens in any row
    with pytest.raises(CiphertextRefused):
        Sealed(moved, "informant.name").open(row="any")


async def test_a_column_selected_without_its_row_stays_sealed(session: AsyncSession) -> None:
    added = await add(session, name="张三")

    (value,) = await session.scalars(select(Informant.name).where(Informant.id == added.id))

    assert isinstance(value, Sealed)
    assert repr(value) == "<sealed informant.name>"
    assert value.open(row=added.id) == "张三"
    with pytest.raises(CiphertextRefused):
        value.open(row=uuid7())


async def test_a_deferred_column_opens_when_it_is_loaded(session: AsyncSession) -> None:
    added = await add(session, name="张三")
    session.expunge_all()
    query = select(Informant).where(Informant.id == added.id)
    loaded = (await session.scalars(query.options(defer(Informant.name)))).one()

    await session.refresh(loaded, ["name"])

    assert loaded.name == "张三"
    again = query.execution_options(populate_existing=True)
    assert (await session.scalars(again)).one().name == "张三"


@pytest.mark.parametrize(
    "statement",
    [
        insert(Informant).values(id=uuid7(), name="张三"),
        update(Informant).values(name="张三"),
        select(Informant).where(Informant.name == "张三"),
    ],
)
async def test_a_statement_that_goes_around_the_row_is_refused(
    session: AsyncSession, statement: object
) -> None:
    with pytest.raises(StatementError, match="written through its row"):
        await session.execute(statement)  # type: ignore[call-overload]


async def test_a_statement_may_write_text_that_names_its_row(session: AsyncSession) -> None:
    ids = [uuid7(), uuid7()]
    rows = [{"id": id_, "name": crypto.for_row("张三", row=id_)} for id_ in ids]
    await session.execute(insert(Informant), rows)

    loaded = await session.scalars(select(Informant).where(Informant.id.in_(ids)))

    assert [informant.name for informant in loaded] == ["张三", "张三"]


async def test_a_row_numbered_by_the_database_cannot_hold_sealed_values(
    session: AsyncSession,
) -> None:
    session.add(Numbered(name="张三"))

    with pytest.raises(CiphertextRefused, match="made in Python"):
        await session.flush()


async def test_a_person_is_found_by_the_blind_index(session: AsyncSession) -> None:
    index = blind_index("13812345678", purpose="informant.phone")
    informant = Informant(phone="13812345678", phone_index=index)
    session.add(informant)
    await session.flush()

    wanted = blind_index(" 13812345678", purpose="informant.phone")
    found = await session.scalars(select(Informant).where(Informant.phone_index == wanted))

    assert [person.id for person in found] == [informant.id]
