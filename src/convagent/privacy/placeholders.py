"""Placeholders for personal data: put in before a text leaves for a chat model, taken back in what the model writes.

hidden = Placeholders(country="IE")
hidden.hide("I'm ada@example.com")        # "I'm [EMAIL_1]"
hidden.restore("Sent to [EMAIL_1].")      # "Sent to ada@example.com."
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal, Self

from convagent.privacy.found import KINDS, Kind, find_personal
from convagent.privacy.known import known_patterns, personal_values

__all__ = ["NEVER_RESTORED", "Placeholders", "marks_in"]

NEVER_RESTORED: Mapping[str, str] = MappingProxyType(
    {"CARD": "•••• {last}", "SECURITY_CODE": "•••", "PASSWORD": "••••••", "TOKEN": "••••••"}
)
"""Kinds whose values no reply needs, and what stands in their place."""

_LITERAL = "TEXT"
"""A text that looks like a placeholder and is none: it has one of its own, so that nobody can write another's."""

_NAMES = (*KINDS, _LITERAL, "E-MAIL", "SECURITY CODE", "TELEFON", "ADRESSE", "PASSWORT")
_OTHER_NAMES: Mapping[str, str] = {
    "E-MAIL": "EMAIL", "SECURITY CODE": "SECURITY_CODE", "TELEFON": "PHONE", "ADRESSE": "ADDRESS", "PASSWORT": "PASSWORD",
}  # fmt: skip
_OPEN, _CLOSE = r"[\[<({⟨【‹«]", r"[\]>)}⟩】›»]"
_ANY_NAME = "|".join(sorted(_NAMES, key=len, reverse=True))
_MARK = re.compile(
    rf"{_OPEN} ?(?P<name>(?i:{_ANY_NAME})) ?\\?[_\- ]? ?(?P<number>[0-9]{{1,4}}) ?{_CLOSE}"
    rf"|(?<![\w\[<({{⟨【‹«])(?P<bare>{_ANY_NAME})\\?_(?P<digits>[0-9]{{1,4}})(?!\w)"
)
_BEGINNINGS = "|".join(
    sorted({name[:size] for name in _NAMES for size in range(1, len(name) + 1)}, key=len, reverse=True)
)
_BEGUN = re.compile(
    rf"{_OPEN} ?(?:(?i:{_BEGINNINGS}))?\Z|{_OPEN} ?(?i:{_ANY_NAME}) ?\\?[_\- ]? ?[0-9]{{0,4}} ?\Z"
    rf"|(?<![\w\[<({{⟨【‹«])(?:{_BEGINNINGS})\Z|(?<![\w\[<({{⟨【‹«])(?:{_ANY_NAME})(?:\\|\\?_[0-9]{{0,4}})\Z"
)
_LONGEST_MARK = 32
_LEARNT_FROM, _MOST_LEARNT = 6, 500
"""A value of so many characters, once found, is hidden wherever it stands, but for single words; so many values at most."""


def marks_in(text: str) -> tuple[str, ...]:
    """What looks like a placeholder in a text, each once: in one that was restored, those that nobody gave the model."""
    return tuple(dict.fromkeys(found[0] for found in _MARK.finditer(text)))


