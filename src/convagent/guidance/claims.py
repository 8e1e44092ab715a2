"""Claims in a text: that something was done, that something will be done. What backs them is for others to say.

The words and the shapes of sentences are data (`claims.toml`), by language; checking guidance and checking replies read the
same. All languages are looked for in every text, since a text without a translation is said as it is written. Questions,
negated clauses and, for promises, conditions ("once it is here, we refund you") claim nothing.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

from convagent.guidance.parts import Part, parts_of
from convagent.guidance.word_forms import BREAK, readable

__all__ = ["Act", "Claim", "act_named", "claims_in", "claims_of_parts"]

ANY_ACT = "any"
"""What “that's done” says was done."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim.

    Attributes:
        kind: `done`: something was done. `promise`: it will be.
        words: As the text has them.
        act: What: refund, cancel, send, replace, change, book, contact; `any` when it doesn't say.
        of_record: A record may say so ("your order was cancelled"), rather than only what we did ("I have cancelled it").
        by_person: Somebody else than the agent is to do it, or it is what a person who takes over does anyway.
    """

    kind: Literal["done", "promise"]
    words: str
    act: str
    of_record: bool = False
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """What can be claimed.

    Attributes:
        actions: Beginnings of words in the names and descriptions of actions that do it; empty when any action may.
        facts: What records say when it is so, without accents.
    """

    actions: tuple[str, ...]
    facts: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Shape:
    kind: Literal["done", "promise"]
    pattern: str
    language: str
    acts: Mapping[str, str]
    of_record: bool
    starts: bool
    asks: bool
    conditional: bool
    by_person: bool


@dataclass(frozen=True, slots=True)
class _Words:
    shapes: tuple[_Shape, ...]
    acts: Mapping[str, Act]
    quick: re.Pattern[str]
    negations: Mapping[str, re.Pattern[str]]
    conditions: Mapping[str, re.Pattern[str]]
    no_negation: re.Pattern[str]
    by_person: frozenset[str]


def act_named(name: str) -> Act:
    """An act of the vocabulary.

    Raises:
        KeyError: There is none of this name.
    """
    return _words().acts[name]


def claims_in(text: str) -> tuple[Claim, ...]:
    """The claims of a text, in order; of several at one place the first that the vocabulary names."""
    return _claims(parts_of(text))


def claims_of_parts(parts: Iterable[Part]) -> tuple[Claim, ...]:
    """The claims that we make ourselves: with at least a word of our own.

    What was put in is read with the words around it, so that "we have {{ status }} it" claims what it says. Citations and
    products end a sentence. Within questions to the customer nothing is promised.
    """
    return _claims(tuple(parts))


@lru_cache(maxsize=2048)
def _claims(parts: tuple[Part, ...]) -> tuple[Claim, ...]:
    words = _words()
    text, sources = _read(parts)
    folded = _folded(text)
    if len(folded) != len(text) or words.quick.search(folded) is None:  # folding keeps lengths, see _folded
        return ()
    found: list[tuple[int, Claim]] = []
    for start, end in _sentences(folded):
        sentence = folded[start:end]
        if words.quick.search(sentence) is None:
            continue
        taken: list[tuple[int, int]] = []
        for shape in words.shapes:
            for match in _compiled(shape.pattern).finditer(sentence):
                place = (start + match.start(), start + match.end())
                source = {sources[position] for position in range(*place)}
                if any(a < place[1] and place[0] < b for a, b in taken) or not source & {"own", "asked"}:
                    continue
                if "asked" in source and shape.kind == "promise":
                    continue
                if _says_nothing(shape, sentence, match, words):
                    continue
                taken.append(place)
                verb = match.groupdict().get("verb")
                act = shape.acts.get(verb or "", ANY_ACT)
                claim = Claim(
                    shape.kind, text[place[0] : place[1]].strip(), act, shape.of_record,
                    shape.by_person or act in words.by_person,
                )  # fmt: skip
                found.append((place[0], claim))
    return tuple(claim for _, claim in sorted(found, key=lambda pair: pair[0]))


def _says_nothing(shape: _Shape, sentence: str, match: re.Match[str], words: _Words) -> bool:
    """Whether a question, a negation or a condition takes the claim out of a sentence."""
    before = words.no_negation.sub(" ", sentence[: match.start()])
    clause = re.split(r"[,:…\ufffc–—(]| and | but | und | aber | et | mais ", before)[-1]
    if shape.starts and clause.strip(" \"'“„«»*-") not in _OPENERS:
        return True
    inside = match[0]
    if words.negations[shape.language].search(f"{clause} {words.no_negation.sub(' ', inside)}"):
        return True
    conditions = words.conditions[shape.language]
    if shape.conditional and shape.kind == "promise" and conditions.search(words.no_negation.sub(" ", sentence)):
        return True
    if conditions.search(f"{clause} {inside}" if shape.of_record else clause) or (
        shape.conditional and shape.starts and conditions.search(sentence)
    ):
        return True
    return shape.asks and sentence.rstrip().endswith("?")


_OPENERS = frozenset(
    {"", "so", "then", "well", "good news", "great", "yes", "ok", "okay", "now", "also", "hi", "hello", "thanks",
     "as requested", "as you asked",
     "also gut", "gut", "ja", "so,", "oui", "voila", "alors", "donc", "good", "all right", "alright", "done", "perfect", "sure"}
)  # fmt: skip


def _read(parts: Sequence[Part]) -> tuple[str, list[str]]:
    """The text as it is read, and the source of each character."""
    text: list[str] = []
    sources: list[str] = []
    for part in parts:
        words = (
            f"\u2029{BREAK}\u2029"
            if part.source in {"cited", "product"}
            else readable(_DOTS.sub("", _PARAGRAPH.sub("\u2029", part.text)))
        )
        text.append(words)
        sources.extend([part.source] * len(words))
    return "".join(text).replace("’", "'").replace("‘", "'").replace("`", "'"), sources


_PARAGRAPH = re.compile(r"\n\s*\n|\n\s*(?=[-*•]\s)")
_DOTS = re.compile(r"\.{2,}|\u2026")
_ACCENTS = {ord(a): b for a, b in zip("àáâäãåçèéêëìíîïñòóôöõùúûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy", strict=True)}


def _folded(text: str) -> str:
    """Lower case without accents, character by character, so that places stay what they are."""
    if text.isascii():
        return text.lower()
    return "".join(char if len(char.lower()) != 1 else char.lower() for char in text).translate(_ACCENTS)


def _sentences(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for end in re.finditer(r"[.!?;]+(?=[\s\u2029\"'”»)]|$)|\u2029", text):
        if end.end() > start:
            yield start, end.end()
        start = end.end()
    if start < len(text):
        yield start, len(text)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A shape's pattern, compiled at the first sentence that may have it: many texts have none."""
    return re.compile(pattern)


