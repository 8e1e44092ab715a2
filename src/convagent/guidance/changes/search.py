"""Looks for the plainest input that tells two versions of a guide apart.

Inputs are played on both versions, through the interpreter. The usual one comes first. From each that reads what none before it
did, one variable at a time is changed; those that come to a changed statement go first, and of their variables those that the
statement hangs on: by themselves, then two of them together. What is left of the tries is drawn at random, with a fixed seed. No
proof: that nothing was found doesn't mean that nobody is treated otherwise.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, count, islice, product
from typing import Any

from convagent.guidance.changes.inputs import Variables, variables_of
from convagent.guidance.changes.played import Played, play
from convagent.guidance.changes.shape import shape
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language import expressions as ex
from convagent.guidance.language.unparse import literal_text
from convagent.guidance.schema.vocabulary import Vocabulary
from convagent.guidance.values import UNKNOWN

__all__ = ["TRIES", "Difference", "Search"]

TRIES = 1_500
"""Inputs that are tried for one guide, unless told otherwise."""

_RANDOM_SHARE = 4
"""One of so many tries is left for what is drawn at random."""

_TOGETHER = 6
"""Of each of two variables that are changed together so many values are tried."""

_NEARLY = 3
"""From an input that falls less than so many statements short, two variables are changed together."""

_AT_ONCE = 150
"""So many inputs with one variable changed, then so many with two, are tried in turn."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An input for which two versions differ.

    Attributes:
        given: What is out of the ordinary, in words: `order.status` and its value.
        before: What the old version does.
        now: What the new one does.
    """

    given: tuple[tuple[str, str], ...]
    before: tuple[str, ...]
    now: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {"given": dict(self.given), "before": list(self.before), "now": list(self.now)}


class Search:
    """Looks for inputs that tell two guides apart.

    Args:
        old: All guides as they were.
        new: As they are.
        vocabulary: What names mean, to the new version.
        now: The usual moment.
        currency: Of the amounts that are tried.
        tries: Inputs that are tried for one guide, 1 or more.
    """

    def __init__(
        self, old: k.Kernel, new: k.Kernel, vocabulary: Vocabulary, now: datetime, currency: str, tries: int
    ) -> None:
        self.old, self.new, self.vocabulary = old, new, vocabulary
        self.now, self.currency, self.tries = now, currency, tries

    def difference(self, a: k.Guide, b: k.Guide) -> Difference | None:
        """The plainest input that was found, or None.

        Args:
            a: The old version.
            b: The new one.
        """
        changed = (_Changed.of(a, b), _Changed.of(b, a))
        guides = [a, b, *_goes_on(a, self.old), *_goes_on(b, self.new)]
        statements = [each for one in changed for each in one.statements.values()]
        variables = variables_of(guides, self.vocabulary, now=self.now, currency=self.currency, first=statements)
        for changes in self._tried(a, b, variables, changed):
            return self._plainest(a, b, variables, changes)
        return None

    def _tried(
        self, a: k.Guide, b: k.Guide, variables: Variables, changed: tuple[_Changed, _Changed]
    ) -> Iterator[dict[str, Any]]:
        """Inputs that tell the two apart; at most `tries` are looked at."""
        usual = variables.usual()
        near = _near(variables, [each for one in changed for each in one.statements.values()], (a, b))
        rest = {name: variables.candidates[name][1:] for name in [*near, *(n for n in usual if n not in near)]}
        rest = {name: values for name, values in rest.items() if values}
        seen: set[tuple[str, str]] = set()
        known: set[str] = set()
        waiting = _Waiting(rest, near)
        drawn = _drawn(rest, f"{a.title}/{b.title}")
        left, at_random = self.tries, self.tries // _RANDOM_SHARE
        while left > 0:
            changes = waiting.next() if left > at_random else None
            is_drawn = changes is None
            changes = next(drawn) if changes is None else changes
            key = repr(sorted(changes.items(), key=lambda item: item[0]))
            left -= is_drawn or key not in known  # of what is drawn there may be nothing new left
            if key in known:
                continue
            known.add(key)
            before, now = self._both(a, b, variables, {**usual, **changes})
            if before.lines != now.lines:
                yield changes
            if new := (before.seen | now.seen) - seen:
                seen |= new
                waiting.add(changes, min(changed[0].distance(before), changed[1].distance(now)))

    def _both(self, a: k.Guide, b: k.Guide, variables: Variables, chosen: Mapping[str, Any]) -> tuple[Played, Played]:
        """What both versions do."""
        return (
            play(a, self.old, variables, chosen, vocabulary=self.vocabulary, now=self.now),
            play(b, self.new, variables, chosen, vocabulary=self.vocabulary, now=self.now),
        )

    def _plainest(self, a: k.Guide, b: k.Guide, variables: Variables, changes: Mapping[str, Any]) -> Difference:
        """The input with as much as possible as usual."""
        usual, left = variables.usual(), dict(changes)

        def differ(some: Mapping[str, Any]) -> bool:
            before, now = self._both(a, b, variables, {**usual, **some})
            return before.lines != now.lines

        for name in list(left):
            without = {key: value for key, value in left.items() if key != name}
            if differ(without):
                left = without
        for name in [key for key, value in left.items() if value is UNKNOWN or value is None]:
            for value in variables.candidates[name]:  # what is known makes the plainer story
                other = {**left, name: value}
                if value is not UNKNOWN and value is not None and differ(other):
                    left = other
                    break
        before, now = self._both(a, b, variables, {**usual, **left})
        given = [(name, self._told(name, value)) for name, value in list(left.items())[:12]]
        return Difference(tuple(given), before.lines, now.lines)

    def _told(self, name: str, value: Any) -> str:
        if isinstance(value, datetime) and name != "now":
            days = round((self.now - value).total_seconds() / 86_400, 1)
            when = "now" if not days else f"{abs(days):g} days {'ago' if days > 0 else 'from now'}"
            return f"{value.isoformat(sep=' ', timespec='minutes')}, {when}"
        return _value(value)


@dataclass(frozen=True)
class _Changed:
    """What the other version of a guide hasn't got, or has at another place.

    Attributes:
        statements: Those statements by their address.
        order: The place of each statement of the guide, by its address.
    """

    statements: Mapping[str, k.Statement]
    order: Mapping[str, int]

    @classmethod
    def of(cls, guide: k.Guide, other: k.Guide) -> _Changed:
        """What is changed in one of two versions."""
        mine, theirs = ([*k.statements_within(each.body)] for each in (guide, other))
        own, there = ([repr(shape(_alone(each), texts=False)) for each in some] for some in (mine, theirs))
        left = Counter(own) - Counter(there)
        found = {each.address: each for each, key in zip(mine, own, strict=True) if left[key]}
        if not found:  # in another order, or without what stood there
            moved = [n for n, (x, y) in enumerate(zip(own, there, strict=False)) if x != y]
            first = moved[0] if moved else min(len(own), len(there))
            last = moved[-1] if moved and len(own) == len(there) else first
            found = {each.address: each for each in mine[max(first - 1, 0) : last + 1]}
        return cls(found, {each.address: n for n, each in enumerate(mine)})

    def distance(self, played: Played) -> int:
        """How many statements an input falls short of one that changed: 0 where it comes to it."""
        seen = sorted(self.order[address] for address, _ in played.seen if address in self.order)
        short = [
            self.order[address] - max((at for at in seen if at <= self.order[address]), default=-1)
            for address in self.statements
        ]
        return min(short, default=0)


def _alone(statement: k.Statement) -> Any:
    """A statement without those below it."""
    return (statement.condition, statement.goes_on) if isinstance(statement, k.If) else statement


def _near(variables: Variables, changed: Iterable[k.Statement], guides: Iterable[k.Guide]) -> list[str]:
    """The variables that changed statements hang on, directly or by what is reckoned from them, the nearest first."""
    reckoned = {
        each.name: each.value for guide in guides for each in k.statements_within(guide.body) if isinstance(each, k.Let)
    }
    found: dict[str, None] = {}
    names: dict[str, None] = {}
    queue: list[Any] = [part for each in changed for part in _parts(each)]
    while queue:
        node = queue.pop(0)
        for part in ex.walk(node) if isinstance(node, ex.Expression) else ():
            path = str(part) if isinstance(part, (ex.Path, ex.Its)) else ""
            root = path.split(".")[0].split("[")[0]
            if isinstance(part, ex.Its):
                path = "." + ".".join(part.parts)
            if isinstance(part, ex.Seems):
                names.setdefault("seems ")
            if root in {"now", "today"} or isinstance(part, ex.Period):
                names.setdefault("now")
            if path and path not in names:
                names[path] = None
                if root in reckoned:
                    queue.append(reckoned[root])
    for name in names:
        for each in variables.candidates:
            own = each == name or each.startswith(f"{name}.") or name.startswith(f"{each}.")
            if own or (name.startswith(".") and each.endswith(name)) or (name == "seems " and each.startswith(name)):
                found.setdefault(each)
    return list(found)


def _parts(statement: k.Statement) -> Iterator[ex.Expression]:
    match statement:
        case k.If(condition=ex.Expression() as condition):
            yield condition
        case k.Need(name=name, source=source, musts=musts):
            yield ex.Path(statement.span, name)
            yield from ([source] if source is not None else [])
            yield from (must.condition for must in musts)
        case k.Let(value=ex.Expression() as value):
            yield value
        case k.Do(arguments=arguments):
            yield from (each.value for each in arguments)


def _goes_on(guide: k.Guide, kernel: k.Kernel) -> list[k.Guide]:
    """The guides that a guide goes on in; what gives its Needs is taken as given."""
    out: dict[str, k.Guide] = {}
    queue = [guide]
    while queue:
        for statement in k.statements_within(queue.pop().body):
            if isinstance(statement, k.GoTo) and statement.gives is None:
                other = kernel.guide(statement.title)
                if other is not None and other.title not in out and other.title != guide.title:
                    out[other.title] = other
                    queue.append(other)
    return list(out.values())


_Queued = list[tuple[int, int, int, Iterator[dict[str, Any]]]]


class _Waiting:
    """What is to be tried beside inputs that read something new: the nearest to a changed statement first.

    One variable is changed, and in turn with that two of those that matter.

    Args:
        rest: The values of each variable, without the usual one.
        near: The variables that matter.
    """

    def __init__(self, rest: Mapping[str, tuple[Any, ...]], near: Iterable[str]) -> None:
        self.rest, self.near = rest, tuple(near)
        self._number = count()
        self._ones: _Queued = []
        self._twos: _Queued = []
        self._pending: Iterator[dict[str, Any]] = iter([{}])

    def add(self, changes: Mapping[str, Any], short: int) -> None:
        """An input, with how many statements it falls short of a changed one."""
        key = (short, len(changes), next(self._number))
        heapq.heappush(self._ones, (*key, _one_more(changes, self.rest)))
        if short < _NEARLY:
            heapq.heappush(self._twos, (*key, _two_more(changes, self.rest, self.near)))

    def next(self) -> dict[str, Any] | None:
        """The next input; None where none is left."""
        while True:
            found = next(self._pending, None)
            if found is not None:
                return found
            queues = [queue for queue in (self._ones, self._twos) if queue]
            if not queues:
                return None
            queue = queues[next(self._number) % len(queues)]
            short, changed, number, more = heapq.heappop(queue)
            some = list(islice(more, _AT_ONCE))
            if len(some) == _AT_ONCE:
                heapq.heappush(queue, (short, changed, number, more))
            self._pending = iter(some)


def _one_more(changes: Mapping[str, Any], rest: Mapping[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """An input with one variable changed."""
    for name, values in rest.items():
        yield from ({**changes, name: value} for value in values)


def _two_more(
    changes: Mapping[str, Any], rest: Mapping[str, tuple[Any, ...]], near: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """An input with two of the variables changed that matter."""
    for one, other in combinations([name for name in near if name in rest], 2):
        for x, y in product(rest[one][:_TOGETHER], rest[other][:_TOGETHER]):
            yield {**changes, one: x, other: y}


def _drawn(rest: Mapping[str, tuple[Any, ...]], seed: str) -> Iterator[dict[str, Any]]:
    """Inputs at random, for ever: few variables changed, half of them, most."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in count():
        share = (0.15, 0.5, 0.85)[number % 3]
        yield {name: chance.choice(values) for name, values in rest.items() if chance.random() < share}


def _value(value: Any) -> str:
    if value is UNKNOWN:
        return "unknown"
    if isinstance(value, tuple):
        return f"{len(value)} of them" if value else "empty"
    if isinstance(value, Mapping):
        return "a usual one"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return literal_text(value)
