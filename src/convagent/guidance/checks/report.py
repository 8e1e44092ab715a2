"""Collecting findings: severity and family by code, ignored codes left out, the source line for showing the place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding, Severity, Span, in_order
from convagent.guidance.language.slips import suggest
from convagent.guidance.language.syntax import Guide, GuideFile

__all__ = ["CheckSettings", "GuideReport", "Report", "TextFault", "did_you_mean"]

FOLLOW_UPS = frozenset(
    {
        "G201",
        "G213",
        "G215",
        "G225",
        "G307",
        "G314",
        "G315",
        "G401",
        "G402",
        "G403",
        "G406",
        "G507",
        "G601",
        "G602",
        "G604",
    }
)
"""Findings that a line which didn't parse may cause by its absence."""


class TextFault(NamedTuple):
    """What a check that is handed in found in a text.

    Attributes:
        code: Of the catalogue.
        message: What was found.
        remedy: How to mend it.
    """

    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """How guidance is checked.

    Attributes:
        ignore: Codes that are not reported, for the whole shop. A file adds its own with `ignore: [G501]` in its front
            matter.
        severity: Severities by code where they differ from the catalogue's.
        max_text_characters: Longer texts for the customer are found too long.
        max_sentence_words: Longer sentences are found too long.
        min_examples: Guides with fewer examples are told to have more.
        language: The language that guides are written in, whose word forms `Never say` covers.
        has_business_days: The shop has opening hours, which say what a business day is.
        voice: Finds what in a text isn't the shop's voice; marks in it are `BREAK` of `word_forms`. None: nothing is wrong.
    """

    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    max_text_characters: int = 700
    max_sentence_words: int = 35
    min_examples: int = 3
    language: str = "en"
    has_business_days: bool = True
    voice: Callable[[str], Iterable[TextFault]] | None = None


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """The remedy for a misspelt name."""
    meant = suggest(word, tuple(known))
    return f"Did you mean `{meant}`?" if meant is not None else otherwise


class Report:
    """The findings of one check."""

    def __init__(self, settings: CheckSettings, files: Iterable[GuideFile], faults: Iterable[Finding]) -> None:
        self.settings = settings
        self.findings: list[Finding] = []
        self._files = {file.path: file for file in files}
        self._lines: dict[str, list[str]] = {}
        self._ignored: dict[str, frozenset[str]] = {}
        self._broken = {(fault.file, fault.guide) for fault in faults if fault.severity == "error"}

    def guide(self, guide: Guide) -> GuideReport:
        """A report on one guide."""
        return GuideReport(self, guide, self._ignored_by(guide.file, guide.front_matter), self._is_broken(guide))

    def _is_broken(self, guide: Guide) -> bool:
        return (guide.file, guide.title) in self._broken

    def _ignored_by(self, path: str, front_matter: tuple[tuple[str, Any], ...]) -> frozenset[str]:
        if path not in self._ignored:
            value = dict(front_matter).get("ignore", ())
            codes = frozenset(str(code) for code in (value if isinstance(value, (list, tuple)) else (value,)))
            self._ignored[path] = codes | self.settings.ignore
            for code in sorted(codes):
                if code not in CODES or code.startswith("G1"):
                    what = "a fault of syntax can't be ignored" if code in CODES else f"there is no code `{code[:40]}`"
                    remedy = did_you_mean(code, CODES, "Name codes as findings do: `ignore: [G501]`.")
                    self._add("G510", Span(1, 1, 1, 4), what, remedy, path, None, self._ignored[path])
        return self._ignored[path]

    def _add(
        self, code: str, span: Span, message: str, remedy: str, path: str, title: str | None, ignored: frozenset[str]
    ) -> None:
        if code in ignored:
            return
        severity = self.settings.severity.get(code) or CODES[code].severity
        width = span.end_column - span.column if span.end_line == span.line else 1
        self.findings.append(
            Finding(code, severity, message, path, span.line, span.column, remedy, self._source(path, span.line),
                    max(1, width), title)
        )  # fmt: skip

    def _source(self, path: str, line: int) -> str:
        if path not in self._lines:
            file = self._files.get(path)
            text = file.text if file is not None else ""
            self._lines[path] = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines = self._lines[path]
        return lines[line - 1][:400] if 0 < line <= len(lines) else ""

    def done(self) -> tuple[Finding, ...]:
        """Everything found, in order, each once."""
        return in_order(self.findings)


@dataclass(frozen=True, slots=True)
class GuideReport:
    """Takes the findings on one guide."""

    report: Report
    guide: Guide
    ignored: frozenset[str]
    broken: bool

    def find(self, code: str, span: Span, message: str, remedy: str = "") -> None:
        """Notes a finding.

        Args:
            code: A code of the catalogue.
            span: Where.
            message: What was found, in plain words.
            remedy: How to mend it.
        """
        if self.broken and code in FOLLOW_UPS:
            return
        self.report._add(code, span, message, remedy, self.guide.file, self.guide.title, self.ignored)  # noqa: SLF001
