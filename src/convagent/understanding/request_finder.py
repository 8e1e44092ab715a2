"""Which requests a message makes: the guide that each of its parts means, or a question that articles answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import takewhile
from typing import Protocol

from convagent.guidance.interpreter.requests import Request
from convagent.understanding.alternatives import halves_at_otherwise, without_otherwise
from convagent.understanding.content_words import asks_about_what_was_said, content_words
from convagent.understanding.for_articles import HARDLY, SURE_ANSWER, rather_for_articles
from convagent.understanding.gist import (
    is_a_question,
    leans_on_what_was_said,
    only_particulars,
    refers_back,
    wants_something,
)
from convagent.understanding.matcher import GATE, Match
from convagent.understanding.questions_beside import QuestionsBeside
from convagent.understanding.rewriting import self_contained

__all__ = ["FOLLOW_UP_WORDS", "LEAST", "LEAST_OF_A_WORD", "TOO_CLOSE", "RequestFinder"]

TOO_CLOSE = 0.8
"""Two guides are too close to tell apart when the second is at least this share of the first."""

LEAST = 0.15
"""A guide is meant only when it is this probable by itself: many guides that are each hardly meant add up to none."""

TIMES_AN_EQUAL_SHARE, MOST_OF_FEW = 3, 0.22
"""Among few guides each has a large share of whatever sounds like any of them: there it must be so many times as probable as if
all were alike, up to that probability. From 20 guides on `LEAST` is more. Set on a made shop of 15 guides."""

LEAST_OF_A_WORD = 0.6
"""A single word means a guide from this probability on: "refund" does, "Tuesday" is merely near to something."""

FOLLOW_UP_WORDS = 9
"""Longer messages stand for themselves."""

SECOND, SURE_HALF, MOST_HALVES = 0.15, 0.6, 4
"""A text may mean two guides when the second is this probable; it does when both of its halves are so probably one each."""


class Matches(Protocol):
    """What `convagent.understanding.matcher.Matcher` does."""

    @property
    def labels(self) -> tuple[str, ...]: ...
    def match_all(self, texts: Sequence[str], *, language: str) -> list[Match]: ...


@dataclass(frozen=True)
class RequestFinder:
    """Finds what messages to one shop ask for. Threads may share it.

    Attributes:
        matcher: Learnt from the guides' examples, None for a shop without any.
        read: What is made of a text before it is compared.
        safeguards: Titles of the guides that are tried on every message and that no request is for.
        about_own: Titles of the guides that deal with the customer's own records.
        that_act: Titles of the guides that do something outside of the conversation.
        guide_from: A message means a guide from this probability on, 0 to 1.
        beside: Tells questions that sound like a guide from requests for it.
    """

    matcher: Matches | None
    read: Callable[[str], str]
    safeguards: frozenset[str] = frozenset()
    about_own: frozenset[str] = frozenset()
    that_act: frozenset[str] = frozenset()
    guide_from: float = GATE
    beside: QuestionsBeside = field(default_factory=lambda: QuestionsBeside({}))

    @cached_property
    def least(self) -> float:
        """A guide is meant only when it is this probable, with those that are too close to tell apart from it."""
        guides = len(self.matcher.labels) if self.matcher is not None else 0
        return min(MOST_OF_FEW, max(LEAST, TIMES_AN_EQUAL_SHARE / max(guides, 1)))

    def find(
        self, text: str, segments: Sequence[str], last: str, answerable: Callable[[str], float], language: str
    ) -> tuple[Request, ...]:
        """What a message asks for; at least one request, whose label is None where no guide is meant.

        They stand in its order, but what articles answer comes before what guides are for.

        Args:
            text: The message.
            segments: Its parts.
            last: The words of the last request, for follow-ups; empty for none.
            answerable: How sure it is that an article answers a text, 0 to 1.
            language: The message's.
        """
        parts = _asking(segments, text)
        *of_parts, match = self._evident([*parts, text], language)
        parts, matches = self._divided(parts, of_parts, language)
        parts, matches, otherwise = self._alternatives(parts, matches, language)
        whole = self._request(text, match, answerable)
        if len(parts) == 1:
            own = self._request(parts[0], matches[0], answerable)
            chosen = own if own.label is not None or whole.label is None else whole
            with_text = _with_text(chosen, text, match) if chosen.label else chosen
            return (self._with_context(with_text, last, answerable, language),)
        found = _with_leads(
            [self._request(part, match, answerable) for part, match in zip(parts, matches, strict=True)]
        )
        if any(request.label is not None and request.label == whole.label for request in found):
            # "the teapot is smaller than I thought. I would like to send it back": the first sentence asks for nothing
            found = [
                request
                for request in found
                if request.label == whole.label or wants_something(request.text) or request.text in otherwise
            ]
        labels = list(dict.fromkeys(request.label for request in found if request.label is not None))
        if not labels:
            return self._unlabelled(whole, found, last, answerable, language)
        out: list[Request] = []
        for place, request in enumerate(found):
            if request.label is not None:
                if all(request.label != other.label for other in out):
                    out.append(replace(request, only_if_refused=request.text in otherwise and bool(out)))
                continue
            leant_on = "?" not in request.text and any(refers_back(other.text) for other in found[place + 1 :])
            sure = answerable(request.text) if is_a_question(request.text) and not leant_on else 0.0
            if sure >= SURE_ANSWER:
                out.append(_answered(request, sure))
        if len(out) == 1 and out[0].label is not None:
            out = [_with_text(out[0], text, match)]
        # an answer needn't wait until a guide has asked for all it needs
        out.sort(key=lambda request: request.label is not None)
        details = " ".join(part for part in segments if only_particulars(part))
        return tuple(replace(r, text=f"{r.text} {_of_no_other(details, r.text)}".strip(), query="") for r in out)

    def compared(self, text: str, segments: Sequence[str]) -> list[str]:
        """What `find` compares first of a message, as it is compared."""
        return [self.read(each) for each in (*_asking(segments, text), text)]

    def _evident(self, texts: Sequence[str], language: str) -> list[Match]:
        found = self._match([self.read(text) for text in texts], language)
        evident = [_evident(text, match) for text, match in zip(texts, found, strict=True)]
        return [
            replace(match, label=None)
            if match.label is not None and self._is_beside(text, match.label, language)
            else match
            for text, match in zip(texts, evident, strict=True)
        ]

    def _is_beside(self, text: str, guide: str, language: str) -> bool:
        return self.beside.are_beside(text, guide, language=language)

    def _divided(self, parts: Sequence[str], matches: Sequence[Match], language: str) -> tuple[list[str], list[Match]]:
        """The parts, those divided at an "and" that mean two guides: "cancel my order and skip the next delivery"."""
        out: list[tuple[str, Match]] = []
        for part, match in zip(parts, matches, strict=True):
            pieces = [(part, match)]
            for halves in _halves(part) if len(match.ranked) > 1 and match.ranked[1][1] >= SECOND else ():
                found = self._evident(halves, language)
                labels = {half.label for half in found if half.probability >= SURE_HALF}
                if len(labels) == len(halves) and None not in labels:
                    pieces = list(zip(halves, found, strict=True))
                    break
            out += pieces
        return [part for part, _ in out], [match for _, match in out]

    def _alternatives(
        self, parts: Sequence[str], matches: Sequence[Match], language: str
    ) -> tuple[list[str], list[Match], frozenset[str]]:
        """The parts, with those apart that are wanted only if the one before can't be: both must mean a guide each."""
        out: list[tuple[str, Match]] = []
        otherwise: set[str] = set()
        for part, match in zip(parts, matches, strict=True):
            bare, halves = without_otherwise(part) if out else "", halves_at_otherwise(part)
            if bare or halves:
                first, second = self._evident(
                    [halves[0] if halves else out[-1][0], halves[1] if halves else bare], language
                )
                if first.label is not None and second.label not in {None, first.label}:
                    out += [(halves[0], first), (halves[1], second)] if halves else [(bare, second)]
                    otherwise.add(out[-1][0])
                    continue
            out.append((part, match))
        return [part for part, _ in out], [match for _, match in out], frozenset(otherwise)

    def asked_on(self, text: str, last: str, answerable: Callable[[str], float], language: str) -> tuple[Request, ...]:
        """What a message of bare words wants: nothing, or more about the last request. It never opens a guide that acts."""
        if not last or not asks_about_what_was_said(text):
            return ()
        request = self._with_context(Request(text), last, answerable, language)
        return () if request.label in self.that_act else (request,)

    def _unlabelled(
        self, whole: Request, found: Sequence[Request], last: str, answerable: Callable[[str], float], language: str
    ) -> tuple[Request, ...]:
        """No part is a guide's by itself: the whole may be, or articles answer the parts that ask something."""
        if whole.label is not None:
            return (whole,)
        asked = [_answered(request, answerable(request.text)) for request in found]
        sure = [request for request in asked if (request.answerable or 0) >= SURE_ANSWER]
        if len(sure) > 1 and not any(refers_back(request.text) for request in sure[1:]):
            return tuple(sure)
        together = self._with_context(whole, last, answerable, language)
        best = max([together, *asked], key=lambda request: request.answerable or 0)
        return (together if together.label is not None else best,)

    def _match(self, texts: Sequence[str], language: str) -> list[Match]:
        if self.matcher is None:
            return [_NO_MATCH] * len(texts)
        found = self.matcher.match_all(texts, language=language)
        if self.guide_from == GATE:
            return found
        sure = (match.ranked[:1] and match.probability >= self.guide_from for match in found)
        return [replace(m, label=m.ranked[0][0] if is_sure else None) for m, is_sure in zip(found, sure, strict=True)]

    def _request(self, text: str, match: Match, answerable: Callable[[str], float]) -> Request:
        """The guide that a text means. A question about how things are in general is for the articles, if they answer it."""
        safeguards = self.safeguards
        ranked = tuple([guide for guide in match.ranked if guide[0] not in safeguards])
        label = (
            match.label
            if match.label not in self.safeguards and match.ranked[:1] and self._stands_out(match.ranked)
            else None
        )
        if label is not None:
            chance = match.ranked[0][1] if label in self.about_own else match.probability
            sure = rather_for_articles(text, chance, about_own=label in self.about_own, answerable=answerable)
            if sure is not None:
                return Request(text, None, 0.0, ranked, (), sure)
        close: tuple[str, ...] = ()
        if label is not None and len(ranked) > 1 and ranked[1][1] >= TOO_CLOSE * ranked[0][1]:
            close = tuple(title for title, p in ranked[:3] if p >= TOO_CLOSE * ranked[0][1])
        return Request(text, label, match.probability if label is not None else 0.0, ranked, close)

    def _stands_out(self, ranked: Sequence[tuple[str, float]]) -> bool:
        """Whether the best guide is probable enough, together with those that are too close to tell apart from it."""
        best = ranked[0][1]
        together = sum(p for _, p in ranked[:3] if p >= TOO_CLOSE * best)
        return best >= LEAST and together >= self.least

    def _with_context(self, request: Request, last: str, answerable: Callable[[str], float], language: str) -> Request:
        """A short message that means nothing by itself is read together with what it follows."""
        if request.label is not None:
            return self._rather_in_context(request, last, answerable, language)
        sure = answerable(request.text)
        is_short = bool(last) and len(request.text.split()) <= FOLLOW_UP_WORDS
        leans = leans_on_what_was_said(request.text)
        if sure < SURE_ANSWER and is_short:
            together = self._match([self.read(f"{last} {request.text}")], language)[0]
            follow_up = self._request(request.text, together, answerable)
            if leans and follow_up.label is not None and not self._is_beside(request.text, follow_up.label, language):
                return follow_up
        if is_short and (leans or sure < SURE_ANSWER):
            query = self_contained(request.text, last, language=language)
            with_topic = answerable(query) if query != request.text else 0.0
            likelier = with_topic > sure + (_PLAINLY_MORE if sure >= _BY_ITSELF else 0.0)
            if likelier or (sure < _BY_ITSELF and with_topic >= SURE_ANSWER):
                return replace(_answered(request, with_topic), query=query)
        return _answered(request, sure)

    def _rather_in_context(
        self, request: Request, last: str, answerable: Callable[[str], float], language: str
    ) -> Request:
        """A question like "what does that cost?", which hardly means a guide, is an article's that answers it of what "that" is.

        A guide of other words is near to it only because it says nothing by itself; neither does "and by express?".
        """
        text = request.text
        if not last or request.probability >= HARDLY or len(text.split()) > FOLLOW_UP_WORDS:
            return request
        if not (is_a_question(text) and (refers_back(text) or leans_on_what_was_said(text))):
            return request
        query = self_contained(text, last, language=language)
        sure = answerable(query) if query != text else 0.0
        if sure < SURE_ANSWER or sure <= request.probability:
            return request
        return Request(text, None, 0.0, request.ranked, (), sure, query=query)


