"""One canonical layout: formatting keeps the meaning, and doing it twice changes nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from tests.guidance.strategies import PATH, guide_texts

from convagent.guidance import syntax as sx
from convagent.guidance.format import format_text
from convagent.guidance.parse import parse_text

SLOW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(guide_texts())
def test_the_canonical_text_of_a_tree_parses_to_the_same_tree(drawn: tuple[sx.GuideFile, str]) -> None:
    file, text = drawn
    again, findings = parse_text(text, PATH)
    assert not findings, (text, findings)
    assert again == file


@SLOW
@given(guide_texts())
def test_formatting_twice_changes_nothing(drawn: tuple[sx.GuideFile, str]) -> None:
    _file, text = drawn
    once = format_text(text, PATH)
    assert format_text(once, PATH) == once
