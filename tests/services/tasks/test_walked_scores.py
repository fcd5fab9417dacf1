"""Every route of scores, rankings, objections and cards, by every role, at every standing."""

from typing import Any

import pytest

from contracts.gateway import Role
from kernel.access import IN_UNIT
from services.tasks.rankings.tables import Ranking
from services.tasks.scoreobjections.tables import ScoreObjection
from tests.services import played, walls
from tests.services.played import Play, Row
from tests.services.stage import Stage
from tests.services.tasks import scoring, test_cards, test_rankings, test_verdicts
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import AFTER, LEIYANG, OFFICE, QUARTER, computed
from tests.services.tasks.story import CITY

SECRET = "陈述申辩材料第三页"
GROUNDS = {"grounds": "一年内两起较大事故。"}
COUNTY_UNIT = f"{LEIYANG}.government"
ROOMS = {"indicators", "scores", "rankings", "score-objections", "cards", "verdicts"}
LISTS = {
    "GET /scores/runs",
    "GET /scores/sums",
    "GET /score-objections",
    "GET /cards",
    "GET /verdicts",
}
WHOLE = Row(CITY)
NARROWER = {
    "POST /score-objections/to/{ranking_id}": "whose unit is not in a ranking has no score in it"
}


@pytest.fixture
async def quarter(tasks: Stage) -> Stage:
    return await test_rankings.prepared(tasks)


@pytest.fixture
async def carded(tasks: Stage) -> Stage:
    return await test_cards.prepared(tasks)


@pytest.fixture
async def assessed(tasks: Stage) -> Stage:
    return await test_verdicts.prepared(tasks)


async def ranked(stage: Stage) -> played.Plays:
    """A quarter that was computed and published, with an objection; and a draft of the next."""
    run = await computed(stage)
    published = await test_rankings.published(stage)
    line = (await scoring.standing(stage, COUNTY_UNIT))["duties_in_time"]
    by = played.somebody(Role.LEADER, COUNTY_UNIT)
    objecting = {"line_id": str(line.id), "grounds": SECRET}
    path = f"score-objections/to/{published['id']}"
    made = await test_rankings.post(stage, by, path, objecting)
    assert made.status_code == 201, made.text
    (draft, *_) = await stage.rows(Ranking, status="draft", first=QUARTER.first)
    (objection,) = await stage.rows(ScoreObjection)
    other = played.Row(LEIYANG, unit=COUNTY_UNIT)
    ids, against = {"ranking_id": str(draft.id)}, {"objection_id": str(objection.id)}
    period = {"cadence": "quarter", "day": "2023-06-30"}
    return {
        "POST /scores/runs": Play(row=WHOLE, body=period),
        "GET /scores/runs/{run_id}": Play(row=WHOLE, ids={"run_id": run["id"]}, known=True),
        "POST /scores/schedule": Play(row=WHOLE),
        "POST /scores/recounts": Play(row=WHOLE),
        "POST /rankings": Play(
            row=WHOLE, body={**period, "group": "counties", "reason": "一项得分有误。"}
        ),
        "POST /rankings/{ranking_id}/publish": Play(row=WHOLE, ids=ids, known=True),
        "POST /rankings/{ranking_id}/discard": Play(row=WHOLE, ids=ids, known=True),
        "POST /score-objections/to/{ranking_id}": Play(
            row=other,
            ids={"ranking_id": published["id"]},
            body={"grounds": "漏计一项。"},
            # A ranking is published: who is not in it hears that, and has nothing to object to.
            standings=IN_UNIT,
        ),
        "POST /score-objections/{objection_id}/uphold": Play(
            row=Row.of(objection),
            ids=against,
            body={"ruling": "属实。", "numerator": 2, "denominator": 2},
        ),
        "POST /score-objections/{objection_id}/dismiss": Play(
            row=Row.of(objection), ids=against, body={"ruling": "不属实。"}
        ),
    }


async def test_scores_tell_the_denied_nothing_and_serve_the_granted(quarter: Stage) -> None:
    plays = await ranked(quarter)
    quarter.now = AFTER

    found = await played.walked(quarter, plays, secrets=(SECRET,))

    assert [*played.summary(found, plays, narrower=NARROWER)] == []
    assert walls.amiss(quarter, await walls.passed(quarter, plays), plays) == []


