"""Traces continue across processes, metrics stay few, and a request pays microseconds for them."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send
from structlog.contextvars import get_contextvars
from structlog.testing import capture_logs

from kernel import telemetry
from kernel.observed import Observed

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@given(
    trace_id=st.integers(min_value=1, max_value=2**128 - 1),
    span_id=st.integers(min_value=1, max_value=2**64 - 1),
    flags=st.integers(min_value=0, max_value=1),
)
def test_a_traceparent_is_read_back_as_it_was_written(
    trace_id: int, span_id: int, flags: int
) -> None:
    header = f"00-{trace_id:032x}-{span_id:016x}-{flags:02x}"

    span = telemetry.parse_traceparent(header)

    assert span is not None
    assert telemetry.format_traceparent(span) == header


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        PARENT.upper(),
        PARENT + "-extra",
        "ff" + PARENT[2:],
        "00-" + "0" * 32 + "-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
        PARENT + "\n",
    ],
)
def test_a_malformed_traceparent_is_as_good_as_none(header: str | None) -> None:
    assert telemetry.parse_traceparent(header) is None


def test_a_later_version_of_the_header_is_read_by_its_first_four_parts() -> None:
    assert telemetry.parse_traceparent("01" + PARENT[2:] + "-what-comes-next") is not None


def test_work_keeps_the_trace_and_takes_a_span_of_its_own() -> None:
    with telemetry.continued(PARENT, "handle"):
        inside = telemetry.current_traceparent()

    assert inside is not None
    assert inside.split("-")[1] == PARENT.split("-")[1]
    assert inside.split("-")[2] != PARENT.split("-")[2]
    assert inside.endswith("-01")
    assert telemetry.current_traceparent() is None


def test_work_nobody_asked_for_begins_a_trace() -> None:
    with telemetry.continued(None, "timer"):
        first = telemetry.current_traceparent()
    with telemetry.continued(None, "timer"):
        second = telemetry.current_traceparent()

    assert first
    assert second
    assert first.split("-")[1] != second.split("-")[1]


def test_the_trace_around_is_restored_after_a_failure() -> None:
    with telemetry.continued(PARENT, "outer"):
        outer = telemetry.current_traceparent()
        with pytest.raises(ZeroDivisionError), telemetry.continued(None, "inner"):
            raise ZeroDivisionError
        assert telemetry.current_traceparent() == outer


def served() -> Observed:
    room = APIRouter(prefix="/reports")

    @room.get("/{report_id}")
    async def read(report_id: str) -> dict[str, str | None]:
        return {
            "id": report_id,
            "request_id": get_contextvars().get("request_id"),
            "traceparent": telemetry.current_traceparent(),
        }

    @room.get("/{report_id}/broken")
    async def break_down(report_id: str) -> None:
        raise RuntimeError(report_id)

    service = APIRouter(prefix="/api/v1/incidents")
    service.include_router(room)
    app = FastAPI()
    app.include_router(service)
    return Observed(app)


@pytest.fixture
async def client() -> Iterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(served(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


def counted(method: str, route: str, status: int) -> float:
    labels = {"method": method, "route": route, "status": str(status)}
    return telemetry.REGISTRY.get_sample_value("anlian_requests_total", labels) or 0


async def test_a_request_is_counted_by_its_whole_route_template(
    client: httpx.AsyncClient,
) -> None:
    route = "/api/v1/incidents/reports/{report_id}"
    before = counted("GET", route, 200)

    for number in range(3):
        await client.get(f"/api/v1/incidents/reports/{number}")

    assert counted("GET", route, 200) - before == 3
    body, media_type = telemetry.metrics_endpoint()
    assert media_type.startswith("text/plain")
    assert f'route="{route}"'.encode() in body


async def test_what_no_route_took_is_one_series_whatever_is_asked(
    client: httpx.AsyncClient,
) -> None:
    before = counted("unknown", "unknown", 404), counted("GET", "unknown", 404)

    await client.get("/wp-login.php")
    await client.request("BREW", "/coffee")

    assert counted("GET", "unknown", 404) - before[1] == 1
    assert counted("unknown", "unknown", 404) - before[0] == 1


async def test_a_failed_request_is_counted_as_500_and_told_once(client: httpx.AsyncClient) -> None:
    route = "/api/v1/incidents/reports/{report_id}/broken"
    before = counted("GET", route, 500)

    with capture_logs() as told:
        await client.get("/api/v1/incidents/reports/1/broken")

    assert counted("GET", route, 500) - before == 1
    assert [line["event"] for line in told] == ["request.failed"]


async def test_a_request_keeps_its_id_and_trace(client: httpx.AsyncClient) -> None:
    asked = {"X-Request-ID": "desk-7.1", "traceparent": PARENT}

    answer = await client.get("/api/v1/incidents/reports/1", headers=asked)

    assert answer.headers["X-Request-ID"] == "desk-7.1"
    assert answer.json()["request_id"] == "desk-7.1"
    assert answer.json()["traceparent"].split("-")[1] == PARENT.split("-")[1]
    assert get_contextvars() == {}


@pytest.mark.parametrize("forged", ["a b", "x" * 65, 'x"},{"level":"fatal', "é", ""])
async def test_a_request_id_that_could_break_a_log_line_is_replaced(
    client: httpx.AsyncClient, forged: str
) -> None:
    asked = [(b"X-Request-ID", forged.encode("latin-1"))]

    answer = await client.get("/api/v1/incidents/reports/1", headers=asked)

    assert answer.headers["X-Request-ID"] != forged
    assert len(answer.headers["X-Request-ID"]) == 32


async def bare(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def nowhere(_message: Message) -> None:
    """Where the answers of the measurement go."""


def test_without_a_collector_neither_the_sdk_nor_the_exporter_is_imported() -> None:
    program = (
        "import sys; from kernel import telemetry, observed;"
        "telemetry.configure(service='tasks', endpoint=None);"
        "print([m for m in sys.modules if m.startswith('opentelemetry.sdk')"
        " or m.startswith('opentelemetry.exporter')])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


class Collector(BaseHTTPRequestHandler):
    """An OTLP collector that keeps the bodies it is sent."""

    bodies: list[bytes] = []
    paths: list[str] = []

    def do_POST(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.paths.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_spans_reach_the_collector_without_the_words_of_an_exception(collector: str) -> None:
    shutdown = telemetry.configure(service="incidents", endpoint=collector)
    try:
        with (
            pytest.raises(RuntimeError),
            telemetry.continued(PARENT, "handle incidents.accident.reported.v1"),
        ):
            raise RuntimeError("张三 13812345678")
    finally:
        shutdown()
        telemetry.configure(service="incidents", endpoint=None)

    sent = b"".join(Collector.bodies)
    assert Collector.paths == ["/v1/traces"]
    assert b"handle incidents.accident.reported.v1" in sent
    assert b"anlian-incidents" in sent
    assert bytes.fromhex(PARENT.split("-")[1]) in sent
    assert b"RuntimeError" in sent
    assert b"13812345678" not in sent
