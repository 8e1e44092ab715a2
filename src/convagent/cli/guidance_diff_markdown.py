"""What an edit of guidance means for customers, as Markdown for a pull request.

A reader who never saw the tool comes first: a sentence on all of it, then what counts most, rules and customers who are treated
otherwise, what they hear before and now, and only then which lines did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from convagent.plain_markdown import plain

if TYPE_CHECKING:
    from convagent.evals.replay import Replay
    from convagent.guidance.changes.compare import GuidanceDiff, GuideChange
    from convagent.guidance.changes.search import Difference
    from convagent.guidance.findings.finding import Finding

__all__ = ["faulty", "left_out", "replayed", "to_markdown"]

_HEADS = {
    "behaves": "treats some customers otherwise", "unclear": "may treat some customers otherwise",
    "added": "is new", "removed": "is gone", "words": "says the same in other words",
    "same": "does the same",
}  # fmt: skip
_ORDER = tuple(_HEADS)
_MOST_MESSAGES, _MOST_STATEMENTS = 3, 12
_STAND_IN = "something"
"""What inputs put where a text is wanted that no condition looks at."""


def to_markdown(found: GuidanceDiff, played: Replay | None = None, *, faults: Sequence[Finding] = ()) -> str:
    """What changed, for a pull request.

    Args:
        found: What was compared.
        played: Past conversations that were played on both.
        faults: What `check` finds wrong with the newer guidance.
    """
    out = ["## What this edit of guidance means for customers", "", f"**{_in_one_sentence(found)}**", ""]
    if any(
        _STAND_IN in line for each in found.guides if each.example for line in (*each.example.before, *each.example.now)
    ):
        out += ["The customers below are made up; “something” stands for whatever name or number is there.", ""]
    if faults:
        out += [f"**{faulty(len(faults))}**", ""]
        for each in faults:
            where = f"{each.file}, line {each.line}, {each.code}"
            out.append(f"- {plain(each.message, code=True)} ({plain(where)}). {plain(each.remedy, code=True)}")
        out.append("")
    if found.nevers:
        out += ["### Rules for the whole shop", "", "No guide may do this, whatever it says:", ""]
        out += ["```diff", *map(_flat, found.nevers), "```", ""]
    for change in sorted(found.guides, key=lambda each: _ORDER.index(each.kind)):
        if not change.is_same or change.header:
            out += _guide(change)
    out += _titles(found.guides)
    led = [each for each in found.guides if each.through]
    if led:
        out += ["### Through these, other guides may differ as well", ""]
        out += [f"- “{plain(each.title)}” leads to {_listed(each.through)}" for each in led]
        out.append("")
    if played is not None:
        out += _conversations(played)
    return "\n".join(out)


def faulty(number: int) -> str:
    """That the newer guidance has faults, in a sentence."""
    if number == 1:
        return "The newer guidance has a fault; with it the shop does not open:"
    return f"The newer guidance has {number} faults; with them the shop does not open:"


def replayed(played: Replay) -> str:
    """How many past conversations end differently, in a sentence.

    Args:
        played: The conversations.
    """
    return f"{len(played.of('ends'))} of {len(played.tickets)} past conversations would end differently."


def left_out(played: Replay) -> list[str]:
    """Tickets that couldn't be read, the first few by file and line; nothing where all could.

    Args:
        played: The conversations.
    """
    number = len(played.faults)
    if not number:
        return []
    more = [f"… and {number - _MOST_MESSAGES} more"] if number > _MOST_MESSAGES else []
    head = f"{number} {'line' if number == 1 else 'lines'} of the tickets could not be read and counted for nothing:"
    return [head, *(f"  {fault}" for fault in played.faults[:_MOST_MESSAGES]), *more]


def _in_one_sentence(found: GuidanceDiff) -> str:
    def count(number: int, one: str, more: str) -> str:
        return f"{number} {one if number == 1 else more}"

    rules = len(found.nevers)
    titles = sum(bool(each.before) for each in found.guides)
    messages = sum(each.kind in {"same", "words"} and bool(each.messages) for each in found.guides)
    headers = sum(each.kind in {"same", "words"} and bool(each.header) for each in found.guides)
    numbers = [
        (rules, "line of the rules for the whole shop changed", "lines of the rules for the whole shop changed"),
        (len(found.of("behaves")), "guide treats some customers otherwise", "guides treat some customers otherwise"),
        (len(found.of("unclear")), "guide may treat some otherwise", "guides may treat some otherwise"),
        (len(found.of("added")), "guide is new", "guides are new"),
        (len(found.of("removed")), "guide is gone", "guides are gone"),
        (headers, "guide runs at other times or for others", "guides run at other times or for others"),
        (messages, "guide is for other messages", "guides are for other messages"),
        (len(found.of("words")), "guide says the same in other words", "guides say the same in other words"),
        (titles, "guide has another title", "guides have another title"),
    ]
    told = [count(*each) for each in numbers if each[0]]
    same = sum(each.is_same for each in found.guides)
    if not told:
        return f"Nothing changes for customers: all {len(found.guides)} guides are the same."
    return f"{'; '.join(told)}. {same} of {len(found.guides)} guides are the same."


def _guide(change: GuideChange) -> Iterator[str]:
    if change.kind == "same" and not (change.messages or change.header):
        return
    head = _HEADS[change.kind]
    if change.kind == "same":
        head = "is for other messages" if change.messages and not change.header else "runs at other times or for others"
    yield from (f"### “{plain(change.title)}” {head}", "")
    if change.file:
        stood = "It stood in " if change.kind == "removed" else ""
        yield from (f"{stood}{plain(change.file)}, line {change.line}", "")
    if change.kind in {"added", "removed"}:
        yield from _whole(change)
        return
    if change.kind == "unclear":
        yield from ("Its statements changed, and no made-up customer was treated otherwise. Somebody has to look.", "")
    if change.example is not None:
        yield from _customer(change.example)
    if change.texts:
        pairs = (line for before, now in change.texts for line in (f"- {_flat(before)}", f"+ {_flat(now)}"))
        yield from ("What it says:", "", "```diff", *pairs, "```", "")
    lines = [*(f"- {each}" for each in change.header)]
    if change.moved:
        lines.append(f"- it stood in {change.moved}")
    if lines:
        yield from (*(f"- {plain(line[2:])}" for line in lines), "")
    if change.statements:
        yield from ("What was edited:", "", "```diff", *map(_flat, change.statements[:_MOST_STATEMENTS]))
        if len(change.statements) > _MOST_STATEMENTS:
            yield f"  and {len(change.statements) - _MOST_STATEMENTS} more"
        yield from ("```", "")
    if change.messages:
        yield from ("Messages that mean it:", "", "```diff", *map(_flat, change.messages), "```", "")


def _whole(change: GuideChange) -> Iterator[str]:
    """A guide that only one side has: what it is for and what it may do."""
    if change.messages:
        more = len(change.messages) - _MOST_MESSAGES
        shown = ", ".join(plain(each[2:]) for each in change.messages[:_MOST_MESSAGES])
        yield from (f"For messages such as {shown}{f' and {more} more' if more > 0 else ''}.", "")
    doing = [
        each[2:]
        for each in change.statements
        if each[2:].startswith(("do ", "hand over", "refuse", "confirm", "go to"))
    ]
    if doing:
        yield from (f"It may {plain(', '.join(doing[:_MOST_STATEMENTS]))}.", "")


def _customer(example: Difference) -> Iterator[str]:
    """What a made-up customer hears before and now; what both hear is told once, look-ups only where they differ."""
    given = ", ".join(f"`{_flat(name)}` is `{_flat(value)}`" for name, value in example.given)
    yield from (f"A customer for whom {given}:" if given else "Any ordinary customer, such as this one:", "", "```diff")
    sides = [[line for line in side if not line.startswith("looks up ")] for side in (example.before, example.now)]
    if sides[0] == sides[1]:
        sides = [list(example.before), list(example.now)]
    yield from _beside(*sides)
    yield from ("```", "")


def _beside(before: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    for told, a, b, x, y in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if told == "equal":
            yield from (f"  {_flat(line)}" for line in before[a:b])
            continue
        yield from (f"- {_flat(line)}" for line in before[a:b])
        yield from (f"+ {_flat(line)}" for line in now[x:y])


def _titles(guides: Iterable[GuideChange]) -> Iterator[str]:
    renamed = [each for each in guides if each.before]
    if renamed:
        yield from ("### Other titles", "")
        yield from (f"- “{plain(each.before)}” is now “{plain(each.title)}”" for each in renamed)
        yield ""


def _conversations(played: Replay) -> Iterator[str]:
    yield from ("### Past conversations", "", replayed(played), "")
    if played.groups():
        yield from ("| conversations | before | now |", "|---|---|---|")
        yield from (f"| {count} | {plain(before)} | {plain(now)} |" for (before, now), count in played.groups()[:20])
        yield ""
    if unread := left_out(played):
        yield from (plain(unread[0]), "", *(f"- {plain(line)}" for line in unread[1:]), "")


def _listed(titles: Iterable[str]) -> str:
    return ", ".join(f"“{plain(each)}”" for each in titles)


def _flat(text: str) -> str:
    return " ".join(text.replace("`", "'").split())
