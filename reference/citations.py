"""Sources in words, for people."""

from reference import city, national
from reference.entries import Source


def cite(source: Source) -> tuple[str, str]:
    """The instrument and its article, in zh-CN and en."""
    known = (*national.INSTRUMENTS, *city.current().instruments)
    row = next(row for row in known if row.code == source.instrument)
    if source.article == "whole":
        return f"《{row.zh}》", row.en
    return f"《{row.zh}》第{source.article}条", f"{row.en}, article {source.article}"
