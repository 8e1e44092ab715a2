"""The embedded reader: fills a Need from what the customer wrote, by slots and by the choices that were shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from convagent.facts import Address
from convagent.guidance.interpreter.world import Choice, Read, Utterance, Wanted
from convagent.guidance.values import Duration
from convagent.understanding.addresses import read_address
from convagent.understanding.affirmation import how_it_went, read_affirmation
from convagent.understanding.choose import Choice as Offered
from convagent.understanding.choose import choose
from convagent.understanding.consent import agrees_to, behind_ok, tells_to_do
from convagent.understanding.content_words import content_words
from convagent.understanding.gist import only_particulars
from convagent.understanding.identifiers import named_order_numbers
from convagent.understanding.ids import ids_in, other_ids, without_ids
from convagent.understanding.number_words import said_as_a_count
from convagent.understanding.people_names import read_name
from convagent.understanding.put_before import without_own_figures
from convagent.understanding.quantities import counted_as
from convagent.understanding.slots import Slot, SlotVocabulary, read_slots

__all__ = ["WordReader"]

_LONGEST_ANSWER = 8_000
"""Characters of an answer to a yes-or-no question that are read, as of any message."""

_SLOT_KINDS: Mapping[str, tuple[str, ...]] = {
    "email": ("email",), "order_number": ("order_number",), "phone": ("phone",), "postcode": ("postcode",), "zip": ("postcode",),
    "money": ("money",), "amount": ("money",), "days": ("duration",), "duration": ("duration",), "date": ("date",),
    "day": ("date",), "quantity": ("quantity",), "number": ("quantity", "number"), "size": ("size",), "colour": ("colour",),
    "color": ("colour",), "product": ("product",),
}  # fmt: skip
"""Which slots fill a Need of a type, or of a name where it has no type."""

_NAME_PARTS = {"first_name": "first", "last_name": "last", "surname": "last"}
"""Needs that a part of the customer's name fills."""

_BARE_NO = re.compile(r"\W*(?:no|nope|nah|nein|nee|non)\b(?:\W+\w+){0,2}\W*", re.IGNORECASE)
"""A no names no other choice."""

_EMAIL = re.compile(r"\S+@\S+\.\w+")

_BUT = re.compile(
    r"\?|\b(?:but|only|except|unless|though|if|aber|nur|außer|wenn|mais|sauf|seulement|si|partly|half|maybe)\b",
    re.IGNORECASE,
)

_POSTCODE_FIGURES = 5
"""Figures of a postcode that is a bare number."""

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_WISH = re.compile(
    r"\?|\b(?:please|pls|want|would like|i'd like|make it|bitte|möchte|hätte gern|s'il vous plaît|svp|voudrais|souhaite)\b",
    re.IGNORECASE,
)

_EVERY = re.compile(r"\b(?:all|both|alle|beide[ns]?|tous|toutes|les\s+deux)\b", re.IGNORECASE)
"""An id that stands for several things alike means as many as it is named, or all of them with one of these."""

MAX_TEXT = 2_000
"""A free text that is taken as an answer is cut here."""


