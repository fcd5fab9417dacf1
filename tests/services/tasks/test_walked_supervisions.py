"""Every route of supervisory orders, by every role, at every standing: no leak."""

from pathlib import Path
from typing import Any

import pytest

from kernel.files import Objects
from services.tasks.supervisions import queries
from services.tasks.supervisions.tables import Supervision
from tests.services import played, walls
from tests.services.played import Play, Row
from tests.services.stage import Stage
from tests.services.tasks import supervising
from tests.services.tasks.city import found
from tests.services.tasks.hotline import at
from tests.services.tasks.supervising import COLLEAGUE, HOUSING, SIGNER, do, new

pytestmark = pytest.mark.usefixtures("monday")

SECRET = "拆除违规搭建的夹层"
PDF = b"%PDF-1.7\nminutes\n%%EOF\n"
ROOMS = {"supervisions"}
LISTS = {"GET /supervisions"}
NAME = "/supervisions/{supervision_id}"
FURTHER = {f"POST {NAME}/issue": "each kind of order is signed by posts of its issuer's own"}
NARROWER = {f"POST {NAME}/receive": "whom nothing is addressed to has nothing to sign for"}


@pytest.fixture
async def city(tasks: Stage, tmp_path: Path) -> Stage:
    tasks.application.state.runtime.objects = Objects.at(str(tmp_path))
    return await found(tasks)


class Story:
    """Orders at every step, each asked about from one of its sides."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.plays: dict[str, Play] = {}

    async def tell(self, name: str, supervision: str, side: Any = None, **more: Any) -> None:
        """What is played about an order: from who issued it, who answers it, or who reads it."""
        row: Supervision = await supervising.row(self.stage, supervision)
        ids = {"supervision_id": supervision, **more.pop("ids", {})}
        stands = Row.of(side(row) if side else row)
        self.plays[name] = Play(row=stands, ids=ids, **more)

    async def file(self, supervision: str) -> str:
        """A file that the issuer hands in; its hash."""
        http = self.stage.as_(COLLEAGUE, **{"content-type": "application/pdf"})
        path = f"{supervising.SUPERVISIONS}/{supervision}/files"
        answer = await http.post(path, params={"title": "材料"}, content=PDF)
        assert answer.is_success, answer.text
        return str(answer.json()["sha256"])


async def told(stage: Stage) -> played.Plays:
    """Orders at every step of their way."""
    story = Story(stage)
    await _issuing(story)
    await _answering(story)
    await _judging(story)
    await _more_time(story)
    return story.plays


async def _issuing(story: Story) -> None:
    draft = await supervising.drafted(story.stage)
    issuer = queries.issuing
    row = Row.of(issuer(await supervising.row(story.stage, draft)))
    story.plays["POST /supervisions"] = Play(row=row, body=new(issuer=supervising.ISSUER))
    await story.tell(f"GET {NAME}", await supervising.issued(story.stage))
    await story.tell(f"PATCH {NAME}", draft, issuer, body={"title": "关于限期整改的通知"})
    await story.tell(f"POST {NAME}/issue", draft, issuer)
    going = await supervising.issued(story.stage)
    await story.tell(f"POST {NAME}/withdraw", going, issuer, body={"reason": "重复。"})


async def _answering(story: Story) -> None:
    stage, addressed = story.stage, queries.addressed
    await story.tell(f"POST {NAME}/receive", await supervising.issued(stage), addressed)
    held = await supervising.received(stage)
    proof = await story.file(held)
    await story.tell(f"POST {NAME}/answers", held, addressed, body={"text": "已拆除。"})
    await story.tell(
        f"POST {NAME}/files", held, addressed, body=PDF + b" ", query={"title": "照片"}
    )
    await story.tell(f"GET {NAME}/files/{{sha256}}", held, ids={"sha256": proof})
    for part in ("answers", "commitments", "extensions", "letter"):
        await story.tell(f"GET {NAME}/{part}", await supervising.answered(stage))
    more = {"working_days": 1, "reason": "雨天停工。"}
    await story.tell(f"POST {NAME}/extensions", held, addressed, body=more)


async def _judging(story: Story) -> None:
    stage, issuer = story.stage, queries.issuing
    given = await supervising.answered(stage)
    await story.tell(f"POST {NAME}/accept", given, issuer, body={})
    await story.tell(f"POST {NAME}/return", given, issuer, body={"missing": "缺照片。"})
    done = await supervising.answered(stage)
    answer = await do(stage, COLLEAGUE, f"{done}/accept")
    assert answer.is_success, answer.text
    await story.tell(f"POST {NAME}/close", done, issuer)
    listing = await supervising.answered(stage, "listing")
    record = await story.file(listing)
    answer = await do(stage, COLLEAGUE, f"{listing}/accept")
    assert answer.is_success, answer.text
    body = {"checked_on": "2023-06-05", "note": "现场核查。", "record": record}
    await story.tell(f"POST {NAME}/lift", listing, issuer, body=body)
    interview = await supervising.received(stage, "interview")
    held: dict[str, Any] = {
        "held_at": "2023-06-08T09:00:00+08:00",
        "attended": ["430481.housing.principal", "430400.committee_office.deputy"],
        "minutes": await story.file(interview),
    }
    await story.tell(f"POST {NAME}/minutes", interview, issuer, body=held)


async def _more_time(story: Story) -> None:
    held = await supervising.received(story.stage)
    asked = await do(
        story.stage, HOUSING, f"{held}/extensions", working_days=1, reason="雨天停工。"
    )
    assert asked.is_success, asked.text
    for step in ("approve", "refuse"):
        await story.tell(
            f"POST /supervisions/extensions/{{extension_id}}/{step}",
            held,
            queries.issuing,
            ids={"extension_id": asked.json()["id"]},
            body={"remark": "已核。"},
        )


async def test_the_denied_hear_nothing_and_the_granted_are_served(city: Stage) -> None:
    plays = await told(city)
    city.now = at(6, 8, 12)

    found = await played.walked(city, plays, secrets=(SECRET,), further=FURTHER)

    assert [*played.summary(found, plays, narrower=NARROWER)] == []
    assert walls.amiss(city, await walls.passed(city, plays), plays) == []


async def test_lists_show_nobody_what_is_of_others(city: Stage) -> None:
    plays = await told(city)
    marks = {play.ids["supervision_id"] for play in plays.values() if play.ids}

    assert await played.overlooked(city, LISTS, plays[f"GET {NAME}"], marks=marks) == []
    assert await walls.overlooked(city, LISTS, plays[f"GET {NAME}"], marks=marks) == []
    shown = await played.listed(city, "GET /supervisions", SIGNER)
    assert any(mark in shown for mark in marks)


async def test_every_route_is_played_or_listed(city: Stage) -> None:
    plays = await told(city)

    assert played.of_rooms(city.service, ROOMS) == {*plays, *LISTS}
