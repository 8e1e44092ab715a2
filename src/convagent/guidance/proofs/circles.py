"""Circles through `go to`, and through what guides need of one another: who is led round, and by which way."""

from __future__ import annotations

from collections.abc import Iterator

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.world import GuideState
from convagent.guidance.proofs.counterexample import Case
from convagent.guidance.proofs.paths import SymbolicReading
from convagent.guidance.proofs.prover import Answer, Prover
from convagent.guidance.proofs.replay import Played

__all__ = ["check_circles", "check_givers"]

ROUND = 3
"""A guide that stands so often within itself is one that is led round."""


def check_circles(prover: Prover, guide: k.Guide, reading: SymbolicReading) -> None:
    """Ways of `go to` that lead back: a customer who is led round by them."""
    for circle in reading.circles:
        way = " → ".join(f"“{title}”" for title in circle.path)
        titles = set(circle.path)
        rule = " ↔ ".join(sorted(titles))
        if any(code == "G707" and about == rule for code, _, about in prover.told):
            continue  # told where another of its guides begins

        def really(played: Played, titles: set[str] = titles) -> bool:
            gone = [
                note
                for note in played.reading.trace
                if note.kind == "go to" and note.address.rpartition("/")[0] in titles
            ]
            return played.reading.status == "handed_over" and len(gone) >= ROUND * (len(titles) - 1 or 1)

        answer = prover.search(guide, reading, [circle.condition], really)
        question = f"{circle.statement.address}: whether anybody is led round by {way}"
        if prover.note(answer, question) and answer.played is not None:
            prover.tell(
                "G707", guide, circle.statement.span, circle.statement.address,
                f"some customers are led round, {way}, until a person has to take over: {answer.story()}",
                "Let one of the guides come to an end of its own.",
                case=answer.played.case, rule=rule,
            )  # fmt: skip


def check_givers(prover: Prover) -> None:
    """Guides that need, to give something, what only it gives: nobody of whom nothing is known comes through."""
    told: set[frozenset[str]] = set()
    for guide in prover.kernel.guides:
        if guide.gives is None:
            continue
        way = _way_back(prover.kernel, guide)
        if way is None or frozenset(need.guide for need in way) in told:
            continue
        told.add(frozenset(need.guide for need in way))
        titles = [need.guide for need in way]
        shown = " → ".join(f"“{title}” needs `{need.name}`" for title, need in zip(titles, way, strict=True))
        try:
            played = prover.play(guide, Case(), None)
        except Exception as error:  # noqa: BLE001 - a guide that can't be read proves nothing
            answer = Answer("open", why=f"the guides could not be read ({type(error).__name__})")
        else:
            led = _depth(played.reading.state, guide.title) >= ROUND
            why = "with nothing known, the interpreter is not led round"
            answer = Answer("found", played) if led else Answer("open", why=why)
        if (
            prover.note(answer, f"{way[0].address}: whether anybody is led round by {shown}")
            and answer.played is not None
        ):
            prover.tell(
                "G707", guide, way[0].span, way[0].address,
                f"whoever is not known is led round, {shown}, which “{titles[0]}” gives",
                "Let one of the guides begin with what a customer can say: an e-mail address, an order number.",
                case=answer.played.case, rule=" ↔ ".join(sorted(titles)),
            )  # fmt: skip


def _way_back(kernel: k.Kernel, start: k.Guide) -> tuple[k.Need, ...] | None:
    """The shortest way on which a guide needs what it gives itself; None where there is none."""
    queue: list[tuple[k.Guide, tuple[k.Need, ...]]] = [(start, ())]
    seen: set[str] = set()
    while queue:
        guide, way = queue.pop(0)
        for need, giver in _givers(kernel, guide):
            if giver.title == start.title:
                return (*way, need)
            if giver.title not in seen:
                seen.add(giver.title)
                queue.append((giver, (*way, need)))
    return None


def _givers(kernel: k.Kernel, guide: k.Guide) -> Iterator[tuple[k.Need, k.Guide]]:
    for need in k.needs_of(guide).values():
        giver = kernel.giver(need.name, other_than=guide.title) if need.kind == "value" else None
        if giver is not None:
            yield need, giver


def _depth(state: GuideState, title: str) -> int:
    """How often a guide stands within itself."""
    inner = max((_depth(each, title) for each in state.inner.values()), default=0)
    return inner + (state.title == title)
