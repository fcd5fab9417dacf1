"""`python -m devstack COMMAND`: what the Makefile's targets call."""

import argparse
import sys

import asyncpg

from devstack import commands
from devstack.layout import Layout
from devstack.processes import BEHIND_THE_GATEWAY

COMMANDS = {
    "run": (commands.run, "run in the foreground and follow the logs; Ctrl-C stops all"),
    "up": (commands.up, "start in the background; returns when all is healthy"),
    "down": (commands.down, "stop what runs in the background"),
    "trail": (commands.trail, "verify the audit trails from their first record to their last"),
    "status": (commands.status, "tell which processes run and serve"),
    "reset": (commands.reset, "stop, and delete all data"),
    "supervise": (commands.supervise, "what `up` starts in the background"),
}


def arguments() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    parser = argparse.ArgumentParser(prog="python -m devstack", description="The embedded stack.")
    chosen = parser.add_subparsers(dest="command", required=True)
    for name, (_, told) in COMMANDS.items():
        chosen.add_parser(name, help=told)
    demo = chosen.add_parser("demo", help="play real accidents on a stack of its own")
    demo.add_argument("--english", action="store_true", help="tell the story in English")
    travel = chosen.add_parser("travel", help="move the development clock")
    where = travel.add_mutually_exclusive_group(required=True)
    where.add_argument("--days", type=float, help="from where it stands")
    where.add_argument("--to", metavar="MOMENT", help="such as 2022-01-08T10:50:00+08:00")
    letters = chosen.add_parser("letters", help="what was set aside; with --replay, once more")
    letters.add_argument("service", choices=BEHIND_THE_GATEWAY)
    letters.add_argument("--replay", nargs="+", metavar="ID", default=[])
    return parser


def main() -> int:
    """Run one command; its result is the exit code."""
    asked = arguments().parse_args()
    layout = Layout.of_environment()
    try:
        if asked.command == "travel":
            return commands.travel(layout, days=asked.days, to=asked.to)
        if asked.command == "demo":
            return commands.demo(layout, english=asked.english)
        if asked.command == "letters":
            return commands.letters(layout, service=asked.service, replay=asked.replay)
        command, _ = COMMANDS[asked.command]
        return command(layout)
    except (OSError, RuntimeError, asyncpg.PostgresError) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
