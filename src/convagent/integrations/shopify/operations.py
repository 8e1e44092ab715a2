"""The GraphQL documents that are sent, each with the page and version of the documentation that it was written from.

None of them was verified against the live service: `verified` says so of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["API_VERSION", "OPERATIONS", "Operation"]

API_VERSION = "2026-07"
_PAGES = f"https://shopify.dev/docs/api/admin-graphql/{API_VERSION}"


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


_MONEY = "{ presentmentMoney { amount currencyCode } }"
_ORDER = f"""
fragment OrderParts on Order {{
  id name email createdAt cancelledAt cancelReason displayFulfillmentStatus displayFinancialStatus discountCodes note
  customer {{ id }}
  currentTotalPriceSet {_MONEY}
  subtotalPriceSet {_MONEY}
  totalShippingPriceSet {_MONEY}
  totalDiscountsSet {_MONEY}
  shippingAddress {{ name address1 address2 zip city provinceCode countryCodeV2 }}
  lineItems(first: 100) {{
    nodes {{ id name sku currentQuantity variantTitle product {{ id }} variant {{ id }} originalUnitPriceSet {_MONEY} }}
  }}
  fulfillments(first: 20) {{
    id displayStatus createdAt deliveredAt inTransitAt estimatedDeliveryAt
    trackingInfo(first: 1) {{ company number url }}
    fulfillmentLineItems(first: 100) {{ nodes {{ lineItem {{ id }} }} }}
  }}
  refunds(first: 20) {{ id createdAt note totalRefundedSet {_MONEY} }}
  returns(first: 20) {{ nodes {{ id status }} }}
}}"""
_VARIANT = "id sku title price inventoryQuantity availableForSale barcode selectedOptions { name value }"
_PRODUCT = f"""
fragment ProductParts on Product {{
  id title handle vendor productType description tags status onlineStoreUrl
  options {{ name }}
  variants(first: 100) {{ nodes {{ {_VARIANT} }} }}
}}"""
_USER_ERRORS = "userErrors { field message }"
_CODED_ERRORS = "userErrors { field message code }"

_ALL = (
    Operation(
        "FindOrders", "query", f"{_PAGES}/queries/orders",
        f"""query FindOrders($query: String!, $first: Int!) {{
  orders(first: $first, query: $query, sortKey: CREATED_AT, reverse: true) {{ nodes {{ ...OrderParts }} }}
}}{_ORDER}""", "orders",
    ),
    Operation(
        "ReadOrder", "query", f"{_PAGES}/queries/order",
        f"query ReadOrder($id: ID!) {{ order(id: $id) {{ ...OrderParts }} }}{_ORDER}", "order",
    ),
    Operation(
        "FindCustomers", "query", f"{_PAGES}/queries/customers",
        """query FindCustomers($query: String!) {
  customers(first: 2, query: $query) {
    nodes { id firstName lastName locale tags createdAt defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }
  }
}""", "customers",
    ),
    Operation(
        "FindProducts", "query", f"{_PAGES}/queries/products",
        f"""query FindProducts($query: String!, $first: Int!) {{
  shop {{ currencyCode }}
  products(first: $first, query: $query) {{ nodes {{ ...ProductParts }} }}
}}{_PRODUCT}""", "products",
    ),
    Operation(
        "ReadVariant", "query", f"{_PAGES}/queries/productVariant",
        f"""query ReadVariant($id: ID!) {{
  shop {{ currencyCode }}
  productVariant(id: $id) {{ {_VARIANT} inventoryItem {{ tracked }} }}
}}""", "productVariant",
    ),
    Operation(
        "ReadShop", "query", f"{_PAGES}/queries/shop", "query ReadShop { shop { currencyCode } }", "shop",
    ),
    Operation(
        "ReadJob", "query", f"{_PAGES}/queries/job", "query ReadJob($id: ID!) { job(id: $id) { id done } }", "job",
    ),
    Operation(
        "ReadTransactions", "query", f"{_PAGES}/objects/OrderTransaction",
        """query ReadTransactions($id: ID!) {
  order(id: $id) {
    id
    transactions(first: 50) { id kind status gateway maximumRefundableV2 { amount currencyCode } }
  }
}""", "order",
    ),
    Operation(
        "ReadReturnable", "query", f"{_PAGES}/queries/returnableFulfillments",
        """query ReadReturnable($id: ID!) {
  returnableFulfillments(orderId: $id, first: 20) {
    nodes { id returnableFulfillmentLineItems(first: 100) { nodes { quantity fulfillmentLineItem { id lineItem { id } } } } }
  }
}""", "returnableFulfillments",
    ),
    Operation(
        "CancelOrder", "mutation", f"{_PAGES}/mutations/orderCancel",
        """mutation CancelOrder(
  $orderId: ID!, $refundMethod: OrderCancelRefundMethodInput!, $restock: Boolean!, $reason: OrderCancelReason!,
  $notifyCustomer: Boolean, $staffNote: String
) {
  orderCancel(
    orderId: $orderId, refundMethod: $refundMethod, restock: $restock, reason: $reason, notifyCustomer: $notifyCustomer,
    staffNote: $staffNote
  ) { job { id done } orderCancelUserErrors { field message code } }
}""", "orderCancel", "orderCancelUserErrors",
    ),
    Operation(
        "CreateRefund", "mutation", f"{_PAGES}/mutations/refundCreate",
        f"""mutation CreateRefund($input: RefundInput!, $key: String!) {{
  refundCreate(input: $input) @idempotent(key: $key) {{
    refund {{ id createdAt note totalRefundedSet {_MONEY} }}
    {_USER_ERRORS}
  }}
}}""", "refundCreate", "userErrors",
    ),
    Operation(
        "UpdateOrder", "mutation", f"{_PAGES}/mutations/orderUpdate",
        f"""mutation UpdateOrder($input: OrderInput!) {{
  orderUpdate(input: $input) {{ order {{ ...OrderParts }} {_USER_ERRORS} }}
}}{_ORDER}""", "orderUpdate", "userErrors",
    ),
    Operation(
        "BeginEdit", "mutation", f"{_PAGES}/mutations/orderEditBegin",
        f"""mutation BeginEdit($id: ID!) {{
  orderEditBegin(id: $id) {{
    calculatedOrder {{ id lineItems(first: 100) {{ nodes {{ id quantity variant {{ id }} }} }} }}
    {_USER_ERRORS}
  }}
}}""", "orderEditBegin", "userErrors",
    ),
    Operation(
        "SetQuantity", "mutation", f"{_PAGES}/mutations/orderEditSetQuantity",
        f"""mutation SetQuantity($id: ID!, $lineItemId: ID!, $quantity: Int!, $restock: Boolean) {{
  orderEditSetQuantity(id: $id, lineItemId: $lineItemId, quantity: $quantity, restock: $restock) {{
    calculatedOrder {{ id }} {_USER_ERRORS}
  }}
}}""", "orderEditSetQuantity", "userErrors",
    ),
    Operation(
        "AddVariant", "mutation", f"{_PAGES}/mutations/orderEditAddVariant",
        f"""mutation AddVariant($id: ID!, $variantId: ID!, $quantity: Int!) {{
  orderEditAddVariant(id: $id, variantId: $variantId, quantity: $quantity, allowDuplicates: true) {{
    calculatedOrder {{ id }} {_USER_ERRORS}
  }}
}}""", "orderEditAddVariant", "userErrors",
    ),
    Operation(
        "CommitEdit", "mutation", f"{_PAGES}/mutations/orderEditCommit",
        f"""mutation CommitEdit($id: ID!, $notifyCustomer: Boolean, $staffNote: String) {{
  orderEditCommit(id: $id, notifyCustomer: $notifyCustomer, staffNote: $staffNote) {{
    order {{ ...OrderParts }} {_USER_ERRORS}
  }}
}}{_ORDER}""", "orderEditCommit", "userErrors",
    ),
    Operation(
        "CreateReturn", "mutation", f"{_PAGES}/mutations/returnCreate",
        f"""mutation CreateReturn($returnInput: ReturnInput!) {{
  returnCreate(returnInput: $returnInput) {{ return {{ id status }} {_CODED_ERRORS} }}
}}""", "returnCreate", "userErrors",
    ),
    Operation(
        "CreateDraft", "mutation", f"{_PAGES}/mutations/draftOrderCreate",
        f"""mutation CreateDraft($input: DraftOrderInput!) {{
  draftOrderCreate(input: $input) {{ draftOrder {{ id name }} {_USER_ERRORS} }}
}}""", "draftOrderCreate", "userErrors",
    ),
    Operation(
        "CompleteDraft", "mutation", f"{_PAGES}/mutations/draftOrderComplete",
        f"""mutation CompleteDraft($id: ID!) {{
  draftOrderComplete(id: $id) {{ draftOrder {{ id order {{ ...OrderParts }} }} {_USER_ERRORS} }}
}}{_ORDER}""", "draftOrderComplete", "userErrors",
    ),
    Operation(
        "CreateDiscount", "mutation", f"{_PAGES}/mutations/discountCodeBasicCreate",
        f"""mutation CreateDiscount($basicCodeDiscount: DiscountCodeBasicInput!) {{
  discountCodeBasicCreate(basicCodeDiscount: $basicCodeDiscount) {{ codeDiscountNode {{ id }} {_CODED_ERRORS} }}
}}""", "discountCodeBasicCreate", "userErrors",
    ),
    Operation(
        "CreateGiftCard", "mutation", f"{_PAGES}/mutations/giftCardCreate",
        f"""mutation CreateGiftCard($input: GiftCardCreateInput!) {{
  giftCardCreate(input: $input) {{ giftCard {{ id }} giftCardCode {_CODED_ERRORS} }}
}}""", "giftCardCreate", "userErrors",
    ),
)  # fmt: skip

OPERATIONS = {operation.name: operation for operation in _ALL}
"""Every document by its name."""
