"""A reply with the pieces that a chat model words: one call, each sentence checked before it is sent, else what needs no model.

The pieces are written in their order. What is fixed is sent as it is. A sentence of the model's is sent once it is grounded
(`convagent.answering.grounding`) and may be said (claims, forbidden words, voice). An answer whose first sentence fails, or that
states nothing, is the extractive one; a text that loses or gains anything in other words is sent in its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from convagent.answering.by_model.answer import Answer
from convagent.answering.by_model.at_work import Outcome, ReplyAtWork, Wording
from convagent.answering.by_model.headings import turns_round, under_headings
from convagent.answering.by_model.prompting import Task, request_for
from convagent.answering.by_model.rewording import rewording_faults
from convagent.answering.by_model.second_look import doubted_sentences
from convagent.answering.by_model.sentences import sentences
from convagent.answering.by_model.stream_reading import PieceReader, cited, tidied
from convagent.answering.compose import Composer, Layout, Piece
from convagent.answering.grounding import Fault, Source
from convagent.conversation import Reply
from convagent.errors import ModelError
from convagent.guidance.parts import Part
from convagent.knowledge import Passage
from convagent.models import ChatRequest, Meanwhile
from convagent.search import base_language

__all__ = ["LANGUAGES", "Outcome", "Wording", "tasks_of", "worded"]

LANGUAGES = frozenset({"en", "de", "fr"})
"""Replies in other languages can't be checked, and are composed without a model."""

_MOST_PASSAGES = 12


def tasks_of(layout: Layout, wording: Wording) -> tuple[tuple[Task, ...], tuple[Passage, ...]]:
    """The pieces that a model may word, and the passages that it may word them from; none: it isn't asked.

    Args:
        layout: The reply's.
        wording: What may leave, and the reply's language.
    """
    if base_language(wording.setting.language) not in LANGUAGES:
        return (), ()
    passages: dict[Passage, int] = {}
    tasks: list[Task] = []
    for piece in layout.pieces:
        mark = chr(ord("A") + len(tasks))
        if len(tasks) == 26:
            break
        if piece.kind == "answer" and piece.found is not None and wording.articles and wording.setting.message:
            for passage in piece.found.passages or (piece.found.passage,):
                if passage not in passages and len(passages) < _MOST_PASSAGES:
                    passages[passage] = len(passages) + 1
            own = piece.found.passages or (piece.found.passage,)
            numbers = tuple(passages[passage] for passage in own if passage in passages)
            if numbers:
                tasks.append(Task(mark, piece, numbers))
        elif piece.kind == "free" and (wording.facts or all(part.source != "value" for part in piece.text.parts)):
            tasks.append(Task(mark, piece))
    return tuple(tasks), tuple(passages)


def worded(layout: Layout, composer: Composer, wording: Wording) -> tuple[Reply | None, Outcome]:
    """The reply, and what became of the model's words. None: nothing of it may be worded, and nothing was asked.

    What was released is the reply's text. Nothing is raised for what the model does.

    Args:
        layout: What the reply consists of, verified as it is.
        composer: With which it was laid out; its sources and parts become this reply's.
        wording: What is needed besides.
    """
    tasks, passages = tasks_of(layout, wording)
    if not tasks or not wording.calls.can_call:
        return None, Outcome()
    return _Composing(ReplyAtWork(layout, composer, wording, tasks, passages)).compose()


def _read_ahead(answers: Iterable[Answer]) -> None:
    for answer in answers:
        answer.read_ahead()


