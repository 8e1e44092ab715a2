"""What the embedded parts understood and what a model read, together: the model adds, the embedded parts hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from convagent.guidance.interpreter.requests import Heard, Request
from convagent.guidance.interpreter.world import Quote
from convagent.guidance.language.judgements import judgement_key
from convagent.understanding.by_model.asked import Asked
from convagent.understanding.by_model.reading import ModelReading, ModelRequest
from convagent.understanding.by_model.weighing import standing
from convagent.understanding.for_articles import SURE_ANSWER
from convagent.understanding.gist import only_particulars
from convagent.understanding.segments import split_requests
from convagent.understanding.signals import Signals
from convagent.understanding.understood import Understood, requests_data, told_of

__all__ = ["READ_BY_MODEL", "Combined", "ModelJudge", "combined", "verdicts_of"]

READ_BY_MODEL = 0.9
"""How probable a request is taken to be that a model reads out of a message."""

STAYS = 0.9
"""A guide that the embedded parts find so probable in one of several parts stays, where the model sees none in it."""

_JUDGED = "it seems "
_MOST_THANKS = 20
_IS = {True: "true", False: "false"}


@dataclass(frozen=True, slots=True)
class ModelJudge:
    """`it seems "…"` by the embedded judge and a model's verdicts.

    The model settles what the judge is unsure of, and finds what it missed; it takes back nothing that it found.

    Attributes:
        judge: The embedded one.
        verdicts: By judgement, as `judgement_key` has it.
    """

    judge: Callable[[str], bool | None]
    verdicts: Mapping[str, bool] = field(default_factory=dict)

    def __call__(self, judgement: str) -> bool | None:
        """True, false or None (unsure)."""
        own = self.judge(judgement)
        said = self.verdicts.get(judgement_key(judgement))
        return own if said is None else own or said


@dataclass(frozen=True, slots=True)
class Combined:
    """A message as both understood it.

    Attributes:
        understood: For the turn.
        changes: What the model changed, a line each, for the trace.
        data: The same as data.
    """

    understood: Understood
    changes: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


def verdicts_of(quotes: Iterable[Quote]) -> dict[str, bool]:
    """Verdicts that are kept beside the words they were read from; a yes to one message isn't undone by the next."""
    found: dict[str, bool] = {}
    for quote in quotes:
        if quote.need.startswith(_JUDGED):
            key = quote.need.removeprefix(_JUDGED)
            found[key] = quote.choice == _IS[True] or found.get(key, False)
    return found


def combined(
    understood: Understood,
    reading: ModelReading,
    asked: Asked,
    *,
    answerable: Callable[[str], float],
    answer_from: float = 0.5,
    waiting_for_answer: bool = False,
) -> Combined:
    """What a turn goes by once a model has read the message.

    Requests are the model's where it found any, each with the customer's own words; where the embedded parts take the message
    for one thing and it for another, its word is weighed against theirs, and the customer asked where it is about even
    (`weighing`). A safeguard that is sure stays so; one that is unsure is settled, one that was missed is added. A
    mood rises by one degree at most. Whatever the model says of facts or of the customer's consent is not read at all.

    Args:
        understood: By the embedded parts.
        reading: By the model.
        asked: What it was asked.
        answerable: How sure it is that an article answers a text, 0 to 1.
        answer_from: An article answers from this probability on.
        waiting_for_answer: Whether a question of the agent's is open.
    """
    heard, changes = understood.heard, list[str]()
    requests = _requests(heard, reading, answerable, may_ask=not waiting_for_answer)
    if _told(requests) != _told(heard.requests):
        changes.append(f"it is about {_named(requests)} instead of {_named(heard.requests)}")
    safeguards = _safeguards(heard, reading, asked)
    for title in dict.fromkeys((*heard.safeguards, *safeguards)):
        before, now = heard.safeguards.get(title, False), safeguards.get(title, False)
        if before is not now:
            changes.append(f"“{title}” is {_IS[bool(now)]} instead of {'unsure' if before is None else _IS[before]}")
    signals = _signals(understood.signals, reading, changes)
    judged = {judgement_key(one.judgement): one for one in reading.verdicts if one.judgement in asked.judgements}
    grave = {about for about, _ in asked.grave}
    own = {key: one for key, one in judged.items() if one.judgement not in grave}
    quotes = (
        *reading.quotes,
        *reading.pictured,
        *(Quote(_JUDGED + key, one.words, _IS[one.holds]) for key, one in own.items()),
    )
    changes += [f"{quote.need} may be read from “{quote.words}”" for quote in reading.quotes]
    changes += [f"{quote.need} may be “{quote.words}”, if the customer says so" for quote in reading.pictured]
    changes += [f"it seems “{one.judgement}”: {_IS[one.holds]}" for one in own.values()]
    silent = heard.silent
    if _only_thanks(heard, reading, requests, safeguards, answer_from) and not waiting_for_answer:
        silent = "thanks"
        changes.append("it only thanks")
    if reading.answers_open is not None:
        changes.append(f"it {'answers' if reading.answers_open else 'does not answer'} the open question")
    language = heard.language
    if reading.language and reading.language != language and understood.signals.language not in asked.languages:
        language = reading.language
        changes.append(f"it is written in {language}")
    heard = replace(
        heard, requests=requests, safeguards=safeguards, silent=silent, language=language, upset=signals.upset,
        signals=signals.noticed(), answers_open=reading.answers_open, quotes=quotes,
        greeting=heard.greeting and not requests, praise=heard.praise and not requests,
    )  # fmt: skip
    judge = ModelJudge(understood.judge, {key: one.holds for key, one in own.items()})
    data = {**understood.data, "signals": signals.noticed(), "requests": requests_data(heard)}
    both = Understood(heard, signals, told_of(heard), data, judge)
    return Combined(both, tuple(changes), _as_data(reading, requests, safeguards))


