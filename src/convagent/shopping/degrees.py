"""What a text compares by: "the brightest", "something darker", "laquelle est plus légère", and which way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from convagent.word_tables import read_table

__all__ = ["Degree", "Form", "Quality", "form_of", "qualities", "read_degree"]

Form = Literal["which", "the one", "new"]
"""What a comparison wants: which it is, the one of several that is, or something else that is."""

LONGEST = 400
"""Characters of a text that are looked at."""

_MORE = (
    r"(?:more|most|longer|longest|higher|highest|bigger|biggest|larger|largest|better|best|stronger|strongest|mehr|meiste\w*|"
    r"länger\w*|längste\w*|höher\w*|höchste\w*|größer\w*|größte\w*|besser\w*|beste\w*|stärker\w*|stärkste\w*|meilleure?s?|"
    r"plus (?:grande?|longue|haute?|forte?|de)|le plus)"
)
_LESS = (
    r"(?:less|least|fewer|fewest|shorter|shortest|lower|lowest|smaller|smallest|weniger|wenigste\w*|kürzer\w*|kürzeste\w*|"
    r"niedriger\w*|niedrigste\w*|kleiner\w*|kleinste\w*|moins(?: de)?|plus (?:petite?|courte?|basse?))"
)
_THAN = re.compile(r"^\s*(?:\w+\s+){0,2}(?:than|as|als|wie|que|qu['’])\b", re.IGNORECASE)
"""What follows a comparison with something that is named: "lighter than my old one" asks something else."""

_WHICH = re.compile(
    r"\b(?:w(?:h)?ich|what(?:['’]s| is| are)|who|welche[rsmn]?|wer|was ist|(?:le|la|les)?quel(?:le)?s?|qui)\b",
    re.IGNORECASE,
)
_DEFINITE = re.compile(
    r"(?:\b(?:the|that|der|die|das|den|dem|am|le|la|les|celle qui est|celui qui est)\s+|\b(?:the|that) (?:one )?with (?:the )?)$",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"\b(?:something|anything|some|any|an?|another|etwas|was|noch|eine?n?|irgendwas|quelque chose de|d['’]autres|une?)\s+"
    r"(?:(?:a bit|a little|bit|little|much|slightly|even|etwas|bisschen|viel|noch|un peu|beaucoup|lampe|\w+s?)\s+){0,2}$",
    re.IGNORECASE,
)
_OF_ONE = re.compile(r"^\W*(?:and |und |et )?(?:is|are|does|do|will|ist|sind|est-ce|est-il|est-elle)\b", re.IGNORECASE)
"""A question about one thing: "is it lighter?"."""

_SUPERLATIVE = re.compile(r"est$|ste[nrsm]?$|^(?:most|least)\b|sten$", re.IGNORECASE)
_TURNED = re.compile(r"^(?:less|least|moins|weniger|am wenigsten)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quality:
    """What products have more or less of.

    Attributes:
        name: Its name.
        fields: The plain names of the fields that say it; None where no field does.
        described: A figure of it in a description, the group `figure`; None for none.
        sides: The sides of a product that say it, the first that it has; an empty one for any side.
        shades: Whether it is how deep a shade is.
        colours: Whether it is how dark a colour is.
        words: Words of a description that speak of it where no figure does; None for none.
    """

    name: str
    fields: re.Pattern[str] | None = None
    described: re.Pattern[str] | None = None
    sides: tuple[str, ...] = ()
    shades: bool = False
    colours: bool = False
    words: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Degree:
    """What a text compares by.

    Attributes:
        by: Names of the qualities that may be meant, the likeliest first, each with 1 for more of it or -1 for less.
        form: "which" where the text asks which is it; "the one" where it means the one of several that is; "new" where it wants
            something else that is.
        superlative: Whether it goes to the end: "the brightest".
        rest: The text without what it compares by.
    """

    by: tuple[tuple[str, int], ...]
    form: Form
    superlative: bool = False
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    quality: Quality
    more: re.Pattern[str] | None
    less: re.Pattern[str] | None
    noun: re.Pattern[str] | None


def read_degree(text: str) -> Degree | None:
    """What a text compares by; None where it compares nothing, or something with what it names ("lighter than mine").

    Args:
        text: A shopper's words in English, German or French.
    """
    text = text[:LONGEST]
    found: list[tuple[int, int, str, int, str]] = []
    for rank, (quality, way, match) in enumerate(_met(text)):
        if not _THAN.match(text[match.end() :]):
            sure = 0 if way[1] else 1  # a noun or a whole phrase says more than an adjective that may be several things
            found.append((sure, rank, quality.name, way[0], match[0]))
    if not found:
        return None
    if any(sure == 0 for sure, *_ in found):
        found = [each for each in found if each[0] == 0]
    before = text[: min(match.start() for _, _, match in _met(text))]
    superlative = any(_SUPERLATIVE.search(said) for *_, said in found)
    form = _form(text, before, superlative=superlative)
    if form is None:
        return None
    rest = text
    for _, _, match in _met(text):
        rest = rest.replace(match[0], " ")
    return Degree(_by(found), form, superlative, rest)


def form_of(text: str, word: str, *, superlative: bool) -> Form | None:
    """What a comparison wants, by what stands around its word; None for a question about one thing: "is it harder?".

    Args:
        text: A shopper's words.
        word: Those that compare, as they stand in the text.
        superlative: Whether they go to the end: "the hardest".
    """
    return _form(text, text[: max(text.find(word), 0)], superlative=superlative)


def _form(text: str, before: str, *, superlative: bool) -> Form | None:
    if _WHICH.search(text):
        return "which"
    if _NEW.search(before):
        return "new"
    if _DEFINITE.search(before):
        return "the one"
    if superlative:
        return "which"
    return None if _OF_ONE.search(text) else "new"


def _by(found: list[tuple[int, int, str, int, str]]) -> tuple[tuple[str, int], ...]:
    return tuple(dict.fromkeys((name, sign) for _, _, name, sign, _ in found))


def _met(text: str) -> Iterator[tuple[Quality, tuple[int, bool], re.Match[str]]]:
    """The qualities that a text compares by: which way, and whether it says so by more than an adjective."""
    for words in _table():
        if words.noun is not None and (match := words.noun.search(text)) is not None:
            yield words.quality, (-1 if match["less"] else 1, True), match
        for pattern, sign in ((words.more, 1), (words.less, -1)):
            match = pattern.search(text) if pattern is not None else None
            if match is not None:
                turned = -1 if _TURNED.search(match[0]) else 1
                yield words.quality, (sign * turned, match["said"] is not None), match


def qualities() -> Mapping[str, Quality]:
    """What products have more or less of, by name."""
    return {words.quality.name: words.quality for words in _table()}


@cache
def _table() -> tuple[_Words, ...]:
    read: dict[str, dict[str, Any]] = read_table(Path(__file__).parent / "degrees.toml")
    return tuple(
        _Words(
            Quality(
                name, fields=_compiled(said.get("fields")), described=_compiled(said.get("described")),
                sides=tuple(said.get("sides", ())), shades=said.get("shades", False), colours=said.get("colours", False),
                words=_compiled(said.get("words")),
            ),
            _compared(said, "more"), _compared(said, "less"), _of_noun(said.get("noun")),
        )
        for name, said in read.items()
    )  # fmt: skip


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern, re.IGNORECASE) if pattern else None


def _compared(said: Mapping[str, Any], way: str) -> re.Pattern[str] | None:
    """The ways in which more (or less) is said: "brighter", "most expensive", "am hellsten", "plus lumineux"."""
    forms = [rf"\b{stem}(?:er|est)\b" for stem in said.get(f"{way}_en", ())]
    forms += [rf"\b(?:more|most|less|least) {each}\b" for each in said.get(f"{way}_adj_en", ())]
    # "den kleinen" compares nothing: the ending of a comparison is there
    forms += [rf"\b{stem}(?:er(?:e[nrsm]?)?|(?:e)?ste[nrsm]?)\b" for stem in said.get(f"{way}_de", ())]
    forms += [rf"\b(?:plus|moins) {each}(?!\w)" for each in said.get(f"{way}_fr", ())]
    phrase = said.get(f"{way}_said")
    whole = f"(?P<said>{phrase})" if phrase else "(?P<said>(?!))"
    return re.compile("|".join((whole, *forms)), re.IGNORECASE) if forms or phrase else None


def _of_noun(noun: str | None) -> re.Pattern[str] | None:
    if not noun:
        return None
    return re.compile(rf"\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))[ -](?:\w+ )?(?:{noun})(?!\w)", re.IGNORECASE)
