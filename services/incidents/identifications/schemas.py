"""How it is said whose an accident is."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.identifiers import Uscc


class NewIdentification(BaseModel):
    """The enterprise, and how the desk knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enterprise_uscc: Uscc
    why: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")] = Field(
        description="How it was found out; the enterprise may read it."
    )
