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


def cite_rule(rule: str) -> tuple[str, str]:
    """The instrument and article of a rule as decisions keep it: `decree-493 3@2007-06-01`.

    A rule of an instrument that no pack knows stands as it is.
    """
    instrument, _, article = rule.partition("@")[0].partition(" ")
    if all(row.code != instrument for row in (*national.INSTRUMENTS, *city.current().instruments)):
        return rule, rule
    return cite(Source(instrument=instrument, article=article))
