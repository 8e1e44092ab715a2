"""Inputs that may tell two versions of a guide apart: for each fact that a condition reads, values on both sides of its border.

An input gives each variable one of its candidates. Variables are facts (`order.status`), fields of a list's elements
(`order.items[].price`), what customers answer and look-ups find (by the name that it is kept under), judgements (`seems …`),
actions that fail (`fails …`), the yes to a confirmation (`agrees`) and the moment (`now`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from convagent.facts import Money
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.judgements import judgement_key
from convagent.guidance.language.syntax import LookUp
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import NEED_TYPES, Vocabulary
from convagent.guidance.values import UNKNOWN, Duration, Percent

__all__ = ["Variables", "facts_of", "variables_of"]

_DEPTH = 3
MOST_VALUES = 16
_MOST_DAYS, _MOST_MOMENTS = 400, 36


@dataclass(frozen=True)
class Variables:
    """What may vary.

    Attributes:
        candidates: Values of each variable, the usual one first.
        roots: A usual value of each name that is read, for what isn't varied.
        looked_up: The name that an action's result is kept under.
        picked: For a name that is picked from a list, where the list stands: `customer.orders` for `order`.
    """

    candidates: Mapping[str, tuple[Any, ...]]
    roots: Mapping[str, Any]
    looked_up: Mapping[str, str]
    picked: Mapping[str, str]

    def usual(self) -> dict[str, Any]:
        """The input on which nothing is out of the ordinary."""
        return {name: values[0] for name, values in self.candidates.items()}


def variables_of(
    guides: Iterable[k.Guide], vocabulary: Vocabulary, *, now: datetime, currency: str, first: Iterable[k.Statement] = (),
) -> Variables:  # fmt: skip
    """The variables of guides, those that they need and go on in among them.

    Args:
        guides: Both versions, and what they lead to.
        vocabulary: What names mean.
        now: The usual moment.
        currency: Of amounts.
        first: Statements whose borders matter most: where a variable has too many values, theirs are kept.
    """
    return _Collector(tuple(guides), vocabulary, now, currency, tuple(first)).collect()


class _Collector:
    def __init__(
        self, guides: tuple[k.Guide, ...], vocabulary: Vocabulary, now: datetime, currency: str,
        first: tuple[k.Statement, ...],
    ) -> None:  # fmt: skip
        self.guides, self.vocabulary, self.now, self.currency = guides, vocabulary, now, currency
        self.types: dict[str, t.Type] = {name: root.type for name, root in vocabulary.roots.items()}
        self.looked_up: dict[str, str] = {}
        self.reckoned: set[str] = set()
        self.picked: dict[str, str] = {}
        self.nodes = [node for guide in guides for node in _expressions((guide.body, guide.only_for))]
        nodes = (*_expressions(first), *self.nodes)
        self.beside = _texts_beside((*first, *(s for guide in guides for s in k.statements_within(guide.body))))
        self.literals = list({repr(n.value): n.value for n in nodes if isinstance(n, ex.Literal_)}.values())
        self.values: dict[str, tuple[Any, ...]] = {}
        self.lets: dict[str, ex.Expression] = {}

    def collect(self) -> Variables:
        statements = [s for guide in self.guides for s in k.statements_within(guide.body)]
        choices: dict[str, tuple[Any, ...]] = {}
        lists = {s.name: s.value for s in statements if isinstance(s, k.Let) and isinstance(s.value, ex.Expression)}
        self.lets = lists
        for statement in statements:
            match statement:
                case k.Need(name=name, kind="yes_no"):
                    self.types[name] = t.YES_NO
                case k.Need(name=name, kind="value", type_name=kind):
                    self.types.setdefault(name, self.need_type(kind or name))
                case k.Need(name=name, kind="one" | "some" | "each", choices=given, source=source):
                    if given:
                        choices[name] = (*choices.get(name, ()), *(choice.value for choice in given))
                    elif (at := _source(source, lists)) is not None and at != name:
                        self.picked.setdefault(name, at)
                        found = self.type_at(at)
                        item = found.item if isinstance(found, t.ListOf) else t.ANYTHING
                        self.types.setdefault(name, item if statement.kind == "one" else t.ListOf(item))
                case k.Let(name=name, value=LookUp(action=action)) | k.Do(name=str(name), action=action):
                    self.looked_up[action] = name
                    signature = (self.vocabulary.actions or {}).get(action)
                    if signature is not None and signature.result is not None:
                        self.types[name] = signature.result
                case k.Let(name=name):
                    self.reckoned.add(name)
            if isinstance(statement, k.Do) and statement.action not in k.BUILT_IN_ACTIONS:
                self.values[f"fails {statement.action}"] = (False, True)
            if isinstance(statement, k.Need) and statement.kind == "confirmation":
                self.values["agrees"] = (True, False)
        for name, given in choices.items():
            self.values[name] = tuple(dict.fromkeys(given))
        for node in self.nodes:
            self.from_node(node)
        for statement in statements:
            if isinstance(statement, k.Need) and statement.kind != "confirmation":
                self.from_need(statement)
        names = {name.split(".")[0].split("[")[0] for name in self.values} | set(self.looked_up.values())
        names |= {s.name for s in statements if isinstance(s, k.Need) and s.kind != "confirmation"}
        names |= {at.split(".")[0] for at in self.picked.values()}
        roots = {
            name: self.sample(self.types.get(name, t.ANYTHING), _DEPTH)
            for name in sorted(names)
            if " " not in name and name not in {"now", "agrees"}
        }
        ordered = {name: self.values[name] for name in sorted(self.values, key=lambda n: (n.count("."), n))}
        return Variables(ordered, roots, self.looked_up, self.picked)

    def from_node(self, node: ex.Expression) -> None:
        match node:
            case ex.Path():
                name = str(node)
                if node.root in {"now", "today"}:
                    self.values["now"] = self.moments()
                elif node.root in self.reckoned:
                    at = _stands_at(self.lets.get(node.root), self.lets)
                    if at is not None and node.parts:
                        self.add(".".join((at, *node.parts)), like=name)
                else:
                    self.add(name)
            case ex.Seems(text=text):
                self.values[f"seems {judgement_key(text)}"] = (False, True, None)
            case ex.Period():
                self.values["now"] = self.moments()
            case ex.Query(source=source) | ex.Quantified(source=source) | ex.Aggregate(source=source):
                at = _source(source, self.lets)
                for part in ex.walk(node) if at is not None else ():
                    if isinstance(part, ex.Its) and part.parts:
                        self.add(f"{at}[].{'.'.join(part.parts)}", like=f"its {'.'.join(part.parts)}")

    def from_need(self, need: k.Need) -> None:
        """What a Need must be, and that nobody knows it."""
        for must in need.musts:
            for part in ex.walk(must.condition):
                if isinstance(part, ex.Its):
                    self.add(".".join((need.name, *part.parts)), like=f"its {'.'.join(part.parts)}")
        if need.name not in self.values and need.name not in self.reckoned:
            self.values[need.name] = (self.sample(self.types.get(need.name, t.ANYTHING), _DEPTH), UNKNOWN)

    def add(self, name: str, *, like: str | None = None) -> None:
        """A variable, unless it is there.

        Args:
            name: Where it stands in the facts.
            like: What guides call it; the same by default.
        """
        if name not in self.values:
            self.values[name] = self.of_type(self.type_at(name.replace("[]", "")), self.beside.get(like or name, ()))

    def need_type(self, name: str) -> t.Type:
        return self.vocabulary.need_types.get(name, NEED_TYPES.get(name, t.TEXT))

    def type_at(self, path: str) -> t.Type:
        root, *parts = path.split(".")
        kind = self.types.get(root, t.ANYTHING)
        for part in parts:
            found = self.vocabulary.field(kind.item if isinstance(kind, t.ListOf) else kind, part)
            if found is None:
                return t.ANYTHING
            kind = found.type
        return kind

    def of_type(self, kind: t.Type, texts: tuple[str, ...] = ()) -> tuple[Any, ...]:
        """Candidates: the usual value, those at borders, none and unknown; of texts those that stand beside the variable."""
        found: list[Any] = [self.sample(kind, _DEPTH)]
        match kind:
            case t.YesNo():
                found += [True, False]
            case t.OneOf(values=values):
                found += [*values, *texts]
            case t.Text():
                found += [*texts, "something else"]
            case t.MoneyType():
                cents = [m.minor for m in self.of(Money)]
                found += [Money(minor=c + d, currency=self.currency) for c in cents for d in (0, -1, 1) if c + d >= 0]
                # two amounts that are held against one another differ by a cent, or by all
                found[1:1] = [Money(minor=minor, currency=self.currency) for minor in (4_999, 5_001, 0)]
            case t.Number():
                found += [Decimal(2), Decimal(0), *(n + d for n in self.of(Decimal) for d in (0, -1, 1))]
            case t.DurationType():
                found += [Duration(d.count + n, d.unit) for d in self.of(Duration) for n in (0, -1, 1)]
            case t.Percent():
                found += self.of(Percent)
            case t.Day():
                found += [moment.date() for moment in self.moments()]
            case t.Moment():
                found += self.moments()
            case t.ListOf(item=item):
                found += [(), (self.sample(item, _DEPTH),) * 2]
            case t.Record():
                pass
            case _:
                found += [*texts, *self.of(Decimal), *self.of(Money), True, False]
        unlike = list({repr(value): value for value in found}.values())
        return (*unlike[:MOST_VALUES], None, UNKNOWN)

    def of(self, kind: type) -> list[Any]:
        return [value for value in self.literals if isinstance(value, kind)]

    def moments(self) -> tuple[datetime, ...]:
        """The moment, and those a guide's durations and dates have their borders at."""
        found = [self.now, self.now - timedelta(days=2), self.now + timedelta(days=2)]
        for each in self.of(Duration):
            span = _span(each)
            found += [self.now - span + timedelta(hours=h) for h in (-25, 0, 25)] + [self.now + span]
        for days in self.of(Decimal):
            if 0 < days <= _MOST_DAYS:
                found += [self.now - timedelta(days=float(days) + n) for n in (0, -1, 1)]
        for day in self.of(date):
            found += [
                self.now.replace(year=day.year, month=day.month, day=day.day) + timedelta(days=n) for n in (0, -1, 1)
            ]
        return tuple(dict.fromkeys(found))[:_MOST_MOMENTS]

    def sample(self, kind: t.Type, depth: int) -> Any:
        match kind:
            case t.YesNo():
                return True
            case t.OneOf(values=values):
                return values[0] if values else "something"
            case t.MoneyType():
                return Money(minor=5_000, currency=self.currency)
            case t.Number():
                return Decimal(1)
            case t.DurationType():
                return Duration(Decimal(1), "days")
            case t.Percent():
                return Percent(Decimal(10))
            case t.Day():
                return self.now.date()
            case t.Moment():
                return self.now
            case t.ListOf(item=item):
                return (self.sample(item, depth - 1),) if depth > 0 else ()
            case t.Record(name=name) if depth > 0 and name in self.vocabulary.records:
                return {f: self.sample(k_.type, depth - 1) for f, k_ in self.vocabulary.records[name].fields.items()}
            case t.Record() | t.MapOf():
                return {}
            case t.Line(item=item):
                return self.sample(item, depth)
        return "something"


