"""What enterprises are called, as inspections last told."""

from sqlalchemy.orm import Mapped, mapped_column

from services.incidents.base import Base


class KnownEnterprise(Base):
    """The name of an enterprise, to find its accidents by."""

    __tablename__ = "known_enterprise"

    enterprise_uscc: Mapped[str] = mapped_column(primary_key=True)
    region_code: Mapped[str]
    name: Mapped[str]
