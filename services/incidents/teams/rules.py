"""Which organs must sit on a team."""

from collections.abc import Collection
from datetime import date

from reference import national
from reference.national.rows import TeamOrgan
from reference.terms import Regime


def missing_organs(
    *, joined: Collection[str], asked: Collection[str], regime: Regime, on: date
) -> tuple[TeamOrgan, ...]:
    """Every organ the law names has somebody on the team (Decree 493, 22).

    The procuratorate need only have been asked; experts may be missing; the organ that convenes
    the team of a coal mine sits on it. `joined` and `asked` are codes of organs, of those who
    sit on the team and of those invited.
    """
    present = {"required": set(joined), "invited": {*joined, *asked}}
    return tuple(
        row
        for row in national.TEAM_ORGANS.at(on)
        if regime in row.regimes
        and row.presence in present
        and row.code not in present[row.presence]
    )
