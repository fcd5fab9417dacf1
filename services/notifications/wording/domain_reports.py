"""What is said of what surrounds a report: the public, the unit itself, further places. Pure."""

from collections.abc import Callable, Mapping

from contracts import incidents
from contracts.incidents import AccidentPlaced
from contracts.incidents_enterprises import DirectReportOverdue
from contracts.incidents_reports import (
    PublicReportFact,
    PublicReportOverdue,
    PublicReportReceived,
    ReportSetAside,
)
from kernel.calendar import day_of
from kernel.events import Event
from services.notifications.wording import domain_labels as labels
from services.notifications.wording.domain_labels import Said
from services.notifications.wording.domain_template import Template

Facts = dict[str, Said]

_UNREADABLE = Said("无法识别", "cannot be read")


def set_aside(event: ReportSetAside) -> Facts:
    """Which report it was, as far as it can be read, and why it was not stored."""
    received = labels.moment(event.received_at) if event.received_at else None
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "received": _read(received),
        "report": _read(event.report_id),
        "accident": _read(event.accident_id),
        "reason": Said(event.reason_zh, event.reason_en),
        "letter": _read(str(event.letter_id)),
    }


def _read(text: str | None) -> Said:
    return Said(text, text) if text else _UNREADABLE


def received(event: PublicReportReceived) -> Facts:
    """By when a desk looks into it, and whether there is reason to doubt it."""
    return _public(event) | {
        "due": _read(labels.moment(event.due_at)),
        "doubt": Said("该报告存疑，请甄别。\n", "There is reason to look closely.\n")
        if event.doubtful
        else Said("", ""),
    }


def overlooked(event: PublicReportOverdue) -> Facts:
    """By when a desk should have looked into it."""
    return _public(event) | {"due": _read(labels.moment(event.due_at))}


def _public(event: PublicReportFact) -> Facts:
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "told": _read(labels.moment(event.occurred_at)),
        "public": _read(str(event.public_report_id)),
    }


def placed(event: AccidentPlaced) -> Facts:
    """Where it lies, where it had been thought to, and who investigates it now."""
    number = str(event.accident_id)
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "before": labels.place(event.from_region),
        "grade": Said(event.grade.zh, event.grade.en),
        "investigator": labels.unit(event.investigating_unit, on=day_of(event.occurred_at)),
        "accident": Said(number, number),
    }


def untold(event: DirectReportOverdue) -> Facts:
    """Whom the unit should have told itself by when, and which desk took its report."""
    number, day = str(event.accident_id), day_of(event.occurred_at)
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "grade": Said(event.grade.zh, event.grade.en),
        "desk": labels.unit(event.unit, on=day),
        "receiver": labels.unit(event.to_unit, on=day),
        "due": _read(labels.moment(event.due_at)),
        "accident": Said(number, number),
    }


FACTS: Mapping[type[Event], Callable[..., Facts]] = {
    ReportSetAside: set_aside,
    PublicReportReceived: received,
    PublicReportOverdue: overlooked,
    AccidentPlaced: placed,
    DirectReportOverdue: untold,
}
"""By what each fact is put into words."""

