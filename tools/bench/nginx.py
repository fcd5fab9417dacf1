"""One nginx worker that forwards: what the gateway is measured against."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.bench.processes import free_port, serving

MISSING = "nginx is not installed (Debian: apt install nginx-light)"

# Kept connections, nothing written to disk, nothing logged: nginx at its best.
_CONFIGURATION = """
{user}
worker_processes 1;
daemon off;
pid "{folder}/{name}.pid";
error_log "{folder}/{name}.errors";
events {{ worker_connections 2048; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_buffer_size 1m;
    client_body_temp_path "{folder}/body";
    proxy_temp_path "{folder}/proxy";
    fastcgi_temp_path "{folder}/fastcgi";
    uwsgi_temp_path "{folder}/uwsgi";
    scgi_temp_path "{folder}/scgi";
    {upstream}
    server {{
        listen 127.0.0.1:{port};
        location / {{ {answer} }}
    }}
}}
"""

_UPSTREAM = (
    "upstream service {{ server 127.0.0.1:{port}; keepalive 128; keepalive_requests 1000000000; }}"
)
_FORWARD = """
    proxy_pass http://service;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
"""

# The service behind both is nginx too: there are two cores, and one that cost as much as what
# is measured would take its place.
_ANSWER = """
    default_type application/json;
    if ($request_method = POST) {{ return 201 '{body}'; }}
    return 200 '{body}';
"""


def program() -> str | None:
    """Where nginx is, if it is installed."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


@contextmanager
def forwarding(upstream: int, folder: Path) -> Iterator[int]:
    """Run nginx before a service; the port it listens on."""
    before = _UPSTREAM.format(port=upstream)
    with _running(folder, "nginx", upstream=before, answer=_FORWARD) as port:
        yield port


@contextmanager
def answering(body: str, folder: Path) -> Iterator[int]:
    """Run the service behind; the port it listens on."""
    with _running(folder, "answering", upstream="", answer=_ANSWER.format(body=body)) as port:
        yield port


@contextmanager
def _running(folder: Path, name: str, *, upstream: str, answer: str) -> Iterator[int]:
    nginx = program()
    assert nginx is not None, MISSING
    port = free_port()
    configuration = folder / f"{name}.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=folder,
            name=name,
            port=port,
            upstream=upstream,
            answer=answer,
        )
    )
    command = [nginx, "-c", str(configuration), "-p", str(folder)]
    with serving(command, port=port, log=folder / f"{name}.log"):
        yield port
