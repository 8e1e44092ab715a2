"""What changed in one case between two runs: how it ends, and where in the trace the ways part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from convagent.conversation import Turn
from convagent.evals.expect import Check, ending
from convagent.evals.results import CaseResult

__all__ = ["CaseChange", "Kind", "change_of"]

Kind = Literal["broken", "mended", "errs", "differs", "same"]

_LONGEST = 200
_PARTING = 2
_ENDING = re.compile(r"[-+] (?:read “.*”: \w+$|understood as )")
_VALUES = re.compile(r" \(.*\)$|“.*|\d+")


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What changed in one trial of a case.

    Attributes:
        id: The case's.
        trial: From 0.
        title: What it is about.
        file: Where it stands.
        line: In that file.
        kind: `broken`: it passed and fails now; `errs`: it is an error now and was none; `mended`: it passes now and didn't;
            `differs`: the verdict is of the same worth, the conversation isn't; `same`.
        verdicts: Before and now.
        turn: The first turn that differs, from 1; None where none does.
        said: What the customer wrote there.
        before: How that turn ended.
        after: How it ends now.
        trace: What changed in its trace and reply, as lines that begin with `- ` and `+ `.
        checks: What fails now and didn't.
        error: Why it is an error now.
    """

    id: str
    trial: int
    title: str
    file: str
    line: int
    kind: Kind
    verdicts: tuple[str, str]
    turn: int | None = None
    said: str = ""
    before: str = ""
    after: str = ""
    trace: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    error: str | None = None

    @property
    def name(self) -> str:
        """The id, with the trial where there are several."""
        return f"{self.id} (trial {self.trial + 1})" if self.trial else self.id

    @property
    def parting(self) -> tuple[str, ...]:
        """The lines at which the ways part, at most two of each side, without what merely tells how the turn ended."""
        told = [line for line in self.trace if not _ENDING.match(line)]
        return tuple(line for sign in "-+" for line in [each for each in told if each.startswith(sign)][:_PARTING])

    @property
    def cause(self) -> tuple[str, ...]:
        """What is the same in changes of the same cause: how the turn ends, and where the ways part, without values."""
        first = [next((line for line in self.parting if line.startswith(sign)), "") for sign in "-+"]
        checks = () if any(first) else sorted({check.name for check in self.checks})
        return (self.kind, self.before, self.after, *(_VALUES.sub("", line) for line in first), *checks)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "id": self.id, "trial": self.trial, "title": self.title, "file": self.file, "line": self.line,
            "kind": self.kind, "verdicts": list(self.verdicts), "turn": self.turn, "said": self.said,
            "before": self.before, "after": self.after, "trace": list(self.trace),
            "checks": [check.model_dump(mode="json") for check in self.checks], "error": self.error,
        }  # fmt: skip


def change_of(base: CaseResult, new: CaseResult) -> CaseChange:
    """What changed from one result of a case to another."""
    case = new.case
    at = _first_difference(base.turns, new.turns)
    lost = {(c.turn, c.name, c.expected) for c in base.failures}
    checks = tuple(check for check in new.failures if (check.turn, check.name, check.expected) not in lost)
    kind = _kind(base.verdict, new.verdict, differs=at is not None)
    told: dict[str, Any] = {}
    if at is not None:
        one = base.turns[at] if at < len(base.turns) else None
        other = new.turns[at] if at < len(new.turns) else None
        told = {
            "turn": at + 1,
            "said": _short((other or one or new.turns[-1]).message.text),
            "before": ending(one) if one else "not reached",
            "after": ending(other) if other else "not reached",
            "trace": _changed_lines(_lines(one), _lines(other)),
        }
    return CaseChange(
        id=case.id, trial=new.trial, title=case.title, file=case.file, line=case.line, kind=kind,
        verdicts=(base.verdict, new.verdict), checks=checks,
        error=new.error if new.verdict == "error" else None, **told,
    )  # fmt: skip


def _kind(before: str, now: str, *, differs: bool) -> Kind:
    if now == "error" and before != "error":
        return "errs"
    good = ("pass", "unscored")
    if before in good and now == "fail":
        return "broken"
    if before not in good and now in good:
        return "mended"
    return "differs" if differs or before != now else "same"


def _first_difference(base: Sequence[Turn], new: Sequence[Turn]) -> int | None:
    for number in range(max(len(base), len(new))):
        if number >= len(base) or number >= len(new) or _lines(base[number]) != _lines(new[number]):
            return number
    return None


def _lines(turn: Turn | None) -> list[str]:
    """A turn as a reader sees it: its story, then its reply."""
    if turn is None:
        return []
    story = [line.strip().removeprefix("· ") for line in turn.explain().splitlines()[1:]]
    reply = [line.strip() for line in turn.reply.text.splitlines() if line.strip()] if turn.reply is not None else []
    shown = [product.title for product in turn.reply.products] if turn.reply is not None else []
    return [*story, *(f"“{line}”" for line in reply), *(f"shows {title}" for title in shown)]


def _changed_lines(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    lines: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            lines += [f"- {_short(line)}" for line in before[i1:i2]]
            lines += [f"+ {_short(line)}" for line in after[j1:j2]]
    return tuple(lines)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 2] + " …"
