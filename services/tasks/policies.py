"""Who may do what in tasks: act, role, and how the actor must stand to the row."""

from enum import StrEnum

from contracts.gateway import Role
from kernel.access import ANYWHERE, IN_UNIT, OWN, WITHIN, Policies, Relation
from services.tasks import policies_figures as figures
from services.tasks import policies_orders as orders
from services.tasks import policies_scoring as scoring
from services.tasks import policies_supervisions as supervisions


class Act(StrEnum):
    """Everything that a request can do here."""

    READ_UNITS = "read_units"
    CHANGE_ORGANISATION = "change_organisation"
    APPOINT = "appoint"
    READ_PLANS = "read_plans"
    READ_PLAN_DRAFTS = "read_plan_drafts"
    DRAFT_PLANS = "draft_plans"
    READ_CHAINS = "read_chains"
    DECIDE_LEAD = "decide_lead"
    READ_COVERAGE = "read_coverage"
    READ_ENTERPRISE = "read_enterprise"
    READ_OBLIGATIONS = "read_obligations"
    SET_OFF = "set_off"
    SUBMIT_EVIDENCE = "submit_evidence"
    REVIEW_EVIDENCE = "review_evidence"
    WITHDRAW_CREDIT = "withdraw_credit"
    APPEAL = "appeal"
    DECIDE_APPEAL = "decide_appeal"


_SUBTREE = frozenset({Relation.SUBTREE})
_STAFF = (
    Role.COMMITTEE_OFFICE,
    Role.LEADER,
    Role.DUTY_DESK,
    Role.INSPECTOR,
    Role.INVESTIGATOR,
    Role.LAW_REVIEWER,
)
# Units, plans and chains are published by law: whoever is signed in may read them.
_EVERYBODY: dict[str, frozenset[Relation]] = dict.fromkeys(Role, ANYWHERE)

POLICIES = Policies(
    {
        Act.READ_UNITS: _EVERYBODY,
        Act.READ_PLANS: _EVERYBODY,
        Act.READ_CHAINS: _EVERYBODY,
        # A draft stands in the city: a county's people see the plan once it is issued.
        Act.READ_PLAN_DRAFTS: {
            Role.COMMITTEE_OFFICE: WITHIN,
            Role.LEADER: WITHIN,
            Role.AUDITOR: WITHIN,
        },
        Act.DRAFT_PLANS: {Role.COMMITTEE_OFFICE: WITHIN},
        Act.READ_ENTERPRISE: {
            **dict.fromkeys(_STAFF, WITHIN),
            Role.HOTLINE_OPERATOR: WITHIN,
            Role.AUDITOR: WITHIN,
            Role.ENTERPRISE: OWN,
        },
        Act.READ_OBLIGATIONS: {
            **dict.fromkeys(_STAFF, WITHIN),
            Role.AUDITOR: WITHIN,
            Role.ENTERPRISE: OWN,
        },
        # Whom one may ask is looked at subject by subject: see triggers.operations.
        Act.SET_OFF: {Role.COMMITTEE_OFFICE: WITHIN},
        Act.SUBMIT_EVIDENCE: {
            **dict.fromkeys(_STAFF, IN_UNIT),
            Role.ENTERPRISE: OWN,
        },
        # Never one's own unit: see obligations.rules.may_review for how high one must stand.
        Act.REVIEW_EVIDENCE: {Role.COMMITTEE_OFFICE: _SUBTREE},
        # From a higher level than the reviewer's: see evidence.rules.may_withdraw.
        Act.WITHDRAW_CREDIT: {Role.COMMITTEE_OFFICE: _SUBTREE, Role.AUDITOR: WITHIN},
        Act.APPEAL: {**dict.fromkeys(_STAFF, IN_UNIT), Role.ENTERPRISE: OWN},
        Act.DECIDE_APPEAL: {Role.COMMITTEE_OFFICE: _SUBTREE},
        # An office keeps the organisation of its own place and of all below it.
        Act.CHANGE_ORGANISATION: {Role.COMMITTEE_OFFICE: WITHIN},
        Act.APPOINT: {Role.COMMITTEE_OFFICE: WITHIN},
        Act.DECIDE_LEAD: {Role.COMMITTEE_OFFICE: WITHIN},
        Act.READ_COVERAGE: {**dict.fromkeys(_STAFF, WITHIN), Role.AUDITOR: WITHIN},
        **orders.GRANTS,
        **supervisions.GRANTS,
        **scoring.GRANTS,
        **figures.GRANTS,
    }
)
