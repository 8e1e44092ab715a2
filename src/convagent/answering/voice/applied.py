"""The voice as it is in one language, and what it puts around a reply: greeting, disclosure, sign-off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from convagent.answering.voice.settings import EmojiUse, Register, VoiceSettings

__all__ = ["EMAIL", "SpokenVoice", "closing_of", "opening_of", "shop_texts", "voice_in"]

EMAIL = "email"
"""The channel whose replies are letters: each has a greeting and a sign-off."""


@dataclass(frozen=True)
class SpokenVoice:
    """The voice in one language: its variant's settings before those for every language.

    Attributes:
        persona: Who the agent is.
        formality: How customers are spoken to.
        greeting: By channel.
        sign_off: By channel.
        disclosure: Said with the first reply.
        use: The shop's words by those that they replace.
        avoid: Words that are not used.
        emoji: How many.
        exclamation_marks: So many in a text at most.
    """

    persona: str = ""
    formality: Register = "neutral"
    greeting: Mapping[str, str] = field(default_factory=dict)
    sign_off: Mapping[str, str] = field(default_factory=dict)
    disclosure: str = ""
    use: Mapping[str, str] = field(default_factory=dict)
    avoid: tuple[str, ...] = ()
    emoji: EmojiUse = "sparingly"
    exclamation_marks: int = 1


def voice_in(voice: VoiceSettings, language: str) -> SpokenVoice:
    """The voice as it is in a language.

    Args:
        voice: The shop's.
        language: ISO 639 code; one with a region, `de-AT`, counts as `de`.
    """
    code = _base(language)
    own = voice.languages.get(code)
    if own is None:
        return SpokenVoice(
            voice.persona, voice.formality, _by_channel(voice.greeting, code), _by_channel(voice.sign_off, code),
            voice.disclosure.get(code, ""), voice.use, voice.avoid, voice.emoji, voice.exclamation_marks,
        )  # fmt: skip
    return SpokenVoice(
        persona=voice.persona if own.persona is None else own.persona,
        formality=own.formality or voice.formality,
        greeting={**_by_channel(voice.greeting, code), **_own(own.greeting)},
        sign_off={**_by_channel(voice.sign_off, code), **_own(own.sign_off)},
        disclosure=voice.disclosure.get(code, "") if own.disclosure is None else own.disclosure,
        use=voice.use if own.use is None else own.use,
        avoid=voice.avoid if own.avoid is None else own.avoid,
        emoji=own.emoji or voice.emoji,
        exclamation_marks=voice.exclamation_marks if own.exclamation_marks is None else own.exclamation_marks,
    )


def opening_of(voice: VoiceSettings, language: str, channel: str, *, first: bool) -> str:
    """What a reply begins with: the greeting, and with the conversation's first reply the disclosure.

    Args:
        voice: The shop's.
        language: The reply's.
        channel: Where it is read: chat, email, sms, …
        first: Nothing was said in the conversation yet.

    Returns:
        The words; empty for none. An e-mail's greeting has a paragraph to itself and opens every reply.
    """
    spoken = voice_in(voice, language)
    if channel == EMAIL:
        return _joined("\n\n", spoken.greeting.get(channel, ""), spoken.disclosure if first else "")
    return _joined(" ", spoken.greeting.get(channel, ""), spoken.disclosure) if first else ""


def closing_of(voice: VoiceSettings, language: str, channel: str) -> str:
    """What a reply ends with: the sign-off of the channel.

    Args:
        voice: The shop's.
        language: The reply's.
        channel: Where it is read.
    """
    return voice_in(voice, language).sign_off.get(channel, "").strip()


def shop_texts(voice: VoiceSettings) -> Iterator[tuple[str, str, str]]:
    """Every text of the voice that customers read: its name in `convagent.toml`, its language, its words."""
    for language, words in voice.disclosure.items():
        yield f"[voice.disclosure] {language}", language, words
    for name, texts in (("greeting", voice.greeting), ("sign_off", voice.sign_off)):
        for key, given in texts.items():
            if isinstance(given, str):
                yield f"[voice.{name}] {key}", key, given
            else:
                yield from ((f"[voice.{name}.{key}] {language}", language, words) for language, words in given.items())
    for language, own in voice.languages.items():
        place = f"[voice.languages.{language}]"
        if own.disclosure:
            yield f"{place} disclosure", language, own.disclosure
        for name, own_texts in (("greeting", own.greeting), ("sign_off", own.sign_off)):
            if isinstance(own_texts, str):
                yield f"{place} {name}", language, own_texts
            elif own_texts is not None:
                yield from ((f"{place} {name}.{channel}", language, words) for channel, words in own_texts.items())


def _by_channel(texts: Mapping[str, str | Mapping[str, str]], code: str) -> dict[str, str]:
    """The texts of a language by channel; those that stand without a channel are for e-mails."""
    own = texts.get(code)
    told = {key: words[code] for key, words in texts.items() if not isinstance(words, str) and code in words}
    return {EMAIL: own, **told} if isinstance(own, str) else told


def _own(texts: str | Mapping[str, str] | None) -> Mapping[str, str]:
    return {EMAIL: texts} if isinstance(texts, str) else texts or {}


def _joined(between: str, *texts: str) -> str:
    return between.join(text for given in texts if (text := given.strip()))


def _base(language: str) -> str:
    return language.strip().lower().replace("_", "-").partition("-")[0]
