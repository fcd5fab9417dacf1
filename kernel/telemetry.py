"""Traces and metrics: W3C trace context carried through requests and events, Prometheus figures.

Every piece of work has a trace id, exported or not, so that the log lines of five processes
can be put together. Spans are recorded only when a collector's address is set: without one
the SDK and the exporter are never imported, and a request pays a few microseconds.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry import context, trace
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
)
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it untyped
REGISTRY = CollectorRegistry(auto_describe=False)
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

_REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LATENESS_BUCKETS = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3_600, 7_200, 86_400)

REQUESTS: Final = Counter(
    "anlian_requests_total",
    "Requests answered, by method, route template and status",
    ["method", "route", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS: Final = Histogram(
    "anlian_request_seconds",
    "Time from the request's head to the end of its answer",
    ["method", "route"],
    buckets=_REQUEST_BUCKETS,
    registry=REGISTRY,
)
OUTBOX_DEPTH: Final = Gauge(
    "anlian_outbox_depth", "Events committed and not yet published", registry=REGISTRY
)
RELAY_LAG: Final = Gauge(
    "anlian_relay_lag_seconds", "Age of the oldest event not yet published", registry=REGISTRY
)
RELAYED: Final = Counter("anlian_relayed_total", "Events published", registry=REGISTRY)
CONSUMED: Final = Counter(
    "anlian_consumed_total",
    "Events settled, by publisher and by whether it was their turn",
    ["publisher", "turn"],
    registry=REGISTRY,
)
CONSUMER_LAG: Final = Gauge(
    "anlian_consumer_lag",
    "Events of a publisher that wait to be handled here",
    ["publisher"],
    registry=REGISTRY,
)
DEAD_LETTERS: Final = Counter(
    "anlian_dead_letters_total",
    "Events set aside because their handler kept failing",
    ["publisher"],
    registry=REGISTRY,
)
TIMER_LATENESS: Final = Histogram(
    "anlian_timer_lateness_seconds",
    "How long after its due instant a timer fired",
    buckets=_LATENESS_BUCKETS,
    registry=REGISTRY,
)
SPOOL_DEPTH: Final = Gauge(
    "anlian_spool_depth", "Reports taken while the database was out", registry=REGISTRY
)
AUDIT_UNSEALED: Final = Gauge(
    "anlian_audit_unsealed", "Audit records not yet in the hash chain", registry=REGISTRY
)


def metrics_endpoint() -> tuple[bytes, str]:
    """The figures of this process in Prometheus' text format, and their media type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST


_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")

_tracer: Tracer | None = None


def configure(*, service: str, endpoint: str | None) -> Callable[[], None]:
    """Record spans and send them to an OTLP collector, if one is named.

    `endpoint` is the collector's base address (`http://otel:4318`). Returns what sends the
    last spans and stops; call it when the process ends.
    """
    global _tracer
    _tracer = None
    if not endpoint:
        return lambda: None
    # Imported here: the SDK and the exporter cost some 8 MB that most stacks need not spend.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: f"anlian-{service}"}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer = provider.get_tracer("anlian")
    return provider.shutdown


def parse_traceparent(header: str | None) -> SpanContext | None:
    """The remote span a W3C `traceparent` names; None when it is absent or malformed."""
    found = _TRACEPARENT.fullmatch(header) if header else None
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.groups()
    if version == "ff" or (version == "00" and more):
        return None
    span = SpanContext(
        int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16))
    )
    return span if span.is_valid else None


def format_traceparent(span: SpanContext) -> str:
    """The W3C `traceparent` of a span."""
    return f"00-{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags & 1:02x}"


def current_traceparent() -> str | None:
    """The `traceparent` to send along with what is told or called now; None outside of work."""
    span = trace.get_current_span().get_span_context()
    return format_traceparent(span) if span.is_valid else None


@contextmanager
def continued(
    traceparent: str | None, name: str, *, kind: SpanKind = SpanKind.CONSUMER
) -> Iterator[Span]:
    """Work that continues the trace of whoever asked for it, or begins one.

    An exception marks the span as failed by its type alone: its words may hold personal data.
    """
    span = _start(name, parse_traceparent(traceparent), kind)
    token = context.attach(trace.set_span_in_context(span))
    try:
        yield span
    except BaseException as reason:
        span.set_status(Status(StatusCode.ERROR, type(reason).__name__))
        raise
    finally:
        span.end()
        context.detach(token)


def _start(name: str, parent: SpanContext | None, kind: SpanKind) -> Span:
    if _tracer is None:
        return NonRecordingSpan(_child(parent))
    # An explicit context: whatever surrounds this work is not its parent.
    around = context.Context()
    if parent is not None:
        around = trace.set_span_in_context(NonRecordingSpan(parent), around)
    return _tracer.start_span(name, context=around, kind=kind)


def _child(parent: SpanContext | None) -> SpanContext:
    fresh = int.from_bytes(os.urandom(8)) or 1
    if parent is not None:
        return SpanContext(parent.trace_id, fresh, is_remote=False, trace_flags=parent.trace_flags)
    return SpanContext(int.from_bytes(os.urandom(16)) or 1, fresh, is_remote=False)
