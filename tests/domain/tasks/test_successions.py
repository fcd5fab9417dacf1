"""What a reorganisation may look like, and that nothing owed is ever nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.organisations.domain import NewUnit, PostFacts, UnitFacts
from services.tasks.successions import domain
from services.tasks.successions.domain import Change, ReorganisationRefused


@pytest.mark.parametrize(
    ("change", "before", "after", "heir"),
    [
        (Change.RENAME, ["a"], ["a"], "a"),
        (Change.MOVE, ["a"], ["b"], "b"),
        (Change.SPLIT, ["a"], ["b", "c"], "c"),
        (Change.SPLIT, ["a"], ["a", "b"], "a"),
        (Change.MERGE, ["a", "b"], ["c"], "c"),
        (Change.MERGE, ["a", "b"], ["b"], "b"),
        (Change.MERGE, ["a"], ["b"], "b"),
    ],
)
def test_a_change_takes_the_units_that_fit_it(
    change: Change, before: list[str], after: list[str], heir: str
) -> None:
    domain.check(change, before=before, after=after, heir=heir)


@pytest.mark.parametrize(
    ("change", "before", "after", "heir"),
    [
        (Change.RENAME, ["a"], ["b"], "b"),
        (Change.RENAME, ["a", "b"], ["a", "b"], "a"),
        (Change.MOVE, ["a"], ["a"], "a"),
        (Change.SPLIT, ["a"], ["b"], "b"),
        (Change.SPLIT, ["a"], ["b", "b"], "b"),
        (Change.SPLIT, ["a"], ["b", "c"], "a"),
        (Change.SPLIT, ["a"], ["a", "b"], "b"),
        (Change.MERGE, ["a", "b"], ["c", "d"], "c"),
        (Change.MERGE, ["a"], ["a"], "a"),
        (Change.MERGE, ["a", "a"], ["b"], "b"),
        (Change.MERGE, [], ["a"], "a"),
    ],
)
def test_a_change_that_its_units_do_not_fit_is_refused(
    change: Change, before: list[str], after: list[str], heir: str
) -> None:
    with pytest.raises(ReorganisationRefused):
        domain.check(change, before=before, after=after, heir=heir)


@given(st.data())
def test_however_units_split_and_merge_each_is_answered_for_by_one_that_stands(
    data: st.DataObject,
) -> None:
    standing, heirs, ever = {0, 1, 2}, {}, {0, 1, 2}
    for _ in range(data.draw(st.integers(0, 8))):
        ending = data.draw(st.sampled_from(sorted(standing)))
        others = sorted(standing - {ending})
        into_new = not others or data.draw(st.booleans())
        heir = max(ever) + 1 if into_new else data.draw(st.sampled_from(others))
        standing = (standing - {ending}) | {heir}
        ever |= {heir}
        heirs[str(ending)] = str(heir)

    for unit in ever:
        found = domain.answers(
            str(unit), heirs=heirs, standing={str(one) for one in standing}.__contains__
        )
        assert found is not None
        assert int(found) in standing
        assert unit not in standing or found == str(unit)


def test_nobody_answers_for_a_unit_that_never_was_or_whose_heirs_run_in_a_circle() -> None:
    nowhere = frozenset[str]().__contains__

    assert domain.answers("x", heirs={}, standing=nowhere) is None
    assert domain.answers("a", heirs={"a": "b", "b": "a"}, standing=nowhere) is None


BEFORE = NewUnit(
    facts=UnitFacts(
        code="430481.old",
        name_zh="旧局",
        name_en="Old Bureau",
        region_code="430481",
        level="county",
        kind="department",
    ),
    posts=(
        PostFacts(
            code="430481.old.principal",
            unit="430481.old",
            kind="principal",
            label_zh="旧局主要负责人",
            label_en="Head, Old Bureau",
            email="head@example.org",
            telephone="8869036",
        ),
    ),
)


def test_the_labels_of_posts_follow_a_new_name() -> None:
    after = domain.renamed(BEFORE, name_zh="新局", name_en="New Bureau")

    assert (after.posts[0].label_zh, after.posts[0].label_en) == (
        "新局主要负责人",
        "Head, New Bureau",
    )
    assert after.posts[0].code == "430481.old.principal"


def test_a_unit_that_moves_takes_its_posts_and_their_addresses_along() -> None:
    facts = UnitFacts(
        code="430482.new",
        name_zh="新局",
        name_en="New Bureau",
        region_code="430482",
        level="county",
        kind="department",
    )

    (post,) = domain.moved(BEFORE, to=facts).posts

    assert (post.code, post.unit) == ("430482.new.principal", "430482.new")
    assert (post.email, post.telephone) == ("head@example.org", "8869036")
