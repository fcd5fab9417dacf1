"""A real accident travels from the enterprise to the province, and everybody hears of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from kernel.ids import uuid7
from reference import units
from tests.city import ACCIDENTS, MESSAGES, OBLIGATIONS, REPORTS, City
from tests.eventually import eventually

pytestmark = pytest.mark.stack

HEARD_S = 45.0
"""A machine that builds and tests at the same time may take this long."""

RELAYS = "/api/v1/incidents/relays"
ENDPOINTS = "/api/v1/notifications/endpoints"
VISITS = "/api/v1/inspections/visits"
ENTERPRISES = "/api/v1/inspections/registry/enterprises"


async def opened(city: City, account: str = "enterprise", **fields: Any) -> Any:
    """The receipt of an accident just reported: three dead unless stated otherwise."""
    body = city.report(account, **{"casualties": {"deaths": 3}, **fields})
    return await city.done(account, REPORTS, body)


async def messages(city: City, account: str, accident: str) -> list[Any]:
    """What an account was told of an accident, newest first."""
    inbox = await city.all(account, MESSAGES)
    return [message for message in inbox if message["origin"] == accident]


async def alarm(city: City, account: str, accident: str, kind: str = "accident.reported") -> Any:
    """The alarm about an accident in an account's inbox, once it is there."""

    async def found() -> Any:
        told = await messages(city, account, accident)
        return next((m for m in told if m["kind"] == f"incidents.{kind}" and m["alarm_id"]), None)

    return await eventually(found, within=HEARD_S)


async def timeline(city: City, accident: str) -> list[Any]:
    told = await city.get("province_duty_desk", f"{ACCIDENTS}/{accident}/timeline")
    entries: list[Any] = told["entries"]
    return entries


async def test_the_reporter_is_answered_with_all_that_follows(city: City) -> None:
    body = city.report(casualties={"deaths": 3})
    answer = await city.post("enterprise", REPORTS, body)
    assert answer.status_code == 201
    told = answer.json()
    received = datetime.fromisoformat(told["received_at"])
    assert abs(received - city.now) < timedelta(minutes=1)
    assert told["report_id"] == body["report_id"]
    assert told["accident_id"]
    assert (told["receipt"], told["grade"]) == ("committed", "larger")
    assert told["grade_label"] == "larger accident"
    assert (told["grade_basis"]["measure"], told["grade_basis"]["threshold"]) == ("deaths", 3)
    assert told["investigating_level"] == "province"  # a coal mine: the mine safety organs
    assert (told["late"], told["late_by_seconds"]) == (False, 0)
    hops = [(hop["level"], hop["to_unit"], hop["due_at"]) for hop in told["relays"]]
    assert hops == [
        ("city", "430400.emergency", (received + timedelta(hours=2)).isoformat()),
        ("province", "430000.emergency", (received + timedelta(hours=4)).isoformat()),
    ]


async def test_a_late_report_says_by_how_much(city: City) -> None:
    known = city.now - timedelta(hours=1, seconds=90)
    told = await opened(city, occurred_at=known.isoformat(), known_at=known.isoformat())
    assert told["late"]
    assert 90 <= told["late_by_seconds"] < 150


async def test_grading_keeps_nothing(city: City) -> None:
    asked = {"casualties": {"deaths": 29, "missing": 1}, "missing_presumed_dead": True}
    told = await city.done("hotline_operator", "/api/v1/incidents/grading", asked)
    assert told["grade"] == "extraordinary"
    assert told["relays"] == ["city", "province", "national"]


async def test_all_services_answer_a_report(city: City) -> None:
    accident = (await opened(city))["accident_id"]
    county = await alarm(city, "county_duty_desk", accident)
    assert county["subject"] == "[larger accident] Leiyang City: 3 dead - acknowledge now"
    assert county["acknowledge_by"]
    await alarm(city, "city_duty_desk", accident)

    async def duties() -> set[tuple[str, str]]:
        found = await city.all("city_duty_desk", OBLIGATIONS, origin=accident)
        told = {(row["kind"], row["unit"]) for row in found}
        assert {
            ("relay", "430481.emergency"),
            ("relay", "430400.emergency"),
            ("attendance", "430481.government"),
            ("attendance", "430400.government"),
        } <= told
        return told

    await eventually(duties, within=HEARD_S)

    async def flag() -> Any:
        uscc = city.uscc("enterprise")
        flagged = (await city.get("inspector", f"{ENTERPRISES}/{uscc}"))["flags"]
        return next((one for one in flagged if one["accident_id"] == accident), None)

    assert (await eventually(flag, within=HEARD_S))["grade"] == "larger"

    async def visits() -> list[Any]:
        return await city.all("inspector", VISITS, origin=accident)

    (visit,) = await eventually(visits, within=HEARD_S)
    assert (visit["unit"], visit["status"]) == ("430481.emergency", "open")

    async def told_enterprise() -> bool:
        inbox = await city.all("enterprise", MESSAGES)
        return any(m["kind"] == "inspections.enterprise.flagged" for m in inbox)

    await eventually(told_enterprise, within=HEARD_S)


