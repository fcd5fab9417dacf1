"""What was set aside, for whoever runs the platform: `python -m kernel.letters`.

    list SERVICE          what waits for somebody, a line each, without what it says
    replay SERVICE ID …   do it once more; what succeeds now is resolved

It runs with the environment of the service's own process.
"""

import argparse
import asyncio
import importlib
import sys
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from kernel import inbox
from kernel.access import SYSTEM
from kernel.db import Database, unit_of_work
from kernel.inbox import DeadLetter, LetterStatus
from kernel.operating import opened, say
from kernel.serve import module_of
from kernel.web import Service

_SHOWN = ("id", "publisher", "subject", "attempts", "failed_at", "error")


async def waiting(database: Database) -> list[DeadLetter]:
    """What was set aside and not resolved, oldest first."""
    chosen = select(DeadLetter).where(DeadLetter.status == LetterStatus.DEAD)
    async with unit_of_work(database, SYSTEM) as session:
        return list(await session.scalars(chosen.order_by(DeadLetter.failed_at, DeadLetter.id)))


async def replay(database: Database, service: Service, letter_id: UUID) -> None:
    """Do once more what was set aside. Done twice it is done once.

    Raises:
        LookupError: there is no such letter.
        Exception: whatever refuses it still; it then waits as before.
    """
    async with unit_of_work(database, SYSTEM) as session:
        letter = await session.get(DeadLetter, letter_id)
    if letter is None:
        raise LookupError(f"no letter {letter_id}")
    again = service.letters.get(letter.publisher)
    if again is not None and letter.status == LetterStatus.DEAD:
        await again(database, letter.envelope)
    async with unit_of_work(database, SYSTEM) as session:
        if again is not None:
            await inbox.resolve(session, letter_id=letter_id)
        else:
            await inbox.replay(session, letter_id=letter_id, subscriptions=service.subscriptions)


def main(arguments: list[str]) -> int:
    """Run one command; 1 when something is refused still."""
    parser = argparse.ArgumentParser(prog="python -m kernel.letters", description=__doc__)
    chosen = parser.add_subparsers(dest="command", required=True)
    chosen.add_parser("list", help="what waits").add_argument("service")
    again = chosen.add_parser("replay", help="do it once more")
    again.add_argument("service")
    again.add_argument("letters", nargs="+", type=UUID, metavar="ID")
    asked = parser.parse_args(arguments)
    service: Service = importlib.import_module(module_of(asked.service)).service()
    letters = asked.letters if asked.command == "replay" else None
    return asyncio.run(_run(service, letters))


async def _run(service: Service, letters: Iterable[UUID] | None) -> int:
    async with opened(f"{service.name} letters") as (database, _):
        if letters is None:
            for letter in await waiting(database):
                say({name: getattr(letter, name) for name in _SHOWN})
            return 0
        return max([await _replayed(database, service, each) for each in letters])


async def _replayed(database: Database, service: Service, letter_id: UUID) -> int:
    try:
        await replay(database, service, letter_id)
    except Exception as reason:
        say({"id": letter_id, "refused": type(reason).__name__, "reason": str(reason)[:500]})
        return 1
    say({"id": letter_id, "resolved": True})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
