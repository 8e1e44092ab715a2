"""Whether what customers say in a case is understood as when it last ran, so that its result stands after an edited example.

An example of one guide moves the probabilities of all guides a little: a word becomes more frequent, the mean of all texts moves.
So any case may come out otherwise, and nearly none does. To hear its messages again takes a fifth of the time of its turns, and
tells: a turn hangs on examples by what it was understood as, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from convagent.agent import Agent
from convagent.conversation import HandedOver
from convagent.evals.cases import Case
from convagent.evals.concerned import ToldApart, beside_examples, without_examples
from convagent.evals.expect import guides_of
from convagent.evals.results import CaseResult
from convagent.guidance.interpreter.kernel import Guide, Kernel
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.understanding.begun import Begun
from convagent.understanding.signals import Signals
from convagent.understanding.understand import Understander, Understood

__all__ = ["MARGIN", "Hearing", "Standing", "is_heard_alike", "listen"]

MARGIN = 0.02
"""So far a probability may move, 0 to 1, for a message to be understood as before, as long as the guides keep their order and
nothing that was decided by it changed. `benchmarks/saves.py` counts how many results that takes for standing which don't."""

_RANKED_FROM = 0.1
"""Guides at least so probable must keep their order."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """A message as it was understood within a case, with all that it was understood from but the guides' examples.

    Attributes:
        text: The message.
        language: The conversation's so far.
        last: Words of the last request.
        attachments: How many files came along.
        earlier: What the customer wrote before for the open guide.
        before: What the customer wrote so far.
        answers: How surely articles answer, by text and language, as far as that was asked.
        heard: What came of it.
        signals: Everything that was noticed.
        beside: Safeguards that it was near to and isn't meant for.
        judged: What judgements within guides were told.
    """

    text: str
    language: str
    last: str
    attachments: int
    earlier: tuple[str, ...]
    before: tuple[str, ...]
    answers: Mapping[tuple[str, str], float]
    heard: Heard
    signals: Signals
    beside: tuple[str, ...]
    judged: Mapping[str, bool | None] = field(default_factory=dict)


class _Listening(Understander):
    """Understands as another one, and notes down what it heard."""

    def __init__(self, understander: Understander, hearings: list[Hearing]) -> None:
        vars(self).update(vars(understander))
        self._hearings = hearings

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
        begun = super().begin(
            text, language=language, last=last, attachments=attachments, earlier=earlier, before=before
        )
        hearing = partial(Hearing, text, language, last, attachments, tuple(earlier), tuple(before))
        return _Noted(begun, hearing, self._hearings)


class _Noted(Begun):
    """A message that is understood as it would be, and noted down."""

    def __init__(self, begun: Begun, hearing: Callable[..., Hearing], hearings: list[Hearing]) -> None:
        vars(self).update(vars(begun))
        self._hearing, self._hearings = hearing, hearings

    def understood(self, answerable: Callable[[str, str], float]) -> Understood:
        answers: dict[tuple[str, str], float] = {}
        judged: dict[str, bool | None] = {}

        def answered(part: str, spoken: str) -> float:
            sure = answers[part, spoken] = answerable(part, spoken)
            return sure

        found = super().understood(answered)

        def judge(judgement: str) -> bool | None:
            verdict = judged[judgement] = found.judge(judgement)
            return verdict

        self._hearings.append(self._hearing(answers, found.heard, found.signals, _beside(found), judged))
        return replace(found, judge=judge)


def listen(agent: Agent) -> list[Hearing]:
    """Has an agent, and those that `afresh` makes of it, note down each message that it understands from now on.

    Args:
        agent: Of an opened shop, without a chat model.

    Returns:
        What it heard, in order; whoever reads it may empty it.
    """
    hearings: list[Hearing] = []
    parts = agent._parts  # noqa: SLF001 - it offers no way to listen, which is for nobody but the harness
    agent._work_with(replace(parts, understander=_Listening(parts.understander, hearings)))  # noqa: SLF001
    return hearings


def is_heard_alike(agent: Agent, hearing: Hearing) -> bool:
    """Whether an agent understands a message as it was understood before, up to `MARGIN` in its probabilities.

    Args:
        agent: Of a shop that may have other examples, and is else the same.
        hearing: The message.
    """

    def answered(part: str, spoken: str) -> float:
        return hearing.answers[part, spoken]

    try:
        begun = Understander.begin(
            agent._parts.understander, hearing.text, language=hearing.language, last=hearing.last,  # noqa: SLF001
            attachments=hearing.attachments, earlier=hearing.earlier, before=hearing.before,
        )  # fmt: skip
        found = begun.understood(answered)
    except KeyError:
        return False  # something is asked of articles that wasn't
    return (
        found.signals == hearing.signals
        and _beside(found) == hearing.beside
        and replace(found.heard, requests=()) == replace(hearing.heard, requests=())
        and len(found.heard.requests) == len(hearing.heard.requests)
        and all(map(_is_alike, found.heard.requests, hearing.heard.requests))
        and all(found.judge(judgement) == verdict for judgement, verdict in hearing.judged.items())
    )


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a result hangs on beside examples: the case, what tells guides apart, the guides that it read; and what was heard."""

    case: str
    apart: ToldApart | None
    guides: Mapping[str, Guide | None]
    hearings: tuple[Hearing, ...]


