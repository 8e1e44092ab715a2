"""The demo shop's look-ups and actions: they do what they say, and refuse what the shop's rules don't allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from convagent.actions import ActionFailedError, ActionRegistry, CallContext, call_action
from convagent.facts import Address, Customer, Money, Order

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 6, 16, 10, 30, tzinfo=ZoneInfo("Europe/Dublin"))


@cache
def first() -> Any:
    """The back office as the shop opens it; never written to."""
    registry = ActionRegistry.from_files(
        [ROOT / "actions" / "back_office" / "__init__.py"], arguments={"shop_folder": ROOT}
    )
    spec = registry.get("find_customer")
    assert spec is not None
    return spec.function.__self__  # type: ignore[attr-defined]


@pytest.fixture
def office() -> Any:
    """A back office of the test's own, over the same records."""
    opened = first()
    return type(opened)(
        customers=opened._customers.values(), orders=opened._orders.values(), subscriptions=opened._subscriptions.values(),
        returns=(), catalog=opened._catalog, products=opened._products,
    )  # fmt: skip


def of(office: Any, first_name: str) -> CallContext:
    """A turn of the customer of that name, verified."""
    customer = next(c for c in office._customers.values() if c.first_name == first_name)
    return CallContext("c-1", customer.model_copy(update={"verification": "verified"}), NOW, confirmed=True)


def order(office: Any, context: CallContext, fits: Callable[[Order], bool]) -> Order:
    """The customer's first order that fits."""
    assert context.customer is not None
    orders: tuple[Order, ...] = office.orders_of(context.customer.id, context)
    return next(found for found in orders if fits(found))


def some_order(office: Any, fits: Callable[[Order], bool]) -> tuple[Order, CallContext]:
    """The first order of all that fits, with a turn of its customer."""
    found = next(o for o in office._orders.values() if fits(o))
    owner = office._customers[found.customer_id].model_copy(update={"verification": "verified"})
    return found, CallContext("c-1", owner, NOW, confirmed=True)


def again(office: Any, found: Order) -> Order:
    result: Order = office._orders[found.id]
    return result


# ---- who writes
def test_a_customer_is_proven_by_email_and_order_number(office: Any) -> None:
    found = office.find_customer("Ada@Example.com", order_number="1042")
    assert found.first_name == "Ada"
    assert found.verification == "verified"


def test_a_customer_is_proven_by_email_and_postcode(office: Any) -> None:
    assert office.find_customer("ada@example.com", postcode="t12bg07").first_name == "Ada"


@pytest.mark.parametrize(
    ("email", "number", "postcode"),
    [
        ("ada@example.com", None, None),
        ("ada@example.com", "#1101", None),
        ("ada@example.com", "", ""),
        ("ada@example.com", None, "V94 GB21"),
        ("nobody@example.com", "#1042", "T12 BG07"),
    ],
)
def test_nobody_is_found_when_a_part_does_not_fit(
    office: Any, email: str, number: str | None, postcode: str | None
) -> None:
    assert office.find_customer(email, number, postcode) is None


def test_a_signed_in_customer_gets_their_own_account_only(office: Any) -> None:
    ada = of(office, "Ada")
    assert office.account_of("ada@example.com", ada).id == "C-1001"
    assert office.account_of("bruno@example.com", ada) is None


def test_orders_of_others_are_not_shown(office: Any) -> None:
    with pytest.raises(ActionFailedError):
        office.orders_of("C-1002", of(office, "Ada"))


def test_what_the_shop_does_not_hold_is_absent_and_not_unknown(office: Any) -> None:
    found = order(office, of(office, "Ada"), lambda o: o.status == "pending")
    assert found.delivered_at is None
    assert "delivered_at" in found.model_fields_set
    assert "product" not in found.items[0].model_fields_set


# ---- through the preconditions
def call(office: Any, name: str, arguments: dict[str, Any], context: CallContext) -> Any:
    registry = ActionRegistry()
    registry.add_from(office)
    spec = registry.get(name)
    assert spec is not None
    return call_action(spec, arguments, context)


