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
请核对所依据的事故或者考核结论，决定是否发出告知。
""",
        body_en="""
Unit: {unit}; year of the assessment: {year}
Rule: {rule} ({doubt})
Number: {card}
Check the accidents or the verdict that it rests on, and decide whether to give notice.
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
    scores.CardDecisionDue.subject: Template(
        subject_zh="【{kind}待决定】{unit}（{year}年度）",
        subject_en="[{kind} to be decided] {unit} ({year})",
        body_zh="""
单位：{unit}　考核年度：{year}
依据：{rule}
{said}。
编号：{card}
请由告知人以外的人员作出决定。
""",
        body_en="""
Unit: {unit}; year of the assessment: {year}
Rule: {rule}
Now {said}.
Number: {card}
Somebody else than who gave notice decides.
""",
    ),
    scores.CardEnded.subject: Template(
        subject_zh="【{kind}{how}】{unit}（{year}年度）",
        subject_en="[{kind} {how}] {unit} ({year})",
        body_zh="""
单位：{unit}　考核年度：{year}
依据：{rule}
结果：{how}
编号：{card}
""",
        body_en="""
Unit: {unit}; year of the assessment: {year}
Rule: {rule}
Outcome: {how}
Number: {card}
""",
    ),
    scores.ScoreObjected.subject: Template(
        subject_zh="【排名异议】{unit}",
        subject_en="[Objection to a score] {unit}",
        body_zh="""
单位：{unit}　地区：{place}
编号：{objection}
请核实后作出裁定。
""",
        body_en="""
Unit: {unit}; place: {place}
Number: {objection}
Look into it and rule on it.
""",
    ),
    scores.ScoreRulingOverdue.subject: Template(
        subject_zh="【排名异议逾期未裁定】{unit}",
        subject_en="[Ruling on an objection overdue] {unit}",
        body_zh="""
提出异议单位：{unit}　地区：{place}
裁定单位：{office}
裁定期限：{due}（已过）
编号：{objection}
请尽快裁定。
""",
        body_en="""
Objected: {unit}; place: {place}
Rules on it: {office}
Due: {due} (passed)
Number: {objection}
Rule on it now.
""",
    ),
    scores.ScoreRuledOn.subject: Template(
        subject_zh="【排名异议裁定】{unit}",
        subject_en="[Objection ruled on] {unit}",
        body_zh="""
单位：{unit}　地区：{place}
裁定：{ruling}
编号：{objection}
""",
        body_en="""
Unit: {unit}; place: {place}
Ruling: {ruling}
Number: {objection}
""",
    ),
    scores.UnitsListed.subject: Template(
        subject_zh="【挂牌管理】{first}{more}（{year}年度）",
        subject_en="[Listed] {first}{more} ({year})",
        body_zh="""
下列单位因上一考核年度受到黄牌警告或者一票否决，{year}年度实行挂牌管理：
{units}
处理解除后不再挂牌。
""",
        body_en="""
Listed in {year}, for a yellow card or a veto of the year before:
{units}
Once the card is lifted the unit is not listed any more.
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
