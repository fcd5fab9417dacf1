"""A unit's secret calendar address: made, read by calendars without an account, and revoked."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select, text

from kernel.access import Principal
from kernel.audit import AuditRecord
from kernel.calendar import closes_at
from kernel.transactions import ANYBODY
from reference.terms import DutyKind
from services.tasks.feeds.operations import reader
from services.tasks.feeds.tables import Feed
from services.tasks.obligations import operations as obligations
from services.tasks.obligations.domain import Status
from services.tasks.obligations.tables import Obligation
from tests.services.stage import NOON, Stage
from tests.services.tasks import supervising
from tests.services.tasks.city import reorganised, unit
from tests.services.tasks.hotline import HOUSING, MONDAY, OPERATOR, SECRET_WORDS, dispatched
from tests.services.tasks.ics import Part, parsed
from tests.services.tasks.measured import HOUSING as CITY_HOUSING
from tests.services.tasks.measured import asked, builder, planned
from tests.services.tasks.story import COUNTY, MINE, OTHER_DESK, officer, registered

FEEDS = "/tasks/feeds"


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await planned(tasks)


async def address(city: Stage, by: Principal) -> str:
    made = await city.as_(by).post(FEEDS, json={})
    assert made.status_code == 201, made.text
    path: str = made.json()["path"]
    return path.removeprefix("/api/v1")


async def read(city: Stage, path: str, **headers: str) -> Response:
    """As a calendar does: with nothing but the address."""
    return await city.as_(ANYBODY, **headers).get(path)


async def entries(city: Stage, path: str) -> list[Part]:
    answer = await read(city, path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return parsed(answer.content).parts


async def task(city: Stage, code: str = "10.4", **more: Any) -> Obligation:
    more = {"unit": CITY_HOUSING} | more
    return await asked(city, code, DutyKind.RATE_TARGET, **more)


async def test_a_calendar_reads_what_the_unit_has_to_do(city: Stage) -> None:
    row = await task(city)
    await task(city, "12.1", unit="430400.emergency")
    path = await address(city, builder())

    (entry,) = await entries(city, path)
    (english,) = await entries(city, f"{path}&lang=en&shape=todo")

    assert entry.lines["UID"] == f"obligation-{row.id}@anlian"
    assert entry.lines["DTSTART;VALUE=DATE"] == "20231231"
    assert "自建房" in entry.text("SUMMARY")
    assert english.lines["DUE"] == "20231231T160000Z"


@pytest.mark.parametrize(
    "gone", [{"status": Status.ACCEPTED}, {"status": Status.SUBMITTED}, {"stopped_at": NOON}]
)
async def test_what_is_done_or_stands_still_is_not_due(city: Stage, gone: dict[str, Any]) -> None:
    await task(city, **gone)

    assert await entries(city, await address(city, builder())) == []


@pytest.mark.parametrize(
    ("days", "stands"), [(-36, False), (-34, True), (0, True), (364, True), (366, False)]
)
async def test_the_window_is_bounded(city: Stage, days: int, stands: bool) -> None:
    await task(city, due_at=NOON + timedelta(days=days))

    assert len(await entries(city, await address(city, builder()))) == stands


async def test_what_is_due_first_is_kept_where_there_is_too_much(
    city: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reference import national  # noqa: PLC0415 -- only this test bends a row

    row = national.FEEDS.one("feed", on=NOON.date()).model_copy(update={"most": 2})
    monkeypatch.setattr(type(national.FEEDS), "one", lambda *_, **__: row)
    codes = ("10.4", "12.1", "12.2")
    rows = [
        await task(city, code, due_at=closes_at(date(2023, 8, day)))
        for code, day in zip(codes, (3, 1, 2), strict=True)
    ]
    path = await address(city, builder())

    found = [entry.lines["UID"] for entry in await entries(city, path)]

    assert found == [f"obligation-{rows[at].id}@anlian" for at in (1, 2)]


async def test_a_moved_deadline_is_the_same_entry_in_its_next_sequence(city: Stage) -> None:
    row = await task(city, due_at=closes_at(date(2023, 7, 1)))
    path = await address(city, builder())
    (before,) = await entries(city, path)
    for day in (10, 20):
        async with city.work() as session:
            await obligations.move_due(
                session,
                origin=row.origin,
                duty=row.duty,
                due_at=closes_at(date(2023, 7, day)),
                reason="extended",
                now=NOON,
            )

    (after,) = await entries(city, path)

    assert after.lines["UID"] == before.lines["UID"]
    assert (before.lines["SEQUENCE"], after.lines["SEQUENCE"]) == ("0", "1")
    assert after.lines["DTSTART;VALUE=DATE"] == "20230720"


async def test_an_order_stands_in_it_without_what_was_told_or_by_whom(city: Stage) -> None:
    city.now = datetime(2023, 6, 5, 2, 0, tzinfo=NOON.tzinfo)
    await dispatched(city)
    path = await address(city, HOUSING)

    body = (await read(city, path)).text

    (entry,) = [one for one in parsed(body.encode()).parts if one.lines["UID"][:6] == "order-"]
    assert "热线工单" in entry.text("SUMMARY")
    assert SECRET_WORDS not in body
    assert "五一路" not in body


async def test_a_supervisory_order_stands_in_it_without_what_it_is_about(city: Stage) -> None:
    city.now = MONDAY
    order = await supervising.issued(city)
    path = await address(city, HOUSING)

    body = (await read(city, path)).text

    (entry,) = [
        one
        for one in parsed(body.encode()).parts
        if one.lines["UID"] == f"supervision-{order}@anlian"
    ]
    assert entry.lines["X-ANLIAN-ENTITY"] == f"supervisions/{order}"
    assert entry.lines["SEQUENCE"] == "0"
    assert "交办" in entry.text("SUMMARY")
    assert "市场" not in body


@pytest.mark.parametrize("secret", ["x", "a" * 43, "%00", ""])
async def test_a_wrong_secret_opens_nothing(city: Stage, secret: str) -> None:
    await address(city, builder())

    answer = await read(city, f"{FEEDS}/calendar.ics?secret={secret}")

    assert answer.status_code == (404 if secret else 422)


async def test_a_revoked_address_opens_nothing_and_is_revoked_once(city: Stage) -> None:
    path = await address(city, builder())
    (feed,) = await city.rows(Feed)
    revoke = f"{FEEDS}/{feed.id}/revoke"

    answers = [
        (await city.as_(by).post(revoke, json={})).status_code
        for by in (OTHER_DESK, builder(), builder())
    ]

    assert answers == [404, 200, 409]
    assert (await read(city, path)).status_code == 404
    acts = {row.act for row in await city.rows(AuditRecord, entity="feed")}
    assert acts == {"feed.make", "feed.revoke"}


async def test_the_secret_is_nowhere_in_the_database(city: Stage) -> None:
    made = await city.as_(builder(), **{"Idempotency-Key": "once"}).post(FEEDS, json={})
    secret = made.json()["path"].rpartition("=")[2]

    listed = await city.as_(builder()).get(FEEDS)

    tables = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    spelled = [f"%{secret}%", f"%{secret.encode().hex()}%"]  # as text, and in what is bytes
    async with city.work() as session:
        for table in list(await session.scalars(text(tables))):
            rows = f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE ANY (:spelled)'
            assert not await session.scalar(text(rows), {"spelled": spelled}), table
    assert secret not in listed.text
    assert len(listed.json()["items"]) == 1


async def test_a_calendar_that_knows_the_file_is_not_sent_it_again(city: Stage) -> None:
    await task(city)
    path = await address(city, builder())
    mark = (await read(city, path)).headers["etag"]

    again = await read(city, path, **{"If-None-Match": mark})
    await task(city, "12.1")
    changed = await read(city, path, **{"If-None-Match": mark})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


async def test_the_address_of_a_unit_that_ended_opens_nothing(city: Stage) -> None:
    await task(city)
    path = await address(city, builder())
    heir = unit("430400.construction", "建设局", "department", "principal")
    before = [CITY_HOUSING, "430400.commerce"]
    await reorganised(city, "merge", before, [heir], on="2023-07-01")

    city.now = closes_at(date(2023, 6, 30)) - timedelta(seconds=1)
    on_its_last_day = await read(city, path)
    city.now = closes_at(date(2023, 6, 30))
    afterwards = await read(city, path)

    assert (on_its_last_day.status_code, afterwards.status_code) == (200, 404)


async def test_an_enterprise_has_its_own(city: Stage) -> None:
    await city.hear(registered(MINE, COUNTY))
    row = await task(city, "15.10", unit=None, uscc=MINE)
    await task(city)

    (entry,) = await entries(city, await address(city, officer(MINE)))

    assert entry.lines["UID"] == f"obligation-{row.id}@anlian"


async def test_whoever_reads_an_address_reaches_no_further_than_its_holder(city: Stage) -> None:
    await city.hear(registered(MINE, COUNTY))
    for code in (f"{COUNTY}.housing", "430426.housing"):
        await task(city, unit=code)
    await task(city, "15.10", unit=None, uscc=MINE)
    seen = []
    for by in (HOUSING, officer(MINE)):
        await address(city, by)
        (feed,) = [row for row in await city.rows(Feed) if row.made_by == by.subject]
        async with city.work(reader(feed)) as session:
            seen.append(set(await session.scalars(select(Obligation.subject))))

    assert seen == [{f"{COUNTY}.housing", MINE}, {MINE}]
    assert reader(feed).roles == frozenset()


async def test_there_are_only_so_many_addresses_at_a_time(city: Stage) -> None:
    for _ in range(5):
        await address(city, builder())

    refused = await city.as_(builder()).post(FEEDS, json={})

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-many-feeds")


async def test_who_has_no_unit_has_no_feed(city: Stage) -> None:
    nobody = Principal(subject="x", roles=builder().roles, region="4304")

    assert (await city.as_(nobody).post(FEEDS, json={})).status_code == 409
    assert (await city.as_(OPERATOR).post(FEEDS, json={})).status_code == 403
