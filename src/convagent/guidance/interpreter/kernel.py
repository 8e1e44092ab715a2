"""The kernel: eight statements, in whose terms everything else is written.

The interpreter, its reference in the tests and the proofs know only these. `desugar` turns the syntax tree into them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from convagent.guidance.findings.finding import Span
from convagent.guidance.language.expressions import Expression, roots
from convagent.guidance.language.memo import memo_by_identity
from convagent.guidance.language.syntax import Argument, AtMost, Choice, Judgement, LookUp, Must, On, Text, When, Within
from convagent.guidance.language.templates import roots_of

__all__ = [
    "ADVICE_ABOUT",
    "ADVISE_TAKES",
    "BUILT_IN_ACTIONS",
    "Block",
    "Do",
    "Else",
    "GoTo",
    "Guide",
    "HandOver",
    "If",
    "Kernel",
    "Let",
    "Need",
    "Never",
    "Say",
    "Statement",
    "depends_on",
    "leads_to",
    "needs_of",
    "statements_within",
]

ADVICE_ABOUT = ("find", "compare", "complement", "alternative", "upgrade", "fit", "shade", "bundle", "price")
"""What `do advise with about = …` may say that a request is about; the shopping assistant reads it from the words otherwise."""

ADVISE_TAKES = ("about", "words")
"""What `do advise` takes: what it is about, and the words that it reads in place of the customer's."""

BUILT_IN_ACTIONS = frozenset({"answer", "recommend", "advise", "offer", "tag", "close", "set", "snooze"})
"""Actions of the language itself: they change nothing outside the conversation and need no registry."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Base. `address` is the guide's title and the statement's number: `Return items/7`."""

    address: str
    span: Span = field(compare=False, repr=False)

    @property
    def guide(self) -> str:
        """Title of the guide that it stands in."""
        return self.address.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Else:
    """What a Need comes to when the customer's answer fits none of its choices."""

    value: Expression | None = None
    refuse: Text | None = None
    say: Text | None = None
    hand_over: HandOver | None = None


@dataclass(frozen=True, slots=True)
class Need(Statement):
    """Something that must be known. `kind` as in the syntax tree, `confirmation` for the yes to the `do`s after it.

    `fresh` needs are never filled from earlier messages. `group` and `alternative` tie together names that stand for one
    another: any alternative of a group suffices when all its names are known.
    """

    name: str
    kind: Literal["value", "yes_no", "one", "some", "each", "confirmation"]
    type_name: str | None = None
    choices: tuple[Choice, ...] = ()
    source: Expression | None = None
    each_name: str | None = None
    each_source: Expression | None = None
    ask: Text | None = None
    musts: tuple[Must, ...] = ()
    otherwise: Else | None = None
    within: Within | None = None
    fresh: bool = False
    group: str | None = None
    alternative: int = 0


@dataclass(frozen=True, slots=True)
class Let(Statement):
    """A name for a value or a look-up's result; reckoned when something depends on it."""

    name: str
    value: Expression | LookUp


@dataclass(frozen=True, slots=True)
class If(Statement):
    """A branch; when it opens, the guide ends after it unless `goes_on`. `condition` None stands for Otherwise."""

    condition: Expression | None
    body: Block
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Say(Statement):
    """A text for the customer. `ends` with the guide: `refused` marks the request as not done, `nothing_done` a no."""

    text: Text
    free: bool = False
    ends: Literal["", "refused"] = ""


@dataclass(frozen=True, slots=True)
class Do(Statement):
    """An action through its preconditions; built-in ones run within the conversation."""

    action: str
    arguments: tuple[Argument, ...]
    name: str | None = None
    failure: Block | None = None


@dataclass(frozen=True, slots=True)
class HandOver(Statement):
    """To a person."""

    team: str | None = None
    urgent: bool = False
    reason: str = "guidance"
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class GoTo(Statement):
    """On in another guide; `gives` instead names what a providing guide comes to."""

    title: str = ""
    gives: str | None = None
    value: Expression | None = None


@dataclass(frozen=True, slots=True)
class Never(Statement):
    """What binds the whole shop."""

    action: str | None = None
    words: tuple[str, ...] = ()
    when: Expression | None = None
    unless: Expression | None = None