def with_orders(office: Any, context: CallContext) -> CallContext:
    customer = context.customer
    assert customer is not None
    own = office.orders_of(customer.id, context)
    return CallContext("c-1", customer.model_copy(update={"orders": own}), NOW, confirmed=context.confirmed)


def test_an_order_of_somebody_else_is_never_touched(office: Any) -> None:
    pending, _ = some_order(office, lambda o: o.status == "pending" and o.customer_id != "C-1001")
    done = call(office, "cancel_order", {"order": pending.id}, with_orders(office, of(office, "Ada")))
    assert done.result.status == "refused"
    assert again(office, pending).status == "pending"


def test_nothing_is_written_without_a_proof_or_a_confirmation(office: Any) -> None:
    ada = of(office, "Ada")
    pending = order(office, ada, lambda o: o.status == "pending")
    known = with_orders(office, ada).customer
    assert known is not None
    claimed = CallContext("c", known.model_copy(update={"verification": "claimed"}), NOW, confirmed=True)
    unconfirmed = CallContext("c", known, NOW, confirmed=False)
    assert call(office, "cancel_order", {"order": pending.id}, claimed).result.reason == "unverified_customer"
    assert call(office, "cancel_order", {"order": pending.id}, unconfirmed).result.status == "refused"
    assert again(office, pending).status == "pending"


def test_a_customer_in_the_facts_is_not_verified_by_a_look_up_that_proves_nothing(office: Any) -> None:
    anonymous = CallContext("c", Customer(id="C-1001"), NOW)
    assert call(office, "orders_of", {"customer": "C-1001"}, anonymous).result.status == "refused"
    assert call(office, "account_of", {"email": "ada@example.com"}, anonymous).result.status == "refused"


def test_a_reminder_needs_no_proof(office: Any) -> None:
    nobody = CallContext("c", None, NOW)
    done = call(
        office, "sign_up_back_in_stock", {"variant": "the-sunday-teapot:Moss", "notify": "mia@example.org"}, nobody
    )
    assert done.result.status == "done"


def test_the_same_key_acts_once(office: Any) -> None:
    found, context = some_order(office, lambda o: o.status == "pending")
    keyed = CallContext("c", context.customer, NOW, confirmed=True, idempotency_key="k-1")
    first = office.cancel_order(found.id, keyed)
    assert office.cancel_order(found.id, keyed) == first
    assert len(again(office, found).refunds) == 1


# ---- pending orders
def test_a_pending_order_is_cancelled_and_its_money_goes_back(office: Any) -> None:
    found, context = some_order(office, lambda o: o.status == "pending" and len(o.items) > 1)
    before = office._stock[office._variant(found.items[0]).id]
    refund = office.cancel_order(found.id, context)
    after = again(office, found)
    assert (after.status, after.cancelled_at) == ("cancelled", NOW)
    assert refund.amount == found.total
    assert after.refunds == (refund,)
    assert context.customer is not None
    assert after in office.orders_of(context.customer.id, context)
    assert office._stock[office._variant(found.items[0]).id] == before + found.items[0].quantity


@pytest.mark.parametrize("status", ["processing", "shipped", "delivered", "cancelled"])
def test_only_a_pending_order_can_be_cancelled_or_changed(office: Any, status: str) -> None:
    found, context = some_order(office, lambda o: o.status == status)
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: office.cancel_order(found.id, context),
        lambda: office.change_address(found.id, Address(line1="1 New Street", country="IE"), context),
        lambda: office.switch_to_express(found.id, context),
        lambda: office.add_gift_wrap(found.id, "Hello", context),
    )
    for attempt in attempts:
        with pytest.raises(ActionFailedError):
            attempt()


def test_an_address_outside_where_we_ship_is_refused(office: Any) -> None:
    found, context = some_order(office, lambda o: o.status == "pending")
    with pytest.raises(ActionFailedError):
        office.change_address(found.id, Address(line1="1 High Street", country="US"), context)
    changed = office.change_address(found.id, Address(line1="Lindenhof 9", country="DE"), context)
    assert changed.address.line1 == "Lindenhof 9"
    assert found.address is not None
    assert changed.address.name == found.address.name


