"""Wires the incidents service."""

from fastapi import FastAPI

from kernel import web
from kernel.settings import ServiceSettings
from kernel.web import Service
from services.incidents.accidents import api as accidents
from services.incidents.bystanders import api as bystanders
from services.incidents.contents import api as contents
from services.incidents.corrections import api as corrections
from services.incidents.drafts import api as drafts
from services.incidents.duplicates import api as duplicates
from services.incidents.exchange import api as exchange
from services.incidents.findings import api as findings
from services.incidents.grading import api as grading
from services.incidents.handlers import SUBSCRIPTIONS
from services.incidents.intake import api as intake
from services.incidents.intake.spool import Spool
from services.incidents.investigations import api as investigations
from services.incidents.phonecalls import api as phonecalls
from services.incidents.policies import POLICIES
from services.incidents.relays import api as relays
from services.incidents.sharing import api as sharing
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
            phonecalls.router,
            bystanders.router,
            drafts.router,
            corrections.router,
            duplicates.router,
            contents.router,
            sharing.router,
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
    application = web.build(service(spool), settings or ServiceSettings())
    application.state.spool = spool
    return application
