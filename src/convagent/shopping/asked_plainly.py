"""Messages that ask for a thing and nothing besides: its price or whether it is there, or the thing itself with a please."""

from __future__ import annotations

import re

from convagent.catalog.colours import plain_colours_in
from convagent.catalog.own_fields.words import key_of
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product
from convagent.search.stop_words import STOP_WORDS
from convagent.shopping.hearing import asks_if_there, asks_the_price, asks_what_became, is_question

__all__ = ["asks_for_itself", "asks_politely", "asks_which_does", "is_a_wish"]

_SHORT = 8
"""Words of a message that is one thing with a please."""

_SMALL = frozenset().union(*STOP_WORDS.values())
_ASKING = frozenset(
    "much cost costs price prices stock available still left there now currently today please sell got "
    "kostet kosten preis teuer lager verfügbar lieferbar vorrätig erhältlich gibt führen führt habt momentan aktuell derzeit "
    "gerade jetzt heute bitte eigentlich prix coûte coûtent combien disponible disponibles encore existe actuellement".split()
)
"""What is said around a name when its price or stock is asked for."""

_WORD = re.compile(r"[^\W_]+")
_WHICH = re.compile(
    r"^\W*(?:(?:and|so|hi|hello|hey|ok|und|also|hallo|et|bonjour|alors)\b\W*)*"
    r"(?:w(?:h)?ich|what|welche[rsmn]?|quel(?:le)?s?)\s+(?:of your )?(?P<what>(?:[^\W_]+[ -]){1,3})",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"\b(?:my|mine|our|i|we|mein\w{0,2}|unser\w{0,2}|ich|wir|mon|ma|mes|notre|nos|je|nous|on)\b|\bj['’]|"
    r"\b(?:size|colou?r|shade|größe|farbe|farbton|taille|couleur|teinte)s?\b",
    re.IGNORECASE,
)
"""What is asked for oneself, or by a size or a shade, other ways of asking know better."""
_PLEASE = re.compile(
    r"^\W*(?:please|bitte|svp)\b|\b(?:please|bitte(?: schön)?|s['’]il (?:vous|te) pla[iî]t|svp)\W*$", re.IGNORECASE
)
_ARTICLES = frozenset("a an some ein eine einen une un des".split())
_NEAR_ITS_ARTICLE = 5
"""Words within which what an article stands before is named."""

_SENTENCE = re.compile(
    r"\b(?:i|we|you|he|she|they|was|were|did|has|had|got|arrived|ich|wir|ihr|er|wurde|war|hat|hatte|je|nous|vous|il|elle|était|"
    r"a été)\b|[.!]\s+\w",
    re.IGNORECASE,
)
_BEGINS = frozenset(
    "a an one two three some another the ein eine einen einem einer zwei drei noch den das die der un une des"
    " deux trois le la les hi hello hallo bonjour guten tag moin servus".split()
)
"""How what is no verb begins: an article, a number, a greeting."""


def asks_for_itself(text: str, product: Product) -> bool:
    """Whether a text asks what a product costs or whether it is there, and nothing beside it: no inspection, no delivery of it.

    Args:
        text: A shopper's words.
        product: A product that they name.
    """
    if not is_question(text) or not (asks_the_price(text) or asks_if_there(text)):
        return False
    options = (value for variant in product.variants for value in variant.options.values())
    own = set(_WORD.findall(" ".join((product.title, product.kind or "", *options)).casefold()))
    said = set(_WORD.findall(text.casefold()))
    return bool(said & own) and said <= own | _SMALL | _ASKING


def asks_politely(text: str, wish: Wish) -> bool:
    """Whether a text is a thing with a please: "Sattel ohne Leder bitte", "a blue lamp, please", but not "call me please".

    Args:
        text: A shopper's words.
        wish: What the catalog understands of them.
    """
    if not (wish.kinds or wish.own_kinds) or is_question(text):
        return False
    please = _PLEASE.search(text)
    words = _WORD.findall(_PLEASE.sub(" ", text))
    if please is None or not 0 < len(words) <= _SHORT or _ends_in_a_verb(words[-1], wish):
        return False
    first = words[0].casefold()
    if first in _BEGINS or first.isdigit() or plain_colours_in(first) or key_of(words[0]) in _keys_of(wish):
        return True
    language = wish.language if wish.language in LANGUAGES else "en"
    met = the_lexicon().read(words[0], (language, *(each for each in LANGUAGES if each != language)))
    return any(each.concepts for each in met)


def asks_which_does(text: str, wish: Wish) -> bool:
    """Whether a text asks which of a kind does or is something: "which candle smells faintest?", "welche Kerze riecht dezent?".

    What became of those that were sold, such as which were recalled, no product tells.

    Args:
        text: A shopper's words.
        wish: What the catalog understands of them.
    """
    found = _WHICH.search(text) if wish.kinds and is_question(text) else None
    if found is None or _MINE.search(text) or asks_what_became(text):
        return False
    met = the_lexicon().read(found["what"], LANGUAGES)
    return any(concept.sort == "kind" and concept.name in wish.kinds for each in met for concept in each.concepts)


def is_a_wish(text: str, wish: Wish) -> bool:
    """Whether a text is a thing with what it must be, and no sentence: "a puzzle with at least 500 pieces, but not 1000".

    Args:
        text: A shopper's words.
        wish: What the catalog understands of them.
    """
    words = _WORD.findall(text)
    if not (wish.kinds or wish.own_kinds) or not wish.demands or is_question(text) or not words:
        return False
    if words[0].casefold() not in _ARTICLES or _SENTENCE.search(text):
        return False
    begins = " ".join(words[1:_NEAR_ITS_ARTICLE])
    return any(key_of(word) in _keys_of(wish) for word in words[1:_NEAR_ITS_ARTICLE]) or any(
        each.concepts for each in the_lexicon().read(begins, LANGUAGES)
    )


def _keys_of(wish: Wish) -> frozenset[str]:
    return frozenset(key_of(word) for kind in wish.own_kinds for word in _WORD.findall(kind))


def _ends_in_a_verb(word: str, wish: Wish) -> bool:
    """Whether a German message ends in a verb, as "den Sattel tauschen, bitte" does: nouns have capitals."""
    return wish.language == "de" and word.islower() and word.endswith("n") and word not in _SMALL
