"""A solver's model as a customer: facts, answers, judgements and what look-ups give, and the story of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import z3  # type: ignore[import-untyped]
from pydantic import BaseModel, ValidationError

import convagent.facts as facts
from convagent.facts import Money
from convagent.guidance.codec import to_json
from convagent.guidance.language.judgements import judgement_key
from convagent.guidance.proofs.story import shown, told
from convagent.guidance.proofs.symbols import LIST_LENGTH, Leaf, Symbol, Symbols
from convagent.guidance.schema import types as t
from convagent.guidance.values import Duration, Percent

__all__ = ["Case", "NotConcreteError", "case_of", "with_products"]

_NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)


class NotConcreteError(Exception):
    """A model that no record can be made of."""


@dataclass(frozen=True)
class Case:
    """One customer, for whom something doesn't hold.

    Attributes:
        facts: What is known before, by name.
        answers: What the customer answers, by `need@address`.
        looked_up: What look-ups and actions give, by address.
        failing: Addresses of actions that fail.
        judgements: Whether it seems so, by the judgement's normalised text.
        now: The moment.
        volunteers: Whether the customer says what they answer before anybody asks, as who writes "take 5 euros off" does.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    looked_up: Mapping[str, Any] = field(default_factory=dict)
    failing: frozenset[str] = frozenset()
    judgements: Mapping[str, bool | None] = field(default_factory=dict)
    now: datetime = _NOW
    volunteers: bool = False

    def judge(self, text: str) -> bool | None:
        """A judgement of the customer's words; one that doesn't matter is a no."""
        return self.judgements.get(judgement_key(text), False)

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "now": self.now.isoformat(),
            "facts": {name: to_json(value) for name, value in self.facts.items()},
            "answers": {name: to_json(value) for name, value in self.answers.items()},
            "looked_up": {name: to_json(value) for name, value in self.looked_up.items()},
            "failing": sorted(self.failing),
            "judgements": dict(self.judgements),
            "volunteers": self.volunteers,
        }

    def story(self) -> tuple[str, ...]:
        """The case in a few lines."""
        lines = [line for name, value in self.facts.items() for line in told(name, value)]
        lines += [f'it {"seems" if yes else "does not seem" if yes is False else "is not sure whether it seems"} "{text}"'
                  for text, yes in self.judgements.items()]  # fmt: skip
        lines += [f"{_place(address)} gives {shown(value)}" for address, value in self.looked_up.items()]
        lines += [f"{_place(address)} fails" for address in sorted(self.failing)]
        says = "says by themselves" if self.volunteers else "answers"
        lines += [f"the customer {says} {name.split('@')[0]}: {shown(value)}" for name, value in self.answers.items()]
        return tuple(lines)


def _place(address: str) -> str:
    """A statement as a reader finds it."""
    title, _, number = address.rpartition("/")
    return f"statement {number} of “{title}”"


def case_of(model: Any, symbols: Symbols, used: frozenset[str], zone: ZoneInfo) -> Case:
    """The customer that a model describes; what no condition asked for stays unknown.

    Raises:
        NotConcreteError: The model speaks of more than records can hold.
    """
    return _Reader(model, symbols, used, zone).case()


def with_products(case: Case) -> Case:
    """The same customer, whose orders hold one piece of a product in two variants at one price, where the case says nothing.

    For guides that ask for another variant of each line.
    """
    return replace(case, facts={name: _stocked(value) for name, value in case.facts.items()})


def _stocked(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_stocked(each) for each in value)
    if isinstance(value, facts.LineItem):
        plain = {"product": _product_of(value), "quantity": 1, "variant": "variant 1"}
        return value.model_copy(update={name: each for name, each in plain.items() if getattr(value, name) is None})
    if isinstance(value, BaseModel):
        inner = {
            name: getattr(value, name)
            for name in value.model_fields_set
            if isinstance(getattr(value, name), (tuple, BaseModel))
        }
        changed = {name: made for name, each in inner.items() if (made := _stocked(each)) is not each}
        return value.model_copy(update=changed) if changed else value
    return value


