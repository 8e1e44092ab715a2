"""How well examples tell the matcher which guide is meant: pairs it can't tell apart, guides that their own examples don't reach.

Each example is taken out in turn, and the matcher is asked for it as for a customer's message (`understanding.held_out`).
Past tickets show which messages no guide takes and no article answers, by theme. Findings have the codes G611 to G614.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convagent.agent import Agent
from convagent.evals.cases import Case
from convagent.evals.faults import CaseFault
from convagent.evals.replay import cases_of_tickets
from convagent.evals.themes import Theme, common_words, themes
from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding, in_order
from convagent.guidance.interpreter.kernel import Guide
from convagent.guidance.language.syntax import Example
from convagent.shop import OpenShop
from convagent.understanding.content_words import content_words
from convagent.understanding.for_articles import SURE_ANSWER
from convagent.understanding.gist import mask
from convagent.understanding.glossary import Glossary
from convagent.understanding.held_out import HeldOut, hold_out
from convagent.understanding.learning import taught_examples
from convagent.understanding.likeness import mostly_english
from convagent.understanding.meaning import embed_examples

__all__ = ["ENOUGH", "Confusion", "GuideReach", "Pair", "TriggerReport", "check_triggers", "untaken"]

ENOUGH = 8
"""Examples that a guide should have: fewer are told (`Matcher.fit`: one is enough to be matched, eight are good)."""

SAME = 0.9
"""Two examples that are more alike than this say the same thing."""

TWINS = 0.6
"""Two guides are a finding when two examples are taken for the other's, or one that is at least so much like one of its."""

REACHED = 0.5
"""A guide that fewer of its own examples reach is a finding."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """An example that, had it not been taught, would be taken for another guide's.

    Attributes:
        guide: Whose example it is.
        example: As it is written.
        line: Where.
        taken_for: The other guide.
        probability: Of the other guide.
        own: Of its own guide.
        other_example: The other guide's example that it is most like.
        alike: How alike the two are, 0 to about 1.
    """

    guide: str
    example: str
    line: int
    taken_for: str
    probability: float
    own: float
    other_example: str
    alike: float

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two guides of which examples are taken for the other's.

    Attributes:
        guides: Their titles, in written order.
        confusions: Those examples, the two most alike ones first.
        add: What to write, line by line.
    """

    guides: tuple[str, str]
    confusions: tuple[Confusion, ...]
    add: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "guides": list(self.guides), "confusions": [each.to_json() for each in self.confusions], "add": list(self.add)
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class GuideReach:
    """How many of a guide's examples reach it when they are left out.

    Attributes:
        title: The guide.
        examples: How many it has.
        reached: How many of them reach it.
        missed: Those that don't, with the guide they reach instead; None for no guide.
    """

    title: str
    examples: int
    reached: int
    missed: tuple[tuple[str, str | None], ...]

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        missed = [{"example": example, "guide": guide} for example, guide in self.missed]
        return {"title": self.title, "examples": self.examples, "reached": self.reached, "missed": missed}


