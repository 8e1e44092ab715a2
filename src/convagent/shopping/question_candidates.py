"""What a product page could be asked: by the product's own facts, by the shop's articles, by what customers asked before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log2
from pathlib import Path

from rapidfuzz import fuzz

from convagent.catalog import Catalog, read_attributes
from convagent.catalog.attributes.fields import field_of, text_of
from convagent.catalog.knowing.facts_read import plain_field
from convagent.facts import Product
from convagent.knowledge import Article
from convagent.search import Tokeniser, base_language
from convagent.shopping.own_field_questions import own_facts
from convagent.word_tables import read_table

__all__ = ["Candidate", "PastQuestion", "is_meant", "of_articles", "of_facts", "of_past", "same_question"]

ARTICLE_WORTH = 50.0
PAST_WORTH = 60.0
_ASKED_WORTH = 10.0
"""For each doubling of how often a past question was asked."""

_SECOND = 0.01
"""So much less a further wording of a question is worth than the one before."""

_MOST_WORDS = 18
_LONGEST = 140
_SIBLING = 80.0
"""From this likeness of titles (0 to 100) on, two products of one kind are told apart by a question."""

_RARE = 3
"""A word that stands in more titles of articles says nothing of a product."""

_BY_KIND, _BY_THE_WAY = 0.25, 0.5
"""So much of an article's title has to be of the product, where the kind of product stands in it, and where it doesn't."""

_OF_OWN_FIELDS = {"own field": False, "own yes": True}
"""Topics of the shop's own fields, and whether they ask whether there is something."""

_APART = ("seo", "rating", "complements", "final_sale", "gift", "google")
"""Fields that say nothing of what the product is."""

