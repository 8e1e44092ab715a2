"""The queries that are sent, each with the page of the documentation that it was written from.

Where a query takes `after`, it reads on what another one began.
"""

from __future__ import annotations

from convagent.integrations.shopify.documents import (
    HEADERS,
    LARGEST,
    LINES,
    MONEY,
    MORE,
    ORDER,
    PAGES,
    PARCEL,
    REFUND,
    Operation,
)  # fmt: skip

__all__ = ["QUERIES"]

_VARIANT = "id sku title price inventoryQuantity availableForSale barcode selectedOptions { name value }"
_PRODUCT = f"""
fragment ProductParts on Product {{
  id title handle vendor productType description tags status onlineStoreUrl
  options {{ name }}
  variants(first: 25) {{ nodes {{ {_VARIANT} }} {MORE} }}
}}"""
_RETURNABLE = "nodes { quantity fulfillmentLineItem { id lineItem { id } } }"

QUERIES = (
    Operation(
        "FindOrder", "query", f"{PAGES}/queries/orders",
        """query FindOrder($query: String!) {
  orders(first: 25, query: $query, sortKey: CREATED_AT, reverse: true) { nodes { id name } pageInfo { hasNextPage } }
}""", "orders",
    ),
    Operation(
        "FindOrders", "query", f"{PAGES}/queries/orders",
        f"""query FindOrders($query: String!, $after: String) {{
  orders(first: 25, after: $after, query: $query, sortKey: CREATED_AT, reverse: true) {{
    nodes {{ ...OrderHeader }} {MORE}
  }}
}}{HEADERS}""", "orders",
    ),
    Operation(
        "ReadOrder", "query", f"{PAGES}/queries/order",
        f"query ReadOrder($id: ID!) {{ order(id: $id) {{ ...OrderParts }} }}{ORDER}", "order",
    ),
    Operation(
        "ReadOrderLines", "query", f"{PAGES}/queries/order",
        f"""query ReadOrderLines($id: ID!, $after: String) {{
  order(id: $id) {{ id lineItems(first: 150, after: $after) {{ {LINES} }} }}
}}""", "order",
    ),
    Operation(
        "ReadOrderReturns", "query", f"{PAGES}/queries/order",
        f"""query ReadOrderReturns($id: ID!, $after: String) {{
  order(id: $id) {{ id returns(first: {LARGEST}, after: $after) {{ nodes {{ id status }} {MORE} }} }}
}}""", "order",
    ),
    Operation(
        "ReadParcels", "query", f"{PAGES}/objects/Fulfillment",
        f"query ReadParcels($id: ID!) {{ order(id: $id) {{ id fulfillments(first: {LARGEST}) {{ {PARCEL} }} }} }}", "order",
    ),
    Operation(
        "ReadParcelLines", "query", f"{PAGES}/objects/Fulfillment",
        f"""query ReadParcelLines($id: ID!, $after: String) {{
  fulfillment(id: $id) {{
    id fulfillmentLineItems(first: {LARGEST}, after: $after) {{ nodes {{ lineItem {{ id }} }} {MORE} }}
  }}
}}""", "fulfillment",
    ),
    Operation(
        "ReadRefunds", "query", f"{PAGES}/objects/Refund",
        f"query ReadRefunds($id: ID!) {{ order(id: $id) {{ id refunds(first: {LARGEST}) {{ {REFUND} }} }} }}", "order",
    ),
    Operation(
        "ReadRefund", "query", f"{PAGES}/objects/Refund",
        f"""query ReadRefund($id: ID!) {{
  refund(id: $id) {{ {REFUND} transactions(first: 50) {{ nodes {{ status }} {MORE} }} }}
}}""", "refund",
    ),
    Operation(
        "FindCustomers", "query", f"{PAGES}/queries/customers",
        """query FindCustomers($query: String!) {
  customers(first: 2, query: $query) {
    nodes { id firstName lastName locale tags createdAt defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }
  }
}""", "customers",
    ),
    Operation(
        "FindProducts", "query", f"{PAGES}/queries/products",
        f"""query FindProducts($query: String!) {{
  shop {{ currencyCode }}
  products(first: 10, query: $query) {{ nodes {{ ...ProductParts }} }}
}}{_PRODUCT}""", "products",
    ),
    Operation(
        "ReadVariants", "query", f"{PAGES}/queries/product",
        f"""query ReadVariants($id: ID!, $after: String) {{
  product(id: $id) {{ id variants(first: {LARGEST}, after: $after) {{ nodes {{ {_VARIANT} }} {MORE} }} }}
}}""", "product",
    ),
    Operation(
        "ReadVariant", "query", f"{PAGES}/queries/productVariant",
        f"""query ReadVariant($id: ID!) {{
  shop {{ currencyCode }}
  productVariant(id: $id) {{ {_VARIANT} inventoryItem {{ tracked }} }}
}}""", "productVariant",
    ),
    Operation(
        "ReadShop", "query", f"{PAGES}/queries/shop", "query ReadShop { shop { currencyCode } }", "shop",
    ),
    Operation(
        "ReadJob", "query", f"{PAGES}/queries/job", "query ReadJob($id: ID!) { job(id: $id) { id done } }", "job",
    ),
    Operation(
        "ReadTransactions", "query", f"{PAGES}/objects/OrderTransaction",
        f"""query ReadTransactions($id: ID!) {{
  order(id: $id) {{
    id
    transactions(first: {LARGEST}) {{ id kind status gateway maximumRefundableV2 {{ amount currencyCode }} }}
  }}
}}""", "order",
    ),
    Operation(
        "ReadSuggestedRefund", "query", f"{PAGES}/objects/SuggestedRefund",
        f"""query ReadSuggestedRefund($id: ID!, $refundLineItems: [RefundLineItemInput!], $refundShipping: Boolean) {{
  order(id: $id) {{
    id
    lineItems(first: 100) {{ nodes {{ id refundableQuantity }} {MORE} }}
    suggestedRefund(
      refundLineItems: $refundLineItems, refundShipping: $refundShipping, suggestFullRefund: false,
      refundMethodAllocation: ORIGINAL_PAYMENT_METHODS
    ) {{
      amountSet {MONEY}
      refundLineItems {{ quantity restockType lineItem {{ id }} location {{ id }} }}
      suggestedTransactions {{ gateway amountSet {MONEY} parentTransaction {{ id }} }}
    }}
  }}
}}""", "order",
    ),
    Operation(
        "ReadRefundable", "query", f"{PAGES}/objects/Order",
        f"""query ReadRefundable($id: ID!, $after: String) {{
  order(id: $id) {{ id lineItems(first: {LARGEST}, after: $after) {{ nodes {{ id refundableQuantity }} {MORE} }} }}
}}""", "order",
    ),
    Operation(
        "ReadReturnReasons", "query", f"{PAGES}/queries/returnReasonDefinitions",
        """query ReadReturnReasons($handles: [String!]) {
  returnReasonDefinitions(first: 2, handles: $handles) { nodes { id handle name deleted } }
}""", "returnReasonDefinitions",
    ),
    Operation(
        "ReadReturn", "query", f"{PAGES}/queries/return",
        f"""query ReadReturn($id: ID!) {{
  return(id: $id) {{
    id status order {{ id }}
    returnLineItems(first: 50) {{
      nodes {{ id quantity processableQuantity ... on ReturnLineItem {{ fulfillmentLineItem {{ id }} }} }} {MORE}
    }}
    exchangeLineItems(first: 50) {{ nodes {{ id processableQuantity }} {MORE} }}
    reverseFulfillmentOrders(first: 5) {{
      nodes {{ id status lineItems(first: 50) {{ nodes {{ id totalQuantity fulfillmentLineItem {{ id }} }} {MORE} }} }} {MORE}
    }}
  }}
}}""", "return",
    ),
    Operation(
        "ReadReturnable", "query", f"{PAGES}/queries/returnableFulfillments",
        f"""query ReadReturnable($id: ID!, $after: String) {{
  returnableFulfillments(orderId: $id, first: 10, after: $after) {{
    nodes {{ id returnableFulfillmentLineItems(first: 25) {{ {_RETURNABLE} {MORE} }} }} {MORE}
  }}
}}""", "returnableFulfillments",
    ),
    Operation(
        "ReadReturnableLines", "query", f"{PAGES}/queries/returnableFulfillment",
        f"""query ReadReturnableLines($id: ID!, $after: String) {{
  returnableFulfillment(id: $id) {{
    id returnableFulfillmentLineItems(first: {LARGEST}, after: $after) {{ {_RETURNABLE} {MORE} }}
  }}
}}""", "returnableFulfillment",
    ),
)  # fmt: skip
"""Every query."""
