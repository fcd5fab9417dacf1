"""Why a sealed informant is not opened."""

from kernel.problems import Problem


class RevealActionRefused(Problem):
    """The request does not take this action now."""

    status = 409
    title_zh = "该查看申请当前不能执行此操作"
    title_en = "The request to see the informant does not take this action now"


class OwnRequest(Problem):
    """Who asks to see an informant does not decide on it, and nobody else looks."""

    status = 403
    title_zh = "不能批准本人的查看申请，也不能使用他人的查看申请"
    title_en = "Nobody decides on their own request or uses another's"
