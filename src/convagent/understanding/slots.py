"""The details that a message gives: order numbers, addresses, money, days, sizes, products. Pure and deterministic."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from convagent.privacy.cards import card_spans
from convagent.understanding.affirmation import read_affirmation
from convagent.understanding.amounts import durations, money, numbers, percentages
from convagent.understanding.attributes import sizes
from convagent.understanding.colours import colours
from convagent.understanding.dates import dates
from convagent.understanding.identifiers import (
    bare_order_numbers,
    emails,
    links,
    named_order_numbers,
    phones,
    postcodes,
)
from convagent.understanding.quantities import quantities
from convagent.understanding.slot import Slot
from convagent.understanding.vocabulary import SlotVocabulary

__all__ = ["Slot", "SlotVocabulary", "read_slots"]

_LIMIT = 8_000


def read_slots(
    text: str,
    *,
    now: datetime,
    order_pattern: str | None = None,
    currency: str = "EUR",
    country: str | None = None,
    vocabulary: SlotVocabulary | None = None,
) -> tuple[Slot, ...]:
    """Read the details that a message gives; its first 8,000 characters are read.

    No two slots overlap: what is most surely what it seems comes first, so that the figures of an e-mail address are no
    order number, those of "€1042" are money, and the S of "Pip One S" is no size. The numbers of payment cards give none.

    Args:
        text: The message, plain text.
        now: The turn's moment in the shop's zone.
        order_pattern: Regular expression of the shop's order numbers; without one, only numbers called so are read.
        currency: ISO 4217 code of amounts without a sign.
        country: ISO 3166-1 code of the country that telephone numbers without a country code belong to.
        vocabulary: The shop's products, colours and sizes.

    Returns:
        The slots in the order of the text; a `yes_no` slot for the whole message comes last.

    Raises:
        ConvagentError: `order-pattern`, when the pattern is no regular expression.
    """
    read, words = text[:_LIMIT], vocabulary or SlotVocabulary()
    taken = bytearray(len(read))
    found: list[Slot] = []

    def take(slots: Iterable[Slot]) -> None:
        for slot in slots:
            if not any(taken[slot.start : slot.end]):
                taken[slot.start : slot.end] = b"\x01" * (slot.end - slot.start)
                found.append(slot)

    take(emails(read))
    for start, end in (*links(read), *card_spans(read)):
        taken[start:end] = b"\x01" * (end - start)
    take(money(read, currency=currency))
    take(percentages(read))
    take(named_order_numbers(read, pattern=order_pattern))
    products = list(words.find(read))
    take(slot for slot in products if _is_figured(slot))
    take(dates(read, now=now))
    take(postcodes(read))
    take(phones(read, country=country))
    take(bare_order_numbers(read, pattern=order_pattern))
    take(durations(read))
    take(products)
    take(sizes(read, known=words.sizes))
    take(quantities(read, nouns=words.nouns, starts=(slot.start for slot in products)))
    take(colours(read, known=words.colours))
    take(numbers(read))
    found.sort(key=lambda slot: (slot.start, slot.end))
    answer = read_affirmation(read)
    if answer in ("yes", "no"):
        found.append(Slot("yes_no", answer == "yes", read, 0, len(read)))
    return tuple(found)


def _is_figured(slot: Slot) -> bool:
    """Whether a product's name could be taken for a day or a number: those go before dates, if several words long."""
    return " " in slot.text.strip()
