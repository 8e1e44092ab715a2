"""The agent: opens a shop and answers its customers. `running` runs and keeps turns, `turn` is the path of one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from convagent import running
from convagent.actions import ActionCall, ActionRegistry, Confirmation, Ledger
from convagent.actions.identity import Proof
from convagent.asynchronous import loop_of_caller, twin
from convagent.conversation import Message, Turn
from convagent.drafts import Drafts
from convagent.facts import Facts
from convagent.handover import HandoverDesk
from convagent.handovers import Handovers
from convagent.models import ChatModel, guard
from convagent.shop import OpenShop, open_shop
from convagent.storage import Storage, open_storage
from convagent.storage.due import aware, end_due
from convagent.storage.opening import url_in_shop
from convagent.turns.opening import chosen_model, parts_of, verifier_of
from convagent.turns.state import AgentParts

if TYPE_CHECKING:
    from convagent.streaming import AsyncReplyStream, ReplyStream

__all__ = ["Agent"]

ClockFunction = Callable[[], datetime]


class Agent(Handovers, Drafts):
    """Answers a shop's customers.

        agent = Agent.open("my-shop")
        turn = agent.reply("Where is order #1042?", conversation="c-17", facts={"customer": {"email": "ada@example.com"}})

    One agent serves any number of conversations from any number of threads; turns of one conversation wait for one
    another. Close it when you are done, or use it in a `with`.

    Args:
        shop: An opened shop.
        storage: Where conversations are kept.
        clock: Gives the moment of a turn that brings none; the shop's clock by default.
        ledger: Where effects are written down before they are issued; the storage's own database by default.
        model: A chat model that serves understanding and composing; the embedded parts alone without one. It is guarded as
            `[model]` says unless it is so already: see `convagent.models.guard`.
        verifier: A second one that looks at replies which aren't streamed, where `[model] verifier` is set.
        proofs: The shop's own ways to prove who writes, beside those of its settings; see docs/identity.md.

    Raises:
        ShopError: `identity-secret`: a secret that `[identity]` names is missing in the environment.
        ModelError: `model-object`: what was handed in is no chat model.
    """

    _opened: tuple[ChatModel, ...] = ()
    """Models that nobody else closes."""

    def __init__(
        self,
        shop: OpenShop,
        *,
        storage: Storage,
        clock: ClockFunction | None = None,
        proofs: Sequence[Proof] = (),
        ledger: Ledger | None = None,
        model: ChatModel | None = None,
        verifier: ChatModel | None = None,
    ) -> None:
        parts = parts_of(shop, storage=storage, ledger=ledger or Ledger.beside(storage), clock=clock, proofs=proofs)
        one, other = (None if each is None else guard(each, shop.settings.model) for each in (model, verifier))
        self._work_with(replace(parts, model=one, verifier=other))

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        storage: str | Storage | None = None,
        clock: ClockFunction | None = None,
        model: str | ChatModel | None = None,
        base_url: str | None = None,
        proofs: Sequence[Proof] = (),
    ) -> Agent:
        """Opens a shop's folder.

        Args:
            path: The folder with `convagent.toml`.
            storage: Where conversations are kept: `memory:`, `sqlite:///FILE`, `postgresql://…`, or a storage; the shop's
                setting by default, relative to its folder.
            clock: Gives the moment of a turn that brings none.
            model: A chat model: `openai:NAME`, an object, or "" for none; the setting `[model]` of the shop by default. Its key
                comes from the environment alone. See docs/models.md.
            base_url: Of another service than OpenAI's own that speaks its protocol.
            proofs: The shop's own ways to prove who writes.

        Raises:
            ShopError, GuidanceError, KnowledgeError, CatalogError, ActionError, StorageError: A part can't be used.
            ModelError: `model-unknown`: it isn't called `openai:NAME`; `model-key`: the environment holds no key for it;
                `model-object`: what was handed in is no chat model.
        """
        shop = open_shop(path)
        chosen = chosen_model(shop.settings.model, model, base_url=base_url)
        kept = storage if storage is not None else url_in_shop(shop.settings.storage.url, shop.path)
        verifier = verifier_of(shop.settings.model, base_url=base_url) if chosen is not None else None
        agent = cls(
            shop,
            storage=open_storage(kept) if isinstance(kept, str) else kept,
            clock=clock,
            proofs=proofs,
            model=chosen,
            verifier=verifier,
        )
        ours = (chosen if model is None or isinstance(model, str) else None, verifier)
        agent._opened = tuple(each for each in ours if each is not None)
        return agent

    def afresh(
        self, *, storage: Storage, clock: ClockFunction | None = None, actions: ActionRegistry | None = None
    ) -> Self:
        """Another agent of the same opened shop, with a storage, a clock and actions of its own.

        What was read once is shared: guidance, articles, catalog. Evaluations give each case an agent of its own so.

        Args:
            storage: Where its conversations and its ledger are kept.
            clock: Gives the moment of a turn that brings none; this agent's by default.
            actions: Look-ups and actions with the same declarations, as `convagent.shop.read_actions` reads them; this
                agent's by default.
        """
        other, shop = copy.copy(self), copy.copy(self.shop)
        shop.registry = actions or self.shop.registry
        parts = replace(
            self._parts, shop=shop, storage=storage, clock=clock or self._parts.clock, ledger=Ledger.beside(storage)
        )
        other._opened = ()  # noqa: SLF001 - one of us
        other._work_with(parts)  # noqa: SLF001 - one of us
        return other

    def warm_up(self, *, freeze: bool = False) -> int:
        """Loads now what would be loaded at the first messages: models, patterns and words of each of the shop's languages.

        For a server, before its first customer; takes some tenths of a second. A few messages of ours run through the path of
        a turn: none is kept, and none of the shop's look-ups and actions is called.

        Args:
            freeze: Whether Python's garbage collector then leaves alone what was opened, which it would look through again
                and again, a tenth of a second each time. It concerns the whole process: `gc.collect` and `gc.freeze` are
                called, so that nothing that exists by then is ever collected. Before forking, that also keeps memory shared.

        Returns:
            How many messages were run.
        """
        from convagent.warming import warm

        return warm(self._parts, freeze=freeze)

    def foresee(self, messages: Sequence[str]) -> int:
        """Reads ahead in a queue of messages, a dozen or two at a time: replies to them then take a little less time.

        Replies are the same without it. Here is worked out, one text right after another, what the next replies would work
        out one by one: see `convagent.understanding.foresight`.

        Args:
            messages: What customers wrote, in the order in which it will be replied to.

        Returns:
            How many texts were looked at; 0 where the shop's embedder remembers none.
        """
        from convagent.understanding.foresight import foresee

        shop = self._parts.shop
        return foresee(self._parts.understander, shop.embedder, messages, language=shop.settings.shop.language)

    # ---- turns
    def reply(self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None) -> Turn:
        """Answers one message of a customer.

        Nothing is raised for what breaks on the way, be it facts, an action or the storage: the customer gets a handover
        with what is known so far, and the log says why.

        A message with `author="person"` is what a colleague wrote in the conversation: it is kept, nothing is answered,
        and the agent stays silent from then on, until `give_back`.

        Args:
            text: The message.
            conversation: Its conversation's id; a new one begins a conversation.
            facts: What the caller knows: see `convagent.facts.Facts`.

        Returns:
            The turn, as it is kept.

        Raises:
            ConvagentError: `message-type`, `message-author`: it is neither a customer's message nor a person's.
            StorageError: What a person wrote can't be kept.
        """
        return running.run(self._parts, text, conversation, facts, loop=loop_of_caller())

    def stream(
        self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None
    ) -> ReplyStream:
        """Answers one message of a customer, like `reply`, and gives the reply piece by piece as it comes.

        A piece comes only once it is verified, and the first only once it is certain that the turn isn't handed over. Without
        a model there is nothing to wait for, and the reply comes in one piece.

        Args:
            text: The message.
            conversation: Its conversation's id.
            facts: What the caller knows.

        Returns:
            The pieces, to iterate over; then `stream.turn`. The turn runs at once and to its end, read or not.
        """
        from convagent.streaming import ReplyStream

        loop = loop_of_caller()
        return ReplyStream(lambda send: running.run(self._parts, text, conversation, facts, loop=loop, release=send))

    def astream(
        self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None
    ) -> AsyncReplyStream:
        """`stream` for asynchronous callers: `async for piece in agent.astream(…)`; called on a running event loop."""
        import asyncio

        from convagent.streaming import AsyncReplyStream

        loop = asyncio.get_running_loop()
        return AsyncReplyStream(
            lambda send: running.run(self._parts, text, conversation, facts, loop=loop, release=send)
        )

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
        return running.run(self._parts, text, conversation, facts, dry=True, loop=loop_of_caller(), guide=guide)

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
        told = Message(author="system", text=name)
        return running.run(self._parts, told, conversation, facts, loop=loop_of_caller(), event=(name, seconds))

    def overdue(self, *, now: datetime | None = None, limit: int = 100) -> list[Turn]:
        """Ends what waited longer for an answer than its guide allows: `within 3 days, else close`.

        For a scheduler, every few minutes: nothing else sets a deadline off. Only conversations that are due are read, the
        longest overdue first. Each is ended once, however often and from however many processes this is called; one that
        somebody is in at the moment is left for the next time. A customer who writes before the scheduler looks is
        answered as ever, late or not.

        Args:
            now: What is due by then; the clock's moment by default.
            limit: How many are ended at most, 1 or more.

        Returns:
            The turns, as they are kept: `Silent` with `no_answer` where a guide closes the conversation, else `HandedOver`.
            Those with a reply are to be sent.

        Raises:
            ConvagentError: `moment-zone`, a moment without a time zone.
            StorageError: The storage can't be asked what is due. A conversation that can't be kept is left as it is, and
                the log says why.
        """
        moment = aware(now or self._parts.clock())
        end = partial(running.end_overdue, self._parts, now=moment, loop=loop_of_caller())
        return end_due(self.storage, end, until=moment, limit=limit)

    def recover(self) -> list[Turn]:
        """Ends what workers that died have begun, in all conversations; for the start of a program, and a scheduler.

        An effect whose receiver honours idempotency keys is issued again under its key. Every other one is marked
        uncertain and put before a person. A conversation that somebody is in is left for its own next turn, which does
        the same.

        Returns:
            The turns of conversations that were handed over, as they are kept: a person has to look after them.

        Raises:
            StorageError: The ledger can't be read. A conversation that can't be kept is left as it is, and the log says
                why.
        """
        end = partial(running.end_broken_off, self._parts, loop=loop_of_caller())
        turns = map(end, self.ledger.pending())
        return [turn for turn in turns if turn is not None]

    def act(
        self,
        action: str,
        arguments: Mapping[str, Any],
        *,
        conversation: str,
        effect: str,
        facts: Facts | Mapping[str, Any] | None = None,
        confirmed: Confirmation | None = None,
    ) -> ActionCall:
        """Calls one look-up or action outside of a turn, under the same preconditions, rules, limits and ledger.

        It is for callers that are no conversation: a person at a helpdesk, a client of the Model Context Protocol.

        Args:
            action: Its name.
            arguments: By the names of its parameters.
            conversation: Under which id the ledger keeps it.
            effect: The same for every retry of one effect, another one for every other.
            facts: Who calls, as for `reply`; the customer is anonymous unless proven there.
            confirmed: A write that demands one needs the customer's yes to exactly these arguments.

        Raises:
            ActionError: `action-unknown`.
            FactsError, StorageError: The facts don't fit; the ledger can't be written, and nothing was done.
        """
        return running.call_directly(
            self._parts, action, arguments, conversation=conversation, facts=facts, effect=effect, confirmed=confirmed,
            loop=loop_of_caller(),
        )  # fmt: skip

    @property
    def stamp(self) -> str:
        """Hash of the shop that decides, and of the model that serves it."""
        return self._parts.stamp

    def now(self) -> datetime:
        """The agent's moment: its clock, in the shop's zone."""
        return self._parts.clock().astimezone(self.shop.zone)

    def close(self) -> None:
        """Gives up files and connections; a model that was handed in as an object stays open."""
        self.storage.close()
        for model in self._opened:
            if callable(close := getattr(model, "close", None)):
                close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # ---- for asynchronous callers
    areply = twin(reply)
    adecide = twin(decide)
    aevent = twin(event)
    aact = twin(act)
    aoverdue = twin(overdue)
    arecover = twin(recover)
    aclose = twin(close)
    awarm_up = twin(warm_up)
    aforesee = twin(foresee)

    def _work_with(self, parts: AgentParts) -> None:
        self.shop = parts.shop
        self.storage = parts.storage
        self.ledger = parts.ledger
        self._parts = parts
        settings = parts.shop.settings
        self._desk = HandoverDesk(
            parts.storage, settings.spoken_handover, clock=self.now, language=settings.shop.language,
            lock_seconds=settings.agent.lock_seconds, stamp=parts.stamp,
        )  # fmt: skip
