"""Understanding with a chat model: one structured call where the embedded parts are unsure, held against what was said.

    sureness ── below the threshold ──▶ asked ──▶ prompt ──▶ the model ──▶ reading ──▶ weighing, combining
                                          what it is about       JSON, held against the message

The embedded parts always understand a message first. What the model adds is data: guides that exist, words that the customer
wrote, verdicts with their evidence. It sets no fact, gives no yes to anything, and takes back no alarm. See
docs/model-understanding.md.
"""

from __future__ import annotations

from convagent.understanding.by_model.asked import Asked, Spoken, what_is_asked
from convagent.understanding.by_model.combining import Combined, ModelJudge, combined
from convagent.understanding.by_model.prompt import prompt_for
from convagent.understanding.by_model.quoted_reader import QuotedReader
from convagent.understanding.by_model.reading import ModelReading, read_answer
from convagent.understanding.by_model.sureness import sureness, sureness_at_most

__all__ = [
    "Asked",
    "Combined",
    "ModelJudge",
    "ModelReading",
    "QuotedReader",
    "Spoken",
    "combined",
    "prompt_for",
    "read_answer",
    "sureness",
    "sureness_at_most",
    "what_is_asked",
]
