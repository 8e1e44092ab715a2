"""One answer of a model's: its sentences one by one, each sent once it is grounded, then where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from convagent.answering.by_model.at_work import ReplyAtWork
from convagent.answering.by_model.headings import Line, turns_round, under_headings
from convagent.answering.by_model.plain_answers import is_plain_answer, with_their_answers
from convagent.answering.by_model.prompting import Task
from convagent.answering.by_model.refusals import declines, leads_up
from convagent.answering.by_model.stream_reading import cited, is_item, leans, tidied
from convagent.answering.compose import source_line
from convagent.answering.grounding import (
    Checked,
    Fault,
    Source,
    Sources,
    check_sentence,
    check_told,
    check_with_told,
    read_ahead,
)
from convagent.conversation import Citation
from convagent.guidance.claims import claims_in
from convagent.guidance.parts import Part, Worded, joined
from convagent.knowledge import Passage

__all__ = ["Answer"]

_LENIENCE = 1.5
"""An answer that has so many times the words that were asked for ends there."""


class Answer:
    """One answer at work.

    Args:
        reply: The reply that it belongs to.
        task: The piece, with the passages that it may rest on.
    """

    def __init__(self, reply: ReplyAtWork, task: Task) -> None:
        self.reply, self.task = reply, task
        given = tuple(_source(reply.passages[number - 1]) for number in task.numbers)
        self.sources: Sources = reply.sources(given, task.piece.question)
        self.held: list[_Sentence] = []
        self.sent: list[_Sentence] = []
        self.lead = ""
        self.lead_was_cut = self.cut_before = False
        self.words = 0

    def read_ahead(self) -> None:
        """Reads the sources, which are read otherwise where a sentence is held against them."""
        read_ahead(self.sources)
        claims_in(self.task.piece.text)

    @property
    def stated(self) -> bool:
        """Whether anything was sent that a passage says; how the customer's own affairs stand answers nothing by itself."""
        return _answers(self.sent)

    def write(self, lines: Iterator[str]) -> None:
        """Writes what may be sent of the sentences; the extractive answer where that states nothing."""
        reply, streamed = self.reply, self.reply.wording.release is not None
        reply.writer.begin()
        question = self.task.piece.question
        for line in with_their_answers(under_headings(lines), question, reply.language):
            text, numbers = cited(line.text)
            text = tidied(text)
            if not text.strip() or (not line.leads and self._is_title(text)):
                continue
            sentence, faults = self._judged(line, text, numbers)
            if faults and line.leads and not turns_round(text):
                self.lead, self.lead_was_cut = "", False  # a mere title above a list
                continue
            if faults:
                reply.outcome.cut.append((text.strip(), faults))
                if is_plain_answer(text):
                    continue  # "Yes!" isn't sent; what follows may stand by itself
                self.cut_before, self.held = True, []
                if streamed or not self.stated:
                    reply.reader.close()
                    break
                continue
            self.cut_before = False
            self.held.append(sentence)
            if not self._waits(line, sentence):
                self._send()
        if self.task.mark in reply.reader.declined:
            reply.outcome.declined += 1
        self._finish()

    def _is_title(self, text: str) -> bool:
        """Whether a line only repeats the title or a heading of a passage, as small models begin with it."""
        if text.rstrip().endswith(":"):
            return False  # it leads to a list
        said = text.strip().rstrip(".").casefold()
        passages = (self.reply.passages[number - 1] for number in self.task.numbers)
        return said in {title.rstrip(".").casefold() for each in passages for title in (each.title, *each.heading)}

    def _judged(self, line: Line, text: str, numbers: tuple[int, ...]) -> tuple[_Sentence, tuple[Fault, ...]]:
        """A sentence with what checking it came to, and what is wrong with sending it where it stands."""
        item = is_item(text)
        leaning = leans(text)
        lead = self.lead if item else line.heading if leaning else ""
        checked = check_sentence(text, self.sources, lead=lead)
        sentence = _Sentence(text, numbers, checked, self._parts(text, checked))
        if checked.faults and (told := check_told(text, self.reply.told, self.sources)) is not None:
            sentence = _Sentence(text, numbers, replace(told, rests_on=()), (Part(text),))
        elif checked.faults and (both := check_with_told(text, self.reply.told, self.sources)) is not None:
            sentence = _Sentence(text, numbers, both, (Part(text),))
        faults = self._faults(sentence)
        if not faults and leaning and (self.cut_before or (line.heading and self.stated)):
            faults = (Fault("unsupported", "leans on what was cut"),)
        if not faults and line.heading and turns_round(line.heading) and not line.heading.endswith("?"):
            faults = (Fault("unsupported", f"stands below “{line.heading}”, which is left out"),)
        if not faults and item and self.lead_was_cut:
            faults = (Fault("unsupported", "the line that leads to it was cut"),)
        if not item:
            leads = line.leads or text.rstrip().endswith(":")
            self.lead, self.lead_was_cut = (text.strip() if leads else ""), bool(leads and faults)
        return sentence, faults

    def _waits(self, line: Line, sentence: _Sentence) -> bool:
        """Whether a sentence waits for what comes next: a list's first line, or what "I'm sorry." leads up to."""
        if line.leads or sentence.text.rstrip().endswith(":"):
            return True
        return not sentence.checked.states and not self.stated and leads_up(sentence.text)

    def _faults(self, sentence: _Sentence) -> tuple[Fault, ...]:
        reply, text = self.reply, sentence.text
        faults = list(sentence.checked.faults)
        if declines(text, self.sources.texts):
            faults.append(Fault("unsupported", "it says that the answer isn't known"))
        faults += [Fault("citation", f"[{number}]") for number in sentence.numbers if number not in self.task.numbers]
        self.words += len(text.split())
        if self.stated and self.words > _LENIENCE * reply.length.words:
            faults.append(Fault("length", f"{self.words} words"))
        waiting = [part for held in self.held for part in held.parts]
        if reply.room() < len(text) + sum(len(part.text) for part in waiting) + self._source_room():
            faults.append(Fault("length", text.strip()))
        if not faults:
            faults += reply.may_say(
                self.task, [*waiting, *sentence.parts], self._below([*self.sent, *self.held, sentence])
            )
        return tuple(faults)

    def _below(self, sentences: Sequence[_Sentence]) -> Worded:
        """What stands below the sentences if no more of them come: where they come from, or the extractive answer."""
        if self.task.piece.found is None or not _answers(sentences):
            return self.task.piece.text
        lines = {str(line): line for _, line in self._cited_by(sentences)}
        return joined(lines.values(), "\n")

    def _source_room(self) -> int:
        found = self.task.piece.found
        return len(source_line(found.citation, self.reply.composer)) + 2 if found is not None else 0

    def _parts(self, text: str, checked: Checked) -> tuple[Part, ...]:
        """A sentence's parts: our own words, but for what a passage says word for word."""
        bare = text.strip()
        lead = text[: len(text) - len(text.lstrip())]
        known = [unit.text for unit in checked.rests_on]
        if len(bare.split()) > 3 and any(bare in unit for unit in known):
            return (Part(lead), Part(bare, "cited"))
        parts, rest = [Part(lead)], bare
        for claim in claims_in(bare):
            at = rest.find(claim.words)
            if claim.kind == "promise" and at >= 0 and any(claim.words.casefold() in unit.casefold() for unit in known):
                parts += [Part(rest[:at]), Part(claim.words, "value")]
                rest = rest[at + len(claim.words) :]
        return (*parts, Part(rest))

    def _send(self) -> None:
        for sentence in self.held:
            self.reply.write(sentence.parts)
            self.reply.composer.sources.append(sentence.text)
        self.reply.outcome.sent += len(self.held)
        self.sent += self.held
        self.held = []

    def _finish(self) -> None:
        reply, found = self.reply, self.task.piece.found
        if not self.stated or found is None:
            reply.outcome.replaced += 1
            reply.writer.paragraph(self.task.piece.text)
            if found is not None:
                reply.citations.append(found.citation)
            return
        cited_by = self._cited_by(self.sent)
        reply.citations += [each for each in dict.fromkeys(one for one, _ in cited_by) if each not in reply.citations]
        reply.composer.sources += [
            *(str(line) for _, line in cited_by),
            *self.sources.texts,
            *(told.text for told in reply.told),
        ]
        reply.writer.paragraph(self._below(self.sent))

    def _cited_by(self, sentences: Sequence[_Sentence]) -> list[tuple[Citation, Worded]]:
        """The passages that sentences rest on, each with the line that names it; in the order of the passages."""
        rests: dict[int, list[str]] = {}
        for sentence in sentences:
            for number, unit in self._rests_on(sentence):
                if unit not in rests.setdefault(number, []):
                    rests[number].append(unit)
        citations = [self._citation(number, units) for number, units in sorted(rests.items())]
        return [(citation, source_line(citation, self.reply.composer)) for citation in citations]

    def _rests_on(self, sentence: _Sentence) -> list[tuple[int, str]]:
        """The passages that a sentence rests on: those that it cites, as far as they support it, else the best.

        None where it rests on what the customer's records say.
        """
        if not sentence.checked.states:
            return []
        found = [(self.task.numbers[unit.number], unit.text) for unit in sentence.checked.rests_on]
        return [pair for pair in found if pair[0] in sentence.numbers] or found[:1]

    def _citation(self, number: int, units: Sequence[str]) -> Citation:
        passage, found = self.reply.passages[number - 1], self.task.piece.found
        score = found.citation.score if found is not None and found.passage == passage else None
        return Citation(
            article_id=passage.article_id, title=passage.title, passage=" ".join(units), url=passage.url,
            heading=" > ".join(passage.heading) or None, score=score,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the model's: its words without citations, the numbers it cites, what checking it came to."""

    text: str
    numbers: tuple[int, ...]
    checked: Checked
    parts: tuple[Part, ...]


def _answers(sentences: Sequence[_Sentence]) -> bool:
    return any(sentence.checked.states and sentence.checked.rests_on for sentence in sentences)


def _source(passage: Passage) -> Source:
    frame = " ".join((passage.title, *passage.heading))
    links = (passage.url,) if passage.url else ()
    return Source(passage.text, frame, passage.language, links)
