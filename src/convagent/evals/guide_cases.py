"""What is known of guides' cases while somebody edits them: what they reached, how many there are; and running them.

What is told is read from what a shop keeps on disk; nothing is run for it. The cases of a guide run when an author asks for
that, in a process of their own.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from convagent.errors import ConvagentError
from convagent.evals.cases import Case
from convagent.evals.load import read_cases
from convagent.evals.reached import Reached, cases_of_guides, kept_logs, read_reached
from convagent.evals.run import guide_digests
from convagent.guidance.language.syntax import GuideFile

__all__ = ["CaseDesk"]

INDEX = ".convagent"


@dataclass
class CaseDesk:
    """The cases of a shop, read again when a file of theirs has changed.

    Attributes:
        folder: The shop's.
    """

    folder: Path
    _stamp: object = None
    _known: tuple[Reached, Sequence[Case]] = field(default_factory=lambda: (Reached(), ()))

    def _read(self) -> tuple[Reached, Sequence[Case]]:
        """What was reached, and the cases of the shop's `evals`; a file with faults counts as far as it can be read."""
        suites = self.folder / "evals"
        files = [*kept_logs(self.folder / INDEX), *(sorted(suites.rglob("*.y*ml")) if suites.is_dir() else ())]
        stamp = tuple((path, *_stat(path)) for path in files)
        if stamp != self._stamp:
            try:
                cases = read_cases([suites])[0] if suites.is_dir() else ()
            except ConvagentError:
                cases = ()
            self._known, self._stamp = (read_reached(self.folder / INDEX), cases), stamp
        return self._known

    def told(self, file: GuideFile) -> list[tuple[int, str, str, int]]:
        """Of each guide of a file: its line, its title, what cases reached of it when they last ran, how many there are.

        Args:
            file: As it is now, saved or not.
        """
        reached, cases = self._read()
        digests = guide_digests([file])
        out = []
        for guide in file.guides:
            title = guide.title
            found = reached.guide(title)
            if found is None:
                told = "no log knows it yet"
            else:
                opened, of = sum(branch.opened for branch in found.branches), len(found.branches)
                told = f"{opened} of {of} branches reached" if of else "reached" if found.turns else "not reached"
                if reached.digests.get(title) != digests.get(title):
                    told += ", changed since"
            out.append((guide.span.line, title, told, len(cases_of_guides(cases, [title], reached.results))))
        return out

    async def run(self, title: str) -> tuple[int, str, str]:
        """Runs the cases of a guide, with files as they are on the disk, in a process of their own.

        Args:
            title: The guide's.

        Returns:
            The exit code of `convagent eval run`, its line of verdicts or else the first line, and all that it printed.

        Raises:
            OSError: No process can be started.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "convagent", "eval", "run", "--shop", str(self.folder), f"--guide={title}",
            "--no-explain", "--show", "5", cwd=self.folder, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            raw, _ = await process.communicate()
        except asyncio.CancelledError:
            if process.returncode is None:
                process.kill()
            raise
        printed = raw.decode("utf-8", "replace")
        lines = [line.strip() for line in printed.splitlines() if line.strip()]
        verdicts = [line for line in lines if " results: " in line]
        told = verdicts[-1] if verdicts else (lines[0] if lines else "nothing was printed")
        return process.returncode or 0, told, printed


def _stat(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
