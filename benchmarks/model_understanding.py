"""When a chat model need be asked what a message means: how sure the embedded parts are, and how right where they are sure.

    python benchmarks/model_understanding.py [--final] [--messages]
    python benchmarks/model_understanding.py --base-url http://127.0.0.1:8080/v1 --sample 60

Risk and coverage over `data/demo-messages.jsonl`: for each threshold of `[model] understand_below`, the share of messages that
skip the call, and the share of them that the embedded parts have right; and what both come to with a model that always answers
with the labelled guide, which is the upper bound of always calling. Then over the demo shop's conversations (never those that
are tagged `final`): the share of turns that skip the call. Without `--final` the half of the messages that may be tuned on;
`--messages` leaves the conversations out. With `--base-url` a real model reads a sample of the messages; the key in
`OPENAI_API_KEY` may be anything for a local one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from convagent import Agent
from convagent.conversation import Turn
from convagent.evals import Bench, load_cases
from convagent.models import ChatModel, ChatRequest, ModelSettings, ScriptedModel
from convagent.models.opening import open_model
from convagent.models.prompt import section_of
from convagent.storage import MemoryStorage
from convagent.understanding.by_model.asked import A_QUESTION, NONE_OF_THESE

HERE = Path(__file__).parent
SHOP = HERE.parent
PATIENCE = 300.0
"""Seconds for a model that runs beside everything else."""

THRESHOLDS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 1.0)


@dataclass(frozen=True)
class Judged:
    """A message as one way of understanding it came out."""

    kind: str
    sureness: float
    right: bool


def messages(half: str) -> list[dict[str, Any]]:
    """The labelled messages of a half."""
    lines = (HERE / "data" / "demo-messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [message for message in map(json.loads, lines) if message["half"] == half]


def is_right(expected: Mapping[str, Any], turn: Turn) -> bool:
    """Whether a turn takes a message for what it is labelled as, or asks which of two guides it is and one of them is."""
    guides = guides_of(turn) | either_of(turn)
    kind = next(iter(expected))
    if kind == "guide":
        return expected["guide"] in guides
    if kind == "guides":
        return set(expected["guides"]) <= guides
    return not guides


def either_of(turn: Turn) -> set[str]:
    """Titles of the guides of which a turn asks the customer which is meant, as a model's answer left it open."""
    told = (event.data.get("either", ()) for event in turn.trace if event.kind == "model")
    return {title for pairs in told for pair in pairs for title in pair}


def guides_of(turn: Turn) -> set[str]:
    """Titles of the guides that a turn took its message to mean."""
    for event in reversed(turn.trace):
        if event.kind == "model" and "guides" in event.data:
            return {*event.data["guides"], *event.data["safeguards"]}
    heard = next(event for event in turn.trace if event.kind == "understood")
    guides = {request["guide"] for request in heard.data.get("requests", ()) if request["guide"]}
    return guides | set(heard.data.get("safeguards", {}))


def labelled(by_text: Mapping[str, Mapping[str, Any]]) -> ScriptedModel:
    """A model that always answers with the guide that a message is labelled with."""

    def answer(request: ChatRequest) -> dict[str, Any]:
        prompt = request.messages[-1].text
        said = section_of(prompt, "customer's message") or ""
        expected = by_text.get(said, {})
        titles = expected.get("guides", [expected["guide"]] if "guide" in expected else [])
        answers = "true" if "answers" in expected else "unknown"
        schema: Any = request.schema
        parts = schema["properties"]
        labels = parts["requests"]["items"]["properties"]["guide"]["enum"]
        if "article" in expected and A_QUESTION in labels:
            titles = [A_QUESTION]
        verdicts = _graves(request.messages[0].text, titles, said)
        wanted = [title for title in titles if title in labels] or [NONE_OF_THESE]
        found: dict[str, Any] = {
            "requests": [{"guide": title, "words": said[:400], "only_if_refused": False} for title in wanted],
            "signals": {"upset": 0, "upset_words": "", "wants_person": "", "thanks_only": False},
            "language": "other",
        }
        rest = {"slots": [], "verdicts": verdicts, "answers_open_question": answers}
        return {**found, **{name: value for name, value in rest.items() if name in parts}}

    return ScriptedModel(answer)


GRAVE: dict[str, str] = {}


def _graves(prompt: str, titles: Sequence[str], said: str) -> list[dict[str, str]]:
    return [
        {"judgement": GRAVE[title], "verdict": "true", "quote": said[:400]}
        for title in titles
        if title in GRAVE and GRAVE[title] in prompt
    ]


def embedded(chosen: Sequence[Mapping[str, Any]]) -> Iterator[Judged]:
    """Each message by the embedded parts alone, with how sure they are: the model says nothing that could be used."""
    with asking(ScriptedModel(lambda _request: "{}")) as agent:
        yield from _judged(agent, chosen)


