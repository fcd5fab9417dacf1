"""What is found out about accidents later moves every card that they made."""

from datetime import timedelta

import pytest

from contracts.incidents import FindingDismissed
from reference.terms import Finding, FindingStatus, Grade, Level
from services.tasks.cards import queries
from services.tasks.cards.tables import CardRow
from tests.services.stage import Stage
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import LEIYANG, MAYOR, OFFICE
from tests.services.tasks.story import CITY, found, regraded
from tests.services.tasks.test_cards import (
    FIRST,
    SECOND,
    THIRD,
    UNIT,
    cards,
    happened,
    imposed,
    post,
    prepared,
    two_larger,
)
from tests.services.tasks.test_decisions import decide

FINDING = {"accident_id": FIRST, "finding_id": THIRD}


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """A city without accidents, on a Monday in June."""
    return await prepared(tasks)


async def concealed(city: Stage, *, month: int = 6, day: int = 8) -> CardRow:
    """A larger accident of this year turned out to be concealed: a veto is proposed."""
    confirmed = {"status": FindingStatus.CONFIRMED, "occurred_at": at(month, day)}
    await city.hear(found(Finding.CONCEALED, **FINDING | confirmed))
    [veto] = await cards(city, kind="veto")
    assert veto.threshold == "county_concealed"
    return veto


def dismissed(month: int, day: int) -> FindingDismissed:
    facts = {"region_code": LEIYANG, "grade": Grade.LARGER, "kind": Finding.CONCEALED}
    return FindingDismissed(occurred_at=at(month, day), **FINDING | facts)


def major(**changed: object):  # type: ignore[no-untyped-def]
    told = {"accident_id": FIRST, "occurred_at": at(6, 20), "region_code": LEIYANG}
    return regraded(Grade.MAJOR, f"{CITY}.government", Level.CITY, **told | changed)


async def test_an_accident_of_another_field_lets_go_of_whom_it_was_held_against(
    city: Stage,
) -> None:
    await happened(city, FIRST, at(6, 2), grade=Grade.MAJOR)
    await city.hear(major(industry="construction"))

    rows = {row.unit: row.status for row in await city.rows(CardRow, group_code="departments")}

    assert rows == {f"{CITY}.emergency": "withdrawn", f"{CITY}.housing": "proposed"}


async def test_an_accident_counts_to_who_leads_its_field_by_decision(city: Stage) -> None:
    stated = {"name": "密室逃脱", "field": "construction", "effective_from": "2023-06-01"}
    assert (await decide(city, **stated)).status_code == 201
    for accident, industry in ((FIRST, "密室逃脱"), (SECOND, "noncoal_mining")):
        await happened(city, accident, at(6, 2), grade=Grade.MAJOR, industry=industry)

    rows = {row.unit: row.accidents for row in await city.rows(CardRow, group_code="departments")}

    assert rows == {f"{CITY}.housing": [str(FIRST)], f"{CITY}.emergency": [str(SECOND)]}


async def test_what_is_dismissed_in_the_next_year_carries_no_card_of_this_one(city: Stage) -> None:
    await happened(city, FIRST, at(7, 1, year=2021))
    veto = await concealed(city, month=11, day=20)

    await city.hear(dismissed(12, 5))

    [left] = await cards(city, kind="veto")
    assert (left.id, left.year, left.status) == (veto.id, 2023, "withdrawn")


async def test_a_proposal_is_for_what_is_so_and_not_for_what_was(city: Stage) -> None:
    """The unit answers to the cause it was given: another one needs another notice."""
    await happened(city, FIRST, at(6, 2))
    veto = await concealed(city)
    await post(city, OFFICE, veto, "notify", note="拟一票否决", threshold_confirmed=True)
    await city.hear(major())
    assert [(row.threshold, row.status) for row in await cards(city, kind="veto")] == [
        ("county_concealed", "noticed")
    ]

    await city.hear(dismissed(6, 21))

    assert [(row.threshold, row.status) for row in await cards(city, kind="veto")] == [
        ("county_concealed", "withdrawn"),
        ("county_major", "proposed"),
    ]


async def test_a_decided_card_is_not_carried_by_another_cause(city: Stage) -> None:
    await happened(city, FIRST, at(6, 2))
    veto = await concealed(city)
    await post(city, OFFICE, veto, "notify", note="拟一票否决", threshold_confirmed=True)
    city.now = at(7, 1)
    await post(city, MAYOR, veto, "impose", grounds="瞒报属实")
    await city.hear(major(occurred_at=at(7, 2)))

    await city.hear(dismissed(7, 3))

    [kept] = await cards(city, kind="veto")
    assert (kept.status, kept.review_since) == ("in_effect", at(7, 3))


async def test_what_was_declined_for_one_cause_is_proposed_for_a_graver_one(city: Stage) -> None:
    await happened(city, FIRST, at(6, 2))
    veto = await concealed(city)
    await post(city, MAYOR, veto, "decline", grounds="责任不在地方")

    await city.hear(major())

    assert [(row.threshold, row.status) for row in await cards(city, kind="veto")] == [
        ("county_concealed", "declined"),
        ("county_major", "proposed"),
    ]


async def test_after_a_card_was_lifted_only_further_accidents_propose_another(city: Stage) -> None:
    card = await imposed(city)
    await post(city, MAYOR, card, "lift", grounds="整改到位，经验收")
    await city.hear(found(Finding.LATE, accident_id=SECOND, occurred_at=at(6, 14)))
    assert [row.status for row in await cards(city)] == ["lifted"]

    await happened(city, THIRD, at(6, 15))

    assert [(row.unit, row.status) for row in await cards(city)] == [
        (UNIT, "lifted"),
        (UNIT, "proposed"),
    ]


async def test_a_card_stands_while_its_own_cause_does(city: Stage) -> None:
    card = await two_larger(city)
    await happened(city, THIRD, at(6, 3))

    [same] = await cards(city)
    assert (same.id, same.threshold, len(same.accidents)) == (card.id, "county_larger", 3)


async def test_what_was_lifted_since_stood_when_a_document_was_made(city: Stage) -> None:
    card = await imposed(city)
    assert card.decided_at is not None
    assert card.effect_to is not None
    made = card.decided_at + timedelta(days=3)
    city.now = made + timedelta(days=3)
    await post(city, MAYOR, card, "lift", grounds="整改到位，经验收")
    known_by = (card.decided_at - timedelta(seconds=1), card.decided_at, made, city.now)
    async with city.work() as session:
        seen = [
            [row.unit for row in await queries.in_effect(session, on=card.effect_to, by=instant)]
            for instant in known_by
        ]
        [stood] = await queries.in_effect(session, on=card.effect_to, by=made)
        said = [
            await queries.in_words(session, stood, chinese=chinese) for chinese in (True, False)
        ]
    assert seen == [[], [UNIT], [UNIT], []]
    assert said[0].startswith("耒阳市人民政府：黄牌")
    assert said[1].startswith("People's Government of Leiyang")
