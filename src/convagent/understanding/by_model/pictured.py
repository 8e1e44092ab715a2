"""Details that stand in a customer's picture: which may be read from one, and what waits to be put before the customer.

    model: "picture 1 shows 1042" ──▶ kept beside the message ──▶ its question: "I read 1042. Is that right?" ──▶ yes: a value

What was read is no value: it is kept beside the message that the picture came with, and nothing reads a Need from it. Once the
guide asks for the Need, the question names it, and the customer's yes makes it the customer's own words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.open_guide import asked_needs
from convagent.guidance.interpreter.world import GuideState, Quote
from convagent.guidance.language.syntax import LookUp

__all__ = ["MOST_IN_A_PICTURE", "Pictured", "may_be_pictured", "names_who_writes", "of_picture", "put", "waits_for"]

MOST_IN_A_PICTURE = 60
"""Characters of a detail that is read from a picture: a number, a code, a date, a product's name. A longer text is none."""

_PICKS = frozenset({"one", "some", "each"})
_KINDS = frozenset({"order_number", "date", "day", "product", "text"})
"""Types of values that may stand in a picture. A `text` counts only as a code, or as the name of one of the shop's products."""

_KEY = re.compile(r"picture (\d): (.+)")
_PUT = "put"


@dataclass(frozen=True, slots=True)
class Pictured:
    """A detail that a model read from a picture.

    Attributes:
        need: The Need that it may be the value of.
        words: What the picture says, as the model copied it.
        picture: Which picture, 1 for the first.
        was_put: Whether the customer was asked about it.
    """

    need: k.Need
    words: str
    picture: int
    was_put: bool = False


def may_be_pictured(need: k.Need) -> bool:
    """Whether a Need's value may be read from a picture: a pick, an order's number, a product, a code, a date.

    Not what tells who writes (e-mail, postcode, telephone, name, address), no amount, and never a yes.
    """
    if need.each_source is not None:
        return False
    return need.kind in _PICKS or (need.kind == "value" and (need.type_name or need.name) in _KINDS)


def names_who_writes(kernel: k.Kernel, proving: Collection[str]) -> frozenset[str]:
    """Names of the Needs of guides that find out who writes: those that give the customer, or run a look-up that proves.

    Args:
        kernel: The shop's guides.
        proving: Names of the look-ups that may verify a customer.
    """
    return frozenset(
        name for guide in kernel.guides if guide.gives == "customer" or _proves(guide, proving) for name in k.needs_of(guide)
    )  # fmt: skip


def of_picture(picture: int, need: str, words: str, choice: str = "") -> Quote:
    """What a picture says, as it is kept beside the message; for a choice that was written out, that choice's name."""
    return Quote(f"picture {picture}: {need}", choice or words)


def waits_for(kernel: k.Kernel, state: GuideState) -> Pictured | None:
    """What was read from a picture for the question that is open; None for nothing, or where it was answered since.

    Args:
        kernel: The shop's guides.
        state: The open guide.
    """
    for need in asked_needs(kernel, state):
        for utterance in reversed(state.utterances):
            if found := next(_read(utterance.quotes, need), None):
                return found
            if any(re.split(r"[@\[]", name)[0] == need.name for name in utterance.answers):
                break
    return None


def put(state: GuideState, pictured: Pictured, words: str) -> GuideState:
    """The state once the customer is asked about a detail, in words that their yes is taken for."""
    key = of_picture(pictured.picture, pictured.need.name, "").need
    utterances = list(state.utterances)
    place = max(number for number, one in enumerate(utterances) if any(quote.need == key for quote in one.quotes))
    quotes = tuple(Quote(key, words, _PUT) if quote.need == key else quote for quote in utterances[place].quotes)
    utterances[place] = replace(utterances[place], quotes=quotes)
    return replace(state, utterances=tuple(utterances))


def _read(quotes: Collection[Quote], need: k.Need) -> Iterator[Pictured]:
    for quote in quotes:
        key = _KEY.fullmatch(quote.need)
        if key is not None and key[2] == need.name:
            yield Pictured(need, quote.words, int(key[1]), quote.choice == _PUT)


def _proves(guide: k.Guide, proving: Collection[str]) -> bool:
    lets = (part.value for part in k.statements_within(guide.body) if isinstance(part, k.Let))
    return any(isinstance(value, LookUp) and value.action in proving for value in lets)
