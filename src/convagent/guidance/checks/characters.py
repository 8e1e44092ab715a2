"""G412: words that mix alphabets, so that they look like another word: a Cyrillic а in “cancel”."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from convagent.guidance.checks.report import GuideReport
from convagent.guidance.checks.survey import Survey
from convagent.guidance.findings.finding import Span
from convagent.guidance.language import syntax as sx

__all__ = ["check_characters", "mixed_words"]

_LATIN = "A-Za-z\u00c0-\u024f"
_OTHER = "\u0370-\u03ff\u0400-\u052f\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff"
_MIXED = re.compile(f"[{_LATIN}][{_OTHER}]|[{_OTHER}][{_LATIN}]")
_WORD_CHARACTER = re.compile(r"[\w'’-]")


def mixed_words(text: str) -> Iterator[tuple[int, int]]:
    """The places of words whose letters come from several alphabets."""
    if text.isascii():
        return
    behind = 0
    for found in _MIXED.finditer(text):
        if found.start() < behind:
            continue
        start, end = found.span()
        while start > 0 and _WORD_CHARACTER.match(text[start - 1]):
            start -= 1
        while end < len(text) and _WORD_CHARACTER.match(text[end]):
            end += 1
        behind = end
        yield start, end


def _odd_letter(word: str) -> str:
    """The letter of the rarer alphabet, by its Unicode name."""
    odd = [char for char in word if re.match(f"[{_OTHER}]", char)]
    latin = [char for char in word if re.match(f"[{_LATIN}]", char)]
    char = odd[0] if len(odd) <= len(latin) else latin[0]
    return f"{char} is {unicodedata.name(char, f'U+{ord(char):04X}').title()}"


def check_characters(report: GuideReport, guide: sx.Guide, survey: Survey, lines: list[str]) -> None:
    """Finds words of mixed alphabets in a guide.

    Args:
        report: Takes the findings.
        guide: The guide.
        survey: Its texts.
        lines: Its lines as they are written, from its title on; empty when they aren't known, and what the guide holds
            is looked through instead.
    """
    if lines:
        for number, line in enumerate(lines, guide.span.line):
            for start, end in mixed_words(line):
                _tell(report, line[start:end], Span(number, start + 1, number, end + 1))
        return
    parts = [(guide.title, guide.span)]
    if guide.when is not None:
        parts += [(guide.when.text, guide.when.span), *((e.text, e.span) for e in guide.when.examples)]
    for judgement in guide.judgements:
        parts += [(judgement.text, judgement.span), *((e.text, e.span) for e in judgement.examples)]
    parts += [(use.text.template, use.text.span) for use in survey.texts]
    for text, span in parts:
        for start, end in mixed_words(text):
            _tell(report, text[start:end], span)


def _tell(report: GuideReport, word: str, span: Span) -> None:
    report.find(
        "G412",
        span,
        f"“{word}” mixes alphabets: {_odd_letter(word)}",
        "Type the word anew; it only looks like the other.",
    )
