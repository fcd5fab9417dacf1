"""The HTTP face of responsibility chains. Translates; decides nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from contracts.identifiers import RegionCode, Uscc
from kernel.problems import FieldFault, InvalidPayload
from kernel.rendering import wants_chinese
from kernel.transactions import Actor, AsAt, Session, act
from kernel.web import rooms
from reference import industries, regions
from services.tasks.chains import domain, domain_picture, queries
from services.tasks.chains.domain_picture import Box, Seat
from services.tasks.chains.schemas import ChainView, LinkView
from services.tasks.decisions import domain as deciding
from services.tasks.policies import Act

router = rooms("/tasks/chains", "chains")

SVG, MERMAID = "image/svg+xml", "text/vnd.mermaid"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a chain is asked for."""

    industry: str
    region: str
    day: date
    name: str
    uscc: str | None = None


async def subject(
    session: Session,
    actor: Actor,
    on: AsAt,
    enterprise: Annotated[Uscc | None, Query(description="A registered enterprise")] = None,
    industry: Annotated[str | None, Query(max_length=100, description="Code or name")] = None,
    region: Annotated[RegionCode | None, Query(description="Where, with `industry`")] = None,
) -> Subject:
    """An enterprise that the actor may see, as it stood on the day, or an industry in a place."""
    deciding.refuse_before(on)
    if enterprise is None:
        if industry is None or region is None:
            raise _incomplete()
        return Subject(industry=industry, region=region, day=on, name=industry)
    stood = await queries.seen(session, enterprise, on=on, by=actor)
    return Subject(
        industry=stood.industry,
        region=stood.region_code,
        day=on,
        name=stood.name,
        uscc=stood.uscc,
    )


Asked = Annotated[Subject, Depends(subject, scope="function")]


@router.get("/resolve")
@act(Act.READ_CHAINS)
async def resolve(session: Session, asked: Asked) -> ChainView:
    """Who answers for an enterprise, or for an industry in a place, on a day; and why."""
    return await _chain(session, asked)


@router.get("/picture", responses={200: {"content": {SVG: {}, MERMAID: {}}}})
@act(Act.READ_CHAINS)
async def draw(request: Request, session: Session, asked: Asked) -> Response:
    """The same chain as a picture: SVG, or Mermaid where `Accept` asks for it."""
    boxes = await _boxes(session, asked)
    chinese = wants_chinese(request.headers.get("accept-language"))
    place = regions.region(asked.region)
    title = f"{asked.name} · {place.zh if chinese else place.en}"
    if MERMAID in request.headers.get("accept", ""):
        text = domain_picture.mermaid(title, boxes, chinese=chinese)
        return Response(text, media_type=f"{MERMAID}; charset=utf-8")
    picture = domain_picture.svg(title, boxes, chinese=chinese)
    return Response(picture, media_type=SVG)


async def _resolved(session: Session, asked: Subject) -> queries.Resolved:
    decided = await queries.decided(session, asked.industry, region=asked.region, on=asked.day)
    if decided is None and asked.uscc is None and industries.resolve(asked.industry) is None:
        raise _unknown_industry(asked.industry)
    return await queries.resolve(
        session, industry=asked.industry, region=asked.region, decided=decided, on=asked.day
    )


async def _chain(session: Session, asked: Subject) -> ChainView:
    found = await _resolved(session, asked)
    known = industries.resolve(asked.industry)
    return ChainView(
        on=asked.day,
        region_code=asked.region,
        enterprise_uscc=asked.uscc,
        enterprise_name=asked.name if asked.uscc else None,
        industry=known.code if known else asked.industry,
        sector=domain.sector_of(asked.industry),
        field=found.field,
        links=_views(found),
    )


async def _boxes(session: Session, asked: Subject) -> list[Box]:
    found = await _resolved(session, asked)
    return [
        Box(link=link, seats=[Seat(kind=one.kind, holder=one.holder) for one in view.in_charge])
        for link, view in zip(found.links, _views(found), strict=True)
    ]


def _views(found: queries.Resolved) -> list[LinkView]:
    return [LinkView.of(link, found.in_charge[link.unit], found.holders) for link in found.links]


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
            zh=f"没有行业“{industry}”，也无关于它的决定：应为 GB/T 4754 代码或名称",
            en=f"no industry {industry!r}, nor a decision on it: expected a code or name of "
            "GB/T 4754",
        )
    )
