"""Wires the incidents service."""

from fastapi import FastAPI

from kernel import web
from kernel.settings import ServiceSettings
from kernel.web import Service
from services.incidents.accidents import api as accidents
from services.incidents.bulletins import api as bulletins
from services.incidents.entries import api as entries
from services.incidents.exchange import api as exchange
from services.incidents.findings import api as findings
from services.incidents.grading import api as grading
from services.incidents.handlers import SUBSCRIPTIONS
from services.incidents.intake import api as intake
from services.incidents.intake.spool import Spool
from services.incidents.investigations import api as investigations
from services.incidents.policies import POLICIES
from services.incidents.relays import api as relays
from services.incidents.statistics import api as statistics
from services.incidents.timeline import api as timeline
from services.incidents.timers import TIMERS


def service(spool: Spool | None = None) -> Service:
    """Everything the service is made of."""
    spool = spool or Spool()
    return Service(
        name="incidents",
        title="Accidents: reports, grades, relays, investigations",
        routers=(
            intake.router,
            grading.router,
            exchange.router,  # before accidents: `changes` is no accident's id
            timeline.router,
            accidents.router,
            relays.router,
            findings.router,
            investigations.router,
            entries.router,
            statistics.router,
            bulletins.router,
        ),
        policies=POLICIES,
        subscriptions=SUBSCRIPTIONS,
        timers=TIMERS,
        workers=(spool.run,),
    )


def build(settings: ServiceSettings | None = None) -> FastAPI:
    """The application of one process."""
    spool = Spool()
    application = web.build(service(spool), settings or ServiceSettings())
    application.state.spool = spool
    return application
