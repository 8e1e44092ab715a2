"""The work of one turn: understand → decide → act → compose, each seen through what the agent has opened."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from convagent.actions import ActionCall, ActionSpec, CallContext, Confirmation, Ledger, call_action
from convagent.actions.compensation import undoing
from convagent.actions.identity.evidence import (
    claims_unsaid,
    evidence_names,
    forgotten,
    own_memory,
    with_nobody,
    with_proven,
    without_evidence,
)
from convagent.actions.identity.guesses import Guesses, is_guessed
from convagent.actions.identity.proof import Proof
from convagent.actions.identity.standing import has_lapsed, standing_proof, verified_in
from convagent.actions.preconditions import Never
from convagent.answering import (
    Composer,
    GroundedAnswer,
    answer_probability,
    compose,
    extract_answer,
    never_said,
    states_of,
    unbacked,
    unsupported,
)
from convagent.conversation import (
    ActionRecord,
    Answered,
    Asked,
    HandedOver,
    Handover,
    Message,
    Outcome,
    Reply,
    Silent,
    TraceEvent,
    Turn,
)
from convagent.effects import UNKNOWN_ACTION, Effects, key_of, recovered
from convagent.errors import ActionError, ConvagentError
from convagent.facts import Customer, Facts, knows
from convagent.guidance.backing import Backing
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decide import decide
from convagent.guidance.interpreter.decision import DecideSettings, Decision, Memory
from convagent.guidance.interpreter.open_guide import asked_needs
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.guidance.interpreter.world import HandOverStep, Ran, Resolver, Result, Want, World
from convagent.guidance.word_forms import ForbiddenWords
from convagent.guidance.wording import Wording, label
from convagent.handover import (
    HandoverSettings,
    HandoverState,
    alarms,
    contact_in,
    customer_text,
    freed,
    is_reachable,
    is_vip,
    later_text,
    moved,
    noted_contact,
    route,
    standing_in,
    summarise,
)
from convagent.handover.note_words import WORDS
from convagent.handover.records import LOOKED_UP, orders_in_view
from convagent.run_counts import RunCounts
from convagent.shop import OpenShop
from convagent.storage import Storage, StoredConversation
from convagent.storage.port import Runs
from convagent.understanding.given_numbers import asks_for_number, number_alone
from convagent.understanding.signals import read_signals
from convagent.understanding.understand import Understander
from convagent.understanding.withdrawal import returns_to_agent

__all__ = ["AgentParts", "TurnParts", "TurnWork"]

_ONLY_RETURNS = 14
"""Words of a message that says no more than that its customer is back with the agent."""

MAX_CALLS = 40
"""Look-ups and actions of one turn; one more means that something goes in circles."""


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
    forbidden: ForbiddenWords
    resolvers: Mapping[tuple[str, str], Resolver]
    ledger: Ledger
    proofs: tuple[Proof, ...] = ()


@dataclass
class TurnParts:
    """What a turn came to, before it is kept."""

    outcome: Outcome
    reply: Reply | None
    memory: Memory
    trace: list[TraceEvent]
    runs: Runs | None = None


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
    overdue: bool = False
    counts: RunCounts | None = None
    brought: Customer | None = None
    records: list[ActionRecord] = field(default_factory=list)
    results: dict[str, Result] = field(default_factory=dict)
    recovering: bool = False
    effects: Effects = field(init=False)
    given: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    trace: list[TraceEvent] = field(default_factory=list)
    now: datetime | None = None
    started: float = field(default_factory=time.monotonic)
    said: Confirmation | None = None
    language: str = "en"
    mood: int = 0

    def __post_init__(self) -> None:
        self.effects = Effects(self.parts.ledger, self.conversation, self.parts.clock, lookups=self.results)

    def run(self, facts: Facts, memory: Memory) -> TurnParts:
        """The straight path of one turn."""
        agent, shop = self.parts, self.parts.shop
        self.now = now = (facts.now or self.message.at or agent.clock()).astimezone(shop.zone)
        facts = self.identified(facts)
        self.brought = facts.customer if facts.customer is not None and facts.customer.verified else None
        self.memory = memory = self.still_verified(own_memory(memory, facts.customer))
        self.message = self.message if self.message.at else self.message.model_copy(update={"at": now})
        before = self.stored.conversation.turns if self.stored is not None else ()
        self.language = self.message.language or _language_of(before) or shop.settings.shop.language
        self.given = self.roots(facts, memory)
        heard, judge = self.hear(memory)
        if self.guide is not None:
            meant = Request(heard.text, self.guide, 1.0, ((self.guide, 1.0),))
            heard = replace(heard, requests=(meant,), alarms=(), safeguards={}, silent=None)
        self.language, self.mood = heard.language, heard.upset
        world = World(
            facts=self.roots(facts, memory), now=now, language=self.language, reader=agent.understander.reader(now),
            judge=judge, results=self.results, effects=self.effects.results, resolvers=agent.resolvers,
            lookups=shop.registry.lookups,
            confirmation_lasts=timedelta(minutes=shop.settings.actions.confirmation_minutes),
            translate=lambda guide, text: shop.translations.translate(self.language, guide, text),
            ran=self.ran(facts) or (),
        )  # fmt: skip
        if (left := self.left_open(heard, memory)) is not None:
            return self.compose(left, before)
        if self.recovering:
            return TurnParts(Silent(why="empty"), None, memory, self.trace)
        for _ in range(MAX_CALLS + 1):
            decision = decide(shop.kernel, heard, world, memory, settings=agent.settings)
            self.known = decision.known
            if (ran := self.ran(facts)) is not None:  # by now it is better known who writes
                world = replace(world, ran=ran)
                continue
            if decision.want is None:
                break
            self.act(decision.want, facts)
        else:
            step = HandOverStep("no_progress", why=f"more than {MAX_CALLS} look-ups and actions in one turn")
            decision = replace(decision, outcome="handed_over", hand_over=step, want=None, steps=())
        parts = self.compose(self.with_what_would_undo(self.with_what_is_untold(decision)), before)
        parts.runs = self.counts.to_keep(decision.ran, now=now) if self.counts is not None else None
        return parts

    # ---- while a person is waited for
    def waited(
        self, standing: HandoverState | None, memory: Memory, facts: Facts
    ) -> tuple[HandoverState | None, Memory]:
        """A message of a customer who waits for a person: where they can be reached is noted, and whether they return."""
        if standing is None or not standing.is_waiting or self.message.author != "customer" or self.event is not None:
            return standing, memory
        text, now = self.message.text, facts.now or self.message.at or self.parts.clock()
        if contact := contact_in(text):
            label = WORDS[self.parts.handover.summary_language]["reach"]
            standing = noted_contact(standing, contact, label=label)
        if not standing.customer_may_end_it or not returns_to_agent(text) or read_signals(text).asks_for_person:
            return standing, memory
        self.trace.append(TraceEvent(kind="handover", text="the customer would rather go on with the agent"))
        return moved(standing, "return", at=now, by="customer"), freed(memory)

    def back_again(self, standing: HandoverState | None, memory: Memory, facts: Facts) -> TurnParts | None:
        """The answer to somebody who just returned and says nothing else; None when the turn takes its usual path."""
        returned = standing is not None and standing.status == "returned" and standing != standing_in(self.stored)
        if not returned or "?" in self.message.text or len(self.message.text.split()) > _ONLY_RETURNS:
            return None
        self.now = now = (facts.now or self.message.at or self.parts.clock()).astimezone(self.parts.shop.zone)
        self.message = self.message if self.message.at else self.message.model_copy(update={"at": now})
        before = self.stored.conversation.turns if self.stored is not None else ()
        self.language = self.message.language or _language_of(before) or self.parts.shop.settings.shop.language
        text = later_text("returned", self.language, settings=self.parts.handover)
        return TurnParts(Asked(needs=("request",)), Reply(text=text, language=self.language), memory, self.trace)

    def ran(self, facts: Facts) -> tuple[Ran, ...] | None:
        """Which guides ran for this customer; None when nothing new is known of who writes."""
        if self.counts is None or self.now is None:
            return None
        known = from_json(self.memory.known["customer"]) if "customer" in self.memory.known else None
        who = self.who(facts) if self.known else known if isinstance(known, Customer) else facts.customer
        return self.counts.read(who, session=facts.session.id if facts.session else None, now=self.now)

    def identified(self, facts: Facts) -> Facts:
        """The facts with whom the evidence among them proves; the evidence itself goes no further."""
        assert self.now is not None  # noqa: S101 - set before
        rest, faults = without_evidence(facts, self.parts.proofs), list[str]()
        for proof in self.parts.proofs:
            evidence = {name: facts.extra[name] for name in proof.evidence if facts.extra.get(name) is not None}
            if not evidence:
                continue
            proven = proof.prove(evidence, conversation=self.conversation, now=self.now, storage=self.parts.storage)
            if proven.customer is not None:
                self.trace.append(TraceEvent(kind="identity", text="the customer proved who they are"))
                return with_proven(rest, proven.customer)
            faults.append(proven.fault)
        if rest is facts:
            return facts
        if all(facts.extra.get(name) is None for name in evidence_names(self.parts.proofs)):
            return rest
        told = ", ".join(faults) or "nothing here can read it"
        self.trace.append(TraceEvent(kind="identity", text=f"what was brought proves nobody: {told}"))
        return with_nobody(rest)

    def still_verified(self, memory: Memory) -> Memory:
        """The memory; without what it knows where the proof of who writes is too old by now."""
        assert self.now is not None  # noqa: S101 - set before
        lasts = timedelta(minutes=self.parts.shop.settings.identity.verified_minutes)
        if self.brought is not None or verified_in(memory) is None:
            return memory
        if not has_lapsed(self.proven_before(), now=self.now, lasts=lasts):
            return memory
        self.trace.append(TraceEvent(kind="identity", text="who writes was proven too long ago: it counts no longer"))
        return forgotten(memory)

    def proven_before(self) -> object:
        """Who was proven in the conversation, and when, as the last turn kept it."""
        return self.stored.state.get("proven") if self.stored is not None else None

    def proven(self, memory: Memory) -> dict[str, Any] | None:
        """Who is proven after this turn, and when; None when nobody is."""
        now = self.now or self.parts.clock()
        return standing_proof(memory, self.proven_before(), now=now, brought=self.brought)

    # ---- what a crash left
    def left_open(self, heard: Heard, memory: Memory) -> Decision | None:
        """The handover of what a worker that died has left uncertain; None when nothing is. It is made once."""
        if self.dry:
            return None
        self.records.extend(self.effects.recover(self.parts.shop.registry, loop=self.loop))
        doubtful = self.effects.loose("uncertain")
        if not doubtful:
            if memory.open:  # the guide that did something is read as it was, not as what it did has made it
                self.results.update(self.effects.seen_before())
            return None
        self.effects.put_before_a_person(doubtful)
        told = f"it is not known whether this was done before the agent broke off: {recovered(doubtful)}"
        step = HandOverStep("action_failed", why=told)
        return Decision("handed_over", (), replace(memory, handed_over=True, last=heard.text[:500]), hand_over=step)

    def with_what_would_undo(self, decision: Decision) -> Decision:
        """The decision; where it breaks off behind writes, the person is told what would undo them. Nothing is undone here."""
        step = decision.hand_over
        if step is None or step.reason != "action_failed":
            return decision
        ways: list[str] = []
        for record in self.records:
            spec = self.parts.shop.registry.get(record.action)
            if spec is None or spec.compensation is None or record.kind != "write" or record.status != "done":
                continue
            arguments = undoing(spec.compensation, record.arguments, from_json(record.result))
            told = ", ".join(f"{name} = {label(value)}" for name, value in (arguments or {}).items())
            ways.append(f"{spec.compensation.action} with {told}" if told else spec.compensation.action)
            self.trace.append(TraceEvent(kind="compensation", text=f"{record.action} can be undone by {ways[-1]}"))
        return (
            replace(decision, hand_over=replace(step, why=f"{step.why}; undone by {'; '.join(ways)}"))
            if ways
            else decision
        )

    def with_what_is_untold(self, decision: Decision) -> Decision:
        """The decision; a handover where it ends a case without the customer hearing of what was done in a lost turn.

        As long as something is asked, the guide may still come to it and tell.
        """
        ends = decision.outcome in {"answered", "handed_over"} and not self.dry
        untold = self.effects.loose("done") if ends else []
        if not untold:
            return decision
        self.effects.put_before_a_person(untold)
        why = f"done before the agent broke off, and the customer was not told: {recovered(untold)}"
        if decision.hand_over is not None:
            return replace(decision, hand_over=replace(decision.hand_over, why=f"{decision.hand_over.why}; {why}"))
        memory = replace(decision.memory, handed_over=True)
        step = HandOverStep("action_failed", why=why)
        return replace(decision, outcome="handed_over", hand_over=step, steps=(), memory=memory)

    # ---- seeing
    def hear(self, memory: Memory) -> tuple[Heard, Callable[[str], bool | None]]:
        """The message as it was understood, or the event; and what it says to judgements."""
        if self.event is not None:
            self.trace.append(TraceEvent(kind="event", text=f"the storefront tells of {self.event[0]}"))
            return Heard("", self.language, event=self.event), lambda _judgement: None
        if self.recovering:
            return Heard("", self.language), lambda _judgement: None
        if self.overdue:
            return Heard("", self.language, overdue=True), lambda _judgement: None
        asked = asked_needs(self.parts.shop.kernel, memory.open[-1]) if memory.open else ()
        gives_number = any(asks_for_number(need.name, need.type_name) for need in asked if need.kind == "value")
        understood = self.parts.understander.hear(
            number_alone(self.message.text) if gives_number else self.message.text,
            language=self.language,
            last=memory.last,
            answerable=self.answerable,
            attachments=len(self.message.attachments),
            earlier=[said.text for said in memory.open[-1].utterances] if memory.open else (),
        )
        self.trace.append(TraceEvent(kind="understood", text=understood.told, data=understood.data))
        heard, known = understood.heard, memory.known.get("customer")
        customer = from_json(known) if known is not None else self.given.get("customer")
        guided = bool(memory.open) or any(request.label is not None for request in heard.requests)
        called = alarms(
            understood.signals, settings=self.parts.handover, guided=guided,
            customer=customer if isinstance(customer, Customer) else None,
        )  # fmt: skip
        return replace(heard, alarms=called), understood.judge

    def answerable(self, text: str, language: str) -> float:
        """How sure it is that an article answers a text."""
        base = self.parts.shop.knowledge
        return 0.0 if base is None else answer_probability(text, base.search(text, 5, language=language))

    def roots(self, facts: Facts, memory: Memory) -> Mapping[str, Any]:
        """What guidance may name: what the caller knows, the conversation, the shop."""
        given = {name: getattr(facts, name) for name in type(facts).model_fields if knows(facts, name)}
        customer = facts.customer
        known = from_json(memory.known["customer"]) if "customer" in memory.known else None
        channel = facts.channel or (self.stored.conversation.channel if self.stored is not None else "chat")
        claims: dict[str, Any] = {}
        if customer is not None and not customer.verified and self.parts.shop.settings.identity.claims_count_as_said:
            claims = {name: value for name in _CLAIMS if (value := getattr(customer, name)) is not None}
        if facts.order is not None:
            claims["order_number"] = facts.order.id
        return {
            **claims, **given, **facts.extra, "channel": channel, "shop": self.parts.shop.facts,
            "catalog": self.parts.shop.catalog.products if self.parts.shop.catalog else (),
            "conversation": {"customer": known, "channel": channel, "language": self.language, "id": self.conversation},
        }  # fmt: skip

    # ---- acting
    def direct(
        self, action: str, arguments: Mapping[str, Any], facts: Facts, *, effect: str, confirmed: Confirmation | None
    ) -> ActionCall:
        """One action outside of a conversation's turn, under the same preconditions and the same ledger.

        Raises:
            ActionError: There is no such action.
            StorageError: The ledger can't be written.
        """
        spec = self.parts.shop.registry.get(action)
        if spec is None:
            raise ActionError(f"there is no action called {action[:80]}", code="action-unknown")
        self.now = (facts.now or self.parts.clock()).astimezone(self.parts.shop.zone)
        facts = self.identified(facts)
        self.effects.load()
        self.effects.recover(self.parts.shop.registry, loop=self.loop)
        self.effects.told = frozenset(entry.key for entry in self.effects.entries.values())
        self.said = confirmed
        want = Want(spec.kind, action, arguments, effect, "called directly")
        self.act(want, facts)
        results = self.effects.results.known if spec.kind == "write" else self.results
        return ActionCall(results[effect], self.records[-1])

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
        key = key_of(self.conversation, want, spec) if is_write else ""
        seen = {**self.roots(facts, self.memory), **self.known}
        who = self.who(facts)
        context = CallContext(
            self.conversation, who, self.now, self.confirmed(want, who), key, seen,
            timedelta(minutes=self.parts.shop.settings.actions.confirmation_minutes), self.seconds_left(), self.parts.storage,
        )  # fmt: skip
        context = self.with_own_records(spec.own.values(), context)
        effects = self.effects
        before = None
        if is_write:
            # Written down before it is issued: never twice, never forgotten.
            check = effects.would_exceed if self.dry else effects.begin
            before = partial(check, spec, want, context)
        elif spec.proves:
            before = partial(self.may_prove, spec, want.arguments, facts)
        call = call_action(
            spec, want.arguments, context, guide=want.address, nevers=self.parts.nevers, loop=self.loop,
            dry=self.dry and is_write, before=before,
        )  # fmt: skip
        if is_guessed(spec) and call.result.status == "done" and call.result.value is not None:
            self.guesses().right(spec, want.arguments)
        self.records.append(call.record)
        self.note(want, call.result)
        if is_write and not self.dry:
            effects.end(spec, want, context, call.result)

    def may_prove(self, spec: ActionSpec, arguments: Mapping[str, Any], facts: Facts) -> Result | None:
        """None when a look-up that proves may be asked; else it finds nobody, as for any wrong answer.

        Raises:
            StorageError: The try can't be counted; nothing may be proven then.
        """
        if not self.parts.shop.settings.identity.claims_count_as_said:
            before = self.stored.conversation.turns if self.stored is not None else ()
            said = [turn.message.text for turn in before if turn.message.author == "customer"] + [self.message.text]
            if unsaid := claims_unsaid(arguments, facts.customer, said=said):
                told = f"only the caller claims this, and it proves nobody: {', '.join(unsaid)}"
                self.trace.append(TraceEvent(kind="identity", text=told))
                return Result("done", None)
        if not is_guessed(spec) or self.guesses().may(spec, arguments):
            return None
        self.trace.append(TraceEvent(kind="identity", text=f"the tries at {spec.name} are used up"))
        return Result("done", None)

    def guesses(self) -> Guesses:
        """The tries at look-ups that prove."""
        assert self.now is not None  # noqa: S101 - set before anything is acted on
        return Guesses(self.parts.shop.settings.identity.tries, self.parts.storage, self.conversation, self.now)

    def note(self, want: Want, result: Result) -> None:
        """Notes a result for the next reading."""
        (self.effects.results.known if want.kind == "write" else self.results)[want.key] = result

    def confirmed(self, want: Want, who: Customer | None) -> Confirmation | bool:
        """Who said yes to exactly this, and when; False when nobody did."""
        if self.said is not None:
            return self.said
        if want.agreed is None:
            return False
        yes, by = want.agreed, (who.id or who.email) if who is not None else None
        answered, shown = datetime.fromisoformat(yes.answered_at), datetime.fromisoformat(yes.shown_at)
        return Confirmation.of_shown(
            want.action, yes.arguments, by=by or self.conversation, at=answered, shown_at=shown
        )

    def seconds_left(self) -> float:
        """What the turn's look-ups and actions may still take."""
        return max(0.0, self.parts.shop.settings.actions.turn_seconds - (time.monotonic() - self.started))

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
        if reply is not None:
            self.verify(reply, composer, before, handover)
        if reply is None and handover is None:
            return TurnParts(Silent(why="empty"), None, decision.memory, self.trace)
        return TurnParts(outcome, reply, decision.memory, self.trace)

    def verify(self, reply: Reply, composer: Composer, before: Sequence[Turn], handover: Handover | None) -> None:
        """Holds the reply against what backs it and what the shop never says.

        Raises:
            ConvagentError: It may not be sent: `unsupported-reply`, `forbidden-words`, `unbacked-claim`.
        """
        if figures := unsupported(reply.text, composer.sources):
            self.withhold("unsupported-reply", "the reply says what nothing backs", figures)
        if said := never_said(composer.parts, self.parts.forbidden, reply.language):
            told = tuple(f"“{found.words}” (Never say “{found.phrase}”)" for found in said)
            self.withhold("forbidden-words", "the reply holds words that the shop never says", told)
        if claims := unbacked(composer.parts, lambda: self.backing(reply, before, handover)):
            told = tuple(f"“{claim.words}” ({claim.kind}: {claim.act})" for claim in claims)
            self.withhold("unbacked-claim", "the reply claims what no action, record or handover backs", told)

    def withhold(self, code: str, what: str, found: Sequence[str]) -> None:
        """Notes why a reply is not sent, and ends the turn's path."""
        message = f"{what}: {', '.join(found[:5])}"
        self.trace.append(TraceEvent(kind=code, text=message, data={"found": list(found)}))
        raise ConvagentError(message, code=code)

    def backing(self, reply: Reply, before: Sequence[Turn], handover: Handover | None) -> Backing:
        """What the conversation did, what its records say, and whether a person takes over."""
        records = [record for turn in before for record in turn.actions] + self.records
        counted = {"done", "proposed"} if self.dry else {"done"}
        writes = [record for record in records if record.kind == "write" and record.status in counted]
        done = [entry.action for entry in self.effects.entries.values() if entry.status == "done"]
        names = dict.fromkeys([*(record.action for record in writes), *done])
        registry = self.parts.shop.registry
        told = tuple(f"{name} {spec.description if (spec := registry.get(name)) else ''}" for name in names)
        found = [result.value for result in self.results.values() if result.status == "done"]
        values = [value for name, value in self.known.items() if name not in {"catalog", "shop"}]
        return Backing(told, UNKNOWN_ACTION in names, states_of([*values, *found], reply.text), handover is not None)

    def handed_over(self, decision: Decision, before: Sequence[Turn]) -> tuple[Handover | None, str]:
        """The handover with its note, and what the customer is told."""
        step = decision.hand_over
        if step is None or decision.outcome != "handed_over":
            return None, ""
        assert self.now is not None  # noqa: S101 - set before anything is composed
        if step.reason == "several_open_requests" and (
            left := [title or text for title, text in decision.memory.waiting]
        ):
            step = replace(step, why=f"{', '.join(left)[:200]}; {step.why}")
        message, actions, earlier = self.message, tuple(self.records), tuple(before)
        if self.overdue:  # the note tells of what the customer wrote last
            last = max((n for n, turn in enumerate(earlier) if turn.message.author == "customer"), default=None)
            if last is not None:
                message, actions = earlier[last].message, tuple(a for turn in earlier[last:] for a in turn.actions)
                earlier = earlier[:last]
        return self.passed_on(step, self.now, message, actions, guides=decision.guides, earlier=earlier)

    def passed_on(
        self, step: HandOverStep, now: datetime, message: Message, actions: Sequence[ActionRecord], *,
        guides: Sequence[str], earlier: Sequence[Turn],
    ) -> tuple[Handover, str]:  # fmt: skip
        """Whom a handover goes to, with its note; and what the customer is told."""
        settings, shop = self.parts.handover, self.parts.shop.facts
        found = [result.value for result in self.results.values() if result.status == "done"]
        known = {**self.given, **self.known, LOOKED_UP: found}
        heard = [message.text, *(turn.message.text for turn in earlier if turn.message.author == "customer")]
        customer = known.get("customer")
        worth = [order.total for order in orders_in_view(known, heard=heard) if order.total is not None]
        alike = [total for total in worth if total.currency == shop.currency]
        vip = isinstance(customer, Customer) and is_vip(customer, settings)
        way = route(
            step, shop=shop, settings=settings, now=now, upset=self.mood, language=self.language, vip=vip,
            value=max(alike, key=lambda total: total.amount, default=None),
        )  # fmt: skip
        note = summarise(
            step, way, message=message, mood=self.mood, language=self.language, known=known, actions=actions, guides=guides,
            earlier=earlier, settings=settings, conversation=self.conversation, secret=evidence_names(self.parts.proofs),
        )  # fmt: skip
        channel = str(known.get("channel") or "chat")
        reachable = is_reachable(known, channel=channel) or bool(contact_in(message.text))
        text = customer_text(
            step, way, language=self.language, now=now, settings=settings, upset=self.mood, reachable=reachable
        )
        return note, text

    def broken(self, error: Exception) -> TurnParts:
        """What a turn comes to when something broke: a handover with what is known so far."""
        now = self.now or self.parts.clock()
        self.now = now
        told = f"{type(error).__name__}: {error}" if isinstance(error, ConvagentError) else type(error).__name__
        self.trace.append(TraceEvent(kind="error", text=f"something broke: {told}"))
        step = HandOverStep("engine_error", why=told)
        before = self.stored.conversation.turns if self.stored is not None else ()
        note, text = self.passed_on(step, now, self.message, tuple(self.records), guides=(), earlier=tuple(before))
        memory = replace(self.memory, handed_over=True)
        return TurnParts(HandedOver(handover=note), Reply(text=text, language=self.language), memory, self.trace)


_CLAIMS = ("email", "first_name", "last_name", "phone")


def _language_of(turns: Sequence[Turn]) -> str | None:
    return next((turn.reply.language for turn in reversed(turns) if turn.reply is not None), None)


def _shown(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, (str, int, float, bool, dict, type(None))) else str(value)
        for name, value in data.items()
    }
