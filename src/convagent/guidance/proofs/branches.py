"""Questions about branches: whether each can open, and what hides one that can't."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import z3  # type: ignore[import-untyped]

from convagent.guidance.findings.finding import Span
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.proofs.paths import SymbolicReading
from convagent.guidance.proofs.prover import Answer, Prover
from convagent.guidance.proofs.reached import Branch
from convagent.guidance.proofs.replay import Played, play

__all__ = ["check_branches"]


def check_branches(prover: Prover, guide: k.Guide, reading: SymbolicReading) -> None:
    """Branches that no customer opens, and statements behind branches that take every customer."""
    symbols = reading.symbols
    dead: set[int] = set()
    for branch in reading.branches:
        node = branch.statement
        if node.guide != guide.title or branch.block in dead:
            continue  # it is asked about where it stands, or all that is left of its block is told
        result, _ = prover.ask(symbols, [branch.opens])
        if result == "sat":
            prover.proven += 1
            continue
        entered = prover.ask(symbols, [branch.entered])[0] if result == "unsat" else result
        if entered == "unsat":
            continue  # the branch around it is told
        if entered != "sat":
            prover.open.append(f"{node.address}: whether `{reading.told(node)}` can ever hold")
            continue
        if prover.ask(symbols, [branch.asked])[0] != "sat":
            dead.add(branch.block)
        _dead(prover, guide, reading, branch)
    for behind in reading.behind:
        if behind.statement.guide != guide.title or behind.block in dead:
            continue
        result, _ = prover.ask(symbols, [behind.reached])
        if result == "unsat" and prover.ask(symbols, [behind.entered])[0] == "sat":
            dead.add(behind.block)
            before = [b for b in _ending(reading, behind.block) if b.statement.span.line < behind.statement.span.line]
            _hidden(prover, guide, reading, behind.statement, z3.BoolVal(True), behind.entered, before, "this")


def _dead(prover: Prover, guide: k.Guide, reading: SymbolicReading, branch: Branch) -> None:
    """Tells of a branch that never opens: hidden by those before it, or impossible by itself."""
    node = branch.statement
    place = reading.branches.index(branch)
    before = [other for other in _ending(reading, branch.block) if reading.branches.index(other) < place]
    told = f"`{reading.told(node)}`"
    if before and prover.ask(reading.symbols, [branch.entered, branch.holds])[0] == "sat":
        _hidden(prover, guide, reading, node, branch.holds, branch.entered, before, told)
        return
    prover.tell(
        "G702", guide, _span(node), node.address,
        f"this branch never opens, whatever is known and answered: {told} can't hold here",
        "Take it away, or change it or the branches before it.",
    )  # fmt: skip


def _hidden(
    prover: Prover, guide: k.Guide, reading: SymbolicReading, node: k.Statement, holds: Any, entered: Any,
    before: list[Branch], told: str,
) -> None:  # fmt: skip
    """Tells of a statement that earlier branches keep every customer from, with one of them."""
    hiding = _needed(prover, reading, [entered, holds], before)
    addresses = {branch.statement.address for branch in hiding}
    bared = _without(guide, addresses)

    def really(played: Played) -> bool:
        if not any(_held(played, address) for address in addresses):
            return False
        if not isinstance(node, k.If) or node.condition is None:
            return True
        alone = play(
            bared, prover.kernel, played.case, vocabulary=prover.vocabulary, currency=prover.currency, until=None
        )  # fmt: skip
        return _held(alone, node.address)

    answer = prover.search(guide, reading, [entered, holds], really) if hiding else Answer("open")
    names = " and ".join(f"`{reading.told(b.statement)}` (statement {_number(b.statement)})" for b in hiding)
    case = f": {answer.story()}" if answer.kind == "found" else ""
    prover.tell(
        "G705", guide, _span(node), node.address,
        f"{told} is never read, since {names or 'the branches before'} takes everybody before{case}",
        "Put the narrower branch first, or change the conditions before it.",
        case=answer.played.case if answer.played is not None else None,
    )  # fmt: skip


def _ending(reading: SymbolicReading, block: int) -> list[Branch]:
    return [branch for branch in reading.branches if branch.block == block and not branch.statement.goes_on]


def _needed(
    prover: Prover, reading: SymbolicReading, formulas: list[Any], before: Iterable[Branch]
) -> list[Branch]:  # fmt: skip
    """Of the branches before, those without which some customer would come through."""
    symbols = reading.symbols
    left = list(before)

    def closed(branches: list[Branch]) -> bool:
        asked = [*formulas, *(branch.closed for branch in branches)]
        return prover.ask(symbols, asked)[0] == "unsat"

    if not closed(left):
        return []
    for branch in list(left):
        fewer = [other for other in left if other is not branch]
        if closed(fewer):
            left = fewer
    return left


def _without(guide: k.Guide, addresses: set[str]) -> k.Guide:
    """The guide without some of its statements."""

    def block(statements: k.Block) -> k.Block:
        kept = (each for each in statements if each.address not in addresses)
        return tuple(replace(each, body=block(each.body)) if isinstance(each, k.If) else each for each in kept)

    return replace(guide, body=block(guide.body))


def _held(played: Played, address: str) -> bool:
    """Whether the interpreter saw a branch's condition hold; an `Otherwise` that is read has none."""
    return any(
        note.kind == "condition" and note.address == address and note.data.get("result") == "yes"
        for note in played.reading.trace
    )


def _span(node: k.Statement) -> Span:
    return node.condition.span if isinstance(node, k.If) and node.condition is not None else node.span


def _number(node: k.Statement) -> str:
    return node.address.rpartition("/")[2]
