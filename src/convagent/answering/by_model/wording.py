"""A reply with the pieces that a chat model words: one call, each sentence checked before it is sent, else what needs no model.

The pieces are written in their order. What is fixed is sent as it is. A sentence of the model's is sent once it is grounded
(`convagent.answering.grounding`) and may be said (claims, forbidden words, voice). An answer whose first sentence fails, or that
states nothing, is the extractive one; a text that loses or gains anything in other words is sent in its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from convagent.answering.by_model.prompting import LENGTHS, Setting, Task, request_for
from convagent.answering.by_model.rewording import rewording_faults
from convagent.answering.by_model.second_look import doubted_sentences
from convagent.answering.by_model.sentences import sentences
from convagent.answering.by_model.stream_reading import PieceReader, cited, is_item, leans, tidied
from convagent.answering.by_model.writer import Writer
from convagent.answering.compose import Composer, Layout, Piece, source_line
from convagent.answering.grounding import Checked, Fault, Source, Sources, check_sentence
from convagent.conversation import Citation, Reply
from convagent.errors import ModelError
from convagent.guidance.claims import claims_in
from convagent.guidance.parts import Part, Worded, joined
from convagent.knowledge import Passage
from convagent.models import ChatRequest, ModelCalls
from convagent.search import Embedder, base_language

__all__ = ["LANGUAGES", "Outcome", "Wording", "tasks_of", "worded"]

LANGUAGES = frozenset({"en", "de", "fr"})
"""Replies in other languages can't be checked, and are composed without a model."""

_MOST_PASSAGES = 12
_LENIENCE = 1.5
"""An answer that has so many times the words that were asked for ends there."""
_MUCH = 1_000_000


@dataclass(frozen=True)
class Wording:
    """What wording needs besides the pieces.

    Attributes:
        calls: What the turn may ask its model.
        setting: What the prompt speaks of.
        may_say: What is wrong, whatever the sources, with a reply of these parts, of which the model worded the second:
            claims, forbidden words, voice.
        embedder: Says how near two texts are in meaning.
        names: Texts whose words may be said as names: the shop's and the agent's.
        release: Takes what may be sent; None: the reply is composed whole.
        verify: A second model looks at what isn't streamed.
        articles: Whether articles may stand in a prompt.
        facts: Whether what was put into texts may.
        products: Whether product lines may.
    """

    calls: ModelCalls
    setting: Setting
    may_say: Callable[[Sequence[Part], Sequence[Part]], tuple[Fault, ...]]
    embedder: Embedder | None = None
    names: tuple[str, ...] = ()
    release: Callable[[str], None] | None = None
    verify: bool = False
    articles: bool = True
    facts: bool = True
    products: bool = True


@dataclass
class Outcome:
    """What became of the model's words.

    Attributes:
        sent: So many sentences.
        cut: What was not sent, and why.
        replaced: So many pieces are as the embedded parts word them.
        code: Of what went wrong with the call; empty for nothing.
        listener: What became of a listener that raised.
    """

    sent: int = 0
    cut: list[tuple[str, tuple[Fault, ...]]] = field(default_factory=list)
    replaced: int = 0
    code: str = ""
    listener: str = ""


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
    return _Reply(layout, composer, wording, tasks, passages).compose()


