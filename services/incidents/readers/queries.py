"""Finding who opened an accident."""

from uuid import UUID

from sqlalchemy import Select, select

from kernel.listing import Listing, equals, one_of
from services.incidents.readers.domain import Part
from services.incidents.readers.tables import Reading

READERS = Listing(
    "accident-readers",
    key=Reading.id,
    sorts={"last_at": Reading.last_at},
    default="-last_at",
    filters={
        "part": one_of(Reading.part, Part, "查看内容 / parts"),
        "subject": equals(Reading.subject, str, "账号 / account"),
    },
)


def of_accident(accident_id: UUID) -> Select[Reading]:
    """Every reading of one accident."""
    return select(Reading).where(Reading.accident_id == accident_id)
