"""Rows of a CSV file: each one found again after a broken one, so that a stray quotation mark costs one row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convagent.catalog.problems import CatalogProblem

__all__ = ["MAX_CELL_CHARACTERS", "MAX_ROW_LINES", "CsvRow", "read_rows"]

MAX_CELL_CHARACTERS = 1_000_000
"""How long one cell may be; bodies with pictures inside them are long, ones beyond this are no descriptions."""

MAX_ROW_LINES = 1_000
"""How many lines of text one row may span."""

_MAX_RESUME_LINES = 50
"""How many lines the first row after a broken one may span; small, so that a hostile file can't make the search slow."""


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row.

    Args:
        row: Its number as a spreadsheet counts it, the header being 1.
        first: Number (from 0) of its first line in the file.
        last: Number of its last line.
        cells: As many cells as the header has.
    """

    row: int
    first: int
    last: int
    cells: list[str]


def read_rows(lines: Sequence[str], *, delimiter: str = ",") -> tuple[list[CsvRow], list[CatalogProblem]]:
    """Rows of equal width from lines of text; the first row is the header.

    A row whose quotation mark is never closed is left out, and the reading goes on at the next line that holds a whole
    row. A row with surplus cells that aren't empty is left out, since nobody knows which cell is which; one with too few
    is filled up, unless the file ends in it.

    Args:
        lines: Lines with their line ends.
        delimiter: What stands between cells.

    Returns:
        The rows, blank ones left out, and what was wrong. No rows when the lines hold none.
    """
    # A process-wide setting of the csv module; it is only ever raised, so that two threads can't hurt each other.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL_CHARACTERS))
    rows: list[CsvRow] = []
    problems: list[CatalogProblem] = []
    width = 0
    at, number = 0, 0
    while at < len(lines):
        number += 1
        cells, used, closed = _read_one(lines, at, delimiter, MAX_ROW_LINES)
        last = at + used - 1
        if cells is None or not closed or (width and len(cells) != width and used > 1):
            if not width:
                problems.append(_broken(number, too_long=cells is None, ends=False))
                break  # without a header no row can be told from another
            resume = _next_whole_row(lines, at + 1, delimiter, width)
            problems.append(_broken(number, too_long=cells is None, ends=not closed and resume >= len(lines)))
            at = resume
            continue
        if width and any(cells):
            fitted, problem = _fitted(cells, width, row=number, cut=last == len(lines) - 1 and not _ended(lines[last]))
            if problem:
                problems.append(problem)
            if fitted:
                rows.append(CsvRow(row=number, first=at, last=last, cells=fitted))
        elif any(cell.strip() for cell in cells):
            while not cells[-1].strip():
                cells.pop()
            width = len(cells)
            rows.append(CsvRow(row=number, first=at, last=last, cells=cells))
        at = last + 1
    return rows, problems


def _read_one(lines: Sequence[str], at: int, delimiter: str, limit: int) -> tuple[list[str] | None, int, bool]:
    """Cells of the row that begins at a line (None when one is too long), how many lines it took, whether it closed."""
    end = min(at + limit, len(lines))

    def bounded() -> Iterator[str]:
        for number in range(at, end):
            yield lines[number]
        yield "\n"  # only ever asked for when a quotation mark is still open

    for strict in (True, False):
        reader = csv.reader(bounded(), delimiter=delimiter, strict=strict)
        try:
            cells = next(reader)
        except csv.Error:
            continue
        if any(len(cell) > MAX_CELL_CHARACTERS for cell in cells):  # the process-wide limit may be higher
            break
        # Text after a closing quotation mark is forgiven within one line; across lines it is how a stray mark shows.
        closed = reader.line_num <= end - at and (strict or reader.line_num == 1)
        return cells, min(reader.line_num, end - at), closed
    return None, 1, False


def _next_whole_row(lines: Sequence[str], start: int, delimiter: str, width: int) -> int:
    """The next line that holds a whole row by itself; the end of the lines when none comes soon."""
    for at in range(start, min(start + MAX_ROW_LINES, len(lines))):
        cells, _, closed = _read_one(lines, at, delimiter, _MAX_RESUME_LINES)
        if cells and closed and len(cells) == width:
            return at
    return min(len(lines), start + MAX_ROW_LINES)


def _fitted(cells: list[str], width: int, *, row: int, cut: bool) -> tuple[list[str] | None, CatalogProblem | None]:
    if len(cells) == width:
        return cells, None
    if len(cells) > width:
        if not any(cell.strip() for cell in cells[width:]):
            return cells[:width], None
        return None, CatalogProblem(
            row, "row-width", f"{len(cells)} cells, the header has {width}; the row is left out",
            "Put cells that contain the delimiter in quotation marks.",
        )  # fmt: skip
    if cut:
        return None, _broken(row, too_long=False, ends=True)
    return cells + [""] * (width - len(cells)), CatalogProblem(
        row, "row-width", f"{len(cells)} cells, the header has {width}; the others are read as empty",
        "Put cells that contain line breaks in quotation marks.",
    )  # fmt: skip


def _broken(row: int, *, too_long: bool, ends: bool) -> CatalogProblem:
    if too_long:
        return CatalogProblem(
            row, "field-too-long", f"a cell has more than {MAX_CELL_CHARACTERS:,} characters; the row is left out",
            "Take pictures out of the body and link them.",
        )  # fmt: skip
    if ends:
        return CatalogProblem(
            row, "file-cut", "the file ends in the middle of this row, which is left out", "Export the file again."
        )
    return CatalogProblem(
        row, "quote-unclosed", "a quotation mark in this row swallows the rows that follow; the row is left out",
        'Close the quotation mark, or write it twice ("") where it is part of the text.',
    )  # fmt: skip


def _ended(line: str) -> bool:
    return line.endswith(("\n", "\r"))
