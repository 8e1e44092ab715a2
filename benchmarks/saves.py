"""What an author waits for after a save: an example of each guide of a shop is edited and put back, as `guidance watch` sees it.

    python benchmarks/saves.py [--shop DIR] [--check] [GUIDE …]

For each save: CPU time and time by the clock to the last case that it has to do with, how many of these cases ran, and how many
results were taken for standing since customers are understood in them as before. With --check all other cases are run too, as
`watch` does while nobody waits (20 s of one core for each save), and results that were taken for standing and don't are counted.
The shop is copied; kept logs and indexes come along. Cases tagged `open`, and suites called `final`, are left out.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convagent.cli.watched_cases import WatchedCases

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command itself has it

WORDS = " please today"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("guides", nargs="*", help="parts of titles; all guides by default")
    parser.add_argument("--shop", type=Path, default=Path())
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder, "shop")
        left_out = shutil.ignore_patterns(".git", ".venv", "src", "tests", "docs", "*final*", "__pycache__", ".*cache*")
        shutil.copytree(given.shop, shop, ignore=left_out)
        os.chdir(shop)
        _run(given.guides, check=given.check)


def _run(wanted: list[str], *, check: bool) -> None:
    from convagent.cli.output import console
    from convagent.cli.watched_cases import WatchedCases

    console.file = io.StringIO()
    watched = WatchedCases(Path(), [Path("evals")], ["-open"], [Path()])
    watched.look()
    _rest(watched)
    rows: list[tuple[float, float]] = []
    wrong = standing = 0
    print("| guide | CPU time | by the clock | ran | standing |\n|---|---|---|---|---|")
    for title, file, place in _examples():
        if wanted and not any(each.casefold() in title.casefold() for each in wanted):
            continue
        right = file.read_text(encoding="utf-8")
        for text in (right[:place] + WORDS + right[place:], right):
            file.write_text(text, encoding="utf-8")
            cpu, clock = time.process_time(), time.perf_counter()
            watched.look()
            while watched.waits():
                watched.go_on()
            rows.append((time.process_time() - cpu, time.perf_counter() - clock))
            rerun = watched.rerun
            print(
                f"| {title} | {rows[-1][0]:.2f} s | {rows[-1][1]:.2f} s | {rerun.concerned} | {rerun.standing} |",
                flush=True,
            )
            standing += rerun.standing
            if check:
                before = {name: watched.last[name].verdict for name in watched.left_standing}
                _rest(watched)
                wrong += sum(watched.last[name].verdict != verdict for name, verdict in before.items())
    for name, values in zip(("CPU time", "by the clock"), zip(*rows, strict=True), strict=True):
        at95 = sorted(values)[int(0.95 * len(values))] if len(values) > 1 else values[0]
        print(f"{name}: median {statistics.median(values):.2f} s, 95% {at95:.2f} s, most {max(values):.2f} s")
    print(f"{standing} results taken for standing" + (f", {wrong} of them wrongly" if check else ""))


def _rest(watched: WatchedCases) -> None:
    while watched.go_on():
        pass


def _examples() -> Iterator[tuple[str, Path, int]]:
    """The title of each guide with examples, its file, and the place where its first example ends."""
    for file in sorted(Path("guidance").glob("*.md")):
        at = 0
        for part in re.split(r"(?m)^(?=# )", file.read_text(encoding="utf-8")):
            if part.startswith("# ") and (found := re.search(r'(?m)^- "(.*)"', part)):
                yield part.split("\n")[0][2:], file, at + found.end(1)
            at += len(part)


if __name__ == "__main__":
    main()