async def test_an_alarm_goes_out_by_mail_in_both_languages(city: City) -> None:
    accident = (await opened(city))["accident_id"]
    await alarm(city, "county_duty_desk", accident)

    async def letter() -> Any:
        # The duties it opens are mailed to the same desk: the alarm is the one with the dead.
        letters = await city.mails("430481.emergency.duty_desk@anlian.example")
        about = (one["text"] for one in letters if accident in one["text"])
        return next((text for text in about if "死亡3人" in text), None)

    assert "3 dead" in await eventually(letter, within=HEARD_S)


async def test_a_subscribed_system_gets_signed_calls_in_order(city: City) -> None:
    name = f"partner-{uuid7().hex}"
    wanted = {"name": name, "url": city.hook(name), "region_code": "430481"}
    made = await city.done("administrator", ENDPOINTS, {**wanted, "networks": ["127.0.0.1/32"]})
    accident = (await opened(city, casualties={"deaths": 2}))["accident_id"]
    follow_up = city.follow_up(accident, casualties={"deaths": 3})
    await city.done("enterprise", REPORTS, follow_up)

    async def calls() -> list[Any]:
        heard = (await city.gateway.get(city.hook(name))).json()
        ours = [call for call in heard if accident in call["body"]]
        return ours if len(ours) == 2 else []

    first, second = await eventually(calls, within=HEARD_S)
    door = Webhook(made["secret"])
    assert door.verify(first["body"], first["headers"])["type"] == "incidents.accident.reported.v1"
    assert door.verify(second["body"], second["headers"])["data"]["grade"] == "larger"
    with pytest.raises(WebhookVerificationError):
        door.verify(second["body"].replace("larger", "major"), second["headers"])
    shown = [one for one in await city.get("administrator", ENDPOINTS) if one["name"] == name]
    assert "secret" not in shown[0]


async def test_desks_acknowledge_and_pass_a_report_on(city: City) -> None:
    accident = (await opened(city))["accident_id"]
    (hop,) = await city.get("county_duty_desk", RELAYS, mine=True, accident_id=accident)
    read = await city.done("county_duty_desk", f"{RELAYS}/{hop['id']}/acknowledge")
    assert read["status"] == "acknowledged"
    refused = await city.post("city_duty_desk", f"{RELAYS}/{hop['id']}/forward")
    assert refused.status_code == 403  # not its hop
    passed = await city.done(
        "county_duty_desk", f"{RELAYS}/{hop['id']}/forward", {"note": "已核实"}
    )
    assert (passed["status"], passed["late"]) == ("forwarded", False)
    (following,) = await city.get("city_duty_desk", RELAYS, mine=True, accident_id=accident)
    due = datetime.fromisoformat(passed["forwarded_at"]) + timedelta(hours=2)
    assert datetime.fromisoformat(following["due_at"]) == due
    again = await city.post("county_duty_desk", f"{RELAYS}/{hop['id']}/forward")
    assert again.status_code == 409

    async def fulfilled() -> bool:
        found = await city.all("county_duty_desk", OBLIGATIONS, origin=accident, kind="relay")
        return any(row["duty"] == f"relay:{hop['id']}" and row["closed_at"] for row in found)

    await eventually(fulfilled, within=HEARD_S)
    kinds = [entry["kind"] for entry in await timeline(city, accident)]
    assert kinds.index("relay_acknowledged") < kinds.index("relay_forwarded")
    assert {"occurred", "reported", "graded", "investigation", "relay_planned"} <= set(kinds)


async def test_an_acknowledged_alarm_says_who_answered(city: City) -> None:
    accident = (await opened(city))["accident_id"]
    message = await alarm(city, "county_duty_desk", accident)
    path = f"{MESSAGES}/{message['message_id']}/acknowledge"
    answered = await city.done("county_duty_desk", path)
    assert answered["acknowledged_by"]
    assert await city.done("county_duty_desk", path) == answered  # a second time changes nothing


