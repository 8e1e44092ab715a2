"""Counterexamples as cases of evaluation: played on the shop first, and written only where they really fail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from convagent.errors import ConvagentError, GuidanceError
from convagent.guidance.interpreter import kernel as k

if TYPE_CHECKING:
    from convagent.conversation import Turn
    from convagent.evals.bench import Bench
    from convagent.evals.cases import CaseTurn
    from convagent.guidance.proofs.report import Proof

__all__ = ["Saved", "save_cases"]

MOST_TURNS = 12
"""Messages of one case."""

_ACTS = frozenset({"G701", "G703", "G708", "G709"})
"""Codes of findings about an action that should not be called for this customer."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written.

    Attributes:
        files: The files, in order.
        left_out: Findings whose customer can't be written as a case that fails, each with why.
    """

    files: tuple[Path, ...]
    left_out: tuple[str, ...]


def save_cases(found: Sequence[Proof], shop: Path, folder: Path) -> Saved:
    """Writes a case for each customer for whom something doesn't hold, one file each.

    The conversation comes about on the shop itself: the guide's first example, then an answer to whatever is asked. A case is
    kept where it fails as long as the fault is there.

    Args:
        found: What `prove` found.
        shop: The shop's folder.
        folder: Where to; made if it isn't there.

    Raises:
        ConvagentError: The shop can't be opened.
        GuidanceError: `unwritable`.
    """
    from convagent.evals.bench import Bench

    files: list[Path] = []
    left_out: list[str] = []
    bench: Bench | None = None
    for proof in found:
        told = f"{proof.finding.code} {proof.address}"
        if proof.case is None:
            left_out.append(f"{told}: there is no customer to it")
            continue
        bench = bench if bench is not None else Bench.open(shop)
        case = _case(proof, bench)
        if isinstance(case, str):
            left_out.append(f"{told}: {case}")
            continue
        name = re.sub(r"[^a-z0-9]+", "-", f"{told} {proof.rule}".casefold()).strip("-")
        path = folder / f"{name[:100]}.yaml"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(_yaml(proof, case), encoding="utf-8")
        except OSError as error:
            raise GuidanceError(f"the case can't be written: {error}", code="unwritable", place=path) from None
        files.append(path)
    return Saved(tuple(files), tuple(left_out))


def _yaml(proof: Proof, case: Mapping[str, Any]) -> str:
    head = f"# {proof.finding.code}, found by `convagent guidance prove`. It fails as long as the fault is there.\n"
    return head + yaml.safe_dump({"cases": [dict(case)]}, allow_unicode=True, sort_keys=False, width=110)


def _case(proof: Proof, bench: Bench) -> dict[str, Any] | str:
    """The case in plain data, or why there is none."""
    from convagent.evals.cases import Case, CaseTurn
    from convagent.evals.found_customers import answer_of, plain_facts

    assert proof.case is not None  # noqa: S101 - the caller looked
    kernel = bench.agent.shop.kernel
    guide = kernel.guide(proof.guide)
    examples = (
        [each.text for each in guide.when.examples if not each.negative] if guide is not None and guide.when else []
    )
    if guide is None or not examples:
        return "its guide is started by no message of a customer"
    facts = plain_facts(proof.case.facts)
    data: dict[str, Any] = {
        "id": re.sub(r"[^\w.-]+", "-", f"{proof.finding.code}-{proof.address}-{proof.rule}").strip("-")[:120],
        "title": f"{proof.finding.code}: {proof.address}",
        "tags": ["proof"],
        "clock": proof.case.now.isoformat(),
        "facts": facts,
        "notes": proof.finding.message,
    }
    expect = _expected(proof, kernel)
    if isinstance(expect, str):
        return expect
    texts = [_words(proof, kernel, examples)]

    answers = proof.case.answers

    def speak(turns: Sequence[Turn]) -> CaseTurn | None:
        answer = answer_of(turns[-1], answers) if turns else None
        if turns and (answer is None or len(turns) >= MOST_TURNS):
            return None
        if answer is not None:
            texts.append(answer)
        return CaseTurn(customer=texts[-1])

    try:
        first = Case.model_validate({**data, "suite": "proofs", "turns": [{"customer": texts[0]}], "expect": expect})
        came = bench.converse(first, speak)
        data |= {"turns": [{"customer": text} for text in texts], "expect": expect}
        verdict = bench.run(Case.model_validate({**data, "suite": "proofs"})).verdict
    except (ConvagentError, ValueError) as error:
        return f"it is no case that can be played ({type(error).__name__})"
    if came.error:
        return f"it can't be played: {came.error}"
    if verdict != "fail":
        return (
            "on the shop's own systems the conversation takes another way: they know nothing of this customer's records"
        )
    return data


def _words(proof: Proof, kernel: k.Kernel, examples: Sequence[str]) -> str:
    """The first message: what both guides are for where two contradict one another, else the guide's first example."""
    if proof.finding.code == "G706":
        other = kernel.guide(proof.rule)
        shared = {each.text.casefold() for each in (other.when.examples if other is not None and other.when else ())}
        return next((text for text in examples if text.casefold() in shared), examples[0])
    return examples[0]


def _expected(proof: Proof, kernel: k.Kernel) -> dict[str, Any] | str:
    """What should be, and isn't as long as the fault is there."""
    code = proof.finding.code
    if code in _ACTS:
        statements = (part for guide in kernel.guides for part in k.statements_within(guide.body))
        action = next((s.action for s in statements if isinstance(s, k.Do) and s.address == proof.address), None)
        if action is None or action in k.BUILT_IN_ACTIONS:
            return "it is about no action of the shop's"
        return {"not_actions": [action]}
    if code == "G705":
        return {"branches": [proof.address]}
    if code == "G706":
        return {"outcome": ["Answered", "HandedOver"], "not_guides": [proof.rule]}
    if code == "G707":
        return {"outcome": ["Answered", "Asked"]}
    return {"outcome": ["Answered", "HandedOver"]}
