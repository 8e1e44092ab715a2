"""Whether a text holds the data of a payment card or bank account, which must go into no log and no ticket."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["card_spans", "holds_account_number", "holds_card_data"]

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

_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", re.IGNORECASE | re.ASCII)
_SHORTEST_IBAN = 15  # Norway's


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
        if _ISSUERS.fullmatch(digits) and _luhn(digits):
            return True
    return False


def card_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of payment cards stand: nothing inside them is a detail of its own.

    Any run of 13 to 19 figures with a right check digit counts, whoever may have issued it.
    """
    for found in _DIGIT_GROUPS.finditer(text):
        if _luhn("".join(str(unicodedata.digit(char)) for char in found.group() if char.isdigit())):
            yield found.span()


def holds_account_number(text: str) -> bool:
    """Whether a text holds an IBAN with right check digits (ISO 13616: the remainder by 97 is 1).

    Args:
        text: Any text; a word behind the number is not taken for its last group.
    """
    for found in _IBAN.finditer(unicodedata.normalize("NFKC", text)):
        compact = found.group().replace(" ", "").upper()
        if any(_passes_97(compact[:end]) for end in range(len(compact), _SHORTEST_IBAN - 1, -1)):
            return True
    return False


def _passes_97(account: str) -> bool:
    return int("".join(str(int(char, 36)) for char in account[4:] + account[:4])) % 97 == 1


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
