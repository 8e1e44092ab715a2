"""What the customer's words give for a Need: the answer to its question, what was said before, what was kept."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from convagent.guidance.codec import from_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.picks import PICKED
from convagent.guidance.interpreter.world import Read, Utterance, Wanted
from convagent.guidance.values import UNKNOWN

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["confirmation", "read_need"]


def read_need(run: Run, need: k.Need, name: str, wanted: Wanted, mates: Collection[str]) -> Read:
    """What was written for a Need; the latest words count before earlier ones, and those before what was kept.

    Args:
        run: The reading.
        need: The Need.
        name: What it is asked for by.
        wanted: For the reader of words.
        mates: Names that stand for it, as alternatives do.
    """
    utterances, reader = run.state.utterances, run.world.reader
    last = utterances[-1] if utterances else None
    if last is not None and (name in last.answers or need.name in last.answers):
        read = reader.read(wanted, last, direct=True)
        if read.value is not UNKNOWN or read.unclear or read.misfit:
            return read
    kept = _kept(run, need, name, wanted)
    if need.fresh:
        return kept
    found = Read()
    latest = utterances[-1:] if kept.value is not UNKNOWN else utterances
    for utterance in reversed(latest):
        if _answers_confirmation(run, utterance) or _answers_another(need, name, utterance, mates):
            continue
        read = reader.read(wanted, utterance, direct=name in utterance.answers)
        if read.value is not UNKNOWN:
            return read
        if read.other and not found.other:
            found = Read(other=True)
    return kept if kept.value is not UNKNOWN else found


def _answers_another(need: k.Need, name: str, utterance: Utterance, mates: Collection[str]) -> bool:
    """Whether an utterance was the answer for another element of the list, or one word that answered another Need."""
    if {name, need.name, *mates} & set(utterance.answers):
        return False
    if need.each_name is not None and any(answer.startswith(f"{need.name}[") for answer in utterance.answers):
        return True
    return bool(utterance.answers) and "request" not in utterance.answers and len(utterance.text.split()) == 1


def _answers_confirmation(run: Run, utterance: Utterance) -> bool:
    """Whether an utterance was a plain yes or no to a confirmation, which says nothing else."""
    name = next((answer for answer in utterance.answers if answer.startswith("confirm:")), None)
    return name is not None and _yes_or_no(run, name, utterance) is not UNKNOWN


def _yes_or_no(run: Run, name: str, utterance: Utterance) -> Any:
    return run.world.reader.read(Wanted(name, "confirmation"), utterance, direct=True).value


def _kept(run: Run, need: k.Need, name: str, wanted: Wanted) -> Read:
    """What was answered before, if it still is a choice."""
    if name not in run.state.answers:
        return Read()
    value = from_json(run.state.answers[name])
    if need.kind in PICKED:
        keys = {choice.key for choice in wanted.choices}
        if not isinstance(value, tuple) or not all(key in keys for key in value):
            return Read()
    return Read(value)


def confirmation(run: Run, name: str) -> str | None:
    """Yes or no to the confirmation of that name, when the customer's last words answer it."""
    utterances = run.state.utterances
    if not utterances or name not in utterances[-1].answers:
        return None
    value = _yes_or_no(run, name, utterances[-1])
    return None if value is UNKNOWN else "yes" if value is True else "no"
