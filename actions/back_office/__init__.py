"""Wrenfold's back office: look-ups and actions over an in-memory copy of `back_office/*.json`.

A real shop calls its own systems here; the declarations stay as they are. What may be done is settled by the guides; every
write checks the shop's rules once more, because this is the last door before something happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .accounts import Accounts
from .goods import Goods
from .parcels import Parcels
from .pending import PendingOrders
from .returning import Returning
from .selling import Selling
from .small import SmallThings
from .subscriptions import Subscriptions

__all__ = ["BackOffice", "actions"]


def actions(shop_folder: Path, state: Mapping[str, Any] | None = None) -> BackOffice:
    """The back office of the shop in this folder.

    Args:
        shop_folder: The shop's.
        state: Of an evaluation: records of customers, orders, subscriptions, returns by their id, laid over the files';
            products in the place of the catalog's.
    """
    return BackOffice.from_folder(shop_folder, state=state)


class BackOffice(Accounts, Goods, PendingOrders, Parcels, Returning, Selling, SmallThings, Subscriptions):
    """What the shop's own systems know, and what they can do. One copy for each agent; threads may share it."""
