"""What the codes of an analysis are called, in zh-CN and en."""

from reference import accidents, industries, national, regions
from reference.terms import Grade
from services.incidents.statistics.domain import ANY


def place(code: str) -> tuple[str, str]:
    """A division or park."""
    known = regions.known().get(code)
    return (known.zh, known.en) if known else (code, code)


def park(code: str) -> tuple[str, str]:
    """A park, or what lies outside of all."""
    return ("园区以外", "outside parks") if code == ANY else place(code)


_UNSTATED = ("未填报行业", "industry not stated")


def sector_of(code: str) -> str:
    """The field of supervision of an industry; empty when none is stated."""
    known = industries.resolve(code) if code else None
    return known.sector if known else ANY


def sector(code: str) -> tuple[str, str]:
    """A field of supervision."""
    row = next((row for row in national.SECTORS if row.code == code), None)
    return (row.zh, row.en) if row else _UNSTATED


def industry(code: str) -> tuple[str, str]:
    """An industry of the standard, or a field where it spans several."""
    known = industries.resolve(code) if code else None
    return (known.zh, known.en) if known else ((code, code) if code else _UNSTATED)


def kind(code: str) -> tuple[str, str]:
    """A kind of accident."""
    row = accidents.resolve(code)
    return (row.zh, row.en) if row else (code, code)


def grade(code: str) -> tuple[str, str]:
    """A grade."""
    known = Grade(code)
    return f"{known.zh}事故", f"{known.en} accidents"
