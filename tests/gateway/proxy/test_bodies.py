"""Bodies: how large, how slow, how strict, and that large ones are never kept in memory."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.proxy.protocol import GuardedProtocol
from tests.eventually import eventually
from tests.gateway.proxy.peers import Service, exchange, gateway, trickled

PLANS = "/api/v1/tasks/plans"
MIB = 1_048_576
HEAD = b"POST " + PLANS.encode() + b" HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer zhang\r\n"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("kind", ["application/json", "application/merge-patch+json", ""])
@pytest.mark.parametrize("deep", [b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 33, b"[" * 10_000])
async def test_json_nested_too_deep_does_not_reach_the_service(
    client: httpx.AsyncClient, service: Service, kind: str, deep: bytes
) -> None:
    answer = await client.post(PLANS, content=deep, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == 400
    [fault] = answer.json()["errors"]
    assert fault["code"] in {"depth", "syntax"}
    assert service.arrived == 0


async def test_depth_is_told_with_its_place(client: httpx.AsyncClient) -> None:
    deep = b"[" * 33 + b"]" * 33
    [fault] = (await client.post(PLANS, content=deep, headers=JSON)).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/0" * 32, "depth")
    assert (await client.post(PLANS, content=deep[1:-1], headers=JSON)).status_code == 201


@pytest.mark.parametrize("body", [b"{", b'{"a":1,"a":2}', b"[NaN]", b'"\\u0000"', b'"\xff"'])
async def test_what_json_means_is_judged_by_the_service_that_reads_it(
    client: httpx.AsyncClient, service: Service, body: bytes
) -> None:
    assert (await client.post(PLANS, content=body, headers=JSON)).status_code == 201
    assert service.seen[-1]["digest"] == hashlib.sha256(body).hexdigest()


async def test_strict_json_arrives_byte_for_byte(
    client: httpx.AsyncClient, service: Service
) -> None:
    body = json.dumps({"地点": "耒阳市", "n": 1.50}, ensure_ascii=False).encode() + b"\n "
    assert (await client.post(PLANS, content=body, headers=JSON)).status_code == 201
    assert service.seen[-1]["digest"] == hashlib.sha256(body).hexdigest()


async def test_a_large_json_body_is_refused_by_its_declared_length_at_once(
    url: str, service: Service
) -> None:
    declared = HEAD + b"Content-Type: application/json\r\nContent-Length: 10485760\r\n\r\n"
    answer = await exchange(url, declared, until=lambda so_far: b"}" in so_far)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"limit":1048576' in answer
    assert service.arrived == 0


async def test_a_client_that_sends_all_of_a_too_large_body_still_reads_the_refusal(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post(PLANS, content=b" " * (10 * MIB), headers=JSON)
    assert answer.status_code == 413
    assert (await client.get(PLANS)).status_code == 200


async def test_a_chunked_body_that_comes_with_its_head_is_counted_too(
    service_url: str, service: Service
) -> None:
    chunked = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with gateway({"tasks": service_url}, json_limit=10) as url:
        fits = await exchange(url, HEAD + chunked + b"a\r\n[11111111]\r\n0\r\n\r\n", until=_ended)
        longer = await exchange(
            url, HEAD + chunked + b"b\r\n[111111111]\r\n0\r\n\r\n", until=_ended
        )

    assert fits.startswith(b"HTTP/1.1 201 ")
    assert longer.startswith(b"HTTP/1.1 413 ")
    assert service.arrived == 1


def _ended(so_far: bytes) -> bool:
    return so_far.endswith(b"}")


async def test_a_chunked_body_is_counted_while_it_arrives(
    client: httpx.AsyncClient, service: Service
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 65_536

    answer = await client.post(PLANS, content=endless(), headers=JSON)
    assert answer.status_code == 413
    assert service.arrived == 0


async def uploaded(client: httpx.AsyncClient, size: int, *, chunked: bool) -> httpx.Response:
    async def photo() -> AsyncIterator[bytes]:
        for _ in range(size // 65_536):
            yield b"p" * 65_536

    headers = {"Content-Type": "image/jpeg"} | ({} if chunked else {"Content-Length": str(size)})
    return await client.post("/api/v1/tasks/photos", content=photo(), headers=headers)


@pytest.mark.parametrize("chunked", [False, True])
async def test_an_upload_is_passed_on_whole(
    client: httpx.AsyncClient, service: Service, chunked: bool
) -> None:
    assert (await uploaded(client, 8 * MIB, chunked=chunked)).status_code == 201
    assert service.seen[-1]["length"] == 8 * MIB
    assert service.seen[-1]["digest"] == hashlib.sha256(b"p" * (8 * MIB)).hexdigest()


@pytest.mark.parametrize("chunked", [False, True])
async def test_an_upload_too_large_is_refused_and_stored_nowhere(
    client: httpx.AsyncClient, service: Service, chunked: bool
) -> None:
    assert (await uploaded(client, 21 * MIB, chunked=chunked)).status_code == 413
    assert service.seen == []


async def test_an_upload_reaches_the_service_before_it_is_complete(
    url: str, service: Service
) -> None:
    """What is passed on as it arrives is never kept whole."""
    head = HEAD + b"Content-Type: image/jpeg\r\nContent-Length: 4000000\r\n\r\n"
    host, _, port = url.removeprefix("http://").partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(head + b"p" * 100_000)
    await eventually(lambda: service.arrived == 1)
    assert service.seen == []
    writer.close()
    await eventually(service.left.is_set)


async def test_an_upload_refused_by_the_service_ends_with_its_answer(
    client: httpx.AsyncClient,
) -> None:
    async def photo() -> AsyncIterator[bytes]:
        for _ in range(128):
            yield b"p" * 65_536

    headers = {"Content-Type": "image/jpeg"}
    answer = await client.post("/api/v1/tasks/refusing", content=photo(), headers=headers)
    assert (answer.status_code, answer.json()) == (403, {"refused": True})


async def test_a_signed_body_is_kept_for_its_check_and_so_may_not_be_large(
    url: str, service: Service
) -> None:
    headers = {"X-App-Key": "province", "Content-Type": "image/jpeg"}
    async with httpx.AsyncClient(base_url=url, headers=headers) as province:
        assert (await province.post(PLANS, content=b"p" * 1_000)).status_code == 201
        assert (await province.post(PLANS, content=b"p" * (2 * MIB))).status_code == 413
    [seen] = service.seen
    assert ["x-anlian-actor", "province-signed-1000@tasks"] in seen["headers"]


@pytest.mark.parametrize("kind", [b"application/json", b"image/jpeg"])
async def test_a_body_that_trickles_in_is_cut_off_at_its_deadline(
    service_url: str, service: Service, kind: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte does not begin the deadline anew."""
    monkeypatch.setattr(GuardedProtocol, "linger_within", 0.2)
    head = HEAD + b"Content-Type: " + kind + b"\r\nContent-Length: 1000\r\n\r\n"
    async with gateway({"tasks": service_url}, body_within=0.4, upload_within=0.4) as url:
        answer = await trickled(url, head, b" ")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert service.seen == []
