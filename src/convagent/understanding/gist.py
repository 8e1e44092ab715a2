"""The gist of a message: particulars or a request, a general question or one's own affair, a step on or a step back."""

from __future__ import annotations

import re

from convagent.privacy.addresses import address_places
from convagent.search import STOP_WORDS
from convagent.understanding.content_words import content_words
from convagent.understanding.phrases import fold
from convagent.understanding.shop_habits import asks_what_the_shop_does
from convagent.understanding.signals import Signals
from convagent.understanding.turning import corrects

__all__ = [
    "asks_for_the_way",
    "asks_in_general",
    "declines",
    "ends_in_a_general_question",
    "is_a_question",
    "is_vague",
    "leans_on_what_was_said",
    "mask",
    "only_particulars",
    "refers_back",
    "without_addresses",
]

FEW_WORDS = 9
"""A plain no in more words than these says something else besides."""

_PARTICULARS = re.compile(r"\S+@\S+\.\w+|https?://\S+|#?\b[a-z]{1,5}[-_]?\d{4,}\b|#?\b\d[\d.,\-]*\b", re.IGNORECASE)
"""Addresses and numbers, those too that begin with letters: the "TW" of TW-10235 would else speak for whatever guide has it."""


def mask(text: str) -> str:
    """The text without particulars: an order's number or an address says nothing about what is wanted."""
    return " ".join(_PARTICULARS.sub(" ", text).split())


def without_addresses(text: str) -> str:
    """The text without postal addresses: whoever lives in Canal Court threatens nobody with a court."""
    kept, at = [], 0
    for start, end in sorted(address_places(text)):
        kept.append(text[at : max(at, start)])
        at = max(at, end)
    return " ".join((*kept, text[at:])) if at else text


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
    r"what(?:'?s| is| are| does| happens| do| if)|what [a-z]+ (?:do|does|are|is)|(?:in |on |at |to )?which|"
    r"(?:un)?till? (?:when|what)|by when|when (?:do|does|are|can)|where (?:do|does|can)|who|why (?:do|does)|"
    r"do (?:you|i) (?:ship|deliver|send|accept|take|offer|repair|mend|charge|sell|give|pay|need|have to)|does|is there|are there|"
    r"is (?:the )?[a-z]+ing|are [a-z]+s (?:free|charged|possible|allowed|included)|"
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


_WANTS = re.compile(
    r"\?|\b(?:please|pls|want|would like|i'd like|i'd love|need|wish|can|could|may|how|what|when|where|which|who|why|"
    r"cancel|return|refund|send|exchange|swap|change|stop|skip|pause|bitte|möchte|will|will|brauche|kann|können|wie|was|wann|wo|"
    r"s'il|svp|voudrais|veux|souhaite|peux|pouvez|puis|comment|quand|où|quel\w*)\b",
    re.IGNORECASE,
)


def wants_something(text: str) -> bool:
    """Whether a sentence has words of asking or of wanting, and doesn't only tell how things are."""
    return _WANTS.search(text) is not None


_FIGURES = re.compile(r"#\d|\b\d{4,}\b")
_SUPPOSED = re.compile(
    r"^(?:and |und |et )?(?:if|when|wenn|falls|si|quand)\b[^?!.]{3,120}?[,\s]\s*(?:"
    r"(?:do|does|is|are|will|would|can|must) (?:the|it|they|that|there|this|everything)|"
    r"(?:wird|werden|ist|sind|kommt|geht) (?:der|die|das|es|sie)|"
    r"(?:est|sera|va)-(?:il|elle|t-il|t-elle)|est-ce que|what happens|was passiert|que se passe)\b[^?]*\?",
    re.IGNORECASE,
)
"""A case that is put: "if I cancel my subscription, does the order come?" asks, whosever subscription it is."""


_USUALLY = re.compile(
    r"^(?:and |so |but )?(?:up to|within|after|before|for|by) (?:how|what|which|when)\b|"
    r"^would you (?:ship|deliver|accept|take|offer|repair|mend|charge|sell|give|pay)\b|"
    r"\b(?:generally|in general|normally|usually|typically|as a rule|in principle|"
    r"normalerweise|grundsätzlich|generell|in der regel|üblicherweise|"
    r"en général|normalement|généralement|d'habitude|en principe)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?;])\s+")
_FOR_THE_WAY = re.compile(
    r"^(?:(?:hi|hello|hallo|bonjour|and|so|but|und|aber|et|mais)[\s,!.]+)*(?:how (?:do|can|could|should) (?:i|we|you|one)|how to|"
    r"wha(?:t'?s|t is|t are) the (?:best |right |easiest )?(?:way|difference)|"
    r"wie (?:kann|muss|soll) (?:ich|man)|wie \w+ (?:ich|man|wir)|was (?:ist|sind) (?:der|die) unterschiede?|"
    r"comment (?:est-ce que je|puis-je|peut-on|dois-je|faire|fait-on)|quelle est la différence)\b",
    re.IGNORECASE,
)
_AT_HAND = re.compile(
    r"\b(?:this|these|that|those|it|them|dies\w*|es|ihn|ceci|cela|ça|celui\w*|celle\w*)\b", re.IGNORECASE
)


