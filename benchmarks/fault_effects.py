"""What a fault of guidance does, beside what is told of it: which eval cases fail, and whether a `Never` can be broken.

Used by `proofs.py`. The cases are those of the demo shop's suites without the ones that are kept back or tagged `open`; of a
fault only the cases are run that read a guide which it changed, or expect one. A broken rule is searched for with the inputs
of `guidance diff`, through the interpreter and without the solver, so that it says what `prove` should have found.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from convagent.errors import GuidanceError
from convagent.evals import Bench, load_cases, with_tags
from convagent.evals.reached import cases_of_guides
from convagent.evals.results import CaseResult
from convagent.evals.run import guide_digests
from convagent.facts import Customer
from convagent.guidance.changes.inputs import Variables, facts_of, variables_of
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.syntax import LookUp
from convagent.guidance.proofs.counterexample import Case
from convagent.guidance.proofs.replay import blocks, play
from convagent.guidance.schema.vocabulary import Vocabulary
from convagent.guidance.values import UNKNOWN, normal
from convagent.reopening import reopen_shop
from convagent.shop import open_shop

PARTS = ("convagent.toml", "guidance", "knowledge", "actions", "back_office", "evals")
TRIES = 600
LEVELS = ("anonymous", "claimed", "verified")


class Suites:
    """A copy of the demo shop, and how its cases do without a fault."""

    def __init__(self, shop: Path, folder: Path) -> None:
        for part in PARTS:
            copy = shutil.copytree if (shop / part).is_dir() else shutil.copy
            copy(shop / part, folder / part)
        self.folder, self.shop = folder, open_shop(folder)
        self.bench = Bench.of(self.shop)
        files = sorted(path for path in (folder / "evals").glob("*.yaml") if not path.name.endswith("final.yaml"))
        told = [path for path in files if path.name != "personas.yaml"]
        cases = with_tags(load_cases(told), ["-open"])
        self.before = {case.id: self.bench.run(case) for case in cases}
        self.cases = [case for case in cases if self.before[case.id].verdict == "pass"]
        self.digests = guide_digests(self.shop.files)

    def red(self, file: str, text: str) -> tuple[str | None, int]:
        """The first case that a fault makes fail, None where none does, and how many were run.

        Args:
            file: A guidance file, relative to the guidance folder.
            text: What stands in it now.
        """
        path = self.folder / "guidance" / file
        right = path.read_text(encoding="utf-8")
        path.write_text(text, encoding="utf-8")
        try:
            shop = reopen_shop(self.shop, [path])
            bench = Bench.of(shop, after=self.bench)
        except GuidanceError as error:
            return f"no case can be run: {error.code}", 0
        finally:
            path.write_text(right, encoding="utf-8")
        now = guide_digests(shop.files)
        changed = {title for title in {*now, *self.digests} if now.get(title) != self.digests.get(title)}
        whole = shop.kernel.nevers != self.shop.kernel.nevers
        affected = self.cases if whole else cases_of_guides(self.cases, changed, self.before)
        for number, case in enumerate(affected, 1):
            result: CaseResult = bench.run(case)
            if result.verdict in {"fail", "error"}:
                return case.id, number
        return None, len(affected)


def broken_rule(
    kernel: k.Kernel, vocabulary: Vocabulary, titles: Sequence[str], *, now: datetime, currency: str
) -> str | None:
    """A rule that a customer comes to an action against, found by trying; None where none was found.

    Args:
        kernel: The guides.
        vocabulary: What names mean.
        titles: The guides that are tried.
        now: The moment.
        currency: Of amounts.
    """
    for title in titles:
        guide = kernel.guide(title)
        if guide is None:
            continue
        met = [guide, *_led_to(kernel, guide)]
        statements = [each for one in met for each in k.statements_within(one.body)]
        variables = variables_of(met, vocabulary, now=now, currency=currency)
        for node in statements:
            rules = _rules(kernel, vocabulary, node)
            for chosen in _inputs(variables, title) if rules else ():
                found = _breaks(guide, kernel, node, rules, chosen, variables, statements, vocabulary, now, currency)
                if found is not None:
                    return found
    return None


def _led_to(kernel: k.Kernel, guide: k.Guide) -> list[k.Guide]:
    found: dict[str, k.Guide] = {}
    queue = [guide]
    while queue:
        for statement in queue.pop().body:
            for title in k.leads_to(statement)[1]:
                target = kernel.guide(title)
                if target is not None and target is not guide and target.title not in found:
                    found[target.title] = target
                    queue.append(target)
    return [*found.values()]


def _rules(kernel: k.Kernel, vocabulary: Vocabulary, node: k.Statement) -> list[k.Never]:
    if not isinstance(node, k.Do) or node.action in k.BUILT_IN_ACTIONS:
        return []
    signature = (vocabulary.actions or {}).get(node.action)
    wide = {"any action"} | ({"any write"} if signature is None or signature.kind == "write" else set())
    return [never for never in kernel.nevers if never.action == node.action or never.action in wide]


def _breaks(
    guide: k.Guide, kernel: k.Kernel, node: k.Statement, rules: Sequence[k.Never], chosen: Mapping[str, Any],
    variables: Variables, statements: Sequence[k.Statement], vocabulary: Vocabulary, now: datetime, currency: str,
) -> str | None:  # fmt: skip
    given = facts_of(variables, chosen)
    kept = set(variables.looked_up.values())
    results = {
        each.address: given.get(str(each.name))
        for each in statements
        if (isinstance(each, k.Let) and isinstance(each.value, LookUp)) or (isinstance(each, k.Do) and each.name)
    }
    failing = {each.address for each in statements if isinstance(each, k.Do) and chosen.get(f"fails {each.action}")}
    judged = {name.removeprefix("seems "): value for name, value in chosen.items() if name.startswith("seems ")}
    facts = {name: value for name, value in given.items() if name not in kept}
    assert isinstance(node, k.Do)
    case = Case(facts, given, results, frozenset(failing - {node.address}), judged, chosen.get("now", now))
    try:
        played = play(guide, kernel, case, vocabulary=vocabulary, currency=currency, until=node.address)
    except Exception:  # noqa: BLE001 - a made-up customer whom nothing can be read for says nothing
        return None
    if played.want is None:
        return None
    signature = (vocabulary.actions or {}).get(node.action)
    who = normal(played.facts.get("customer", UNKNOWN))
    level = who.verification if isinstance(who, Customer) else "anonymous"
    if signature is not None and LEVELS.index(level) < LEVELS.index(signature.requires):
        return None  # the action asks for that itself, before any rule
    broken = (rule for rule in rules if blocks(rule, played.want.arguments, played.facts, case.now))
    return next((f"{node.address}: {rule.address}" for rule in broken), None)


def _inputs(variables: Variables, seed: str) -> Iterator[dict[str, Any]]:
    usual = variables.usual()
    rest = {name: values for name, values in variables.candidates.items() if len(values) > 1}
    yield usual
    for name, values in rest.items():
        yield from ({**usual, name: value} for value in values[1:])
    chance = random.Random(seed)
    for number in range(TRIES):
        share = (0.15, 0.5, 0.85)[number % 3]
        yield {**usual, **{name: chance.choice(values) for name, values in rest.items() if chance.random() < share}}