def _product_of(line: facts.LineItem) -> facts.Product:
    variants = tuple(
        facts.Variant(id=f"{line.id}-{number}", title=f"variant {number}", price=line.price, available=True)
        for number in (1, 2)
    )
    return facts.Product(id=line.product_id or f"{line.id}-0", title=line.name, status="active", variants=variants)


_MARK = re.compile(r" (?:known|none|length)$")


class _Reader:
    def __init__(self, model: Any, symbols: Symbols, used: frozenset[str], zone: ZoneInfo) -> None:
        self.model, self.symbols, self.zone = model, symbols, zone
        self.used_terms = used
        self.used = {_MARK.sub("", name) for name in used}
        self.texts = {number: text for text, number in symbols.words.items()}
        self.originals: dict[str, str] = {}
        self.made = 0

    def case(self) -> Case:
        now_leaf = self.symbols.leaves.get("fact:now")
        now = self.value(now_leaf) if now_leaf is not None and self.is_used("fact:now") else _NOW.astimezone(self.zone)
        parts: dict[str, dict[str, Any]] = {
            "fact": {},
            "need": {},
            "look-up": {},
            "result": {},
            "fails": {},
            "seems": {},
        }
        for key, leaf in list(self.symbols.leaves.items()):
            kind, _, name = key.partition(":")
            is_root = "." not in name.partition("@")[0] and "[" not in name.partition("@")[0]
            if kind in {"look-up", "result"}:
                is_root = re.search(r"/\d+(?:\.\d+)*$", name) is not None
            if kind not in parts or not is_root or key == "fact:now" or not self.is_used(key):
                continue
            if kind == "need" and isinstance(leaf.symbol.type, t.Nothing):
                self.picks(name, parts["need"])
            elif kind == "need" and isinstance(leaf.symbol.type, t.Anything):
                continue  # any answer will do
            elif self.is_known(leaf.symbol):
                parts[kind][name] = self.value(leaf)
            elif kind == "seems":
                parts[kind][name] = None
        return Case(
            parts["fact"], parts["need"], {**parts["look-up"], **parts["result"]},
            frozenset(name for name, fails in parts["fails"].items() if fails), parts["seems"], now,
        )  # fmt: skip

    def picks(self, name: str, answers: dict[str, Any]) -> None:
        """Which places of a list `some of` takes."""
        taken = [
            place for place in range(LIST_LENGTH) if self.true(z3.Bool(f"need:{name} takes {place}"), completion=False)
        ]
        if taken:
            answers[name] = tuple(taken)

    def is_used(self, key: str) -> bool:
        return any(name == key or name.startswith((f"{key}.", f"{key}[")) for name in self.used)

    def true(self, term: Any, *, completion: bool = True) -> bool:
        return bool(z3.is_true(self.model.eval(term, model_completion=completion)))

    def is_known(self, symbol: Symbol) -> bool:
        return self.true(symbol.known)

    def number(self, term: Any) -> Decimal:
        found = self.model.eval(term, model_completion=True)
        if z3.is_int_value(found):
            return Decimal(found.as_long())
        if not z3.is_rational_value(found):
            raise NotConcreteError
        fraction = found.as_fraction()
        return Decimal(fraction.numerator) / Decimal(fraction.denominator)

    def value(self, leaf: Leaf) -> Any:
        symbol = leaf.symbol
        if self.true(symbol.none):
            return None
        try:
            return self.there(symbol)
        except (ValidationError, OverflowError, ValueError) as error:
            raise NotConcreteError(str(error)) from None

    def there(self, symbol: Symbol) -> Any:
        match symbol.type:
            case t.YesNo():
                return self.true(symbol.term)
            case t.Number():
                return self.number(symbol.term)
            case t.MoneyType():
                return Money(minor=int(self.number(symbol.term)), currency=self.symbols.currency)
            case t.Percent():
                return Percent(self.number(symbol.term))
            case t.DurationType():
                return Duration(self.number(symbol.term) / 86_400, "days")
            case t.Day() | t.Moment() if symbol.key and symbol.key not in self.used_terms:
                return _NOW.date() if isinstance(symbol.type, t.Day) else _NOW.astimezone(self.zone)
            case t.Day():
                return date.fromordinal(int(self.number(symbol.term)))
            case t.Moment():
                shown = datetime.fromtimestamp(int(self.number(symbol.term)), UTC).replace(tzinfo=None)
                return shown.replace(tzinfo=self.zone)
            case t.OneOf(values=(first, *_)) if symbol.key not in self.used_terms:
                return first
            case t.Text() if symbol.key not in self.used_terms:
                self.made += 1
                return f"#{1000 + self.made}" if symbol.key.endswith(".id") else f"text {self.made}"
            case t.OneOf(values=values):
                number = int(self.number(symbol.term))
                text = self.texts.get(number, f"something else {number}")
                return next((value for value in values if value.strip().casefold() == text), text)
            case t.Text():
                number = int(self.number(symbol.term))
                return self.texts.get(number, f"#{number}" if symbol.key.endswith(".id") else f"text {number}")
            case t.ListOf():
                if self.true(symbol.overflow):
                    raise NotConcreteError
                return tuple(
                    self.value(Leaf(each.value, False)) for each in symbol.elements or () if self.true(each.present)
                )
            case t.Record(name=name):
                return self.record(symbol, name)
            case t.Anything():
                self.made += 1
                return f"text {self.made}"
        raise NotConcreteError

    def record(self, symbol: Symbol, name: str) -> Any:
        prefix = f"{symbol.key}."
        fields: dict[str, Any] = {}
        for key, leaf in list(self.symbols.leaves.items()):
            field_name = key.removeprefix(prefix)
            if not key.startswith(prefix) or "." in field_name or "[" in field_name:
                continue
            if self.is_used(key) and self.is_known(leaf.symbol):
                fields[field_name] = self.value(leaf)
        kind = getattr(facts, name, None)
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            return fields
        reckoned = {each for each in fields if isinstance(getattr(kind, each, None), property)} - set(kind.model_fields)
        values = {each: fields.pop(each) for each in reckoned}  # from other fields; the replay sees what they come to
        self.made += 1
        if name == "Product" and values and "variants" not in fields:
            fields |= self.variants_for(values)
        if "id" in kind.model_fields:
            fields.setdefault("id", f"#{1000 + self.made}")
        for required, info in kind.model_fields.items():
            if info.is_required() and required not in fields and not self.is_used(prefix + required):
                fields[required] = self.filler(name, required)
        return kind.model_validate({part: _plain(value) for part, value in fields.items()})

    def variants_for(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Fields of a product from which its price and whether it is in stock are reckoned as wanted."""
        price = wanted.get("price") or Money(minor=1000, currency=self.symbols.currency)
        variant = {"id": f"#{1000 + self.made}-1", "price": price, "available": wanted.get("in_stock", True)}
        return {"status": "active", "variants": (facts.Variant.model_validate(variant),)}

    def filler(self, record: str, name: str) -> Any:
        """A required field that no condition asks for."""
        found = self.symbols.vocabulary.field(t.Record(record), name)
        match found.type if found is not None else t.ANYTHING:
            case t.MoneyType():
                return Money(minor=1000, currency=self.symbols.currency)
            case t.Number():
                return 1
            case t.OneOf(values=(first, *_)):
                return first
            case t.YesNo():
                return False
            case t.Day() | t.Moment():
                return _NOW
            case t.ListOf():
                return ()
            case t.Record(name=inner):
                return self.record(Symbol(t.Record(inner), True, False, key=f"filler {self.made}"), inner)
        return f"{name} {self.made}"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    return value
