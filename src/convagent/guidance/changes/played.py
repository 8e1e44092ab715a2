"""A guide played on one input, through the interpreter, until it ends: what the customer and the shop's systems see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from convagent.errors import ConvagentError
from convagent.guidance.changes.inputs import Variables, facts_of
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.interpret import read_guide
from convagent.guidance.interpreter.world import GuideState, Read, Reading, Result, Step, Utterance, Want, Wanted, World
from convagent.guidance.language.judgements import judgement_key
from convagent.guidance.schema.vocabulary import Vocabulary
from convagent.guidance.values import UNKNOWN, normal

__all__ = ["Played", "play"]

MOST_ROUNDS = 40
"""Questions, look-ups and actions of one play; more are cut off."""


@dataclass(frozen=True)
class Played:
    """What a guide came to on one input.

    Attributes:
        lines: What is said, asked and done, in order, a line each; the last says how the guide ends.
        seen: Addresses of what was read, with how a condition came out.
    """

    lines: tuple[str, ...]
    seen: frozenset[tuple[str, str]]


@dataclass
class _Answers:
    """Answers each Need with the input's value for its name; of things to pick, the first."""

    facts: Mapping[str, Any]
    agrees: bool

    def read(self, wanted: Wanted, utterance: Utterance, *, direct: bool) -> Read:  # noqa: ARG002 - the port has it
        if not direct:
            return Read()
        if wanted.kind == "confirmation":
            return Read(self.agrees, "yes" if self.agrees else "no")
        value = self.facts.get(wanted.name, UNKNOWN)
        if wanted.kind in {"one", "some", "each"}:
            keys = [choice.key for choice in wanted.choices if value is not UNKNOWN and choice.value == value]
            keys = keys or [choice.key for choice in wanted.choices][:1]
            return Read(tuple(keys), "that one") if keys else Read()
        if wanted.kind == "yes_no":
            return Read(value if isinstance(value, bool) else True, "so")
        return Read(value, "so") if value is not UNKNOWN and value is not None else Read()


def play(
    guide: k.Guide, kernel: k.Kernel, variables: Variables, chosen: Mapping[str, Any], *, vocabulary: Vocabulary,
    now: datetime, language: str = "en",
) -> Played:  # fmt: skip
    """What a guide comes to.

    Args:
        guide: The guide.
        kernel: All guides of its shop.
        variables: What may vary.
        chosen: A value for each variable.
        vocabulary: Which actions only read.
        now: The moment, where it isn't varied.
        language: Of the texts.
    """
    given = facts_of(variables, chosen)
    kept = set(variables.looked_up.values())
    facts = {name: normal(value) for name, value in given.items() if name not in kept}
    judged = {name.removeprefix("seems "): value for name, value in chosen.items() if name.startswith("seems ")}
    lookups = frozenset(name for name, each in (vocabulary.actions or {}).items() if each.kind == "lookup")
    world = World(
        facts, chosen.get("now", now), language, _Answers(facts, bool(chosen.get("agrees", True))),
        judge=lambda text: judged.get(judgement_key(text), False), lookups=lookups,
    )  # fmt: skip
    lines: list[str] = []
    seen: set[tuple[str, str]] = set()
    state = GuideState(guide.title, "1").heard("please")
    try:
        for _ in range(MOST_ROUNDS):
            reading = read_guide(guide, kernel, world, state)
            seen.update((note.address, str(note.data.get("result", note.kind))) for note in reading.trace)
            seen.update((step.address, step.kind) for step in reading.steps)
            if reading.status == "wants" and reading.want is not None:
                want = reading.want
                result = _result(want, variables, given, chosen)
                told = f"{'looks up' if want.kind == 'lookup' else 'does'} {want.action}{_arguments(want)}"
                lines += [told] if result.status == "done" else [f"{told}, which fails"]
                if want.kind == "lookup":
                    world = replace(world, results={**world.results, want.key: result})
                else:
                    world = replace(world, effects={**world.effects, want.key: result})
                continue
            lines += [_step(step) for step in reading.steps]
            if reading.status != "asked":
                return Played((*lines, _end(reading)), frozenset(seen))
            state = reading.state.heard("yes")
            world = replace(world, results={})
    except (ConvagentError, ArithmeticError, TypeError, ValueError, AttributeError) as error:
        return Played((*lines, f"can't be read on: {type(error).__name__}"), frozenset(seen))
    return Played((*lines, "goes on asking"), frozenset(seen))


def _result(want: Want, variables: Variables, given: Mapping[str, Any], chosen: Mapping[str, Any]) -> Result:
    if chosen.get(f"fails {want.action}"):
        return Result("failed", error="it fails")
    return Result("done", normal(given.get(variables.looked_up.get(want.action, ""), None)))


def _arguments(want: Want) -> str:
    told = ", ".join(f"{name} = {_short(value)}" for name, value in want.arguments.items())
    return f" with {told}" if told else ""


def _step(step: Step) -> str:
    told = f" “{' '.join(step.text.split())}”" if step.text else ""
    data = ", ".join(f"{name} {_short(value)}" for name, value in step.data.items()) if step.kind != "ask" else ""
    return f"{step.kind}s{told}{f' {data}' if data else ''}"


def _end(reading: Reading) -> str:
    if reading.status == "handed_over" and reading.hand_over is not None:
        step = reading.hand_over
        urgent = " urgently" if step.urgent else ""
        told = f" saying “{' '.join(step.text.split())}”" if step.text else ""
        return f"hands over{f' to {step.team}' if step.team else ''}{urgent} because {step.reason}{told}"
    if reading.status == "gave":
        return f"gives {_short(reading.gave)}"
    return {"done": "ends", "refused": "refuses"}.get(reading.status, reading.status)


def _short(value: Any) -> str:
    if isinstance(value, Mapping):  # a record: what customers would call it
        return next((_short(value[name]) for name in ("name", "title", "id") if value.get(name)), "one")
    if isinstance(value, tuple):
        return ", ".join(map(_short, value[:3])) or "none"
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:59]}…"
