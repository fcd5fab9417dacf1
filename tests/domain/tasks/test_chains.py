"""A chain as people read it: each unit once, in order, with the reason why."""

from datetime import date
from uuid import UUID
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import chains as pack
from reference import city, regions
from services.tasks.chains import domain
from services.tasks.chains.domain import Basis, Charge, Decided, Named, Part
from services.tasks.chains.domain_picture import Box, Seat, mermaid, svg
from services.tasks.coverage.domain import Kind, Lack, verdict
from services.tasks.decisions.domain import UnknownField, business_of, field, places_of

DAY = date(2023, 6, 1)
COUNTY = "430481"
CITY = city.current().code
FIELDS = [row.code for row in pack.fields(on=DAY)]
ID = UUID("01890000-0000-7000-8000-0000000000dd")
PLACES = [place for place in places_of(CITY) if place != CITY]


def decided(name: str, lead: str | None = None) -> Decided:
    return Decided(
        decision_id=ID, name="密室逃脱", field=name, lead=lead, likened_to="娱乐业", document="1号"
    )


@given(st.sampled_from(FIELDS), st.sampled_from(PLACES))
def test_every_field_is_led_everywhere_and_no_unit_stands_twice(name: str, place: str) -> None:
    answer = domain.with_decision(decided(name), region=place, on=DAY)

    found = domain.links(answer, decided=decided(name), on=DAY)

    assert found[0].part is Part.LEAD
    assert len({link.unit for link in found}) == len(found)
    assert [link.position for link in found] == list(range(1, len(found) + 1))
    order = list(Part)
    assert [link.part for link in found] == sorted((link.part for link in found), key=order.index)


def test_a_link_by_decision_says_so_and_a_territory_does_not() -> None:
    answer = domain.with_decision(decided("tourism"), region=COUNTY, on=DAY)

    found = domain.links(answer, decided=decided("tourism"), on=DAY)

    bases = {link.part: (link.basis, link.decision_id) for link in found}
    assert bases[Part.LEAD] == bases[Part.SUPPORTING] == (Basis.DECISION, ID)
    assert bases[Part.TERRITORIAL] == (Basis.RULE, None)
    assert "业务相近" in found[0].reason_zh
    assert "close to" in found[0].reason_en


def test_the_lead_that_a_decision_names_leads_alone_and_the_others_support() -> None:
    police = f"{COUNTY}.traffic_police"

    answer = domain.with_decision(decided("traffic", police), region=COUNTY, on=DAY)

    assert answer.lead == (police,)
    assert f"{COUNTY}.transport" in answer.supporting
    assert police not in answer.supporting


def test_a_decision_for_a_field_that_the_pack_has_ended_falls_to_the_rest() -> None:
    assert domain.with_decision(decided("gone"), region=COUNTY, on=DAY).field == "others"


def test_whoever_followed_a_unit_stands_in_its_place_once() -> None:
    answer = domain.answering(industry="construction", region=COUNTY, on=DAY)
    old, heir = f"{COUNTY}.housing", f"{COUNTY}.works"
    name = Named(code=heir, name_zh="建设局", name_en="Works", region=COUNTY)

    found = domain.links(
        answer,
        heirs={old: heir, f"{COUNTY}.transport": heir},
        named={heir: name},
        on=DAY,
    )

    mine = [link for link in found if link.unit == heir]
    assert [(link.part, link.followed) for link in mine] == [(Part.LEAD, old)]
    assert old in mine[0].reason_zh
    assert not {old, f"{COUNTY}.transport"} & {link.unit for link in found}


def test_two_leads_in_one_place_contend_and_one_above_does_not() -> None:
    def contenders(industry: str) -> list[str]:
        answer = domain.answering(industry=industry, region=COUNTY, on=DAY)
        return [link.unit for link in domain.contenders(domain.links(answer, on=DAY))]

    assert contenders("construction") == [f"{COUNTY}.housing"]
    assert contenders("road_transport") == [f"{COUNTY}.transport", f"{COUNTY}.traffic_police"]


@pytest.mark.parametrize(
    ("industry", "region", "is_decided", "lack"),
    [
        ("construction", COUNTY, False, None),
        ("密室逃脱", COUNTY, False, Lack.NEW_BUSINESS),
        ("密室逃脱", COUNTY, True, None),
        ("construction", "430112", False, Lack.NO_LEAD),
    ],
)
def test_nobody_answers_for_a_new_business_or_outside_of_the_city(
    industry: str, region: str, is_decided: bool, lack: Lack | None
) -> None:
    answer = domain.answering(industry=industry, region=region, on=DAY)
    found = domain.links(answer, on=DAY)

    seen = verdict(Kind(industry=industry, region=region), found, decided=is_decided)

    assert seen.lack is lack
    assert not seen.contested


