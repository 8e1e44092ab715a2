"""The lines between a guide's title and its statements: what starts it, for whom, how often."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, cast

from convagent.guidance.language import syntax as sx
from convagent.guidance.language.items import Item, RawGuide
from convagent.guidance.language.judgements import judgement_key
from convagent.guidance.language.line_faults import HEADER_WORDS, RESERVED, STATEMENT_WORDS, header_word, suggest
from convagent.guidance.language.quotes import quoted_parts
from convagent.guidance.language.slips import explain_stray_line

if TYPE_CHECKING:
    from convagent.guidance.language.guide_reader import GuideReader

__all__ = ["read_header"]

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}

_EXAMPLES = {
    "safeguard": "Write `Safeguard` or `Safeguard each time`, alone on its line.",
    "gives": "Write what the guide gives, one name: `Gives customer`.",
    "when": "Write `When the customer asks to return something:`, examples as bullets below.",
    "it seems": 'Write `It seems "the customer is in a hurry":`, examples as bullets below.',
    "on": "Write the event, and how long it lasts: `On product_viewed for 45 seconds`.",
    "only for": 'Write a condition: `Only for channel is "chat"`.',
    "at most": "Write `At most once a day`, `At most twice a week`, `At most 3 times a month` …",
    "after": 'Write the titles of guides: `After "Return items"`.',
}


def read_header(guides: GuideReader, raw: RawGuide) -> dict[str, Any]:
    """The header's parts by their field of `Guide`."""
    parts: dict[str, Any] = {}
    seen: set[str] = set()
    for item in raw.header:
        if guides.note(item):
            continue
        word = header_word(item.text)
        if word is None:
            _unknown(guides, item)
            continue
        if word in seen and word != "it seems":
            guides.find("G127", f"`{word.capitalize()}` stands twice", item, remedy="Keep one of the lines.")
        seen.add(word)
        if item.broken:
            continue
        pattern, read = _READERS[word]
        found = re.match(pattern, re.sub(r"\s", " ", item.text), re.IGNORECASE | re.ASCII)
        if found is None:
            guides.find("G126", f"this `{word.capitalize()}` line is not understood", item, remedy=_EXAMPLES[word])
        elif word == "it seems":
            parts["judgements"] = _judged(guides, item, parts.get("judgements", ()))
        else:
            parts.update(read(guides, item, found))
        if word not in {"when", "it seems"}:
            _no_children(guides, item)
    return parts


def _no_children(guides: GuideReader, item: Item) -> None:
    for child in item.children:
        if guides.note(child):
            continue
        first = re.match(r"[A-Za-z]*", child.text)
        statement = first is not None and first[0].lower() in {word.split()[0] for word in STATEMENT_WORDS}
        guides.find(
            "G125", "a bullet that belongs to no `When`", child,
            remedy=f"Number it: `1. {child.text[:60]}`." if statement else "Examples stand below a `When` line.",
        )  # fmt: skip


def _unknown(guides: GuideReader, item: Item) -> None:
    words = item.text.split()
    first = words[0].lower().rstrip(":")
    meant = suggest(" ".join(words[:2]).lower(), HEADER_WORDS, cutoff=75) or suggest(first, HEADER_WORDS, cutoff=75)
    message, remedy = explain_stray_line(item.text)
    if meant is not None:
        guides.find(
            "G126", f"`{words[0]}` begins no line of a guide", item, remedy=f"Did you mean `{meant.capitalize()}`?"
        )
    elif message != "a line that is no statement":
        guides.find("G126", message, item, remedy=remedy)
    else:
        guides.find(
            "G126", "a line that says nothing the language knows", item,
            remedy="Below the title stand Safeguard, Gives, When, On, Only for, At most, After and `Note: …` for remarks; "
            "a line that goes on with the one above is indented.",
        )  # fmt: skip


def _safeguard(_guides: GuideReader, _item: Item, found: re.Match[str]) -> dict[str, Any]:
    return {"safeguard": True, "each_time": found[1] is not None}


def _gives(guides: GuideReader, item: Item, found: re.Match[str]) -> dict[str, Any]:
    if found[1].lower() in RESERVED:
        guides.find(
            "G129", f"`{found[1]}` is a word of the language and can't be a name", item, start=found.start(1),
            end=found.end(1), remedy="Choose another name.",
        )  # fmt: skip
    return {"gives": found[1]}


def _when(guides: GuideReader, item: Item, found: re.Match[str]) -> dict[str, Any]:
    text = " ".join(found[1].split()).rstrip(": ")
    examples = _examples(guides, item)
    judgement = text.lower().startswith("it seems")
    if judgement:
        start = item.text.lower().find("seems") + len("seems")
        quoted = _quoted(guides, item, start, item.text[start:].rstrip(": "), "`When it seems`")
        text = quoted or ""
    elif not text:
        guides.find("G126", "`When` without a description", item, remedy=_EXAMPLES["when"])
    return {"when": sx.When(text, judgement, examples, item.span())}


def _judged(guides: GuideReader, item: Item, before: tuple[sx.Judgement, ...]) -> tuple[sx.Judgement, ...]:
    """The guide's judgements with one more; a second line for one of them is a finding."""
    start = item.text.lower().find("seems") + len("seems")
    text = _quoted(guides, item, start, item.text[start:].rstrip(": "), "`It seems`")
    examples = _examples(guides, item)
    if text is None:
        return before
    if any(judgement_key(text) == judgement_key(one.text) for one in before):
        guides.find(
            "G127", "the same judgement stands twice in this guide", item, remedy="Put all examples below one of them."
        )
    elif all(child.is_note for child in item.children):
        guides.find("G126", "`It seems` without examples", item, remedy=_EXAMPLES["it seems"])
    return (*before, sx.Judgement(text, examples, item.span()))


