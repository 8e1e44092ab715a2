"""Grounding: what is wrong with a sentence that somebody else worded, held against what it may rest on.

Figures, dates, prices, links,
addresses and names must stand in the sources; what the sentence states must be supported by one of
them and turned round by none; nothing of a prompt may be left in it. Politeness states nothing and passes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from convagent.answering.acts_said import acts_said
from convagent.answering.bare_claims import is_bare_claim
from convagent.answering.copied import copied
from convagent.answering.entailment import support_of
from convagent.answering.figures_said import Figure, figures_in, missing_figures
from convagent.answering.leftovers import leftovers_in
from convagent.answering.names_said import foreign_names, words_of_names
from convagent.answering.number_words import MONTHS
from convagent.answering.one_place import said_of_another
from convagent.answering.reckoned import figures_that_follow, what_follows
from convagent.answering.source_units import MARK, Section, SourceUnit, clauses_of, source_sections, source_units
from convagent.answering.stated_terms import content_terms
from convagent.answering.taken_up import only_takes_up
from convagent.answering.thanks import only_thanks
from convagent.answering.unfounded import unfounded_words
from convagent.search import Embedder, base_language
from convagent.search.stop_words import STOP_WORDS

__all__ = [
    "Checked",
    "Fault",
    "Source",
    "Sources",
    "check_sentence",
    "check_told",
    "check_with_told",
    "faults_of",
    "read_ahead",
]

FaultKind = Literal[
    "figure", "link", "name", "unsupported", "negation", "opposite", "restriction", "quantity", "order", "free",
    "claim",
    "forbidden", "leftover", "voice", "language", "unfinished", "citation", "length",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a sentence.

    Attributes:
        kind: What.
        words: As the sentence has it, or what is missing.
    """

    kind: FaultKind
    words: str


@dataclass(frozen=True, slots=True)
class Source:
    """Something a sentence may rest on.

    Attributes:
        text: Its words.
        frame: Title and headings above it.
        language: Its language.
        links: Addresses that belong to it.
    """

    text: str
    frame: str = ""
    language: str = "en"
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sources:
    """All that a sentence may rest on.

    Attributes:
        given: The passages, or the text that is reworded.
        language: The reply's.
        question: The customer's words, which a sentence may take up, though they support nothing.
        known: Other texts that may be named: what stands in the same reply, the shop's and the agent's names.
        embedder: Says how near two texts are in meaning; None: words alone decide.
    """

    given: tuple[Source, ...]
    language: str
    question: str = ""
    known: tuple[str, ...] = ()
    embedder: Embedder | None = None

    @cached_property
    def units(self) -> tuple[SourceUnit, ...]:
        """The sentences, list lines and rows of the sources."""
        return tuple(
            unit
            for number, source in enumerate(self.given)
            for unit in source_units(source.text, source.frame, number, source.language)
        )

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """What the sources in the reply's language say, by their headings."""
        base = base_language(self.language)
        return tuple(
            section
            for source in self.given
            if base_language(source.language) == base
            for section in source_sections(source.text, source.frame, source.language)
        )

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Where figures and links must stand."""
        return tuple(
            text for source in self.given for text in (_NUMBERED.sub("- ", source.text), source.frame, *source.links)
        )

    @cached_property
    def own_names(self) -> frozenset[str]:
        """What the shop and its agent are called: those of `known` that are a name by their length, no sentence."""
        return frozenset(
            name
            for text in self.known
            if (name := text.strip()) and len(name.split()) <= _LONGEST_NAME and name[-1].isalnum()
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """Words that may be said as names."""
        return words_of_names((*self.texts, *self.known, self.question))

    @cached_property
    def asked(self) -> frozenset[str]:
        """Terms of the question."""
        return content_terms(self.question, self.language)


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking a sentence came to.

    Attributes:
        faults: What is wrong; none: it may be sent as far as its sources go.
        states: Whether it states anything at all, rather than being polite.
        rests_on: What it rests on, best first.
        share: Of its words that stand there.
        nearness: In meaning; None where it wasn't needed.
    """

    faults: tuple[Fault, ...]
    states: bool = True
    rests_on: tuple[SourceUnit, ...] = field(default=())
    share: float = 0.0
    nearness: float | None = None


def faults_of(sentence: str, sources: Sources) -> tuple[Fault, ...]:
    """What is wrong with a sentence; nothing: it is supported, or states nothing.

    Args:
        sentence: One sentence or list line, without citations.
        sources: What it may rest on.
    """
    return check_sentence(sentence, sources).faults


