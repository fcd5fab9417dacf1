"""Whose signature a report waits for."""

from datetime import date

from reference import national
from reference.national.rows import ReportSigner


def waited_for(part: str, *, on: date) -> ReportSigner | None:
    """Every member of the team signs the report (Decree 493, 30).

    `part` is what somebody is on the team. Experts who are engaged sign if they wish.
    """
    row = national.REPORT_SIGNERS.get(part, on=on)
    return row if row is not None and row.signs == "must" else None
