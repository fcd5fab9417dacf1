"""What the coverage room shows."""

from collections.abc import Callable, Mapping

from pydantic import BaseModel, Field

from services.tasks.chains.tables import Entry
from services.tasks.coverage.domain import REASONS, Kind, Lack, Verdict


class GapView(BaseModel):
    """An enterprise that nobody answers for."""

    uscc: str = Field(title="统一社会信用代码")
    name: str = Field(title="企业名称")
    region_code: str = Field(title="行政区划")
    industry: str = Field(title="行业")
    lack: Lack = Field(title="缺口类型")
    reason_zh: str = Field(title="原因")
    reason_en: str = Field(title="原因（英文）")

    @classmethod
    def by(cls, found: Mapping[Kind, Verdict]) -> Callable[[Entry], "GapView"]:
        """Makes the view of an enterprise by the verdicts."""

        def shown(row: Entry) -> GapView:
            lack = found[Kind(industry=row.industry, region=row.region_code)].lack
            assert lack is not None
            zh, en = REASONS[lack]
            return cls(lack=lack, reason_zh=zh, reason_en=en, **_facts(row))

        return shown


class OverlapView(BaseModel):
    """An enterprise that several lead."""

    uscc: str = Field(title="统一社会信用代码")
    name: str = Field(title="企业名称")
    region_code: str = Field(title="行政区划")
    industry: str = Field(title="行业")
    leads: list[str] = Field(title="牵头单位")

    @classmethod
    def by(cls, found: Mapping[Kind, Verdict]) -> Callable[[Entry], "OverlapView"]:
        """Makes the view of an enterprise by the verdicts."""

        def shown(row: Entry) -> OverlapView:
            verdict = found[Kind(industry=row.industry, region=row.region_code)]
            return cls(leads=list(verdict.leads), **_facts(row))

        return shown


def _facts(row: Entry) -> dict[str, str]:
    return {
        "uscc": row.uscc,
        "name": row.name,
        "region_code": row.region_code,
        "industry": row.industry,
    }
