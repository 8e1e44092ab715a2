"""`convagent guidance check --watch`: checks again whenever something is saved, and tells what that changed."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import FrameType

from rich.text import Text

from convagent.cli.finding_lines import print_findings
from convagent.cli.output import console
from convagent.errors import ConvagentError
from convagent.guidance.findings.finding import Finding

__all__ = ["Stamps", "on_save", "stamps", "told_changes", "watch"]

LOOK_SECONDS = 0.1
"""How often is looked whether a file was saved; a look takes 2 ms for the demo shop's 200 files."""

SETTLE_SECONDS = 0.05
"""How long a save must leave the files alone before they are read."""

Stamps = frozenset[tuple[str, int, int]]
"""Files with their time and size."""

_SKIPPED = frozenset({".git", ".convagent", ".venv", "venv", "node_modules", "__pycache__"})
_KINDS = frozenset({".md", ".toml", ".yaml", ".yml", ".py", ".json", ".csv", ".html", ".txt"})


def stamps(roots: Iterable[Path]) -> Stamps:
    """What the files that a check may read look like now.

    Args:
        roots: Folders, gone through without hidden ones and environments, and files.
    """
    found: set[tuple[str, int, int]] = set()
    pending = list(roots)
    while pending:
        path = pending.pop()
        try:
            if path.is_dir():
                pending += [each for each in path.iterdir() if each.name not in _SKIPPED]
            elif path.suffix in _KINDS:
                stat = path.stat()
                found.add((str(path), stat.st_mtime_ns, stat.st_size))
        except OSError:
            continue  # it is gone by now
    return frozenset(found)


def watch(
    roots: Sequence[Path],
    check: Callable[[], tuple[Finding, ...]],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Prints every finding once, then after each save what came and what is gone, until it is interrupted.

    Args:
        roots: What is watched.
        check: Finds everything.
        pause: Waits so many seconds.
    """
    before: Counter[tuple[str, str, str]] | None = None

    def look() -> None:
        nonlocal before
        before = told_changes(check(), before)

    on_save(roots, look, pause=pause)


def on_save(
    roots: Sequence[Path],
    act: Callable[[], None],
    *,
    meanwhile: Callable[[], bool] = lambda: False,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Does something once, and again after each save, until it is interrupted. What can't be read is told and waited out.

    Args:
        roots: What is watched.
        act: What is done.
        meanwhile: Does a little more of what is left to do while nothing is saved; false when nothing is.
        pause: Waits so many seconds.
    """
    seen: Stamps | None = None
    stopped = False

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        # Raised within a finaliser, an interrupt is told and lost: the flag outlives it.
        nonlocal stopped
        stopped = True
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    owned = threading.current_thread() is threading.main_thread() and before is signal.default_int_handler
    if owned:
        signal.signal(signal.SIGINT, interrupted)
    try:
        while not stopped:
            now = stamps(roots)
            if now != seen:
                if seen is not None:
                    now = _settled(now, roots)
                seen = now
                try:
                    act()
                except (
                    ConvagentError
                ) as error:  # a file that is half saved, settings at fault: mended with the next save
                    console.print(Text.assemble(("✗ ", "red"), str(error)))
                console.file.flush()
            if meanwhile():
                console.file.flush()
                continue
            pause(LOOK_SECONDS)
    except KeyboardInterrupt:
        return
    finally:
        if owned:
            signal.signal(signal.SIGINT, before)


def _settled(now: Stamps, roots: Sequence[Path]) -> Stamps:
    """What the files look like once nobody writes them: an editor empties a file before it fills it."""
    for _ in range(20):
        time.sleep(SETTLE_SECONDS)
        later = stamps(roots)
        if later == now:
            break
        now = later
    return now


def told_changes(
    found: Sequence[Finding],
    before: Counter[tuple[str, str, str]] | None,
    *,
    ending: str = "Watching; end with Ctrl-C.",
) -> Counter[tuple[str, str, str]]:
    """Prints what changed; a finding that only moved to another line is the same.

    Args:
        found: All findings.
        before: What the last call gave; None prints all findings.
        ending: What is said below all findings.
    """
    now = Counter((each.file, each.code, each.message) for each in found)
    if before is None:
        print_findings(found)
        if ending:
            console.print(Text(ending, style="dim"))
        return now
    came, gone = now - before, before - now
    if not came and not gone:
        console.print(Text(f"No finding came or went: {_count(len(found))}.", style="dim"))
        return now
    for file, code, message in sorted(gone.elements()):
        console.print(Text.assemble(("✓ ", "green"), (file, "bold"), f" {code} {message}"))
    new: list[Finding] = []
    for each in found:
        key = (each.file, each.code, each.message)
        if came[key] > 0:
            came[key] -= 1
            new.append(each)
    if new:
        print_findings(new)
    console.print(Text(f"{_count(len(found))} in all." if found else "Now there is nothing to mend.", style="dim"))
    return now


def _count(findings: int) -> str:
    return "nothing to mend" if not findings else f"{findings} finding{'s' if findings != 1 else ''}"
