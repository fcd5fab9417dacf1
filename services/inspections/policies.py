"""Who may do what in inspections: act, role, and how the actor must stand to the row."""

from enum import StrEnum

from contracts.gateway import Role
from kernel.access import OWN, WITHIN, Policies


class Act(StrEnum):
    """Everything that a request can do here."""

    READ_ENTERPRISES = "read_enterprises"
    REGISTER = "register"
    READ_VISITS = "read_visits"
    COMPLETE_VISIT = "complete_visit"
    CANCEL_VISIT = "cancel_visit"


_READERS = (
    Role.INSPECTOR,
    Role.COMMITTEE_OFFICE,
    Role.LEADER,
    Role.DUTY_DESK,
    Role.INVESTIGATOR,
    Role.LAW_REVIEWER,
    Role.AUDITOR,
)

POLICIES = Policies(
    {
        Act.READ_ENTERPRISES: {
            **dict.fromkeys(_READERS, WITHIN),
            Role.ADMINISTRATOR: WITHIN,
            Role.ENTERPRISE: OWN,
        },
        Act.REGISTER: dict.fromkeys(
            (Role.INSPECTOR, Role.COMMITTEE_OFFICE, Role.ADMINISTRATOR), WITHIN
        ),
        Act.READ_VISITS: {**dict.fromkeys(_READERS, WITHIN), Role.ENTERPRISE: OWN},
        Act.COMPLETE_VISIT: {Role.INSPECTOR: WITHIN},
        Act.CANCEL_VISIT: {Role.COMMITTEE_OFFICE: WITHIN},
    }
)
