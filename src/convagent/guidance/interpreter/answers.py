"""What the customer's words give for a Need: the answer to its question, what was said before, what was kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from convagent.guidance.codec import from_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.picks import PICKED
from convagent.guidance.interpreter.world import Choice, Read, Utterance, Wanted
from convagent.guidance.values import UNKNOWN, equal

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["confirmation", "read_need"]

FEWEST_FIGURES = 3
"""Figures that a record's number has at least; less could be a count or a day."""

_NUMBERS = re.compile(rf"\d{{{FEWEST_FIGURES},}}")
_WITHIN_WORDS = re.compile(r"\S*@\S*|https?://\S*")
"""Addresses, whose figures number no record."""


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
        if (
            read.unclear
            or read.misfit
            or (read.value is not UNKNOWN and not _is_anothers(run, need, wanted, last, read))
        ):
            return read
    kept = _kept(run, need, name, wanted)
    if need.fresh:
        return kept
    found = Read()
    latest = utterances[-1:] if kept.value is not UNKNOWN else utterances
    for utterance in reversed(latest):
        if utterance.answers and (
            _answers_confirmation(run, utterance) or _answers_another(run, need, name, wanted, utterance, mates)
        ):
            continue
        read = reader.read(wanted, utterance, direct=name in utterance.answers)
        if read.value is not UNKNOWN and not _is_anothers(run, need, wanted, utterance, read, mates):
            return read
        if read.other and not found.other:
            found = Read(other=True)
            if utterance is last and not utterance.answers and need.name not in run.state.answers:
                return found  # who asks for something new of another record doesn't mean that of the request before
    return kept if kept.value is not UNKNOWN else found


def _is_anothers(
    run: Run, need: k.Need, wanted: Wanted, utterance: Utterance, read: Read, mates: Collection[str] = ()
) -> bool:
    """Whether the words that were read give another Need its value: an answer goes to the Need that was asked.

    Words that answer a Need of the same kind are that one's. What a message gave unasked is the first one's of all Needs
    of its kind that had no answer yet, and none is filled with another's words: the next is asked for.
    """
    declared = run.needs.declarations
    asked = [_bare(answer) for answer in utterance.answers]
    if need.name in asked:
        others = [other for other in asked[: asked.index(need.name)] if other in declared]
    else:
        others = [*asked, *_unasked(run, need, utterance)]
    leave = {need.name, *(_bare(mate) for mate in mates)}
    needs = k.needs_of(run.guide)
    for name in dict.fromkeys(others):
        other = declared.get(name) or needs.get(name)
        if name in leave or other is None or not _alike(need, other):
            continue
        choices = wanted.choices if need.kind in PICKED else ()
        theirs = run.world.reader.read(
            Wanted(name, other.kind, other.type_name, choices), utterance, direct=name in asked
        ).value
        if theirs is UNKNOWN:
            continue
        if need.kind in PICKED:
            if isinstance(theirs, tuple) and isinstance(read.value, tuple) and set(theirs) & set(read.value):
                return True
        elif equal(theirs, read.value) is True:
            return True
    return False


def _unasked(run: Run, need: k.Need, utterance: Utterance) -> Iterator[str]:
    """Needs that count before this one for words that answered neither."""
    answered = {_bare(name) for name in run.begun_with.answers}
    is_last = utterance is run.state.utterances[-1]
    declared = run.needs.declarations
    place = list(declared).index(need.name) if need.name in declared else 0
    for name in list(declared)[:place]:
        if not declared[name].fresh and not (is_last and name in answered):
            yield name
    if need.name in answered and utterance.answers and "request" not in utterance.answers:
        for part in k.statements_within(run.guide.body):
            if isinstance(part, k.Need) and not part.fresh and part.name not in answered:
                yield part.name


def _bare(answer: str) -> str:
    """A Need's own name, without the pick or the element that it was asked for."""
    return answer.split("@", maxsplit=1)[0].split("[", maxsplit=1)[0]


def _alike(need: k.Need, other: k.Need) -> bool:
    """Whether two Needs take the same kind of thing."""
    if need.kind in PICKED:
        same = need.source == other.source if need.source is not None else need.choices == other.choices
        return other.kind in PICKED and same and need.each_source is None and other.each_source is None
    return need.kind == other.kind == "value" and need.type_name == other.type_name


