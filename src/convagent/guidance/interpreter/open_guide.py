"""The guide that waits for the customer: whether a message answers it, asks for something else, or drops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from convagent.facts import Address
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.asking import plain_question
from convagent.guidance.interpreter.picks import PICKED
from convagent.guidance.interpreter.request_queue import RequestQueue
from convagent.guidance.interpreter.requests import TO_ADVISE, Request
from convagent.guidance.interpreter.world import Choice as PickChoice
from convagent.guidance.interpreter.world import GuideState, HandOverStep, Step, TraceNote, Utterance, Wanted
from convagent.guidance.parts import joined
from convagent.guidance.values import UNKNOWN
from convagent.why import because

__all__ = ["MAX_OPEN", "OpenGuides", "asked_needs", "asks_for_a_picture"]

MAX_OPEN = 3
"""Guides open within one another; one more is for a person."""

_FEW_WORDS = 6

_WORDS_OF_A_NAME, _PLAINLY = 2, 0.9
"""A message of so few words begins something else, where a thing was asked for, only if it means it so probably."""

_TELLS_WHO_WRITES = frozenset({"email", "order_number", "postcode", "phone"})
"""Kinds of values by which a customer is found; each is plain by its form."""

_PICTURES = ("photo", "picture", "image", "foto", "screenshot")
"""A Need with one of these in its name asks for a picture."""


class OpenGuides(RequestQueue):
    """Reads the open guide with what the customer wrote."""

    def answer_open(self, new: list[Request]) -> list[Request]:
        """Reads the open guide with the message as an answer; returns the requests that are left."""
        current = self.open[-1]
        guide = self.kernel.guide(current.title)
        if guide is None:
            self.open.pop()
            return [] if self.vanished(current) else new
        if self.heard.withdraws and current.frozen is None and self.can_be_dropped(current):
            return self.drop(guide)
        if not self.may_go_on(guide, current):
            self.open.pop()
            return []
        others = [
            r for r in new if r.shopping or (r.label is not None and r.label.casefold() != guide.title.casefold())
        ]
        least = self.least_to_switch(current)
        sure = [request for request in others if request.shopping or request.probability >= least]
        sure = [request for request in sure if not self.is_an_address_for(current, request)]
        if self.heard.unseen and self.is_for_somebody_who_sees(current):
            self.open.pop()
            self.guides.append(guide.title)
            why = because("picture_for_an_answer", guide=guide.title, names=current.asked)
            self.hand_overs.append(HandOverStep("low_confidence", why=why))
            return []
        if self.heard.answers_open is False and not self.answers_plainly(current):
            asides = [r for r in new if r in others or (r.answerable or 0) >= self.settings.answer_from]
            if asides:
                return self.meanwhile(new, asides)
        free = self.heard.answers_open is not True and self.is_free_text(current)
        if sure and free and not self.gives_plainly(current):
            # any words would do for an answer: these ask for something else, and nothing is done on them
            return self.meanwhile(new, sure)
        kept = len(self.trace)
        reading = self.read(guide, current.heard(self.heard.text, self.heard.quotes), keep=False)
        stuck = reading.status == "asked" and set(reading.needs) == set(current.asked)
        gave_up = (
            reading.status == "handed_over"
            and reading.hand_over is not None
            and reading.hand_over.reason == "no_progress"
        )
        if (stuck or gave_up) and self.heard.refuses and self.can_be_dropped(current):
            return self.drop(guide)
        if (stuck or gave_up) and (sure or self.answers_something(new)):
            del self.trace[kept:]
            if sure and self.heard.instead:
                self.open.pop()
                told = f"the customer wants “{sure[0].label or TO_ADVISE}” instead of “{guide.title}”"
                self.trace.append(TraceNote("dropped", guide.title, guide.span.line, told))
                return sure
            return self.meanwhile(new, sure)
        if (stuck or gave_up) and self.heard.declines and self.can_be_dropped(current):
            return self.drop(guide)
        self.open.pop()
        if stuck and not any(note.kind == "must" for note in reading.trace):
            reading = replace(reading, steps=tuple(self.put_again(current, reading.steps)))
        self.settle(guide, reading)
        says_more = len(self.heard.requests) > 1 or any(request.text != self.heard.text for request in sure)
        return sure if says_more else []

    def put_again(self, state: GuideState, steps: Iterable[Step]) -> list[Step]:
        """The steps of a guide whose question was not answered, which comes again in other words.

        Whoever gave something else that it will ask for is thanked, and asked in one sentence for what is lacking.
        """
        in_vain = _asked_in_vain(state)
        asked = [need for need in asked_needs(self.kernel, state) if need.kind == "value"]
        if asked and not in_vain and self.gives_another(state):
            said = self.base.phrase("noted")
            plain = joined(plain_question(self.base.phrase, need) for need in asked) if _ask_plainly(asked) else ""
            return [replace(s, text=joined((said, plain or s.text))) if s.kind == "ask" else s for s in steps]
        again = "unseen_again" if self.heard.unseen else "again_more" if in_vain else "again"
        said = self.base.phrase(again)
        return [replace(step, text=joined((said, step.text))) if step.kind == "ask" else step for step in steps]

    def gives_another(self, state: GuideState) -> bool:
        """Whether the message tells who writes by something that the open guide has a Need of, but hasn't asked for now."""
        utterance = Utterance(self.heard.text, state.asked)
        names = {_plain(name) for name in state.asked}
        return any(
            self.base.reader.read(Wanted(need.name, "value", need.type_name), utterance, direct=False).value
            is not UNKNOWN
            for need in _needs_ahead(self.kernel, state)
            if need.name not in names and need.kind == "value" and (need.type_name or need.name) in _TELLS_WHO_WRITES
        )

    def least_to_switch(self, state: GuideState) -> float:
        """From which probability on a request for another guide is taken up while this one is open.

        Where one of several things is asked for, a name of two words that isn't among them ("the bicycle") is rather meant to be
        one of them than to begin something else.
        """
        picks = any(need.kind in PICKED for need in asked_needs(self.kernel, state))
        bare = len(self.heard.text.split()) <= _WORDS_OF_A_NAME and "?" not in self.heard.text
        return max(self.settings.switch_from, _PLAINLY) if picks and bare else self.settings.switch_from

    def behind_the_open(self, new: list[Request]) -> list[Request]:
        """The requests but for those of the open guide that are for one more order: they wait for its end."""
        if self.heard.withdraws:
            self.again = []
        if self.open:
            self.again += [(r.label, r.text) for r in new if r.again and r.label is not None]
        return [request for request in new if not (self.open and request.again)]

    def drop(self, guide: k.Guide) -> list[Request]:
        """The customer no longer wants what the open guide is for, and no other order that it was for either."""
        self.open.pop()
        self.again = [(title, text) for title, text in self.again if title.casefold() != guide.title.casefold()]
        self.steps.append(Step("say", guide.title, self.base.phrase("nothing_done")))
        self.trace.append(TraceNote("dropped", guide.title, guide.span.line, f"the customer drops “{guide.title}”"))
        self.refused += 1
        return []

    def meanwhile(self, new: list[Request], sure: list[Request]) -> list[Request]:
        """A new question while a guide is open is answered, and the open guide resumes with its own."""
        if len(self.open) >= MAX_OPEN:
            why = because("many_open", count=len(self.open))
            self.hand_overs.append(HandOverStep("several_open_requests", why=why))
            return []
        return sure or [r for r in new if (r.answerable or 0) >= self.settings.answer_from]

    def can_be_dropped(self, state: GuideState) -> bool:
        """Whether a no is no answer to what was asked: neither a confirmation nor a yes-or-no question is open."""
        if any(need.kind == "yes_no" for need in asked_needs(self.kernel, state)):
            return False
        return bool(state.asked) and not any(name.startswith("confirm:") for name in state.asked)

    def answers_something(self, new: list[Request]) -> bool:
        """Whether an article answers a question of the message."""
        return any((request.answerable or 0) >= self.settings.answer_from and "?" in request.text for request in new)

    def is_for_somebody_who_sees(self, state: GuideState) -> bool:
        """Whether a picture without words answers what asks for one, or is the second in a row that nobody looked at."""
        if self.heard.text.strip():
            return False
        before = state.utterances[-1].text.strip() if state.utterances else "x"
        return not before or any(map(asks_for_a_picture, state.asked))

    def answers_plainly(self, state: GuideState) -> bool:
        """Whether the message, without any doubt, says yes or no to a question for it, or holds what was asked for."""
        utterance = Utterance(self.heard.text, state.asked)
        kinds = {need.kind for need in asked_needs(self.kernel, state)} & {"yes_no"}
        if any(name.startswith("confirm:") for name in state.asked):
            kinds.add("confirmation")
        read = (self.base.reader.read(Wanted("", kind), utterance, direct=True).value for kind in sorted(kinds))
        return any(value is not UNKNOWN for value in read) or self.gives_plainly(state)

    def is_free_text(self, state: GuideState) -> bool:
        """Whether what was asked for takes any words at all, or nearly any, as an address does."""
        return any(
            need.kind == "value" and (need.type_name or need.name) in {"text", "address", need.name}
            for need in asked_needs(self.kernel, state)
        )

    def gives_plainly(self, state: GuideState) -> bool:
        """Whether the message plainly holds something that was asked for by its kind: an e-mail address, a name, a number."""
        utterance = Utterance(self.heard.text, state.asked)
        return any(
            self.base.reader.read(Wanted(need.name, "value", need.type_name), utterance, direct=False).value
            is not UNKNOWN
            for need in asked_needs(self.kernel, state)
            if need.kind == "value" and (need.type_name or need.name) not in {"text", "address"}
        )

    def is_an_address_for(self, state: GuideState, request: Request) -> bool:
        """Whether a request is only a postal address, given for the open guide though another guide takes one too.

        What was asked for is an address itself, or any words at all, and the message is nothing but an address.
        """
        other = self.kernel.guide(request.label or "")
        asked = [need for need in asked_needs(self.kernel, state) if need.kind == "value"]
        if other is None or not any(_is_address(need) for need in _needs_of(other)) or "?" in request.text:
            return False
        utterance = Utterance(self.heard.text, state.asked)
        wanted = Wanted("address", "value", "address")
        if any(_is_address(need) for need in asked):
            return _is_bare(self.heard.text) or self.is_whole_address(wanted, utterance)
        return self.is_free_text(state) and self.is_whole_address(wanted, utterance)

    def is_whole_address(self, wanted: Wanted, utterance: Utterance) -> bool:
        """Whether a message begins with a plain address."""
        read = self.base.reader.read(wanted, utterance, direct=False).value
        if not isinstance(read, Address) or not read.line1:
            return False
        return " ".join(utterance.text.split()).casefold().startswith(read.line1.casefold())

    def clarified(self, clarify: tuple[tuple[str, ...], str]) -> list[Request]:
        """The request that was too close to call, once the customer has chosen."""
        titles, words = clarify
        choices = tuple(PickChoice(title, title, (title,)) for title in titles)
        utterance = GuideState("", "", asked=("request",)).heard(self.heard.text).utterances[-1]
        read = self.base.reader.read(Wanted("request", "one", choices=choices), utterance, direct=True)
        if isinstance(read.value, tuple) and read.value:
            return [Request(f"{words} {self.heard.text}", read.value[0], 1.0)]
        chosen = [request for request in self.heard.requests if request.label is not None]
        return chosen or list(self.heard.requests)


