"""Which faults of guidance are found, and by what; and how long proofs take.

    python benchmarks/proofs.py [--faults N] [--seed N] [--growth N …] [--json FILE] [--rows FILE]

Single faults are put into the guides of the demo shop and of the examples, one at a time, drawn with a fixed seed and as
many of each kind as there are places: a threshold moved by one, a condition negated, a confirmation taken away, and so on.
For each it is asked whether `guidance check` tells of something new, whether `guidance prove` does, whether `guidance diff`
shows that customers are treated otherwise, and, in the demo shop, whether a case of its eval suites fails. A fault that none
of them finds may be one that changes nothing. Whether a `Never` can be broken is searched for without the solver.

The growth of the time of `prove` is measured on guides of one kind, as CPU time of one process. `--rows` keeps each fault's
row as soon as it is judged; a run that was broken off goes on behind them.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fault_effects import Suites, broken_rule

from convagent.guidance.changes.compare import compare_guidance
from convagent.guidance.checks.check import check
from convagent.guidance.findings.finding import has_errors
from convagent.guidance.findings.vocabulary import example_vocabulary
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language.parse import parse_text
from convagent.guidance.language.syntax import GuideFile
from convagent.guidance.proofs.prove import prove
from convagent.guidance.schema.vocabulary import Vocabulary
from convagent.settings import read_settings
from convagent.shop import read_actions
from convagent.shop_guidance import shop_vocabulary

ROOT = Path(__file__).parents[1]
SHOPS = (".", "examples/clothing-shop", "examples/retail", "examples/http-actions")

GUIDE = """# Cancel an order, case {n}

When the customer asks to cancel order kind {n}:
- "cancel my order of kind {n}"

1. Need customer
1. Need order: one of customer.orders
1. If order.status is not "pending":
   - refuse "{{{{ order.id }}}} has left already. You can send it back."
1. If order.total > {n} EUR:
   - hand over because not_permitted
1. confirm "Cancel {{{{ order.id }}}}?"
1. do cancel_order with order = order.id
1. say "{{{{ order.id }}}} is cancelled."

