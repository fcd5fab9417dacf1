"""No record can be altered, dropped, moved or cut off without the verification telling."""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import ProgrammingError
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from devstack.databases import DatabaseUrls
from kernel import at_commit, audit, keyring, telemetry
from kernel.access import SYSTEM, Principal
from kernel.audit import Sealer, note
from kernel.chain import Anchors, Chain
from kernel.db import Database, connect, unit_of_work
from kernel.files import Objects
from kernel.verification import FaultKind, Verdict, verify
from tests.kernel import probe
from tests.kernel.settling import settle
from tests.lending import MakeDatabase

KEY = bytes(range(32))
CLERK = Principal(subject="clerk", unit="430481.emergency", post="duty", region="430481")
NOW = datetime(2023, 11, 29, 6, 0, tzinfo=UTC)
RECORDS = 40


@pytest.fixture
async def urls(database_url: MakeDatabase) -> DatabaseUrls:
    return await database_url("probe", prepare=probe.prepare)


@pytest.fixture
async def database(urls: DatabaseUrls) -> AsyncIterator[Database]:
    database = probe.opened(urls)
    yield database
    await database.close()


@pytest.fixture(params=["SHA-256", "SM3"])
def chain(request: pytest.FixtureRequest) -> Chain:
    return Chain(KEY, algorithm=request.param)


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    return Anchors(Objects.at(str(tmp_path)), "probe")


async def tell(database: Database, *numbers: int) -> None:
    """One transaction with a record for each number."""
    async with unit_of_work(database, CLERK) as session:
        for number in numbers:
            detail = {"grade": "major", "number": number, "rate": 0.1}
            note(session, by=CLERK, act="grade", entity="accident", entity_id=number, detail=detail)


async def seal(database: Database, chain: Chain, *, limit: int = 7, settled: bool = True) -> int:
    """Seal to the end, in small batches."""
    total = 0
    if settled:
        await settle(database, "audit")
    while True:
        async with unit_of_work(database, SYSTEM) as session:
            sealed = await audit.seal(session, chain=chain, now=NOW, limit=limit)
        total += sealed
        if not sealed:
            return total


async def verdict(database: Database, chain: Chain, anchors: Anchors | None = None) -> Verdict:
    async with unit_of_work(database, SYSTEM) as session:
        return await verify(session, chain=chain, anchors=anchors.kept() if anchors else None)


async def test_a_record_tells_who_did_what_under_which_request(database: Database) -> None:
    with bound_contextvars(request_id="desk-7"), telemetry.continued(None, "work"):
        trace = telemetry.current_traceparent()
        await tell(database, 1)

    async with unit_of_work(database, SYSTEM) as session:
        (record,) = (await session.execute(text("SELECT * FROM audit"))).all()
    assert (record.actor, record.unit, record.post) == ("clerk", "430481.emergency", "duty")
    assert (record.act, record.entity, record.entity_id) == ("grade", "accident", "1")
    assert (record.request_id, record.traceparent) == ("desk-7", trace)
    assert record.detail == {"grade": "major", "number": 1, "rate": 0.1}


async def test_a_record_goes_when_the_work_fails(database: Database) -> None:
    async def fail() -> None:
        async with unit_of_work(database, CLERK) as session:
            note(session, by=CLERK, act="grade", entity="accident", entity_id=1)
            await session.run_sync(at_commit.write)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert await seal(database, Chain(KEY)) == 0


async def test_personal_data_are_masked_on_the_way_in(database: Database) -> None:
    async with unit_of_work(database, CLERK) as session:
        detail = {"phone": "13812345678", "note": "身份证430481199003077714"}
        note(session, by=CLERK, act="read", entity="informant", entity_id=1, detail=detail)

    async with unit_of_work(database, SYSTEM) as session:
        stored = await session.scalar(text("SELECT detail::text FROM audit"))
    assert "13812345678" not in stored
    assert "430481199003077714" not in stored


