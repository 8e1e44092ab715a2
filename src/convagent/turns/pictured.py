"""What a model read from a customer's picture, put before the customer before it is used.

"In your picture I read order #1042. Is that right?": a yes stands for the number, a no leads to the guide's own question.

A guide that asks for a picture isn't heard to ask for one that is there already: it goes to a person, who sees what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from convagent.conversation import Answered, Asked, HandedOver, Message, Turn
from convagent.guidance.interpreter.decision import Decision, Memory
from convagent.guidance.interpreter.open_guide import asks_for_a_picture
from convagent.guidance.interpreter.requests import Heard
from convagent.guidance.interpreter.world import Choice, HandOverStep, Step, Utterance, Wanted
from convagent.guidance.parts import Worded, joined, parts_of
from convagent.guidance.phrases import phrase
from convagent.guidance.values import UNKNOWN
from convagent.guidance.wording import label
from convagent.search import base_language
from convagent.turns.state import TurnWork
from convagent.understanding.by_model.pictured import Pictured, put, waits_for
from convagent.understanding.content_words import content_words
from convagent.why import because

__all__ = ["about_the_picture", "asking_about_pictures", "without_the_picture"]

_NO = re.compile(r"^\W*(?:no|nope|nah|nein|nee|non)\b[\s,.;:!–—-]+", re.IGNORECASE)
_CODE = re.compile(r"(?=\S*\d)[\w#./-]{3,40}")
"""A code is one word with a figure in it: a serial number, an article's number."""

_ORDERS = frozenset({"order", "order_number"})
_AGAIN = ("again_more", "again", "unseen_again")

_LATELY = 6
"""Turns before this one in which a picture may have come that a guide asks for: it asks for an order and the like first."""


def about_the_picture(work: TurnWork, memory: Memory) -> tuple[str, bool]:
    """The words that a message stands for where it answers whether a picture was read rightly, and whether it says no.

    A yes stands for what the question named; "no, it's 1043" for what stands behind the no.
    """
    text, shown = work.message.text, _shown_to_customer(work, memory)
    if shown is None:
        return text, False
    said = _answer(work, text, shown)
    if said is True:
        work.note("picture", f"the customer confirms what picture {shown.picture} says: {shown.need.name}")
        rest = text if content_words(text) and not any(map(str.isdigit, text)) else ""
        return " ".join(part for part in (f"{shown.words}." if rest else shown.words, rest) if part), False
    behind = _NO.sub("", text, count=1)
    if said is False and not content_words(behind):
        work.note("picture", f"the customer says that picture {shown.picture} was read wrongly: {shown.need.name}")
        return text, True
    return behind, False


def without_the_picture(heard: Heard) -> Heard:
    """What was understood of a no to the question whether a picture was read rightly: it drops nothing and gives nothing."""
    return replace(
        heard, text="", requests=(), silent=None, declines=False, withdraws=False, refuses=False, unseen=False
    )  # fmt: skip


def asking_about_pictures(work: TurnWork, decision: Decision) -> Decision:
    """The decision, its question put with what a picture says, where that is a value of what is asked for.

    Only what the shop's own reader makes of it is shown: an order's number, a date, a choice that is on offer, a code, a
    product's name. Anything else that stands in a picture is left, and the question asked as its guide words it.
    """
    memory, steps = decision.memory, list(decision.steps)
    place = next((number for number in reversed(range(len(steps))) if steps[number].kind == "ask"), None)
    if decision.outcome != "asked" or not memory.open or place is None:
        return decision
    state = memory.open[-1]
    found, ask = waits_for(work.parts.shop.kernel, state), steps[place]
    wants_one = bool(decision.needs) and all(map(asks_for_a_picture, decision.needs))
    if found is None and wants_one and _has_come_lately(work):
        return _for_somebody_who_sees(work, decision)
    denied = not work.message.attachments and bool(state.utterances) and not state.utterances[-1].text.strip()
    if found is None:
        if not denied:
            return decision
        steps[place] = replace(ask, text=_first_time(work, ask.text))
        return replace(decision, steps=tuple(steps))
    read = _as_read(work, found, ask)
    if read is None:
        return decision
    words, shown = read
    is_order = found.need.name in _ORDERS or found.need.type_name in _ORDERS
    question = _phrase(work, "seen_order" if is_order else "seen", words=shown)
    alone = is_order and len(decision.needs) == 1
    steps[place] = replace(ask, text=question if alone else joined((_first_time(work, ask.text), question)))
    work.note("picture", f"{found.need.name} may be {shown}, as picture {found.picture} says: the customer is asked")
    kept = replace(memory, open=(*memory.open[:-1], put(state, found, words)))
    return replace(decision, steps=tuple(steps), memory=kept)


