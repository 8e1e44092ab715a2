"""Rules that rate a conversation by what stands in it: the same for people and for agents, and the same every time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from convagent.guidance.claims import claims_in
from convagent.guidance.word_forms import ForbiddenWords
from convagent.insights.past import PastConversation, Said
from convagent.insights.quality.criteria import Criterion, Evidence, Rating
from convagent.knowledge import KnowledgeBase, Passage
from convagent.knowledge.figures import Statement, opposed, statements_of
from convagent.understanding.language import detect_language
from convagent.understanding.mood import mood_over
from convagent.understanding.signals import read_signals

__all__ = ["CHECKS", "Known"]

SAME_REQUEST = 90
"""How alike two messages of a customer are, of 100 by rapidfuzz's token sort ratio, for one to repeat the other."""

FEWEST_WORDS = 4
"""A shorter message repeats nothing and shows no language."""

LONGEST_REPLY_WORDS = 250
LONGEST_SENTENCE_WORDS = 35
"""On average over a reply: beyond it few readers follow (M. Cutts, Oxford Guide to Plain English, advises 15 to 20)."""

UPSET = 2
PASSAGES = 8
_SENTENCE = re.compile(r"[.!?…]+(?:\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SECRETS = re.compile(
    r"\b(?:card number|cvv|cvc|security code|pin|password|passwort|kartennummer|kartenprüfnummer|mot de passe"
    r"|numéro de (?:votre )?carte|code secret)\b",
    re.IGNORECASE,
)
_NOT_ASKED = re.compile(r"\b(?:never|not|don['’]t|no|nie|nicht|kein\w*|bitte keine|jamais|pas|aucun)\b", re.IGNORECASE)
_REQUEST = re.compile(
    r"\b(?:send|give|tell|write|share|provide|need|what(?:'s| is)|schicken|senden|nennen|geben|teilen|brauche|envoyez|"
    r"donnez|indiquez|quel)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Known:
    """What conversations are held against.

    Attributes:
        language: The shop's.
        languages: In which it answers.
        forbidden: What it never says.
        knowledge: Its articles, None where it has none.
    """

    language: str
    languages: tuple[str, ...]
    forbidden: ForbiddenWords
    knowledge: KnowledgeBase | None


def _by(conversation: PastConversation, keep: Callable[[Said], bool]) -> list[tuple[int, Said]]:
    return [(number, said) for number, said in enumerate(conversation.messages, 1) if keep(said) and said.text.strip()]


def _replies(conversation: PastConversation) -> list[tuple[int, Said]]:
    return _by(conversation, lambda said: said.is_reply)


def _asked(conversation: PastConversation) -> list[tuple[int, Said]]:
    return _by(conversation, lambda said: said.author == "customer")


def _quote(text: str, limit: int = 160) -> str:
    """Words as they stand, cut at the end of a word."""
    text = text.strip()
    return text if len(text) <= limit else text[:limit].rsplit(None, 1)[0]


def _bad(criterion: Criterion, why: str, number: int, words: str) -> Rating:
    return Rating(criterion, "bad", why, (Evidence(number, _quote(words)),))


def resolution(conversation: PastConversation, known: Known) -> Rating:
    """Whether the customer got an answer, asked no twice, is left neither upset nor with a promise alone."""
    asked, replies = _asked(conversation), _replies(conversation)
    if not asked:
        return Rating("resolution", "unscored", "the customer wrote nothing")
    number, last = asked[-1]
    closing = read_signals(last.text, language=_language(last.text, known)).closing
    if not closing and not any(reply > number for reply, _ in replies):
        return _bad("resolution", "the customer's last message has no answer", number, last.text)
    for at, (number, said) in enumerate(asked):
        for earlier, other in asked[:at]:
            answered = any(earlier < reply < number for reply, _ in replies)
            long = len(_WORD.findall(said.text)) >= FEWEST_WORDS
            if (
                answered
                and long
                and fuzz.token_sort_ratio(said.text, other.text, processor=str.casefold) >= SAME_REQUEST
            ):
                return _bad("resolution", f"asked again, after an answer to message {earlier}", number, said.text)
    if mood_over([said.text for _, said in asked]) >= UPSET and not closing:
        return _bad("resolution", "the customer is upset at the end", number, last.text)
    if replies:
        number, reply = replies[-1]
        promised = [claim for claim in claims_in(reply.text) if claim.kind == "promise"]
        if promised and not closing:
            why = "it ends with a promise, and nothing says that it was kept"
            return Rating("resolution", "unscored", why, (Evidence(number, _quote(promised[0].words)),))
    return Rating("resolution", "good")


def accuracy(conversation: PastConversation, known: Known) -> Rating:
    """Whether what replies say in figures is what the articles say of the same thing."""
    if known.knowledge is None:
        return Rating("accuracy", "unscored", "the shop has no articles")
    agreed = False
    question = ""
    for number, said in enumerate(conversation.messages, 1):
        if said.author == "customer":
            question = said.text
        if not said.is_reply:
            continue
        stated = _statements(said.text, question, known)
        if not stated:
            continue
        there = [each for hit in known.knowledge.search(f"{question} {said.text}"[:2_000], PASSAGES, audience=None)
                 for each in statements_of(hit.passage)]  # fmt: skip
        for each in stated:
            if any(_equal(each, other) for other in there):
                agreed = True
                continue
            against = next((other for other in there if opposed(each, other)), None)
            if against is not None:
                why = f"the article {against.passage.article_id} says: {_quote(against.text)}"
                return _bad("accuracy", why, number, each.text)
    if agreed:
        return Rating("accuracy", "good")
    return Rating("accuracy", "unscored", "no reply states a figure that the articles speak of")


def communication(conversation: PastConversation, known: Known) -> Rating:
    """Whether replies can be read, are civil, and aren't the same twice."""
    replies = _replies(conversation)
    if not replies:
        return Rating("communication", "unscored", "nobody replied")
    before = ""
    for number, reply in replies:
        words = _WORD.findall(reply.text)
        sentences = [each for each in _SENTENCE.split(reply.text) if _WORD.search(each)]
        signals = read_signals(reply.text, language=_language(reply.text, known))
        if before and " ".join(words).casefold() == before:
            return _bad("communication", "the same reply twice in a row", number, reply.text)
        if signals.abusive or signals.upset >= UPSET:
            return _bad("communication", "the tone isn't civil", number, reply.text)
        if len(words) > LONGEST_REPLY_WORDS:
            return _bad("communication", f"{len(words)} words in one reply", number, reply.text)
        if sentences and len(words) / len(sentences) > LONGEST_SENTENCE_WORDS:
            why = f"{len(words) / len(sentences):.0f} words a sentence"
            return _bad("communication", why, number, reply.text)
        before = " ".join(words).casefold()
    return Rating("communication", "good")


def language(conversation: PastConversation, known: Known) -> Rating:
    """Whether replies are in the language of what they answer."""
    spoken, told = "", False
    for number, said in enumerate(conversation.messages, 1):
        if len(_WORD.findall(said.text)) < FEWEST_WORDS:
            continue
        found = _language(said.text, known, default=spoken or known.language)
        if said.author == "customer":
            spoken = found
        elif said.is_reply and spoken:
            told = True
            if found != spoken and spoken in known.languages:
                return _bad("language", f"{found} to somebody who writes {spoken}", number, said.text)
    if told:
        return Rating("language", "good")
    return Rating("language", "unscored", "the messages are too short to tell")


def policy(conversation: PastConversation, known: Known) -> Rating:
    """Whether replies keep to what the shop never says, and ask for no card numbers and passwords."""
    replies = _replies(conversation)
    if not replies:
        return Rating("policy", "unscored", "nobody replied")
    for number, reply in replies:
        for found in known.forbidden.find(reply.text, _language(reply.text, known)) if known.forbidden else ():
            return _bad("policy", f"the shop never says “{found.phrase}”", number, found.words)
        for sentence in re.split(r"(?<=[.!?…])\s+|\n+", reply.text):
            if _SECRETS.search(sentence) and _REQUEST.search(sentence) and not _NOT_ASKED.search(sentence):
                return _bad("policy", "it asks for what customers should never write", number, sentence)
    return Rating("policy", "good")


CHECKS: dict[Criterion, Callable[[PastConversation, Known], Rating]] = {
    "resolution": resolution, "accuracy": accuracy, "communication": communication, "language": language, "policy": policy,
}  # fmt: skip


def _statements(text: str, question: str, known: Known) -> Sequence[Statement]:
    title = _quote(question, 300)
    return statements_of(Passage(article_id="reply", title=title, text=text[:5_000], language=_language(text, known)))


def _equal(one: Statement, other: Statement) -> bool:
    shared = one.words & (other.words | other.frame)
    return (one.kind, one.unit) == (other.kind, other.unit) and bool(shared) and set(one.values) <= set(other.values)


def _language(text: str, known: Known, *, default: str = "") -> str:
    return detect_language(text, default=default or known.language, languages=known.languages)
