"""Symbols: what a name may stand for, as a (known, none, value) triple of solver terms instead of one value.

A field of a record is known only where the record is. What the solver can't reckon with is a fresh symbol without any
demand on it: whatever holds for all of its values holds for the real one, so that nothing is proven that isn't so.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_args

import z3  # type: ignore[import-untyped]
from pydantic import BaseModel

import convagent.facts as facts
from convagent.guidance.proofs.unknowns import Unknowns
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import Vocabulary

__all__ = ["LIST_LENGTH", "Element", "Leaf", "Symbol", "Symbols", "Truth"]

LIST_LENGTH = 3
"""Elements of a list that are told apart; of what lies beyond nothing is assumed."""

_FIRST_MOMENT, _LAST_MOMENT = -2_208_988_800, 4_102_444_800  # 1900 to 2100, in seconds
_FIRST_DAY, _LAST_DAY = 693_596, 766_645  # the same, counted from the year 1
_FIRST_NOW = 1_577_836_800  # 2020


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition's value: `known`, and if so, `yes`."""

    known: Any
    yes: Any

    @property
    def true(self) -> Any:
        """When it is known to be true."""
        return z3.And(self.known, self.yes)

    @property
    def false(self) -> Any:
        """When it is known to be false."""
        return z3.And(self.known, z3.Not(self.yes))


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a list: whether something is there, and what."""

    present: Any
    value: Symbol


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a name or an expression stands for.

    Attributes:
        type: Its type, without what was needed for each element.
        known: When it is known at all.
        none: When it is known to be absent; matters only where it is known.
        term: Its value where it is known and there; None for records, lists and what can't be reckoned with.
        key: Names the symbol; fields are named after it. Empty for what was reckoned.
        elements: Of a list, its places.
        overflow: Of a list, when it holds more than these.
        unit: Of a length of time: `span` in seconds, else the calendar unit that it is counted in.
        choices: Of one of several records: which one it is, each under its condition, the first that holds.
        ordered: Of a list, whether its places say which element is the first and which the last.
    """

    type: t.Type
    known: Any
    none: Any
    term: Any = None
    key: str = ""
    elements: tuple[Element, ...] | None = None
    overflow: Any = None
    unit: str = "span"
    choices: tuple[Element, ...] = ()
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Leaf:
    """A symbol that isn't reckoned from others, so that a counterexample gives it a value."""

    symbol: Symbol
    optional: bool


