"""The parts of the stack one by one: clock, keys, accounts, ports, homes, logs."""

import asyncio
import json
import os
import shutil
import socket
import stat
import subprocess
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from stdnum.cn import uscc

from contracts.gateway import Role
from devstack import keymaking, logs, postgres, runner, travel
from devstack.accounts import ACCOUNTS, CLIENTS, credentials
from devstack.keys import SERVICES, actor_jwks_file, actor_key_file, ring_file, token_key_file
from devstack.layout import Layout, write_json
from devstack.ports import anywhere, choose
from devstack.postgres import Cluster
from devstack.supervisor import StartFailed, Supervisor
from gateway.identity.rules import is_strong, needs_second_factor
from kernel import clock
from kernel.access import Principal
from kernel.actor import ActorSigner, ActorVerifier
from kernel.clock import MovedClock
from kernel.keyring import KeyRing
from reference import regions, units
from tests.eventually import eventually

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An empty var/."""
    made = Layout(tmp_path / "var")
    made.make()
    return made


def test_travel_moves_the_clock_that_the_platform_reads(layout: Layout) -> None:
    write_json(layout.clock, {"offset_seconds": 0.0})
    moved = MovedClock(layout.clock)
    travel.by(layout, 16)
    travel.by(layout, 0.5)
    assert moved.offset() == timedelta(days=16, hours=12)

    now = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
    travel.to(layout, "2022-01-08T10:50:00+08:00", now=now)
    assert (now + moved.offset()).isoformat() == "2022-01-08T02:50:00+00:00"


@pytest.mark.parametrize("moment", ["2022-01-08T10:50:00", "yesterday"])
def test_travel_refuses_what_is_no_instant(layout: Layout, moment: str) -> None:
    write_json(layout.clock, {"offset_seconds": 0.0})
    with pytest.raises(travel.NotMovable, match="08:00"):
        travel.to(layout, moment, now=datetime(2026, 1, 1, tzinfo=UTC))


def test_the_keys_fit_what_the_kernel_reads_and_are_never_made_again(layout: Layout) -> None:
    keymaking.make(layout)
    files = [
        actor_key_file(layout),
        token_key_file(layout),
        *(ring_file(layout, name) for name in SERVICES),
    ]
    before = [file.read_bytes() for file in files]
    keymaking.make(layout)
    assert [file.read_bytes() for file in files] == before
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}

    ring = KeyRing.from_file(ring_file(layout, "tasks"))
    assert ring.open(ring.seal("张三", about="a"), about="a") == "张三"

    desk = Principal(subject="desk", roles=frozenset({"duty_desk"}), region="4304")
    signer = ActorSigner.from_file(actor_key_file(layout))
    token = signer.sign(desk, audience="tasks", now=clock.wall())
    checks = ActorVerifier.from_file(actor_jwks_file(layout), audience="tasks")
    assert checks.verify(token, now=clock.wall()) == desk
    assert "d" not in json.loads(actor_jwks_file(layout).read_text())["keys"][0]


def test_the_accounts_are_those_that_tools_expect_and_keep_their_passwords(
    layout: Layout,
) -> None:
    known = credentials(layout)
    assert credentials(layout) == known
    assert stat.S_IMODE(layout.credentials.stat().st_mode) == 0o600
    assert set(known.accounts) == {row.name for row in ACCOUNTS}
    assert set(known.clients) == {row.name for row in CLIENTS}
    codes = [row["uscc"] for row in known.accounts.values() if "uscc" in row]
    assert codes == ["91430481MA4T00019M", "91430405MA4T00019K"]
    assert all(map(uscc.is_valid, codes))
    opens = {row["password"] for row in known.accounts.values()}
    assert len(opens) == len(ACCOUNTS)
    for row in ACCOUNTS:
        account = known.accounts[row.name]
        assert needs_second_factor({row.role}) == ("otp_secret" in account), row.name
        assert is_strong(account["password"], username=row.name)
    assert set(known.clients["province"]) >= {"app_key", "secret", "algorithm"}


def test_every_account_stands_in_a_unit_and_region_of_the_packs() -> None:
    day = date(2023, 3, 1)
    for row in (*ACCOUNTS, *CLIENTS):
        assert row.role in set(Role)
        assert regions.region(row.region)
        assert row.unit is None or units.exists(row.unit, on=day), row.unit


def test_ports_stay_the_same_until_somebody_else_takes_one(tmp_path: Path) -> None:
    usual = {"one": anywhere(), "two": anywhere()}
    first = choose(tmp_path / "ports.json", usual)
    assert choose(tmp_path / "ports.json", {"one": 1, "two": 1}) == first
    with socket.create_server(("127.0.0.1", first["one"])):
        then = choose(tmp_path / "ports.json", usual)
    assert then["one"] != first["one"]
    assert then["two"] == first["two"]


def test_a_large_log_is_moved_aside_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "tasks.log"
    with logs.open_log(path) as log:
        log.write(b"old\n" * 10)
        logs.trim(path, largest=20)
        log.write(b"new\n")
    assert path.read_text() == "new\n"
    assert logs.last_lines(tmp_path / "tasks.log.1", 1) == "old"


def test_following_prints_whole_lines_under_their_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    follower = logs.Follower(tmp_path, ["nats", "tasks"])
    with logs.open_log(tmp_path / "nats.log") as log:
        log.write(b"ready\nhalf a li")
        follower.show()
        log.write(b"ne\n")
        follower.show()
    assert capsys.readouterr().out == "nats  | ready\nnats  | half a line\n"


@as_root
class TestBelowAPrivateHome:
    """Started by root in a folder that nobody else may enter."""

    @pytest.fixture
    def var(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(runner, "SHELTERS", (Path("/nonexistent"), Path("/var/tmp")))
        private = tmp_path / "home"
        var = private / "clone" / "var"
        var.mkdir(parents=True)
        private.chmod(0o700)
        return var

    async def test_the_server_lives_elsewhere_with_its_programs_and_goes_with_reset(
        self, var: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wheel = postgres._installation()
        venv = var.parent / "site-packages"
        venv.mkdir()
        for part in (wheel.parent, wheel.parent.parent / f"{wheel.parent.name}.libs"):
            shutil.copytree(part, venv / part.name, symlinks=True)
        private = venv / wheel.parent.name / wheel.name
        monkeypatch.setattr(postgres, "_installation", lambda: private)

        home = runner.home_below(var)
        assert home.parent == Path("/var/tmp")
        assert runner.home_below(var) == home
        cluster = Cluster(home, anywhere(), "secret", durable=False)
        cluster.prepare()
        assert cluster.command()[0].startswith(str(home))
        running = subprocess.Popen(  # noqa: ASYNC220 -- nothing else waits here
            cluster.command(), cwd="/", stderr=subprocess.DEVNULL, **cluster.runner.identity
        )
        await eventually(cluster.ready, within=20)
        assert psutil.Process(running.pid).username() == "nobody"

        assert postgres.stop_orphan(runner.data_below(var))
        running.wait()
        runner.forget_home(var)
        assert not home.exists()

    def test_a_moved_clone_takes_its_data_along_and_a_copied_one_does_not(self, var: Path) -> None:
        home = runner.home_below(var)
        moved = var.parent / "moved"
        var.rename(moved)
        assert runner.home_below(moved) == home

        copy = var.parent / "copy"
        shutil.copytree(moved, copy)
        other = runner.home_below(copy)
        assert other != home
        assert runner.home_below(moved) == home
        for place in (moved, copy):
            runner.forget_home(place)
        assert not home.exists()
        assert not other.exists()


@pytest.mark.parametrize("asked_to_stop", [True, False])
async def test_what_fails_to_start_by_ctrl_c_has_not_failed(
    layout: Layout, asked_to_stop: bool
) -> None:
    until = asyncio.Event()

    async def between() -> None:
        if asked_to_stop:
            until.set()  # as it comes to all that runs in a terminal at once
        raise StartFailed("migrations failed")

    supervisor = Supervisor(
        layout, servers=[], services=[], between=between, describe=dict, say=lambda _: None
    )
    with nullcontext() if asked_to_stop else pytest.raises(StartFailed):
        await supervisor.run(until, lambda: pytest.fail("it is not healthy"))
