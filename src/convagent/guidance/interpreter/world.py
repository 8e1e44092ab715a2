"""What a reading is given and what it comes to: data. The names of `words_read` are told here as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from convagent.guidance.interpreter.deadlines import Deadline
from convagent.guidance.interpreter.words_read import Choice, Quote, Read, Reader, Utterance, Wanted
from convagent.guidance.parts import Worded
from convagent.guidance.phrases import phrase
from convagent.guidance.wording import Wording

__all__ = [
    "Agreed",
    "Choice",
    "GuideState",
    "HandOverStep",
    "Quote",
    "Ran",
    "Read",
    "Reader",
    "Reading",
    "Resolver",
    "Result",
    "Step",
    "TraceNote",
    "Utterance",
    "Want",
    "Wanted",
    "World",
]


@dataclass(frozen=True, slots=True)
class Result:
    """What a look-up or an action came to."""

    status: Literal["done", "failed", "refused", "uncertain"]
    value: Any = None
    error: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A yes of the customer's to one write.

    Attributes:
        arguments: As they were shown, in canonical JSON; None for one that an action ahead of the write gives.
        shown_at: When the question was asked, in ISO 8601.
        answered_at: When it was answered.
    """

    arguments: Mapping[str, str | None]
    shown_at: str
    answered_at: str


@dataclass(frozen=True, slots=True)
class Want:
    """A look-up or action that the reading asks for before it can go on. A write was confirmed when it is `agreed`."""

    kind: Literal["lookup", "write"]
    action: str
    arguments: Mapping[str, Any]
    key: str
    address: str
    confirmed: bool = False
    agreed: Agreed | None = None


