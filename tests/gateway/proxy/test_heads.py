"""What of a request's and an answer's head is passed on, and what is refused."""

import httpx
import pytest

from gateway.proxy import heads
from gateway.proxy.paths import MalformedPath, service_of
from kernel.access import NotFound
from tests.gateway.proxy.peers import Service, exchange, gateway

HOPS = {
    "Connection": "keep-alive, X-Only-Here",
    "X-Only-Here": "1",
    "Keep-Alive": "timeout=5",
    "TE": "trailers",
    "Trailer": "X-Late",
    "Proxy-Authorization": "Basic Og==",
    "Proxy-Connection": "keep-alive",
}
ASKING = b"GET /api/v1/tasks/plans HTTP/1.1\r\n"
RAW = ASKING + b"Host: city.gov.cn\r\nAuthorization: Bearer zhang\r\n%b\r\n"


def names(seen: dict[str, list[list[str]]]) -> set[str]:
    return {name for name, _ in seen["headers"]}


def value(seen: dict[str, list[list[str]]], name: str) -> str:
    return dict(map(tuple, seen["headers"]))[name]


async def hops_that_reach_the_service(client: httpx.AsyncClient, service: Service) -> set[str]:
    await client.get("/api/v1/tasks/plans", headers=HOPS)
    return names(service.seen[-1]) & {name.lower() for name in HOPS}


async def test_headers_of_one_hop_stay_on_it(client: httpx.AsyncClient, service: Service) -> None:
    assert await hops_that_reach_the_service(client, service) == set()


async def test_passing_hop_headers_on_is_caught(
    client: httpx.AsyncClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "NOT_FORWARDED", frozenset({b"host", b"content-length"}))
    assert await hops_that_reach_the_service(client, service) != set()


