"""A small honest reader of customers' words, and a customer to talk to guides with: what the tests of meaning use.

The reader knows labels, aliases and keys of choices, yes and no, e-mail addresses, order numbers, amounts and days; nothing
else. `Run` reads one guide over several messages and runs what it asks for; `Talk` decides whole turns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from convagent.facts import Customer, LineItem, Money, Order, PaymentMethod
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.decide import decide
from convagent.guidance.interpreter.decision import Decision, Memory
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.interpreter.interpret import read_guide
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.guidance.interpreter.world import (
    Choice,
    GuideState,
    HandOverStep,
    Read,
    Reading,
    Resolver,
    Result,
    Utterance,
    Wanted,
    World,
)
from convagent.guidance.language.parse import parse_text
from convagent.guidance.values import Duration

__all__ = [
    "NOW", "LabelReader", "Run", "Talk", "eur", "kernel_of", "make_customer", "make_line", "make_method", "make_order", "texts",
]  # fmt: skip

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=ZoneInfo("Europe/Dublin"))
"""Tuesday 16 June 2026 in the shop's zone."""

MOST_CALLS = 60
"""More look-ups and actions in one turn mean that a guide goes in circles."""


class LabelReader:
    """Reads what is plainly there."""

    def read(self, wanted: Wanted, utterance: Utterance, *, direct: bool) -> Read:
        text = utterance.text
        if wanted.kind in {"confirmation", "yes_no"}:
            answer = re.match(r"\W*(yes|no)\W*$", text.casefold())
            return Read(answer[1] == "yes", text) if direct and answer else Read()
        if wanted.kind in {"one", "some", "each"}:
            return _picked(wanted, text, direct=direct)
        kind = wanted.type_name or wanted.name
        if kind in _VALUES:
            found = re.search(_VALUES[kind][0], text)
            return Read() if found is None else Read(_VALUES[kind][1](found[1]), found[0])
        words = text.strip()
        return Read(words, words) if direct and words else Read()


_VALUES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "email": (r"(\S+@\S+\.\w+)", str),
    "order_number": (r"(#\d+)", str),
    "postcode": (r"\b([A-Z]\d\d)\b", str),
    "money": (r"(\d+(?:\.\d\d)?) EUR", lambda words: Money.of(words, "EUR")),
    "number": (r"\b(\d+)\b", Decimal),
    "days": (r"(\d+) days?", lambda words: Duration(Decimal(words), "days")),
}


def _picked(wanted: Wanted, text: str, *, direct: bool) -> Read:
    """The choices whose names stand in the text."""
    words = text.casefold()
    if re.search(r"\b(all|everything)\b", words) and wanted.kind != "one":
        return Read(tuple(choice.key for choice in wanted.choices), text)
    hits = [choice for choice in wanted.choices if _named(choice, words)]
    if wanted.kind == "one" and len(hits) > 1:
        return Read(unclear=tuple(hits)) if direct else Read()
    if hits:
        return Read(tuple(choice.key for choice in hits), text)
    return Read(misfit=direct and "?" not in text and words.strip() not in {"", "yes", "no"})


def _named(choice: Choice, words: str) -> bool:
    names = (*choice.labels[:1], *choice.aliases, choice.key)
    return any(name and re.search(rf"(?<![\w#]){re.escape(name.casefold())}(?!\w)", words) for name in names)


# ---- facts
def eur(amount: str | int) -> Money:
    """An amount in euros."""
    return Money.of(amount, "EUR")


def make_line(name: str, *, price: str = "10", quantity: int = 1, **more: Any) -> LineItem:
    """A line of an order; its id is its name unless another is given."""
    return LineItem(id=more.pop("id", name), name=name, price=eur(price), quantity=quantity, **more)


def make_order(number: str, status: str = "delivered", items: Sequence[LineItem] = (), **more: Any) -> Order:
    """An order."""
    return Order(id=number, status=status, items=tuple(items) or (make_line(f"thing {number[1:]}"),), **more)


def make_method(key: str, kind: str = "card", **more: Any) -> PaymentMethod:
    """A means of payment, labelled by its key."""
    return PaymentMethod(id=key, kind=kind, label=more.pop("label", key), **more)


def make_customer(*orders: Order, **more: Any) -> Customer:
    """A verified customer with these orders."""
    return Customer(id="C1", email="ada@example.com", verification="verified", orders=orders, **more)


def kernel_of(text: str) -> k.Kernel:
    """The guides of a text that must be free of faults."""
    file, findings = parse_text(_plain(text))
    errors = [finding for finding in findings if finding.severity == "error"]
    assert not errors, "\n".join(f"{finding.line}: {finding.message}" for finding in errors)
    return desugar(file.guides)


def _plain(text: str) -> str:
    """The text without the margin that its place in a test gives it."""
    import textwrap

    return textwrap.dedent(text).strip() + "\n"


@dataclass
class _Calls:
    """Look-ups and actions, and what was asked of them."""

    functions: Mapping[str, Any] = field(default_factory=dict)
    lookups: frozenset[str] = frozenset()
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def run(self, action: str, arguments: Mapping[str, Any], key: str) -> Result:
        self.calls.append((action, dict(arguments)))
        self.keys.append(key)
        found = self.functions.get(action)
        value = found(**arguments) if callable(found) else found
        return value if isinstance(value, Result) else Result("done", value)