Block = tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide in kernel terms."""

    title: str
    file: str
    span: Span = field(compare=False, repr=False)
    body: Block
    safeguard: bool = False
    each_time: bool = False
    gives: str | None = None
    when: When | None = None
    on: On | None = None
    only_for: Expression | None = None
    at_most: AtMost | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kernel:
    """All guides of a shop, the rules that bind them all, and the judgements that they share with their examples."""

    guides: tuple[Guide, ...]
    nevers: tuple[Never, ...] = ()
    judgements: tuple[Judgement, ...] = ()

    @cached_property
    def _by_title(self) -> Mapping[str, Guide]:
        return {guide.title.casefold(): guide for guide in reversed(self.guides)}

    @cached_property
    def _by_what_it_gives(self) -> Mapping[str, tuple[Guide, ...]]:
        found: dict[str, tuple[Guide, ...]] = {}
        for guide in self.guides:
            if guide.gives is not None:
                found[guide.gives] = (*found.get(guide.gives, ()), guide)
        return found

    @cached_property
    def _by_event(self) -> Mapping[str, tuple[Guide, ...]]:
        found: dict[str, tuple[Guide, ...]] = {}
        for guide in self.guides:
            if guide.on is not None:
                found[guide.on.event] = (*found.get(guide.on.event, ()), guide)
        return found

    @cached_property
    def _reached(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def safeguards(self) -> tuple[Guide, ...]:
        """The guides that are tried on every message, in order."""
        return tuple(guide for guide in self.guides if guide.safeguard)

    def guide(self, title: str) -> Guide | None:
        """The guide of that title, whatever the case of its letters; the first where several share it."""
        return self._by_title.get(title.strip().casefold())

    def waiting_for(self, event: str) -> tuple[Guide, ...]:
        """The guides that wait for an event, in order."""
        return self._by_event.get(event, ())

    def actions_reached(self, title: str) -> frozenset[str]:
        """The registered actions that a guide does, or one that it goes on in; none where there is no such guide."""
        if title not in self._reached:
            found: set[str] = set()
            seen, queue = set[str](), [title]
            while queue:
                guide = self.guide(queue.pop())
                if guide is None or guide.title in seen:
                    continue
                seen.add(guide.title)
                for statement in guide.body:
                    actions, titles = leads_to(statement)
                    found |= actions
                    queue.extend(titles)
            self._reached[title] = frozenset(found)
        return self._reached[title]

    def giver(self, name: str, *, other_than: str = "") -> Guide | None:
        """The guide that gives what a Need names, None when none does.

        Args:
            name: The Need's name.
            other_than: Title of the guide that asks: it doesn't provide for itself.
        """
        return next((guide for guide in self._by_what_it_gives.get(name, ()) if guide.title != other_than), None)


def statements_within(block: Block) -> Iterator[Statement]:
    """All statements of a block and of the blocks within, in written order."""
    for statement in block:
        yield statement
        if isinstance(statement, If):
            yield from statements_within(statement.body)
        elif isinstance(statement, Do) and statement.failure:
            yield from statements_within(statement.failure)


@memo_by_identity
def needs_of(guide: Guide) -> Mapping[str, Need]:
    """The Needs that a guide may come to, by their names in written order; the last where several share one."""
    return {part.name: part for part in statements_within(guide.body) if isinstance(part, Need)}


@memo_by_identity
def leads_to(statement: Statement) -> tuple[frozenset[str], frozenset[str]]:
    """The registered actions that a statement does itself or within, and the titles of guides that it goes on in."""
    parts = tuple(statements_within((statement,)))
    actions = (part.action for part in parts if isinstance(part, Do) and part.action not in BUILT_IN_ACTIONS)
    return frozenset(actions), frozenset(part.title for part in parts if isinstance(part, GoTo) and part.gives is None)


@memo_by_identity
def depends_on(statement: Statement) -> frozenset[str]:
    """The names that a statement needs at the moment it runs: declarations need nothing yet."""
    names: set[str] = set()
    match statement:
        case If(condition=condition) if condition is not None:
            names |= roots(condition)
        case Say(text=text):
            names |= roots_of(text.template)
        case Do(arguments=arguments):
            for argument in arguments:
                names |= roots(argument.value)
        case HandOver(text=text) if text is not None:
            names |= roots_of(text.template)
        case GoTo(value=value) if value is not None:
            names |= roots(value)
        case Need(kind="confirmation", ask=ask) if ask is not None:
            names |= roots_of(ask.template)
        case Need(fresh=True, ask=ask, source=source):
            names |= roots_of(ask.template) if ask is not None else frozenset()
            names |= roots(source) if source is not None else frozenset()
    return frozenset(names)
