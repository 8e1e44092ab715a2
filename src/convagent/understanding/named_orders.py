"""A number that stands for an order: "what's happening with #1085" asks after an order, though no word of it says so."""

from __future__ import annotations

import re

from convagent.search import base_language
from convagent.understanding.content_words import content_words
from convagent.understanding.turning import corrects

__all__ = ["added_order", "corrected_order", "named_each", "named_orders", "names_an_order", "with_order"]

_WORDS = {"en": "my order", "de": "meine Bestellung", "fr": "ma commande"}
_NAMED = re.compile(
    r"(?:\b(?:orders?|purchases?|parcels?|packages?|numbers?|no|nr|nos|subscriptions?|bestell\w*|auftr[aä]g\w*|pakete?s?|nummern?"
    r"|commandes?|colis|num[ée]ros?|abo\w*)\b|[n№]°)\W*$",
    re.IGNORECASE,
)
_LISTED = (
    r"\s*(?:(?:[,;&+/]|\b(?:and|as well as|und|sowie|et|ainsi que)\b)\s*)+(?:(?:also|then|auch|dann|aussi|puis)\s+)?"
    r"(?:(?:(?:my|the|meine|die|ma|la)\s+)?(?:orders?|numbers?|no\.?|nr\.?|bestellung(?:en)?|nummer|commandes?|num[ée]ro)\s+)?"
)
"""What stands between two orders of a list."""
_ADDED = (
    r"(?:^|[\s,;.!–—-]+)(?:(?:and|also|plus|und|auch|sowie|et|aussi)\b[\s,]*)+(?:(?:then|too|dann|noch|puis|ensuite)\s+)?"
    r"(?:(?:my|the|cancel|meine|die|ma|la)\s+)*(?:(?:order|number|no\.?|nr\.?|bestellung|nummer|commande|num[ée]ro)\s+)?"
)
"""What leads on to one more order."""
_TOO = re.compile(r"[\s,]*(?:(?:as well|too|also|then|auch|ebenfalls|dazu|aussi|également)\b[\s,]*)*", re.IGNORECASE)
MOST_NAMED = 4
"""So many orders of one message are taken up one after the other; more are for a person."""
_COUNTS = re.compile(r"\s+[^\W\d_]")


def named_orders(text: str, pattern: str, *, language: str = "en") -> str:
    """A message with the words "my order" before each order's number that nothing names; the message itself where there is none.

    Guides and their examples are compared by words, so that a number alone says nothing.

    Args:
        text: The message.
        pattern: Regular expression of the shop's order numbers.
        language: The message's; English words stand in a language other than English, German and French.
    """
    words = _WORDS.get(base_language(language), _WORDS["en"])

    def named(found: re.Match[str]) -> str:
        number = found.group()
        if _NAMED.search(text, 0, found.start()) is not None:
            return number
        # "1200 mugs" counts something, "#1200 mugs" and "TW-1200 mugs" don't
        return number if number.isdecimal() and _COUNTS.match(text, found.end()) else f"{words} {number}"

    return re.sub(_number(pattern), named, text)


def _number(pattern: str) -> str:
    return rf"(?<![\w#@.,/-])(?:{pattern})(?![\w@]|[.,]\d)"


_MEASURE = re.compile(
    r"\s*(?:[€$£%]|(?:euros?|eur|dollars?|pounds?|percent|prozent|points?|feathers?|punkte|m?g|kg|ml|cl|l|mm|cm|m|km|watts?|w|lumens?|lm)\b)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ASKED_FOR = re.compile(
    r"\s+(?:for (?:an?|one|that|this)|für (?:ein\w*|so|diese\w*)|pour (?:une?|ce\w*))\s[^.?!]{0,60}?\b(?:"
    r"mad|madness|crazy|insane|silly|ridiculous|robbery|(?:too |so |quite |very )?much|a lot|lots|steep|expensive|pricey|cheap|"
    r"verrückt|wahnsinn\w*|irre|(?:zu |ganz schön |ziemlich )?viel|teuer|happig|heftig|unverschämt|wucher|günstig|"
    r"fou|folie|beaucoup|trop|cher|exagéré|excessif|abusé)\b",
    re.IGNORECASE,
)
"""What stands behind a price that is talked of: "1190 for a table is mad"."""
_OF_AN_ORDER = re.compile(
    r"\b(?:orders?|exchang\w*|swap\w*|return\w*|refund\w*|cancel\w*|change|bestell\w*|umtausch\w*|tausch\w*|stornier\w*|"
    r"zurück\w*|commandes?|échang\w*|retourn\w*|renvoy\w*|annul\w*|rembours\w*)\b",
    re.IGNORECASE,
)
"""What a number is an order's behind, whatever is said of it: "exchange 1042 for a bigger one, it is too much"."""


