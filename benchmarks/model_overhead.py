"""What the engine adds around the calls of a chat model, in a large shop: 10,000 passages and 500 guides.

    python benchmarks/model_overhead.py [--passages 10000] [--guides 500] [--messages 120] [--keep FOLDER] [--http]

The demo shop with made guides and articles beside its own. The model is scripted: after a fifth of a second, far less than
a real one takes, it answers with "none" to every question of understanding and with the first sentence of the first passage to
every question of composing. Three ways: without a model, with one that is asked only where the embedded parts aren't sure, and
with one that is always asked, each with messages of its own. Milliseconds of `Agent.reply` on a clock, less what the model took,
and of CPU on all threads; medians after `Agent.warm_up(freeze=True)`, as a server does, the first twenty left out. Turns
with calls are told apart beside: an engine adds nothing to a call that isn't made. With `--http` the model stands behind an
address: a process of this machine that speaks the OpenAI protocol and takes as long, asked by the client of `convagent[openai]`.
The bound is 15 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, product
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from convagent import Agent
from convagent.models import ChatMessage, ChatModel, ChatRequest, ModelSettings, ScriptedModel
from convagent.models.opening import open_model
from convagent.shop import demo_shop

HERE = Path(__file__).parent
WARM = 20
THINKS = 0.2
"""Seconds that the model takes."""
VERBS = "renew pause upgrade register activate print transfer download personalise archive merge rename share split lend".split()
THINGS = (
    "warranty card|loyalty badge|member pass|studio visit|wedding list|newsletter topic|gift register|repair voucher|"
    "fabric sample|colour card|parking slot|workshop seat|magazine copy|recycling bag|key ring|care kit|tour ticket|"
    "photo album|postcard set|tasting box|garden plan|corner seat|locker code|membership year|hire bicycle|umbrella loan|"
    "catalogue page|showroom map|sewing class|window poster"
).split("|")
PLACES = "Aarburg Brinmouth Calder Dunmore Eastholm Farrow Glenside Harwick Inverlow Kelmouth Lindale Marsham".split()
SENTENCES = (
    "In {place} you can {verb} a {thing} at the counter until the shop closes.",
    "Who wants to {verb} the {thing} brings the receipt and a card with a photo.",
    "It takes {days} days until the {thing} is ready in {place}.",
    "A second {thing} costs the same as the first, and both are noted in your account.",
    "Our colleagues in {place} look after the {thing}; ask them when you are there.",
    "You may {verb} it once a year, and later again when {days} days are over.",
)


def guides(count: int) -> Iterator[str]:
    """Made guides: each takes a request of its own and answers it with a text."""
    for verb, thing in islice(product(VERBS, THINGS), count):
        yield (
            f"# {verb.capitalize()} a {thing}\n\nWhen the customer wants to {verb} a {thing}:\n"
            f'- "I want to {verb} my {thing}"\n- "how can I {verb} the {thing}"\n- "please {verb} our {thing}"\n\n'
            f'1. say "You can {verb} the {thing} in your account."\n'
        )


def article(number: int, chance: random.Random) -> str:
    """A made article of five passages."""
    names = {"verb": chance.choice(VERBS), "thing": chance.choice(THINGS), "place": chance.choice(PLACES)}
    sections = []
    for section in range(5):
        told = [chance.choice(SENTENCES).format(**names, days=chance.randint(2, 60)) for _ in range(5)]
        sections.append(f"## Part {section + 1} in {names['place']}\n\n{' '.join(told)}\n")
    title = json.dumps("About a {thing} in {place}".format(**names) + f" ({number})")
    return f"---\ntitle: {title}\n---\n\n" + "\n".join(sections)


def make(folder: Path, *, passages: int, more: int) -> None:
    """The demo shop with made guides and articles."""
    shutil.copytree(demo_shop(), folder, ignore=shutil.ignore_patterns(".*", "src", "tests", "docs", "benchmarks"))
    (folder / "guidance" / "made.md").write_text("\n".join(guides(more)), encoding="utf-8")
    chance = random.Random(5)
    made = folder / "knowledge" / "articles" / "made"
    made.mkdir()
    for number in range(passages // 5):
        (made / f"made-{number:05}.md").write_text(article(number, chance), encoding="utf-8")


def answer(request: ChatRequest) -> Any:
    """What the scripted model says: nothing is understood, and the first passage's first sentence is the answer."""
    time.sleep(THINKS)
    if request.schema is not None:
        return json.dumps(_least(request.schema))
    words = " ".join(message.text for message in request.messages if message.role == "user")
    found = re.search(r"\[1\][^\n]*\n+(?:[^\n]*\n+)?([^\n.]+\.)", words)
    return f"{found[1].strip()} [1]" if found else "It is in your account. [1]"


def _least(schema: Any) -> Any:
    """The least that meets a schema."""
    if "enum" in schema:
        return "none" if "none" in schema["enum"] else schema["enum"][-1]
    if "anyOf" in schema:
        return _least(schema["anyOf"][-1])
    match schema.get("type"):
        case "object":
            return {name: _least(part) for name, part in schema.get("properties", {}).items()}
        case "array":
            return []
        case "integer" | "number":
            return 0
        case "boolean":
            return False
        case "null":
            return None
    return ""


