"""The shop's voice: its settings, what it puts around a reply, and a check of texts against it."""

from convagent.answering.voice.applied import SpokenVoice, closing_of, opening_of, voice_in
from convagent.answering.voice.familiar import familiar_languages
from convagent.answering.voice.settings import VoiceSettings, VoiceVariant

__all__ = [
    "SpokenVoice",
    "VoiceSettings",
    "VoiceVariant",
    "closing_of",
    "familiar_languages",
    "opening_of",
    "voice_in",
]
