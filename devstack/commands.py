"""What each command does. Its answer is the exit code."""

import asyncio
import importlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from devstack import daemon, runner, session
from devstack import travel as travelling
from devstack.banner import banner, table
from devstack.children import Program
from devstack.config import StackConfig, require_development
from devstack.layout import REPOSITORY, Layout, read_json
from devstack.logs import Follower, open_log
from devstack.processes import (
    BEHIND_THE_GATEWAY,
    GATEWAY,
    servers,
    service_environment,
    services,
)
from kernel import clock

DEMO = "devstack.demo.play"
SUPERVISOR = (sys.executable, "-m", "devstack", "supervise")
LOGS = ("postgres", "nats", "sinks", "migrations", *BEHIND_THE_GATEWAY, GATEWAY)


def run(layout: Layout) -> int:
    """Foreground: everything until Ctrl-C, with the logs of all processes."""
    require_development()
    layout.make()
    finished = threading.Event()
    following = threading.Thread(target=_follow, args=(Follower(layout.logs, LOGS), finished))

    def healthy(_: StackConfig) -> None:
        session.say(banner(layout))
        session.say("Ctrl-C stops everything; the data stays.")

    following.start()
    try:
        session.live(layout, healthy)
    finally:
        finished.set()
        following.join()
    return 0


def _follow(follower: Follower, finished: threading.Event) -> None:
    while not finished.wait(0.2):
        follower.show()
    follower.show()


def up(layout: Layout, supervisor: Sequence[str] = SUPERVISOR) -> int:
    """Background: return when all is healthy. `supervisor` is what runs there."""
    require_development()
    layout.make()
    follower = Follower(layout.logs, ("supervisor",))
    started = None
    if daemon.supervisor(layout) is None:
        layout.stack.unlink(missing_ok=True)
        started = _in_background(layout, supervisor)
    try:
        healthy = _until_healthy(layout, started, follower)
    except KeyboardInterrupt:
        if started is not None:
            down(layout)
        raise
    follower.show()
    if healthy:
        session.say(banner(layout))
    else:
        sys.stderr.write(f"The stack did not start; see {layout.logs}\n")
    return 0 if healthy else 1


def _in_background(layout: Layout, command: Sequence[str]) -> "subprocess.Popen[bytes]":
    with open_log(layout.logs / "supervisor.log") as log:
        return subprocess.Popen(
            command,
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "ANLIAN_VAR": str(layout.var)},
            start_new_session=True,
        )


def _until_healthy(
    layout: Layout, started: "subprocess.Popen[bytes] | None", follower: Follower
) -> bool:
    """Wait for the stack, whoever supervises it: of two that start at once one gives way."""
    seen = clock.ticks()
    while True:
        follower.show()
        supervised = daemon.supervisor(layout) is not None
        if supervised and layout.stack.exists():
            return True
        if supervised or (started and started.poll() is None):
            seen = clock.ticks()
        elif clock.ticks() - seen > 1:
            return False
        time.sleep(0.05)


def supervise(layout: Layout) -> int:
    """Be the supervisor in the background."""
    session.live(layout, lambda _: session.say("healthy"))
    return 0


def down(layout: Layout) -> int:
    """Stop the stack; also what a killed supervisor left running."""
    with daemon.stopped(layout) as ran:
        session.say("stopped" if ran else "nothing was running")
    return 0


def reset(layout: Layout) -> int:
    """Stop, and delete everything the stack keeps, the demonstration's with it."""
    if layout.demo.var.exists():
        reset(layout.demo)
    with daemon.stopped(layout):
        runner.forget_home(layout.var)
        for path in layout.var.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path != layout.lock:
                path.unlink()
        layout.lock.unlink()
        layout.var.rmdir()
    session.say(f"deleted {layout.var}")
    if "DATABASE_URL" in os.environ:
        session.say("the databases on DATABASE_URL stay as they are")
    return 0


def status(layout: Layout) -> int:
    """Tell which processes run and serve. 0 when all do."""
    supervising = daemon.supervisor(layout)
    processes = read_json(layout.processes)
    if supervising is None or processes is None:
        session.say("not running")
        return 1
    config = StackConfig.of_running(layout)
    known = [*servers(config), *services(config)]
    programs = [program for program in known if program.name in processes]
    serving = asyncio.run(_ask(programs))
    states = [
        _state(processes[program.name], program, serves=serves)
        for program, serves in zip(programs, serving, strict=True)
    ]
    told = table([("process", "pid", "port", "restarts", ""), *states])
    session.say(f"supervised by process {supervising.pid}\n{told}")
    return 0 if all(serving) else 1


def _state(row: dict[str, int | None], program: Program, *, serves: bool) -> tuple[str, ...]:
    numbers = (str(row["pid"] or "-"), str(row["port"]), str(row["restarts"]))
    return program.name, *numbers, "serves" if serves else "does not answer"


async def _ask(programs: Sequence[Program]) -> list[bool]:
    return await asyncio.gather(*(program.ready() for program in programs))


def travel(layout: Layout, *, days: float | None, to: str | None) -> int:
    """Move the development clock."""
    if to is not None:
        offset = travelling.to(layout, to, now=clock.wall())
    else:
        offset = travelling.by(layout, days or 0.0)
    there = (clock.wall() + offset).astimezone(clock.SHANGHAI)
    session.say(f"the clock of the stack now says {there:%Y-%m-%d %H:%M:%S %z}")
    return 0


def letters(layout: Layout, *, service: str, replay: Sequence[str]) -> int:
    """List what a service of the running stack set aside, or do some of it once more."""
    what = ["replay", service, *replay] if replay else ["list", service]
    return _beside(layout, service, "kernel.letters", *what)


def trail(layout: Layout) -> int:
    """Verify the audit trail of every process of the running stack. 0 when all are whole."""
    names = (*BEHIND_THE_GATEWAY, GATEWAY)
    return max([_beside(layout, name, "kernel.trail", name) for name in names])


def _beside(layout: Layout, service: str, module: str, *arguments: str) -> int:
    """Run a command with the environment of a process of the running stack."""
    config = StackConfig.of_running(layout)
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=service_environment(config, service), check=False).returncode


def demo(layout: Layout, *, english: bool = False) -> int:
    """Play the demonstration on a stack of its own, made anew each time and stopped after it.

    Its clock goes to the days of the accidents; the clock of the stack in use stays.
    """
    own = layout.demo
    if own.var.exists():
        reset(own)
    layout.make()
    try:
        if up(own):
            return 1
        # Imported late: the play brings in what no other command needs.
        return int(importlib.import_module(DEMO).main(own, chinese=not english))
    finally:
        down(own)
