"""What a model is asked about one message: the guides that it may mean, their Needs, the judgements that matter. Only data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.open_guide import asked_needs
from convagent.guidance.language.expressions import Expression, Seems
from convagent.guidance.language.expressions import walk as parts_of
from convagent.guidance.language.judgements import judgement_key
from convagent.guidance.language.memo import memo_by_identity
from convagent.models import Image
from convagent.understanding.by_model.pictured import may_be_pictured, names_who_writes
from convagent.understanding.understood import Understood

__all__ = [
    "A_QUESTION",
    "MOST_GUIDES",
    "NONE_OF_THESE",
    "PRODUCTS",
    "Asked",
    "AskedNeed",
    "Candidate",
    "Spoken",
    "judgements_in",
    "what_is_asked",
]

A_QUESTION = "(a question for the help centre)"
PRODUCTS = "(looking for products)"
NONE_OF_THESE = "(none of these)"
"""Labels beside the guides' titles; the brackets keep them apart from any title."""

MOST_GUIDES = 12
"""Guides that are described with their examples; the open one and those that wait are among them."""

_EXAMPLES, _MOST_EXAMPLE = 3, 120
_WITH_NEEDS, _MOST_NEEDS, _MOST_CHOICES = 4, 16, 12
_MOST_JUDGEMENTS = 24
_MOST_SAID, _MOST_OF_ONE = 8, 600
_PICKS = frozenset({"one", "some", "each"})
_PUT = frozenset({"confirmation", "yes_no"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A guide that the message may mean: its title, what its `When` says, a few messages that mean it."""

    title: str
    when: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedNeed:
    """A Need whose value may stand in the message.

    Attributes:
        name: As the guide calls it.
        about: What it is, in words.
        choices: What may be chosen, where the guide writes it out.
        pictured: Whether it may be read from a picture as well; it is put before the customer before it counts.
    """

    name: str
    about: str
    choices: tuple[str, ...] = ()
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message of the conversation so far."""

    by: Literal["customer", "agent"]
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one message.

    Attributes:
        message: The message.
        languages: What the shop answers in.
        likely: The guides that it may mean, the likeliest first.
        catalogue: Every guide that a message may mean, with what its `When` says; empty where there are too many to list.
        shopping: Whether there is an assistant for products.
        articles: Whether there is a help centre.
        needs: Needs whose values may stand in it.
        judgements: To be decided, each.
        grave: Titles of safeguards by what they are about; to be named where they are true.
        question: The agent's open question, empty for none.
        said: The conversation so far, the last messages.
        images: Pictures that came along, if the model sees.
    """

    message: str
    languages: tuple[str, ...] = ("en",)
    likely: tuple[Candidate, ...] = ()
    catalogue: tuple[tuple[str, str], ...] = ()
    shopping: bool = False
    articles: bool = True
    needs: tuple[AskedNeed, ...] = ()
    judgements: tuple[str, ...] = ()
    grave: tuple[tuple[str, str], ...] = ()
    question: str = ""
    said: tuple[Spoken, ...] = ()
    images: tuple[Image, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles that may be answered, each once."""
        known = (*(title for title, _ in self.catalogue), *(guide.title for guide in self.likely))
        return tuple(dict.fromkeys(known))

    @property
    def labels(self) -> tuple[str, ...]:
        """Everything that a request may be said to mean."""
        extra = (*((A_QUESTION,) if self.articles else ()), *((PRODUCTS,) if self.shopping else ()), NONE_OF_THESE)
        return (*self.titles, *extra)

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The judgements that verdicts may be about."""
        return tuple(dict.fromkeys((*(about for about, _ in self.grave), *self.judgements)))


def what_is_asked(
    kernel: k.Kernel,
    understood: Understood,
    memory: Memory,
    *,
    languages: Sequence[str],
    shopping: bool,
    articles: bool,
    most_listed: int,
    known: Collection[str] = (),
    secret: Collection[str] = (),
    question: str = "",
    said: Sequence[Spoken] = (),
    images: tuple[Image, ...] = (),
    proving: Collection[str] = (),
) -> Asked:
    """What to ask a model about a message that the embedded parts have understood so far.

    Args:
        kernel: The shop's guides.
        understood: What the embedded parts made of it.
        memory: The conversation's.
        languages: What the shop answers in.
        shopping: Whether there is an assistant for products.
        articles: Whether there is a help centre.
        most_listed: All guides are listed where their titles and `When` lines have no more characters than this.
        known: Names that are known already.
        secret: Needs that nobody but the shop may hear of.
        question: The agent's open question.
        said: The conversation so far.
        images: Pictures that came along and may be looked at.
        proving: Look-ups that may verify a customer: nothing that a guide with one of them needs is read from a picture.
    """
    heard = understood.heard
    open_guides = [guide for state in memory.open if (guide := kernel.guide(state.title)) is not None]
    likely = _likely(kernel, understood, memory)
    near = [*reversed(open_guides), *(guide for guide in likely[:_WITH_NEEDS] if guide not in open_guides)]
    unsure = [
        (g.when.text, g.title) for g in kernel.safeguards if g.when and heard.safeguards.get(g.title, False) is None
    ]
    grave = [(g.when.text, g.title) for g in kernel.safeguards if g.when and heard.safeguards.get(g.title) is not True]
    needs = _needs(kernel, near, memory, known={*known, *memory.known}, secret=secret)
    if images:
        needs = _with_pictured(needs, kernel, memory, {*known, *memory.known, *secret}, proving)
    asked = [text for guide in near for text in judgements_in(guide) if understood.judge(text) is not True]
    return Asked(
        heard.text,
        tuple(languages),
        tuple(_candidate(guide) for guide in likely),
        _listed(kernel.guides, most_listed),
        shopping,
        articles,
        tuple(needs)[:_MOST_NEEDS],
        tuple(dict.fromkeys((*(about for about, _ in unsure), *asked)))[:_MOST_JUDGEMENTS],
        tuple(grave[:_MOST_JUDGEMENTS]),
        question[:_MOST_OF_ONE],
        tuple(Spoken(one.by, one.text[:_MOST_OF_ONE]) for one in said if one.text.strip())[-_MOST_SAID:],
        images,
    )


@memo_by_identity
def judgements_in(guide: k.Guide) -> tuple[str, ...]:
    """The judgements that a guide asks in its conditions, each once."""
    found = (part.text for part in _expressions((guide.only_for, guide.body)) if isinstance(part, Seems))
    return tuple({judgement_key(text): text for text in found}.values())


def _expressions(value: Any) -> Iterator[Expression]:
    """All expressions within statements, with what is within them."""
    if isinstance(value, Expression):
        yield from parts_of(value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _expressions(part)
    elif hasattr(value, "__dataclass_fields__"):
        for spec in fields(value):
            if spec.name != "span":
                yield from _expressions(getattr(value, spec.name))


def _listed(guides: tuple[k.Guide, ...], most: int) -> tuple[tuple[str, str], ...]:
    """All guides that a request may mean, with their `When` lines; none where these have more characters."""
    listed, characters = _wanted(guides)
    return listed if characters <= most else ()


@memo_by_identity
def _wanted(guides: tuple[k.Guide, ...]) -> tuple[tuple[tuple[str, str], ...], int]:
    """The guides that a request may mean, with their `When` lines, and how many characters a list of them has."""
    listed = tuple((guide.title, guide.when.text) for guide in guides if guide.when is not None and _is_wanted(guide))
    return listed, sum(len(title) + len(when) + 4 for title, when in listed)


def _is_wanted(guide: k.Guide) -> bool:
    """Whether a request may mean a guide: those that are tried on every message, or wait for an event, it can't."""
    return guide.when is not None and not guide.safeguard and not guide.when.judgement


def _likely(kernel: k.Kernel, understood: Understood, memory: Memory) -> list[k.Guide]:
    """The guides at work and those that wait, then the likeliest of the message and its parts."""
    best: dict[str, float] = {}
    for request in understood.heard.requests:
        for title, chance in request.ranked[:MOST_GUIDES]:
            best[title] = max(chance, best.get(title, 0.0))
    ranked = sorted(best, key=lambda title: -best[title])
    clarify = memory.clarify[0] if memory.clarify is not None else ()
    titles = (
        *(state.title for state in reversed(memory.open)),
        *clarify,
        *(title for title, _ in memory.waiting),
        *ranked,
    )
    found = (kernel.guide(title) for title in dict.fromkeys(titles))
    return [guide for guide in found if guide is not None and _is_wanted(guide)][:MOST_GUIDES]


def _candidate(guide: k.Guide) -> Candidate:
    when = guide.when
    examples = () if when is None else (one.text for one in when.examples if not one.negative)
    return Candidate(
        guide.title, "" if when is None else when.text, tuple(text[:_MOST_EXAMPLE] for text in examples)[:_EXAMPLES]
    )


def _needs(
    kernel: k.Kernel, guides: Sequence[k.Guide], memory: Memory, *, known: Collection[str], secret: Collection[str]
) -> Iterator[AskedNeed]:
    """The Needs whose values may stand in the message: those that are asked for now, then the guides' own."""
    now = asked_needs(kernel, memory.open[-1]) if memory.open else ()
    answered = {name for state in memory.open for name in state.answers} - {need.name for need in now}
    seen: set[str] = set()
    for need in (*now, *(need for guide in guides for need in _of_guide(kernel, guide))):
        is_open = need in now
        if need.name in seen or need.kind in _PUT or need.name in secret or (need.fresh and not is_open):
            continue
        if not is_open and (need.name in known or need.name in answered):
            continue
        seen.add(need.name)
        yield AskedNeed(need.name, _about(need), _choices(need))


def _with_pictured(
    needs: Iterable[AskedNeed], kernel: k.Kernel, memory: Memory, left_out: Collection[str], proving: Collection[str]
) -> Iterator[AskedNeed]:
    """The Needs, marked where a picture may give them; then those of all other guides that one may give.

    A picture without words means no guide to the embedded parts, and still may hold what the guide that it means will ask for.
    """
    who = names_who_writes(kernel, proving)
    readable = {
        need.name: need for guide in kernel.guides for need in k.needs_of(guide).values()
        if need.name not in who and may_be_pictured(need)
    }  # fmt: skip
    seen = {name for state in memory.open for name in state.answers}.union(left_out)
    for need in needs:
        seen.add(need.name)
        yield replace(need, pictured=need.name in readable)
    for name, other in readable.items():
        if name not in seen and not other.fresh and kernel.giver(name) is None:
            yield AskedNeed(name, _about(other), _choices(other), pictured=True)


def _of_guide(kernel: k.Kernel, guide: k.Guide) -> Iterator[k.Need]:
    """A guide's Needs; in place of those that another guide gives, that guide's."""
    for need in k.needs_of(guide).values():
        giver = kernel.giver(need.name, other_than=guide.title) if need.kind == "value" else None
        if giver is None:
            yield need
        else:
            yield from (own for own in k.needs_of(giver).values() if kernel.giver(own.name) is None)


def _choices(need: k.Need) -> tuple[str, ...]:
    """The choices that a guide writes out, as they are called."""
    return tuple(str(choice.value) for choice in need.choices)[:_MOST_CHOICES]


def _about(need: k.Need) -> str:
    """What a Need is, in words."""
    name = need.name.replace("_", " ")
    if need.kind in _PICKS:
        return f"{name}: which one" if need.kind == "one" else f"{name}: which of them, one entry each"
    of_type = (need.type_name or "").replace("_", " ")
    return f"{name} ({of_type})" if of_type and of_type != name else name