_AUDIENCES: Mapping[str, frozenset[str]] = {
    "women": frozenset("women woman ladies damen frauen femme femmes".split()),
    "men": frozenset("men man gentlemen herren männer homme hommes".split()),
    "children": frozenset("children child kids kinder enfant enfants girls boys babies baby".split()),
}
# What nobody wants to see on a product page: somebody's name, address, number, order, or complaint.
_PERSONAL = re.compile(
    r"@|https?:|www\.|\d{4,}|#\s?\d|\b(?:my|mine|our|i'm|i am|meine?[nmrs]?|unsere?[nmrs]?|ich bin|mon|ma|mes|nos|notre|je suis|"
    r"order(?:ed)?|parcel|refund|paket|bestellung|bestellt|commande|commandé|colis|remboursement|lieferung kam)\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"\b(?:Mr|Mrs|Ms|Herrn?|Frau|Mme|Madame|Monsieur)\b\.? +[^\W\d_a-zà-ÿ]")


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """A question that a customer asked.

    Attributes:
        text: As it was written.
        language: Of it.
        conversation: Where, so that one customer who asks again counts once.
        product_id: The product that it was about, where that is known; else the text has to name it.
    """

    text: str
    language: str
    conversation: str
    product_id: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be suggested once its answer is known to exist.

    Attributes:
        text: As a visitor reads it.
        about: Its topic, the article's id, or `past`.
        source: Where it is from.
        worth: How useful it is; the most first.
        told: What the answer has to say, one of these: the product's own facts. Empty where nothing is prescribed.
        article: The article that has to answer; None where any may.
    """

    text: str
    about: str
    source: str
    worth: float
    told: tuple[str, ...] = ()
    article: str | None = None


@dataclass(frozen=True, slots=True)
class _Topic:
    name: str
    worth: float
    kinds: frozenset[str]
    names: frozenset[str]
    needs: str
    said: str
    titles: str
    texts: Mapping[str, tuple[str, ...]]


def of_facts(product: Product, *, catalog: Catalog | None, language: str) -> Iterator[Candidate]:
    """Questions whose answers the product's fields hold, and those that every product page has.

    Args:
        product: The product.
        catalog: Its neighbours, for what tells it from others.
        language: en, de or fr; none for any other.
    """
    fields = _fields(product)
    yield from _of_own_fields(product, language=language)
    for topic in _topics():
        if topic.needs in _OF_OWN_FIELDS:
            continue
        worth, told, other = topic.worth, tuple[str, ...](), None
        if topic.needs == "sibling":
            if (other := _sibling(product, catalog)) is None:
                continue
            told = (f"{product.title} {other.title}",)
        elif topic.needs:
            if not _has(product, topic.needs, fields):
                continue
        else:
            told = tuple(text for name, kind, text in fields if name in topic.names or kind in topic.kinds)
            if not any(re.search(topic.said, text, re.IGNORECASE) for text in told):
                continue
        for text in topic.texts.get(base_language(language), ()):
            asked = _worded(text, product, other, language)
            yield Candidate(asked, topic.name, "fact" if told else "article", worth, told)
            worth -= _SECOND


def _of_own_fields(product: Product, *, language: str) -> Iterator[Candidate]:
    """Questions for what the product says in fields of this shop alone, unless a topic has them."""
    known = frozenset(name for topic in _topics() for name in topic.names)
    wanted = base_language(language)
    for topic in _topics():
        worth = topic.worth
        for plain, name, text, is_yes in own_facts(product, language=wanted) if topic.needs in _OF_OWN_FIELDS else ():
            if (
                plain in known
                or is_yes != _OF_OWN_FIELDS[topic.needs]
                or any(plain.startswith(each) for each in _APART)
            ):
                continue
            told = (name,) if is_yes else (text,)
            for asked in topic.texts.get(wanted, ()):
                yield Candidate(
                    _worded(
                        asked.replace("{is_field}", "are" if name.endswith("s") else "is").replace("{field}", name),
                        product,
                        None,
                        language,
                    ),
                    plain,
                    "fact",
                    worth,
                    told,
                )
            worth -= _SECOND


def of_articles(
    product: Product, articles: Iterable[Article], *, catalog: Catalog | None, language: str
) -> Iterator[Candidate]:
    """Titles of articles that ask something about such a product: by its name, kind, material, or line.

    Args:
        product: The product.
        articles: The shop's; internal ones, those of other languages, and those on another product are passed over.
        catalog: The other products.
        language: Of the questions.
    """
    wanted = base_language(language)
    asked = [
        each for each in articles if each.audience == "public" and each.base_language == wanted and "?" in each.title
    ]
    others = [each for each in catalog.products if each.id != product.id] if catalog is not None else []
    asked = [
        each for each in asked
        if _names(each.title, product) or not any(_names(each.title, other) for other in others)
    ]  # fmt: skip
    tokens = Tokeniser(wanted)
    words = {each.id: frozenset(tokens.terms(each.title)) for each in asked}
    titles = Counter(word for own in words.values() for word in own)
    kind = frozenset(tokens.terms(product.kind or ""))
    told = frozenset(tokens.terms(" ".join(_own_words(product))))
    mine = told | frozenset(tokens.terms(product.title))
    for article in asked:
        own = words[article.id]
        shared = [word for word in own & mine if titles[word] <= _RARE]
        needed = _BY_KIND if kind & set(shared) else _BY_THE_WAY
        if not told & set(shared) or len(own & mine) < needed * len(own) or not is_meant(article.title, product):
            continue
        if not _is_long(article.title):
            about = next((each.name for each in _topics() if _is_titled(each, article)), article.id)
            worth = ARTICLE_WORTH + 5.0 * len(shared) + sum(sorted(1.0 / titles[word] for word in shared))
            yield Candidate(_question_of(article.title), about, "article", worth, article=article.id)


def is_meant(title: str, product: Product) -> bool:
    """Whether an article of this title can be about the product: not for men where it is for women.

    Args:
        title: The article's.
        product: The product.
    """
    meant, mine = _audience_of(title), _audience_of(" ".join(_own_words(product)))
    return not (meant and mine) or bool(meant & mine)


def _is_titled(topic: _Topic, article: Article) -> bool:
    return bool(topic.titles) and re.search(topic.titles, article.title, re.IGNORECASE) is not None


def _question_of(title: str) -> str:
    """A title as a question: what stands behind the question mark goes before it."""
    question, mark, rest = " ".join(title.split()).partition("?")
    return f"{rest.strip()}: {question}{mark}" if rest.strip() else f"{question}{mark}"


def of_past(
    product: Product, past: Iterable[PastQuestion], *, language: str, min_asked: int = 2
) -> Iterator[Candidate]:
    """What several customers asked about the product: short questions that tell nothing of whoever asked.

    A question is taken when at least `min_asked` conversations hold it, in whatever letters and with or without the product's
    name; of its wordings the commonest, then the shortest.

    Args:
        product: The product.
        past: Questions of past conversations.
        language: Of the questions.
        min_asked: In so many conversations at least; 2 or more, so that no single customer's words are shown to others.
    """
    wanted = base_language(language)
    asked: dict[str, dict[str, str]] = {}
    wordings: dict[str, Counter[str]] = {}
    for each in past:
        text = " ".join(each.text.split())
        if base_language(each.language) != wanted or not _is_presentable(text):
            continue
        if each.product_id != product.id and (each.product_id is not None or not _names(text, product)):
            continue
        key = same_question(text, product)
        asked.setdefault(key, {})[each.conversation] = text
        wordings.setdefault(key, Counter())[text] += 1
    for key in sorted(asked):
        count = len(asked[key])
        if count >= max(2, min_asked) and len(key) > 2:
            text = min(wordings[key], key=lambda wording: (-wordings[key][wording], len(wording), wording))
            yield Candidate(text, "past", "past", PAST_WORTH + _ASKED_WORTH * log2(count))


def same_question(text: str, product: Product) -> str:
    """A question without case, marks and the product's name: what two wordings of it have in common.

    Args:
        text: The question.
        product: The product whose name is left out.
    """
    plain = re.sub(r"[^\w]+", " ", text.casefold()).strip()
    title = re.sub(r"[^\w]+", " ", product.title.casefold()).strip()
    for name in (title, title.removeprefix("the ")):
        plain = re.sub(rf"(?:\b(?:the|der|die|das|den|dem|le|la|les) )?\b{re.escape(name)}\b", "it", plain)
    return re.sub(r"\b(?:this|that|dies\w*|es|ça|cela|ceci)\b", "it", plain)


@cache
def _topics() -> tuple[_Topic, ...]:
    return tuple(
        _Topic(
            each.get("about", name), float(each["worth"]), frozenset(each.get("kinds", ())), frozenset(each.get("names", ())),
            each.get("needs", ""),
            each.get("said", ""), each.get("titles", ""), {
                language: (each[language],) if isinstance(each[language], str) else tuple(each[language])
                for language in ("en", "de", "fr")
            },
        )
        for name, each in read_table(Path(__file__).parent / "suggested_questions.toml").items()
    )  # fmt: skip


def _fields(product: Product) -> list[tuple[str, str | None, str]]:
    """What the product says: a field's plain name, what it holds, its text."""
    found = []
    for name, value in (*product.attributes.items(), *(product.model_extra or {}).items()):
        text = " ".join(text_of(value).split())
        if text and text.casefold() not in {"no", "none", "false", "n/a", "-"}:
            field = field_of(name)
            found.append((plain_field(name), field.kind if field else None, text))
    return found


def _has(product: Product, what: str, fields: Sequence[tuple[str, str | None, str]]) -> bool:
    """Whether a question without a field of its own fits the product."""
    said = {name: text.casefold() for name, _, text in fields}
    if what == "sizes":
        return len(read_attributes(product).sizes) > 1
    if what == "returnable":
        return said.get("final_sale") not in {"true", "yes", "1"} and "engraving" not in said
    return (
        not any(name in said for name in ("delivery", "shipping", "delivery_time")) and said.get("gift_card") != "true"
    )


def _worded(text: str, product: Product, other: Product | None, language: str) -> str:
    """A wording with the product's name, and in English the verb that goes with it."""
    verbs = ("are", "do") if _is_plural(product.title) else ("is", "does")
    for mark, verb in zip(("is", "does"), verbs, strict=True):
        text = text.replace(f"{{{mark}}}", verb).replace(f"{{{mark.title()}}}", verb.title())
    names = {"{p}": _named(product.title, language), "{other}": _named(other.title, language) if other else ""}
    return re.sub(r"\{p\}|\{other\}", lambda found: names[found[0]], text)


def _is_plural(title: str) -> bool:
    """Whether an English name is of several: trousers, boots, mittens."""
    last = title.partition("(")[0].split()[-1:] or [""]
    return re.search(r"(?:(?<![siua])|p[yi]jama)s$", last[0].casefold()) is not None


def _named(title: str, language: str) -> str:
    plain = " ".join(title.split())
    if base_language(language) != "en":
        return plain
    return f"the {plain[4:]}" if plain[:4].casefold() == "the " else f"the {plain}"


def _sibling(product: Product, catalog: Catalog | None) -> Product | None:
    """The active product of the same kind whose title is most like this one's; None where none is near."""
    if catalog is None or not product.kind:
        return None
    near = [
        (fuzz.ratio(product.title.casefold(), each.title.casefold()), each.title, each)
        for each in catalog.products
        if each.id != product.id and each.kind == product.kind and each.vendor == product.vendor
        and each.status in (None, "active")
    ]  # fmt: skip
    best = min(near, key=lambda each: (-each[0], each[1]), default=None)
    return best[2] if best is not None and best[0] >= _SIBLING else None


def _own_words(product: Product) -> Iterator[str]:
    """What the product is and what is told of it; not its name, which may mean anything, nor its brand."""
    yield from (product.kind or "", (product.category or "").rpartition(">")[2])
    yield from product.tags
    for name, kind, text in _fields(product):
        if not name.startswith(_APART):
            yield name.replace("_", " ")
        if kind in {"materials", "audience"} or name in {"size_chart", "skin_type"}:
            yield text


def _audience_of(text: str) -> frozenset[str]:
    words = set(re.findall(r"\w+", text.casefold()))
    return frozenset(name for name, told in _AUDIENCES.items() if words & told)


def _names(text: str, product: Product) -> bool:
    title = product.title.casefold().removeprefix("the ")
    plain = " ".join(text.casefold().split())
    return title in plain and re.search(rf"\b{re.escape(title)}\b", plain) is not None


def _is_long(text: str) -> bool:
    return len(text) > _LONGEST or len(text.split()) > _MOST_WORDS


def _is_presentable(text: str) -> bool:
    return (
        text.endswith("?") and text.count("?") == 1 and not _is_long(text) and len(text.split()) >= 3
        and text.isprintable() and "<" not in text and not _PERSONAL.search(text) and not _NAMES.search(text)
    )  # fmt: skip
