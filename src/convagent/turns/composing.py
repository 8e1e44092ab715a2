"""Compose: the decision of a turn as its outcome and one reply, verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from convagent.answering.compose import Composer, laid_out, reply_of
from convagent.answering.voice.applied import closing_of, opening_of
from convagent.conversation import Answered, Asked, HandedOver, Outcome, Silent, TraceEvent
from convagent.errors import ConvagentError
from convagent.guidance.interpreter.decision import Decision
from convagent.guidance.interpreter.world import HandOverStep
from convagent.turns.articles import answer_from_articles
from convagent.turns.handing_over import handed_over
from convagent.turns.pictured import asking_about_pictures
from convagent.turns.state import TurnParts, TurnWork
from convagent.turns.verifying import verify
from convagent.why import because

__all__ = ["composed"]


def composed(work: TurnWork, decision: Decision) -> TurnParts:
    """The decision as an outcome and a reply, verified.

    Raises:
        ConvagentError: The reply may not be sent; see `verify`.
    """
    work.trace.extend(
        TraceEvent(kind=note.kind, text=note.text, data={"guide": note.address, "line": note.line, **_shown(note.data)})
        for note in decision.trace
    )
    decision = asking_about_pictures(work, decision)
    if decision.outcome == "silent":
        return TurnParts(Silent(why=decision.silent or "empty"), None, decision.memory, work.trace)
    composer = Composer(partial(answer_from_articles, work), work.wording)
    handover, closing = handed_over(work, decision)
    voice, channel = work.parts.shop.settings.voice, str(work.given.get("channel") or "chat")
    opening = opening_of(voice, work.language, channel, first=not any(turn.reply for turn in work.before))
    sign_off = closing_of(voice, work.language, channel)
    steps = decision.steps if handover is None else [step for step in decision.steps if step.kind != "ask"]
    layout = laid_out(steps, composer, opening=opening, closing=closing, sign_off=sign_off, query=work.message.text)
    reply = reply_of(layout, composer)
    if reply is None and handover is None and any(step.kind == "answer" for step in decision.steps):
        return composed(work, _unanswered(decision))  # an article was thought to answer it, and none says anything
    outcome: Outcome
    if handover is not None:
        outcome = HandedOver(handover=handover)
    elif decision.outcome == "asked":
        outcome = Asked(needs=decision.needs)
    else:
        outcome = Answered(refused=decision.refused)
    if reply is not None:
        verify(work, reply, composer, handover)
        if handover is None and work.calls is not None:
            # Nothing stands in the reply's way any more: a model's words may be sent as they come.
            from convagent.turns.wording import worded_by_model

            if (worded := worded_by_model(work, decision, layout, composer, channel=channel)) is not None:
                try:
                    verify(work, worded, composer, handover)
                except ConvagentError:
                    if work.release is not None:  # it may have been read: a person sees to it
                        raise
                else:
                    reply = worded
    if reply is None and handover is None:
        return TurnParts(Silent(why="empty"), None, decision.memory, work.trace)
    return TurnParts(outcome, reply, decision.memory, work.trace)


def _unanswered(decision: Decision) -> Decision:
    """The decision, handed over for want of an answer."""
    step = HandOverStep("missing_knowledge", why=because("no_article"))
    memory = replace(decision.memory, handed_over=True)
    return replace(decision, outcome="handed_over", hand_over=step, memory=memory, steps=(), trace=(), needs=())


def _shown(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, (str, int, float, bool, dict, type(None))) else str(value)
        for name, value in data.items()
    }