def always(chosen: Sequence[Mapping[str, Any]]) -> Iterator[Judged]:
    """Each message as a model reads it that knows the labels."""
    by_text = {message["text"].strip(): message["expect"] for message in chosen}
    with asking(labelled(by_text)) as agent:
        know_graves(agent)
        yield from _judged(agent, chosen)


def by_model(chosen: Sequence[Mapping[str, Any]], base_url: str) -> Iterator[Judged]:
    """Each message as a real model reads it."""
    settings = ModelSettings(
        name="openai:local", base_url=base_url, turn_seconds=PATIENCE, retries=0, breaker_after=1_000
    )
    with asking(open_model(settings)) as agent:
        yield from _judged(agent, chosen)


def know_graves(agent: Agent) -> None:
    """Lets `labelled` tell what each safeguard of the shop is about."""
    GRAVE.update({g.title: g.when.text for g in agent.shop.kernel.safeguards if g.when is not None})


def asking(model: ChatModel, *, below: float = 1.0) -> Agent:
    """The demo shop's agent, which asks a model about what it is less sure of, and words nothing with it."""
    with Agent.open(SHOP, storage="memory:") as opened:
        settings = opened.shop.settings
        changes = {"understand_below": below, "compose": False, "turn_seconds": PATIENCE}
        own = settings.model_copy(update={"model": settings.model.model_copy(update=changes)})
        return Agent(replace(opened.shop, settings=own), storage=MemoryStorage(), model=model)


def _judged(agent: Agent, chosen: Sequence[Mapping[str, Any]]) -> Iterator[Judged]:
    for message in chosen:
        turn = agent.decide(message["text"], conversation=message["id"])
        yield Judged(next(iter(message["expect"])), sureness_of(turn), is_right(message["expect"], turn))


def sureness_of(turn: Turn) -> float:
    """How sure the embedded parts were of a turn's message."""
    told = [event.data["sureness"] for event in turn.trace if event.kind == "model" and "sureness" in event.data]
    return float(told[0]) if told else 1.0


def table(parts: Sequence[Judged], model: Sequence[Judged]) -> None:
    """Coverage and risk by threshold."""
    print(f"{'below':>6} {'skip':>6} {'right of these':>15} {'with the labels':>16} {'always':>8} {'both':>7}")
    size = len(parts)
    best = sum(one.right for one in model) / size
    for threshold in THRESHOLDS:
        skipped = [(one, read) for one, read in zip(parts, model, strict=True) if one.sureness >= threshold]
        right = sum(one.right for one, _ in skipped)
        bound = sum(read.right for _, read in skipped)
        both = right + sum(m.right for o, m in zip(parts, model, strict=True) if o.sureness < threshold)
        of = max(1, len(skipped))
        print(
            f"{threshold:6.3f} {len(skipped) / size:6.1%} {right:4}/{len(skipped):<4} {right / of:5.1%} {bound / of:16.1%} "
            f"{best:8.1%} {both / size:7.1%}"
        )


def conversations() -> None:
    """The share of the turns of the demo shop's conversations that skip the call, by threshold; and what fails of these."""
    files = sorted(f for f in (SHOP / "evals").glob("*.yaml") if not f.stem.endswith(("final", "personas")))
    sure: list[tuple[float, bool]] = []
    with asking(ScriptedModel(lambda _request: "{}")) as agent:
        bench = Bench(agent)
        for case in load_cases(files):
            if "final" in case.tags:
                continue
            result = bench.run(case)
            failing = {failure.turn for failure in result.failures if failure.name != "model_calls"}
            sure += [(sureness_of(turn), place in failing) for place, turn in enumerate(result.turns, start=1)]
    print(f"{len(sure)} turns of conversations, {sum(fails for _, fails in sure)} of them with something that fails")
    for threshold in THRESHOLDS:
        skip = [fails for one, fails in sure if one >= threshold]
        print(
            f"{threshold:6.3f} {len(skip) / len(sure):6.1%} skip the call, of these {sum(skip)} with something that fails"
        )


def main() -> None:
    """Prints the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--final", action="store_true", help="the other half")
    options.add_argument("--messages", action="store_true", help="leave the conversations out")
    options.add_argument("--base-url", help="of a real model")
    options.add_argument("--sample", type=int, default=60, help="messages that it reads")
    asked = options.parse_args()
    half = "final" if asked.final else "tune"
    chosen = messages(half)
    if asked.base_url:
        chosen = chosen[:: max(1, len(chosen) // asked.sample)][: asked.sample]
    parts = list(embedded(chosen))
    model = list(by_model(chosen, asked.base_url) if asked.base_url else always(chosen))
    print(f"{len(parts)} messages, half {half}")
    table(parts, model)
    for kind in sorted({one.kind for one in parts}):
        print(f"\n{kind}")
        places = [place for place, one in enumerate(parts) if one.kind == kind]
        table([parts[place] for place in places], [model[place] for place in places])
    if not asked.messages and not asked.base_url:
        conversations()


if __name__ == "__main__":
    main()
