"""Where a customer can be reached, read from what they write while they wait: e-mail addresses and phone numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from convagent.facts import Customer
from convagent.handover.redact import masked

__all__ = ["contact_in", "is_reachable", "mail_in"]

_READ: Final = 2000
_MOST: Final = 3
_MAIL: Final = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE: Final = re.compile(r"(?<![\w#•])\+?\(?\d(?:[ ()/.\-]{0,2}\d){6,14}(?![\w•])")
_DATE: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_FEWEST_DIGITS: Final = 7


def contact_in(text: str) -> tuple[str, ...]:
    """E-mail addresses and phone numbers in a text, in their order, at most three.

    A phone number has 7 to 15 digits (ITU-T E.164) and begins with + or 0 or stands in brackets; dates, order numbers and
    the numbers of payment cards are none.

    Args:
        text: What the customer wrote; the first 2,000 characters are read.
    """
    plain = masked(text[:_READ])
    found = [(match.start(), match.group()) for match in _MAIL.finditer(plain)]
    for match in _PHONE.finditer(_MAIL.sub(lambda mail: " " * len(mail.group()), plain)):
        number = match.group().strip()
        digits = sum(char.isdigit() for char in number)
        if digits >= _FEWEST_DIGITS and number[0] in "+0(" and not _DATE.fullmatch(number):
            found.append((match.start(), number))
    return tuple(dict.fromkeys(text for _, text in sorted(found)))[:_MOST]


def mail_in(text: str) -> tuple[str, ...]:
    """E-mail addresses in a text, in their order; the first 2,000 characters are read."""
    return tuple(dict.fromkeys(_MAIL.findall(text[:_READ])))[:_MOST]


def is_reachable(known: Mapping[str, object], *, channel: str) -> bool:
    """Whether the team can reach the customer outside of the conversation: by mail, or by an address or number known."""
    if channel == "email":
        return True
    customer = known.get("customer")
    if isinstance(customer, Customer) and (customer.email or customer.phone):
        return True
    return any(isinstance(known.get(name), str) and known.get(name) for name in ("email", "phone"))
