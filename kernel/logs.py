"""One JSON line per thing worth telling, on standard output.

Every line carries the service, the request id and the trace it belongs to, and passes the
redaction. The libraries' own logging runs through the same chain.
"""

import json
import logging
import sys
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import orjson
import structlog
from opentelemetry import trace

from kernel import clock
from kernel.redaction import by_name, scrub

EventDict = MutableMapping[str, Any]
Processor = Callable[[Any, str, EventDict], Any]

_KEPT = frozenset({"timestamp", "level", "service", "logger", "trace_id", "span_id"})

# Below WARNING these write statements with their parameters, or addresses with their queries.
_QUIET = ("sqlalchemy", "asyncpg", "httpx", "httpcore", "urllib3", "aiosmtplib", "mail.log")


def configure(service: str, level: str, mode: str, *, stream: TextIO | None = None) -> None:
    """Send this process's log to standard output; the last call counts.

    `mode` "development" on a terminal gives lines for people, everything else gives JSON.
    Run uvicorn with `log_config=None`, or it takes its own loggers back.
    """
    out = stream or sys.stdout
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_chain(service), *_last(mode == "development" and out.isatty())],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=lambda *name: _Writer(out, *name),
        cache_logger_on_first_use=False,
    )
    _take_over_standard_logging(threshold)


class _Writer(structlog.WriteLogger):
    """Writes lines, and knows which module they come from."""

    def __init__(self, out: TextIO, name: str | None = None) -> None:
        super().__init__(out)
        self.name = name


def _chain(service: str) -> list[Processor]:
    def stamp(logger: _Writer, level: str, line: EventDict) -> EventDict:
        line["timestamp"] = clock.wall().isoformat()
        line["level"] = level
        line["service"] = service
        line.setdefault("logger", logger.name)
        return line

    return [structlog.contextvars.merge_contextvars, stamp, _add_trace, _show_once, _redact]


def _last(for_people: bool) -> list[Processor]:
    if for_people:
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [_to_json]


def _to_json(_logger: Any, _level: str, line: EventDict) -> str:
    try:
        return orjson.dumps(line).decode()
    except TypeError:  # a lone surrogate, an integer beyond 64 bits: never the caller's trouble
        return json.dumps(line, default=repr)


def _add_trace(_logger: Any, _level: str, line: EventDict) -> EventDict:
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        line["trace_id"] = f"{span.trace_id:032x}"
        line["span_id"] = f"{span.span_id:016x}"
    return line


def _show_once(_logger: Any, _level: str, line: EventDict) -> EventDict:
    """The trace of an error stands in the log once, however many layers report it."""
    given = line.pop("exc_info", None)
    heard = line.pop("_heard", False)
    reason = _exception(given)
    if reason is None:
        return line
    if "_anlian_shown" in reason.__dict__:
        if heard:  # a library tells what one of ours has told already
            raise structlog.DropEvent
        line["error"] = type(reason).__name__
        return line
    reason.__dict__["_anlian_shown"] = True
    line["error"] = type(reason).__name__
    line["exception"] = "".join(traceback.format_exception(reason))
    return line


def _exception(given: Any) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return _exception(given[1])
    return sys.exc_info()[1] if given else None


def _redact(_logger: Any, _level: str, line: EventDict) -> EventDict:
    for key, value in line.items():
        if key == "exception":
            line[key] = scrub(value)
        elif key not in _KEPT:
            line[key] = by_name(key, value)
    return line


class _Heard(logging.Handler):
    """Hands what libraries log to the chain."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one record; a broken one must not break its caller."""
        try:
            log = structlog.get_logger().bind(logger=record.name, _heard=True)
            log.log(record.levelno // 10 * 10, record.getMessage(), exc_info=record.exc_info)
        except Exception:
            self.handleError(record)


def _take_over_standard_logging(threshold: int) -> None:
    root = logging.getLogger()
    root.handlers = [_Heard()]
    root.setLevel(threshold)
    for name in list(logging.Logger.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))
    # Requests are counted by the metrics and told by the gateway; twice is once too many.
    logging.getLogger("uvicorn.access").disabled = True
    logging.captureWarnings(True)