async def test_an_answers_hop_and_inner_headers_stay_inside(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/tasks/hops", headers={"X-Request-ID": "the-callers"})
    assert answer.headers["etag"] == '"7"'
    assert answer.headers.get_list("x-request-id") == ["the-callers"]
    assert not {"x-only-here", "keep-alive", "x-anlian-secret", "server"} & set(answer.headers)


async def forgery(client: httpx.AsyncClient, service: Service, name: str) -> tuple[int, int]:
    answer = await client.get("/api/v1/tasks/plans", headers={name: "administrator@tasks"})
    return answer.status_code, service.arrived


@pytest.mark.parametrize("name", ["X-Anlian-Actor", "x-anlian-anything", "X_Anlian_Actor"])
async def test_a_forged_inner_header_is_refused(
    client: httpx.AsyncClient, service: Service, name: str
) -> None:
    assert await forgery(client, service, name) == (400, 0)


async def test_letting_a_forged_inner_header_pass_is_caught(
    client: httpx.AsyncClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "INNER", (b"x-nothing",))
    assert await forgery(client, service, "X-Anlian-Actor") == (200, 1)


async def test_the_refusal_names_the_forged_header_in_the_readers_language(
    client: httpx.AsyncClient,
) -> None:
    headers = {"X-Anlian-Actor": "me", "Accept-Language": "en"}
    problem = (await client.get("/api/v1/tasks/plans", headers=headers)).json()
    assert problem["type"] == "/problems/inner-header-forged"
    assert problem["header"] == "x-anlian-actor"
    assert problem["title"].isascii()


async def test_the_service_is_told_who_acts_and_gets_no_secrets(
    client: httpx.AsyncClient, service: Service
) -> None:
    headers = {"Cookie": "session=1", "X-Forwarded-For": "8.8.8.8", "If-Match": '"3"'}
    await client.get("/api/v1/tasks/plans", headers=headers)
    seen = service.seen[-1]
    assert value(seen, "x-anlian-actor") == "zhang@tasks"
    assert value(seen, "x-forwarded-for") == "127.0.0.1"
    assert value(seen, "if-match") == '"3"'
    assert not {"authorization", "cookie"} & names(seen)


async def test_a_trailer_cannot_say_who_acts(url: str, service: Service) -> None:
    request = (
        b"POST /api/v1/tasks/plans HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer zhang\r\n"
        b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\n{}\r\n0\r\nX-Anlian-Actor: administrator@tasks\r\nAuthorization: Bearer li\r\n\r\n"
    )
    await exchange(url, request, until=lambda answer: b'"digest"' in answer)
    assert value(service.seen[-1], "x-anlian-actor") == "zhang@tasks"
    assert len([1 for name, _ in service.seen[-1]["headers"] if name == "x-anlian-actor"]) == 1


async def test_a_request_without_an_account_is_refused(url: str, service: Service) -> None:
    async with httpx.AsyncClient(base_url=url) as nobody:
        answer = await nobody.get("/api/v1/tasks/plans")
    assert (answer.status_code, service.arrived) == (401, 0)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_request_id_is_carried_or_made(client: httpx.AsyncClient, service: Service) -> None:
    for given, kept in (("phone-7.1_A", True), ("bad id", False), ("x" * 65, False)):
        answer = await client.get("/api/v1/tasks/plans", headers={"X-Request-ID": given})
        inside = value(service.seen[-1], "x-request-id")
        assert answer.headers["x-request-id"] == inside
        assert (inside == given) is kept


async def test_a_trace_is_carried_or_begun(client: httpx.AsyncClient, service: Service) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    headers = {"traceparent": trace, "tracestate": "city=1"}
    await client.get("/api/v1/tasks/plans", headers=headers)
    assert value(service.seen[-1], "traceparent") == trace
    assert value(service.seen[-1], "tracestate") == "city=1"
    await client.get(
        "/api/v1/tasks/plans", headers={"traceparent": "00-0-0-0", "tracestate": "a=1"}
    )
    begun = value(service.seen[-1], "traceparent").split("-")
    assert [len(part) for part in begun] == [2, 32, 16, 2]
    assert "tracestate" not in names(service.seen[-1])


def problem_of(answer: bytes) -> tuple[bytes, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head, answer
    return head.split(b" ")[1], body


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 3\r\nContent-Length: 4\r\n",
        b"Content-Length: 3, 3\r\n",
        b"Content-Length: +3\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: identity, chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding\x0b: chunked\r\n",
        b"Host: other\r\n",
        b"Authorization: Bearer li\r\n",
        b"X-Folded: a\r\n b\r\n",
        b"X Space: a\r\n",
        b"X-Bare: a\nX-Anlian-Actor: b\r\n",
        b"X-Nul: a\x00b\r\n",
        b"Idempotency-Key: a\r\nIdempotency-Key: b\r\n",
        b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n",
        b"Content-Encoding: gzip\r\nContent-Length: 3\r\n",
    ],
)
async def test_an_ambiguous_head_is_refused_before_any_service_hears_of_it(
    url: str, service: Service, headers: bytes
) -> None:
    answer = await exchange(url, RAW % headers, until=lambda so_far: b"}" in so_far)
    status, _ = problem_of(answer)
    assert status in {b"400", b"415"}
    assert service.arrived == 0


@pytest.mark.parametrize("host", [b"", b"Host: a b\r\n", b"Host: a/b\r\n", b"Host: a@b\r\n"])
async def test_a_request_without_a_proper_host_is_refused(
    url: str, service: Service, host: bytes
) -> None:
    head = ASKING + b"Authorization: Bearer zhang\r\n%b\r\n"
    answer = await exchange(url, head % host, until=lambda so_far: b"}" in so_far)
    assert problem_of(answer)[0] == b"400"
    assert service.arrived == 0


async def test_only_the_gateways_own_names_are_answered(service_url: str) -> None:
    async with (
        gateway({"tasks": service_url}, hosts=frozenset({"city.gov.cn"})) as url,
        httpx.AsyncClient(base_url=url, headers={"Authorization": "Bearer zhang"}) as client,
    ):
        for host, status in (("city.gov.cn", 200), ("CITY.gov.cn:8000", 200), ("evil.cn", 400)):
            answer = await client.get("/api/v1/tasks/plans", headers={"Host": host})
            assert answer.status_code == status