def _quoted(guides: GuideReader, item: Item, start: int, written: str, what: str) -> str | None:
    """The text that stands in quotes, alone; None with a finding when it doesn't."""
    bare = written.strip()
    start += len(written) - len(written.lstrip())
    parts, fault = quoted_parts(bare)
    if fault is not None:
        guides.find("G130", fault.message, item, start=start + fault.start, end=start + fault.end, remedy=fault.remedy)
        return None
    if parts != ((0, len(bare)),) or not bare:
        guides.find(
            "G128", f"{what} is one text in quotes, and nothing else", item, start=start, end=start + max(1, len(bare)),
            remedy=_requoted(bare, parts),
        )  # fmt: skip
        return None
    text = " ".join(bare[1:-1].split())
    if not text:
        guides.find(
            "G128",
            f"{what} is empty",
            item,
            start=start,
            end=start + len(bare),
            remedy="Write what a customer would write.",
        )
        return None
    return text


def _requoted(written: str, parts: tuple[tuple[int, int], ...]) -> str:
    """How a text that is not one text in quotes is meant, as far as that can be told."""
    if len(parts) > 1 and parts[0][0] == 0 and parts[-1][1] == len(written):
        between = [written[end:start].strip(" ,/&") for (_, end), (start, _) in pairwise(parts)]
        if all(part in {"", "or", "and"} for part in between):
            return "Give each text a bullet of its own."
        inner = written[1:-1].replace('"', "“", 1)
        while '"' in inner:
            inner = inner.replace('"', "”", 1).replace('"', "“", 1)
        return f'Inside a text write curly quotes: "{inner[:80]}".'
    unmarked = re.sub(r"[\"“”„]", "", written).strip("' ")
    return f'Write "{unmarked[:80]}", quotes included.'


def _examples(guides: GuideReader, item: Item) -> tuple[sx.Example, ...]:
    out = []
    for child in item.children:
        if guides.note(child):
            continue
        if child.broken:
            continue
        negative = re.match(r"not\s+(?=\S)", child.text, re.IGNORECASE)
        start = negative.end() if negative else 0
        text = _quoted(guides, child, start, child.text[start:], "an example")
        guides.leaf(child)
        guides.no_quote(child)
        if text is not None:
            out.append(sx.Example(text, child.span(), negative is not None))
    return tuple(out)


def _on(_guides: GuideReader, item: Item, found: re.Match[str]) -> dict[str, Any]:
    seconds = int(found[2] or 0) * _UNITS[(found[3] or "second").lower()]
    return {"on": sx.On(found[1], seconds, item.span())}


def _only_for(guides: GuideReader, item: Item, found: re.Match[str]) -> dict[str, Any]:
    text = item.text[found.end() :].rstrip()
    if not text.strip(": "):
        guides.find("G126", "`Only for` without a condition", item, remedy=_EXAMPLES["only for"])
        return {}
    condition = guides.parse(item, "only_for", text.removesuffix(":"), found.end())
    return {} if condition is None else {"only_for": condition}


def _at_most(guides: GuideReader, item: Item, found: re.Match[str]) -> dict[str, Any]:
    times = {"once": 1, "twice": 2}.get(found[1].lower()) or int(found[2] or 0)
    if not times:
        guides.find("G126", "a guide that may never run", item, remedy="Write how often: `At most once a day`.")
    per = cast("Literal['conversation', 'day', 'week', 'month', 'year']", found[3].lower())
    return {"at_most": sx.AtMost(times, per, item.span())}


def _after(guides: GuideReader, item: Item, found: re.Match[str]) -> dict[str, Any]:
    written = item.text[found.end() :].rstrip(": ")
    parts, fault = quoted_parts(written)
    if fault is not None:
        start = found.end() + fault.start
        guides.find("G130", fault.message, item, start=start, end=start + 1, remedy=fault.remedy)
        return {}
    between = [written[end:start] for (_, end), (start, _) in pairwise([(0, 0), *parts, (len(written), 0)])]
    if not written.strip():
        guides.find("G126", "`After` names no guide", item, remedy=_EXAMPLES["after"])
        return {}
    if not parts or between[0].strip() or between[-1].strip() or any(
        part.strip() not in {",", "and", ", and"} for part in between[1:-1]
    ):  # fmt: skip
        named = [written[start + 1 : end - 1] for start, end in parts] or [written.strip("\"' ")]
        listed = ", ".join(f'"{title}"' for title in named)
        guides.find(
            "G126", "`After` names guides by their titles, in quotes", item, remedy=f"Write `After {listed[:80]}`."
        )
        return {}
    return {"after": tuple(" ".join(written[start + 1 : end - 1].split()) for start, end in parts)}


_READERS: dict[str, tuple[str, Callable[[GuideReader, Item, re.Match[str]], dict[str, Any]]]] = {
    "safeguard": (r"safeguard(\s+each\s+time)?\s*:?$", _safeguard),
    "gives": (r"gives\s+([A-Za-z_][A-Za-z0-9_]*)\s*:?$", _gives),
    "when": (r"when\b\s*:?(.*)$", _when),
    "it seems": (r"it\s+seems\b", lambda _guides, _item, _found: {}),
    "on": (r"on\s+([A-Za-z_][A-Za-z0-9_]*)(?:\s+for\s+([0-9]{1,5})\s+(second|minute|hour|day)s?)?\s*:?$", _on),
    "only for": (r"only\s+for\b:?\s*", _only_for),
    "at most": (
        r"at\s+most\s+(once|twice|([0-9]{1,4})\s+times?)\s+(?:a|an|per|in\s+a)\s+(conversation|day|week|month|year)\s*:?$",
        _at_most,
    ),
    "after": (r"after\b\s*:?\s*", _after),
}
