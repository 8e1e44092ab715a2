"""Articles that may answer, though none surely enough: the customer is asked, once, whether one is what they mean.

Between answering what wasn't asked and handing over what could have been answered stands one short question. It is never put
twice in a row; whoever says no, or anything else that nothing answers, is handed over with what they were asked.
"""

from __future__ import annotations

from convagent.guidance.interpreter.requests import Request
from convagent.guidance.interpreter.turn_reading import TurnReading
from convagent.guidance.interpreter.world import Choice, Step, TraceNote, Utterance, Wanted
from convagent.guidance.phrases import quoted
from convagent.why import because

__all__ = ["Offers"]

_WORDS_OF_A_PICK = 8
"""So few words that pick one of the articles and ask nothing mean no more than that."""


class Offers(TurnReading):
    """Asks about articles, and reads what the customer says to it."""

    def offers(self, request: Request) -> bool:
        """Asks whether one of the articles near a request is meant, or its guide; False where that may not be asked."""
        if not request.near or self.open or self.memory.offered is not None:
            return False
        offered = (*request.near, ("", request.label)) if request.label is not None else request.near
        titles = tuple(title for _, title in offered)
        language = self.base.language
        *others, last = [quoted(title, language) for title in titles]
        choices = f"{', '.join(others)} {self.base.phrase('or')} {last}" if others else last
        text = self.base.phrase("which_article", choices=choices)
        self.steps.append(Step("ask", "", text, data={"buttons": titles}))
        self.asked, self.offered = ("request",), (offered, request.query or request.text)
        told = f"nothing surely answers it: asks whether it is about {choices}"
        self.trace.append(TraceNote("offer", "", 0, told, {"articles": ", ".join(name for name, _ in request.near)}))
        return True

    def answer_from_chosen(self, request: Request) -> None:
        """Answers from the articles that the customer chose."""
        self.steps.append(Step("answer", "", data={"query": request.text, "article": request.articles}))
        self.settled += 1

    def taken_up(self, offered: tuple[tuple[str, str], ...], question: str) -> list[Request]:
        """What a message asks for that follows the question whether articles are meant.

        Args:
            offered: Id and title of those that were asked about; a guide has no id.
            question: What the customer had asked.
        """
        if self.heard.announces:
            return []  # "I have another question": that one, then
        said = self.heard.text.strip()
        if chosen := self._chosen(offered):
            articles = tuple(name for name, _ in chosen if name)
            meant = Request(question, answerable=1.0, articles=articles) if articles else self._of_guide(chosen[0][1])
            by_name = any(said.casefold() == title.casefold() for _, title in offered)
            if by_name or (len(said.split()) <= _WORDS_OF_A_PICK and "?" not in said):
                return [meant]
        new = list(self.heard.requests)
        if any(r.label is not None or r.shopping or (r.answerable or 0) >= self.settings.answer_from for r in new):
            return new
        return [meant] if chosen else new or [Request(question)]

    def _chosen(self, offered: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """Those that the message names, or all for a plain yes; the best stands first."""
        utterance = Utterance(self.heard.text, ("request",))
        choices = tuple(Choice(title, title, (title,)) for _, title in offered)
        read = self.base.reader.read(Wanted("request", "some", choices=choices), utterance, direct=True).value
        if isinstance(read, tuple) and read:
            return tuple(one for one in offered if one[1] in read)
        agreed = self.base.reader.read(Wanted("request", "yes_no"), utterance, direct=True).value
        return offered if agreed is True else ()

    def _of_guide(self, title: str) -> Request:
        question = "" if self.memory.offered is None else self.memory.offered[1]
        return Request(f"{question} {self.heard.text}".strip(), title, 1.0)

    def asked_in_vain(self) -> str:
        """For the note: what the customer was asked about that it isn't; empty where they were asked nothing."""
        if self.memory.offered is None:
            return ""
        named = ", ".join(f"“{title}”" for _, title in self.memory.offered[0])
        return because("not_about", named=named)
