"""Verification of a reply before it is sent.

Every figure, price, date and link stands in what it was made from; our own words hold nothing that the shop never says, and
claim nothing that nothing backs.

All of it reads parts (`convagent.guidance.parts`), whoever worded them: a text that a model made is verified like a guide's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from convagent.guidance.backing import Backing, is_backed
from convagent.guidance.claims import Claim, claims_of_parts
from convagent.guidance.parts import Part
from convagent.guidance.word_forms import Forbidden, ForbiddenWords, own_words

__all__ = ["claims_of", "never_said", "unbacked", "unsupported"]

_LINK = re.compile(r"https?://[^\s)>\]]+")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


def claims_of(text: str) -> tuple[str, ...]:
    """The links and figures of a text, in order."""
    links = tuple(link.rstrip(".,;:!?") for link in _LINK.findall(text))
    return links + tuple(_FIGURE.findall(_LINK.sub(" ", text)))


def unsupported(text: str, sources: Iterable[str]) -> tuple[str, ...]:
    """Links and figures of `text` that stand in none of the sources, in whatever notation.

    Args:
        text: A reply.
        sources: What it was made from: passages, worded facts, results, a guide's texts.
    """
    texts = tuple(sources)
    known: set[str] = set()
    for source in texts:
        known.update(claims_of(source))
    literal = tuple(claim for claim in claims_of(text) if claim not in known)
    if not literal:
        return ()
    from convagent.answering.figures_said import missing_figures  # only what a model wrote has other notations

    missing = [figure.words for figure in missing_figures(text, texts)]
    return tuple(
        claim for claim in literal if any(claim in words or words.rstrip(".,;:!?") in claim for words in missing)
    )


def never_said(parts: Iterable[Part], forbidden: ForbiddenWords, language: str) -> tuple[Forbidden, ...]:
    """What our own words hold that the shop never says, in any of its forms; citations, products and values are left out.

    Args:
        parts: A reply's.
        forbidden: The shop's rules.
        language: The reply's.
    """
    return forbidden.find(own_words(parts), language) if forbidden else ()


def unbacked(parts: Iterable[Part], backing: Callable[[], Backing]) -> tuple[Claim, ...]:
    """The claims of a reply, made in our own words, that nothing backs.

    Args:
        parts: A reply's.
        backing: Gives what there is to back them with; asked only when something is claimed.
    """
    claims = claims_of_parts(parts)
    if not claims:
        return ()
    known = backing()
    return tuple(claim for claim in claims if not is_backed(claim, known))
