"""The HTTP face of responsibility chains. Translates; decides nothing."""

from datetime import date
from typing import Annotated

from fastapi import Query

from contracts.identifiers import RegionCode, Uscc
from kernel import calendar
from kernel.problems import FieldFault, InvalidPayload
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from reference import chains as pack
from reference import industries
from services.tasks.chains import domain, queries
from services.tasks.chains.schemas import ChainView, LinkView
from services.tasks.policies import POLICIES, Act

router = rooms("/tasks/chains", "chains")


@router.get("/resolve")
@act(Act.READ_CHAINS)
async def resolve(
    session: Session,
    actor: Actor,
    now: Now,
    enterprise: Annotated[Uscc | None, Query(description="A registered enterprise")] = None,
    industry: Annotated[str | None, Query(max_length=100, description="Code or name")] = None,
    region: Annotated[RegionCode | None, Query(description="Where, with `industry`")] = None,
    on: Annotated[date | None, Query(description="The day asked about; else today")] = None,
) -> ChainView:
    """Who answers for an enterprise, or for an industry in a place, on a day; and why."""
    day = on or calendar.day_of(now)
    if enterprise is None:
        if industry is None or region is None:
            raise _incomplete()
        return _view(industry, region, day=day, uscc=None)
    known = await queries.enterprise(session, enterprise)
    POLICIES.require(actor, Act.READ_ENTERPRISE, on=known, seen_by=Act.READ_ENTERPRISE)
    return _view(known.industry, known.region_code, day=day, uscc=known.uscc)


def _view(industry: str, region: str, *, day: date, uscc: str | None) -> ChainView:
    known = industries.resolve(industry)
    if known is None:
        raise _unknown_industry(industry)
    answer = domain.answering(industry=industry, region=region, on=day)
    chain = pack.field_of(known.sector, on=day)
    links = domain.links(answer, field_zh=chain.zh, field_en=chain.en, on=day)
    return ChainView(
        on=day,
        region_code=region,
        enterprise_uscc=uscc,
        industry=known.code,
        sector=known.sector,
        field=answer.field,
        links=[LinkView.model_validate(link) for link in links],
    )


def _incomplete() -> InvalidPayload:
    return InvalidPayload(
        FieldFault(
            pointer="query:enterprise",
            code="missing",
            zh="须填 enterprise，或同时填 industry 和 region",
            en="expected enterprise, or both industry and region",
        )
    )


def _unknown_industry(industry: str) -> InvalidPayload:
    return InvalidPayload(
        FieldFault(
            pointer="query:industry",
            code="industry_unknown",
            zh=f"没有行业“{industry}”，应为 GB/T 4754 代码或名称",
            en=f"no industry {industry!r}: expected a code or name of GB/T 4754",
        )
    )
