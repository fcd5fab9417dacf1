"""What the codes of recipients mean, and the steps that routes come to at a place."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reference import places
from reference.cityrows import Step

_USCC_CHARACTERS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One who is told: a post of a unit, a whole unit, or an enterprise."""

    code: str
    unit: str | None = None
    post: str | None = None
    uscc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """A step at a place: whom it calls, whom it cannot call, and how long it waits."""

    to: tuple[str, ...]
    placeless: tuple[str, ...] = ()
    """Patterns that mean nobody at this place, kept so that the gap is recorded."""
    channels: tuple[str, ...] = ("inbox", "email")
    minutes: int


def recipient(code: str) -> Recipient:
    """What a code stands for: `430481.emergency.duty_desk`, its unit, or a credit code."""
    if "." not in code and len(code) == _USCC_CHARACTERS:
        return Recipient(code=code, uscc=code)
    region, _, rest = code.partition(".")
    slug, _, post = rest.partition(".")
    return Recipient(code=code, unit=f"{region}.{slug}", post=code if post else None)


def planned(
    steps: Iterable[Step], *, region: str, named: Mapping[str, str], heirs: Mapping[str, str]
) -> tuple[PlannedStep, ...]:
    """The steps of a route at a place.

    `named` are the units that the event itself names, `heirs` those called instead of others.
    """
    return tuple(_at(step, region, named, heirs) for step in steps)


def _at(step: Step, region: str, named: Mapping[str, str], heirs: Mapping[str, str]) -> PlannedStep:
    found, placeless = [], []
    for pattern in step.to:
        try:
            found.append(_meant(places.filled(pattern, region, **named)))
        except KeyError:  # the place has no such level above it, the event no such unit
            placeless.append(pattern)
    return PlannedStep(
        to=tuple(dict.fromkeys(heirs.get(code, code) for code in found)),
        placeless=tuple(placeless),
        channels=step.channels,
        minutes=step.acknowledge_within_minutes,
    )


def _meant(code: str) -> str:
    """A filled pattern; a post "of" an enterprise means the enterprise, which has no posts here."""
    holder = code.partition(".")[0]
    return holder if len(holder) == _USCC_CHARACTERS else code


def without(steps: Iterable[PlannedStep], *, told: Collection[str]) -> Iterator[PlannedStep]:
    """The steps without those told already, before or in an earlier step; emptied ones drop out."""
    known = set(told)
    for step in steps:
        fresh = tuple(code for code in step.to if code not in known)
        known.update(fresh)
        if fresh or step.placeless:
            yield replace(step, to=fresh)