@dataclass(frozen=True, slots=True)
class TriggerReport:
    """What was found.

    Attributes:
        findings: In the order of files and lines.
        guides: Every guide that waits for a customer's words.
        pairs: Those that are taken for one another most come first.
        themes: What no guide takes, of tickets.
        tickets: How many tickets were read, and how many of them nothing takes.
        faults: Tickets that could not be read.
    """

    findings: tuple[Finding, ...]
    guides: tuple[GuideReach, ...]
    pairs: tuple[Pair, ...]
    themes: tuple[Theme, ...] = ()
    tickets: tuple[int, int] = (0, 0)
    faults: tuple[CaseFault, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For programs, without the findings."""
        return {
            "guides": [each.to_json() for each in self.guides], "pairs": [each.to_json() for each in self.pairs],
            "themes": [each.to_json() for each in self.themes],
            "tickets": {"read": self.tickets[0], "untaken": self.tickets[1], "unreadable": len(self.faults)},
        }  # fmt: skip


def check_triggers(shop: OpenShop, *, tickets: str | Path | None = None) -> TriggerReport:
    """Looks through a shop's examples, and through past tickets.

    Args:
        shop: The shop.
        tickets: A file of tickets, a JSON object a line; see `convagent.evals.imports.from_tickets`.

    Raises:
        EvalError: `eval-import`: the tickets can't be read.
        ConvagentError: A part of the shop can't be used.
    """
    settings = shop.settings
    languages = tuple(dict.fromkeys((settings.shop.language, *settings.shop.languages)))
    glossary = Glossary(settings.vocabulary)
    taught = taught_examples(shop.kernel, glossary)
    guides = {g.title: g for g in shop.kernel.guides if g.when is not None and not g.safeguard and not g.when.judgement}
    held: tuple[HeldOut, ...] = ()
    if taught.examples:
        topics = [glossary.apply(mask(text)) for text in shop.topics]
        texts = [text for group in (taught.examples, taught.negatives) for each in group.values() for text in each]
        embedded = embed_examples(
            shop.embedder, [*texts, *topics], folder=shop.index_dir / "understanding" / "examples",
            by_english=mostly_english(texts, languages),
        )  # fmt: skip
        held = hold_out(taught.examples, taught.negatives, topics=topics, embedded=embedded, languages=languages)
    written = {
        title: {glossary.apply(mask(each.text)): each for each in reversed(_positive(guide))}
        for title, guide in guides.items()
    }
    of_guide: dict[str, list[HeldOut]] = {title: [] for title in guides}
    for each in held:
        if each.label in guides and each.text in written[each.label]:  # else its title, or one of a safeguard
            of_guide[each.label].append(each)
    reach = tuple(_reach(title, group, written[title]) for title, group in of_guide.items())
    pairs = _pairs(guides, of_guide, written)
    findings = [*_of_pairs(pairs, guides), *_of_reach(reach, guides)]
    cases: tuple[Case, ...] = ()
    faults: tuple[CaseFault, ...] = ()
    found: tuple[Theme, ...] = ()
    left: list[str] = []
    if tickets is not None:
        cases, faults = cases_of_tickets(tickets)
        left = [mask(text) or text for text in untaken(shop, cases)]
        found = themes(left, embedder=shop.embedder, languages=languages)
        findings += [_of_theme(theme, str(tickets)) for theme in found if theme.count > 1]
    left_out = {file.path: _ignored(file.front_matter) for file in shop.files}
    ignored = set(settings.guidance.ignore)
    kept = [each for each in findings if each.code not in ignored | left_out.get(each.file, set())]
    return TriggerReport(in_order(kept), reach, pairs, found, (len(cases), len(left)), faults)


def untaken(shop: OpenShop, cases: Iterable[Case]) -> list[str]:
    """The messages that no guide takes and no article answers: of each conversation the first that asks for something.

    Args:
        shop: The shop.
        cases: Conversations.
    """
    from convagent.storage import open_storage

    out: list[str] = []
    with Agent(shop, storage=open_storage("memory:")) as agent:
        for number, case in enumerate(cases):
            said = [turn.customer for turn in case.turns if turn.customer]
            text = next((each for each in said if len(content_words(each)) > 1), None)
            if text is None:
                continue
            turn = agent.decide(text, conversation=f"trigger-{number}", facts=case.facts or None)
            data = next((event.data for event in turn.trace if event.kind == "understood"), None)
            if data is not None and not _taken(data):
                out.append(text)
    return out


def _ignored(front_matter: tuple[tuple[str, Any], ...]) -> set[str]:
    """Codes that a file's front matter leaves out."""
    value = dict(front_matter).get("ignore", ())
    return (
        {value}
        if isinstance(value, str)
        else {str(code) for code in value}
        if isinstance(value, (list, tuple))
        else set()
    )


def _taken(data: Mapping[str, Any]) -> bool:
    requests: Sequence[Mapping[str, Any]] = data.get("requests") or ()
    if data.get("safeguards") or not requests:
        return True
    return any(request["guide"] is not None or request["answerable"] >= SURE_ANSWER for request in requests)


def _positive(guide: Guide) -> list[Example]:
    return [example for example in guide.when.examples if not example.negative] if guide.when is not None else []


def _reach(title: str, group: Sequence[HeldOut], written: Mapping[str, Example]) -> GuideReach:
    missed = tuple((written[each.text].text, each.match.label) for each in group if each.match.label != title)
    return GuideReach(title, len(written), len(written) - len(missed), missed)


def _pairs(
    guides: Mapping[str, Guide], held: Mapping[str, Sequence[HeldOut]], written: Mapping[str, Mapping[str, Example]]
) -> tuple[Pair, ...]:
    order = {title: number for number, title in enumerate(guides)}
    found: defaultdict[tuple[str, str], list[Confusion]] = defaultdict(list)
    for title, group in held.items():
        for each in group:
            other = each.match.label
            near = next((near for near in each.nearest if near[0] == other), None)
            if other is None or other == title or other not in guides or near is None:
                continue
            chances, example = dict(each.match.ranked), written[title][each.text]
            theirs = written[other].get(near[1])
            confusion = Confusion(
                title, example.text, example.span.line, other, chances[other], chances[title],
                theirs.text if theirs is not None else near[1], near[2],
            )  # fmt: skip
            first, second = sorted((title, other), key=order.__getitem__)
            found[first, second].append(confusion)
    pairs = [
        Pair(titles, ranked := tuple(sorted(each, key=lambda c: (-c.alike, c.line))), _to_add(titles, ranked, written))
        for titles, each in found.items()
    ]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair.confusions), -pair.confusions[0].alike, pair.guides)))