def _has_come_lately(work: TurnWork) -> bool:
    """Whether a picture came with the message, or shortly before it, and has served for nothing else."""
    if any(event.kind == "picture" for event in work.trace):
        return False
    message, before = work.message, work.before
    for number in range(len(before), max(len(before) - _LATELY, 0), -1):
        last = before[number - 1]
        if _has_picture(message):  # the answer to a guide that asked for one is no second one
            return not (isinstance(last.outcome, Asked) and any(map(asks_for_a_picture, last.outcome.needs)))
        if _used_pictures_up(last):
            return False
        message = last.message
    return _has_picture(message)


def _has_picture(message: Message) -> bool:
    return message.author == "customer" and any(each.is_image for each in message.attachments)


def _used_pictures_up(turn: Turn) -> bool:
    """Whether a turn ended with a person or what a guide is for, or told what a picture says: pictures by then were for that."""
    if any(event.kind == "picture" for event in turn.trace):
        return True
    if isinstance(turn.outcome, Answered):
        return any(event.kind in {"guide", "dropped"} for event in turn.trace)
    return isinstance(turn.outcome, HandedOver)


def _for_somebody_who_sees(work: TurnWork, decision: Decision) -> Decision:
    """The decision, its question for a picture left out: the one that is there goes to a person, as an answer to it would."""
    memory, guide = decision.memory, decision.memory.open[-1].title
    work.note("picture", f"“{guide}” asks for {', '.join(decision.needs)}, and a picture has come already")
    step = HandOverStep("low_confidence", why=because("picture_for_an_answer", guide=guide, names=decision.needs))
    first, *_ = sorted((*memory.owed, step), key=lambda each: not each.urgent)
    kept = replace(memory, open=memory.open[:-1], owed=(), handed_over=True)
    return replace(decision, outcome="handed_over", needs=(), hand_over=first, memory=kept)


def _shown_to_customer(work: TurnWork, memory: Memory) -> Pictured | None:
    """What the last question named, if it named what a picture says."""
    found = waits_for(work.parts.shop.kernel, memory.open[-1]) if memory.open else None
    return found if found is not None and found.was_put else None


def _answer(work: TurnWork, text: str, shown: Pictured) -> bool | None:
    """True where the customer agrees to it and to nothing else, False where they say no, None for anything else."""
    about = phrase("seen", base_language(work.language), words=shown.words)
    read = work.parts.understander.reader(work.moment).read(
        Wanted("", "confirmation", about=about), Utterance(text), direct=True
    )
    return read.value if isinstance(read.value, bool) else None


def _as_read(work: TurnWork, found: Pictured, ask: Step) -> tuple[str, str] | None:
    """What a yes will stand for, and how it is shown; None where the words are no value of what is asked for."""
    need, words = found.need, found.words
    if need.kind != "value":
        choices = ask.data.get("choices", ())
        named = _named(work, found, [str(one) for one in choices] if isinstance(choices, Sequence) else [])
        return (named, named) if named else None
    wanted = Wanted(need.name, "value", need.type_name)
    read = work.parts.understander.reader(work.moment).read(wanted, Utterance(words, (need.name,)), direct=True).value
    if read is UNKNOWN or read is None:
        return None
    if (need.type_name or need.name) == "text":
        return (words, words) if _CODE.fullmatch(words) or _is_product(work, words) else None
    return words, _told(work, read)


def _named(work: TurnWork, found: Pictured, choices: Sequence[str]) -> str:
    """The one choice on offer that a picture names; empty for none, or several."""
    offered = tuple(Choice(name, name, (name,)) for name in choices)
    wanted = Wanted(found.need.name, "one", choices=offered)
    read = work.parts.understander.reader(work.moment).read(wanted, Utterance(found.words, (wanted.name,)), direct=True)
    return str(read.value[0]) if isinstance(read.value, tuple) and len(read.value) == 1 else ""


def _is_product(work: TurnWork, words: str) -> bool:
    """Whether words are the name of a product that the shop sells."""
    catalog = work.parts.shop.catalog
    wanted = words.casefold()
    return catalog is not None and any(wanted == title.casefold() for _, title in catalog.titles())


def _told(work: TurnWork, value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return work.wording.date(value)
    return label(value)


def _first_time(work: TurnWork, text: str) -> str:
    """A question without the sentence ahead of it that says it is asked again."""
    for name in _AGAIN:
        ahead = f"{_phrase(work, name)} "
        if text.startswith(ahead):
            return _from(text, len(ahead))
    return text


def _from(text: str, start: int) -> str:
    """A text from a place on; its parts stay what they are."""
    kept = []
    for part in parts_of(text):
        kept.append(replace(part, text=part.text[max(0, start) :]))
        start -= len(part.text)
    return Worded(kept)


def _phrase(work: TurnWork, name: str, **values: str) -> Worded:
    return phrase(name, work.language, familiar=work.familiar, **values)
