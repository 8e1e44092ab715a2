"""Asks a chat model whether the statements of a case hold, one at a time: see `opinion`."""

from __future__ import annotations

from collections.abc import Sequence

from convagent.conversation import HandedOver, Turn
from convagent.evals.cases import Case
from convagent.evals.judging.judgement import Judgement, statements_of
from convagent.evals.judging.opinion import line_of, opinion_on
from convagent.models import ChatModel, Mask

__all__ = ["judgements", "transcript"]


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
        return blank.model_copy(update={"why": "no chat model judges"})
    heard = list(turns) if number is None else list(turns[:number])
    if not heard or (number is not None and len(turns) < number):
        return blank.model_copy(update={"why": "the conversation did not come so far"})
    reply = None if number is None else heard[-1].reply
    if number is not None and reply is None:
        return blank.model_copy(update={"why": "there is no reply"})
    found = opinion_on(
        statement, transcript(heard, to_the_reply=reply is not None), _all_said(heard) if reply is None else [reply.text],
        model, reply=None if reply is None else reply.text, mask=mask,
    )  # fmt: skip
    return blank.model_copy(
        update={
            "verdict": found.verdict,
            "evidence": found.evidence,
            "why": found.why,
            "input_tokens": found.usage.input_tokens,
            "output_tokens": found.usage.output_tokens,
        }
    )


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
        lines.append(line_of(f"{author}{pictures}", said.text))
        if to_the_reply and number == len(turns):
            break
        if turn.reply is not None and turn.reply.text:
            lines.append(line_of("assistant", turn.reply.text))
            lines += [f"assistant shows: {product.title}" for product in turn.reply.products]
        if isinstance(turn.outcome, HandedOver):
            lines.append("(a person takes over)")
    return "\n".join(lines)


def _all_said(turns: Sequence[Turn]) -> list[str]:
    return [text for turn in turns for text in (turn.message.text, turn.reply.text if turn.reply is not None else "")]