class Standing:
    """Which results of cases stand after an edit, though it may change what guides are taken for."""

    def __init__(self) -> None:
        self._bases: dict[str, _Basis] = {}
        self._apart: ToldApart | None = None
        self._guides: Mapping[str, Guide] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._bases

    def forget(self) -> None:
        """Lets everything go: something else than guides changed."""
        self._bases.clear()

    def look_at(self, kernel: Kernel, apart: ToldApart) -> None:
        """Takes up the guides as they are now.

        Args:
            kernel: The guides.
            apart: What `told_apart_by` says of them.
        """
        plain = beside_examples(apart)
        if plain != self._apart:
            self._apart = plain  # equal ones are one object, so that they needn't be compared for each case
        self._guides = {guide.title: guide for guide in kernel.guides}

    def note(self, result: CaseResult, hearings: Iterable[Hearing]) -> None:
        """Notes down what a result of the guides as they are now hangs on.

        Args:
            result: The result.
            hearings: What was heard meanwhile.
        """
        read = {title for turn in result.turns for title in guides_of(turn)}
        self._bases[result.case.id] = _Basis(
            result.case.digest, self._apart, self._as_read(read, result), tuple(hearings)
        )

    def stands(self, case: Case, last: CaseResult | None, agent: Agent) -> bool:
        """Whether running a case again would give what it last gave; to be trusted until there is time to run it.

        Args:
            case: The case as it is now.
            last: Its last result.
            agent: Of the guides as they are now.
        """
        basis = self._bases.get(case.id)
        return (
            basis is not None
            and last is not None
            and last.error is None
            and basis.case == case.digest
            and basis.apart is self._apart
            and self._as_read(basis.guides, last) == basis.guides
            and all(is_heard_alike(agent, hearing) for hearing in basis.hearings)
        )

    def _as_read(self, titles: Iterable[str], result: CaseResult) -> dict[str, Guide | None]:
        """Guides as a case reads them: without their examples, unless it is handed over, when a team may be chosen by them."""
        handed = {title for turn in result.turns if isinstance(turn.outcome, HandedOver) for title in guides_of(turn)}
        found = {title: self._guides.get(title) for title in titles}
        return {
            title: guide if guide is None or title in handed else without_examples(guide)
            for title, guide in found.items()
        }


def _beside(found: Understood) -> tuple[str, ...]:
    return tuple(found.data.get("beside_safeguards", ()))


def _is_alike(one: Request, other: Request) -> bool:
    """Whether two requests are the same, up to the margin."""
    plain = [replace(each, probability=0.0, ranked=(), of_whole=None) for each in (one, other)]
    if plain[0] != plain[1] or (one.of_whole is None) != (other.of_whole is None):
        return False
    if [title for title, chance in one.ranked if chance >= _RANKED_FROM] != [
        title for title, chance in other.ranked if chance >= _RANKED_FROM
    ]:
        return False
    after = dict(one.ranked)
    moved = [
        one.probability - other.probability,
        (one.of_whole or 0.0) - (other.of_whole or 0.0),
        *(after.get(title, 0.0) - chance for title, chance in other.ranked),
    ]
    return max(map(abs, moved)) <= MARGIN
