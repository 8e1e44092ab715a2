"""Amounts of money as people and spreadsheets write them: "1,299.00", "49,90 €", "EUR 12"."""

from __future__ import annotations

import re
from decimal import Decimal

from convagent.facts import Money

__all__ = ["amount_of", "amount_pattern", "currency_of", "read_amount", "read_price"]

_SIGNS = {
    "€": ("EUR",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "£": ("GBP",),
    "quid": ("GBP",),
    "pound": ("GBP",),
    "pounds": ("GBP",),
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN"),
    "dollar": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD"),
    "dollars": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD"),
    "bucks": ("USD", "AUD", "CAD"),
    "¥": ("JPY", "CNY"),
    "yen": ("JPY",),
    "franken": ("CHF",),
    "francs": ("CHF",),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "₹": ("INR",),
}
_CODES = "EUR USD GBP CHF SEK NOK DKK ISK PLN CZK HUF RON BGN AUD CAD NZD SGD HKD JPY CNY INR MXN BRL ZAR TRY KWD"

_NUMBER = (
    r"[0-9]{1,3}(?:[,.'’\u00a0\u202f][0-9]{3})+(?:[.,][0-9]{1,2})?(?![0-9])"
    r"|[0-9]{1,9}(?:[.,][0-9]{1,2}(?![0-9]))?"
)
_WORDS = "|".join(sorted([*_CODES.split(), *(sign for sign in _SIGNS if sign[0].isalpha())], key=len, reverse=True))
_MARK = rf"(?:[€£$¥₹]|(?<![^\W\d_])(?:{_WORDS})(?![^\W\d_]))"


def amount_pattern(prefix: str = "") -> str:
    """A regular expression for one amount with its currency before or after it.

    Args:
        prefix: Put before the names of its groups `before`, `number` and `after`, so that two amounts fit in one
            expression.
    """
    return (
        rf"(?:(?P<{prefix}before>{_MARK})\s?)?(?<![\w.,])(?P<{prefix}number>{_NUMBER})(?![0-9])"
        rf"(?:\s?(?P<{prefix}after>{_MARK}))?(?![^\W\d_])"
    )


_PRICE = re.compile(amount_pattern(), re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,10})?")


def amount_of(number: str) -> Decimal:
    """The value of a number with thousands separators and a decimal point or comma.

    A last group of one or two digits is read as decimals, groups of three as thousands, so that "1,299" is one thousand
    two hundred and ninety-nine in every language.

    Args:
        number: Digits with separators, as `amount_pattern` finds them.
    """
    tail = re.search(r"[.,]([0-9]{1,2})$", number)
    whole = number[: tail.start()] if tail else number
    return Decimal(re.sub(r"[^0-9]", "", whole) + (f".{tail[1]}" if tail else ""))


def currency_of(mark: str | None, *, default: str) -> str:
    """The currency that a sign, word or code stands for.

    Args:
        mark: Such as "€", "euros" or "EUR"; None gives `default`.
        default: The catalog's currency, kept where a sign is shared by several (a "$" in a Canadian shop is CAD).
    """
    if mark is None:
        return default
    meant = _SIGNS.get(mark.casefold(), (mark.upper(),))
    return default if default in meant else meant[0]


def read_price(text: str, *, currency: str) -> Money:
    """The price in a cell.

    Args:
        text: Such as "49.9", "1,299.00", "49,90 €".
        currency: The catalog's currency, which a sign in the cell must not contradict.

    Raises:
        ValueError: It isn't a price, or one of another currency, or finer than the currency's smallest unit.
    """
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return Money.of(Decimal(text), currency)
    found = _PRICE.fullmatch(text)
    if not found:
        raise ValueError(f"{text[:40]!r} is not a price")
    if re.fullmatch(r"[0-9]{1,3}[,.][0-9]{3}", found["number"]):
        raise ValueError(f"{text[:40]!r} can be read as thousands or as decimals")
    for mark in (found["before"], found["after"]):
        if mark and currency_of(mark, default=currency) != currency:
            raise ValueError(f"{text[:40]!r} is not in {currency}")
    return Money.of(amount_of(found["number"]), currency)


def read_amount(text: str, *, default: str) -> Money:
    """The price in a cell that may name its own currency.

    Args:
        text: Such as "15.00 USD", "49,90 €", "12".
        default: What a price without a currency is in.

    Raises:
        ValueError: It isn't a price, names two currencies, or is finer than the currency's smallest unit.
    """
    found = _PRICE.fullmatch(text.strip())
    marks = (
        {currency_of(mark, default=default) for mark in (found["before"], found["after"]) if mark} if found else set()
    )
    if len(marks) > 1:
        raise ValueError(f"{text[:40]!r} names two currencies")
    currency = next(iter(marks), default)
    if found and re.fullmatch(r"[0-9]{1,15}\.[0-9]{3,10}", found["number"]):
        raise ValueError(f"{text[:40]!r} can be read as thousands or as decimals")
    return read_price(text, currency=currency)
