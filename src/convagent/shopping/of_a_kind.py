"""Whether what the shop has of a kind is so: "are your candles vegan?" is answered by what they say themselves, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

from convagent.catalog import Catalog
from convagent.catalog.wishes.lexicon import LANGUAGES, the_lexicon
from convagent.catalog.wishes.model import Wish
from convagent.facts import Product
from convagent.search import STOP_WORDS, Tokeniser
from convagent.shopping.case import ShoppingCase
from convagent.shopping.model import Advice, Pick
from convagent.shopping.speaking import units_of
from convagent.why import because

__all__ = ["asks_of_a_kind", "some_say_so", "told_of_a_kind"]

MOST_READ, MOST_TOLD = 40, 3
"""Products of the kind that are read, and those that are told of."""

_HELLO = r"^(?:(?:hi|hello|hey|and|also|so|ok|but|hallo|und|bonjour|et|mais|aber)[\s,!.]+)*"
_HAVE = r"(?:\s+\w+){1,3}\s+(?:sont|ont|est|a|contiennent|contient)(?:-(?:t-)?(?:ils|elles|il|elle))?\b"
_OF_YOURS = re.compile(
    rf"{_HELLO}(?:(?:are|is|do|does|can|will)\s+(?:(?:all|any|some|both|most)\s+)?(?:of\s+)?(?:your|ur)\s|"
    r"(?:sind|ist|haben|hat|enthalten|enthält|kann|können)\s+(?:(?:alle|manche|einige)\s+)?(?:eure|euer|ihre|ihr|deine|dein)\s|"
    rf"(?:est-ce\s+que\s+)?(?:vos|votre|tes){_HAVE})",
    re.IGNORECASE,
)
_OF_THE = re.compile(
    rf"{_HELLO}(?:(?:are|do)\s+(?:(?:all|any|some|both|most)\s+)?(?:of\s+)?the\s|(?:sind|haben|enthalten)\s+(?:alle\s+)?die\s|"
    rf"(?:est-ce\s+que\s+)?les{_HAVE})",
    re.IGNORECASE,
)
"""What is meant by "the mugs" where nothing was shown: all of them."""

_LEFT_OUT = frozenset(
    "your ur these those any all some both most made have has having come comes get got contain contains still really also "
    "eure euer ihre ihr deine haben hat sind ist gemacht enthalten enthält vos votre sont ont fait faits faites "
    "contiennent".split()
)


def asks_of_a_kind(text: str, wish: Wish, *, shown: bool) -> bool:
    """Whether a text asks of all that the shop has of a kind whether it is so, and not for one that is.

    Args:
        text: A shopper's words.
        wish: What is read of them; one that names a product, a size, a colour or a price looks for something.
        shown: Whether products were shown, which "the" ones may be.
    """
    if not wish.kinds or wish.named or wish.sizes or wish.colours or wish.at_most is not None or wish.fields:
        return False
    said = " ".join(text.split())
    return _OF_YOURS.search(said) is not None or (not shown and _OF_THE.search(said) is not None)


def some_say_so(catalog: Catalog, text: str, wish: Wish, *, shown: bool) -> bool | None:
    """Whether any of a kind says what a text asks of all of them; None where it asks nothing like that.

    Args:
        catalog: The shop's products.
        text: A shopper's words.
        wish: What is read of them.
        shown: Whether products were shown.
    """
    if not asks_of_a_kind(text, wish, shown=shown):
        return None
    return next(_say_so(catalog, text, wish, wish.language or catalog.language), None) is not None


def told_of_a_kind(case: ShoppingCase, wish: Wish, *, shown: bool) -> Advice | None:
    """Which of a kind say what is asked of all of them, each in its own words; a person where none does; else None.

    Args:
        case: The request.
        wish: What is read of its words.
        shown: Whether products were shown.
    """
    if not asks_of_a_kind(case.text, wish, shown=shown):
        return None
    lines, picks = [], []
    for product, said in islice(_say_so(case.catalog, case.text, wish, case.words.language), MOST_TOLD):
        lines.append(case.words.say("picked", product=product.title, facts=said.rstrip(".")))
        picks.append(Pick(product))
    if not lines:
        why = because("kind_silent", kind=wish.kinds[0], text=case.text[:200])
        return case.done(hand_over=("missing_knowledge", "", why), why=(why,))
    state = case.shown(tuple(picks), about=picks[0].product.id if len(picks) == 1 else "")
    return Advice(
        replace(state, said=(case.text,)), tuple(lines), tuple(picks),
        why=(f"say so themselves: {', '.join(pick.product.id for pick in picks)}",),
    )  # fmt: skip


def _say_so(catalog: Catalog, text: str, wish: Wish, language: str) -> Iterator[tuple[Product, str]]:
    """The products of the kind that say what is asked, and their words for it."""
    sought = _Sought(text, wish, catalog.language)
    kind = replace(wish, text="", qualities=(), materials=(), uses=())
    for hit in catalog.find(kind, k=MOST_READ, language=language, only_kind=True).hits:
        if said := sought.in_words_of(hit.product, language):
            yield hit.product, said


class _Sought:
    """What is asked of a kind, and where a product says it."""

    def __init__(self, text: str, wish: Wish, language: str) -> None:
        self.concepts = frozenset((*wish.qualities, *wish.materials))
        self.languages = (language, *(each for each in LANGUAGES if each != language))
        understood = {
            word.casefold()
            for met in the_lexicon().read(text, tuple(filter(None, (wish.language, *self.languages))))
            if met.concepts
            for word in re.findall(r"[^\W\d_]+", text[met.start : met.end])
        }
        left_out = _LEFT_OUT | understood | frozenset().union(*STOP_WORDS.values())
        words = [word for word in re.findall(r"[^\W\d_]+", text) if word.casefold() not in left_out]
        self.terms = frozenset(_terms(language, " ".join(words)))

    def in_words_of(self, product: Product, language: str) -> str:
        """The field or the sentence of a product that says it; empty where it says nothing."""
        return next((told for told, said in units_of(product, language) if self._is_in(said)), "")

    def _is_in(self, said: str) -> bool:
        if not self.concepts and not self.terms:
            return False
        if self.concepts:
            met = (concept.name for met in the_lexicon().read(said, self.languages[:1]) for concept in met.concepts)
            if not self.concepts <= set(met):
                return False
        return self.terms <= set(_terms(self.languages[0], said))


def _terms(language: str, text: str) -> Sequence[str]:
    return _tokeniser(language).terms(text)


@cache
def _tokeniser(language: str) -> Tokeniser:
    return Tokeniser(language)
