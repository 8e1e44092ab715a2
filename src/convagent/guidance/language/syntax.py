"""The syntax tree of a guidance file: guides and statements as they were written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from convagent.guidance.findings.finding import Span
from convagent.guidance.language.expressions import Expression
from convagent.guidance.values import Duration

__all__ = [
    "Answer",
    "Argument",
    "Ask",
    "AtMost",
    "Choice",
    "Close",
    "Confirm",
    "Do",
    "Example",
    "Give",
    "GoOn",
    "GoTo",
    "Guide",
    "GuideFile",
    "HandOver",
    "If",
    "Judgement",
    "Let",
    "LookUp",
    "Must",
    "Need",
    "NeedItem",
    "NeedType",
    "Never",
    "Note",
    "Offer",
    "On",
    "Otherwise",
    "Recommend",
    "Refuse",
    "Say",
    "Set",
    "Snooze",
    "Statement",
    "Tag",
    "Text",
    "When",
    "Within",
]


@dataclass(frozen=True, slots=True)
class Text:
    """A text for the customer, with its template marks; `block` when it was written as an indented `>` block."""

    template: str
    span: Span = field(compare=False, repr=False)
    block: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a Need's literal choices, with the words that explain it."""

    value: Any
    description: str = ""


@dataclass(frozen=True, slots=True)
class NeedType:
    """What kind of thing is needed.

    `value`: a value of the named type; `yes_no`: yes or no; `one`, `some`, `each`: picked from `choices` (written out) or
    `source` (a list).
    """

    kind: Literal["value", "yes_no", "one", "some", "each"]
    name: str | None = None
    choices: tuple[Choice, ...] = ()
    source: Expression | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NeedItem:
    """One name of a Need: `replacement for each item in items: one of item.product.variants`."""

    name: str
    type: NeedType | None
    span: Span = field(compare=False, repr=False)
    each_name: str | None = None
    each_source: Expression | None = None


@dataclass(frozen=True, slots=True)
class Must:
    """What a picked value must fulfil, and what is said when it doesn't."""

    condition: Expression
    otherwise: Text
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Within:
    """What happens when no answer comes in time: the conversation is closed or handed over.

    Attributes:
        seconds: How long is waited; 0 where `calendar` says it.
        then: What happens.
        calendar: The time in whole `calendar days` or `business days`, which only the shop's calendar makes a span of.
    """

    seconds: int
    then: Literal["close", "hand over"]
    span: Span = field(compare=False, repr=False)
    calendar: Duration | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    """`name = expression` behind `with`."""

    name: str
    value: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LookUp:
    """`look up find_customer with email = email`: a read-only action."""

    action: str
    arguments: tuple[Argument, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """Base of all statements. `number` is its place in the guide, such as `7` or `7.2`."""

    span: Span = field(compare=False, repr=False)
    number: str = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Need(Statement):
    """Declares what must be known. `alternatives` hold names that suffice together: email, or order_number and postcode."""

    alternatives: tuple[tuple[NeedItem, ...], ...]
    ask: Text | None = None
    musts: tuple[Must, ...] = ()
    otherwise: Expression | Refuse | Say | HandOver | None = None
    within: Within | None = None


@dataclass(frozen=True, slots=True)
class Ask(Statement):
    """`Ask "…" for x: yes or no`: asked where it stands, never taken from earlier messages."""

    text: Text
    item: NeedItem
    musts: tuple[Must, ...] = ()
    otherwise: Expression | Refuse | Say | HandOver | None = None
    within: Within | None = None


@dataclass(frozen=True, slots=True)
class Let(Statement):
    """A name for a value or for what a look-up gives."""

    name: str
    value: Expression | LookUp


@dataclass(frozen=True, slots=True)
class If(Statement):
    """A branch. When it opens, the guide ends after its steps, unless the last of them is `go on`."""

    condition: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Otherwise(Statement):
    """What follows when no branch before it opened."""

    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class GoOn(Statement):
    """At the end of a branch: read on below it."""


@dataclass(frozen=True, slots=True)
class Say(Statement):
    """A text, verbatim unless `free` lets a chat model rephrase it."""

    text: Text
    free: bool = False


@dataclass(frozen=True, slots=True)
class Refuse(Statement):
    """Say and end: the request is marked as not done."""

    text: Text


@dataclass(frozen=True, slots=True)
class Confirm(Statement):
    """Shows what will be done and waits for a yes to exactly that."""

    text: Text


@dataclass(frozen=True, slots=True)
class Do(Statement):
    """An action. `failure` are the steps when it fails; without them the conversation is handed over."""

    action: str
    arguments: tuple[Argument, ...]
    name: str | None = None
    failure: tuple[Statement, ...] | None = None


@dataclass(frozen=True, slots=True)
class HandOver(Statement):
    """To a person. `text` is what the customer is told; without it the shop's own words are used."""

    team: str | None = None
    urgent: bool = False
    reason: str | None = None
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class GoTo(Statement):
    """On in another guide."""

    title: str


@dataclass(frozen=True, slots=True)
class Give(Statement):
    """What a `Gives` guide provides."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Answer(Statement):
    """`answer from "Article"`: an answer with its source, from these articles or from all."""

    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommend(Statement):
    """Shows products."""

    products: Expression


@dataclass(frozen=True, slots=True)
class Offer(Statement):
    """Offers a discount code."""

    code: str
    value: Expression | None = None


@dataclass(frozen=True, slots=True)
class Tag(Statement):
    """Marks the conversation."""

    label: str


@dataclass(frozen=True, slots=True)
class Close(Statement):
    """Ends the conversation."""


@dataclass(frozen=True, slots=True)
class Set(Statement):
    """Keeps a value with the conversation."""

    path: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Snooze(Statement):
    """Puts the conversation aside for a while."""

    duration: Expression


@dataclass(frozen=True, slots=True)
class Never(Statement):
    """What binds the whole shop: an action (`action` is a name, `any write` or `any action`) or words."""

    action: str | None = None
    words: tuple[str, ...] = ()
    when: Expression | None = None
    unless: Expression | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A remark of the author's, kept by the formatter."""

    text: str
    span: Span = field(compare=False, repr=False)
    before: str = field(default="", compare=False)
    """Number of the statement it stands before; empty when it stands among the header lines."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence a customer may write; `negative` when the guide is not meant by it."""

    text: str
    span: Span = field(compare=False, repr=False)
    negative: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """What starts the guide: `the customer asks to …`, or a judgement (`it seems "…"`)."""

    text: str
    judgement: bool
    examples: tuple[Example, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`It seems "…":` in the header: what customers write when a judgement is true, and what only looks like it."""

    text: str
    examples: tuple[Example, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class On:
    """A storefront event that starts the guide, after lingering `seconds`."""

    event: str
    seconds: int
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AtMost:
    """How often the guide may run for a customer."""

    times: int
    per: Literal["conversation", "day", "week", "month", "year"]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Guide:
    """One rule of guidance."""

    title: str
    file: str
    span: Span = field(compare=False, repr=False)
    safeguard: bool = False
    each_time: bool = False
    gives: str | None = None
    when: When | None = None
    on: On | None = None
    only_for: Expression | None = None
    at_most: AtMost | None = None
    after: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    notes: tuple[Note, ...] = ()
    front_matter: tuple[tuple[str, Any], ...] = ()
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideFile:
    """A file: its front matter and guides."""

    path: str
    guides: tuple[Guide, ...]
    front_matter: tuple[tuple[str, Any], ...] = ()
    text: str = field(default="", compare=False, repr=False)
