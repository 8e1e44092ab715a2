"""What shown things are called, and which of them some words mention."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple, Protocol

from convagent.search.spelt_words import is_another_word
from convagent.understanding.amounts import money
from convagent.understanding.dates import dates
from convagent.understanding.label_words import COLOUR_NAMES, label_words, root_of, run_of
from convagent.understanding.lexicon import is_function_word
from convagent.understanding.number_words import NUMBER_WORDS, ORDINALS
from convagent.understanding.vocabulary import is_common, singular, tokens_of

__all__ = ["Labels", "Mention"]

_MARK = re.compile(r"zzlabel(\d+)zz")
_SIZES = {"small": "s", "medium": "m", "large": "l", "klein": "s", "mittel": "m", "gross": "l", "moyen": "m"}
# Places and counts say little about a name: "the second one" is not the second-best jumper.
_WEAK = frozenset(
    {
        *NUMBER_WORDS,
        *ORDINALS,
        "other",
        "all",
        "both",
        "none",
        "either",
        "ones",
        "second",
        "best",
        "item",
        "order",
        "number",
    }
)
_POLITE = frozenset(
    [
        "please",
        "pls",
        "thanks",
        "thank",
        "you",
        "the",
        "a",
        "an",
        "my",
        "bitte",
        "danke",
        "svp",
        "merci",
        "for",
        "just",
        "and",
    ]
)
_SIZE_BEFORE = re.compile(r"\b(?:in|size|a|größe|taille)\s+$", re.IGNORECASE)


class _Named(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


class Mention(NamedTuple):
    """What some words mention: keys that are meant, keys that fit equally well, and whether the words are plural."""

    found: frozenset[str]
    tied: frozenset[str]
    plural: bool


class Labels:
    """The labels of what was shown, compared as words: case, accents, plurals and small slips are forgiven."""

    def __init__(self, choices: Sequence[_Named], *, now: datetime | None, language: str = "en") -> None:
        self._language = language
        self._today = None if now is None else now.date()
        self._words = label_words(
            tuple((choice.key, tuple(choice.labels), tuple(choice.aliases)) for choice in choices)
        )
        self._marks: Mapping[str, frozenset[str]] = {}
        self._shielded: list[tuple[str, frozenset[str]]] = []

    def whole(self, text: str) -> frozenset[str]:
        """The one key that the whole text names, polite words aside; empty when it names none or several."""
        run = list(run_of(text))
        for least in (run, _trimmed(run)):
            keys = self._words.names.get(tuple(least), set())
            if len(keys) == 1:
                return frozenset(keys)
        return frozenset()

    def shield(self, text: str) -> str:
        """The text with whole labels replaced by marks, longest first, so that no label is cut or read for its words."""
        self._shielded.clear()
        if _MARK.search(text):
            return text
        tokens = tokens_of(text)
        plain = [singular(token.plain) for token in tokens]
        names, pieces = self._words.names, self._words.pieces
        out: list[str] = []
        done = at = 0
        while at < len(tokens):
            for size in range(min(self._words.longest, len(tokens) - at), 0, -1):
                run = tuple(plain[at : at + size])
                keys = names.get(run)
                if keys is None or (size == 1 and self._too_weak(plain[at])) or keys == pieces.get(run):
                    continue  # a piece of a longer name, such as its colour, counts as one of its words
                start, end = tokens[at].start, tokens[at + size - 1].end
                out += [text[done:start], f" zzlabel{len(self._shielded)}zz "]
                self._shielded.append((text[start:end], frozenset(keys)))
                done, at = end, at + size - 1
                break
            at += 1
        return "".join([*out, text[done:]])

    def mentioned(self, part: str, *, direct: bool) -> Mention:
        """What a part of a shielded text mentions.

        Args:
            part: A part of what `shield` gave.
            direct: Whether it answers the question which one; if not, a word must be telling by itself.
        """
        marks = [int(found.group(1)) for found in _MARK.finditer(part)]
        named = [self._shielded[mark][1] for mark in marks if mark < len(self._shielded)]
        rest = _MARK.sub(" , ", part)
        matched, plural = self._matched(rest)
        if not named:
            return self._best(self._words.keys, matched, plural=plural, direct=direct)
        found: frozenset[str] = frozenset()
        tied: frozenset[str] = frozenset()
        for keys in named:
            if len(keys) == 1:
                found |= keys
                continue
            best = self._best(keys, matched, plural=plural, direct=True)
            found |= best.found
            tied |= best.tied or (frozenset() if best.found else keys)
        return Mention(found, tied - found, plural or any(self._plural_mark(mark) for mark in marks))

    def _best(self, among: frozenset[str], matched: Iterable[str], *, plural: bool, direct: bool) -> Mention:
        """The keys with the most telling words in common."""
        scores = dict.fromkeys(among, 0.0)
        exclusive: set[str] = set()
        matched = list(matched)
        telling = direct or self._words.has_a_whole_name(set(matched), among)
        strong = False
        for word in matched:
            carriers = self._carriers(word) & among
            weight = self._weight(word, carriers, among)
            for key in carriers:
                scores[key] += weight
            if weight:
                strong = strong or word not in _WEAK
                telling = telling or (len(word) > 2 and not is_common(word))
                if len(carriers) == 1 and len(among) > 1:
                    exclusive |= carriers
        top = max(scores.values(), default=0.0)
        if top <= 0 or not telling or not strong:
            return Mention(frozenset(), frozenset(), plural)
        best = frozenset(key for key, score in scores.items() if score >= top - 1e-9)
        if len(best) == 1 or best <= exclusive:
            return Mention(best, frozenset(), plural)
        return Mention(frozenset(), best, plural)

    def _weight(self, word: str, carriers: frozenset[str], among: frozenset[str]) -> float:
        if not carriers or word in ("a", "i") or (len(word) > 1 and is_function_word(word)):
            return 0.0
        rare = math.log(1 + len(among) / len(carriers)) / math.log(1 + len(among))
        if len(carriers) == len(among) > 1:
            rare = 0.01  # tells that one is meant, not which
        return rare * (0.05 if word in _WEAK else 1.0)

    def _matched(self, text: str) -> tuple[list[str], bool]:
        """Words of labels that a text has, each once, and whether a name among them is plural."""
        out: dict[str, None] = dict.fromkeys(self._read_marks(text))
        if out:
            self._marks = self._words.marks(self._today, self._read_marks)
        plural = False
        for token in tokens_of(text):
            written = text[token.start : token.end]
            word = singular(token.plain)
            if len(word) == 1 and not (written.isupper() or written == "+" or _SIZE_BEFORE.search(text[: token.start])):
                continue
            known = (
                next(
                    (
                        form
                        for form in (word, _SIZES.get(word, ""), COLOUR_NAMES.get(word, ""))
                        if form in self._words.carriers or form in self._marks
                    ),
                    None,
                )
                or self._of_one_root(word)
                or self._mended(word)
            )
            if known is not None:
                out[known] = None
                plural = plural or (
                    token.plain != known and token.plain.startswith(known) and token.plain.endswith("s")
                )
        return list(out), plural

    def _carriers(self, word: str) -> frozenset[str]:
        """Keys that a word, a day or a price belongs to."""
        return self._words.carriers.get(word, frozenset()) | self._marks.get(word, frozenset())

    def _of_one_root(self, word: str) -> str | None:
        """The one word of labels that is another form of a word: mending of "could you mend it?"."""
        root = root_of(word)
        if len(root) < 4 or is_function_word(word):
            return None
        kin = self._words.of_root(root)
        return kin[0] if len(kin) == 1 else None

    def _mended(self, word: str) -> str | None:
        """The one word of labels that is a slip of the keyboard away."""
        if len(word) < 4 or is_function_word(word):
            return None
        slips = 1 if len(word) < 8 else 2
        near = [found for found in self._words.near(word, slips) if not _is_another_word(word, found[1])]
        if not near or is_common(word):
            return None
        near.sort()
        if is_another_word(word, min(near)[1], self._language):
            return None
        return near[0][1] if len(near) == 1 or near[0][0] < near[1][0] else None

    def _read_marks(self, text: str) -> tuple[str, ...]:
        return _marks_of(text[:400], self._today)

    def _plural_mark(self, mark: int) -> bool:
        last = tokens_of(self._shielded[mark][0])[-1].plain
        return singular(last) != last

    def _too_weak(self, word: str) -> bool:
        return word in _WEAK or is_function_word(word) or len(word) < 2


@lru_cache(maxsize=4_096)
def _marks_of(text: str, today: date | None) -> tuple[str, ...]:
    """Days and prices as words of their own; the year of a day is seldom said, and left out."""
    out = [f"money:{slot.value.minor}{slot.value.currency}" for slot in money(text, currency="EUR")]
    if today is not None:
        out += [f"day:{slot.value:%m-%d}" for slot in dates(text, now=datetime.combine(today, time()))]
    return tuple(out)


def _is_another_word(word: str, other: str) -> bool:
    """Whether a short word has one letter put for another that no finger hits by mistake: a shirt is no skirt."""
    if len(word) != len(other) or len(word) >= _LONG:
        return False
    pairs = [(one, two) for one, two in zip(word, other, strict=True) if one != two]
    return len(pairs) == 1 and pairs[0][1] not in _NEAR.get(pairs[0][0], "")


def _neighbours() -> dict[str, str]:
    """Letters beside one another on the usual keyboards (QWERTY, QWERTZ and AZERTY)."""
    near: dict[str, set[str]] = {}
    for rows in (
        ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
        ("qwertzuiop", "asdfghjkl", "yxcvbnm"),
        ("azertyuiop", "qsdfghjklm", "wxcvbn"),
    ):
        for row, keys in enumerate(rows):
            for place, key in enumerate(keys):
                beside = {*keys[max(0, place - 1) : place + 2]}
                if row:
                    beside |= {*rows[row - 1][place : place + 2]}
                for other in beside - {key}:
                    near.setdefault(key, set()).add(other)
                    near.setdefault(other, set()).add(key)
    return {key: "".join(sorted(others)) for key, others in near.items()}


_LONG = 8  # a longer word stays what it is with any one letter changed
_NEAR = _neighbours()


def _trimmed(run: Sequence[str]) -> list[str]:
    """Words without polite ones at both ends."""
    start, end = 0, len(run)
    while start < end and run[start] in _POLITE:
        start += 1
    while end > start and run[end - 1] in _POLITE:
        end -= 1
    return list(run[start:end])
