"""`make demo` tells the real accidents as they were, and ends with nothing missed."""

import re

import pytest

from devstack.demo import play
from tests import stacks

IN_ORDER = (
    # 源江山: five dead and eight missing, then presumed dead.
    "死亡5人，失联8人",
    "初定为较大事故",
    "事故单位须同时直接报告湖南省应急管理厅",
    "事故单位超时未直接报告湖南省应急管理厅",
    "【单位直报超时】耒阳市较大事故：事故单位未按时直接报告湖南省应急管理厅",
    "事故单位直接报告湖南省应急管理厅  ⏱ 11-29 12:55  迟25分",
    "等级由较大事故变为重大事故",
    "2021-07-28公布调查报告",
    # 来雁医院: five, then six inside the fire window.
    "死亡5人，失联0人",
    "事故单位直接报告湖南省应急管理厅（衡阳市应急管理局登记）  ⏱ 01-08 11:40\n",
    "死亡6人，失联0人",
    # 长沙: the nation investigates, and everybody meets when its report is out.
    "死亡54人，失联0人",
    "初定为特别重大事故",
    "按等级由国务院组织调查",
    "事故单位直接报告湖南省应急管理厅（湖南省应急管理厅登记）  ⏱ 04-29 13:40\n",
    "2023-05-21公布调查报告",
    "任务：召开专题会议 × ",
    # A death that nobody reported, found through the hotline.
    "热线举报反映死亡1人，无人报告",
    "热线举报线索查实",
    "提级由",
    "遗漏 0 起事故",
)


async def test_the_play_tells_each_accident_and_the_province_missed_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with stacks.started() as layout:
        missed = await play.play(layout)

    told = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert missed == 0
    place = 0
    for words in IN_ORDER:
        found = told.find(words, place)
        assert found >= 0, f"{words} is not told after {told[:place][-80:]}"
        place = found
