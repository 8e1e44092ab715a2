"""A shopper's words made plain: lower case, no accents, sentences apart, and slips put right in the words that decide."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

__all__ = ["LANGUAGES", "Heard", "PhraseTable", "phrase_table", "plain_words"]

LANGUAGES = ("en", "de", "fr")
_LIMIT = 2_000
_ELISION = re.compile(r"\b([cdjlmnst]|qu)['’](?=[^\W\d_])")
_DROPPED = str.maketrans("", "", "'’`´")
_IN_NUMBERS = re.compile(r"(?<=\d)[.,](?=\d)")
_ASKED = re.compile(r"[?？]+[!?？！\s]*")
_ENDS = re.compile(r"[.!;:…\n\r\u2028\u2029。！]+")
_OTHER = re.compile(r"[^\w.?%€$£]+|_+")
_WORD = re.compile(r"[a-z]+")
_SHORTEST_CUE, _LONG_CUE, _MOST_LOOKED_UP = 5, 9, 60


@dataclass(frozen=True, slots=True)
class Heard:
    """What was found in a text.

    Attributes:
        kind: Under which name it stands in the table.
        words: The words that say so, plain.
        at: Where in the plain text.
    """

    kind: str
    words: str
    at: int


class PhraseTable:
    """Expressions by name, each in three languages, and the words in them that are known with a slip in them too.

    Args:
        data: By name a table of `find` and, for what is taken out of the text before, `unless`: each a table of lists of
            regular expressions by language, over plain text, in which ` ... ` stands for up to five words of a sentence.
            Besides them `cues`: words whose slips are put right; and `no_slips`: words that look like a slip of a cue and
            are none.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._cues = tuple(sorted(set(data["cues"])))
        self._known = frozenset(data["no_slips"]) | set(self._cues)
        named = {name: table for name, table in data.items() if isinstance(table, Mapping)}
        self._find = {name: _by_language(table["find"]) for name, table in named.items()}
        self._unless = {name: _by_language(table.get("unless", {})) for name, table in named.items()}

    def plain(self, text: str) -> str:
        """The text as the expressions see it, with the slips in its cues put right."""
        return _mended(plain_words(text), self._cues, self._known)

    def first(self, text: str, name: str, *, language: str = "en") -> Heard | None:
        """The first thing in a text that is found under a name, in the language of the conversation if it is there.

        Args:
            text: As the customer wrote it.
            name: Of the table.
            language: Looked at first; the others follow, since messages mix them.
        """
        plain = self.plain(text)
        for one in sorted(LANGUAGES, key=lambda each: each != language):
            unless, find = self._unless[name].get(one), self._find[name].get(one)
            rest = (
                unless.sub(lambda found: " . ".ljust(len(found.group()), " "), plain) if unless is not None else plain
            )
            if find is not None and (found := find.search(rest)):
                return Heard(name, found.group().strip(" .?"), found.start())
        return None


_GAP = r"(?: [^ .?]+){0,5}? "


def _by_language(table: Mapping[str, Iterable[str]]) -> dict[str, re.Pattern[str]]:
    return {
        language: re.compile(
            r"(?<![^ ])(?:" + "|".join(f"(?:{each.replace(' ... ', _GAP)})" for each in expressions) + r")(?![^ ])"
        )
        for language, expressions in table.items()
    }


@cache
def phrase_table(name: str) -> PhraseTable:
    """The table of the package's file `name`.toml, read once."""
    source = resources.files("convagent.shopping").joinpath(f"{name}.toml")
    return PhraseTable(tomllib.loads(source.read_text(encoding="utf-8")))


@lru_cache(maxsize=256)
def plain_words(text: str) -> str:
    """A text in lower case, without accents and apostrophes, its words parted by one blank.

    Sentences end in ` . `, questions in ` ? `; both stand at the beginning and end too, so that an expression can ask for
    them. The first 2,000 characters are read.
    """
    plain = unicodedata.normalize("NFKD", text[:_LIMIT]).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = _IN_NUMBERS.sub("", _ELISION.sub(r"\1 ", plain).translate(_DROPPED))
    plain = _OTHER.sub(" ", _ENDS.sub(" . ", _ASKED.sub(" ? ", plain)))
    return f" . {' '.join(plain.split())} . "


@lru_cache(maxsize=256)
def _mended(plain: str, cues: tuple[str, ...], known: frozenset[str]) -> str:
    """The text with each word that is no word of any language, and a slip away from one cue, as that cue."""
    from rapidfuzz.distance import OSA

    looked_up = 0

    def word(found: re.Match[str]) -> str:
        nonlocal looked_up
        written = found.group()
        if len(written) < _SHORTEST_CUE - 1 or written in known or looked_up >= _MOST_LOOKED_UP:
            return written
        looked_up += 1
        near: dict[int, list[str]] = {}
        for cue in cues:
            if cue[0] != written[0] or abs(len(cue) - len(written)) > 2:
                continue
            most = 2 if len(cue) >= _LONG_CUE else 1
            if (slips := OSA.distance(written, cue, score_cutoff=most)) <= most:
                near.setdefault(slips, []).append(cue)
        best = sorted(near[min(near)], key=len) if near else []
        one_word = bool(best) and all(best[-1].startswith(each) for each in best)  # "convaincu" and "convaincue" are
        return best[-1] if one_word and not _is_written(written) else written

    return _WORD.sub(word, plain)


def _is_written(word: str) -> bool:
    from convagent.search.written_words import written_words

    return word in written_words()
