"""What a person is shown of a stack: addresses, accounts, processes."""

from collections.abc import Sequence

from devstack import seed
from devstack.layout import Layout, read_json


def banner(layout: Layout) -> str:
    """Addresses and accounts of a healthy stack."""
    stack = read_json(layout.stack)
    addresses = [
        ("platform", stack["base_url"]),
        ("API, readable", f"{stack['base_url']}/docs"),
        ("mail received", stack["mail_sink"]),
        ("webhooks received", stack["webhook_sink"]),
        ("all of this", str(layout.stack)),
    ]
    accounts = [
        (row["username"], row["password"], row["role"], row["zh"], row["en"])
        for row in stack["accounts"].values()
    ]
    told = ["", table(addresses), ""]
    if seed.seeded(layout):
        told += [table([("username", "password", "role", "", ""), *accounts]), ""]
    else:
        told += ["The accounts are not seeded yet: this build has no place for them.", ""]
    return "\n".join(told)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    )
    return "\n".join(f"  {line.rstrip()}" for line in lines)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if ord(letter) >= 0x1100 else 1 for letter in text)
