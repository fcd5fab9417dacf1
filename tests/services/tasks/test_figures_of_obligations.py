"""How many obligations were done in time, of those that somebody owed."""

from dataclasses import replace

from kernel import calendar
from reference import figures as pack
from reference.terms import DutyKind
from services.tasks.figures import queries_duties
from services.tasks.measures import queries, queries_sets
from services.tasks.measures.queries import Asked
from services.tasks.obligations.domain import Status
from tests.services.stage import Stage
from tests.services.tasks import measured, scoring
from tests.services.tasks.hotline import at
from tests.services.tasks.measured import COUNTY_GOVERNMENT, FIRST, LAST, YEAR_END

YEAR_BEGINS = calendar.opens_at(FIRST)
USCC = "91430481MA4T00019M"


async def test_a_rate_is_of_what_is_done_or_late_and_was_owed(tasks: Stage) -> None:
    await measured.planned(tasks)
    row = await measured.asked(tasks, "6.5", DutyKind.RATE_TARGET, unit=COUNTY_GOVERNMENT)
    due = at(5, 10)
    for owner in ({}, {"unit": None, "enterprise_uscc": USCC, "subject": USCC}):
        told = {
            "kept": scoring.duty(COUNTY_GOVERNMENT, due=due, closed=at(5, 1)),
            "missed": scoring.duty(COUNTY_GOVERNMENT, due=due, overdue=due),
            "accepted after the deadline": scoring.duty(
                COUNTY_GOVERNMENT, due=due, closed=at(5, 20)
            ),
            "done after it": scoring.duty(
                COUNTY_GOVERNMENT, due=due, closed=at(5, 20), overdue=due
            ),
            "waits": scoring.duty(COUNTY_GOVERNMENT, due=due, status=Status.SUBMITTED),
            "excused": scoring.duty(
                COUNTY_GOVERNMENT, due=due, closed=at(5, 1), status=Status.EXCUSED
            ),
            "superseded": scoring.duty(
                COUNTY_GOVERNMENT, due=due, closed=at(5, 1), status=Status.SUPERSEDED
            ),
            "missed as the year began": scoring.duty(
                COUNTY_GOVERNMENT, due=YEAR_BEGINS, overdue=YEAR_BEGINS
            ),
            "kept as the year ends": scoring.duty(COUNTY_GOVERNMENT, due=YEAR_END, closed=due),
            "missed as the year ends, and not found yet": scoring.duty(
                COUNTY_GOVERNMENT, due=YEAR_END
            ),
        }
        for obligation in told.values():
            for name, value in owner.items():
                setattr(obligation, name, value)
        await scoring.stored(tasks, told.values())

    async with tasks.work() as session:
        how = replace(
            await queries_duties.measured(session, row),
            rule=pack.rule("obligation_done_on_time_rate", on=FIRST),
        )
        asked = Asked(row=row, measured=how, on=LAST, now=YEAR_END)
        of_unit = await queries.known(session, asked)
        of_enterprises = await queries_sets.known(session, how, [USCC])

    for found in (of_unit, of_enterprises[USCC]):
        assert (found.numerator, found.denominator) == (3, 6)
