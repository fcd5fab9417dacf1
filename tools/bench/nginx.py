"""One nginx worker that forwards: what the gateway is measured against."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.bench.processes import free_port, serving

MISSING = "nginx is not installed (Debian: apt install nginx-light)"

# Kept connections on both sides, nothing written to disk, nothing logged: nginx at its best.
_CONFIGURATION = """
{user}
worker_processes 1;
daemon off;
pid "{folder}/nginx.pid";
error_log "{folder}/nginx.errors";
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
    upstream service {{
        server 127.0.0.1:{upstream};
        keepalive 128;
        keepalive_requests 1000000000;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://service;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
        }}
    }}
}}
"""


def program() -> str | None:
    """Where nginx is, if it is installed."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


# The service behind both: it reads what was sent and answers half a kilobyte. It is nginx too,
# since there are two cores: one that cost as much as what is measured would take its place.
_ANSWERING = """
{user}
worker_processes 1;
daemon off;
pid "{folder}/answering.pid";
error_log "{folder}/answering.errors";
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
    default_type application/json;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            if ($request_method = POST) {{ return 201 '{body}'; }}
            return 200 '{body}';
        }}
    }}
}}
"""


@contextmanager
def forwarding(upstream: int, folder: Path) -> Iterator[int]:
    """Run nginx before a service; the port it listens on."""
    with _running(_CONFIGURATION, folder, "nginx", upstream=upstream) as port:
        yield port


@contextmanager
def answering(body: str, folder: Path) -> Iterator[int]:
    """Run the service behind; the port it listens on."""
    with _running(_ANSWERING, folder, "answering", body=body) as port:
        yield port


@contextmanager
def _running(template: str, folder: Path, name: str, **filled: object) -> Iterator[int]:
    nginx = program()
    assert nginx is not None, MISSING
    port = free_port()
    configuration = folder / f"{name}.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(template.format(user=user, folder=folder, port=port, **filled))
    command = [nginx, "-c", str(configuration), "-p", str(folder)]
    with serving(command, port=port, log=folder / f"{name}.log"):
        yield port
