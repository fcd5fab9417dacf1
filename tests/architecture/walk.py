"""Walks a service's routes × roles × relations, and makes actors and rows that stand so.

What a policy table says of a combination is `Case.granted`; a test that plays the case over
HTTP, with a row that stands in that relation to the actor, holds the service to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.gateway import Role
from kernel.access import Principal, Relation, relation
from kernel.transactions import TransactionalRoute
from kernel.web import Service

USCC = "91430481MA4T00019M"
_OTHER_USCC = "91430405MA4T00019K"
_REGION = "430481"
_UNIT = "430481.emergency"

CLIENTS = frozenset({Role.EXCHANGE_CLIENT, Role.HOTLINE_CLIENT})


@dataclass(frozen=True)
class Row:
    """A row that stands in a division, with an enterprise and a unit."""

    region_code: str = _REGION
    enterprise_uscc: str | None = USCC
    unit: str | None = _UNIT


@dataclass(frozen=True)
class Case:
    """One combination of the walk, and whether the table grants it."""

    service: str
    method: str
    path: str
    act: str
    role: Role
    relation: Relation
    granted: bool

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path} {self.role} {self.relation}"


def actor(role: Role, standing: Relation) -> Principal:
    """Somebody of that role who stands in that relation to `Row()`."""
    who = {"subject": f"{role}-{standing}", "roles": frozenset({role.value})}
    if role is Role.ENTERPRISE:
        uscc = USCC if standing is Relation.OWN else _OTHER_USCC
        return Principal(**who, region=_REGION, uscc=uscc)
    unit, region = {
        Relation.UNIT: (_UNIT, _REGION),
        Relation.SUBTREE: ("430400.emergency", "4304"),
        Relation.ELSEWHERE: ("430200.emergency", "4302"),
    }[standing]
    return Principal(**who, unit=unit, region=region, client=role in CLIENTS)


def standings(role: Role) -> tuple[Relation, ...]:
    """The relations that somebody of a role can have to a row at all."""
    if role is Role.ENTERPRISE:
        return Relation.OWN, Relation.ELSEWHERE
    return Relation.UNIT, Relation.SUBTREE, Relation.ELSEWHERE


def routes(service: Service) -> Iterator[TransactionalRoute]:
    """Every route of a service that asks who acts."""
    for router in service.routers:
        for route in router.routes:
            if isinstance(route, TransactionalRoute) and route.act is not None:
                yield route


def cases(service: Service) -> Iterator[Case]:
    """Every combination of a service."""
    for route in routes(service):
        assert route.act is not None
        for method in sorted(route.methods):
            for role in Role:
                for standing in standings(role):
                    by = actor(role, standing)
                    assert relation(by, Row()) is standing
                    yield Case(
                        service=service.name,
                        method=method,
                        path=route.path,
                        act=route.act,
                        role=role,
                        relation=standing,
                        granted=service.policies.allows(by, route.act, Row()),
                    )
