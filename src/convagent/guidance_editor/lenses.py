"""Above each guide: how many of its branches cases reached when they last ran, and a command that runs its cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from lsprotocol.types import CodeLens, Command

from convagent.guidance.findings.finding import Span
from convagent.guidance.language.syntax import GuideFile
from convagent.guidance_editor.text_lines import TextLines

__all__ = ["RUN_CASES", "GuideCases", "OpenCases", "lenses"]

RUN_CASES = "convagent.runCases"
"""The command that runs the cases of a guide: its arguments are the file's URI and the guide's title."""


class GuideCases(Protocol):
    """What is known of the cases of a shop's guides; evaluations give it."""

    def told(self, file: GuideFile) -> list[tuple[int, str, str, int]]:
        """Of each guide of a file: its line, its title, what cases reached of it, how many cases there are."""

    async def run(self, title: str) -> tuple[int, str, str]:
        """Runs the cases of a guide in a process of their own: exit code, the verdicts in a line, all that was printed."""


OpenCases = Callable[[Path], GuideCases]
"""The cases of a shop's folder."""


def lenses(uri: str, known: Sequence[tuple[int, str, str, int]], lines: TextLines, *, runs: bool) -> list[CodeLens]:
    """A line above each guide.

    Args:
        uri: Of the file.
        known: What `GuideCases.told` says of it.
        lines: Its text.
        runs: Whether cases may be run.
    """
    out = []
    for line, title, told, count in known:
        can = runs and count > 0
        shown = f"{told} · {'run ' if can else ''}{count} case{'s' if count != 1 else ''}"
        where = lines.range(Span(line, 1, line, len(lines.line(line)) + 1))
        out.append(CodeLens(where, Command(shown, RUN_CASES if can else "", arguments=[uri, title] if can else None)))
    return out
