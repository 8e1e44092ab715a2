"""What the GraphQL documents are made of: what one says of itself, and the parts that several of them share.

Shopify refuses a request that asks for more than 1,000 points, reckoned before it is run from the sizes that it asks for,
whatever the shop holds. So no document asks for much: what is longer than its first page is read on by `paging`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "API_VERSION", "HEADERS", "LARGEST", "LINES", "MONEY", "MORE", "ORDER", "PAGES", "PARCEL", "PARCELS", "REFUND", "REFUNDS",
    "Operation",
]  # fmt: skip

API_VERSION = "2026-07"
PAGES = f"https://shopify.dev/docs/api/admin-graphql/{API_VERSION}"
"""Where the reference of this version stands."""
LARGEST = 250
"""Records of a page, by the documentation."""
PARCELS = 10
"""Parcels that come with an order. A list without cursors that is as long as was asked for may be longer."""
REFUNDS = 10
"""Refunds that come with an order."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One document.

    Attributes:
        name: Of the document's operation.
        kind: Whether it changes something.
        documentation: The page that it was written from.
        document: In GraphQL.
        field: The field of `data` that holds its payload.
        errors: The field of the payload that holds user errors; empty for queries.
        api_version: Of the Admin API.
        verified: Whether it was tried against the live service.
    """

    name: str
    kind: Literal["query", "mutation"]
    documentation: str
    document: str
    field: str
    errors: str = ""
    api_version: str = API_VERSION
    verified: bool = False


MORE = "pageInfo { hasNextPage endCursor }"
"""Whether a connection goes on, and where."""
MONEY = "{ presentmentMoney { amount currencyCode } }"
LINES = (
    "nodes { id name sku currentQuantity variantTitle product { id } variant { id } "
    f"originalUnitPriceSet {MONEY} }} {MORE}"
)
"""Lines of an order."""
PARCEL = "id displayStatus createdAt deliveredAt inTransitAt estimatedDeliveryAt trackingInfo(first: 1) { company number url }"
"""A parcel but for what is in it."""
REFUND = f"id createdAt note totalRefundedSet {MONEY}"
_HEADER = f"""id name email createdAt cancelledAt cancelReason displayFulfillmentStatus displayFinancialStatus discountCodes note
  customer {{ id }}
  currentTotalPriceSet {MONEY}
  subtotalPriceSet {MONEY}
  totalShippingPriceSet {MONEY}
  totalDiscountsSet {MONEY}
  shippingAddress {{ name address1 address2 zip city provinceCode countryCodeV2 }}"""
HEADERS = f"""
fragment OrderHeader on Order {{
  {_HEADER}
  fulfillments(first: {PARCELS}) {{ id displayStatus deliveredAt }}
}}"""
"""An order without its lines: enough to tell where it stands."""
ORDER = f"""
fragment OrderParts on Order {{
  {_HEADER}
  lineItems(first: 50) {{ {LINES} }}
  fulfillments(first: {PARCELS}) {{
    {PARCEL}
    fulfillmentLineItems(first: 10) {{ nodes {{ lineItem {{ id }} }} {MORE} }}
  }}
  refunds(first: {REFUNDS}) {{ {REFUND} }}
  returns(first: 10) {{ nodes {{ id status }} {MORE} }}
}}"""
"""An order with the first of everything; `paging.whole` reads the rest."""
