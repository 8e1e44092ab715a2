"""The mutations that are sent. Each asks for little of what it changed: what an order is besides is read afterwards."""

from __future__ import annotations

from convagent.integrations.shopify.documents import LARGEST, MONEY, MORE, ORDER, PAGES, Operation

__all__ = ["MUTATIONS"]

_USER_ERRORS = "userErrors { field message }"
_CODED_ERRORS = "userErrors { field message code }"
_REFUND = f"id createdAt note totalRefundedSet {MONEY} transactions(first: 50) {{ nodes {{ status }} {MORE} }}"

MUTATIONS = (
    Operation(
        "CancelOrder", "mutation", f"{PAGES}/mutations/orderCancel",
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
        "CreateRefund", "mutation", f"{PAGES}/mutations/refundCreate",
        f"""mutation CreateRefund($input: RefundInput!, $key: String!) {{
  refundCreate(input: $input) @idempotent(key: $key) {{
    refund {{ {_REFUND} }}
    {_USER_ERRORS}
  }}
}}""", "refundCreate", "userErrors",
    ),
    Operation(
        "UpdateOrder", "mutation", f"{PAGES}/mutations/orderUpdate",
        f"""mutation UpdateOrder($input: OrderInput!) {{
  orderUpdate(input: $input) {{ order {{ ...OrderParts }} {_USER_ERRORS} }}
}}{ORDER}""", "orderUpdate", "userErrors",
    ),
    Operation(
        "BeginEdit", "mutation", f"{PAGES}/mutations/orderEditBegin",
        f"""mutation BeginEdit($id: ID!) {{
  orderEditBegin(id: $id) {{
    calculatedOrder {{
      id lineItems(first: {LARGEST}) {{ nodes {{ id quantity variant {{ id }} }} {MORE} }}
    }}
    {_USER_ERRORS}
  }}
}}""", "orderEditBegin", "userErrors",
    ),
    Operation(
        "SetQuantity", "mutation", f"{PAGES}/mutations/orderEditSetQuantity",
        f"""mutation SetQuantity($id: ID!, $lineItemId: ID!, $quantity: Int!, $restock: Boolean) {{
  orderEditSetQuantity(id: $id, lineItemId: $lineItemId, quantity: $quantity, restock: $restock) {{
    calculatedOrder {{ id }} {_USER_ERRORS}
  }}
}}""", "orderEditSetQuantity", "userErrors",
    ),
    Operation(
        "AddVariant", "mutation", f"{PAGES}/mutations/orderEditAddVariant",
        f"""mutation AddVariant($id: ID!, $variantId: ID!, $quantity: Int!) {{
  orderEditAddVariant(id: $id, variantId: $variantId, quantity: $quantity, allowDuplicates: true) {{
    calculatedOrder {{ id }} {_USER_ERRORS}
  }}
}}""", "orderEditAddVariant", "userErrors",
    ),
    Operation(
        "CommitEdit", "mutation", f"{PAGES}/mutations/orderEditCommit",
        f"""mutation CommitEdit($id: ID!, $notifyCustomer: Boolean, $staffNote: String) {{
  orderEditCommit(id: $id, notifyCustomer: $notifyCustomer, staffNote: $staffNote) {{
    order {{ ...OrderParts }} {_USER_ERRORS}
  }}
}}{ORDER}""", "orderEditCommit", "userErrors",
    ),
    Operation(
        "CreateReturn", "mutation", f"{PAGES}/mutations/returnCreate",
        f"""mutation CreateReturn($returnInput: ReturnInput!) {{
  returnCreate(returnInput: $returnInput) {{ return {{ id status }} {_CODED_ERRORS} }}
}}""", "returnCreate", "userErrors",
    ),
    Operation(
        "ProcessReturn", "mutation", f"{PAGES}/mutations/returnProcess",
        f"""mutation ProcessReturn($input: ReturnProcessInput!) {{
  returnProcess(input: $input) {{ return {{ id status }} {_CODED_ERRORS} }}
}}""", "returnProcess", "userErrors",
    ),
    Operation(
        "CreateDraft", "mutation", f"{PAGES}/mutations/draftOrderCreate",
        f"""mutation CreateDraft($input: DraftOrderInput!) {{
  draftOrderCreate(input: $input) {{ draftOrder {{ id name }} {_USER_ERRORS} }}
}}""", "draftOrderCreate", "userErrors",
    ),
    Operation(
        "CompleteDraft", "mutation", f"{PAGES}/mutations/draftOrderComplete",
        f"""mutation CompleteDraft($id: ID!) {{
  draftOrderComplete(id: $id) {{ draftOrder {{ id order {{ ...OrderParts }} }} {_USER_ERRORS} }}
}}{ORDER}""", "draftOrderComplete", "userErrors",
    ),
    Operation(
        "CreateDiscount", "mutation", f"{PAGES}/mutations/discountCodeBasicCreate",
        f"""mutation CreateDiscount($basicCodeDiscount: DiscountCodeBasicInput!) {{
  discountCodeBasicCreate(basicCodeDiscount: $basicCodeDiscount) {{ codeDiscountNode {{ id }} {_CODED_ERRORS} }}
}}""", "discountCodeBasicCreate", "userErrors",
    ),
    Operation(
        "CreateGiftCard", "mutation", f"{PAGES}/mutations/giftCardCreate",
        f"""mutation CreateGiftCard($input: GiftCardCreateInput!) {{
  giftCardCreate(input: $input) {{ giftCard {{ id }} giftCardCode {_CODED_ERRORS} }}
}}""", "giftCardCreate", "userErrors",
    ),
)  # fmt: skip
"""Every mutation."""
