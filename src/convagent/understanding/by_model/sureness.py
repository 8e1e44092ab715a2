"""How sure the embedded parts are of what they understood: whether a model need be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.open_guide import asked_needs
from convagent.guidance.interpreter.requests import Heard, Request
from convagent.guidance.interpreter.world import Choice, GuideState, Reader, Utterance, Wanted
from convagent.guidance.values import UNKNOWN
from convagent.understanding.begun import SURELY_MEANT, Begun
from convagent.understanding.by_model.asked import judgements_in
from convagent.understanding.content_words import content_words
from convagent.understanding.gist import asks_in_general, is_vague, only_particulars
from convagent.understanding.matcher import Match
from convagent.understanding.understood import Understood

__all__ = ["sureness", "sureness_at_most"]

SURE = 1.0
UNSURE_SAFEGUARD = 0.2
NOTHING_FOUND = 0.1
"""Neither a guide nor an article is meant: a person would have to take it."""

TAKES_ANY_WORDS = 0.99
"""A few words that ask nothing, where what is open takes any words, or names that were shown with the question."""

GENERAL = 0.97
"""A general question that means no guide, and that an article may well answer. All 19 such questions among the messages that were
tuned on are right."""

MAY_ANSWER = 0.3
"""An article may well answer a general question from this probability on."""

MOST_OF_ARTICLES = 0.95
"""An article hardly ever answers more surely than that: 3 of 508 questions of the demo shop's customers, and 3 of 688 where it
has 10,000 passages more. For such a one a model is asked that need not have been."""

LONG, VERY_LONG = 45, 90
"""Words from which a message may hold more than is seen in it."""

_FEW = 8
_FREE = frozenset({"text", "address", "request"})
_PICKS = frozenset({"one", "some", "each"})


def sureness(
    understood: Understood,
    memory: Memory,
    *,
    kernel: k.Kernel,
    reader: Reader,
    answer_from: float = 0.5,
    products: Callable[[str], float] | None = None,
    answerable: Callable[[str], float] | None = None,
) -> float:
    """How sure the embedded parts are of a message: 0 not at all, 1 entirely.

    Sure is what plainly answers the open question, what plainly needs nobody's understanding (a greeting, thanks, a grave
    matter), and a message each of whose requests means one guide, or one article, far more probably than anything else.

    Args:
        understood: What they made of it.
        memory: The conversation's, before the message.
        kernel: The shop's guides.
        reader: The embedded reader.
        answer_from: An article answers from this probability on.
        products: How sure it is that a text is for the shopping assistant, 0 to 1; None without one.
        answerable: How sure it is that an article answers a text, 0 to 1; asked about general questions that mean a guide.
    """
    heard = understood.heard
    if heard.silent is not None or heard.event is not None or heard.overdue:
        return SURE
    if (
        any(meant for meant in heard.safeguards.values())
        or understood.signals.asks_for_person
        or understood.signals.sensitive
    ):
        return SURE  # a person takes over, whatever a model makes of it
    if None in heard.safeguards.values():
        return UNSURE_SAFEGUARD
    if memory.open:
        answers = _of_answer(heard, memory.open[-1], kernel, reader)
        if not _has_other_business(heard, memory, answers):
            return min(answers, _of_judgements(understood, memory, kernel))
    if heard.greeting or heard.withdraws or heard.refuses or (heard.praise and not heard.requests):
        return SURE  # praise that something is wanted with besides is as sure as what is wanted
    if not heard.requests:
        bare = not content_words(heard.text) and bool(heard.text.strip())
        return SURE if bare else products(heard.text) if products is not None else NOTHING_FOUND
    found = min(_of_request(request, answer_from, products, answerable) for request in heard.requests)
    return round(min(found * _of_length(heard.text), _of_judgements(understood, memory, kernel)), 6)


def sureness_at_most(
    begun: Begun,
    alone: Understood,
    memory: Memory,
    *,
    kernel: k.Kernel,
    reader: Reader,
    below: float,
    products: Callable[[str], float] | None = None,
) -> float:
    """How sure the embedded parts can be of a message, whatever articles answer: 0 not at all, 1 entirely or left open.

    Each of its requests means the guide that its words say, or it is for an article or the assistant; which of them there are
    hangs on what articles answer, so that the surest counts.

    Args:
        begun: What they made of its words.
        alone: What is understood where no article answers anything.
        memory: The conversation's, before the message.
        kernel: The shop's guides.
        reader: The embedded reader.
        below: What it is compared with: the catalog is looked into only where it can matter.
        products: As in `sureness`.
    """
    heard, matches = alone.heard, begun.matches
    if not (begun.hangs_on_articles and matches) or memory.open or memory.clarify is not None or is_vague(heard.text):
        return SURE
    # a safeguard is less easily meant where one guide plainly is
    clear = len(heard.requests) == 1 and heard.requests[0].probability >= SURELY_MEANT
    found = sureness(alone, memory, kernel=kernel, reader=reader)
    if clear or not heard.requests or found >= SURE or any(map(asks_in_general, (heard.text, *begun.words.parts))):
        return SURE
    length = _of_length(heard.text)
    apart = [(texts, *_apart(match, begun.words.finder.safeguards)) for texts, match in matches]
    at_most = max([found, *(max(own, free * MOST_OF_ARTICLES) * length for _, own, free in apart)])
    if products is None:
        return at_most
    most = max(free for _, _, free in apart) * length
    if not at_most < below <= most:
        return max(at_most, most)
    for_products = (
        free * length * max(map(products, texts), default=SURE) for texts, _, free in apart if free * length >= below
    )
    return max([at_most, *for_products])


def _apart(match: Match, passed_over: frozenset[str]) -> tuple[float, float]:
    """How surely a text means a guide, and how surely it means none."""
    chances = [chance for title, chance in match.ranked[: len(passed_over) + 2] if title not in passed_over]
    best, second, *_ = (*chances, 0.0, 0.0)
    return best - second if match.label is not None else 0.0, 1.0 - best


def _has_other_business(heard: Heard, memory: Memory, answers: float) -> bool:
    """Whether a message that comes while a question is open probably asks for something else.

    A few words that plainly answer are an answer, whatever guide they remind of: "a replacement, please", "yes, book it". Where
    they may just be one of what was shown, they must mean a guide plainly.
    """
    title = memory.open[-1].title.casefold()
    others = [r for r in heard.requests if r.label is not None and r.label.casefold() != title]
    few = _is_bare(heard.text) and len(heard.requests) <= 1
    if few and answers >= SURE:
        return False
    least = _PLAINLY_OTHER if few and answers >= TAKES_ANY_WORDS and len(heard.text.split()) <= _NAME else _OTHER
    return any(request.probability >= least for request in others)


_OTHER, _PLAINLY_OTHER = 0.6, 0.9
_NAME = 4
"""Words that something which can be picked is called by, with a please."""


def _of_answer(heard: Heard, state: GuideState, kernel: k.Kernel, reader: Reader) -> float:
    """How surely a message answers what is open."""
    asked = asked_needs(kernel, state)
    kinds = {need.kind for need in asked}
    short = _is_bare(heard.text)
    utterance = Utterance(heard.text, state.asked)
    puts = [kind for kind in ("confirmation", "yes_no") if kind in kinds]
    if any(name.startswith("confirm:") for name in state.asked):
        puts.append("confirmation")
    if any(reader.read(Wanted("", kind), utterance, direct=True).value is not UNKNOWN for kind in puts):
        return SURE
    if heard.withdraws or heard.refuses or (heard.declines and short):
        return SURE
    values = [need for need in asked if need.kind == "value"]
    if any(_gives(need, utterance, reader) for need in values):
        return SURE if "?" not in heard.text else 0.7
    if any((need.type_name or need.name) in {*_FREE, need.name} for need in values):
        return TAKES_ANY_WORDS if "?" not in heard.text else 0.5
    if kinds & _PICKS:
        if only_particulars(heard.text) or any(_picks(need, utterance, reader) for need in asked):
            return SURE if "?" not in heard.text else 0.7
        return TAKES_ANY_WORDS if short else 0.5
    return 0.4


def _picks(need: k.Need, utterance: Utterance, reader: Reader) -> bool:
    """Whether a message names one of the choices that a guide writes out."""
    if need.kind not in _PICKS or not need.choices:
        return False
    choices = tuple(
        Choice(str(one.value), one.value, (str(one.value), *((one.description,) if one.description else ())))
        for one in need.choices
    )
    return reader.read(Wanted(need.name, need.kind, choices=choices), utterance, direct=True).value is not UNKNOWN


def _gives(need: k.Need, utterance: Utterance, reader: Reader) -> bool:
    wanted = Wanted(need.name, "value", need.type_name)
    direct = (need.type_name or need.name) not in _FREE and need.type_name != need.name
    found = reader.read(wanted, utterance, direct=False).value is not UNKNOWN
    return found or (
        direct and _is_bare(utterance.text) and reader.read(wanted, utterance, direct=True).value is not UNKNOWN
    )


def _is_bare(text: str) -> bool:
    return len(text.split()) <= _FEW and "?" not in text


def _of_request(
    request: Request,
    answer_from: float,
    products: Callable[[str], float] | None,
    articles: Callable[[str], float] | None,
) -> float:
    """How surely a request means what it is taken for."""
    best = request.ranked[0][1] if request.ranked else 0.0
    second = request.ranked[1][1] if len(request.ranked) > 1 else 0.0
    answerable = request.answerable or 0.0
    if request.label is None:
        if answerable >= min(answer_from, MAY_ANSWER) and asks_in_general(request.text):
            return GENERAL
        wanted = products(request.text) if products is not None else 0.0
        if answerable < answer_from:
            return max(NOTHING_FOUND, wanted * (1.0 - best))
        return max(wanted, answerable) * (1.0 - best)
    if request.close:
        return 0.3
    own = best if request.ranked and request.ranked[0][0] == request.label else request.probability
    if request.of_whole is not None:
        # what one sentence of several means, and the whole message doesn't, may be beside the point
        own = min(own, request.of_whole)
    general = articles is not None and asks_in_general(request.text)
    beside = max(second / own if own > 0 else 1.0, articles(request.text) if articles is not None and general else 0.0)
    return own * max(0.0, 1.0 - beside)


def _of_length(text: str) -> float:
    words = len(text.split())
    return 1.0 if words < LONG else 0.85 if words < VERY_LONG else 0.6


def _of_judgements(understood: Understood, memory: Memory, kernel: k.Kernel) -> float:
    """Unsure where a guide that is meant asks a judgement that the embedded parts are unsure of."""
    titles = (*(request.label for request in understood.heard.requests), *(state.title for state in memory.open))
    guides = (kernel.guide(title) for title in titles if title)
    asked: Sequence[str] = [text for guide in guides if guide is not None for text in judgements_in(guide)]
    return UNSURE_SAFEGUARD if any(understood.judge(text) is None for text in asked) else SURE
