"""The templates of hotline orders: which order, whose, by when; never who called or what of."""

from collections.abc import Mapping

from contracts import tasks_orders as orders
from services.notifications.wording.domain_template import Template

TEMPLATES: Mapping[str, Template] = {
    orders.OrderDispatched.subject: Template(
        subject_zh="【热线工单】{unit}：{matter}（{order_class}）",
        subject_en="[Hotline order] {unit}: {matter} ({order_class})",
        body_zh="""
热线：{hotline}
事项：{matter}　类别：{order_class}
承办单位：{unit}
办理期限：{due}
地区：{place}
工单编号：{order}
请及时签收；不属本单位职责的，请在退单期限内退回并说明理由。
""",
        body_en="""
Hotline: {hotline}
About: {matter}; class: {order_class}
Unit: {unit}
Answer by: {due}
Where: {place}
Order: {order}
Sign for it in time; what is not yours, send back within the limit and say why.
""",
    ),
    orders.OrderWarned.subject: Template(
        subject_zh="【工单临期】{unit}：{matter}",
        subject_en="[Order due soon] {unit}: {matter}",
        body_zh="""
事项：{matter}　类别：{order_class}
承办单位：{unit}
办理期限：{due}
地区：{place}
工单编号：{order}
""",
        body_en="""
About: {matter}; class: {order_class}
Unit: {unit}
Answer by: {due}
Where: {place}
Order: {order}
""",
    ),
    orders.OrderUrged.subject: Template(
        subject_zh="【催办】{unit}：{matter}（第 {times} 次）",
        subject_en="[Urged] {unit}: {matter} (time {times})",
        body_zh="""
事项：{matter}　类别：{order_class}
承办单位：{unit}
地区：{place}
工单编号：{order}
请尽快办理并回复。
""",
        body_en="""
About: {matter}; class: {order_class}
Unit: {unit}
Where: {place}
Order: {order}
Handle and answer it now.
""",
    ),
    orders.OrderDecisionDue.subject: Template(
        subject_zh="【{step}】{unit}：{matter}",
        subject_en="[Order: {step}] {unit}: {matter}",
        body_zh="""
待办环节：{step}
事项：{matter}　类别：{order_class}
决定单位：{unit}
所涉单位：{parties}
决定时限：{due}
地区：{place}
工单编号：{order}
请在时限内作出决定；被派单异议所指的单位可在此前说明意见。
""",
        body_en="""
To decide: {step}
About: {matter}; class: {order_class}
Decided by: {unit}
Between: {parties}
Decide by: {due}
Where: {place}
Order: {order}
Decide within the limit; a unit that an objection names may say what it thinks until then.
""",
    ),
    orders.OrderRewardDue.subject: Template(
        subject_zh="【举报奖励待办】{unit}",
        subject_en="[Reward due] {unit}",
        body_zh="""
查实内容：{what}
奖励单位：{unit}
工单编号：{order}
举报属实且为首次实名举报，请按规定办理奖励。举报人信息已封存，需要时请凭工单编号申请查看，不得外泄。
""",
        body_en="""
Proved true: {what}
Rewarded by: {unit}
Order: {order}
Whoever told it was the first, and gave a name: see to the reward.
Who it is stays sealed: ask to see it by the order where you must, and let nobody know.
""",
    ),
    orders.OrderOverdue.subject: Template(
        subject_zh="【工单超期】{unit}：{matter}（{step}）",
        subject_en="[Order overdue] {unit}: {matter} ({step})",
        body_zh="""
环节：{step}
事项：{matter}　类别：{order_class}
责任单位：{unit}
时限：{due}（已过）
地区：{place}
工单编号：{order}
""",
        body_en="""
Step: {step}
About: {matter}; class: {order_class}
Unit: {unit}
Due: {due} (passed)
Where: {place}
Order: {order}
""",
    ),
}
