"""Workers that die: a warm process that forks one for each job it reads, and tells how it ended.

A job is a line of JSON: `{"url", "log", "receiver", "conversation", "text", "dies"}`. The worker opens the storage after the
fork, as a program does, and runs one turn (or `recover` for the text "*recover*"). It kills itself with SIGKILL at the step
that `dies` names: before or after the intent, the effect, the outcome or the turn is written down.

The receiver writes each effect that it carries out into a file, which outlives the workers: the truth, to be counted.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from convagent.actions import Begun, Intent, Ledger
from convagent.agent import Agent
from convagent.conversation import Message
from convagent.shop import open_shop
from convagent.storage import MemoryStorage, SqliteStorage, Storage, StoredConversation, open_storage

STEPS = (
    "before intent", "after intent", "before effect", "after effect", "before outcome", "after outcome", "before turn",
    "after turn",
)  # fmt: skip

SETTINGS = """
[shop]
name = "Crashes"
currency = "EUR"
timezone = "Europe/Dublin"

[clock]
fixed = 2026-06-16T10:30:00+01:00

[actions]
python = ["actions.py"]

[storage]
url = "memory:"
"""
ACTIONS = '''
from convagent.actions import CallContext, action
from convagent.facts import Money

RECEIVER = None


@action(kind="write")
def pay_back(order: str, amount: Money, context: CallContext) -> str:
    """Pays back."""
    return RECEIVER(context.idempotency_key)
'''
GUIDES = """
# Pay back

When the customer asks for their money back:
- "I want my money back"
- "please refund me"
- "give me a refund for my order"
- "pay me back what I paid"

1. Need customer
1. Need order: one of customer.orders
1. confirm "Pay {{ order.total | money }} for {{ order.id }} back?"
1. do pay_back with order = order.id, amount = order.total
1. say "{{ order.id }} is paid back."
"""
ADA = {
    "customer": {
        "id": "C1", "email": "ada@example.com", "verified": True,
        "orders": [{"id": "#1001", "status": "delivered", "total": "20.00 EUR"}],
    }
}  # fmt: skip


def write_shop(folder: Path) -> None:
    """A shop with one effect that asks for a yes."""
    (folder / "guidance").mkdir()
    (folder / "convagent.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "actions.py").write_text(ACTIONS, encoding="utf-8")
    (folder / "guidance" / "guides.md").write_text(GUIDES, encoding="utf-8")


class Death:
    """Comes at a step."""

    def __init__(self, step: str) -> None:
        self.step = step

    def at(self, step: str) -> None:
        """Kills this process when it is due: nothing is cleaned up, nothing is written any more."""
        if step == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


class DyingLedger(Ledger):
    """Dies around its writings."""

    death: Death

    def begin(self, intent: Intent, **options: Any) -> Begun:
        """Around the intent."""
        self.death.at("before intent")
        begun = super().begin(intent, **options)
        self.death.at("after intent")
        return begun

    def end(self, key: str, **options: Any) -> bool:
        """Around the outcome."""
        self.death.at("before outcome")
        ended = super().end(key, **options)
        self.death.at("after outcome")
        return ended


class Receiver:
    """Carries effects out and keeps them in a file; an idempotent one knows what it has done already."""

    def __init__(self, log: Path, death: Death, *, idempotent: bool) -> None:
        self.log, self.death, self.idempotent = log, death, idempotent

    def __call__(self, key: str) -> str:
        """One request."""
        self.death.at("before effect")
        with self.log.open("a+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            if not (self.idempotent and key in file.read().split()):
                file.write(f"{key}\n")
        self.death.at("after effect")
        return "paid"


def asked(agent: Agent) -> StoredConversation:
    """A conversation that waits for a yes, for all jobs to begin with."""
    agent.reply("I want my money back for #1001", conversation="begun", facts=ADA)
    stored = agent.storage.load("begun")
    assert stored is not None
    return stored


def opened(url: str) -> Storage:
    """The database. A file needs no care for a power cut here, which makes hundreds of deaths bearable."""
    if url.startswith("sqlite:///"):
        return SqliteStorage.open(url.removeprefix("sqlite:///"), durability="normal")
    return open_storage(url)


def work(agent: Agent, begun: StoredConversation, job: dict[str, Any]) -> dict[str, Any]:
    """One worker's life, unless it dies before."""
    death = Death(job.get("dies", ""))
    storage = opened(job["url"])
    ledger = DyingLedger(Ledger.beside(storage)._store)
    ledger.death = death
    save = storage.save

    def dying_save(stored: StoredConversation, **options: Any) -> StoredConversation:
        death.at("before turn")
        saved = save(stored, **options)
        death.at("after turn")
        return saved

    conversation = job["conversation"]
    if job.get("new"):
        moved = begun.conversation.model_copy(update={"id": conversation})
        storage.save(begun.model_copy(update={"conversation": moved}), expected_version=0)
    storage.save = dying_save  # type: ignore[method-assign]
    spec = agent.shop.registry.get("pay_back")
    assert spec is not None
    idempotent = job["receiver"] == "idempotent"
    spec.function.__globals__["RECEIVER"] = Receiver(Path(job["log"]), death, idempotent=idempotent)
    agent.shop.registry._specs["pay_back"] = replace(spec, idempotent=idempotent)
    agent.storage, agent.ledger = storage, ledger
    agent._parts = replace(agent._parts, storage=storage, ledger=ledger)
    if job["text"] == "*recover*":
        turns = agent.recover()
        return {"turns": [turn.model_dump(mode="json") for turn in turns]}
    message = Message(text=job["text"], id=job.get("id"))
    turn = agent.reply(message, conversation=conversation, facts=ADA)
    storage.close()
    return turn.model_dump(mode="json")


def warm(begun: StoredConversation) -> None:
    """Loads what every worker would load for itself; no thread is started, no file is opened that a fork would share."""
    import psycopg  # noqa: F401 - for the workers
    import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401

    import convagent.storage.postgresql  # noqa: F401

    with open_storage("sqlite:///:memory:") as storage:
        saved = storage.save(begun, expected_version=0)
        storage.save(saved, expected_version=1)
        storage.load("begun")
        Ledger.beside(storage).entries(conversation="begun")


def main() -> None:
    """Reads jobs, several in a line as a list to be done at once."""
    agent = Agent(open_shop(sys.argv[1]), storage=MemoryStorage())
    begun = asked(agent)
    warm(begun)
    for line in sys.stdin:
        read = json.loads(line)
        jobs = read if isinstance(read, list) else [read]
        running = []
        for job in jobs:
            reader, writer = os.pipe()
            child = os.fork()
            if not child:
                try:
                    os.close(reader)
                    told = json.dumps(work(agent, begun, job)).encode()
                    while told:
                        told = told[os.write(writer, told) :]
                    os._exit(0)
                finally:
                    os._exit(1)
            os.close(writer)
            running.append((child, reader))
        ended = []
        for child, reader in running:
            with os.fdopen(reader, "rb") as pipe:
                told = pipe.read()
            status = os.waitpid(child, 0)[1]
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            ended.append({"killed": killed, "turn": json.loads(told) if told and not killed else None})
        sys.stdout.write(json.dumps(ended if isinstance(read, list) else ended[0]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
