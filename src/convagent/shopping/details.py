"""A question about one product: answered with what the shop says of it, word for word, or passed on."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from convagent.catalog.attributes.fields import field_of
from convagent.catalog.knowing.comparison_words import label_of, value_text
from convagent.catalog.knowing.facts_read import own_spelling, plain_field, said_facts, yes_or_no
from convagent.catalog.own_fields.asked import fields_named
from convagent.facts import Product
from convagent.guidance.parts import Worded
from convagent.search import Tokeniser
from convagent.shopping.case import ShoppingCase
from convagent.shopping.hearing import asks_of_it, asks_of_the_one, asks_whether_anew, is_question
from convagent.shopping.model import Advice, Pick
from convagent.shopping.speaking import meant_by_words, said_of
from convagent.shopping.telling import fields_bearing_on, is_told_otherwise, told_by
from convagent.word_tables import patterns_of, read_table

__all__ = [
    "answered_from_facts",
    "answered_of_each",
    "asks_a_property",
    "bearing_on",
    "engraving_answer",
    "facts_asked_for",
    "fields_that_answer",
    "options_of",
    "quotes_words",
    "says_of_it",
    "sentences_about",
]

MOST_FACTS = 2
"""Facts of an answer; with more nobody finds theirs."""

_OF_TERMS = frozenset(
    "delivery final_sale warranty subscription engraving engraved assembly gift size colour shade".split()
)
"""Fields and qualities that speak of how something is sold, sent or chosen."""

LEAST_SHARED = 2
"""Words that a sentence of the description must share with the question, besides the product's name."""

_ASPECTS: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (  # what something costs
        re.compile(
            r"\b(?:extra|surcharge|free of charge|for free|costs?|charged?|price|aufpreis|kostet|gratis|kostenlos|en plus|"
            r"gratuit\w*|co[uû]te\w*|supplément)\b",
            re.IGNORECASE,
        ),
        frozenset({"delivery", "subscription"}),
    ),
    (  # how long something takes, or by when it is there
        re.compile(
            r"\bhow long (?:does|do|will|would) .{0,40}\btake\b|\bhow many (?:working )?days\b|\bby (?:mon|tues|wednes|thurs|"
            r"fri|satur|sun)day\b|\bwie lange dauert\b|"
            r"\bcombien de (?:temps|jours)\b(?!.{0,30}\b(?:tien|dure|brûl|gard|conserv))",
            re.IGNORECASE,
        ),
        frozenset({"delivery", "assembly", "charge_hours", "directions"}),
    ),
    (  # whether it can come back
        re.compile(
            r"\b(?:send|give|bring) .{0,20}\bback\b|\breturn(?:ed|able|s)?\b|\bzurück\w*|\bumtausch\w*|\brenvoy\w*|\bretourn\w*",
            re.IGNORECASE,
        ),
        frozenset({"final_sale"}),
    ),
)
"""What else a question may be about than the thing, and the fields that say something of that: a fact beside it is no answer."""