class _Composing:
    """The pieces of a reply, one after the other."""

    def __init__(self, work: ReplyAtWork) -> None:
        self.work = work

    def compose(self) -> tuple[Reply, Outcome]:
        """All pieces in their order."""
        first = next(at for at, piece in enumerate(self.work.layout.pieces) if id(piece) in self.work.tasks)
        lines: Iterator[str] = iter(())
        answers = {
            mark: Answer(self.work, task) for mark, task in self.work.tasks.items() if task.piece.kind == "answer"
        }
        try:
            request = request_for(
                tuple(self.work.tasks.values()), self.work.passages, self.work.wording.setting,
                before=self._beside(self.work.layout.pieces[:first]), after=self._beside(self.work.layout.pieces[first + 1 :]),
            )  # fmt: skip
            lines = self._lines(request, Meanwhile(lambda: _read_ahead(answers.values())))
        except ModelError as error:
            self.work.outcome.code = error.code
        self.work.reader = PieceReader(lines, [task.mark for task in self.work.tasks.values()])
        for piece in self.work.layout.pieces:
            task = self.work.tasks.get(id(piece))
            if task is None:
                self.work.left -= len(piece.text) + 2
                self.work.writer.paragraph(piece.text)
            elif piece.kind == "free":
                self._free(task)
            else:
                answers[id(piece)].write(self.work.reader.sentences(task.mark))
        self.work.reader.close()
        self.work.outcome.listener = self.work.writer.failed
        self.work.composer.parts = tuple(self.work.writer.parts)
        reply = Reply(
            text=self.work.writer.text, language=self.work.composer.wording.language, citations=tuple(self.work.citations),
            products=self.work.layout.products, buttons=self.work.layout.buttons,
        )  # fmt: skip
        return reply, self.work.outcome

    def _beside(self, pieces: Sequence[Piece]) -> str:
        """What is sent beside the model's pieces, as far as it may leave."""
        texts = []
        for piece in pieces:
            sources = {part.source for part in piece.text.parts}
            hidden = ("product" in sources and not self.work.wording.products) or (
                "value" in sources and not self.work.wording.facts
            )
            if id(piece) not in self.work.tasks and not hidden:
                texts.append(str(piece.text))
        return "\n\n".join(texts)

    def _lines(self, request: ChatRequest, meanwhile: Meanwhile) -> Iterator[str]:
        """The model's sentences as they come; where the call breaks off, those that were whole."""
        if self.work.wording.release is not None:
            return self._streamed(request, meanwhile)
        lines = list(sentences((self._complete(request, meanwhile),)))
        meanwhile.wait()
        if self.work.wording.verify and lines and not self.work.outcome.code:
            return iter(self._looked_at(lines))
        return iter(lines)

    def _looked_at(self, lines: list[str]) -> list[str]:
        """The sentences without those that a second model finds unsupported."""
        free = [str(task.piece.text) for task in self.work.tasks.values() if task.piece.kind == "free"]
        texts = [*(f"{passage.title}\n{passage.text}" for passage in self.work.passages), *free]
        try:
            doubted = doubted_sentences(self.work.wording.calls, lines, texts, self.work.wording.setting)
        except ModelError as error:
            self.work.outcome.code = error.code
            return lines
        except Exception:  # noqa: BLE001 - a model of the user's own may raise anything
            self.work.outcome.code = "model-failed"
            return lines
        self.work.outcome.cut += [(lines[at].strip(), (Fault("unsupported", "the verifying model"),)) for at in doubted]
        return [line for at, line in enumerate(lines) if at not in doubted]

    def _complete(self, request: ChatRequest, meanwhile: Meanwhile) -> str:
        try:
            return self.work.wording.calls.complete(request, meanwhile=meanwhile).text
        except ModelError as error:
            self.work.outcome.code = error.code
        except Exception:  # noqa: BLE001 - a model of the user's own may raise anything
            self.work.outcome.code = "model-failed"
        return ""

    def _streamed(self, request: ChatRequest, meanwhile: Meanwhile) -> Iterator[str]:
        stream = self.work.wording.calls.stream(request, meanwhile=meanwhile)
        try:
            for sentence in sentences(stream):
                meanwhile.wait()
                yield sentence
        except ModelError as error:
            self.work.outcome.code = error.code
        except Exception:  # noqa: BLE001 - a model of the user's own may raise anything
            self.work.outcome.code = "model-failed"
        finally:
            meanwhile.drop()  # a server that is down has refused before the work began
            stream.close()

    def _free(self, task: Task) -> None:
        """A text that may be said in other words: all of it, or its own."""
        lines = [*under_headings(self.work.reader.sentences(task.mark))]
        said = [tidied(cited(line.text)[0]) for line in lines]
        text = "" if any(turns_round(line.heading) for line in lines) else "".join(said).strip()
        own = str(task.piece.text)
        if text:
            sources = self.work.sources((Source(own, language=self.work.language),), own)
            faults = rewording_faults(own, said, sources, told=self.work.told)
            self.work.writer.begin()
            faults += () if faults else self.work.may_say(task, [Part(text)])
            if self.work.room() < len(text) > len(own):
                faults += (Fault("length", text),)
            if not faults:
                self.work.outcome.sent += len(said)
                self.work.composer.sources += [text, *(told.text for told in self.work.told)]
                self.work.write([Part(text)])
                self.work.writer.begin()
                return
            self.work.outcome.cut.append((text, tuple(faults)))
        self.work.outcome.replaced += 1
        self.work.outcome.declined += task.mark in self.work.reader.declined
        self.work.writer.paragraph(task.piece.text)
