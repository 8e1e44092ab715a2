"""A shop with a guide to edit, and one editor for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.guidance_editor.client import Editor

from convagent.cli.init import new_shop

GUIDE = """# Send it back

When the customer asks to return something:
- "I want to send it back"
- "return this please"
- "🎈 take it back"
- not "where is my return"

It seems "the customer is in a hurry":
- "as fast as you can"
- "I leave tomorrow"
- "quick please"

1. Need customer
1. Need order: one of customer.orders
1. Let dear be order.items where its price > 50 EUR
1. If order.status is "shipped":
   - say "🎈🎈 {{ order.id }} is on its way, worth {{ order.total | money }}."
1. If it seems "the customer is in a hurry":
   - hand over to "care" urgently because customer_request
1. If dear is not empty:
   - go to "Cancel an order"
1. confirm "Shall I cancel {{ order.id }}?"
1. do cancel_order with order = order.id
1. say
   > {{ order.id }} is cancelled.
   > These were dear: {{ dear | list }}.
"""


@pytest.fixture(scope="module")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new shop with one more guide."""
    folder = tmp_path_factory.mktemp("editing") / "shop"
    new_shop(folder, name="Test shop")
    (folder / "guidance" / "mine.md").write_text(GUIDE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    """A running language server."""
    pytest.importorskip(
        "pygls", reason="the language server's library isn't installed: pip install 'convagent[editor]'"
    )
    with Editor() as session:
        yield session
