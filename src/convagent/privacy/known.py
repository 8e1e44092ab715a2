"""What the shop knows of a customer, as patterns that find it in texts: names, e-mail, telephone, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from convagent.facts import Address
from convagent.privacy.found import Kind
from convagent.privacy.names import COMMON_WORDS

__all__ = ["known_patterns", "personal_values"]

_DEEPEST = 8
_MOST = 400
_FIGURES = re.compile(r"\d{1,6}")
_CONTACTS: Mapping[str, Kind] = {"email": "EMAIL", "phone": "PHONE"}


def personal_values(*roots: Any) -> tuple[tuple[Kind, str], ...]:
    """What facts say of people: e-mail addresses, telephone numbers, names, streets and postcodes, each once.

    Args:
        roots: Facts, such as a customer, an order, or a mapping of them; anything else is passed over.
    """
    return tuple(dict.fromkeys(_values(roots, 0)))[:_MOST]


def known_patterns(values: Iterable[tuple[Kind, str]]) -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """Patterns that find known values as people write them: other blanks, and but for single names in other case.

    A single name that is a word besides (Will, Rose, Klein) is found with the other name alone; a postcode of up to six
    figures is not looked for, since orders have such numbers.
    """
    exact: list[str] = []
    free: dict[Kind, list[str]] = {}
    for kind, value in values:
        words = value.split()
        if not words or (kind == "ADDRESS" and _FIGURES.fullmatch(value.strip())):
            continue
        pattern = r"[\s,.]{1,3}".join(re.escape(word.strip(",.")) or re.escape(word) for word in words)
        if kind == "PHONE":
            digits = [char for char in value if char.isascii() and char.isdigit()]
            if len(digits) < 6:
                continue
            pattern = r"\+?" + r"[ ./()\-]{0,3}".join(digits)
        if kind == "NAME" and len(words) == 1:
            if len(value.strip()) > 1 and words[0].capitalize() not in COMMON_WORDS:
                exact += [re.escape(form) for form in dict.fromkeys((words[0], words[0].upper(), words[0].title()))]
        else:
            free.setdefault(kind, []).append(pattern)
    out: list[tuple[Kind, re.Pattern[str]]] = [(kind, _any(each, re.IGNORECASE)) for kind, each in free.items()]
    return (*out, ("NAME", _any(exact, 0))) if exact else tuple(out)


def _any(patterns: list[str], flags: int) -> re.Pattern[str]:
    longest_first = sorted(set(patterns), key=lambda each: (-len(each), each))
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", flags)


def _values(value: Any, depth: int) -> Iterator[tuple[Kind, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Address):
        yield from _of_address(value)
    if isinstance(value, BaseModel):
        value = {name: getattr(value, name, None) for name in type(value).model_fields} | (value.model_extra or {})
    if isinstance(value, Mapping):
        yield from _names(value.get("first_name"), value.get("last_name"))
        for name, part in value.items():
            kind = _CONTACTS.get(name) if isinstance(name, str) else None
            if kind is not None and isinstance(part, str) and part.strip():
                yield kind, part.strip()
            elif isinstance(part, (BaseModel, Mapping, list, tuple)):
                yield from _values(part, depth + 1)
    elif isinstance(value, (list, tuple)):
        for part in value:
            if isinstance(part, (BaseModel, Mapping, list, tuple)):
                yield from _values(part, depth + 1)


def _names(first: Any, last: Any) -> Iterator[tuple[Kind, str]]:
    given = [name.strip() for name in (first, last) if isinstance(name, str) and name.strip()]
    if len(given) == 2:
        yield "NAME", " ".join(given)
        yield "NAME", f"{given[1]}, {given[0]}"
    for name in given:
        yield "NAME", name


def _of_address(address: Address) -> Iterator[tuple[Kind, str]]:
    if address.name and address.name.strip():
        yield "NAME", address.name.strip()
    for line in (address.line1, address.line2, address.postcode):
        if line and len(line.strip()) > 2:
            yield "ADDRESS", line.strip()
    if address.postcode and address.city:
        yield "ADDRESS", f"{address.postcode.strip()} {address.city.strip()}"
        yield "ADDRESS", f"{address.city.strip()} {address.postcode.strip()}"
