"""Who failed a year's assessment is barred, by what an office stated and people decide."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.gateway import Role
from contracts.tasks_scoring import CardEnded, CardProposed, CardReviewNeeded, RankingPublished
from kernel.access import Principal
from kernel.calendar import Cadence
from reference.terms import Grade
from services.tasks.cards.tables import CardRow
from services.tasks.indicators.domain import period_of
from services.tasks.rankings.tables import Ranking
from services.tasks.verdicts.tables import Verdict
from tests.services.stage import Stage
from tests.services.tasks import scoring, test_cards, test_rankings
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import CHANGNING, LEIYANG, MAYOR, OFFICE, computed, duty
from tests.services.tasks.story import CITY, person

YEAR = period_of(at(6, 1).date(), Cadence.YEAR)
AFTER = at(12, 4, 9)
UNIT, SPARED = f"{LEIYANG}.government", f"{CHANGNING}.government"
SAID = {"unit": UNIT, "statement": "衡安委〔2023〕31号：年度考核不合格。"}
CORRECTED = {"cadence": "year", "day": "2023-06-01", "reason": "一项得分有误。"}


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    return await prepared(tasks)


async def prepared(tasks: Stage) -> Stage:
    """A city whose counties were assessed for the year to November."""
    await test_rankings.prepared(tasks)
    await computed(tasks, YEAR, now=AFTER)
    return tasks


async def published(city: Stage) -> str:
    """The assessment of the year as it was published: its id."""
    draft, *_ = await city.rows(Ranking, cadence="year", group_code="counties", status="draft")
    answer = await test_rankings.post(city, MAYOR, f"rankings/{draft.id}/publish")
    assert answer.status_code == 200, answer.text
    return str(draft.id)


async def say(city: Stage, ranking: str, by: Principal = OFFICE, **changed: Any) -> httpx.Response:
    return await test_rankings.post(city, by, f"verdicts/on/{ranking}", {**SAID, **changed})


async def stated(city: Stage) -> CardRow:
    """The county failed the published assessment: the veto that was proposed."""
    answer = await say(city, await published(city))
    assert answer.status_code == 201, answer.text
    (card,) = await test_cards.cards(city, kind="veto")
    return card


async def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def drafted(city: Stage) -> str:
    """A further version of the assessment, as things are by now."""
    await computed(city, YEAR, now=city.now)
    draft = await test_rankings.post(city, OFFICE, "rankings", {**CORRECTED, "group": "counties"})
    assert draft.status_code == 201, draft.text
    return str(draft.json()["id"])


async def republished(city: Stage) -> str:
    """It is published; nobody has heard of it yet."""
    draft = await drafted(city)
    answer = await test_rankings.post(city, MAYOR, f"rankings/{draft}/publish")
    assert answer.status_code == 200, answer.text
    return draft


async def corrected(city: Stage) -> str:
    """It is published, and heard of."""
    ranking = await republished(city)
    await city.hear(await fact_of(city, ranking))
    return ranking


async def fact_of(city: Stage, ranking: str) -> RankingPublished:
    """What tasks told when it was published."""
    (fact,) = [one for one in await city.told(RankingPublished) if one["ranking_id"] == ranking]
    return RankingPublished.model_validate(fact)


async def test_a_verdict_proposes_the_veto_which_two_people_decide(city: Stage) -> None:
    card = await stated(city)
    seen = (await city.as_(OFFICE).get("/tasks/verdicts")).json()["items"]

    assert (card.year, card.unit, card.threshold) == (2023, UNIT, "assessment_failed")
    assert (card.cause_zh, card.accidents, card.confirmed) == ("年度考核不合格", [], False)
    [told] = await city.told(CardProposed)
    assert (told["card_id"], told["kind"]) == (str(card.id), "veto")
    [verdict] = seen
    assert (verdict["card_id"], verdict["year"]) == (str(card.id), 2023)
    assert verdict["statement"] == SAID["statement"]
    bare = await test_cards.post(city, OFFICE, card, "notify", note="拟一票否决")
    assert await refused(bare) == (409, "threshold-to-be-confirmed")
    body = {"note": "拟一票否决", "threshold_confirmed": True}
    assert (await test_cards.post(city, OFFICE, card, "notify", **body)).status_code == 200
    city.now = at(12, 13, 9)
    by_notifier = await test_cards.post(city, OFFICE, card, "impose", grounds="g")
    decided = await test_cards.post(city, MAYOR, card, "impose", grounds="年度考核不合格")
    assert by_notifier.status_code == 403
    assert (decided.status_code, decided.json()["status"]) == (200, "in_effect")
    assert decided.json()["effect_to"] == "2024-12-13"


async def test_only_what_is_published_of_a_year_and_has_a_score_can_be_failed(
    city: Stage,
) -> None:
    draft, *_ = await city.rows(Ranking, cadence="year", group_code="counties", status="draft")
    early = await say(city, str(draft.id))
    ranking = await published(city)
    nobody = await say(city, ranking, unit=f"{CITY}.housing")
    unmeasured = await say(city, ranking, unit="430421.government")
    await computed(city, now=AFTER)
    quarter = await test_rankings.published(city)
    of_a_quarter = await say(city, quarter["id"])
    await corrected(city)
    superseded = await say(city, ranking)

    answers = (early, nobody, unmeasured, of_a_quarter, superseded)
    assert {await refused(one) for one in answers} == {(409, "not-assessed")}
    assert await city.rows(CardRow, kind="veto") == []


async def test_a_verdict_is_stated_once_and_from_above(city: Stage) -> None:
    ranking = await published(city)
    own = person(Role.COMMITTEE_OFFICE, f"{LEIYANG}.committee_office")
    from_below = await say(city, ranking, own)
    leader = await say(city, ranking, scoring.county_leader(LEIYANG))
    first, second = await say(city, ranking), await say(city, ranking)

    assert (from_below.status_code, leader.status_code) == (403, 403)
    assert (first.status_code, await refused(second)) == (201, (409, "stated-before"))
    assert len(await city.rows(Verdict)) == 1


async def test_who_is_barred_already_is_not_barred_once_more(city: Stage) -> None:
    await test_cards.happened(city, test_cards.FIRST, at(3, 10), grade=Grade.MAJOR)
    (standing,) = await test_cards.cards(city, kind="veto")

    answer = await say(city, await published(city))

    assert await refused(answer) == (409, "card-stands")
    assert answer.json()["card_id"] == str(standing.id)
    assert await city.rows(Verdict) == []


async def test_no_accident_carries_a_stated_veto_or_takes_it_away(city: Stage) -> None:
    card = await stated(city)
    await test_cards.two_larger(city)
    await test_cards.happened(city, test_cards.THIRD, at(6, 20), grade=Grade.MAJOR)
    await city.hear(test_cards._struck_off())

    (still,) = await test_cards.cards(city, kind="veto")

    assert (still.id, still.status, still.accidents) == (card.id, "proposed", [])


async def test_declined_it_is_not_stated_again_of_the_same_assessment(city: Stage) -> None:
    card = await stated(city)
    declined = await test_cards.post(city, MAYOR, card, "decline", grounds="不予处理")

    again = await say(city, str((await city.rows(Verdict))[0].ranking_id))

    assert declined.status_code == 200
    assert await refused(again) == (409, "stated-before")


async def rescored(city: Stage) -> None:
    """By now the county did in time what it was late with."""
    unit, due = UNIT, at(5, 20)
    await scoring.stored(city, [duty(unit, due=due, closed=at(5, 2)) for _ in range(3)])


async def test_a_corrected_score_withdraws_what_is_open(city: Stage) -> None:
    card = await stated(city)
    await rescored(city)
    city.now = at(12, 5, 9)

    ranking = await corrected(city)

    (after,) = await test_cards.cards(city, kind="veto")
    assert (after.id, after.status) == (card.id, "withdrawn")
    [ended] = await city.told(CardEnded)
    assert ended["how"] == "withdraw"
    assert (await say(city, ranking)).status_code == 201


async def imposed(city: Stage) -> CardRow:
    """The veto is in effect."""
    card = await stated(city)
    body = {"note": "拟一票否决", "threshold_confirmed": True}
    await test_cards.post(city, OFFICE, card, "notify", **body)
    city.now = at(12, 13, 9)
    await test_cards.post(city, MAYOR, card, "impose", grounds="年度考核不合格")
    return card


async def test_a_corrected_score_has_what_was_decided_looked_at_again(city: Stage) -> None:
    card = await imposed(city)
    await rescored(city)

    await corrected(city)

    (after,) = await test_cards.cards(city, kind="veto")
    assert (after.status, after.review_since is None) == ("in_effect", False)
    [needed] = await city.told(CardReviewNeeded)
    assert UUID(needed["card_id"]) == card.id
    kept = await test_cards.post(city, MAYOR, after, "confirm", grounds="仍不合格")
    assert kept.json()["review_since"] is None


async def test_a_correction_that_leaves_the_score_alone_leaves_the_veto_alone(
    city: Stage,
) -> None:
    card = await stated(city)
    await scoring.stored(city, [duty(SPARED, due=at(5, 20), closed=at(5, 2))])
    city.now = at(12, 5, 9)

    await corrected(city)

    (after,) = await test_cards.cards(city, kind="veto")
    assert (after.id, after.status) == (card.id, "proposed")


async def test_what_was_confirmed_is_doubted_by_a_further_change_only(city: Stage) -> None:
    card = await imposed(city)
    first = (await city.rows(Verdict))[0].ranking_id
    await rescored(city)
    await corrected(city)
    await test_cards.post(city, MAYOR, card, "confirm", grounds="仍不合格")

    await corrected(city)
    await city.hear(await fact_of(city, str(first)))

    (same,) = await test_cards.cards(city, kind="veto")
    assert same.review_since is None
    await rescored(city)
    await corrected(city)
    (after,) = await test_cards.cards(city, kind="veto")
    assert after.review_since is not None


async def test_of_two_verdicts_on_a_unit_the_later_one_is_looked_at(city: Stage) -> None:
    card = await stated(city)
    await test_cards.post(city, MAYOR, card, "decline", grounds="不予处理")
    await rescored(city)
    second = await say(city, await corrected(city))
    assert second.status_code == 201, second.text
    await rescored(city)

    await corrected(city)

    declined, withdrawn = await test_cards.cards(city, kind="veto")
    assert (declined.status, withdrawn.status) == ("declined", "withdrawn")


async def test_a_correction_is_looked_at_after_the_next_one_was_published(city: Stage) -> None:
    await stated(city)
    await rescored(city)
    second, third = await republished(city), await republished(city)

    await city.hear(await fact_of(city, second), await fact_of(city, third))

    (card,) = await test_cards.cards(city, kind="veto")
    assert card.status == "withdrawn"


async def test_a_verdict_on_a_correction_is_not_doubted_by_that_or_an_earlier_one(
    city: Stage,
) -> None:
    await published(city)
    await rescored(city)
    second = await republished(city)
    await rescored(city)
    third = await republished(city)
    assert (await say(city, third)).status_code == 201

    await city.hear(await fact_of(city, second), await fact_of(city, third))

    (card,) = await test_cards.cards(city, kind="veto")
    assert card.status == "proposed"


async def test_a_draft_that_was_given_up_is_not_what_was_corrected(city: Stage) -> None:
    await stated(city)
    await rescored(city)
    draft = await drafted(city)
    given_up = await test_rankings.post(city, OFFICE, f"rankings/{draft}/discard")
    assert given_up.status_code == 200, given_up.text

    await corrected(city)

    (card,) = await test_cards.cards(city, kind="veto")
    assert card.status == "withdrawn"
