"""Turns against what was expected of them: one check for each thing that was said.

Everything is judged from what a turn shows: its outcome, reply, actions and trace. So results can be judged again, against
other expectations, without running anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from convagent.conversation import Answered, Asked, Silent, Turn
from convagent.evals.calls import FinalState, call_checks, state_check
from convagent.evals.cases import Case, Expect, Phrase

__all__ = ["Check", "Likeness", "branches_of", "guide_of", "guides_of", "judge"]


class Check(BaseModel):
    """One thing that was expected, and whether it came.

    Attributes:
        name: The key of the expectation, such as outcome, says, actions; `other writes` for writes that none named.
        turn: The turn's number from 1; None for the end.
        passed: None where it can't be told.
        expected: In words.
        got: In words.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    turn: int | None
    passed: bool | None
    expected: str
    got: str


class Likeness(Protocol):
    """How alike two texts are in meaning."""

    def __call__(self, one: str, other: str) -> float:
        """Between -1 and 1."""
        ...


def judge(
    case: Case, turns: Sequence[Turn], state: Sequence[FinalState] = (), *, likeness: Likeness | None = None
) -> tuple[Check, ...]:
    """Every check of a case, turn by turn, then the end.

    Args:
        case: What was expected.
        turns: What came, one for each turn of the case.
        state: What the look-ups of `expect.state` gave.
        likeness: For phrases that are to be `meant`; without it these can't be told.
    """
    checks: list[Check] = []
    for number, (wanted, turn) in enumerate(zip(case.turns, turns, strict=False), 1):
        checks += _of(wanted.expect, [turn], turn=number, likeness=likeness)
    if turns:
        checks += _of(case.expect, turns, turn=None, likeness=likeness)
    checks += call_checks_of(case, turns)
    for number, expected in enumerate(case.expect.state):
        passed, told, got = state_check(expected, state[number] if number < len(state) else None)
        checks.append(Check(name="state", turn=None, passed=passed, expected=told, got=got))
    return tuple(checks)


def call_checks_of(case: Case, turns: Sequence[Turn]) -> list[Check]:
    """Checks of actions, and of writes that no expectation names."""
    found = call_checks([each.expect for each in case.turns], case.expect, [[*turn.actions] for turn in turns])
    return [
        Check(name=each.name, turn=each.turn, passed=each.passed, expected=each.expected, got=each.got)
        for each in found
    ]


# ---- what a turn shows
def guides_of(turn: Turn) -> list[str]:
    """Titles of the guides that were read, in the order in which they were; guides below them come after."""
    read = [str(event.data["guide"]) for event in turn.trace if event.kind == "guide" and event.data.get("guide")]
    below = [
        str(event.data["guide"]).split("/")[0]
        for event in turn.trace
        if event.kind != "guide" and event.data.get("guide")
    ]
    return list(dict.fromkeys((*read, *below)))


def guide_of(turn: Turn) -> str | None:
    """The guide that answers the message: the first that was read; None where none was."""
    return next(iter(guides_of(turn)), None)


def branches_of(turn: Turn) -> list[str]:
    """Addresses of statements that were reached, of conditions those that hold."""
    return list(
        dict.fromkeys(
            str(event.data["guide"])
            for event in turn.trace
            if "/" in str(event.data.get("guide") or "")
            and (event.kind != "condition" or event.data.get("result") == "yes")
        )
    )


# ---- checks
def _of(expect: Expect, turns: Sequence[Turn], *, turn: int | None, likeness: Likeness | None) -> Iterator[Check]:
    for name, passed, expected, got in (
        *_outcome(expect, turns[-1]), *_guidance(expect, turns), *_reply(expect, turns, likeness), *_cost(expect, turns)
    ):  # fmt: skip
        yield Check(name=name, turn=turn, passed=passed, expected=expected, got=got)


_Told = tuple[str, bool | None, str, str]


def _outcome(expect: Expect, turn: Turn) -> Iterator[_Told]:
    outcome, handover = turn.outcome, turn.handover
    if expect.outcome:
        yield "outcome", outcome.name in expect.outcome, " or ".join(expect.outcome), ending(turn)
    if expect.refused is not None:
        got = isinstance(outcome, Answered) and outcome.refused
        yield "refused", isinstance(outcome, Answered) and got == expect.refused, _yes(expect.refused), ending(turn)
    if expect.asks:
        needs = ["confirm" if need.startswith("confirm:") else need for need in getattr(outcome, "needs", ())]
        missing = [need for need in expect.asks if need not in needs]
        yield (
            "asks",
            isinstance(outcome, Asked) and not missing,
            ", ".join(expect.asks),
            ", ".join(needs) or ending(turn),
        )
    if expect.why:
        why = outcome.why if isinstance(outcome, Silent) else ending(turn)
        yield "why", isinstance(outcome, Silent) and why in expect.why, " or ".join(expect.why), str(why)
    if expect.reason:
        reason = handover.reason if handover else ending(turn)
        yield "reason", handover is not None and reason in expect.reason, " or ".join(expect.reason), reason
    if expect.team is not None:
        yield (
            "team",
            handover is not None and handover.team == expect.team,
            expect.team,
            handover.team if handover else ending(turn),
        )
    if expect.priority is not None:
        got_priority = handover.priority if handover else None
        yield "priority", got_priority == expect.priority, expect.priority, got_priority or ending(turn)


