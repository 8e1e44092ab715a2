"""What a turn's decision is made from and comes to: its settings, the conversation's memory, the decision. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from convagent.guidance.interpreter.deadlines import Deadline
from convagent.guidance.interpreter.world import GuideState, HandOverStep, Ran, Step, TraceNote, Want
from convagent.why import why_from_json, why_to_json

__all__ = ["DecideSettings", "Decision", "Memory"]


@dataclass(frozen=True, slots=True)
class DecideSettings:
    """Thresholds of a decision.

    Attributes:
        answer_from: An article answers when its probability reaches this, 0 to 1.
        switch_from: While a question is open, another guide starts only when its probability reaches this.
        ask_from: From this probability on, up to `answer_from`, the customer is asked whether an article is what they mean.
    """

    answer_from: float = 0.5
    switch_from: float = 0.6
    ask_from: float = 1.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What a conversation remembers for deciding.

    Attributes:
        open: Guides that wait for the customer, the innermost last.
        waiting: Requests not taken yet: title (empty: from knowledge) and words.
        known: Values by name, in JSON, that later guides may use.
        fired: How often guides ran.
        runs: Counts runs; part of idempotency keys.
        handed_over: A person is in charge.
        clarify: Titles that the customer was asked to choose from, and the words it was about.
        vague: How often in a row the customer was asked to say more.
        last: The last request's words, for follow-ups.
        owed: Hand-overs that wait until what can be done is done.
        givers: For each Need that a guide gave, that guide's state: what it gave is found anew each turn.
        shopping: What the shopping assistant remembers, in JSON; guidance only passes it on.
        otherwise: Requests for the case that another can't be met: title, words, and title of the other.
        again: Requests of a guide once more, for another of several orders that a message named: title and words.
        offered: Articles, id and title, that the customer was asked about, and their question; a guide without an id.
    """

    open: tuple[GuideState, ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    known: Mapping[str, Any] = field(default_factory=dict)
    fired: Mapping[str, int] = field(default_factory=dict)
    runs: int = 0
    handed_over: bool = False
    clarify: tuple[tuple[str, ...], str] | None = None
    vague: int = 0
    last: str = ""
    owed: tuple[HandOverStep, ...] = ()
    givers: Mapping[str, GuideState] = field(default_factory=dict)
    shopping: Mapping[str, Any] = field(default_factory=dict)
    otherwise: tuple[tuple[str, str, str], ...] = ()
    offered: tuple[tuple[tuple[str, str], ...], str] | None = None
    again: tuple[tuple[str, str], ...] = ()

    @property
    def deadline(self) -> Deadline | None:
        """Until when the question that is open now waits for its answer; None for without end, or without a question."""
        return self.open[-1].deadline if self.open and not self.handed_over else None

    def to_json(self) -> dict[str, Any]:
        """The memory for storage."""
        rarely: dict[str, Any] = {"otherwise": [list(item) for item in self.otherwise]} if self.otherwise else {}
        if self.again:
            rarely["again"] = [list(item) for item in self.again]
        if self.offered is not None:
            rarely["offered"] = [[list(article) for article in self.offered[0]], self.offered[1]]
        return {
            "open": [state.to_json() for state in self.open],
            "waiting": [list(item) for item in self.waiting],
            "known": dict(self.known),
            "fired": dict(self.fired),
            "runs": self.runs,
            "handed_over": self.handed_over,
            "clarify": None if self.clarify is None else [list(self.clarify[0]), self.clarify[1]],
            "vague": self.vague,
            "last": self.last,
            "owed": [{**asdict(step), "why": why_to_json(step.why)} for step in self.owed],
            "givers": {name: state.to_json() for name, state in self.givers.items()},
            "shopping": dict(self.shopping),
            **rarely,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Memory:
        """The memory that `to_json` wrote; an empty mapping is a new conversation's."""
        if not data:
            return cls()
        clarify, offered = data["clarify"], data.get("offered")
        return cls(
            tuple(GuideState.from_json(state) for state in data["open"]),
            tuple((title, text) for title, text in data["waiting"]),
            data["known"], data["fired"], data["runs"], data["handed_over"],
            None if clarify is None else (tuple(clarify[0]), clarify[1]), data["vague"], data["last"],
            tuple(HandOverStep(**{**step, "why": why_from_json(step["why"])}) for step in data.get("owed", ())),
            {name: GuideState.from_json(state) for name, state in data.get("givers", {}).items()},
            data.get("shopping", {}),
            tuple((title, words, behind) for title, words, behind in data.get("otherwise", ())),
            None if offered is None else (tuple((name, title) for name, title in offered[0]), offered[1]),
            tuple((title, words) for title, words in data.get("again", ())),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """What a turn comes to.

    Attributes:
        outcome: As the architecture names them, in lower case.
        steps: For the reply, in order.
        memory: For the next turn.
        want: A look-up or action that must run before the decision can be made.
        refused: With `answered`: the rules refused what was asked.
        needs: With `asked`.
        hand_over: With `handed_over`.
        silent: With `silent`: why.
        guides: Titles of the guides that were read.
        known: Values by name as they stand at the end of the decision, or at what it wants.
        trace: What was considered.
        ran: Runs that began, of guides with an `At most` that counts beyond the conversation: to be kept for the customer.
    """

    outcome: Literal["answered", "asked", "handed_over", "silent"]
    steps: tuple[Step, ...]
    memory: Memory
    want: Want | None = None
    refused: bool = False
    needs: tuple[str, ...] = ()
    hand_over: HandOverStep | None = None
    silent: str = ""
    guides: tuple[str, ...] = ()
    known: Mapping[str, Any] = field(default_factory=dict)
    trace: tuple[TraceNote, ...] = ()
    ran: tuple[Ran, ...] = ()