def test_a_size_changes_only_to_another_one_in_stock(office: Any) -> None:
    found, context = some_order(
        office, lambda o: o.status == "pending" and any(office.other_sizes_and_colours(line.id) for line in o.items)
    )
    line = next(line for line in found.items if office.other_sizes_and_colours(line.id))
    new = office.other_sizes_and_colours(line.id)[0]
    assert sum(new.options[name] != line.options[name] for name in new.options) == 1
    changed = office.change_order_size(found.id, line.id, new.id, context)
    assert next(part for part in changed.items if part.id == line.id).variant_id == new.id
    with pytest.raises(ActionFailedError):
        office.change_order_size(found.id, line.id, new.id, context)
    with pytest.raises(ActionFailedError):
        office.change_order_size(found.id, line.id, "pip-one:Moss", context)


def test_an_engraving_keeps_to_24_characters_a_line(office: Any) -> None:
    found, context = some_order(office, lambda o: o.status == "pending" and any(line.personalised for line in o.items))
    line = next(line for line in found.items if line.personalised)
    with pytest.raises(ActionFailedError):
        office.change_engraving(found.id, line.id, "x" * 25, context)
    changed = office.change_engraving(found.id, line.id, "Happy birthday, dear Ada", context)
    assert changed.items[0].extra["engraving"] == ("Happy birthday, dear Ada",)


def test_a_forgotten_code_fits_a_first_order_only(office: Any) -> None:
    found, context = some_order(
        office, lambda o: o.status == "pending" and not o.discount_codes and o.subtotal is not None and o.subtotal >= Money.of(40, "EUR")
    )  # fmt: skip
    earlier = found.model_copy(update={"id": "#1000", "placed_at": NOW - timedelta(days=400)})

    def holding(*orders: Order) -> Any:
        customers = office._customers.values()
        return type(office)(
            customers=customers,
            orders=orders,
            subscriptions=(),
            returns=(),
            catalog=office._catalog,
            products=office._products,
        )

    again_customer, newcomer = holding(earlier, found), holding(found)
    assert not again_customer.code_check(found.id, "WELCOME10").first_order
    with pytest.raises(ActionFailedError):
        again_customer.apply_code(found.id, "WELCOME10", context)
    assert not newcomer.code_check(found.id, "FREEBIE").known
    refund = newcomer.apply_code(found.id, "welcome10", context)
    assert found.subtotal is not None
    assert refund.amount == found.subtotal * Decimal("0.1")
    assert again(newcomer, found).discount_codes == ("WELCOME10",)
    with pytest.raises(ActionFailedError):
        newcomer.apply_code(found.id, "WELCOME10", context)


# ---- parcels
def test_a_lost_parcel_is_sent_again_once(office: Any) -> None:
    found, context = some_order(office, lambda o: any(p.status == "lost" for p in o.shipments))
    lost = next(p for p in found.shipments if p.status == "lost")
    parcel = office.send_again(found.id, lost.id, context)
    assert parcel.item_ids == lost.item_ids
    assert again(office, found).shipments[-1] == parcel
    with pytest.raises(ActionFailedError):
        office.refund_parcel(found.id, lost.id, context)


def test_a_parcel_on_its_way_is_neither_sent_again_nor_refunded(office: Any) -> None:
    found, context = some_order(office, lambda o: any(p.status == "in transit" for p in o.shipments))
    moving = next(p for p in found.shipments if p.status == "in transit")
    for attempt in (office.send_again, office.refund_parcel):
        with pytest.raises(ActionFailedError):
            attempt(found.id, moving.id, context)