@dataclass
class Symbols:
    """The symbols of one proof.

    Attributes:
        vocabulary: Types of facts and actions.
        currency: The currency that all amounts are taken to have.
        leaves: By key.
        demands: What holds of symbols whatever the guides say: a status is one of those that there are.
        hopes: What makes a customer one whom a record can be made of; dropped where it can't be had.
        opaque: What could not be reckoned with, in the words of the guide.
        words: A number for each text.
        unknowns: What formulas speak of.
    """

    vocabulary: Vocabulary
    currency: str
    leaves: dict[str, Leaf] = field(default_factory=dict)
    demands: list[Any] = field(default_factory=list)
    hopes: list[Any] = field(default_factory=list)
    opaque: dict[str, str] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    unknowns: Unknowns = field(default_factory=Unknowns)

    # ---- leaves
    def leaf(self, key: str, kind: t.Type, *, optional: bool = True, known: bool = False) -> Symbol:
        """The symbol of that key, made when it is first asked for.

        Args:
            key: Names it.
            kind: Its type.
            optional: Whether it may be known to be absent.
            known: Whether it is known in any case.
        """
        if key in self.leaves:
            return self.leaves[key].symbol
        kind = t.plain(kind)
        is_known = z3.BoolVal(True) if known else z3.Bool(f"{key} known")
        is_none = z3.Bool(f"{key} none") if optional else z3.BoolVal(False)
        term = self._term(key, kind)
        elements, overflow = None, None
        if isinstance(kind, t.ListOf):
            length = z3.Int(f"{key} length")
            self.demands.append(length >= 0)
            elements = tuple(
                Element(length > place, self.leaf(f"{key}[{place}]", kind.item, optional=False, known=True))
                for place in range(LIST_LENGTH)
            )
            overflow = length > LIST_LENGTH
        symbol = Symbol(kind, is_known, is_none, term, key, elements, overflow)
        self.leaves[key] = Leaf(symbol, optional)
        return symbol

    def _term(self, key: str, kind: t.Type) -> Any:
        match kind:
            case t.YesNo():
                return z3.Bool(key)
            case t.Number() | t.Percent() | t.DurationType():
                return z3.Real(key)
            case t.MoneyType():
                return z3.Int(key)
            case t.Day():
                term = z3.Int(key)
                self.demands += [term >= _FIRST_DAY, term < _LAST_DAY]
                return term
            case t.Moment():
                term = z3.Int(key)
                self.demands += [term >= (_FIRST_NOW if key == "fact:now" else _FIRST_MOMENT), term < _LAST_MOMENT]
                return term
            case t.OneOf(values=values, closed=closed):
                term = z3.Int(key)
                known = [term == self.word(value) for value in values]
                self.demands.append(z3.Or(known) if closed else term >= 0)
                return term
            case t.Text():
                term = z3.Int(key)
                self.demands.append(term >= 0)
                return term
        return None

    def word(self, text: str) -> int:
        """The number that stands for a text; texts are the same whatever the case of their letters."""
        return self.words.setdefault(text.strip().casefold(), len(self.words))

    def unreckoned(self, key: str, told: str, kind: t.Type) -> Symbol:
        """A symbol for what the solver can't reckon with."""
        self.opaque.setdefault(key, told)
        return self.leaf(f"opaque:{key}", kind)

    # ---- fields
    def field(self, of: Symbol, name: str) -> Symbol | None:
        """A field of a record, None where nothing can be said of it."""
        if of.choices:
            return self._field_of_one(of, name)
        if of.elements is not None or not of.key:
            return None
        found = self.vocabulary.field(of.type, name)
        if found is None:
            return None
        inner = self._field_leaf(of, name, found.type, optional=found.optional)
        return Symbol(
            inner.type, z3.And(of.known, z3.Or(of.none, inner.known)), z3.Or(of.none, inner.none), inner.term, inner.key,
            inner.elements, inner.overflow, inner.unit,
        )  # fmt: skip

    def _field_of_one(self, of: Symbol, name: str) -> Symbol | None:
        """A field of one of several records: what it is for the one that it is."""
        fields = [(each.present, found) for each in of.choices if (found := self.field(each.value, name)) is not None]
        if len(fields) < len(of.choices):
            return None
        *others, (_, last) = fields
        alike = all(found.type == last.type and found.unit == last.unit for _, found in others)
        if not alike or last.elements is not None:
            return None
        known, none, term = last.known, last.none, last.term
        for present, found in reversed(others):
            known, none = z3.If(present, found.known, known), z3.If(present, found.none, none)
            term = z3.If(present, found.term, term) if term is not None else None
        inner = tuple(Element(present, found) for present, found in fields) if isinstance(last.type, t.Record) else ()
        return Symbol(
            last.type,
            z3.And(of.known, z3.Or(of.none, known)),
            z3.Or(of.none, none),
            term,
            unit=last.unit,
            choices=inner,
        )

    def _field_leaf(self, of: Symbol, name: str, kind: t.Type, *, optional: bool) -> Symbol:
        if isinstance(of.type, t.Record) and of.type.name == "Customer" and name in {"verified", "verification"}:
            level = self.leaf(f"{of.key}.verification", _LEVELS, optional=False, known=True)
            if name == "verification":
                return level
            return self.leaf_of(t.YES_NO, level.term == self.word("verified"))
        key = f"{of.key}.{name}"
        is_new = key not in self.leaves
        found = self.leaf(key, kind, optional=optional, known=name in _always_there(of.type))
        if is_new and found.term is not None and isinstance(found.type, t.Number):
            self.demands += [bound(found.term) for bound in _bounds(of.type, name)]
        return found

    @staticmethod
    def leaf_of(kind: t.Type, term: Any) -> Symbol:
        """A value that is there."""
        return Symbol(kind, z3.BoolVal(True), z3.BoolVal(False), term)

    def at_least(self, customer: Symbol, level: str) -> Any:
        """When a customer's verification reaches a level."""
        found = self.field(customer, "verification")
        if found is None:
            return z3.BoolVal(True)
        levels = _LEVELS.values[_LEVELS.values.index(level) :]
        return z3.And(found.known, z3.Not(found.none), z3.Or([found.term == self.word(each) for each in levels]))

    def that_matter(self, wanted: frozenset[str]) -> list[Any]:
        """The demands on what a question speaks of, and on what those speak of."""
        left = [(demand, self.unknowns.of([demand])) for demand in self.demands]
        known, out = set(wanted), []
        grown = True
        while grown:
            grown, beyond = False, []
            for demand, names in left:
                if names.isdisjoint(known):
                    beyond.append((demand, names))
                else:
                    out.append(demand)
                    known |= names
                    grown = True
            left = beyond
        return out


@cache
def _always_there(kind: t.Type) -> frozenset[str]:
    """Fields without which there is no such record: an order has a status, or it is no order."""
    model = getattr(facts, kind.name, None) if isinstance(kind, t.Record) else None
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return frozenset()
    return frozenset(name for name, field in model.model_fields.items() if field.is_required())


@cache
def _bounds(kind: t.Type, name: str) -> tuple[Callable[[Any], Any], ...]:
    """What every number of a record's field keeps to: there is no record that breaks it."""
    model = getattr(facts, kind.name, None) if isinstance(kind, t.Record) else None
    info = model.model_fields.get(name) if isinstance(model, type) and issubclass(model, BaseModel) else None
    if info is None:
        return ()
    whole = [z3.IsInt] if int in (info.annotation, *get_args(info.annotation)) else []
    told = ((compare, getattr(bound, word, None)) for bound in info.metadata for word, compare in _COMPARED.items())
    return (*whole, *(_compared(compare, border) for compare, border in told if isinstance(border, (int, float))))


def _compared(compare: Callable[[Any, Any], Any], border: float) -> Callable[[Any], Any]:
    return lambda term: compare(term, z3.RealVal(str(border)))


_COMPARED = {"ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}
_LEVELS = t.OneOf(("anonymous", "claimed", "verified"), closed=True)
