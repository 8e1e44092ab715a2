"""Text of others in one line of a note: nothing in it breaks a line, marks up or gives away what must not be passed on."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from convagent.privacy.cards import account_places, card_places
from convagent.privacy.secrets import SAID_SECRETS

__all__ = ["in_short", "masked", "one_line", "shortened", "without_secrets"]

_MARKS: Final = str.maketrans(
    {
        "<": "‹", ">": "›", "[": "(", "]": ")", "`": "’", "*": "∗", "~": "∼", "|": "¦", "\\": "⧵",
        "“": "’", "”": "’", "„": "’", "‟": "’", "«": "’", "»": "’", '"': "’",
    }
)  # fmt: skip
"""Marks that a helpdesk may take for markup, and quotes that would end ours; each becomes a look-alike."""

_CODE = re.compile(
    r"(\b(?:cvc2?|cvv2?|csc|security code|prüfnummer|prüfziffer|sicherheitscode|cryptogramme|code de sécurité)"
    r"[^0-9]{0,12})(\d{3,4})\b",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"(\b(?:password|passwort|kennwort|mot de passe|passcode|pin(?: code)?)(?: (?:is|was|ist|lautet|war|est|était))?[:= ]+)"
    r"(?!(?:is|was|ist|est|reset|link|and|or|und|oder|et|vergessen|forgotten)\b)([^\s,;]*[\d!$%&@#+=?][^\s,;]*)",
    re.IGNORECASE,
)
_SAID_PASSWORD = re.compile(
    r"(\b(?:password is|passwort ist|passwort lautet|kennwort ist|mot de passe est)[: ]+)(\S{4,})", re.IGNORECASE
)
_CODE = re.compile(r"\b(?=\w*\d)\w{4,10}\b")
_ORDER_NUMBER = re.compile(r"#[A-Za-z]{0,6}-?\d[\w-]{0,20}")
_MASK: Final = "•"
_READ: Final = 4000
"""Characters of a text that are looked at for one line."""
_MOST_NUMBERS: Final = 3


def one_line(text: str) -> str:
    """The text on one line, as plain text: no control or formatting characters, no markup, numbers of cards masked.

    Letters, digits and most punctuation stay as they are, `#1042` and e-mail addresses among them.
    """
    # what is printable ASCII has neither control nor formatting characters
    plain = text if text.isascii() and text.isprintable() else "".join(_plain(char) for char in text)
    return masked(" ".join(plain.split())).translate(_MARKS)


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cc", "Cs", "Zl", "Zp", "Zs"}:
        return " "
    return "" if category in {"Cf", "Co"} else char


def masked(text: str) -> str:
    """The text with what is nobody's business hidden: payment cards, their security codes, bank accounts, passwords.

    Cards are runs of 13 to 19 digits, in one piece or in groups, that pass the Luhn check (ISO/IEC 7812-1); accounts are
    IBANs that pass their check (ISO 13616: the remainder by 97 is 1). The last four characters stay, so that a person
    can ask about the right one.
    """
    hidden = text
    if places := [*account_places(text), *card_places(text)]:
        characters = list(text)
        for start, end in places:
            for place in [place for place in range(start, end) if text[place].isalnum()][:-4]:
                characters[place] = _MASK
        hidden = "".join(characters)
    for pattern in SAID_SECRETS:
        hidden = pattern.sub(lambda found: found[1] + _MASK * len(found[2]), hidden)
    return hidden


def without_secrets(text: str, *, after_one_was_asked: bool) -> str:
    """A customer's message without a one-time code, where one was asked for just before: every word with digits."""
    return _CODE.sub(_MASK * 3, text) if after_one_was_asked else text


def in_short(text: str, limit: int) -> str:
    """A text of others as part of a note's line: `one_line`, then `shortened` to `limit` characters, at least 20."""
    if len(text) > _READ:
        text = text[:_READ].rstrip("0123456789 -.")  # half a card's number would not be known for one
    return shortened(one_line(text), limit)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word; order numbers such as #1042 that would be lost are put at the end.

    Args:
        text: One line.
        limit: At least 20.
    """
    if len(text) <= limit:
        return text
    numbers = list(dict.fromkeys(_ORDER_NUMBER.findall(text)))
    tail = ""
    for _ in numbers[:_MOST_NUMBERS]:
        kept = _cut(text, limit - len(tail))
        lost = set(numbers) - set(_ORDER_NUMBER.findall(kept))
        longer = "".join(f" {number}" for number in [number for number in numbers if number in lost][:_MOST_NUMBERS])
        if longer == tail or len(longer) > limit // 2:
            break
        tail = longer
    return _cut(text, limit - len(tail)) + tail


def _cut(text: str, limit: int) -> str:
    """The text cut at a word, with an ellipsis; within a word that has no space in its later half."""
    room = limit - 1
    space = text.rfind(" ", 0, room + 1)
    end = space if space >= room // 2 else room
    return text[:end].rstrip(" ,;:.-–") + "…"
