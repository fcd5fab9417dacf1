"""Which events outside systems can subscribe to."""

from contracts.incidents import (
    AccidentFact,
    AccidentRegraded,
    AccidentReported,
    AccidentUpdated,
    FindingMade,
    InvestigationEscalated,
    InvestigationPublished,
    RelayForwarded,
    RelayOverdue,
)

OFFERED: tuple[type[AccidentFact], ...] = (
    AccidentReported,
    AccidentUpdated,
    AccidentRegraded,
    RelayForwarded,
    RelayOverdue,
    FindingMade,
    InvestigationEscalated,
    InvestigationPublished,
)

SUBJECTS: tuple[str, ...] = tuple(event.subject for event in OFFERED)
"""Every change of an accident."""
