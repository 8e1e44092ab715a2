"""One canonical layout: formatting keeps the meaning, and doing it twice changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.guidance.strategies import PATH, guide_texts

from convagent.errors import GuidanceError
from convagent.guidance.findings.finding import Span
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.format import format_file, format_guides, format_text
from convagent.guidance.language.parse import parse_text
from convagent.guidance.language.statement_text import span_text

SLOW = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
NOWHERE = Span(0, 0, 0, 0)


@SLOW
@given(guide_texts())
def test_the_canonical_text_of_a_tree_parses_to_the_same_tree(drawn: tuple[sx.GuideFile, str]) -> None:
    file, text = drawn
    again, findings = parse_text(text, PATH)
    assert not findings, (text, findings)
    assert again == file


@SLOW
@given(guide_texts())
def test_formatting_keeps_the_tree_and_twice_changes_nothing(drawn: tuple[sx.GuideFile, str]) -> None:
    file, text = drawn
    once = format_text(text, PATH)
    assert parse_text(once, PATH)[0] == file
    assert format_text(once, PATH) == once


def _formatted(*lines: str) -> list[str]:
    return format_text("\n".join(("# T", "", *lines)) + "\n").split("\n")[2:-1]


def test_header_lines_stand_in_one_order_and_notes_keep_theirs() -> None:
    found = _formatted(
        'After "A"', "Note: first", "At most once a day", "Only for x", "On opened", "When a:", '- "b"', "Gives y", "Note: last",
        "Safeguard each time", "", "1. close",
    )  # fmt: skip
    assert [line for line in found[:-1] if line] == [
        "Safeguard each time", "Note: first", "Gives y", "When a:", '- "b"', "On opened", "Only for x", "At most once a day",
        "Note: last", 'After "A"',
    ]  # fmt: skip


def test_statements_are_numbered_one_and_what_is_below_is_indented_by_three() -> None:
    assert _formatted("7) if a:", "  * If b:", "       + say", "           > c", "     * go on", "9. CLOSE") == [
        "1. If a:", "   - If b:", "      - say", "         > c", "      - go on", "1. close",
    ]  # fmt: skip


def test_words_of_the_language_have_one_case() -> None:
    assert _formatted("1. need x", "   - ASK “y”", "1. LET z be 3", "1. If a:", "   - Close", "1. otherwise:", "   - Say 'b'".replace("'", '"')) == [
        "1. Need x", '   - ask "y"', "1. Let z be 3", "1. If a:", "   - close", "1. Otherwise:", '   - say "b"',
    ]  # fmt: skip


def test_texts_stand_in_straight_quotes_and_keep_curly_ones_inside() -> None:
    assert _formatted("1. say “a”", "1. say „a «b»“", '1. say "“a”"') == [
        '1. say "a"',
        '1. say "a «b»"',
        '1. say "“a”"',
    ]


def test_a_text_with_a_straight_quote_becomes_a_block() -> None:
    file = sx.GuideFile(
        PATH, (sx.Guide("T", PATH, NOWHERE, statements=(sx.Say(NOWHERE, "1", sx.Text('a "b"', NOWHERE)),)),)
    )
    assert format_guides(file) == '# T\n\n1. say\n   > a "b"\n'


def test_soft_wrapped_lines_become_one() -> None:
    assert _formatted('1. say "a', "   b", '      c"') == ['1. say "a b c"']


def test_blank_lines_are_put_where_they_belong() -> None:
    text = '\n\n# A\nWhen a:\n\n\n- "b"\nOnly for c\n1. close\n\n\n1. close\n# B\n1. close\n\n\n\n'
    assert format_text(text) == '# A\n\nWhen a:\n- "b"\n\nOnly for c\n\n1. close\n1. close\n\n# B\n\n1. close\n'


def test_properties_of_a_need_stand_in_one_order() -> None:
    found = _formatted(
        "1. Need x", "   - within 2 hours, else close", "   - else 3", '   - must it > 1, else say "a"',
        '   - must it < 9, else say "b"', '   - ask "c"',
    )  # fmt: skip
    assert found == [
        "1. Need x", '   - ask "c"', '   - must it > 1, else say "a"', '   - must it < 9, else say "b"', "   - else 3",
        "   - within 2 hours, else close",
    ]  # fmt: skip


def test_a_failure_of_one_step_stands_on_one_line() -> None:
    assert _formatted("1. do a", "   - if it fails:", "      - close", "1. do b", "   - if it fails: hand over", '      - say "c"') == [
        "1. do a", "   - if it fails: close", "1. do b", "   - if it fails:", "      - hand over", '         - say "c"',
    ]  # fmt: skip


def test_front_matter_is_kept_as_it_is() -> None:
    text = "---\nb: 'x'   # why\na:   [1,2]\n---\n# T\n1. close\n"
    assert format_text(text) == "---\nb: 'x'   # why\na:   [1,2]\n---\n\n# T\n\n1. close\n"


def test_front_matter_without_a_value_is_kept_too() -> None:
    assert format_text("---\n# only a remark\n---\n# T\n1. close\n") == "---\n# only a remark\n---\n\n# T\n\n1. close\n"


def test_an_empty_file_stays_empty() -> None:
    assert format_text("") == ""
    assert format_text("\n\n") == ""
    assert format_text("<!-- nothing yet -->\n") == "<!-- nothing yet -->\n"


def test_a_comment_stays_with_what_it_stands_above_even_when_that_moves() -> None:
    assert _formatted("<!-- twice -->", "At most twice a day", "<!-- safe -->", "Safeguard", "", "1. close") == [
        "<!-- safe -->", "Safeguard", "<!-- twice -->", "At most twice a day", "", "1. close",
    ]  # fmt: skip


def test_a_file_with_faults_is_left_alone_and_all_are_told() -> None:
    with pytest.raises(GuidanceError) as raised:
        format_text("# T\n\n1. say\n1. Fetch it\n1. If a\n", "a.md")
    assert [finding.code for finding in parse_text("# T\n\n1. say\n1. Fetch it\n1. If a\n", "a.md")[1]] == [
        getattr(finding, "code", "") for finding in raised.value.findings
    ]
    assert len(raised.value.findings) == 3
    assert str(raised.value.place) == "a.md:3:4"
    assert raised.value.code == "G118"


def test_warnings_are_put_right() -> None:
    assert format_text("#T\n\n1. If a:\n\t- close\n") == "# T\n\n1. If a:\n   - close\n"


def test_a_line_that_would_be_too_long_in_its_canonical_form_is_told() -> None:
    text = "# T\n\n1. If a is one of " + ",".join("1" * 1900) + ":\n   - close\n"
    assert not parse_text(text)[1]
    with pytest.raises(GuidanceError) as raised:
        format_text(text)
    assert raised.value.code == "G115"


def test_a_file_is_formatted_without_being_written(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("#T\n1. close\n", encoding="utf-8")
    assert format_file(path) == "# T\n\n1. close\n"
    assert path.read_text(encoding="utf-8") == "#T\n1. close\n"
    path.write_bytes(b'# T\n\n1. say "\xff"\n')
    with pytest.raises(GuidanceError) as raised:
        format_file(path, name="a.md")
    assert raised.value.code == "G100"
    with pytest.raises(GuidanceError):
        format_file(tmp_path / "missing.md")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (60, "1 minute"),
        (5400, "90 minutes"),
        (3600, "1 hour"),
        (86_400, "1 day"),
        (604_800, "7 days"),
        (0, "0 days"),
        (129_600, "36 hours"),
    ],
)
def test_a_time_is_written_in_the_unit_one_would_use(seconds: int, text: str) -> None:
    assert span_text(seconds) == text


@given(st.integers(0, 99_999), st.sampled_from((60, 3600, 86_400, 604_800, 2_592_000, 31_536_000)))
def test_any_time_that_can_be_written_can_be_written_back(count: int, unit: int) -> None:
    text = f"# T\n\n1. Need x\n   - within {span_text(count * unit)}, else close\n"
    file, findings = parse_text(text)
    assert not findings
    need = file.guides[0].statements[0]
    assert isinstance(need, sx.Need)
    assert need.within is not None
    assert need.within.seconds == count * unit


def test_a_time_that_is_no_whole_number_of_minutes_is_refused() -> None:
    with pytest.raises(ValueError, match="45 seconds"):
        span_text(45)
