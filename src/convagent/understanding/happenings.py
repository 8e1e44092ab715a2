"""Whether a message tells of something that happened, or only asks how things are and what may be done.

"My dog ate it" tells; "is it poisonous to dogs?" asks. Both have the words that incidents are known by. What decides is the
form: whoever only asks uses no past tense, no word for how somebody is, and no question that takes something as given ("why
does it burn?"). A message is taken for a mere question only if every part of it is known to be one: what nobody thought of tells.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from convagent.understanding.normal import normalise
from convagent.understanding.phrases import Finder, finder, fold
from convagent.understanding.senses import find_senses
from convagent.understanding.word_lists import word_lists

__all__ = [
    "asks_how_to_reach",
    "asks_or_wishes",
    "names_somebody",
    "only_asks",
    "only_of_a_thing",
    "speaks_of_own_state",
    "tells_of_something",
    "traces_of_harm",
]

_LONGEST = 400
"""Characters of a message that may only ask; longer ones tell a story."""

_LISTED, _STOPS = 2, (".", ".")
"""So few words between commas go on with a list: "for dry, sensitive skin"."""

_HARM = frozenset(("body", "doctor", "emergency", "hazard", "illness", "injury", "medicine", "suicide", "violence"))
"""Fields of meaning of what hurts and of who is hurt."""

_TRACES = _HARM - {"suicide", "violence"}
"""Those that are a trace of harm by themselves: knives are looked for, ropes bought, and threats are a topic of their own."""

_PARTS = re.compile(r"[,;:()\n\u2013\u2014]+|\s-\s|[.!?\u2026]+(?:\s|$)")
_ELISIONS = re.compile(r"\u2019")

# Forms of verbs that no list holds. English: somebody or something, and a verb in -ed. German: an auxiliary and a participle.
# French: an auxiliary and a participle with its accent.
_PAST = re.compile(
    r"\b(?:i|he|she|it|we|they|who|that|which|dog|cat|son|daughter|child|baby|wife|husband|boy|girl)"
    r"(?: \w+ly| just| then| also| even)? (?!need|feed|speed|red|bleed\b)\w{2,}ed\b"
    r"|\b(?:hat|habe|hab|haben|ist|sind|bin)\b[^.?!]*?\b(?!geeignet|getestet|gemacht|gedacht|erlaubt|verboten|empfohlen|enthalten|vorgesehen|"
    r"geprüft|zertifiziert|gefertigt|bedruckt|behandelt|verfügbar|gesund|genau|gut\b|gelb|gewicht|gerät|besser|bereit|erhältlich|beständig|gestattet|gefärbt)"
    r"(?:(?:\w{0,6}ge|ver|zer|be|ent|er)\w{2,}(?:t|en))\b(?=\s*(?:$|[.?!,]|und\b|aber\b|worden\b))"
    r"|\b(?:a|as|ai|ont|est|sont|suis|sommes|avons)\b(?: \w+){0,2}? (?!adapté|recommandé|testé|conseillé|autorisé|indiqué|"
    r"parfumé|destiné|compliqué|élevé|privé|santé|qualité|variété|café|thé|bébé|été)\w{2,}(?:é|ée|és|ées)\b",
    re.IGNORECASE,
)


class _Lists(NamedTuple):
    told: Finder
    asks: Finder
    beside: Finder
    arrived: Finder
    remedy: Finder
    somebody: Finder
    danger: Finder
    whoever_writes: Finder
    own_state: Finder
    wishes: Finder
    what_to_do: Finder
    reaches: Finder


def only_asks(text: str) -> bool:
    """Whether a message asks how things are, what may be done or which to take, and tells of nothing.

    Args:
        text: The message; one of another language than English, German and French never does.
    """
    if len(text) > _LONGEST or tells_of_something(text):
        return False
    lists = _lists()
    asks = False
    for part in _PARTS.split(text):
        folded = fold(part)
        if lists.asks(folded):
            asks = True
        elif len(folded.split()) > _LISTED + len(_STOPS) and not lists.beside(folded):
            return False
    return asks


def tells_of_something(text: str) -> bool:
    """Whether a message has any sign of something that happened, or of how somebody is."""
    return bool(_lists().told(fold(text))) or _PAST.search(_ELISIONS.sub("'", text)) is not None


def only_of_a_thing(text: str) -> bool:
    """Whether a message asks for money back, a repair or another piece, or says that one came broken, and that is all.

    Nobody who may have been hurt is spoken of, and nothing that may harm: broken glass may where a thing didn't come so.
    """
    if len(text) > _LONGEST:
        return False
    lists, folded = _lists(), fold(text)
    arrived = bool(lists.arrived(folded))
    if not arrived and not lists.remedy(folded):
        return False
    if any(look(folded) for look in (lists.somebody, lists.danger, lists.whoever_writes)):
        return False
    fields = _HARM - {"hazard"} if arrived else _HARM
    return fields.isdisjoint(find_senses(normalise(text)))


def traces_of_harm(text: str) -> frozenset[str]:
    """Whatever in a message may belong to a story of harm: that something happened, what may harm, who is hurt or ill.

    Generous, like the lists that it is read by: of messages that tell of harm next to none is without any. "What can I do
    about it?" is asked of a squeak as of a burn and is no trace by itself.

    Args:
        text: The message, in English, German or French; of another language nothing is known.
    """
    lists, folded = _lists(), fold(text)
    told = {words for words in lists.told(folded) if not lists.what_to_do(fold(words))}
    past = _PAST.search(_ELISIONS.sub("'", text))
    return frozenset(
        told.union(
            lists.danger(folded), _TRACES.intersection(find_senses(normalise(text))), (past.group(),) if past else ()
        )
    )


def asks_or_wishes(text: str) -> bool:
    """Whether a message asks something or says what is wanted, wherever in it."""
    return "?" in text or bool(_lists().wishes(fold(text))) or only_asks(text)


def asks_how_to_reach(text: str) -> bool:
    """Whether a message asks how, when or where the shop can be reached, which is no wish to be put through."""
    return bool(_lists().reaches(fold(text)))


def names_somebody(text: str) -> bool:
    """Whether a message names somebody who may have been hurt: a person, an animal, part of a body, or merely "he"."""
    return bool(_lists().somebody(fold(text)))


def speaks_of_own_state(text: str) -> bool:
    """Whether somebody says what they have, take or are, or whom something is for."""
    return bool(_lists().own_state(fold(text)))


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    lists = word_lists("happenings")
    return _Lists(*(finder(lists[name]) for name in _Lists._fields))
