"""Which guide of a new shop an old one became: the same title, else much the same body and title."""

from __future__ import annotations

from rapidfuzz import fuzz

from convagent.guidance.changes.shape import shape, texts_of
from convagent.guidance.interpreter import kernel as k

__all__ = ["matched"]

LEAST = 60.0
"""A guide of another title is the same one from this likeness on, 0 to 100: 7 parts its body, 3 parts its title."""


def matched(old: k.Kernel, new: k.Kernel) -> list[tuple[k.Guide | None, k.Guide | None]]:
    """Guides in pairs, in the new order; what is gone comes last.

    Titles count whatever the case of their letters. Of the rest the likeliest pair is made first.
    """
    before = {guide.title.casefold(): guide for guide in reversed(old.guides)}
    after = {guide.title.casefold(): guide for guide in reversed(new.guides)}
    became = {title: before[title] for title in after if title in before}
    gone = [guide for title, guide in before.items() if title not in after]
    come = [guide for title, guide in after.items() if title not in before]
    scored = sorted(((_likeness(a, b), -i, -j) for i, a in enumerate(gone) for j, b in enumerate(come)), reverse=True)
    taken: set[int] = set()
    for score, i, j in scored:
        one, other = gone[-i], come[-j]
        if score < LEAST:
            break
        if id(one) not in taken and other.title.casefold() not in became:
            taken.add(id(one))
            became[other.title.casefold()] = one
    order = {guide.title.casefold(): guide for guide in new.guides}
    pairs: list[tuple[k.Guide | None, k.Guide | None]] = [(became.get(t), after[t]) for t in order]
    used = {id(one) for one in became.values()}
    return [*pairs, *((g, None) for g in old.guides if before[g.title.casefold()] is g and id(g) not in used)]


def _likeness(old: k.Guide, new: k.Guide) -> float:
    structure = fuzz.ratio(repr(shape(old.body, texts=False)), repr(shape(new.body, texts=False)))
    words = fuzz.token_sort_ratio(_words(old), _words(new))
    return 0.35 * structure + 0.35 * words + 0.3 * fuzz.token_sort_ratio(old.title.casefold(), new.title.casefold())


def _words(guide: k.Guide) -> str:
    examples = [example.text for example in guide.when.examples] if guide.when is not None else []
    return " ".join([*(text.template for text in texts_of(guide.body)), *examples])[:4_000]
