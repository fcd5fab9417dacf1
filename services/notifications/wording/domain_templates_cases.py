"""The templates of what comes after a report: clocks that ran out, cases, signs of concealment."""

from collections.abc import Mapping

from contracts import incidents, incidents_cases
from services.notifications.wording.domain_template import Template

TEMPLATES: Mapping[str, Template] = {
    incidents_cases.DeadlineMissed.subject: Template(
        subject_zh="【逾期】{near}{grade}事故：{duty}",
        subject_en="[Overdue] {grade} accident, {near}: {duty}",
        body_zh="""
事项：{duty}
责任单位：{unit}
时限：{due}（已过）
地点：{place}
企业：{enterprise}
事故编号：{accident}
""",
        body_en="""
What: {duty}
Unit: {unit}
Due: {due} (gone by)
Where: {place}
Enterprise: {enterprise}
Accident: {accident}
""",
    ),
    incidents_cases.InvestigationWarned.subject: Template(
        subject_zh="【调查期限将至】{near}{grade}事故：{due} 前{stage}",
        subject_en="[Investigation due] {grade} accident, {near}: {stage} by {due}",
        body_zh="""
事项：{stage}
负责：{investigator}
时限：{due}
地点：{place}
企业：{enterprise}
事故编号：{accident}
""",
        body_en="""
To do: {stage}
By: {investigator}
Deadline: {due}
Where: {place}
Enterprise: {enterprise}
Accident: {accident}
""",
    ),
    incidents_cases.InvestigationOverdue.subject: Template(
        subject_zh="【调查超期】{near}{grade}事故：未按期{stage}",
        subject_en="[Investigation overdue] {grade} accident, {near}: {stage}",
        body_zh="""
未完成：{stage}
负责：{investigator}
时限：{due}（已过）
地点：{place}
企业：{enterprise}
事故编号：{accident}
""",
        body_en="""
Not done: {stage}
By: {investigator}
Deadline: {due} (gone by)
Where: {place}
Enterprise: {enterprise}
Accident: {accident}
""",
    ),
    incidents_cases.MemberStoodAside.subject: Template(
        subject_zh="【成员回避】{near}{grade}事故调查组：{organ}派员已回避",
        subject_en="[Member stood aside] {grade} accident, {near}: who sat for {organ}",
        body_zh="""
派出机关：{organ}
负责：{investigator}
调查组尚缺：{lacking}
已提交的调查报告不因此撤回，是否退回由负责调查的一级决定
地点：{place}
企业：{enterprise}
事故编号：{accident}
""",
        body_en="""
Sat for: {organ}
Case held by: {investigator}
The team lacks: {lacking}
A report handed in before stays; whoever holds the case decides whether to return it
Where: {place}
Enterprise: {enterprise}
Accident: {accident}
""",
    ),
    incidents.NoticeOverdue.subject: Template(
        subject_zh="【通知超时】{near}{grade}事故：{sender}未按时通知{receiver}",
        subject_en="[Notice overdue] {grade} accident, {near}: {sender} has not told {receiver}",
        body_zh="""
应通知：{receiver}
责任单位：{sender}
时限：{due}（已过）
地点：{place}
企业：{enterprise}
事故编号：{accident}
立即通知，并在系统中登记回执。
""",
        body_en="""
To be told: {receiver}
By: {sender}
Deadline: {due} (gone by)
Where: {place}
Enterprise: {enterprise}
Accident: {accident}
Tell them now, and put the receipt into the system.
""",
    ),
    incidents.FollowUpMissed.subject: Template(
        subject_zh="【续报超时】{near}{grade}事故：{unit}，{day}",
        subject_en="[Follow-up missed] {grade} accident, {near}: {unit}, {day}",
        body_zh="""
{owed}
责任单位：{unit}
日期：{day}，时限：{due}（已过）
地点：{place}
企业：{enterprise}
事故编号：{accident}
立即续报；救援已结束的，请在系统中宣布救援结束。
""",
        body_en="""
Missing: {owed}
Answers for it: {unit}
Day: {day}, deadline: {due} (gone by)
Where: {place}
Enterprise: {enterprise}
Accident: {accident}
Follow up now; if the rescue has ended, say so in the system.
""",
    ),
    incidents.LeadUnmatched.subject: Template(
        subject_zh="【{what}】{near}：{source}反映{alleged}，请立即核查",
        subject_en="[Lead: {what}] {near}: {alleged} by {source} - check now",
        body_zh="""
地点：{place}
来源：{source}
反映伤亡：{alleged}　反映时间：{happened}
企业：{enterprise}
{reported}核查单位：{checker}
初步查证：{first_check} 前　核查结果：{result} 前
线索编号：{lead}
举报人信息已封存，不得打听、泄露。
""",
        body_en="""
Where: {place}
Source: {source}
Alleged: {alleged}, at {happened}
Enterprise: {enterprise}
{reported}To be checked by: {checker}
First check by {first_check}; result by {result}
Lead: {lead}
Who gave it is sealed: do not ask, do not tell.
""",
    ),
    incidents.LeadOverdue.subject: Template(
        subject_zh="【核查超期】{near}：{source}线索的{step}未按时完成",
        subject_en="[Lead overdue] {near}: {step} of a lead from {source} is missing",
        body_zh="""
应完成：{step}（{checker}）
时限：{due}（已过）
地点：{place}
企业：{enterprise}
线索编号：{lead}
""",
        body_en="""
Missing: {step} ({checker})
Due: {due} (gone by)
Where: {place}
Enterprise: {enterprise}
Lead: {lead}
""",
    ),
    incidents.LeadSettled.subject: Template(
        subject_zh="【核查结果】{near}：{source}线索{outcome}",
        subject_en="[Lead settled] {near}: {source}, {outcome}",
        body_zh="""
结果：{outcome}
地点：{place}
企业：{enterprise}
核查单位：{checker}　时间：{told}
线索编号：{lead}
""",
        body_en="""
Result: {outcome}
Where: {place}
Enterprise: {enterprise}
Checked by: {checker}, {told}
Lead: {lead}
""",
    ),
    incidents.EntryOverdue.subject: Template(
        subject_zh="【统计逾期】{near}{grade}事故未按时{stage}",
        subject_en="[Statistics overdue] {grade} accident, {near}: no {stage} in time",
        body_zh="""
事项：统计直报{stage}
时限：{due}（已过）
单位：{unit}
企业：{enterprise}
事故编号：{accident}
请立即办理并在平台确认。
""",
        body_en="""
Missing: {stage}
Deadline: {due} (gone by)
Office: {unit}
Enterprise: {enterprise}
Accident: {accident}
Do it now and state it on the platform.
""",
    ),
}
