"""The ways of parcels: when they leave, how long they take, what the last scan says at the demo's moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from tools.demo_shop.cast_source import OrderSource, ParcelSource
from tools.demo_shop.shop_calendar import DUBLIN, NOW, add_working_days, is_working_day, leaves_on
from tools.demo_shop.variants import seeded

__all__ = ["METHOD_DAYS", "parcels_of", "shipping_method"]

METHOD_DAYS = {"standard IE": (2, 4), "standard EU": (3, 6), "express": (1, 2), "two-person delivery": (5, 10)}
"""Working days from leaving to arriving, least and most, as the help centre promises them."""

_CARRIERS = {"express": "An Lár Express", "two-person delivery": "Four Hands Haulage", "standard": "An Lár Parcels"}
_ISLAND = ("IE", "GB")
"""Northern Ireland lies on the island: its parcels pass the same depots, though they are promised the EU's days."""
_ENGRAVING_DAYS = 3
_PACKED_FROM = time(7, 30)
"""Orders placed before this hour of the demo's day are being packed already."""
_SCANS_AT_HOME = (
    "Sorted in Dublin",
    "Arrived at the Athlone depot",
    "Arrived at the Limerick depot",
    "Loaded in Dublin",
)
_SCANS_ABROAD = (
    "On the ferry to Cherbourg",
    "Left Ireland",
    "Arrived at the hub in Liège",
    "Handed to the local carrier",
)


def shipping_method(order: OrderSource, *, furniture: bool, gift_card: bool) -> str:
    """How an order travels: by e-mail, by two people, by express, or the usual way."""
    if gift_card:
        return "e-mail"
    if furniture:
        return "two-person delivery"
    return "express" if order.express else "standard"


def parcels_of(
    number: int, order: OrderSource, item_ids: Sequence[str], *, method: str, country: str, engraved: bool
) -> list[dict[str, Any]]:
    """The parcels of an order as `facts.Shipment` reads them: those that are told, or the one that follows from the rules.

    A cancelled order, one that was placed this morning and a gift card have none.
    """
    if order.cancelled or method == "e-mail":
        return []
    making = _ENGRAVING_DAYS if engraved else 0
    leaves = leaves_on(order.placed, making_days=making)
    told = order.parcels or ([_delivered_parcel(order, len(item_ids))] if order.delivered else [])
    if told:
        return [
            _told_parcel(number, place, parcel, item_ids, method=method, country=country, leaves=leaves, of=len(told))
            for place, parcel in enumerate(told, start=1)
        ]
    return _natural_parcel(number, order, item_ids, method=method, country=country, leaves=leaves)


def _delivered_parcel(order: OrderSource, items: int) -> ParcelSource:
    delivered = order.delivered or NOW
    return ParcelSource(
        items=tuple(range(1, items + 1)),
        status="delivered",
        delivered=delivered,
        scan=(delivered, "Handed over in person"),
    )


def _told_parcel(
    number: int,
    place: int,
    parcel: ParcelSource,
    item_ids: Sequence[str],
    *,
    method: str,
    country: str,
    leaves: date,
    of: int,
) -> dict[str, Any]:
    shipment = _label(number, place, method=method, item_ids=[item_ids[item - 1] for item in parcel.items])
    shipment |= {
        "status": parcel.status,
        "expected_on": parcel.expected or add_working_days(leaves, _days(method, country)[1]),
    }
    if parcel.scan:
        shipment |= {
            "shipped_at": parcel.shipped or _at(leaves, 16, number + place),
            "last_scan_at": parcel.scan[0],
            "last_scan": parcel.scan[1],
        }
    if parcel.delivered:
        shipment["delivered_at"] = parcel.delivered
    if of > 1:
        shipment["parcel"] = f"{place} of {of}"
    return shipment


def _natural_parcel(
    number: int, order: OrderSource, item_ids: Sequence[str], *, method: str, country: str, leaves: date
) -> list[dict[str, Any]]:
    shipped_at = _at(leaves, 16, number)
    shipment = _label(number, 1, method=method, item_ids=list(item_ids))
    if shipped_at > NOW:
        in_the_queue = order.placed >= datetime.combine(NOW.date(), _PACKED_FROM, DUBLIN)
        return [] if in_the_queue else [shipment | {"status": "label created"}]
    least, most = _days(method, country)
    arrives = _at(add_working_days(leaves, least + seeded("days", str(number)) % (most - least + 1)), 9, number * 7)
    shipment |= {"shipped_at": shipped_at, "expected_on": add_working_days(leaves, most)}
    if arrives <= NOW:
        scan = {"last_scan_at": arrives, "last_scan": "Handed over in person"}
        return [shipment | {"status": "delivered", "delivered_at": arrives} | scan]
    if arrives.date() == NOW.date():
        this_morning = datetime.combine(NOW.date(), time(7, 50 + number % 10), DUBLIN)
        scan = {"last_scan_at": this_morning, "last_scan": "On the van"}
        return [shipment | {"status": "out for delivery", "expected_on": NOW.date()} | scan]
    return [shipment | {"status": "in transit"} | _scan_on_the_way(number, shipped_at, country)]


def _scan_on_the_way(number: int, shipped_at: datetime, country: str) -> dict[str, Any]:
    """The last scan before the demo's moment: on the evening of the last working day, else when the parcel left."""
    day = NOW.date() - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    scanned = _at(day, 19, number * 3)
    if scanned <= shipped_at:
        return {"last_scan_at": shipped_at, "last_scan": "Left Quiet Lane"}
    scans = _SCANS_AT_HOME if country in _ISLAND else _SCANS_ABROAD
    return {"last_scan_at": scanned, "last_scan": scans[seeded("scan", str(number)) % len(scans)]}


def _label(number: int, place: int, *, method: str, item_ids: list[str]) -> dict[str, Any]:
    tracking = f"AL{number}{place}{seeded('tracking', str(number), str(place)) % 10**6:06d}"
    return {
        "id": f"P-{number}-{place}",
        "carrier": _CARRIERS[method],
        "tracking_number": tracking,
        "tracking_url": f"https://track.wrenfold.example/{tracking}",
        "item_ids": item_ids,
    }


def _days(method: str, country: str) -> tuple[int, int]:
    return METHOD_DAYS[f"standard {'IE' if country == 'IE' else 'EU'}" if method == "standard" else method]


def _at(day: date, hour: int, seed: int) -> datetime:
    """A moment on a day within the hour and a half (or, from nine in the morning, the working day) after `hour`."""
    span = 7 * 60 if hour < 12 else 90
    minutes = hour * 60 + seeded("minute", str(seed), str(day)) % span
    return datetime.combine(day, time(minutes // 60, minutes % 60), DUBLIN)
