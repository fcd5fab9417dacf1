"""What changed between two versions of a plan."""

from hypothesis import given
from hypothesis import strategies as st

from services.tasks.plans.domain import Asked, alike, changes


def asked(code: str, text: str, **values: object) -> Asked:
    return Asked(code=code, text=text, values=values)


MEET = asked("1.1", "市安委会每季度至少召开一次全体会议", least=1)
PIPES = asked("2.1", "年底前改造燃气管道四十公里", target="40")
SCHOOL = asked("3.1", "校车动态监控在线率达到百分之百", target="100")


def test_the_same_versions_differ_in_nothing() -> None:
    found = changes([MEET, PIPES], [MEET, PIPES])
    assert (found.added, found.removed, found.changed) == ((), (), ())


def test_what_is_only_in_one_was_added_or_removed() -> None:
    found = changes([MEET, PIPES], [MEET, SCHOOL])
    assert (found.added, found.removed) == ((SCHOOL,), (PIPES,))


def test_a_reworded_duty_is_the_same_duty() -> None:
    reworded = asked("2.1", "年底前改造燃气管道六十三公里", target="63")
    (row,) = changes([PIPES], [reworded]).changed
    assert row.values == {"text": (PIPES.text, reworded.text), "target": ("40", "63")}


def test_a_duty_that_only_moved_is_told_by_its_number() -> None:
    moved = asked("5.1", PIPES.text, target="40")
    (row,) = changes([MEET, PIPES], [MEET, moved]).changed
    assert row.values == {"code": ("2.1", "5.1")}


def test_of_two_with_the_same_words_each_finds_its_own() -> None:
    accidents = asked("1.1", "事故和死亡都要减少", metric="accidents")
    deaths = asked("1.2", "事故和死亡都要减少", metric="deaths")
    found = changes([accidents, deaths], [deaths, accidents])
    assert (found.added, found.removed, found.changed) == ((), (), ())


def test_two_alike_that_changed_places_are_not_taken_for_each_other() -> None:
    coal, metal = "煤矿企业每月自查一次隐患", "非煤矿山企业每月自查一次隐患"
    before = [asked("1.1", coal), asked("1.2", metal)]
    after = [asked("1.1", metal), asked("1.2", coal)]
    assert [row.values for row in changes(before, after).changed] == [
        {"code": ("1.2", "1.1")},
        {"code": ("1.1", "1.2")},
    ]


def test_another_duty_under_an_old_number_is_another_duty() -> None:
    found = changes([PIPES], [asked("2.1", "加强学校食堂检查", target="40")])
    assert (len(found.added), len(found.removed), len(found.changed)) == (1, 1, 0)


DUTIES = st.lists(
    st.builds(
        asked,
        st.integers(1, 9).map(lambda n: f"1.{n}"),
        st.text(alphabet="甲乙丙丁戊", min_size=1, max_size=8),
    ),
    max_size=8,
)


@given(DUTIES, DUTIES)
def test_every_duty_is_in_one_place_only(before: list[Asked], after: list[Asked]) -> None:
    found = changes(before, after)
    same = len(before) - len(found.removed) - len(found.changed)
    assert same >= 0
    assert len(after) == same + len(found.added) + len(found.changed)


@given(st.text(max_size=20), st.text(max_size=20))
def test_likeness_is_mutual_and_whole_only_for_the_same(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1
    assert alike(one, one) == 1
