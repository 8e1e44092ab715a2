"""Questions about what guides do: rules that block it, the customer's yes, who writes, amounts without a cap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import z3  # type: ignore[import-untyped]

from convagent.facts import Customer, Money
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.unparse import unparse
from convagent.guidance.proofs.paths import SymbolicReading
from convagent.guidance.proofs.prover import Prover
from convagent.guidance.proofs.reached import Reached
from convagent.guidance.proofs.replay import Played, blocks
from convagent.guidance.proofs.rule_names import RuleNames
from convagent.guidance.proofs.symbols import Symbol, Symbols, Truth
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import ActionSignature
from convagent.guidance.values import Percent, normal

__all__ = ["check_action", "check_offer"]

AT_MOST_KNOWN = 100_000
"""Bound of every amount that the shop knows, in minor units, while a cap is looked for."""

BEYOND = 100_000_000
"""An amount that no few of those come to, in minor units; a share of more than it is beyond all too."""

_MOST_PERCENT = 100

_ROOT = re.compile(r"/\d+(?:\.\d+)*$")
"""Ends what a Need gives itself, rather than a field of it."""

_LEVELS = ("anonymous", "claimed", "verified")


def check_action(prover: Prover, guide: k.Guide, reached: Reached, reading: SymbolicReading) -> None:
    """What no guide may come to, for one action."""
    node = reached.statement
    signature = (prover.vocabulary.actions or {}).get(node.action)
    is_write = signature is None or signature.kind == "write"
    rules = [never for never in prover.kernel.nevers if _covers(never, node.action, is_write=is_write)]
    for never in rules:
        _never(prover, guide, reached, never, reading, signature)
    if not is_write:
        return
    if signature is not None and signature.confirm:
        _confirmation(prover, guide, reached, reading)
    if signature is not None and signature.requires != "anonymous" and not reached.identified:
        _verified(prover, guide, reached, reading, signature)
    for name, amount in _amounts(reading.symbols, reached, signature):
        _cap(prover, guide, reached, reading, name, amount, signature, rules)


def check_offer(prover: Prover, guide: k.Guide, reached: Reached, reading: SymbolicReading) -> None:
    """Whether what a guide offers has a cap."""
    for name, amount in _amounts(reading.symbols, reached, None):
        _cap(prover, guide, reached, reading, name, amount, None, [])


def _covers(never: k.Never, action: str, *, is_write: bool) -> bool:
    return never.action in {action, "any action"} or (is_write and never.action == "any write")


def _told(never: k.Never) -> str:
    condition = never.when if never.when is not None else never.unless
    if condition is None:
        return f"Never do {never.action}"
    return f"Never do {never.action} {'when' if never.when is not None else 'unless'} {unparse(condition)}"


# ---- rules
def _never(
    prover: Prover, guide: k.Guide, reached: Reached, never: k.Never, reading: SymbolicReading,
    signature: ActionSignature | None,
) -> None:  # fmt: skip
    """Whether a guide comes to an action where a rule blocks it."""
    node, rule = reached.statement, _told(never)
    formulas = [reached.condition, _broken(never, reached, reading, signature)]
    customer = RuleNames(reached, reading, signature)("customer")
    if signature is not None and signature.requires != "anonymous" and customer is not None:
        formulas.append(reading.symbols.at_least(customer, signature.requires))  # asked for before the rule

    def really(played: Played) -> bool:
        want = played.want
        return want is not None and want.action == node.action and blocks(
            never, want.arguments, played.facts, played.case.now
        )  # fmt: skip

    answer = prover.search(guide, reading, formulas, really, until=node.address)
    if prover.note(answer, f"{node.address}: whether `{rule}` can block `{node.action}`") and answer.played is not None:
        prover.tell(
            "G701", guide, node.span, node.address,
            f"`{rule}` ({never.address}) is broken by some customers who come here: {answer.story()}",
            "Ask for it before: an `If` that refuses or hands over, or a `must` on what the customer gives.",
            case=answer.played.case, rule=never.address,
        )  # fmt: skip


def _broken(never: k.Never, reached: Reached, reading: SymbolicReading, signature: ActionSignature | None) -> Any:
    """When a rule is broken by a call."""
    condition = never.when if never.when is not None else never.unless
    if condition is None:
        return z3.BoolVal(True)
    held: Truth = reading.encoder.truth(condition, RuleNames(reached, reading, signature))
    return held.true if never.when is not None else z3.Not(held.true)


# ---- the customer's yes, and who writes
def _confirmation(prover: Prover, guide: k.Guide, reached: Reached, reading: SymbolicReading) -> None:
    """Whether a guide comes to a write to which the customer didn't say yes."""
    node = reached.statement
    answer = prover.search(
        guide, reading, [reached.condition, z3.Not(reached.confirmed)],
        lambda played: played.want is not None and not played.want.confirmed, until=node.address,
    )  # fmt: skip
    if prover.note(answer, f"{node.address}: whether `{node.action}` is always confirmed") and answer.played:
        prover.tell(
            "G703", guide, node.span, node.address, f"`{node.action}` runs without the customer's yes: {answer.story()}",
            "Put `confirm` before it on every way that leads here.", case=answer.played.case,
        )  # fmt: skip


