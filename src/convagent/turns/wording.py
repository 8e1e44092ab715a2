"""The chat model's part of a reply: what it may word of it, with what it is asked, and what may be said at all."""

from __future__ import annotations

from collections.abc import Sequence

from convagent.answering import never_said, unbacked
from convagent.answering.by_model.prompting import Setting
from convagent.answering.by_model.wording import Outcome, Wording, worded
from convagent.answering.compose import Composer, Layout
from convagent.answering.grounding import Fault
from convagent.answering.voice.check import voice_faults, word_faults
from convagent.answering.voice.instructions import instructions
from convagent.conversation import Reply, TraceEvent
from convagent.guidance.interpreter.decision import Decision
from convagent.guidance.parts import Part, joined
from convagent.guidance.word_forms import own_words
from convagent.turns.exposed import records_told
from convagent.turns.state import TurnWork
from convagent.turns.told import message_told, said_before
from convagent.turns.verifying import backing_of

__all__ = ["worded_by_model"]

_TURNS = 4
"""So many turns before this one stand in a prompt."""


def worded_by_model(
    work: TurnWork, decision: Decision, layout: Layout, composer: Composer, *, channel: str
) -> Reply | None:
    """The reply with what a chat model worded of it; None where there is nothing for one to word, or no model.

    Args:
        work: The turn, which isn't handed over.
        decision: What it came to.
        layout: What the reply consists of, verified as the embedded parts word it.
        composer: With which it was laid out; its sources and parts become this reply's.
        channel: Where the reply is read.
    """
    settings = work.parts.shop.settings
    if work.calls is None or not settings.model.compose or message_told(work) != work.message.text:
        return None  # the message holds a secret, and a reply to it needs no wording
    shares = settings.model.shares
    without_model = joined([piece.text for piece in layout.pieces], "\n\n").parts
    wording = Wording(
        work.calls, _setting(work, decision, channel), lambda parts, new: _may_say(work, parts, new, without_model),
        work.parts.shop.embedder,
        (settings.shop.name, settings.agent.name), work.release, bool(settings.model.verifier),
        "articles" in shares, "facts" in shares, "products" in shares,
    )  # fmt: skip
    reply, outcome = worded(layout, composer, wording)
    if reply is None:
        return None
    work.trace.append(_told(outcome, work.calls.model.name))
    return reply


def _setting(work: TurnWork, decision: Decision, channel: str) -> Setting:
    model, shared = work.parts.shop.settings.model, work.parts.shop.settings.model.shares
    names = {"customer": "customer", "agent": "shop"}
    said = tuple((names[by], text) for by, text in said_before(work, turns=_TURNS)) if "messages" in shared else ()
    done = [record for record in work.records if record.kind == "write" and record.status == "done"]
    return Setting(
        language=work.language, channel=channel, voice=_voice(work, channel),
        message=work.message.text if "messages" in shared else "", conversation=said,
        results=tuple(f"{record.action}: done" for record in done) if "facts" in shared else (),
        records=records_told(work, decision) if "facts" in shared else (),
        prompt_tokens=model.prompt_tokens, reply_tokens=model.reply_tokens, model=model.name,
    )  # fmt: skip


def _voice(work: TurnWork, channel: str) -> str:
    settings = work.parts.shop.settings
    shop = f"You write for {settings.shop.name}." if settings.shop.name else ""
    return "\n".join(filter(None, (shop, instructions(settings.voice, work.language, channel))))


def _may_say(
    work: TurnWork, parts: Sequence[Part], new: Sequence[Part], without_model: Sequence[Part]
) -> tuple[Fault, ...]:
    """What is wrong with a reply of these parts, whatever its sources.

    Claims that nothing backs and words that are never said, in all of it; in the new ones what isn't the shop's voice. Words
    that the voice avoids are looked for in all of it as well, for they may begin in the new words and end behind them; those
    that the reply has without a model are its authors'.
    """
    voice, language = work.parts.shop.settings.voice, work.language
    text = "".join(part.text for part in parts)
    claims = unbacked(parts, lambda: backing_of(work, text, None))
    said = never_said(parts, work.parts.forbidden, language)
    faults = [fault.words for fault in voice_faults(own_words(new), voice, language)]
    avoided = word_faults(own_words(parts), voice, language)
    if avoided:
        authors = {fault.message.casefold() for fault in word_faults(own_words(without_model), voice, language)}
        faults += [fault.words for fault in avoided if fault.message.casefold() not in authors]
    return (
        *(Fault("claim", claim.words) for claim in claims),
        *(Fault("forbidden", found.words) for found in said),
        *(Fault("voice", words) for words in dict.fromkeys(faults)),
    )


def _told(outcome: Outcome, model: str) -> TraceEvent:
    cut = [
        {"text": text, "faults": [f"{fault.kind}: {fault.words}" for fault in faults]} for text, faults in outcome.cut
    ]
    told = f"{model} worded {outcome.sent} sentence{'' if outcome.sent == 1 else 's'}"
    if outcome.code:
        told += f", and failed ({outcome.code})"
    if cut:
        kinds = dict.fromkeys(fault.kind for _, faults in outcome.cut for fault in faults)
        told += f"; {len(cut)} not sent ({', '.join(kinds)})"
    if outcome.declined:
        told += f"; it declined {outcome.declined}"
    if outcome.replaced:
        told += f"; {outcome.replaced} piece{' is' if outcome.replaced == 1 else 's are'} composed without it"
    if outcome.listener:
        told += f"; nobody listens any more ({outcome.listener})"
    data = {
        "purpose": "compose", "code": outcome.code, "sentences": outcome.sent, "cut": cut, "replaced": outcome.replaced,
        "declined": outcome.declined, "model": model,
    }  # fmt: skip
    return TraceEvent(kind="model", text=told, data=data)