def _asked_in_vain(state: GuideState) -> bool:
    """Whether what a guide asked for last was asked for in vain before, in words that aren't to be said twice in a row."""
    own = any(state.attempts.get(name, 0) > 0 for name in state.asked)
    return own or any(_asked_in_vain(inner) for inner in state.inner.values())


def asked_needs(kernel: k.Kernel, state: GuideState) -> tuple[k.Need, ...]:
    """The Needs whose question is open in a guide, those of the guides that give its Needs among them.

    A name that the guide has no Need of is asked for by a guide that it goes on in.
    """
    names = {_plain(name) for name in state.asked}
    found: list[k.Need] = []
    for guide in _goes_on_in(kernel, state.title):
        found += [need for need in _needs_of(guide) if need.name in names]
        names -= {need.name for need in found}
    for inner in state.inner.values():
        found.extend(asked_needs(kernel, inner))
    return tuple(found)


def asks_for_a_picture(name: str) -> bool:
    """Whether a Need of that name asks for a picture: `photo`, `picture_of_damage`."""
    plain = _plain(name).casefold()
    return any(word in plain for word in _PICTURES)


def _ask_plainly(needs: Iterable[k.Need]) -> bool:
    """Whether the language has a question of its own for each Need: by its kind, not by a name that only authors know."""
    return all((need.type_name or need.name) in _TELLS_WHO_WRITES for need in needs)