class Run:
    """One guide read over the messages of a customer.

    Args:
        text: Guides; the first that gives nothing is read, unless `title` names another.
        facts: What is known.
        actions: What actions and look-ups give: a value, a `Result` or a function of their arguments.
        lookups: Which of them only read.
    """

    def __init__(
        self, text: str, *, title: str | None = None, facts: Mapping[str, Any] | None = None,
        actions: Mapping[str, Any] | None = None, lookups: Sequence[str] = (),
        judge: Callable[[str], bool | None] = lambda _text: None, resolvers: Mapping[tuple[str, str], Resolver] | None = None,
        translate: Callable[[str, str], str] = lambda _guide, words: words, language: str = "en", now: datetime = NOW,
    ) -> None:  # fmt: skip
        self.kernel = kernel_of(text)
        first = next((guide.title for guide in self.kernel.guides if guide.gives is None), "")
        guide = self.kernel.guide(title or first)
        assert guide is not None
        self.guide = guide
        self.facts = dict(facts or {})
        self.done = _Calls(actions or {}, frozenset(lookups))
        self.judge, self.resolvers, self.translate = judge, resolvers or {}, translate
        self.language, self.now = language, now
        self.state = GuideState(guide.title, "r1")
        self.confirmed: list[bool] = []

    def say(self, message: str = "please") -> Reading:
        """The customer writes; the guide is read until nothing more has to be looked up or done."""
        return self.go_on(self.state.heard(message))

    def go_on(self, state: GuideState) -> Reading:
        """Reads from a state without anything new from the customer."""
        results: dict[str, Result] = {}
        effects: dict[str, Result] = {}
        for _ in range(MOST_CALLS):
            world = World(
                facts=self.facts, now=self.now, language=self.language, reader=LabelReader(), judge=self.judge,
                results=dict(results), effects=dict(effects), resolvers=self.resolvers, translate=self.translate,
                lookups=self.done.lookups,
            )  # fmt: skip
            reading = read_guide(self.guide, self.kernel, world, state)
            self._check_pure(reading, world, state)
            if reading.want is None:
                self.state = GuideState.from_json(json.loads(json.dumps(reading.state.to_json())))
                assert self.state == reading.state
                return reading
            want = reading.want
            found = self.done.run(want.action, want.arguments, want.key)
            if want.kind == "write":
                effects[want.key] = found
                self.confirmed.append(want.confirmed)
            else:
                results[want.key] = found
        raise AssertionError(f"more than {MOST_CALLS} calls in one turn: {self.done.calls[-3:]}")

    def _check_pure(self, reading: Reading, world: World, state: GuideState) -> None:
        again = read_guide(self.guide, self.kernel, world, state)
        assert (again.status, again.steps, again.state, again.want) == (
            reading.status, reading.steps, reading.state, reading.want,
        )  # fmt: skip

    @property
    def writes(self) -> list[tuple[str, dict[str, Any]]]:
        """What was done, without look-ups."""
        return [call for call in self.done.calls if call[0] not in self.done.lookups]

    @property
    def looked_up(self) -> list[tuple[str, dict[str, Any]]]:
        """What was looked up."""
        return [call for call in self.done.calls if call[0] in self.done.lookups]


class Talk:
    """Whole turns: which guides, in which order. Memory goes through JSON between turns.

    Args:
        text: All guides.
        facts, actions, lookups: As for `Run`.
    """

    def __init__(
        self, text: str, *, facts: Mapping[str, Any] | None = None, actions: Mapping[str, Any] | None = None,
        lookups: Sequence[str] = (), judge: Callable[[str], bool | None] = lambda _text: None,
    ) -> None:  # fmt: skip
        self.kernel = kernel_of(text)
        self.facts = dict(facts or {})
        self.done = _Calls(actions or {}, frozenset(lookups))
        self.judge = judge
        self.memory = Memory()

    def say(
        self, message: str, *wanted: str | Request, safeguards: Mapping[str, bool | None] | None = None,
        alarms: Sequence[HandOverStep] = (), silent: Any = None, answers_open: bool | None = None, unseen: bool = False,
    ) -> Decision:  # fmt: skip
        """The customer writes, and means the guides of these titles."""
        requests = tuple(r if isinstance(r, Request) else Request(message, r, 0.95, ((r, 0.95),)) for r in wanted)
        heard = Heard(
            message, "en", requests, silent, tuple(alarms), safeguards or {}, answers_open=answers_open, unseen=unseen
        )
        results: dict[str, Result] = {}
        effects: dict[str, Result] = {}
        for _ in range(MOST_CALLS):
            world = World(
                facts=self.facts, now=NOW, language="en", reader=LabelReader(), judge=self.judge, results=dict(results),
                effects=dict(effects), lookups=self.done.lookups,
            )  # fmt: skip
            decision = decide(self.kernel, heard, world, self.memory)
            if decision.want is None:
                self.memory = Memory.from_json(json.loads(json.dumps(decision.memory.to_json())))
                return decision
            want = decision.want
            found = self.done.run(want.action, want.arguments, want.key)
            (effects if want.kind == "write" else results)[want.key] = found
        raise AssertionError(f"more than {MOST_CALLS} calls in one turn")

    @property
    def writes(self) -> list[str]:
        """Names of what was done."""
        return [name for name, _ in self.done.calls if name not in self.done.lookups]


def texts(reading: Reading | Decision, *kinds: str) -> list[str]:
    """What is said and asked, in order."""
    return [step.text for step in reading.steps if step.kind in (kinds or ("say", "ask"))]
