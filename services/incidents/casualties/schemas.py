"""What is sent about casualties, and how they are shown: masked, but for a disclosure."""

from collections.abc import Iterable
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError
from stdnum.cn import ric

from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.accidents.tables import Accident
from services.incidents.casualties import domain
from services.incidents.casualties.domain import Action, Compared, State
from services.incidents.casualties.tables import Casualty

_RESIDENT_DIGITS = 18


def _plausible(number: str) -> str:
    """Eighteen characters are a resident's number and must check (GB 11643); others pass."""
    if len(number) == _RESIDENT_DIGITS and not ric.is_valid(number):
        raise PydanticCustomError(
            "id_number_not_valid",
            "{en}",
            {"zh": "居民身份证号码校验不通过", "en": "the check of the resident number fails"},
        )
    return number


def _opening(state: State) -> State:
    if state not in domain.OPENING:
        raise PydanticCustomError(
            "state_not_opening",
            "{en}",
            {"zh": "不能以该状态登记人员", "en": "nobody is listed in this state"},
        )
    return state


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
IdNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[0-9A-Za-z()（）-]{5,24}$"),
    AfterValidator(_plausible),
]
Hospital = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class NewCasualty(BaseModel):
    """Somebody to list."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: Name
    id_number: IdNumber | None = Field(
        None, description="A resident identity number or that of another document."
    )
    hospital: Hospital | None = None
    state: Annotated[State, AfterValidator(_opening)]


class CasualtyChange(BaseModel):
    """What has become of somebody, or what was wrongly written. What is left out stays."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    version: int = Field(ge=1, description="The version this change was made from.")
    action: Action | None = None
    name: Name | None = None
    id_number: IdNumber | None = None
    hospital: Hospital | None = None


class Disclosure(BaseModel):
    """Why somebody must see who the casualties are. The reason is kept in the audit trail."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=500)]


MaskedName = Annotated[str, BeforeValidator(domain.masked_name)]
MaskedNumber = Annotated[str, BeforeValidator(domain.masked_id_number)]


class CasualtyView(BaseModel):
    """Somebody listed: the identity is masked, the hospital is not shown."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    state: State
    name: MaskedName
    id_number: MaskedNumber | None
    changed_at: ShanghaiTime


class CasualtyVersionView(BaseModel):
    """One state of an entry, masked."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    state: State
    action: Action | None
    name: MaskedName
    id_number: MaskedNumber | None
    changed_by: str
    unit: str | None
    changed_at: ShanghaiTime


class CasualtyHistory(BaseModel):
    """How an entry came to be as it is, oldest first."""

    items: list[CasualtyVersionView]


class ComparedView(BaseModel):
    """People listed against the figure reported."""

    model_config = ConfigDict(from_attributes=True)

    state: State
    listed: int
    reported: int
    difference: int = Field(description="Above zero: more are listed than were reported.")


class CasualtyList(BaseModel):
    """Everybody listed, and whether they are as many as were reported."""

    accident_id: UUID
    items: list[CasualtyView]
    compared: list[ComparedView]
    agrees: bool

    @classmethod
    def of(cls, accident: Accident, people: Iterable[Casualty]) -> Self:
        """The list of an accident, masked."""
        items = [CasualtyView.model_validate(person) for person in people]
        compared = domain.compare((item.state for item in items), reported(accident))
        return cls(
            accident_id=accident.id,
            items=items,
            compared=[ComparedView.model_validate(one) for one in compared],
            agrees=_agree(compared),
        )


def _agree(compared: Iterable[Compared]) -> bool:
    return not any(one.difference for one in compared)


def reported(accident: Accident) -> dict[str, int]:
    """The figures people are compared with: the late dead are dead, too, though not counted."""
    figures = {figure: getattr(accident, figure) for figure in domain.COUNTED.values()}
    return figures | {"deaths": accident.deaths + accident.late_deaths}


class CasualtyIdentity(BaseModel):
    """Somebody listed, in full."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    state: State
    name: str
    id_number: str | None
    hospital: str | None


class Disclosed(BaseModel):
    """Who the casualties are."""

    accident_id: UUID
    items: list[CasualtyIdentity]
