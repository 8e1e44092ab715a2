"""The kernel read naively: what the interpreter must come to, reckoned without laziness, caches, states or re-reading.

It knows `If`, `Let` (also of a name that was given before), `Say`, `refuse`, `Need` (a value, one of written choices, some of
a list, and any of these for each element of what was picked), `Ask`, `each of`, `Gives` (guides that give a Need, in turn with
Needs of their own), `Do`, `HandOver` and `GoTo`, over numbers, texts, yes and no, records, none and the unknown. A guide is read once, in one turn of a customer who says nothing of use. Values and logic are
written anew here: nothing is shared with the interpreter but the syntax tree and the wording of values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tests.guidance.reader import NOW

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language import expressions as ex
from convagent.guidance.wording import Wording

__all__ = ["NOTHING_KNOWN", "Outcome", "read_each_naively", "read_naively"]


class _NothingKnown:
    def __repr__(self) -> str:
        return "nothing known"


NOTHING_KNOWN: Any = _NothingKnown()


@dataclass
class Outcome:
    """What a guide came to."""

    status: str = "done"
    said: list[str] = field(default_factory=list)
    done: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    asked: tuple[str, ...] = ()
    reason: str = ""


class _Stop(Exception):  # noqa: N818 - nothing is wrong
    """The reading ends here."""

    def __init__(self, status: str, *, asked: tuple[str, ...] = (), reason: str = "", early: bool = False) -> None:
        super().__init__(status)
        self.status, self.asked, self.reason = status, asked, reason
        self.early = early
        """It was to be found out before the first write."""


def read_naively(guide: k.Guide, facts: Mapping[str, Any], *others: k.Guide) -> Outcome:
    """Reads a guide from top to bottom.

    “Everything up to the last write is gathered before the first”: when the reading stops for something that a write
    behind needs, it stops before the first write instead.
    """
    reading = _Reading(facts, others)
    outcome = reading.outcome
    try:
        reading.block(guide.body, ())
    except _Stop as stop:
        outcome.status, outcome.asked, outcome.reason = stop.status, stop.asked, stop.reason
        if stop.early and reading.said_before_writes is not None:
            outcome.done.clear()
            del outcome.said[reading.said_before_writes :]
    return outcome


def read_each_naively(guide: k.Guide, name: str, picks: Sequence[Any], facts: Mapping[str, Any]) -> Outcome:
    """Reads a guide with `Need NAME: each of …`, the picks being known: from where it first matters, once for each pick.

    A guide that a pick hands over ends there; one that every pick is refused by is refused.
    """
    body = [statement for statement in guide.body if not isinstance(statement, k.Need)]
    first = next((at for at, statement in enumerate(body) if name in k.depends_on(statement)), len(body))
    whole = read_naively(replace(guide, body=tuple(body[:first])), facts)
    if first == len(body):
        return whole
    statuses = []
    for pick in picks:
        outcome = read_naively(replace(guide, body=tuple(body[first:])), {**facts, name: pick})
        whole.said += outcome.said
        whole.done += outcome.done
        statuses.append(outcome.status)
        if outcome.status == "handed_over":
            whole.status, whole.reason = outcome.status, outcome.reason
            return whole
    whole.status = "refused" if set(statuses) == {"refused"} else "done"
    return whole


class _Reading:
    def __init__(self, facts: Mapping[str, Any], others: Sequence[k.Guide]) -> None:
        self.others = {guide.title: guide for guide in others}
        self.givers = {guide.gives: guide for guide in others if guide.gives is not None}
        self.facts = facts
        self.gifts: dict[str, tuple[Any, _Stop]] = {}
        """By Need: what its giving guide gives, and how that ended: it gave, asks, or hands over."""
        self.gave: Any = NOTHING_KNOWN
        self.lets: dict[str, tuple[Any, list[str]]] = {}
        self.needs: dict[str, k.Need] = {}
        self.element: Any = None
        """What `its` is of."""
        self.outcome = Outcome()
        self.said_before_writes: int | None = None

    # ---- statements
    def block(self, block: Sequence[k.Statement], behind: Sequence[k.Statement]) -> bool:
        return all(self.statement(statement, (*block[place + 1 :], *behind)) for place, statement in enumerate(block))

    def statement(self, statement: k.Statement, behind: tuple[k.Statement, ...]) -> bool:
        match statement:
            case k.Need(name=name):
                self.needs[name] = statement
                if statement.fresh:  # asked where it stands, whatever is known
                    raise _Stop("asked", asked=(name,))
            case k.Let(name=name, value=value):
                assert isinstance(value, ex.Expression)
                known, lacks = self.value(value)
                self.lets[name] = (known, lacks[:1])
            case k.If():
                return self.branch(statement, behind)
            case k.Say():
                self.say(statement, early=self.writes(behind))
                if statement.ends:
                    raise _Stop(statement.ends)
            case k.Do():
                self.do(statement)
            case k.GoTo(gives=str(), value=ex.Expression() as value):
                self.gave, lacks = self.value(value)
                self.all_known([(self.gave, lacks)], early=False)
                raise _Stop("gave")
            case k.GoTo(title=title):
                self.lets, self.needs = {}, {}
                self.block(self.others[title].body, ())
                raise _Stop("done")
            case k.HandOver(reason=reason):
                raise _Stop("handed_over", reason=reason)
        return True

    def branch(self, statement: k.If, behind: tuple[k.Statement, ...]) -> bool:
        if statement.condition is not None:
            opened, lacks = self.truth(statement.condition)
            if opened is NOTHING_KNOWN:
                self.stop(lacks, early=self.writes((*statement.body, *behind)))
            if not opened:
                return True
        self.block(statement.body, behind if statement.goes_on else ())
        if statement.goes_on:
            return True
        raise _Stop("done")

    def say(self, statement: k.Say, *, early: bool) -> None:
        words: list[str] = []
        found: list[tuple[Any, list[str]]] = []
        for piece in statement.text.template.split("{{"):
            name, mark, rest = piece.partition("}}")
            if not mark:
                words.append(piece)
                continue
            value, lacks = self.named(name.strip())
            found.append((NOTHING_KNOWN if value is None else value, lacks))
            words.append("" if value in (NOTHING_KNOWN, None) else Wording("en", NOW).text(value))
            words.append(rest)
        self.all_known(found, early=early)
        self.outcome.said.append("".join(words))

    def do(self, statement: k.Do) -> None:
        found = [self.value(argument.value) for argument in statement.arguments]
        self.all_known(found, early=True)
        if self.said_before_writes is None:
            self.said_before_writes = len(self.outcome.said)
        values = {argument.name: value for argument, (value, _) in zip(statement.arguments, found, strict=True)}
        self.outcome.done.append((statement.action, values))

    def all_known(self, found: Sequence[tuple[Any, list[str]]], *, early: bool) -> None:
        """Stops for the first value that is not known, and asks for what was declared first of all that lacks."""
        first = next((lacks for value, lacks in found if value is NOTHING_KNOWN), None)
        if first is None:
            return
        lacking = [name for value, lacks in found if value is NOTHING_KNOWN for name in lacks]
        order = list(self.needs)
        # Nothing is asked for where something else that lacks is handed over anyway.
        lacking.sort(key=lambda name: (not self.handed_over(name), order.index(name.partition("[")[0])))
        self.stop(lacking if first else [], early=early)

    def stop(self, lacks: Sequence[str], *, early: bool) -> None:
        """Asks for the first Need that lacks; hands over when nobody could be asked."""
        if not lacks:
            raise _Stop("handed_over", reason="missing_knowledge", early=early)
        ends = self.gifts[lacks[0]][1] if lacks[0] in self.gifts else None
        if ends is not None and ends.status == "handed_over":
            raise _Stop("handed_over", reason=ends.reason, early=early)
        raise _Stop("asked", asked=ends.asked if ends is not None else (lacks[0],), early=early)

    def handed_over(self, name: str) -> bool:
        """Whether the guide that gives a Need hands over."""
        return name in self.gifts and self.gifts[name][1].status == "handed_over"

    def given(self, name: str) -> Any:
        """What the guide that gives a Need comes to: a value, or nothing yet and a question of its own."""
        if name not in self.gifts:
            inner = _Reading(self.facts, tuple(self.others.values()))
            try:
                inner.block(self.givers[name].body, ())
            except _Stop as stop:
                self.gifts[name] = (inner.gave, stop)
        return self.gifts[name][0]

    def writes(self, block: Sequence[k.Statement]) -> bool:
        """Whether there is a write in a block, or in the guide that it goes on in."""
        return any(
            isinstance(part, k.Do)
            or (isinstance(part, k.GoTo) and part.gives is None and self.writes(self.others[part.title].body))
            for part in _within(block)
        )

    # ---- values: each with the Needs that would have to be asked for
    def named(self, path: str) -> tuple[Any, list[str]]:
        name, _, part = path.partition(".")
        if part:
            return self.of_all(self.named(name), part)
        if name in self.lets:
            return self.lets[name]
        fact = self.facts.get(name, NOTHING_KNOWN)
        need = self.needs.get(name)
        if need is None:
            return fact, []
        if (fact is None or fact is NOTHING_KNOWN) and need.kind == "value" and name in self.givers:
            fact = self.given(name)
        if need.kind == "some":
            return self.picked(need, fact)
        return self.taken(need, fact, [choice.value for choice in need.choices], name)

    def taken(self, need: k.Need, fact: Any, choices: Sequence[Any], name: str) -> tuple[Any, list[str]]:
        """What is known for a Need, if it is among what there is to choose from; the only choice of a list needs no asking."""
        if need.kind == "one":
            found = [choice for choice in choices if fact is not NOTHING_KNOWN and _same(choice, fact) is True]
            if not found and need.source is not None and len(choices) == 1:
                found = list(choices)
            return (found[0], []) if found else (NOTHING_KNOWN, [name])
        return (NOTHING_KNOWN, [name]) if fact is None or fact is NOTHING_KNOWN else (fact, [])

    def picked(self, need: k.Need, fact: Any) -> tuple[Any, list[str]]:
        """What was picked from a list: what is known to be; all of it where there is but one."""
        assert need.source is not None
        choices, _ = self.value(need.source)
        if choices is NOTHING_KNOWN:
            return NOTHING_KNOWN, []
        picks = fact if fact is not NOTHING_KNOWN else choices if len(choices) == 1 else None
        return (NOTHING_KNOWN, [need.name]) if picks is None else (picks, [])

    def of_all(self, found: tuple[Any, list[str]], part: str) -> tuple[Any, list[str]]:
        """What each element of a list has or is needed for it; unknown while it is for one of them."""
        if found[0] is NOTHING_KNOWN:
            return found
        parts = [self.of_one(element, part) for element in found[0]]
        lacks = [name for value, names in parts if value is NOTHING_KNOWN for name in names]
        known = all(value is not NOTHING_KNOWN for value, _ in parts)
        return (tuple(value for value, _ in parts), []) if known else (NOTHING_KNOWN, lacks)

    def of_one(self, element: Mapping[str, Any], part: str) -> tuple[Any, list[str]]:
        """What an element has, or what is needed for it: one answer for each, which goes by the element's id."""
        need = self.needs.get(part)
        if need is None:
            return element.get(part, NOTHING_KNOWN), []
        choices: Sequence[Any] = [choice.value for choice in need.choices]
        if need.source is not None:
            assert isinstance(need.source, ex.Path)
            assert need.source.root == need.each_name
            choices = element[need.source.parts[0]]
        return self.taken(need, self.facts.get(part, NOTHING_KNOWN), choices, f"{part}[{element['id']}]")

    def truth(self, node: ex.Expression) -> tuple[Any, list[str]]:
        value, lacks = self.value(node)
        if value is NOTHING_KNOWN or isinstance(value, bool):
            return value, lacks
        return (value is not None and value != "", [])

    def value(self, node: ex.Expression) -> tuple[Any, list[str]]:
        match node:
            case ex.Literal_(value=value):
                return value, []
            case ex.Path():
                return self.named(str(node))
            case ex.Its(parts=(part,)):
                return self.of_one(self.element, part)
            case ex.Quantified(kind=kind, source=source, where=where):
                return self.quantified(kind, self.value(source), where)
            case ex.Not(item=item):
                opened, lacks = self.truth(item)
                return (NOTHING_KNOWN, lacks) if opened is NOTHING_KNOWN else (not opened, [])
            case ex.And(items=items) | ex.Or(items=items):
                return self.joined(items, decides=isinstance(node, ex.Or))
            case ex.IsKnown(item=item, negated=negated):
                return (self.value(item)[0] is not NOTHING_KNOWN) != negated, []
            case ex.IsNone(item=item, negated=negated):
                value, lacks = self.value(item)
                return (NOTHING_KNOWN, lacks) if value is NOTHING_KNOWN else ((value is None) != negated, [])
            case ex.Compare(op=op, left=left, right=right):
                return self.paired(left, right, lambda one, other: _compared(op, one, other))
            case ex.Arithmetic(op=op, left=left, right=right):
                return self.paired(left, right, lambda one, other: _reckoned(op, one, other))
        raise TypeError(type(node).__name__)

    def joined(self, items: Sequence[ex.Expression], *, decides: bool) -> tuple[Any, list[str]]:
        """`and` (decided by a no) and `or` (decided by a yes)."""
        unknown, lacks = False, []
        for item in items:
            opened, missing = self.truth(item)
            if opened is decides:
                return decides, []
            if opened is NOTHING_KNOWN:
                unknown = True
                lacks += missing
        return (NOTHING_KNOWN, lacks) if unknown else (not decides, [])

    def quantified(self, kind: str, found: tuple[Any, list[str]], where: ex.Expression) -> tuple[Any, list[str]]:
        """`any` (decided by one that fits) and `all` (decided by one that doesn't)."""
        if found[0] is NOTHING_KNOWN:
            return found
        opened: list[tuple[Any, list[str]]] = []
        for self.element in found[0]:
            opened.append(self.truth(where))
        self.element = None
        if any(value is (kind == "any") for value, _ in opened):
            return kind == "any", []
        lacks = [name for value, names in opened if value is NOTHING_KNOWN for name in names]
        unknown = any(value is NOTHING_KNOWN for value, _ in opened)
        return (NOTHING_KNOWN, lacks) if unknown else (kind == "all", [])

    def paired(self, left: ex.Expression, right: ex.Expression, op: Any) -> tuple[Any, list[str]]:
        (one, lacks), (other, more) = self.value(left), self.value(right)
        lacks = [*(lacks if one is NOTHING_KNOWN else ()), *(more if other is NOTHING_KNOWN else ())]
        if NOTHING_KNOWN in (one, other):
            return NOTHING_KNOWN, lacks
        return op(one, other), []


def _same(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return one is other
    kinds = [
        next(kind for kind in (bool, str, Decimal) if isinstance(value, kind)) for value in (one, other)
    ]  # fmt: skip
    if kinds[0] is not kinds[1]:
        return NOTHING_KNOWN
    return one.casefold() == other.casefold() if kinds[0] is str else one == other


def _compared(op: str, one: Any, other: Any) -> Any:
    if op in {"is", "is not"}:
        same = _same(one, other)
        return same if same is NOTHING_KNOWN else same == (op == "is")
    if not (isinstance(one, Decimal) and isinstance(other, Decimal)):
        both_texts = isinstance(one, str) and isinstance(other, str)
        if not both_texts:
            return NOTHING_KNOWN
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[op]


def _reckoned(op: str, one: Any, other: Any) -> Any:
    if not (isinstance(one, Decimal) and isinstance(other, Decimal)) or (op == "/" and other == 0):
        return NOTHING_KNOWN
    return one + other if op == "+" else one - other if op == "-" else one * other if op == "*" else one / other


def _within(block: Sequence[k.Statement]) -> Iterator[k.Statement]:
    for statement in block:
        yield statement
        if isinstance(statement, k.If):
            yield from _within(statement.body)