class Placeholders:
    """Hides personal data behind placeholders, and puts it back: a `convagent.models.Mask`.

    One conversation's or one turn's, never shared between two: the same value has the same placeholder throughout. What looks
    like a placeholder in a text that is hidden gets one itself, so that a customer can't write another's. What is put back
    holds no quotation mark, no backslash and no control character: JSON stays JSON.

    Args:
        country: ISO 3166-1 code of the country that telephone numbers without a country code belong to.
        known: What is known to be personal, by kind; see `personal_values`.
        facts: Gives facts of the people concerned, as far as they are known when a text is hidden.
        keep: The shop's own e-mail addresses and domains, which aren't personal.
        secrets: What the placeholder of a card, a code, a password or a token is turned into: a masked form, or the value
            itself, which is for customers who are played, as it is theirs to say.
    """

    def __init__(
        self,
        *,
        country: str | None = None,
        known: Iterable[tuple[Kind, str]] = (),
        facts: Callable[[], Iterable[Any]] | None = None,
        keep: Collection[str] = (),
        secrets: Literal["masked", "restored"] = "masked",
    ) -> None:
        self._country = country
        self._never_restored = NEVER_RESTORED if secrets == "masked" else {}
        self._facts = facts
        self._values_known = tuple(known)
        self._known = known_patterns(self._values_known)
        self._keep = frozenset(own.strip().lower() for own in keep)
        self._marks: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._learnt: dict[str, str] = {}
        self._invented: list[str] = []

    @classmethod
    def of_facts(cls, *facts: Any, country: str | None = None, keep: Collection[str] = ()) -> Self:
        """Placeholders that know what facts say of people: the customer, their orders and addresses.

        Args:
            facts: Facts, or mappings of them; see `personal_values`.
            country: Of telephone numbers without a country code.
            keep: The shop's own e-mail addresses and domains.
        """
        return cls(country=country, known=personal_values(*facts), keep=keep)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many values are hidden, by kind: for traces, which may show no value."""
        return MappingProxyType({kind: count for kind, count in self._counts.items() if kind != _LITERAL})

    @property
    def invented(self) -> tuple[str, ...]:
        """Placeholders that a model wrote and nobody gave it; they stand in the restored text as it wrote them."""
        return tuple(self._invented)

    def hide(self, text: str) -> str:
        """The text with a placeholder for each piece of personal data."""
        self._learn()
        found = find_personal(text, country=self._country, keep=self._keep, known=self._known)
        for kind, start, end in found:
            value = text[start:end]
            if len(value) >= _LEARNT_FROM and len(self._learnt) < _MOST_LEARNT and not value.isalpha():
                self._learnt.setdefault(value, kind)
        out: list[str] = []
        at = 0
        for kind, start, end in found:
            out += self._between(text[at:start])
            out.append(self._mark(kind, text[start:end]))
            at = end
        return "".join((*out, *self._between(text[at:])))

    def restore(self, text: str) -> str:
        """The text with what its placeholders stand for; of cards, codes, passwords and tokens a masked form.

        Models change brackets, case and blanks: `<email 1>` and `EMAIL_1` count as `[EMAIL_1]`.
        """
        return _MARK.sub(self._restored, text)

    def restored(self, pieces: Iterable[str]) -> Iterator[str]:
        """The same for a text in pieces that end anywhere: each is given on as soon as it holds no beginning of a placeholder."""
        held, before = "", ""
        for piece in pieces:
            held += piece
            begun = _BEGUN.search(before + held, max(len(before), len(before) + len(held) - _LONGEST_MARK))
            ready = held if begun is None else held[: begun.start() - len(before)]
            if ready:
                yield self._restored_after(before, ready)
                held, before = held[len(ready) :], ready[-1]
        if held:
            yield self._restored_after(before, held)

    def _learn(self) -> None:
        """Takes in what the facts say of people by now."""
        if self._facts is None:
            return
        values = tuple(dict.fromkeys((*self._values_known, *personal_values(*self._facts()))))
        if values != self._values_known:
            self._values_known, self._known = values, known_patterns(values)

    def _restored_after(self, before: str, text: str) -> str:
        """The restored text, read with the character before it."""
        out: list[str] = []
        at = len(before)
        whole = before + text
        for found in _MARK.finditer(whole, at):
            out += [whole[at : found.start()], self._restored(found)]
            at = found.end()
        return "".join((*out, whole[at:]))

    def _between(self, text: str) -> Iterator[str]:
        """A stretch without findings: what was found elsewhere before is hidden in it, and what looks like a placeholder."""
        pieces = [(text, False)]
        for value, kind in self._learnt.items():
            if value in text:
                mark = self._mark(kind, value)
                pieces = [each for piece in pieces for each in _parted(piece, value, mark)]
        for piece, is_mark in pieces:
            yield piece if is_mark else _MARK.sub(self._literal, piece)

    def _literal(self, found: re.Match[str]) -> str:
        head, backslash, tail = found[0].partition("\\")
        return self._mark(_LITERAL, head) + backslash + tail

    def _mark(self, kind: str, value: str) -> str:
        mark = self._marks.get((kind, value))
        if mark is None:
            self._counts[kind] = number = self._counts.get(kind, 0) + 1
            mark = self._marks[kind, value] = f"[{kind}_{number}]"
            self._values[f"{kind}_{number}"] = _shown(value, self._never_restored.get(kind))
        return mark

    def _restored(self, found: re.Match[str]) -> str:
        name = (found["name"] or found["bare"]).upper()
        number = int(found["number"] or found["digits"])
        value = self._values.get(f"{_OTHER_NAMES.get(name, name)}_{number}")
        if value is None:
            if found[0] not in self._invented:
                self._invented.append(found[0])
            return found[0]
        return value


def _parted(piece: tuple[str, bool], value: str, mark: str) -> list[tuple[str, bool]]:
    """A stretch with a mark for each place of a value; one that is a mark stays."""
    if piece[1] or value not in piece[0]:
        return [piece]
    out = [(mark, True)] * (2 * piece[0].count(value) + 1)
    out[::2] = [(rest, False) for rest in piece[0].split(value)]
    return out


def _shown(value: str, masked: str | None) -> str:
    return value if masked is None else masked.format(last="".join(char for char in value if char.isdecimal())[-4:])
