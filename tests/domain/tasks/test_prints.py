"""Prints: what is like something is found by its marks, and what is not stays apart."""

import io
import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tasks.prints import domain, operations_pictures
from services.tasks.prints.operations_pictures import Photo, look_at
from tests.services.tasks.pictures import gps, jpeg, scene

WORDS = (
    "会议由县委书记主持，传达学习上级安全生产工作会议精神，听取应急管理局关于第二季度安全生产形势的汇报，"
    "研究部署矿山、危险化学品、烟花爆竹和道路交通等重点行业领域的隐患排查整治工作，明确各部门责任和完成时限。"
)
OTHER = (
    "本月带队检查了三处在建工地，重点查看深基坑支护、塔吊验收和临时用电，现场提出问题十一项，"
    "责令两台塔吊停用，要求施工单位七日内完成整改并报监理复核，由住建局跟踪落实并在月底前通报结果。"
)


@given(
    value=st.integers(0, 2**64 - 1),
    flips=st.sets(st.integers(0, 63), max_size=3),
)
def test_pictures_that_differ_in_three_bits_at_most_share_a_mark(
    value: int, flips: set[int]
) -> None:
    other = value
    for bit in flips:
        other ^= 1 << bit
    one, near = f"{value:016x}", f"{other:016x}"

    assert domain.bits_apart(one, near) == len(flips)
    assert set(domain.picture_marks(one)) & set(domain.picture_marks(near))


def test_a_picture_that_shows_hardly_anything_has_no_print() -> None:
    assert domain.picture_print([128] * 72) is None
    assert domain.picture_print(list(range(72))) is None  # one slope only
    noise = random.Random(1)
    assert domain.picture_print([noise.randrange(256) for _ in range(72)]) is not None


def test_copied_minutes_share_a_mark_and_are_nearly_alike() -> None:
    one = domain.words_print(WORDS)
    other = domain.words_print(WORDS.replace("第二季度", "第三季度").replace("，", "、"))
    assert one is not None
    assert other is not None

    assert set(domain.words_marks(one)) & set(domain.words_marks(other))
    assert domain.percent_alike(one, one) == 100
    assert domain.percent_alike(one, other) >= 80


def test_other_minutes_are_not_alike() -> None:
    one, other = domain.words_print(WORDS), domain.words_print(OTHER)
    assert one is not None
    assert other is not None

    assert domain.percent_alike(one, other) < 30


@pytest.mark.parametrize(("length", "there"), [(59, False), (60, True)])
def test_short_texts_have_no_print(length: int, there: bool) -> None:
    text = "".join(chr(0x4E00 + n) for n in range(length))

    assert (domain.words_print(text) is not None) is there
    assert (domain.words_print(text + "，。 \n" * 40) is not None) is there


def test_a_file_s_mark_is_its_own() -> None:
    assert domain.file_marks("a" * 64) == domain.file_marks("a" * 64)
    assert domain.file_marks("a" * 64) != domain.file_marks("b" * 64)


def test_a_photo_scaled_and_compressed_anew_is_recognised_and_another_is_not() -> None:
    one = look_at(jpeg(scene(1))).print
    again = look_at(jpeg(scene(1).resize((640, 533)), quality=40)).print
    other = look_at(jpeg(scene(2))).print
    assert one is not None
    assert again is not None
    assert other is not None

    assert domain.bits_apart(one, again) <= 3
    assert domain.bits_apart(one, other) > 10


def test_a_photo_says_when_and_where_it_was_taken() -> None:
    body = jpeg(scene(1), at="2023:05:10 09:30:00", gps=gps(112.86, 26.42))

    found = look_at(body)

    assert found.taken_at == datetime(2023, 5, 10, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (found.lon, found.lat) == pytest.approx((112.86, 26.42))


def test_an_offset_that_the_photo_states_goes_before_the_city_s() -> None:
    found = look_at(jpeg(scene(1), at="2023:05:10 01:30:00", offset="+00:00"))

    assert found.taken_at is not None
    assert found.taken_at.isoformat() == "2023-05-10T01:30:00+00:00"


@pytest.mark.parametrize(
    "at", ["0000:00:00 00:00:00", "0001:01:01 00:00:00", "9999:12:31 23:59:59", "yesterday", ""]
)
def test_a_time_that_is_none_says_nothing(at: str) -> None:
    assert look_at(jpeg(scene(1), at=at)).taken_at is None


@pytest.mark.parametrize("body", [b"", b"\xff\xd8\xff broken", b"\x89PNG\r\n\x1a\n"])
def test_a_broken_photo_says_nothing(body: bytes) -> None:
    assert look_at(body) == Photo()


def test_a_picture_with_more_pixels_than_memory_is_for_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = io.BytesIO()
    scene(1).save(kept, "PNG")
    assert look_at(kept.getvalue()).print is not None

    monkeypatch.setattr(operations_pictures, "_MOST_PIXELS", 1200 * 1000 - 1)

    assert look_at(kept.getvalue()) == Photo()
    assert look_at(jpeg(scene(1))).print is not None
