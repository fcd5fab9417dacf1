"""Whether a service's audit trail is whole: `python -m kernel.trail SERVICE`.

It says how much is sealed and anchored, and every fault found, as one line of JSON; 1 when
there is any. It runs with the environment of the service's own process.
"""

import argparse
import asyncio
import sys
from dataclasses import asdict

from kernel.access import SYSTEM
from kernel.chain import Chain
from kernel.db import unit_of_work
from kernel.operating import opened, say
from kernel.verification import verify
from kernel.web import anchors


def main(arguments: list[str]) -> int:
    """Verify one trail from its first seal to its last."""
    parser = argparse.ArgumentParser(prog="python -m kernel.trail", description=__doc__)
    parser.add_argument("service")
    return asyncio.run(_verified(parser.parse_args(arguments).service))


async def _verified(service: str) -> int:
    async with opened(f"{service} trail") as (database, settings):
        kept = anchors(settings, service=service)
        async with unit_of_work(database, SYSTEM) as session:
            verdict = await verify(
                session, chain=Chain.of_ring(), anchors=kept.kept() if kept else None
            )
    say({"service": service, "whole": verdict.whole, **asdict(verdict)})
    return 0 if verdict.whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
