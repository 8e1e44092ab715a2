"""Crashes, duplicates and deliveries out of order: the agent runs in processes that are killed, and the truth is counted.

Every scenario is played in child processes, each of which opens the database as a server does. At random steps a child is
killed with SIGKILL: before or after an effect's intent, the effect itself, its outcome or the turn is written down. The
channel then delivers the same message again, to a new child. Besides, messages are delivered to two children at the same
moment, again after newer ones, and before older ones: a customer who writes two messages in a row has the second one
delivered first, while the first is unanswered. Each message carries its id and its number, as a channel gives them; a
message that is delivered again must get the very turn that it had.

The receiver of effects (the shop's back office) writes each effect that it carries out into a file of its own, which
outlives the children: what was done is counted there and held against the ledger.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from retail import RetailOffice

from convagent import Agent
from convagent.actions import ActionFailedError, ActionRegistry, ActionSpec, Begun, CallContext, Intent, Ledger
from convagent.conversation import Message, Turn
from convagent.errors import ActionError
from convagent.guidance.codec import from_json, to_json
from convagent.shop import OpenShop
from convagent.storage import Storage, StoredConversation, open_storage
from convagent.storage.opening import is_memory

__all__ = ["STEPS", "Chaos", "Truth"]

STEPS = (
    "before intent", "after intent", "before effect", "after effect", "before outcome", "after outcome", "before turn",
    "after turn",
)  # fmt: skip
"""Where a child may die."""

CRASH, AGAIN, TWICE, LATE = 0.35, 0.3, 0.15, 0.1
"""How probable it is that a message finds a child doomed, that the next one is too, and that it comes twice or late."""

HURRY, OVERTAKES = 0.5, 0.7
"""How probable it is that a customer who has more to say doesn't wait for the answer, and that what they add comes first."""

PATIENCE = 120.0
"""Seconds that a message which overtook another waits for it: children die and start anew meanwhile."""

MOST_DEATHS = 3
"""Children that die over one message."""


@dataclass(frozen=True)
class Truth:
    """What was done, by the receiver's own log, and what the ledger knows of it.

    Attributes:
        crashes: Children that were killed.
        duplicates: Messages that were delivered once more, at the same moment or late.
        overtaken: Messages that were delivered after one that the customer wrote later.
        effects_once: Effects that were carried out exactly once.
        effects_lost: Effects that were carried out without the ledger's knowing, or are called done and never were, or
            are left open.
        effects_twice: Effects that were carried out more than once.
        uncertain: Effects that the ledger calls uncertain: a person looks them up.
    """

    crashes: int
    duplicates: int
    overtaken: int
    effects_once: int
    effects_lost: int
    effects_twice: int
    uncertain: int


