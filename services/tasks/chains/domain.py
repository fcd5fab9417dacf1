"""A chain as people read it: each unit that answers, with the reason why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from reference import chains, citations, industries, regions, units
from reference.chains import Answering
from reference.cityrows import Chain
from reference.terms import Level, Term


class Part(StrEnum):
    """Which part a unit has in a chain."""

    LEAD = "lead"  # 牵头监管
    SUPPORTING = "supporting"  # 配合监管
    TERRITORIAL = "territorial"  # 属地管理


class Basis(StrEnum):
    """What a link stands on."""

    RULE = "rule"  # 规定
    DECISION = "decision"  # 决定


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What an office decided on a kind of business."""

    decision_id: UUID
    name: str
    field: str
    lead: str | None
    likened_to: str | None
    document: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What of a unit a chain shows, on a day."""

    code: str
    name_zh: str
    name_en: str
    region: str


class Charge(Term):
    """Which posts of a unit are in charge, the one that answers for everything first."""

    PRINCIPAL = "principal", "主要负责人", "Head"
    DEPUTY = "deputy", "分管负责人", "Deputy in charge"


@dataclass(frozen=True, slots=True, kw_only=True)
class InCharge:
    """A post in charge of a unit, on a day."""

    post: str
    kind: Charge
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One unit of a chain."""

    position: int
    part: Part
    unit: str
    name_zh: str
    name_en: str
    level: str
    post: str
    """The post in charge."""
    reason_zh: str
    reason_en: str
    basis: Basis = Basis.RULE
    decision_id: UUID | None = None
    followed: str | None = None
    """The unit that the rule names, where another one answers for it since."""


OTHER_SECTOR = "other"
"""What an industry that nobody knows counts as: the chain that takes all the rest."""

_REASONS = {
    Part.LEAD: (
        "管行业必须管安全：{field}的行业主管部门",
        "Who runs {field} answers for it",
    ),
    Part.SUPPORTING: ("管业务必须管安全：{field}的配合部门", "Supports in the field of {field}"),
    Part.TERRITORIAL: ("属地管理：{place}", "Territory: {place}"),
}


def sector_of(industry: str | None) -> str:
    """The field of supervision of an industry as somebody wrote it."""
    found = industries.resolve(industry) if industry else None
    return found.sector if found else OTHER_SECTOR


def answering(*, industry: str | None, region: str, on: date) -> Answering:
    """Who answers on that day for that industry in that place."""
    return chains.answering(sector=sector_of(industry), region=region, on=on)


def with_decision(decided: Decided, *, region: str, on: date) -> Answering:
    """Who answers by a decision: whoever answers for its field; the lead it names leads alone."""
    row = _field(decided.field, on=on)
    answer = chains.answering_for(row, region=region, on=on)
    if decided.lead is None:
        return answer
    demoted = tuple(code for code in answer.lead if code != decided.lead)
    return Answering(
        field=answer.field,
        lead=(decided.lead,),
        supporting=(*demoted, *(code for code in answer.supporting if code != decided.lead)),
        territorial=answer.territorial,
    )


def _field(code: str, *, on: date) -> Chain:
    """The field, or the one that takes all the rest where the pack has ended it since."""
    rest = chains.field_of(OTHER_SECTOR, on=on)
    return next((row for row in chains.fields(on=on) if row.code == code), rest)


def links(
    answer: Answering,
    *,
    on: date,
    decided: Decided | None = None,
    heirs: Mapping[str, str] | None = None,
    named: Mapping[str, Named] | None = None,
) -> tuple[Link, ...]:
    """The chain in order: lead, supporting, territorial; in each the nearest first.

    `heirs` says who answers on the day for each unit, `named` what units are called then; of a
    unit that neither names, the pack is believed. A unit stands once, in the first part that
    it has.
    """
    found: dict[str, Link] = {}
    for part, code in _ordered(answer):
        unit = (heirs or {}).get(code, code)
        if unit in found:
            continue
        name = (named or {}).get(unit) or _of_pack(unit, on=on)
        reason = _reason(part, code, name, answer, decided=decided, on=on)
        found[unit] = _link(len(found) + 1, part, name, reason, decided=decided, rule=code)
    return tuple(found.values())


def _ordered(answer: Answering) -> Iterator[tuple[Part, str]]:
    yield from ((Part.LEAD, code) for code in answer.lead)
    yield from ((Part.SUPPORTING, code) for code in answer.supporting)
    yield from ((Part.TERRITORIAL, code) for code in answer.territorial)


def _of_pack(code: str, *, on: date) -> Named:
    unit = units.unit(code, on=on)
    return Named(code=code, name_zh=unit.zh, name_en=unit.en, region=unit.region)


def _reason(
    part: Part,
    rule: str,
    unit: Named,
    answer: Answering,
    *,
    decided: Decided | None,
    on: date,
) -> tuple[str, str]:
    row, place = _field(answer.field, on=on), regions.region(unit.region)
    zh, en = _REASONS[part]
    zh, en = zh.format(field=row.zh, place=place.zh), en.format(field=row.en, place=place.en)
    source_zh, source_en = citations.cite(row.source)
    if part is not Part.TERRITORIAL:
        zh, en = f"{zh}（{source_zh}）", f"{en} ({source_en})"
        if decided is not None:
            like, paper = decided.likened_to or row.zh, decided.document or decided.name
            zh = f"“{decided.name}”与“{like}”业务相近，已作决定（{paper}）；{zh}"
            en = f"“{decided.name}” is close to “{like}” by decision ({paper}); {en}"
    if rule != unit.code:
        zh, en = f"{zh}；承继{rule}的职责", f"{en}; answers for {rule} since it ended"
    return zh, en


def _link(
    number: int,
    part: Part,
    unit: Named,
    reason: tuple[str, str],
    *,
    decided: Decided | None,
    rule: str,
) -> Link:
    by_decision = decided is not None and part is not Part.TERRITORIAL
    return Link(
        position=number,
        part=part,
        unit=unit.code,
        name_zh=unit.name_zh,
        name_en=unit.name_en,
        level=_level(unit.region).value,
        post=f"{unit.code}.principal",
        reason_zh=reason[0],
        reason_en=reason[1],
        basis=Basis.DECISION if by_decision else Basis.RULE,
        decision_id=decided.decision_id if decided and by_decision else None,
        followed=rule if rule != unit.code else None,
    )


def in_charge(posts: Iterable[InCharge]) -> tuple[InCharge, ...]:
    """The posts in charge of one unit: its head, then whoever of its deputies is."""
    order = list(Charge)
    return tuple(sorted(posts, key=lambda one: (order.index(one.kind), one.post)))


def in_charge_of_pack(code: str, *, on: date) -> tuple[InCharge, ...]:
    """Those of a unit that only the pack knows."""
    return in_charge(
        InCharge(post=row.code, kind=Charge(row.kind), label_zh=row.zh, label_en=row.en)
        for row in units.posts(units.unit(code, on=on), on=on)
        if row.kind in set(Charge)
    )


def _level(region: str) -> Level:
    return regions.region(region).level


def contenders(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """The leads that stand nearest; more than one of them is an overlap."""
    leads = [link for link in links if link.part is Part.LEAD]
    return tuple(link for link in leads if _place(link) == _place(leads[0]))


def _place(link: Link) -> str:
    return link.unit.partition(".")[0]
