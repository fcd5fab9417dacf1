"""Runs one process: `python -m kernel.serve incidents`."""

import gc
import importlib
import os
import sys

import uvicorn

GATEWAY = "gateway"


def module_of(name: str) -> str:
    """Where a process's application is built."""
    return "gateway.app" if name == GATEWAY else f"services.{name}.app"


def main(name: str) -> None:
    """Build the application and serve it until told to stop."""
    # structlog would load it to colour what a terminal shows: 5 MB of every process.
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # the way to say "not there"
    gc.disable()  # an eighth of a start is spent looking for garbage that is not there yet
    application = importlib.import_module(module_of(name)).build()
    outward = getattr(application, "http_protocol", None)
    gc.collect()
    gc.freeze()  # what start-up made lives for ever: collections need not look at it again
    # Young garbage goes often; looking at everything takes as long as an alarm, so rarely.
    gc.set_threshold(5_000, 20, 100)
    gc.enable()
    uvicorn.run(
        application,
        host=os.environ.get("ANLIAN_HOST", "127.0.0.1"),
        port=int(os.environ.get("ANLIAN_PORT", "8000")),
        loop="uvloop",
        # An application that faces the outside brings its own, stricter protocol, which also
        # knows whose word for the client's address to take.
        http=outward or "httptools",
        proxy_headers=outward is None,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main(sys.argv[1])