def asks_in_general(text: str) -> bool:
    """Whether a text asks how things are in general, not about an order or a wish of the customer's own."""
    if asks_what_the_shop_does(text):
        return True
    words = " ".join(text.split())
    if _SUPPOSED.search(words) is not None and _FIGURES.search(words) is None:
        return True
    if _GENERAL.search(words) is None and _USUALLY.search(words) is None:
        return False
    return _PERSONAL.search(words) is None


def asks_for_the_way(text: str) -> bool:
    """Whether a text asks how something is done or what the difference is, in one sentence and of nothing at hand.

    "How do I cancel my subscription?" does, though it is one's own. "How can I send this back?" and whoever names an order
    want it done.
    """
    words = " ".join(text.split())
    if _FOR_THE_WAY.search(words) is None or len(_SENTENCES.split(words)) > 1:
        return False
    return _FIGURES.search(words) is None and _AT_HAND.search(words) is None


def ends_in_a_general_question(text: str) -> bool:
    """Whether a text of several sentences, none of them about something of the customer's own, ends in a general question."""
    sentences = _SENTENCES.split(" ".join(text.split()))
    return len(sentences) > 1 and _PERSONAL.search(text) is None and asks_in_general(sentences[-1])


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


_FOR_IT = frozenset("it that them this one dafür davon damit dazu ça cela ceci".split())
_WITH_AN_EMPTY_ES = frozenset("gibt gäbe geht handelt".split())


_OPENING = frozenset("so ok okay well right hm hmm oh ah but also na gut dann alors bon mais donc ben".split())


_QUESTION = re.compile(
    r"\?\s*$|^(?:how|what|when|where|which|who|why|can|could|may|do|does|is|are|will|wie|was|wann|wo|welche\w*|kann|können|darf|"
    r"gibt es|comment|combien|quand|où|quel\w*|est-ce|peut-on|puis-je)\b",
    re.IGNORECASE,
)
_REFERRING = frozenset(
    "it its that them they this these those one ones there es das sie ihn ça cela celui ceux".split()
)


_ENOUGH_BEFORE = 2
_DENIED = re.compile(r"\b\w+n['’]t\b", re.IGNORECASE)
_SAY_LITTLE = frozenset(fold(word).strip(" .") for language in ("en", "de", "fr") for word in STOP_WORDS[language])


def is_a_question(text: str) -> bool:
    """Whether a text ends with a question mark or begins as a question does."""
    return _QUESTION.search(text.strip()) is not None and "#" not in text


def is_vague(text: str) -> bool:
    """Whether a text speaks of something without a word that says what: "it doesn't work".

    A question such as "is it waterproof?" may be about the product that the customer is looking at.
    """
    return refers_back(text) and not is_a_question(text) and len(_telling(text)) < _ENOUGH_BEFORE


def _telling(text: str) -> list[str]:
    return [said for said in content_words(_DENIED.sub(" ", text)) if said not in _SAY_LITTLE]


def refers_back(text: str) -> bool:
    """Whether a text has a word for something that was said before it: "and how do I wash it?".

    Behind two words that say something of their own it stands for one of these: "order something engraved and have it by Friday".
    """
    words = text.split()
    for place, word in enumerate(words):
        if word.strip("?!.,'\"").casefold() in _REFERRING:
            return len(_telling(" ".join(words[:place]))) < _ENOUGH_BEFORE
    return False


def leans_on_what_was_said(text: str) -> bool:
    """Whether a message goes on from the one before: "and when does it come?", "sorry, I meant 1081"."""
    if corrects(text):
        return True
    words = [word.strip("?!.,'\"").casefold() for word in text.split()]
    while len(words) > 1 and words[0] in _OPENING:
        del words[0]
    return bool(words) and (words[0] in _LEANING or any(_stands_for_it(words, place) for place in range(len(words))))


def _stands_for_it(words: list[str], place: int) -> bool:
    """Whether a word stands for what was said: "das" does before no noun of its own, "es" where it isn't "gibt es"."""
    word, beside = words[place], words[max(place - 1, 0) : place] + words[place + 1 : place + 2]
    if word == "es":
        return not any(other in _WITH_AN_EMPTY_ES for other in beside)
    if word in {"das", "dies"}:
        behind = words[place + 1 : place + 2]
        return not behind or fold(behind[0]).strip(" .") in _SAY_LITTLE
    return word in _FOR_IT
