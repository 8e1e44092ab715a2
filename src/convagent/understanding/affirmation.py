"""Whether an answer says yes, no, yes with a change, or neither."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from convagent.understanding.phrases import compile_phrases, fold
from convagent.understanding.program_text import is_program_text
from convagent.understanding.turning import corrects
from convagent.understanding.withdrawal import withdraws
from convagent.understanding.word_lists import word_lists

__all__ = ["PARTS", "Affirmation", "how_it_went", "read_affirmation"]

Affirmation = Literal["yes", "no", "yes_but", "unclear"]

_FIGURE = re.compile(r"\d")
_NUMBERED = re.compile(r"(?<= )n[or] (?:\. )?#?(?=\d)")  # "order no. 1042" denies nothing
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|\[[^\]]*\]|<[^>]*>")
PARTS = re.compile(r"[,;:()\n\u2013\u2014]+|\s-\s|[.!?\u2026]+(?:\s|$)")
"""Where one part of a message ends: a comma, a bracket, a dash, the end of a sentence."""
_SENTENCES = re.compile(r"[;:\n\u2013\u2014]+|[.!?\u2026]+(?:\s|$)")
_MOST_IN_QUOTES = 3  # “yes” alone in quotes answers; a longer one is somebody's words
_LONGEST = 2_000  # characters that are read
_BEGIN_SENTENCES = frozenset(
    {"i", "you", "u", "we", "ich", "je", "j", "vous", "what", "to", "be", "do", "need", "try", "know"}
)
"""Kind words after which "sure" or "exactly" says something else: "what exactly", "to be sure", "I definitely want it"."""
_OPENING_WORDS = 6  # a yes or no that answers the question stands within the first words


class _Words(NamedTuple):
    yes: re.Pattern[str]
    assures: re.Pattern[str]
    agrees: re.Pattern[str]
    question: re.Pattern[str]
    no: re.Pattern[str]
    but: re.Pattern[str]
    not_but: re.Pattern[str]
    remark: re.Pattern[str]
    unsure: re.Pattern[str]
    reported: re.Pattern[str]
    only: re.Pattern[str]
    closes: re.Pattern[str]


def read_affirmation(text: str) -> Affirmation:
    """What a message says to a question that yes or no can answer.

    Thanks and praise say neither: "perfect, thank you so much!" may be a goodbye. And a yes stands at the head of its
    sentence: "what is the carry on policy" and "has it been approved" agree to nothing. A yes is taken for one only when
    nothing in the message changes it: "yes, but only the jacket", "ok, and the watch too" and "yes, refund 20 euros" are
    `yes_but`, since what was asked is not what would be done. The state that something is in changes nothing: "yes, not
    opened yet" is a yes. A question in return, doubt, or yes and no together are `unclear`: asking once more costs less than
    doing the wrong thing. So is what somebody else said, and what stands in quotes or brackets beside other words: "my wife
    said yes", "[attachment: “yes”]". What is written as programs write is nobody's answer: `{"confirmed": true}`,
    `confirm=yes`, "SYSTEM: yes".

    Args:
        text: The message.

    Returns:
        `yes`, `no`, `yes_but` or `unclear`.
    """
    if is_program_text(text[:_LONGEST]):
        return "unclear"
    words = _words()
    rest = _QUOTED.sub(" ", text)
    if rest != text and (any(char.isalnum() for char in rest) or len(text.split()) > _MOST_IN_QUOTES):
        text = rest
    folded = _NUMBERED.sub(" ", words.not_but.sub(". ", fold(text, limit=_LONGEST)))
    if not folded.strip(" ."):
        return "unclear"
    if withdraws(text) and words.yes.search(folded) is None:
        return "no"  # "hmm, never mind": who drops what was asked for says no, however hesitantly
    if words.unsure.search(folded) or words.reported.search(folded) or corrects(text):
        return "unclear"
    first_no = words.no.search(folded)
    first_yes = _first_yes(text, folded, words)
    if first_yes is not None and _place(folded, first_yes) < _OPENING_WORDS:
        if first_no is not None and first_no.start() <= first_yes.start():
            return "unclear" if first_no.end() <= first_yes.start() else "no"
        return _after_yes(text, folded[first_yes.end() :], words)
    if "?" not in text and (words.only.search(folded) or _agrees_with_a_change(folded, words)):
        return "yes_but"
    if first_no is not None and _place(folded, first_no) < _OPENING_WORDS and "?" not in text:
        return "no"
    return "unclear"


def how_it_went(text: str) -> bool | None:
    """What a message says to a question how things are after something was tried: "still dark" is a no, "now it's amber" a yes.

    Args:
        text: The message.

    Returns:
        None where it says neither, or asks.
    """
    if "?" in text:
        return None
    folded, (unchanged, changed) = fold(text, limit=_LONGEST), _outcomes()
    if unchanged.search(folded) is not None:
        return False
    went = changed.search(folded)
    if went is None or _NOT_SO.search(text) is not None:
        return None
    return True


_NOT_SO = re.compile(
    r"\b(?:no|not|nothing|none|never|nobody|neither|nor|dead|dark|worse|smoke\w*|smell\w*|burn\w*|broken|\w+n['’]t|wont|cant|doesnt|"
    r"nicht|nichts|kein\w*|nie|tot|dunkel|kaputt|schlimmer|riecht|ne|n['’]\w+|pas|plus|rien|aucun\w*|mort\w*|pire|sent)\b",
    re.IGNORECASE,
)
"""What keeps "now it's …" from being good news: "now it won't turn on at all", "none of that worked"."""


@lru_cache(maxsize=1)
def _outcomes() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lists = word_lists("signals")["affirmation"]
    return compile_phrases(lists["unchanged"]["find"]), compile_phrases(lists["changed"]["find"])


def _first_yes(text: str, folded: str, words: _Words) -> re.Match[str] | None:
    """Where a message agrees, if it does: at the first yes that heads its sentence, whatever yes stands within one before it."""
    every, assured = list(words.yes.finditer(folded)), words.assures.search(folded)
    plain = next((one for one in every if _heads_its_sentence(text, folded[: one.start()], one.group(), words)), None)
    if every and plain is None:
        return None
    asks = words.question.match(folded, 3) is not None
    if assured is not None and (plain is None or assured.start() < plain.start()) and not asks:
        return assured if _is_led_up_to(folded, assured) else plain
    if plain is not None:
        return plain
    if asks or words.closes.search(folded) is not None or not _only_kind_words(folded, words):
        return None
    return words.agrees.search(folded)


def _heads_its_sentence(text: str, before: str, found: str, words: _Words) -> bool:
    """Whether nothing stands before a yes in its part of the message but what leads up to it, and nothing was asked."""
    if words.question.search(f"{before}. ") is not None:
        return False
    earlier = before.count(f" {found}")
    boundary = PARTS if not earlier else _SENTENCES  # "you always say yes, yes" enumerates; "… yes. Yes please" answers
    lead, behind = before, 0
    for part in (fold(part) for part in boundary.split(text[:_LONGEST])):
        times = part.count(f" {found}")
        if behind <= earlier < behind + times:
            lead = part[: part.find(f" {found}")] if earlier == behind else before
            break
        behind += times
    leads = _kind_words() | _leads()
    return all(word == "." or word in leads for word in lead.split())


def _is_led_up_to(folded: str, assured: re.Match[str]) -> bool:
    """Whether nothing stands before a word such as "exactly" but kind words, none of which begins a sentence of its own."""
    return all(word == "." or word in _kind_words() - _BEGIN_SENTENCES for word in folded[: assured.start()].split())


def _after_yes(text: str, rest: str, words: _Words) -> Affirmation:
    rest = words.remark.sub(". ", f" {rest}")
    # "yes no" side by side is neither; a no further on is a condition, and so is a question or a figure.
    if re.match(r" (?:\. )?(?:no|nein|non|nope|nah)\b", rest):
        return "unclear"
    changed = words.but.search(rest) is not None or words.question.search(rest) is not None
    if "?" in text:
        return "yes_but" if changed else "unclear"
    return "yes_but" if changed or _FIGURE.search(rest) else "yes"


def _agrees_with_a_change(folded: str, words: _Words) -> bool:
    """Whether a message begins "ok" and goes on with what changes it: "ok, and the scarf too"."""
    begins = words.agrees.search(folded)
    if begins is None or _place(folded, begins):
        return False
    rest = f" {folded[begins.end() :]}"
    return words.but.search(rest) is not None and words.question.search(rest) is None and words.no.search(rest) is None


def _only_kind_words(folded: str, words: _Words) -> bool:
    """Whether nothing but agreement, thanks and the like is said."""
    kind = _kind_words()
    return all(word == "." or word in kind for word in words.agrees.sub(". ", folded).split())


@lru_cache(maxsize=1)
def _kind_words() -> frozenset[str]:
    closing = word_lists("signals")["closing"]
    return frozenset(
        fold(word).strip(" .") for word in (*closing["strong"], *closing["filler"], "please", "bitte", "svp")
    )


@lru_cache(maxsize=1)
def _leads() -> frozenset[str]:
    return frozenset(word_lists("signals")["affirmation"]["leads"]["words"])


def _place(folded: str, found: re.Match[str]) -> int:
    """How many words stand before a match."""
    return sum(1 for word in folded[: found.start()].split() if word != ".")


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = word_lists("signals")["affirmation"]
    patterns = {name: compile_phrases(lists[name]["find"]) for name in _Words._fields}
    return _Words(**patterns)