async def test_lists_of_scores_show_nobody_what_is_of_others(quarter: Stage) -> None:
    plays = await ranked(quarter)
    row = plays["POST /score-objections/to/{ranking_id}"]

    marks = {SECRET, COUNTY_UNIT}

    assert await played.overlooked(quarter, LISTS, row, marks=marks) == []
    assert await walls.overlooked(quarter, LISTS, row, marks=marks) == []
    assert SECRET in await played.listed(quarter, "GET /score-objections", OFFICE)


async def stepped(stage: Stage, *steps: tuple[str, Any]) -> Play:
    """The card that was proposed, as far as some steps took it."""
    for step, by in steps:
        (card,) = await test_cards.cards(stage)
        body = {"note": "拟黄牌警告", "threshold_confirmed": True} if step == "notify" else GROUNDS
        answer = await test_cards.post(stage, by, card, step, **body)
        assert answer.status_code == 200, answer.text
    (card,) = await test_cards.cards(stage)
    return Play(row=Row.of(card), ids={"card_id": str(card.id)})


CARD = "/cards/{card_id}"
STEPS: dict[str, tuple[tuple[tuple[str, Any], ...], Any]] = {
    f"GET {CARD}": ((), None),
    f"POST {CARD}/notify": ((), {"note": "拟黄牌警告", "threshold_confirmed": True}),
    f"POST {CARD}/decline": ((("notify", OFFICE),), GROUNDS),
    f"POST {CARD}/reply": ((("notify", OFFICE),), {"reply": "已整改。"}),
    f"POST {CARD}/impose": ((("notify", OFFICE),), GROUNDS),
    f"POST {CARD}/confirm": ((("notify", OFFICE), ("impose", test_cards.MAYOR)), GROUNDS),
    f"POST {CARD}/lift": ((("notify", OFFICE), ("impose", test_cards.MAYOR)), GROUNDS),
}


@pytest.mark.parametrize("name", STEPS)
async def test_cards_tell_the_denied_nothing_and_serve_the_granted(
    carded: Stage, name: str
) -> None:
    await test_cards.two_larger(carded)
    steps, body = STEPS[name]
    for step in steps:
        await stepped(carded, step)
        carded.now = at(6, 13, 9)
    if name.endswith("/reply"):
        carded.now = at(6, 6, 10)
    if name.endswith("/confirm"):
        await carded.hear(test_cards._struck_off())
    play = await stepped(carded)
    plays = {name: Play(row=play.row, ids=play.ids, body=body)}

    found = await played.walked(carded, plays, secrets=(SECRET,))

    assert [*played.summary(found, plays)] == []
    assert walls.amiss(carded, await walls.passed(carded, plays), plays) == []
    marks = set(play.ids.values())
    assert await played.overlooked(carded, {"GET /cards"}, play, marks=marks) == []


VERDICT = "POST /verdicts/on/{ranking_id}"


async def test_verdicts_tell_the_denied_nothing_and_serve_the_granted(assessed: Stage) -> None:
    ranking = await test_verdicts.published(assessed)
    row = Row(LEIYANG, unit=COUNTY_UNIT)
    body = {"unit": COUNTY_UNIT, "statement": SECRET}
    # A ranking is published: whoever may not judge a unit in it is told just that.
    play = Play(row=row, ids={"ranking_id": ranking}, body=body, known=True)

    found = await played.walked(assessed, {VERDICT: play}, secrets=(SECRET,))

    narrower = {
        VERDICT: "only an office above a unit judges it, and whoever the table keeps out is not"
    }
    assert [*played.summary(found, {VERDICT: play}, narrower=narrower)] == []
    assert (
        walls.amiss(assessed, await walls.passed(assessed, {VERDICT: play}), {VERDICT: play}) == []
    )
    await test_verdicts.say(assessed, ranking, statement=SECRET)
    lists, marks = {"GET /verdicts"}, {SECRET}
    assert await played.overlooked(assessed, lists, play, marks=marks) == []
    assert await walls.overlooked(assessed, lists, play, marks=marks) == []
    assert SECRET in await played.listed(assessed, "GET /verdicts", OFFICE)


async def test_every_route_is_played_or_listed_or_published(quarter: Stage) -> None:
    plays = await ranked(quarter)

    left = played.of_rooms(quarter.service, ROOMS) - played.published(quarter.service)
    assert left == {*plays, *LISTS, *STEPS, VERDICT}
