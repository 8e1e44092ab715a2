"""The texts of a shop that no guide holds and customers read all the same, held against the shop's `Never say`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from convagent.guidance.checks.own_texts import OwnText, check_own_texts, translated_texts
from convagent.guidance.findings.finding import Finding
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.translations import Translations
from convagent.guidance.phrases import phrases_of
from convagent.handover.phrasebook import FAMILIAR, SENTENCES
from convagent.settings import Settings

__all__ = ["check_texts_of_shop", "own_texts"]

_PLACE = "convagent.toml"


def own_texts(settings: Settings) -> Iterator[OwnText]:
    """The voice, the handover's sentences and the engine's own, in the languages that the shop answers in."""
    for name, by_language in (("disclosure", settings.voice.disclosure), ("sign_off", settings.voice.sign_off)):
        for language, words in by_language.items():
            yield OwnText(words, language, _PLACE, f"[voice.{name}] {language}")
    for language, sentences in settings.handover.texts.items():
        for name, words in sentences.items():
            yield OwnText(words, language, _PLACE, f"[handover.texts.{language}] {name}")
    for language in dict.fromkeys((settings.shop.language, *settings.shop.languages)):
        built_in = dict(SENTENCES.get(language, {}))
        if language in settings.handover.familiar_languages:
            built_in.update(FAMILIAR.get(language, {}))
        replaced = settings.handover.texts.get(language, {})
        for name, words in built_in.items():
            if name not in replaced:
                yield OwnText(
                    words, language, _PLACE, f"the sentence “{name}” ([handover.texts.{language}] replaces it)"
                )
        for name, words in phrases_of(language):
            yield OwnText(words, language, _PLACE, f"the engine's own sentence “{name}” in {language}")


def check_texts_of_shop(
    settings: Settings, guides: Iterable[sx.Guide], translations: Translations
) -> tuple[Finding, ...]:
    """What the shop's texts beyond its guides say that its guides forbid (G410)."""
    guides = tuple(guides)
    if "G410" in settings.guidance.ignore:
        return ()
    texts = (*translated_texts(translations, guides), *own_texts(settings))
    return check_own_texts(texts, guides, translations, language=settings.shop.language)
