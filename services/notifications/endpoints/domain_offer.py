"""Which events outside systems can subscribe to."""

from contracts.incidents import (
    AccidentFact,
    AccidentQualified,
    AccidentRegraded,
    AccidentReported,
    AccidentStruckOff,
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
    AccidentQualified,
    AccidentStruckOff,
)

SUBJECTS: tuple[str, ...] = tuple(event.subject for event in OFFERED)
"""Every change of an accident."""
