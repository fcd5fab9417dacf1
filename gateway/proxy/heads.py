"""Request heads: what is refused, what is passed on, what is said anew for the next hop."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.proxy.settings import ProxySettings
from kernel.problems import Problem

RawHeaders = Sequence[tuple[bytes, bytes]]

# RFC 9110, 7.6.1: they speak of one connection only.
HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
# Said anew for each hop, or of no use inside: services trust the gateway's statement alone,
# and secrets of the outside are not spread.
_SAID_ANEW = frozenset(
    {
        b"authorization",
        b"content-length",
        b"cookie",
        b"expect",
        b"forwarded",
        b"host",
        b"traceparent",
        b"tracestate",
        b"x-app-key",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-proto",
        b"x-nonce",
        b"x-real-ip",
        b"x-request-id",
        b"x-signature",
        b"x-signature-algorithm",
        b"x-timestamp",
    }
)
NOT_FORWARDED = HOP_BY_HOP | _SAID_ANEW
INNER = (b"x-anlian", b"x_anlian")
"""What only the gateway may say to a service."""

# Twice the same of these, and two readers may each believe another one.
_ONCE = frozenset(
    {
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"host",
        b"idempotency-key",
        b"transfer-encoding",
        b"x-app-key",
        b"x-nonce",
        b"x-signature",
        b"x-signature-algorithm",
        b"x-timestamp",
    }
)
_NOTED = _ONCE | {b"connection", b"traceparent", b"tracestate"}
_HOST = re.compile(rb"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class MalformedHead(Problem):
    """The head of the request is ambiguous or broken. `header` names the place."""

    status = 400
    title_zh = "请求头不规范"
    title_en = "The head of the request is malformed"

    def __init__(self, header: str, zh: str, en: str) -> None:
        super().__init__(zh, en, header=header)


class InnerHeaderForged(Problem):
    """The request carries a header that only the gateway may set."""

    status = 400
    title_zh = "请求携带了内部专用的请求头"
    title_en = "The request carries a header reserved for inner use"

    def __init__(self, header: str) -> None:
        super().__init__(
            "X-Anlian- 开头的请求头不得由外部设置",
            "Headers that begin with X-Anlian- may not be set from outside",
            header=header,
        )


class HeadTooLarge(Problem):
    """The head of the request is longer than allowed."""

    status = 431
    title_zh = "请求头过大"
    title_en = "The head of the request is too large"


class TargetTooLong(Problem):
    """Path and query are longer than allowed."""

    status = 414
    title_zh = "请求地址过长"
    title_en = "Path and query are too long"


class MethodUnknown(Problem):
    """No service takes this method."""

    status = 405
    title_zh = "不支持的请求方法"
    title_en = "The method is not supported"

    def __init__(self) -> None:
        super().__init__(allow=sorted(METHODS))
        self.headers["Allow"] = ", ".join(sorted(METHODS))


class EncodingUnsupported(Problem):
    """The body is compressed; only plain bodies are taken."""

    status = 415
    title_zh = "不支持压缩的请求体"
    title_en = "Compressed bodies are not taken"


@dataclass(slots=True)
class Head:
    """A request's head that passed: what to forward and what to know of its body."""

    forwarded: bytes
    """Header lines as they go on, each with its line end."""
    host: bytes
    noted: dict[bytes, bytes]
    length: int | None
    media_type: bytes
    """The body's, without parameters, in lower case."""

    @property
    def has_body(self) -> bool:
        """Whether a body follows; its length is unknown when it comes in chunks."""
        return self.length is None or self.length > 0

    @property
    def is_signed(self) -> bool:
        """Whether the caller proves who they are by signing the whole request."""
        return b"x-signature" in self.noted or b"x-app-key" in self.noted


def screen(method: str, target_length: int, headers: RawHeaders, settings: ProxySettings) -> Head:
    """Refuse a head that is forged, ambiguous or too large; sort out the rest."""
    if method not in METHODS:
        raise MethodUnknown
    if target_length > settings.max_target:
        raise TargetTooLong
    noted, kept = _sorted_out(headers)
    if b"connection" in noted:
        kept = _without_named(headers, kept, noted[b"connection"])
    forwarded = b"".join(kept)
    if len(forwarded) > settings.max_head:
        raise HeadTooLarge
    if forwarded.count(b"\n") != len(kept) // 4 or b"\x00" in forwarded:
        raise MalformedHead("*", "请求头含有控制字符", "A header holds control characters")
    if noted.get(b"content-encoding", b"identity").lower() != b"identity":
        raise EncodingUnsupported
    media_type = noted.get(b"content-type", b"").partition(b";")[0].strip().lower()
    return Head(forwarded, _host(noted, settings), noted, _length(noted), media_type)


def _sorted_out(headers: RawHeaders) -> tuple[dict[bytes, bytes], list[bytes]]:
    noted: dict[bytes, bytes] = {}
    kept: list[bytes] = []
    for name, value in headers:
        if name in _NOTED:
            if name in noted:
                value = _again(name, noted[name], value)
            noted[name] = value
        elif name.startswith(INNER):
            raise InnerHeaderForged(name.decode("latin-1"))
        if name not in NOT_FORWARDED:
            kept += (name, b": ", value, b"\r\n")
    return noted, kept


def _again(name: bytes, first: bytes, second: bytes) -> bytes:
    if name in _ONCE:
        header = name.decode()
        raise MalformedHead(header, f"{header} 只能出现一次", f"{header} may stand only once")
    return first + b"," + second


def _without_named(headers: RawHeaders, kept: list[bytes], connection: bytes) -> list[bytes]:
    """Take out the headers that `Connection` declares to be for this hop only."""
    named = {token.strip() for token in connection.lower().split(b",")}
    if named <= {b"close", b"keep-alive", b""}:
        return kept
    kept = []
    for name, value in headers:
        if name not in NOT_FORWARDED and name not in named:
            kept += (name, b": ", value, b"\r\n")
    return kept


def _host(noted: dict[bytes, bytes], settings: ProxySettings) -> bytes:
    host = noted.get(b"host", b"")
    if _HOST.fullmatch(host) is None or not _is_ours(host, settings.hosts):
        raise MalformedHead("host", "Host 缺失或不被接受", "Host is missing or not accepted here")
    return host


def _is_ours(host: bytes, names: frozenset[str]) -> bool:
    return not names or re.sub(rb":[0-9]+$", b"", host).decode().lower() in names


def _length(noted: dict[bytes, bytes]) -> int | None:
    """The body's declared length; None when it comes in chunks."""
    declared, coding = noted.get(b"content-length"), noted.get(b"transfer-encoding")
    if coding is not None:
        if declared is not None or coding.lower() != b"chunked":
            raise MalformedHead(
                "transfer-encoding",
                "仅接受单独的 Transfer-Encoding: chunked",
                "Only Transfer-Encoding: chunked, without Content-Length, is taken",
            )
        return None
    if declared is None:
        return 0
    if not declared.isdigit() or len(declared) > 15:
        raise MalformedHead("content-length", "应为十进制整数", "A decimal number is expected")
    return int(declared)
