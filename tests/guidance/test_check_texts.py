"""Marks in texts: where they are, what they name, which filters fit, what may be missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.guidance.checks.check import check
from convagent.guidance.findings.entry import CodeEntry
from convagent.guidance.findings.finding import Finding, Span
from convagent.guidance.findings.vocabulary import example_vocabulary
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.marks import Mark, marks_of, place_of, words_of
from convagent.guidance.language.parse import parse_text
from convagent.guidance.language.templates import check_template, paths_of

VOCABULARY = example_vocabulary()
ORDER = "1. Need order: one of customer.orders\n"


def findings(text: str) -> list[Finding]:
    file, faults = parse_text(CodeEntry.as_file(text))
    assert not faults, faults
    return [finding for finding in check([file], VOCABULARY) if finding.code.startswith("G2")]


def codes(text: str) -> list[str]:
    return [finding.code for finding in findings(text)]


# ---- reading marks
@pytest.mark.parametrize(
    ("template", "marks"),
    [
        ("no marks", []),
        ("{{ a }}", [Mark(("a",), (), 0, 7)]),
        ("x {{a.b|money}}", [Mark(("a", "b"), (("money", ()),), 2, 15)]),
        ("{{ a | pairs('swap') | list }}", [Mark(("a",), (("pairs", ("swap",)), ("list", ())), 0, 30)]),
        ("{{ a }}{{ b }}", [Mark(("a",), (), 0, 7), Mark(("b",), (), 7, 14)]),
        ("{{ a -}} b", [Mark(("a",), (), 0, 0)]),
        ('{{ "x" }}', []),
    ],
)
def test_marks_are_read_with_their_places(template: str, marks: list[Mark]) -> None:
    assert marks_of(template) == (tuple(marks), None)


@pytest.mark.parametrize("template", ["{{ a", "{{ a + b }}", "{{ a | mony }}", "{% if a %}", "{# a #}", "{{ a() }}", "{{ a._b }}",
                                      "}}", "{{ a | money(2) }}", "{{ a['b'] }}"])  # fmt: skip
def test_what_is_no_mark_is_a_fault(template: str) -> None:
    marks, fault = marks_of(template)
    assert marks == ()
    assert fault is not None
    assert fault.remedy


pieces = st.sampled_from(
    ["{{ a }}", "{{a.b}}", "{{ a | money }}", "{{ a|list|x }}", "{{ a.b.c | pairs('d') }}", "{{", "}}", "{%", "%}", "{#", "x",
     " ", "{", "}", "{{ none }}", "{{ true.x }}", "{{ a.b | pairs(\"d\") }}", "{{ not a }}", "{{- a }}", "\n",
     "{{ a.not }}", "{{ in }}"]
)  # fmt: skip


@given(st.lists(pieces, max_size=6).map("".join))
def test_the_quick_reading_of_marks_agrees_with_the_reader_of_templates(template: str) -> None:
    marks, fault = marks_of(template)
    real = check_template(template)
    assert (fault is None) == (real is None)
    if fault is None:
        assert tuple(dict.fromkeys(mark.path for mark in marks)) == paths_of(template)


def test_places_of_marks_are_those_in_the_file() -> None:
    (in_line,) = findings(f'{ORDER}1. say "{{{{ order.id }}}} is {{{{ order.stauts }}}} now."\n')
    assert in_line.source[in_line.column - 1 :].startswith("{{ order.stauts }}")
    assert in_line.width == len("{{ order.stauts }}")
    (in_block,) = findings(f"{ORDER}1. say\n   > {{{{ order.id }}}}:\n   > it is {{{{ order.stauts }}}} now.\n")
    assert in_block.line == in_line.line + 2
    assert in_block.source[in_block.column - 1 :].startswith("{{ order.stauts }}")


def test_a_text_over_several_lines_is_pointed_at_as_a_whole() -> None:
    text = sx.Text("a {{ b }}", Span(3, 5, 4, 9))
    assert place_of(text, 2, 9) == text.span
    assert words_of(text.template) == "a …"


# ---- filters
@pytest.mark.parametrize(
    ("mark", "fine"),
    [
        ("order.total | money", True),
        ("order.status | money", False),
        ("order.id | number", False),
        ("customer.loyalty.points | number", True),
        ("order.placed_at | date", True),
        ("order.placed_at | time", True),
        ("order.total | date", False),
        ("today | day", True),
        ("today | time", False),
        ("today | relative", True),
        ("order.items | list", True),
        ("order.id | list", True),
        ("order.items | count", True),
        ("order.id | count", False),
        ("order.items | lines", True),
        ("order.items | pairs", False),
        ("order.total | money | list", True),
        ("order.total | money | money", False),
        ("product.attributes.weight | number", True),
    ],
)
def test_filters_fit_what_they_are_for(mark: str, fine: bool) -> None:
    assert codes(f'{ORDER}1. say "{{{{ order.id }}}} {{{{ {mark} }}}}"\n') == ([] if fine else ["G217"])


# ---- what may be missing
FOUND = "1. Need order_number\n1. Let found be look up find_order with order_number = order_number\n"


@pytest.mark.parametrize(
    ("above", "mark", "missing"),
    [
        ("", "found.id", "found"),
        ('1. If found is none:\n   - refuse "x"\n', "found.id", ""),
        ('1. If found is none:\n   - refuse "x"\n', "found.total | money", "found.total"),
        ('1. If found is none or found.total is none:\n   - refuse "x"\n', "found.total | money", ""),
        ("1. If found.total > 5 EUR:\n   - go on\n   - go on\n", "found.total | money", ""),
        (
            '1. If found is known and found.address is known:\n   - say "{{ found.id }}"\n',
            "found.address.city",
            "found.address.city",
        ),
        ('1. Let there be found.total is known\n1. If there:\n   - say "y"\n', "found.total | money", ""),
    ],
)
def test_texts_that_name_what_a_look_up_may_lack_are_warned_of(above: str, mark: str, missing: str) -> None:
    text = FOUND + above.replace("   - go on\n   - go on\n", '   - say "y"\n') + f'1. say "{{{{ {mark} }}}}"\n'
    found = findings(text)
    assert [(f.code, f.severity) for f in found] == ([("G218", "warning")] if missing else [])
    if missing:
        assert f"`{missing}` may be missing" in found[0].message


def test_facts_that_may_be_missing_are_not_warned_of() -> None:
    assert (
        codes(f'{ORDER}1. say "{{{{ order.note }}}} {{{{ customer.first_name }}}} {{{{ cart.total | money }}}}"\n')
        == []
    )


def test_one_of_several_alternatives_may_be_missing() -> None:
    need = "1. Need email, or order_number and postcode\n"
    assert codes(need + '1. say "{{ email }}"\n') == ["G218"]
    assert codes(need + '1. If email is known:\n   - say "{{ email }}"\n') == []


def test_a_text_in_a_branch_knows_what_the_branch_asked() -> None:
    text = FOUND + '1. If found is not none:\n   - say "{{ found.status }}"\n1. say "Nothing."\n'
    assert codes(text) == []


@pytest.mark.parametrize("text", ["", "é", "# \n\nNote: é\n", "---\na: é\n---\n"])
def test_a_file_without_a_guide_is_checked_whatever_its_letters(text: str) -> None:
    file, faults = parse_text(text)
    assert check([file], VOCABULARY, faults=faults) == ()
