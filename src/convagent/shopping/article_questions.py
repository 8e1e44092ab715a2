"""What shoppers ask, as articles put it: about kinds of things and the shop's terms, not about a product by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from convagent.facts import Product

__all__ = ["in_plain_kinds", "is_named_in", "of_paying_in_parts", "of_returning", "returns_of"]

_RETURNING: Mapping[str, str] = {
    "en": "Can I return {what}?", "de": "Kann ich {what} zurückgeben?", "fr": "Puis-je renvoyer {what} ?",
}  # fmt: skip

TAGS = 2
"""Tags of a product that are tried beside its kind: the first ones say most."""

_EXCHANGING: Mapping[str, str] = {
    "en": "Can I exchange {what} for another size?", "de": "Kann ich {what} gegen eine andere Größe umtauschen?",
    "fr": "Puis-je échanger {what} contre une autre taille ?",
}  # fmt: skip
_IN_PARTS: Mapping[str, str] = {
    "en": "How does paying in instalments work?", "de": "Wie funktioniert die Ratenzahlung?",
    "fr": "Comment fonctionne le paiement en plusieurs fois ?",
}  # fmt: skip
_ANY: Mapping[str, str] = {"en": "the {what}", "de": "{what}", "fr": "{what}"}


def in_plain_kinds(text: str, named: Sequence[Product]) -> str:
    """A text with what its products are in place of their names, as articles speak of them: "an engraved bracelet".

    Args:
        text: A shopper's words.
        named: Products that it names, in full or in part.
    """
    for product in named:
        kind = (product.kind or "").split("&")[0].strip().casefold()
        words = [re.escape(word) for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", product.title) if word != "The"]
        if not kind or not words:
            continue
        runs = (words[start:end] for start in range(len(words)) for end in range(len(words), start + 1, -1))
        for run in sorted(runs, key=len, reverse=True):
            name = r"[\s-]+".join(run)
            pattern = re.compile(rf"(?<![^\W_]){name}s?(?![^\W_])", re.IGNORECASE)
            if pattern.search(text):
                text = pattern.sub(kind, text)
                break
    return text


def is_named_in(product: Product, about: str, said: str) -> bool:
    """Whether an article speaks of a product: by its name, by its kind, or by a tag of it in what heads the article.

    Args:
        product: The product.
        about: The article's title and headings.
        said: All that it says.
    """
    text, head = _plain(f"{about} {said}"), _plain(about)
    kind = _plain(product.kind or "").strip()
    names = {_plain(product.title).strip().removeprefix("the "), kind, kind.rpartition(" ")[2]}
    tags = {_plain(tag).strip() for tag in product.tags}
    found = any(name and (f" {name} " in text or f" {name}s " in text) for name in names)
    return found or any(tag and f" {tag} " in head for tag in tags)


def _plain(text: str) -> str:
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return f" {words} "


def of_paying_in_parts(language: str) -> str:
    """The question how one pays in several parts, as articles put it.

    Args:
        language: ISO 639-1; English for one that isn't known.
    """
    return _IN_PARTS.get(language, _IN_PARTS["en"])


def returns_of(product: Product, *, language: str) -> tuple[str, ...]:
    """What becomes of a product that doesn't fit, as articles put it: sent back as what it is, or exchanged.

    What a shop tags it with comes too, since that may be why it can't come back: "the engraved ring".

    Args:
        product: The product.
        language: ISO 639-1; English for one that isn't known.
    """
    kind = (product.kind or "").split("&")[0].strip().casefold() or product.title
    tagged = [f"{tag.replace('-', ' ')} {kind}" for tag in product.tags[:TAGS] if tag.casefold() not in kind]
    whats = [_ANY.get(language, _ANY["en"]).format(what=each) for each in (kind, *tagged)]
    returning, exchanging = (said.get(language, said["en"]) for said in (_RETURNING, _EXCHANGING))
    return (*(returning.format(what=what) for what in whats), exchanging.format(what=whats[0]))


def of_returning(text: str, product: Product, *, language: str) -> str:
    """The question whether a product can come back, by what it is: "Can I return the engraved bracelet?".

    Args:
        text: A shopper's words, with what the product is in place of its name.
        product: The product.
        language: ISO 639-1; English for one that isn't known.
    """
    kind = (product.kind or "").split("&")[0].strip().casefold()
    article = r"(?:the|an?|this|my|de[rn]|die|das|l[ea]s?)"
    said = (
        re.search(rf"(?:\b{article}\s+)?(?:[^\W\d_]+\s+)?\b{re.escape(kind)}\b", text, re.IGNORECASE) if kind else None
    )
    what = said[0].strip() if said else _ANY.get(language, _ANY["en"]).format(what=kind) if kind else product.title
    return _RETURNING.get(language, _RETURNING["en"]).format(what=what)