def _guidance(expect: Expect, turns: Sequence[Turn]) -> Iterator[_Told]:
    fired = list(dict.fromkeys(guide for turn in turns for guide in guides_of(turn)))
    shown = ", ".join(fired) or "no guide"
    if "guide" in expect.model_fields_set:
        wanted = expect.guide
        yield "guide", not fired if wanted is None else wanted in fired, wanted or "no guide", shown
    for each in expect.guides:
        yield "guides", each in fired, each, shown
    for each in expect.not_guides:
        yield "not_guides", each not in fired, f"not {each}", shown
    reached = list(dict.fromkeys(branch for turn in turns for branch in branches_of(turn)))
    for each in expect.branches:
        yield "branches", each in reached, each, ", ".join(reached) or "no branch"
    for each in expect.not_branches:
        yield "not_branches", each not in reached, f"not {each}", ", ".join(reached) or "no branch"


def _reply(expect: Expect, turns: Sequence[Turn], likeness: Likeness | None) -> Iterator[_Told]:
    replies = [turn.reply for turn in turns if turn.reply is not None]
    cited = list(dict.fromkeys(citation.article_id for reply in replies for citation in reply.citations))
    for each in expect.cites:
        yield "cites", each in cited, each, ", ".join(cited) or "no article"
    for each in expect.not_cites:
        yield "not_cites", each not in cited, f"not {each}", ", ".join(cited) or "no article"
    texts = [reply.text for reply in replies]
    for phrase in expect.says:
        said = _said(phrase, texts, likeness)
        yield "says", said, _shown(phrase), _whether(said, texts)
    for phrase in expect.says_not:
        said = _said(phrase, texts, likeness)
        yield "says_not", None if said is None else not said, f"not {_shown(phrase)}", _whether(said, texts)
    if expect.language is not None:
        languages = list(dict.fromkeys(reply.language for reply in replies[-1:]))
        yield "language", languages == [expect.language], expect.language, ", ".join(languages) or "no reply"
    shown = [product for reply in replies for product in reply.products]
    names = {name.casefold() for product in shown for name in (product.product_id, product.title)}
    titles = ", ".join(dict.fromkeys(product.title for product in shown)) or "no product"
    if isinstance(expect.shows, bool):
        yield "shows", bool(shown) == expect.shows, "a product" if expect.shows else "no product", titles
    for each in expect.shows if isinstance(expect.shows, tuple) else ():
        yield "shows", each.casefold() in names, each, titles
    for each in expect.shows_not:
        yield "shows_not", each.casefold() not in names, f"not {each}", titles


def _cost(expect: Expect, turns: Sequence[Turn]) -> Iterator[_Told]:
    if expect.model_calls is not None:
        calls = sum(turn.usage.model_calls for turn in turns)
        yield "model_calls", calls <= expect.model_calls, f"at most {expect.model_calls}", str(calls)
    if expect.seconds is not None:
        # How long it took is told in words that don't change from run to run; the figure stands in the turn.
        slowest = max(turn.usage.seconds for turn in turns)
        passed = slowest <= expect.seconds
        yield "seconds", passed, f"at most {expect.seconds:g}", "in time" if passed else "too slow"


def _said(phrase: Phrase, texts: Sequence[str], likeness: Likeness | None) -> bool | None:
    if phrase.text is not None:
        return any(_plain(phrase.text) in _plain(text) for text in texts)
    if phrase.pattern is not None:
        return any(re.search(phrase.pattern, text, re.IGNORECASE) for text in texts)
    if likeness is None:
        return None
    sentences = [part for text in texts for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]
    return any(likeness(phrase.means or "", each) >= phrase.at_least for each in (*texts, *sentences))


def _whether(said: bool | None, texts: Sequence[str]) -> str:
    """The reply itself stands in the turn."""
    if said is None:
        return "can't be told without an embedder"
    return "said" if said else "not said" if texts else "no reply"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _shown(phrase: Phrase) -> str:
    if phrase.text is not None:
        return f"“{phrase.text}”"
    return f"/{phrase.pattern}/" if phrase.pattern is not None else f"the meaning of “{phrase.means}”"


def ending(turn: Turn) -> str:
    """How a turn ended, in a few words."""
    outcome, handover = turn.outcome, turn.handover
    if handover is not None:
        return f"HandedOver to {handover.team} because {handover.reason}"
    if isinstance(outcome, Answered) and outcome.refused:
        return "Answered, refused by the rules"
    if isinstance(outcome, Asked) and outcome.needs:
        return f"Asked for {', '.join('a yes' if need.startswith('confirm:') else need for need in outcome.needs)}"
    return f"Silent ({outcome.why})" if isinstance(outcome, Silent) else outcome.name


def _yes(value: bool) -> str:
    return "refused by the rules" if value else "not refused"