_HOW_MUCH = re.compile(r"\b(?:how (?:much|many)|wie ?viel\w*|combien)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"\b(?:[0-9½¼]+(?:[.,][0-9]+)?|one|two|three|four|a|an|half|level|heaped)\s*(?:(?:level|heaped|fingers?['’]?|small|large)\s*)*"
    r"(?:g|mg|µg|ml|grams?|drops?|pumps?|dots?|scoops?|spoons?|tea ?spoons?|table ?spoons?|capsules?|tablets?|fingers?|length|"
    r"sachets?|pinch|peas?|coins?|bags?|piece the size)\b|\bsize of an? \w+",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:same|together|alongside|as well|combin\w+|mix\w*|with|after|before|gleichen|zusammen|mit|même|ensemble|avec)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"(?:(?<=\s)|^)(?:'(?P<a>[^\n]{2,120}?)'|‘(?P<b>[^\n]{2,120}?)’|\"(?P<c>[^\n\"]{2,120})\"|[“„](?P<d>[^\n”“]{2,120})[”“]|"
    r"«\s?(?P<e>[^\n»]{2,120}?)\s?»)(?=[\s?.,;!)]|$)"
)
_ROOM = re.compile(
    r"\b(?:fits?|engrav\w*|room|space|too long|write|put|grav\w*|passt|passen|platz|zeichen|tient|tiennent|rentre|place)\b",
    re.IGNORECASE,
)
_LINES = re.compile(
    r"(?P<lines>[0-9]+) (?:lines?|zeilen?|lignes?)\b.{0,30}?(?P<most>[0-9]+) (?:characters|zeichen|caractères)"
)


def answered_from_facts(case: ShoppingCase, product: Product) -> Advice | None:
    """What the shop says of a product that answers a question; None where it says nothing to it.

    Words in quotation marks are counted against what can be engraved. Fields that the question is about come next
    (`details.toml` says which words mean which field), else sentences of the description that share its words. A field that is
    beside what is asked is left out: how many letters an engraving has doesn't say what it costs.

    Args:
        case: The request.
        product: What it is about.
    """
    line, why = engraving_answer(case, product), f"of {product.id}: engraving"
    if line is None:
        names, told = _told(case, product)
        if not told:
            return None
        line = case.words.say("picked", product=product.title, facts="; ".join(each.rstrip(".") for each in told))
        why = f"of {product.id}: {', '.join(names) or 'its description'}"
    keeps_theirs = asks_whether_anew(case.text)  # whoever may keep what they have is shown nothing to buy
    picks = (Pick(product),) if product.in_stock and not keeps_theirs else ()
    return Advice(case.shown(picks, about=product.id), (line,), picks, why=(why,))


def answered_of_each(case: ShoppingCase) -> Advice | None:
    """What the shop says of each of several products that were shown, where none of them alone is meant: "does it have nuts?".

    Those that say nothing of it are left out; None where none says anything.

    Args:
        case: The request.
    """
    if not case.state.active or not is_question(case.text):
        return None
    lines: list[str] = []
    picks: list[Pick] = []
    for product in case.products(dict.fromkeys(case.state.shown)):
        alone = answered_from_facts(case, product) if says_of_it(case, product) else None
        if alone is not None:
            lines.extend(alone.lines)
            picks.append(Pick(product))
    if not lines:
        return None
    picks = [pick for pick in picks if pick.product.in_stock]
    about = picks[0].product.id if len(picks) == 1 else ""
    why = (f"of each that was shown: {', '.join(pick.product.id for pick in picks)}",)
    return Advice(case.shown(picks, about=about), tuple(lines), tuple(picks), why=why)


def says_of_it(case: ShoppingCase, product: Product) -> bool:
    """Whether what the shop says of a product answers a question, or its room the words that should be engraved.

    Args:
        case: The request.
        product: The product.
    """
    return engraving_answer(case, product) is not None or bool(_told(case, product)[1])


def engraving_answer(case: ShoppingCase, product: Product) -> Worded | None:
    """Whether words in quotation marks can be engraved on a product; None without such words, or where it says no room.

    Spaces count, as every character does; on several lines words are kept whole.

    Args:
        case: The request.
        product: The product.
    """
    quoted, said = _QUOTED.search(case.text), dict(said_facts(product)).get("engraving", "")
    room = _LINES.search(said)
    if quoted is None or room is None or not _ROOM.search(case.text):
        return None
    text = next(each for each in quoted.groups() if each is not None).strip()
    lines, most = int(room["lines"]), int(room["most"])
    written = textwrap.wrap(text, most, break_long_words=False, break_on_hyphens=False) if most else []
    fits = len(written) <= lines and all(len(each) <= most for each in written)
    return case.words.say(
        "engraving_fits" if fits else "engraving_too_long",
        product=product.title, text=text, count=str(len(text)), lines=str(lines), most=str(most),
    )  # fmt: skip


def _told(case: ShoppingCase, product: Product) -> tuple[list[str], list[str]]:
    """The fields that answer a question, and what is told."""
    language, text = case.words.language, case.text
    facts = {**dict(said_facts(product)), **options_of(product)}
    fields, beside = facts_asked_for(text), _aspects(text)

    def called(name: str) -> str:
        return label_of(name, language, own=own_spelling((product,), name))

    names = list(fields_that_answer(text, facts, title=product.title))[:MOST_FACTS]
    if "directions" in fields and _HOW_MUCH.search(text):  # only what says an amount answers how much
        names = [name for name in names if name != "directions" or _AMOUNT.search(facts[name])]
        if not names:
            return [], [each for each in _sentences(product.description or "") if _AMOUNT.search(each)][:1]
    told = [f"{called(name)}: {value_text(name, facts[name], language)}" for name in names]
    if told and len(told) < MOST_FACTS and is_question(text) and not any(name in fields for name in names):
        told += list(sentences_about(text, product))[:1]  # what a field of the shop's own says may be told more fully
    if told or beside or not is_question(text):
        return names, told
    # what it asks by its meaning is met in any language
    if (asks_of_it(text) or asks_of_the_one(text)) and (meant := meant_by_words(text, language)):
        of_it = said_of(product, meant, language=language, home=case.catalog.language)
        if of_it:
            return names, list(of_it[:MOST_FACTS])
    if otherwise := told_by(text, product, language):
        return names, list(otherwise[:MOST_FACTS])
    if sentences := list(sentences_about(text, product, other=_other(case, product)))[:MOST_FACTS]:
        return names, sentences
    said = [name for name in facts if name != "description" and _shares_words(text, facts[name])]
    return said[:1], [f"{called(name)}: {value_text(name, facts[name], language)}" for name in said[:1]]


def bearing_on(text: str, product: Product, language: str) -> tuple[str, ...]:
    """The fields of a product that bear on a question which none of them answers outright, as they are told.

    Whether something is vegan goes by what it is made of.

    Args:
        text: The question.
        product: What it is about.
        language: In which the names of fields are told.
    """
    facts = dict(said_facts(product))
    names = [name for field in fields_bearing_on(text) for name in _called(field, facts)][:MOST_FACTS]
    labels = {name: label_of(name, language, own=own_spelling((product,), name)) for name in names}
    return tuple(f"{labels[name]}: {value_text(name, facts[name], language)}" for name in names)


def asks_a_property(text: str, language: str) -> bool:
    """Whether a question is about what a thing is like, rather than about the terms that it is sold on.

    Args:
        text: The question.
        language: Its language, ISO 639-1.
    """
    fields, meant = set(facts_asked_for(text)), meant_by_words(text, language)
    return not _OF_TERMS & (fields | meant) and bool(fields or meant or is_told_otherwise(text))


def fields_that_answer(text: str, facts: Mapping[str, str], *, title: str) -> tuple[str, ...]:
    """Those of a product's fields that a question is about, and that say something of what it asks.

    Args:
        text: The question.
        facts: What the product says, by field.
        title: The product's: a field whose name stands in it isn't asked for by naming the product.
    """
    beside = _aspects(text)
    by_words = (each for name in facts_asked_for(text) for each in _called(name, facts))
    asked = dict.fromkeys((*by_words, *fields_named(text, facts, besides=title)))
    names = (name for name in asked if all(name in allowed for allowed in beside))
    return tuple(name for name in names if name != "final_sale" or yes_or_no(facts[name]))


def _called(name: str, facts: Mapping[str, str]) -> tuple[str, ...]:
    """The fields that say what a field of `details.toml` is about: itself, else those that are called otherwise."""
    if name in facts:
        return (name,)
    return tuple(each for each in facts if each in _otherwise().get(name, ()) or _typed(each) == name)


@lru_cache(maxsize=5_000)
def _typed(field: str) -> str:
    """What a field holds, by the name that `details.toml` has for it: "zutaten" are ingredients."""
    found = field_of(field)
    return {"ages": "age", "materials": "material", "loads": "max_load"}.get(found.kind, found.kind) if found else ""


def _aspects(text: str) -> list[frozenset[str]]:
    return [allowed for pattern, allowed in _ASPECTS if pattern.search(text)]


def _other(case: ShoppingCase, product: Product) -> Product | None:
    """The product that a question sets this one beside: "can I use it on the same evening?"."""
    if not _TOGETHER.search(case.text):
        return None
    others = [*case.named, *case.products((case.state.about,) if case.state.about else ())]
    return next((each for each in others if each.id != product.id), None)


def options_of(product: Product) -> dict[str, str]:
    """What a product comes as and can be bought as now, by the plain names of its options."""
    found: dict[str, dict[str, None]] = {}
    for variant in product.variants:
        for name, value in variant.options.items() if variant.available else ():
            found.setdefault(plain_field(name), {})[value] = None
    return {name: ", ".join(values) for name, values in found.items()}


def quotes_words(text: str) -> bool:
    """Whether a text has words in quotation marks, as an engraving is spelt out."""
    return _QUOTED.search(text) is not None


def facts_asked_for(text: str) -> tuple[str, ...]:
    """Fields of products that a question is about, the first that it names first."""
    found: list[tuple[int, str]] = []
    for field, pattern in _fields().items():
        if (match := pattern.search(text)) is not None:
            found.append((match.start(), field))
    return tuple(field for _, field in sorted(found))


def sentences_about(text: str, product: Product, *, other: Product | None = None) -> Iterable[str]:
    """Sentences of a product's description that share words with a question, those that share most first.

    Args:
        text: The question.
        product: What it is about; words of its own title don't count.
        other: A product beside it: a sentence that names it, by a word that isn't its kind, answers the question.
    """
    tokeniser = _tokeniser()
    own = set(tokeniser.terms(product.title))
    asked = set(tokeniser.terms(text)) - own - _beside()
    names: Collection[str] = ()
    if other is not None:
        asked -= set(tokeniser.terms(other.title))
        names = set(tokeniser.terms(other.title)) - own - set(tokeniser.terms(other.kind or ""))
    ranked: list[tuple[int, int, str]] = []
    for place, sentence in enumerate(_sentences(product.description or "")):
        terms = set(tokeniser.terms(sentence))
        shared = len(asked & terms) + LEAST_SHARED * bool(terms.intersection(names))
        if shared >= LEAST_SHARED or (shared and shared == len(asked)):
            ranked.append((-shared, place, sentence))
    return (sentence for _, _, sentence in sorted(ranked))


def _shares_words(text: str, fact: str) -> bool:
    """Whether a fact has enough words of a question to be about it."""
    tokeniser = _tokeniser()
    return len(set(tokeniser.terms(text)) & set(tokeniser.terms(fact))) >= LEAST_SHARED


def _sentences(text: str) -> Sequence[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]


@cache
def _tokeniser() -> Tokeniser:
    return Tokeniser("en")


@cache
def _beside() -> frozenset[str]:
    """What a question shares with any text: "one of them wide enough for a chart" says nothing of "the first one warm enough"."""
    return frozenset(_tokeniser().terms(_table()["beside"]["words"]))


@cache
def _fields() -> Mapping[str, re.Pattern[str]]:
    return patterns_of(_table()["asked"])


@cache
def _otherwise() -> Mapping[str, frozenset[str]]:
    return {field: frozenset(names) for field, names in _table()["called"].items()}


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    table: Mapping[str, Mapping[str, Any]] = read_table(Path(__file__).parent / "details.toml")
    return table
