"""Messages grouped by theme: average linkage on how alike they are in words and, with an embedder, in meaning.

The two groups that are most alike on average are joined, until no two are alike enough (Sokal and Michener 1958, UPGMA). The
same messages in the same order give the same groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from convagent.search.embedder import Embedder
from convagent.understanding.content_words import content_words
from convagent.understanding.gist import asks_in_general
from convagent.understanding.likeness import Likeness, languages_of, read_texts
from convagent.understanding.meaning import embed_examples, everyday_messages

__all__ = ["MOST_GROUPED", "Theme", "common_words", "themes"]

MOST_GROUPED = 1_500
"""Different messages that are compared with one another; the others join the group that they are most like."""

_SHORT = frozenset(
    "in my at of to do is are it be an the for on your our you we can could would will has have i'd id am".split()
)

ALIKE = 0.17
"""Groups that are less alike than this on average stay apart."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Messages that ask for much the same.

    Attributes:
        words: Those that most of them share, the most frequent first.
        messages: The most typical first, each text once.
        count: How many messages, repeated ones counted.
        proposal: An `article` where most ask how things are in general, else a `guide`.
        draft: A guide to start from, or the head of an article.
    """

    words: tuple[str, ...]
    messages: tuple[str, ...]
    count: int
    proposal: Literal["guide", "article"]
    draft: str

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "words": list(self.words), "count": self.count, "proposal": self.proposal, "messages": list(self.messages),
            "draft": self.draft,
        }  # fmt: skip


def themes(
    messages: Sequence[str], *, embedder: Embedder | None = None, languages: Sequence[str] = ("en",)
) -> tuple[Theme, ...]:
    """Groups messages.

    Args:
        messages: Any texts; one without words is left out.
        embedder: Compares them by meaning too; one that fails leaves it at their words.
        languages: What they may be written in, the likeliest first.

    Returns:
        The themes, the one with most messages first.
    """
    counts: Counter[str] = Counter()
    texts = read_texts(messages)
    plain = {text.plain: text.text for text in texts}
    for message in messages:
        for text in read_texts([message]):
            counts[plain[text.plain]] += 1
    if not texts:
        return ()
    first, rest = texts[:MOST_GROUPED], texts[MOST_GROUPED:]
    embedded = embed_examples(embedder, [text.text for text in texts])
    likeness = Likeness.fit(first, np.arange(len(first)), embedded)
    alike = likeness.among(first, embedded, languages_of(first, languages))
    alike = (alike + alike.T) / 2
    groups = _linked(alike)
    names = [[first[index].text for index in sorted(group, key=lambda i: -alike[i, group].mean())] for group in groups]
    if rest:
        far = likeness.among(rest, embedded, languages_of(rest, languages))
        nearness = np.stack([far[:, group].mean(axis=1) for group in groups], axis=1)
        for row, text in enumerate(rest):
            best = int(np.argmax(nearness[row]))
            if nearness[row, best] >= ALIKE:
                names[best].append(text.text)
            else:
                names.append([text.text])
    found = (_theme(group, counts) for group in names)
    return tuple(sorted(found, key=lambda theme: (-theme.count, theme.messages)))


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words that say little about a topic: short ones, and those that everyday messages of all kinds share."""
    counts = Counter(word for text in everyday_messages() for word in set(content_words(text)))
    often = {word for word, number in counts.items() if number > 2 or len(word) < 4}
    return frozenset(often | _SHORT)


def _linked(alike: NDArray[np.float64]) -> list[list[int]]:
    """Groups of indices; `alike` is symmetric."""
    near = alike.copy()
    np.fill_diagonal(near, -np.inf)
    groups: list[list[int]] = [[index] for index in range(len(near))]
    while len(near) > 1:
        one, other = divmod(int(np.argmax(near)), len(near))
        if near[one, other] < ALIKE:
            break
        one, other = sorted((one, other))
        sizes = len(groups[one]), len(groups[other])
        near[one] = near[:, one] = (sizes[0] * near[one] + sizes[1] * near[other]) / sum(sizes)
        near[one, one] = near[other] = near[:, other] = -np.inf
        groups[one], groups[other] = [*groups[one], *groups[other]], []
    return [group for group in groups if group]


def _theme(group: Sequence[str], counts: Counter[str]) -> Theme:
    said = Counter[str]()
    for text in group:
        said.update(dict.fromkeys(set(content_words(text)) - common_words(), counts[text]))
    total = sum(counts[text] for text in group)
    shared = [word for word, number in sorted(said.items(), key=lambda pair: (-pair[1], pair[0]))]
    often = tuple(word for word in shared if said[word] * 3 >= total)[:4] or tuple(shared[:3])
    general = sum(counts[text] for text in group if asks_in_general(text)) * 2 > total
    kind: Literal["guide", "article"] = "article" if general else "guide"
    return Theme(often, tuple(group), total, kind, _draft(kind, often, group))


def _draft(kind: str, words: Sequence[str], group: Sequence[str]) -> str:
    about = " ".join(words[:3]) or "this"
    if kind == "article":
        asked = "\n".join(f"- {_line(text)}" for text in group[:5])
        return f"# {about[:1].upper()}{about[1:]}\n\nQuestions it should answer:\n\n{asked}\n"
    examples = "\n".join(f'- "{_line(text)}"' for text in group[:8])
    return (
        f"# About {about}\n\nWhen the customer asks about {about}:\n{examples}\n\n"
        f"1. hand over because missing_knowledge\n"
    )


def _line(text: str) -> str:
    """A message as an example: one line, without what would end or fill it."""
    return " ".join(text.replace('"', "'").replace("{", "(").replace("}", ")").split())[:200]
