"""A counterexample, read by the interpreter: only what really happens is told as found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from convagent.facts import Address, Customer, Money
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.evaluate import Names, evaluate, truth
from convagent.guidance.interpreter.interpret import read_guide
from convagent.guidance.interpreter.world import GuideState, Read, Reading, Result, Step, Utterance, Want, Wanted, World
from convagent.guidance.proofs.counterexample import Case
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import Vocabulary
from convagent.guidance.values import UNKNOWN, Duration, Percent, equal, normal

__all__ = ["Played", "blocks", "play"]

_ADDRESS = Address(name="Kate", line1="1 High Street", postcode="10001", city="New York", region="NY", country="US")

MAX_ROUNDS = 80
"""Questions, look-ups and actions of one replay."""


@dataclass(frozen=True, slots=True)
class Played:
    """How a replay ended.

    Attributes:
        want: The action that it came to, None where it came to something else.
        reading: The last reading.
        case: The case, with the answers that were given on the way.
        facts: What is known there, by name.
        steps: All that was said, asked and offered on the way.
    """

    want: Want | None
    reading: Reading
    case: Case
    facts: Mapping[str, Any]
    steps: tuple[Step, ...] = ()


class _Answers:
    """Gives each Need the answer of the case; a Need that the case says nothing of gets a plain one."""

    def __init__(self, case: Case, currency: str) -> None:
        self.case, self.currency = case, currency
        self.given: dict[str, Any] = {}

    def read(self, wanted: Wanted, utterance: Utterance, *, direct: bool) -> Read:  # noqa: ARG002 - the protocol's
        """An answer to what was asked, and to nothing else unless the case's customer says by themselves what they want."""
        if not direct and not (self.case.volunteers and wanted.kind == "value"):
            return Read()
        if wanted.kind == "confirmation":
            return Read(True, "yes")
        planned = next(
            (value for name, value in self.case.answers.items() if name.split("@")[0] == wanted.name), UNKNOWN
        )
        if not direct and (planned is UNKNOWN or planned is None):
            return Read()
        if wanted.kind in {"one", "some", "each"}:
            keys = self._picks(wanted, planned)
            self.given[wanted.name] = tuple(choice.labels[0] for choice in wanted.choices if choice.key in keys)
            return Read(keys, "that one") if keys else Read()
        value = planned if planned is not UNKNOWN and planned is not None else self._plain(wanted)
        self.given[wanted.name] = value
        return Read(value, "so")

    def _picks(self, wanted: Wanted, planned: Any) -> tuple[str, ...]:
        if wanted.kind == "some" and isinstance(planned, tuple):
            return tuple(wanted.choices[place].key for place in planned if place < len(wanted.choices))
        if isinstance(planned, str):
            return tuple(choice.key for choice in wanted.choices if equal(choice.value, planned) is True)
        return tuple(choice.key for choice in wanted.choices[:1])

    def _plain(self, wanted: Wanted) -> Any:
        if wanted.kind == "yes_no":
            return True
        name = wanted.type_name or wanted.name
        plain: dict[str, Any] = {
            "number": Decimal(1), "quantity": Decimal(1), "money": Money(minor=1000, currency=self.currency),
            "amount": Money(minor=1000, currency=self.currency), "percent": Percent(Decimal(10)),
            "days": Duration(Decimal(1), "days"), "duration": Duration(Decimal(1), "days"), "date": date(2026, 6, 16),
            "email": "kate@example.com", "address": _ADDRESS,
        }  # fmt: skip
        return plain.get(name, f"some {name}")


def play(
    guide: k.Guide, kernel: k.Kernel, case: Case, *, vocabulary: Vocabulary, currency: str, until: str | None
) -> Played:  # fmt: skip
    """Reads a guide with a case's customer, who says yes to every confirmation, until an action at an address, or to its end.

    Args:
        guide: The guide.
        kernel: All guides.
        case: The customer.
        vocabulary: Which actions only read.
        currency: Of the plain answers.
        until: Where the action stands that the replay is for; None for the guide's end.
    """
    answers = _Answers(case, currency)
    lookups = frozenset(name for name, each in (vocabulary.actions or {}).items() if each.kind == "lookup")
    facts = {name: normal(value) for name, value in case.facts.items()}
    world = World(facts, case.now, "en", answers, case.judge, lookups=lookups)
    state = GuideState(guide.title, "1").heard("please")
    reading = read_guide(guide, kernel, world, state)
    steps: list[Step] = []
    want: Want | None = None
    for _ in range(MAX_ROUNDS):
        if reading.status == "wants" and reading.want is not None:
            if reading.want.address == until:
                want = reading.want
                break
            result = _result(reading.want, case, kernel, vocabulary)
            if reading.want.kind == "lookup":
                world = replace(world, results={**world.results, reading.want.key: result})
            else:
                world = replace(world, effects={**world.effects, reading.want.key: result})
        elif reading.status == "asked":
            steps += reading.steps
            state = reading.state.heard("yes")
            world = replace(world, results={}, effects=world.effects)
        else:
            break
        reading = read_guide(guide, kernel, world, state)
    given = {name: value for name, value in answers.given.items() if name not in _bare(case)}
    told = replace(case, answers={**case.answers, **given})
    return Played(want, reading, told, {**facts, **reading.known}, (*steps, *reading.steps))


def _bare(case: Case) -> frozenset[str]:
    return frozenset(name.split("@")[0] for name in case.answers)


def _result(want: Want, case: Case, kernel: k.Kernel, vocabulary: Vocabulary) -> Result:
    if want.address in case.failing:
        return Result("failed", error="it fails")
    if want.address in case.looked_up:
        return Result("done", normal(case.looked_up[want.address]))
    return Result("done", normal(_given(want, case, kernel, vocabulary)))


def _given(want: Want, case: Case, kernel: k.Kernel, vocabulary: Vocabulary) -> Any:
    """What a guide finds that gives something: it is taken to give it, so that its look-up finds what the case says of it."""
    giver = kernel.guide(want.address.rpartition("/")[0])
    signature = (vocabulary.actions or {}).get(want.action)
    if giver is None or giver.gives is None or signature is None or signature.result != t.Record("Customer"):
        return None
    named = (value for name, value in case.answers.items() if name.split("@")[0] == giver.gives)
    return next((value for value in named if isinstance(value, Customer)), Customer(id="#9001"))


def blocks(never: k.Never, arguments: Mapping[str, Any], known: Mapping[str, Any], now: Any) -> bool:
    """Whether a call breaks a rule: its `when` is known to hold, or its `unless` isn't.

    Where actions are executed a rule also blocks what is not known to be allowed; that alone is no fault of a guide.
    """

    def value(name: str) -> Any:
        here = normal(known.get(name, UNKNOWN))
        if name == "customer":
            return here if isinstance(here, Customer) else UNKNOWN
        if name in arguments:
            given = normal(arguments[name])
            return here if isinstance(given, str) and equal(here, given) is True else given
        if name == "today":
            return now.date()
        return now if name == "now" else here

    names = Names(value, now)
    if never.when is not None:
        return truth(evaluate(never.when, names)) is True
    if never.unless is not None:
        return truth(evaluate(never.unless, names)) is not True
    return True
