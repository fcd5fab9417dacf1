"""The merged interface, read from the services when asked for and kept for a minute."""

import asyncio
from collections.abc import Callable, Mapping

import httpx
import structlog

from gateway.documentation.merging import Document, merged
from kernel import clock
from kernel.problems import catalogue

log = structlog.get_logger(__name__)

KEPT_FOR_S = 60.0
_PATIENCE_S = 3.0


class Interface:
    """Knows every service's own description; one that is away keeps its last."""

    def __init__(self, upstreams: Mapping[str, str], own: Callable[[], Document]) -> None:
        self._upstreams = upstreams
        self._own = own
        self._parts: dict[str, Document] = {}
        self._missing: list[str] = sorted(upstreams)
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()
        self._http = httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False)

    async def document(self) -> Document:
        """The OpenAPI document of the platform."""
        async with self._reading:
            if clock.ticks() - self._read_at > KEPT_FOR_S or self._missing:
                await self._read()
        own = self._own() | {"x-problems": catalogue()}
        return merged({"gateway": own, **self._parts}, unreachable=self._missing)

    async def problems(self) -> Document:
        """Every problem of the platform, by code."""
        problems: Document = (await self.document())["x-problems"]
        return problems

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _read(self) -> None:
        found = await asyncio.gather(*(self._part(name) for name in sorted(self._upstreams)))
        self._missing = []
        for name, part in zip(sorted(self._upstreams), found, strict=True):
            if part is None:
                self._missing.append(name)
            else:
                self._parts[name] = part
        self._read_at = clock.ticks()

    async def _part(self, name: str) -> Document | None:
        try:
            answer = await self._http.get(f"{self._upstreams[name]}/api/v1/{name}/openapi.json")
            answer.raise_for_status()
            part: Document = answer.json()
        except (httpx.HTTPError, ValueError) as reason:
            log.info("interface.unread", part=name, reason=type(reason).__name__)
            return None
        return part