def test_a_delivered_parcel_must_have_been_waited_for(office: Any) -> None:
    def delivered(o: Order, days: int) -> bool:
        moments = [p.delivered_at for p in o.shipments if p.status == "delivered" and p.delivered_at]
        return bool(moments) and all((NOW - moment).days == days for moment in moments)

    fresh, context = some_order(office, lambda o: delivered(o, 0))
    with pytest.raises(ActionFailedError):
        office.refund_parcel(fresh.id, fresh.shipments[0].id, context)
    older, context = some_order(office, lambda o: delivered(o, 6))
    refund = office.refund_parcel(older.id, older.shipments[0].id, context)
    assert refund.amount > Money.of(0, "EUR")


def test_what_is_missing_is_refunded_once_and_within_14_days(office: Any) -> None:
    found, context = some_order(
        office, lambda o: o.status == "delivered" and o.delivered_at is not None and len(o.items) > 1
        and (NOW - o.delivered_at).days < 14 and bool(o.shipments),
    )  # fmt: skip
    line = found.items[0]
    refund = office.refund_missing(found.id, (line.id,), context)
    assert refund.amount == line.price * (line.quantity or 0) * (
        Decimal((found.subtotal.minor if found.subtotal else 1) - (found.discount.minor if found.discount else 0))
        / (found.subtotal.minor if found.subtotal else 1)
    )
    with pytest.raises(ActionFailedError):
        office.send_missing(found.id, (line.id,), context)
    old, context = some_order(
        office, lambda o: o.status == "delivered" and o.delivered_at is not None and (NOW - o.delivered_at).days > 15
        and bool(o.shipments),
    )  # fmt: skip
    with pytest.raises(ActionFailedError):
        office.refund_missing(old.id, (old.items[0].id,), context)


def test_of_several_missing_pieces_as_many_are_refunded_as_are_missing(office: Any) -> None:
    found, context = some_order(office, lambda o: o.id == "#1029")
    towels = next(line for line in found.items if line.quantity == 2)
    for pieces in (0, 3):
        with pytest.raises(ActionFailedError):
            office.refund_missing(found.id, (towels.id,), context, pieces)
    with pytest.raises(ActionFailedError):
        office.send_missing(found.id, tuple(line.id for line in found.items), context, 1)
    assert office.refund_missing(found.id, (towels.id,), context, 1).amount == towels.price
    assert office.send_missing(found.id, (found.items[1].id,), context).item_ids == (found.items[1].id,)


def test_pieces_leave_a_pending_order_with_their_share_of_what_was_paid(office: Any) -> None:
    found, context = some_order(office, lambda o: o.id == "#1102")
    masks = next(line for line in found.items if line.quantity == 2)
    refund = office.remove_from_order(found.id, masks.id, 1, context)
    left = office._orders[found.id]
    assert refund.amount == masks.price
    assert left.total == found.total - refund.amount
    assert [(line.id, line.quantity) for line in left.items] == [(line.id, 1) for line in found.items]
    office.remove_from_order(found.id, masks.id, 1, replace(context, idempotency_key="another"))
    assert masks.id not in {line.id for line in office._orders[found.id].items}
    with pytest.raises(ActionFailedError):
        office.remove_from_order(
            found.id, office._orders[found.id].items[0].id, 1, replace(context, idempotency_key="last")
        )


def test_what_is_left_below_free_shipping_pays_for_its_delivery(office: Any) -> None:
    found, context = some_order(office, lambda o: o.id == "#1117")
    assert found.shipping == Money.of(0, "EUR")
    refund = office.remove_from_order(found.id, found.items[0].id, 1, context)
    left = office._orders[found.id]
    assert refund.amount == found.items[0].price - Money.of("4.90", "EUR")
    assert left.shipping == Money.of("4.90", "EUR")
    assert left.total == left.subtotal + left.shipping