class Chaos:
    """An agent whose processes die: `reply` and `give_back` as an `Agent` has them.

    Args:
        shop: The shop, without its actions.
        office: Its back office; the children's copies of it carry out the effects.
        seed: Of everything that is random here.
        url: The database of conversations and ledger; a file of its own by default.
        receiver: `idempotent` honours idempotency keys; `plain` does what it is told, each time.

    Raises:
        ActionError: `retail-chaos`: the database would not outlive a child, or children can't be forked here.
    """

    def __init__(self, shop: OpenShop, office: RetailOffice, *, seed: str, url: str | None, receiver: str) -> None:
        if not hasattr(os, "fork") or (url is not None and is_memory(url)):
            raise ActionError(
                "a child process that is killed takes this ledger with it", code="retail-chaos",
                remedy="Name a sqlite:///FILE or a postgresql:// database, on a system that can fork.",
            )  # fmt: skip
        self._folder = tempfile.TemporaryDirectory(prefix="chaos")
        self._url = url or f"sqlite:///{self._folder.name}/conversations.db"
        self._log = Path(self._folder.name, "effects.jsonl")
        patient = shop.settings.agent.model_copy(update={"order_seconds": PATIENCE})
        self._shop = replace(shop, settings=shop.settings.model_copy(update={"agent": patient}))
        self._office, self._idempotent = office, receiver == "idempotent"
        self._seed, self._random = seed, random.Random(seed)
        self._run = f"{seed}-{os.getpid()}-{time.time_ns()}"
        self._children: dict[str, _Child] = {}
        self._scenario = ""
        self._said: list[Message] = []
        self._answers: dict[str, Any] = {}
        self._crashes = self._duplicates = self._overtaken = 0
        self._own = url is None
        self._opened().close()  # made here once; and everything is loaded that the children need

    def _opened(self) -> Storage:
        """The database. Our own needs no care for a power cut: processes die here, not the machine."""
        if not self._own:
            return open_storage(self._url)
        from convagent.storage import SqliteStorage

        return SqliteStorage.open(self._url.removeprefix("sqlite:///"), durability="normal")

    # ---- an agent's own methods
    def reply(self, text: str, *, conversation: str) -> Turn:
        """Delivers a message until it is answered, perhaps to two children at once, and perhaps an older one once more."""
        name, message = f"{self._run}-{conversation}", self._next(text)
        if self._random.random() < TWICE:
            self._duplicates += 1
            turn, _ = self._delivered(name, message, message)
        else:
            (turn,) = self._delivered(name, message)
        self._late(name)
        return turn

    def reply_in_a_row(self, first: str, second: str, *, conversation: str) -> tuple[Turn, Turn]:
        """Delivers two messages that were written in a row, the second perhaps while the first is still to come."""
        name, earlier, later = f"{self._run}-{conversation}", self._next(first), self._next(second)
        if self._random.random() < OVERTAKES:
            self._overtaken += 1
            after, before = self._delivered(name, later, earlier)
        else:
            (before,), (after,) = self._delivered(name, earlier), self._delivered(name, later)
        self._late(name)
        return before, after

    def in_a_hurry(self) -> bool:
        """Whether the customer writes on before they have an answer."""
        return self._random.random() < HURRY

    def give_back(self, conversation: str) -> None:
        """A person gives the conversation back."""
        self._asked({"give_back": f"{self._run}-{conversation}"})

    # ---- scenarios
    def begin(self, scenario: str) -> None:
        """A new scenario: children begin with the database as it was at first."""
        self._end_children()
        self._scenario, self._said, self._answers = scenario, [], {}

    def effects(self, scenario: str) -> list[dict[str, Any]]:
        """What the receiver carried out in a scenario, in order."""
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        return [effect for line in lines if (effect := json.loads(line))["scenario"] == scenario]

    def truth(self) -> Truth:
        """What was done in all scenarios. What a dead child left open is looked after first, as a server does it."""
        self._end_children()
        self._asked({"recover": True})
        self._end_children()
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        done = Counter(json.loads(line)["key"] for line in lines)
        with Ledger.open(self._url) as ledger:
            entries = {entry.key: entry for entry in ledger.entries() if entry.conversation.startswith(self._run)}
        unknown = [key for key in done if key not in entries or entries[key].status in {"failed", "refused"}]
        open_ = [key for key, entry in entries.items() if entry.status == "intended"]
        never = [key for key, entry in entries.items() if entry.status == "done" and not done[key]]
        return Truth(
            crashes=self._crashes, duplicates=self._duplicates, overtaken=self._overtaken,
            effects_once=sum(count == 1 for count in done.values()), effects_twice=sum(count > 1 for count in done.values()),
            effects_lost=len({*unknown, *open_, *never}),
            uncertain=sum(entry.status == "uncertain" for entry in entries.values()),
        )  # fmt: skip

    def close(self) -> None:
        """Ends the children and removes the files."""
        self._end_children()
        self._folder.cleanup()

    # ---- deliveries
    def _next(self, text: str) -> Message:
        number = len(self._said) + 1
        self._said.append(Message(text=text, id=f"m-{number}", sequence=number))
        return self._said[-1]

    def _late(self, conversation: str) -> None:
        """Delivers one of the older messages once more, perhaps."""
        if len(self._said) > 2 and self._random.random() < LATE:
            self._duplicates += 1
            self._delivered(conversation, self._random.choice(self._said[:-1]))

    def _delivered(self, conversation: str, *messages: Message) -> list[Turn]:
        """The turns of messages that are under way at the same moment, each in a child of its own.

        The first of them is handed in first. A child that dies over its message is followed by another, which gets the same
        message again.
        """
        waiting = {f"child {number}": message for number, message in enumerate(messages)}
        deaths, turns = dict.fromkeys(waiting, 0), {}
        for name, message in waiting.items():
            self._tell(name, conversation, message, dies=self._doom(name, message, 0))
        # What overtook another gets its answer after it: the last one handed in is the first to be heard.
        for name, message in reversed(waiting.items()):
            while (answer := self._answer_of(name)) is None:
                deaths[name] += 1
                if deaths[name] > MOST_DEATHS:
                    raise ActionError("no child answers", code="retail-chaos")
                self._tell(name, conversation, message, dies=self._doom(name, message, deaths[name]))
            if self._answers.setdefault(str(message.id), answer) != answer:
                raise ActionError(f"{message.id} was answered otherwise when it came again", code="retail-chaos")
            turns[name] = Turn.model_validate(answer)
        return [turns[name] for name in waiting]

    def _doom(self, name: str, message: Message, deaths: int) -> str:
        """The step at which a child dies over a message; empty when it doesn't. Which child is faster changes no other's."""
        chance = random.Random(f"{self._seed} {self._scenario} {message.id} {name} {deaths}")
        doomed = deaths < MOST_DEATHS and chance.random() < (AGAIN if deaths else CRASH)
        return chance.choice(STEPS) if doomed else ""

    def _tell(self, name: str, conversation: str, message: Message, *, dies: str) -> None:
        job = {"reply": message.model_dump(mode="json"), "conversation": conversation, "dies": dies}
        self._child(name).tell(job)

    def _child(self, name: str) -> _Child:
        if name not in self._children:
            self._children[name] = _Child(self._live, beside=tuple(self._children.values()))
        return self._children[name]

    def _answer_of(self, name: str) -> Any:
        """The child's answer; None when it died over what it was told."""
        answer = self._children[name].answer()
        if answer is None:
            if not self._children.pop(name).was_killed():
                raise ActionError("a child process broke", code="retail-chaos", remedy="See what it printed.")
            self._crashes += 1
        return answer

    def _asked(self, what: dict[str, Any]) -> None:
        self._child("child 0").tell(what)
        self._answer_of("child 0")

    def _end_children(self) -> None:
        for child in self._children.values():
            child.end()
        self._children.clear()

    # ---- a child's life
    def _live(self, ask: Callable[[], dict[str, Any] | None], answer: Callable[[Any], None]) -> None:
        death = _Death()
        receiver = _Receiver(self._office, self._log, self._scenario, death, idempotent=self._idempotent)
        with self._opened() as storage:
            ledger = _DyingLedger(Ledger.beside(storage), death)
            shop = replace(self._shop, registry=receiver.registry())
            agent = Agent(shop, storage=_dying(storage, death), ledger=ledger)
            while (job := ask()) is not None:
                death.step = job.get("dies", "")
                if "recover" in job:
                    answer([turn.conversation for turn in agent.recover()])
                elif "give_back" in job:
                    agent.give_back(job["give_back"])
                    answer("given back")
                else:
                    turn = agent.reply(Message.model_validate(job["reply"]), conversation=job["conversation"])
                    death.step = ""
                    answer(turn.model_dump(mode="json"))


