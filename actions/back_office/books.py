"""What the shop's own systems know, and how it is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any, Self, TypeVar

from pydantic import TypeAdapter

from convagent.actions import ActionFailedError, CallContext
from convagent.catalog import Catalog
from convagent.facts import (
    Customer,
    Discount,
    Fact,
    LineItem,
    Money,
    Order,
    Product,
    Refund,
    Return,
    Shipment,
    Subscription,
    Variant,
)

from .days import DUBLIN, months_later, today_of, working_days
from .records import changed, complete
from .rules import (
    CLAIM_DAYS,
    LOST_AFTER,
    WAIT_AFTER_DELIVERY,
)
from .sums import delivered_on, pieces_of
from .terms import SubscriptionDates

__all__ = ["Books"]

Found = TypeVar("Found", bound=Fact)
T = TypeVar("T")

_RECORDS: dict[Any, TypeAdapter[Any]] = {
    kind: TypeAdapter(list[kind])  # type: ignore[valid-type]
    for kind in (Customer, Order, Subscription, Return)
}
_PRODUCTS: TypeAdapter[list[Product]] = TypeAdapter(list[Product])
_CATALOGS: dict[Path, Catalog] = {}
"""Read once: a catalog doesn't change, and evaluations open many back offices."""

_FILES: dict[tuple[Path, int, int], tuple[dict[str, str], dict[str, Any]]] = {}
"""Files of records likewise, by path, time of change and size: each record as JSON, and complete, by its id."""


def _read(path: Path, kind: type[Fact]) -> tuple[dict[str, str], dict[str, Any]]:
    """The records of a file, as JSON and complete."""
    stat = path.stat()
    key = path, stat.st_mtime_ns, stat.st_size
    if key not in _FILES:
        data = json.loads(path.read_text(encoding="utf-8"))
        written = {record["id"]: json.dumps(record) for record in data}
        _FILES[key] = written, _by_id(_RECORDS[kind].validate_python(data))
    return _FILES[key]


def _by_id(records: Iterable[Any]) -> dict[str, Any]:
    return {record.id: complete(record) for record in records}


