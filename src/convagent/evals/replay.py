"""Past tickets on the shop as it is now, and beside an older one: which conversations would end differently, and how.

What customers wrote is said again, in order; what colleagues answered is left out, the agent answers instead. So a
customer's later messages may answer what nobody asked now: a replay tells how alike two shops treat the same words, not how
the customer would have gone on. Everything runs as in evaluations, in storage and back office of its own.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from convagent.conversation import Turn
from convagent.errors import EvalError, Place
from convagent.evals.bench import Bench
from convagent.evals.calls import EFFECTIVE, as_plain
from convagent.evals.cases import Case
from convagent.evals.compare.changes import CaseChange, change_of
from convagent.evals.expect import ending, guide_of
from convagent.evals.faults import CaseFault
from convagent.evals.imports import from_tickets
from convagent.evals.results import CaseResult
from convagent.evals.run import RunSettings, run_briefly
from convagent.shop import open_shop

__all__ = ["Course", "Replay", "Replayed", "cases_of_tickets", "old_shop", "replay", "sample"]

Progress = Callable[[str, int, int], None]
SETTINGS = "convagent.toml"


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a conversation, without its words.

    Attributes:
        steps: How each turn ended and which guide read it.
        writes: What was done, with its arguments.
        error: Why it could not be played to its end.
    """

    steps: tuple[tuple[str, str], ...]
    writes: tuple[str, ...] = ()
    error: str = ""

    @property
    def end(self) -> str:
        """How the last turn that somebody got an answer to ended; what follows a handover is a person's."""
        told = [step for step, _ in self.steps if not step.startswith("Silent")]
        return self.error or (told[-1] if told else self.steps[-1][0] if self.steps else "nothing")


