"""Whether a text speaks as the shop's voice does: words, register, emoji, exclamation marks, capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from convagent.answering.voice.applied import SpokenVoice, voice_in
from convagent.answering.voice.settings import VoiceSettings
from convagent.answering.voice.words import EMOJI, SHOUTED, SPOKEN, STYLES
from convagent.guidance.word_forms import BREAK, ForbiddenWords

__all__ = ["FaultKind", "VoiceFault", "voice_faults", "word_faults"]

FaultKind = Literal["avoided", "replaced", "register", "emoji", "exclamation", "capitals"]
"""A word that the voice avoids; one that it has another for; the wrong way to speak to a customer, or both in one text; more
emoji, or exclamation marks, than it uses; words in capitals."""

_EXCLAMATION = re.compile(r"!(?!=)")
_PAGES = re.compile(r"\bhttps?://\S+|\bwww\.\S+|\S+@\S+")


class VoiceFault(NamedTuple):
    """Something in a text that isn't the shop's voice.

    Attributes:
        kind: What it is.
        words: As the text has them.
        message: What was found, in plain words.
        remedy: How to mend it.
    """

    kind: FaultKind
    words: str
    message: str
    remedy: str


def voice_faults(text: str, voice: VoiceSettings, language: str) -> tuple[VoiceFault, ...]:
    """What in a text isn't the shop's voice: each kind once, but every avoided and every replaced word.

    Args:
        text: Our own words; `BREAK` of `guidance.word_forms` where others were left out. Addresses of pages are passed over.
        voice: The shop's.
        language: The text's. How customers are spoken to is told in German and French, formal and casual words in English.

    Returns:
        Faults in the order of their kinds.
    """
    spoken, code = voice_in(voice, language), language.strip().lower()[:2]
    words = _without_pages(text)
    return (
        *_avoided(words, spoken, code),
        *_replaced(words, spoken, code),
        *_register(words, spoken, code),
        *_emoji(words, spoken),
        *_exclamation(words, spoken),
        *_capitals(words),
    )


def word_faults(text: str, voice: VoiceSettings, language: str) -> tuple[VoiceFault, ...]:
    """The words alone that the voice avoids or has others for; see `voice_faults`."""
    spoken, code = voice_in(voice, language), language.strip().lower()[:2]
    if not spoken.avoid and not spoken.use:
        return ()
    words = _without_pages(text)
    return (*_avoided(words, spoken, code), *_replaced(words, spoken, code))


def _without_pages(text: str) -> str:
    return _PAGES.sub(BREAK, text) if "/" in text or "@" in text or "www" in text else text


def _avoided(text: str, voice: SpokenVoice, language: str) -> Iterator[VoiceFault]:
    for found in _finder(tuple(voice.avoid), language).find(text, language) if voice.avoid else ():
        yield VoiceFault(
            "avoided", found.words, f'"{found.words}" is a word that the voice avoids (`{found.phrase}`)',
            "Say it in other words.",
        )  # fmt: skip


def _replaced(text: str, voice: SpokenVoice, language: str) -> Iterator[VoiceFault]:
    if not voice.use:
        return
    for old, new in voice.use.items():
        finder = _finder((old,), language)
        rest = text
        if finder.find(new, language):  # "shop" for "online shop": the new words hold the old one
            rest = re.sub(rf"(?<!\w){re.escape(new)}(?!\w)", BREAK, text, flags=re.IGNORECASE)
        for found in finder.find(rest, language):
            yield VoiceFault(
                "replaced", found.words, f'the voice has "{new}" for "{found.words}"', f'Write "{new}".'
            )  # fmt: skip


def _register(text: str, voice: SpokenVoice, language: str) -> Iterator[VoiceFault]:
    style = STYLES.get(language)
    if style is not None and voice.formality != "neutral":
        wrong, name = (
            (style.informal, style.informal_name) if voice.formality == "formal" else (style.formal, style.formal_name)
        )
        if found := wrong.search(text):
            yield VoiceFault(
                "register", found[0], f'"{found[0]}" is {name}; the voice is {voice.formality}', "Say it otherwise."
            )
    spoken = SPOKEN.get(language)
    if spoken is None:
        return
    formal, informal = spoken.formal.search(text), spoken.informal.search(text)
    if voice.formality == "neutral":
        if formal and informal:
            yield VoiceFault(
                "register", informal[0].strip(), f'"{formal[0].strip()}" and "{informal[0].strip()}" in one text',
                f"Keep to {spoken.formal_name} or to {spoken.informal_name}.",
            )  # fmt: skip
        return
    found, wanted = (informal, spoken.formal_name) if voice.formality == "formal" else (formal, spoken.informal_name)
    if found:
        yield VoiceFault(
            "register", found[0].strip(), f'"{found[0].strip()}": the voice is {voice.formality}', f"Say {wanted}."
        )


def _emoji(text: str, voice: SpokenVoice) -> Iterator[VoiceFault]:
    most = {"never": 0, "sparingly": 1}.get(voice.emoji)
    found = [each[0] for each in EMOJI.finditer(text)] if most is not None else []
    if most is not None and len(found) > most:
        told = "the voice has no emoji" if most == 0 else f"{len(found)} emoji; the voice has one in a text at most"
        yield VoiceFault("emoji", found[most], told, "Leave it out." if most == 0 else "Leave the others out.")


def _exclamation(text: str, voice: SpokenVoice) -> Iterator[VoiceFault]:
    if "!" in text and (count := len(_EXCLAMATION.findall(text))) > voice.exclamation_marks:
        most = voice.exclamation_marks
        told = f"{count} exclamation mark{'s' if count > 1 else ''}; the voice has {most or 'none'}" + " at most" * (
            most > 0
        )
        yield VoiceFault("exclamation", "!", told, "End the sentence with a full stop.")


def _capitals(text: str) -> Iterator[VoiceFault]:
    if found := SHOUTED.search(text):
        yield VoiceFault("capitals", found[0], f'"{found[0]}" shouts', "Write it in small letters.")


@lru_cache(maxsize=256)
def _finder(phrases: tuple[str, ...], language: str) -> ForbiddenWords:
    return ForbiddenWords((phrase, language) for phrase in phrases)
