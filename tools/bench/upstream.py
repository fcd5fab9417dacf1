"""The service behind the gateway and behind nginx: it answers at once."""

import json
import sys

import uvicorn
from starlette.types import Receive, Scope, Send

BODY = json.dumps(
    {"items": [{"id": number, "name": "enterprise"} for number in range(12)], "next": None}
).encode()
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Read what was sent, answer half a kilobyte."""
    more = scope["method"] == "POST"
    while more:
        more = (await receive()).get("more_body", False)
    status = 201 if scope["method"] == "POST" else 200
    await send({"type": "http.response.start", "status": status, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": BODY})


def main(port: int) -> None:
    """Serve until told to stop."""
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=75,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
