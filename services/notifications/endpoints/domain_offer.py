"""Which events outside systems can subscribe to."""

from contracts.incidents import (
    AccidentFact,
    AccidentQualified,
    AccidentRegraded,
    AccidentReported,
    AccidentStruckOff,
    AccidentUpdated,
    FindingMade,
    InvestigationApproved,
    InvestigationClosed,
    InvestigationEscalated,
    InvestigationListed,
    InvestigationOverdue,
    InvestigationPublished,
    InvestigationReopened,
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
    InvestigationApproved,
    InvestigationClosed,
    InvestigationEscalated,
    InvestigationListed,
    InvestigationOverdue,
    InvestigationPublished,
    InvestigationReopened,
    AccidentQualified,
    AccidentStruckOff,
)

SUBJECTS: tuple[str, ...] = tuple(event.subject for event in OFFERED)
"""Every change of an accident."""
