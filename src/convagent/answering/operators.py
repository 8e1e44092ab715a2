"""The small words that turn a statement round: no, only, except, free, always, within, after; and opposites.

English, German and French in one list, since a sentence may be held against a passage in another language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from convagent.answering.number_words import WEEKDAYS

__all__ = ["NO_MORE", "Operators", "bound_before", "operators_in", "opposed", "told_in_order", "with_free_in_a_word"]

Concept = Literal["free", "only", "except", "all", "always", "without", "must", "before", "after"]


@dataclass(frozen=True, slots=True)
class Operators:
    """What turns a statement round in a text.

    Attributes:
        negated: It has a negation.
        concepts: What else it has.
        words: The text, folded, without idioms that negate nothing.
    """

    negated: bool
    concepts: frozenset[Concept]
    words: str


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)")


_NO_NEGATION = _any(
    r"no later than", r"not only", r"no problem", r"no matter", r"don't worry", r"do not worry", r"not to worry",
    r"no worries", r"no need to worry",
    r"whether or not", r"if not", r"why not", r"don't hesitate", r"do not hesitate", r"not just", r"no more than",
    r"nothing more than", r"no fewer than", r"no less than", r"nicht nur", r"keine sorge", r"kein problem",
    r"zögern sie nicht", r"nicht später als", r"nicht mehr als", r"ob oder nicht", r"nicht zuletzt", r"nicht wahr",
    r"(?:regard\w+|vérifi\w+|cherch\w+|voyez)[^,.;]{0,30} (?:s'|si )(?:il |elle |vous )?n\W?[^,.;]{0,30}?(?:pas|rien|aucune?)",
    r"non seulement", r"n'hesitez pas", r"n'hésitez pas", r"ne vous inquietez pas", r"ne vous inquiétez pas",
    r"pas de (?:souci|probleme|problème)", r"pas plus de", r"n'est-ce pas", r"pas seulement",
)  # fmt: skip
_WEEKDAY = rf"(?:{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})s?(?!\w)"
"""Every Tuesday is on Tuesdays, which is compared as a figure."""
_CONCEPTS: dict[Concept, re.Pattern[str]] = {
    "free": _any(
        r"(?<!feel )free(?! (?:to|time)\b)(?: of charge)?", r"for free",
        r"(?:at |with )?no (?:\w+ (?:or|and|nor) )?(?:no )?(?:extra |additional |further )?(?:cost|charge|fee)s?(?: to you)?",
        r"without (?:any )?(?:extra |additional )?(?:cost|charge|fee)s?", r"costs? (?:you )?nothing",
        r"nothing (?:extra )?to pay",
        r"don't (?:have to )?pay (?:anything|extra)", r"complimentary",
        r"kostenlos\w*", r"kostenfrei\w*", r"gratis", r"umsonst", r"gebührenfrei",
        r"ohne (?:weitere |zusätzliche )?(?:kosten|aufpreis|gebühr\w*)",
        r"keine (?:weiteren |zusätzlichen |extra-?)?(?:kosten|gebühr\w*)", r"kost\w+ (?:sie )?nichts",
        r"nichts (?:extra )?(?:zu )?(?:be)?zahl\w*",
        r"gratuit\w*", r"sans (?:aucuns? )?(?:frais|supplément)(?: supplémentaires?)?",
        r"aucuns? (?:frais|supplément)", r"ne (?:vous )?coûte\w* rien",
        r"rien à payer", r"offerte?s?",
    ),
    "only": _any(
        r"only(?! an? (?:few|little|bit|moment|minute|second|click|tap|call|message|step|matter|suggestion|guess)\b)",
        r"solely", r"exclusively", r"nothing but", r"nothing else", r"nur", r"ausschließlich",
        r"lediglich", r"allein",
        r"erst", r"seule?s?", r"seulement", r"uniquement", r"exclusivement", r"n(?:e |')\w+(?: \w+){0,2} qu(?:e|')",
    ),
    "except": _any(
        r"except\w*", r"unless", r"apart from", r"other than", r"excluding", r"but not", r"exclud\w+", r"außer",
        r"ausgenommen", r"ausnahme\w*",
        r"es sei denn", r"sofern nicht", r"sauf", r"excepté\w*", r"exception\w*", r"hormis", r"à part", r"à moins",
        r"à l'exclusion",
    ),
    "all": _any(
        r"(?<!at )all(?! in all| (?:you|we|they|that|it takes)\b)", rf"every\w*(?! {_WEEKDAY})", rf"each(?! {_WEEKDAY})",
        r"any (?:reason|item|order|product)",
        r"wherever", r"anywhere", r"worldwide", r"überall", r"weltweit", r"partout", r"alle[nrs]?", r"alles",
        rf"jede[nmrs]?(?! {_WEEKDAY})", r"sämtliche\w*", rf"tous?(?! les {_WEEKDAY})", r"toutes?",
        rf"chaque(?! {_WEEKDAY})", r"n'importe",
    ),
    "always": _any(
        r"always", r"any ?time", r"guarante\w+", r"forever", r"unlimited", r"around the clock",
        r"(?<!noch )immer(?! noch)", r"jederzeit",
        r"garantier\w*", r"unbegrenzt\w*", r"rund um die uhr", r"toujours(?! pas)", r"garantissons", r"illimitée?s?",
        r"à tout moment",
    ),
    "without": _any(r"without", r"with no", r"ohne", r"sans"),
    "must": _any(
        r"must", r"ha(?:ve|s) to", r"needs? to", r"required", r"obligatory", r"mandatory", r"müss\w+", r"muss",
        r"mussten?", r"erforderlich",
        r"zwingend", r"devez", r"doi(?:t|vent|s)", r"obligatoire\w*", r"il faut",
    ),
    "before": _any(r"before", r"until", r"prior", r"as long as", r"vor", r"vorher", r"bevor", r"solange", r"bis",
    r"avant", r"tant que", r"jusqu\w*"),
    "after": _any(
        r"after\w*", r"once", r"as soon as", r"since", r"nach", r"nachdem", r"sobald", r"danach", r"après",
        r"une fois", r"dès", r"aussitôt"
    ),
}  # fmt: skip
_ANSWER = re.compile(r"^(?:no|nein|non|yes|ja|oui|unfortunately|leider|malheureusement)[,.!:–—-]+\s*")
_NEGATION = re.compile(
    r"(?<!\w)(?:not|no|never|none|nobody|nothing|neither|cannot|can't|won't|unable|impossible|nowhere|hardly|nicht|"
    r"kein\w*|nie|niemals|"
    r"niemand\w*|nichts|weder|unmöglich|nirgend\w*|jamais|aucune?s?|rien|ni|impossible|pas|personne ne)(?!\w)|n't(?!\w)"
)
_NE_ALONE = re.compile(r"(?<!\w)(?:ne |n')(?!\w+ (?:\w+ ){0,3}(?:pas|rien|jamais|aucune?s?|plus|que|qu'))(?=\w)")
NO_MORE = re.compile(r"(?<!\w)(?:ne |n')\w+ (?:\w+ ){0,2}plus(?!\w)")
"""The French denial that the word "plus" makes with "ne": "vous ne pouvez plus"."""

_WE_PAY = (
    r"we (?:\w+ )?(?:pay|cover|bear|refund)|on us|wir (?:zahlen|übernehmen|tragen|erstatten)|"
    r"nous (?:payons|prenons en charge|remboursons)"
)
_YOU_PAY = (
    r"you (?:\w+ )?(?:pay|cover|bear)|at your (?:own )?(?:cost|expense)|sie (?:zahlen|tragen|übernehmen)|"
    r"auf ihre kosten|vous payez|à vos frais|à votre charge"
)
_OPPOSITES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (_any(one), _any(other))
    for one, other in (
        (r"accept\w*|take back|taken back|annehm\w*|nehmen|accepte\w*",
        r"reject\w*|refus\w*|declin\w*|ablehn\w*|lehnen"),
        (r"open(?:s)?|geöffnet|offen|ouvert\w*", r"closed?|shut|geschlossen|zu|fermée?s?"),
        (r"possible|möglich|möglichkeit", r"impossible|unmöglich"),
        (r"allow\w*|permitt\w*|erlaubt|dürfen|autoris\w*|permis\w*",
        r"forbid\w*|prohibit\w*|ban(?:ned)?|verboten|untersagt|interdi\w*"),
        (r"includ\w*|inklusive|inbegriffen|enthalten|inclu\w*|compris\w*",
        r"exclud\w*|exklusive|ausgeschlossen|exclu\w*|non compris\w*"),
        (r"used|worn|opened|getragen|benutzt|geöffnet|portée?s?|utilisée?s?|ouvert\w*",
         r"unused|unworn|unopened|ungetragen|unbenutzt|ungeöffnet|non portée?s?|neufs?|neuves?|fermée?s?"),
        (r"more|longer|later|mehr|länger|später|plus long\w*|plus tard",
         r"less|fewer|shorter|earlier|weniger|kürzer|früher|moins|plus tôt"),
        (_WE_PAY, _YOU_PAY),
        (r"minimum|at least|mindestens|au moins", r"maximum|at most|up to|höchstens|maximal|au plus|au maximum"),
        (r"keep|behalten|gard\w*", r"send (?:it |them )?back|return (?:it|them)|zurücksenden|renvo\w*"),
        (r"before|vor|bevor|avant|until|bis|jusqu\w*", r"after|nach|nachdem|après"),
        (r"safe|sicher|unbedenklich|sans danger", r"unsafe|dangerous|gefährlich|dangereu\w*"),
        (r"automatic\w*|automatisch\w*|automatique\w*", r"manual\w*|by hand|manuell\w*|von hand|manuel\w*"),
        (r"higher|höher|élevée?s?", r"lower|niedriger|bas(?:se)?s?"),
        (r"works?|funktionier\w*|fonctionne\w*|compatible|kompatibel", r"incompatible|inkompatibel|fails?"),
    )
)  # fmt: skip

_UPPER = re.compile(
    r"(?:within|inside|up to|at most|max(?:imum)?(?: of)?|less than|under|below|no (?:more|later) than|until|by|"
    r"innerhalb(?: von| der)?|binnen|bis(?: zu| zum)?|höchstens|maximal|weniger als|unter|spätestens(?: nach)?|"
    r"dans (?:les|un délai de)|sous|jusqu'(?:à|au)|au plus(?: tard)?|au maximum|moins de|inférieure?s? à|en moins de)"
    r"(?: the| the first| your| about| den| der| die| einem| ersten| les| le| premiers?)*\s*$"
)
_LOWER = re.compile(
    r"(?:after|at least|over|more than|above|min(?:imum)?(?: of)?|not before|starting(?: at| from)?|only after|"
    r"ab|nach|mindestens|über|mehr als|frühestens(?: nach)?|erst nach|après|à partir de|dès|au moins|plus de|"
    r"au-delà de|supérieure?s? à)"
    r"(?: the| the first| your| about| den| der| die| einem| ersten| les| le| premiers?)*\s*$"
)
_AMOUNTS_TO = re.compile(
    r"(?:erstattung|betrag|rechnung|gutschein|gutschrift|zahlung|abbuchung)\b[^,.;]{0,20}\süber\s*$"
)
"""A German refund "über 20 €" is one of 20 €."""
_UPPER_BEHIND = re.compile(
    r"\s*(?:\w+ ){0,2}(?:or (?:less|fewer|sooner)|at (?:the )?(?:most|latest)|oder weniger|ou moins|au plus tard)(?!\w)"
)
_LOWER_BEHIND = re.compile(
    r"\s*(?:\w+ ){0,2}(?:or (?:more|later|longer)|at (?:the )?(?:least|earliest)|oder mehr|und mehr|ou plus|"
    r"au plus tôt)(?!\w)"
)


@lru_cache(maxsize=4_096)
def operators_in(text: str) -> Operators:
    """The operators of a text."""
    words = _NO_NEGATION.sub(" ", told_in_order(text.lower().replace("’", "'").replace("‘", "'").replace("\n", " ")))
    words = _ANSWER.sub("", " ".join(words.split()))
    concepts: set[Concept] = set()
    bare = words
    for name, pattern in _CONCEPTS.items():
        if pattern.search(words):
            concepts.add(name)
        if name in {"free", "only"}:  # "no charge" negates nothing
            bare = pattern.sub(" ", bare)
    count = len(_NEGATION.findall(bare)) + len(NO_MORE.findall(bare)) + len(_NE_ALONE.findall(bare))
    return Operators(count > 0, frozenset(concepts), words)


def told_in_order(text: str) -> str:
    """A text without an "after" that tells no order: who looks after something does it at any time."""
    return _NO_ORDER.sub(lambda found: found["verb"] or "", text)


_NO_ORDER = re.compile(
    r"(?<!\w)(?P<verb>look(?:s|ed|ing)?|named) after(?!\w)|(?<!\w)after all(?=[,.!?]|$)",
    re.IGNORECASE,
)


def with_free_in_a_word(text: str, language: str) -> str:
    """A text in which "costs you nothing" is told by the one word that sources have for it."""
    word = _FREE.get(language)
    return text if word is None else _COSTS_NOTHING.sub(word, text)


_FREE = {"en": "is free", "de": "ist kostenlos", "fr": "est gratuit"}
_COSTS_NOTHING = re.compile(
    r"(?<!\w)(?:costs? (?:you )?nothing|kost\w+ (?:Sie |dich )?nichts|ne (?:vous )?coûte\w* rien)(?: extra| de plus)?(?!\w)",
    re.IGNORECASE,
)


def opposed(one: Operators, other: Operators) -> bool:
    """Whether one has a word and the other only its opposite, while both or neither are negated."""
    if one.negated != other.negated:
        return False
    for left, right in _OPPOSITES:
        ours = bool(left.search(one.words)), bool(right.search(one.words))
        theirs = bool(left.search(other.words)), bool(right.search(other.words))
        if ours in {(True, False), (False, True)} and theirs == (ours[1], ours[0]):
            return True
    return False


def bound_before(text: str, start: int, end: int) -> str:
    """What kind of bound a figure is: `upper` (within 30 days), `lower` (after 30 days), or none that is plain.

    Args:
        text: Where it stands.
        start: Where it begins.
        end: Where it ends.
    """
    before = text[max(0, start - 40) : start].lower().replace("’", "'")
    behind = text[end : end + 40].lower()
    if _UPPER.search(before) or _UPPER_BEHIND.match(behind):
        return "upper"
    if (_LOWER.search(before) and not _AMOUNTS_TO.search(before)) or _LOWER_BEHIND.match(behind):
        return "lower"
    return ""