TEMPLATES: Mapping[str, Template] = {
    incidents.AccidentShared.subject: Template(
        subject_zh="【跨区域事故】{near}{grade}事故涉及{further}",
        subject_en="[Accident across districts] {grade} accident, {near}, reaches into {further}",
        body_zh="""
牵头地：{place}
涉及地：{further}
等级：{grade}
企业：{enterprise}
事故编号：{accident}
请立即与牵头地值班室联系；案情可在“共享事故”中查看。
""",
        body_en="""
Led by: {place}
Reaches into: {further}
Grade: {grade}
Enterprise: {enterprise}
Accident: {accident}
Call the leading desk now; the accident can be read under shared accidents.
""",
    ),
    incidents.AccidentPlaced.subject: Template(
        subject_zh="【属地确认】{grade}事故发生在{near}",
        subject_en="[Placed] {grade} accident: it lies in {near}",
        body_zh="""
地点：{place}（此前登记：{before}）
调查：{investigator}
企业：{enterprise}
事故编号：{accident}
事故在该地统计和调查；接报值班室及其上报时限不变。
""",
        body_en="""
Where: {place} (recorded before: {before})
Investigated by: {investigator}
Enterprise: {enterprise}
Accident: {accident}
It is counted and investigated there; the desk that took the report keeps its deadlines.
""",
    ),
    incidents.AccidentMerged.subject: Template(
        subject_zh="【事故合并】{near}{grade}事故：两份报告为同一事故",
        subject_en="[Merged] {grade} accident, {near}: two reports are of one accident",
        body_zh="""
地点：{place}
并入事故：{into}（等级：{grade}）
被并事故：{accident}，其上报任务终止，全部记录保留
企业：{enterprise}
""",
        body_en="""
Where: {place}
Goes on as: {into} (grade: {grade})
Merged: {accident}; its hops are closed, its records stay
Enterprise: {enterprise}
""",
    ),
    incidents.AccidentsLikened.subject: Template(
        subject_zh="【疑似重复】{near}{grade}事故与此前报告相似，请判定",
        subject_en="[Possible duplicate] {grade} accident, {near}: please decide",
        body_zh="""
地点：{place}
新报事故：{accident}
此前事故：{other}
相似分：{score}
企业：{enterprise}
请判定合并或分立；判定前两起事故各自按时限上报。
""",
        body_en="""
Where: {place}
Reported now: {accident}
Reported before: {other}
Likeness: {score} points
Enterprise: {enterprise}
Merge them or keep them apart; until then both go up by their own deadlines.
""",
    ),
    DirectReportOverdue.subject: Template(
        subject_zh="【单位直报超时】{near}{grade}事故：事故单位未按时直接报告{receiver}",
        subject_en=(
            "[Direct report overdue] {grade} accident, {near}: the unit has not told {receiver}"
        ),
        body_zh="""
应报告：{receiver}
责任单位：{enterprise}
接报：{desk}
时限：{due}（已过）
地点：{place}
事故编号：{accident}
请事故单位立即直接报告，并在系统中登记；单位没有账号的，由接报值班室代为登记。
""",
        body_en="""
To be told: {receiver}
By: {enterprise}
Its report was taken by: {desk}
Deadline: {due} (gone by)
Where: {place}
Accident: {accident}
The unit tells it now and says so in the system; for a unit without an account its desk does.
""",
    ),
    PublicReportReceived.subject: Template(
        subject_zh="【公众报告】{near}：请于 {due} 前核实",
        subject_en="[Report of the public] {near}: look into it by {due}",
        body_zh="""
地区：{place}
收到：{told}
核实时限：{due}
报告编号：{public}
{doubt}请核实后立为事故、并入已有事故，或说明理由排除。
""",
        body_en="""
Where: {place}
Received: {told}
To be looked into by: {due}
Report: {public}
{doubt}Open an accident, join it to one, or dismiss it with a reason.
""",
    ),
    PublicReportOverdue.subject: Template(
        subject_zh="【公众报告超时未核实】{near}",
        subject_en="[Report of the public not looked into] {near}",
        body_zh="""
地区：{place}
核实时限：{due}（已过）
报告编号：{public}
请立即核实。
""",
        body_en="""
Where: {place}
Was to be looked into by: {due}
Report: {public}
Look into it now.
""",
    ),
    ReportSetAside.subject: Template(
        subject_zh="【报告未入库】{near}：一份已接收的报告被拒，请立即核实",
        subject_en="[Report not stored] {near}: a report that was taken was refused - call now",
        body_zh="""
地区：{place}
收到：{received}
报告编号：{report}
事故编号：{accident}
未入库原因：{reason}
该报告在数据库中断期间接收，报告人已得到回执，但恢复后未能入库，原文留存（留存编号 {letter}）。
请立即联系报告人核实情况并重新报告，同时通知系统管理员处理留存报告。
""",
        body_en="""
Where: {place}
Received: {received}
Report: {report}
Accident: {accident}
Refused because: {reason}
It was taken while the database was away and its reporter has a receipt, but it could not be
stored afterwards. It is kept whole as letter {letter}.
Call the reporter now, have it reported anew, and have an administrator look at the letter.
""",
    ),
}
