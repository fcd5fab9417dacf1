"""The national pack: divisions, grades, reporting, authorities, types, industries, calendar.

Each name below is a table whose rows carry their article and the days they are in force.
"""

from collections.abc import Iterator
from pathlib import Path

from reference.national import rows
from reference.packs import Pack
from reference.reading import Fault


class National(Pack):
    """The tables of a national folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.instruments = self.table("instruments.yaml", "instruments", rows.Instrument)
        self.divisions = self.table("divisions.yaml", "divisions", rows.Division)
        self.grades = self.table("grades.yaml", "grades", rows.GradeRow)
        self.deadlines = self.table("reporting.yaml", "deadlines", rows.Deadline)
        self.reaches = self.table("reporting.yaml", "reaches", rows.Reach)
        self.windows = self.table("reporting.yaml", "windows", rows.ChangeWindow)
        self.follow_ups = self.table("reporting.yaml", "follow_ups", rows.FollowUps)
        self.serious = self.table("reporting.yaml", "serious_incidents", rows.SeriousIncident)
        self.authorities = self.table("authorities.yaml", "authorities", rows.Authority)
        self.organs = self.table("authorities.yaml", "organs", rows.Organ)
        self.standards = self.table("accident_types.yaml", "standards", rows.AccidentStandard)
        self.types = self.table("accident_types.yaml", "types", rows.AccidentType)
        self.sections = self.table("industries.yaml", "sections", rows.Section)
        self.industries = self.table("industries.yaml", "divisions", rows.IndustryDivision)
        self.sectors = self.table("industries.yaml", "sectors", rows.Sector)
        self.calendar = self.table("calendar.yaml", "years", rows.CalendarYear)
        self.escalations = self.table("escalations.yaml", "escalations", rows.Escalation)
        self.attendance = self.table("onsite.yaml", "attendance", rows.Attendance)
        self.entries = self.table("statistics.yaml", "entries", rows.EntryDeadline)
        self.closures = self.table("statistics.yaml", "closures", rows.ClosureTime)

    def check(self) -> Iterator[Fault]:
        """References between tables, and every source among the instruments."""
        yield from self.unknown_sources(known={row.code for row in self.instruments})
        sectors = {row.code for row in self.sectors}
        named = [(row.code, row.sector) for row in self.industries]
        named += [(row.code, row.sector) for row in self.sections if row.sector is not None]
        for code, sector in named:
            if sector not in sectors:
                yield Fault(file="industries.yaml", entry=code, expected="a known sector")
        yield from self._types()

    def _types(self) -> Iterator[Fault]:
        windows = {row.code for row in self.windows}
        standards = {row.code for row in self.standards}
        for row in self.types:
            if row.window not in windows:
                yield Fault(file="accident_types.yaml", entry=row.code, expected="a known window")
            if row.standard not in standards:
                yield Fault(file="accident_types.yaml", entry=row.code, expected="a known standard")


PACK = National(Path(__file__).parent)

INSTRUMENTS = PACK.instruments
DIVISIONS = PACK.divisions
GRADES = PACK.grades
DEADLINES = PACK.deadlines
REACHES = PACK.reaches
WINDOWS = PACK.windows
FOLLOW_UPS = PACK.follow_ups
SERIOUS_INCIDENTS = PACK.serious
AUTHORITIES = PACK.authorities
ORGANS = PACK.organs
ACCIDENT_STANDARDS = PACK.standards
ACCIDENT_TYPES = PACK.types
INDUSTRY_SECTIONS = PACK.sections
INDUSTRY_DIVISIONS = PACK.industries
SECTORS = PACK.sectors
CALENDAR_YEARS = PACK.calendar
ESCALATIONS = PACK.escalations
ATTENDANCE = PACK.attendance
ENTRIES = PACK.entries
CLOSURES = PACK.closures
