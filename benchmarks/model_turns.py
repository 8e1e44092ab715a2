"""What skipping the call costs in whole conversations: the demo shop's turns with a perfect model asked always, and where unsure.

    python benchmarks/model_turns.py [--data FILE] [--wrong]

The conversations of `data/demo-turns.jsonl`, a final set, are held twice with a model that knows every label: once it is asked
about every message, once about those that the embedded parts are less sure of than the shop's default of `[model]
understand_below`; and once without any. *Loss* is the share of turns that come out right when it is always asked less the share
when calls are skipped, turn by turn in pairs, with a bootstrap interval over conversations (seeded). An answer to a question of
the agent's is right where its guide is gone on with and doesn't ask the same again.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import model_understanding as understanding
import numpy as np

from convagent.conversation import Turn
from convagent.evals import Bench, Case
from convagent.evals.cases import CaseTurn
from convagent.evals.expect import guides_of
from convagent.models import ChatModel, ModelSettings, ScriptedModel

DATA = understanding.HERE / "data" / "demo-turns.jsonl"


@dataclass(frozen=True)
class Outcome:
    """A turn as one way of understanding it came out."""

    conversation: str
    kind: str
    right: bool
    skipped: bool
    text: str


def labels_of(conversations: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """What a perfect model is to answer, by message."""
    found: dict[str, Mapping[str, Any]] = {}
    for each in conversations:
        for turn in each["turns"]:
            expect = turn["expect"]
            plain = {"answers": True} if "answers" in expect else expect
            if found.setdefault(turn["text"].strip(), plain) != plain:
                raise SystemExit(f"one message with two meanings: {turn['text']}")
    return found


def hold(conversations: Sequence[Mapping[str, Any]], model: ChatModel, below: float) -> list[Outcome]:
    """All conversations, with what each turn came to."""
    out: list[Outcome] = []
    with understanding.asking(model, below=below) as agent:
        understanding.know_graves(agent)
        bench = Bench(agent)
        for each in conversations:
            who = each["customer"]
            case = Case(
                id=each["id"], suite="turns", title=each["id"],
                facts={"customer": {"email": who, "verified": True}} if who else {},
                turns=tuple(CaseTurn(customer=turn["text"]) for turn in each["turns"]),
            )  # fmt: skip
            before: Turn | None = None
            result = bench.run(case)
            if result.error is not None or len(result.turns) != len(each["turns"]):
                raise SystemExit(f"{each['id']}: {result.error or 'not all of it was held'}")
            for said, turn in zip(each["turns"], result.turns, strict=True):
                right = is_right(said["expect"], turn, before)
                skipped = turn.usage.model_calls == 0
                out.append(Outcome(each["id"], next(iter(said["expect"])), right, skipped, said["text"]))
                before = turn
    return out


def is_right(expected: Mapping[str, Any], turn: Turn, before: Turn | None) -> bool:
    """Whether a turn takes its message for what it is labelled as."""
    title = expected.get("answers")
    if title is None:
        return understanding.is_right(expected, turn)
    if before is not None and turn.outcome.name == before.outcome.name == "Asked":
        again = set(turn.outcome.needs) == set(getattr(before.outcome, "needs", ()))
    else:
        again = False
    at_work = guides_of(turn)
    return not again and (title in at_work or (not at_work and turn.outcome.name in {"Answered", "Silent"}))


def interval(chosen: Sequence[Mapping[str, Any]], worth: Mapping[str, list[float]]) -> tuple[float, float]:
    """The middle 95% of a share per turn over 4,000 draws of conversations."""
    drawn = np.random.default_rng(0)
    sums = np.array([[sum(worth[each["id"]]), len(worth[each["id"]])] for each in chosen])
    draws = sums[drawn.integers(0, len(sums), (4000, len(sums)))].sum(axis=1)
    low, high = np.quantile(draws[:, 0] / draws[:, 1], [0.025, 0.975])
    return float(low), float(high)


def told(name: str, chosen: Sequence[Mapping[str, Any]], values: Sequence[tuple[str, float]]) -> None:
    """Prints a share with its interval."""
    worth: dict[str, list[float]] = {each["id"]: [] for each in chosen}
    for conversation, value in values:
        worth[conversation].append(value)
    low, high = interval(chosen, worth)
    print(f"{name:42} {np.mean([value for _, value in values]):7.1%}  [{low:.1%}, {high:.1%}]")


def main() -> None:
    """Prints the shares."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA, help="the conversations")
    options.add_argument("--wrong", action="store_true", help="name the turns that come out differently")
    given = options.parse_args()
    chosen = [json.loads(line) for line in given.data.read_text(encoding="utf-8").splitlines()]
    knowing, below = understanding.labelled(labels_of(chosen)), ModelSettings().understand_below
    always = hold(chosen, knowing, 1.0)
    skipping = hold(chosen, knowing, below)
    alone = hold(chosen, ScriptedModel(lambda _request: "{}"), 0.0)
    print(f"{len(chosen)} conversations, {len(always)} turns, asked below {below:g}")
    told("turns without a call", chosen, [(one.conversation, one.skipped) for one in skipping])
    for name, held in (("always asked", always), ("asked where unsure", skipping), ("never asked", alone)):
        told(f"right, {name}", chosen, [(one.conversation, one.right) for one in held])
    pairs = list(zip(always, skipping, strict=True))
    told("loss", chosen, [(full.conversation, full.right - part.right) for full, part in pairs])
    print(f"worse {sum(a.right > b.right for a, b in pairs)}, better {sum(a.right < b.right for a, b in pairs)}")
    for kind, count in sorted(Counter(one.kind for one in always).items()):
        of = [(a, b) for a, b in pairs if a.kind == kind]
        print(
            f"  {kind:9} {count:4} turns, without a call {sum(b.skipped for _, b in of):4}, "
            f"right always {sum(a.right for a, _ in of):4}, where unsure {sum(b.right for _, b in of):4}"
        )
    if given.wrong:
        for full, part in pairs:
            if full.right != part.right:
                print(f"{'worse' if full.right else 'better'} {part.conversation} skipped={part.skipped} {part.text!r}")


if __name__ == "__main__":
    main()
