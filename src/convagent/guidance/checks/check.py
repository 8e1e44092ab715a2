"""Checks guidance: every fault of every guide in one run, without a solver, an index or a model."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from convagent.guidance.checks.characters import check_characters
from convagent.guidance.checks.judgements import check_judgements
from convagent.guidance.checks.logic import check_logic, check_shop_logic
from convagent.guidance.checks.names import Walk
from convagent.guidance.checks.promises import check_promises
from convagent.guidance.checks.report import CheckSettings, GuideReport, Report
from convagent.guidance.checks.safety import check_safety, shop_rules
from convagent.guidance.checks.shop_index import index_guides
from convagent.guidance.checks.style import check_style
from convagent.guidance.checks.survey import Survey
from convagent.guidance.checks.waits import check_waits
from convagent.guidance.findings.finding import Finding
from convagent.guidance.language import syntax as sx
from convagent.guidance.schema.vocabulary import Vocabulary

__all__ = ["CheckSettings", "check"]


def check(
    sources: Iterable[sx.Guide | sx.GuideFile],
    vocabulary: Vocabulary,
    *,
    articles: Collection[str] | None = None,
    teams: Collection[str] | None = None,
    settings: CheckSettings | None = None,
    faults: Iterable[Finding] = (),
) -> tuple[Finding, ...]:
    """Everything that is wrong with guides: names and types (G2), logic (G3), safety (G4), style (G5), judgements (G6).

    Args:
        sources: Files or guides, all of one shop: they are checked together. With files, findings show the source line.
        vocabulary: What names mean.
        articles: Titles and ids of articles; None when they aren't known, and `answer from` is not checked.
        teams: Names and ids of teams; None when they aren't known, and `hand over to` is not checked.
        settings: What is ignored and how severe codes are.
        faults: What parsing found: guides with faults of syntax are spared findings that may only follow from them.

    Returns:
        Findings in order of file and line, each once.
    """
    settings = settings or CheckSettings()
    given = tuple(sources)
    files = [source for source in given if isinstance(source, sx.GuideFile)]
    guides = [guide for source in given for guide in (source.guides if isinstance(source, sx.GuideFile) else (source,))]
    report = Report(settings, files, faults)
    index = index_guides(guides)
    rules = shop_rules(index, settings.language)
    by_article, by_team = _by_lower_case(articles), _by_lower_case(teams)
    lines = {file.path: _lines_of_guides(file) for file in files if not file.text.isascii()}
    surveyed: list[tuple[GuideReport, Survey]] = []
    # guides that give something come first: their types are known when others need it
    for outline in sorted(index.outlines, key=lambda outline: outline.guide.gives is None):
        guide = outline.guide
        told = report.guide(guide)
        survey = Walk(told, outline, index, vocabulary, by_article, by_team).run()
        check_logic(told, outline, survey, index)
        check_waits(told, guide, settings)
        check_safety(told, outline, survey, rules)
        check_promises(told, survey)
        check_style(told, outline, survey, settings)
        check_characters(told, guide, survey, lines.get(guide.file, {}).get(guide.span.line, []))
        surveyed.append((told, survey))
    check_shop_logic(report, index)
    check_judgements(surveyed, min_examples=settings.min_examples)
    return report.done()


def _by_lower_case(names: Collection[str] | None) -> dict[str, str] | None:
    return None if names is None else {name.strip().casefold(): name for name in names}


def _lines_of_guides(file: sx.GuideFile) -> dict[int, list[str]]:
    """The lines of each guide, by the line of its title."""
    lines = file.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    starts = sorted(guide.span.line for guide in file.guides)
    ends: Sequence[int] = [*starts[1:], len(lines) + 1]
    return {start: lines[start - 1 : end - 1] for start, end in zip(starts, ends, strict=False)}