"""


# ---- faults
@dataclass(frozen=True)
class Fault:
    """One fault that was put in.

    Attributes:
        shop: Which shop.
        file: Where, relative to its guidance.
        kind: What was done.
        text: The file with the fault.
        line: The line that was changed, for reading.
    """

    shop: str
    file: str
    kind: str
    text: str
    line: str


Edit = Callable[[list[str], int], Iterator[list[str]]]


def _end(lines: Sequence[str], at: int) -> int:
    """The line behind a statement with all that stands below it."""
    depth = len(lines[at]) - len(lines[at].lstrip())
    end = at + 1
    while end < len(lines) and lines[end].strip() and len(lines[end]) - len(lines[end].lstrip()) > depth:
        end += 1
    return end


def _is_branch(line: str) -> bool:
    return re.match(r"\s*(1\.|-) If .*:$", line) is not None


def _replaced(lines: Sequence[str], at: int, line: str) -> list[str]:
    return [*lines[:at], line, *lines[at + 1 :]]


def _removed(lines: Sequence[str], at: int) -> list[str]:
    return [*lines[:at], *lines[_end(lines, at) :]]


def _on(pattern: str, new: str | Callable[[re.Match[str]], str], where: str = r"\b(If|must|Never)\b") -> Edit:
    """An edit of every place of a line that fits, one at a time."""

    def edit(lines: list[str], at: int) -> Iterator[list[str]]:
        if re.search(where, lines[at]) is None:
            return
        code = re.sub(r'"[^"]*"', lambda found: "\0" * len(found[0]), lines[at])
        for found in re.finditer(pattern, code):
            put = new if isinstance(new, str) else new(found)
            yield _replaced(lines, at, lines[at][: found.start()] + put + lines[at][found.end() :])

    return edit


def _moved(found: re.Match[str]) -> str:
    return f"{found[1]} {int(found[2]) + 1}"


def _negated(lines: list[str], at: int) -> Iterator[list[str]]:
    if _is_branch(lines[at]):
        yield _replaced(lines, at, re.sub(r"If (.*):$", r"If not (\1):", lines[at]))


def _without(pattern: str) -> Edit:
    def edit(lines: list[str], at: int) -> Iterator[list[str]]:
        if re.match(pattern, lines[at]):
            yield _removed(lines, at)

    return edit


def _no_guard(lines: list[str], at: int) -> Iterator[list[str]]:
    """Takes away a branch that refuses or hands over."""
    end = _end(lines, at)
    if _is_branch(lines[at]) and any(re.match(r"\s*- (refuse|hand over)", line) for line in lines[at:end]):
        yield _removed(lines, at)


def _swapped(lines: list[str], at: int) -> Iterator[list[str]]:
    """Swaps two branches that stand one behind the other."""
    end = _end(lines, at)
    if _is_branch(lines[at]) and end < len(lines) and _is_branch(lines[end]):
        behind = _end(lines, end)
        yield [*lines[:at], *lines[end:behind], *lines[at:end], *lines[behind:]]


def _no_otherwise(lines: list[str], at: int) -> Iterator[list[str]]:
    """Takes away `Otherwise`, or what a guide says last behind a branch: what holds for everybody else."""
    if re.match(r"\s*(1\.|-) Otherwise:", lines[at]):
        yield _removed(lines, at)
    last = at + 1 >= len(lines) or not lines[at + 1].strip()
    if last and re.match(r"1\. (say|answer|hand over|refuse)", lines[at]):
        above = next((line for line in reversed(lines[:at]) if line.startswith("1. ")), "")
        if above.startswith("1. If"):
            yield _removed(lines, at)


def _fewer(lines: list[str], at: int) -> Iterator[list[str]]:
    """Drops one part of a condition that has several."""
    found = re.match(r"(\s*(?:1\.|-) If )(.+?) and (.+):$", lines[at])
    if found and "(" not in lines[at]:
        yield _replaced(lines, at, f"{found[1]}{found[2]}:")
        yield _replaced(lines, at, f"{found[1]}{found[3]}:")


def _other_option(lines: list[str], at: int) -> Iterator[list[str]]:
    """Drops one value of `is one of`."""
    found = re.search(r'is (not )?one of ("[^"]*")((?:, "[^"]*")+)', lines[at])
    if found and re.search(r"\b(If|must|Never)\b", lines[at]):
        less = f"is {found[1] or ''}one of {found[3].removeprefix(', ')}"
        yield _replaced(lines, at, lines[at][: found.start()] + less + lines[at][found.end() :])


KINDS: dict[str, Edit] = {
    "a threshold moved by one": _on(r"(<=|>=|<|>) (\d+)", _moved),
    "a comparison turned round": _on(r"(<=|>=|<|>)(?= )", lambda m: {"<": ">", ">": "<", "<=": ">=", ">=": "<="}[m[1]]),
    "a border taken in or left out": _on(
        r"(<=|>=|<|>)(?= )", lambda m: {"<": "<=", ">": ">=", "<=": "<", ">=": ">"}[m[1]]
    ),
    "`is` and `is not` changed over": _on(
        r"\bis (not )?(?!one|known|none|unknown|empty)", lambda m: "is " if m[1] else "is not "
    ),
    "a condition negated": _negated,
    "a part of a condition dropped": _fewer,
    "a value of `one of` dropped": _other_option,
    "a confirmation taken away": _without(r"\s*(1\.|-) confirm"),
    "a guard taken away": _no_guard,
    "a cap (`must`) taken away": _without(r"\s*- must "),
    "a `Never` taken away": _without(r"1\. Never do "),
    "`Need customer` taken away": _without(r"1\. Need customer$"),
    "two branches swapped": _swapped,
    "`Otherwise` taken away": _no_otherwise,
    "`go on` taken away": _without(r"\s*- go on$"),
}


def places(shop: str) -> Iterator[Fault]:
    """Every fault that can be put into a shop's guides."""
    folder = ROOT / shop / "guidance"
    for path in sorted(folder.rglob("*.md")):
        lines = path.read_text(encoding="utf-8").split("\n")
        for at, line in enumerate(lines):
            if not re.match(r"\s*(1\.|-) ", line) or line.lstrip().startswith(('- "', "- not ")):
                continue
            for kind, edit in KINDS.items():
                for text in edit(lines, at):
                    yield Fault(shop, path.relative_to(folder).as_posix(), kind, "\n".join(text), line.strip())