@pytest.mark.parametrize("table", ["audit", "audit_seal"])
@pytest.mark.parametrize("act", ["UPDATE {} SET history = 1", "DELETE FROM {}", "TRUNCATE {}"])
async def test_the_service_itself_cannot_change_the_trail(
    database: Database, table: str, act: str
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with unit_of_work(database, SYSTEM) as session:
            await session.execute(text(act.format(table)))


async def test_a_sealed_trail_is_whole(database: Database, chain: Chain, anchors: Anchors) -> None:
    for number in range(RECORDS // 2):
        await tell(database, number, -number)
    assert await seal(database, chain) == RECORDS
    async with unit_of_work(database, SYSTEM) as session:
        await audit.anchor(session, anchors=anchors, now=NOW)

    found = await verdict(database, chain, anchors)

    assert found == Verdict(sealed=RECORDS, anchored=RECORDS)
    assert await seal(database, chain) == 0


async def test_another_key_or_algorithm_does_not_fit(database: Database) -> None:
    await tell(database, 1)
    await seal(database, Chain(KEY))

    assert not (await verdict(database, Chain(bytes(32)))).whole
    assert (await verdict(database, Chain(KEY, algorithm="SM3"))).whole  # each seal names its own


async def test_records_are_sealed_in_the_order_of_commits_and_none_is_passed_over(
    database: Database, chain: Chain
) -> None:
    """A transaction that stays open holds back what came after it, and is not skipped."""
    async with unit_of_work(database, CLERK) as slow:
        note(slow, by=CLERK, act="slow", entity="accident", entity_id=0)
        await slow.run_sync(at_commit.write)
        for number in range(1, 6):
            await tell(database, number)
            await seal(database, chain, settled=False)
    await seal(database, chain)
    await tell(database, 6)
    await seal(database, chain)

    found = await verdict(database, chain)

    assert found.whole
    assert found.sealed == 7


async def test_only_one_sealer_works_at_a_time(database: Database, chain: Chain) -> None:
    await tell(database, 1, 2, 3)
    await settle(database, "audit")
    async with unit_of_work(database, SYSTEM) as one, unit_of_work(database, SYSTEM) as other:
        first = await audit.seal(one, chain=chain, now=NOW)
        second = await audit.seal(other, chain=chain, now=NOW)

    assert (first, second) == (3, 0)
    assert (await verdict(database, chain)).whole


async def restore(urls: DatabaseUrls) -> None:
    """Make the trail look as if it came from a dump of another server."""
    owner = connect(urls.owner)
    far = "(xid::text::bigint + 1000000)::text::xid8"
    async with owner.engine.begin() as dumped:
        await dumped.execute(text(f"UPDATE audit SET history = 7, xid = {far}"))
    await owner.close()


async def test_a_restored_trail_goes_on_where_the_dump_ended(
    urls: DatabaseUrls, database: Database, chain: Chain
) -> None:
    """A dump keeps transaction ids that the server it is restored to has not reached yet."""
    await tell(database, 1, 2, 3, 4)
    await restore(urls)
    async with unit_of_work(database, SYSTEM) as session:
        assert await audit.seal(session, chain=chain, now=NOW, limit=2) == 2

    await tell(database, 5)

    assert await seal(database, chain, limit=3) == 3
    await tell(database, 6)
    assert await seal(database, chain) == 1
    assert (await verdict(database, chain)).whole


async def test_the_sealer_finds_what_a_dump_left_unsealed_though_nothing_is_new(
    urls: DatabaseUrls, database: Database, chain: Chain
) -> None:
    await tell(database, 1, 2, 3)
    await restore(urls)
    async with unit_of_work(database, SYSTEM) as session:
        assert await audit.seal(session, chain=chain, now=NOW, limit=2) == 2

    assert await Sealer(database).step(chain) == 1


Tampering = Callable[[random.Random], Sequence[str]]

_COLUMNS = ("actor", "unit", "post", "request_id", "traceparent", "act", "entity", "entity_id")


def edit_a_record(dice: random.Random) -> Sequence[str]:
    column = dice.choice(_COLUMNS)
    new = dice.choice([f"coalesce({column}, '') || 'x'", "'None'"])
    return [f"UPDATE audit SET {column} = {new} WHERE id = ({at(dice)})"]


def edit_a_detail(dice: random.Random) -> Sequence[str]:
    new = dice.choice(
        [
            'detail || \'{"grade": "general"}\'',
            "detail - 'number'",
            "detail || '{\"rate\": 0.10}'",
            "detail || '{\"rate\": 0.1000000000000000055}'",
            'detail || \'{"number": "1"}\'',
            "'{}'",
        ]
    )
    return [f"UPDATE audit SET detail = {new} WHERE id = ({at(dice)})"]


def edit_a_time(dice: random.Random) -> Sequence[str]:
    return [f"UPDATE audit SET at = at + interval '1 microsecond' WHERE id = ({at(dice)})"]


def edit_a_position(dice: random.Random) -> Sequence[str]:
    table = dice.choice(["audit", "audit_seal"])
    change = dice.choice(["history = history + 1", "xid = '9'"])
    key = "id" if table == "audit" else "audit_id"
    return [f"UPDATE {table} SET {change} WHERE {key} = ({at(dice)})"]


def edit_a_seal(dice: random.Random) -> Sequence[str]:
    change = dice.choice(
        [
            "hash = set_byte(hash, 0, (get_byte(hash, 0) + 1) % 256)",
            "prev = set_byte(prev, 31, (get_byte(prev, 31) + 1) % 256)",
            "algorithm = 'MD5'",
            "algorithm = CASE algorithm WHEN 'SM3' THEN 'SHA-256' ELSE 'SM3' END",
            "sealed_at = sealed_at - interval '1 day'",
        ]
    )
    return [f"UPDATE audit_seal SET {change} WHERE audit_id = ({at(dice)})"]


def delete_a_record(dice: random.Random) -> Sequence[str]:
    return [f"DELETE FROM audit WHERE id = ({at(dice)})"]


def delete_a_seal(dice: random.Random) -> Sequence[str]:
    return [f"DELETE FROM audit_seal WHERE audit_id = ({at(dice)})"]


def delete_both_and_close_the_gap(dice: random.Random) -> Sequence[str]:
    """The careful forger: later seals move up, and each says it follows the one before it."""
    n = dice.randint(1, RECORDS - 1)
    return [
        f"DELETE FROM audit WHERE id = (SELECT audit_id FROM audit_seal WHERE n = {n})",
        f"DELETE FROM audit_seal WHERE n = {n}",
        f"UPDATE audit_seal SET n = -n WHERE n > {n}",
        "UPDATE audit_seal SET n = -n - 1 WHERE n < 0",
        _RELINK,
    ]


def exchange_two(dice: random.Random) -> Sequence[str]:
    one, other = dice.sample(range(1, RECORDS + 1), 2)
    return [
        f"UPDATE audit_seal SET n = 0 WHERE n = {one}",
        f"UPDATE audit_seal SET n = {one} WHERE n = {other}",
        f"UPDATE audit_seal SET n = {other} WHERE n = 0",
        _RELINK,
    ]


def exchange_two_contents(dice: random.Random) -> Sequence[str]:
    one, other = dice.sample(range(1, RECORDS + 1), 2)
    return [
        "UPDATE audit a SET act = b.act, entity_id = b.entity_id, detail = b.detail"
        " FROM audit b, audit_seal s, audit_seal t"
        f" WHERE s.n IN ({one}, {other}) AND t.n = {one} + {other} - s.n"
        " AND a.id = s.audit_id AND b.id = t.audit_id"
    ]


def cut_off_the_end(dice: random.Random) -> Sequence[str]:
    n = dice.randint(0, RECORDS - 1)
    return [
        f"DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_seal WHERE n > {n})",
        f"DELETE FROM audit_seal WHERE n > {n}",
    ]


def slip_one_in(dice: random.Random) -> Sequence[str]:
    columns = ", ".join((*_COLUMNS, "at", "detail", "history", "xid"))
    return [
        f"INSERT INTO audit (id, {columns}, seq) OVERRIDING SYSTEM VALUE"
        f" SELECT gen_random_uuid(), {columns}, seq FROM audit WHERE id = ({at(dice)})"
    ]


def hand_a_seal_to_another(dice: random.Random) -> Sequence[str]:
    """A forged record takes the place of a true one, seal and position included."""
    n = dice.randint(1, RECORDS)
    columns = ", ".join((*_COLUMNS[1:], "at", "detail", "history", "xid"))
    old = f"(SELECT audit_id FROM audit_seal WHERE n = {n})"
    return [
        f"INSERT INTO audit (id, actor, {columns}, seq) OVERRIDING SYSTEM VALUE"
        f" SELECT '{'0' * 32}', 'forger', {columns}, seq FROM audit WHERE id = {old}",
        f"DELETE FROM audit WHERE id = {old}",
        f"UPDATE audit_seal SET audit_id = '{'0' * 32}' WHERE n = {n}",
    ]


_RELINK = (
    "UPDATE audit_seal s SET prev = coalesce("
    f"(SELECT hash FROM audit_seal p WHERE p.n = s.n - 1), decode('{'00' * 32}', 'hex'))"
)
"""Makes every seal say that it follows the one that now stands before it."""


def at(dice: random.Random) -> str:
    return f"SELECT audit_id FROM audit_seal WHERE n = {dice.randint(1, RECORDS)}"


TAMPERINGS: Sequence[Tampering] = (
    edit_a_record,
    edit_a_detail,
    edit_a_time,
    edit_a_position,
    edit_a_seal,
    delete_a_record,
    delete_a_seal,
    delete_both_and_close_the_gap,
    exchange_two,
    exchange_two_contents,
    cut_off_the_end,
    slip_one_in,
    hand_a_seal_to_another,
)


async def tampered(
    database: Database, statements: Sequence[str], chain: Chain, anchors: Anchors | None
) -> Verdict:
    """What the verification says of a trail after a forger who may do anything in PostgreSQL."""
    async with database.sessions() as session:
        for statement in statements:
            await session.execute(text(statement))
        return await verify(session, chain=chain, anchors=anchors.kept() if anchors else None)


@pytest.fixture
async def sealed_trail(urls: DatabaseUrls, database: Database) -> AsyncIterator[Database]:
    """A trail, and its owner's way in: row by row, in transactions of one and of several."""
    for number in range(0, RECORDS, 4):
        await tell(database, number)
        await tell(database, number + 1, number + 2, number + 3)
    owner = connect(urls.owner)
    yield owner
    await owner.close()


async def anchored(database: Database, anchors: Anchors) -> None:
    async with database.sessions() as session:
        await audit.anchor(session, anchors=anchors, now=NOW)


async def test_every_random_tampering_is_detected(
    sealed_trail: Database, chain: Chain, anchors: Anchors
) -> None:
    await seal(sealed_trail, chain)
    await anchored(sealed_trail, anchors)
    dice = random.Random(20231129)
    unseen: list[tuple[str, Sequence[str]]] = []
    for _ in range(500):
        tampering = dice.choice(TAMPERINGS)
        statements = tampering(dice)
        if (await tampered(sealed_trail, statements, chain, anchors)).whole:
            unseen.append((tampering.__name__, statements))

    assert unseen == []
    assert (await verdict(sealed_trail, chain, anchors)).whole


class ForgetsWhatCameBefore(Chain):
    """A planted bug: each hash covers its own record only."""

    def link(self, *, n: int, prev: bytes, record: Sequence[Any], algorithm: str) -> bytes:
        return super().link(n=0, prev=b"", record=record, algorithm=algorithm)


@pytest.mark.parametrize("unseen", [delete_both_and_close_the_gap, exchange_two])
async def test_the_tampering_test_notices_hashes_that_forget_what_came_before(
    sealed_trail: Database, unseen: Tampering
) -> None:
    careless = ForgetsWhatCameBefore(KEY)
    await seal(sealed_trail, careless)

    found = await tampered(sealed_trail, unseen(random.Random(1)), careless, anchors=None)

    assert found.whole


async def test_only_an_anchor_shows_that_the_end_was_cut_off(
    sealed_trail: Database, chain: Chain, anchors: Anchors
) -> None:
    await seal(sealed_trail, chain)
    await anchored(sealed_trail, anchors)
    cut = cut_off_the_end(random.Random(1))

    without = await tampered(sealed_trail, cut, chain, anchors=None)
    with_anchors = await tampered(sealed_trail, cut, chain, anchors=anchors)

    assert without.whole
    assert [fault.kind for fault in with_anchors.faults] == [FaultKind.CUT_OFF]


async def test_a_chain_that_was_cut_and_grew_again_is_not_the_anchored_one(
    sealed_trail: Database, chain: Chain, anchors: Anchors
) -> None:
    await seal(sealed_trail, chain)
    await anchored(sealed_trail, anchors)
    async with sealed_trail.engine.begin() as forging:
        for statement in cut_off_the_end(random.Random(1)):
            await forging.execute(text(statement))
    await tell(sealed_trail, *range(100, 100 + RECORDS))
    await seal(sealed_trail, chain)
    await anchored(sealed_trail, anchors)

    found = await verdict(sealed_trail, chain, anchors)

    assert [fault.kind for fault in found.faults] == [FaultKind.REWRITTEN]


async def test_a_finding_names_its_place(sealed_trail: Database, chain: Chain) -> None:
    await seal(sealed_trail, chain)
    changed = [
        "UPDATE audit SET act = 'x' WHERE id = (SELECT audit_id FROM audit_seal WHERE n = 7)"
    ]

    found = await tampered(sealed_trail, changed, chain, anchors=None)

    assert [(fault.kind, fault.n) for fault in found.faults] == [(FaultKind.ALTERED, 7)]


async def test_the_sealer_seals_and_anchors(
    database: Database, chain: Chain, anchors: Anchors
) -> None:
    await tell(database, 1, 2, 3)
    sealer = Sealer(database, chain=chain, anchors=anchors)

    await settle(database, "audit")
    assert await sealer.step(chain) == 3
    assert telemetry.REGISTRY.get_sample_value("anlian_audit_unsealed") == 0
    await tell(database, 4)
    await settle(database, "audit")
    assert await sealer.step(chain) == 1

    found = await verdict(database, chain, anchors)
    assert found.whole
    assert (found.sealed, found.anchored) == (4, 3)  # the next anchor is due in ten minutes


async def test_a_sealer_that_has_nothing_to_seal_begins_no_transaction(
    database: Database, chain: Chain
) -> None:
    sealer = Sealer(database, chain=chain)
    asked: list[str] = []
    event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda *said: asked.append(said[2])
    )

    assert await sealer.step(chain) == 0  # nothing was ever told
    assert asked == []
    await tell(database, 1)
    await settle(database, "audit")
    assert await sealer.step(chain) == 1
    asked.clear()
    assert await sealer.step(chain) == 0
    assert asked == []


async def test_what_another_process_sealed_waits_in_no_figure(
    database: Database, chain: Chain
) -> None:
    sealer = Sealer(database, chain=chain)
    await tell(database, 1)
    await settle(database, "audit")
    telemetry.AUDIT_UNSEALED.set(1)  # as this process saw it last
    await seal(database, chain)

    assert await sealer.step(chain) == 0
    assert telemetry.REGISTRY.get_sample_value("anlian_audit_unsealed") == 0


async def test_a_trail_that_was_restored_before_any_of_it_was_sealed_is_sealed(
    urls: DatabaseUrls, database: Database, chain: Chain
) -> None:
    await tell(database, 1, 2)
    await restore(urls)

    assert await Sealer(database, chain=chain).step(chain) == 2


async def test_a_sealer_without_keys_says_so_and_stops(database: Database) -> None:
    keyring.use(None)

    with capture_logs() as told:
        await Sealer(database).run()

    assert [(line["event"], line["log_level"]) for line in told] == [("audit.not_sealed", "error")]


async def test_the_trail_of_one_transaction_keeps_its_order(
    database: Database, chain: Chain
) -> None:
    await tell(database, *range(10))
    await seal(database, chain)

    async with database.sessions() as session:
        in_order = text("SELECT entity_id FROM audit_seal JOIN audit ON id = audit_id ORDER BY n")
        assert list(await session.scalars(in_order)) == [str(number) for number in range(10)]
