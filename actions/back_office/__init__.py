"""Wrenfold's back office: look-ups and actions over an in-memory copy of `back_office/*.json`.

A real shop calls its own systems here; the declarations stay as they are. What may be done is settled by the guides; every
write checks the shop's rules once more, because this is the last door before something happens.
"""

from __future__ import annotations

from pathlib import Path

from .accounts import Accounts
from .goods import Goods
from .parcels import Parcels
from .pending import PendingOrders
from .returning import Returning
from .small import SmallThings
from .subscriptions import Subscriptions

__all__ = ["BackOffice", "actions"]


def actions(shop_folder: Path) -> BackOffice:
    """The back office of the shop in this folder."""
    return BackOffice.from_folder(shop_folder)


class BackOffice(Accounts, Goods, PendingOrders, Parcels, Returning, SmallThings, Subscriptions):
    """What the shop's own systems know, and what they can do. One copy for each agent; threads may share it."""
