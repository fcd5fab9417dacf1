"""The HTTP face of trial grading."""

from datetime import date

from fastapi import Request

from kernel import calendar
from kernel.rendering import wants_chinese
from kernel.transactions import Now, act
from kernel.web import rooms
from reference import units
from reference.packs import NothingInForce
from reference.terms import Level
from services.incidents.accidents import rules
from services.incidents.accidents.schemas import Basis
from services.incidents.grading.rules import fact_finder
from services.incidents.grading.schemas import Graded, Question
from services.incidents.investigations import rules as investigating
from services.incidents.policies import Act
from services.incidents.receipts.schemas import label
from services.incidents.relays import rules as relaying
from services.incidents.reports.domain import law_not_loaded
from services.incidents.reports.operations import regime_of
from services.incidents.reports.schemas_checks import refuse_future

router = rooms("/incidents/grading", "grading")


@router.post("")
@act(Act.GRADE)
async def grade(body: Question, request: Request, now: Now) -> Graded:
    """Grade figures without keeping anything."""
    refuse_future({"occurred_at": body.occurred_at}, now=now)
    chinese = wants_chinese(request.headers.get("accept-language"))
    try:
        return _graded(body, now=now, chinese=chinese)
    except NothingInForce as gap:
        raise law_not_loaded() from gap


def _graded(body: Question, *, now: Now, chinese: bool) -> Graded:
    today = calendar.day_of(now)
    happened = calendar.day_of(body.occurred_at) if body.occurred_at else today
    regime = regime_of(body.industry)
    scale = rules.scale_of(body.accident_type or "")
    verdict = rules.grade(body.figures(), on=happened, scale=scale)
    level = investigating.level_of(regime=regime, grade=verdict.grade, on=happened)
    unit = None
    if body.region_code is not None:
        authority = investigating.authority(
            regime=regime,
            grade=verdict.grade,
            region=body.region_code,
            on=happened,
            today=today,
        )
        level, unit = authority.level, authority.unit
    highest = relaying.reach(verdict.grade, on=happened)
    return Graded(
        grade=verdict.grade,
        grade_label=label(verdict.grade, chinese=chinese),
        grade_basis=Basis.of(verdict, regime=regime, chinese=chinese),
        investigating_level=level,
        investigating_unit=unit,
        fact_finding_unit=_fact_finding_unit(body, on=happened, today=today),
        relays=[step for step in Level if 0 < step.rank <= highest.rank],
    )


def _fact_finding_unit(body: Question, *, on: date, today: date) -> str | None:
    """The unit at the place, where the law names an organ and the packs know one there."""
    finder = fact_finder(body.accident_type or "", on=on)
    if finder is None or body.region_code is None:
        return None
    try:
        return units.governing(body.region_code, finder.organ, on=today).code
    except units.UnknownUnit:
        return None