class _Reply:
    """One reply at work."""

    def __init__(
        self, layout: Layout, composer: Composer, wording: Wording, tasks: tuple[Task, ...], passages: tuple[Passage, ...]
    ) -> None:  # fmt: skip
        self.layout, self.composer, self.wording = layout, composer, wording
        self.tasks = {id(task.piece): task for task in tasks}
        self.passages = passages
        self.writer = Writer(wording.release)
        self.outcome = Outcome()
        self.by_model: list[Part] = []
        self.citations: list[Citation] = []
        self.reader = PieceReader(iter(()), [task.mark for task in tasks])
        self.language = wording.setting.language
        self.length = LENGTHS.get(wording.setting.channel, LENGTHS["chat"])
        self.fixed = tuple(str(piece.text) for piece in layout.pieces if id(piece) not in self.tasks)
        self.left = sum(len(text) + 2 for text in self.fixed)

    def compose(self) -> tuple[Reply, Outcome]:
        """All pieces in their order."""
        first = next(at for at, piece in enumerate(self.layout.pieces) if id(piece) in self.tasks)
        lines: Iterator[str] = iter(())
        try:
            request = request_for(
                tuple(self.tasks.values()), self.passages, self.wording.setting,
                before=self._beside(self.layout.pieces[:first]), after=self._beside(self.layout.pieces[first + 1 :]),
            )  # fmt: skip
            lines = self._lines(request)
        except ModelError as error:
            self.outcome.code = error.code
        self.reader = PieceReader(lines, [task.mark for task in self.tasks.values()])
        for piece in self.layout.pieces:
            task = self.tasks.get(id(piece))
            if task is None:
                self.left -= len(piece.text) + 2
                self.writer.paragraph(piece.text)
            elif piece.kind == "free":
                self._free(task)
            else:
                self._answer(task)
        self.reader.close()
        self.outcome.listener = self.writer.failed
        self.composer.parts = tuple(self.writer.parts)
        reply = Reply(
            text=self.writer.text, language=self.composer.wording.language, citations=tuple(self.citations),
            products=self.layout.products, buttons=self.layout.buttons,
        )  # fmt: skip
        return reply, self.outcome

    def may_say(self, parts: Sequence[Part]) -> tuple[Fault, ...]:
        """What is wrong with writing these words of the model's next, whatever they rest on."""
        return self.wording.may_say(self.writer.ahead(parts), (*self.by_model, *parts))

    def write(self, parts: Sequence[Part]) -> None:
        """Writes words of the model's."""
        self.by_model += parts
        self.writer.write(parts)

    def _beside(self, pieces: Sequence[Piece]) -> str:
        """What is sent beside the model's pieces, as far as it may leave."""
        texts = []
        for piece in pieces:
            sources = {part.source for part in piece.text.parts}
            hidden = ("product" in sources and not self.wording.products) or (
                "value" in sources and not self.wording.facts
            )
            if id(piece) not in self.tasks and not hidden:
                texts.append(str(piece.text))
        return "\n\n".join(texts)

    def _lines(self, request: ChatRequest) -> Iterator[str]:
        """The model's sentences as they come; where the call breaks off, those that were whole."""
        if self.wording.release is not None:
            return self._streamed(request)
        lines = list(sentences((self._complete(request),)))
        if self.wording.verify and self.wording.calls.can_call and lines:
            return iter(self._looked_at(lines))
        return iter(lines)

    def _looked_at(self, lines: list[str]) -> list[str]:
        """The sentences without those that a second model finds unsupported."""
        free = [str(task.piece.text) for task in self.tasks.values() if task.piece.kind == "free"]
        texts = [*(f"{passage.title}\n{passage.text}" for passage in self.passages), *free]
        try:
            doubted = doubted_sentences(self.wording.calls, lines, texts, self.wording.setting)
        except ModelError as error:
            self.outcome.code = error.code
            return lines
        except Exception:  # noqa: BLE001 - a model of the user's own may raise anything
            self.outcome.code = "model-failed"
            return lines
        self.outcome.cut += [(lines[at].strip(), (Fault("unsupported", "the verifying model"),)) for at in doubted]
        return [line for at, line in enumerate(lines) if at not in doubted]

    def _complete(self, request: ChatRequest) -> str:
        try:
            return self.wording.calls.complete(request).text
        except ModelError as error:
            self.outcome.code = error.code
        except Exception:  # noqa: BLE001 - a model of the user's own may raise anything
            self.outcome.code = "model-failed"
        return ""

    def _streamed(self, request: ChatRequest) -> Iterator[str]:
        stream = self.wording.calls.stream(request)
        try:
            yield from sentences(stream)
        except ModelError as error:
            self.outcome.code = error.code
        except Exception:  # noqa: BLE001 - a model of the user's own may raise anything
            self.outcome.code = "model-failed"
        finally:
            stream.close()

    def _free(self, task: Task) -> None:
        """A text that may be said in other words: all of it, or its own."""
        said = [tidied(cited(sentence)[0]) for sentence in self.reader.sentences(task.mark)]
        text = "".join(said).strip()
        own = str(task.piece.text)
        if text:
            sources = self._sources((Source(own, language=self.language),), own)
            faults = rewording_faults(own, said, sources)
            self.writer.begin()
            faults += () if faults else self.may_say([Part(text)])
            if self.room() < len(text) > len(own):
                faults += (Fault("length", text),)
            if not faults:
                self.outcome.sent += len(said)
                self.composer.sources.append(text)
                self.write([Part(text)])
                self.writer.begin()
                return
            self.outcome.cut.append((text, tuple(faults)))
        self.outcome.replaced += 1
        self.writer.paragraph(task.piece.text)

    def _sources(self, given: tuple[Source, ...], question: str) -> Sources:
        return Sources(given, self.language, question, (*self.wording.names, *self.fixed), self.wording.embedder)

    def _answer(self, task: Task) -> None:
        passages = [self.passages[number - 1] for number in task.numbers]
        sources = self._sources(tuple(_source(passage) for passage in passages), task.piece.question)
        answer = _Answer(self, task, passages, sources)
        answer.write(self.reader.sentences(task.mark))

    def room(self) -> int:
        """Characters that are left to the model's words on the channel, beside what is fixed."""
        if not self.length.characters:
            return _MUCH
        return self.length.characters - len(self.writer.text) - self.left


