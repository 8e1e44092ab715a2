"""The agent: opens a shop and runs turns, each a straight path: understand → decide → act → compose."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from convagent.actions import CallContext, call_action
from convagent.answering import Composer, GroundedAnswer, answer_probability, compose, extract_answer, unsupported
from convagent.conversation import (
    ActionRecord,
    Answered,
    Asked,
    Conversation,
    HandedOver,
    Handover,
    Message,
    Outcome,
    Reply,
    Silent,
    TraceEvent,
    Turn,
    Usage,
)
from convagent.errors import ConvagentError, ModelError
from convagent.facts import Customer, Facts
from convagent.guidance.codec import from_json, to_json
from convagent.guidance.decide import Decision, DecideSettings, Memory, decide
from convagent.guidance.values import UNKNOWN
from convagent.guidance.wording import Wording
from convagent.guidance.world import HandOverStep, Resolver, Result, Want, World
from convagent.handover import HandoverSettings, alarms, customer_text, route, summarise
from convagent.nevers import forbidden_words, never_rules
from convagent.shop import OpenShop, open_shop
from convagent.storage import Storage, StoredConversation, open_storage
from convagent.understanding import Understander

__all__ = ["Agent"]

MAX_CALLS = 40
"""Look-ups and actions of one turn; one more means that something goes in circles."""

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
        self._clock = clock or shop.now
        products = {product.id: product.title for product in shop.catalog.products} if shop.catalog else {}
        self._understander = Understander.fit(
            shop.kernel, products=products, order_pattern=shop.settings.orders.pattern, currency=shop.settings.shop.currency,
            language=shop.settings.shop.language, languages=shop.settings.shop.languages,
        )  # fmt: skip
        self._settings = DecideSettings(shop.settings.agent.answer_from, shop.settings.agent.switch_from)
        section = shop.settings.handover
        self._handover = HandoverSettings(
            default_team=section.default_team, teams=section.teams, upset_from=section.upset_from,
            answer_within_hours=section.answer_within_hours,
        )  # fmt: skip
        self._nevers = never_rules(shop.kernel)
        self._forbidden = forbidden_words(shop.kernel)
        self._resolvers = {
            (spec.provides.split(".")[0], spec.provides.split(".")[1]): Resolver(spec.name, spec.parameters[0].name)
            for spec in shop.registry
            if spec.provides is not None
        }

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
    def reply(
        self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None
    ) -> Turn:
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

    def decide(
        self, text: str | Message, *, conversation: str, facts: Facts | Mapping[str, Any] | None = None
    ) -> Turn:
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
            memory = replace(Memory.from_json(stored.state.get("memory", {})), handed_over=False, open=(), waiting=(), vague=0)
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
        state = stored.state if stored is not None else {}
        work = _Work(self, message, conversation, stored, dry=dry, loop=loop)
        try:
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


@dataclass
class _Parts:
    outcome: Outcome
    reply: Reply | None
    memory: Memory
    trace: list[TraceEvent]


@dataclass
class _Work:
    """The work of one turn: what it looked up, did and noticed."""

    agent: Agent
    message: Message
    conversation: str
    stored: StoredConversation | None
    dry: bool
    loop: asyncio.AbstractEventLoop | None
    records: list[ActionRecord] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)
    effects: dict[str, Result] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    trace: list[TraceEvent] = field(default_factory=list)
    now: datetime | None = None
    language: str = "en"
    mood: int = 0

    def run(self, facts: Facts, memory: Memory) -> _Parts:
        agent, shop = self.agent, self.agent.shop
        self.memory = memory
        self.now = now = (facts.now or self.message.at or agent._clock()).astimezone(shop.zone)  # noqa: SLF001
        self.message = self.message if self.message.at else self.message.model_copy(update={"at": now})
        before = self.stored.conversation.turns if self.stored is not None else ()
        self.language = self.message.language or _language_of(before) or shop.settings.shop.language
        understood = agent._understander.hear(  # noqa: SLF001
            self.message.text, now=now, language=self.language, last=memory.last, answerable=self.answerable,
            attachments=len(self.message.attachments),
        )  # fmt: skip
        heard = replace(understood.heard, alarms=alarms(understood.signals, settings=agent._handover))  # noqa: SLF001
        self.language, self.mood = heard.language, heard.upset
        self.trace.append(TraceEvent(kind="understood", text=understood.told, data=understood.data))
        world = World(
            facts=self.roots(facts, memory), now=now, language=self.language, reader=agent._understander.reader(now),  # noqa: SLF001
            judge=understood.judge, results=self.results, effects=self.effects, resolvers=agent._resolvers,  # noqa: SLF001
            lookups=shop.registry.lookups,
        )  # fmt: skip
        for _ in range(MAX_CALLS + 1):
            decision = decide(shop.kernel, heard, world, memory, settings=agent._settings)  # noqa: SLF001
            self.known = decision.known
            if decision.want is None:
                break
            self.act(decision.want, facts)
        else:
            step = HandOverStep("no_progress", why=f"more than {MAX_CALLS} look-ups and actions in one turn")
            decision = replace(decision, outcome="handed_over", hand_over=step, want=None, steps=())
        return self.compose(decision, before)

    # ---- seeing
    def answerable(self, text: str, language: str) -> float:
        """How sure it is that an article answers a text."""
        base = self.agent.shop.knowledge
        return 0.0 if base is None else answer_probability(text, base.search(text, 5, language=language))

    def roots(self, facts: Facts, memory: Memory) -> Mapping[str, Any]:
        """What guidance may name: what the caller knows, the conversation, the shop."""
        given = {name: getattr(facts, name) for name in type(facts).model_fields if name in facts.model_fields_set}
        customer = facts.customer
        known = from_json(memory.known["customer"]) if "customer" in memory.known else None
        channel = facts.channel or (self.stored.conversation.channel if self.stored is not None else "chat")
        claims: dict[str, Any] = {}
        if customer is not None and customer.id is None:
            claims = {name: value for name in _CLAIMS if (value := getattr(customer, name)) is not None}
        if facts.order is not None:
            claims["order_number"] = facts.order.id
        return {
            **claims, **given, **facts.extra, "channel": channel, "shop": self.agent.shop.facts,
            "catalog": self.agent.shop.catalog.products if self.agent.shop.catalog else (),
            "conversation": {"customer": known, "channel": channel, "language": self.language, "id": self.conversation},
        }  # fmt: skip

    # ---- acting
    def act(self, want: Want, facts: Facts) -> None:
        """Runs a look-up or action and notes what it came to."""
        spec = self.agent.shop.registry.get(want.action)
        if spec is None:
            result = Result("failed", error=f"there is no action called {want.action}", reason="action_failed")
            self.note(want, result)
            return
        if self.dry and spec.kind == "write":
            self.records.append(ActionRecord(
                action=spec.name, kind="write", arguments={name: to_json(value) for name, value in want.arguments.items()},
                status="proposed", guide=want.address, key=want.key,
            ))  # fmt: skip
            self.note(want, Result("done", UNKNOWN))
            return
        assert self.now is not None  # noqa: S101 - set before anything is acted on
        context = CallContext(
            self.conversation, self.who(facts), self.now, want.confirmed, want.key if spec.kind == "write" else "", self.known
        )
        call = call_action(
            spec, want.arguments, self.with_own_records(spec.own.values(), context), guide=want.address,
            nevers=self.agent._nevers, loop=self.loop,  # noqa: SLF001
        )  # fmt: skip
        self.records.append(call.record)
        self.note(want, call.result)
        if spec.kind == "write":
            self.journal()

    def note(self, want: Want, result: Result) -> None:
        (self.effects if want.kind == "write" else self.results)[want.key] = result

    def who(self, facts: Facts) -> Customer | None:
        """Who writes: whom a look-up proved, else whom the caller named."""
        found = self.known.get("customer")
        return found if isinstance(found, Customer) else facts.customer

    def with_own_records(self, fields: Any, context: CallContext) -> CallContext:
        """The context with the customer's own records looked up where a precondition asks for them."""
        customer = context.customer
        for name in fields:
            resolver = self.agent._resolvers.get(("Customer", name))  # noqa: SLF001
            if customer is None or customer.id is None or getattr(customer, name, None) is not None or resolver is None:
                continue
            spec = self.agent.shop.registry.get(resolver.action)
            if spec is None:
                continue
            call = call_action(spec, {resolver.parameter: customer.id}, context, nevers=self.agent._nevers, loop=self.loop)  # noqa: SLF001
            self.records.append(call.record)
            if call.result.status == "done" and call.result.value is not None:
                customer = customer.model_copy(update={name: tuple(call.result.value)})
        return replace(context, customer=customer)

    def journal(self) -> None:
        """Keeps what was done before going on, so that nothing done is forgotten."""
        effects = {
            key: {"status": r.status, "value": to_json(r.value), "error": r.error, "reason": r.reason} for key, r in self.effects.items()
        }
        stored = self.stored
        conversation = stored.conversation if stored else Conversation(id=self.conversation, started_at=self.now)
        state = {**(stored.state if stored else {"memory": self.memory.to_json()}), "effects": effects}
        record = StoredConversation(conversation=conversation, state=state)
        self.stored = self.agent.storage.save(record, expected_version=stored.version if stored else 0)

    # ---- composing
    def answer(self, query: str, articles: Sequence[str]) -> GroundedAnswer | None:
        """An answer from the articles, or from those that a guide names."""
        base = self.agent.shop.knowledge
        if base is None:
            return None
        hits = base.search(query or " ".join(articles), 50 if articles else 5, language=self.language)
        if articles:
            wanted = {name.casefold() for name in articles}
            hits = [hit for hit in hits if {hit.article_id.casefold(), hit.passage.title.casefold()} & wanted]
            hits = hits or base.search(" ".join(articles), 3, language=self.language)
        found = extract_answer(query, hits, language=self.language)
        pattern = self.agent.shop.settings.knowledge.url
        if found is not None and found.citation.url is None and pattern:
            url = pattern.replace("{id}", found.citation.article_id)
            return replace(found, citation=found.citation.model_copy(update={"url": url}))
        return found

    def compose(self, decision: Decision, before: Sequence[Turn]) -> _Parts:
        assert self.now is not None  # noqa: S101 - set before anything is composed
        self.trace.extend(
            TraceEvent(kind=note.kind, text=note.text, data={"guide": note.address, "line": note.line, **_shown(note.data)})
            for note in decision.trace
        )
        if decision.outcome == "silent":
            return _Parts(Silent(why=decision.silent or "empty"), None, decision.memory, self.trace)  # type: ignore[arg-type]
        composer = Composer(self.answer, Wording(self.language, self.now))
        handover, closing = self.handed_over(decision, before)
        opening = self.agent.shop.settings.voice.disclosure.get(self.language, "") if not any(t.reply for t in before) else ""
        steps = decision.steps if handover is None else [step for step in decision.steps if step.kind != "ask"]
        reply = compose(steps, composer, opening=opening, closing=closing, query=self.message.text)
        outcome: Outcome
        if handover is not None:
            outcome = HandedOver(handover=handover)
        elif decision.outcome == "asked":
            outcome = Asked(needs=decision.needs)
        else:
            outcome = Answered(refused=decision.refused)
        if reply is not None and (faults := self.faults(reply, composer)):
            raise ConvagentError(f"the reply says what nothing backs: {', '.join(faults[:5])}", code="unsupported-reply")
        if reply is None and handover is None:
            return _Parts(Silent(why="empty"), None, decision.memory, self.trace)
        return _Parts(outcome, reply, decision.memory, self.trace)

    def faults(self, reply: Reply, composer: Composer) -> tuple[str, ...]:
        own = " ".join(source for source in composer.sources if source not in {c.passage for c in reply.citations})
        words = tuple(f"“{word}”" for word in self.agent._forbidden if word.casefold() in own.casefold())  # noqa: SLF001
        return unsupported(reply.text, composer.sources) + (words if not reply.citations else ())

    def handed_over(self, decision: Decision, before: Sequence[Turn]) -> tuple[Handover | None, str]:
        """The handover with its note, and what the customer is told."""
        step = decision.hand_over
        if step is None or decision.outcome != "handed_over":
            return None, ""
        assert self.now is not None  # noqa: S101 - set before anything is composed
        way = route(step, shop=self.agent.shop.facts, settings=self.agent._handover, now=self.now, upset=self.mood)  # noqa: SLF001
        note = summarise(
            step, way, message=self.message, mood=self.mood, language=self.language, known=self.known,
            actions=tuple(self.records), guides=decision.guides, earlier=tuple(before),
        )  # fmt: skip
        return note, step.text or customer_text(step, way, language=self.language, now=self.now)

    def broken(self, error: Exception) -> _Parts:
        """What a turn comes to when something broke: a handover with what is known so far."""
        now = self.now or self.agent._clock()  # noqa: SLF001
        self.now = now
        told = f"{type(error).__name__}: {error}" if isinstance(error, ConvagentError) else type(error).__name__
        self.trace.append(TraceEvent(kind="error", text=f"something broke: {told}"))
        step = HandOverStep("engine_error", why=told)
        way = route(step, shop=self.agent.shop.facts, settings=self.agent._handover, now=now, upset=self.mood)  # noqa: SLF001
        before = self.stored.conversation.turns if self.stored is not None else ()
        note = summarise(
            step, way, message=self.message, mood=self.mood, language=self.language, known=self.known,
            actions=tuple(self.records), guides=(), earlier=tuple(before),
        )  # fmt: skip
        text = customer_text(step, way, language=self.language, now=now)
        memory = replace(self.memory, handed_over=True)
        return _Parts(HandedOver(handover=note), Reply(text=text, language=self.language), memory, self.trace)


_CLAIMS = ("email", "first_name", "last_name", "phone")


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


def _language_of(turns: Sequence[Turn]) -> str | None:
    return next((turn.reply.language for turn in reversed(turns) if turn.reply is not None), None)


def _result(effect: Mapping[str, Any]) -> Result:
    return Result(effect["status"], from_json(effect["value"]), effect["error"], effect["reason"])


def _shown(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, (str, int, float, bool, dict, type(None))) else str(value) for name, value in data.items()}
