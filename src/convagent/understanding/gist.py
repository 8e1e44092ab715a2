"""The gist of a message: particulars or a request, a general question or one's own affair, a step on or a step back."""

from __future__ import annotations

import re

from convagent.understanding.signals import Signals

__all__ = ["asks_in_general", "declines", "leans_on_what_was_said", "mask", "only_particulars"]

FEW_WORDS = 9
"""A plain no in more words than these says something else besides."""

_PARTICULARS = re.compile(r"\S+@\S+\.\w+|https?://\S+|#?\b\d[\d.,\-]*\b")


def mask(text: str) -> str:
    """The text without particulars: an order's number or an address says nothing about what is wanted."""
    return " ".join(_PARTICULARS.sub(" ", text).split())


_DROPS = re.compile(
    r"\b(?:not any ?more|i'll keep (?:it|everything|them)|changed my mind|egal|lassen wir)\b", re.IGNORECASE
)


def declines(text: str, signals: Signals) -> bool:
    """Whether a message says no, or that the customer thinks otherwise by now."""
    return _DROPS.search(text) is not None or (signals.affirmation == "no" and len(text.split()) <= FEW_WORDS)


_ABOUT_DETAILS = frozenset(
    "my mine the a an is are it its it's here and or number no nr email e-mail mail address name phone order "
    "postcode post code zip "
    "for you from i'm im this with under order-number ordered meine mein ist lautet die das der und nummer "
    "bestellung bestellnummer "
    "mailadresse plz mon ma mes est et le la numéro commande adresse code postal".split()
)


def only_particulars(text: str) -> bool:
    """Whether a text gives details and says nothing of what is wanted: "my e-mail is ada@example.com"."""
    rest = mask(text)
    if rest == " ".join(text.split()):
        return False
    words = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", rest.casefold())
    return all(word.replace("’", "'") in _ABOUT_DETAILS for word in words)


_GENERAL = re.compile(
    r"^(?:hi|hello|hey|hallo|bonjour|guten tag|salut)?[\s,!.]*(?:and|und|et|also|so|but|quick question)?[\s,:]*(?:"
    r"how (?:long|much|often|soon|late|does|do (?:i|you|we)|can i)|how many (?!feathers|points)|"
    r"what(?:'s| is| are| does| happens| do| if)|what [a-z]+ (?:do|does|are|is)|(?:in |on |at |to )?which|"
    r"(?:un)?till? (?:when|what)|by when|when (?:do|does|are|can)|where (?:do|does|can)|who|why (?:do|does)|"
    r"do (?:you|i) (?:ship|deliver|send|accept|take|offer|repair|mend|charge|sell|give|pay|need|have to)|does|is there|are there|"
    r"is [a-z]+ing|are [a-z]+s (?:free|charged|possible|allowed|included)|"
    r"can (?:i|one) (?!get|have|speak|talk|swap|exchange|cancel)|may i|"
    r"wie|was|welche[rs]?|(?:bis |ab |seit )?wann|wo|gibt es|kann (?:ich|man)|darf|muss|liefert|versendet|"
    r"comment|combien|quel(?:le)?s?|(?:jusqu'à |à partir de )?quand|où|est-ce|peut-on|puis-je|y a-t-il)\b",
    re.IGNORECASE,
)


_PERSONAL = re.compile(
    r"\b(?:my|mine|still|in stock|do i have\b(?! to)|i've|"
    r"i have (?:a|an|been|got|received|ordered|bought)|i'd like|please|pls|for me|"
    r"i (?:want|need|would like|ordered|bought|received|got)|mein(?:e|er|en|em)?|ich (?:möchte|will|habe)|bitte|noch|"
    r"mon|ma|mes|je (?:veux|voudrais|souhaite)|j'ai|(?:serai|vais|suis)-je|encore)\b|#\d|\b\d{4,}\b",
    re.IGNORECASE,
)


_FIGURES = re.compile(r"#\d|\b\d{4,}\b")
_SUPPOSED = re.compile(
    r"^(?:and |und |et )?(?:if|when|wenn|falls|si|quand)\b[^?!.]{3,120}?[,\s]\s*(?:"
    r"(?:do|does|is|are|will|would|can|must) (?:the|it|they|that|there|this|everything)|"
    r"(?:wird|werden|ist|sind|kommt|geht) (?:der|die|das|es|sie)|"
    r"(?:est|sera|va)-(?:il|elle|t-il|t-elle)|est-ce que|what happens|was passiert|que se passe)\b[^?]*\?",
    re.IGNORECASE,
)
"""A case that is put: "if I cancel my subscription, does the order come?" asks, whosever subscription it is."""


def asks_in_general(text: str) -> bool:
    """Whether a text asks how things are in general, not about an order or a wish of the customer's own."""
    words = " ".join(text.split())
    if _SUPPOSED.search(words) is not None and _FIGURES.search(words) is None:
        return True
    return _GENERAL.search(words) is not None and _PERSONAL.search(words) is None


_LEANING = frozenset(
    [
        "and",
        "also",
        "what",
        "about",
        "it",
        "its",
        "that",
        "this",
        "those",
        "these",
        "them",
        "they",
        "then",
        "there",
        "one",
        "ones",
        "when",
        "how",
        "long",
        "still",
        "too",
        "instead",
        "else",
        "und",
        "auch",
        "das",
        "dies",
        "wann",
        "noch",
        "dann",
        "et",
        "aussi",
        "ça",
        "cela",
        "celui",
        "quand",
        "encore",
        "alors",
    ]
)


def leans_on_what_was_said(text: str) -> bool:
    """Whether a message goes on from the one before: "and when does it come?"."""
    words = [word.strip("?!.,'\"").casefold() for word in text.split()]
    return bool(words) and (
        words[0] in _LEANING or any(word in {"it", "that", "them", "this", "one"} for word in words)
    )
