"""What is said of digests and of parts held too long: how many, whose, and what plans call them."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from contracts.tasks_parts import PartOverdue
from contracts.tasks_reminders import DigestDue, EnterpriseDigestDue, PartDue, ThingDue
from kernel.calendar import day_of
from kernel.events import Event
from services.notifications.wording import domain_labels as labels
from services.notifications.wording.domain_labels import Said
from services.notifications.wording.domain_template import Template

Facts = dict[str, Said]


def digest(event: DigestDue) -> Facts:
    """Whose digest of which day it is, its counts, and what is most urgent."""
    urgent = event.named or event.parts_due
    return _counted(event) | {
        "unit": labels.unit(event.unit, on=event.day),
        "named": _titled(urgent) if urgent else _named(event.parts),
    }


def enterprise_digest(event: EnterpriseDigestDue) -> Facts:
    """Of which day it is, its counts, and what is most urgent."""
    return _counted(event) | {"named": _titled(event.named)}


def _counted(event: DigestDue | EnterpriseDigestDue) -> Facts:
    counts = {
        name: Said(str(value), str(value))
        for name, value in event.model_dump().items()
        if isinstance(value, int)
    }
    return counts | {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "day": Said(event.day.isoformat(), event.day.isoformat()),
    }


def _titled(parts: Sequence[PartDue | ThingDue]) -> Said:
    """What is most urgent, each on a line of its own with the time by which it is due."""
    moments = [labels.moment(part.due_at) for part in parts]
    rows = list(zip(moments, parts, strict=True))
    return Said(
        "".join(f"\n· {part.title_zh}（{at} 截止）" for at, part in rows),
        "".join(f"\n· {part.title_en} (due {at})" for at, part in rows),
    )


def _named(ids: Sequence[UUID]) -> Said:
    """What is most urgent by its id, where an earlier digest says no more."""
    return Said("、".join(map(str, ids)) or "无", ", ".join(map(str, ids)) or "none")


def part(event: PartOverdue) -> Facts:
    """Whose part of which duty it is, and by when the whole was due."""
    moment = labels.moment(event.due_at)
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "unit": labels.unit(event.unit, on=day_of(event.occurred_at)),
        "duty": labels.DUTIES[event.kind],
        "role": labels.ROLES[event.role],
        "due": Said(moment, moment),
        "obligation": Said(str(event.obligation_id), str(event.obligation_id)),
    }


FACTS: Mapping[type[Event], Callable[..., Facts]] = {
    DigestDue: digest,
    EnterpriseDigestDue: enterprise_digest,
    PartOverdue: part,
}
"""By what each fact is put into words."""

TEMPLATES: Mapping[str, Template] = {
    DigestDue.subject: Template(
        subject_zh="【每日提醒】{unit}：逾期 {overdue}，今日到期 {due_today}",
        subject_en="[Daily digest] {unit}: {overdue} overdue, {due_today} due today",
        body_zh="""
单位：{unit}　日期：{day}
已逾期：{overdue}
今日到期：{due_today}
{within} 个工作日内到期：{due_soon}
其中最急事项：{named}
已提交待审核：{waiting}
待本单位审核：{to_review}
待本单位决定的任务异议：{to_decide}
请登录平台查看并办理。
""",
        body_en="""
Unit: {unit}; day: {day}
Overdue: {overdue}
Due today: {due_today}
Due within {within} working days: {due_soon}
Most urgent of these: {named}
Handed in, not yet reviewed: {waiting}
For the unit to review: {to_review}
Objections to duties for the unit to decide on: {to_decide}
Sign in to the platform to see and do it.
""",
    ),
    EnterpriseDigestDue.subject: Template(
        subject_zh="【每日提醒】{enterprise}：逾期 {overdue}，今日到期 {due_today}",
        subject_en="[Daily digest] {enterprise}: {overdue} overdue, {due_today} due today",
        body_zh="""
企业：{enterprise}　日期：{day}
已逾期：{overdue}
今日到期：{due_today}
{within} 个工作日内到期：{due_soon}
其中最急事项：{named}
请登录平台查看并办理。
""",
        body_en="""
Enterprise: {enterprise}; day: {day}
Overdue: {overdue}
Due today: {due_today}
Due within {within} working days: {due_soon}
Most urgent of these: {named}
Sign in to the platform to see and do it.
""",
    ),
    PartOverdue.subject: Template(
        subject_zh="【分工超期】{unit}：{duty}（{role}）",
        subject_en="[Part overdue] {unit}: {duty} ({role})",
        body_zh="""
任务：{duty}
责任单位：{unit}（{role}）
时限：{due}（已过），工作现由该单位承办
地区：{place}
任务编号：{obligation}
""",
        body_en="""
Duty: {duty}
Unit: {unit} ({role})
Due: {due} (gone by); the unit holds the work now
Where: {place}
Obligation: {obligation}
""",
    ),
}