@dataclass(frozen=True, slots=True)
class Resolver:
    """A look-up that gives a field which a record doesn't know: the orders of a customer."""

    action: str
    parameter: str
    attribute: str = "id"


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a guide that may run only so often for a customer, in this conversation or in another.

    Attributes:
        guide: Its title.
        at: When it began.
        conversation: Where; empty for the conversation at hand.
        run: Which of the conversation's runs it was.
    """

    guide: str
    at: datetime
    conversation: str
    run: str


@dataclass(frozen=True, slots=True)
class World:
    """Everything a reading may see. Nothing in it changes while it is read.

    Attributes:
        facts: Root names and their values; what the conversation knows is among them.
        now: The turn's moment in the shop's zone.
        language: The language of the reply.
        reader: Reads the customer's words.
        judge: True, false or None for `it seems "…"`.
        results: What look-ups came to in this turn, by key.
        effects: What actions came to in this turn, by key.
        resolvers: Look-ups by type and field: ("Customer", "orders").
        translate: A text of a guide in the reply's language.
        lookups: Names of actions that only read.
        confirmation_lasts: For how long a yes counts from the moment its question was shown.
        ran: Earlier runs, for this customer, of guides with an `At most`; the caller sees to whose they are.
        familiar: Whether the customer is addressed as du and tu.
    """

    facts: Mapping[str, Any]
    now: datetime
    language: str
    reader: Reader
    judge: Callable[[str], bool | None] = lambda _text: None
    results: Mapping[str, Result] = field(default_factory=dict)
    effects: Mapping[str, Result] = field(default_factory=dict)
    resolvers: Mapping[tuple[str, str], Resolver] = field(default_factory=dict)
    translate: Callable[[str, str], str] = lambda _guide, text: text
    lookups: frozenset[str] = frozenset()
    confirmation_lasts: timedelta = timedelta(minutes=30)
    ran: tuple[Ran, ...] = ()
    familiar: bool = False

    @property
    def wording(self) -> Wording:
        """How values are worded."""
        return Wording(self.language, self.now, self.familiar)

    def phrase(self, key: str, **values: str) -> Worded:
        """A sentence of the language's own, addressed as the shop addresses its customers."""
        return phrase(key, self.language, familiar=self.familiar, **values)

    def with_facts(self, facts: Mapping[str, Any]) -> World:
        """The same world with other facts; every reading is given one."""
        return World(
            facts, self.now, self.language, self.reader, self.judge, self.results, self.effects, self.resolvers,
            self.translate, self.lookups, self.confirmation_lasts, self.ran, self.familiar,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class GuideState:
    """What is remembered of an open guide between turns. Values are in JSON (see `codec`).

    Attributes:
        title: The guide.
        run: Tells this run of the guide from others of the conversation; part of every idempotency key.
        utterances: What the customer wrote for it.
        answers: Needs and what was answered, picks by their keys.
        asked: What was asked for last.
        attempts: How often each Need was asked for in vain.
        confirmed: Confirmations by key: yes or no, and when they were shown and answered; by place: the writes that were
            agreed to there, and when.
        effects: What its actions came to, by key.
        frozen: The values at its first write, which it is finished on.
        said: Texts already said, by address and hash.
        inner: States of the guides that provide its Needs.
        deadline: Until when what was asked for last is waited for.
    """

    title: str
    run: str
    utterances: tuple[Utterance, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    attempts: Mapping[str, int] = field(default_factory=dict)
    confirmed: Mapping[str, str] = field(default_factory=dict)
    effects: Mapping[str, Any] = field(default_factory=dict)
    frozen: Mapping[str, Any] | None = None
    said: tuple[str, ...] = ()
    inner: Mapping[str, GuideState] = field(default_factory=dict)
    deadline: Deadline | None = None

    @property
    def took_effect(self) -> tuple[str, ...]:
        """The actions of this run that were done, or may have been, those of the guides that give its Needs among them."""
        own = [
            effect["action"] if effect["status"] == "done" else f"{effect['action']} (it is not known whether)"
            for effect in self.effects.values()
            if effect["status"] in {"done", "uncertain"}
        ]
        return (
            *(
                name
                for state in self.inner.values()
                if state.run.startswith(f"{self.run}.")
                for name in state.took_effect
            ),
            *own,
        )

    def heard(self, text: str, quotes: tuple[Quote, ...] = ()) -> GuideState:
        """The state with what the customer wrote now, as an answer to what was asked."""
        inner = {name: state.heard(text, quotes) if state.asked else state for name, state in self.inner.items()}
        utterances = (*self.utterances, Utterance(text, self.asked, quotes))[-40:]
        return GuideState(
            self.title, self.run, utterances, self.answers, self.asked, self.attempts, self.confirmed, self.effects,
            self.frozen, self.said, inner, self.deadline,
        )  # fmt: skip

    def unasked(self) -> GuideState:
        """The state for asking the same once more: what was asked has had no new answer."""
        inner = {name: state.unasked() for name, state in self.inner.items()}
        return replace(self, asked=(), inner=inner, deadline=None)

    def to_json(self) -> dict[str, Any]:
        """The state for storage."""
        return {
            "title": self.title,
            "run": self.run,
            "utterances": [_utterance_json(item) for item in self.utterances],
            "answers": dict(self.answers),
            "asked": list(self.asked),
            "attempts": dict(self.attempts),
            "confirmed": dict(self.confirmed),
            "effects": dict(self.effects),
            "frozen": None if self.frozen is None else dict(self.frozen),
            "said": list(self.said),
            "inner": {name: state.to_json() for name, state in self.inner.items()},
            "deadline": None if self.deadline is None else self.deadline.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> GuideState:
        """The state that `to_json` wrote."""
        return cls(
            data["title"], data["run"], tuple(_utterance(item) for item in data["utterances"]),
            data["answers"], tuple(data["asked"]), data["attempts"], data["confirmed"], data["effects"], data["frozen"],
            tuple(data["said"]), {name: cls.from_json(state) for name, state in data["inner"].items()},
            Deadline.from_json(data.get("deadline")),
        )  # fmt: skip


def _utterance_json(item: Utterance) -> list[Any]:
    plain: list[Any] = [item.text, list(item.answers)]
    return [*plain, [[quote.need, quote.words, quote.choice] for quote in item.quotes]] if item.quotes else plain


def _utterance(data: list[Any]) -> Utterance:
    text, answers, *more = data
    return Utterance(text, tuple(answers), tuple(Quote(*quote) for quote in (more[0] if more else ())))


@dataclass(frozen=True, slots=True)
class HandOverStep:
    """A hand-over that a guide asks for; `guide` is its title, where one does."""

    reason: str
    team: str | None = None
    urgent: bool = False
    text: str | None = None
    why: str = ""
    guide: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """Something for the reply or the conversation, in order.

    `say` and `ask` carry a text; `answer`, `recommend`, `offer`, `tag`, `close`, `set` and `snooze` carry `data`.
    """

    kind: str
    address: str
    text: str = ""
    free: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TraceNote:
    """One thing the interpreter considered: where, in words, and with which values."""

    kind: str
    address: str
    line: int
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a guide came to.

    Attributes:
        status: `done`; `refused` by the rules; `asked` the customer; `handed_over`; `wants` a look-up or action first;
            `gave` what a providing guide is for.
        steps: In order.
        state: To be kept for the next turn.
        want: With `wants`.
        hand_over: With `handed_over`.
        needs: With `asked`: the names.
        gave: With `gave`: the value.
        known: Values by name that later guides of the conversation may use.
        trace: What was considered.
    """

    status: Literal["done", "refused", "asked", "handed_over", "wants", "gave"]
    steps: tuple[Step, ...]
    state: GuideState
    want: Want | None = None
    hand_over: HandOverStep | None = None
    needs: tuple[str, ...] = ()
    gave: Any = None
    known: Mapping[str, Any] = field(default_factory=dict)
    trace: tuple[TraceNote, ...] = ()