def check_sentence(sentence: str, sources: Sources, *, lead: str = "") -> Checked:
    """`faults_of`, with what the sentence rests on.

    Args:
        sentence: One sentence or list line, without citations.
        sources: What it may rest on.
        lead: What leads to it: the line above a list, "These can't come back:", or a heading. It says what it is said of.
    """
    text = sentence.strip()
    faults: list[Fault] = [Fault("leftover", words) for words in leftovers_in(text, sources.texts)]
    said = _OPENER.sub("", MARK.sub("", text), count=1)
    if not faults and only_takes_up(said, sources.asked, sources.language):
        return Checked((), states=False)
    missing = missing_figures(said, [*sources.texts])
    base = base_language(sources.language)
    own_units = [unit for unit in sources.units if unit.language == base]
    follows = figures_that_follow(said, missing, own_units, sources.question, base) if missing else ()
    faults += [
        Fault("link" if figure.kind in {"link", "email", "phone"} else "figure", figure.words)
        for figure in missing if figure not in follows
    ]  # fmt: skip
    faults += [Fault("name", name) for name in foreign_names(text, sources.names, language=sources.language)]
    faults += [Fault("claim", words) for words in acts_said(said, sources.texts)]
    if not _is_finished(text):
        faults.append(Fault("unfinished", text[-40:]))
    terms = frozenset[str]() if only_thanks(said, sources.own_names) else content_terms(said, sources.language)
    has_figures = bool(figures_in(said))
    if not has_figures and is_bare_claim(said, terms, sources.language):
        faults.append(Fault("unsupported", said[:40]))  # a bare yes or no states all that was asked
    elif not terms and not has_figures:
        return Checked(tuple(faults), states=False)
    if faults:
        return Checked(tuple(faults))
    led = lead if lead and content_terms(lead, sources.language) else ""
    if units := copied(said, own_units, lead=led) or copied(text, own_units, lead=led):
        return Checked((), True, units[:1], 1.0)
    if fault := _other_language(said, sources.language):
        return Checked((fault,))
    said, bound = what_follows(said, follows)
    if led:
        said = f"{led.strip().rstrip(':')} {said}"
    support = support_of(
        said,
        sources.units,
        language=sources.language,
        asked=sources.asked,
        embedder=sources.embedder,
        names=sources.own_names,
    )
    found = tuple(
        Fault(kind, words) for kind, words in support.faults  # type: ignore[arg-type]  # kinds of ours
        if not _is_reckoned(kind, words, follows, bound)
    )  # fmt: skip
    if not found:
        added = unfounded_words(said, sources.sections, language=sources.language, asked=sources.asked)
        found = tuple(Fault("unsupported", f"no source says {word!r}") for word in added)
    if not found and own_units:
        found = tuple(
            Fault("unsupported", f"said of something else: {clause}")
            for clause in said_of_another(said, own_units, base)
        )
    return Checked(found, True, support.units, support.share, support.nearness)


def _is_reckoned(kind: str, words: str, follows: Sequence[Figure], bound: frozenset[str]) -> bool:
    """Whether a fault is one of what was reckoned: a figure that follows, or the side of a bound that a case is on."""
    if kind in {"figure", "quantity"}:
        return any(words.startswith(figure.words) for figure in follows)
    if kind == "restriction":
        return any(figure.values & bound for figure in figures_in(words))
    return kind == "negation" and bool(bound)


def check_told(sentence: str, told: Sequence[Source], sources: Sources) -> Checked | None:
    """The same for what a turn tells of a customer's own affairs; None where none of it supports the sentence.

    Here a wrong word is a wrong order: one source alone must have every word, and the question's words support nothing.

    Args:
        sentence: One sentence or list line, without citations.
        told: Each by itself.
        sources: What is given besides: the reply's language, names.
    """
    sentence = _STILL.sub("", sentence)
    for source in told:
        checked = check_sentence(sentence, Sources((source,), sources.language, known=sources.known))
        if any(fault.kind == "claim" for fault in checked.faults):
            checked = _told_of(sentence, checked, source, sources.language)
        if checked.states and not checked.faults and checked.share >= _ALL:
            return checked
    return None


