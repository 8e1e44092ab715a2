"""Names in a sentence that no source has: of products, people, shops, carriers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from convagent.search import base_language
from convagent.search.tokenise import normalise

__all__ = ["foreign_names", "words_of_names"]

_WELL_KNOWN = frozenset(
    normalise(word)
    for word in (
        "Amazon eBay Etsy IKEA Zalando Asos Shein Temu Otto Walmart Target Costco Aliexpress Wayfair Wish "
        "Argos Tesco Lidl Aldi Sephora Douglas Nike Adidas Zara DHL UPS FedEx DPD GLS Hermes Evri USPS "
        "Colissimo Chronopost Mondial InPost PayPal Klarna Visa Mastercard Amex Stripe Afterpay Clearpay "
        "Bitcoin Ethereum Crypto WhatsApp Telegram Instagram Facebook TikTok Twitter Trustpilot Google Apple "
        "Microsoft Samsung Sony Bose Philips Dyson Alexa Siri Cortana Gemini Shopify Zendesk Gorgias Intercom "
    ).split()
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Herrn?|Frau|M|Mme|Mlle|Monsieur|Madame)\b\.?\s+([A-ZÄÖÜÉÈ][\w'’-]+)")
_CAPITAL = re.compile(r"(?<![\w@./#-])(?:[A-ZÄÖÜÉÈÀÇ][\w'’]*|[a-z]+[A-Z]\w*)(?:-\w+)*")
_MIXED = re.compile(r"[a-zß-ÿ][A-Z]|[A-Z]{2,}")
_OPENS = re.compile(r"(?:^|[.!?…:;]\s*|[\"“„«(\[–—-]\s*|\n\s*(?:[-•*]|\d+[.)])?\s*)$")
_ORDINARY = frozenset(
    "i i'm i'll i'd i've ok yes no ai faq pdf sms usb led eu vat id qr tv wifi wi-fi pm am e-mail irish english german french "
    "european ki mwst dhl-nr uhr ia tva".split()
)


def foreign_names(sentence: str, known: frozenset[str], *, language: str) -> tuple[str, ...]:
    """The names of a sentence that are not known.

    In English and French what begins with a capital within a sentence is a name. German writes all nouns so: there, and at a
    sentence's beginning, only well-known names, people with a title and words such as SuperStore are.

    Args:
        sentence: In the reply's language.
        known: Words that may be said, see `words_of_names`.
        language: The reply's.
    """
    found: list[str] = [name[1] for name in _TITLED.finditer(sentence) if not _known(name[1], known)]
    any_capital = base_language(language) != "de"
    for match in _CAPITAL.finditer(sentence):
        word = match[0]
        if _known(word, known) or (len(word) == 1):
            continue
        opens = _OPENS.search(sentence[: match.start()]) is not None
        telling = _MIXED.search(word) is not None or _bare(word) in _WELL_KNOWN
        if telling or (any_capital and not opens):
            found.append(word)
    return tuple(dict.fromkeys(found))


def _known(word: str, known: frozenset[str]) -> bool:
    bare = _bare(word)
    return (
        bare in known
        or bare in _ORDINARY
        or all(part in known or part in _ORDINARY for part in re.split(r"[-'’]", bare) if part)
    )


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", normalise(word))


def words_of_names(texts: Iterable[str]) -> frozenset[str]:
    """All words of texts as `foreign_names` knows them, singular and plural."""
    return frozenset().union(*map(_words, texts))


@lru_cache(maxsize=1_024)
def _words(text: str) -> frozenset[str]:
    words = {_bare(word) for word in re.findall(r"[\w'’-]+", text)}
    words |= {part for word in words for part in re.split(r"[-'’]", word)}
    return frozenset(
        words | {f"{word}s" for word in words} | {word.removesuffix("s") for word in words if len(word) > 3}
    )
