"""The templates of rankings and cards: whose, by which rule, and what to do next."""

from collections.abc import Mapping

from contracts import tasks_scoring as scores
from services.notifications.wording.domain_template import Template

TEMPLATES: Mapping[str, Template] = {
    scores.CardProposed.subject: Template(
        subject_zh="【拟{kind}】{unit}（{year}年度）",
        subject_en="[{kind} proposed] {unit} ({year})",
        body_zh="""
单位：{unit}　考核年度：{year}
依据：{rule}（{doubt}）
编号：{card}
请核对事故情况，决定是否发出告知。
""",
        body_en="""
Unit: {unit}; year of the assessment: {year}
Rule: {rule} ({doubt})
Number: {card}
Check the accidents and decide whether to give notice.
""",
    ),
    scores.CardNoticed.subject: Template(
        subject_zh="【{kind}告知】{unit}（{year}年度）",
        subject_en="[Notice of a {kind}] {unit} ({year})",
        body_zh="""
单位：{unit}　考核年度：{year}
依据：{rule}
编号：{card}
可在告知规定的期限内陈述申辩。
""",
        body_en="""
Unit: {unit}; year of the assessment: {year}
Rule: {rule}
Number: {card}
You may reply within the time that the notice gives.
""",
    ),
    scores.CardIssued.subject: Template(
        subject_zh="【{kind}】{unit}（{year}年度）",
        subject_en="[{kind}] {unit} ({year})",
        body_zh="""
单位：{unit}　考核年度：{year}
依据：{rule}
生效：{first} 至 {last}
编号：{card}
""",
        body_en="""
Unit: {unit}; year of the assessment: {year}
Rule: {rule}
In effect: {first} to {last}
Number: {card}
""",
    ),
    scores.CardReviewNeeded.subject: Template(
        subject_zh="【{kind}待复核】{unit}（{year}年度）",
        subject_en="[{kind} to be reviewed] {unit} ({year})",
        body_zh="""
单位：{unit}　考核年度：{year}
事故情况已有变化，现有事实未达到标准：{rule}
编号：{card}
请复核后决定维持或者解除；未作决定前处理继续有效。
""",
        body_en="""
Unit: {unit}; year of the assessment: {year}
The accidents have changed and no longer reach the threshold: {rule}
Number: {card}
Confirm the card or lift it; it stays in effect until you do.
""",
    ),
    scores.RankingPublished.subject: Template(
        subject_zh="【安全生产{called}】{group} {first} 至 {last}{again}",
        subject_en="[{called}] {group}, {first} to {last}{again}",
        body_zh="""
地区：{place}　第{number}期{again}
参加测评单位：{units}　未测评：{unmeasured}
""",
        body_en="""
Place: {place}; number {number}{again}
Units: {units}; not measured: {unmeasured}
""",
    ),
}
