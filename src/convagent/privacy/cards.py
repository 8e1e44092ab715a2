"""Payment cards and bank accounts: where their numbers stand in a text, and whether one is there at all.

What is masked for people's eyes is found widely (`card_places`); whether a message is about a card, which changes where it
goes, is told by the issuers' own digits (`holds_card_data`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from convagent.privacy.check_digits import passes_97, passes_luhn

__all__ = ["account_places", "card_places", "card_spans", "has_issuer", "holds_account_number", "holds_card_data"]

_CARD_LENGTHS: Final = range(13, 20)
_DIGITS = re.compile(r"\d+")
_BETWEEN_GROUPS: Final = re.compile(r"[ .\-‐‑‒–—_/·•,:;]{1,3}")
_ENOUGH_FIGURES = re.compile(r"\d(?:[ .\-‐‑‒–—_/·•,:;]{0,3}\d){12}")
_DIGIT_GROUPS = re.compile(r"(?<![\w#])\d(?:[ \-.\u00a0]?\d){12,18}(?!\w)")
# Issuers' first digits and lengths (ISO/IEC 7812): Visa, Mastercard, American Express, Diners, Discover, JCB, Maestro.
_ISSUERS = re.compile(
    r"4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14}|(?:5[06789]|6\d)\d{14}(?:\d{2,3})?"
)
_CHECK_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|csc|security (?:code|number)|prüfziffer|prüfnummer|kartenprüfnummer|cryptogramme)\b\D{0,15}\b\d{3,4}\b",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", re.IGNORECASE)
_SHORTEST_IBAN: Final = 15  # Norway's


def card_places(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers may stand: groups of digits in a row, with at most a few separators between, that pass together.

    Places may overlap: every run of 13 to 19 figures that passes is one.
    """
    if _ENOUGH_FIGURES.search(text) is None:
        return
    groups = [found.span() for found in _DIGITS.finditer(text)]
    for first, (start, _) in enumerate(groups):
        digits, end = "", start
        for group_start, group_end in groups[first:]:
            if digits and not _BETWEEN_GROUPS.fullmatch(text, end, group_start):
                break
            digits += text[group_start:group_end]
            end = group_end
            if len(digits) > _CARD_LENGTHS[-1]:
                break
            if len(digits) in _CARD_LENGTHS and passes_luhn(digits):
                yield start, end


def card_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of payment cards stand: nothing inside them is a detail of its own.

    Any run of 13 to 19 figures with a right check digit counts, whoever may have issued it.
    """
    for found in _DIGIT_GROUPS.finditer(text):
        if passes_luhn("".join(str(unicodedata.digit(char)) for char in found.group() if char.isdigit())):
            yield found.span()


def has_issuer(digits: str) -> bool:
    """Whether figures have the length and the first digits of an issuer of payment cards (ISO/IEC 7812)."""
    return _ISSUERS.fullmatch(digits) is not None


def holds_card_data(text: str) -> bool:
    """Whether a text holds a card number with a right check digit, or a card's security code.

    Args:
        text: Any text; digits of all scripts are read.

    Returns:
        True when one is there. Order and tracking numbers fail by the issuer's digits, the length or the check digit
        (Luhn, ISO/IEC 7812-1 annex B), save for one in ten of those with 16 figures that begin as cards do.
    """
    plain = unicodedata.normalize("NFKC", text)
    if _CHECK_CODE.search(plain):
        return True
    for found in _DIGIT_GROUPS.finditer(plain):
        digits = re.sub(r"\D", "", found.group())
        if _ISSUERS.fullmatch(digits) and passes_luhn(digits):
            return True
    return False


def account_places(text: str) -> Iterator[tuple[int, int]]:
    """Where IBANs stand; a word after one may look like its last group, so shorter ends are tried too."""
    for found in _IBAN.finditer(text):
        start, last = found.span()
        for end in range(last, start + _SHORTEST_IBAN - 1, -1):
            at_a_boundary = end == last or not text[end].isalnum()
            if at_a_boundary and text[end - 1].isalnum() and passes_97(text[start:end]):
                yield start, end
                break


def holds_account_number(text: str) -> bool:
    """Whether a text holds an IBAN with right check digits (ISO 13616: the remainder by 97 is 1).

    Args:
        text: Any text; a word behind the number is not taken for its last group.
    """
    for found in _IBAN.finditer(unicodedata.normalize("NFKC", text)):
        compact = found.group().replace(" ", "").upper()
        if any(passes_97(compact[:end]) for end in range(len(compact), _SHORTEST_IBAN - 1, -1)):
            return True
    return False
