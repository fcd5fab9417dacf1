"""Every line is one JSON object with its request and trace; no secret gets through any door."""

import io
import json
import logging
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr, ValidationError
from structlog.contextvars import bound_contextvars

from kernel import logs, telemetry
from kernel.redaction import MASK, is_secret, redacted, scrub

CANARIES = (
    "13812345678",
    "430481199003077714",
    "43048119900307771X",
    "hunter2-correct-horse",
    "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl",
    "张三的住址",
)
PHONE, ID_NUMBER, ID_NUMBER_X, PASSWORD, JWT, PERSON = CANARIES

Lines = Callable[[], list[dict[str, Any]]]


pytestmark = pytest.mark.usefixtures("the_log_as_it_was")


@pytest.fixture
def lines() -> Lines:
    """Configure a production log into memory; give its lines so far."""
    out = io.StringIO()
    logs.configure("tasks", "INFO", "production", stream=out)
    return lambda: [json.loads(line) for line in out.getvalue().splitlines()]


log = structlog.get_logger("test")


def test_a_line_tells_its_service_request_and_trace(lines: Lines) -> None:
    with bound_contextvars(request_id="desk-7"), telemetry.continued(None, "work"):
        trace_id = (telemetry.current_traceparent() or "").split("-")[1]
        log.info("report.accepted", grade="major", late=False)

    (line,) = lines()
    assert line["event"] == "report.accepted"
    assert line["level"] == "info"
    assert line["service"] == "tasks"
    assert line["logger"] == "test"
    assert line["request_id"] == "desk-7"
    assert line["trace_id"] == trace_id
    assert line["grade"] == "major"
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None


def test_lines_below_the_level_are_not_written(lines: Lines) -> None:
    log.debug("noise")
    logging.getLogger("nats").debug("noise")

    assert lines() == []


def test_libraries_log_through_the_same_chain(lines: Lines) -> None:
    logging.getLogger("uvicorn.error").warning("Slow start of %s", "tasks")

    (line,) = lines()
    assert (line["event"], line["logger"], line["level"]) == (
        "Slow start of tasks",
        "uvicorn.error",
        "warning",
    )


def test_statements_of_the_database_driver_are_never_logged(lines: Lines) -> None:
    logs.configure("tasks", "DEBUG", "production", stream=io.StringIO())

    assert not logging.getLogger("sqlalchemy.engine.Engine").isEnabledFor(logging.INFO)
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)


def test_a_warning_becomes_a_line(lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"called with phone={PHONE}", stacklevel=1)

    (line,) = lines()
    assert line["level"] == "warning"
    assert PHONE not in json.dumps(line)


def test_a_line_break_cannot_forge_a_second_line(lines: Lines) -> None:
    log.info('x\n{"level": "critical", "event": "forged"}', note="a\r\nb")

    assert len(lines()) == 1


class Contact(BaseModel):
    name: str
    phone: str


class Person:
    def __repr__(self) -> str:
        return f"Person({PERSON}, {PHONE})"


def told_by_key() -> None:
    log.info("x", password=PASSWORD, accessToken=JWT, phone=PHONE, id_number=ID_NUMBER)
    log.info("x", body={"informant": [{"mobile": PHONE, "ID-Card": ID_NUMBER}]})
    log.info("x", headers={"Authorization": f"Bearer {JWT}", "X-Signature": PASSWORD})


def told_by_type() -> None:
    log.info("x", value=SecretStr(PASSWORD), inside=[SecretStr(PASSWORD)])
    log.info("x", row=Person(), contact=Contact(name=PERSON, phone=PHONE))
    log.info("x", raw=PASSWORD.encode(), more=bytearray(PASSWORD.encode()))


def told_by_shape() -> None:
    log.info(f"call {PHONE} back, or +86 138-1234-5678".replace("138-1234-5678", PHONE))
    log.info("x", note=f"身份证{ID_NUMBER}，或{ID_NUMBER_X}", seen=[f"({PHONE})"])
    log.info("x", url=f"postgresql://owner:{PASSWORD}@127.0.0.1/anlian")
    log.info("x", query=f"token={PASSWORD}&limit=5", header=f"Bearer {JWT}")


