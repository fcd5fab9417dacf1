"""What the organisations room shows."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from contracts.identifiers import check_region
from reference import regions
from reference import units as pack
from reference.terms import UnitKind
from services.tasks.organisations import domain_contacts as contacts
from services.tasks.organisations.domain import NewUnit, PostFacts, UnitFacts

UNIT_CODE = r"^\d{6}\.[a-z][a-z0-9_]{0,60}$"


def _check_address(value: str) -> str:
    if not contacts.is_address(value):
        zh, en = "应为电子邮箱地址", "expected an e-mail address"
        raise PydanticCustomError("email_not_valid", "{zh} {en}", {"zh": zh, "en": en})
    return value


def _check_telephone(value: str) -> str:
    if contacts.is_mobile(value):
        zh = "应为办公电话：手机号码属于个人，不随岗位"
        en = "expected an office's line: a mobile number is a person's, not a post's"
        raise PydanticCustomError("telephone_of_a_person", "{zh} {en}", {"zh": zh, "en": en})
    if not contacts.is_office_line(value):
        zh, en = "应为固定电话或短号", "expected a landline or a short number"
        raise PydanticCustomError("telephone_not_valid", "{zh} {en}", {"zh": zh, "en": en})
    return value


def _check_place(value: str) -> str:
    check_region(value.partition(".")[0])
    return value


def _check_role(value: str) -> str:
    known = pack.stated_roles()
    if value not in {row.code for row in known}:
        codes = ", ".join(row.code for row in known)
        named = "、".join(f"{row.zh}（{row.code}）" for row in known)
        zh = f"没有可登记的角色“{value}”，应为下列之一：{named}"
        en = f"no role that can be recorded is called {value!r}: expected one of {codes}"
        raise PydanticCustomError("role_unknown", "{zh} {en}", {"zh": zh, "en": en})
    return value


Day = Annotated[date, Field(ge=date(1949, 10, 1), le=date(2199, 12, 31))]
"""A day on which something begins or ends: none so far off that it must be a slip."""

Address = Annotated[str, AfterValidator(_check_address)]
Telephone = Annotated[str, AfterValidator(_check_telephone)]
UnitCode = Annotated[str, Field(pattern=UNIT_CODE), AfterValidator(_check_place)]
Role = Annotated[str, Field(max_length=60), AfterValidator(_check_role)]
_Name = Annotated[str, Field(min_length=1, max_length=200)]


class Contact(BaseModel):
    """How a post is reached from a day on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Address | None = None
    telephone: Telephone | None = Field(None, description="An office's line, never a mobile")
    effective_from: Day


class PostBody(BaseModel):
    """A post of a unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
    label_zh: _Name
    label_en: _Name
    email: Address | None = None
    telephone: Telephone | None = None


class UnitBody(BaseModel):
    """A unit as somebody states it. Place and level are those of its code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: UnitCode = Field(description="`<region>.<slug>`")
    name_zh: _Name
    name_en: _Name
    kind: UnitKind
    roles: Annotated[tuple[Role, ...], Field(max_length=50)] | None = Field(
        None,
        description="By which groups plans may mean it, other than members of the committee, "
        "which seats tell. Null: as the packs say; empty: by none",
    )
    posts: Annotated[tuple[PostBody, ...], Field(max_length=50)] = ()

    def stated(self) -> NewUnit:
        """The unit with its posts, as the registry takes it."""
        region = regions.region(self.code.partition(".")[0])
        return NewUnit(
            facts=UnitFacts(
                code=self.code,
                name_zh=self.name_zh,
                name_en=self.name_en,
                region_code=region.code,
                level=region.level.value,
                kind=self.kind.value,
                roles=None if self.roles is None else tuple(sorted(set(self.roles))),
            ),
            posts=tuple(self._post(post) for post in self.posts),
        )

    def _post(self, post: PostBody) -> PostFacts:
        return PostFacts(code=f"{self.code}.{post.kind}", unit=self.code, **post.model_dump())


class UnitView(BaseModel):
    """A unit as it was on the day asked about."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(title="单位代码", description="`<region>.<slug>`")
    name_zh: str = Field(title="名称")
    name_en: str = Field(title="英文名称")
    region_code: str = Field(title="行政区划", description="GB/T 2260 division or park")
    level: str = Field(title="层级", description="county, city, province or national")
    kind: str = Field(title="类别")
    roles: list[str] | None = Field(
        title="角色",
        description="By which groups plans may mean it, as an office said. "
        "Null: as the packs say; empty: by none",
    )
    effective_from: date = Field(title="起效日期")
    effective_to: date | None = Field(title="失效日期", description="Last day on which it is so")


class PostView(BaseModel):
    """A post of a unit; who holds it is not told here."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(title="岗位代码")
    unit: str = Field(title="单位代码")
    kind: str = Field(title="岗位类别")
    label_zh: str = Field(title="岗位名称")
    label_en: str = Field(title="岗位英文名称")
    telephone: str | None = Field(title="电话")


class UnitDetail(UnitView):
    """A unit with its posts, and everything it has been."""

    posts: list[PostView]
    history: list[UnitView]


class PlaceView(BaseModel):
    """A place with its units, and the places below it."""

    region_code: str
    name_zh: str
    name_en: str
    park: bool = Field(description="A park also counts in the county it lies in")
    units: list[UnitView]
    below: list["PlaceView"]


class TotalsView(BaseModel):
    """Figures in two trees; a park stands in both, and once in the total."""

    on: date
    ranked: dict[str, int] = Field(description="By place: parks beside counties")
    territory: dict[str, int] = Field(description="By place with all below: parks in counties")
    total: int
