"""text → what is wanted: requests with their guides, signals, language. The only place that interprets a customer's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from convagent.guidance.interpreter.kernel import Kernel
from convagent.guidance.interpreter.requests import Heard, Request, SilentReason
from convagent.search.embedder import Embedder
from convagent.understanding.content_words import asks_about_what_was_said, content_words
from convagent.understanding.gist import asks_in_general, declines, leans_on_what_was_said, mask, only_particulars
from convagent.understanding.glossary import Glossary
from convagent.understanding.guide_kinds import GuideKinds, guide_kinds
from convagent.understanding.judgements import Judge, decided
from convagent.understanding.judging import Judging
from convagent.understanding.learning import learn_guides
from convagent.understanding.matcher import GATE, Match, Matcher
from convagent.understanding.mood import mood_over
from convagent.understanding.reading import WordReader
from convagent.understanding.rewriting import self_contained
from convagent.understanding.segments import split_requests
from convagent.understanding.signals import Signals, read_signals
from convagent.understanding.slots import SlotVocabulary
from convagent.understanding.withdrawal import withdraws

__all__ = ["Understander", "Understood"]

TOO_CLOSE = 0.8
"""Two guides are too close to tell apart when the second is at least this share of the first."""

SURE_ANSWER = 0.6
"""A part of a message is a question of its own, beside a guide's request, from this probability of an answer on."""

LIKELIER = 0.1
"""A general question is for the articles and not for a guide when they answer it with so much more probability."""

LEAST = 0.15
"""A guide is meant only when it is this probable by itself: many guides that are each hardly meant add up to none."""

LEAST_OF_A_WORD = 0.6
"""A single word means a guide from this probability on: "refund" does, "Tuesday" is merely near to something."""

FOLLOW_UP_WORDS = 9
"""Longer messages stand for themselves."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A message as it was understood, with its signals.

    Attributes:
        heard: For deciding.
        signals: Everything that was noticed in the words.
        told: One line for a reader.
        data: For the trace.
        judge: True, false or None (unsure) for `it seems "…"`, of this message and of what the customer wrote before for
            the guide that is open.
    """

    heard: Heard
    signals: Signals
    told: str
    data: Mapping[str, Any]
    judge: Callable[[str], bool | None]


