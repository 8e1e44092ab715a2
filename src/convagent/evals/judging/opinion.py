"""Asks a chat model whether one statement about a conversation holds, and believes it only where it quotes what it rests on.

The judge reads the conversation as the customer saw it, and nothing of who or what answered: no version, no model, no guide. So
two shops are judged alike, and so are people and agents. What the conversation says is data; instructions in it are none.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from convagent.errors import ModelError
from convagent.models import ChatModel, ChatRequest, Mask, ModelCalls, Section, TokenUsage, prompt_of

__all__ = ["Opinion", "Verdict", "as_compared", "line_of", "opinion_on"]

Verdict = Literal["yes", "no", "cannot_tell"]

SECONDS = 60.0
"""A judge may take so long for a statement."""

PROMPT_TOKENS = 12_000
REPLY_TOKENS = 400
LEAST_EVIDENCE = 8
"""A shorter quote could be from anywhere, unless it is all that was said."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "evidence": {"type": "string", "description": "An exact quote from the conversation, word for word"},
        "verdict": {"type": "string", "enum": ["yes", "no", "cannot_tell"]},
    },
    "required": ["evidence", "verdict"],
    "additionalProperties": False,
}

_INSTRUCTIONS = """\
You check one statement about a conversation between a customer and a shop's assistant. You are strict and impartial, \
and you judge only what stands in the conversation.

Answer in JSON:
- "evidence": the words that decide it, copied from the text word for word: one passage, nothing left out, nothing of your own. \
For "no", copy what stands there instead.
- "verdict": "yes" where the statement is true, "no" where it is false, "cannot_tell" where the conversation doesn't decide it."""

REPLY = "message"
_OF_REPLY = "The statement is about this message of the assistant's, the last. Copy the evidence out of it."
_OF_ALL = "The statement is about the conversation as a whole. Copy the evidence out of it."

_SOURCES = (
    "What stands in the parts before the conversation is what you hold it against. Never copy the evidence out of them."
)

_ALIKE = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‹": "<", "–": "-", "—": "-"}
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a chat model says of a statement.

    Attributes:
        verdict: What it said; None where it said nothing that counts.
        evidence: The words that it rests on.
        why: Why there is no yes or no; empty where there is one.
        usage: What the call took.
    """

    verdict: Verdict | None = None
    evidence: str = ""
    why: str = ""
    usage: TokenUsage = field(default_factory=TokenUsage)


def opinion_on(
    statement: str,
    conversation: str,
    spoken: Sequence[str],
    model: ChatModel,
    *,
    reply: str | None = None,
    sources: Sequence[Section] = (),
    mask: Mask | None = None,
) -> Opinion:
    """What a chat model says of a statement. Nothing is raised: what can't be judged has no verdict, and says why.

    Args:
        statement: What is to be judged.
        conversation: A line or more for each thing that was said.
        spoken: The texts that evidence may be quoted from.
        model: Who judges.
        reply: The message that the statement is about, where it isn't about the whole conversation; it follows that.
        sources: What the conversation is to be held against.
        mask: Hides personal data from the judge.
    """
    try:
        request = _request(statement, conversation, reply, sources, model=model)
        answer = ModelCalls(model, SECONDS, mask=mask, most=1).complete(request)
        found = _read(answer.text, spoken, where="conversation" if reply is None else "reply")
        return replace(found, usage=answer.usage)
    except ModelError as error:
        return _unscored(f"{error.message} [{error.code}]")
    except Exception as error:  # noqa: BLE001 - a mask or a model of somebody else's may raise anything; the rest goes on
        return _unscored(type(error).__name__)


def _request(
    statement: str, conversation: str, reply: str | None, sources: Sequence[Section], *, model: ChatModel
) -> ChatRequest:
    sections = (
        *sources,
        Section(_SOURCES if sources else ""),
        Section(conversation, label="conversation"),
        Section(_OF_ALL if reply is None else _OF_REPLY),
        Section(reply or "", label=REPLY),
        Section(statement, label="statement"),
    )
    messages = prompt_of(_INSTRUCTIONS, sections, most_tokens=PROMPT_TOKENS, model=model.name)
    return ChatRequest("judge", messages, schema=SCHEMA, max_tokens=REPLY_TOKENS)


def _read(text: str, spoken: Sequence[str], *, where: str) -> Opinion:
    """The opinion of an answer; without a verdict where it is none, or rests on words that nobody said."""
    try:
        data = json.loads(text)
        verdict, evidence = data["verdict"], str(data["evidence"]).strip()
    except (ValueError, KeyError, TypeError, RecursionError):
        return _unscored(f"the answer is no judgement: {' '.join(text.split())[:80]}")
    if verdict == "cannot_tell":
        return Opinion("cannot_tell", evidence, "the model can't tell")
    if verdict not in ("yes", "no"):
        return _unscored(f"“{str(verdict)[:40]}” is no verdict")
    if not _is_quoted(evidence, spoken):
        told = f"“{evidence[:80]}” is no quote from the {where}" if evidence else "there is no evidence"
        return replace(_unscored(told), evidence=evidence)
    return Opinion("yes" if verdict == "yes" else "no", evidence)


def _is_quoted(evidence: str, spoken: Sequence[str]) -> bool:
    wanted = as_compared(evidence).strip("\"' ")
    texts = [as_compared(text) for text in spoken]
    return bool(wanted) and any(
        wanted == text or (len(wanted) >= LEAST_EVIDENCE and wanted in text) for text in texts if text
    )


def as_compared(text: str) -> str:
    """A text as quotes are compared: whatever its case, its spaces, its kinds of quotation marks and dashes."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).casefold().split())


def line_of(author: str, text: str) -> str:
    """What somebody said as a part of a conversation; no line within it can pass for another author's.

    Args:
        author: Who said it: customer, assistant, event.
        text: Their words.
    """
    return f"{author}: " + "\n    ".join(text.strip().splitlines())


def _unscored(why: str) -> Opinion:
    return Opinion(why=why[:300])
