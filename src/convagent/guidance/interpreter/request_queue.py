"""Requests of a turn, one after the other: taken up, put behind the question that is open, resumed."""

from __future__ import annotations

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.offers import Offers
from convagent.guidance.interpreter.requests import TO_ADVISE, Request
from convagent.guidance.interpreter.world import GuideState, HandOverStep, Step, TraceNote
from convagent.guidance.phrases import quoted
from convagent.why import and_because, because

__all__ = ["MAX_QUEUED", "RequestQueue"]

MAX_QUEUED = 4
"""Requests waiting for their turn; more are for a person."""


class RequestQueue(Offers):
    """Takes requests in the customer's order, or in that of `After`."""

    def take(self, request: Request) -> None:
        """Takes up a request: by its guide, from knowledge, or by asking which is meant."""
        if request.again and request.label is not None and (self.asked or self.again):
            self.again.append((request.label, request.text))
        elif self.asked:
            self.wait(request)
        elif request.shopping and request.label is None:
            self.advise(request.text)
        elif len(request.close) > 1 and self.clarify is None and self.memory.clarify is None:
            self.ask_which((request.close, request.text))
        elif request.label is not None:
            if not self.offers(request):
                self.start(request.label, request.text, again=request.again)
        elif request.articles:
            self.answer_from_chosen(request)
        elif (request.answerable or 0) >= self.settings.answer_from:
            self.steps.append(Step("answer", "", data={"query": request.query or request.text}))
            self.settled += 1
        elif not self.is_aside(request):
            self.unanswered(request)

    def ask_which(self, clarify: tuple[tuple[str, ...], str]) -> None:
        """Asks which of several guides is meant."""
        self.clarify = clarify
        language = self.base.language
        listed = f" {self.base.phrase('or')} ".join(quoted(title, language) for title in clarify[0])
        text = self.base.phrase("which_request", choices=listed)
        self.steps.append(Step("ask", "", text, data={"buttons": clarify[0]}))
        self.asked = ("request",)

    def without_alternatives(self, requests: list[Request]) -> list[Request]:
        """The requests but for those that are wanted only if the one before can't be met: they wait for its end."""
        left: list[Request] = []
        behind = self.open[-1].title if self.open else ""
        for request in requests:
            if not request.only_if_refused or request.label is None:
                left.append(request)
            elif behind and behind.casefold() != request.label.casefold():
                self.otherwise.append((request.label, request.text, behind))
            behind = request.label or behind
        return left

    def alternatives_left(self) -> tuple[tuple[str, str, str], ...]:
        """What is wanted for the case that a request can't be met which is still under way."""
        under_way = {state.title.casefold() for state in self.open} | {title.casefold() for title, _ in self.waiting}
        left: list[tuple[str, str, str]] = []
        for title, words, behind in self.otherwise:
            if behind.casefold() in under_way:
                left.append((title, words, behind))
                under_way.add(title.casefold())
        return tuple(left)

    def advise(self, text: str) -> None:
        """Leaves a request to the shopping assistant."""
        self.steps.append(Step("advise", "", data={"words": text}))
        self.settled += 1

    def is_aside(self, request: Request) -> bool:
        """Whether a part that nothing answers stands beside one that something does: told in passing."""
        others = [other for other in self.heard.requests if other is not request]
        return (
            any(o.label is not None or o.shopping or (o.answerable or 0) >= self.settings.answer_from for o in others)
            and "?" not in request.text
        )

    def unanswered(self, request: Request) -> None:
        """Hands over what neither a guide nor an article answers; what may be meant, and a word or two, are asked about first."""
        if self.offers(request):
            return
        words = [word for word in request.text.split() if any(char.isalnum() for char in word)]
        if len(words) >= 3 or self.memory.vague or self.memory.offered is not None:
            reason = "low_confidence" if self.memory.vague else "missing_knowledge"
            why = self.asked_in_vain() or because("unanswered", text=request.text[:200])
            self.hand_overs.append(HandOverStep(reason, why=why))

    def wait(self, request: Request) -> None:
        """Puts a request behind the question that is open now."""
        answered = (request.answerable or 0) >= self.settings.answer_from
        shopping = request.shopping and request.label is None
        if (request.label is None and not answered and not shopping) or request.label in self.guides:
            return
        if len(self.waiting) >= MAX_QUEUED:
            self.hand_overs.append(HandOverStep("several_open_requests", why=because("too_many_requests")))
            return
        item = (request.label, request.text) if request.label else ("", request.query or request.text)
        item = (TO_ADVISE, request.text) if shopping else item
        if item not in self.waiting:
            self.waiting.append(item)

    def start(self, title: str, text: str, *, again: bool = False) -> None:
        """Reads a guide for a request, behind those that its `After` names; once in a turn, unless it is meant `again`."""
        guide = self.kernel.guide(title)
        if guide is None or (not again and (guide.title in self.guides or guide.title in self.starting)):
            return
        self.starting.add(guide.title)
        after = {name.casefold() for name in guide.after}
        for request in self.heard.requests:
            if request.label is not None and request.label.casefold() in after and not self.asked:
                self.start(request.label, request.text)
        if self.asked:
            self.starting.discard(guide.title)
            self.wait(Request(text, guide.title))
            return
        if self.is_for(guide) is not True:
            self.steps_for_outsiders(guide, text)
            return
        state = self.new_state(guide, text if again else self.words_for(text))
        self.settle(guide, self.read(guide, state))

    def words_for(self, text: str) -> str:
        """What a guide reads its Needs from: its own part of a message that asks for several things, else all of it."""
        if len(self.heard.requests) > 1:
            return text
        return self.heard.text if text in self.heard.text else f"{text}\n{self.heard.text}"

    def steps_for_outsiders(self, guide: k.Guide, text: str) -> None:
        """Hands over a request whose guide is not for this case, unless the customer said what to do then."""
        if self.end_alternatives(guide.title, refused=True):
            return
        why = because("not_for_this_nor_else", guide=guide.title, text=text[:200])
        self.hand_overs.append(HandOverStep("outside_scope", why=why))

    def resume(self) -> None:
        """Requests that waited, then the question of the guide that is still open."""
        while self.waiting and not self.asked:
            title, text = self.waiting.pop(self.next_waiting())
            if title == TO_ADVISE:
                self.advise(text)
            elif title:
                self.start(title, text)
            else:
                self.steps.append(Step("answer", "", data={"query": text}))
                self.settled += 1
        while self.open and not self.asked and not self.hand_overs:
            self.ask_again()
        while self.again and not self.asked and not self.hand_overs:
            title, text = self.again.pop(0)
            self.start(title, text, again=True)

    def next_waiting(self) -> int:
        """The first request that waits for none of the others."""
        titles = {title.casefold() for title, _ in self.waiting}
        for place, (title, _) in enumerate(self.waiting):
            guide = self.kernel.guide(title)
            if guide is None or not titles & {name.casefold() for name in guide.after}:
                return place
        return 0

    def ask_again(self) -> None:
        """The open guide's question once more, on fresh facts, without taking the message for an answer."""
        current = self.open.pop()
        guide = self.kernel.guide(current.title)
        if guide is None:
            self.vanished(current)
        elif self.may_go_on(guide, current):
            self.settle(guide, self.read(guide, current.unasked()))

    def say_more(self) -> None:
        """Asks what it is about, once."""
        if self.memory.vague:
            self.hand_overs.append(HandOverStep("low_confidence", why=because("still_unclear")))
            return
        text = "unseen" if self.heard.unseen else "go_ahead" if self.heard.announces else "say_more"
        self.ask_for(self.base.phrase(text), "request", count=True)

    def ask_for(self, text: str, name: str, *, count: bool) -> None:
        """Asks something that no guide asks."""
        self.steps.append(Step("ask", "", text))
        self.asked = (name,)
        self.vague = self.memory.vague + 1 if count else 0

    def vanished(self, current: GuideState) -> bool:
        """An open guide is in the shop no more: what it has done is a person's to finish. Returns whether there is any."""
        done = current.took_effect
        told = because("vanished", guide=current.title)
        self.trace.append(TraceNote("vanished", current.title, 0, told, {"done": ", ".join(done)}))
        if done:
            self.guides.append(current.title)
            self.hand_overs.append(
                HandOverStep("guidance", why=and_because(told, because("already_done", actions=done)))
            )
        return bool(done)