class Understander:
    """Understands messages for one shop. Immutable once fitted.

    Args:
        matcher: Learnt from the guides' examples, None for a shop without any.
        judge: Learnt from what authors taught of safeguards and judgements.
        safeguards: Titles of the guides that are tried on every message, with what the judge calls them.
        glossary: The shop's own words.
        about_own: Titles of the guides that deal with the customer's own records.
        that_act: Titles of the guides that do something outside of the conversation.
        vocabulary: Products, colours, sizes.
        order_pattern: The shop's order numbers.
        currency: What an amount without a sign is in.
        languages: What the shop answers in, its own first.
    """

    def __init__(
        self,
        matcher: Matcher | None,
        *,
        judge: Judge,
        safeguards: Mapping[str, str],
        glossary: Glossary,
        about_own: frozenset[str],
        that_act: frozenset[str],
        vocabulary: SlotVocabulary,
        order_pattern: str,
        currency: str,
        languages: Sequence[str],
        guide_from: float = GATE,
        country: str | None = None,
    ) -> None:
        self._matcher = matcher
        self._guide_from = guide_from
        self._country = country
        self._judge = judge
        self._safeguards = dict(safeguards)
        self._glossary = glossary
        self._about_own = about_own
        self._that_act = that_act
        self._vocabulary = vocabulary
        self._order_pattern = order_pattern
        self._currency = currency
        self._languages = tuple(languages) or ("en",)

    @classmethod
    def fit(
        cls, kernel: Kernel, *, products: Mapping[str, str], order_pattern: str, currency: str, language: str,
        languages: Sequence[str], own_words: Mapping[str, Sequence[str]] | None = None,
        embedder: Embedder | None = None, folder: Path | None = None, guide_from: float = GATE,
        country: str | None = None, kinds: GuideKinds | None = None,
    ) -> Understander:  # fmt: skip
        """Learns a shop's guides from their examples and titles.

        Args:
            kernel: The guides.
            products: Titles by id.
            order_pattern: Regular expression of an order number.
            currency: ISO 4217.
            language: The shop's own language.
            languages: All it answers in.
            own_words: The shop's own words by the ordinary ones, see `Glossary`.
            embedder: Lets messages be understood by their meaning too; one that fails leaves it at their words.
            folder: Where vectors and what was learnt are kept between runs; None for nowhere.
            guide_from: A message means a guide from this probability on, 0 to 1.
            country: ISO 3166-1 code of the country that telephone numbers without a country code belong to.
            kinds: What `guide_kinds` says of the guides, where it is known already; it is found out otherwise.
        """
        kinds = guide_kinds(kernel) if kinds is None else kinds
        ordered = (language, *(other for other in languages if other != language))
        glossary = Glossary(own_words or {})
        learnt = learn_guides(kernel, languages=ordered, glossary=glossary, embedder=embedder, folder=folder)
        return cls(
            learnt.matcher,
            judge=learnt.judge,
            safeguards=learnt.safeguards,
            glossary=glossary,
            about_own=kinds.about_own,
            that_act=kinds.that_act,
            vocabulary=SlotVocabulary.prepare(products=products),
            order_pattern=order_pattern,
            currency=currency,
            languages=ordered,
            guide_from=guide_from,
            country=country,
        )

    def reader(self, now: datetime) -> WordReader:
        """Reads Needs, as of a moment."""
        return WordReader(now, self._order_pattern, self._currency, self._vocabulary, self._country)

    def hear(
        self,
        text: str,
        *,
        language: str,
        last: str,
        answerable: Callable[[str, str], float],
        attachments: int = 0,
        earlier: Sequence[str] = (),
        before: Sequence[str] = (),
    ) -> Understood:
        """Understands a message.

        Args:
            text: As the customer wrote it.
            language: The conversation's language so far.
            last: The words of the last request, for follow-ups.
            answerable: How sure it is that an article answers a text in a language, 0 to 1.
            attachments: How many files came along.
            earlier: What the customer wrote before for the guide that is open; judgements within guides read it too, so
                that "#1042" doesn't take back the haste of the message before.
            before: What the customer wrote so far, in order: anger adds up, but only a message that sounds angry itself tells
                of it.
        """
        message = split_requests(text)
        signals = read_signals(message.text, language=language, languages=self._languages)
        if signals.upset and (by_now := mood_over((*before, message.text))) > signals.upset:
            words = (*signals.evidence.get("upset", ()), "over the conversation")
            signals = replace(signals, upset=by_now, evidence={**signals.evidence, "upset": words})
        spoken = (
            signals.language
            if signals.language in self._languages
            else language
            if language in self._languages
            else self._languages[0]
        )
        silent = _silent(signals, message.text, attachments)
        if earlier and not leans_on_what_was_said(message.text):
            last = ""  # what a guide is at work on is no topic that a question beside it leaves out
        requests: tuple[Request, ...] = ()
        chances: dict[str, float] = {}
        parts = [part.text for part in message.parts]
        says = content_words(message.text)
        if silent is None:
            find = self._requests if says else self._asked_on
            requests = find(message.text, parts, last, lambda part: answerable(part, spoken), signals.language)
            chances = self._judge.probabilities(
                [self._read(part) for part in (message.text, *parts)], language=signals.language
            )
        least = self._judge.least([self._read(part) for part in (message.text, *parts)], signals) if chances else {}
        guarded = {
            title: decided(chances[name], least=least[name])
            for title, name in self._safeguards.items()
            if name in chances
        }
        if len(says) < 2 and not signals.sensitive:  # what is merely near to a bare word calls for nobody
            guarded = {title: meant for title, meant in guarded.items() if meant}
        heard = Heard(
            message.text, spoken, requests, silent,
            safeguards={title: meant for title, meant in guarded.items() if meant is not False},
            greeting=signals.greeting, praise=signals.praise, declines=declines(message.text, signals),
            upset=signals.upset, withdraws=withdraws(message.text),
            signals=signals.noticed(),
        )  # fmt: skip
        told = self._told(heard)
        data = {
            "language": spoken, "signals": signals.noticed(),
            "requests": [
                {"text": r.text, "guide": r.label, "probability": round(r.probability, 3),
                 "answerable": round(r.answerable or 0, 3), "ranked": [[title, round(p, 3)] for title, p in r.ranked[:4]]}
                for r in requests
            ],
        }  # fmt: skip
        if heard.safeguards:
            data["safeguards"] = {title: round(chances[self._safeguards[title]], 3) for title in heard.safeguards}
        return Understood(
            heard,
            signals,
            told,
            data,
            Judging(self._judge, (message.text, *parts), signals, tuple(earlier), self._read),
        )

    def _requests(
        self, text: str, segments: Sequence[str], last: str, answerable: Callable[[str], float], language: str
    ) -> tuple[Request, ...]:
        parts = [part for part in segments if not only_particulars(part)] or [text]
        texts = [*parts, text]
        masked = [self._read(part) for part in texts]
        matches = [_evident(*pair) for pair in zip(texts, self._match(masked, language), strict=True)]
        whole = self._request(text, matches[-1], answerable)
        if len(parts) == 1:
            own = self._request(parts[0], matches[0], answerable)
            chosen = own if own.label is not None or whole.label is None else whole
            with_text = _with_text(chosen, text) if chosen.label else chosen
            return (self._with_context(with_text, last, answerable, language),)
        found = [self._request(part, match, answerable) for part, match in zip(parts, matches, strict=False)]
        labels = list(dict.fromkeys(request.label for request in found if request.label is not None))
        if not labels:
            return self._unlabelled(whole, found, last, answerable, language)
        out: list[Request] = []
        for request in found:
            if request.label is not None:
                if all(request.label != other.label for other in out):
                    out.append(request)
                continue
            sure = answerable(request.text) if "?" in request.text else 0.0
            if sure >= SURE_ANSWER:
                out.append(_answered(request, sure))
        if len(out) == 1 and out[0].label is not None:
            out = [_with_text(out[0], text)]
        details = " ".join(part for part in segments if only_particulars(part))
        return tuple(_with_text(r, f"{r.text} {details}".strip()) for r in out)

    def _asked_on(
        self, text: str, _parts: Sequence[str], last: str, answerable: Callable[[str], float], language: str
    ) -> tuple[Request, ...]:
        """What a message of bare words wants: nothing, or more about the last request. It never opens a guide that acts."""
        if not last or not asks_about_what_was_said(text):
            return ()
        request = self._with_context(Request(text), last, answerable, language)
        return () if request.label in self._that_act else (request,)

    def _unlabelled(
        self, whole: Request, found: Sequence[Request], last: str, answerable: Callable[[str], float], language: str
    ) -> tuple[Request, ...]:
        """No part is a guide's by itself: the whole may be, or articles answer the parts that ask something."""
        if whole.label is not None:
            return (whole,)
        asked = [_answered(request, answerable(request.text)) for request in found]
        sure = [request for request in asked if (request.answerable or 0) >= SURE_ANSWER]
        if len(sure) > 1:
            return tuple(sure)
        together = self._with_context(whole, last, answerable, language)
        best = max([together, *asked], key=lambda request: request.answerable or 0)
        return (together if together.label is not None else best,)

    def _read(self, text: str) -> str:
        return self._glossary.apply(mask(text))

    def _match(self, texts: Sequence[str], language: str) -> list[Match]:
        if self._matcher is None:
            return [_NO_MATCH] * len(texts)
        found = self._matcher.match_all(texts, language=language)
        if self._guide_from == GATE:
            return found
        sure = (match.ranked[:1] and match.probability >= self._guide_from for match in found)
        return [replace(m, label=m.ranked[0][0] if is_sure else None) for m, is_sure in zip(found, sure, strict=True)]

    def _request(self, text: str, match: Match, answerable: Callable[[str], float]) -> Request:
        """The guide that a text means. A question about how things are in general is for the articles, if they answer it."""
        ranked = tuple((title, p) for title, p in match.ranked if title not in self._safeguards)
        label = (
            match.label
            if match.label not in self._safeguards and match.ranked[:1] and match.ranked[0][1] >= LEAST
            else None
        )
        if label is not None and asks_in_general(text) and (sure := answerable(text)) >= SURE_ANSWER:
            # A guide that tells something may be the better answer; one for the customer's own affairs never is.
            likelier = sure > match.probability + LIKELIER and not leans_on_what_was_said(text)
            if label in self._about_own or likelier:
                return Request(text, None, 0.0, ranked, (), sure)
        close: tuple[str, ...] = ()
        if label is not None and len(ranked) > 1 and ranked[1][1] >= TOO_CLOSE * ranked[0][1]:
            close = tuple(title for title, p in ranked[:3] if p >= TOO_CLOSE * ranked[0][1])
        return Request(text, label, match.probability if label is not None else 0.0, ranked, close)

    def _with_context(self, request: Request, last: str, answerable: Callable[[str], float], language: str) -> Request:
        """A short message that means nothing by itself is read together with what it follows."""
        if request.label is not None:
            return request
        sure = answerable(request.text)
        is_short = bool(last) and len(request.text.split()) <= FOLLOW_UP_WORDS
        leans = leans_on_what_was_said(request.text)
        if sure < SURE_ANSWER and is_short:
            together = self._match([self._read(f"{last} {request.text}")], language)[0]
            follow_up = self._request(request.text, together, answerable)
            if follow_up.label is not None and leans:
                return follow_up
        if is_short and (leans or sure < SURE_ANSWER):
            query = self_contained(request.text, last, language=language)
            with_topic = answerable(query) if query != request.text else 0.0
            if with_topic > sure or with_topic >= SURE_ANSWER:
                return replace(_answered(request, with_topic), query=query)
        return _answered(request, sure)

    @staticmethod
    def _told(heard: Heard) -> str:
        if heard.silent is not None:
            return f"no reply is due: {heard.silent}"
        wanted = []
        for request in heard.requests:
            if request.label is not None:
                wanted.append(f"“{request.label}” ({request.probability:.0%} sure)")
            else:
                wanted.append(f"a question (an article answers it: {request.answerable or 0:.0%})")
        return "understood as " + (", ".join(wanted) or "nothing in particular")


_NO_MATCH = Match((), 0.0, None, ())


def _evident(text: str, match: Match) -> Match:
    """The match; without its label where the text has no word that could mean it, or one that hardly does."""
    words = len(content_words(text))
    weak = words == 0 or (words == 1 and match.probability < LEAST_OF_A_WORD)
    return replace(match, label=None) if weak else match


def _answered(request: Request, sure: float) -> Request:
    return Request(request.text, request.label, request.probability, request.ranked, request.close, sure)


def _with_text(request: Request, text: str) -> Request:
    return Request(text, request.label, request.probability, request.ranked, request.close, request.answerable)


def _silent(signals: Signals, text: str, attachments: int) -> SilentReason | None:
    if signals.auto_reply:
        return "auto_reply"
    if signals.spam:
        return "spam"
    if not text.strip():
        return None if attachments else "empty"
    return "thanks" if signals.closing else None