def _to_add(
    titles: tuple[str, str], confusions: Sequence[Confusion], written: Mapping[str, Mapping[str, Example]]
) -> tuple[str, ...]:
    """Lines for both guides: what tells them apart."""
    worst = confusions[0]
    if worst.alike >= SAME:
        told = f"“{worst.example}” and “{worst.other_example}” say the same"
        return (f"{told}: keep one of them, or make one guide of both that asks what is meant",)
    lines = [f'below “{c.taken_for}” write - not "{c.example}"' for c in confusions[:3]]
    for title in dict.fromkeys(c.guide for c in confusions):
        other = titles[1] if title == titles[0] else titles[0]
        words = _own_words([e.text for e in written[title].values()], [e.text for e in written[other].values()])
        told = f", with words that only it uses ({', '.join(words)})" if words else ""
        lines.append(f"give “{title}” two or three more examples of the kind{told}")
    return tuple(lines)


def _own_words(mine: Sequence[str], others: Sequence[str]) -> list[str]:
    used = common_words() | {word for text in others for word in content_words(text)}
    counts = Counter(word for text in mine for word in set(content_words(text)) if word not in used)
    return [word for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:4]]


def _finding(code: str, message: str, remedy: str, guide: Guide, line: int | None = None) -> Finding:
    span = guide.when.span if guide.when is not None else guide.span
    return Finding(
        code, CODES[code].severity, message, guide.file, line or span.line, 1 if line else span.column, remedy,
        guide=guide.title,
    )  # fmt: skip


def _of_pairs(pairs: Sequence[Pair], guides: Mapping[str, Guide]) -> list[Finding]:
    out = []
    for pair in pairs:
        worst = pair.confusions[0]
        if len(pair.confusions) < 2 and worst.alike < TWINS:  # one odd example; the report has it all the same
            continue
        more = f" ({len(pair.confusions)} examples in all)" if len(pair.confusions) > 1 else ""
        told = (
            f"“{worst.example}” would be taken for “{worst.taken_for}” ({worst.probability:.0%}, its own guide "
            f"{worst.own:.0%}), whose “{worst.other_example}” is like it{more}"
        )
        out.append(_finding("G611", told, "; ".join(pair.add), guides[worst.guide], worst.line))
    return out


def _of_reach(reach: Sequence[GuideReach], guides: Mapping[str, Guide]) -> list[Finding]:
    out = []
    for each in reach:
        guide = guides[each.title]
        if each.examples < ENOUGH:
            told = f"{each.examples or 'no'} example{'' if each.examples == 1 else 's'}; {ENOUGH} teach what is meant"
            remedy = "Add messages that customers wrote, each in other words; tickets are the best source."
            out.append(_finding("G613", told, remedy, guide))
        if each.examples and each.reached < REACHED * each.examples:
            listed = "; ".join(
                f"“{example}” reaches {f'“{other}”' if other else 'no guide'}" for example, other in each.missed[:3]
            )
            told = f"only {each.reached} of {each.examples} examples reach the guide when they are left out: {listed}"
            remedy = "Add examples like those that don't reach it; split the guide if they ask for different things."
            out.append(_finding("G612", told, remedy, guide))
    return out


def _of_theme(theme: Theme, file: str) -> Finding:
    listed = "; ".join(f"“{text[:80]}”" for text in theme.messages[:2])
    told = f"{theme.count} messages that no guide takes and no article answers: {listed}"
    remedy = f"Write {'an article' if theme.proposal == 'article' else 'a guide'} about {' '.join(theme.words)}."
    return Finding("G614", CODES["G614"].severity, told, file, 1, 1, remedy)