@pytest.mark.parametrize(
    ("placed", "promised"),
    [
        ("2026-06-11T13:59:00+01:00", date(2026, 6, 15)), ("2026-06-12T12:00:00+01:00", date(2026, 6, 16)),
        ("2026-06-10T14:00:00+01:00", date(2026, 6, 15)), ("2026-06-06T09:00:00+01:00", date(2026, 6, 10)),
    ],
)  # fmt: skip
def test_express_is_refunded_once_and_only_when_it_came_later_than_promised(
    office: Any, placed: str, promised: date
) -> None:
    found, context = some_order(office, lambda o: o.id == "#1048")
    for days, late in ((0, False), (1, True)):
        arrived = datetime(promised.year, promised.month, promised.day, 12, tzinfo=NOW.tzinfo) + timedelta(days=days)
        office._put(found.id, placed_at=datetime.fromisoformat(placed), delivered_at=arrived)
        check = office.express_check(found.id, context)
        assert (check.promised, check.late) == (promised, late)
    assert office.refund_express(found.id, context).amount == Money.of("12.90", "EUR")
    with pytest.raises(ActionFailedError):
        office.refund_express(found.id, replace(context, idempotency_key="again"))


def test_only_canopy_members_are_switched_to_express_at_once(office: Any) -> None:
    for number, method in (("#1104", "express"), ("#1105", "standard")):
        context = some_order(office, office._orders[number].__eq__)[1]
        assert office.switch_to_express(number, context).shipping_method == method


def test_working_days_leave_out_weekends_and_irish_holidays(office: Any) -> None:
    context = of(office, "Ada")
    assert office.working_days_since(datetime(2026, 6, 12, 9, tzinfo=ZoneInfo("Europe/Dublin")), context) == 2
    assert office.working_days_since(datetime(2026, 5, 29, 9, tzinfo=ZoneInfo("Europe/Dublin")), context) == 11
    assert office.working_days_until(date(2026, 6, 22), context) == 4


# ---- what comes back
def returnable(office: Any, found: Order) -> bool:
    lines = found.items
    return (
        found.status == "delivered" and found.delivered_at is not None and (NOW - found.delivered_at).days < 25
        and not found.returns and not found.exchanges and not any(office._is_excluded(line) for line in lines)
        and not any(office._is_furniture(line) for line in lines)
    )  # fmt: skip


def test_a_return_is_booked_once_and_within_30_days(office: Any) -> None:
    found, context = some_order(office, lambda o: returnable(office, o))
    items = (found.items[0].id,)
    booked = office.create_return(found.id, items, context)
    assert (booked.status, booked.item_ids) == ("requested", items)
    assert again(office, found).returns == (booked,)
    assert office.return_terms(found.id, items, context).already
    with pytest.raises(ActionFailedError):
        office.create_return(found.id, items, context)
    late = CallContext("c", context.customer, NOW + timedelta(days=60), confirmed=True)
    other, _ = some_order(office, lambda o: returnable(office, o))
    with pytest.raises(ActionFailedError):
        office.create_return(other.id, (other.items[0].id,), late)


@pytest.mark.parametrize(("price", "pieces"), [("4.90", 1), ("29.00", 2)])
def test_the_delivery_is_paid_back_for_a_whole_order_within_14_days_only(office: Any, price: str, pieces: int) -> None:
    found, context = some_order(
        office,
        lambda o: o.delivered_at is not None and not o.returns and len(o.items) == pieces and str(o.shipping) == f"{price} EUR",
    )  # fmt: skip
    assert found.delivered_at is not None
    items = tuple(line.id for line in found.items)
    in_time = replace(context, now=found.delivered_at + timedelta(days=14))
    later = replace(context, now=found.delivered_at + timedelta(days=15))
    whole = office.return_terms(found.id, items, in_time)
    assert whole.refund - office.return_terms(found.id, items, later).refund == Money.of(price, "EUR")
    if pieces > 1:
        part = office.return_terms(found.id, items[:1], in_time)
        assert part.refund == office.return_terms(found.id, items[:1], later).refund


def test_the_way_back_is_free_from_ireland_only(office: Any) -> None:
    home, context = some_order(
        office, lambda o: returnable(office, o) and o.address is not None and o.address.country == "IE"
    )
    assert office.return_terms(home.id, (home.items[0].id,), context).fee == Money.of(0, "EUR")
    away, context = some_order(
        office, lambda o: o.delivered_at is not None and o.address is not None and o.address.country == "DE"
        and o.shipping_method == "standard",
    )  # fmt: skip
    assert office.return_terms(away.id, (away.items[0].id,), context).fee == Money.of("3.90", "EUR")


