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
from contracts.incidents_cases import (
    InvestigationApproved,
    InvestigationClosed,
    InvestigationListed,
    InvestigationOverdue,
    InvestigationReopened,
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
