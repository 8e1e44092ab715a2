"""text → what is wanted: requests with their guides, signals, language. The only place that interprets a customer's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from convagent.guidance.interpreter.kernel import Kernel
from convagent.guidance.interpreter.requests import Heard, Request, SilentReason
from convagent.search.embedder import Embedder
from convagent.understanding.asking_who_answers import asks_who_answers, guide_on_who_answers
from convagent.understanding.begun import SURELY_MEANT, Begun, MatchedOnce, Words
from convagent.understanding.content_words import content_words
from convagent.understanding.for_articles import SURE_ANSWER
from convagent.understanding.gist import (
    asks_in_general,
    declines,
    is_a_question,
    is_vague,
    leans_on_what_was_said,
    mask,
    without_addresses,
)
from convagent.understanding.glossary import Glossary
from convagent.understanding.guide_kinds import GuideKinds, guide_kinds
from convagent.understanding.judgements import Judge
from convagent.understanding.judging import Judging
from convagent.understanding.language import detect_language
from convagent.understanding.learning import learn_guides
from convagent.understanding.matcher import GATE, Matcher
from convagent.understanding.meaning import MOST_EMBEDDED
from convagent.understanding.mood import mood_over
from convagent.understanding.named_orders import named_orders
from convagent.understanding.own_names import NO_NAMES, OwnNames
from convagent.understanding.questions_beside import QuestionsBeside
from convagent.understanding.reading import WordReader
from convagent.understanding.request_finder import LEAST_OF_A_WORD, RequestFinder
from convagent.understanding.safeguarding import SafeguardForms
from convagent.understanding.segments import split_requests
from convagent.understanding.signals import Signals, compile_signals, read_signals
from convagent.understanding.slots import SlotVocabulary
from convagent.understanding.spelling import Spelling
from convagent.understanding.turning import corrects, puts_instead, refuses, turned_to
from convagent.understanding.umlauts import load_umlauts, with_umlauts
from convagent.understanding.understood import Understood, requests_data, told_of
from convagent.understanding.withdrawal import withdraws
from convagent.why import because

__all__ = ["Understander", "Understood"]


A_WORD_OR_TWO = 2
"""So few words are asked about in any case, where they mean nothing."""


class Understander:
    """Understands messages for one shop. Immutable once fitted.

    Args:
        matcher: Learnt from the guides' examples, None for a shop without any.
        judge: Learnt from what authors taught of safeguards and judgements.
        safeguards: Titles of the guides that are tried on every message, with what the judge calls them.
        forms: What form of message each of these waits for.
        glossary: The shop's own words.
        about_own: Titles of the guides that deal with the customer's own records.
        that_act: Titles of the guides that do something outside of the conversation.
        vocabulary: Products, colours, sizes.
        order_pattern: The shop's order numbers.
        currency: What an amount without a sign is in.
        languages: What the shop answers in, its own first.
        guide_from: A message means a guide from this probability on, 0 to 1.
        country: ISO 3166-1 code of the country that telephone numbers without a country code belong to.
        written: What customers write, for putting slips of the keyboard right.
        names: What the shop and its agent are called.
        beside: Tells questions that sound like a guide from requests for it.
        answers_who: Title of the shop's own guide for who asks whether a person writes or a machine; None: it has none.
    """

    def __init__(
        self,
        matcher: Matcher | None,
        *,
        judge: Judge,
        safeguards: Mapping[str, str],
        forms: SafeguardForms,
        glossary: Glossary,
        about_own: frozenset[str],
        that_act: frozenset[str],
        vocabulary: SlotVocabulary,
        order_pattern: str,
        currency: str,
        languages: Sequence[str],
        guide_from: float = GATE,
        country: str | None = None,
        written: Sequence[str] = (),
        names: OwnNames = NO_NAMES,
        beside: QuestionsBeside,
        answers_who: str | None = None,
    ) -> None:
        self.names = names
        self._country = country
        self._spelling = Spelling(written, languages=languages)
        self._judge = judge
        self._safeguards = dict(safeguards)
        self._forms = forms
        self._glossary = glossary
        self._finder = RequestFinder(
            matcher,
            self._read,
            safeguards=frozenset(safeguards),
            about_own=about_own,
            that_act=that_act,
            guide_from=guide_from,
            beside=beside,
        )
        self._vocabulary = vocabulary
        self._order_pattern = order_pattern
        self._currency = currency
        self._languages = tuple(languages) or ("en",)
        self._answers_who = answers_who

    @classmethod
    def fit(
        cls, kernel: Kernel, *, products: Mapping[str, str], order_pattern: str, currency: str, language: str,
        languages: Sequence[str], own_words: Mapping[str, Sequence[str]] | None = None,
        embedder: Embedder | None = None, folder: Path | None = None, guide_from: float = GATE,
        country: str | None = None, kinds: GuideKinds | None = None, names: OwnNames = NO_NAMES, topics: Sequence[str] = (),
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
            names: What the shop and its agent are called.
            topics: What messages may be about beside what guides are for: titles of articles.
        """
        kinds = guide_kinds(kernel) if kinds is None else kinds
        ordered = (language, *(other for other in languages if other != language))
        glossary = Glossary(own_words or {})
        learnt = learn_guides(
            kernel, languages=ordered, glossary=glossary, embedder=embedder, folder=folder, topics=topics
        )
        return cls(
            learnt.matcher,
            judge=learnt.judge,
            safeguards=learnt.safeguards,
            forms=learnt.forms,
            glossary=glossary,
            about_own=kinds.about_own,
            that_act=kinds.that_act,
            vocabulary=SlotVocabulary.prepare(products=products, language=language),
            order_pattern=order_pattern,
            currency=currency,
            languages=ordered,
            guide_from=guide_from,
            country=country,
            written=[*_written(kernel), *products.values()],
            names=names,
            beside=QuestionsBeside(_examples(kernel), products.values(), language=language),
            answers_who=guide_on_who_answers(kernel),
        )

    def load(self) -> None:
        """Loads now what the first messages would wait for: phrases that are compiled when a message may have them, words."""
        compile_signals()
        self._forms.load()
        self._spelling.load()
        load_umlauts()

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
        begun = self.begin(text, language=language, last=last, attachments=attachments, earlier=earlier, before=before)
        return begun.understood(answerable)

    def begin(
        self,
        text: str,
        *,
        language: str,
        last: str,
        attachments: int = 0,
        earlier: Sequence[str] = (),
        before: Sequence[str] = (),
    ) -> Begun:
        """Understands a message as far as its words say by themselves; what articles answer is left open.

        The arguments are those of `hear`.
        """
        message = split_requests(text, names=self.names)
        signals = read_signals(
            with_umlauts(message.text), language=language, languages=self._languages, names=self.names
        )
        so_far = (split_requests(one, names=self.names).text for one in before) if signals.upset else ()
        if signals.upset and (by_now := mood_over((*so_far, message.text))) > signals.upset:
            by = (*signals.evidence.get("upset", ()), because("over_the_conversation"))
            signals = replace(signals, upset=by_now, evidence={**signals.evidence, "upset": by})
        if asks_who := not attachments and asks_who_answers(message.text):
            signals = replace(signals, asks_for_person=False)
        spoken = (
            signals.language
            if signals.language in self._languages
            else language
            if language in self._languages
            else self._languages[0]
        )
        if not content_words(message.text) and (last or earlier) and language in self._languages:
            spoken = language  # "ja bitte" agrees to what was said in English, and no more
        silent = _silent(signals, message.text, attachments)
        asks_on = is_a_question(message.text) or corrects(message.text)
        if earlier and not (asks_on and leans_on_what_was_said(message.text)):
            last = ""  # what a guide is at work on is no topic that a question beside it leaves out
        parts = tuple(part.text for part in message.parts)
        judged = [self._read(without_addresses(part)) for part in (message.text, *parts)] if silent is None else []
        matched = MatchedOnce(self._finder.matcher) if self._finder.matcher is not None else None
        words = Words(
            text=message.text, parts=parts, signals=signals, spoken=spoken, last=last, earlier=tuple(earlier), silent=silent,
            asks_who=asks_who, judged=tuple(judged),
            verdicts=self._judge.verdicts(judged, language=signals.language) if silent is None else {},
            finder=replace(self._finder, matcher=matched),
        )  # fmt: skip
        return Begun(words, partial(self._understood, words), matched)

    def _understood(self, words: Words, answerable: Callable[[str, str], float]) -> Understood:
        """What is understood of a message, given how sure articles answer."""
        text, signals, silent = words.text, words.signals, words.silent
        own_answer = self._answers_who if words.asks_who else None
        asks_who = words.asks_who and own_answer is None
        requests: tuple[Request, ...] = ()
        verdicts = words.verdicts
        least: dict[str, float] = {}
        if silent is None:
            requests = self._requests(words, answerable)
            is_clear = len(requests) == 1 and requests[0].probability >= SURELY_MEANT and not requests[0].close
            least = self._judge.least(words.judged, signals, is_clear=is_clear)
        guarded = {
            title: verdicts[name].decided(least[name]) for title, name in self._safeguards.items() if name in verdicts
        }
        judged_of = {title: verdicts[self._safeguards[title]] for title in guarded}
        called = guarded
        guarded = self._forms.left(guarded, judged_of, with_umlauts(text), signals)
        if (
            len(content_words(text)) < 2 and not signals.sensitive
        ):  # what is merely near to a bare word calls for nobody
            guarded = {title: meant for title, meant in guarded.items() if meant}
        if asks_who:
            requests, silent, guarded = (), None, {}
        elif own_answer is not None and own_answer not in self._safeguards:
            requests, silent, guarded = (Request(text, own_answer, 1.0, ((own_answer, 1.0),)),), None, {}
        heard = Heard(
            text, words.spoken, requests, silent, asks_who=asks_who,
            safeguards={title: meant for title, meant in guarded.items() if meant is not False},
            greeting=signals.greeting, praise=signals.praise, declines=declines(text, signals),
            upset=signals.upset, withdraws=withdraws(text), instead=puts_instead(text), refuses=refuses(text),
            signals=signals.noticed(),
        )  # fmt: skip
        data = {"language": words.spoken, "signals": signals.noticed(), "requests": requests_data(heard)}
        if heard.safeguards:
            data["safeguards"] = {
                title: round(verdicts[self._safeguards[title]].chance, 3) for title in heard.safeguards
            }
        if beside := [title for title, meant in guarded.items() if meant is False and called[title] is not False]:
            data["beside_safeguards"] = beside
        return Understood(
            heard,
            signals,
            told_of(heard),
            data,
            Judging(self._judge, (text, *words.parts), signals, words.earlier, self._read),
        )

    def embeds(self, text: str, *, language: str) -> tuple[str, list[str]]:
        """The language of a message and the texts that `hear` will most probably have embedded for it; see `foresight`.

        Args:
            text: As the customer wrote it.
            language: The conversation's language so far.
        """
        message = split_requests(text, names=self.names)
        if not content_words(message.text):
            return language, []
        said = with_umlauts(message.text)
        spoken = detect_language(said, default=language, languages=self._languages)
        texts = self._finder.compared(message.text, message.segments)[:MOST_EMBEDDED]
        # what is asked in general, articles are asked too, in its own words
        return spoken, [*texts, said] if asks_in_general(message.text) else texts

    def _requests(self, words: Words, answerable: Callable[[str, str], float]) -> tuple[Request, ...]:
        """What a message asks for. Where it means nothing as it stands, slips of the keyboard are put right, and orders named.

        Orders are named where a number isn't merely the answer to a question of ours; who speaks of "it" when nothing was
        spoken of yet hasn't said what they want, unless a guide is likely all the same.
        """
        text, parts, last, finder = words.text, words.parts, words.last, words.finder
        language, alone = words.signals.language, not words.earlier

        def sure(part: str) -> float:
            return answerable(with_umlauts(part), words.spoken)

        if not content_words(text):
            return finder.asked_on(text, last, sure, language)
        wanted = turned_to(text)
        if wanted:
            text, parts = wanted, (wanted,)
        requests = finder.find(text, parts, last, sure, language)
        named = named_orders(text, self._order_pattern, language=language) if alone else text
        if alone and not last and named == text and len(text.split()) > A_WORD_OR_TWO and is_vague(text):
            likeliest = requests[0].ranked[:1] if len(requests) == 1 else ()
            return requests if not likeliest or likeliest[0][1] >= LEAST_OF_A_WORD else ()
        if _is_understood(requests):
            return requests
        mended = self._spelling.mended(text, language=language)
        named = named_orders(mended, self._order_pattern, language=language) if alone else mended
        for other in dict.fromkeys((mended, named)):
            if other != text:
                again = [part.text for part in split_requests(other, names=self.names).parts]
                found = finder.find(other, again, last, sure, language)
                if _is_understood(found):
                    return found
        return requests

    def _read(self, text: str) -> str:
        """A text as it is compared: without particulars, in ordinary words."""
        return self._glossary.apply(mask(with_umlauts(text)))


def _written(kernel: Kernel) -> Iterator[str]:
    """What authors say that customers write."""
    for guide in kernel.guides:
        yield guide.title
        if guide.when is not None:
            yield from (example.text for example in guide.when.examples)


def _examples(kernel: Kernel) -> dict[str, list[str]]:
    """What belongs to each guide that waits for messages: its examples, its title."""
    return {
        guide.title: [*(example.text for example in guide.when.examples if not example.negative), guide.title]
        for guide in kernel.guides
        if guide.when is not None
    }


def _is_understood(requests: Sequence[Request]) -> bool:
    """Whether a guide or an article is meant."""
    return any(request.label is not None or (request.answerable or 0) >= SURE_ANSWER for request in requests)


def _silent(signals: Signals, text: str, attachments: int) -> SilentReason | None:
    if signals.auto_reply:
        return "auto_reply"
    if signals.spam:
        return "spam"
    if not text.strip():
        return None if attachments else "empty"
    return "thanks" if signals.closing else None
