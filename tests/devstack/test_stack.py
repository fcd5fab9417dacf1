"""The stack as a person meets it: up, down, again, beside another one, as somebody else."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import asyncpg
import psutil
import pytest

from devstack.config import StackConfig
from devstack.layout import read_json, write_json
from tests.devstack.conftest import Stack
from tests.eventually import eventually


async def remember(stack: Stack, text: str) -> None:
    connection = await asyncpg.connect(StackConfig.of_running(stack.layout).cluster.url())
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (what text)")
    await connection.execute("INSERT INTO kept VALUES ($1)", text)
    await connection.close()


async def remembered(stack: Stack) -> list[str]:
    connection = await asyncpg.connect(StackConfig.of_running(stack.layout).cluster.url())
    rows = await connection.fetch("SELECT what FROM kept")
    await connection.close()
    return [row["what"] for row in rows]


def serves(stack: Stack, process: str) -> bool:
    """Whether the process in stack.json lives, and something answers on its port."""
    row = stack.told["processes"][process]
    if row["pid"] is None or not psutil.pid_exists(row["pid"]):
        return False
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", row["port"])) == 0


async def test_it_comes_up_goes_down_and_keeps_data_and_ports(stack: Stack) -> None:
    assert stack.up().returncode == 0
    first = stack.told
    assert stat.S_IMODE(stack.layout.stack.stat().st_mode) == 0o600
    assert all(serves(stack, name) for name in ("postgres", "nats", "sinks", "gateway", "tasks"))
    assert first["accounts"]["enterprise"]["uscc"] == "91430481MA4T00019M"
    assert first["clients"]["province"]["algorithm"] == "HMAC-SM3"
    await remember(stack, "before")

    again = stack.up()
    assert (again.returncode, stack.told) == (0, first)  # already up: nothing started twice

    assert stack.down().returncode == 0
    assert not stack.layout.stack.exists()
    assert not stack.running()

    assert stack.up().returncode == 0
    assert await remembered(stack) == ["before"]
    assert stack.told["accounts"] == first["accounts"]
    assert stack.told["base_url"] == first["base_url"]


TOLD = {"base_url", "accounts", "clients", "processes", "mail_sink", "webhook_sink"}
PEOPLE = {
    "administrator": "430400",
    "committee_office": "430400",
    "city_duty_desk": "430400",
    "county_duty_desk": "430481",
    "city_leader": "430400",
    "investigator": "430400",
    "inspector": "430481",
    "second_inspector": "430481",
    "law_reviewer": "430481",
    "enterprise": "430481",
    "other_enterprise": "430405",
    "hotline_operator": "430400",
    "auditor": "430400",
}
"""The names that outside tools sign in by, and where each stands. Written out, not taken from
the accounts: who renames one there breaks those tools."""


def test_what_is_told_bears_the_names_that_outside_tools_know(stack: Stack) -> None:
    assert stack.up().returncode == 0
    told = stack.told

    assert stat.S_IMODE(stack.layout.stack.stat().st_mode) == 0o600
    assert set(told) >= TOLD
    for name, region in PEOPLE.items():
        account = told["accounts"][name]
        assert (account["username"], account["region"]) == (name, region)
        assert account["password"]
    for name in ("administrator", "city_leader", "auditor"):
        assert told["accounts"][name]["otp_secret"]
    for name in ("enterprise", "other_enterprise"):
        assert len(told["accounts"][name]["uscc"]) == 18
    for name in ("province", "hotline_12345", "hotline_12350"):
        assert set(told["clients"][name]) >= {"app_key", "secret", "algorithm"}
    assert set(told["processes"]) >= {"postgres", "nats", "gateway", "tasks"}


async def test_whatever_is_killed_runs_again_and_the_numbers_stay_true(stack: Stack) -> None:
    stack.up()
    await remember(stack, "committed")
    for process in ("gateway", "nats", "sinks", "postgres"):
        killed = stack.pid(process)
        os.kill(killed, signal.SIGKILL)

        def another(process: str = process, killed: int = killed) -> bool:
            return stack.pid(process) not in (None, killed) and serves(stack, process)

        await eventually(another, within=30)
    await eventually(StackConfig.of_running(stack.layout).cluster.ready, within=30)
    assert await remembered(stack) == ["committed"]
    told = stack.run("devstack", "status")
    assert told.stdout.count("serves") == 5, told.stdout
    assert stat.S_IMODE(stack.layout.stack.stat().st_mode) == 0o600


async def test_it_starts_again_after_its_supervisor_was_killed(stack: Stack) -> None:
    stack.up()
    await remember(stack, "kept")
    before = {process.pid for process in stack.running()}
    os.kill(psutil.Process(stack.pid("gateway")).ppid(), signal.SIGKILL)

    assert stack.up().returncode == 0
    assert await remembered(stack) == ["kept"]
    assert not before & {process.pid for process in stack.running()}


async def test_killed_again_and_again_while_it_starts_it_starts_again(stack: Stack) -> None:
    for moment_s in (0.25, 0.4, 0.55, 0.7, 0.85, 1.0):
        starting = stack.begin("supervise")
        with contextlib.suppress(subprocess.TimeoutExpired):
            starting.wait(moment_s)
        starting.kill()
        starting.communicate()

    assert stack.up().returncode == 0
    await remember(stack, "works")
    assert list(stack.layout.var.glob("postgres/new-*")) == []


async def test_ctrl_c_stops_everything(stack: Stack) -> None:
    running = stack.begin("supervise")
    await eventually(stack.layout.stack.exists, within=30)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=20)
    assert running.returncode == 0
    assert not stack.running()


def test_a_process_that_never_lives_fails_the_start_and_leaves_nothing_running(
    stack: Stack,
) -> None:
    stack.environment["STANDIN_DIES"] = "tasks"
    failed = stack.up()
    assert failed.returncode == 1
    assert "no life in me" in failed.stdout
    assert not stack.running()
    assert not stack.layout.stack.exists()


def test_of_two_that_start_at_once_one_supervises(stack: Stack) -> None:
    both = [stack.begin("up") for _ in range(2)]
    for one in both:
        one.communicate(timeout=30)
    assert [one.returncode for one in both] == [0, 0]
    assert len([row for row in stack.running() if "supervise" in row.cmdline()]) == 1


def test_taken_ports_are_left_to_their_owner(stack: Stack) -> None:
    with socket.create_server(("127.0.0.1", 0)) as owner:
        taken = owner.getsockname()[1]
        write_json(stack.layout.ports, read_json(stack.layout.ports) | {"gateway": taken})
        assert stack.up().returncode == 0
        assert stack.told["processes"]["gateway"]["port"] != taken
        assert serves(stack, "gateway")


def test_two_stacks_stand_beside_each_other(stack: Stack, place: Path) -> None:
    other = Stack(place / "other var")
    try:
        both = [stack.begin("up"), other.begin("up")]
        for one in both:
            one.communicate(timeout=40)
        assert [one.returncode for one in both] == [0, 0]
        ours, theirs = (
            {row["port"] for row in one.told["processes"].values()} for one in (stack, other)
        )
        assert not ours & theirs
    finally:
        other.down()


def test_a_number_of_somebody_else_is_never_trusted(stack: Stack) -> None:
    """After a crash and many new processes, the numbers in the files are other processes'."""
    stack.up()
    stack.down()
    write_json(stack.layout.pid, {"pid": os.getpid(), "started": 1.0})
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    lock = stack.layout.var / "postgres" / "data" / "postmaster.pid"
    lock.write_text(f"{stranger.pid}\n{lock.parent}\n1700000000\n5432\n\n127.0.0.1\n")
    lock.chmod(0o600)
    shutil.chown(lock, lock.parent.stat().st_uid)

    assert stack.up().returncode == 0
    assert stranger.poll() is None
    stranger.communicate(b"\n")

    stack.down()
    lock.write_text("")  # cut off between making and filling it
    shutil.chown(lock, lock.parent.stat().st_uid)
    assert stack.up().returncode == 0


