"""Hotline orders as the packs know them: limits, matters, and the lines of the catalogue.

The city's own limits go before the national ones of the same class.
"""

from collections.abc import Mapping
from datetime import date

from reference import city, national
from reference.cityrows import DispatchRule
from reference.national.rows import Matter, OrderLimit
from reference.packs import NothingInForce
from reference.terms import OrderClass, OrderStep


def limit(step: OrderStep, order_class: OrderClass, *, on: date) -> OrderLimit:
    """The limit of a step: of the class itself before that of every class, the city's first."""
    for key in ((step, order_class), (step, None)):
        found = city.current().order_limits.get(key, on=on) or national.ORDER_LIMITS.get(key, on=on)
        if found is not None:
            return found
    raise NothingInForce(f"no limit of {step} for {order_class} in force on {on.isoformat()}")


def matter(code: str, *, on: date) -> Matter | None:
    """What an order may be about, if the code is one in force."""
    return national.MATTERS.get(code, on=on)


def lines(*, on: date) -> tuple[DispatchRule, ...]:
    """The catalogue as the city's pack gives it."""
    return city.current().dispatch_rules.at(on)


def circle(same_as: Mapping[str, str], *, start: str) -> tuple[str, ...]:
    """The matters that a line leads through back to one of them; empty where it ends."""
    way = [start]
    while (following := same_as.get(way[-1])) is not None:
        if following in way:
            return (*way, following)
        way.append(following)
    return ()