def test_a_business_is_found_by_its_code_or_as_one_writes_it() -> None:
    assert business_of("B06") == business_of("煤炭开采和洗选业") == "b06"
    assert business_of(" 密室逃脱 ") == "密室逃脱"


def test_a_decision_holds_below_its_place_parks_included() -> None:
    park = city.current().parks.at(DAY)[0]

    assert park.code in places_of(park.parent)
    assert park.code in places_of(CITY)
    assert places_of(COUNTY) == [COUNTY]
    assert all(regions.region(code) for code in places_of(CITY))


def test_a_field_that_there_is_not_is_refused() -> None:
    assert field("gas", on=DAY).code == "gas"
    with pytest.raises(UnknownField):
        field("alchemy", on=DAY)


HOSTILE = '甲"]<script>&\n'


def boxes(*seats: Seat) -> list[Box]:
    answer = domain.with_decision(decided("tourism"), region=COUNTY, on=DAY)
    links = domain.links(answer, decided=decided("tourism"), on=DAY)
    return [Box(link=link, seats=seats) for link in links]


HEAD = Seat(kind=Charge.PRINCIPAL, holder="张建国")
DEPUTY = Seat(kind=Charge.DEPUTY, holder=None)


@pytest.mark.parametrize("chinese", [True, False])
def test_a_picture_is_valid_and_names_every_unit(chinese: bool) -> None:
    drawn = svg(HOSTILE, boxes(Seat(kind=Charge.DEPUTY, holder=HOSTILE)), chinese=chinese)

    root = ElementTree.fromstring(drawn)
    shown = " ".join(text for text in root.itertext())
    assert HOSTILE.strip() in shown
    for box in boxes():
        assert (box.link.name_zh if chinese else box.link.name_en) in shown


@pytest.mark.parametrize("chinese", [True, False])
def test_a_flow_chart_has_a_node_and_an_arrow_for_every_unit(chinese: bool) -> None:
    drawn = mermaid(HOSTILE, boxes(HEAD, DEPUTY), chinese=chinese).splitlines()

    assert drawn[0] == "flowchart LR"
    assert len(drawn) == 2 + 2 * len(boxes())
    assert '"甲&quot;]&lt;script&gt;&amp; "' in drawn[1]


def test_a_picture_says_on_lines_of_their_own_who_is_in_charge() -> None:
    chart = mermaid("甲", boxes(HEAD, DEPUTY), chinese=True).splitlines()
    english = mermaid("A", boxes(HEAD, DEPUTY), chinese=False).splitlines()

    name = boxes()[0].link.name_zh
    assert chart[2] == f'  u1["{name}<br/>主要负责人：张建国<br/>分管负责人：—"]'
    assert english[2].endswith('<br/>Head: 张建国<br/>Deputy in charge: —"]')


@pytest.mark.parametrize("seats", [(), (HEAD,), (HEAD, DEPUTY)])
def test_boxes_stand_below_each_other_inside_of_the_picture_and_hold_their_lines(
    seats: tuple[Seat, ...],
) -> None:
    root = ElementTree.fromstring(svg("甲", boxes(*seats), chinese=True))
    space = "{http://www.w3.org/2000/svg}"

    bottom = 0
    drawn = root.findall(f"{space}g")[1:]
    assert len(drawn) == len(boxes())
    for group in drawn:
        box = group.find(f"{space}rect")
        assert box is not None
        top, high = int(box.attrib["y"]), int(box.attrib["height"])
        lines = [int(text.attrib["y"]) for text in group.findall(f"{space}text")]
        assert top > bottom
        assert len(lines) == len(set(lines)) == 2 + len(seats)
        assert top < min(lines) < max(lines) < top + high
        bottom = top + high
    assert bottom < int(root.attrib["viewBox"].split()[3])


def test_a_unit_s_head_comes_before_its_deputies_and_other_posts_are_not_in_charge() -> None:
    found = domain.in_charge_of_pack(f"{COUNTY}.emergency", on=DAY)

    assert [(one.post, one.kind) for one in found] == [
        (f"{COUNTY}.emergency.principal", Charge.PRINCIPAL),
        (f"{COUNTY}.emergency.deputy", Charge.DEPUTY),
    ]
    assert found[1].label_zh.endswith("分管负责人")


def test_a_picture_of_nobody_is_still_one() -> None:
    assert ElementTree.fromstring(svg("甲", [], chinese=True)).tag.endswith("svg")
