"""The templates, by the subject of the event: what happened and what to do, nothing else."""

from collections.abc import Mapping

from contracts import incidents, inspections, tasks
from services.notifications.wording import (
    domain_reminders,
    domain_reports,
    domain_reviews,
    domain_templates_cases,
    domain_templates_orders,
    domain_templates_scores,
    domain_templates_supervisions,
)
from services.notifications.wording.domain_template import Template

UNANSWERED = Template(
    subject_zh="【无人响应】{subject}",
    subject_en="[NOBODY ANSWERED] {subject}",
    body_zh="""
报警链上无人确认。请立即电话核实各级值班室在岗情况，并亲自处置。
最后一步已等待：{minutes} 分钟
————
{body}
""",
    body_en="""
Nobody on the alarm chain acknowledged this. Telephone the duty desks now and take it in hand.
The last step waited: {minutes} minutes
----
{body}
""",
)

TEMPLATES: Mapping[str, Template] = {
    incidents.AccidentReported.subject: Template(
        subject_zh="【{grade}事故】{near}：{toll}，请立即确认",
        subject_en="[{grade} accident] {near}: {toll} - acknowledge now",
        body_zh="""
地点：{place}
类型：{type}　等级：{grade}
伤亡：{toll}
企业：{enterprise}
发生：{happened}　接报：{received}（{receiver}）
{late}{hops}调查权限：{investigator}
事故编号：{accident}
请立即确认收到；逾期未确认将自动呼叫下一级。
""",
        body_en="""
Where: {place}
What: {type}; grade: {grade}
Harmed: {toll}
Enterprise: {enterprise}
Happened: {happened}; received: {received} ({receiver})
{late}{hops}Investigated by: {investigator}
Accident: {accident}
Acknowledge now; if nobody does in time, the next in the chain is called.
""",
    ),
    incidents.AccidentUpdated.subject: Template(
        subject_zh="【续报】{near}{grade}事故：{toll}",
        subject_en="[Follow-up] {grade} accident, {near}: {toll}",
        body_zh="""
地点：{place}
伤亡更新：{toll}
等级不变：{grade}
企业：{enterprise}
{window}续报时间：{told}
事故编号：{accident}
""",
        body_en="""
Where: {place}
Harmed, as of now: {toll}
Grade unchanged: {grade}
Enterprise: {enterprise}
{window}Told: {told}
Accident: {accident}
""",
    ),
    incidents.AccidentRegraded.subject: Template(
        subject_zh="【等级变更】{near}：{from_grade}→{grade}，{toll}",
        subject_en="[Regraded] {near}: {from_grade} to {grade}, {toll}",
        body_zh="""
地点：{place}
等级：{from_grade} → {grade}
伤亡：{toll}
企业：{enterprise}
{hops}调查权限：{investigator}
变更时间：{told}
事故编号：{accident}
""",
        body_en="""
Where: {place}
Grade: {from_grade} -> {grade}
Harmed: {toll}
Enterprise: {enterprise}
{hops}Investigated by: {investigator}
Changed: {told}
Accident: {accident}
""",
    ),
    incidents.RelayOverdue.subject: Template(
        subject_zh="【上报超时】{near}{grade}事故：{sender} 未按时上报",
        subject_en="[Relay overdue] {grade} accident, {near}: {sender} has not passed it on",
        body_zh="""
应上报：{sender} → {receiver}（{by}）
时限：{due}（已过）
地点：{place}
企业：{enterprise}
事故编号：{accident}
上报方：立即上报。接收方：立即主动联系上报方。双方均须确认。
""",
        body_en="""
Due to pass it on: {sender} -> {receiver} ({by})
Deadline: {due} (gone by)
Where: {place}
Enterprise: {enterprise}
Accident: {accident}
Sender: pass it on now. Receiver: call the sender now. Both must acknowledge.
""",
    ),
    incidents.FindingMade.subject: Template(
        subject_zh="【{finding}】{near}{grade}事故被认定{finding}",
        subject_en="[{finding}] {grade} accident, {near}",
        body_zh="""
认定：{finding}
地点：{place}
企业：{enterprise}
认定时间：{told}
事故编号：{accident}
""",
        body_en="""
Found: {finding}
Where: {place}
Enterprise: {enterprise}
Found at: {told}
Accident: {accident}
""",
    ),
    incidents.InvestigationEscalated.subject: Template(
        subject_zh="【提级调查】{near}{grade}事故：{from_level}→{to_level}",
        subject_en="[Investigation raised] {grade} accident, {near}: {from_level} to {to_level}",
        body_zh="""
调查提级：{from_level} → {to_level}
由 {investigator} 调查
依据：{rule}
地点：{place}
企业：{enterprise}
事故编号：{accident}
""",
        body_en="""
The investigation climbs: {from_level} -> {to_level}
Taken by: {investigator}
Ground: {rule}
Where: {place}
Enterprise: {enterprise}
Accident: {accident}
""",
    ),
    incidents.InvestigationPublished.subject: Template(
        subject_zh="【调查报告公布】{near}{grade}事故",
        subject_en="[Report published] {grade} accident, {near}",
        body_zh="""
调查报告于 {published} 公布。
地点：{place}
企业：{enterprise}
事故编号：{accident}
由此产生的会议、整改和评估任务另行通知。
""",
        body_en="""
The investigation report was published on {published}.
Where: {place}
Enterprise: {enterprise}
Accident: {accident}
Duties that follow from it are told separately.
""",
    ),
    tasks.ObligationOpened.subject: Template(
        subject_zh="【新任务】{duty}，{due} 前",
        subject_en="[New duty] {duty}, by {due}",
        body_zh="""
任务：{duty}
责任单位：{unit}
时限：{due}
地区：{place}
来源编号：{origin}
""",
        body_en="""
Duty: {duty}
Unit: {unit}
Due: {due}
Where: {place}
Set off by: {origin}
""",
    ),
    tasks.ObligationOverdue.subject: Template(
        subject_zh="【任务超期】{unit}：{duty}",
        subject_en="[Duty overdue] {unit}: {duty}",
        body_zh="""
任务：{duty}
责任单位：{unit}
时限：{due}（已过）
地区：{place}
来源编号：{origin}
""",
        body_en="""
Duty: {duty}
Unit: {unit}
Due: {due} (gone by)
Where: {place}
Set off by: {origin}
""",
    ),
    tasks.DutyTriggered.subject: Template(
        subject_zh="【触发任务】{near}：{duty}，{opened} 项",
        subject_en="[Duties set off] {near}: {duty}, {opened} of them",
        body_zh="""
工作要点第 {number} 项被触发：{duty}
共 {opened} 项，时限：{due}
地区：{place}
来源编号：{origin}
""",
        body_en="""
Duty {number} of the yearly plan was set off: {duty}
{opened} in all, due: {due}
Where: {place}
Set off by: {origin}
""",
    ),
    inspections.VisitOpened.subject: Template(
        subject_zh="【{what}】{near}：{due} 前完成",
        subject_en="[{what}] {near}: to be made by {due}",
        body_zh="""
执法单位：{unit}
被检查企业：{enterprise}
完成时限：{due}
地区：{place}
""",
        body_en="""
Inspecting unit: {unit}
Enterprise: {enterprise}
To be made by: {due}
Where: {place}
""",
    ),
    inspections.EnterpriseFlagged.subject: Template(
        subject_zh="【重点监管】贵单位因事故列入重点监管",
        subject_en="[Special attention] Your enterprise is under special attention",
        body_zh="""
企业：{enterprise}
原因：发生生产安全事故（编号 {accident}）
请立即排查同类隐患，并配合后续检查。
""",
        body_en="""
Enterprise: {enterprise}
Reason: an accident ({accident})
Look for hazards of the same kind now, and expect an inspection.
""",
    ),
    **domain_reports.TEMPLATES,
    **domain_templates_cases.TEMPLATES,
    **domain_templates_orders.TEMPLATES,
    **domain_templates_supervisions.TEMPLATES,
    **domain_templates_scores.TEMPLATES,
    **domain_reminders.TEMPLATES,
    **domain_reviews.TEMPLATES,
}
