"""A service as the gateway sees it: an address, and connections that are kept."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from gateway.proxy.answer import Answer, Broken, Deliver
from gateway.proxy.connection import Connection
from gateway.proxy.settings import ProxySettings

_REFUSED_PAUSE = 0.1
IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})


class Upstream:
    """Forwards to one service. What may be sent twice, and when, is decided here alone."""

    def __init__(self, url: str, settings: ProxySettings) -> None:
        address = urlsplit(url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise ValueError(f"not the address of a service: {url!r}")
        self._host = address.hostname
        self._port = address.port or (443 if address.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if address.scheme == "https" else None
        self._settings = settings
        self._idle: list[Connection] = []

    async def ask(self, method: str, request: bytes, *, deliver: Deliver | None = None) -> Answer:
        """Send a complete request. It is sent again only where that can do no harm.

        That is: on a kept connection that turned out to be closed before it gave any
        answer, for methods that may be repeated. Anything else fails with `Broken`.
        """
        kept = self._kept()
        connection = kept or await self._connect()
        answer = self._begin(connection, method, request, deliver)
        try:
            await answer.begun
        except asyncio.CancelledError:
            connection.give_up("closed")
            raise
        except Broken as broken:
            if not kept or method not in IDEMPOTENT or not broken.before_any_answer:
                raise
            answer = self._begin(await self._connect(), method, request, deliver)
            await answer.begun
        return answer

    def _begin(
        self, connection: Connection, method: str, request: bytes, deliver: Deliver | None
    ) -> Answer:
        within = self._settings.answer_within
        return connection.ask(request, to_head=method == "HEAD", within=within, deliver=deliver)

    async def ask_with(
        self, request: bytes, body: AsyncIterator[bytes], *, chunked: bool
    ) -> Answer:
        """Send a request whose body is passed on as it arrives: once, so on a fresh connection."""
        connection = await self._connect()
        within = self._settings.upload_within + self._settings.answer_within
        answer = connection.ask(request, to_head=False, within=within, more=True)
        try:
            async for piece in body:
                if answer.begun.done():
                    break  # refused before the end: what is left need not be sent
                await connection.send(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            else:
                if chunked:
                    await connection.send(b"0\r\n\r\n")
                connection.sent(answer_within=self._settings.answer_within)
            await answer.begun
        except BaseException:
            answer.begun.cancel()
            connection.give_up("closed")
            raise
        return answer

    def _kept(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            rested = connection.loop.time() - connection.idle_since
            if rested < self._settings.idle_for and not connection.transport.is_closing():
                return connection
            connection.close()
        return None

    async def _connect(self) -> Connection:
        """A fresh connection. One refusal is forgiven: no byte of the request was sent."""
        try:
            return await self._open()
        except ConnectionRefusedError:
            await asyncio.sleep(_REFUSED_PAUSE)
        try:
            return await self._open()
        except ConnectionRefusedError:
            raise Broken("refused") from None

    async def _open(self) -> Connection:
        loop = asyncio.get_running_loop()

        def made() -> Connection:
            return Connection(
                loop,
                rest=self._rest,
                lost=self._lost,
                finish_within=self._settings.finish_within,
            )

        try:
            async with asyncio.timeout(self._settings.connect_within):
                _, connection = await loop.create_connection(
                    made, self._host, self._port, ssl=self._tls
                )
        except TimeoutError:
            raise Broken("overdue") from None
        except ConnectionRefusedError:
            raise
        except OSError:
            raise Broken("unreachable") from None
        return connection

    def _rest(self, connection: Connection) -> None:
        if len(self._idle) < self._settings.idle_connections:
            self._idle.append(connection)
        else:
            connection.close()

    def _lost(self, connection: Connection) -> None:
        if connection in self._idle:
            self._idle.remove(connection)

    async def close(self) -> None:
        """Close the connections that rest."""
        while self._idle:
            self._idle.pop().close()
        await asyncio.sleep(0)
