"""Who writes, and what they have."""

from __future__ import annotations

from convagent.actions import CallContext, action
from convagent.facts import (
    Customer,
    LoyaltyAccount,
    Order,
    Subscription,
)

from .books import Books
from .sums import check_same, placed_on, plain

__all__ = ["Accounts"]


class Accounts(Books):
    """Look-ups of the customer and of what is theirs."""

    @action(kind="lookup", proves=True)
    def find_customer(
        self, email: str, order_number: str | None = None, postcode: str | None = None
    ) -> Customer | None:
        """The customer with this e-mail address, when an order number or a postcode of theirs goes with it.

        Which part was wrong is never told.

        Args:
            email: The e-mail address they order with.
            order_number: One of their orders.
            postcode: Of their address, or of one of their orders.
        """
        with self._lock:
            customer = self._by_email(email)
            if customer is None:
                return None
            own = [order for order in self._orders.values() if order.customer_id == customer.id]
            codes = {plain(place.postcode) for place in (customer.address, *(o.address for o in own)) if place}
            by_order = order_number is not None and any(plain(order.id) == plain(order_number) for order in own)
            by_postcode = bool(plain(postcode)) and plain(postcode) in codes
            return customer.model_copy(update={"verification": "verified"}) if by_order or by_postcode else None

    @action(kind="lookup", proves=True, requires="verified")
    def account_of(self, email: str, context: CallContext) -> Customer | None:
        """The account of a customer whom the caller has verified, by their e-mail address.

        Args:
            email: The verified customer's own.
        """
        with self._lock:
            known = context.customer.email if context.customer is not None else None
            customer = self._by_email(email) if plain(known) == plain(email) else None
            return None if customer is None else customer.model_copy(update={"verification": "verified"})

    def _by_email(self, email: str) -> Customer | None:
        wanted = email.strip().casefold()
        return next((c for c in self._customers.values() if c.email and c.email.casefold() == wanted), None)

    @action(kind="lookup", requires="verified", provides="Customer.orders")
    def orders_of(self, customer: str, context: CallContext) -> tuple[Order, ...]:
        """A customer's orders, the latest first.

        Args:
            customer: The customer's id.
        """
        with self._lock:
            check_same(customer, context)
            return tuple(
                sorted((o for o in self._orders.values() if o.customer_id == customer), key=placed_on, reverse=True)
            )

    @action(kind="lookup", requires="verified", provides="Customer.subscriptions")
    def subscriptions_of(self, customer: str, context: CallContext) -> tuple[Subscription, ...]:
        """A customer's subscriptions, cancelled ones too.

        Args:
            customer: The customer's id.
        """
        with self._lock:
            check_same(customer, context)
            return tuple(s for s in self._subscriptions.values() if s.customer_id == customer)

    @action(kind="lookup", requires="verified", provides="Customer.loyalty")
    def loyalty_of(self, customer: str, context: CallContext) -> LoyaltyAccount:
        """A customer's Feathers and level.

        Args:
            customer: The customer's id.
        """
        with self._lock:
            check_same(customer, context)
            return self._customers[customer].loyalty or LoyaltyAccount(points=0, level="Nest", expiring_points=None)

    @action(kind="lookup", requires="verified", own={"order_number": "orders"})
    def order_by_number(self, order_number: str) -> Order | None:
        """One of the customer's own orders.

        Args:
            order_number: As it stands in the e-mails: #1042.
        """
        with self._lock:
            return self._orders.get(order_number)
