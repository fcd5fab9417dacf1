"""What reporters were told, written down outside of the system before they believe it."""

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Entry:
    """One report: what was sent, and every answer that took it."""

    body: dict[str, Any]
    account: str
    answers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def accident(self) -> str:
        """The accident it is about."""
        return str(self.body.get("accident_id") or self.body["report_id"])

    @property
    def opens(self) -> bool:
        """Whether it is the first report of its accident."""
        return "accident_id" not in self.body

    @property
    def committed(self) -> bool:
        """Whether an answer promised that it is stored."""
        return any(answer["receipt"] == "committed" for answer in self.answers)

    @property
    def spooled(self) -> bool:
        """Whether an answer promised that it will be stored."""
        return any(answer["receipt"] == "spooled" for answer in self.answers)


@dataclass
class Ledger:
    """Every attempt and every answer, in order; on disk before it counts."""

    path: Path
    entries: dict[str, Entry] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    taken_at: list[tuple[float, float]] = field(default_factory=list)
    """Of each answer that took a report: when it was asked for, and when it came."""

    def attempt(self, account: str, body: dict[str, Any]) -> Entry:
        """A report is about to be sent."""
        self._write("attempt", body)
        return self.entries.setdefault(body["report_id"], Entry(body, account))

    def took(self, entry: Entry, answer: dict[str, Any], *, asked: float) -> None:
        """An answer took it."""
        self._write("answer", answer)
        entry.answers.append(answer)
        self.taken_at.append((asked, time.monotonic()))

    def refused(self, entry: Entry, answer: str) -> None:
        """A good report was refused, which never is right."""
        self._write("refusal", answer)
        self.refusals.append(f"{entry.body['report_id']}: {answer}")

    def _write(self, kind: str, content: Any) -> None:
        line = json.dumps([kind, content], ensure_ascii=False) + "\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @property
    def taken(self) -> list[Entry]:
        """Reports that an answer took, in the order in which they were first sent."""
        return [entry for entry in self.entries.values() if entry.answers]

    @property
    def committed(self) -> list[Entry]:
        """Reports of which an answer said that they are stored."""
        return [entry for entry in self.taken if entry.committed]

    @property
    def accidents(self) -> dict[str, list[Entry]]:
        """Taken reports by accident, the first one first."""
        told: dict[str, list[Entry]] = {}
        for entry in self.taken:
            told.setdefault(entry.accident, []).append(entry)
        return told
