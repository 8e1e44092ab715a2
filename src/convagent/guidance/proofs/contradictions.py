"""Guides that contradict one another: one request that both are for, one customer, and ends that exclude each other.

Two guides are for one request when a customer's words start both: the same example stands in both, and neither says `not`
to it, or their `When` says the same. They contradict when for some customer one of them acts, by a write or by a promise
in words, and the other refuses or hands over. What both ask for by one name is answered once, and a look-up with the same
arguments gives the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.syntax import LookUp
from convagent.guidance.language.unparse import unparse
from convagent.guidance.proofs.paths import SymbolicReading
from convagent.guidance.proofs.prover import Prover
from convagent.guidance.proofs.replay import Played
from convagent.guidance.proofs.symbols import Symbols

__all__ = ["check_contradictions", "for_one_request"]

MOST_PAIRS = 500
"""Pairs of guides for one request that are looked at; a shop with more has other faults first."""

_ROOT = re.compile(r"/\d+(?:\.\d+)*$")
"""Ends what a statement gives itself, rather than a field of it."""

_ENDS = {"refuses": "refused", "hands over": "handed_over"}


def for_one_request(kernel: k.Kernel) -> Iterator[tuple[k.Guide, k.Guide, str]]:
    """Pairs of guides that one request starts, in order, with its words."""
    owners: dict[str, list[k.Guide]] = {}
    shown: dict[str, str] = {}
    denied: dict[str, set[str]] = {}
    for guide in kernel.guides:
        if guide.when is None or guide.safeguard:
            continue
        words = [(each.text, each.negative) for each in guide.when.examples]
        for text, negative in [*words, (f"when {guide.when.text}", False)]:
            key = _plain(text)
            shown.setdefault(key, text)
            if negative:
                denied.setdefault(key, set()).add(guide.title)
            elif guide not in owners.setdefault(key, []):
                owners[key].append(guide)
    told: set[tuple[str, str]] = set()
    for key, guides in owners.items():
        meant = [guide for guide in guides if guide.title not in denied.get(key, ())]
        for one, other in combinations(meant, 2):
            if (one.title, other.title) not in told:
                told.add((one.title, other.title))
                yield one, other, shown[key]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def check_contradictions(prover: Prover) -> None:
    """Asks every pair of guides that one request starts."""
    for number, (one, other, words) in enumerate(for_one_request(prover.kernel)):
        if number >= MOST_PAIRS:
            prover.bounded.append(f"{MOST_PAIRS} pairs of guides for one request were looked at, and there are more")
            return
        symbols = prover.symbols()
        readings = [SymbolicReading(guide, prover.kernel, symbols) for guide in (one, other)]
        symbols.demands += _alike(symbols, prover.kernel)
        if not _pair(prover, (one, other), (readings[0], readings[1]), words):
            _pair(prover, (other, one), (readings[1], readings[0]), words)


def _pair(
    prover: Prover, guides: tuple[k.Guide, k.Guide], readings: tuple[SymbolicReading, SymbolicReading], words: str
) -> bool:  # fmt: skip
    """Whether the first acts where the second doesn't. Returns whether a customer was found."""
    first, second = guides
    for act, condition in _acts(prover, readings[0]):
        for end in readings[1].outcomes:
            if end.kind == "promises":
                continue

            def really(
                played: Played, act: k.Statement = act, end: str = _ENDS[end.kind]
            ) -> bool:  # fmt: skip
                met = (
                    played.want is not None
                    if isinstance(act, k.Do)
                    else any(s.address == act.address for s in played.steps)
                )
                return met and prover.play(second, played.case, None).reading.status == end

            until = act.address if isinstance(act, k.Do) else None
            answer = prover.search(first, readings[0], [condition, end.condition], really, until=until)
            ending = f"“{second.title}” {end.kind} ({end.statement.address})"
            question = f"{act.address}: whether “{first.title}” does so where {ending}"
            if prover.note(answer, question) and answer.played is not None:
                does = f"does {act.action}" if isinstance(act, k.Do) else "promises something"
                prover.tell(
                    "G706", first, act.span, act.address,
                    f"for “{words}” this guide {does}, and {ending}, "
                    f"for one and the same customer: {answer.story()}",
                    "Make one guide of the two, or let their examples, or `Only for`, tell apart whom they are for.",
                    case=answer.played.case, rule=second.title,
                )  # fmt: skip
                return True
    return False


def _acts(prover: Prover, reading: SymbolicReading) -> Iterator[tuple[k.Statement, Any]]:
    for reached in reading.reached:
        signature = (prover.vocabulary.actions or {}).get(reached.statement.action)
        if signature is None or signature.kind == "write":
            yield reached.statement, reached.condition
    for outcome in reading.outcomes:
        if outcome.kind == "promises":
            yield outcome.statement, outcome.condition


def _alike(symbols: Symbols, kernel: k.Kernel) -> list[Any]:
    """What two guides ask and look up alike is the same."""
    groups: dict[tuple[str, ...], list[Any]] = {}
    calls = _look_ups(kernel)
    for key, leaf in symbols.leaves.items():
        kind, _, name = key.partition(":")
        if kind == "need" and _ROOT.search(name):
            groups.setdefault((kind, name.partition("@")[0], repr(leaf.symbol.type)), []).append(leaf.symbol)
        elif kind == "look-up" and name in calls:
            groups.setdefault((kind, calls[name], repr(leaf.symbol.type)), []).append(leaf.symbol)
    out: list[Any] = []
    for symbols_alike in groups.values():
        for one, other in pairwise(symbols_alike):
            out += [one.known == other.known, one.none == other.none]
            if one.term is not None and other.term is not None:
                out.append(one.term == other.term)
    return out


def _look_ups(kernel: k.Kernel) -> Mapping[str, str]:
    """By address, a look-up in words."""
    found: dict[str, str] = {}
    for guide in kernel.guides:
        for part in k.statements_within(guide.body):
            if isinstance(part, k.Let) and isinstance(part.value, LookUp):
                given = ", ".join(f"{each.name} = {unparse(each.value)}" for each in part.value.arguments)
                found[part.address] = f"{part.value.action} {given}"
    return found
