"""In which languages the agent's own sentences say du and tu."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from convagent.answering.voice.applied import voice_in
from convagent.answering.voice.settings import VoiceSettings

__all__ = ["FAMILIAR_LANGUAGES", "familiar_languages"]

FAMILIAR_LANGUAGES: Final = ("de", "fr")
"""Languages that the agent has sentences in for customers who are addressed familiarly."""


def familiar_languages(voice: VoiceSettings, *, named: Collection[str] | None = None) -> frozenset[str]:
    """The languages in which customers are addressed familiarly by every sentence that the agent brings along.

    Args:
        voice: The shop's. An `informal` register counts in the languages that it holds in.
        named: `[handover] familiar_languages`, which says more than the register: where it is written, it alone decides.

    Returns:
        ISO 639 codes.
    """
    if named is not None:
        return frozenset(named)
    return frozenset(code for code in FAMILIAR_LANGUAGES if voice_in(voice, code).formality == "informal")
