"""What a chat model's mistakes do to understanding: simulated models that are right so many times in 100.

    python benchmarks/model_accuracy.py [--models 50,70,85,95,100] [--always] [--trials 2]

Each message of `data/demo-messages.jsonl` is read by the embedded parts and a model that names the label with the given
probability. Otherwise it errs: half the time it names the guide that the embedded parts find likeliest of those that aren't
meant, as a small model does that goes by the words; else one of the guides that it was told about most of, or none of them, at
random. It always says that the whole message shows it. Everything is seeded. By default the model is asked where the shop's
default of `[model] understand_below` asks it; `--always` asks it about everything. A question to the customer which of two
guides is meant counts as right where one of them is.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

import model_understanding as understanding

from convagent.models import ChatRequest, ModelSettings, ScriptedModel
from convagent.models.prompt import section_of
from convagent.understanding.by_model.asked import NONE_OF_THESE

LIKELY = 8
"""Guides that a mistaken model draws from."""


def mistaken(by_text: Mapping[str, Mapping[str, Any]], accuracy: float, seed: int) -> ScriptedModel:
    """A model that is right with a probability, and otherwise names something else that it was offered."""
    knows = understanding.labelled(by_text)

    def answer(request: ChatRequest) -> Any:
        prompt = request.messages[-1].text
        said = section_of(prompt, "customer's message") or ""
        drawn = random.Random(f"{seed} {accuracy} {said}")
        if drawn.random() < accuracy:
            return knows.complete(request).text
        expected = by_text.get(said, {})
        meant = expected.get("guides", [expected["guide"]] if "guide" in expected else [])
        schema: Any = request.schema
        labels = schema["properties"]["requests"]["items"]["properties"]["guide"]["enum"]
        told = "\n".join(one.text for one in request.messages).partition("Labels that are likely")[2].splitlines()
        near = (line.removeprefix("- ").split(":")[0] for line in told if line.startswith("- "))
        likely = [label for label in near if label in labels and label not in meant][:LIKELY]
        others = [*likely, *([NONE_OF_THESE] if meant or not likely else [])]
        wrong = likely[0] if likely and drawn.random() < 0.5 else drawn.choice(others)
        found = json.loads(knows.complete(request).text)
        words = said[:400]
        return {
            **found,
            "requests": [{"guide": wrong, "words": words, "only_if_refused": False}],
            **({"verdicts": []} if "verdicts" in found else {}),
        }

    return ScriptedModel(answer)


def read_by(model: ScriptedModel, chosen: Sequence[Mapping[str, Any]], below: float) -> tuple[int, int, int]:
    """Of the messages: how many come out right, of how many the customer is asked which of two it is, how many calls."""
    right = asked = calls = 0
    with understanding.asking(model, below=below) as agent:
        understanding.know_graves(agent)
        for message in chosen:
            turn = agent.decide(message["text"], conversation=message["id"])
            right += understanding.is_right(message["expect"], turn)
            asked += bool(understanding.either_of(turn))
            calls += turn.usage.model_calls
    return right, asked, calls


def main() -> None:
    """Prints the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--models", default="50,70,85,95,100", help="how often they are right, in 100")
    options.add_argument("--always", action="store_true", help="ask the model about everything")
    options.add_argument("--trials", type=int, default=2, help="other mistakes each time")
    options.add_argument("--every", type=int, default=1, help="only every so many messages")
    given = options.parse_args()
    chosen = [*understanding.messages("tune"), *understanding.messages("final")][:: given.every]
    by_text = {message["text"].strip(): message["expect"] for message in chosen}
    below = 1.0 if given.always else ModelSettings().understand_below
    size = len(chosen)
    alone, _, _ = read_by(ScriptedModel(lambda _request: "{}"), chosen, below)
    print(f"{size} messages, asked below {below:g}; the embedded parts alone: {alone / size:.1%}", flush=True)
    for accuracy in (int(one) / 100 for one in given.models.split(",")):
        trials = given.trials if accuracy < 1 else 1
        found = [read_by(mistaken(by_text, accuracy, seed), chosen, below) for seed in range(trials)]
        right, asked, calls = (sum(one[place] for one in found) / trials / size for place in range(3))
        print(f"model {accuracy:4.0%}: right {right:.1%}, asked which {asked:.1%}, calls {calls:.1%}", flush=True)


if __name__ == "__main__":
    main()
