"""Wires the tasks service."""

from fastapi import FastAPI

from kernel import web
from kernel.settings import ServiceSettings
from kernel.web import Service
from services.tasks.appeals.api import router as appeals
from services.tasks.callbacks.api import router as callbacks
from services.tasks.callers.api import router as callers
from services.tasks.cards.api import router as cards
from services.tasks.catalogue.api import router as catalogue
from services.tasks.chains.api import router as chains
from services.tasks.committees.api import router as committees
from services.tasks.coverage.api import router as coverage
from services.tasks.decisions.api import router as decisions
from services.tasks.delays.api import router as delays
from services.tasks.dispatches.api import router as dispatches
from services.tasks.drafts.api import router as drafts
from services.tasks.drafts.api_corrections import router as corrections
from services.tasks.evidence.api import pile
from services.tasks.evidence.api import router as evidence
from services.tasks.extensions.api import router as extensions
from services.tasks.feeds.api import router as feeds
from services.tasks.figures.api import router as figures
from services.tasks.handlers import SUBSCRIPTIONS
from services.tasks.holders.api import router as holders
from services.tasks.indicators.api import router as indicators
from services.tasks.intake.api import router as intake
from services.tasks.lines.api import router as lines
from services.tasks.measures.api import goals_router as goals
from services.tasks.measures.api import router as measures
from services.tasks.objections.api import router as objections
from services.tasks.obligations.api import router as obligations
from services.tasks.openings.api import router as openings
from services.tasks.orders.api import router as orders
from services.tasks.organisations.api import router as organisations
from services.tasks.parts.api import router as parts
from services.tasks.plans.api import router as plans
from services.tasks.policies import POLICIES
from services.tasks.progress.api import router as progress
from services.tasks.punctuality.api import router as punctuality
from services.tasks.rankings.api import router as rankings
from services.tasks.repeats.api import router as repeats
from services.tasks.rosters.api import router as rosters
from services.tasks.scoreobjections.api import router as scoreobjections
from services.tasks.scores.api import router as scores
from services.tasks.successions.api import router as successions
from services.tasks.supervisionanswers.api import router as supervisionanswers
from services.tasks.supervisionletters.api import router as supervisionletters
from services.tasks.supervisions.api import router as supervisions
from services.tasks.timers import TIMERS
from services.tasks.triggers.api import router as triggers
from services.tasks.verdicts.api import router as verdicts

_ORDERS = (
    intake,
    orders,
    dispatches,
    objections,
    extensions,
    callbacks,
    repeats,
    catalogue,
    callers,
    punctuality,
)
"""Everything about hotline orders."""

_SUPERVISION = (supervisions, supervisionanswers, supervisionletters)
"""Everything about supervisory orders."""
_SCORING = (indicators, scores, rankings, scoreobjections, cards, verdicts)
"""Everything about how units are assessed."""


def service() -> Service:
    """Everything the service is made of."""
    return Service(
        name="tasks",
        title="安链 · 责任链与任务 Tasks",
        routers=(
            organisations,
            rosters,
            holders,
            committees,
            lines,
            successions,
            chains,
            decisions,
            coverage,
            plans,
            drafts,
            corrections,
            openings,
            triggers,
            obligations,
            figures,
            measures,
            goals,
            feeds,
            parts,
            delays,
            evidence,
            pile,
            appeals,
            progress,
            *_ORDERS,
            *_SUPERVISION,
            *_SCORING,
        ),
        policies=POLICIES,
        subscriptions=SUBSCRIPTIONS,
        timers=TIMERS,
    )


def build() -> FastAPI:
    """The application, with its settings from the environment."""
    return web.build(service(), ServiceSettings())
