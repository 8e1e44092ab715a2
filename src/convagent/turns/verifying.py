"""Verification: a composed reply held against what backs it, and against what the shop never says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from convagent.answering import Composer, never_said, states_of, unbacked, unsupported
from convagent.conversation import Handover, Reply, TraceEvent
from convagent.effects import UNKNOWN_ACTION
from convagent.errors import ConvagentError
from convagent.guidance.backing import Backing
from convagent.turns.state import TurnWork

__all__ = ["backing_of", "verify"]


def verify(work: TurnWork, reply: Reply, composer: Composer, handover: Handover | None) -> None:
    """Holds the reply against what backs it and what the shop never says.

    Raises:
        ConvagentError: It may not be sent: `unsupported-reply`, `forbidden-words`, `unbacked-claim`.
    """
    if figures := unsupported(reply.text, composer.sources):
        _withhold(work, "unsupported-reply", "the reply says what nothing backs", figures)
    if said := never_said(composer.parts, work.parts.forbidden, reply.language):
        told = tuple(f"“{found.words}” (Never say “{found.phrase}”)" for found in said)
        _withhold(work, "forbidden-words", "the reply holds words that the shop never says", told)
    if claims := unbacked(composer.parts, lambda: backing_of(work, reply.text, handover)):
        told = tuple(f"“{claim.words}” ({claim.kind}: {claim.act})" for claim in claims)
        _withhold(work, "unbacked-claim", "the reply claims what no action, record or handover backs", told)


def _withhold(work: TurnWork, code: str, what: str, found: Sequence[str]) -> NoReturn:
    """Notes why a reply is not sent, and ends the turn's path."""
    message = f"{what}: {', '.join(found[:5])}"
    work.trace.append(TraceEvent(kind=code, text=message, data={"found": list(found)}))
    raise ConvagentError(message, code=code)


def backing_of(work: TurnWork, text: str, handover: Handover | None) -> Backing:
    """What the conversation did, what its records say (those that a reply names above all), and whether a person takes over."""
    records = [record for turn in work.before for record in turn.actions] + work.records
    counted = {"done", "proposed"} if work.dry else {"done"}
    writes = [record for record in records if record.kind == "write" and record.status in counted]
    done = [entry.action for entry in work.effects.entries.values() if entry.status == "done"]
    names = dict.fromkeys([*(record.action for record in writes), *done])
    registry = work.parts.shop.registry
    told = tuple(f"{name} {spec.description if (spec := registry.get(name)) else ''}" for name in names)
    found = [result.value for result in work.results.values() if result.status == "done"]
    values = [value for name, value in work.known.items() if name not in {"catalog", "shop"}]
    return Backing(told, UNKNOWN_ACTION in names, states_of([*values, *found], text), handover is not None)
