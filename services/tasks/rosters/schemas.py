"""What the rosters room takes and shows. One shape goes out as a workbook and comes in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kernel.problems import Problem
from services.tasks.committees.domain import Capacity
from services.tasks.organisations.schemas import Day, UnitBody


class Statement(BaseModel):
    """What a unit and its posts are from a day on. A post that is left out ends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: UnitBody
    effective_from: Day


class RosterRow(BaseModel):
    """A post with its unit; a unit without posts has one row with none.

    The header of a workbook: these titles, or the names of the fields.
    """

    code: str = Field(title="单位代码")
    name_zh: str = Field(title="单位名称")
    name_en: str = Field(title="单位英文名称")
    kind: str = Field(title="单位类别")
    superior: str | None = Field(None, title="上级单位")
    roles: str | None = Field(None, title="角色")
    post: str | None = Field(None, title="岗位类别")
    label_zh: str | None = Field(None, title="岗位名称")
    label_en: str | None = Field(None, title="岗位英文名称")
    email: str | None = Field(None, title="邮箱")
    telephone: str | None = Field(None, title="电话")


class HolderRow(BaseModel):
    """Somebody in a post; the name as the list of holders shows it.

    Of a term on record a masked name says that it is the same person's. Document, number of
    the person and document of the relief say nothing where they are left out.
    """

    post: str = Field(title="岗位代码")
    name: str = Field(title="姓名")
    person: UUID | None = Field(None, title="人员编号")
    effective_from: date = Field(title="任职日期")
    effective_to: date | None = Field(None, title="任职最后一日")
    document: str | None = Field(None, title="任职文号")
    relief_document: str | None = Field(None, title="免职文号")


class MemberRow(BaseModel):
    """A unit on a committee."""

    committee: str = Field(title="委员会")
    unit: str = Field(title="成员单位")
    capacity: Capacity | None = Field(None, title="身份")
    effective_from: date = Field(title="起始日期")
    effective_to: date | None = Field(None, title="最后一日")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """The rows of a workbook that is given out."""

    units: Sequence[RosterRow]
    holders: Sequence[HolderRow]
    members: Sequence[MemberRow]


class RowFault(BaseModel):
    """What is wrong in one row of a workbook."""

    sheet: str = Field(description="The name of the sheet")
    row: int = Field(description="As a spreadsheet counts: the header is 1")
    column: str = Field(description="The header of the column")
    code: str
    zh: str
    en: str


class RosterReport(BaseModel):
    """What a workbook holds, what is wrong with it, and whether it was stored."""

    effective_from: date
    rows: int
    units: int
    posts: int
    faults: list[RowFault]
    stored: bool
    changed: int = Field(description="Units that are new or differ from what was recorded")
    holders: int = Field(description="Terms in posts that the workbook states")
    holders_changed: int = Field(description="Those that begin or end by it")
    members: int = Field(description="Seats on committees that the workbook states")
    members_changed: int = Field(description="Those that begin or end by it")


class RosterRefused(Problem):
    """Something is wrong in the workbook: nothing of it was stored."""

    status = 422
    title_zh = "工作簿有误，未导入任何内容"
    title_en = "The workbook has faults: nothing of it was stored"