def test_reset_deletes_everything(stack: Stack) -> None:
    stack.up()
    stack.layout.demo.make()
    assert stack.run("devstack", "reset").returncode == 0
    assert not stack.var.exists()
    assert not stack.running()


async def test_servers_that_exist_are_used(
    stack: Stack, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DATABASE_URL and NATS_URL of one stack serve a second one."""
    stack.up()
    first = StackConfig.of_running(stack.layout)
    second = Stack(place / "second var")
    second.environment = {"DATABASE_URL": first.server.url, "NATS_URL": first.nats_url}
    try:
        assert second.up().returncode == 0
        assert set(second.told["processes"]) == {"sinks", "gateway", "tasks"}
        monkeypatch.setenv("DATABASE_URL", first.server.url)
        config = StackConfig.of_running(second.layout)
        app = await asyncpg.connect(config.databases["tasks"].app.replace("+asyncpg", ""))
        assert await app.fetchval("SELECT current_user") == "tasks_app"
        await app.close()
    finally:
        second.down()


def test_production_is_refused(stack: Stack) -> None:
    stack.environment["ANLIAN_MODE"] = "production"
    for command in (("up",), ("travel", "--days", "1")):
        refused = stack.run("devstack", *command)
        assert (refused.returncode, "development only" in refused.stderr) == (1, True)


def ordinary_python() -> tuple[str, ...]:
    """The command that runs this Python's packages as a user without rights, or a skip."""
    if os.geteuid() != 0:
        pytest.skip("already an ordinary user: every test here is this test")
    nobody = pwd.getpwnam("nobody")
    setpriv = shutil.which("setpriv")
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if setpriv is None or python is None:
        pytest.skip("no setpriv, or no Python that everybody may run")
    drop = f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"
    return (setpriv, *drop, python)


def test_an_ordinary_user_runs_it(stack: Stack) -> None:
    stack.python = ordinary_python()
    packages = Path(asyncpg.__file__).parent.parent
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    stack.environment = {"PYTHONPATH": str(packages), "PATH": path, "HOME": "/nonexistent"}
    trial = stack.run("devstack", "--help")
    if trial.returncode:
        pytest.skip(
            f"another user does not reach this clone or its packages: {trial.stderr[-200:]}"
        )
    for path in (stack.var.parent, stack.var, stack.layout.ports):
        os.chown(path, pwd.getpwnam("nobody").pw_uid, -1)

    started = stack.up()
    assert started.returncode == 0, started.stdout + started.stderr
    assert stack.var.owner() == "nobody"
    assert psutil.Process(stack.pid("postgres")).username() == "nobody"
