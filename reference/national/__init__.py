"""The national pack: divisions, grades, reporting, authorities, types, industries, calendar.

Each name below is a table whose rows carry their article and the days they are in force.
"""

from collections.abc import Iterator
from pathlib import Path

from reference.national import evidencerows, rows, rows_figures, rows_statistics
from reference.national import rows_supervisions as supervision
from reference.packs import Pack
from reference.reading import Fault

_SUPERVISIONS = "supervisions.yaml"


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
        self.notices = self.table("reporting.yaml", "notices", rows.Notice)
        self.follow_ups = self.table("reporting.yaml", "follow_ups", rows.FollowUps)
        self.serious = self.table("reporting.yaml", "serious_incidents", rows.SeriousIncident)
        self.contents = self.table("contents.yaml", "contents", rows.Content)
        self.resemblances = self.table("resemblance.yaml", "resemblances", rows.Resemblance)
        self.authorities = self.table("authorities.yaml", "authorities", rows.Authority)
        self.fact_finders = self.table("authorities.yaml", "fact_finders", rows.FactFinder)
        self.organs = self.table("authorities.yaml", "organs", rows.Organ)
        self.standards = self.table("accident_types.yaml", "standards", rows.AccidentStandard)
        self.types = self.table("accident_types.yaml", "types", rows.AccidentType)
        self.sections = self.table("industries.yaml", "sections", rows.Section)
        self.industries = self.table("industries.yaml", "divisions", rows.IndustryDivision)
        self.sectors = self.table("industries.yaml", "sectors", rows.Sector)
        self.calendar = self.table("calendar.yaml", "years", rows.CalendarYear)
        self.escalations = self.table("escalations.yaml", "escalations", rows.Escalation)
        self.attendance = self.table("onsite.yaml", "attendance", rows.Attendance)
        self.team_organs = self.table("aftermath.yaml", "team_organs", rows.TeamOrgan)
        self.report_signers = self.table("aftermath.yaml", "report_signers", rows.ReportSigner)
        self.clocks = self.table("aftermath.yaml", "clocks", rows.Clock)
        self.limits = self.table("investigations.yaml", "limits", rows.InvestigationLimit)
        self.supervisions = self.table(
            "investigations.yaml", "supervisions", rows.ListedSupervision
        )
        self.thresholds = self.table("thresholds.yaml", "thresholds", rows.Threshold)
        self.lead_signs = self.table("leads.yaml", "signs", rows.LeadSign)
        self.lead_checks = self.table("leads.yaml", "checks", rows.LeadCheck)
        self.strike_offs = self.table(
            "qualification.yaml", "strike_offs", rows_statistics.StrikeOff
        )
        self.entries = self.table("statistics.yaml", "entries", rows_statistics.EntryDeadline)
        self.left_out = self.table("statistics.yaml", "left_out", rows_statistics.LeftOut)
        self.order_limits = self.table("orders.yaml", "limits", rows.OrderLimit)
        self.matters = self.table("orders.yaml", "matters", rows.Matter)
        self.repeats = self.table("orders.yaml", "repeats", rows.Repeat)
        self.supervision_rules = self.table(
            "supervisions.yaml", "kinds", supervision.SupervisionRule
        )
        self.supervision_limits = self.table(
            "supervisions.yaml", "limits", supervision.SupervisionLimit
        )
        self.supervision_climbs = self.table(
            "supervisions.yaml", "climbs", supervision.SupervisionClimb
        )
        self.activities = self.table("evidence.yaml", "activities", evidencerows.Activity)
        self.evidence_limits = self.table("evidence.yaml", "limits", evidencerows.EvidenceLimit)
        self.decisions = self.table("evidence.yaml", "decisions", evidencerows.DecisionLimit)
        self.credits = self.table("evidence.yaml", "credits", evidencerows.CreditRule)
        self.figures = self.table("figures.yaml", "figures", rows_figures.FigureRule)
        self.feeds = self.table("reminders.yaml", "feeds", rows_figures.FeedRule)
        self.digests = self.table("reminders.yaml", "digests", rows_figures.DigestRule)

    def check(self) -> Iterator[Fault]:
        """References between tables, and every source among the instruments."""
        yield from self.unknown_sources(known={row.code for row in self.instruments})
        sectors = {row.code for row in self.sectors}
        named = [(row.code, row.sector) for row in self.industries]
        named += [(row.code, row.sector) for row in self.sections if row.sector is not None]
        for code, sector in named:
            if sector not in sectors:
                yield Fault(file="industries.yaml", entry=code, expected="a known sector")
        for matter in self.matters:
            if matter.sector is not None and matter.sector not in sectors:
                yield Fault(file="orders.yaml", entry=matter.code, expected="a known sector")
        for figure in self.figures:
            if not sectors.issuperset(figure.sectors):
                yield Fault(file="figures.yaml", entry=figure.code, expected="known sectors")
        yield from self._types()

    def _types(self) -> Iterator[Fault]:
        windows = {row.code for row in self.windows}
        standards = {row.code for row in self.standards}
        for row in self.types:
            if row.window not in windows:
                yield Fault(file="accident_types.yaml", entry=row.code, expected="a known window")
            if row.standard not in standards:
                yield Fault(file="accident_types.yaml", entry=row.code, expected="a known standard")
        kinds = {row.code for row in self.types}
        for found in self.fact_finders:
            if found.accident_type not in kinds:
                yield Fault(
                    file="authorities.yaml", entry=found.accident_type, expected="a known kind"
                )


PACK = National(Path(__file__).parent)

INSTRUMENTS = PACK.instruments
DIVISIONS = PACK.divisions
GRADES = PACK.grades
DEADLINES = PACK.deadlines
REACHES = PACK.reaches
WINDOWS = PACK.windows
NOTICES = PACK.notices
FOLLOW_UPS = PACK.follow_ups
SERIOUS_INCIDENTS = PACK.serious
CONTENTS = PACK.contents
RESEMBLANCES = PACK.resemblances
AUTHORITIES = PACK.authorities
FACT_FINDERS = PACK.fact_finders
ORGANS = PACK.organs
ACCIDENT_STANDARDS = PACK.standards
ACCIDENT_TYPES = PACK.types
INDUSTRY_SECTIONS = PACK.sections
INDUSTRY_DIVISIONS = PACK.industries
SECTORS = PACK.sectors
CALENDAR_YEARS = PACK.calendar
ESCALATIONS = PACK.escalations
ATTENDANCE = PACK.attendance
TEAM_ORGANS = PACK.team_organs
REPORT_SIGNERS = PACK.report_signers
CLOCKS = PACK.clocks
INVESTIGATION_LIMITS = PACK.limits
LISTED_SUPERVISIONS = PACK.supervisions
THRESHOLDS = PACK.thresholds
LEAD_SIGNS = PACK.lead_signs
LEAD_CHECKS = PACK.lead_checks
STRIKE_OFFS = PACK.strike_offs
ENTRIES = PACK.entries
LEFT_OUT = PACK.left_out
ORDER_LIMITS = PACK.order_limits
MATTERS = PACK.matters
REPEATS = PACK.repeats
SUPERVISION_RULES = PACK.supervision_rules
SUPERVISION_LIMITS = PACK.supervision_limits
SUPERVISION_CLIMBS = PACK.supervision_climbs
ACTIVITIES = PACK.activities
EVIDENCE_LIMITS = PACK.evidence_limits
DECISIONS = PACK.decisions
CREDITS = PACK.credits
FIGURES = PACK.figures
FEEDS = PACK.feeds
DIGESTS = PACK.digests
