"""Whom a plan means by a name: units by their names and aliases, groups by what they are called."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from reference.cityrows import EnterpriseGroup
from reference.units import Unit

# Words that plans everywhere use for many units at once.
_GROUPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (
            r"(?:[市州盟区县])?安委会?(?:各|相关|有关|各有关|各相关)?成员单位|各?(?:有关|相关)?成员单位",
            "city:member_unit",
        ),
        (r"(?:[市州盟区县])?安委会(?:相关|有关|各相关|各有关)部门", "city:industry_authority"),
        (
            r"(?:各|市级)*(?:负有|承担|具有)安全(?:生产)?(?:监督管理|监管)职责的?(?:有关|各)?(?:部门|单位)"
            r"(?:和单位)?",
            "city:regulator",
        ),
        (
            r"(?:市级?|市直)?(?:各|相关|有关|各有关|各相关)+(?:部门|单位|部门和单位|职能部门)",
            "city:regulator",
        ),
        (r"(?:各)?(?:行业主管|行业监管|主管)部门", "city:industry_authority"),
        (
            r"(?:各)?(?:专业安委会|专委会|安全生产专业委员会|专业委员会|专业安委会办公室|专委办|专委会办公室)"
            r"(?:及其成员单位)?",
            "city:special_committee",
        ),
        (r"(?:各)?(?:产业|工业)?(?:园区|开发区)(?:管委会|管理委员会)", "park:park_committee"),
        (
            r"(?:各)?(?:县市区|县\(市、区\)|区县|县区|市县区|旗县区|县市)(?:人民政府|政府|党委政府)?"
            r"(?:\(园区\))?",
            "county:government",
        ),
        (
            r"(?:各)?(?:乡镇|乡镇\(街道\)|镇街|街镇|镇\(街道\))(?:人民政府|政府|办事处)?",
            "township:government",
        ),
    )
)
_LOOKS_LIKE_UNIT = re.compile(
    r"(?:局|委|办|厅|部|会|队|院|司|中心|公司|处|单位|部门|政府|站|所|集团|学校|大学|银行|支行|党校|团市委|妇联|工会|海关)$"
)


@dataclass(frozen=True, slots=True)
class Names:
    """Every name of a city's units on a day, and its groups of enterprises."""

    units: Mapping[str, tuple[str, ...]]
    """Name or alias to the codes of all units that bear it."""
    enterprises: tuple[tuple[str, str], ...]
    """What a group of enterprises is called, longest first, and its subject."""

    def resolve(self, name: str) -> tuple[str, ...]:
        """The codes that a name may mean: one, several when it is ambiguous, or none."""
        codes = self.units.get(name)
        if codes:
            return codes
        return tuple(meaning for pattern, meaning in _GROUPS if pattern.fullmatch(name))[:1]


def names(
    units: Iterable[Unit], groups: Iterable[EnterpriseGroup] = (), *, city: str, place: str
) -> Names:
    """The names that a plan of a city may use: full, by alias, and short as the city writes them.

    `city` is the code of its division, `place` its name in Chinese.
    """
    found: dict[str, dict[str, None]] = {}
    given = list(units)
    for unit in given:
        for name in (unit.zh, *unit.aliases):
            found.setdefault(name, {})[unit.code] = None
    for unit in given:
        if unit.region == city and unit.township is None and unit.zh.startswith(place):
            # 某某市教育局 is written 市教育局 in the city's own plan, unless that means another.
            short = place[-1] + unit.zh.removeprefix(place)
            found.setdefault(short, {unit.code: None})
    spoken = ((row.zh, f"enterprise:{row.code}") for row in groups)
    return Names(
        units={name: tuple(codes) for name, codes in found.items()},
        enterprises=tuple(sorted(spoken, key=lambda pair: -len(pair[0]))),
    )


def looks_like_unit(name: str) -> bool:
    """Whether words name an organ, known or not."""
    return bool(_LOOKS_LIKE_UNIT.search(name))


_SPOKEN: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern), meanings)
    for pattern, meanings in (
        (
            r"党委\(?(?:党组\))?主要负责人|党委书记",
            (
                "city:party_committee_principal",
                "county:party_committee_principal",
                "township:party_committee_principal",
            ),
        ),
        (
            r"政府主要负责人|市长|县长",
            (
                "city:government_principal",
                "county:government_principal",
                "township:government_principal",
            ),
        ),
        (
            r"各级党委(?!.{0,3}政府)",
            ("city:party_committee", "county:party_committee", "township:party_committee"),
        ),
        (
            r"党委政府|党政领导",
            (
                "city:party_committee",
                "county:party_committee",
                "township:party_committee",
                "city:government",
                "county:government",
                "township:government",
            ),
        ),
        (
            r"各级政府(?!主要)|政府常务副职",
            ("city:government", "county:government", "township:government"),
        ),
        (r"专委会|专业委员会|专业安委会", ("city:special_committee", "county:special_committee")),
        (r"安委办|安委会办公室", ("city:committee_office", "county:committee_office")),
        (r"各级安委会(?!办公室|成员)", ("city:safety_committee", "county:safety_committee")),
        (r"监管职责的?部门|监管部门", ("city:regulator", "county:regulator")),
        (r"行业主管部门", ("city:industry_authority", "county:industry_authority")),
        (r"成员单位", ("city:member_unit",)),
        (r"县市区|区县|县区", ("county:government",)),
        (r"园区|开发区", ("park:park_committee",)),
        (r"乡镇|街道", ("township:government",)),
    )
)


def subjects(words: str, known: Names) -> tuple[str, ...]:
    """Whom a sentence itself calls upon; whoever leads and supports where it calls upon nobody."""
    spoken = chain.from_iterable(meanings for pattern, meanings in _SPOKEN if pattern.search(words))
    found = dict.fromkeys(spoken)
    rest = words
    for name, subject in known.enterprises:
        if name in rest:
            rest = rest.replace(name, "")
            found[subject] = None
    if "企业" in rest and not any(subject.startswith("enterprise:") for subject in found):
        everyone = re.search(
            r"(?:所有|各类?|全体)?(?:生产经营单位|企业)(?:要|应当|必须|都要|主要负责人)", rest
        )
        if everyone:
            found["enterprise:enterprise"] = None
    return tuple(found) or ("city:involved",)
