"""Look-ups and actions of this shop. Guidance can name what is declared here, and nothing else.

The orders below are an example that lets you try the guides at once: call your own systems instead.
"""

from convagent.actions import ActionFailedError, action
from convagent.facts import Customer, Order

ORDERS = {
    "#10042": {"id": "#10042", "email": "ada@example.com", "status": "shipped", "total": "59.00 EUR"},
    "#10043": {"id": "#10043", "email": "ada@example.com", "status": "pending", "total": "24.90 EUR"},
}


@action(kind="lookup", proves=True)
def find_customer(email: str, order_number: str) -> Customer | None:
    """The customer who placed an order, when number and e-mail address belong together.

    Args:
        email: The customer's e-mail address.
        order_number: One of their order numbers.
    """
    order = ORDERS.get(f"#{order_number.lstrip('#')}")
    if order is None or order["email"].casefold() != email.casefold():
        return None
    own = [Order.model_validate(each) for each in ORDERS.values() if each["email"] == order["email"]]
    return Customer(id=order["email"], email=order["email"], verification="verified", orders=tuple(own))


@action(kind="write", own={"order": "orders"})
def cancel_order(order: str) -> None:
    """Cancels an order that has not been packed.

    Args:
        order: The order's number.
    """
    if ORDERS[order]["status"] != "pending":
        raise ActionFailedError(f"{order} is {ORDERS[order]['status']}")
    ORDERS[order]["status"] = "cancelled"
