"""Why a message means the guides that it does: probabilities, the nearest example, and the words that speak for each.

A word speaks for a guide by as much as its probability falls when the word is taken out of the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from convagent.guidance.interpreter.kernel import Guide
from convagent.shop import OpenShop
from convagent.understanding.gist import mask
from convagent.understanding.glossary import Glossary
from convagent.understanding.learning import learn_guides
from convagent.understanding.likeness import Likeness, languages_of, read_texts
from convagent.understanding.meaning import embed_examples
from convagent.understanding.segments import split_requests

__all__ = ["Meaning", "MeantGuide", "meanings"]

MOST_WORDS = 40
"""Words of a part that are taken out in turn; further ones are not looked at."""


@dataclass(frozen=True, slots=True)
class MeantGuide:
    """A guide that a message may mean.

    Attributes:
        title: The guide.
        probability: That it is meant.
        example: Of its examples the one that is most like the message.
        words: Those that change the probability most when they are left out, with by how much they raise it.
    """

    title: str
    probability: float
    example: str
    words: tuple[tuple[str, float], ...]

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        words = [{"word": word, "share": share} for word, share in self.words]
        return {"title": self.title, "probability": self.probability, "example": self.example, "words": words}


@dataclass(frozen=True, slots=True)
class Meaning:
    """A part of a message with the guides that were considered, the likeliest first."""

    text: str
    probability: float
    guides: tuple[MeantGuide, ...]

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {"text": self.text, "probability": self.probability, "guides": [each.to_json() for each in self.guides]}


def meanings(shop: OpenShop, message: str, *, most: int = 4) -> list[Meaning]:
    """What the matcher makes of each part of a message.

    Args:
        shop: The shop.
        message: What a customer writes.
        most: Guides that are told of each part.
    """
    settings = shop.settings
    languages = tuple(dict.fromkeys((settings.shop.language, *settings.shop.languages)))
    glossary = Glossary(settings.vocabulary)
    learnt = learn_guides(
        shop.kernel, languages=languages, glossary=glossary, embedder=shop.embedder, folder=shop.index_dir / "understanding",
        topics=shop.topics,
    )  # fmt: skip
    if learnt.matcher is None:
        return []
    out: list[Meaning] = []
    for part in split_requests(message).parts[:5]:
        text = part.text
        written = read_texts([text])
        if not written:
            continue
        language = languages_of(written, languages)[0]
        words = text.split()[:MOST_WORDS]
        without = [" ".join([*words[:n], *words[n + 1 :], *text.split()[MOST_WORDS:]]) for n in range(len(words))]
        read = [glossary.apply(mask(each)) for each in (text, *without)]
        matches = [learnt.matcher.match(each, language=language) for each in read]
        chances = [dict(match.ranked) for match in matches[1:]]
        guides = []
        for title, probability in matches[0].ranked[:most]:
            shares = [
                (word, round(probability - chance[title], 3)) for word, chance in zip(words, chances, strict=True)
            ]
            told = sorted((s for s in shares if abs(s[1]) >= 0.02), key=lambda pair: -abs(pair[1]))[:5]
            guide = shop.kernel.guide(title)
            example = _nearest(text, guide, shop, languages) if guide is not None else ""
            guides.append(MeantGuide(title, round(probability, 3), example, tuple(told)))
        out.append(Meaning(text, round(matches[0].probability, 3), tuple(guides)))
    return out


def _nearest(text: str, guide: Guide, shop: OpenShop, languages: tuple[str, ...]) -> str:
    examples = [each.text for each in guide.when.examples if not each.negative] if guide.when is not None else []
    known = read_texts([text, *examples])
    if len(known) < 2:
        return examples[0] if examples else ""
    embedded = embed_examples(shop.embedder, [each.text for each in known])
    likeness = Likeness.fit(known, np.arange(len(known)), embedded)
    alike = likeness.among(known[:1], embedded, languages_of(known[:1], languages))[0, 1:]
    return known[1 + int(np.argmax(alike))].text
