"""Wires the incidents service."""

from fastapi import FastAPI

from kernel import web
from kernel.files import Objects
from kernel.settings import ServiceSettings
from kernel.web import Service
from services.incidents.accidents import api as accidents
from services.incidents.bulletins import api as bulletins
from services.incidents.bystanders import api as bystanders
from services.incidents.casualties import api as casualties
from services.incidents.climbs import api as climbs
from services.incidents.clocks import api as clocks
from services.incidents.closings import api as closings
from services.incidents.contents import api as contents
from services.incidents.corrections import api as corrections
from services.incidents.directreports import api as direct_reports
from services.incidents.dossiers import api as dossiers
from services.incidents.drafts import api as drafts
from services.incidents.duplicates import api as duplicates
from services.incidents.enterprises import api as enterprises
from services.incidents.entries import api as entries
from services.incidents.evaluations import api as evaluations
from services.incidents.evidence import api as evidence
from services.incidents.exchange import api as exchange
from services.incidents.findings import api as findings
from services.incidents.grading import api as grading
from services.incidents.handlers import SUBSCRIPTIONS
from services.incidents.identifications import api as identifications
from services.incidents.informants import api as informants
from services.incidents.intake import api as intake
from services.incidents.intake.spool import Spool, store
from services.incidents.intake.stream import STREAM
from services.incidents.investigations import api as investigations
from services.incidents.leads import api as leads
from services.incidents.lookbacks import api as lookbacks
from services.incidents.maps import api as maps
from services.incidents.notices import api as notices
from services.incidents.phonecalls import api as phonecalls
from services.incidents.policies import POLICIES
from services.incidents.qualifications import api as qualifications
from services.incidents.readers import api as readers
from services.incidents.recommendations import api as recommendations
from services.incidents.relays import api as relays
from services.incidents.rescues import api as rescues
from services.incidents.search import api as search
from services.incidents.sharing import api as sharing
from services.incidents.statistics import api as statistics
from services.incidents.steps import api as steps
from services.incidents.teams import api as teams
from services.incidents.timeline import api as timeline
from services.incidents.timers import TIMERS
from services.incidents.tolls import api as tolls
from services.incidents.transfers import api as transfers


def service(spool: Spool | None = None) -> Service:
    """Everything the service is made of."""
    spool = spool or Spool()
    return Service(
        name="incidents",
        title="Accidents: reports, grades, relays, investigations",
        routers=(
            intake.router,
            grading.router,
            exchange.router,  # before readers: `changes` is no accident's id
            search.router,  # before readers: nor is `search`
            maps.router,
            enterprises.router,
            readers.router,
            casualties.router,
            timeline.router,
            accidents.router,
            relays.router,
            notices.router,
            direct_reports.router,
            rescues.router,
            tolls.router,
            findings.router,
            phonecalls.router,
            bystanders.router,
            drafts.router,
            corrections.router,
            identifications.router,
            duplicates.router,
            contents.router,
            sharing.router,
            investigations.router,
            teams.router,
            steps.router,
            evidence.router,
            recommendations.router,
            transfers.router,
            evaluations.router,
            lookbacks.router,
            clocks.router,
            dossiers.router,
            closings.router,
            climbs.router,
            leads.router,
            informants.router,
            qualifications.router,
            entries.router,
            statistics.router,
            bulletins.router,
        ),
        policies=POLICIES,
        subscriptions=SUBSCRIPTIONS,
        timers=TIMERS,
        workers=(spool.run,),
        letters={STREAM: store},
    )


def build(settings: ServiceSettings | None = None) -> FastAPI:
    """The application of one process."""
    spool = Spool()
    settings = settings or ServiceSettings()
    application = web.build(service(spool), settings)
    application.state.spool = spool
    application.state.objects = Objects.at(settings.objects_url) if settings.objects_url else None
    return application
