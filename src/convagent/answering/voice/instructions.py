"""The voice as instructions for a chat model that words a reply."""

from __future__ import annotations

from convagent.answering.voice.applied import EMAIL, SpokenVoice, voice_in
from convagent.answering.voice.settings import VoiceSettings

__all__ = ["instructions"]

_ADDRESS = {
    ("de", "formal"): 'Address the customer as "Sie", never as "du".',
    ("de", "informal"): 'Address the customer as "du", never as "Sie".',
    ("fr", "formal"): 'Address the customer as "vous", never as "tu".',
    ("fr", "informal"): 'Address the customer as "tu", never as "vous".',
}
_REGISTER = {
    "formal": "Write formally: whole sentences, no slang.",
    "informal": "Write informally: plain, everyday words.",
}
_EMOJI = {"never": "Use no emoji.", "sparingly": "Use one emoji at most; most often none."}


def instructions(voice: VoiceSettings, language: str, channel: str) -> str:
    """The voice as lines of a prompt: the same settings give the same text, so that servers can cache it.

    Args:
        voice: The shop's.
        language: The reply's, ISO 639.
        channel: Where it is read: chat, email, sms, …

    Returns:
        Lines in English, which models follow best; greeting, disclosure and sign-off are put around the reply and left out.
    """
    spoken, code = voice_in(voice, language), language.strip().lower()[:2]
    lines = [
        " ".join(spoken.persona.split()),
        _REGISTER.get(spoken.formality, ""),
        _ADDRESS.get((code, spoken.formality), ""),
        *_words(spoken),
        _EMOJI.get(spoken.emoji, ""),
        _marks(spoken.exclamation_marks),
        "Write no word in capitals alone, but codes, sizes and abbreviations.",
        "Write no greeting and no sign-off: both are added."
        if channel == EMAIL
        else "Write no greeting, no introduction of yourself and no sign-off.",
    ]
    return "\n".join(line for line in lines if line)


def _words(voice: SpokenVoice) -> tuple[str, ...]:
    used = "; ".join(f'"{new}" instead of "{old}"' for old, new in voice.use.items())
    avoided = ", ".join(f'"{phrase}"' for phrase in voice.avoid)
    return (f"Write {used}." if used else "", f"Never write these, in any form: {avoided}." if avoided else "")


def _marks(most: int) -> str:
    if most == 0:
        return "Use no exclamation marks."
    return f"Use {most} exclamation mark{'s' if most > 1 else ''} at most."
