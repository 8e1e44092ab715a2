"""Weak signs that agree: fields of meaning and signals that a judgement's examples have and other messages lack.

A message that is only a little like a judgement's examples may be about something else. One that touches what those examples
are about as well ("ombudsman", "solicitor") deserves a second look, so that less likeness leaves it unsure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from convagent.understanding.senses import find_senses
from convagent.understanding.signals import Signals

__all__ = ["own_signs", "signals_in"]

_TIMES = 13.0
"""So many times more often among the examples than elsewhere, for a field of meaning to be a judgement's own. Chosen, like the
bars of `convagent.understanding.judgements`, on the tune halves of `benchmarks/judgements.py`: 3 and 6 alarm more; from 13 to 18
nothing changes, and at 12 one more example of a guide, whatever it said, turned "his foot is 19.8 cm now" over."""

_MOST_ELSEWHERE = 0.03
"""A field that more other messages than this touch says too little by itself, such as "may I"."""

_FEWEST_WITH_SIGNAL = 2


def signals_in(signals: Signals) -> frozenset[str]:
    """What of a message's signals may be a sign: the wish for a person and grave topics, named apart from fields."""
    topics = (f"signal {topic}" for topic in signals.sensitive)
    return frozenset((*topics, *(("signal person",) if signals.asks_for_person else ())))


def own_signs(examples: Sequence[str], elsewhere: Sequence[str], signals: Iterable[Signals]) -> frozenset[str]:
    """The signs that speak for a judgement.

    Args:
        examples: Its examples, normalised.
        elsewhere: What other messages to the shop look like, normalised.
        signals: Those of its examples.

    Returns:
        Fields of meaning, "not-" before those that are negated, and names as `signals_in` gives them.
    """
    if not examples:
        return frozenset()
    inside, outside = (
        Counter(field for text in texts for field in find_senses(text)) for texts in (examples, elsewhere)
    )
    fields = {
        field
        for field, count in inside.items()
        if count / len(examples) > _TIMES * (outside[field] + 1) / (len(elsewhere) + 1)
        and outside[field] <= _MOST_ELSEWHERE * len(elsewhere)
    }
    heard = Counter(sign for one in signals for sign in signals_in(one))
    return frozenset(fields | {sign for sign, count in heard.items() if count >= _FEWEST_WITH_SIGNAL})