@pytest.mark.parametrize("what", ["engraved", "final sale", "furniture"])
def test_what_is_excluded_is_told_apart(office: Any, what: str) -> None:
    fits: dict[str, Callable[[Any], bool]] = {
        "engraved": lambda line: line.personalised,
        "final sale": lambda line: line.final_sale,
        "furniture": office._is_furniture,
    }
    found, context = some_order(
        office, lambda o: o.delivered_at is not None and any(fits[what](line) for line in o.items)
    )
    terms = office.return_terms(found.id, tuple(line.id for line in found.items if fits[what](line)), context)
    if what == "furniture":
        assert terms.furniture
        assert terms.fee == Money.of(15, "EUR")
    else:
        assert terms.excluded


def test_an_order_is_exchanged_once_and_the_new_piece_is_put_aside(office: Any) -> None:
    found, context = some_order(
        office, lambda o: returnable(office, o) and any(office.other_sizes_and_colours(line.id) for line in o.items)
    )
    line = next(line for line in found.items if office.other_sizes_and_colours(line.id))
    new = office.other_sizes_and_colours(line.id)[0]
    before = office._stock[new.id]
    exchange = office.create_exchange(found.id, line.id, new.id, context)
    assert exchange.replacement_variant_ids == (new.id,)
    assert office._stock[new.id] == before - line.quantity
    with pytest.raises(ActionFailedError):
        office.create_exchange(found.id, line.id, new.id, context)


def test_a_replacement_leaves_at_once_within_14_days(office: Any) -> None:
    found, context = some_order(
        office, lambda o: returnable(office, o) and o.delivered_at is not None and (NOW - o.delivered_at).days < 13
        and office._in_stock(office._variant(o.items[0])),
    )  # fmt: skip
    line = found.items[0]
    noted = office.report_problem(found.id, line.id, "faulty", "replacement", context)
    assert noted.status == "label sent"
    assert len(again(office, found).shipments) == len(found.shipments) + 1
    with pytest.raises(ActionFailedError):
        office.report_problem(found.id, line.id, "faulty", "refund", context)


def test_a_fallen_price_is_paid_back_once(office: Any) -> None:
    fallen = [
        (o, line.id)
        for o in office._orders.values()
        for line in o.items
        if o.status not in {"cancelled", "returned"} and o.placed_at is not None and (NOW - o.placed_at).days < 14
        and office.price_check(o.id, line.id, of(office, "Ada")).difference > Money.of(0, "EUR")
        and office.price_check(o.id, line.id, of(office, "Ada")).in_stock
    ]  # fmt: skip
    found, item = fallen[0]
    context = CallContext("c", office._customers[found.customer_id], NOW, confirmed=True)
    check = office.price_check(found.id, item, context)
    refund = office.refund_price_difference(found.id, item, context)
    assert refund.amount == check.difference == check.paid - check.now
    with pytest.raises(ActionFailedError):
        office.refund_price_difference(found.id, item, context)


# ---- subscriptions
def subscription(office: Any, status: str, days_ahead: range = range(2, 400)) -> tuple[Any, CallContext]:
    found = next(
        s for s in office._subscriptions.values()
        if s.status == status and (s.next_charge_on is None or (s.next_charge_on - NOW.date()).days in days_ahead)
    )  # fmt: skip
    return found, CallContext("c", office._customers[found.customer_id], NOW, confirmed=True)


def test_a_skip_leaves_out_one_delivery(office: Any) -> None:
    found, context = subscription(office, "active")
    skipped = office.skip_delivery(found.id, context)
    assert skipped.next_charge_on == found.next_charge_on + timedelta(weeks=found.every_weeks)
    assert context.customer is not None
    assert skipped in office.subscriptions_of(context.customer.id, context)


