"""Which kinds of products a text refuses: "no candles please", "not another mug", "kein Teppich", "pas de bougies"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from convagent.catalog.wishes.lexicon import Lexicon
from convagent.catalog.wishes.refusals import names_of_substance

__all__ = ["kind_called", "read_refused_kinds"]

_LEAD = re.compile(
    r"(?<![^\W\d_])(?:(?<!why )not|(?<!with )no|never|nor|neither|(?:anything|everything) but|except(?: for)?|apart from|"
    r"(?:do(?:es)?n['’]?t|do(?:es)? not|don['’]?t) (?:\w+ )?(?:want|like|need|use|wear)|hates?|dislikes?|"
    r"(?:has|have|got) (?:enough|plenty of|too many|so many|no need of)|no more|"
    r"after|instead of|rather than|outgrown|nach|statt|anstelle|après|au lieu de|plutôt que|"
    r"keine?[nrms]?|nicht|außer|genug|genügend|zu viele|"
    r"(?<!n'est )pas|aucune?|sauf|assez|n['’]aime pas|ne veux pas|plus)\s+"
    r"(?:(?:any|a|an|the|another|more|one of (?:the|your|those)|those|these|yet|her|his|their|our|my|"
    r"eine?[nrms]?|noch|schon wieder|die|der|das|den|un|une|les?|la|des|de|encore|d['’])\s*(?<=[\s'’]))*",
    re.IGNORECASE,
)
"""What stands before a kind of product that nobody wants to be shown."""

_LINK = re.compile(
    r"\s*(?:,|/|&|\b(?:or|and|nor|oder|und|noch|ou|et|ni)\b)\s*(?:(?:no|any|a|keine?n?|de|d['’])\s*)?", re.IGNORECASE
)


def read_refused_kinds(
    text: str, lexicon: Lexicon, languages: Sequence[str]
) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """The kinds of products that a text wants nothing of, and where it says so.

    What is a substance too, such as tea, is left to what must not be in a product.

    Args:
        text: A shopper's words.
        lexicon: Words by what they mean.
        languages: Those that the words may be in, the likeliest first.
    """
    found: dict[str, None] = {}
    spans: list[tuple[int, int]] = []
    leads = list(_LEAD.finditer(text))
    if not leads:
        return (), ()
    met = {each.start: each for each in lexicon.read(text, languages) if each.concepts}
    for lead in leads:
        at, end = lead.end(), lead.start()
        while (each := met.get(at)) is not None:
            kinds = [concept.name for concept in each.concepts if concept.sort == "kind"]
            if not kinds or not each.head or names_of_substance(text[each.start : each.end]):
                break
            found |= dict.fromkeys(kinds)
            end = each.end
            link = _LINK.match(text, end)
            if link is None:
                break
            at = link.end()
        if end > lead.start():
            spans.append((lead.start(), end))
    return tuple(found), tuple(spans)


def kind_called(words: str, lexicon: Lexicon, languages: Sequence[str]) -> tuple[str, ...]:
    """The kinds of product that some words name, whole; none for a substance or anything else.

    Args:
        words: Such as "candles".
        lexicon: Words by what they mean.
        languages: Those that the words may be in, the likeliest first.
    """
    met = [each for each in lexicon.read(words, languages) if each.concepts]
    if len(met) != 1 or met[0].end - met[0].start < len(words.strip()) or names_of_substance(words):
        return ()
    return tuple(concept.name for concept in met[0].concepts if concept.sort == "kind")
