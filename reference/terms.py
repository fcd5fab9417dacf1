"""Words of the law that code decides on: stable English codes with their zh-CN and en labels."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A coded word. Members are declared in rank order, lowest first."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str = "", en: str = "") -> Self:
        """Keep the labels beside the code. A look-up by code passes the code alone."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh = zh
        member.en = en
        return member

    @property
    def rank(self) -> int:
        """Its place in the order of declaration, from 0."""
        return list(type(self)).index(self)

    def at_least(self, other: Self) -> bool:
        """Whether it ranks as high as `other`. Codes themselves do not sort by rank."""
        return self.rank >= other.rank


class Grade(Term):
    """Accident grades, mildest first (Decree 493, article 3)."""

    GENERAL = "general", "一般", "general"
    LARGER = "larger", "较大", "larger"
    MAJOR = "major", "重大", "major"
    EXTRAORDINARY = "extraordinary", "特别重大", "extraordinarily serious"


class Level(Term):
    """Levels of government, lowest first."""

    COUNTY = "county", "县级", "county"
    CITY = "city", "设区的市级", "city"
    PROVINCE = "province", "省级", "province"
    NATIONAL = "national", "国家级", "national"

    def up(self, steps: int = 1) -> "Level":
        """The level so many steps above; above the nation stands the nation."""
        levels = list(Level)
        return levels[min(self.rank + steps, len(levels) - 1)]


class Regime(Term):
    """Which law decides who investigates."""

    STANDARD = "standard", "一般行业", "standard"
    COAL_MINE = "coal_mine", "煤矿", "coal mine"


class Finding(Term):
    """How a report fell short (Rules on Fines for Production Safety Accidents, article 5)."""

    LATE = "late", "迟报", "late report"
    OMITTED = "omitted", "漏报", "omission"
    FALSE = "false", "谎报", "false report"
    CONCEALED = "concealed", "瞒报", "concealment"


class FindingStatus(Term):
    """How firmly a finding stands; one that was dismissed stands least."""

    DISMISSED = "dismissed", "不成立", "dismissed"
    SUSPECTED = "suspected", "疑似", "suspected"
    PRELIMINARY = "preliminary", "初步认定", "preliminarily confirmed"
    CONFIRMED = "confirmed", "查实", "confirmed"


class Risk(Term):
    """The four colours of risk control; not the four colours of public warnings."""

    BLUE = "blue", "低风险", "low risk"
    YELLOW = "yellow", "一般风险", "moderate risk"
    ORANGE = "orange", "较大风险", "considerable risk"
    RED = "red", "重大风险", "major risk"


class Supervision(Term):
    """Classes of supervision of an enterprise, least watched first."""

    A = "A", "A类", "class A"
    B = "B", "B类", "class B"
    C = "C", "C类", "class C"
    D = "D", "D类", "class D"


class SupervisionKind(Term):
    """Orders with which a supervising unit has something done, mildest first."""

    BULLETIN = "bulletin", "通报", "bulletin"
    WARNING = "warning", "警示", "warning"
    ASSIGNMENT = "assignment", "交办", "assignment"
    URGING = "urging", "催办", "urging"
    SUPERVISION = "supervision", "督办", "supervision"
    LISTING = "listing", "挂牌督办", "listed supervision"
    INTERVIEW = "interview", "约谈", "interview"


class SupervisionCause(Term):
    """What a supervisory order is about."""

    OBLIGATION = "obligation", "逾期任务", "overdue duty"
    ORDER = "order", "逾期热线工单", "overdue hotline order"
    ACCIDENT = "accident", "事故", "accident"
    HAZARD = "hazard", "隐患", "hazard"
    DUTY = "duty", "工作要点任务", "duty of the plan"
    FREE = "free", "其他", "other"


class SupervisionStep(Term):
    """What of a supervisory order has a limit of its own."""

    RECEIPT = "receipt", "签收", "receipt"
    ANSWER = "answer", "答复", "answer"
    REDO = "redo", "退回后答复", "answer after a return"
    ACCEPTANCE = "acceptance", "验收", "acceptance"
    EXTENSION = "extension", "延期", "extension"
    COMMITMENT = "commitment", "约谈承诺", "commitment"


