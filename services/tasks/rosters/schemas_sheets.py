"""The columns of a sheet by their headings, and what is wrong in it by row and column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self

from pydantic import BaseModel, ValidationError

from kernel import validation
from kernel.problems import Problem
from services.tasks.rosters.domain_workbook import Sheet
from services.tasks.rosters.schemas import RowFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What the columns of a sheet are headed: a view's titles, or the names of its fields."""

    titles: Mapping[str, str]
    names: Mapping[str, str]
    """Field by heading, case folded."""
    required: tuple[str, ...]

    @classmethod
    def of(cls, view: type[BaseModel], *required: str) -> Self:
        """The columns of a view, some of which every sheet has."""
        titles = {name: str(field.title) for name, field in view.model_fields.items()}
        names = {
            heading.casefold(): name
            for name, title in titles.items()
            for heading in (name, title, name.replace("_", " "))
        }
        return cls(titles=titles, names=names, required=required)

    def has(self, sheet: Sheet, name: str) -> bool:
        """Whether a sheet has a column for a field of the view."""
        return any(self.names.get(heading.casefold()) == name for heading in sheet.header)


@dataclass(kw_only=True)
class Findings:
    """What is wrong in a sheet; what it states is kept by each kind of sheet."""

    sheet: str
    columns: Columns
    lines: int = 0
    faults: list[RowFault] = field(default_factory=list)

    def fault(self, row: int, column: str, code: str, zh: str, en: str) -> None:
        """Note what is wrong in a row; `column` is a field of the view or a heading."""
        named = self.columns.titles.get(column, column)
        self.faults.append(
            RowFault(sheet=self.sheet, row=row, column=named, code=code, zh=zh, en=en)
        )

    def note(self, row: int, reason: ValidationError, columns: Mapping[str, str]) -> None:
        """Note what a schema finds wrong in a row; `columns` by its fields where they differ."""
        for finding in reason.errors():
            (fault,) = validation.invalid([finding]).faults
            name = str(next(iter(finding["loc"]), ""))
            self.fault(row, columns.get(name, name), fault.code, fault.zh, fault.en)

    def refused(self, row: int, reason: Problem, *, column: str) -> None:
        """Note as a fault of a row what an operation refuses; an outage is nobody's fault."""
        if reason.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise reason
        zh, en = reason.detail_zh or reason.title_zh, reason.detail_en or reason.title_en
        self.fault(row, column, reason.code.replace("-", "_"), zh, en)

    def read(self, sheet: Sheet) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Each row's number and cells by field; none if the header does not fit."""
        self.lines = len(sheet.lines)
        self._check_header(sheet)
        if self.faults:
            return
        for line in sheet.lines:
            named = {self.columns.names[name.casefold()]: text for name, text in line.cells.items()}
            yield line.number, named

    def _check_header(self, sheet: Sheet) -> None:
        named = [self.columns.names.get(heading.casefold()) for heading in sheet.header]
        for heading, name in zip(sheet.header, named, strict=True):
            if heading and name is None:
                self.fault(1, heading, "column_unknown", "不认识的列", "unknown column")
        for name in self.columns.titles:
            if named.count(name) > 1:
                self.fault(1, name, "column_repeated", "列重复", "the column stands twice")
        for name in self.columns.required:
            if name not in named:
                self.fault(1, name, "column_missing", "缺少此列", "the column is missing")
