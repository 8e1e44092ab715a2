"""A model's answer as data, held against its sources: labels that exist, words that the customer wrote, nothing else."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from convagent.errors import ModelError
from convagent.guidance.interpreter.world import Quote
from convagent.guidance.language.judgements import judgement_key
from convagent.understanding.by_model.asked import A_QUESTION, NONE_OF_THESE, PRODUCTS, Asked, AskedNeed
from convagent.understanding.by_model.pictured import MOST_IN_A_PICTURE, of_picture
from convagent.understanding.by_model.sources import MOST_QUOTED, clause_of, stands_in

__all__ = ["ModelReading", "ModelRequest", "Verdict", "read_answer"]

MOST_REQUESTS, MOST_SLOTS, MOST_VERDICTS = 5, 24, 32
"""What is read of an answer's lists; what stands behind them is left."""

_LONGEST = 40_000
"""Characters of an answer; no answer to what is asked is as long."""

_VERDICTS: Mapping[str, bool | None] = {"true": True, "false": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """Something that the customer wants, as the model reads it.

    Attributes:
        guide: Title of the guide that is meant, None for none.
        words: The customer's own words for it; empty for a message of pictures alone.
        products: Whether it is for the shopping assistant.
        question: Whether it is a question for the help centre.
        only_if_refused: Whether it is wanted only where the one before it can't be met.
    """

    guide: str | None
    words: str
    products: bool = False
    question: bool = False
    only_if_refused: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says to a judgement, with the customer's words that show it (none are needed for a no)."""

    judgement: str
    holds: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class ModelReading:
    """What is left of a model's answer.

    Attributes:
        requests: In the customer's order.
        quotes: Words that give Needs their values.
        pictured: What pictures say, which gives no value before the customer has confirmed it.
        verdicts: On judgements and on what safeguards are about.
        answers_open: Whether the open question is answered; None for unknown, or where none is open.
        upset: 0 to 3, with the words that show it; 0 without them.
        upset_words: Those words.
        wants_person: The words that ask for a person, empty for none.
        thanks_only: The message thanks, and nothing else.
        language: One of the shop's, empty for any other.
        dropped: What was not taken over, for the trace: never the model's words.
    """

    requests: tuple[ModelRequest, ...] = ()
    quotes: tuple[Quote, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    answers_open: bool | None = None
    upset: int = 0
    upset_words: str = ""
    wants_person: str = ""
    thanks_only: bool = False
    language: str = ""
    dropped: tuple[str, ...] = ()
    pictured: tuple[Quote, ...] = ()


def read_answer(answer: str, asked: Asked) -> ModelReading:
    """What may be used of an answer.

    Labels, Needs and judgements that weren't asked about are dropped, and so is what rests on words that don't stand in the
    message; a list that is too long is cut. What a part lacks is as if the model had said nothing of it.

    Args:
        answer: What the model wrote.
        asked: What it was asked.

    Raises:
        ModelError: `model-unusable`: it is no JSON object, or tells of no requests.
    """
    data = _object(answer)
    if not isinstance(data.get("requests"), list):
        raise ModelError("the answer does not say what is wanted", code="model-unusable")
    dropped: list[str] = []
    signals = data.get("signals")
    signals = signals if isinstance(signals, dict) else {}
    upset_words = stands_in(_text(signals, "upset_words"), asked.message)
    upset = signals.get("upset")
    language = _text(data, "language")
    quotes = tuple(dict.fromkeys(_quotes(data.get("slots"), asked, dropped)))
    return ModelReading(
        tuple(_requests(data["requests"], asked, dropped)),
        quotes,
        tuple(_verdicts(data.get("verdicts"), asked, dropped)),
        _VERDICTS.get(_text(data, "answers_open_question")) if asked.question else None,
        upset if upset_words and isinstance(upset, int) and not isinstance(upset, bool) and 0 < upset <= 3 else 0,
        upset_words,
        stands_in(_text(signals, "wants_person"), asked.message),
        signals.get("thanks_only") is True,
        language if language in asked.languages else "",
        tuple(dict.fromkeys(dropped)),
        tuple(_pictured(data.get("slots"), asked, {quote.need for quote in quotes}, dropped)),
    )


def _object(answer: str) -> dict[str, Any]:
    """The one object of an answer, also where a server put a fence or a word around it.

    Raises:
        ModelError: `model-unusable`: there is none.
    """
    start, end = answer.find("{"), answer.rfind("}")
    if 0 <= start < end and len(answer) <= _LONGEST:
        try:
            data = json.loads(answer[start : end + 1], strict=False)
        except (ValueError, RecursionError):
            data = None
        if isinstance(data, dict):
            return data
    raise ModelError("the answer is no JSON object", code="model-unusable")


def _requests(items: list[Any], asked: Asked, dropped: list[str]) -> Iterator[ModelRequest]:
    titles = {" ".join(title.casefold().split()): title for title in asked.titles}
    if len(items) > MOST_REQUESTS:
        dropped.append(f"more than {MOST_REQUESTS} requests")
    met: set[tuple[str | None, str]] = set()
    for item in _mappings(items[:MOST_REQUESTS], dropped):
        label = " ".join(_text(item, "guide").split())
        if label == NONE_OF_THESE:
            continue
        title = titles.get(label.casefold())
        if (
            title is None
            and not (label == A_QUESTION and asked.articles)
            and not (label == PRODUCTS and asked.shopping)
        ):
            dropped.append("a label that is none")
            continue
        words = clause_of(_text(item, "words"), asked.message)
        if not words and len(items) > 1:
            dropped.append("a request in words that the customer didn't write")
            continue
        if (title, "" if title else words) in met:
            continue
        met.add((title, "" if title else words))
        yield ModelRequest(
            title, words or asked.message, label == PRODUCTS, label == A_QUESTION, item.get("only_if_refused") is True
        )


def _quotes(items: Any, asked: Asked, dropped: list[str]) -> Iterator[Quote]:
    needs = {need.name: need for need in asked.needs}
    for item in _mappings(items, dropped, most=MOST_SLOTS):
        need = needs.get(_text(item, "need"))
        if need is None:
            dropped.append("a detail that wasn't asked for")
            continue
        if _picture(item):
            continue
        words = stands_in(_text(item, "quote"), asked.message)
        if not words:
            dropped.append(f"{need.name}: words that the customer didn't write")
            continue
        yield Quote(need.name, words, _choice(item, need, dropped))


def _choice(item: Mapping[str, Any], need: AskedNeed, dropped: list[str]) -> str:
    """The choice that a detail names, as the guide writes it where it writes choices out."""
    choice = " ".join(_text(item, "choice").split())[:MOST_QUOTED]
    written = {" ".join(name.casefold().split()): name for name in need.choices}
    if written and choice and choice.casefold() not in written:
        dropped.append(f"{need.name}: a choice that is none")
        choice = ""
    return written.get(choice.casefold(), choice)


def _pictured(items: Any, asked: Asked, given: Collection[str], dropped: list[str]) -> Iterator[Quote]:
    """What pictures say of Needs that the message's words say nothing of: one short text for each."""
    needs = {need.name: need for need in asked.needs if need.pictured}
    found: dict[str, Quote] = {}
    unclear = set[str]()
    for item in _mappings(items, [], most=MOST_SLOTS):
        need, picture = needs.get(_text(item, "need")), _picture(item)
        if not picture or need is None or picture > len(asked.images):
            if picture:
                dropped.append("a detail that no picture may give")
            continue
        words = " ".join(_text(item, "quote").split())
        if not any(map(str.isalnum, words)) or len(words) > MOST_IN_A_PICTURE or not words.isprintable():
            dropped.append(f"{need.name}: no detail in a picture")
            continue
        quote = of_picture(picture, need.name, words, _choice(item, need, dropped) if need.choices else "")
        if found.setdefault(need.name, quote).words != quote.words:
            unclear.add(need.name)
    yield from (quote for name, quote in found.items() if name not in unclear and name not in given)


def _picture(item: Mapping[str, Any]) -> int:
    """The number of the picture that a detail is said to stand in; 0 for the message's words."""
    number = item.get("picture")
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else 0


def _verdicts(items: Any, asked: Asked, dropped: list[str]) -> Iterator[Verdict]:
    keys = {judgement_key(text): text for text in asked.verdicts}
    met: dict[str, Verdict] = {}
    for item in _mappings(items, dropped, most=MOST_VERDICTS):
        judgement = keys.get(judgement_key(_text(item, "judgement")))
        holds = _VERDICTS.get(_text(item, "verdict"))
        if judgement is None:
            dropped.append("a judgement that wasn't asked for")
            continue
        if holds is None:
            continue
        quote = _text(item, "quote")
        words = stands_in(quote, asked.message)
        if not words and (holds or quote.strip()):
            dropped.append(f"“{judgement}”: words that the customer didn't write")
            continue
        before = met.get(judgement)
        met[judgement] = Verdict(judgement, holds or (before is not None and before.holds), words)
    yield from met.values()


def _mappings(items: Any, dropped: list[str], *, most: int = MOST_REQUESTS) -> Iterator[Mapping[str, Any]]:
    """The objects of a list, at most so many."""
    if not isinstance(items, list):
        return
    if len(items) > most:
        dropped.append(f"a list of more than {most}")
    for item in items[:most]:
        if isinstance(item, dict):
            yield item
        else:
            dropped.append("an entry that is none")


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
