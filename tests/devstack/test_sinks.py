"""The sinks keep what arrives, and only so much of it."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from email.message import EmailMessage

import aiosmtplib
import httpx
import pytest

from devstack.layout import REPOSITORY
from devstack.ports import anywhere
from devstack.sinks import Kept
from tests.eventually import eventually

PORTS = ("smtp", "mails", "hooks")


@pytest.fixture
async def sinks() -> AsyncIterator[dict[str, int]]:
    """The ports of running sinks."""
    ports = {name: anywhere() for name in PORTS}
    arguments = [f"--{name}={port}" for name, port in ports.items()]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "devstack.sinks", *arguments, cwd=REPOSITORY
    )

    def listening() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", ports["hooks"])) == 0

    await eventually(listening, within=10)
    yield ports
    process.terminate()
    await process.wait()


def mail(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "安链 <platform@anlian.example>"
    message["To"] = to
    message["Subject"] = "事故告警：耒阳市"
    message.set_content("请在两小时内上报。\n")
    message.add_alternative("<p>请在两小时内上报。</p>\n", subtype="html")
    return message


async def test_a_mail_is_kept_and_read_as_json(sinks: dict[str, int]) -> None:
    for to in ("desk@anlian.example", "leader@anlian.example"):
        await aiosmtplib.send(mail(to), hostname="127.0.0.1", port=sinks["smtp"], start_tls=False)

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{sinks['mails']}") as http:
        every = (await http.get("/mails")).json()
        one = (await http.get("/mails", params={"to": "leader@anlian.example"})).json()

    assert [row["number"] for row in every] == [1, 2]
    assert one == every[1:]
    assert one[0]["subject"] == "事故告警：耒阳市"
    assert one[0]["text"].strip() == "请在两小时内上报。"
    assert "<p>" in one[0]["html"]


async def test_a_webhook_is_kept_with_its_headers_and_may_be_refused(
    sinks: dict[str, int],
) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{sinks['hooks']}") as http:
        assert (await http.get("/hooks/city")).json() == []
        taken = await http.post(
            "/hooks/city", content='{"type":"告警"}', headers={"webhook-id": "msg_1"}
        )
        refused = await http.post("/hooks/city?answer=503", content="again")
        calls = (await http.get("/hooks/city")).json()

    assert (taken.status_code, refused.status_code) == (204, 503)
    assert [(call["body"], call["answered"]) for call in calls] == [
        ('{"type":"告警"}', 204),
        ("again", 503),
    ]
    assert calls[0]["headers"]["webhook-id"] == "msg_1"


def test_the_oldest_goes_when_there_are_too_many_or_too_large() -> None:
    few = Kept(newest=2)
    small = Kept(volume=10)
    for size in (4, 4, 4):
        few.keep({}, size=size)
        small.keep({}, size=size)

    assert [item["number"] for item in few.all()] == [2, 3]
    assert [item["number"] for item in small.all()] == [2, 3]
