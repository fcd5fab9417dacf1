"""`python -m kernel.migrations`: migrate every database named in ANLIAN_MIGRATIONS.

The variable holds JSON: {service: {"owner_url": ..., "app_role": ...}}.
"""

import asyncio
import os
import sys

from pydantic import BaseModel, TypeAdapter

from kernel.migrations import runner


class Target(BaseModel):
    """One database: the address of its owner, and the role that the service runs as."""

    owner_url: str
    app_role: str


async def main() -> None:
    """Migrate them all, one after the other."""
    targets = TypeAdapter(dict[str, Target]).validate_json(os.environ["ANLIAN_MIGRATIONS"])
    for service, target in targets.items():
        await runner.migrate(service=service, owner_url=target.owner_url, app_role=target.app_role)
        sys.stdout.write(f"migrated {service}\n")


if __name__ == "__main__":
    asyncio.run(main())