def drawn(number: int, seed: int) -> list[Fault]:
    """So many faults, about as many of each kind."""
    rng = random.Random(seed)
    by_kind: dict[str, list[Fault]] = {kind: [] for kind in KINDS}
    for shop in SHOPS:
        for fault in places(shop):
            by_kind[fault.kind].append(fault)
    for faults in by_kind.values():
        rng.shuffle(faults)
    chosen: list[Fault] = []
    while len(chosen) < number and any(by_kind.values()):
        for faults in by_kind.values():
            if faults and len(chosen) < number:
                chosen.append(faults.pop())
    return sorted(chosen, key=lambda fault: (SHOPS.index(fault.shop), fault.file, fault.kind, fault.line))


# ---- what finds them
class Shop:
    """A shop and what is told of it without a fault."""

    def __init__(self, folder: str) -> None:
        path = ROOT / folder
        settings = read_settings(path / "convagent.toml")
        self.currency, self.zone = settings.shop.currency, ZoneInfo(settings.shop.timezone)
        self.teams = tuple(settings.teams)
        self.vocabulary: Vocabulary = shop_vocabulary(settings, read_actions(path, settings))
        guidance = path / "guidance"
        self.texts = {
            each.relative_to(guidance).as_posix(): each.read_text(encoding="utf-8") for each in guidance.rglob("*.md")
        }
        files, _ = self.files({})
        self.kernel = desugar(guide for file in files for guide in file.guides)
        self.checked = self.check(files)

    def files(self, changed: dict[str, str]) -> tuple[list[GuideFile], bool]:
        """The files, some of them with another text, and whether they can be read."""
        read = [parse_text(text, name) for name, text in sorted({**self.texts, **changed}.items())]
        return [file for file, _ in read], not any(has_errors(faults) for _, faults in read)

    def check(self, files: list[GuideFile]) -> Counter[Any]:
        """How often each code is told of each guide."""
        return Counter((found.code, found.guide) for found in check(files, self.vocabulary, teams=self.teams))

    def prove(self, kernel: k.Kernel, titles: set[str]) -> tuple[Counter[Any], int]:
        """The same for proofs of some guides, and how many questions stay open."""
        report = prove(kernel, self.vocabulary, currency=self.currency, zone=self.zone, only=titles)
        found = Counter((proof.finding.code, proof.rule.partition("/")[0]) for proof in report.found)
        return found, len(report.not_proven)


def judged(fault: Fault, shop: Shop, suites: Suites) -> dict[str, Any]:
    """What finds a fault."""
    red, cases = suites.red(fault.file, fault.text) if fault.shop == "." else (None, 0)
    files, readable = shop.files({fault.file: fault.text})
    found: dict[str, Any] = {
        "kind": fault.kind,
        "shop": fault.shop,
        "file": fault.file,
        "line": fault.line,
        "codes": [],
        "suites": red is not None,
        "case": red,
        "cases": cases,
        "never": None,
    }
    if not readable:
        return {**found, "check": True, "prove": False, "open": False, "diff": False, "customer": False}
    new = shop.check(files) - shop.checked
    kernel = desugar(guide for file in files for guide in file.guides)
    titles = {guide.title for guide in kernel.guides if shop.kernel.guide(guide.title) != guide}
    if kernel.nevers != shop.kernel.nevers:
        titles = {guide.title for guide in kernel.guides}
    else:
        titles |= {guide.title for guide in kernel.guides if titles & _leads_to(kernel, guide)}
    (after, left), (before, left_before) = shop.prove(kernel, titles), shop.prove(shop.kernel, titles)
    proven = after - before
    now = datetime(2026, 6, 16, 10, 30, tzinfo=shop.zone)
    compared = compare_guidance(shop.kernel, kernel, shop.vocabulary, now=now, currency=shop.currency)
    codes = sorted({code for code, _ in (*new, *proven)})
    found["never"], was = (
        broken_rule(each, shop.vocabulary, sorted(titles), now=now, currency=shop.currency)
        for each in (kernel, shop.kernel)
    )
    found["never"] = None if found["never"] == was else found["never"]
    return {
        **found,
        "codes": codes,
        "check": bool(new),
        "prove": bool(proven),
        "open": not proven and left > left_before,
        "diff": compared.changed,
        "customer": any(guide.example is not None for guide in compared.guides),
    }