def _requests(
    heard: Heard, reading: ModelReading, answerable: Callable[[str], float], *, may_ask: bool
) -> tuple[Request, ...]:
    found = [_request(heard, one, answerable, alone=len(reading.requests) == 1) for one in reading.requests]
    if len(found) > 1:
        found = _with_details(heard.text, found)
    if found:
        if len(heard.requests) == 1:
            return _weighed(heard.requests[0], found, may_ask=may_ask)
        sure = [r for r in heard.requests if r.label is not None and not r.close and _own(r) >= STAYS]
        missed = [r for r in sure if all(r.label != other.label for other in found)]
        # a part that only the embedded parts see beside others is theirs; what both see is the model's
        return (*found, *missed)
    if reading.answers_open is True:
        return tuple(r for r in heard.requests if r.label is None)
    return tuple(_unlabelled(r, answerable) for r in heard.requests)


def _weighed(own: Request, found: Sequence[Request], *, may_ask: bool) -> tuple[Request, ...]:
    """What stands of a message that the embedded parts see one request in: the model's requests, that one, or a question."""
    if own.shopping or any(request.label == own.label for request in found):
        return tuple(found)
    guides = [request for request in found if request.label is not None]
    if not guides:
        return tuple(found) if standing(own, None) == "model" else (replace(own, close=()),)
    verdicts = [(standing(own, request.label), request) for request in guides]
    if all(verdict == "embedded" for verdict, _ in verdicts):
        return (own,)
    if len(found) == 1 and verdicts[0][0] == "ask" and may_ask and own.label is not None:
        other = guides[0]
        return (replace(other, close=(str(other.label), own.label)),)
    return tuple(found)


def _request(heard: Heard, one: ModelRequest, answerable: Callable[[str], float], *, alone: bool) -> Request:
    """A request that the model reads, with what the embedded parts know of it."""
    same = next((r for r in heard.requests if r.label is not None and r.label == one.guide), None)
    near = _nearest(heard, one.words)
    ranked = near.ranked if near is not None else ()
    if one.guide is not None:
        chance = max(READ_BY_MODEL, same.probability if same is not None else 0.0)
        words = (
            same.text if same is not None and (alone or len(heard.requests) > 1) else heard.text if alone else one.words
        )
        return Request(words, one.guide, chance, ranked, only_if_refused=one.only_if_refused and not alone)
    words = heard.text if alone else one.words
    if one.products:
        return Request(words, None, 0.0, ranked, shopping=True)
    sure = answerable(words)
    if near is not None and near.label is None and (near.answerable or 0.0) >= sure:
        return replace(near, close=())
    if alone and near is not None and near.text != words and (other := answerable(near.text)) > sure:
        return Request(near.text, None, 0.0, ranked, answerable=other)
    return Request(words, None, 0.0, ranked, answerable=sure)