_BY_ITSELF, _PLAINLY_MORE = 0.45, 0.15
"""What an article answers so probably by itself has a topic of its own: that of the message before takes its place only where an
article then answers so much more probably. "And what does a return cost?" asks nothing of the parcel that was spoken of."""

_SENTENCES = re.compile(r"[.!?]+(?:\s+|$)")
_SURELY = 0.9
"""A part of a message that means a guide so probably is a request of its own, whatever leans on it."""


def _with_leads(found: Sequence[Request]) -> list[Request]:
    """The requests, with what only tells of what the next one speaks of: "the trainers are black. Can you change them?"."""
    out: list[Request] = []
    for request in found:
        told: list[Request] = []
        if request.label is not None and any(map(refers_back, _SENTENCES.split(request.text))):
            told = list(takewhile(partial(_only_tells, request), reversed(out)))[::-1]
        if any(each.label is not None for each in told):
            out[-len(told) :] = [replace(request, text=" ".join(each.text for each in (*told, request)))]
        else:
            out.append(request)
    return out


def _only_tells(request: Request, before: Request) -> bool:
    """Whether a part of a message only leads up to a request behind it."""
    return before.label != request.label and before.probability < _SURELY and not wants_something(before.text)


_NUMBER = re.compile(r"(?<![\w@.,/-])#?\d{3,}(?![\w@]|[.,]\d)")
"""What may be a record's number."""

