"""A reply at work: what it is worded with, what was written of it so far, and what may be written next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from convagent.answering.by_model.prompting import LENGTHS, Setting, Task
from convagent.answering.by_model.stream_reading import PieceReader
from convagent.answering.by_model.writer import Writer
from convagent.answering.compose import Composer, Layout
from convagent.answering.grounding import Fault, Source, Sources
from convagent.conversation import Citation
from convagent.guidance.parts import Part, Worded
from convagent.knowledge import Passage
from convagent.models import ModelCalls
from convagent.search import Embedder

__all__ = ["Outcome", "ReplyAtWork", "Wording"]

_MUCH = 1_000_000


@dataclass(frozen=True)
class Wording:
    """What wording needs besides the pieces.

    Attributes:
        calls: What the turn may ask its model.
        setting: What the prompt speaks of.
        may_say: What is wrong, whatever the sources, with a reply of these parts, of which the model worded the second:
            claims, forbidden words, voice. What follows the model's words is among them, as it is worded without a model.
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
        declined: Of so many the model said that it can't word them.
        code: Of what went wrong with the call; empty for nothing.
        listener: What became of a listener that raised.
    """

    sent: int = 0
    cut: list[tuple[str, tuple[Fault, ...]]] = field(default_factory=list)
    replaced: int = 0
    declined: int = 0
    code: str = ""
    listener: str = ""


class ReplyAtWork:
    """One reply at work.

    Args:
        layout: What it consists of.
        composer: With which it was laid out.
        wording: What wording needs besides.
        tasks: The pieces that the model words.
        passages: Numbered from 1, as citations name them.
    """

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

    def may_say(self, task: Task, parts: Sequence[Part], behind: Worded | None = None) -> tuple[Fault, ...]:
        """What is wrong with writing these words of the model's next, whatever they rest on.

        They are read with what stands before them and with all that comes behind them if the model writes nothing more, so
        that no phrase begins in what is released and ends in what can't be held back.

        Args:
            task: The piece that they belong to.
            parts: The words.
            behind: What the piece has below them.
        """
        at = next(place for place, piece in enumerate(self.layout.pieces) if piece is task.piece)
        below = [*([behind] if behind else []), *(piece.text for piece in self.layout.pieces[at + 1 :])]
        rest = [part for text in below for part in (Part("\n\n"), *text.parts)]
        return self.wording.may_say((*self.writer.ahead(parts), *rest), (*self.by_model, *parts))

    def write(self, parts: Sequence[Part]) -> None:
        """Writes words of the model's."""
        self.by_model += parts
        self.writer.write(parts)

    def room(self) -> int:
        """Characters that are left to the model's words on the channel, beside what is fixed."""
        if not self.length.characters:
            return _MUCH
        return self.length.characters - len(self.writer.text) - self.left

    @cached_property
    def told(self) -> tuple[Source, ...]:
        """What the turn tells of the customer besides: their records, and the fixed texts that something was put into."""
        if not self.wording.facts:
            return ()
        filled = [piece.text for piece in self.layout.pieces if id(piece) not in self.tasks and _is_filled(piece.text)]
        return tuple(Source(str(text), language=self.language) for text in (*self.wording.setting.records, *filled))

    def sources(self, given: tuple[Source, ...], question: str) -> Sources:
        """What a sentence may rest on, with what may be named besides."""
        return Sources(given, self.language, question, (*self.wording.names, *self.fixed), self.wording.embedder)


def _is_filled(text: Worded) -> bool:
    """Whether a text tells what was put into it, rather than asking or showing products."""
    sources = {part.source for part in text.parts}
    return "value" in sources and not sources & {"asked", "product"}