def test_less_than_two_days_before_the_charge_the_next_delivery_still_comes(office: Any) -> None:
    found, context = subscription(office, "active", range(2))
    dates = office.subscription_dates(found.id, context)
    assert dates.late
    assert dates.left_out == found.next_charge_on + timedelta(weeks=found.every_weeks)
    assert office.skip_delivery(found.id, context).next_charge_on == found.next_charge_on
    assert office.cancel_subscription(found.id, context).next_charge_on == found.next_charge_on


@pytest.mark.parametrize("months", [1, 2, 3])
def test_a_pause_ends_when_it_was_said(office: Any, months: int) -> None:
    found, context = subscription(office, "active")
    ends = office.pause_ends(found.id, months, context)
    paused = office.pause_subscription(found.id, months, context)
    assert (paused.status, paused.paused_until, paused.next_charge_on) == ("paused", ends, ends)
    assert ends > found.next_charge_on


def test_a_pause_lasts_three_months_at_most(office: Any) -> None:
    found, context = subscription(office, "active")
    with pytest.raises(ActionFailedError):
        office.pause_subscription(found.id, 4, context)


def test_a_pause_is_ended_tomorrow_at_the_earliest(office: Any) -> None:
    found, context = subscription(office, "paused")
    with pytest.raises(ActionFailedError):
        office.resume_subscription(found.id, NOW.date(), context)
    resumed = office.resume_subscription(found.id, NOW.date() + timedelta(days=1), context)
    assert (resumed.status, resumed.paused_until) == ("active", None)


def test_a_subscription_comes_every_4_6_or_8_weeks(office: Any) -> None:
    found, context = subscription(office, "active")
    with pytest.raises(ActionFailedError):
        office.change_subscription_interval(found.id, 5, context)
    assert office.change_subscription_interval(found.id, 6, context).every_weeks == 6


def test_a_cancelled_subscription_stays_cancelled(office: Any) -> None:
    found, context = subscription(office, "active")
    office.cancel_subscription(found.id, context)
    for attempt in (office.cancel_subscription, office.skip_delivery):
        with pytest.raises(ActionFailedError):
            attempt(found.id, context)