def _unlabelled(request: Request, answerable: Callable[[str], float]) -> Request:
    """A request of which the model finds no guide to be meant: it stays where that is the likelier."""
    if request.label is None or request.shopping or (not request.close and standing(request, None) == "embedded"):
        return request
    sure = request.answerable if request.answerable is not None else answerable(request.text)
    return Request(request.text, None, 0.0, request.ranked, (), sure, request.query)


def _own(request: Request) -> float:
    return request.ranked[0][1] if request.ranked and request.ranked[0][0] == request.label else request.probability


def _nearest(heard: Heard, words: str) -> Request | None:
    """The embedded request that has most words with a quote in common; the only one there is."""
    if len(heard.requests) <= 1:
        return heard.requests[0] if heard.requests else None
    quoted = set(words.casefold().split())
    return max(heard.requests, key=lambda r: len(quoted & set(r.text.casefold().split())))


def _with_details(text: str, requests: Sequence[Request]) -> list[Request]:
    """Requests of a message with several, each with the details that stand by themselves: an order's number, an address."""
    parts = split_requests(text).segments
    details = " ".join(part for part in parts if only_particulars(part) and all(part not in r.text for r in requests))
    if not details:
        return list(requests)
    return [replace(r, text=f"{r.text} {details}") if r.label is not None else r for r in requests]


def _safeguards(heard: Heard, reading: ModelReading, asked: Asked) -> dict[str, bool | None]:
    """Safeguards that the message is meant by, or may be: what is sure stays."""
    titles = dict(asked.grave)
    found = dict(heard.safeguards)
    for one in reading.verdicts:
        title = titles.get(one.judgement)
        if title is None or found.get(title, False) is True:
            continue
        if one.holds:
            found[title] = True
        elif title in found:
            del found[title]
    return found


def _signals(signals: Signals, reading: ModelReading, changes: list[str]) -> Signals:
    """What was noticed, with a wish for a person, and a mood that is a degree worse, where the customer's words show it."""
    evidence = dict(signals.evidence)
    person, upset = signals.asks_for_person, signals.upset
    if reading.wants_person and not person:
        person = True
        evidence["asks_for_person"] = (reading.wants_person,)
        changes.append(f"a person is asked for: “{reading.wants_person}”")
    if reading.upset > upset:
        upset = upset + 1
        evidence["upset"] = (*evidence.get("upset", ()), reading.upset_words)
        changes.append(f"the mood is {upset} of 3: “{reading.upset_words}”")
    return replace(signals, asks_for_person=person, upset=upset, evidence=evidence)


def _only_thanks(
    heard: Heard, reading: ModelReading, requests: Sequence[Request], safeguards: Mapping[str, bool | None],
    answer_from: float,
) -> bool:  # fmt: skip
    """Whether a message needs no reply: only where nothing else speaks against it."""
    asks = any(
        r.label is not None or r.shopping or (r.answerable or 0.0) >= min(answer_from, SURE_ANSWER) for r in requests
    )
    short = len(heard.text.split()) <= _MOST_THANKS and "?" not in heard.text and bool(heard.text.strip())
    return reading.thanks_only and not reading.requests and not asks and short and not safeguards and not heard.upset


def _told(requests: Sequence[Request]) -> list[tuple[str | None, bool, bool]]:
    return [(r.label, r.shopping, bool(r.close)) for r in requests]


def _named(requests: Sequence[Request]) -> str:
    names = (
        " or ".join(f"“{title}”" for title in r.close) if r.close
        else f"“{r.label}”{' (else)' if r.only_if_refused else ''}" if r.label is not None
        else "products" if r.shopping else "a question"
        for r in requests
    )  # fmt: skip
    return ", ".join(names) or "nothing"


def _as_data(
    reading: ModelReading, requests: Sequence[Request], safeguards: Mapping[str, bool | None]
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "guides": [r.label for r in requests if r.label is not None],
        "either": [list(r.close) for r in requests if r.close],
        "safeguards": list(safeguards),
        "slots": {quote.need: quote.words for quote in reading.quotes},
        "judgements": {one.judgement: one.holds for one in reading.verdicts},
    }
    if reading.dropped:
        data["dropped"] = list(reading.dropped)
    return data
