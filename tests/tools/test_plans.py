"""The importer beside a decomposition made by hand; skipped where that is absent."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from devstack.layout import REPOSITORY
from reference import city
from services.tasks.drafts import operations_intake
from services.tasks.drafts.domain_parts import FlagKind, Reading
from tools import plans
from tools.plans import GOALS, Evaluation

SHARED = REPOSITORY.resolve().parent / "shared"
REFERENCE, PLAN = SHARED / "domain" / "plan-2023.yaml", SHARED / "seed" / "hengyang-2023.txt"

pytestmark = pytest.mark.skipif(
    not (REFERENCE.exists() and PLAN.exists()), reason="needs the published plan beside the tree"
)


@pytest.fixture(scope="module")
def read() -> Reading:
    return plans.read(PLAN, year=2023)


@pytest.fixture(scope="module")
def found(read: Reading) -> Evaluation:
    return plans.evaluate(yaml.safe_load(REFERENCE.read_text("utf-8")), read)


@pytest.mark.parametrize("name", GOALS)
def test_the_importer_reaches_its_goals(found: Evaluation, name: str) -> None:
    assert found.score(name).recall >= GOALS[name], plans.report(found)


def test_what_it_proposes_with_a_number_is_mostly_right(found: Evaluation) -> None:
    assert found.score("measured").precision >= 0.85
    assert all(found.score(name).precision >= 0.9 for name in ("quotas", "cadences", "numbers"))


def test_most_duties_are_counted_as_like_ones_are_and_few_as_unlike_ones(found: Evaluation) -> None:
    assert found.score("metrics").recall >= 0.65
    assert found.score("metrics").precision >= 0.9


@pytest.mark.parametrize(("number", "days"), [("4.5", 3), ("9.12", 7), ("35.5", 60)])
def test_what_is_said_at_length_is_known_again_with_its_event_and_its_days(
    read: Reading, number: str, days: int
) -> None:
    reference = yaml.safe_load(REFERENCE.read_text("utf-8"))
    proposal = plans.paired(reference, read)[number]

    like = operations_intake.likenesses(read)[read.asked.index(proposal)]

    known = city.current().plans[2023].duties.one(number, on=date(2023, 7, 1))
    assert (like.metric, like.trigger, like.within_days) == (known.metric, known.trigger, days)


def test_ten_injected_strings_are_flagged_with_span_and_reason(read: Reading) -> None:
    flags = [flag for flag in read.flags if flag.kind is FlagKind.INJECTED]
    assert len(flags) == 10
    assert len({flag.span for flag in flags}) == 10
    assert all(flag.span.of(read.text) == flag.excerpt and flag.reason_zh for flag in flags)


def test_every_name_in_the_plan_is_resolved(read: Reading) -> None:
    doubts = {FlagKind.UNKNOWN_UNIT, FlagKind.AMBIGUOUS_UNIT, FlagKind.NO_UNIT}
    assert [flag for flag in read.flags if flag.kind in doubts] == []


def test_the_units_are_those_that_the_pack_names_for_the_article(read: Reading) -> None:
    """The pack's plan was put together by hand: slugs and subjects for each lettered part."""
    pack = city.current().plans[2023]
    wrong = []
    for article in read.articles:
        wanted = [
            (set(row.lead), set(row.supporting))
            for row in pack.articles[article.number - 1].allocations
        ]
        resolved = [
            tuple(
                {named.code.rpartition(".")[2] for named in rows if named.code}
                for rows in (row.lead, row.supporting)
            )
            for row in article.allocations
        ]
        if wanted != resolved:
            wrong.append((article.number, wanted, resolved))
    assert len(wrong) <= 1, wrong


def test_the_command_says_so_in_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    short = tmp_path / "short.txt"
    short.write_text(PLAN.read_text("utf-8")[:6000], "utf-8")
    for plan, code in ((PLAN, 0), (short, 1)):
        monkeypatch.setattr("sys.argv", ["plans", str(REFERENCE), str(plan)])
        with pytest.raises(SystemExit) as left:
            plans.main()
        assert left.value.code == code
    assert "precision" in capsys.readouterr().out
