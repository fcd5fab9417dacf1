"""Who may do what at the gateway itself. Three administrators, and none of them does two jobs.

The system administrator makes and closes accounts and clients, and gives them no power. The
security administrator gives roles, keys and second factors, and makes nothing. The auditor
reads. Nobody acts on their own account (`identity.rules`).
"""

from collections.abc import Mapping
from enum import StrEnum

from contracts.gateway import Role
from kernel.access import ANYWHERE, WITHIN, Policies, Relation


class Act(StrEnum):
    """What can be done here."""

    READ_MYSELF = "read_myself"
    CHANGE_MY_PASSWORD = "change_my_password"  # noqa: S105 -- an act, not a password
    READ_ACCOUNTS = "read_accounts"
    CREATE_ACCOUNT = "create_account"
    DISABLE_ACCOUNT = "disable_account"
    SET_ROLES = "set_roles"
    ENROL_SECOND_FACTOR = "enrol_second_factor"
    READ_CLIENTS = "read_clients"
    CREATE_CLIENT = "create_client"
    DISABLE_CLIENT = "disable_client"
    SET_CLIENT_ROLES = "set_client_roles"
    ROTATE_CLIENT_KEY = "rotate_client_key"


_EVERYBODY = {role.value: ANYWHERE for role in Role}


def _within(*roles: Role) -> Mapping[str, frozenset[Relation]]:
    return {role.value: WITHIN for role in roles}


_THREE = (Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR)

POLICIES = Policies(
    grants={
        Act.READ_MYSELF: _EVERYBODY,
        Act.CHANGE_MY_PASSWORD: _EVERYBODY,
        Act.READ_ACCOUNTS: _within(*_THREE),
        Act.CREATE_ACCOUNT: _within(Role.ADMINISTRATOR),
        Act.DISABLE_ACCOUNT: _within(Role.ADMINISTRATOR),
        Act.SET_ROLES: _within(Role.SECURITY_ADMINISTRATOR),
        Act.ENROL_SECOND_FACTOR: _within(Role.SECURITY_ADMINISTRATOR),
        Act.READ_CLIENTS: _within(*_THREE),
        Act.CREATE_CLIENT: _within(Role.ADMINISTRATOR),
        Act.DISABLE_CLIENT: _within(Role.ADMINISTRATOR),
        Act.SET_CLIENT_ROLES: _within(Role.SECURITY_ADMINISTRATOR),
        Act.ROTATE_CLIENT_KEY: _within(Role.SECURITY_ADMINISTRATOR),
    }
)
