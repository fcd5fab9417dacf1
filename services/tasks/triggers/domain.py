"""Which duties a person may set off: those that no fact does."""

HEARD = frozenset(
    {
        "incidents.accident.reported",
        "incidents.accident.regraded",
        "incidents.finding.made",
        "incidents.investigation.published",
    }
)
"""Facts that set duties off by themselves; what else a plan names, a person must tell."""
