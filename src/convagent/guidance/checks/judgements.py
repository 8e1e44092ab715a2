"""G6: judgements and what they are learnt from: examples that are missing, too few, contradictory or never asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from convagent.guidance.checks.report import GuideReport, did_you_mean
from convagent.guidance.checks.survey import Survey
from convagent.guidance.findings.finding import Span
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.judgements import judgement_key, noticed_as, taught_in

__all__ = ["check_judgements"]


@dataclass(slots=True)
class _Known:
    """What a shop says of one judgement: where it is taught, and its examples by their plain words."""

    text: str
    report: GuideReport
    span: Span
    starts: bool = False
    """Whether it starts a guide, so that something asks for it."""
    given: dict[str, sx.Example] = field(default_factory=dict)
    refused: dict[str, sx.Example] = field(default_factory=dict)


def check_judgements(surveyed: Iterable[tuple[GuideReport, Survey]], *, min_examples: int) -> None:
    """Judgements of a shop: all guides that use the same text use the same one.

    Args:
        surveyed: Every guide's report and what was come upon in it.
        min_examples: With fewer, a judgement is told to have more.
    """
    told = tuple(surveyed)
    known: dict[str, _Known] = {}
    for report, _survey in told:
        _given_both_ways(report)
        for judgement in taught_in(report.guide):
            _learn(known, report, judgement)
    asked: set[str] = set()
    for report, text, span in _asked_for(told):
        key = judgement_key(text)
        if key not in asked and key not in known and noticed_as(text) is None:
            otherwise = f'Write `It seems "{text[:60]}":` below the title, examples as bullets below it.'
            report.find(
                "G601", span, f"no examples of what customers write when it seems “{text[:80]}”: that stays unsure",
                did_you_mean(text, [one.text for one in known.values()], otherwise),
            )  # fmt: skip
        asked.add(key)
    for key, one in known.items():
        if one.starts:
            continue
        count = len(one.given)
        if key not in asked:
            one.report.find(
                "G604", one.span, f"nothing asks whether it seems “{one.text[:80]}”",
                did_you_mean(one.text, [text for _, text, _ in _asked_for(told)], "Use it in a condition, or take it out."),
            )  # fmt: skip
        elif count < min_examples:
            one.report.find(
                "G602", one.span, f"{count or 'no'} example{'s' if count != 1 else ''} of what customers write",
                f"Give at least {min_examples}, and a few with `not` that only look like it.",
            )  # fmt: skip


def _asked_for(told: Iterable[tuple[GuideReport, Survey]]) -> Iterator[tuple[GuideReport, str, Span]]:
    for report, survey in told:
        for node in survey.judged:
            yield report, node.text, node.span


def _learn(known: dict[str, _Known], report: GuideReport, judgement: sx.Judgement) -> None:
    """Adds a guide's examples of a judgement to those of the others; the same one both ways is a finding."""
    one = known.setdefault(judgement_key(judgement.text), _Known(judgement.text, report, judgement.span))
    when = report.guide.when
    one.starts = one.starts or (when is not None and when.span == judgement.span)
    elsewhere = (dict(one.given), dict(one.refused))
    for example in judgement.examples:
        words = _words(example.text)
        (one.refused if example.negative else one.given).setdefault(words, example)
        if words in elsewhere[0 if example.negative else 1]:
            _both_ways(report, example)


def _given_both_ways(report: GuideReport) -> None:
    """An example and its opposite within one guide, below one line."""
    when = report.guide.when
    for one in (*((when,) if when is not None else ()), *report.guide.judgements):
        given = {_words(example.text) for example in one.examples if not example.negative}
        for example in one.examples:
            if example.negative and _words(example.text) in given:
                _both_ways(report, example)


def _both_ways(report: GuideReport, example: sx.Example) -> None:
    report.find(
        "G603",
        example.span,
        f"“{example.text[:80]}” is given both as an example and with `not`",
        "Keep one of the two.",
    )


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
