"""Subscriptions: skipped, paused, resumed, changed, ended."""

from __future__ import annotations

from datetime import date, timedelta

from convagent.actions import ActionFailedError, CallContext, action
from convagent.facts import (
    Subscription,
)

from .books import Books
from .days import today_of

__all__ = ["Subscriptions"]


class Subscriptions(Books):
    """Writes on subscriptions."""

    @action(kind="write", own={"subscription": "subscriptions"})
    def skip_delivery(self, subscription: str, context: CallContext) -> Subscription:
        """Leaves out the next delivery that can still be stopped.

        Args:
            subscription: The subscription's id.
        """

        def effect() -> Subscription:
            found = self._running(subscription, "active")
            dates = self._dates(found, today_of(context))
            if dates.late:
                return self._keep(found, skipped=dates.left_out)
            return self._keep(found, next_charge_on=dates.then)

        return self._once(context, effect)

    @action(kind="write", own={"subscription": "subscriptions"})
    def pause_subscription(self, subscription: str, months: int, context: CallContext) -> Subscription:
        """Sends nothing for one to three months; then it resumes by itself.

        Args:
            subscription: The subscription's id.
            months: How many, 1 to 3.
        """

        def effect() -> Subscription:
            found = self._running(subscription, "active")
            until = self._pause_ends(found, months, today_of(context))
            if self._dates(found, today_of(context)).late:
                return self._keep(found, paused_until=until)
            return self._keep(found, status="paused", paused_until=until, next_charge_on=until)

        return self._once(context, effect)

    @action(kind="write", own={"subscription": "subscriptions"})
    def resume_subscription(self, subscription: str, day: date, context: CallContext) -> Subscription:
        """Ends a pause early.

        Args:
            subscription: The subscription's id.
            day: The next charge, tomorrow at the earliest.
        """

        def effect() -> Subscription:
            found = self._running(subscription, "paused")
            if not today_of(context) < day <= today_of(context) + timedelta(weeks=26):
                raise ActionFailedError("the next charge is tomorrow at the earliest")
            return self._keep(found, status="active", paused_until=None, next_charge_on=day)

        return self._once(context, effect)

    @action(kind="write", own={"subscription": "subscriptions"})
    def cancel_subscription(self, subscription: str, context: CallContext) -> Subscription:
        """Ends a subscription; a charge less than 2 days away still happens.

        Args:
            subscription: The subscription's id.
        """

        def effect() -> Subscription:
            found = self._subscription(subscription)
            if found.status == "cancelled":
                raise ActionFailedError(f"{subscription} has ended already")
            late = found.status == "active" and self._dates(found, today_of(context)).late
            last = found.next_charge_on if late else None
            return self._keep(
                found, status="cancelled", cancelled_at=context.now, next_charge_on=last, paused_until=None
            )

        return self._once(context, effect)

    @action(kind="write", own={"subscription": "subscriptions"})
    def change_subscription_interval(self, subscription: str, weeks: int, context: CallContext) -> Subscription:
        """Changes how often a subscription comes, from the delivery after the next charge on.

        Args:
            subscription: The subscription's id.
            weeks: Between two deliveries: 4, 6 or 8.
        """

        def effect() -> Subscription:
            found = self._subscription(subscription)
            if found.status == "cancelled" or weeks not in {4, 6, 8}:
                raise ActionFailedError(f"{subscription} can't come every {weeks} weeks")
            return self._keep(found, every_weeks=weeks)

        return self._once(context, effect)
