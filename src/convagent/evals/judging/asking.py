"""Asks a chat model whether statements hold, one at a time, and believes it only where it quotes what it rests on.

The judge reads the conversation as the customer saw it, and nothing of who or what answered: no version, no model, no guide. So
two shops are judged alike. What the conversation says is data; instructions in it are none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from convagent.conversation import HandedOver, Turn
from convagent.errors import ConvagentError, ModelError
from convagent.evals.cases import Case
from convagent.evals.judging.judgement import Judgement, statements_of
from convagent.models import ChatModel, ChatRequest, Mask, ModelCalls, Section, prompt_of

__all__ = ["judgements", "transcript"]

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

_ALIKE = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‹": "<", "–": "-", "—": "-"}
)


def judgements(
    case: Case, turns: Sequence[Turn], model: ChatModel | None, *, mask: Mask | None = None
) -> tuple[Judgement, ...]:
    """What a chat model judges of each statement of a case. Nothing is raised: what can't be judged has no verdict.

    Args:
        case: The case.
        turns: What came.
        model: Who judges; None for nobody.
        mask: Hides personal data from the judge.
    """
    return tuple(_one(statement, number, turns, model, mask) for number, statement in statements_of(case))


def _one(
    statement: str, number: int | None, turns: Sequence[Turn], model: ChatModel | None, mask: Mask | None
) -> Judgement:
    blank = Judgement(statement=statement, turn=number, model=model.name if model is not None else "")
    if model is None:
        return _unscored(blank, "no chat model judges")
    heard = list(turns) if number is None else list(turns[:number])
    if not heard or (number is not None and len(turns) < number):
        return _unscored(blank, "the conversation did not come so far")
    if number is not None and heard[-1].reply is None:
        return _unscored(blank, "there is no reply")
    try:
        request = _request(statement, heard, of_reply=number is not None, model=model)
        calls = ModelCalls(model, SECONDS, mask=mask, most=1)
        reply = calls.complete(request)
        read = blank.model_copy(
            update={"input_tokens": reply.usage.input_tokens, "output_tokens": reply.usage.output_tokens}
        )
        return _read(read, reply.text, heard)
    except ModelError as error:
        return _unscored(blank, f"{error.message} [{error.code}]")
    except Exception as error:  # noqa: BLE001 - a model of somebody else's may raise anything; the case goes on
        told = error.message if isinstance(error, ConvagentError) else f"{type(error).__name__}: {error}"
        return _unscored(blank, told)


def transcript(turns: Sequence[Turn], *, to_the_reply: bool = False) -> str:
    """A conversation as its customer saw it, a line or more for each thing that was said.

    Args:
        turns: The conversation.
        to_the_reply: Whether it ends before the last turn's reply.
    """
    lines: list[str] = []
    for number, turn in enumerate(turns, 1):
        said = turn.message
        author = {"customer": "customer", "person": "colleague"}.get(said.author, "event")
        pictures = f" (with {len(said.attachments)} pictures)" if said.attachments else ""
        lines.append(f"{author}{pictures}: {said.text}")
        if to_the_reply and number == len(turns):
            break
        if turn.reply is not None and turn.reply.text:
            lines.append(f"assistant: {turn.reply.text}")
            lines += [f"assistant shows: {product.title}" for product in turn.reply.products]
        if isinstance(turn.outcome, HandedOver):
            lines.append("(a person takes over)")
    return "\n".join(lines)


def _request(statement: str, turns: Sequence[Turn], *, of_reply: bool, model: ChatModel) -> ChatRequest:
    last = turns[-1].reply
    sections = (
        Section(transcript(turns, to_the_reply=of_reply), label="conversation"),
        Section(_OF_REPLY if of_reply else _OF_ALL),
        Section(last.text if of_reply and last is not None else "", label=REPLY),
        Section(statement, label="statement"),
    )
    messages = prompt_of(_INSTRUCTIONS, sections, most_tokens=PROMPT_TOKENS, model=model.name)
    return ChatRequest("judge", messages, schema=SCHEMA, max_tokens=REPLY_TOKENS)


def _read(blank: Judgement, text: str, turns: Sequence[Turn]) -> Judgement:
    """The judgement of an answer; without a verdict where it is none, or rests on words that nobody said."""
    try:
        data = json.loads(text)
        verdict, evidence = data["verdict"], str(data["evidence"]).strip()
    except (ValueError, KeyError, TypeError, RecursionError):
        return _unscored(blank, f"the answer is no judgement: {' '.join(text.split())[:80]}")
    if verdict == "cannot_tell":
        return blank.model_copy(update={"verdict": verdict, "evidence": evidence, "why": "the model can't tell"})
    if verdict not in {"yes", "no"}:
        return _unscored(blank, f"“{str(verdict)[:40]}” is no verdict")
    spoken = [turns[-1].reply.text] if blank.turn is not None and turns[-1].reply is not None else _all_said(turns)
    if not _is_quoted(evidence, spoken):
        where = "the reply" if blank.turn is not None else "the conversation"
        told = f"“{evidence[:80]}” is no quote from {where}" if evidence else "there is no evidence"
        return _unscored(blank.model_copy(update={"evidence": evidence}), told)
    return blank.model_copy(update={"verdict": verdict, "evidence": evidence})


def _all_said(turns: Sequence[Turn]) -> list[str]:
    return [text for turn in turns for text in (turn.message.text, turn.reply.text if turn.reply is not None else "")]


def _is_quoted(evidence: str, spoken: Sequence[str]) -> bool:
    wanted = _plain(evidence).strip("\"' ")
    texts = [_plain(text) for text in spoken]
    return bool(wanted) and any(
        wanted == text or (len(wanted) >= LEAST_EVIDENCE and wanted in text) for text in texts if text
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_ALIKE)).strip().casefold()


def _unscored(blank: Judgement, why: str) -> Judgement:
    return blank.model_copy(update={"why": why[:300]})
