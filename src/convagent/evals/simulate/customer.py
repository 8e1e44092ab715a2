"""What a simulated customer says next, given what the agent said: rules, and a seed for what people differ in."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from convagent.conversation import Answered, Asked, HandedOver, Silent, Turn
from convagent.evals.cases import CaseTurn
from convagent.evals.simulate.manner import phrase, written
from convagent.evals.simulate.persona import Mood, Persona
from convagent.evals.simulate.trouble import Trouble

__all__ = ["CONFIRM", "MOST_TURNS", "Customer", "Ending", "needs_of", "same_reply"]

MOST_TURNS = 30
"""A conversation of so many turns is no conversation any more."""

Ending = str
"""`satisfied`, `handed_over`, `gave_up`, `left`, `ended`: how it ended as the customer sees it."""

_WORSE: dict[Mood, Mood] = {"calm": "annoyed", "annoyed": "angry", "angry": "angry"}
CONFIRM = "confirm"


def needs_of(turn: Turn) -> tuple[str, ...]:
    """What a turn asks for, a yes as `confirm`."""
    if not isinstance(turn.outcome, Asked):
        return ()
    return tuple(dict.fromkeys(CONFIRM if need.startswith("confirm:") else need for need in turn.outcome.needs))


def same_reply(turns: Sequence[Turn]) -> Trouble | None:
    """The agent's fault that it says the same twice in a row; None where it doesn't."""
    if len(turns) < 2 or not _said(turns[-1]) or _said(turns[-1]) != _said(turns[-2]):
        return None
    return Trouble("same_reply", len(turns), _short(_said(turns[-1])))


@dataclass
class Customer:
    """One customer in one conversation.

    Attributes:
        persona: Who it is.
        chance: Seeded.
        reached: Whether the turns so far are what the customer came for.
        ending: How it ended; empty while it goes on.
        troubles: What went wrong so far, as far as the customer notices.
    """

    persona: Persona
    chance: random.Random
    reached: Callable[[Sequence[Turn]], bool]
    ending: Ending = ""
    troubles: list[Trouble] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Ways to open in the order of this customer, and a clean slate."""
        self._openings = self.chance.sample(self.persona.opens, len(self.persona.opens))
        self._asides = list(self.persona.asides)
        self._answered: Counter[str] = Counter()
        self._refused: set[str] = set()
        self._mood: Mood = self.persona.mood
        self._patience = self.persona.patience
        self._gave_up = self._beside = False

    def speak(self, turns: Sequence[Turn]) -> CaseTurn | None:
        """What they write next, None when they are done."""
        text = self._opening() if not turns else self._next(turns)
        return None if text is None else CaseTurn(customer=text)

    def _next(self, turns: Sequence[Turn]) -> str | None:
        last, number = turns[-1], len(turns)
        if number >= MOST_TURNS:
            self.troubles.append(Trouble("out_of_turns", number, f"still going after {MOST_TURNS} turns"))
            return self._ends("ended")
        if isinstance(last.outcome, HandedOver):
            return self._ends("gave_up" if self._gave_up else "handed_over")
        if self._gave_up:
            return self._ends("gave_up")
        if not self._beside and (repeated := same_reply(turns)) is not None:
            self.troubles.append(repeated)
        beside, self._beside = self._beside, False
        if isinstance(last.outcome, Asked):
            return self._answer(last, number)
        if beside:  # an aside was answered; what was asked before is still open
            earlier = next((turn for turn in reversed(turns[:-1]) if isinstance(turn.outcome, Asked)), None)
            if earlier is not None:
                return self._answer(earlier, number, again=True)
        if self.reached(turns):
            return self._ends("satisfied")
        if isinstance(last.outcome, Silent):
            return self._ends("ended")
        return self._disappointed(last, number)

    # ---- what they say
    def _opening(self) -> str:
        return self._write(self._openings.pop(0), first=True)

    def _answer(self, last: Turn, number: int, *, again: bool = False) -> str | None:
        needs = needs_of(last)
        if self._asides and not again and self.chance.random() < 0.5:
            self._beside = True
            return self._write(self._asides.pop(0))
        said: list[str] = []
        for need in needs:
            answer = self._one(need, number, again=again)
            if answer is None:
                return self._gives_up()
            said.append(answer)
        if not needs:  # a question without a need: which of several things is meant
            return self._chosen(last, number)
        return self._write(", ".join(dict.fromkeys(said)))

    def _one(self, need: str, number: int, *, again: bool) -> str | None:
        """An answer to one need; None when their patience is over."""
        if need == CONFIRM:
            return phrase("yes" if self.persona.agrees else "no", self.persona.language, self.chance)
        known = self.persona.knows_of(need)
        if known is None:
            if need in self._refused:
                return None
            self._refused.add(need)
            self.troubles.append(Trouble("does_not_know", number, f"the persona knows nothing of “{need}”"))
            return phrase("dont_know", self.persona.language, self.chance)
        given = self._answered[need]
        self._answered[need] += 1
        if given >= len(known) and not again:
            self.troubles.append(Trouble("asked_again", number, f"“{need}” was answered: {known[-1]}"))
            if not self._bears_it():
                return None
        return known[min(given, len(known) - 1)]

    def _chosen(self, last: Turn, number: int) -> str | None:
        """One of the answers that are offered: the first that the persona's own words are about."""
        offered = last.reply.buttons if last.reply is not None else ()
        own = " ".join(
            (*self.persona.opens, *(word for each in self.persona.knows.values() for word in each))
        ).casefold()
        fits = [each for each in offered if each.casefold() in own]
        return self._write(fits[0]) if fits else self._disappointed(last, number)

    def _disappointed(self, last: Turn, number: int) -> str | None:
        """That was no answer: they say it in other words, as long as they have patience and words."""
        if isinstance(last.outcome, Answered) and last.outcome.refused:
            return self._gives_up()
        if not self._bears_it():
            return self._gives_up()
        if not self._openings:
            self.troubles.append(Trouble("out_of_words", number, "the persona has no further way to say what it wants"))
            return self._gives_up()
        not_that = phrase("not_that", self.persona.language, self.chance)
        return self._write(f"{not_that} {self._openings.pop(0)}")

    def _gives_up(self) -> str | None:
        if self.persona.gives_up == "leaves":
            return self._ends("left")
        self._gave_up = True
        return phrase("person", self.persona.language, self.chance)

    def _ends(self, how: Ending) -> str | None:
        self.ending = how
        return None

    def _bears_it(self) -> bool:
        self._patience -= 1
        self._mood = _WORSE[self._mood]
        return self._patience >= 0

    def _write(self, text: str, *, first: bool = False) -> str:
        manner = tuple(each for each in self.persona.manner if first or each != "chatty")  # one greets once
        return written(text, manner, self._mood, self.persona.language, self.chance)


def _said(turn: Turn) -> str:
    return turn.reply.text if turn.reply is not None else ""


def _short(text: str, limit: int = 80) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
