"""Which of the shown choices the customer means: by number, by name, by what tells them apart, by place in the list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

__all__ = ["Choice", "Picked", "choose"]

MAX_TEXT = 4_000
"""Characters of the message that are read."""

TYPO = 84.0
"""Words of five letters and more are the same from this likeness on (0 to 100, normalised Indel similarity)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the choices.

    Attributes:
        key: Its identity.
        labels: What it may be called, the usual name first.
        position: Its place in the list that was shown, from 0.
    """

    key: str
    labels: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Picked:
    """What was picked.

    Attributes:
        keys: In the order of the list.
        excluded: Named as not meant.
        ambiguous: Fit equally well, so that none is picked.
        complete: Whether the customer settled it: picked, or said none of them.
    """

    keys: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    complete: bool = False


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?\+?", re.UNICODE)
_ALL = re.compile(
    r"\b(all(?!\s+(?:right|good|the\s+best))|everything|every\s+(?:one|single)|the\s+lot|the\s+whole\s+(?:order|thing|lot)|alles?|alle|sämtliche|"
    r"tou(?:t|s|tes))\b",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(both|either\s+(?:one\s+)?is\s+fine|beide[sn]?|(?:tous\s+)?les\s+deux|toutes\s+les\s+deux)\b", re.IGNORECASE
)
_EITHER = re.compile(r"\b(either|any(?:\s+of\s+them)?|whichever|egal|n'importe)\b", re.IGNORECASE)
_NONE = re.compile(r"\b(none|neither|nothing|keine[rsn]?|aucune?|ni\s+l'une?)\b", re.IGNORECASE)
_EXCEPT = re.compile(
    r"\b(?:except(?:\s+for)?|apart\s+from|but\s+not|all\s+but|everything\s+but|other\s+than|without|not|außer|ohne|nicht|sauf|sans|pas)\b",
    re.IGNORECASE,
)
_ORDINALS: Mapping[str, int] = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4,
    "last": -1, "latest": -1, "erste": 0, "ersten": 0, "erster": 0, "zweite": 1, "zweiten": 1, "dritte": 2, "dritten": 2,
    "letzte": -1, "letzten": -1, "premier": 0, "première": 0, "deuxième": 1, "second(e)": 1, "troisième": 2, "dernier": -1,
    "dernière": -1,
}  # fmt: skip
_FILLER = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "to",
        "in",
        "on",
        "at",
        "and",
        "or",
        "my",
        "your",
        "this",
        "that",
        "these",
        "those",
        "it",
        "its",
        "is",
        "was",
        "i",
        "we",
        "you",
        "me",
        "please",
        "with",
        "from",
        "by",
        "one",
        "ones",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "ein",
        "eine",
        "einen",
        "und",
        "oder",
        "mein",
        "meine",
        "bitte",
        "mit",
        "von",
        "für",
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "et",
        "ou",
        "mon",
        "ma",
        "mes",
        "avec",
        "de",
        "du",
        "order",
        "item",
        "product",
        "thing",
        "size",
        "colour",
        "color",
        "would",
        "like",
        "want",
        "need",
        "get",
        "have",
        "has",
        "had",
        "send",
        "back",
        "return",
    ]
)


def choose(text: str, choices: Sequence[Choice], *, many: bool, direct: bool = False) -> Picked:
    """Which choices a text means.

    Args:
        text: What the customer wrote.
        choices: What there is to choose from.
        many: Whether several may be picked.
        direct: Whether the text answers the question which one; else only plain mentions count.
    """
    text = text[:MAX_TEXT]
    if not choices or not any(char.isalnum() for char in text):
        return Picked()
    if exact := _exact(text, choices):
        return Picked((exact,), complete=True)
    named, refused = _split_exceptions(text)
    out = _named(refused, choices, direct=True) if refused else frozenset()
    if out and _ALL.search(named) and many:
        kept = tuple(choice.key for choice in choices if choice.key not in out)
        return Picked(kept, tuple(c.key for c in choices if c.key in out), complete=True)
    found = _named(named, choices, direct=direct) - out
    if (
        not found
        and (direct or _refers_to_all(named))
        and (place := _by_place(named, choices, many=many, direct=direct))
    ):
        found = place - out
    if found:
        return _settled(found, out, choices, named, many=many)
    if direct and (alike := _alike(named, choices)):
        keys = tuple(choice.key for choice in choices if choice.key in alike[0])
        return Picked(keys, complete=True) if many and alike[1] else Picked(ambiguous=keys)
    if direct and _NONE.search(text):
        return Picked(excluded=tuple(choice.key for choice in choices), complete=True)
    if out and direct and len(choices) - len(out) == 1:
        return Picked(tuple(c.key for c in choices if c.key not in out), tuple(out), complete=True)
    return Picked(excluded=tuple(choice.key for choice in choices if choice.key in out))


def _alike(text: str, choices: Sequence[Choice]) -> tuple[frozenset[str], bool] | None:
    """Choices that a word names which they all share, and whether it stands in the plural: the shirts."""
    words = [word for word in _WORD.findall(text.casefold()) if word not in _FILLER]
    for word in words:
        keys = frozenset(
            choice.key
            for choice in choices
            if any(_same(word, own) for label in choice.labels for own in _words(label))
        )
        if len(keys) > 1:
            singular = {own for choice in choices for label in choice.labels for own in _words(label)}
            return keys, word not in singular and word.endswith("s")
    return None


def _exact(text: str, choices: Sequence[Choice]) -> str | None:
    """The one choice whose name is the whole text."""
    wanted = _plain(text)
    keys = {choice.key for choice in choices if any(_plain(label) == wanted for label in choice.labels)}
    return keys.pop() if len(keys) == 1 else None


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _split_exceptions(text: str) -> tuple[str, str]:
    """What is meant, and what is named as not meant."""
    found = _EXCEPT.search(text)
    if found is None:
        return text, ""
    before, after = text[: found.start()], text[found.end() :]
    if found[0].casefold() in {"all but", "everything but"}:
        return "all", after
    if not before.strip(" ,.;") and ("," in after or ";" in after):  # "not the jacket, the shirt"
        refused, _, meant = re.split(r"([,;])", after, maxsplit=1)
        return meant, refused
    return before, after


def _refers_to_all(text: str) -> bool:
    return (
        _ALL.search(text) is not None
        and re.search(r"\b(order|it|parcel|Bestellung|commande|everything|alles|tout)\b", text, re.IGNORECASE)
        is not None
    )


def _by_place(text: str, choices: Sequence[Choice], *, many: bool, direct: bool) -> frozenset[str]:
    """By all, both, and first to last."""
    if many and (_ALL.search(text) or (_BOTH.search(text) and len(choices) == 2)):
        return frozenset(choice.key for choice in choices)
    if not direct:
        return frozenset()
    places = [_ORDINALS[word] for word in _plain(text).split() if word in _ORDINALS]
    ordered = sorted(choices, key=lambda choice: choice.position)
    found = {ordered[place].key for place in places if -len(ordered) <= place < len(ordered)}
    if not found and _EITHER.search(text) and not many:
        found = {ordered[0].key}
    return frozenset(found)


def _settled(found: frozenset[str], out: frozenset[str], choices: Sequence[Choice], text: str, *, many: bool) -> Picked:
    keys = tuple(choice.key for choice in choices if choice.key in found)
    excluded = tuple(choice.key for choice in choices if choice.key in out)
    if len(keys) == 1 or many:
        return Picked(keys, excluded, complete=True)
    alike = {_plain(choice.labels[0]) for choice in choices if choice.key in found and choice.labels}
    if len(alike) == 1 or _EITHER.search(text):
        return Picked(keys[:1], excluded, complete=True)
    return Picked(excluded=excluded, ambiguous=keys)


def _named(text: str, choices: Sequence[Choice], *, direct: bool) -> frozenset[str]:
    """The choices whose names or distinctive words the text has; the fullest match wins over those within it."""
    words = _WORD.findall(text.casefold())
    if numbers := _by_number(text, choices):
        return numbers
    labels = {choice.key: [_words(label) for label in choice.labels] for choice in choices}
    shared = Counter(word for sets in labels.values() for word in set().union(*sets))
    common = {word for word, count in shared.items() if count == len(choices) and len(choices) > 1}
    whole = _whole_names(words, choices)
    if whole:
        return whole
    scored: dict[str, set[str]] = {}
    for choice in choices:
        own = set().union(*labels[choice.key]) - _FILLER - common if labels[choice.key] else set()
        hits = {own_word for own_word in own for word in words if _same(word, own_word)}
        weight = {word for word in hits if direct or _telling(word)}
        if weight:
            scored[choice.key] = weight
    if not scored:
        return frozenset()
    return _strongest(scored, text)


def _strongest(scored: Mapping[str, set[str]], text: str) -> frozenset[str]:
    """Choices named by words of their own; of those that share their words, the ones with the most."""
    keep = set(scored)
    for key, hits in scored.items():
        if any(hits < other for name, other in scored.items() if name != key):
            keep.discard(key)
    if len(keep) > 1 and not re.search(r"\b(and|both|und|beide|et|,)\b|[,&+]", text):
        most = max(len(scored[key]) for key in keep)
        keep = {key for key in keep if len(scored[key]) == most}
    return frozenset(keep)


def _by_number(text: str, choices: Sequence[Choice]) -> frozenset[str]:
    """Ids that stand in the text by themselves: #1042, 1042, but not within 10420 or 10.42."""
    found = set()
    for choice in choices:
        for label in choice.labels:
            digits = label.removeprefix("#")
            if (
                len(digits) >= 3
                and digits.isdigit()
                and re.search(rf"(?<![\d.,]){re.escape(digits)}(?![\d]|[.,]\d)", text)
            ) or (len(label) >= 6 and any(c.isdigit() for c in label) and label.casefold() in text.casefold()):
                found.add(choice.key)
    return frozenset(found)


