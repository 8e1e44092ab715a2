"""What a real chat model makes of articles, with verification and without: answers, refusals, figures that no article has.

    python benchmarks/model_answers.py --base-url http://127.0.0.1:8080/v1 [--data FOLDER] [--answerable 15] [--not 10] [--texts]

The articles are the bank's (FOLDER as in `retrieval.py`); questions are ours on them (`data/bank-questions.jsonl`, final
half), and questions to a shop that the bank has nothing on. Every question is answered from what a search finds, however
unsure, so that it is the model that has to refuse. For each question the whole turn runs once; "without" is the model's text
as it came, "with" is the reply that is sent; a text with the word NONE in it declines. Counted are replies in which the model
said anything at all, and those with a figure that stands in no passage it was given (digits alone, compared as they stand:
this script's own extraction, not the engine's). Without a server it does nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from convagent import Agent
from convagent.models import ChatModel, ChatReply, ChatRequest, ModelSettings
from convagent.models.opening import open_model

HERE = Path(__file__).parent
SETTINGS = """\
[shop]
name = "The bank"
[agent]
answer_from = 0.0
[knowledge]
articles = "articles"
[model]
understand_below = 0
turn_seconds = 180
prompt_tokens = {tokens}
reply_tokens = 160
"""
ELSEWHERE = (
    "Do you sell rain jackets for tall men?", "How do I wash a merino jumper?", "Which tea goes with chocolate?",
    "Can you engrave a bracelet for my mother?", "How long does the scented candle burn?", "Is the oak table in stock?",
    "What size of boots do I need for narrow feet?", "Do your creams contain nuts?", "Can I swap the duvet for a lighter one?",
    "When does the winter sale on lamps begin?",
)  # fmt: skip


class Noted:
    """A model that keeps what it was asked and what it said."""

    sees_images, is_guarded = False, True

    def __init__(self, model: ChatModel) -> None:
        self._model, self.name = model, model.name
        self.prompt, self.said, self.seconds = "", "", 0.0

    def complete(self, request: ChatRequest) -> ChatReply:
        """The model's answer."""
        begin = time.perf_counter()
        reply = self._model.complete(request)
        self.prompt, self.said = request.messages[-1].text, reply.text
        self.seconds = time.perf_counter() - begin
        return reply

    def stream(self, request: ChatRequest) -> Generator[str, None, ChatReply]:
        """The model's answer, in one piece."""
        reply = self.complete(request)
        yield reply.text
        return reply


def figures(text: str) -> set[str]:
    """Runs of digits."""
    return set(re.findall(r"\d+", re.sub(r"\[\d+\]", "", text)))


def customers(most: int) -> list[str]:
    """Our own questions on the bank's articles, of the final half, which nothing was tuned on."""
    lines = (HERE / "data" / "bank-questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [one["question"] for line in lines if (one := json.loads(line)).get("half") == "final"]
    return asked[:: max(1, len(asked) // most)][:most]


def main() -> None:
    """Measures and prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("CONVAGENT_DATA") or HERE.resolve().parents[1] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--base-url", help="of a server of the OpenAI protocol")
    parser.add_argument("--name", default="q15")
    parser.add_argument("--answerable", type=int, default=15)
    parser.add_argument("--not", dest="elsewhere", type=int, default=10)
    parser.add_argument("--prompt-tokens", type=int, default=1_000)
    parser.add_argument("--texts", action="store_true", help="show what was said and sent whole, to be read by eye")
    given = parser.parse_args()
    if given.base_url is None:
        print("No server is named (--base-url): nothing is measured.")
        return
    bank = given.data / "bank-help-center"
    if not bank.is_dir():
        print(f"{bank} isn't there: name the folder of the data with --data.")
        return
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder)
        (shop / "articles").mkdir()
        (shop / "guidance").mkdir()
        (shop / "convagent.toml").write_text(SETTINGS.format(tokens=given.prompt_tokens), encoding="utf-8")
        for line in (bank / "documents.jsonl").read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            name = re.sub(r"\W+", "-", article["id"])
            text = f"---\ntitle: {json.dumps(article['title'])}\n---\n\n{article['content']}\n"
            (shop / "articles" / f"{name}.md").write_text(text, encoding="utf-8")
        settings = ModelSettings(name=f"openai:{given.name}", base_url=given.base_url, turn_seconds=180)
        model = Noted(open_model(settings, environ={}))
        with Agent.open(shop, storage="memory:", model=model) as agent:
            for kind, questions in (
                ("in the articles", customers(given.answerable)),
                ("of another shop", list(ELSEWHERE[: given.elsewhere])),
            ):
                tell(kind, agent, model, questions, whole=given.texts)


def spoke_of(noted: Mapping[str, Any]) -> bool:
    """Whether any of the model's sentences was sent."""
    return bool(noted.get("sentences", 0))


def tell(kind: str, agent: Agent, model: Noted, questions: list[str], *, whole: bool) -> None:
    """Asks, counts and prints."""
    seconds, tokens = [], []
    counts = {"without": [0, 0], "with": [0, 0]}
    for number, question in enumerate(questions):
        model.prompt = model.said = ""
        turn = agent.reply(question, conversation=f"{kind}-{number}")
        noted = next((event.data for event in turn.trace if event.data.get("purpose") == "compose"), {})
        sent = turn.reply.text if turn.reply is not None else ""
        said = "" if re.search(r"(?<!\w)NONE(?!\w)", model.said) else model.said
        for name, text, spoke in (("without", said, bool(said.strip())), ("with", sent, spoke_of(noted))):
            counts[name][0] += spoke
            counts[name][1] += spoke and bool(figures(text) - figures(model.prompt))
        if model.prompt:
            seconds.append(model.seconds)
            tokens.append(turn.usage.input_tokens)
        print(
            f"  {question[:60]!r}: said {said[:80]!r}; {noted.get('sentences', 0)} sent, cut {noted.get('cut')}"[:400]
        )
        if whole and spoke_of(noted):
            print(f"    {question}\n    said: {said}\n    sent: {sent}\n")
    print(f"{kind}: {len(questions)} questions, {len(seconds)} calls, median {statistics.median(seconds or [0]):.1f} s, "
          f"{statistics.median(tokens or [0]):.0f} tokens read")  # fmt: skip
    for name, (said_any, wrong) in counts.items():
        print(
            f"  {name} verification: {said_any} in the model's words, {wrong} of them with a figure that no passage has"
        )


if __name__ == "__main__":
    main()