@dataclass(frozen=True, slots=True)
class WordReader:
    """Reads Needs from words, without a model.

    Attributes:
        now: The turn's moment, for "yesterday".
        order_pattern: The shop's order numbers.
        currency: What an amount without a sign is in.
        vocabulary: Names of products, colours and sizes.
        country: What telephone numbers without a country code belong to.
    """

    now: datetime
    order_pattern: str
    currency: str
    vocabulary: SlotVocabulary
    country: str | None = None

    def read(self, wanted: Wanted, utterance: Utterance, *, direct: bool) -> Read:
        """What an utterance gives for a Need."""
        if wanted.kind in {"confirmation", "yes_no"}:
            if not direct:
                return Read()
            if wanted.kind == "confirmation" and wanted.about is not None:
                return _agreed(utterance.text, wanted.about)
            return _yes_or_no(utterance.text, is_a_fact=wanted.kind == "yes_no")
        if wanted.kind in {"one", "some", "each"}:
            return self._choice(wanted, utterance.text, direct=direct)
        return self._value(wanted, utterance.text, direct=direct)

    def _choice(self, wanted: Wanted, text: str, *, direct: bool) -> Read:
        if not wanted.choices:
            return Read()
        text = _EMAIL.sub(" ", text)  # the words of an address name nothing that was shown
        if not direct:
            text = without_ids(text, wanted.taken)
        names = [name for choice in wanted.choices for name in (*choice.labels, *choice.aliases)]
        told = self._with_marked_orders(text)
        if others := other_ids(told, names):
            own = set(ids_in(told)) & {name for words in names for name in ids_in(words)}
            if not own or (
                direct and wanted.kind != "one"
            ):  # an id of something else is never taken for the nearest words
                return Read(misfit=direct, other=True, source=", ".join(others))
        alike = _alike(wanted.choices)
        offered = [_offered(group[0], position) for position, group in enumerate(alike)]
        picked = choose(
            text, offered, many=wanted.kind != "one", now=self.now, direct=direct, language=self.vocabulary.language
        )
        if picked.keys and (wanted.kind != "one" or len(picked.keys) == 1):
            groups = [group for group in alike if group[0].key in picked.keys]
            keys = [key for group in groups for key in self._as_many(wanted, text, group, direct=direct)]
            places = {choice.key: place for place, choice in enumerate(wanted.choices)}
            return Read(tuple(sorted(keys, key=lambda key: places[key])), text.strip()[:120])
        unclear = picked.ambiguous or (picked.keys if wanted.kind == "one" else ())
        if unclear:
            by_key = {choice.key: choice for choice in wanted.choices}
            return Read(unclear=tuple(by_key[key] for key in unclear)) if direct else Read()
        says_something = any(char.isalnum() for char in text) and "?" not in text and not _BARE_NO.fullmatch(text)
        return Read(
            misfit=direct and says_something and read_affirmation(text[:_LONGEST_ANSWER]) not in {"yes", "yes_but"}
        )

    def _with_marked_orders(self, text: str) -> str:
        """The text, and the numbers again that it calls an order's: "order 1005" names an order by four figures, too."""
        if not any(map(str.isdigit, text)):
            return text
        marked = (slot.value for slot in named_order_numbers(text, pattern=self.order_pattern))
        return " ".join((text, *(f"#{str(number).lstrip('#')}" for number in marked)))

    def _as_many(self, wanted: Wanted, text: str, group: Sequence[Choice], *, direct: bool) -> list[str]:
        """Keys of things that nothing tells apart: as many as the words name, all for "both" and "the lamps"."""
        if len(group) == 1 or wanted.kind == "one":
            return [group[0].key]
        offered = [_offered(choice, position) for position, choice in enumerate(group)]
        own = {name for words in (*group[0].labels, *group[0].aliases) for name in ids_in(words)}
        named = sum(name in own for name in ids_in(text))
        if named and not _EVERY.search(text):
            return [choice.key for choice in group[:named]]
        own_language = self.vocabulary.language
        picked = choose(text, offered, many=True, now=self.now, direct=direct, language=own_language).keys
        return list(picked) if len(picked) == len(group) else [group[0].key]

    def _value(self, wanted: Wanted, text: str, *, direct: bool) -> Read:
        kind = wanted.type_name or wanted.name
        slot_kinds = _SLOT_KINDS.get(kind) or _SLOT_KINDS.get(wanted.name)
        if slot_kinds is None:
            if kind == "request":
                return _own_request(text, direct=direct)
            if kind == "address":
                return self._address(text, direct=direct)
            if wanted.name in _NAME_PARTS:
                name = getattr(read_name(text, direct=direct), _NAME_PARTS[wanted.name])
                return Read() if name is None else Read(name, name)
            if wanted.type_name == "text" and (words := _dictated(text)):
                return Read(words[:MAX_TEXT], words[:120])
            return _free(text) if direct else Read()
        slots = read_slots(
            text, now=self.now, order_pattern=self.order_pattern, currency=self.currency, country=self.country,
            vocabulary=self.vocabulary,
        )  # fmt: skip
        found = [slot for slot in slots if slot.kind in slot_kinds]
        if "quantity" in slot_kinds and (counted := counted_as(text, wanted.name)) is not None:
            return Read(_value_of(counted), counted.text)
        if found:
            meant = found[0] if direct else _of_the_wish(found, text)
            return Read(_value_of(meant), meant.text)
        if kind in {"postcode", "zip"} and not direct:
            # "ada@example.com, 10437": a bare number beside what was asked for, or by itself between two stops
            alone = only_particulars(text)
            numbers = [
                slot for slot in slots
                if slot.kind == "number" and len(slot.text) == _POSTCODE_FIGURES
                and (alone or (_EMAIL.search(text) and _stands_alone(text, slot)))
            ]  # fmt: skip
            return Read(numbers[0].text, numbers[0].text) if len(numbers) == 1 else Read()
        return _bare(kind, text, self.currency) if direct else Read()

    @staticmethod
    def _address(text: str, *, direct: bool) -> Read:
        words = " ".join(text.split())
        if (found := read_address(text)) is not None:
            return Read(found, words[:120])
        if not direct or len(words) < 8 or not any(char.isdigit() for char in words):
            return Read()
        return Read(Address(line1=words[:300]), words[:120])