_NUMBERED = re.compile(r"(?<![\w@.,/-])#\d{3,}(?![\w@]|[.,]\d)")


def _of_no_other(details: str, text: str) -> str:
    """Details of a message for one of its requests: who names an order of their own doesn't mean the one beside it."""
    if _NUMBER.search(text) is None:
        return details
    other = _NUMBERED if "@" in details else _NUMBER  # beside an e-mail address a bare number may be a postcode
    return " ".join(other.sub(" ", details).split())


def _asking(segments: Sequence[str], text: str) -> list[str]:
    """The parts of a message that may ask for something; all of it where none does."""
    return [part for part in segments if not only_particulars(part)] or [text]


_AND = re.compile(r"\s+(?:and|und|et)\s+", re.IGNORECASE)


def _halves(text: str) -> list[tuple[str, str]]:
    """A text before and behind each "and" in it, where both have more words than one."""
    pairs = [(text[: found.start()].strip(), text[found.end() :].strip()) for found in _AND.finditer(text)]
    return [pair for pair in pairs[:MOST_HALVES] if all(len(half.split()) > 1 for half in pair)]


_NO_MATCH = Match((), 0.0, None, ())


def _evident(text: str, match: Match) -> Match:
    """The match; without its label where the text has no word that could mean it, or one that hardly does."""
    words = len(content_words(text))
    weak = words == 0 or (words == 1 and match.probability < LEAST_OF_A_WORD)
    return replace(match, label=None) if weak else match


def _answered(request: Request, sure: float) -> Request:
    return Request(request.text, request.label, request.probability, request.ranked, request.close, sure)


def _with_text(request: Request, text: str, match: Match) -> Request:
    """A request that a message's part makes, as that of the message, which `match` is of."""
    of_whole = next((chance for title, chance in match.ranked if title == request.label), 0.0)
    return Request(
        text, request.label, request.probability, request.ranked, request.close, request.answerable, of_whole=of_whole
    )
