"""The lines between a guide's title and its statements: what starts it, for whom, how often."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, cast

from convagent.guidance import syntax as sx
from convagent.guidance.layout import Item, RawGuide
from convagent.guidance.slips import suggest

if TYPE_CHECKING:
    from convagent.guidance.parse import _Guides

__all__ = ["read_header"]

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_HEADERS = ("Safeguard", "Gives", "When", "On", "Only for", "At most", "After", "Note:")
_QUOTED = re.compile(r'[“"„«]([^“”"„«»]*)[”"“»]')


def read_header(guides: _Guides, raw: RawGuide) -> dict[str, Any]:
    """The header's parts by their field of `Guide`. `notes_only` marks a guide that consists of notes."""
    parts: dict[str, Any] = {}
    for item in raw.header:
        if guides.note(item, ""):
            continue
        if item.kind != "plain":
            guides.find(
                "G125", "a bullet that belongs to no `When`", item, remedy="Put it below a line that begins with When."
            )
            continue
        for pattern, read in _READERS:
            found = re.match(pattern, item.text, re.IGNORECASE)
            if found:
                _put(guides, item, parts, read(guides, item, found))
                break
        else:
            first = " ".join(item.text.split()[:2])
            meant = suggest(first, _HEADERS, cutoff=60) or suggest(first.split()[0], _HEADERS, cutoff=60)
            guides.find(
                "G126", "a line that says nothing the language knows", item,
                remedy=(f"Did you mean `{meant}`? " if meant else "")
                + "Between the title and the statements stand Safeguard, Gives, When, On, Only for, At most, After, Note.",
            )  # fmt: skip
    if not raw.statements and raw.header and len(guides.notes) == len(raw.header):
        parts["notes_only"] = True
    return parts


def _put(guides: _Guides, item: Item, parts: dict[str, Any], read: dict[str, Any]) -> None:
    for key, value in read.items():
        if key in parts:
            guides.find("G127", f"`{key.replace('_', ' ')}` stands twice", item, remedy="Keep one of the lines.")
        parts[key] = value
    if item.children and "when" not in read:
        for child in item.children:
            if not guides.note(child, ""):
                guides.find(
                    "G125", "a bullet that belongs to no `When`", child, remedy="Examples stand below a `When` line."
                )


def _safeguard(_guides: _Guides, _item: Item, found: re.Match[str]) -> dict[str, Any]:
    return {"safeguard": True, "each_time": found[1] is not None}


def _gives(_guides: _Guides, _item: Item, found: re.Match[str]) -> dict[str, Any]:
    return {"gives": found[1]}


def _when(guides: _Guides, item: Item, found: re.Match[str]) -> dict[str, Any]:
    text = found[1].strip().rstrip(":").strip()
    if not text:
        guides.find(
            "G126", "`When` without a description", item, remedy="Write `When the customer asks to return something:`"
        )
    return {"when": sx.When(text, judgement=False, examples=_examples(guides, item), span=item.span())}


def _when_it_seems(guides: _Guides, item: Item, found: re.Match[str]) -> dict[str, Any]:
    text = " ".join(found[1].split())
    return {"when": sx.When(text, judgement=True, examples=_examples(guides, item), span=item.span())}


def _examples(guides: _Guides, item: Item) -> tuple[sx.Example, ...]:
    out = []
    for child in item.children:
        if guides.note(child, ""):
            continue
        negative = re.match(r"not\s+", child.text, re.IGNORECASE)
        rest = child.text[negative.end() :] if negative else child.text
        quoted = _QUOTED.fullmatch(rest.strip())
        if quoted is None:
            guides.find(
                "G128", "an example that is not one text in quotes", child,
                remedy=f'Write - "{rest.strip(chr(34) + " ")[:60]}", or - not "…" for what is not meant.',
            )  # fmt: skip
            continue
        if not quoted[1].strip():
            guides.find("G128", "an empty example", child, remedy="Write what a customer would write.")
            continue
        out.append(sx.Example(quoted[1].strip(), child.span(), negative is not None))
    return tuple(out)


def _on(_guides: _Guides, item: Item, found: re.Match[str]) -> dict[str, Any]:
    seconds = int(found[2] or 0) * _UNITS[(found[3] or "second").lower()]
    return {"on": sx.On(found[1], seconds, item.span())}


def _only_for(guides: _Guides, item: Item, found: re.Match[str]) -> dict[str, Any]:
    text = item.text[found.end() :].rstrip()
    condition = guides.parse(item, "only_for", text.removesuffix(":"), found.end())
    return {} if condition is None else {"only_for": condition}


def _at_most(_guides: _Guides, item: Item, found: re.Match[str]) -> dict[str, Any]:
    times = {"once": 1, "twice": 2}.get(found[1].lower()) or int(found[2])
    per = cast("Literal['conversation', 'day', 'week', 'month', 'year']", found[3].lower())
    return {"at_most": sx.AtMost(times, per, item.span())}


def _after(guides: _Guides, item: Item, found: re.Match[str]) -> dict[str, Any]:
    titles = tuple(part[1].strip() for part in _QUOTED.finditer(found[1]))
    if not titles:
        guides.find("G126", "`After` names no guide", item, remedy='Write `After "Return items"`.')
    return {"after": titles}


_READERS = (
    (r"safeguard(\s+each\s+time)?\s*:?$", _safeguard),
    (r"gives\s+([a-z_][a-z0-9_]*)\s*:?$", _gives),
    (r'when\s+it\s+seems\s+[“"„]([^“”"„]+)[”"“]\s*:?$', _when_it_seems),
    (r"when\s+(.+)$", _when),
    (r"on\s+([a-z_][a-z0-9_]*)(?:\s+for\s+(\d{1,5})\s+(second|minute|hour|day)s?)?\s*:?$", _on),
    (r"only\s+for\s+", _only_for),
    (
        r"at\s+most\s+(once|twice|(\d{1,4})\s+times)\s+(?:a|an|per|in\s+a)\s+(conversation|day|week|month|year)\s*:?$",
        _at_most,
    ),
    (r"after\s+(.+)$", _after),
)