class _Death:
    """Comes at a step: nothing is cleaned up, nothing is written any more."""

    step = ""

    def at(self, step: str) -> None:
        if step == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


class _DyingLedger(Ledger):
    """Dies around its writings."""

    def __init__(self, ledger: Ledger, death: _Death) -> None:
        super().__init__(ledger._store)  # noqa: SLF001 - the same ledger, in other clothes
        self._death = death

    def begin(self, intent: Intent, **options: Any) -> Begun:
        self._death.at("before intent")
        begun = super().begin(intent, **options)
        self._death.at("after intent")
        return begun

    def end(self, key: str, **options: Any) -> bool:
        self._death.at("before outcome")
        ended = super().end(key, **options)
        self._death.at("after outcome")
        return ended


def _dying(storage: Storage, death: _Death) -> Storage:
    """The storage, which dies around its saves."""
    save = storage.save

    def dying_save(stored: StoredConversation, **options: Any) -> StoredConversation:
        death.at("before turn")
        saved = save(stored, **options)
        death.at("after turn")
        return saved

    storage.save = dying_save  # type: ignore[method-assign]
    return storage


class _Receiver:
    """The back office behind a door that keeps a log: what passed it was done, whatever becomes of who asked.

    Several children stand before the same door: each brings its copy of the books up to date before it reads or writes.
    """

    def __init__(self, office: RetailOffice, log: Path, scenario: str, death: _Death, *, idempotent: bool) -> None:
        self._office, self._log, self._scenario, self._death = office, log, scenario, death
        self._idempotent = idempotent
        self._done: set[str] = set()
        self._read = 0

    def registry(self) -> ActionRegistry:
        """The office's actions, each behind the door."""
        registry = ActionRegistry()
        registry.add_from(self._office)
        behind = ActionRegistry()
        for spec in registry:
            behind.add_spec(self._write(spec) if spec.kind == "write" else self._look_up(spec))
        return behind

    def _catch_up(self) -> None:
        """Carries out, on this copy of the books, what the log has more than it."""
        if not self._log.exists():
            return
        lines = self._log.read_text(encoding="utf-8").splitlines()
        new = [effect for line in lines[self._read :] if (effect := json.loads(line))["scenario"] == self._scenario]
        self._read = len(lines)
        bring_up_to_date(self._office, new)
        self._done |= {effect["key"] for effect in new}

    def _look_up(self, spec: ActionSpec) -> ActionSpec:
        def look_up(**arguments: Any) -> Any:
            self._catch_up()
            return spec.function(**arguments)

        return replace(spec, function=look_up)

    def _write(self, spec: ActionSpec) -> ActionSpec:
        wanted = spec.wants_context

        def carry_out(**arguments: Any) -> Any:
            context: CallContext = arguments.pop("context")
            self._catch_up()
            self._death.at("before effect")
            key = context.idempotency_key
            if self._idempotent and key in self._done:
                return None
            given = {**arguments, wanted: context} if wanted else arguments
            result = spec.function(**given)
            told = {"scenario": self._scenario, "key": key, "action": spec.name, "arguments": _kept(arguments)}
            with self._log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(told) + "\n")
            self._read += 1
            self._done.add(key)
            self._death.at("after effect")
            return result

        return replace(spec, function=carry_out, wants_context="context", idempotent=self._idempotent)


