"""Whether words point at the record that is known already, or at others: "is it waterproof?", "and the teapot?".

Whoever says "it" of what was spoken of means no other thing because a word of its name stands in the message: the jacket stays
meant, whatever mascara is called waterproof. And who names what several others are, "the teapot", doesn't mean the bench.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convagent.guidance.codec import from_json
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.asking import MAX_SHOWN
from convagent.guidance.interpreter.picks import known_picks
from convagent.guidance.interpreter.words_read import Choice, Read, Reader, Utterance, Wanted
from convagent.guidance.values import UNKNOWN
from convagent.word_tables import any_of, read_table

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["are_others", "is_about_the_known", "request_of", "were_shown"]

_WORD = re.compile(r"[^\W_]+")

_MOST = 10_000
"""Things in a list; of more, what is named alike is not looked for: it would take longer than the rest of the turn."""

_KEPT: list[tuple[tuple[Choice, ...], Reader, tuple[Wanted, Utterance], tuple[Choice, ...]]] = []
"""What a list, read by a turn's reader, has for one request; at most one, as a long list's choices are kept only once."""


def is_about_the_known(run: Run, need: k.Need, wanted: Wanted, utterance: Utterance, read: Read) -> bool:
    """Whether words that were read as another pick point back at the one that is known, and only share a word with the other.

    Args:
        run: The reading.
        need: The Need.
        wanted: What there is to pick from.
        utterance: The words; they don't answer the question for the Need.
        read: What was read from them.
    """
    if need.source is None or not isinstance(read.value, tuple) or _points_back(utterance.text) is None:
        return False
    known = _known_keys(run, need, wanted)
    picked = [choice for choice in wanted.choices if choice.key in read.value]
    return (
        bool(known) and known.isdisjoint(read.value) and all(_is_touched(run, each, utterance.text) for each in picked)
    )


def are_others(run: Run, need: k.Need, wanted: Wanted, known: Any) -> tuple[Choice, ...]:
    """What the request at hand names that isn't what is known: several things alike, or the one that it calls by its kind.

    Empty where it names nothing, or what is known.

    Args:
        run: The reading.
        need: The Need.
        wanted: What there is to pick from.
        known: What is known for it; UNKNOWN for nothing: a short list is then shown as a whole.
    """
    if known is UNKNOWN and len(wanted.choices) <= MAX_SHOWN:
        return ()
    unclear = _alike(run, need, wanted, request_of(run))
    return (
        () if {choice.key for choice in known_picks(wanted.choices, known)} & {one.key for one in unclear} else unclear
    )


def request_of(run: Run) -> Utterance:
    """The words that ask for what is at hand: the last that answer no question; none where an event began it."""
    return next((one for one in reversed(run.state.utterances) if not one.answers), Utterance(""))


def were_shown(run: Run, need: k.Need, name: str, wanted: Wanted) -> tuple[Choice, ...]:
    """The few things that the customer was last asked to choose from, where it was unclear which of them they meant.

    Args:
        run: The reading.
        need: The Need.
        name: What it is asked for by.
        wanted: What there is to pick from.
    """
    if need.source is None or len(wanted.choices) <= MAX_SHOWN:
        return ()
    for utterance in reversed(run.state.utterances[:-1]):
        if {name, need.name} & set(utterance.answers):
            shown = run.world.reader.read(wanted, utterance, direct=True).unclear
        elif not utterance.answers:
            shown = _alike(run, need, wanted, utterance)
        else:
            continue
        if shown:
            return shown if 1 < len(shown) <= MAX_SHOWN else ()
    return ()


def _alike(run: Run, need: k.Need, wanted: Wanted, request: Utterance) -> tuple[Choice, ...]:
    """What a request names by saying what it is, where it shares words with several: those that it shares most with."""
    if need.source is None or len(wanted.choices) > _MOST or not request.text or _points_back(request.text) is not None:
        return ()
    named = [choice for choice in _unclear(run, wanted, request) if _is_named(run, choice, request.text)]
    shared = [_shared(choice, request.text) for choice in named]
    return tuple(choice for choice, most in zip(named, shared, strict=True) if most == max(shared))


def _unclear(run: Run, wanted: Wanted, request: Utterance) -> tuple[Choice, ...]:
    """What a request may mean as an answer. The last one is kept: a turn reads its guide several times over."""
    reader, asked = run.world.reader, (replace(wanted, choices=()), request)
    kept = _KEPT[0] if _KEPT else None
    if kept is None or kept[0] is not wanted.choices or kept[1] is not reader or kept[2] != asked:
        kept = wanted.choices, reader, asked, reader.read(wanted, request, direct=True).unclear
        _KEPT[:] = [kept]
    return kept[3]


def _shared(choice: Choice, text: str) -> int:
    """How many of the words of one of its names a text has, at most."""
    said = set(_words(text))
    return max((len(said.intersection(_words(name))) for name in _names(choice)), default=0)


def _known_keys(run: Run, need: k.Need, wanted: Wanted) -> set[str]:
    """The picks that count so far, by their keys."""
    if need.name in run.state.answers:
        kept = from_json(run.state.answers[need.name])
        return set(kept) if isinstance(kept, tuple) else set()
    return {choice.key for choice in known_picks(wanted.choices, run.fact(need.name))}


def _is_touched(run: Run, choice: Choice, text: str) -> bool:
    """Whether words share some of a name, but not the one that says what it is: "waterproof" of a waterproof mascara."""
    said = set(_words(text))
    return any(said.intersection(_words(name)) for name in _names(choice)) and not _is_named(run, choice, text)


def _is_named(run: Run, choice: Choice, text: str) -> bool:
    """Whether words say what a thing is: the last word of one of its names; in French, where that stands first, the first."""
    said = set(_words(text))
    heads = (-1, 0) if run.world.language.startswith("fr") else (-1,)
    return any(words[head] in said for name in _names(choice) if (words := _words(name)) for head in heads)


def _names(choice: Choice) -> Iterator[str]:
    yield from choice.labels
    yield from choice.aliases


def _words(text: str) -> list[str]:
    """Words without the s of a plural, in lower case."""
    return [word.removesuffix("s") for word in _WORD.findall(text.casefold())]


def _points_back(text: str) -> re.Match[str] | None:
    return _back().search(text)


@cache
def _back() -> re.Pattern[str]:
    words: list[str] = read_table(Path(__file__).parent / "leaning.toml")["it"]
    return re.compile(rf"(?<!\w)(?:{any_of(words).pattern})(?!\w)", re.IGNORECASE)
