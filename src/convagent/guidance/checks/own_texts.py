"""G410 beyond the guides: translations, the shop's voice and the engine's own sentences that say what a `Never say` forbids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.marks import filled_with
from convagent.guidance.language.translations import Translations, forbidden_phrases, nevers_of
from convagent.guidance.word_forms import BREAK, ForbiddenWords

__all__ = ["OwnText", "check_own_texts", "translated_texts"]


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text of the shop's or the engine's that customers read.

    Attributes:
        words: With or without marks.
        language: ISO 639 code.
        file: Where it stands.
        name: What it is called there: `[voice.disclosure] de`.
    """

    words: str
    language: str
    file: str
    name: str


def translated_texts(translations: Translations, guides: Iterable[sx.Guide]) -> Iterator[OwnText]:
    """The translations of guides' texts, but those of the forbidden phrases themselves."""
    phrases = {
        (_key(guide.title), _key(word)) for guide in guides for never in nevers_of(guide) for word in never.words
    }
    for language, catalogue in translations.texts.items():
        for (guide, original), words in catalogue.items():
            if (guide, original) not in phrases:
                yield OwnText(words, language, translations.files.get(language, language), f"“{original[:60]}”")


def check_own_texts(
    texts: Iterable[OwnText], guides: Iterable[sx.Guide], translations: Translations, *, language: str
) -> tuple[Finding, ...]:
    """The texts that a `Never say` forbids, found as replies are before they are sent.

    Args:
        texts: What is looked through.
        guides: The shop's, whose `Never say` bind them.
        translations: May translate the forbidden phrases.
        language: The language that the guides are written in.
    """
    said = ((guide.title, word) for guide in guides for never in nevers_of(guide) for word in never.words)
    forbidden = ForbiddenWords(forbidden_phrases(said, translations, language=language))
    return tuple(
        Finding(
            "G410", CODES["G410"].severity,
            f'{text.name} says "{found.words}", which `Never say "{found.phrase}"` forbids', text.file, 1, 1,
            "Say it in other words.",
        )
        for text in (texts if forbidden else ())
        for found in forbidden.find(filled_with(text.words, f" {BREAK} "), text.language)[:1]
    )  # fmt: skip


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
