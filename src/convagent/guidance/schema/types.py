"""The types that guidance is checked against: what a name, a field or an expression stands for."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ANYTHING",
    "DAY",
    "DURATION",
    "MOMENT",
    "MONEY",
    "NOTHING",
    "NUMBER",
    "PERCENT",
    "TEXT",
    "YES_NO",
    "Anything",
    "Day",
    "DurationType",
    "Line",
    "ListOf",
    "MapOf",
    "Moment",
    "MoneyType",
    "Nothing",
    "Number",
    "OneOf",
    "Percent",
    "Record",
    "Text",
    "Type",
    "YesNo",
    "plain",
    "record_words",
    "spoken",
    "written",
]


@dataclass(frozen=True, slots=True)
class Type:
    """Base of all types."""


@dataclass(frozen=True, slots=True)
class Text(Type):
    """Any text."""


@dataclass(frozen=True, slots=True)
class Number(Type):
    """A number without a unit."""


@dataclass(frozen=True, slots=True)
class MoneyType(Type):
    """An amount of money; `currency` is its ISO 4217 code where it is fixed."""

    currency: str | None = None


@dataclass(frozen=True, slots=True)
class DurationType(Type):
    """A length of time."""


@dataclass(frozen=True, slots=True)
class Percent(Type):
    """A share in hundredths."""


@dataclass(frozen=True, slots=True)
class YesNo(Type):
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class Day(Type):
    """A day of the calendar."""


@dataclass(frozen=True, slots=True)
class Moment(Type):
    """A day and a time."""


@dataclass(frozen=True, slots=True)
class OneOf(Type):
    """A text from a known set; `closed` when no other value can occur."""

    values: tuple[str, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class ListOf(Type):
    """A list whose elements have one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class MapOf(Type):
    """Values by keys that are not known beforehand: a product's options."""

    item: Type


@dataclass(frozen=True, slots=True)
class Record(Type):
    """Something with named fields; the vocabulary knows which."""

    name: str


@dataclass(frozen=True, slots=True)
class Line(Type):
    """A picked element with what was needed for each: an item with its replacement."""

    item: Type
    extras: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class Nothing(Type):
    """What `none` is."""


@dataclass(frozen=True, slots=True)
class Anything(Type):
    """Not known beforehand; fits everywhere, so that one fault is told once."""


ANYTHING = Anything()
DAY = Day()
DURATION = DurationType()
MOMENT = Moment()
MONEY = MoneyType()
NOTHING = Nothing()
NUMBER = Number()
PERCENT = Percent()
TEXT = Text()
YES_NO = YesNo()


def plain(kind: Type) -> Type:
    """The type itself, without what was needed for each element."""
    return kind.item if type(kind) is Line else kind


def record_words(name: str) -> str:
    """A record's name in words: LineItem → line item."""
    out = "".join(f" {char.lower()}" if char.isupper() else char for char in name)
    return out.replace("_", " ").strip()


_WRITTEN: dict[type[Type], str] = {
    Text: "text", Number: "number", DurationType: "days", Percent: "percent", YesNo: "yes or no", Day: "date",
    Moment: "moment", Nothing: "none", Anything: "any",
}  # fmt: skip

_SPOKEN: dict[type[Type], str] = {
    Text: "a text", Number: "a number", DurationType: "a length of time", Percent: "a percentage", YesNo: "a yes or no",
    Day: "a day", Moment: "a moment", Nothing: "none", Anything: "anything",
}  # fmt: skip


def written(kind: Type) -> str:
    """A type in the words that `vocabulary.yaml` takes: `list of order`, `one of "gold", "silver"`."""
    match kind:
        case MoneyType(currency=currency):
            return f"money in {currency}" if currency else "money"
        case OneOf(values=values):
            return "one of " + ", ".join(f'"{value}"' for value in values)
        case ListOf(item=item):
            return f"list of {written(item)}"
        case MapOf(item=item):
            return f"map of {written(item)}"
        case Record(name=name):
            return record_words(name)
        case Line(item=item):
            return written(item)
    return _WRITTEN[type(kind)]


def spoken(kind: Type) -> str:
    """A type as a message names it: an amount of money, a list of orders, the text "gold" or "silver"."""
    match kind:
        case MoneyType(currency=currency):
            return f"an amount in {currency}" if currency else "an amount of money"
        case OneOf():
            return "a text"
        case ListOf(item=item):
            return f"a list of {_plural(spoken(item))}"
        case MapOf():
            return "a set of values by name"
        case Record(name=name):
            words = record_words(name)
            return f"{'an' if words[:1] in 'aeio' else 'a'} {words}"
        case Line(item=item):
            return spoken(item)
    return _SPOKEN[type(kind)]


def _plural(words: str) -> str:
    bare = words.split(" ", 1)[1] if words.startswith(("a ", "an ")) else words
    head, of, rest = bare.partition(" of ")
    if bare.startswith("yes or no") or bare == "anything":
        return bare
    if head.endswith(("s", "x", "ch")):
        head += "es"
    elif head.endswith("y") and head[-2:-1] not in "aeiou":
        head = f"{head[:-1]}ies"
    else:
        head += "s"
    return f"{head}{of}{rest}"
