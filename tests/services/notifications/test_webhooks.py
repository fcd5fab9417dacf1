"""Subscribed systems are called: signed, in order, until they take it, and nowhere inside."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from kernel import clock
from kernel.access import SYSTEM
from reference.terms import Grade
from services.notifications.calling.operations import Caller
from services.notifications.calls import domain_sending as sending
from services.notifications.calls.domain import CallStatus, Reason
from services.notifications.calls.tables import Call
from services.notifications.endpoints import operations as endpoints
from services.notifications.endpoints.domain import EndpointStatus, Guard, Subscription
from services.notifications.endpoints.domain_offer import SUBJECTS
from services.notifications.endpoints.tables import Endpoint
from services.notifications.escalations.tables import Alarm
from tests.eventually import eventually
from tests.services.notifications.facts import (
    ADMINISTRATOR,
    AT,
    NOBODY,
    desk,
    direct_report_overdue,
    minutes,
    notice_overdue,
    regraded,
    relay_overdue,
    reported,
)
from tests.services.notifications.outside import Receiver, receiving
from tests.services.stage import Stage

DEVELOPMENT = Guard(hosts=("127.0.0.1", "city.example.cn"), development=True)
PRODUCTION = Guard(hosts=("127.0.0.1", "city.example.cn"))


@pytest.fixture
async def receiver(stage: Stage) -> AsyncIterator[Receiver]:
    """A system that subscribed to the city."""
    async with receiving() as listening:
        listening.secret = await subscribed(stage, listening.url)
        yield listening


async def subscribed(stage: Stage, url: str, **changes: Any) -> str:
    """Subscribe an address; its secret."""
    values = {"name": "city", "url": url, "subjects": SUBJECTS, "region_code": "430400"}
    async with stage.work() as session:
        endpoint = await endpoints.subscribe(
            session,
            wanted=Subscription(**values | changes),
            guard=DEVELOPMENT,
            by=SYSTEM,
            now=AT,
        )
        return endpoint.secret


async def call_all(stage: Stage, *, after: timedelta = timedelta(), guard: Guard = DEVELOPMENT):  # type: ignore[no-untyped-def]
    """Make every call that is due so long from now; how many were made."""
    caller, now, made = Caller(guard), clock.wall() + after, 0
    while await caller.call_next(stage.database, now=now):
        made += 1
    return made


async def calls(stage: Stage) -> Sequence[Call]:
    return sorted(await stage.rows(Call), key=lambda row: row.position)


async def test_a_call_is_signed_and_says_ids_grade_and_counts_only(
    stage: Stage, receiver: Receiver
) -> None:
    event = reported()
    await stage.hear(event)
    await call_all(stage)

    [told] = receiver.calls
    assert told["type"] == event.subject
    assert told["subject"] == str(event.accident_id)
    assert told["data"]["grade"] == "general"
    assert told["data"]["toll"]["deaths"] == 2
    assert len(receiver.bodies[0]) < 2_000
    [row] = await calls(stage)
    assert receiver.sent_headers[0]["webhook-id"] == str(row.call_id)
    assert row.status == CallStatus.SUCCEEDED


async def test_every_change_of_an_accident_is_sent_in_its_order(
    stage: Stage, receiver: Receiver
) -> None:
    first = reported()
    later = (
        regraded(first, Grade.LARGER),
        direct_report_overdue(first),
        relay_overdue(first),
        notice_overdue(first),
    )
    await stage.hear(first, *later)
    await call_all(stage)
    kinds = [told["type"].split(".")[1:3] for told in receiver.calls]
    assert kinds == [
        ["accident", "reported"],
        ["accident", "regraded"],
        ["direct_report", "overdue"],
        ["relay", "overdue"],
        ["notice", "overdue"],
    ]


async def test_a_later_event_waits_until_the_earlier_one_was_taken(
    stage: Stage, receiver: Receiver
) -> None:
    first, other = reported(), reported()
    await stage.hear(first, regraded(first, Grade.LARGER), other)
    receiver.answers = [503]

    assert await call_all(stage) == 2, "the first fails; the other accident is not held up"
    assert [told["subject"] for told in receiver.calls] == [
        str(first.accident_id),
        str(other.accident_id),
    ]
    await call_all(stage, after=sending.RETRIES[0])
    assert [told["type"].split(".")[2] for told in receiver.calls] == [
        *("reported", "reported", "reported", "regraded")
    ]


async def test_an_event_that_is_given_up_lets_later_ones_go(
    stage: Stage, receiver: Receiver
) -> None:
    first = reported()
    await stage.hear(first, regraded(first, Grade.LARGER))
    receiver.secret = ""  # it would refuse stamps of days to come
    receiver.answers = [500] * (len(sending.RETRIES) + 1)
    for day in range(len(sending.RETRIES) + 2):
        await call_all(stage, after=timedelta(days=2 * day))

    assert [row.status for row in await calls(stage)] == [
        CallStatus.GIVEN_UP,
        CallStatus.SUCCEEDED,
    ]


async def test_a_system_that_hangs_holds_up_neither_alarms_nor_other_systems(
    stage: Stage, receiver: Receiver
) -> None:
    caller, now = Caller(DEVELOPMENT), clock.wall()
    receiver.holding = asyncio.Event()
    await stage.hear(reported())
    hanging = asyncio.create_task(caller.call_next(stage.database, now=now))
    await eventually(lambda: receiver.bodies)

    async with receiving() as other, asyncio.timeout(5):
        other.secret = await subscribed(stage, other.url, name="other")
        await stage.hear(reported())
        assert await caller.call_next(stage.database, now=now)
        assert len(other.calls) == 1
        assert len(await stage.rows(Alarm)) == 2
    receiver.holding.set()
    await hanging


async def test_a_redirect_is_a_failure_and_is_not_followed(
    stage: Stage, receiver: Receiver
) -> None:
    receiver.answers = [307]
    receiver.headers = {"location": receiver.url}
    await stage.hear(reported())
    await call_all(stage)

    [row] = await calls(stage)
    assert (row.status, row.last_status) == (CallStatus.QUEUED, 307)
    assert len(receiver.bodies) == 1


async def test_410_disables_the_endpoint_and_what_follows_is_recorded_as_skipped(
    stage: Stage, receiver: Receiver
) -> None:
    receiver.answers = [410]
    await stage.hear(reported())
    await call_all(stage)
    await stage.hear(reported())

    [endpoint] = await stage.rows(Endpoint)
    assert (endpoint.status, endpoint.disabled_reason) == (EndpointStatus.DISABLED, Reason.GONE)
    assert [row.status for row in await calls(stage)] == [
        CallStatus.GIVEN_UP,
        CallStatus.SKIPPED,
    ]
    assert await call_all(stage, after=timedelta(days=2)) == 0


async def test_a_system_hears_only_of_its_place_and_subjects(
    stage: Stage, receiver: Receiver
) -> None:
    await subscribed(stage, receiver.url, name="zhuzhou", region_code="430200")
    other = ["incidents.accident.regraded.v1"]
    await subscribed(stage, receiver.url, name="graded", subjects=other)
    await stage.hear(reported())
    assert len(await calls(stage)) == 1


async def test_an_administrator_replays_from_a_time(stage: Stage, receiver: Receiver) -> None:
    old, new = reported(), reported(occurred_at=AT + minutes(60))
    await stage.hear(old, new)
    await call_all(stage)
    [endpoint] = await stage.rows(Endpoint)
    receiver.calls.clear()

    async with stage.as_(ADMINISTRATOR) as client:
        answer = await client.post(
            f"/notifications/endpoints/{endpoint.endpoint_id}/replay",
            json={"since": (AT + minutes(30)).isoformat()},
        )
    await call_all(stage)

    assert (answer.status_code, answer.json()) == (200, {"queued": 1})
    assert [told["subject"] for told in receiver.calls] == [str(new.accident_id)]


class TestTheGuard:
    """A webhook must not become a way into the network."""

    @pytest.mark.parametrize(
        "url",
        [
            "http://city.example.cn/hook",
            "https://other.example.cn/hook",
            "https://city.example.cn.evil.cn/hook",
            "https://user:secret@city.example.cn/hook",
            "https://169.254.169.254/latest",
            "ftp://city.example.cn/",
        ],
    )
    def test_an_address_outside_of_the_list_is_refused(self, url: str) -> None:
        assert PRODUCTION.refuse_url(url) is not None

    def test_names_below_a_listed_domain_pass_when_the_list_says_so(self) -> None:
        guard = Guard(hosts=(".hunan.example.cn",))
        assert guard.refuse_url("https://yjt.hunan.example.cn/hook") is None
        assert guard.refuse_url("https://evilhunan.example.cn/hook") is not None

    @pytest.mark.parametrize(
        "address",
        [
            *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"),
            *("::1", "fe80::1", "fd00::1", "::", "::ffff:10.1.2.3", "::ffff:127.0.0.1"),
            *("2002:0a01:0203::", "64:ff9b::0a01:0203", "64:ff9b::7f00:1", "100.64.0.1"),
        ],
    )
    def test_an_inner_address_is_refused_however_it_is_wrapped(self, address: str) -> None:
        assert PRODUCTION.refuse_addresses([address]) is not None
        assert PRODUCTION.refuse_addresses(["93.184.216.34", address]) is not None

    def test_a_listed_private_network_passes_and_its_neighbour_does_not(self) -> None:
        networks = ["10.1.0.0/16"]
        assert PRODUCTION.refuse_addresses(["10.1.2.3"], networks=networks) is None
        assert PRODUCTION.refuse_addresses(["::ffff:10.1.2.3"], networks=networks) is None
        assert PRODUCTION.refuse_addresses(["10.2.2.3"], networks=networks) is not None
        everything = ["0.0.0.0/0"]
        assert PRODUCTION.refuse_addresses(["169.254.169.254"], networks=everything) is not None

    def test_a_host_without_an_address_is_refused(self) -> None:
        assert PRODUCTION.refuse_addresses([]) is not None

    async def test_loopback_is_not_called_outside_of_development(
        self, stage: Stage, receiver: Receiver
    ) -> None:
        await stage.hear(reported())
        await call_all(stage, guard=PRODUCTION)

        assert receiver.bodies == []
        [row] = await calls(stage)
        assert row.reason is not None
        assert row.reason.startswith(Reason.REFUSED)

    async def test_a_host_is_resolved_once_and_the_checked_address_is_called(
        self, stage: Stage, receiver: Receiver
    ) -> None:
        asked: list[str] = []

        async def resolve(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

        named = receiver.url.replace("127.0.0.1", "city.example.cn")
        receiver.secret = await subscribed(stage, named)
        await stage.hear(reported())
        caller = Caller(DEVELOPMENT, resolve=resolve)
        assert await caller.call_next(stage.database, now=clock.wall())

        assert asked == ["city.example.cn"]
        assert receiver.sent_headers[0]["host"].startswith("city.example.cn")


class TestAdministration:
    """Who may subscribe systems, and what is shown of them."""

    wanted = {"name": "province", "url": "https://city.example.cn/hook", "region_code": "430400"}

    @pytest.fixture(autouse=True)
    def _guarded(self, stage: Stage) -> None:
        stage.application.state.guard = PRODUCTION

    async def test_the_secret_is_shown_once_and_stored_sealed(self, stage: Stage) -> None:
        async with stage.as_(ADMINISTRATOR) as client:
            made = await client.post("/notifications/endpoints", json=self.wanted)
            listed = await client.get("/notifications/endpoints")

        assert made.status_code == 201
        secret = made.json()["secret"]
        assert secret.startswith("whsec_")
        assert "secret" not in listed.json()[0]
        async with stage.work() as session:
            connection = await session.connection()
            stored = await connection.exec_driver_sql("SELECT secret FROM endpoint")
            assert secret.encode() not in bytes(stored.scalar_one())

    async def test_an_address_that_is_not_listed_is_refused_with_the_reason(
        self, stage: Stage
    ) -> None:
        wanted = self.wanted | {"url": "https://inside.example.cn/"}
        async with stage.as_(ADMINISTRATOR) as client:
            answer = await client.post("/notifications/endpoints", json=wanted)
        assert (answer.status_code, answer.json()["reason"]) == (422, "host_not_listed")
        assert await stage.rows(Endpoint) == []

    async def test_a_place_outside_of_the_administrators_reach_is_refused(
        self, stage: Stage
    ) -> None:
        wanted = self.wanted | {"region_code": "430200"}
        async with stage.as_(ADMINISTRATOR) as client:
            answer = await client.post("/notifications/endpoints", json=wanted)
        assert answer.status_code == 404
        assert await stage.rows(Endpoint) == []

    async def test_a_duty_desk_cannot_see_or_make_subscriptions(self, stage: Stage) -> None:
        async with stage.as_(desk("430481.emergency")) as client:
            assert (await client.get("/notifications/endpoints")).status_code == 403
            answer = await client.post("/notifications/endpoints", json=self.wanted)
            assert answer.status_code == 403

    async def test_a_disabled_endpoint_is_not_called(
        self, stage: Stage, receiver: Receiver
    ) -> None:
        await stage.hear(reported())
        [endpoint] = await stage.rows(Endpoint)
        path = f"/notifications/endpoints/{endpoint.endpoint_id}"
        async with stage.as_(ADMINISTRATOR) as client:
            answer = await client.post(f"{path}/disable", json={"reason": "moving house"})
            page = (await client.get(f"{path}/deliveries")).json()
            missing = await client.get(f"/notifications/endpoints/{NOBODY}/deliveries")
        assert answer.json()["status"] == "disabled"
        assert await call_all(stage) == 0
        assert [item["status"] for item in page["items"]] == ["queued"]
        assert missing.status_code == 404

        async with stage.as_(ADMINISTRATOR) as client:
            assert (await client.post(f"{path}/enable")).json()["status"] == "enabled"
        assert await call_all(stage) == 1

    async def test_a_name_is_taken_once_in_a_place(self, stage: Stage) -> None:
        async with stage.as_(ADMINISTRATOR) as client:
            await client.post("/notifications/endpoints", json=self.wanted)
            again = await client.post("/notifications/endpoints", json=self.wanted)
        assert again.status_code == 409


class TestPlantedBugs:
    """Each guarantee is broken on purpose, to show that its test would notice."""

    async def test_a_signature_over_something_else_is_noticed(
        self, stage: Stage, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        honest = sending.signed

        def forged(*, body: str, **values: Any) -> Any:
            return honest(body=body + " ", **values)

        monkeypatch.setattr(sending, "signed", forged)
        await stage.hear(reported())
        await call_all(stage)
        assert receiver.bodies
        assert receiver.calls == [], "it did not verify"
        with pytest.raises(WebhookVerificationError):
            verify(receiver)

    async def test_without_the_guard_an_inner_address_would_be_called(
        self, stage: Stage, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Guard, "refuse_addresses", lambda *_, **__: None)
        monkeypatch.setattr(Guard, "refuse_url", lambda *_: None)
        with pytest.raises(AssertionError):
            await TestTheGuard().test_loopback_is_not_called_outside_of_development(stage, receiver)


def verify(receiver: Receiver) -> None:
    Webhook(receiver.secret).verify(receiver.bodies[-1], receiver.sent_headers[-1])