@cache
def _words() -> _Words:
    data = tomllib.loads(resources.files("convagent.guidance").joinpath("claims.toml").read_text(encoding="utf-8"))
    shapes: list[_Shape] = []
    acts: dict[str, Act] = {}
    forms: set[str] = set()
    people: set[str] = set()
    idioms: list[str] = []
    negations: dict[str, re.Pattern[str]] = {}
    conditions: dict[str, re.Pattern[str]] = {}
    for language, table in data.items():
        by_form: dict[str, str] = {}
        for act in table["acts"]:
            for form in (form for kind in ("do", "now", "done", "nouns") for form in act.get(kind, ())):
                by_form.setdefault(_spelt(form), act["name"])
            known = acts.get(act["name"], Act((), frozenset()))
            acts[act["name"]] = Act(
                known.actions + tuple(act.get("actions", ())), known.facts | {_spelt(f) for f in act.get("facts", ())}
            )
            people |= {act["name"]} if act.get("backed_by_person") else set()
        forms |= set(by_form)
        lists = {
            "agents": rf"(?<!\w){_any(table['agents'])}",
            "others": rf"(?<!\w){_any(table['others'])}",
            "things": rf"(?<!\w){_any(table['things'])}",
            "adverbs": rf"(?:{_any(table['adverbs'])} )*",
            "gap": table["gap"],
            **{
                kind: _any(form for act in table["acts"] for form in act.get(kind, ()))
                for kind in ("do", "done", "now", "nouns")
            },
        }
        for shape in table["shapes"]:
            pattern = _filled(_spelt(shape["pattern"]), lists)
            named = {**by_form, **{_spelt(form): act for form, act in shape.get("act_of", {}).items()}}
            forms |= set(shape.get("act_of", ()))
            shapes.append(
                _Shape(
                    shape["kind"], rf"(?<![\w]){pattern}(?!\w)", language, named, shape.get("fact", False),
                    shape.get("start", False), shape.get("asks", False), shape.get("conditional", False),
                    shape.get("person", False),
                )
            )  # fmt: skip
        idioms += table["no_negation"]
        negations[language] = _whole(table["negations"], r"|n't\b" if language == "en" else "")
        conditions[language] = _whole(table["conditions"])
    finished = r"done|taken care of|take care of|make sure|ensure|see to it|sorted|settled|erledigt|geregelt|fait|regle"
    quick = re.compile(rf"(?<!\w)(?:{_any(_spelt(form) for form in forms)}|{finished})(?!\w)")
    return _Words(tuple(shapes), acts, quick, negations, conditions, _whole(idioms), frozenset(people))


def _spelt(words: str) -> str:
    return (
        _folded(unicodedata.normalize("NFC", words)).replace("’", "'")
        if "(?P" not in words
        else words.translate(_ACCENTS)
    )


def _any(words: Iterable[str]) -> str:
    """A pattern for any of the words, longer ones first."""
    ordered = sorted({_spelt(word) for word in words}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", " ") for word in ordered) + ")"


def _whole(words: Iterable[str], more: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any(words)}(?!\w){more}")


def _filled(pattern: str, lists: Mapping[str, Any]) -> str:
    return re.sub(r"\{([a-z]+)\}", lambda mark: str(lists[mark[1]]), pattern)
