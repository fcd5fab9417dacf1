"""Why time is not given, and why a clock does not stop."""

from kernel.problems import Problem


class NothingLeftToExtend(Problem):
    """All extensions together would be longer than the law allows."""

    status = 409
    title_zh = "延长期限超过法定上限"
    title_en = "The extensions together would be longer than the law allows"


class LimitRunOut(Problem):
    """The limit has run out: it can be neither extended nor stopped any more."""

    status = 409
    title_zh = "期限已届满，不能再延长或中止计算"
    title_en = "The limit has run out; it can be neither extended nor stopped"


class AppraisalOpen(Problem):
    """A technical appraisal has not ended, so there is no report to hand in yet."""

    status = 409
    title_zh = "技术鉴定尚未结束，不能提交调查报告"
    title_en = "A technical appraisal is still open; the report cannot be handed in"


class AppraisalEnded(Problem):
    """The appraisal has ended before."""

    status = 409
    title_zh = "该技术鉴定已经结束"
    title_en = "The appraisal has ended already"
