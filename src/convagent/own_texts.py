"""The texts of a shop that no guide holds and customers read all the same, held against the shop's `Never say`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from convagent.answering.voice.applied import shop_texts
from convagent.guidance.checks.own_texts import OwnText, check_own_texts, translated_texts
from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.marks import filled_with
from convagent.guidance.language.translations import Translations
from convagent.guidance.phrases import phrases_of
from convagent.guidance.word_forms import BREAK
from convagent.handover.phrasebook import FAMILIAR, SENTENCES
from convagent.settings import Settings

__all__ = ["check_texts_of_shop", "own_texts"]

_PLACE = "convagent.toml"


def own_texts(settings: Settings) -> Iterator[OwnText]:
    """The voice, the handover's sentences and the engine's own, in the languages that the shop answers in."""
    for name, language, words in shop_texts(settings.voice):
        yield OwnText(words, language, _PLACE, name)
    for language, sentences in settings.handover.texts.items():
        for name, words in sentences.items():
            yield OwnText(words, language, _PLACE, f"[handover.texts.{language}] {name}")
    familiar = settings.familiar_languages
    for language in dict.fromkeys((settings.shop.language, *settings.shop.languages)):
        built_in = dict(SENTENCES.get(language, {}))
        if language in familiar:
            built_in.update(FAMILIAR.get(language, {}))
        replaced = settings.handover.texts.get(language, {})
        for name, words in built_in.items():
            if name not in replaced:
                yield OwnText(
                    words, language, _PLACE, f"the sentence “{name}” ([handover.texts.{language}] replaces it)"
                )
        for name, words in phrases_of(language, familiar=language in familiar):
            yield OwnText(words, language, _PLACE, f"the engine's own sentence “{name}” in {language}")


def check_texts_of_shop(
    settings: Settings, guides: Iterable[sx.Guide], translations: Translations
) -> tuple[Finding, ...]:
    """What the shop's texts beyond its guides say that its guides forbid (G410) or that its voice doesn't (G511 to G514)."""
    guides = tuple(guides)
    translated = tuple(translated_texts(translations, guides))
    spoken = tuple(_voice_findings(settings, translated))
    if "G410" in settings.guidance.ignore:
        return spoken
    texts = (*translated, *own_texts(settings))
    return (*check_own_texts(texts, guides, translations, language=settings.shop.language), *spoken)


def _voice_findings(settings: Settings, translated: Iterable[OwnText]) -> Iterator[Finding]:
    """What translations, the voice's own texts and the shop's sentences for handovers say in another voice."""
    from convagent.answering.voice.guides import text_check

    check = text_check(settings.voice)
    if check is None:
        return
    own = (
        *(OwnText(words, language, _PLACE, name) for name, language, words in shop_texts(settings.voice)),
        *(
            OwnText(words, language, _PLACE, f"[handover.texts.{language}] {name}")
            for language, sentences in settings.handover.texts.items()
            for name, words in sentences.items()
        ),
    )
    for text in (*translated, *own):
        for fault in check(filled_with(text.words, f" {BREAK} "), text.language):
            if fault.code not in settings.guidance.ignore:
                told = f"{text.name}: {fault.message}"
                yield Finding(fault.code, CODES[fault.code].severity, told, text.file, 1, 1, fault.remedy)