def _whole_names(words: Sequence[str], choices: Sequence[Choice]) -> frozenset[str]:
    """Names that stand in the text word for word; a longer one hides those within it."""
    spoken = f" {' '.join(words)} "
    spans: list[tuple[int, int, str]] = []
    for choice in choices:
        for label in choice.labels:
            plain = _plain(label)
            if len(plain.split()) < 2:
                continue
            at = spoken.find(f" {plain} ")
            if at >= 0:
                spans.append((at, at + len(plain), choice.key))
    kept = [
        (start, end, key)
        for start, end, key in spans
        if not any(s <= start and end <= e and (e - s) > (end - start) for s, e, _ in spans)
    ]
    return frozenset(key for _, _, key in kept)


def _words(label: str) -> set[str]:
    return set(_WORD.findall(label.casefold()))


def _telling(word: str) -> bool:
    """Whether a word by itself names something: not a size, not a short word."""
    return len(word) >= 4 and not word.isdigit()


def _same(word: str, other: str) -> bool:
    if word == other:
        return True
    if min(len(word), len(other)) >= 3 and (
        word + "s" == other or other + "s" == word or word + "es" == other or other + "es" == word
    ):
        return True
    return min(len(word), len(other)) >= 5 and fuzz.ratio(word, other) >= TYPO
