"""What the shop says of a product itself, before an article about many or an order has to be looked at."""

from __future__ import annotations

from convagent.catalog.knowing.facts_read import said_facts, yes_or_no
from convagent.facts import Product
from convagent.shopping.details import fields_that_answer
from convagent.shopping.hearing import asks_whether_anew, buys_regularly, is_of_an_order, puts_a_return

__all__ = ["says_it_itself", "tells"]


def says_it_itself(text: str, product: Product) -> bool:
    """Whether what somebody who has a product, or would have it, asks is answered by a field of its own.

    Whether it needs replacing by how it is cared for, whether it may come back by its being sold for good, whether it costs
    less when it is bought again and again by its subscription.

    Args:
        text: A shopper's words.
        product: The product that they are about.
    """
    if is_of_an_order(text):  # what is wrong with an order is put right, and not only told about
        return False
    facts = dict(said_facts(product))
    if asks_whether_anew(text):
        return "care" in facts
    if puts_a_return(text):
        return yes_or_no(facts.get("final_sale", "")) is True
    return "subscription" in facts and buys_regularly(text)


def tells(text: str, product: Product) -> bool:
    """Whether a product has a field that answers a question.

    Args:
        text: A shopper's words.
        product: The product that they are about.
    """
    return bool(fields_that_answer(text, dict(said_facts(product)), title=product.title))
