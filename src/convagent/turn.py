"""One turn is a straight path: understand → decide → act → compose. Its parts stand in `convagent.turns`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from convagent.actions.identity.evidence import own_memory
from convagent.conversation import Silent
from convagent.facts import Facts
from convagent.guidance.interpreter.decide import decide
from convagent.guidance.interpreter.decision import Decision, Memory
from convagent.guidance.interpreter.requests import Heard
from convagent.guidance.interpreter.world import HandOverStep, World
from convagent.turns.acting import act
from convagent.turns.advising import advised
from convagent.turns.composing import composed
from convagent.turns.hearing import Judge, hear
from convagent.turns.identity import identified, runs_so_far, still_verified
from convagent.turns.model_reading import quoted_reader
from convagent.turns.roots import WithCatalog, roots_of
from convagent.turns.state import TurnParts, TurnWork
from convagent.turns.unfinished import left_open, with_what_is_untold, with_what_would_undo
from convagent.why import because

__all__ = ["MAX_CALLS", "run_turn"]

MAX_CALLS = 40
"""Look-ups and actions of one turn; one more means that something goes in circles."""


def run_turn(work: TurnWork, facts: Facts, memory: Memory) -> TurnParts:
    """The straight path of one turn, from what was kept to what is kept again.

    Args:
        work: The turn, with its message or what else set it off.
        facts: What the caller knows.
        memory: What the conversation's last turn left.

    Raises:
        ConvagentError: The reply may not be sent.
        StorageError: What the turn needs can't be read or written down.
    """
    work.begin(facts)
    facts = identified(work, facts)
    work.writer = facts.customer
    work.memory = memory = still_verified(work, own_memory(memory, facts.customer))
    work.given = roots_of(work, facts, memory)

    # understand
    heard, judge = hear(work, memory)
    work.language, work.mood = heard.language, heard.upset
    world = _world(work, facts, memory, judge)

    if (left := left_open(work, heard, memory)) is not None:
        return composed(work, left)
    if work.recovering:
        return TurnParts(Silent(why="empty"), None, memory, work.trace)

    # decide and act, in turns
    decision = _decided(work, facts, heard, world, memory)
    decision = advised(work, decision, facts)
    decision = with_what_would_undo(work, with_what_is_untold(work, decision))

    # compose
    parts = composed(work, decision)
    parts.runs = work.counts.to_keep(decision.ran, now=work.moment) if work.counts is not None else None
    return parts


def _decided(work: TurnWork, facts: Facts, heard: Heard, world: World, memory: Memory) -> Decision:
    """What guidance makes of it: read from the top as often as a result was lacking, which is then looked up or done."""
    kernel, settings = work.parts.shop.kernel, work.parts.settings
    for _ in range(MAX_CALLS + 1):
        decision = decide(kernel, heard, world, memory, settings=settings)
        work.known = decision.known
        if (ran := runs_so_far(work, facts)) is not None:  # by now it is better known who writes
            world = replace(world, ran=ran)
            continue
        if decision.want is None:
            return decision
        act(work, decision.want, facts)
    step = HandOverStep("no_progress", why=because("too_many_calls", most=MAX_CALLS))
    return replace(decision, outcome="handed_over", hand_over=step, want=None, steps=())


def _world(work: TurnWork, facts: Facts, memory: Memory, judge: Judge) -> World:
    """What guidance reads: the facts, the message, and what look-ups and actions come to while it is read."""
    shop, language = work.parts.shop, work.language
    return World(
        facts=WithCatalog(roots_of(work, facts, memory), shop), now=work.moment, language=language,
        reader=quoted_reader(work), judge=judge, results=work.results,
        effects=work.effects.results, resolvers=work.parts.resolvers, lookups=shop.registry.lookups,
        confirmation_lasts=timedelta(minutes=shop.settings.actions.confirmation_minutes),
        translate=lambda guide, text: shop.translations.translate(language, guide, text),
        ran=runs_so_far(work, facts) or (), familiar=work.familiar,
    )  # fmt: skip