def _told_of(sentence: str, checked: Checked, source: Source, language: str) -> Checked:
    """What has become of a thing ("was refunded") isn't claimed where its record says so, in every word."""
    claims = [fault for fault in checked.faults if fault.kind == "claim"]
    if len(claims) < len(checked.faults) or not all(_BECAME.search(fault.words) for fault in claims):
        return checked
    support = support_of(sentence, Sources((source,), language).units, language=language)
    found = tuple(Fault(kind, words) for kind, words in support.faults)  # type: ignore[arg-type]  # kinds of ours
    return Checked(found, True, support.units, support.share, support.nearness)


_BECAME = re.compile(
    r"^(?!.*\b(?:will|wird|werden|va|vont|going)\b).*\b(?:was|were|been|is|are|wurden?|worden|ist|sind|été|est|sont)\b",
    re.IGNORECASE | re.DOTALL,
)
_ALL = 0.999
_STILL = re.compile(
    r"\s(?:still|already|currently|now|at the moment|noch|bereits|schon|derzeit|aktuell|momentan|jetzt|encore|déjà|"
    r"actuellement)(?!\w)",
    re.IGNORECASE,
)


def check_with_told(sentence: str, told: Sequence[Source], sources: Sources) -> Checked | None:
    """The same for a sentence of which a clause tells of the customer's affairs, and the rest what follows from it.

    "Your order is pending, so you can change it." None where some clause is supported by neither.

    Args:
        sentence: One sentence or list line, without citations.
        told: As for `check_told`.
        sources: What the rest may rest on.
    """
    end = sentence.rstrip()[-1:]
    clauses = clauses_of(_SINCE.sub(r"\g<why>; ", sentence.strip()))
    rest = [clause for clause in clauses if check_told(f"{clause.strip().rstrip('.!,;')}.", told, sources) is None]
    if not told or len(rest) in {0, len(clauses)}:
        return None
    checked = check_sentence(f"{', '.join(clause.strip().rstrip('.!,;') for clause in rest)}{end}", sources)
    return None if checked.faults or not checked.states else checked


_SINCE = re.compile(r"^(?:as|since|because|da|weil|comme|puisque)\s(?P<why>[^,]{3,120}),\s", re.IGNORECASE)


def read_ahead(sources: Sources) -> None:
    """Reads sources before there is a sentence to hold against them, so that the first one doesn't wait for it.

    What is read is kept with the sources, and by the texts; another thread may do it while a model is asked.
    """
    units = [unit for unit in sources.units if unit.figures] or list(sources.units)
    for unit in (*sources.units[:1], *units[:2]):
        check_sentence(unit.text, sources)


_NUMBERED = re.compile(rf"^\s*\d{{1,2}}[.)](?!\s+(?:{'|'.join(MONTHS)})\b)\s+", re.MULTILINE | re.IGNORECASE)
"""The number of a step is no figure that a sentence may rest on."""

_OPENER = re.compile(
    r"^(?:(?:please )?(?:also )?(?:note|remember|keep in mind|bear in mind|be aware)(?: also)?(?: that|:)|"
    r"(?:bitte )?(?:beachten|bedenken|denken) Sie(?: bitte)?(?: auch)?(?: daran)?(?:, dass|:)|"
    r"(?:veuillez )?(?:noter|notez|sachez|retenez)(?: aussi)?(?: que| qu'|:)|(?:à|il est bon de) noter(?: que| qu'|:))\s*(?=\w)",
    re.IGNORECASE,
)
"""What only asks to mind the rest."""

_LONGEST_NAME = 3
"""Words of a shop's name."""

_FINISHED = re.compile(
    r"[.!?…:][\"'”’“»)\]*_ \u00a0\u202f]*$|https?://\S+$|"
    r"[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]$"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’])?")


def _is_finished(text: str) -> bool:
    """Whether a sentence has an end; list lines and headings need none."""
    return _FINISHED.search(text) is not None or MARK.match(text) is not None


_STOPS: Mapping[str, frozenset[str]] = {
    code: STOP_WORDS[code] for code in ("en", "de", "fr", "es", "it", "nl", "pt") if code in STOP_WORDS
}


def _other_language(text: str, language: str) -> Fault | None:
    """A sentence of some length that has none of its language's small words, but another's."""
    words = [word.casefold().rstrip("'’") for word in _WORD.findall(text)]
    if len(words) < 5:
        return None
    base = base_language(language)
    counts = {code: sum(word in stops for word in words) for code, stops in _STOPS.items()}
    best = max(counts, key=lambda code: (counts[code], code == base))
    if best != base and counts[best] >= counts.get(base, 0) + 2:
        return Fault("language", best)
    return None
