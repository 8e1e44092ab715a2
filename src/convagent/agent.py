"""The agent: opens a shop and runs turns, each a straight path: understand → decide → act → compose."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from convagent.conversation import Conversation, Message, Turn, Usage
from convagent.errors import ConvagentError, ModelError, StorageError
from convagent.facts import Facts
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import DecideSettings, Memory
from convagent.guidance.interpreter.world import Resolver, Result
from convagent.nevers import forbidden_words, never_rules
from convagent.shop import OpenShop, open_shop
from convagent.storage import Storage, StoredConversation, open_storage
from convagent.turn import AgentParts, TurnParts, TurnWork
from convagent.understanding.understand import Understander

__all__ = ["Agent"]

_log = logging.getLogger("convagent")

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

        Nothing is raised for what breaks on the way, be it facts, an action or the storage: the customer gets a handover
        with what is known so far, and the log says why.

        Args:
            text: The message.
            conversation: Its conversation's id; a new one begins a conversation.
            facts: What the caller knows: see `convagent.facts.Facts`.

        Returns:
            The turn, as it is kept.
        """
        return self._run(text, conversation, facts, dry=False, loop=None)

    async def areply(
        self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None
    ) -> Turn:
        """`reply` for asynchronous callers; asynchronous actions run on the caller's loop."""
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(self._run, text, conversation, facts, dry=False, loop=loop)

    def decide(
        self,
        text: str | Message,
        *,
        conversation: str,
        facts: Facts | Mapping[str, Any] | None = None,
        guide: str | None = None,
    ) -> Turn:
        """The dry run: what it would say and do. Look-ups may run; nothing is written or kept.

        Args:
            text: The message.
            conversation: Its conversation's id; one that is kept is gone on from.
            facts: What the caller knows.
            guide: Title of a guide that is read whatever the message means.
        """
        return self._run(text, conversation, facts, dry=True, loop=None, guide=guide)

    async def adecide(
        self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None
    ) -> Turn:
        """`decide` for asynchronous callers."""
        loop = asyncio.get_running_loop()
        return await asyncio.to_thread(self._run, text, conversation, facts, dry=True, loop=loop)

    def event(
        self,
        name: str,
        *,
        conversation: str,
        facts: Facts | Mapping[str, Any] | None = None,
        seconds: float = 0.0,
    ) -> Turn:
        """Tells of something in the storefront: `On product_viewed for 45 seconds` guides wait for it.

        Nothing is said where no guide waits for it, in the middle of an open guide, or while a person is in charge.

        Args:
            name: The event, such as product_viewed.
            conversation: The visitor's conversation.
            facts: What the caller knows: the product, the cart.
            seconds: For how long it has lasted.
        """
        return self._run(
            Message(author="system", text=name), conversation, facts, dry=False, loop=None, event=(name, seconds)
        )

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
        self,
        text: str | Message,
        conversation: str,
        facts: Any,
        *,
        dry: bool,
        loop: asyncio.AbstractEventLoop | None,
        guide: str | None = None,
        event: tuple[str, float] | None = None,
    ) -> Turn:
        started = time.perf_counter()
        message = _message(text)
        work = TurnWork(self._parts, message, conversation, None, dry=dry, loop=loop, guide=guide, event=event)
        try:
            if dry:
                work.stored = self.storage.load(conversation)
                return self._turn(work, facts, started).turn
            with self.storage.locked(conversation, timeout=self.shop.settings.agent.lock_seconds):
                work.stored = self.storage.load(conversation)
                done = self._turn(work, facts, started)
                self._keep(done, conversation)
                return done.turn
        except StorageError as error:
            # The customer gets a handover that a person can act on; what was done stands in it. Whoever runs us reads the log.
            _log.error("a turn could not be kept: %s", error)
            return self._finished(work, work.broken(error), started)

    def _turn(self, work: TurnWork, facts: Any, started: float) -> _Done:
        try:
            state = work.stored.state if work.stored is not None else {}
            memory = Memory.from_json(state.get("memory", {}))
            work.effects = {key: _result(effect) for key, effect in state.get("effects", {}).items()}
            parts = work.run(Facts.read(facts), memory)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever breaks, the customer gets a handover
            _log_fault(error)
            parts = work.broken(error)
        return _Done(self._finished(work, parts, started), parts.memory, work.stored, work.effects_to_keep())

    def _finished(self, work: TurnWork, parts: TurnParts, started: float) -> Turn:
        return Turn(
            conversation=work.conversation, message=work.message, outcome=parts.outcome, reply=parts.reply,
            actions=tuple(work.records), usage=Usage(seconds=round(time.perf_counter() - started, 6)),
            trace=tuple(parts.trace), stamp=self.stamp, at=work.now,
        )  # fmt: skip

    @property
    def stamp(self) -> str:
        """Hash of the shop that decides."""
        return self.shop.stamp

    def _keep(self, done: _Done, conversation: str) -> None:
        stored = done.stored
        before = stored.conversation if stored is not None else Conversation(id=conversation, started_at=done.turn.at)
        replies = (Message(author="agent", text=done.turn.reply.text, at=done.turn.at),) if done.turn.reply else ()
        # Effects stay with the conversation: a turn that could not be kept may have done one that the memory knows nothing of.
        state: dict[str, Any] = {"memory": done.memory.to_json(), "effects": done.effects}
        record = StoredConversation(conversation=before.with_turn(done.turn, *replies), state=state)
        self.storage.save(record, expected_version=stored.version if stored is not None else 0)


@dataclass
class _Done:
    turn: Turn
    memory: Memory
    stored: StoredConversation | None
    effects: dict[str, Any]


_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def _message(text: object) -> Message:
    """The message of a turn. Half a character, which no encoding can write, becomes U+FFFD.

    Raises:
        ConvagentError: It is neither a text nor a Message.
    """
    if not isinstance(text, (str, Message)):
        raise ConvagentError(
            f"a message is a text or a Message, not a {type(text).__name__}", code="message-type",
            remedy="Hand in what the customer wrote.",
        )  # fmt: skip
    message = text if isinstance(text, Message) else Message(text=text)
    if _HALF_CHARACTER.search(message.text) is None:
        return message
    return message.model_copy(update={"text": _HALF_CHARACTER.sub("\ufffd", message.text)})


def _log_fault(error: Exception) -> None:
    """Where something broke. The message of an error that isn't ours may hold a customer's words and is left out."""
    if isinstance(error, ConvagentError):
        _log.error("a turn broke: %s", error)
    else:
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("a turn broke: %s at\n%s", type(error).__name__, where)


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
