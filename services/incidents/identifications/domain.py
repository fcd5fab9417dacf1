"""What finding out whose an accident is meets."""

from kernel.problems import Problem


class EnterpriseKnown(Problem):
    """Another enterprise stands on record; this only adds what nobody had said."""

    status = 409
    title_zh = "该事故已登记其他事故单位，不能以补登方式更改"
    title_en = "Another enterprise is on record; adding one does not replace it"


class GoesOnElsewhere(Problem):
    """The accident goes on as another: whose it is, is said there."""

    status = 409
    title_zh = "该事故已并入其他事故，请在并入的事故上补登"
    title_en = "The accident goes on as another; say it there"
