"""What a list may be asked: by which columns to sort, by what to filter. A table per list.

    HAZARDS = Listing(
        "hazards",
        key=Hazard.id,
        sorts={"due_at": Hazard.due_at, "region_code": Hazard.region_code},
        default="due_at",
        filters={"status": one_of(Hazard.status, Status, "状态")},
    )

A route takes `asked: Annotated[Asked, Depends(HAZARDS.asked)]`. What the table does not name
is refused, so that a mistyped filter never passes for an unfiltered list.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import AwareDatetime, StringConstraints
from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import QueryableAttribute

from kernel.problems import FieldFault, InvalidPayload

USUAL, MOST = 50, 200
_MOST_SORTS = 4

Expression = ColumnElement[Any] | QueryableAttribute[Any]


@dataclass(frozen=True)
class Filter:
    """One query parameter that narrows a list: its type, its meaning, its words for readers."""

    kind: Any
    where: Callable[[Any], ColumnElement[bool]]
    words: str
    many: bool = False
    usual: Any = None
    """The value while none is given; None leaves the list as it is."""


def equals(column: Expression, kind: Any, words: str) -> Filter:
    """Rows whose column is the value."""
    return Filter(kind, lambda value: column == value, words)


def one_of(column: Expression, kind: Any, words: str) -> Filter:
    """Rows whose column is one of the values; the parameter may be repeated."""
    return Filter(list[kind], lambda values: column.in_(values), words, many=True)


def since(column: Expression, words: str) -> Filter:
    """Rows at or after an instant."""
    return Filter(AwareDatetime, lambda instant: column >= instant, words)


def before(column: Expression, words: str) -> Filter:
    """Rows before an instant."""
    return Filter(AwareDatetime, lambda instant: column < instant, words)


CODE_DIGITS = 6
"""Of the code of a division or a park; what stands below a county has the county's."""

_Division = Annotated[str, StringConstraints(pattern=r"^\d{2}(\d{2}){0,2}$")]


def within(column: Expression, words: str, *, codes: bool = False) -> Filter:
    """Rows of a division and all below it: "4304" and "430400" are the whole city.

    With `codes` the column holds whole codes and nothing that only begins with one: of a county
    an index then finds them in their order.
    """

    def below(code: str) -> ColumnElement[bool]:
        prefix = code
        while prefix.endswith("00"):
            prefix = prefix[:-2]
        if not prefix:
            return true()
        if codes and len(prefix) == CODE_DIGITS:
            return column == prefix
        return and_(column >= prefix, column < str(int(prefix) + 1))

    return Filter(_Division, below, words)


@dataclass(frozen=True)
class Asked:
    """What a request asks of a list: an order, a page, filters."""

    listing: "Listing"
    order: Sequence[tuple[str, bool]]
    """Names of sorts, and whether each descends."""

    limit: int = USUAL
    cursor: str | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """The table of one list. `key` is unique and not null: it settles every tie."""

    name: str
    key: Expression
    sorts: Mapping[str, Expression]
    default: str
    filters: Mapping[str, Filter] = field(default_factory=dict)
    beside: frozenset[str] = frozenset()
    """Other query parameters that the route itself declares."""

    @property
    def asked(self) -> Callable[..., Asked]:
        """The dependency that reads and checks a request's parameters."""

        def ask(request: Request, **given: Any) -> Asked:
            self._refuse_unknown(request)
            filters = {name: given[name] for name in self.filters if given[name] is not None}
            order = self.order(given["sort"])
            return Asked(self, order, given["limit"], given["cursor"], filters)

        ask.__signature__ = inspect.Signature(self._parameters())  # type: ignore[attr-defined]
        return ask

    def order(self, stated: str) -> Sequence[tuple[str, bool]]:
        """A comma-separated order, "-" descending: `-due_at,region_code`."""
        terms = [(part.removeprefix("-"), part.startswith("-")) for part in stated.split(",")]
        names = [name for name, _ in terms]
        known = set(names) <= set(self.sorts)
        if not known or len(set(names)) < len(names) or len(names) > _MOST_SORTS:
            choice = ", ".join(self.sorts)
            raise _refused("sort", "sort_not_known", f"应为下列之一：{choice}", f"one of {choice}")
        return tuple(terms)

    def _parameters(self) -> list[inspect.Parameter]:
        filters = [
            _parameter(name, declared.kind | None, declared.usual, declared.words)
            for name, declared in self.filters.items()
        ]
        return [
            inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request),
            _parameter("limit", int, USUAL, f"每页条数 / rows per page, 1-{MOST}", ge=1, le=MOST),
            _parameter("cursor", str | None, None, "上一页的游标 / cursor of the page before"),
            _parameter("sort", str, self.default, f"排序 / order: {', '.join(self.sorts)}"),
            *filters,
        ]

    def _refuse_unknown(self, request: Request) -> None:
        known = {"limit", "cursor", "sort", *self.filters, *self.beside}
        for name in request.query_params:
            if name not in known:
                choice = ", ".join(sorted(known))
                raise _refused(
                    name, "extra_forbidden", f"应为下列之一：{choice}", f"one of {choice}"
                )
            many = name in self.filters and self.filters[name].many
            if not many and name not in self.beside and len(request.query_params.getlist(name)) > 1:
                raise _refused(name, "repeated", "只能出现一次", "may stand only once")


def _parameter(name: str, kind: Any, usual: Any, words: str, **bounds: int) -> inspect.Parameter:
    annotation = Annotated[kind, Query(description=words, **bounds)]
    place = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, place, default=usual, annotation=annotation)


def _refused(parameter: str, code: str, zh: str, en: str) -> InvalidPayload:
    return InvalidPayload(FieldFault(pointer=f"query:{parameter}", code=code, zh=zh, en=en))