def _verified(
    prover: Prover, guide: k.Guide, reached: Reached, reading: SymbolicReading, signature: ActionSignature
) -> None:  # fmt: skip
    """Whether a guide comes to a write for somebody of whom it isn't known well enough who they are."""
    node, customer = reached.statement, reached.customer
    wanted = signature.requires
    known = reading.symbols.at_least(customer, wanted) if customer is not None else z3.BoolVal(False)

    def really(played: Played) -> bool:
        who = normal(played.facts.get("customer"))
        level = who.verification if isinstance(who, Customer) else "anonymous"
        return played.want is not None and _LEVELS.index(level) < _LEVELS.index(wanted)

    answer = prover.search(guide, reading, [reached.condition, z3.Not(known)], really, until=node.address)
    question = f"{node.address}: whether `{node.action}` is reached only by customers who are {wanted}"
    if prover.note(answer, question) and answer.played is not None:
        prover.tell(
            "G709", guide, node.span, node.address,
            f"`{node.action}` wants a {wanted} customer and is reached by one who isn't: {answer.story()}",
            "Write `Need customer` above, or refuse before: `If not customer.verified:`.", case=answer.played.case,
        )  # fmt: skip


# ---- caps
def _amounts(symbols: Symbols, reached: Reached, signature: ActionSignature | None) -> Iterator[tuple[str, Symbol]]:
    """The money and the shares among a call's arguments that hang on more than what is written there."""
    for name, value in reached.arguments.items():
        parameter = signature.parameter(name) if signature is not None else None
        kinds = (value.type, t.plain(parameter.type) if parameter is not None else value.type)
        of_worth = any(isinstance(kind, (t.MoneyType, t.Percent)) for kind in kinds)
        if of_worth and value.term is not None and symbols.unknowns.of([value.term]):
            yield name, value


def _cap(
    prover: Prover, guide: k.Guide, reached: Reached, reading: SymbolicReading, name: str, amount: Symbol,
    signature: ActionSignature | None, rules: list[k.Never],
) -> None:  # fmt: skip
    """Whether an amount stays in bounds while what the shop knows does."""
    node, symbols = reached.statement, reading.symbols
    if not isinstance(amount.type, (t.MoneyType, t.Percent)):
        return
    least = _MOST_PERCENT if isinstance(amount.type, t.Percent) else BEYOND
    allowed = [z3.Not(_broken(never, reached, reading, signature)) for never in rules]
    formulas = [reached.condition, amount.known, z3.Not(amount.none), amount.term > least, *allowed]

    def really(played: Played) -> bool:
        given = normal(_argument(played, name))
        if isinstance(given, Percent):
            return given.value > least
        return isinstance(given, Money) and given.minor > least

    until = node.address if node.action not in k.BUILT_IN_ACTIONS else None
    answer = prover.search(guide, reading, [*formulas, *_within_bounds(symbols)], really, until=until)
    question = f"{node.address}: whether `{name}` of `{node.action}` has a cap"
    if prover.note(answer, question) and answer.played is not None:
        prover.tell(
            "G708", guide, node.span, node.address,
            f"nothing bounds `{name}` of `{node.action}`: {answer.story()}",
            "Bound it: a `must` on what the customer gives, an `If` that hands over, or a `Never` with a limit.",
            case=answer.played.case, rule=name,
        )  # fmt: skip


def _argument(played: Played, name: str) -> Any:
    if played.want is not None:
        return played.want.arguments.get(name)
    offers = [step.data for step in played.steps if step.kind == "offer"]
    return offers[-1].get(name) if offers else None


def _within_bounds(symbols: Symbols) -> list[Any]:
    """What the shop knows stays in bounds; what the customer answers doesn't."""
    out: list[Any] = []
    for key, leaf in symbols.leaves.items():
        term, kind = leaf.symbol.term, leaf.symbol.type
        if leaf.symbol.overflow is not None:
            out.append(z3.Not(leaf.symbol.overflow))
        if key.startswith("need:") and _ROOT.search(key):
            continue
        if isinstance(kind, t.MoneyType):
            out += [term <= AT_MOST_KNOWN, term >= -AT_MOST_KNOWN]
        elif isinstance(kind, (t.Number, t.Percent)) and term is not None:
            out += [term <= 3, term >= -3] if key.endswith(".quantity") else [term <= 100, term >= -100]
    return out