def _answers_another(
    run: Run, need: k.Need, name: str, wanted: Wanted, utterance: Utterance, mates: Collection[str]
) -> bool:
    """Whether an utterance was the answer for another element of the list, or one word that answered another Need.

    One word that says nothing to what was asked, such as an order number where the e-mail address was, is nobody's yet. And
    the number of a record names that record, whatever it was said for.
    """
    if {name, need.name, *mates} & set(utterance.answers):
        return False
    if need.each_name is not None and any(answer.startswith(f"{need.name}[") for answer in utterance.answers):
        return True
    if not utterance.answers or "request" in utterance.answers or len(utterance.text.split()) != 1:
        return False
    if need.kind in PICKED and _names_record(utterance.text, wanted.choices):
        return False
    return any(_says_something_to(run, asked, utterance) for asked in utterance.answers)


def _names_record(word: str, choices: Collection[Choice]) -> bool:
    """Whether a word is the number of one of the records: "mg10042" for MG-10042."""
    plain = _letters_and_figures(word)
    if sum(map(str.isdigit, plain)) < FEWEST_FIGURES:
        return False
    return any(plain == _letters_and_figures(choice.labels[0]) for choice in choices if choice.labels)


def _letters_and_figures(word: str) -> str:
    return "".join(filter(str.isalnum, word.casefold()))


def _says_something_to(run: Run, asked: str, utterance: Utterance) -> bool:
    """Whether words can be read as the answer that was asked for; where that can't be told from here, they are taken to be."""
    bare = _bare(asked)
    other = run.needs.declarations.get(bare) or k.needs_of(run.guide).get(bare)
    if other is not None and other.kind != "value":
        return True
    # a Need of a guide that gives this one something is told by its name alone: "email" is an e-mail address anywhere
    type_name = None if other is None else other.type_name
    read = run.world.reader.read(Wanted(bare, "value", type_name), utterance, direct=True)
    return read.value is not UNKNOWN


def _answers_confirmation(run: Run, utterance: Utterance) -> bool:
    """Whether an utterance was a plain yes or no to a confirmation, which says nothing else."""
    name = next((answer for answer in utterance.answers if answer.startswith("confirm:")), None)
    return name is not None and _yes_or_no(run, name, utterance) is not UNKNOWN


def _yes_or_no(run: Run, name: str, utterance: Utterance, *, about: str | None = None) -> Any:
    said = run.world.reader.read(Wanted(name, "confirmation", about=about), utterance, direct=True).value
    return UNKNOWN if said is False and _gives_anew(run, utterance) else said


def _gives_anew(run: Run, utterance: Utterance) -> bool:
    """Whether words put another value in the place of one that was given: "no, it is 21 Mill Road" changes what is asked for.

    That is no refusal; the question is put anew, with the new value. Picks don't count: "no, I'll keep the lamp".
    """
    for need in run.needs.declarations.values():
        if need.kind != "value" or need.type_name is None or need.fresh or need.name not in run.state.answers:
            continue
        read = run.world.reader.read(Wanted(need.name, need.kind, need.type_name), utterance, direct=False).value
        if read is not UNKNOWN and equal(read, from_json(run.state.answers[need.name])) is False:
            return True
    return False


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


def confirmation(run: Run, name: str, *, about: str) -> str | None:
    """Yes or no to the confirmation of that name, when the customer's last words answer it.

    Args:
        run: The reading.
        name: What the question is asked by.
        about: The question's text and what would be done. A yes that names a number which stands in neither means something
            else: "cancel 1101, yes" is no yes to cancelling 1104.
    """
    utterances = run.state.utterances
    if not utterances or name not in utterances[-1].answers:
        return None
    value = _yes_or_no(run, name, utterances[-1], about=about)
    if value is UNKNOWN:
        return None
    if value is not True:
        return "no"
    asked = set(_NUMBERS.findall(about))
    return "yes" if asked.issuperset(_NUMBERS.findall(_WITHIN_WORDS.sub(" ", utterances[-1].text))) else None
