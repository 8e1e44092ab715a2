"""The agent: opens a shop and runs turns, each a straight path: understand → decide → act → compose."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from convagent.conversation import Conversation, Message, Turn, Usage
from convagent.errors import ModelError
from convagent.facts import Facts
from convagent.guidance.codec import from_json
from convagent.guidance.decide import DecideSettings, Memory
from convagent.guidance.world import Resolver, Result
from convagent.nevers import forbidden_words, never_rules
from convagent.shop import OpenShop, open_shop
from convagent.storage import Storage, StoredConversation, open_storage
from convagent.turn import AgentParts, TurnWork
from convagent.understanding.understand import Understander

__all__ = ["Agent"]

ClockFunction = Callable[[], datetime]


class Agent:
    """Answers a shop's customers.

        agent = Agent.open("my-shop")
        turn = agent.reply("Where is order #1042?", conversation="c-17", facts={"customer": {"email": "ada@example.com"}})

    One agent serves any number of conversations from any number of threads; turns of one conversation wait for one
    another. Close it when you are done, or use it in a `with`.

    Args:
        shop: An opened shop.
        storage: Where conversations are kept.
        clock: Gives the moment of a turn that brings none; the shop's clock by default.
    """

    def __init__(self, shop: OpenShop, *, storage: Storage, clock: ClockFunction | None = None) -> None:
        self.shop = shop
        self.storage = storage
        settings = shop.settings
        products = {product.id: product.title for product in shop.catalog.products} if shop.catalog else {}
        understander = Understander.fit(
            shop.kernel, products=products, order_pattern=settings.orders.pattern, currency=settings.shop.currency,
            language=settings.shop.language, languages=settings.shop.languages,
        )  # fmt: skip
        resolvers = {
            (spec.provides.split(".")[0], spec.provides.split(".")[1]): Resolver(spec.name, spec.parameters[0].name)
            for spec in shop.registry
            if spec.provides is not None
        }
        self._parts = AgentParts(
            shop, storage, clock or shop.now, understander,
            DecideSettings(settings.agent.answer_from, settings.agent.switch_from), settings.handover, never_rules(shop.kernel),
            forbidden_words(shop.kernel), resolvers,
        )  # fmt: skip

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        storage: str | Storage | None = None,
        clock: ClockFunction | None = None,
        model: str | None = None,
    ) -> Agent:
        """Opens a shop's folder.

        Args:
            path: The folder with `convagent.toml`.
            storage: Where conversations are kept: `memory:`, `sqlite:///FILE`, or a storage; the shop's setting by
                default, relative to its folder.
            clock: Gives the moment of a turn that brings none.
            model: A chat model. Not offered yet.

        Raises:
            ShopError, GuidanceError, KnowledgeError, CatalogError, ActionError, StorageError: A part can't be used.
            ModelError: A model was named.
        """
        if model is not None:
            raise ModelError(
                "chat models can't be used yet", code="model-unavailable",
                remedy="Leave `model` out: the embedded parts answer without one.",
            )  # fmt: skip
        shop = open_shop(path)
        kept = storage if storage is not None else _in_shop(shop.settings.storage.url, shop.path)
        return cls(shop, storage=open_storage(kept) if isinstance(kept, str) else kept, clock=clock)

    # ---- turns
    def reply(self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None) -> Turn:
        """Answers one message of a customer.

        Whatever breaks on the way, the customer gets a handover with what is known so far.

        Args:
            text: The message.
            conversation: Its conversation's id; a new one begins a conversation.
            facts: What the caller knows: see `convagent.facts.Facts`.

        Returns:
            The turn, as it is kept.

        Raises:
            StorageError: The conversation can't be read or kept, or another turn of it takes too long.
        """
        return self._run(text, conversation, facts, dry=False, loop=None)

    async def areply(
        self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None
    ) -> Turn:
        """`reply` for asynchronous callers; asynchronous actions run on the caller's loop."""
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(self._run, text, conversation, facts, dry=False, loop=loop)

    def decide(self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None) -> Turn:
        """The dry run: what it would say and do. Look-ups may run; nothing is written or kept."""
        return self._run(text, conversation, facts, dry=True, loop=None)

    async def adecide(
        self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None
    ) -> Turn:
        """`decide` for asynchronous callers."""
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(self._run, text, conversation, facts, dry=True, loop=loop)

    def give_back(self, conversation: str) -> None:
        """A person gives the conversation back: from now on the agent answers again.

        Raises:
            StorageError: The conversation can't be read or kept.
        """
        with self.storage.locked(conversation, timeout=self.shop.settings.agent.lock_seconds):
            stored = self.storage.load(conversation)
            if stored is None:
                return
            memory = replace(
                Memory.from_json(stored.state.get("memory", {})), handed_over=False, open=(), waiting=(), vague=0
            )
            state = {**stored.state, "memory": memory.to_json()}
            self.storage.save(stored.model_copy(update={"state": state}), expected_version=stored.version)

    def close(self) -> None:
        """Gives up files and connections."""
        self.storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # ---- one turn
    def _run(
        self, text: str | Message, conversation: str, facts: Any, *, dry: bool, loop: asyncio.AbstractEventLoop | None
    ) -> Turn:
        started = time.perf_counter()
        message = text if isinstance(text, Message) else Message(text=text)
        if dry:
            stored = self.storage.load(conversation)
            return self._turn(message, conversation, facts, stored, dry=True, loop=loop, started=started).turn
        with self.storage.locked(conversation, timeout=self.shop.settings.agent.lock_seconds):
            stored = self.storage.load(conversation)
            done = self._turn(message, conversation, facts, stored, dry=False, loop=loop, started=started)
            self._keep(done, done.stored or stored, conversation)
        return done.turn

    def _turn(
        self, message: Message, conversation: str, facts: Any, stored: StoredConversation | None, *, dry: bool,
        loop: asyncio.AbstractEventLoop | None, started: float,
    ) -> _Done:  # fmt: skip
        work = TurnWork(self._parts, message, conversation, stored, dry=dry, loop=loop)
        try:
            state = stored.state if stored is not None else {}
            memory = Memory.from_json(state.get("memory", {}))
            work.effects = {key: _result(effect) for key, effect in state.get("effects", {}).items()}
            parts = work.run(Facts.read(facts), memory)
        except Exception as error:  # noqa: BLE001 - whatever breaks, the customer gets a handover
            parts = work.broken(error)
        usage = Usage(seconds=round(time.perf_counter() - started, 6))
        turn = Turn(
            conversation=conversation, message=work.message, outcome=parts.outcome, reply=parts.reply,
            actions=tuple(work.records), usage=usage, trace=tuple(parts.trace), stamp=self.stamp, at=work.now,
        )  # fmt: skip
        return _Done(turn, parts.memory, work.stored)

    @property
    def stamp(self) -> str:
        """Hash of the shop that decides."""
        return self.shop.stamp

    def _keep(self, done: _Done, stored: StoredConversation | None, conversation: str) -> None:
        before = stored.conversation if stored is not None else Conversation(id=conversation, started_at=done.turn.at)
        replies = (Message(author="agent", text=done.turn.reply.text, at=done.turn.at),) if done.turn.reply else ()
        state: dict[str, Any] = {"memory": done.memory.to_json()}
        record = StoredConversation(conversation=before.with_turn(done.turn, *replies), state=state)
        self.storage.save(record, expected_version=stored.version if stored is not None else 0)


@dataclass
class _Done:
    turn: Turn
    memory: Memory
    stored: StoredConversation | None


def _in_shop(url: str, folder: Path) -> str:
    """A relative SQLite file stands in the shop's folder."""
    scheme, separator, rest = url.partition(":///")
    if scheme == "sqlite" and separator and not rest.startswith("/"):
        path = folder / rest
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            return "memory:"
        return f"sqlite:///{path.resolve()}"
    return url


def _result(effect: Mapping[str, Any]) -> Result:
    return Result(effect["status"], from_json(effect["value"]), effect["error"], effect["reason"])
