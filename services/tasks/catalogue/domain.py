"""Why a line of the catalogue is not written."""

from kernel.problems import Problem


class CatalogueLoops(Problem):
    """A line would lead back to its own matter and never to a unit."""

    status = 409
    title_zh = "派单目录出现循环引用"
    title_en = "The line of the catalogue leads back to itself"


class LineUnclear(Problem):
    """A line names known units or another known matter, and not both."""

    status = 422
    title_zh = "派单目录条目应当指定存在的单位，或者指定另一事项"
    title_en = "A line names units that exist, or another matter"
