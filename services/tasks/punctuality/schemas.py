"""How figures of units are shown."""

from decimal import Decimal
from typing import Self

from pydantic import BaseModel, Field

from services.tasks.punctuality import rules


class Share(BaseModel):
    """A numerator over a denominator, and their ratio: null where nothing fell due."""

    numerator: int
    denominator: int
    rate: Decimal | None

    @classmethod
    def of(cls, numerator: int, denominator: int) -> Self:
        """The share of two counts."""
        return cls(
            numerator=numerator,
            denominator=denominator,
            rate=rules.rate(numerator, denominator),
        )


class UnitFigures(BaseModel):
    """One unit in one period."""

    unit: str = Field(description="The unit that held the parts that are counted")
    signed: Share = Field(description="Signed for in time, of those to be signed for by now")
    answered: Share = Field(
        description="Answered in time, of those due by now. What waits for other units or for a"
        " decision, and what was returned, is in neither; an extension moves what is due"
    )
    returned: Share = Field(description="Returns that were accepted, of those sent")
    satisfied: Share = Field(description="Satisfied callers, of those who said so or not")
    redone: Share = Field(description="Handled again, of the return visits made")
    extended: int = Field(description="Parts due in the period whose time was extended")