async def test_more_dead_move_the_grade_and_all_that_hangs_on_it(city: City) -> None:
    accident = (await opened(city, casualties={"deaths": 2}))["accident_id"]
    await alarm(city, "county_duty_desk", accident)
    told = await city.done(
        "enterprise", REPORTS, city.follow_up(accident, casualties={"deaths": 3})
    )
    assert (told["grade"], told["accident_id"]) == ("larger", accident)
    assert [hop["level"] for hop in told["relays"]] == ["city", "province"]
    regraded = await alarm(city, "city_duty_desk", accident, "accident.regraded")
    assert regraded["grade"] == "larger"

    async def flag_history() -> list[str]:
        uscc = city.uscc("enterprise")
        flags = (await city.get("inspector", f"{ENTERPRISES}/{uscc}"))["flags"]
        (flag,) = [one for one in flags if one["accident_id"] == accident]
        assert flag["grade"] == "larger"
        return [step["grade"] for step in flag["history"]]

    assert await eventually(flag_history, within=HEARD_S) == ["general", "larger"]
    grades = [
        (entry["kind"], entry["grade"])
        for entry in await timeline(city, accident)
        if entry["kind"] in {"graded", "regraded"}
    ]
    assert grades == [("graded", "general"), ("regraded", "larger")]


async def test_a_concealed_death_lifts_the_investigation_one_level(city: City) -> None:
    account = "other_enterprise"  # no coal mine: its county would investigate a single death
    told = await opened(
        city,
        account,
        casualties={"deaths": 1},
        industry="industry_trade",
        accident_type="machinery_injury",
    )
    accident = told["accident_id"]
    assert told["investigating_level"] == "county"
    found = {
        "accident_id": accident,
        "kind": "concealed",
        "status": "preliminary",
        "evidence": "医院记录与报告不符",
    }
    await city.done("investigator", "/api/v1/incidents/findings", found)
    held = await city.get("investigator", f"/api/v1/incidents/investigations/{accident}")
    assert (held["level"], held["levels_up"]) == ("city", 1)
    assert [one["reason"] for one in held["assignments"]] == ["graded", "escalated"]

    async def moved() -> bool:
        rows = await city.all("city_duty_desk", OBLIGATIONS, origin=accident)
        units = {r["unit"] for r in rows if r["kind"] == "investigation" and not r["closed_at"]}
        return units == {held["unit"]}

    await eventually(moved, within=HEARD_S)

    async def leader_told() -> bool:
        inbox = await messages(city, "city_leader", accident)
        return any(m["kind"] == "incidents.investigation.escalated" for m in inbox)

    await eventually(leader_told, within=HEARD_S)
    hidden = await city.get("other_enterprise", f"{ACCIDENTS}/{accident}/timeline")
    assert "finding" not in {entry["kind"] for entry in hidden["entries"]}


async def test_a_published_investigation_asks_every_committee_and_enterprise_to_learn(
    city: City,
) -> None:
    accident = (
        await opened(
            city,
            "province_duty_desk",
            region_code="430112",
            industry="self_built_housing",
            accident_type="collapse",
            occurred_at="2022-04-29T12:24:00+08:00",
            known_at="2022-04-29T12:40:00+08:00",
            casualties={"deaths": 54},
        )
    )["accident_id"]
    publication = {
        "published_on": "2023-05-21",
        "title": "“4·29”事故调查报告",
        "source": "应急管理部网站",
    }
    path = f"/api/v1/incidents/investigations/{accident}/publication"
    await city.done("province_investigator", path, publication)

    known = {row["uscc"] for row in await city.all("committee_office", ENTERPRISES)}
    assert known

    async def asked() -> list[Any]:
        rows = await city.all(
            "committee_office", OBLIGATIONS, origin=accident, kind="special_meeting"
        )
        assert known <= {row["enterprise_uscc"] for row in rows}  # they come after the units
        return rows

    rows = await eventually(asked, within=HEARD_S)
    day = datetime.fromisoformat("2023-05-21").date()
    committees = {
        unit.code
        for unit in units.units(on=day)
        if unit.code.endswith("party_committee") and unit.region.startswith("4304")
    }
    assert committees <= {row["unit"] for row in rows}