class Books:
    """Customers, orders, subscriptions and stock, in memory. Threads may share it."""

    def __init__(
        self, *, customers: Iterable[Customer], orders: Iterable[Order], subscriptions: Iterable[Subscription],
        returns: Iterable[Return], catalog: Catalog, products: Mapping[str, Product],
    ) -> None:  # fmt: skip
        self._lock = RLock()
        self._catalog = catalog
        self._products = products
        self._customers = {customer.id: customer for customer in customers}
        self._orders = {order.id: order for order in orders}
        self._subscriptions = {subscription.id: subscription for subscription in subscriptions}
        self._stock = {v.id: v.inventory for product in catalog.products for v in product.variants}
        self._done: dict[str, Any] = {}
        self._waiting: dict[str, set[str]] = {}
        self._codes: dict[str, tuple[tuple[datetime, Discount], ...]] = {}
        self._consultations: list[tuple[str, str]] = []
        for given in returns:
            self._put_return(given)

    @classmethod
    def from_folder(cls, folder: Path, *, state: Mapping[str, Any] | None = None) -> Self:
        """Reads a shop's `back_office/*.json` and its catalog, and lays over them what an evaluation says of some records."""

        def records(name: str, kind: type[Found]) -> Iterable[Found]:
            written, found = _read(folder / "back_office" / f"{name}.json", kind)
            over = {record["id"]: record for record in (state or {}).get(name, ())}
            data = [{**json.loads(written.get(name, "{}")), **record} for name, record in over.items()]
            return {**found, **_by_id(_RECORDS[kind].validate_python(data))}.values()

        listed = folder / "knowledge" / "catalog" / "products.csv"
        if listed not in _CATALOGS:
            _CATALOGS[listed] = Catalog.from_file(listed, url_prefix="https://wrenfold.example/products")
        products = _PRODUCTS.validate_python((state or {}).get("products", ()))
        return cls(
            customers=records("customers", Customer), orders=records("orders", Order),
            subscriptions=records("subscriptions", Subscription), returns=records("returns", Return), catalog=_CATALOGS[listed],
            products={product.id: product for product in products},
        )  # fmt: skip

    def _once(self, context: CallContext, effect: Callable[[], T]) -> T:
        """The effect, or what it came to under the same key before."""
        with self._lock:
            key = context.idempotency_key
            if key and key in self._done:
                found: T = self._done[key]
                return found
            result = effect()
            if key:
                self._done[key] = result
            return result

    def _order(self, number: str) -> Order:
        if number not in self._orders:
            raise ActionFailedError(f"there is no order {number}")
        return self._orders[number]

    def _pending(self, number: str) -> Order:
        found = self._order(number)
        if found.status != "pending":
            raise ActionFailedError(f"{number} is {found.status}")
        return found

    def _put(self, number: str, **changes: Any) -> Order:
        self._orders[number] = self._order(number).model_copy(update=changes)
        return self._orders[number]

    def _put_return(self, given: Return) -> Return:
        found = self._orders.get(given.order_id)
        if found is not None:
            others = tuple(r for r in found.returns if r.id != given.id)
            self._put(found.id, returns=(*others, given))
        return given

    def _subscription(self, number: str) -> Subscription:
        if number not in self._subscriptions:
            raise ActionFailedError(f"there is no subscription {number}")
        return self._subscriptions[number]

    def _running(self, number: str, status: str) -> Subscription:
        found = self._subscription(number)
        if found.status != status:
            raise ActionFailedError(f"{number} is {found.status}")
        return found

    def _keep(self, found: Subscription, **changes: Any) -> Subscription:
        self._subscriptions[found.id] = found.model_copy(update=changes)
        return self._subscriptions[found.id]

    def _dates(self, found: Subscription, today: date) -> SubscriptionDates:
        if found.next_charge_on is None or found.every_weeks is None:
            raise ActionFailedError(f"{found.id} has no next charge")
        rhythm = timedelta(weeks=found.every_weeks)
        late = found.next_charge_on < today + timedelta(days=2)
        left_out = found.next_charge_on + rhythm if late else found.next_charge_on
        return SubscriptionDates(late=late, left_out=left_out, then=left_out + rhythm)

    def _pause_ends(self, found: Subscription, months: int, today: date) -> date:
        if months not in {1, 2, 3}:
            raise ActionFailedError("a pause lasts 1 to 3 months")
        dates = self._dates(found, today)
        end = months_later(today, months)
        # a pause that would be over before the next charge begins with that charge instead
        return end if not dates.late and end > dates.left_out else months_later(dates.left_out, months)

    def _lines(self) -> Iterable[LineItem]:
        for order in self._orders.values():
            yield from order.items
        for subscription in self._subscriptions.values():
            yield from subscription.items

    def _line(self, line: str) -> LineItem:
        found = next((item for item in self._lines() if item.id == line), None)
        if found is None:
            raise ActionFailedError(f"there is no line {line}")
        return found

    def _lines_of(self, order: str, items: Iterable[str]) -> tuple[LineItem, ...]:
        wanted, found = set(items), self._order(order)
        lines = tuple(line for line in found.items if line.id in wanted)
        if not wanted or len(lines) != len(wanted):
            raise ActionFailedError(f"{order} has no lines {', '.join(sorted(wanted))}")
        return lines

    def _part_of(self, order: str, item: str, pieces: int) -> LineItem:
        """A line of an order with as many pieces as are meant."""
        line = self._lines_of(order, (item,))[0]
        if not 1 <= pieces <= pieces_of(line):
            raise ActionFailedError(f"{order} has {pieces_of(line)} pieces of {line.name}")
        return line.model_copy(update={"quantity": pieces})

    def _sold(self, product: str) -> Product | None:
        """A product as the back office has it: as the catalog does, but for what an evaluation says of it."""
        return self._products.get(product) or self._catalog.product(product)

    def _product(self, line: LineItem) -> Product:
        found = self._sold(line.product_id or line.sku or "")
        if found is None:
            raise ActionFailedError(f"{line.name} is not in the catalog")
        return found

    def _variants(self, line: LineItem) -> tuple[Variant, ...]:
        return self._product(line).variants

    def _variant(self, line: LineItem) -> Variant:
        found = next((v for v in self._variants(line) if line.variant_id in {v.id, v.sku}), None)
        if found is None:
            raise ActionFailedError(f"{line.name} is no longer made like this")
        return found

    def _other(self, line: LineItem, variant: str) -> Variant:
        new = next((v for v in self._variants(line) if variant in {v.id, v.sku}), None)
        if new is None or line.variant_id in {new.id, new.sku}:
            raise ActionFailedError(f"{variant} is no other size or colour of {line.name}")
        if not self._in_stock(new, pieces_of(line)):
            raise ActionFailedError(f"out of stock: {variant}")
        return new

    @staticmethod
    def _differs_once(variant: Variant, line: LineItem) -> bool:
        return sum(line.options.get(name) != value for name, value in variant.options.items()) == 1

    def _in_stock(self, variant: Variant, pieces: int = 1) -> bool:
        left = self._stock.get(variant.id)
        return variant.available is True and (left is None or left >= pieces)

    def _take(self, variant: Variant, pieces: int) -> None:
        left = self._stock.get(variant.id)
        if left is not None:
            self._stock[variant.id] = left - pieces

    def _is_furniture(self, line: LineItem) -> bool:
        return "delivery" in self._product(line).attributes

    def _lines_allowed(self, line: LineItem) -> int:
        return 2 if str(self._product(line).attributes.get("engraving", "")).startswith("2") else 1

    def _is_excluded(self, line: LineItem) -> bool:
        kind = self._product(line).kind
        return line.personalised is not False or line.final_sale is not False or kind in {"Earrings", "Gift card"}

    def _gone(self, order: str, parcel: str, context: CallContext) -> Shipment:
        """A parcel that may be sent again or refunded."""
        found = next((p for p in self._order(order).shipments if p.id == parcel), None)
        if found is None:
            raise ActionFailedError(f"{order} has no parcel {parcel}")
        if found.extra.get("settled") is not None:
            raise ActionFailedError(f"{parcel} was settled before")
        since = found.delivered_at or found.last_scan_at or found.shipped_at
        quiet = working_days(since.astimezone(DUBLIN).date(), today_of(context)) if since else 0
        needed = {"lost": 0, "returned to sender": 0, "delivered": WAIT_AFTER_DELIVERY}.get(found.status, LOST_AFTER)
        if quiet < needed:
            raise ActionFailedError(f"{parcel} is {found.status} and may still come")
        return found

    def _missing(
        self, order: str, items: tuple[str, ...], pieces: int | None, context: CallContext
    ) -> tuple[Order, tuple[LineItem, ...]]:
        """Lines that may be sent or refunded as missing, with as many pieces as are."""
        found, lines = self._order(order), self._lines_of(order, items)
        if pieces is not None:
            if len(lines) > 1:
                raise ActionFailedError("of several lines it isn't known which one the number is for")
            lines = (self._part_of(order, lines[0].id, pieces),)
        if any(parcel.status != "delivered" for parcel in found.shipments) or not found.shipments:
            raise ActionFailedError(f"parcels of {order} are still on their way")
        if today_of(context) > delivered_on(found) + timedelta(days=CLAIM_DAYS):
            raise ActionFailedError("it is more than 14 days since the delivery")
        sent_again = {i for p in found.shipments if p.extra.get("instead_of") for i in p.item_ids}
        reasons = [refund.reason or "" for refund in found.refunds]
        refunded = {i for r in reasons if r.startswith("missing ") for i in r.removeprefix("missing ").split(", ")}
        if set(items) & (sent_again | refunded):
            raise ActionFailedError("it was settled before")
        return found, lines

    def _refund(self, order: Order, amount: Money, reason: str, context: CallContext) -> Refund:
        to = order.payment_method
        at_once = to is not None and to.kind == "gift card"
        return complete(Refund(
            id=f"RF-{order.id.lstrip('#')}-{len(order.refunds) + 1}", amount=amount, to=to, reason=reason,
            status="issued" if at_once else "pending", issued_at=context.now if at_once else None,
        ))  # fmt: skip

    def _send(
        self, order: Order, items: tuple[str, ...], *, instead_of: str = "missing", contents: str = ""
    ) -> Shipment:
        number, count = order.id.lstrip("#"), len(order.shipments) + 1
        tracking = f"AL{number}{count}{int(number) * 7919 % 1_000_000:06}"
        parcel = complete(Shipment(
            id=f"P-{number}-{count}", status="label created", carrier="An Lár Parcels", tracking_number=tracking,
            tracking_url=f"https://track.wrenfold.example/{tracking}", item_ids=items, instead_of=instead_of,
            contents=contents,
        ))  # fmt: skip
        parcels = tuple(changed(p, settled="sent again") if p.id == instead_of else p for p in order.shipments)
        self._put(order.id, shipments=(*parcels, parcel))
        return parcel
