"""The agent: opens a shop and runs turns, each a straight path: understand → decide → act → compose."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from convagent.actions import ActionCall, Confirmation, Ledger
from convagent.actions.identity import Proof, identity_proofs
from convagent.conversation import Conversation, Message, Silent, TraceEvent, Turn, Usage
from convagent.errors import ConvagentError, ModelError, StorageError
from convagent.facts import Facts
from convagent.guidance.interpreter.decision import DecideSettings, Memory
from convagent.guidance.interpreter.world import Resolver
from convagent.handover import HandoverDesk, HandoverState, after_turn, standing_in, taken_over
from convagent.nevers import forbidden_words, never_rules
from convagent.run_counts import RunCounts
from convagent.shop import OpenShop, open_shop
from convagent.storage import RESERVED_PREFIX, Storage, StoredConversation, open_storage
from convagent.storage.arguments import checked_limit
from convagent.storage.opening import url_in_shop
from convagent.storage.port import Due, Runs
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
        ledger: Where effects are written down before they are issued; the storage's own database by default.
        proofs: The shop's own ways to prove who writes, beside those of its settings; see docs/identity.md.

    Raises:
        ShopError: `identity-secret`: a secret that `[identity]` names is missing in the environment.
    """

    def __init__(
        self,
        shop: OpenShop,
        *,
        storage: Storage,
        clock: ClockFunction | None = None,
        proofs: Sequence[Proof] = (),
        ledger: Ledger | None = None,
    ) -> None:
        self.shop = shop
        self.storage = storage
        self.ledger = ledger or Ledger.beside(storage)
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
            forbidden_words(shop.kernel, shop.translations, language=settings.shop.language), resolvers,
            self.ledger, identity_proofs(settings.identity, proofs),
        )  # fmt: skip
        self._desk = HandoverDesk(
            storage, settings.handover, clock=self.now, language=settings.shop.language,
            lock_seconds=settings.agent.lock_seconds, stamp=shop.stamp,
        )  # fmt: skip

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        storage: str | Storage | None = None,
        clock: ClockFunction | None = None,
        model: str | None = None,
        proofs: Sequence[Proof] = (),
    ) -> Agent:
        """Opens a shop's folder.

        Args:
            path: The folder with `convagent.toml`.
            storage: Where conversations are kept: `memory:`, `sqlite:///FILE`, `postgresql://…`, or a storage; the shop's
                setting by default, relative to its folder.
            clock: Gives the moment of a turn that brings none.
            model: A chat model. Not offered yet.
            proofs: The shop's own ways to prove who writes.

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
        kept = storage if storage is not None else url_in_shop(shop.settings.storage.url, shop.path)
        return cls(shop, storage=open_storage(kept) if isinstance(kept, str) else kept, clock=clock, proofs=proofs)

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
        moment = now or self._parts.clock()
        if moment.tzinfo is None:
            raise ConvagentError(
                f"{moment.isoformat()} has no time zone", code="moment-zone", remedy="Hand in an aware datetime."
            )
        limit, turns = checked_limit(limit), list[Turn]()
        after: Due | None = None
        while len(turns) < limit:
            page = self.storage.due(until=moment, limit=limit, after=after)
            for due in page:
                if len(turns) < limit and (turn := self._time_is_up(due.conversation, moment)) is not None:
                    turns.append(turn)
            if len(page) < limit:
                break
            after = page[-1]
        return turns

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
        turns = (self._recovered(conversation) for conversation in self.ledger.pending())
        return [turn for turn in turns if turn is not None]

    async def arecover(self) -> list[Turn]:
        """`recover` for asynchronous callers."""
        return await asyncio.to_thread(self.recover)

    async def aoverdue(self, *, now: datetime | None = None, limit: int = 100) -> list[Turn]:
        """`overdue` for asynchronous callers."""
        return await asyncio.to_thread(self.overdue, now=now, limit=limit)

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
        _check_free(conversation)
        work = TurnWork(self._parts, _message(""), conversation, None, dry=False, loop=None)
        with self.storage.locked(conversation, timeout=self.shop.settings.agent.lock_seconds):
            return work.direct(action, arguments, Facts.read(facts), effect=effect, confirmed=confirmed)

    def now(self) -> datetime:
        """The agent's moment: its clock, in the shop's zone."""
        return self._parts.clock().astimezone(self.shop.zone)

    # ---- handovers: docs/handover.md
    def handover(self, conversation: str) -> HandoverState | None:
        """Where the conversation's last handover stands, with its note; None when nothing was ever handed over.

        Raises:
            StorageError: The conversation can't be read.
        """
        return self._desk.standing(conversation)

    def handover_accepted(self, conversation: str, *, by: str = "", at: datetime | None = None) -> HandoverState:
        """A colleague took the conversation. A message with `author="person"` says the same.

        Args:
            conversation: Its id.
            by: Who took it; another name passes it on.
            at: When; the clock's moment by default.

        Raises:
            ConvagentError: `handover-none`, `handover-ended`: there is nothing to take.
            StorageError: The conversation can't be read or kept.
        """
        return self._desk.move(conversation, "accept", by=by, at=at)

    def handover_failed(self, conversation: str, *, why: str = "", at: datetime | None = None) -> Turn:
        """The helpdesk could not be reached with a handover: the turn whose reply tells the customer so, once.

        The handover waits on: it may still be accepted, or time out.

        Args:
            conversation: Its id.
            why: What went wrong, for the record.
            at: When; the clock's moment by default.

        Raises:
            ConvagentError: `handover-none`, `handover-ended`, `handover-move`: none waits to be sent.
            StorageError: The conversation can't be read or kept.
        """
        return self._desk.failed(conversation, why=why, at=at)

    def give_back(self, conversation: str, *, by: str = "", at: datetime | None = None) -> HandoverState | None:
        """A person gives the conversation back: from now on the agent answers again.

        Nothing happens where no person is in charge.

        Raises:
            StorageError: The conversation can't be read or kept.
        """
        return self._desk.give_back(conversation, by=by, at=at)

    def leave_queue(self, conversation: str, *, at: datetime | None = None) -> HandoverState:
        """The customer left while waiting for a person. What they write later, the agent answers.

        Raises:
            ConvagentError: `handover-none`, `handover-ended`, `handover-move`; `handover-grave`: a grave topic was the
                reason, and a person looks at it whether the customer waits or not.
            StorageError: The conversation can't be read or kept.
        """
        return self._desk.move(conversation, "leave", by="customer", at=at)

    def return_to_agent(self, conversation: str, *, at: datetime | None = None) -> HandoverState:
        """The customer, while waiting, chose to go on with the agent; to say so in a message does the same.

        Raises:
            ConvagentError: As for `leave_queue`.
            StorageError: The conversation can't be read or kept.
        """
        return self._desk.move(conversation, "return", by="customer", at=at)

    def overdue_handovers(self, *, now: datetime | None = None, limit: int = 100) -> list[Turn]:
        """Times out the handovers that nobody took until an answer was due; for a scheduler, every few minutes.

        Each is timed out once: it rises in priority, goes to the `escalation_team`, and the customer is told. It can
        still be accepted.

        Args:
            now: What is due by then; the clock's moment by default.
            limit: How many at most, 1 or more.

        Returns:
            The turns, as they are kept: their replies are to be sent, their handovers to be shown to the team again.

        Raises:
            ConvagentError: `moment-zone`, a moment without a time zone.
            StorageError: The storage can't be asked what is due.
        """
        return self._desk.overdue(now=now, limit=limit)

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
        _check_free(conversation)
        message = _message(text)
        if event is None and message.author not in {"customer", "person"}:
            raise ConvagentError(
                f"a message of the {message.author} is no message to answer", code="message-author",
                remedy='Hand in what the customer wrote, and what a person of the shop wrote with author="person". The '
                "agent's own replies are kept already.",
            )  # fmt: skip
        work = TurnWork(self._parts, message, conversation, None, dry=dry, loop=loop, guide=guide, event=event)
        if message.author == "person":
            return self._by_a_person(work, started)
        try:
            if dry:
                work.stored = self.storage.load(conversation)
                work.counts = self._counts(conversation, lock_seconds=None)
                return self._turn(work, facts, started).turn
            lock_seconds = self.shop.settings.agent.lock_seconds
            with (
                self.storage.locked(conversation, timeout=lock_seconds),
                self._counts(conversation, lock_seconds=lock_seconds) as work.counts,
            ):
                work.stored = self.storage.load(conversation)
                if (before := _turn_of(message, work.stored)) is not None:
                    return before  # delivered twice: channels promise no less than once
                done = self._turn(work, facts, started)
                self._keep(done, conversation)
                with suppress(StorageError):  # the turn is kept; the next one tries again
                    work.effects.kept()
                return done.turn
        except StorageError as error:
            # The customer gets a handover that a person can act on; what was done stands in it. Whoever runs us reads the log.
            _log.error("a turn could not be kept: %s", error)
            return self._finished(work, work.broken(error), started)

    def _counts(self, conversation: str, *, lock_seconds: float | None) -> RunCounts:
        return RunCounts(self.storage, self.shop.kernel, conversation=conversation, lock_seconds=lock_seconds)

    def _recovered(self, conversation: str) -> Turn | None:
        """Ends what a worker that died has begun in a conversation; None when there is nothing for a person to do."""
        started = time.perf_counter()
        message = Message(author="system", text="the agent had broken off")
        work = TurnWork(self._parts, message, conversation, None, dry=False, loop=None, recovering=True)
        try:
            with self.storage.locked(conversation, timeout=0):
                work.stored = self.storage.load(conversation)
                done = self._turn(work, None, started)
                if isinstance(done.turn.outcome, Silent):
                    return None
                self._keep(done, conversation)
                return done.turn
        except StorageError as error:
            if error.code != "storage-busy":
                _log.error("what was left of a conversation could not be looked after: %s", error)
            return None

    def _time_is_up(self, conversation: str, now: datetime) -> Turn | None:
        """Ends what waits too long in a conversation; None when somebody is in it, or was before us."""
        started = time.perf_counter()
        message = Message(author="system", text="no answer in time", at=now)
        work = TurnWork(self._parts, message, conversation, None, dry=False, loop=None, overdue=True)
        try:
            with self.storage.locked(conversation, timeout=0):
                work.stored = self.storage.load(conversation)
                done = self._turn(work, None, started)
                if isinstance(done.turn.outcome, Silent) and done.turn.outcome.why != "no_answer":
                    return None
                self._keep(done, conversation)
                return done.turn
        except StorageError as error:
            if error.code != "storage-busy":
                _log.error("a conversation that is overdue could not be kept: %s", error)
            return None

    def _by_a_person(self, work: TurnWork, started: float) -> Turn:
        """Keeps what a person of the shop wrote. They are in charge from now on, until they give the conversation back.

        Raises:
            StorageError: It can't be read or kept; there is no customer to tell.
        """
        if work.dry:
            return self._taken_over(work, started).turn
        with self.storage.locked(work.conversation, timeout=self.shop.settings.agent.lock_seconds):
            work.stored = self.storage.load(work.conversation)
            if (before := _turn_of(work.message, work.stored)) is not None:
                return before
            done = self._taken_over(work, started)
            self._keep(done, work.conversation)
            return done.turn

    def _taken_over(self, work: TurnWork, started: float) -> _Done:
        work.now = (work.message.at or self._parts.clock()).astimezone(self.shop.zone)
        work.message = work.message.model_copy(update={"at": work.message.at or work.now})
        state = work.stored.state if work.stored is not None else {}
        memory = replace(Memory.from_json(state.get("memory", {})), handed_over=True)
        before = standing_in(work.stored)
        standing = taken_over(
            before, conversation=work.conversation, number=1 if before is None else before.number + 1, at=work.now
        )
        told = TraceEvent(kind="person", text="a person of the shop is in charge; the agent says nothing")
        parts = TurnParts(Silent(why="person_in_charge"), None, memory, [told])
        turn = self._finished(work, parts, started)
        return _Done(
            turn, memory, work.stored, list(state.get("told", ())), standing=standing, proven=state.get("proven")
        )

    def _turn(self, work: TurnWork, facts: Any, started: float) -> _Done:
        standing = standing_in(work.stored)
        try:
            state = work.stored.state if work.stored is not None else {}
            memory = Memory.from_json(state.get("memory", {}))
            work.effects.told = frozenset(state.get("told", ()))
            work.effects.load()
            given = Facts.read(facts)
            standing, memory = work.waited(standing, memory, given)
            parts = work.back_again(standing, memory, given) or work.run(given, memory)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever breaks, the customer gets a handover
            _log_fault(error)
            parts = work.broken(error)
        turn = self._finished(work, parts, started)
        return _Done(
            turn, parts.memory, work.stored, work.effects.to_keep(), parts.runs, standing, work.proven(parts.memory)
        )  # fmt: skip

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
        # What the ledger knows besides was done in a turn that could not be kept: nobody was told of it yet.
        state: dict[str, Any] = {"memory": done.memory.to_json(), "told": done.told}
        if done.proven is not None:
            state["proven"] = done.proven
        deadline = done.memory.deadline
        due_at = deadline.moment if deadline is not None else None
        standing = after_turn(done.standing, done.turn, settings=self.shop.settings.handover)
        if standing is not None:
            state["handover"] = standing.model_dump(mode="json")
            due_at = standing.due_at if standing.is_open else due_at
        record = StoredConversation(conversation=before.with_turn(done.turn, *replies), state=state, due_at=due_at)
        version = stored.version if stored is not None else 0
        if done.runs is None:
            self.storage.save(record, expected_version=version)
        else:
            self.storage.save(record, expected_version=version, runs=done.runs)


@dataclass
class _Done:
    turn: Turn
    memory: Memory
    stored: StoredConversation | None
    told: list[str]
    runs: Runs | None = None
    standing: HandoverState | None = None
    proven: dict[str, Any] | None = None


def _check_free(conversation: object) -> None:
    """Raises ConvagentError for an id that is the engine's own."""
    if isinstance(conversation, str) and conversation.startswith(RESERVED_PREFIX):
        raise ConvagentError(
            f"a conversation's id can't begin with {RESERVED_PREFIX}", code="conversation-reserved",
            remedy="Ids that begin so are the engine's own.",
        )  # fmt: skip


def _turn_of(message: Message, stored: StoredConversation | None) -> Turn | None:
    """The turn that a message had, when it was delivered before."""
    if message.id is None or stored is None:
        return None
    turns = reversed(stored.conversation.turns)
    return next(
        (turn for turn in turns if (turn.message.id, turn.message.author) == (message.id, message.author)), None
    )


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
