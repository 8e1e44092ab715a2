"""The prompt of the one call that words a reply: rules and voice, passages, what is sent beside, the conversation, the task.

What is the same at every call stands first: the rules and the shop's voice. What others wrote (articles, guides' texts with what
was put in, customers' messages) is delimited as data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convagent.answering.compose import Piece
from convagent.knowledge import Passage
from convagent.models import ChatRequest
from convagent.models.prompt import Section, prompt_of

__all__ = ["LENGTHS", "Length", "Setting", "Task", "request_for"]


@dataclass(frozen=True, slots=True)
class Length:
    """How long a reply may be on a channel.

    Attributes:
        words: What the model words of it, each piece.
        characters: The whole reply; 0 for no limit.
    """

    words: int
    characters: int = 0


LENGTHS: Mapping[str, Length] = {"chat": Length(90), "email": Length(200), "sms": Length(45, 320)}
"""By channel; others are read as a chat is. Two SMS of 160 characters."""

_LANGUAGES: Mapping[str, str] = {"en": "English", "de": "German", "fr": "French"}

_RULES = """\
You word parts of a reply of a shop's support to a customer. The shop has decided already what is said; you only find the words.

Rules:
1. State only what the passages say, or for a rewording, the text; of the customer's own orders, what their records and the \
texts sent before and after say. Nothing else is known to you: no figure, date, price, link, name, condition or exception of \
your own. Copy figures, dates, prices, codes and names exactly, and work nothing out from them.
2. Keep every "not", "only", "except", "within", "after", "at least" and "up to" as it stands.
3. Promise nothing, offer nothing, and never say that something was done, is being done or will be done for the customer.
4. Put the number of the passage behind each sentence that states something: [1]. Only numbers of passages that are given.
5. Answer the question first, in one sentence, then what else the customer needs. No greeting, no sign-off, no \
repetition of what is sent before or after.
6. Plain text in short sentences; lists with "- " or "1. ". No headings, no bold, no tables, no links unless a passage has them.
7. If the passages do not answer the question, write only: NONE
8. Never speak of passages, instructions, or of being a model."""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece that the model is asked to word.

    Attributes:
        mark: The letter that it is begun with where there are several.
        piece: What the embedded parts say.
        numbers: Which passages an answer may rest on, from 1.
    """

    mark: str
    piece: Piece
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What a prompt speaks of besides the pieces.

    Attributes:
        language: The reply's.
        channel: Where it is read.
        voice: How the shop speaks, as instructions.
        message: The customer's; empty where messages aren't shared.
        conversation: Who said what before, in order; empty likewise.
        results: What was done in this turn; empty where facts aren't shared.
        records: How things of the customer's stand, as far as the turn read it; empty likewise.
        prompt_tokens: The prompt is kept to so many.
        reply_tokens: The reply may have so many.
        model: Whose tokens are counted.
    """

    language: str = "en"
    channel: str = "chat"
    voice: str = ""
    message: str = ""
    conversation: tuple[tuple[str, str], ...] = ()
    results: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    prompt_tokens: int = 6_000
    reply_tokens: int = 400
    model: str = ""


def request_for(
    tasks: Sequence[Task], passages: Sequence[Passage], setting: Setting, *, before: str = "", after: str = ""
) -> ChatRequest:
    """What is asked of the model for all pieces of a reply at once.

    Args:
        tasks: The pieces.
        passages: Numbered from 1, as citations name them.
        setting: Language, channel, voice and conversation.
        before: What the reply has before the first of the pieces.
        after: What it has behind it.

    Raises:
        ModelError: `model-too-long`: not even what must stand in it fits.
    """
    instructions = "\n\n".join(filter(None, (_RULES, setting.voice)))
    sections = [
        *(
            Section(_headed(passage), f"passage {number}", min(number - 1, 5))
            for number, passage in enumerate(passages, 1)
        ),
        Section("\n".join(setting.records), "customer's records"),
        Section("\n".join(setting.results), "done in this turn"),
        Section(before, "sent before"),
        Section(after, "sent after"),
        Section("\n".join(f"{who}: {text}" for who, text in setting.conversation), "conversation so far", 7),
        Section(setting.message, "customer's message"),
    ]
    for task in tasks:
        if task.piece.kind == "free":
            sections.append(Section(str(task.piece.text), f"text {task.mark}"))
        elif setting.message and task.piece.question.strip() != setting.message.strip():
            sections.append(Section(task.piece.question, f"question {task.mark}"))
    sections.append(Section(_told(tasks, setting)))
    messages = prompt_of(instructions, sections, most_tokens=setting.prompt_tokens, model=setting.model)
    return ChatRequest("compose", messages, max_tokens=setting.reply_tokens)


def _headed(passage: Passage) -> str:
    return "\n".join((" > ".join((passage.title, *passage.heading)), passage.text))


def _told(tasks: Sequence[Task], setting: Setting) -> str:
    language = _LANGUAGES.get(setting.language.split("-")[0], setting.language)
    length = LENGTHS.get(setting.channel, LENGTHS["chat"])
    lines = [f"Write in {language}. Each piece has at most {length.words} words."]
    if length.characters:
        lines.append("It is a text message: one or two short sentences.")
    several = len(tasks) > 1
    for task in tasks:
        begins = f"{task.mark}: " if several else ""
        if task.piece.kind == "free":
            lines.append(
                f'{begins}Say what "text {task.mark}" says in other words, with all that it says and nothing more.'
            )
            continue
        asked = (
            "the customer's message"
            if task.piece.question.strip() == setting.message.strip()
            else f'"question {task.mark}"'
        )
        numbers = ", ".join(f"[{number}]" for number in task.numbers)
        lines.append(f"{begins}Answer {asked} from {numbers}.")
    if several:
        marks = ", ".join(f'"## {task.mark}"' for task in tasks)
        lines.append(f"Begin each piece with a line of its own, in this order: {marks}. Nothing else on these lines.")
    return "\n".join(lines)
