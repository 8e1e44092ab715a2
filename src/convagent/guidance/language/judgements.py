"""Judgements as authors teach them: which texts are the same one, and what all guides of a shop say about it together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from convagent.guidance.language import syntax as sx

__all__ = ["judgement_key", "noticed_as", "taught_in", "union_of_judgements"]

_NOTICED = {
    "upset": frozenset({"upset", "angry", "furious", "annoyed", "frustrated"}),
    "praise": frozenset({"happy", "pleased", "praises", "grateful"}),
}
"""Words of judgements about mood, which is noticed in messages without any example."""

_NEGATED = re.compile(r"\b(?:not|no|never|without|\w+n['’]t)\b", re.IGNORECASE)


def judgement_key(text: str) -> str:
    """What two texts have in common when they are the same judgement: words, whatever their case, blanks and quotes."""
    return " ".join(text.casefold().replace("’", "'").rstrip(" .").split())


def noticed_as(text: str) -> str | None:
    """`upset` or `praise` for a plain judgement of mood, None for every other, negated ones too."""
    if _NEGATED.search(text):
        return None
    words = set(re.findall(r"[a-z]+", text.casefold()))
    return next((kind for kind, telling in _NOTICED.items() if words & telling), None)


def taught_in(guide: sx.Guide) -> Iterator[sx.Judgement]:
    """The judgements that a guide gives examples of: in its `It seems` lines, and as what starts it."""
    if guide.when is not None and guide.when.judgement:
        yield sx.Judgement(guide.when.text, guide.when.examples, guide.when.span)
    yield from guide.judgements


def union_of_judgements(guides: Iterable[sx.Guide]) -> tuple[sx.Judgement, ...]:
    """Every judgement of a shop once, with the examples of all guides, in the order in which they were met.

    Args:
        guides: All guides of a shop.
    """
    met: dict[str, sx.Judgement] = {}
    for guide in guides:
        for judgement in taught_in(guide):
            key = judgement_key(judgement.text)
            before = met.get(key)
            if before is None:
                met[key] = judgement
                continue
            known = {(example.text, example.negative) for example in before.examples}
            more = (example for example in judgement.examples if (example.text, example.negative) not in known)
            met[key] = sx.Judgement(before.text, (*before.examples, *more), before.span)
    return tuple(met.values())
