"""What besides requests is heard in a message: a wish for a person, mood, thanks, yes or no, language, grave topics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from convagent.privacy.cards import holds_account_number, holds_card_data
from convagent.understanding.affirmation import Affirmation, read_affirmation
from convagent.understanding.happenings import only_asks
from convagent.understanding.language import detect_language
from convagent.understanding.mood import masked_swearing, mood_finders, upset_in
from convagent.understanding.own_names import NO_NAMES, OwnNames
from convagent.understanding.phrases import Finder, compile_phrases, finder, fold
from convagent.understanding.segments import is_greeting
from convagent.understanding.word_lists import word_lists

__all__ = ["Signals", "compile_signals", "read_signals"]

_LIMIT = 8_000
_REMEMBERED = 2_000  # a turn looks at its message several times, and at those before it
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_LONGEST_CLOSING = 16
_FEWEST_PRAISE_WORDS = 7


@dataclass(frozen=True, slots=True)
class Signals:
    """What was noticed in a message.

    Attributes:
        asks_for_person: The customer asks for a human.
        upset: 0 calm, 1 irritated, 2 upset, 3 furious.
        sensitive: Topics that a person must see, sorted: account_data, chargeback, controversial, fraud, legal_threat,
            medical, payment_card_data, press, self_harm, violence.
        kept: Topics that shops keep for people unless they say otherwise, sorted: billing_problem, refund_exception,
            technical_fault; and complaint, which weighs with some customers.
        closing: Thanks or an end and nothing else; no reply is due, unless a question of ours is open.
        greeting: A greeting and nothing else.
        abusive: Insults, hatred or indecency against whoever answers; strong words about the matter are none.
        praise: Praise in some detail and no request; it deserves an answer.
        affirmation: What it says to a question of ours that yes or no answers.
        auto_reply: Sent by a machine: out of office, delivery failure.
        spam: Advertising that has nothing to do with the shop.
        language: ISO 639-1.
        evidence: For each signal that was noticed, the words, folded to lower case without accents.
    """

    asks_for_person: bool = False
    upset: int = 0
    sensitive: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    closing: bool = False
    greeting: bool = False
    praise: bool = False
    abusive: bool = False
    affirmation: Affirmation = "unclear"
    auto_reply: bool = False
    spam: bool = False
    language: str = "en"
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def noticed(self) -> dict[str, Any]:
        """Everything that is not as in an ordinary message, for traces: JSON types only, in a fixed order."""
        plain: dict[str, Any] = {
            name: value
            for name in ("asks_for_person", "upset", "abusive", "closing", "greeting", "praise", "auto_reply", "spam")
            if (value := getattr(self, name))
        }
        if self.sensitive:
            plain["sensitive"] = list(self.sensitive)
        if self.kept:
            plain["kept"] = list(self.kept)
        if self.affirmation != "unclear":
            plain["affirmation"] = self.affirmation
        if self.evidence:
            plain["evidence"] = {name: list(words) for name, words in self.evidence.items()}
        return plain


class _Lists(NamedTuple):
    person: Finder
    abuse: Finder
    sure_auto: Finder
    likely_auto: Finder
    wants: re.Pattern[str]
    spam: Finder
    praise: Finder
    asks: re.Pattern[str]
    topics: Mapping[str, Finder]
    when_told: Finder
    kept: Mapping[str, Finder]
    strong: frozenset[str]
    filler: frozenset[str]
    weak: frozenset[str]
    after_no: re.Pattern[str]


def read_signals(
    text: str, *, language: str = "en", languages: Sequence[str] = (), names: OwnNames = NO_NAMES
) -> Signals:
    """Notice what a message says besides its requests.

    Word lists in English, German and French decide, written down in `signals.toml`: precise for moods and manners,
    generous for topics of safety, where a person looking once too often is the smaller harm. The first 8,000 characters
    are read.

    Args:
        text: The message; best without quoted history (`split_requests(text).text`).
        language: The conversation's language so far, kept for texts too short to tell.
        languages: What the shop answers in: likelier than others.
        names: What the shop and its agent are called.

    Returns:
        The signals. Never raises for any text.
    """
    read = text[:_LIMIT]
    heard = names(read)
    noticed = _noticed(heard) if len(heard) <= _REMEMBERED else _look_through(heard)
    if heard != read and noticed.evidence:
        told = {name: tuple(map(names.said, words)) for name, words in noticed.evidence.items()}
        noticed = replace(noticed, evidence=told)
    return replace(noticed, language=detect_language(read, default=language, languages=languages))


@lru_cache(maxsize=1_024)  # the examples of guides are asked for again and again besides
def _noticed(read: str) -> Signals:
    return _look_through(read)


def compile_signals() -> None:
    """Compiles every phrase that signals are told by, which else happens as messages seem to have them: a tenth of a second."""
    lists = _lists()
    for one in (
        lists.person, lists.abuse, lists.sure_auto, lists.likely_auto, lists.spam, lists.praise, lists.when_told,
        *lists.topics.values(), *lists.kept.values(), *mood_finders(),
    ):  # fmt: skip
        one.compile()


def _look_through(read: str) -> Signals:
    """Everything but the language."""
    lists = _lists()
    folded = fold(read)
    evidence: dict[str, tuple[str, ...]] = {}

    def note(name: str, words: tuple[str, ...]) -> bool:
        if words:
            evidence[name] = words
        return bool(words)

    asks_for_person = note("asks_for_person", lists.person(folded))
    upset, why = upset_in(read, folded)
    note("upset", why)
    abusive = note("abusive", lists.abuse(folded) or masked_swearing(read))
    topics = {name: finder(folded) for name, finder in lists.topics.items()}
    harm = lists.when_told(folded)
    if harm and not only_asks(read):
        topics["medical"] = tuple(dict.fromkeys((*topics["medical"], *harm)))
    if holds_card_data(read):
        topics["payment_card_data"] = ("a card number",)
    if holds_account_number(read):
        topics["account_data"] = ("an account number",)
    sensitive = tuple(sorted(name for name, words in topics.items() if note(name, words)))
    kept = tuple(name for name, finder in lists.kept.items() if note(name, finder(folded)))
    asks = lists.asks.search(folded) is not None or "?" in read
    sure = note("auto_reply", lists.sure_auto(folded))
    likely = "?" not in read and lists.wants.search(folded) is None
    auto_reply = sure or (likely and note("auto_reply", lists.likely_auto(folded)))
    spam = note("spam", _spam(read, folded, lists))
    closing = not sensitive and upset == 0 and not asks_for_person and _is_closing(read, folded, lists)
    praise = not (asks or upset or sensitive or closing or spam) and _is_praise(folded, lists)
    return Signals(
        asks_for_person=asks_for_person,
        upset=upset,
        sensitive=sensitive,
        kept=kept,
        closing=closing,
        greeting=not closing and is_greeting(read),
        praise=praise,
        abusive=abusive,
        affirmation=read_affirmation(read),
        auto_reply=auto_reply,
        spam=spam,
        evidence=evidence,
    )


def _spam(text: str, folded: str, lists: _Lists) -> tuple[str, ...]:
    found = lists.spam(folded)
    links = len(_LINK.findall(text))
    if links >= 4 and len(folded.split()) < 15 * links:
        return (*found, f"{links} links")
    return found


def _is_closing(text: str, folded: str, lists: _Lists) -> bool:
    if "?" in text:
        return False
    rest, counted = lists.after_no.subn(". ", folded)
    words = [word for word in rest.split() if word != "."]
    if not words and counted:
        return True
    if not words:
        return _only_symbols_of_thanks(text, lists)
    if len(words) > _LONGEST_CLOSING or not all(word in lists.strong or word in lists.filler for word in words):
        return False
    if words[0] in ("no", "nope", "nein", "non", "yes", "yep", "yeah", "ja", "oui", "sure") and not counted:
        return any(word in lists.strong - lists.weak and word not in ("ok", "okay") for word in words[1:]) and (
            words[0] not in ("no", "nope", "nein", "non")
        )
    return any(word in lists.strong for word in words) or bool(counted)


def _only_symbols_of_thanks(text: str, lists: _Lists) -> bool:
    symbols = [char for char in text if unicodedata.category(char) == "So"]
    return bool(symbols) and all(char in lists.strong for char in symbols)


def _is_praise(folded: str, lists: _Lists) -> bool:
    words = len([word for word in folded.split() if word != "."])
    return words >= _FEWEST_PRAISE_WORDS and bool(lists.praise(folded))


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data = word_lists("signals")

    closing = data["closing"]
    return _Lists(
        person=finder(data["asks_for_person"]),
        abuse=finder(data["abuse"]),
        sure_auto=finder(data["auto_reply"]["sure"]),
        likely_auto=finder(data["auto_reply"]["likely"]),
        wants=compile_phrases(data["auto_reply"]["wants"]["find"]),
        spam=finder(data["spam"]),
        praise=finder(data["praise"]),
        asks=compile_phrases(data["praise"]["asks"]),
        topics={name: finder(data["topics"][name]) for name in sorted(data["topics"])},
        when_told=finder(data["when_told"], data["topics"]["medical"]),
        kept={name: finder(data["kept"][name]) for name in sorted(data["kept"])},
        strong=frozenset(fold(word).strip(" .") for word in closing["strong"]),
        filler=frozenset(fold(word).strip(" .") for word in closing["filler"]),
        weak=frozenset(closing["weak"]),
        after_no=compile_phrases(closing["after_no"]),
    )
