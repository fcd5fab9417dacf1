"""The real platform by its commands: run in a terminal, cut off, asked, told to stop."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest

from devstack.config import StackConfig
from devstack.layout import read_json
from devstack.processes import BEHIND_THE_GATEWAY, GATEWAY
from kernel.ids import uuid7
from tests.devstack.conftest import Stack
from tests.eventually import eventually

pytestmark = pytest.mark.stack

START_S = 180.0
STOP_S = 90.0
UP = "Ctrl-C stops everything"
PARTS = {
    "gateway": "account",
    "tasks": "plan",
    "inspections": "enterprise",
    "notifications": "endpoint",
}
"""Who is given a part at the first start, and a table that it is in."""


@dataclass
class Terminal:
    """A terminal in which `make run` has been entered."""

    stack: Stack
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def shown(self) -> str:
        return self.log.read_text()

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait for something, unless the command ends before."""

        def looked() -> bool:
            if self.process.poll() is not None:
                pytest.fail(self.shown)
            return happened()

        await eventually(looked, within=START_S)

    async def until_up(self) -> None:
        await self.until(lambda: UP in self.shown)

    def press(self, key: signal.Signals) -> int:
        """As a terminal sends it, to all that runs in it; the exit code."""
        os.killpg(self.process.pid, key)
        return self.process.wait(STOP_S)


@contextlib.contextmanager
def run(stack: Stack, log: Path) -> Iterator[Terminal]:
    """`make run` for the block, if nothing ends it before."""
    terminal = Terminal(stack, log, stack.in_foreground(log))
    try:
        yield terminal
    finally:
        if terminal.process.poll() is None:
            terminal.process.terminate()
            terminal.process.wait()


async def sign_in(stack: Stack, account: str) -> int:
    known = stack.told["accounts"][account]
    body = {name: known[name] for name in ("username", "password")}
    async with httpx.AsyncClient(base_url=stack.told["base_url"], trust_env=False) as gateway:
        return (await gateway.post("/api/v1/auth/token", json=body, timeout=60)).status_code


async def set_aside(stack: Stack, service: str) -> str:
    """Put something aside as a service does with what it cannot do; its number."""
    letter = uuid7()
    async with StackConfig.of_running(stack.layout).server.connection(f"anlian_{service}") as admin:
        await admin.execute(
            "INSERT INTO dead_letter"
            " (id, publisher, event_key, subject, envelope, attempts, status, error)"
            " VALUES ($1, 'incidents', 'a fact', 'nothing.v1', '', 1, 'dead', 'cannot be done')",
            letter,
        )
    return str(letter)


async def given(stack: Stack, service: str) -> bool:
    """Whether a service holds its part of what the first start loads."""
    async with StackConfig.of_running(stack.layout).server.connection(f"anlian_{service}") as admin:
        return bool(await admin.fetchval(f"SELECT EXISTS (SELECT FROM {PARTS[service]})"))


def beside(place: Path, base: Path) -> list[Path]:
    """What stands in the folders above a stack that is not on the way to it."""
    above = [folder for folder in place.parents if folder.is_relative_to(base)]
    return [path for folder in above for path in folder.iterdir() if not place.is_relative_to(path)]


async def test_it_runs_in_a_terminal_answers_the_commands_and_ends_with_ctrl_c(
    stack: Stack, place: Path, tmp_path: Path
) -> None:
    with run(stack, tmp_path / "shown") as terminal:
        await terminal.until_up()
        for account in stack.told["accounts"].values():
            assert account["password"] in terminal.shown
        assert stack.told["base_url"] in terminal.shown
        assert await sign_in(stack, "committee_office") == 200

        status = stack.run("devstack", "status")
        assert (status.returncode, status.stdout.count("serves")) == (0, 8), status.stdout
        letter = await set_aside(stack, "tasks")
        for service in BEHIND_THE_GATEWAY:
            letters = stack.run("devstack", "letters", service)
            assert letters.returncode == 0, letters.stderr
            assert (letter in letters.stdout) == (service == "tasks"), letters.stdout
        trail = stack.run("devstack", "trail")
        assert trail.returncode == 0, trail.stdout + trail.stderr
        verdicts = {row["service"]: row for row in map(json.loads, trail.stdout.splitlines())}
        assert set(verdicts) == {*BEHIND_THE_GATEWAY, GATEWAY}
        assert all(row["whole"] for row in verdicts.values())

        assert terminal.press(signal.SIGINT) == 0, terminal.shown
    assert not stack.running()
    assert not stack.layout.stack.exists()
    assert "Traceback" not in terminal.shown
    assert beside(stack.var, place.parent.parent) == []  # nobody read the folder's name amiss


async def test_cut_off_while_it_migrates_and_while_it_seeds_it_is_whole_when_run_again(
    stack: Stack, tmp_path: Path
) -> None:
    with run(stack, tmp_path / "second thoughts") as terminal:
        await terminal.until((stack.layout.logs / "migrations.log").exists)
        assert terminal.press(signal.SIGINT) == 0, terminal.shown
        assert not stack.running()
        assert "Traceback" not in terminal.shown
    with run(stack, tmp_path / "lost power") as terminal:
        await terminal.until((stack.layout.logs / "seed.log").exists)
        await eventually(partial(given, stack, "gateway"), within=START_S)
        assert terminal.press(signal.SIGKILL) == -signal.SIGKILL

    with run(stack, tmp_path / "whole") as terminal:
        await terminal.until_up()
        assert await sign_in(stack, "committee_office") == 200
        assert all([await given(stack, service) for service in PARTS])
        assert stack.run("devstack", "trail").returncode == 0
        assert terminal.press(signal.SIGINT) == 0, terminal.shown


def test_travel_as_a_command_moves_the_clock_of_a_stack_and_asks_for_one(stack: Stack) -> None:
    early = stack.run("devstack", "travel", "--days", "1")
    assert (early.returncode, "make up" in early.stderr) == (1, True)

    assert stack.up().returncode == 0
    moved = stack.run("devstack", "travel", "--days", "16.5")
    assert (moved.returncode, moved.stderr) == (0, "")
    assert read_json(stack.layout.clock) == {"offset_seconds": 16.5 * 86_400}
    there = stack.run("devstack", "travel", "--to", "2022-01-08T10:50:00+08:00")
    assert there.stdout == "the clock of the stack now says 2022-01-08 10:50:00 +0800\n"
    amiss = stack.run("devstack", "travel", "--to", "yesterday")
    assert (amiss.returncode, "no moment" in amiss.stderr) == (1, True)
    both = stack.run("devstack", "travel", "--days", "1", "--to", "2022-01-08T10:50:00+08:00")
    assert both.returncode == 2