def _stands_alone(text: str, slot: Slot) -> bool:
    """Whether a detail stands between stops or commas, with no other word: "clara@example.com, 10437. I'd like …"."""
    before, after = text[: slot.start].rstrip(" "), text[slot.end :].lstrip(" ")
    return (not before or before[-1] in ",;.:(\n" or before.endswith((" und", " and", " et"))) and (
        not after or after[0] in ",;.!?:)\n"
    )


def _of_the_wish(slots: Sequence[Slot], text: str) -> Slot:
    """The detail that a wish or question has: "the tin lasts two months, could it come every 8 weeks?" is about 8 weeks."""
    if len(slots) == 1:
        return slots[0]
    wishes = [(found.start(), found.end()) for found in _SENTENCE.finditer(text) if _WISH.search(found.group())]
    return next((slot for slot in slots if any(start <= slot.start < end for start, end in wishes)), slots[0])


def _offered(choice: Choice, position: int) -> Offered:
    return Offered(key=choice.key, labels=choice.labels, aliases=choice.aliases, position=position)


def _alike(choices: Sequence[Choice]) -> list[list[Choice]]:
    """The choices, those together that have every name in common: two lines of an order with the same thing."""
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Choice]] = {}
    for choice in choices:
        groups.setdefault((choice.labels, choice.aliases), []).append(choice)
    return list(groups.values())


def _yes_or_no(text: str, *, is_a_fact: bool) -> Read:
    """A yes or no. A yes with more behind it answers a question how things are ("yes, it's #1111"), not a proposal."""
    answer = read_affirmation(text[:_LONGEST_ANSWER])
    if is_a_fact and answer == "yes_but" and _BUT.search(text) is None:
        answer = "yes"
    if answer in {"yes", "no"}:
        return Read(answer == "yes", text.strip()[:120])
    if is_a_fact and answer == "unclear" and (went := how_it_went(text)) is not None:
        return Read(went, text.strip()[:120])
    return Read()


def _agreed(text: str, about: str) -> Read:
    """A yes or no to a confirmation. A yes agrees to what was asked; so does "ok, cancel it" in the question's own words."""
    text = without_own_figures(text, about)
    told = tells_to_do(text[:_LONGEST_ANSWER], about)
    if told is not False:
        return Read(True, text.strip()[:120]) if told else Read()
    said = _yes_or_no(text, is_a_fact=False)
    if said == Read() and (behind := behind_ok(text[:_LONGEST_ANSWER])):
        said = _yes_or_no(f"yes, {behind}", is_a_fact=False)
    return Read() if said.value is True and not agrees_to(text, about) else said


_COURTESY = re.compile(r"\b(?:thanks|thank you|danke|merci)\b", re.IGNORECASE)