def bring_up_to_date(office: RetailOffice, effects: list[dict[str, Any]]) -> None:
    """Carries out what a log says, on the books as they were at first."""
    specs = ActionRegistry()
    specs.add_from(office)
    for effect in effects:
        spec = specs.get(effect["action"])
        assert spec is not None
        given = {name: from_json(value) for name, value in effect["arguments"].items()}
        values = {
            parameter.name: parameter.adapter.validate_python(_plain(given[parameter.name]))
            for parameter in spec.parameters
            if parameter.name in given
        }
        try:
            spec.function(**values, **_context_of(spec, effect))
        except ActionFailedError:  # a plain receiver that was asked twice
            continue


def _context_of(spec: ActionSpec, effect: Mapping[str, Any]) -> dict[str, Any]:
    if spec.wants_context is None:
        return {}
    from datetime import UTC, datetime

    from convagent.facts import Customer

    who = Customer(id=str(effect["arguments"].get("account") or effect["arguments"].get("customer") or ""))
    return {spec.wants_context: CallContext("log", who, datetime.now(UTC))}


def _kept(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: to_json(value) for name, value in arguments.items()}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


class _Child:
    """A forked process that answers lines of JSON.

    Args:
        live: What it does, with a way to get its next job and one to answer it.
        beside: Children that live at the same time: this one lets go of what it inherits of them.
    """

    def __init__(
        self,
        live: Callable[[Callable[[], dict[str, Any] | None], Callable[[Any], None]], None],
        *,
        beside: tuple[_Child, ...] = (),
    ) -> None:
        read_job, write_job = os.pipe()
        read_answer, write_answer = os.pipe()
        sys.stdout.flush()
        self._process = os.fork()
        if not self._process:
            try:
                os.close(write_job)
                os.close(read_answer)
                for other in beside:
                    other._close()  # noqa: SLF001 - or the other would never see that its jobs have ended
                with (
                    os.fdopen(read_job, encoding="utf-8") as jobs,
                    os.fdopen(write_answer, "w", encoding="utf-8") as out,
                ):

                    def ask() -> dict[str, Any] | None:
                        line = jobs.readline()
                        return json.loads(line) if line else None

                    def answer(what: Any) -> None:
                        out.write(json.dumps(what) + "\n")
                        out.flush()

                    live(ask, answer)
            except Exception:  # noqa: BLE001 - a child never becomes a second parent
                sys.excepthook(*sys.exc_info())
                sys.stderr.flush()
                os._exit(1)
            os._exit(0)
        os.close(read_job)
        os.close(write_answer)
        self._jobs = os.fdopen(write_job, "w", encoding="utf-8")
        self._answers = os.fdopen(read_answer, encoding="utf-8")

    def tell(self, what: Mapping[str, Any]) -> None:
        """Gives it a job; one that died meanwhile has no answer to it."""
        with suppress(BrokenPipeError):
            self._jobs.write(json.dumps(what) + "\n")
            self._jobs.flush()

    def answer(self) -> Any:
        """The answer to the job that it was told last; None when the child ended without one."""
        line = self._answers.readline()
        return json.loads(line) if line else None

    def was_killed(self) -> bool:
        """Whether the child that gave no answer was killed."""
        self._close()
        status = os.waitpid(self._process, 0)[1]
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL

    def end(self) -> None:
        """Lets the child end by itself."""
        self._close()
        os.waitpid(self._process, 0)

    def _close(self) -> None:
        try:
            with suppress(BrokenPipeError):
                self._jobs.close()
        finally:
            self._answers.close()
