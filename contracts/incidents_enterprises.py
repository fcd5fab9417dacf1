"""What incidents tells of whose an accident is."""

from typing import ClassVar

from pydantic import AwareDatetime

from contracts.incidents import AccidentFact, Toll
from reference.terms import Grade


class AccidentIdentified(AccidentFact):
    """It is known now whose an accident is that was reported without a credit code.

    Facts told before named no enterprise; whoever asks, flags or counts by it begins here.
    """

    subject: ClassVar[str] = "incidents.accident.identified.v1"

    enterprise_uscc: str
    happened_at: AwareDatetime
    industry: str | None = None
    """The trade as reported; None: that of the enterprise is to be asked for."""
    grade: Grade
    toll: Toll
