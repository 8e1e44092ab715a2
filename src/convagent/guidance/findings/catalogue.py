"""The catalogue of findings: every code with what it means, why it matters, what to avoid and what to prefer.

The pages of the documentation are made from it, and tests run its examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from convagent.guidance.findings.entry import CodeEntry
from convagent.guidance.findings.examples import EXAMPLE_CODES
from convagent.guidance.findings.file_text import FILE_CODES
from convagent.guidance.findings.headers import HEADER_CODES
from convagent.guidance.findings.layout import LAYOUT_CODES
from convagent.guidance.findings.logic import LOGIC_CODES
from convagent.guidance.findings.names import NAME_CODES
from convagent.guidance.findings.proofs import PROOF_CODES
from convagent.guidance.findings.safety import SAFETY_CODES
from convagent.guidance.findings.style import STYLE_CODES
from convagent.guidance.findings.syntax import SYNTAX_CODES
from convagent.guidance.findings.triggers import TRIGGER_CODES
from convagent.guidance.findings.voice import VOICE_CODES

__all__ = ["CODES", "FAMILIES", "CodeEntry"]

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "G1": "syntax",
        "G2": "names and types",
        "G3": "logic",
        "G4": "safety",
        "G5": "style",
        "G6": "triggers and judgements",
        "G7": "proofs",
    }
)
"""Families of codes by their first two characters."""

CODES: Mapping[str, CodeEntry] = MappingProxyType(
    {
        entry.code: entry
        for entry in (
            *sorted((*FILE_CODES, *HEADER_CODES, *LAYOUT_CODES), key=lambda entry: entry.code),
            *SYNTAX_CODES,
            *NAME_CODES,
            *LOGIC_CODES,
            *SAFETY_CODES,
            *STYLE_CODES,
            *VOICE_CODES,
            *TRIGGER_CODES,
            *PROOF_CODES,
            *EXAMPLE_CODES,
        )
    }
)
"""Every code, in order."""
