"""The city's pack: parks, units, chains, plans, alarm routes and the demonstration city.

Which city is the folder named by ANLIAN_CITY, or the only one there is; code never names it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from reference import cityrows as rows
from reference import national
from reference import scorerows as scores
from reference.national.evidencerows import CreditRule
from reference.national.rows import Escalation, Instrument, OrderLimit
from reference.packs import Pack, Table
from reference.reading import Fault

_HERE = Path(__file__).parent


class Plan:
    """One yearly plan: its goals, articles, duties and what sets them off."""

    def __init__(self, pack: Pack, file: str) -> None:
        self.file = file
        self.year = int(Path(file).stem.removeprefix("plan-"))
        self.goals: Table[rows.Goal] = pack.table(file, "goals", rows.Goal)
        self.articles: Table[rows.Article] = pack.table(file, "articles", rows.Article)
        self.triggers: Table[rows.Trigger] = pack.table(file, "triggers", rows.Trigger)
        self.duties: Table[rows.Duty] = pack.table(file, "duties", rows.Duty)


class City(Pack):
    """The tables of a city's folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.cities = self.table("city.yaml", "city", rows.CityRow)
        self.centres = self.table("city.yaml", "centres", rows.Centre)
        self.instruments = self.table("instruments.yaml", "instruments", Instrument)
        self.parks = self.table("parks.yaml", "parks", rows.Park)
        self.roles = self.table("units.yaml", "roles", rows.UnitRole)
        self.templates = self.table("units.yaml", "templates", rows.UnitTemplate)
        self.units = self.table("units.yaml", "units", rows.UnitRow)
        self.townships = self.table("units.yaml", "townships", rows.Township)
        self.posts = self.table("units.yaml", "posts", rows.PostTemplate)
        self.enterprise_groups = self.table("units.yaml", "enterprise_groups", rows.EnterpriseGroup)
        self.chains = self.table("chains.yaml", "chains", rows.Chain)
        self.escalations = self.table("escalations.yaml", "escalations", Escalation)
        self.lookbacks = self.table("lookbacks.yaml", "lookbacks", rows.Lookback)
        self.order_limits = self.table("orders.yaml", "limits", OrderLimit)
        self.dispatch_rules = self.table("orders.yaml", "catalogue", rows.DispatchRule)
        self.peer_groups = self.table("indicators.yaml", "groups", scores.PeerGroup)
        self.cadences = self.table("indicators.yaml", "cadences", scores.CadenceRow)
        self.windows = self.table("indicators.yaml", "windows", scores.AssessmentWindow)
        self.indicators = self.table("indicators.yaml", "indicators", scores.Indicator)
        self.score_limits = self.table("indicators.yaml", "limits", scores.ScoreLimit)
        self.thresholds = self.table("cards.yaml", "thresholds", scores.Threshold)
        self.stated_grounds = self.table("cards.yaml", "stated", scores.StatedGround)
        self.card_effects = self.table("cards.yaml", "effects", scores.CardEffect)
        self.credits = self.table("credits.yaml", "credits", CreditRule)
        self.routes = self.table("routing.yaml", "routes", rows.Route)
        self.enterprises = self.table("demonstration.yaml", "enterprises", rows.NamedEnterprise)
        self.trades = self.table("demonstration.yaml", "trades", rows.Trade)
        self.localities = self.table("demonstration.yaml", "localities", rows.Locality)
        self.words = self.table("demonstration.yaml", "words", rows.Word)
        files = sorted(path.name for path in folder.glob("plan-*.yaml"))
        self.plans = {plan.year: plan for plan in (Plan(self, file) for file in files)}

    @property
    def code(self) -> str:
        """The division of the city."""
        return self.cities[0].code

    def check(self) -> Iterator[Fault]:
        """Every source among the instruments; what else must agree is in `reference.checks`."""
        known = {row.code for row in (*national.INSTRUMENTS, *self.instruments)}
        yield from self.unknown_sources(known=known)


class NoSuchCity(LookupError):
    """There is no folder of that city, or several and none is named."""


_serving: ContextVar["City | None"] = ContextVar("serving", default=None)


def current() -> City:
    """The pack of the city this deployment serves."""
    return _serving.get() or _configured()


@contextmanager
def serving(pack: City) -> Iterator[None]:
    """Let another city's pack be the current one for a while, to check it or to compare."""
    token = _serving.set(pack)
    try:
        yield
    finally:
        _serving.reset(token)


@cache
def _configured() -> City:
    return City(_folder(os.environ.get("ANLIAN_CITY")))


def _folder(name: str | None) -> Path:
    cities = {path.parent.name: path.parent for path in _HERE.glob("*/city.yaml")}
    if name is None and len(cities) == 1:
        return next(iter(cities.values()))
    if name not in cities:
        raise NoSuchCity(f"ANLIAN_CITY must name one of {sorted(cities)}, found {name!r}")
    return cities[name]
