"""What messages will be compared by is embedded before they are heard, where many are at hand.

An encoder reads all of its weights for every text. In the midst of a turn they have to be fetched from memory again; right after
another text they are still near the processor. So whoever goes through a queue of messages has the texts of the next few embedded
one right after another, and hearing finds their vectors remembered. The same code embeds the same texts, each by itself: nothing
that is decided depends on it, and a text that nobody asks for then costs its time and no more.
"""

from __future__ import annotations

from collections.abc import Iterable

from convagent.search.embedder import Embedder
from convagent.understanding.understand import Understander

__all__ = ["MOST", "foresee"]

MOST = 512
"""So many texts are embedded at most: what is remembered of them must not drive out what is needed first."""


def foresee(understander: Understander, embedder: Embedder | None, messages: Iterable[str], *, language: str) -> int:
    """Has an embedder remember what messages will be compared by.

    Args:
        understander: Who will hear them.
        embedder: What it compares meanings with. One that doesn't remember (`remembers`) is left alone, and so is None.
        messages: The next messages, in their order.
        language: The shop's own.

    Returns:
        How many texts were embedded or found remembered.

    Raises:
        ConvagentError: The embedder can't be used.
    """
    if embedder is None or not getattr(embedder, "remembers", False):
        return 0
    texts: dict[tuple[str, str], None] = {}
    for message in messages:
        spoken, compared = understander.embeds(message, language=language)
        texts.update(dict.fromkeys((spoken, text) for text in compared))
        if len(texts) >= MOST:
            break
    # those of one model together: English has one of its own
    foreseen = sorted(list(texts)[:MOST], key=lambda each: each[0])
    for spoken, text in foreseen:
        embedder.embed([text], kind="query", language=spoken)
    return len(foreseen)