async def test_an_overlong_head_and_target_are_refused(url: str, client: httpx.AsyncClient) -> None:
    long = await client.get("/api/v1/tasks/plans", headers={"X-Long": "a" * 17_000})
    assert (long.status_code, long.json()["status"]) == (431, 431)
    target = await client.get("/api/v1/tasks/plans?q=" + "a" * 9_000)
    assert target.status_code == 414
    endless = await exchange(url, b"GET / HTTP/1.1\r\n" + b"X-A: aaaaaaaaaaaaaaaa\r\n" * 3_000)
    assert problem_of(endless)[0] == b"431"


async def test_unknown_methods_are_refused(url: str, service: Service) -> None:
    for method in (b"TRACE", b"PROPFIND", b"BREW"):
        request = (RAW % b"").replace(b"GET", method, 1)
        answer = await exchange(url, request, until=lambda so_far: b"}" in so_far)
        assert problem_of(answer)[0] in {b"400", b"405"}
    assert service.arrived == 0


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/v1/tasks/plans", "tasks"),
        ("/api/v1/tasks/plans/", "tasks"),
        ("/api/v1/incidents/accidents/1/relays/2/forward", "incidents"),
        ("/api/v1/tasks/units/%E8%A1%A1%E9%98%B3", "tasks"),
        ("/api/v1/tasks/a.b/..c/...", "tasks"),
    ],
)
def test_a_path_names_its_service(path: str, service: str) -> None:
    assert service_of(path.encode(), path, b"") == service


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("/", MalformedPath),
        ("/healthz", NotFound),
        ("/api/v1/tasks", NotFound),
        ("/api/v1/tasks/", NotFound),
        ("/api/v2/tasks/plans", NotFound),
        ("/api/v1/Tasks/plans", NotFound),
        ("//api/v1/tasks/plans", MalformedPath),
        ("/api/v1/tasks//plans", MalformedPath),
        ("/api/v1/tasks/../incidents/x", MalformedPath),
        ("/api/v1/tasks/..", MalformedPath),
        ("/api/v1/tasks/./plans", MalformedPath),
        ("/api/v1/tasks/%2e%2e/incidents/x", MalformedPath),
        ("/api/v1/tasks/.%2E/incidents/x", MalformedPath),
        ("/api/v1/tasks%2fplans/x", NotFound),
        ("/api/v1/tasks/a%2Fb", MalformedPath),
        ("/api/v1/tasks/a%5cb", MalformedPath),
        ("/api/v1/tasks/a\\b", MalformedPath),
        ("/api/v1/tasks/a%252fb", MalformedPath),
        ("/api/v1/tasks/a%00", MalformedPath),
        ("/api/v1/tasks/a%0d%0a", MalformedPath),
        ("/api/v1/tasks/a%zz", MalformedPath),
        ("/api/v1/tasks/a b", MalformedPath),
        ("*", MalformedPath),
    ],
)
def test_a_path_that_could_be_read_in_two_ways_is_refused(
    path: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        service_of(path.encode(), path, b"")


@pytest.mark.parametrize("query", [b"a=%00", b"a=\x7f", b"a=b c", "a=衡".encode()])
def test_a_query_with_control_characters_is_refused(query: bytes) -> None:
    with pytest.raises(MalformedPath):
        service_of(b"/api/v1/tasks/plans", "/api/v1/tasks/plans", query)


async def test_path_and_query_arrive_as_they_were_sent(
    client: httpx.AsyncClient, service: Service
) -> None:
    await client.get("/api/v1/tasks/units/%E8%A1%A1%E9%98%B3?b=%E4%B8%80&a=1&a=2")
    assert service.seen[-1]["path"] == "/api/v1/tasks/units/衡阳"
    assert service.seen[-1]["query"] == "b=%E4%B8%80&a=1&a=2"


async def test_other_services_and_inner_routes_cannot_be_reached(
    client: httpx.AsyncClient, service: Service
) -> None:
    for path in ("/metrics", "/readyz", "/api/v1/gateway/x", "/api/v1/tasks%2F..%2Fincidents/x"):
        assert (await client.get(path)).status_code in {400, 404}
    assert service.arrived == 0