class _Handler(BaseHTTPRequestHandler):
    """Answers as `answer` does, in the words of the OpenAI protocol."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        wanted = asked.get("response_format", {}).get("json_schema", {}).get("schema")
        said = tuple(ChatMessage(each["role"], str(each["content"])) for each in asked["messages"])
        text = str(answer(ChatRequest("understand" if wanted else "compose", said, schema=wanted)))
        usage = {"prompt_tokens": 500, "completion_tokens": 20, "total_tokens": 520}
        base = {"id": "1", "created": 0, "model": "made"}
        if asked.get("stream"):
            chunks: list[dict[str, Any]] = [
                {"delta": {"role": "assistant", "content": text}, "finish_reason": None, "index": 0},
                {"delta": {}, "finish_reason": "stop", "index": 0},
            ]
            lines = [{**base, "object": "chat.completion.chunk", "choices": [one]} for one in chunks]
            lines.append({**base, "object": "chat.completion.chunk", "choices": [], "usage": usage})
            body = "".join(f"data: {json.dumps(line)}\n\n" for line in lines) + "data: [DONE]\n\n"
            kind = "text/event-stream"
        else:
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            body = json.dumps({**base, "object": "chat.completion", "choices": [choice], "usage": usage})
            kind = "application/json"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""


def serve() -> None:
    """Serves the made model, and says where."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


@contextmanager
def made_server() -> Iterator[str]:
    """The address of a made model in a process of its own."""
    process = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    finally:
        process.terminate()
        process.wait()


def messages(most: int) -> list[str]:
    """Customers' messages."""
    lines = (HERE / "data" / "demo-messages.jsonl").read_text(encoding="utf-8").splitlines()
    step = max(1, len(lines) // most)
    return [json.loads(line)["text"] for line in lines[::step][:most]]


def timed(agent: Agent, texts: list[str], name: str) -> tuple[list[float], list[float], list[int]]:
    """Milliseconds of each turn, of CPU and on a clock without the model's, and how many calls it made."""
    cpu, wall, calls = [], [], []
    agent.warm_up(freeze=True)
    for number, text in enumerate(texts):
        begin, at = time.process_time(), time.perf_counter()
        turn = agent.reply(text, conversation=f"{name}-{number}")
        wall.append((time.perf_counter() - at - THINKS * turn.usage.model_calls) * 1e3)
        cpu.append((time.process_time() - begin) * 1e3)
        calls.append(turn.usage.model_calls)
    return cpu[WARM:], wall[WARM:], calls[WARM:]


def main() -> None:
    """Measures and prints a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--guides", type=int, default=500)
    parser.add_argument("--messages", type=int, default=120)
    parser.add_argument("--keep", type=Path, help="make the shop here, and use it again where it is")
    parser.add_argument("--http", action="store_true", help="the model stands behind an address")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve()
        return
    asked = messages(3 * given.messages)
    with (
        tempfile.TemporaryDirectory() if given.keep is None else nullcontext(given.keep) as folder,
        made_server() if given.http else nullcontext("") as address,
    ):
        shop = Path(folder) / "shop"
        if not shop.is_dir():
            make(shop, passages=given.passages, more=given.guides)
        settings = ModelSettings(name="openai:made", base_url=address or None)
        model: ChatModel | None = ScriptedModel(answer)
        if address:
            model = open_model(settings, environ={"OPENAI_API_KEY": "none"})
        ways = (("no model", None, None), ("asked where unsure", None, model), ("always asked", 1.0, model))
        for number, (name, below, model) in enumerate(ways):
            texts = asked[number::3]  # a message that was met before costs less
            if below is not None:
                file = shop / "convagent.toml"
                kept = file.read_text(encoding="utf-8")
                file.write_text(f"{kept}\n[model]\nunderstand_below = {below}\n", encoding="utf-8")
            try:
                with Agent.open(shop, storage="memory:", model=model if model is not None else "") as agent:
                    cpu, wall, calls = timed(agent, texts, name)
                    passages = len(agent.shop.knowledge.passages) if agent.shop.knowledge is not None else 0
                    known = len(agent.shop.kernel.guides)
            finally:
                if below is not None:
                    file.write_text(kept, encoding="utf-8")
            print(
                f"{name}: {statistics.median(cpu):.1f} ms CPU, {statistics.median(wall):.1f} ms on a clock without the model's "
                f"(medians; bound 15), "
                f"p90 {statistics.quantiles(wall, n=10)[-1]:.1f}; {statistics.mean(calls):.2f} calls a turn; "
                f"{passages} passages, {known} guides"
            )
            for count in sorted(set(calls)):
                of = [one for one, made in zip(wall, calls, strict=True) if made == count]
                print(f"    {len(of)} turns with {count} calls: median {statistics.median(of):.1f} ms")


if __name__ == "__main__":
    main()
