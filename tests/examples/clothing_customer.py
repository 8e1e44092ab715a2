"""A customer of the clothing shop who answers questions from a table, and one run of a guide with them.

The guide is read by the real interpreter, and every look-up and write goes through the shop's own actions and their
preconditions. The customer says nothing unasked: what a guide needs, it must ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed
from functools import cache
from pathlib import Path
from typing import Any

from convagent.actions import ActionRegistry, CallContext, call_action
from convagent.facts import Customer
from convagent.guidance.interpreter.interpret import read_guide
from convagent.guidance.interpreter.world import (
    GuideState,
    Read,
    Reading,
    Resolver,
    Result,
    Utterance,
    Want,
    Wanted,
    World,
)
from convagent.nevers import never_rules
from convagent.shop import OpenShop, open_shop

__all__ = ["CLOTHING_SHOP", "Run", "TableReader", "the_shop"]

CLOTHING_SHOP = Path(__file__).parents[2] / "examples" / "clothing-shop"

MOST_TURNS = 20
MOST_CALLS = 40


@cache
def the_shop() -> OpenShop:
    """The shop, opened once; what its own registry changes is of no account here."""
    return open_shop(CLOTHING_SHOP)


def fresh_registry() -> ActionRegistry:
    """The shop's look-ups and writes over a world of their own."""
    shop = the_shop()
    return ActionRegistry.from_files([shop.path / name for name in shop.settings.actions.python])


@dataclass(frozen=True)
class TableReader:
    """Answers by the name of what was asked for; yes to every confirmation unless the table says otherwise."""

    answers: Mapping[str, Any]

    def read(self, wanted: Wanted, utterance: Utterance, *, direct: bool) -> Read:
        if not direct or utterance.text == "":
            return Read()
        if wanted.kind == "confirmation":
            return Read(self.answers.get("confirm", True), "the confirmation")
        if wanted.name not in self.answers:
            return Read()
        answer = self.answers[wanted.name]
        if wanted.kind in {"one", "some", "each"}:
            return self.picked(wanted, (answer,) if isinstance(answer, str) else answer)
        return Read(answer, str(answer))

    @staticmethod
    def picked(wanted: Wanted, names: tuple[str, ...]) -> Read:
        keys = tuple(
            choice.key for choice in wanted.choices if any(n in (choice.key, *choice.labels, *choice.aliases) for n in names)
        )  # fmt: skip
        return Read(keys, ", ".join(names)) if keys else Read(misfit=True)


@dataclass
class Run:
    """One guide, read over as many turns as it takes.

    Attributes:
        calls: Every look-up and write in order, with its arguments and what came of it.
        events: The same by name, an attempt at mending a page by what was tried; and among them what was set on the case,
            where it stood when a look-up or write was called for.
        asked: Every question in order: the names, and the words.
        said: Everything that was said.
        last: How the guide ended.
    """

    title: str
    answers: Mapping[str, Any]
    shop: OpenShop = field(default_factory=the_shop)
    registry: ActionRegistry = field(default_factory=fresh_registry)
    calls: list[tuple[str, Mapping[str, Any], Result]] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    asked: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)
    last: Reading | None = None

    def to_the_end(self) -> Run:
        """Reads until nothing more is asked.

        Raises:
            AssertionError: Something is asked that the customer's table doesn't hold, or it never ends.
        """
        guide = self.shop.kernel.guide(self.title)
        assert guide is not None, f"there is no guide “{self.title}”"
        state = GuideState(guide.title, "r1").heard("")
        for _ in range(MOST_TURNS):
            self.last = reading = self.turn(state)
            self.said += [step.text for step in reading.steps if step.kind == "say"]
            if reading.status != "asked":
                return self
            text = next(step.text for step in reading.steps if step.kind == "ask")
            self.asked.append((reading.needs, text))
            open_needs = [name for name in reading.needs if name in self.answers or name.startswith("confirm:")]
            assert open_needs, f"{self.title} asks for {reading.needs}: {text}"
            repeated = len(self.asked) > 1 and self.asked[-2] == self.asked[-1]
            assert not repeated, f"{self.title} asks twice for {reading.needs}: {text}"
            state = reading.state.heard("(from the table)")
        raise AssertionError(f"{self.title} goes on for more than {MOST_TURNS} turns: {self.asked}")

    def turn(self, state: GuideState) -> Reading:
        """One turn: look-ups and writes are run until the guide needs no more of them."""
        guide = self.shop.kernel.guide(self.title)
        assert guide is not None
        world = World(
            facts={"catalog": self.shop.catalog.products if self.shop.catalog else (), "channel": "chat"},
            now=self.shop.now(), language="en", reader=TableReader(self.answers), results={}, effects={},
            resolvers={("Customer", "orders"): Resolver("orders_of", "account")}, lookups=self.registry.lookups,
        )  # fmt: skip
        for _ in range(MOST_CALLS):
            reading = read_guide(guide, self.shop.kernel, world, state)
            self.known.update(reading.known)
            for step in reading.steps:
                if step.kind == "set":
                    self.events.append(f"set: {step.data['path']}")
            if reading.want is None:
                return reading
            found = {reading.want.key: self.call(reading.want)}
            if reading.want.kind == "write":
                world = changed(world, effects={**world.effects, **found})
            else:
                world = changed(world, results={**world.results, **found})
        raise AssertionError(f"{self.title} calls more than {MOST_CALLS} actions in one turn")

    def call(self, want: Want) -> Result:
        """Runs a look-up or write through its preconditions, as a turn does."""
        spec = self.registry.get(want.action)
        assert spec is not None
        found = self.known.get("customer")
        customer = found if isinstance(found, Customer) else None
        context = CallContext("c-1", customer, self.shop.now(), want.confirmed, want.key, dict(self.known))
        if spec.own and customer is not None:
            orders = self.registry.get("orders_of")
            assert orders is not None
            own = call_action(orders, {"account": customer.id}, context).result.value
            context = changed(context, customer=customer.model_copy(update={"orders": own}))
        result = call_action(spec, want.arguments, context, nevers=never_rules(self.shop.kernel)).result
        self.calls.append((want.action, want.arguments, result))
        attempt = f": {want.arguments['attempt']}" if want.action == "note_attempt" else ""
        self.events.append(f"{want.action}{attempt}")
        return result

    @property
    def status(self) -> str:
        """How the guide ended."""
        assert self.last is not None
        return self.last.status