_DICTATED = re.compile(
    r"\b(?:(?:should|shall|must|to|please|let it|have it)\s+(?:just\s+)?(?:say|read)|(?:soll|sollte|bitte)\b[^:\n]{0,30}\b(?:"
    r"lauten|hei(?:ß|ss)en|stehen|draufstehen)|(?:doit|devrait|veux|voudrais)\b[^:\n]{0,30}\b(?:dire|dise))\b[^:\n]{0,20}:\s*(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_MADE = re.compile(
    r"^[^:\n]{0,60}\b(?:make it|change it to|write|put|say|text|words|lieber|schreiben sie|schreib|text|mettez|"
    r"[ée]crivez|plut[ôo]t|texte)\b[^:\n]{0,12}:\s*(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)


def _dictated(text: str) -> str:
    """Words that a message gives letter for letter behind a colon: "the card should say: Happy birthday"; else nothing."""
    found = _DICTATED.search(text) or _MADE.match(text.strip())
    return found["words"].strip() if found is not None else ""


def _free(text: str) -> Read:
    """Any words as an answer; a bare "yes please" says none of what was asked for."""
    words = text.strip()
    if not content_words(_COURTESY.sub(" ", words)) and read_affirmation(words[:_LONGEST_ANSWER]) == "yes":
        return Read()
    return Read(words[:MAX_TEXT], words[:120]) if any(char.isalnum() for char in words) else Read()


_ASKING = frozenset(
    "i i'm im i'd a an the am is are was do does did have has got can could would will you your me my we us "
    "for of to in on with and or "
    "something anything someone some any thing things one ones product products item items nice good new want "
    "need like love look "
    "looking find search buy buying get getting show help please pls hi hello hey recommend recommendation "
    "suggest suggestion advice "
    "idea ideas choose present gift what which that this there here it ich suche brauche möchte etwas ein eine "
    "einen bitte haben sie "
    "je cherche voudrais un une des quelque chose pour".split()
)


def _own_request(text: str, *, direct: bool) -> Read:
    """The customer's own words for what they look for, when they say more than that they look for something."""
    words = [word for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.casefold()) if word not in _ASKING]
    return _free(text) if words or direct else Read()


def _value_of(slot: Slot) -> Any:
    value = slot.value
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _bare(kind: str, text: str, currency: str) -> Read:
    """A bare number or word that answers a question for it."""
    words = text.strip().strip(".!")
    reader = _BARE.get(kind)
    if reader is None or not words:
        return Read()
    value = reader(words, currency)
    return Read() if value is None else Read(value, words[:120])


def _number(words: str, _currency: str) -> Decimal | None:
    parts = [part for part in words.replace(",", ".").split() if part.replace(".", "", 1).isdigit()]
    if not any(map(str.isdigit, words)):
        count = said_as_a_count(words)
        return None if count is None else Decimal(count)
    return Decimal(parts[0]) if len(parts) == 1 and len(parts[0]) < 10 else None


def _days(words: str, currency: str) -> Duration | None:
    number = _number(words, currency)
    return None if number is None else Duration(number, "days")


def _money(words: str, currency: str) -> Any:
    from convagent.facts import Money

    number = _number(words, currency)
    try:
        return None if number is None else Money.of(number, currency)
    except ValueError:
        return None


def _postcode(words: str, _currency: str) -> str | None:
    """The whole answer, or the one word with figures in it: "Ada Loo, 10108"."""
    figured = [word.strip(",;.") for word in words.split() if any(char.isdigit() for char in word)]
    compact = (figured[0] if len(figured) == 1 else words).upper()
    ok = (
        3 <= len(compact) <= 10
        and any(char.isdigit() for char in compact)
        and compact.replace(" ", "").replace("-", "").isalnum()
    )
    return compact if ok else None


def _order_number(words: str, _currency: str) -> str | None:
    digits = words.removeprefix("#").strip()
    return f"#{digits}" if digits.isdigit() and 3 <= len(digits) <= 12 else None


_BARE: Mapping[str, Callable[[str, str], Any]] = {
    "number": _number, "quantity": _number, "days": _days, "duration": _days, "money": _money, "amount": _money,
    "postcode": _postcode, "zip": _postcode, "order_number": _order_number,
}  # fmt: skip
