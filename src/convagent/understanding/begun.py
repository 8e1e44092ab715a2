"""A message that is understood in two steps: first what the words say by themselves, then which of it articles answer.

Looking into articles is the dearest part of understanding. Whether a chat model is asked seldom hangs on it, so that it can wait
until the model reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from convagent.guidance.interpreter.requests import SilentReason
from convagent.understanding.judgements import Verdict
from convagent.understanding.matcher import Match
from convagent.understanding.request_finder import Matches, RequestFinder
from convagent.understanding.signals import Signals
from convagent.understanding.understood import Understood

__all__ = ["SURELY_MEANT", "Begun", "MatchedOnce", "Words"]

SURELY_MEANT = 0.95
"""A message means a guide and nothing else from this probability on: a word of a safeguard's field doesn't make it unsure. No
message of the tune halves of `benchmarks/judgements.py` that a safeguard is meant for depends on it."""

Answerable = Callable[[str, str], float]
"""How sure it is that an article answers a text in a language, 0 to 1."""


class MatchedOnce:
    """A matcher for one message: it compares each text once, and remembers what it was found to be.

    Args:
        matcher: The shop's.
    """

    def __init__(self, matcher: Matches) -> None:
        self._matcher = matcher
        self._found: dict[tuple[str, str], Match] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """As the matcher's."""
        return self._matcher.labels

    @property
    def found(self) -> tuple[tuple[str, Match], ...]:
        """The texts so far, with what they were found to be."""
        return tuple((text, match) for (text, _), match in self._found.items())

    def match_all(self, texts: Sequence[str], *, language: str) -> list[Match]:
        """As `Matcher.match_all`."""
        new = [text for text in dict.fromkeys(texts) if (text, language) not in self._found]
        for text, match in zip(new, self._matcher.match_all(new, language=language) if new else (), strict=True):
            self._found[text, language] = match
        return [self._found[text, language] for text in texts]


@dataclass(frozen=True, slots=True)
class Words:
    """What a message's words say by themselves.

    Attributes:
        text: The message, without what isn't the customer's own.
        parts: Its parts.
        signals: What was noticed in it.
        spoken: The language that it is answered in.
        last: The words of the last request, as far as the message may follow it up.
        earlier: What the customer wrote before for the guide that is open.
        silent: Why no reply is due; None where one is.
        asks_who: Whether it asks who answers, a person or a machine.
        judged: The message and its parts as safeguards and judgements are compared with them.
        verdicts: What came of that, by safeguard and judgement; empty where no reply is due.
        finder: Finds its requests, each text compared once.
    """

    text: str
    parts: tuple[str, ...]
    signals: Signals
    spoken: str
    last: str
    earlier: tuple[str, ...]
    silent: SilentReason | None
    asks_who: bool
    judged: tuple[str, ...]
    verdicts: Mapping[str, Verdict]
    finder: RequestFinder


class Begun:
    """A message whose words were read, and of which it is open what articles answer. For one thread at a time.

    Args:
        words: What these say.
        finish: Understands the message, given how sure articles answer; the same each time it is given the same.
        matched: Has what the message's texts were found to be; None for a shop without guides.
    """

    def __init__(self, words: Words, finish: Callable[[Answerable], Understood], matched: MatchedOnce | None) -> None:
        self.words = words
        self._finish = finish
        self._matched = matched
        self._asked = False
        self._alone: Understood | None = None

    @property
    def alone(self) -> Understood:
        """What is understood where no article answers anything."""
        if self._alone is None:
            self._alone = self._finish(self._none)
        return self._alone

    @property
    def hangs_on_articles(self) -> bool:
        """Whether it was asked what articles answer: else `alone` is what is understood in any case."""
        _ = self.alone
        return self._asked

    @property
    def matches(self) -> tuple[tuple[tuple[str, ...], Match], ...]:
        """What was compared with guides, with what it was found to be.

        Each is the message or parts of it that are compared alike; of no text where it is what was made of one, as it may be
        mended, or read with the message before.
        """
        _ = self.alone
        texts: dict[str, list[str]] = {}
        for text in dict.fromkeys((self.words.text, *self.words.parts)):
            texts.setdefault(self.words.finder.read(text), []).append(text)
        found = () if self._matched is None else self._matched.found
        return tuple((tuple(texts.get(read, ())), match) for read, match in found)

    def understood(self, answerable: Answerable) -> Understood:
        """What is understood.

        Args:
            answerable: How sure it is that an article answers a text in a language, 0 to 1.
        """
        return self._finish(answerable) if self._alone is None or self._asked else self._alone

    def _none(self, _text: str, _language: str) -> float:
        self._asked = True
        return 0.0
