"""What the template of digests may use, and what it says: how many, never what."""

from collections.abc import Callable, Mapping

from contracts.tasks_reminders import DigestDue
from kernel.events import Event
from services.notifications.wording import domain_labels as labels
from services.notifications.wording.domain_labels import Said
from services.notifications.wording.domain_template import Template

Facts = dict[str, Said]


def digest(event: DigestDue) -> Facts:
    """Whose digest of which day it is, and its counts."""
    counts = {
        name: Said(str(value), str(value))
        for name, value in event.model_dump().items()
        if isinstance(value, int)
    }
    return counts | {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "unit": labels.unit(event.unit, on=event.day),
        "day": Said(event.day.isoformat(), event.day.isoformat()),
    }


FACTS: Mapping[type[Event], Callable[..., Facts]] = {DigestDue: digest}
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
已提交待审核：{waiting}
待本单位审核：{to_review}
请登录平台查看并办理。
""",
        body_en="""
Unit: {unit}; day: {day}
Overdue: {overdue}
Due today: {due_today}
Due within {within} working days: {due_soon}
Handed in, not yet reviewed: {waiting}
For the unit to review: {to_review}
Sign in to the platform to see and do it.
""",
    ),
}
