"""Simulated conversations on an opened shop: how each ended, and what is whose fault."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from convagent.conversation import Turn
from convagent.evals.bench import Bench
from convagent.evals.cases import Case, CaseTurn
from convagent.evals.expect import judge
from convagent.evals.imports import from_turns
from convagent.evals.results import CaseResult
from convagent.evals.simulate.by_model import PlayedCustomer, mask_of
from convagent.evals.simulate.customer import Customer, Ending
from convagent.evals.simulate.persona import Persona
from convagent.evals.simulate.trouble import Trouble
from convagent.models import ChatModel, guard

__all__ = ["Ending", "SimulatedRun", "as_case", "simulate"]


@dataclass(frozen=True)
class SimulatedRun:
    """One conversation of one persona.

    Attributes:
        persona: Who.
        seed: With which.
        ending: `satisfied`; `handed_over`; `gave_up`: they asked for a person; `left`; `ended`.
        reached: Whether what the persona came for has come about; None where the simulator's own fault leaves it open.
        faults: What went wrong, the agent's and the simulator's.
        result: The conversation, judged by `reaches`.
    """

    persona: Persona
    seed: int
    ending: Ending
    reached: bool | None
    faults: tuple[Trouble, ...]
    result: CaseResult

    def faults_of(self, side: str) -> tuple[Trouble, ...]:
        """Those of one side: agent or simulator."""
        return tuple(fault for fault in self.faults if fault.side == side)

    def to_json(self) -> dict[str, Any]:
        """For logs."""
        return {
            "persona": self.persona.name, "goal": self.persona.goal, "seed": self.seed, "ending": self.ending,
            "reached": self.reached,
            "faults": [{"side": f.side, "kind": f.kind, "turn": f.turn, "text": f.text} for f in self.faults],
            "turns": [
                {"customer": turn.message.text, "agent": turn.reply.text if turn.reply else None, "outcome": turn.outcome.name}
                for turn in self.result.turns
            ],
            "took_seconds": self.result.took_seconds,
        }  # fmt: skip


def simulate(
    personas: Sequence[Persona], bench: Bench, *, runs: int = 1, seed: int = 0, model: ChatModel | None = None
) -> Iterator[SimulatedRun]:
    """Conversations as they are done: each persona so often, each time by another seed.

    Args:
        personas: Who.
        bench: The opened shop. Each conversation has storage and back office of its own.
        runs: How often each.
        seed: The first; the same gives the same conversations, as far as a model gives the same words.
        model: A chat model that plays the customers; by default they go by rules.
    """
    player = None if model is None else guard(model, bench.agent.shop.settings.model)
    for persona in personas:
        for number in range(seed, seed + runs):
            yield _one(persona, bench, number, player)


def as_case(run: SimulatedRun) -> dict[str, Any]:
    """The conversation as a case of a suite: what came is what is expected from now on. Read it before you keep it."""
    title = f"{run.persona.goal} (as {run.persona.name}, {run.seed})"
    facts: Mapping[str, Any] = run.persona.facts
    case = from_turns(run.result.turns, title=title, facts=facts)
    if run.persona.state is not None:
        case["state"] = run.persona.state
    return case | {"tags": ["simulated"]}


_WANTED_AFTER_ALL = " (what they came to have done, `reaches` names below `actions`)"


def _one(persona: Persona, bench: Bench, seed: int, model: ChatModel | None) -> SimulatedRun:
    case = Case(
        id=f"simulated/{persona.name}-{seed}", suite="simulated", title=persona.goal, turns=(CaseTurn(customer="…"),),
        facts=persona.facts, state=persona.state, clock=persona.clock, seed=seed, expect=persona.reaches,
    )  # fmt: skip
    goal = case.model_copy(update={"expect": persona.reaches.model_copy(update={"state": ()})})

    def reached(turns: Sequence[Turn]) -> bool:
        return all(check.passed is not False for check in judge(_spoken(goal, turns), turns))

    customer: Customer | PlayedCustomer
    if model is not None:
        customer = PlayedCustomer(persona, model, seed, mask_of(persona, bench.agent.shop.settings.shop))
    else:
        customer = Customer(persona, random.Random(f"{persona.name}/{seed}"), reached)  # noqa: S311 - no secret
    found = bench.converse(case, customer.speak)
    told = _spoken(case, found.turns)
    checks = judge(told, found.turns, found.state, likeness=bench.likeness)
    faults = [*customer.troubles, *_seen(persona, found)]
    failed = [check for check in checks if check.passed is False]
    hint = "" if persona.reaches.actions else _WANTED_AFTER_ALL
    faults += [
        Trouble("unasked_write", each.turn or 0, f"{each.got}{hint}") for each in failed if each.name == "other writes"
    ]
    open_end = failed and any(fault.side == "simulator" for fault in faults)
    if failed and not open_end and found.error is None:
        missed = "; ".join(
            f"{each.name}: {each.expected}, got {each.got}" for each in failed if each.name != "other writes"
        )
        if missed:
            faults.append(Trouble("not_reached", len(found.turns), missed))
    result = found.model_copy(update={"case": told, "checks": checks})
    return SimulatedRun(
        persona, seed, customer.ending or "ended", None if open_end else not failed, tuple(faults), result
    )


def _spoken(case: Case, turns: Sequence[Turn]) -> Case:
    """The case with the turns that came about."""
    said = tuple(CaseTurn(customer=turn.message.text) for turn in turns)
    return case.model_copy(update={"turns": said or case.turns})


def _seen(persona: Persona, found: CaseResult) -> list[Trouble]:
    """What can be seen of the agent from outside."""
    troubles = []
    if found.error is not None:
        troubles.append(Trouble("broke", len(found.turns), found.error))
    for number, turn in enumerate(found.turns, 1):
        if turn.reply is not None and turn.reply.language != persona.language:
            troubles.append(Trouble("other_language", number, f"{turn.reply.language}, not {persona.language}"))
    return troubles