def told_by_an_exception() -> None:
    quoted = (
        f"duplicate key value\nDETAIL:  Failing row contains ({PERSON}, {PHONE},\n{PASSWORD}).\n"
        f"[SQL: INSERT INTO casualty]\n[parameters: ('{PERSON}', '{PASSWORD}')]\n"
        "(Background on this error at: https://sqlalche.me/e/20/gkpj)"
    )
    try:
        try:
            Contact.model_validate({"name": 1, "phone": [PERSON]})
        except ValidationError as reason:
            raise RuntimeError(quoted) from reason
    except RuntimeError as reason:
        log.exception("x")
        log.warning("y", reason=reason, text=repr(reason).replace("\\n", "\n"))
    try:
        raise ValueError(f"invalid input for query argument $2: '{PERSON}' (expected str)")
    except ValueError:
        logging.getLogger("asyncpg").exception("query failed")


def told_by_a_library() -> None:
    logging.getLogger("anything").warning("login %s with password=%s", PHONE, PASSWORD)
    logging.getLogger("anything").warning("sent", extra={"password": PASSWORD})


@pytest.mark.parametrize(
    "tell", [told_by_key, told_by_type, told_by_shape, told_by_an_exception, told_by_a_library]
)
def test_no_canary_gets_into_the_log(lines: Lines, tell: Callable[[], None]) -> None:
    tell()

    written = json.dumps(lines(), ensure_ascii=False)
    assert lines()
    assert MASK in written or "<" in written
    assert [canary for canary in CANARIES if canary in written] == []


def test_the_canary_test_notices_a_chain_without_redaction(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(logs, "_redact", lambda _logger, _level, line: line)
    logs.configure("tasks", "INFO", "production", stream=out)

    told_by_key()

    assert PHONE in out.getvalue()


def test_what_is_harmless_stays_readable(lines: Lines) -> None:
    log.info(
        "visit.pushed",
        uscc="91430400MA4L1X2T3K",
        report_id=UUID("01910000-0000-7000-8000-138123456789"),
        due_at=datetime(2023, 11, 29, 14, tzinfo=UTC),
        count=13_812_345_678,
        party_secretary="430481.party_committee",
        tokenizer="jieba",
    )

    (line,) = lines()
    assert line["uscc"] == "91430400MA4L1X2T3K"
    assert line["report_id"] == "01910000-0000-7000-8000-138123456789"
    assert line["due_at"] == "2023-11-29T14:00:00+00:00"
    assert line["count"] == 13_812_345_678
    assert line["party_secretary"] == "430481.party_committee"
    assert line["tokenizer"] == "jieba"


@pytest.mark.parametrize("key", ["userPassword", "id_card", "IDNumber", "X-Signature", "手机号"])
def test_a_secret_name_is_known_in_any_spelling(key: str) -> None:
    assert is_secret(key)


def test_the_trace_of_an_error_is_shown_once(lines: Lines) -> None:
    try:
        raise RuntimeError("broken")
    except RuntimeError as reason:
        log.error("handler.failed", exc_info=reason)
        log.error("consumer.restarts", exc_info=reason)
        logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=reason)

    first, second = lines()
    assert "RuntimeError: broken" in first["exception"]
    assert first["error"] == second["error"] == "RuntimeError"
    assert "exception" not in second
    assert second["event"] == "consumer.restarts"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=20,
)


@given(value=anything, name=st.text(min_size=1))
def test_whatever_is_logged_gives_one_readable_line(value: object, name: str) -> None:
    out = io.StringIO()
    logs.configure("tasks", "INFO", "production", stream=out)

    log.info("x", **{f"k{name}": value, "odd": "\ud800"})

    (line,) = out.getvalue().split("\n")[:-1]
    assert json.loads(line)["event"] == "x"


def test_a_value_without_end_is_cut() -> None:
    endless: dict[str, Any] = {}
    endless["again"] = endless

    assert len(json.dumps(redacted(endless))) < 200
    assert len(scrub("x" * 10_000_000)) < 25_000


@pytest.mark.parametrize(
    "hostile",
    ["input_value=" * 5_000, "DETAIL: " * 5_000, "://a:" * 5_000, "eyJaaaaaaaaa." * 5_000],
)
def test_hostile_text_is_scrubbed_in_bounded_time(hostile: str) -> None:
    started = process_time()

    scrub(hostile)

    assert process_time() - started < 10  # a pattern that backtracks takes minutes
