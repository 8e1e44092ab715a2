"""The check of texts as guidance takes it: findings with codes of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from convagent.answering.voice.check import FaultKind, voice_faults
from convagent.answering.voice.settings import VoiceSettings
from convagent.guidance.checks.report import TextFault

__all__ = ["CODE_OF", "text_check"]

CODE_OF: Mapping[FaultKind, str] = {
    "avoided": "G511", "replaced": "G512", "register": "G513", "emoji": "G514", "exclamation": "G514", "capitals": "G514",
}  # fmt: skip
"""The finding of each fault."""

_CHECKED = frozenset({"formality", "use", "avoid", "emoji", "exclamation_marks", "languages"})


def text_check(voice: VoiceSettings) -> Callable[[str, str], tuple[TextFault, ...]] | None:
    """What in a text, by its language, isn't the shop's voice; None where the settings say nothing of how it speaks.

    Args:
        voice: The shop's.
    """
    if not voice.model_fields_set & _CHECKED:
        return None

    def check(text: str, language: str) -> tuple[TextFault, ...]:
        return tuple(
            TextFault(CODE_OF[fault.kind], fault.message, fault.remedy) for fault in voice_faults(text, voice, language)
        )

    return check
