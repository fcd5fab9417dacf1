"""What the registry holds of an enterprise. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from kernel.problems import FieldFault, InvalidPayload
from reference import industries, regions
from reference.industries import Industry
from reference.terms import Level, Risk, Supervision


class FlagReason(StrEnum):
    """Why an enterprise is under special attention."""

    ACCIDENT = "accident"  # 发生生产安全事故


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEnterprise:
    """An enterprise as somebody registers it; `region` is the park where it lies in one."""

    uscc: str
    name: str
    region: str
    industry: str
    risk: Risk | None = None
    supervision: Supervision | None = None
    lon: float | None = None
    lat: float | None = None
    groups: tuple[str, ...] = ()


def industry_of(enterprise: NewEnterprise) -> Industry:
    """Its industry, or a refusal that names what is expected."""
    found = industries.resolve(enterprise.industry)
    if found is None:
        raise InvalidPayload(
            FieldFault(
                pointer="/industry",
                code="industry_unknown",
                zh=f"没有行业“{enterprise.industry}”，应为 GB/T 4754 代码或名称",
                en=f"no industry {enterprise.industry!r}: expected a code or name of GB/T 4754",
            )
        )
    return found


def county_of(enterprise: NewEnterprise) -> str:
    """The county it lies in, or a refusal: an enterprise is registered in a county or park."""
    place = regions.region(enterprise.region)
    if place.level is not Level.COUNTY:
        raise InvalidPayload(
            FieldFault(
                pointer="/region_code",
                code="region_not_county",
                zh=f"“{place.zh}”不是县级行政区或园区，企业应登记到县级行政区或园区",
                en=f"{place.en} is neither a county nor a park: expected one",
            )
        )
    return place.parent if place.park and place.parent else place.code
