"""Rows of a CSV, good ones found again after broken ones."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.catalog.decode import decode_lines
from convagent.catalog.records import MAX_CELL_CHARACTERS, read_rows


def lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def test_a_row_may_span_lines_and_knows_where_it_stands() -> None:
    rows, problems = read_rows(lines_of('a,b\n1,"two\nlines"\n\n3,4\n'))
    assert not problems
    assert [(row.row, row.first, row.last, row.cells) for row in rows] == [
        (1, 0, 0, ["a", "b"]),
        (2, 1, 2, ["1", "two\nlines"]),
        (4, 4, 4, ["3", "4"]),
    ]


def test_a_stray_quotation_mark_costs_one_row() -> None:
    rows, problems = read_rows(lines_of('a,b\n1,2\n3,"open\n5,6\n7,8\n'))
    assert [row.cells for row in rows] == [["a", "b"], ["1", "2"], ["5", "6"], ["7", "8"]]
    assert [(problem.row, problem.code) for problem in problems] == [(3, "quote-unclosed")]


def test_two_stray_quotation_marks_far_apart_cost_two_rows() -> None:
    body = "".join(f"{n},x\n" for n in range(40))
    rows, problems = read_rows(lines_of(f'a,b\n0,"open\n{body}1,"open\n{body}'))
    assert len(rows) == 81
    assert [problem.code for problem in problems] == ["quote-unclosed", "quote-unclosed"]


def test_a_row_of_several_lines_is_found_again_after_a_broken_one() -> None:
    rows, problems = read_rows(lines_of('a,b\n1,"open\n5,"two\nlines"\n'))
    assert [row.cells for row in rows] == [["a", "b"], ["5", "two\nlines"]]
    assert [problem.code for problem in problems] == ["quote-unclosed"]


def test_inches_in_an_unquoted_cell_are_text() -> None:
    rows, problems = read_rows(lines_of('a,b\npot,5" wide\npan,6" wide\n'))
    assert [row.cells[1] for row in rows] == ["b", '5" wide', '6" wide']
    assert not problems


def test_a_row_that_the_file_ends_in_is_left_out_and_reported() -> None:
    for text in ("a,b,c\n1,2,3\n4,5", 'a,b,c\n1,2,3\n4,"cut in\nthe middle'):
        rows, problems = read_rows(lines_of(text))
        assert [row.cells for row in rows] == [["a", "b", "c"], ["1", "2", "3"]]
        assert [(problem.row, problem.code) for problem in problems] == [(3, "file-cut")]


def test_surplus_cells_cost_the_row_and_missing_ones_are_empty() -> None:
    rows, problems = read_rows(lines_of("a,b\n1,2,3\n4\n5,6,,\n"))
    assert [row.cells for row in rows] == [["a", "b"], ["4", ""], ["5", "6"]]
    assert [(problem.row, problem.code) for problem in problems] == [(2, "row-width"), (3, "row-width")]


def test_a_cell_beyond_the_bound_costs_its_row_only() -> None:
    long = "x" * (MAX_CELL_CHARACTERS + 1)
    rows, problems = read_rows(["a,b\n", f'1,"{long}"\n', "3,4\n"])
    assert [row.cells for row in rows] == [["a", "b"], ["3", "4"]]
    assert [(problem.row, problem.code) for problem in problems] == [(2, "field-too-long")]


def test_cells_of_several_hundred_thousand_characters_are_read() -> None:
    rows, problems = read_rows(["a,b\n", f'1,"{"x" * 500_000}"\n'])
    assert len(rows[1].cells[1]) == 500_000
    assert not problems


cells = st.text(st.characters(blacklist_characters="\0\r", blacklist_categories=["Cs"]), max_size=12)


@settings(deadline=None)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8))
def test_what_the_csv_module_writes_is_read_without_loss(table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c"], *table])
    decoded = decode_lines(out.getvalue().encode())
    rows, problems = read_rows(decoded.lines)
    assert [row.cells for row in rows[1:]] == [row for row in table if any(row)]
    assert not problems


@settings(deadline=None)
@given(st.text(alphabet='ab,"\n\r', max_size=80))
def test_any_text_gives_rows_of_one_width(text: str) -> None:
    rows, _ = read_rows(lines_of(text))
    assert len({len(row.cells) for row in rows}) <= 1
    assert [row.row for row in rows] == sorted({row.row for row in rows})