def all_judged(faults: Sequence[Fault], kept: Path | None) -> list[dict[str, Any]]:
    """What finds each fault; rows that stand in a file already are taken from there, new ones are added to it."""
    told: list[dict[str, Any]] = []
    if kept is not None and kept.exists():
        told = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    by_digest = {row["digest"]: row for row in told}
    rows = []
    shops: dict[str, Shop] = {}
    with tempfile.TemporaryDirectory() as folder:
        suites: Suites | None = None
        for fault in faults:
            digest = sha256(repr(fault).encode()).hexdigest()[:16]
            if digest not in by_digest:
                if suites is None:
                    suites = Suites(ROOT, Path(folder))
                if fault.shop not in shops:
                    shops[fault.shop] = Shop(fault.shop)
                by_digest[digest] = {**judged(fault, shops[fault.shop], suites), "digest": digest}
                if kept is not None:
                    with kept.open("a", encoding="utf-8") as stream:
                        stream.write(json.dumps(by_digest[digest], ensure_ascii=False) + "\n")
            rows.append(by_digest[digest])
    return rows


def _leads_to(kernel: k.Kernel, guide: k.Guide) -> set[str]:
    """Titles of the guides that a guide goes on in, directly or by others."""
    found: set[str] = set()
    queue = [guide]
    while queue:
        for statement in queue.pop().body:
            for title in k.leads_to(statement)[1]:
                target = kernel.guide(title)
                if target is not None and target.title not in found:
                    found.add(target.title)
                    queue.append(target)
    return found


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """What was found by kind, in Markdown."""
    out = [
        "| fault | put in | `check` | `prove` | not proven | `diff` | with a customer | suites | any but `diff` | any |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]

    def told(name: str, some: Sequence[dict[str, Any]]) -> str:
        counts = [sum(row[by] for row in some) for by in ("check", "prove", "open", "diff", "customer")]
        demo = [row for row in some if row["shop"] == "."]
        suites = f"{sum(row['suites'] for row in demo)} of {len(demo)}"
        now = sum(row["check"] or row["prove"] or row["suites"] for row in some)
        anyhow = sum(row["check"] or row["prove"] or row["diff"] or row["suites"] for row in some)
        return f"| {name} | {len(some)} | {' | '.join(map(str, counts))} | {suites} | {now} | {anyhow} |"

    out += [told(kind, some) for kind in KINDS if (some := [row for row in rows if row["kind"] == kind])]
    return [*out, told("**all**", rows)]


# ---- growth
def growth(numbers: Sequence[int]) -> list[dict[str, float]]:
    """CPU time of proofs by the number of guides."""
    vocabulary = example_vocabulary()
    out = []
    for number in numbers:
        file, _ = parse_text("".join(GUIDE.format(n=n + 1) for n in range(number)) + NEVERS, "guides.md")
        kernel = desugar(file.guides)
        begin = time.process_time()
        report = prove(kernel, vocabulary, currency="EUR", zone=ZoneInfo("Europe/Dublin"))
        seconds = time.process_time() - begin
        out.append({"guides": number, "seconds": round(seconds, 2), "proven": report.proven})
        print(
            f"{number:>6} guides: {seconds:8.2f} s CPU, {report.proven} proven, {len(report.found)} found", flush=True
        )
    return out


NEVERS = """# What the agent must never do

1. Never do any write unless customer.verified
1. Never do cancel_order when order.total > 2000 EUR
"""


def main() -> None:
    """Measures and prints; with --json, keeps each fault's row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--growth", type=int, nargs="*", default=[10, 30, 100, 300, 1000])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rows", type=Path)
    arguments = parser.parse_args()
    grown = growth(arguments.growth)
    rows = all_judged(drawn(arguments.faults, arguments.seed), arguments.rows)
    print("\n".join(table(rows)))
    broken = [row for row in rows if row["never"] is not None or "G701" in row["codes"]]
    print(f"{len(broken)} break a Never; `prove` finds {sum(row['prove'] for row in broken)} of them")
    for row in broken:
        print(f"  {row['shop']} {row['file']} {row['kind']}: {row['line'][:80]} {row['never']} {row['codes']}")
    print(f"{sum(row['cases'] for row in rows)} conversations run")
    if arguments.json is not None:
        kept = {"faults": rows, "growth": grown}
        arguments.json.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
