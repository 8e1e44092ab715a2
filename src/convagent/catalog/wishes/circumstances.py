"""What stands around the thing that is looked for: words that lead up to it, and things that are there already."""

from __future__ import annotations

import re

from convagent.catalog.colours import read_colours
from convagent.catalog.constraints import Vocabulary

__all__ = [
    "CUT",
    "LOOKS_FOR",
    "TO_STORE",
    "TO_TAKE",
    "colours_of_theirs",
    "follows_a_doer",
    "is_owned",
    "is_there_already",
]

CUT = re.compile(
    r"\b(?:with|without|that|which|who|whose|where|for|under|below|in|on|of|from|so|because|to|i|we|when|while|than|like|would|could|should|can|will|may|does|do|is|are|"
    r"mit|ohne|für|fürs|aus|das|die|der|zum|zur|im|in|am|auf|unter|von|wenn|wo|wie|"
    r"avec|sans|pour|en|de|du|des|dans|qui|que|sous|à|au|aux|quand|comme)\b|[!?;]",
    re.IGNORECASE,
)

_PLACE = re.compile(
    r"\b(?:am|is|are|bin|bist|ist|sind|suis|es|est|sont)\s+$|\b(?:on|in|at|into|onto|with|behind|under|after|auf|im|am|in|mit|hinter|unter|nach|dans|sur|avec|derrière|sous|après)\s+"
    r"(?:(?:the|a|an|my|your|our|de[rmn]|die|das|eine[rmn]?|mein\w*|le|la|les|un|une|mon|ma|mes|l['’])\s*)?$",
    re.IGNORECASE,
)
"""What stands before a thing that is there already."""

LOOKS_FOR = re.compile(
    r"\b(?:look(?:ing)?\s+for|search(?:ing)?\s+for|(?:i|we)(?:'d|\s+would)?\s+(?:need|want|like)|do\s+you\s+(?:have|sell)|is\s+there|are\s+there|which|"
    r"such(?:e|en)|brauch(?:e|en)|hätten?|gibt\s+es|haben\s+sie|welche[rsn]?|cherch(?:e|ons)|besoin\s+d|avez-vous|voudrais|y\s+a-t-il|"
    r"quel(?:le)?s?|am\s+liebsten|lieber|ideally|preferably|de\s+préférence|plutôt)\b",
    re.IGNORECASE,
)
"""What stands before the kind that is looked for, behind whatever else was told."""

_HABIT = re.compile(
    r"\b(?:she|he|they|who|sie|er|die|der|elle|il|qui)\s+(?:[^\W\d_]+\s+)?"
    r"(?:drinks?|loves?|likes?|enjoys?|collects?|plays?|eats?|wears?|trinkt|liebt|mag|sammelt|isst|boit|aime|adore|collectionne)\s+"
    r"(?:(?:a\s+lot\s+of|lots\s+of|her|his|their|gern|gerne|viel|beaucoup\s+de|le|la|les|du)\s+)*$",
    re.IGNORECASE,
)
"""What stands before a thing that somebody likes, which needn't be what they get."""

_DOES = re.compile(r"\b(?:she|he|they|who|i|we|you)\s+$", re.IGNORECASE)
"""Whatever follows these is no thing: "she drinks"."""

TO_STORE = re.compile(
    r"\b(?:(?:to|for)\s+(?:put|putting|store|storing|keep|keeping|hang|hanging|hold|holding|tidy|organi[sz]e)(?:\s+(?:away|up|my|our|the|all))*|"
    r"pour\s+(?:ranger|accrocher|poser|mettre|suspendre)(?:\s+(?:mes|nos|les|des|ma|mon))?)\s*$",
    re.IGNORECASE,
)
"""What stands before things that something is needed for to keep them in."""

TO_TAKE = re.compile(
    r"\b(?:something|anything|what|etwas|was|quelque\s+chose)\b[^.?!]{0,60}\b(?:to\s+(?:take|swallow)|(?:zum|zu)\s+(?:ein)?nehmen|à\s+(?:prendre|avaler))\s*"
    r"(?:[.?!,]|$)",
    re.IGNORECASE,
)
"""What is looked for so is swallowed: "something for my eyes to take"."""

_OWNS = re.compile(
    r"(?:\b(?:i|we|she|he|they)\s+(?:have|has|own|owns)|['’]ve|\bich\s+habe|\bwir\s+haben|\bj['’]ai|\bnous\s+avons)(?:\s+got)?"
    r"(?:\s+(?!(?:to|for|in)\b)[\w'’-]+){0,3}\s*$",
    re.IGNORECASE,
)

_HAS = re.compile(
    r"(?<!can )(?<!could )(?<!may )\b(?:(?:i|we)\s+(?:have|own)|(?:i|we)['’]ve(?:\s+got)?|ich\s+habe|wir\s+haben|j['’]ai|"
    r"nous\s+avons)\s+(?:(?:already|schon|déjà|both|only)\s+)?(?:an?|the|my|our|this|two|three|eine?[nrms]?|der|die|das|den|une?|le|la|les|des)\s+"
    r"(?:(?!such|look|need|want|brauch|cherch)[\w'’-]+\s+){0,4}?(?:(?:and|with|und|mit|et|avec)\s+"
    r"(?!such|look|need|want|would|brauch|möcht|hätt|cherch|voudr|am\b|i\b|ich\b|je\b)(?:an?|the|eine?[nrms]?|une?|des)?\s*(?:[\w'’-]+\s+){0,2}?)?$",
    re.IGNORECASE,
)
"""What stands before a thing that somebody has, be it the second one of two."""

_OWNED = re.compile(
    r"\s+(?:[^\W\d_]+\s*(?:(?:and|so|und|et|that)\b|[.,;])|[^\W\d_]+\s+in\s+(?:my|our|the)\b)|\s+et\b|\s*[.,;]",
    re.IGNORECASE,
)
"""What stands before and behind the colour of a thing that somebody has: "I have moss green cushions and look for …"."""


def is_there_already(before: str) -> bool:
    """Whether a thing is there, or is what somebody likes to do with: it needn't be what is looked for.

    Args:
        before: The text up to the thing.
    """
    return bool(_PLACE.search(before) or _HABIT.search(before))


def is_owned(before: str) -> bool:
    """Whether somebody has a thing already: "I have a green sofa and an oak floor" looks for neither.

    Args:
        before: The text up to the thing.
    """
    return _HAS.search(before) is not None


def follows_a_doer(before: str) -> bool:
    """Whether a word is what somebody does ("she drinks"), and no thing.

    Args:
        before: The text up to the word.
    """
    return _DOES.search(before) is not None


def colours_of_theirs(text: str, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """Where colours stand that something has which is there already: what is looked for needn't have them.

    Args:
        text: A shopper's words.
        vocabulary: What the catalog calls its colours.
    """
    return [
        (start, end)
        for start, end, _ in read_colours(text, shop=vocabulary.colours)
        if _OWNS.search(text[:start]) and _OWNED.match(text, end)
    ]