@dataclass(frozen=True, slots=True)
class Replayed:
    """One ticket.

    Attributes:
        case: Its conversation.
        now: Its course on the shop as it is.
        before: On the older shop; None where there is none.
    """

    case: Case
    now: Course
    before: Course | None = None

    @property
    def kind(self) -> str:
        """`ends`: it would end differently, or something else would be done; `goes`: another way to the same end; `same`."""
        if self.before is None or self.before == self.now:
            return "same"
        if (self.before.end, sorted(self.before.writes)) != (self.now.end, sorted(self.now.writes)):
            return "ends"
        return "goes"

    @property
    def group(self) -> tuple[str, str]:
        """Before and now where the ways part, in words: what changed in the same way belongs together."""
        before = self.before or self.now
        longest = max(len(before.steps), len(self.now.steps))
        at = next((n for n in range(longest) if before.steps[n : n + 1] != self.now.steps[n : n + 1]), longest)
        return _told(before, at), _told(self.now, at)

    def to_json(self) -> dict[str, Any]:
        """A line of a log."""
        return {
            "kind": self.kind, "id": self.case.id, "title": self.case.title, "tags": list(self.case.tags),
            "now": _json(self.now), "before": _json(self.before) if self.before is not None else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Replay:
    """A replay of many tickets.

    Attributes:
        tickets: In the order of the file.
        stamps: Of the shop as it is, and of the older one.
        faults: Lines that could not be read.
    """

    tickets: tuple[Replayed, ...]
    stamps: tuple[str, str]
    faults: tuple[CaseFault, ...] = ()

    def of(self, kind: str) -> tuple[Replayed, ...]:
        """Those of a kind: ends, goes, same."""
        return tuple(each for each in self.tickets if each.kind == kind)

    def groups(self) -> list[tuple[tuple[str, str], int]]:
        """What ends differently, by where the ways part, the most frequent change first."""
        return sorted(Counter(each.group for each in self.of("ends")).items(), key=lambda pair: (-pair[1], pair[0]))

    def endings(self) -> list[tuple[str, int]]:
        """How conversations end now, the most frequent first."""
        return sorted(Counter(each.now.end for each in self.tickets).items(), key=lambda pair: (-pair[1], pair[0]))

    def to_json(self) -> dict[str, Any]:
        """The last line of a log."""
        return {
            "kind": "summary", "tickets": len(self.tickets), "stamp": self.stamps[0], "against": self.stamps[1],
            "ends_differently": len(self.of("ends")), "goes_differently": len(self.of("goes")),
            "same": len(self.of("same")), "unreadable": len(self.faults),
            "changes": [{"before": a, "now": b, "count": count} for (a, b), count in self.groups()],
            "endings": dict(self.endings()),
        }  # fmt: skip


def replay(
    tickets: str | Path,
    shop: str | Path,
    *,
    against: str | Path | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Replay:
    """Plays past tickets on a shop, and on an older one beside it.

    Args:
        tickets: A file of tickets, a JSON object a line; see `from_tickets`.
        shop: The shop as it is.
        against: The older shop's folder.
        workers: Processes.
        progress: Called as tickets are done, with which shop it is (`now`, `before`), how many, and of how many.

    Raises:
        EvalError: `eval-import`: the file can't be read; `eval-empty`: it holds no ticket that can.
        ConvagentError: A shop can't be opened.
    """
    cases, faults = cases_of_tickets(tickets)
    if not cases:
        raise EvalError(
            "there is no ticket that can be read", code="eval-empty", place=Path(tickets),
            remedy="docs/evals.md shows one.",
        )  # fmt: skip
    now, stamp = _courses(cases, shop, workers, _telling(progress, "now", len(cases)))
    old: Mapping[str, Course] = {}
    other = ""
    if against is not None:
        old, other = _courses(cases, against, workers, _telling(progress, "before", len(cases)))
    told = tuple(Replayed(case, now[case.id], old.get(case.id)) for case in cases)
    return Replay(told, (stamp, other), faults)


def cases_of_tickets(path: str | Path) -> tuple[tuple[Case, ...], tuple[CaseFault, ...]]:
    """Tickets as cases that expect nothing, and what could not be read.

    Raises:
        EvalError: `eval-import`.
    """
    found = from_tickets(Path(path))
    cases, faults = [], list(found.faults)
    for data, line in zip(found.cases, found.lines, strict=True):
        own = {"id": f"tickets/{data['id']}", "suite": "tickets", "file": str(path), "line": line}
        try:
            cases.append(Case.model_validate({**data, **own}))
        except ValidationError as error:
            why = " ".join(error.errors(include_url=False)[0]["msg"].split())
            faults.append(CaseFault("eval-import", Place(str(path), line), f"the ticket {data['id']}: {why}"))
    faults.sort(key=lambda fault: fault.place.line or 0)
    return tuple(cases), tuple(faults)


def sample(
    found: Replay, shop: str | Path, against: str | Path, *, each: int = 1, seed: int = 0
) -> Iterator[CaseChange]:
    """Some of what ends differently, from every kind of change, the most frequent first: with what changed in the trace.

    They are played once more, which gives the same: a replay of many keeps no transcripts.

    Args:
        found: The replay.
        shop: The shop as it is.
        against: The older one.
        each: At most so many of each kind of change.
        seed: Chooses which.
    """
    chosen: list[Case] = []
    for group, _ in found.groups():
        mine = [ticket.case for ticket in found.of("ends") if ticket.group == group]
        chance = random.Random(f"{seed}/{group}")  # noqa: S311 - no secret
        chosen += sorted(chance.sample(mine, min(each, len(mine))), key=lambda case: case.id)
    if not chosen:
        return
    before, now = Bench.open(against), Bench.open(shop)
    try:
        for case in chosen:
            yield change_of(before.run(case), now.run(case))
    finally:
        before.agent.close()
        now.agent.close()


@contextmanager
def old_shop(named: str, shop: str | Path) -> Iterator[Path]:
    """A folder of an older shop: a folder as it is named, or else a git revision of the shop's own folder, taken out.

    Raises:
        EvalError: `eval-shop`: it is neither.
    """
    folder = Path(named)
    if (folder / SETTINGS).is_file():
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="convagent-") as made:
        _take_out(named, Path(shop).resolve(), Path(made))
        yield Path(made)


def _take_out(revision: str, shop: Path, into: Path) -> None:
    problem = f"{revision} is neither a shop's folder nor a git revision of this shop"
    remedy = f"Name a folder with a {SETTINGS}, or a branch, tag or commit."
    if revision.startswith("-"):
        raise EvalError(problem, code="eval-shop", remedy=remedy)
    try:
        done = subprocess.run(  # noqa: S603 - git, with a revision that begins with no dash
            ["git", "-C", str(shop), "archive", "--format=tar", revision, "."], capture_output=True, check=True,  # noqa: S607
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
        with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
            archive.extractall(into, filter="data")
    except (OSError, subprocess.CalledProcessError, tarfile.TarError) as error:
        stderr = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error).encode()
        told = stderr.decode("utf-8", "replace").strip()
        if "not a git repository" in told:
            problem = (
                f"{revision} is no shop's folder, and this shop is not in git, so that it has no earlier revisions"
            )
            remedy = "Name a folder with the shop as it was."
        elif "not a valid object name" not in told:
            problem = f"{problem}: {told[:200]}"
        raise EvalError(problem, code="eval-shop", remedy=remedy) from None
    if not (into / SETTINGS).is_file():
        raise EvalError(f"{revision} has no {SETTINGS} in this folder", code="eval-shop", remedy=remedy)


def _courses(
    cases: Sequence[Case], shop: str | Path, workers: int, done: Callable[[], None]
) -> tuple[dict[str, Course], str]:
    """The course of each case; results are let go where they came about, so that a hundred thousand tickets fit."""
    opened = open_shop(shop)
    found: dict[str, Course] = {}
    for name, course in run_briefly([(case, 0) for case in cases], opened, RunSettings(workers=workers), _named_course):
        found[name] = course
        done()
    return found, opened.stamp


def _named_course(result: CaseResult) -> tuple[str, Course]:
    return result.case.id, _course(result)


def _course(result: CaseResult) -> Course:
    steps = tuple((ending(turn), guide_of(turn) or "") for turn in result.turns)
    return Course(steps, tuple(_writes(result.turns)), result.error or "")


def _writes(turns: Iterable[Turn]) -> Iterator[str]:
    for turn in turns:
        for record in turn.actions:
            if record.kind == "write" and record.status in EFFECTIVE:
                yield f"{record.action} {json.dumps(as_plain(record.arguments), sort_keys=True, ensure_ascii=False)}"


def _told(course: Course, at: int) -> str:
    """A course where it parts from another, and what was done on it."""
    end, guide = course.steps[at] if at < len(course.steps) else (course.error or course.end, "")
    done = ", ".join(sorted({write.split(" ", 1)[0] for write in course.writes}))
    return f"{end}{f' by “{guide}”' if guide else ''}{f', does {done}' if done else ''}"


def _json(course: Course) -> dict[str, Any]:
    return {
        "end": course.end, "steps": [{"end": end, "guide": guide or None} for end, guide in course.steps],
        "writes": list(course.writes), "error": course.error or None,
    }  # fmt: skip


def _telling(progress: Progress | None, which: str, count: int) -> Callable[[], None]:
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(which, done, count)

    return tell
