"""When nobody answers for an enterprise, and when two do. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from reference import industries
from services.tasks.chains import domain as chains
from services.tasks.chains.domain import Link


class Lack(StrEnum):
    """Why nobody answers."""

    NEW_BUSINESS = "new_business"  # 新业态未定牵头单位
    NO_LEAD = "no_lead"  # 无牵头单位


REASONS = {
    Lack.NEW_BUSINESS: (
        "行业目录中没有该业态，也无牵头决定",
        "No catalogue names this kind of business, and no decision says who leads it",
    ),
    Lack.NO_LEAD: ("没有存续的牵头单位", "No unit that leads it stands"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What enterprises are answered for by: what they do, and where."""

    industry: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a kind of enterprise is answered for by one."""

    lack: Lack | None
    leads: tuple[str, ...]
    """The units that lead it from nearest by."""

    @property
    def contested(self) -> bool:
        """Whether two lead it."""
        return len(self.leads) > 1


def verdict(kind: Kind, links: tuple[Link, ...], *, decided: bool) -> Verdict:
    """Whether nobody, one or several answer for a kind of enterprise."""
    leads = tuple(link.unit for link in chains.contenders(links))
    if not leads:
        return Verdict(lack=Lack.NO_LEAD, leads=())
    unknown = industries.resolve(kind.industry) is None and not decided
    return Verdict(lack=Lack.NEW_BUSINESS if unknown else None, leads=leads)
