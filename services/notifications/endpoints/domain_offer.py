"""Which events outside systems can subscribe to."""

from contracts.incidents import (
    AccidentFact,
    AccidentMerged,
    AccidentQualified,
    AccidentRegraded,
    AccidentReported,
    AccidentShared,
    AccidentStruckOff,
    AccidentUpdated,
    FindingDismissed,
    FindingMade,
    FollowUpMissed,
    InvestigationEscalated,
    InvestigationPublished,
    RelayForwarded,
    RelayOverdue,
    RelayTelephoned,
    RescueEnded,
)
from contracts.incidents_cases import (
    DeadlineMissed,
    EvaluationPublished,
    InvestigationApproved,
    InvestigationClosed,
    InvestigationListed,
    InvestigationOverdue,
    InvestigationReopened,
    RecommendationClosed,
    RecommendationMade,
)

OFFERED: tuple[type[AccidentFact], ...] = (
    AccidentReported,
    AccidentUpdated,
    AccidentRegraded,
    AccidentShared,
    AccidentMerged,
    AccidentQualified,
    AccidentStruckOff,
    RelayTelephoned,
    RelayForwarded,
    RelayOverdue,
    FollowUpMissed,
    RescueEnded,
    FindingMade,
    FindingDismissed,
    InvestigationEscalated,
    InvestigationListed,
    InvestigationOverdue,
    InvestigationApproved,
    InvestigationPublished,
    InvestigationClosed,
    InvestigationReopened,
    RecommendationMade,
    RecommendationClosed,
    EvaluationPublished,
    DeadlineMissed,
)

SUBJECTS: tuple[str, ...] = tuple(event.subject for event in OFFERED)
"""Every change of an accident. That two may be one, and what is due, stays inside."""