def names_an_order(text: str, pattern: str) -> bool:
    """Whether a number stands in a message that is an order's by its shape, and no price, measure or year: "the chino in 1122".

    Args:
        text: The message.
        pattern: Regular expression of the shop's order numbers.
    """
    return any(
        _MEASURE.match(text, found.end()) is None and _YEAR.fullmatch(found.group()) is None
        and ("#" in found.group() or not _is_a_price(text, found))
        and text[max(0, found.start() - 2) : found.start()].strip() not in {"€", "$", "£"}
        for found in re.finditer(_number(pattern), text)
    )  # fmt: skip


def _is_a_price(text: str, found: re.Match[str]) -> bool:
    """Whether a number is what something costs, by what is said of it."""
    return _ASKED_FOR.match(text, found.end()) is not None and _OF_AN_ORDER.search(text, 0, found.start()) is None


def named_each(text: str, pattern: str) -> tuple[str, ...]:
    """A message that names several orders in a row, once for each of them: "cancel 1114 and 1115" asks for two things.

    Args:
        text: The message.
        pattern: Regular expression of the shop's order numbers.

    Returns:
        The message with one of the numbers in the place of the list, in their order; empty where there is no such list,
        where it is of more than `MOST_NAMED`, or where another number stands beside it.
    """
    number = _number(pattern)
    lists = list(re.finditer(rf"{number}(?:{_LISTED}{number})+", text, re.IGNORECASE))
    if len(lists) != 1:
        return ()
    found = lists[0]
    listed = [one.group() for one in re.finditer(number, found.group(), re.IGNORECASE)]
    numbers = list(dict.fromkeys(listed))
    if not 1 < len(numbers) <= MOST_NAMED or len(listed) < sum(1 for _ in re.finditer(number, text, re.IGNORECASE)):
        return ()
    return tuple(f"{text[: found.start()]}{one}{text[found.end() :]}" for one in numbers)


def added_order(text: str, pattern: str) -> tuple[str, str] | None:
    """What a message says before it adds one more order, and that order's number: "yes, and then 1115 as well".

    Args:
        text: The message.
        pattern: Regular expression of the shop's order numbers.

    Returns:
        None where it adds none, names more than one, corrects what was said, or goes on with something else.
    """
    number = _number(pattern)
    if len(re.findall(rf"(?:{number})", text)) != 1 or corrects(text):
        return None
    found = re.search(rf"{_ADDED}(?P<order>{number})", text, re.IGNORECASE)
    if found is None:
        return None
    behind = text[found.end() :]
    too = _TOO.match(behind)
    if content_words(behind[too.end() if too is not None else 0 :]):
        return None
    return text[: found.start()].strip(), found.group("order")


_PUTS_RIGHT = re.compile(
    r"\b(?:meant|mean|wrong (?:order|number|one)|typo|mistyped|mixed up|correction|falsche (?:nummer|bestellung)|vertippt|"
    r"verschrieben|vertan|meinte|gemeint|mauvaise? (?:num[ée]ro|commande)|tromp[ée]e?|voulais dire|erreur)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|no|never|isn['’]?t|wasn['’]?t|didn['’]?t|nicht|kein\w*|ne|pas|jamais)\b(?!\s*(?:[,.!]|#?\d))",
    re.IGNORECASE,
)
_SORRY = re.compile(
    r"\b(?:sorry|oops|apologies|my bad|my mistake|order|number|entschuldigung|verzeihung|bestellung|bestellnummer|nummer|pardon|"
    r"désolée?|excusez(?:-moi)?|commande|numéro|was|is|it|the|i)\b",
    re.IGNORECASE,
)
_BESIDE_A_NUMBER = 2
"""Content words that stand beside a number that is put right: what the order holds, "I meant 1104, the pan"."""

_SLIPS_MOST = 14
"""Words of a message that only puts an order's number right; a longer one asks for itself."""


def corrected_order(text: str, last: str, pattern: str) -> str:
    """The last request with the order's number that a message puts right: "sorry, wrong number. I meant 1104, the pan".

    Args:
        text: The message.
        last: The last request's words.
        pattern: Regular expression of the shop's order numbers.

    Returns:
        Empty where the message puts no number right, asks something, or the last request was of no single order.
    """
    if not last or "?" in text or len(text.split()) > _SLIPS_MOST:
        return ""
    if not corrects(text) and _PUTS_RIGHT.search(text) is None:
        return ""
    said = {found.group().strip("#") for found in re.finditer(_number(pattern), last)}
    named = [found.group() for found in re.finditer(_number(pattern), text)]
    new = [number for number in named if number.strip("#") not in said]
    rest = _PUTS_RIGHT.sub(" ", re.sub(_number(pattern), " ", text))
    if _DENIES.search(text) is not None or len(content_words(_SORRY.sub(" ", rest))) > _BESIDE_A_NUMBER:
        return ""  # it tells or asks for something itself: "you sent the wrong order, 1104 isn't mine"
    return with_order(last, new[0], pattern) if len(new) == 1 and len(said) == 1 else ""


def with_order(text: str, order: str, pattern: str) -> str:
    """A text about one order as it would be about another; empty where it names none, more than one, or that one."""
    number = re.compile(_number(pattern))
    named = {found.group().strip("#") for found in number.finditer(text)}
    return number.sub(order, text) if len(named) == 1 and order.strip("#") not in named else ""
