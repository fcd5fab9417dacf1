"""Wires the incidents service."""

from fastapi import FastAPI

from kernel import web
from kernel.files import Objects
from kernel.settings import ServiceSettings
from kernel.web import Service
from services.incidents.accidents import api as accidents
from services.incidents.exchange import api as exchange
from services.incidents.findings import api as findings
from services.incidents.grading import api as grading
from services.incidents.handlers import SUBSCRIPTIONS
from services.incidents.intake import api as intake
from services.incidents.intake.spool import Spool
from services.incidents.investigations import api as investigations
from services.incidents.notices import api as notices
from services.incidents.policies import POLICIES
from services.incidents.relays import api as relays
from services.incidents.rescues import api as rescues
from services.incidents.timeline import api as timeline
from services.incidents.timers import TIMERS
from services.incidents.tolls import api as tolls


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
            notices.router,
            rescues.router,
            tolls.router,
            findings.router,
            investigations.router,
        ),
        policies=POLICIES,
        subscriptions=SUBSCRIPTIONS,
        timers=TIMERS,
        workers=(spool.run,),
    )


def build(settings: ServiceSettings | None = None) -> FastAPI:
    """The application of one process."""
    spool = Spool()
    settings = settings or ServiceSettings()
    application = web.build(service(spool), settings)
    application.state.spool = spool
    application.state.objects = Objects.at(settings.objects_url) if settings.objects_url else None
    return application
