"""What outlives a request: who writes, and which records are meant; not what was wanted of them.

A detail, a reason or a day was said for one request. It is no fact about the customer: the next request of the same guide wants
something new, and what the message doesn't say of that is asked for. It stays for another guide about the same records, for those
who only name another thing of which the same is wanted, and for the same done to another order of one message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from convagent.facts import Customer, Fact
from convagent.guidance.codec import digest, from_json, to_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language.expressions import Path
from convagent.guidance.values import UNKNOWN, equal, unwrap
from convagent.guidance.wording import aliases, label
from convagent.word_tables import any_of, read_table

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["Origin", "answers_again", "is_of_its_request", "kept_answer", "origins_of", "outlives"]

_FACTS = frozenset(
    "email phone name first_name last_name address postcode zip city country language"
    " order_number tracking_number sku code".split()
)
"""Kinds of values that say who somebody is, or number a thing: they are true whatever is wanted."""

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from that was said for one request.

    Attributes:
        guide: Title of the guide whose Need it was.
        beside: The records that were known beside it then: hashes of what they are, by the names of their Needs.
    """

    guide: str
    beside: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> list[Any]:
        """The origin for storage."""
        return [self.guide, dict(self.beside)]

    @classmethod
    def from_json(cls, data: list[Any]) -> Origin:
        """The origin that `to_json` wrote."""
        return cls(data[0], data[1])


def is_of_its_request(need: k.Need) -> bool:
    """Whether a Need's value says what is wanted, rather than who writes or what it is about: a written choice, a text, a day."""
    if need.kind == "value":
        return (need.type_name or need.name) not in _FACTS
    return bool(need.choices)


def origins_of(run: Run) -> dict[str, Origin]:
    """Where the values come from that a reading leaves behind and that were said for its request."""
    needs = run.known_for
    said = [name for name, need in needs.items() if _is_said(run, need)]
    if not said:
        return {}
    beside = {name: _identity(run.known[name]) for name in needs if name not in said and _is_record(run.known[name])}
    found: dict[str, Origin] = {}
    for name in said:
        former = run.world.origins.get(name)
        if name in run.state.answers:
            found[name] = Origin(needs[name].guide, beside)
        elif former is not None and equal(run.fact(name), run.known[name]) is True:
            found[name] = former
    return found


def outlives(run: Run, need: k.Need) -> bool:
    """Whether what is known by a Need's name may be its value here."""
    origin = run.world.origins.get(need.name)
    if origin is None or not _is_said(run, need):
        return True
    if leans(run, need):
        return True
    return origin.guide.casefold() != need.guide.casefold() and _is_about_the_same(run, need, origin)


def leans(run: Run, need: k.Need) -> bool:
    """Whether the words that opened a guide only name another thing, of which the same is wanted: "and the teapot?"."""
    opening = run.state.utterances[0].text if run.state.utterances else ""
    left = set(_WORD.findall(_saying_nothing().sub(" ", opening.casefold())))
    return bool(_WORD.search(opening)) and left <= set(_words_of_picks(run, need))


def kept_answer(run: Run, need: k.Need, value: Any) -> Mapping[str, Any]:
    """What a run remembers besides, where it took over what was said for another request: it stays if the thing changes."""
    if need.name not in run.world.origins or not _is_said(run, need) or not leans(run, need):
        return {}
    return {need.name: _as_answer(need, value)}


def answers_again(guide: k.Guide, known: Mapping[str, Any], origins: Mapping[str, Origin]) -> dict[str, Any]:
    """What was answered for one order, for the same done to another one that the message named.

    Args:
        guide: The guide.
        known: What is known by name, in JSON.
        origins: Where values come from that were said for one request.
    """
    return {
        name: _as_answer(need, from_json(known[name]))
        for name, need in k.needs_of(guide).items()
        if name in known and name in origins and origins[name].guide.casefold() == need.guide.casefold()
        and is_of_its_request(need)
    }  # fmt: skip


def _as_answer(need: k.Need, value: Any) -> Any:
    """A value as a run remembers what was answered: picks by their keys."""
    if not need.choices:
        return to_json(value)
    return to_json(tuple(str(each) for each in (value if isinstance(value, tuple) else (value,))))


def _is_said(run: Run, need: k.Need) -> bool:
    """Whether a Need takes what the customer says of a request; what another guide gives is found anew each time."""
    return is_of_its_request(need) and run.kernel.giver(need.name, other_than=need.guide) is None


def _is_about_the_same(run: Run, need: k.Need, origin: Origin) -> bool:
    """Whether all that a value was said of is meant here, too."""
    for name, identity in origin.beside.items():
        value = run.attempt(Path(need.span, name))[0] if run.needs.declared(name) else UNKNOWN
        if not _is_record(value) or _identity(value) != identity:
            return False
    return True


def _words_of_picks(run: Run, need: k.Need) -> Iterator[str]:
    """The words that name what was picked for the other Needs."""
    for name, other in run.needs.declarations.items():
        if other is need or other.source is None or other.fresh:
            continue
        value = unwrap(run.attempt(Path(need.span, name))[0])
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item := unwrap(item), Fact):
                for words in (label(item), *aliases(item)):
                    yield from _WORD.findall(words.casefold())


def _is_record(value: Any) -> bool:
    """Whether a value is a record of the shop's, or several; who writes is known in every guide."""
    value = unwrap(value)
    items = [unwrap(item) for item in value] if isinstance(value, tuple) else [value]
    return bool(items) and all(isinstance(item, Fact) and not isinstance(item, Customer) for item in items)


def _identity(value: Any) -> str:
    value = unwrap(value)
    items = [unwrap(item) for item in value] if isinstance(value, tuple) else [value]
    return digest(" ".join(f"{type(item).__name__}:{getattr(item, 'id', None) or label(item)}" for item in items))


@cache
def _saying_nothing() -> re.Pattern[str]:
    table = read_table(FilePath(__file__).parent / "leaning.toml")
    words, elided = any_of(table["words"]).pattern, any_of(table["elided"]).pattern
    return re.compile(rf"(?<!\w)(?:(?:{words})(?!\w)|(?:{elided}))", re.IGNORECASE)
