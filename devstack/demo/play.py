"""`make demo`: a fresh stack of its own, the scenes one after the other, the story at the end."""

import asyncio
import sys
from typing import Any

from devstack.demo import story
from devstack.demo.scenes import SCENES
from devstack.demo.stage import Stage
from devstack.layout import Layout

EXCHANGE = "/api/v1/exchange/accidents"

_ENDING_ZH = "  省级系统签名拉取 {} 条变化，遗漏 {} 起事故\n  邮件 {} 封，签名回调 {} 次"
_ENDING_EN = (
    "  the province pulled {} changes by signed requests and missed {} accidents\n"
    "  {} mails, {} signed webhooks"
)


async def play(layout: Layout, *, chinese: bool = True) -> int:
    """Play every scene on the stack that runs there, and print each story.

    How many accidents the province missed is returned.
    """
    stage = Stage.of(layout, chinese=chinese)
    accidents = {}
    try:
        for name, scene in SCENES.items():
            accidents[name] = await scene.play(stage)
            title = scene.zh if chinese else scene.en
            _say(story.write(title, await story.lines(stage, accidents[name])))
        pulled = await _everything(stage)
        missing = set(accidents.values()) - {change["entity_id"] for change in pulled}
        _say(await _ending(stage, pulled=len(pulled), missing=len(missing)))
        return len(missing)
    finally:
        await stage.client.aclose()


async def _ending(stage: Stage, *, pulled: int, missing: int) -> str:
    """What left the city: the province's pull, the mails, the webhooks."""
    mails = (await stage.client.get(stage.stack["mail_sink"])).json()
    hooks = (await stage.client.get(stage.stack["webhook_sink"])).json()
    told = pulled, missing, len(mails), len(hooks)
    heading = "离开本市的信息" if stage.chinese else "What left the city"
    words = _ENDING_ZH if stage.chinese else _ENDING_EN
    return f"\n{story.BOLD}{heading}{story.PLAIN}\n{words.format(*told)}"


async def _everything(stage: Stage) -> list[Any]:
    changes: list[Any] = []
    cursor: str | None = None
    while True:
        page = await stage.pull("province", EXCHANGE, cursor)
        changes += page["items"]
        if not page["more"]:
            return changes
        cursor = page["next_cursor"]


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(layout: Layout, *, chinese: bool = True) -> int:
    """Play on the stack of `layout`; 1 when the province missed anything."""
    return 1 if asyncio.run(play(layout, chinese=chinese)) else 0
