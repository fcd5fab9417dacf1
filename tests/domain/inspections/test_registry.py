"""An enterprise is registered in a county or park, in an industry that somebody knows."""

import pytest

from kernel.problems import InvalidPayload
from reference import city
from services.inspections.registry import domain
from services.inspections.registry.domain import NewEnterprise


def enterprise(region: str = "430481", industry: str = "B10") -> NewEnterprise:
    return NewEnterprise(uscc="x", name="演示矿业", region=region, industry=industry)


@pytest.mark.parametrize("written", ["B10", "10", "noncoal_mining"])
def test_an_industry_is_known_by_its_code_or_name(written: str) -> None:
    assert domain.industry_of(enterprise(industry=written)).sector == "noncoal_mining"


def test_an_unknown_industry_is_refused_by_its_field() -> None:
    with pytest.raises(InvalidPayload) as refused:
        domain.industry_of(enterprise(industry="alchemy"))
    assert [fault.pointer for fault in refused.value.faults] == ["/industry"]


def test_an_enterprise_of_a_park_lies_in_the_park_s_county() -> None:
    park = city.current().parks[0]
    assert domain.county_of(enterprise(park.code)) == park.parent
    assert domain.county_of(enterprise("430481")) == "430481"


@pytest.mark.parametrize("region", ["430400", "430000"])
def test_an_enterprise_is_not_registered_in_a_city_or_province(region: str) -> None:
    with pytest.raises(InvalidPayload) as refused:
        domain.county_of(enterprise(region))
    assert [fault.pointer for fault in refused.value.faults] == ["/region_code"]
