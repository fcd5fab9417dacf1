"""A document as a workbook: its text on a first sheet, a sheet per table, charts that live."""

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from kernel.documents.content import Cell, Chart, Document, Heading, Paragraph, Table

_COLOURS = ("#B42318", "#8A94A6", "#1D4ED8")
_LONGEST_NAME = 31


def render(document: Document, *, at: datetime) -> bytes:
    """The whole document; `at` is the time that its metadata state."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties(
            {"title": document.title, "author": document.issuer, "created": at.replace(tzinfo=None)}
        )
        _Book(book, document).write()
    return file.getvalue()


class _Book:
    def __init__(self, book: xlsxwriter.Workbook, document: Document) -> None:
        self._book, self._document = book, document
        self._title = book.add_format({"bold": True, "font_size": 16, "font_color": _COLOURS[0]})
        self._head = book.add_format(
            {"bold": True, "bg_color": "#F3F4F6", "border": 1, "text_wrap": True}
        )
        self._section = book.add_format({"bold": True, "font_size": 12})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._cell = book.add_format({"border": 1})
        self._strong = book.add_format({"border": 1, "bold": True})

    def write(self) -> None:
        chinese = self._document.chinese
        text = self._book.add_worksheet("正文" if chinese else "Text")
        data = _charts(self._document)
        self._words(text)
        for block in self._document.blocks:
            if isinstance(block, Table):
                self._table(block)
        if data:
            self._charts(self._book.add_worksheet("图表" if chinese else "Charts"), data)

    def _words(self, sheet: Any) -> None:
        document = self._document
        sheet.set_column(0, 0, 110)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, document.title, self._title)
        named = "　".join(filter(None, (document.issuer, document.number, document.dated)))
        sheet.write_string(1, 0, f"{named}　{document.draft}".strip(), self._text)
        row = 2
        for block in document.blocks:
            if isinstance(block, Heading | Paragraph):
                style = self._section if isinstance(block, Heading) else self._text
                sheet.write_string(row, 0, block.text, style)
                row += 1

    def _table(self, block: Table) -> None:
        sheet = self._book.add_worksheet(_sheet_name(block.title))
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
        sheet.freeze_panes(2, 1)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(block.head), 14)
        sheet.write_string(0, 0, block.title, self._section)
        for column, head in enumerate(block.head):
            sheet.write_string(1, column, head, self._head)
        for number, values in enumerate(block.rows):
            style = self._strong if number in block.strong else self._cell
            for column, value in enumerate(values):
                _write(sheet, number + 2, column, value, style)

    def _charts(self, sheet: Any, charts: list[Chart]) -> None:
        sheet.set_column(0, 0, 26)
        row = 0
        for chart in charts:
            sheet.write_string(row, 0, chart.title, self._section)
            for column, series in enumerate(chart.series, start=1):
                sheet.write_string(row + 1, column, series.name, self._head)
                for line, value in enumerate(series.values):
                    _write(sheet, row + 2 + line, column, value, self._cell, empty="")
            for line, name in enumerate(chart.categories):
                sheet.write_string(row + 2 + line, 0, name, self._cell)
            self._draw(sheet, chart, row)
            row += max(len(chart.categories) + 4, 20)

    def _draw(self, sheet: Any, chart: Chart, row: int) -> None:
        kind = "line" if chart.shape == "line" else "column"
        drawn = self._book.add_chart({"type": kind})
        first, last = row + 2, row + 1 + len(chart.categories)
        for number in range(len(chart.series)):
            colour = {"color": _COLOURS[number]}
            drawn.add_series(
                {
                    "name": [sheet.name, row + 1, number + 1],
                    "categories": [sheet.name, first, 0, last, 0],
                    "values": [sheet.name, first, number + 1, last, number + 1],
                    "line": colour if chart.shape == "line" else {"none": True},
                    "fill": colour,
                    "marker": {"type": "circle", "size": 5, "fill": colour, "border": colour},
                    "data_labels": {"value": number == 0},
                }
            )
        drawn.set_title({"name": chart.title, "name_font": {"size": 11}})
        drawn.set_y_axis({"name": chart.unit, "min": 0, "major_gridlines": {"visible": True}})
        drawn.set_legend({"position": "bottom"} if len(chart.series) > 1 else {"none": True})
        drawn.set_size({"width": 640, "height": 340})
        sheet.insert_chart(row, len(chart.series) + 2, drawn)


def _charts(document: Document) -> list[Chart]:
    return [block for block in document.blocks if isinstance(block, Chart)]


def _sheet_name(title: str) -> str:
    plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in title)
    return plain[:_LONGEST_NAME]


def _write(sheet: Any, row: int, column: int, value: Cell, style: Any, *, empty: str = "—") -> None:
    """Text is written as text whatever it begins with: no cell is ever a formula."""
    if isinstance(value, int | Decimal):
        sheet.write_number(row, column, value, style)
    elif value is None and not empty:
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_string(row, column, empty if value is None else value, style)
