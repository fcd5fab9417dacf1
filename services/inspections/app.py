"""Wires the inspections service."""

from fastapi import FastAPI

from kernel import web
from kernel.settings import ServiceSettings
from kernel.web import Service
from services.inspections.handlers import SUBSCRIPTIONS
from services.inspections.policies import POLICIES
from services.inspections.registry.api import router as registry
from services.inspections.visits.api import router as visits


def service() -> Service:
    """Everything the service is made of."""
    return Service(
        name="inspections",
        title="安链 · 监管执法 Inspections",
        routers=(registry, visits),
        policies=POLICIES,
        subscriptions=SUBSCRIPTIONS,
    )


def build() -> FastAPI:
    """The application, with its settings from the environment."""
    return web.build(service(), ServiceSettings())
