"""Words in all their forms: what a `Never say` forbids, found by the stems of a language.

Stems are Snowball's (https://snowballstem.org): `guarantee` finds guarantees, guaranteed and guaranteeing, `Garantie` finds
Garantien. Words that a stem doesn't reach, such as sold for sell, are words of their own. In languages that write compounds
as one word, a longer word is found at the beginning and at the end of a compound too.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from convagent.guidance.parts import Part

__all__ = ["BREAK", "Forbidden", "ForbiddenWords", "own_words", "readable"]

BREAK = "\ufffc"
"""Stands for words that aren't ours; no phrase reaches across it. U+FFFC is Unicode's own sign for what is put in."""

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LONG_RUN = re.compile(r"([^\w\s\x00-\x7f]{30})[^\w\s\x00-\x7f]+")
_STRESS = re.compile(r"(?<=\w)[*~`]+|[*~`]+(?=\w)")
_SPACED = re.compile(r"(?<!\w)\w(?:[ .\-_*·]\w){3,}(?!\w)")
_SPACES = re.compile(r"[^\S\u2028\u2029]+")
_TOKEN = re.compile(rf"[^\W_]+|{BREAK}")
_HYPHENATED = re.compile("(?<![^\\W_])[^\\W_]++(?:[-\u2010\u2011][^\\W_]++)+")
_HYPHEN = re.compile("[-\u2010\u2011]")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_LATIN = re.compile("[a-zA-Z]")
# Letters that look like Latin ones, in a word that has Latin letters besides.
_ALIKE = str.maketrans(
    "аеорсухіѕјԁԛԝһАВЕКМНОРСТХІЅЈονρτυχιακΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxisjdqwhABEKMHOPCTXISJovptuxiakABEZHIKMNOPTYX"
)
_WORD = re.compile(r"\w+")

_STEMMERS: Mapping[str, str] = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french", "it": "italian",
    "nb": "norwegian", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_COMPOUNDING = frozenset({"de", "nl", "da", "sv", "nb", "no", "fi"})
_IN_COMPOUND = 5
"""Shorter stems stand in too many words that have nothing to do with them."""
_REST_OF_COMPOUND = 3
_MAX_WORD = 64
_REMEMBERED, _MOST_REMEMBERED = 2_000, 512
"""Characters of a text, and texts, whose findings are remembered; then all are forgotten."""

_lock = threading.Lock()


def readable(text: str) -> str:
    """A text as a reader sees it: composed characters, no invisible ones, single blanks, no l e t t e r s  a p a r t.

    Letters of another alphabet that look like Latin ones become these in words that have Latin letters too. Case stays.
    """
    if not text.isascii():
        text = _UNSEEN.sub("", text)
        text = unicodedata.normalize("NFKC", _LONG_RUN.sub(r"\1", text))
        text = _WORD.sub(lambda found: _in_latin(found[0]), text)
    text = _STRESS.sub("", text)
    text = _SPACED.sub(lambda found: re.sub(r"[\W_]", "", found[0]), text)
    return _SPACES.sub(" ", text)


def _in_latin(word: str) -> str:
    return word.translate(_ALIKE) if not word.isascii() and _LATIN.search(word) else word


def own_words(parts: Iterable[Part]) -> str:
    """Our own words of a text, with a sign for each stretch that isn't ours."""
    return "".join(part.text if part.source in {"own", "asked"} else f" {BREAK} " for part in parts)


class Forbidden(NamedTuple):
    """A forbidden phrase that was found.

    Attributes:
        phrase: As the rule has it.
        words: As the text has it.
    """

    phrase: str
    words: str