def facts_of(variables: Variables, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by name, in which each chosen value stands where its variable says."""
    facts = dict(variables.roots)
    # What is out of the ordinary comes last: two names may stand for one place, `order.total` and `customer.orders[].total`.
    usual = variables.candidates
    for name, value in sorted(chosen.items(), key=lambda item: item[1] is not usual.get(item[0], (None,))[0]):
        if " " not in name and name not in {"now", "agrees"}:
            root, *parts = name.replace("[]", ".[]").split(".")
            facts[root] = _set(facts.get(root, {}), parts, value)
            for _ in range(_DEPTH):
                if root not in variables.picked or not parts:
                    break
                root, *within = variables.picked[root].split(".")
                parts = [*within, *([] if parts[0] == "[]" else ["[]"]), *parts]
                facts[root] = _set(facts.get(root, {}), parts, value)
    return {name: value for name, value in facts.items() if value is not UNKNOWN}


def _texts_beside(statements: Iterable[k.Statement]) -> dict[str, tuple[str, ...]]:
    """For each name that is read, the texts that stand in one expression with it: what it is held against."""
    found: dict[str, dict[str, None]] = {}
    for statement in statements:
        for whole in _tops(_alone(statement)):
            parts = list(ex.walk(whole))
            texts = [each.value for each in parts if isinstance(each, ex.Literal_) and isinstance(each.value, str)]
            for each in parts if texts else ():
                if isinstance(each, (ex.Path, ex.Its)):
                    name = str(each) if isinstance(each, ex.Path) else f"its {'.'.join(each.parts)}"
                    found.setdefault(name, {}).update(dict.fromkeys(texts))
    return {name: tuple(texts) for name, texts in found.items()}


def _alone(statement: k.Statement) -> Any:
    """A statement without those below it."""
    return statement.condition if isinstance(statement, k.If) else statement


def _tops(node: Any) -> Iterator[ex.Expression]:
    """The outermost expressions within a node."""
    if isinstance(node, ex.Expression):
        yield node
    elif isinstance(node, (tuple, list)):
        for part in node:
            yield from _tops(part)
    elif is_dataclass(node) and not isinstance(node, type):
        for each in fields(node):
            yield from _tops(getattr(node, each.name))


def _stands_at(value: Any, lets: Mapping[str, ex.Expression]) -> str | None:
    """Where in the facts stands what a name was given: `customer.loyalty`, or `order.returns[]` for one of a list."""
    if isinstance(value, ex.Path):
        if value.root not in lets:
            return str(value)
        at = _stands_at(lets[value.root], {name: each for name, each in lets.items() if name != value.root})
        return None if at is None else ".".join((at, *value.parts))
    if isinstance(value, ex.Take) and value.count is None:
        at = _source(value.source, lets)
        return None if at is None else f"{at}[]"
    return None


def _source(source: ex.Expression | None, lists: Mapping[str, ex.Expression]) -> str | None:
    """Where the list stands that something is picked from; None where it is no list of facts."""
    for _ in range(8):
        if isinstance(source, (ex.Query, ex.Take)):
            source = source.source
        elif isinstance(source, ex.Path) and source.root in lists and not source.parts:
            source = lists[source.root]
        else:
            break
    return str(source) if isinstance(source, ex.Path) and source.root not in lists else None


def _set(at: Any, parts: list[str], value: Any) -> Any:
    if not parts:
        return value
    if parts[0] == "[]":
        return tuple(_set(each, parts[1:], value) for each in at) if isinstance(at, tuple) else at
    if at is None or at is UNKNOWN:
        return at
    if isinstance(at, tuple):
        return tuple(_set(each, parts, value) for each in at)
    inner = dict(at) if isinstance(at, Mapping) else {}
    made = _set(inner.get(parts[0], {}), parts[1:], value)
    if made is UNKNOWN:
        inner.pop(parts[0], None)
    else:
        inner[parts[0]] = made
    return inner


def _span(duration: Duration) -> timedelta:
    days = {"month": 30, "year": 365, "week": 7, "hour": 1 / 24, "minute": 1 / 1440, "second": 1 / 86400}
    size = next((n for unit, n in days.items() if unit in str(duration.unit)), 1)
    return timedelta(days=min(float(duration.count) * size, 36_500))


def _expressions(node: Any) -> Iterator[ex.Expression]:
    """Every expression within statements."""
    if isinstance(node, ex.Expression):
        yield from ex.walk(node)
    elif isinstance(node, (tuple, list)):
        for part in node:
            yield from _expressions(part)
    elif is_dataclass(node) and not isinstance(node, type):
        for each in fields(node):
            yield from _expressions(getattr(node, each.name))