class _Answer:
    """One answer at work: its sentences one by one, then where they come from."""

    def __init__(self, reply: _Reply, task: Task, passages: Sequence[Passage], sources: Sources) -> None:
        self.reply, self.task, self.passages, self.sources = reply, task, passages, sources
        self.held: list[_Sentence] = []
        self.sent: list[_Sentence] = []
        self.lead = ""
        self.words = 0

    @property
    def stated(self) -> bool:
        """Whether anything was sent that states something."""
        return any(sentence.checked.states for sentence in self.sent)

    def write(self, lines: Iterator[str]) -> None:
        """Writes what may be sent of the sentences; the extractive answer where that states nothing."""
        reply, streamed = self.reply, self.reply.wording.release is not None
        reply.writer.begin()
        cut_before = False
        for raw in lines:
            text, numbers = cited(raw)
            text = tidied(text)
            if not text.strip():
                continue
            checked = check_sentence(text, self.sources, lead=self.lead)
            if not is_item(text):
                self.lead = text.strip() if text.rstrip().endswith(":") else ""
            sentence = _Sentence(text, numbers, checked, self._parts(text, checked))
            faults = self._faults(sentence)
            if cut_before and not faults and leans(text):
                faults = (Fault("unsupported", "leans on what was cut"),)
            if faults:
                reply.outcome.cut.append((text.strip(), faults))
                cut_before, self.held = True, []
                if streamed or not self.stated:
                    break
                continue
            cut_before = False
            self.held.append(sentence)
            if not text.rstrip().endswith(":"):  # what leads to a list waits for its first line
                self._send()
        if cut_before and (streamed or not self.stated):
            reply.reader.close()
        self._finish()

    def _faults(self, sentence: _Sentence) -> tuple[Fault, ...]:
        reply, text = self.reply, sentence.text
        faults = list(sentence.checked.faults)
        faults += [Fault("citation", f"[{number}]") for number in sentence.numbers if number not in self.task.numbers]
        self.words += len(text.split())
        if self.stated and self.words > _LENIENCE * reply.length.words:
            faults.append(Fault("length", f"{self.words} words"))
        waiting = [part for held in self.held for part in held.parts]
        if reply.room() < len(text) + sum(len(part.text) for part in waiting) + self._source_room():
            faults.append(Fault("length", text.strip()))
        if not faults:
            faults += reply.may_say([*waiting, *sentence.parts])
        return tuple(faults)

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
        rests: dict[int, list[str]] = {}
        for sentence in self.sent:
            for number, unit in self._rests_on(sentence):
                if unit not in rests.setdefault(number, []):
                    rests[number].append(unit)
        lines: dict[str, Worded] = {}
        for number, units in sorted(rests.items()):
            citation = self._citation(number, units)
            if citation not in reply.citations:
                reply.citations.append(citation)
            line = source_line(citation, reply.composer)
            lines.setdefault(str(line), line)
        reply.composer.sources += [*lines, *self.sources.texts]
        reply.writer.paragraph(joined(lines.values(), "\n"))

    def _rests_on(self, sentence: _Sentence) -> list[tuple[int, str]]:
        """The passages that a sentence rests on: those that it cites, as far as they support it, else the best."""
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


def _source(passage: Passage) -> Source:
    frame = " ".join((passage.title, *passage.heading))
    links = (passage.url,) if passage.url else ()
    return Source(passage.text, frame, passage.language, links)