class ForbiddenWords:
    """Finds phrases in all their forms. Safe to share between threads.

    Args:
        phrases: Each with the language it is written in, such as ("guarantee", "en").
    """

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self.phrases = tuple(dict.fromkeys((phrase, language) for phrase, language in phrases if phrase.strip()))
        # What a guide says is said again and again. Two threads may both look it through; they find the same.
        self._found: dict[tuple[str, str], tuple[Forbidden, ...]] = {}

    def __bool__(self) -> bool:
        """Whether anything is forbidden."""
        return bool(self.phrases)

    def find(self, text: str, language: str) -> tuple[Forbidden, ...]:
        """The forbidden phrases of a text, each once, in the order of the rules.

        A phrase is looked for by the stems of its own language, in which a text without a translation is said, and by
        those of the text's.

        Args:
            text: Our own words; `BREAK` where others were left out.
            language: The text's.
        """
        if not self.phrases:
            return ()
        found = self._found.get((text, language))
        if found is None:
            found = self._looked_for(text, language)
            if len(text) <= _REMEMBERED:
                if len(self._found) >= _MOST_REMEMBERED:
                    self._found = {}
                self._found[text, language] = found
        return found

    def _looked_for(self, text: str, language: str) -> tuple[Forbidden, ...]:
        clean = readable(text)
        tokens = [(found[0], found.start(), found.end()) for found in _TOKEN.finditer(clean)]
        for whole in _HYPHENATED.finditer(clean):  # also as one word: guaran-tee
            tokens += [(BREAK, *whole.span()), (_HYPHEN.sub("", whole[0]), *whole.span())]
        words = tuple(_folded(token) for token, _, _ in tokens)
        reply = _base(language)
        found: dict[str, Forbidden] = {}
        stems: dict[str, _Stemmed] = {}
        for phrase, own in self.phrases:
            for code in dict.fromkeys((_base(own), reply)):
                if code not in stems:
                    stems[code] = _stemmed(words, code)
                place = _place(_phrase(phrase, code), stems[code], compounds=code in _COMPOUNDING)
                if place is not None and phrase not in found:
                    first, last = place
                    found[phrase] = Forbidden(phrase, clean[tokens[first][1] : tokens[last][2]])
        return tuple(found.values())


def _base(language: str) -> str:
    return re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word[:_MAX_WORD].casefold())


@lru_cache(maxsize=16)
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(_STEMMERS[language]) if language in _STEMMERS else None


@lru_cache(maxsize=16384)
def _stems(word: str, language: str) -> frozenset[str]:
    """The stem of a word and of the word without its accents, neither with any; the word itself without a stemmer."""
    bare = _without_accents(word)
    stemmer = _stemmer(language)
    if stemmer is None:
        return frozenset({bare})
    with _lock:  # Snowball's stemmers keep state
        return frozenset(_without_accents(stem) for stem in stemmer.stemWords([word, bare]))


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word))) or word


@lru_cache(maxsize=4096)
def _phrase(phrase: str, language: str) -> tuple[frozenset[str], ...]:
    return tuple(_stems(_folded(token), language) for token in _TOKEN.findall(readable(phrase)))


class _Stemmed(NamedTuple):
    """A text's words by their stems in one language.

    Attributes:
        words: As they are written.
        stems: Of each word.
        places: Where each stem stands.
        letters: All words and stems without accents, to rule a compound out at once.
    """

    words: tuple[str, ...]
    stems: list[frozenset[str]]
    places: dict[str, list[int]]
    letters: str


def _stemmed(words: tuple[str, ...], language: str) -> _Stemmed:
    stems = [_stems(word, language) for word in words]
    places: dict[str, list[int]] = {}
    for place, own in enumerate(stems):
        for stem in own:
            places.setdefault(stem, []).append(place)
    return _Stemmed(words, stems, places, " ".join((*map(_without_accents, words), *places)))


def _place(phrase: tuple[frozenset[str], ...], text: _Stemmed, *, compounds: bool) -> tuple[int, int] | None:
    """The first and last word of a phrase's first place."""
    size = len(phrase)
    if not size:
        return None
    starts = {place for stem in phrase[0] for place in text.places.get(stem, ())}
    if compounds and size == 1:
        starts |= {
            place
            for stem in phrase[0]
            if stem in text.letters
            for place, own in enumerate(text.stems)
            if _in_compound(stem, own, text.words[place])
        }
    for start in sorted(starts):
        if start + size <= len(text.stems) and all(phrase[at] & text.stems[start + at] for at in range(1, size)):
            return start, start + size - 1
    return None


def _in_compound(stem: str, stems: frozenset[str], word: str) -> bool:
    if len(stem) < _IN_COMPOUND:
        return False
    bare = _without_accents(word)
    begins = bare.startswith(stem) and len(bare) - len(stem) >= _REST_OF_COMPOUND
    return begins or any(own.endswith(stem) and len(own) - len(stem) >= _REST_OF_COMPOUND for own in stems)