def _needs_ahead(kernel: k.Kernel, state: GuideState) -> Iterator[k.Need]:
    """The Needs of an open guide, of those that it goes on in, and of those that give its Needs at the moment."""
    for guide in _goes_on_in(kernel, state.title):
        yield from _needs_of(guide)
    for inner in state.inner.values():
        yield from _needs_ahead(kernel, inner)


def _goes_on_in(kernel: k.Kernel, title: str) -> Iterator[k.Guide]:
    """A guide, and behind it those that its `go to` leads to, the nearest first; each once."""
    ahead, seen = [title], set[str]()
    for name in ahead:
        guide = kernel.guide(name)
        if guide is None or guide.title in seen:
            continue
        seen.add(guide.title)
        yield guide
        for statement in guide.body:
            ahead += sorted(k.leads_to(statement)[1])


def _needs_of(guide: k.Guide) -> Iterator[k.Need]:
    return (need for need in k.statements_within(guide.body) if isinstance(need, k.Need))


def _plain(name: str) -> str:
    """A Need's name without the pick or the element that it is asked for."""
    return name.split("@", maxsplit=1)[0].split("[", maxsplit=1)[0]


def _is_address(need: k.Need) -> bool:
    return need.kind == "value" and (need.type_name or need.name) == "address"


def _is_bare(text: str) -> bool:
    """Whether words look like a street and its number and nothing else."""
    words = text.split()
    return len(words) <= _FEW_WORDS and bool(words) and (words[0][0].isdigit() or words[-1][0].isdigit())
