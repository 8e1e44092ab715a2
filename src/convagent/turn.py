"""The work of one turn: understand → decide → act → compose, each seen through what the agent has opened."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from convagent.actions import CallContext, call_action
from convagent.actions.preconditions import Never
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
)
from convagent.errors import ConvagentError
from convagent.facts import Customer, Facts
from convagent.guidance.codec import from_json, to_json
from convagent.guidance.interpreter.decide import decide
from convagent.guidance.interpreter.decision import DecideSettings, Decision, Memory
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.guidance.interpreter.world import HandOverStep, Resolver, Result, Want, World
from convagent.guidance.wording import Wording
from convagent.handover import HandoverSettings, alarms, customer_text, route, summarise
from convagent.shop import OpenShop
from convagent.storage import Storage, StoredConversation
from convagent.understanding.understand import Understander

__all__ = ["AgentParts", "TurnParts", "TurnWork"]

MAX_CALLS = 40
"""Look-ups and actions of one turn; one more means that something goes in circles."""


MAX_EFFECTS_KEPT = 500
"""Effects of a conversation that are remembered."""


@dataclass(frozen=True)
class AgentParts:
    """What an agent has opened: everything a turn works with."""

    shop: OpenShop
    storage: Storage
    clock: Callable[[], datetime]
    understander: Understander
    settings: DecideSettings
    handover: HandoverSettings
    nevers: tuple[Never, ...]
    forbidden: tuple[str, ...]
    resolvers: Mapping[tuple[str, str], Resolver]


@dataclass
class TurnParts:
    """What a turn came to, before it is kept."""

    outcome: Outcome
    reply: Reply | None
    memory: Memory
    trace: list[TraceEvent]


@dataclass
class TurnWork:
    """The work of one turn: what it looked up, did and noticed."""

    parts: AgentParts
    message: Message
    conversation: str
    stored: StoredConversation | None
    dry: bool
    loop: asyncio.AbstractEventLoop | None
    guide: str | None = None
    event: tuple[str, float] | None = None
    records: list[ActionRecord] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)
    effects: dict[str, Result] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    trace: list[TraceEvent] = field(default_factory=list)
    now: datetime | None = None
    language: str = "en"
    mood: int = 0

    def run(self, facts: Facts, memory: Memory) -> TurnParts:
        """The straight path of one turn."""
        agent, shop = self.parts, self.parts.shop
        self.memory = memory
        self.now = now = (facts.now or self.message.at or agent.clock()).astimezone(shop.zone)
        self.message = self.message if self.message.at else self.message.model_copy(update={"at": now})
        before = self.stored.conversation.turns if self.stored is not None else ()
        self.language = self.message.language or _language_of(before) or shop.settings.shop.language
        heard, judge = self.hear(memory)
        if self.guide is not None:
            meant = Request(heard.text, self.guide, 1.0, ((self.guide, 1.0),))
            heard = replace(heard, requests=(meant,), alarms=(), safeguards={}, silent=None)
        self.language, self.mood = heard.language, heard.upset
        world = World(
            facts=self.roots(facts, memory), now=now, language=self.language, reader=agent.understander.reader(now),
            judge=judge, results=self.results, effects=self.effects, resolvers=agent.resolvers,
            lookups=shop.registry.lookups,
            translate=lambda guide, text: shop.translations.translate(self.language, guide, text),
        )  # fmt: skip
        for _ in range(MAX_CALLS + 1):
            decision = decide(shop.kernel, heard, world, memory, settings=agent.settings)
            self.known = decision.known
            if decision.want is None:
                break
            self.act(decision.want, facts)
        else:
            step = HandOverStep("no_progress", why=f"more than {MAX_CALLS} look-ups and actions in one turn")
            decision = replace(decision, outcome="handed_over", hand_over=step, want=None, steps=())
        return self.compose(decision, before)

    # ---- seeing
    def hear(self, memory: Memory) -> tuple[Heard, Callable[[str], bool | None]]:
        """The message as it was understood, or the event; and what it says to judgements."""
        if self.event is not None:
            self.trace.append(TraceEvent(kind="event", text=f"the storefront tells of {self.event[0]}"))
            return Heard("", self.language, event=self.event), lambda _judgement: None
        understood = self.parts.understander.hear(
            self.message.text,
            language=self.language,
            last=memory.last,
            answerable=self.answerable,
            attachments=len(self.message.attachments),
        )
        self.trace.append(TraceEvent(kind="understood", text=understood.told, data=understood.data))
        heard = replace(understood.heard, alarms=alarms(understood.signals, settings=self.parts.handover))
        return heard, understood.judge

    def answerable(self, text: str, language: str) -> float:
        """How sure it is that an article answers a text."""
        base = self.parts.shop.knowledge
        return 0.0 if base is None else answer_probability(text, base.search(text, 5, language=language))

    def roots(self, facts: Facts, memory: Memory) -> Mapping[str, Any]:
        """What guidance may name: what the caller knows, the conversation, the shop."""
        given = {name: getattr(facts, name) for name in type(facts).model_fields if name in facts.model_fields_set}
        customer = facts.customer
        known = from_json(memory.known["customer"]) if "customer" in memory.known else None
        channel = facts.channel or (self.stored.conversation.channel if self.stored is not None else "chat")
        claims: dict[str, Any] = {}
        if customer is not None and not customer.verified:
            claims = {name: value for name in _CLAIMS if (value := getattr(customer, name)) is not None}
        if facts.order is not None:
            claims["order_number"] = facts.order.id
        return {
            **claims, **given, **facts.extra, "channel": channel, "shop": self.parts.shop.facts,
            "catalog": self.parts.shop.catalog.products if self.parts.shop.catalog else (),
            "conversation": {"customer": known, "channel": channel, "language": self.language, "id": self.conversation},
        }  # fmt: skip

    # ---- acting
    def act(self, want: Want, facts: Facts) -> None:
        """Runs a look-up or action and notes what it came to."""
        spec = self.parts.shop.registry.get(want.action)
        if spec is None:
            result = Result("failed", error=f"there is no action called {want.action}", reason="action_failed")
            self.note(want, result)
            return
        if self.now is None:
            raise RuntimeError("nothing is acted on before the turn has a moment")
        is_write = spec.kind == "write"
        key = _key_of(self.conversation, want.key) if is_write else ""
        seen = {**self.roots(facts, self.memory), **self.known}
        context = CallContext(self.conversation, self.who(facts), self.now, want.confirmed, key, seen)
        context = self.with_own_records(spec.own.values(), context)
        if is_write and not self.dry:
            # Whatever happens from here on, it is known that this was begun: never twice, never forgotten.
            self.note(
                want, Result("uncertain", error="it was begun, and how it ended is not known", reason="action_failed")
            )
            self.journal()
        call = call_action(
            spec, want.arguments, context, guide=want.address, nevers=self.parts.nevers, loop=self.loop,
            dry=self.dry and is_write,
        )  # fmt: skip
        self.records.append(call.record)
        self.note(want, call.result)
        if is_write and not self.dry:
            self.journal()

    def note(self, want: Want, result: Result) -> None:
        """Notes a result for the next reading."""
        (self.effects if want.kind == "write" else self.results)[want.key] = result

    def who(self, facts: Facts) -> Customer | None:
        """Who writes: whom a look-up proved, else whom the caller named."""
        found = self.known.get("customer")
        return found if isinstance(found, Customer) else facts.customer

    def with_own_records(self, fields: Any, context: CallContext) -> CallContext:
        """The context with the customer's own records looked up where a precondition asks for them."""
        customer = context.customer
        for name in fields:
            resolver = self.parts.resolvers.get(("Customer", name))
            if customer is None or customer.id is None or getattr(customer, name, None) is not None or resolver is None:
                continue
            spec = self.parts.shop.registry.get(resolver.action)
            if spec is None:
                continue
            call = call_action(
                spec, {resolver.parameter: customer.id}, context, nevers=self.parts.nevers, loop=self.loop
            )
            self.records.append(call.record)
            if call.result.status == "done" and call.result.value is not None:
                customer = customer.model_copy(update={name: tuple(call.result.value)})
        return replace(context, customer=customer)

    def effects_to_keep(self) -> dict[str, Any]:
        """What actions came to in this conversation, in JSON; the latest only, for a conversation without end."""
        kept = list(self.effects.items())[-MAX_EFFECTS_KEPT:]
        return {
            key: {"status": r.status, "value": to_json(r.value), "error": r.error, "reason": r.reason}
            for key, r in kept
        }

    def journal(self) -> None:
        """Keeps what was done before going on, so that nothing done is forgotten."""
        effects = self.effects_to_keep()
        stored = self.stored
        conversation = stored.conversation if stored else Conversation(id=self.conversation, started_at=self.now)
        state = {**(stored.state if stored else {"memory": self.memory.to_json()}), "effects": effects}
        record = StoredConversation(conversation=conversation, state=state)
        self.stored = self.parts.storage.save(record, expected_version=stored.version if stored else 0)

    # ---- composing
    def answer(self, query: str, articles: Sequence[str]) -> GroundedAnswer | None:
        """An answer from the articles, or from those that a guide names."""
        base = self.parts.shop.knowledge
        if base is None:
            return None
        hits = base.search(query or " ".join(articles), 50 if articles else 5, language=self.language)
        if articles:
            wanted = {name.casefold() for name in articles}
            hits = [hit for hit in hits if {hit.article_id.casefold(), hit.passage.title.casefold()} & wanted]
            hits = hits or base.search(" ".join(articles), 3, language=self.language)
        found = extract_answer(query, hits, language=self.language)
        pattern = self.parts.shop.settings.knowledge.url
        if found is not None and found.citation.url is None and pattern:
            url = pattern.replace("{id}", found.citation.article_id)
            return replace(found, citation=found.citation.model_copy(update={"url": url}))
        return found

    def compose(self, decision: Decision, before: Sequence[Turn]) -> TurnParts:
        """The decision as an outcome and a reply, verified."""
        assert self.now is not None  # noqa: S101 - set before anything is composed
        self.trace.extend(
            TraceEvent(
                kind=note.kind, text=note.text, data={"guide": note.address, "line": note.line, **_shown(note.data)}
            )
            for note in decision.trace
        )
        if decision.outcome == "silent":
            return TurnParts(Silent(why=decision.silent or "empty"), None, decision.memory, self.trace)
        composer = Composer(self.answer, Wording(self.language, self.now))
        handover, closing = self.handed_over(decision, before)
        opening = (
            self.parts.shop.settings.voice.disclosure.get(self.language, "") if not any(t.reply for t in before) else ""
        )
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
            raise ConvagentError(
                f"the reply says what nothing backs: {', '.join(faults[:5])}", code="unsupported-reply"
            )
        if reply is None and handover is None:
            return TurnParts(Silent(why="empty"), None, decision.memory, self.trace)
        return TurnParts(outcome, reply, decision.memory, self.trace)

    def faults(self, reply: Reply, composer: Composer) -> tuple[str, ...]:
        """What the reply says that nothing backs, or that the shop never says."""
        own = " ".join(source for source in composer.sources if source not in {c.passage for c in reply.citations})
        words = tuple(f"“{word}”" for word in self.parts.forbidden if word.casefold() in own.casefold())
        return unsupported(reply.text, composer.sources) + (words if not reply.citations else ())

    def handed_over(self, decision: Decision, before: Sequence[Turn]) -> tuple[Handover | None, str]:
        """The handover with its note, and what the customer is told."""
        step = decision.hand_over
        if step is None or decision.outcome != "handed_over":
            return None, ""
        assert self.now is not None  # noqa: S101 - set before anything is composed
        way = route(step, shop=self.parts.shop.facts, settings=self.parts.handover, now=self.now, upset=self.mood)
        note = summarise(
            step, way, message=self.message, mood=self.mood, language=self.language, known=self.known,
            actions=tuple(self.records), guides=decision.guides, earlier=tuple(before),
            settings=self.parts.handover,
        )  # fmt: skip
        return note, step.text or customer_text(
            step, way, language=self.language, now=self.now, settings=self.parts.handover, upset=self.mood
        )

    def broken(self, error: Exception) -> TurnParts:
        """What a turn comes to when something broke: a handover with what is known so far."""
        now = self.now or self.parts.clock()
        self.now = now
        told = f"{type(error).__name__}: {error}" if isinstance(error, ConvagentError) else type(error).__name__
        self.trace.append(TraceEvent(kind="error", text=f"something broke: {told}"))
        step = HandOverStep("engine_error", why=told)
        way = route(step, shop=self.parts.shop.facts, settings=self.parts.handover, now=now, upset=self.mood)
        before = self.stored.conversation.turns if self.stored is not None else ()
        note = summarise(
            step, way, message=self.message, mood=self.mood, language=self.language, known=self.known,
            actions=tuple(self.records), guides=(), earlier=tuple(before), settings=self.parts.handover,
        )  # fmt: skip
        text = customer_text(step, way, language=self.language, now=now, settings=self.parts.handover, upset=self.mood)
        memory = replace(self.memory, handed_over=True)
        return TurnParts(HandedOver(handover=note), Reply(text=text, language=self.language), memory, self.trace)


_CLAIMS = ("email", "first_name", "last_name", "phone")


def _key_of(conversation: str, key: str) -> str:
    """An effect's key with its conversation, so that two conversations never share one."""
    return hashlib.sha256(f"{conversation}\0{key}".encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _language_of(turns: Sequence[Turn]) -> str | None:
    return next((turn.reply.language for turn in reversed(turns) if turn.reply is not None), None)


def _shown(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, (str, int, float, bool, dict, type(None))) else str(value)
        for name, value in data.items()
    }
