"""One small HTTP request, to see whether a process answers."""

import asyncio
import contextlib


async def answers(*, port: int, path: str) -> bool:
    """Whether a GET on 127.0.0.1 is answered with 200 within two seconds."""
    try:
        async with asyncio.timeout(2):
            return await _status(port, path) == 200
    except (OSError, TimeoutError, ValueError, IndexError):
        return False


async def _status(port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        status_line = await reader.readline()
        return int(status_line.split()[1])
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