class InPlace(Term):
    """The five things that are in place when a hazard is being put right (五落实)."""

    RESPONSIBILITY = "responsibility", "责任", "responsibility"
    MEASURES = "measures", "措施", "measures"
    FUNDS = "funds", "资金", "funds"
    TIME_LIMIT = "time_limit", "时限", "time limit"
    EMERGENCY_PLAN = "emergency_plan", "预案", "emergency plan"


class UnitKind(Term):
    """What a unit of the responsibility chain is."""

    PARTY_COMMITTEE = "party_committee", "党委", "Party committee"
    GOVERNMENT = "government", "政府", "government"
    PARK_COMMITTEE = "park_committee", "园区管委会", "park administration"
    SAFETY_COMMITTEE = "safety_committee", "安全生产委员会", "work safety committee"
    COMMITTEE_OFFICE = "committee_office", "安委办", "office of the work safety committee"
    SPECIAL_COMMITTEE = "special_committee", "专业委员会", "special committee"
    EMERGENCY = "emergency", "应急管理部门", "emergency management authority"
    PARTY_DEPARTMENT = "party_department", "党委部门", "Party department"
    DEPARTMENT = "department", "政府部门", "government department"
    DISCIPLINE = "discipline", "纪检监察机关", "discipline inspection and supervision"
    RESCUE = "rescue", "消防救援机构", "fire and rescue"
    CENTRAL = "central", "中央驻地方机构", "local body of a central authority"
    PROCURATORATE = "procuratorate", "检察机关", "procuratorate"
    MASS_ORGANISATION = "mass_organisation", "群团组织", "mass organisation"
    STATE_ENTERPRISE = "state_enterprise", "国有企业", "state-owned enterprise"


class DutyKind(Term):
    """How a duty of a yearly plan is counted."""

    RECURRING_QUOTA = "recurring_quota", "定期频次", "recurring quota"
    DEADLINE_TASK = "deadline_task", "限期任务", "task with a deadline"
    RATE_TARGET = "rate_target", "比率指标", "rate target"
    COUNT_TARGET = "count_target", "数量指标", "count target"
    REDUCTION_TARGET = "reduction_target", "压降指标", "reduction target"
    PROHIBITION = "prohibition", "杜绝事项", "prohibition"
    EVENT_TRIGGERED = "event_triggered", "事件触发", "event-triggered"
    CONTINUOUS = "continuous", "持续事项", "continuous"


class Measure(Term):
    """What the numbers of a plan count."""

    TIMES = "times", "次", "times"
    ROUNDS = "rounds", "轮", "rounds"
    DOCUMENTS = "documents", "份", "documents"
    PERCENT = "percent", "%", "per cent"
    ACCIDENTS = "accidents", "起", "accidents"
    DEATHS_PER_TEN_BILLION = "deaths_per_ten_billion_yuan", "人/百亿元", "deaths per 10 bn yuan"
    KILOMETRES = "kilometres", "公里", "km"
    HOUSEHOLDS = "households", "户", "households"
    SITES = "sites", "座", "sites"
    POSTS = "posts", "个", "posts"
    PROJECTS = "projects", "项", "projects"
    ENTERPRISES = "enterprises", "家", "enterprises"
    COUNTIES = "counties", "个县市区", "counties"
    DEPARTMENTS = "departments", "个部门", "departments"
    TOWNSHIPS = "townships", "个乡镇", "townships"
    RISK_GRADES = "risk_grades", "风险等级", "risk grades"


class LeadSource(Term):
    """Where a sign of a concealed accident comes from."""

    HOTLINE = "hotline", "热线举报", "hotline"
    HOSPITAL = "hospital", "医疗机构", "hospital"
    MEDIA = "media", "媒体舆情", "media"
    INSURANCE = "insurance", "保险理赔", "insurance"
    CREMATION = "cremation", "殡葬火化", "cremation"
    PROVINCE = "province", "上级交办", "province"


