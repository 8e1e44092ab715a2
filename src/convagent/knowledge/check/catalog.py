"""What articles say of products against what the catalog says: price, availability, material."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from convagent.facts import Product
from convagent.knowledge.article import Article, Passage
from convagent.knowledge.check.finding import ArticleFinding, quote_of
from convagent.knowledge.figures import statements_of
from convagent.search import normalise

__all__ = ["against_catalog"]

LONGEST_TITLE = 8
"""Words of a product's title that are compared."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*\+?")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_OTHER_PRICE = re.compile(
    r"\b(?:deliver\w*|shipping|postage|off|discount\w*|refund\w*|repair\w*|mend\w*|pick-?up|voucher\w*|minimum|spend\w*|"
    r"instalments?|a month|per month|more|less|cheaper|dearer|spare|replacement|versand|rabatt|livraison|remise)\b",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:sold out|no longer (?:available|sold|made)|discontinued|out of stock|ausverkauft|nicht mehr erhältlich|"
    r"épuisée?s?|plus disponibles?)\b",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"\b(?:is|are) (?:back )?in stock\b|\b(?:now|still) available\b|\bauf lager\b|\ben stock\b", re.IGNORECASE
)
_OPEN = re.compile(r"\b(?:if|when|once|whether|until|should|wenn|falls|sobald|ob|si|quand|dès)\b", re.IGNORECASE)
_MADE_OF = re.compile(r"\b(?:made (?:of|from|in)|is|are|of|in|aus|en|pure|solid)\b", re.IGNORECASE)
_MATERIALS = {
    word: name
    for name, words in {
        "cotton": "cotton baumwolle coton", "wool": "wool wolle laine", "linen": "linen leinen", "silk": "silk seide soie",
        "leather": "leather leder cuir", "polyester": "polyester", "cashmere": "cashmere kaschmir cachemire",
        "oak": "oak eiche chêne", "beech": "beech buche hêtre", "pine": "pine kiefer pin", "walnut": "walnut walnuss",
        "ash": "ash esche", "birch": "birch birke bouleau", "steel": "steel stahl acier", "brass": "brass messing laiton",
        "silver": "silver silber argent", "gold": "gold", "glass": "glass glas verre", "porcelain": "porcelain porzellan",
        "stoneware": "stoneware steinzeug grès", "ceramic": "ceramic keramik céramique", "bamboo": "bamboo bambus",
    }.items()
    for word in words.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Mention:
    product: Product
    sentence: str


def against_catalog(
    articles: Mapping[str, Article], passages: Iterable[Passage], products: Sequence[Product]
) -> list[ArticleFinding]:
    """Where an article and the catalog disagree about a product that the article names in full.

    A sentence is looked at when it names one product alone. A price must be one of the product's own, before or after a
    reduction; amounts for delivery, repair and the like are left alone.

    Args:
        articles: By id.
        passages: Theirs.
        products: What is sold; those that are drafts or archived count as not sold.
    """
    names = _names(products)
    found: list[ArticleFinding] = []
    for passage in passages:
        article = articles[passage.article_id]
        for mention in _mentions(passage.text, names):
            for code, message in (
                *_price(mention, passage), *_availability(mention), *_material(mention),
            ):  # fmt: skip
                quote = quote_of(article, passage, mention.sentence)
                remedy = "Mend the article or the catalog, whichever is wrong."
                finding = ArticleFinding(code, message, remedy, (quote,))
                if finding not in found[-5:]:
                    found.append(finding)
    return found


def _names(products: Sequence[Product]) -> dict[tuple[str, ...], Product | None]:
    """Products by the words of their titles, without a leading article; None where two products share one.

    A title of one word says too little: a Dewpoint is a line, a lamp is any lamp.
    """
    names: dict[tuple[str, ...], Product | None] = {}
    for product in products:
        words = _words(product.title)
        if words[:1] in (("the",), ("der",), ("die",), ("das",), ("le",), ("la",)):
            words = words[1:]
        if 2 <= len(words) <= LONGEST_TITLE:
            names[words] = None if words in names else product
    return names


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(normalise(text)))


def _mentions(text: str, names: Mapping[tuple[str, ...], Product | None]) -> Iterator[_Mention]:
    """Sentences that name one product, the longest name counting: "Pip One S" is no Pip One."""
    if not names:
        return
    for sentence in _SENTENCE.split(text):
        words = _words(sentence)
        named: dict[str, Product] = {}
        at = 0
        while at < len(words):
            for size in range(min(LONGEST_TITLE, len(words) - at), 1, -1):
                if words[at : at + size] in names:
                    product = names[words[at : at + size]]
                    if product is not None:
                        named[product.id] = product
                    at += size
                    break
            else:
                at += 1
        if len(named) == 1:
            yield _Mention(next(iter(named.values())), " ".join(sentence.split()))


def _price(mention: _Mention, passage: Passage) -> Iterator[tuple[str, str]]:
    product = mention.product
    prices = {
        (price.currency, f"{float(price.amount):g}")
        for variant in product.variants
        for price in (variant.price, variant.compare_at)
        if price is not None
    }
    if not prices or _OTHER_PRICE.search(mention.sentence):
        return
    sentence = Passage(
        article_id=passage.article_id, title=passage.title, text=mention.sentence, language=passage.language
    )
    told = [
        (statement.unit, value)
        for statement in statements_of(sentence)
        if statement.kind == "money"
        for value in statement.values
    ]
    if len(told) == 1 and told[0][0] in {currency for currency, _ in prices} and told[0] not in prices:
        known = ", ".join(sorted({f"{value} {currency}" for currency, value in prices}, key=len)[:4])
        yield "catalog-price", f"{product.title} is said to cost {told[0][1]} {told[0][0]}; the catalog says {known}"


def _availability(mention: _Mention) -> Iterator[tuple[str, str]]:
    in_stock = mention.product.in_stock
    if in_stock is None or _OPEN.search(mention.sentence):
        return
    if in_stock and _GONE.search(mention.sentence):
        yield "catalog-availability", f"{mention.product.title} is said not to be sold; the catalog has it in stock"
    elif not in_stock and _THERE.search(mention.sentence):
        yield "catalog-availability", f"{mention.product.title} is said to be in stock; the catalog has none"


def _material(mention: _Mention) -> Iterator[tuple[str, str]]:
    product = mention.product
    told = _materials(mention.sentence) if _MADE_OF.search(mention.sentence) else set()
    known = _materials(" ".join((product.description or "", *map(str, product.attributes.values()), *product.tags)))
    wrong = told - known - _materials(product.title)
    if wrong and known and len(told) == 1:
        first = min(wrong)
        yield "catalog-material", f"{product.title} is said to be {first}; the catalog says {', '.join(sorted(known))}"


def _materials(text: str) -> set[str]:
    return {_MATERIALS[word] for word in _words(text) if word in _MATERIALS}
