"""Faults put into the guides of all three shops: each customer whom a proof names really fares as it says."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from convagent.actions import ActionRegistry, CallContext
from convagent.facts import Customer, Money
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.values import Percent, normal
from convagent.nevers import never_rules
from convagent.settings import read_settings
from convagent.shop import read_actions

pytest.importorskip("z3", reason="proofs need the extra `prove`")

from convagent.guidance.proofs.prove import Proof, ProofReport, prove
from convagent.guidance.proofs.replay import Played, play

ROOT = Path(__file__).parents[2]
SHOPS = (".", "examples/clothing-shop", "examples/retail")
TOLD = (
    "a confirmation taken away",
    "`Need customer` taken away",
    "`Otherwise` taken away",
    "a cap (`must`) taken away",
)
"""Kinds of faults of which a proof can tell; of these two in each shop, of all others one."""

LEVELS = ("anonymous", "claimed", "verified")


@cache
def faults() -> ModuleType:
    """The module that puts faults into guides, as the seeded-fault table does."""
    folder = ROOT / "benchmarks"
    for name in ("fault_effects", "proofs"):
        spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules["proofs"]


def mutated(shop: Any, name: str) -> list[tuple[Any, k.Kernel, ProofReport]]:
    """Faults drawn by a fixed seed, with what proofs say of the guides that they change."""
    chance, out = random.Random(7), []
    places = [*faults().places(name)]
    for kind in faults().KINDS:
        mine = [place for place in places if place.kind == kind]
        for fault in chance.sample(mine, min(len(mine), 2 if kind in TOLD else 1)):
            files, readable = shop.files({fault.file: fault.text})
            if not readable:
                continue
            kernel = desugar(guide for file in files for guide in file.guides)
            titles = {guide.title for guide in kernel.guides if shop.kernel.guide(guide.title) != guide}
            report = prove(kernel, shop.vocabulary, currency=shop.currency, zone=shop.zone, only=titles)
            out.append((fault, kernel, report))
    return out


@pytest.mark.parametrize("name", SHOPS)
def test_each_customer_named_fares_as_it_is_said(name: str) -> None:
    shop = faults().Shop(name)
    folder = ROOT / name
    registry = read_actions(folder, read_settings(folder / "convagent.toml"))
    seen: Counter[str] = Counter()
    for fault, kernel, report in mutated(shop, name):
        for proof in report.found:
            if proof.case is None:
                assert proof.finding.code in {"G702", "G705", "G707"}, (fault.line, proof.finding.message)
                continue
            seen[proof.finding.code] += 1
            assert fares(proof, kernel, shop, registry), (fault.kind, fault.line, proof.finding.message)
    assert seen["G703"], "a confirmation that is taken away is told"
    assert seen["G709"] + seen["G704"] + seen["G708"]


def test_a_limit_that_lets_a_rule_be_broken_is_told_with_a_customer_who_breaks_it() -> None:
    """Of the faults of the table in docs/guidance/proofs.md that break a `Never`, one that stands in a guide."""
    name = "examples/clothing-shop"
    shop, folder = faults().Shop(name), ROOT / name
    registry = read_actions(folder, read_settings(folder / "convagent.toml"))
    (fault,) = (
        place
        for place in faults().places(name)
        if place.kind == "a threshold moved by one" and "order.shipping > 500 USD" in place.line
    )
    files, _ = shop.files({fault.file: fault.text})
    kernel = desugar(guide for file in files for guide in file.guides)
    titles = {guide.title for guide in kernel.guides if shop.kernel.guide(guide.title) != guide}
    report = prove(kernel, shop.vocabulary, currency=shop.currency, zone=shop.zone, only=titles)
    broken = [proof for proof in report.found if proof.finding.code == "G701"]
    assert broken
    assert all(fares(proof, kernel, shop, registry) for proof in broken)


def fares(proof: Proof, kernel: k.Kernel, shop: Any, registry: ActionRegistry) -> bool:
    """Whether a customer, read by the interpreter once more, comes to what the finding says."""
    code = proof.finding.code
    assert proof.case is not None

    def played(title: str, until: str | None) -> Played:
        guide = kernel.guide(title)
        assert guide is not None
        return play(guide, kernel, proof.case, vocabulary=shop.vocabulary, currency=shop.currency, until=until)  # type: ignore[arg-type]

    end = played(proof.guide, None)
    match code:
        case "G704":
            quiet = not any(step.kind in {"say", "ask", "offer", "answer", "recommend"} for step in end.reading.steps)
            return end.reading.status == "done" and quiet
        case "G705":
            read = {(note.address, note.data.get("result")) for note in end.reading.trace if note.kind == "condition"}
            return (proof.address, "yes") not in read and any(result == "yes" for _, result in read)
        case "G706":
            ends = {played(title, None).reading.status for title in {proof.guide, *told_in(proof, kernel)}}
            return bool(ends & {"refused", "handed_over"}) and len(ends) > 1
        case "G707":
            return end.reading.hand_over is not None and "no way on" in end.reading.hand_over.why
    there = played(proof.guide, proof.address)
    if there.want is None:
        return code == "G708" and unbounded([step.data for step in there.steps if step.kind == "offer"], proof.rule)
    who = normal(there.facts.get("customer"))
    level = who.verification if isinstance(who, Customer) else "anonymous"
    spec = registry.get(there.want.action)
    match code:
        case "G701":
            assert spec is not None
            context = CallContext(
                "c", who if isinstance(who, Customer) else None, there.case.now, facts=dict(there.facts)
            )
            return any(rule(spec, there.want.arguments, context) for rule in never_rules(kernel))
        case "G703":
            return not there.want.confirmed
        case "G708":
            return unbounded([there.want.arguments], proof.rule)
        case "G709":
            return spec is not None and LEVELS.index(level) < LEVELS.index(spec.requires)
    return False


def told_in(proof: Proof, kernel: k.Kernel) -> set[str]:
    """The titles of guides that a finding names."""
    return {guide.title for guide in kernel.guides if f"“{guide.title}”" in proof.finding.message}


def unbounded(given: list[Any], name: str) -> bool:
    """Whether an amount is one that no cap would let pass."""
    value = normal(given[-1].get(name)) if given else None
    return value.value > 100 if isinstance(value, Percent) else isinstance(value, Money) and value.minor > 100_000_000