# ---- small things
def test_feathers_are_spent_only_when_they_are_there(office: Any) -> None:
    context = of(office, "Ada")
    assert context.customer is not None
    points = office.loyalty_of(context.customer.id, context).points
    with pytest.raises(ActionFailedError):
        office.redeem_feathers(points // 100 + 1, context)
    assert office.redeem_feathers(1, context).points == points - 100
    assert office.loyalty_of(context.customer.id, context).points == points - 100


# ---- selling
def test_a_code_is_made_for_one_use_of_one_customer_once_in_ninety_days(office: Any) -> None:
    ada = of(office, "Ada")
    assert ada.customer is not None
    made = office.create_discount_code(Decimal(10), ada.customer.id, ada)
    assert (made.percent, made.single_use, made.status) == (Decimal(10), True, "active")
    with pytest.raises(ActionFailedError, match="90 days"):
        office.create_discount_code(Decimal(10), ada.customer.id, ada)
    later = CallContext("c-1", ada.customer, NOW + timedelta(days=90), confirmed=True)
    assert office.create_discount_code(Decimal(5), ada.customer.id, later).code != made.code


@pytest.mark.parametrize("percent", [Decimal(0), Decimal(-5), Decimal("10.01"), Decimal(100)])
def test_a_code_is_never_larger_than_the_shop_allows(office: Any, percent: Decimal) -> None:
    ada = of(office, "Ada")
    assert ada.customer is not None
    with pytest.raises(ActionFailedError):
        office.create_discount_code(percent, ada.customer.id, ada)
    assert (
        call(office, "create_discount_code", {"percent": Decimal(50), "customer": ada.customer.id}, ada).result.status
        != "done"
    )


def test_a_code_is_made_for_nobody_else_and_nobody_unproven(office: Any) -> None:
    ada = of(office, "Ada")
    with pytest.raises(ActionFailedError):
        office.create_discount_code(Decimal(5), "C-1002", ada)
    assert ada.customer is not None
    claimed = CallContext("c", ada.customer.model_copy(update={"verification": "claimed"}), NOW, confirmed=True)
    done = call(office, "create_discount_code", {"percent": Decimal(5), "customer": ada.customer.id}, claimed)
    assert (done.result.status, office._codes) == ("refused", {})


def test_the_same_code_comes_back_under_the_same_key(office: Any) -> None:
    ada = of(office, "Ada")
    assert ada.customer is not None
    keyed = CallContext("c", ada.customer, NOW, idempotency_key="k-9")
    assert office.create_discount_code(Decimal(5), ada.customer.id, keyed) == office.create_discount_code(
        Decimal(5), ada.customer.id, keyed
    )


def test_anybody_may_book_a_consultation_after_a_yes(office: Any) -> None:
    booking = {"topic": "shade", "contact": " mia@example.org "}
    asked = call(office, "book_consultation", booking, CallContext("c", None, NOW))
    assert (asked.result.status, office._consultations) == ("refused", [])
    done = call(office, "book_consultation", booking, CallContext("c", None, NOW, confirmed=True))
    assert (done.result.status, done.result.value) == ("done", "mia@example.org")
    assert office._consultations == [("shade", "mia@example.org")]


@pytest.mark.parametrize(
    "contact", ["", "call me", "mia@", "@example.org", "a@b@c", "12", "x" * 200 + "@example.org", "1" * 101]
)
def test_a_consultation_needs_somewhere_to_reach_the_customer(office: Any, contact: str) -> None:
    with pytest.raises(ActionFailedError):
        office.book_consultation("size", contact, CallContext("c", None, NOW, confirmed=True))
    assert office.book_consultation("size", "+353 1 555 0100", CallContext("c", None, NOW, confirmed=True))


def test_a_consultation_is_about_what_the_team_knows(office: Any) -> None:
    done = call(
        office,
        "book_consultation",
        {"topic": "weather", "contact": "a@example.org"},
        CallContext("c", None, NOW, confirmed=True),
    )
    assert done.result.status != "done"


def test_an_invoice_waits_for_the_parcel(office: Any) -> None:
    pending, context = some_order(office, lambda o: o.status == "pending")
    with pytest.raises(ActionFailedError):
        office.email_invoice(pending.id, context)
    shipped, context = some_order(office, lambda o: o.status == "shipped")
    assert office.email_invoice(shipped.id, context).id == shipped.id


def test_a_label_is_sent_again_for_a_booked_return_only(office: Any) -> None:
    waiting, context = some_order(office, lambda o: any(r.status == "requested" for r in o.returns))
    assert office.resend_label(waiting.id, context).status == "label sent"
    without, context = some_order(office, lambda o: not o.returns)
    with pytest.raises(ActionFailedError):
        office.resend_label(without.id, context)


def test_only_clothes_go_to_the_mending_bench(office: Any) -> None:
    found, context = some_order(
        office, lambda o: o.status == "delivered" and office._product(o.items[0]).vendor == "Wrenfold Wear"
    )
    assert "Mending Bench" in (office.book_mending(found.id, found.items[0].id, context).note or "")
    pip, context = some_order(office, lambda o: o.status == "delivered" and office._product(o.items[0]).vendor == "Pip")
    with pytest.raises(ActionFailedError):
        office.book_mending(pip.id, pip.items[0].id, context)


def test_a_furniture_appointment_is_moved_two_working_days_ahead(office: Any) -> None:
    near, context = some_order(
        office,
        lambda o: (
            o.shipping_method == "two-person delivery" and any(p.expected_on == date(2026, 6, 17) for p in o.shipments)
        ),
    )
    with pytest.raises(ActionFailedError):
        office.move_appointment(near.id, date(2026, 6, 24), "morning", context)
    early = CallContext("c", context.customer, NOW - timedelta(days=7), confirmed=True)
    moved = office.move_appointment(near.id, date(2026, 6, 24), "morning", early)
    assert moved.shipments[0].expected_on == date(2026, 6, 24)
    with pytest.raises(ActionFailedError):
        office.move_appointment(near.id, date(2026, 6, 27), "morning", early)