class LeadStep(Term):
    """What is owed after an unmatched sign of an accident, first the nearer."""

    FIRST_CHECK = "first_check", "初步查证", "first check"
    RESULT = "result", "核查结果", "result"


class Hotline(Term):
    """Which hotline took an order."""

    GOVERNMENT = "12345", "12345 政务服务便民热线", "government hotline 12345"
    WORK_SAFETY = "12350", "12350 安全生产举报热线", "work-safety hotline 12350"


class OrderClass(Term):
    """Classes of hotline orders; their clocks differ. Their order says nothing."""

    URGENT = "urgent", "紧急", "danger to life"
    CONSULTATION = "consultation", "咨询", "consultation"
    HELP = "help", "求助", "call for help"
    SUGGESTION = "suggestion", "建议", "suggestion"
    COMPLAINT = "complaint", "投诉举报", "complaint or report"
    COMPLEX = "complex", "复杂投诉举报", "complex complaint or report"
    SAFETY_REPORT = "safety_report", "安全生产举报", "report of a work-safety violation"


class OrderStep(Term):
    """What of an order has a clock or a limit of its own."""

    DISPATCH = "dispatch", "派单", "dispatch"
    SIGN = "sign", "签收", "signing for it"
    HANDLE = "handle", "办理", "handling"
    RETURN = "return", "退单", "return"
    DECIDE_RETURN = "decide_return", "退单审核", "deciding on a return"
    ARBITRATE = "arbitrate", "派单异议裁定", "arbitrating an objection"
    EXTENSION = "extension", "延期", "extension"
    DECIDE_EXTENSION = "decide_extension", "延期审批", "deciding on more time"
    AFTER_PARTS = "after_parts", "协办迟复后的汇总", "summing up after late parts"
    CALLBACK = "callback", "回访", "return visit"
    REDO = "redo", "重办", "handling again"


class Figure(Term):
    """What an indicator of the assessment counts; each is a query over what tasks itself keeps."""

    OBLIGATIONS_IN_TIME = "obligations_in_time", "任务按期完成", "obligations done in time"
    OBLIGATIONS_OVERDUE = "obligations_overdue", "任务逾期", "obligations overdue"
    OBLIGATIONS_RETURNED = "obligations_returned", "佐证被退回", "evidence returned"
    ORDERS_IN_TIME = "orders_in_time", "热线工单按期办结", "hotline orders answered in time"
    ACCIDENTS = "accidents", "生产安全事故", "accidents"
    ACCIDENTS_FEWER = "accidents_fewer", "事故起数同比", "accidents against the year before"
    CONCEALMENTS = "concealments", "瞒报谎报查实", "concealed or false reports found"


class Formula(Term):
    """How a figure becomes points; the set is closed."""

    RATE = "rate", "比率", "rate"
    COUNT = "count", "按起数计分", "points for each"
    BANDS = "bands", "降幅分档", "bands of a reduction"


class Card(Term):
    """What a unit is warned or barred by, the milder first."""

    YELLOW = "yellow", "黄牌警告", "yellow card"
    VETO = "veto", "一票否决", "veto"


class EvidenceKind(Term):
    """What a piece of evidence is. Their order says nothing."""

    MINUTES = "minutes", "会议纪要", "minutes"
    ROSTER = "roster", "签到名册", "roster"
    PHOTO = "photo", "照片", "photo"
    FIGURE = "figure", "数据", "figure"
    DOCUMENT = "document", "文件", "document"


class EvidenceLimitCode(Term):
    """What the limits of evidence are about. Their order says nothing."""

    LATE_DAYS = "late_days", "周期结束后可补交的天数", "days after a period in which to hand in"
    PICTURE_BITS = "picture_bits", "相似照片允许的差异位数", "bits in which like pictures differ"
    WORDS_PERCENT = "words_percent", "纪要文字重合度", "share of words that copies have"
    SPEED_KMH = "speed_kmh", "合理的最高移动速度", "the fastest that anybody travels"
    PHOTO_METRES = "photo_metres", "照片与所述地点的允许距离", "metres from photo to stated place"
    PHOTO_MINUTES = "photo_minutes", "照片与所述时间的允许间隔", "minutes from photo to stated time"
