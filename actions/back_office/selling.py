"""What sells: a code for one use, and an appointment with somebody who knows the shelves."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from convagent.actions import ActionFailedError, AmountLimit, CallContext, Limit, action
from convagent.facts import (
    Discount,
)

from .books import Books
from .rules import DISCOUNT_DAYS, LARGEST_DISCOUNT, LEAST_DISCOUNTED_CART
from .sums import check_same

__all__ = ["Selling"]


class Selling(Books):
    """Writes that an adviser does."""

    @action(
        kind="write", confirm=False, limits=(Limit(1, within=timedelta(days=DISCOUNT_DAYS)),),
        amounts=(AmountLimit("percent", LARGEST_DISCOUNT),),
    )  # fmt: skip
    def create_discount_code(self, percent: Decimal, customer: str, context: CallContext) -> Discount:
        """Makes a discount code that works once, for this customer only, and not on sale items.

        Args:
            percent: What it takes off.
            customer: The customer's id.
        """

        def effect() -> Discount:
            check_same(customer, context)
            if not 0 < percent <= LARGEST_DISCOUNT:
                raise ActionFailedError(f"a code takes off up to {LARGEST_DISCOUNT}%, not {percent}%")
            given = self._codes.get(customer, ())
            if given and context.now - given[-1][0] < timedelta(days=DISCOUNT_DAYS):
                raise ActionFailedError(f"{customer} had a code within {DISCOUNT_DAYS} days")
            # A real shop draws the signs by lot; here the same customer gets the same ones, so that conversations come out alike.
            signs = hashlib.sha256(f"{customer} {len(given)}".encode()).hexdigest()[:6].upper()
            made = Discount(
                code=f"SAVE-{signs}", percent=percent, amount=None, minimum=LEAST_DISCOUNTED_CART, expires_at=None,
                single_use=True, status="active", created_at=context.now.isoformat(),
            )  # fmt: skip
            self._codes[customer] = (*given, (context.now, made))
            return made

        return self._once(context, effect)

    @action(kind="write", requires="anonymous", limits=(Limit(2, within=timedelta(days=1)),))
    def book_consultation(
        self, topic: Literal["product", "shade", "size", "furniture"], contact: str, context: CallContext
    ) -> str:
        """Asks the advice team to call or write about a product, a shade, a size or where furniture fits.

        Args:
            topic: What it is about.
            contact: An e-mail address or a telephone number.
        """

        def effect() -> str:
            reached = contact.strip()
            digits = sum(char.isdigit() for char in reached)
            by_mail = reached.count("@") == 1 and all(reached.split("@")) and not any(map(str.isspace, reached))
            by_phone = digits >= 6 and all(char.isdigit() or char in "+-/() ." for char in reached)
            if len(reached) > 100 or not (by_mail or by_phone):
                raise ActionFailedError("this is neither an e-mail address nor a telephone number")
            booked = (topic, reached.casefold())
            if booked not in self._consultations:
                self._consultations.append(booked)
            return reached

        return self._once(context, effect)
