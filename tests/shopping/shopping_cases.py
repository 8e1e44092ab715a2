"""Shopping requests on the demo shop's catalog, as the handlers of the acts get them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from convagent.catalog import Catalog
from convagent.catalog.knowing import SizeCharts
from convagent.guidance.wording import Wording
from convagent.shopping.asker import Asker
from convagent.shopping.case import ShoppingCase
from convagent.shopping.model import ActKind, Advice, ShoppingAct, ShoppingState
from convagent.shopping.rules import SellingRules
from convagent.shopping.wording import Sentences

__all__ = ["about", "at_work", "demo", "ids", "said"]

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 6, 20, 9, 30, tzinfo=UTC)


@cache
def demo() -> Catalog:
    """The demo shop's catalog."""
    return Catalog.from_file(ROOT / "knowledge" / "catalog" / "products.csv")


@cache
def charts() -> SizeCharts:
    """The demo shop's size charts."""
    return SizeCharts.from_folder(ROOT / "knowledge" / "catalog" / "size-charts")


def at_work(text: str, kind: ActKind, state: ShoppingState | None = None, *, language: str = "en") -> ShoppingCase:
    """A request with what its words name in full.

    Args:
        text: The shopper's words.
        kind: What they do.
        state: What is remembered; nothing without it.
        language: Language of the answer.
    """
    catalog = demo()
    wish = catalog.read_wish(text)
    named = tuple(found for each in (*wish.named, *wish.like) if (found := catalog.product(each)) is not None)
    kept = state or ShoppingState()
    asker = Asker(Sentences(Wording(language, NOW)), NOW)
    return ShoppingCase(
        catalog=catalog, text=text, act=ShoppingAct(kind, 0.9, kept.active), state=kept, asker=asker,
        rules=SellingRules(), named=named, charts=charts(),
    )  # fmt: skip


def about(product: str, *earlier: str) -> ShoppingState:
    """A conversation that is about a product, with what was said in it."""
    return ShoppingState(said=earlier, shown=(product,), seen=(product,), about=product)


def ids(advice: Advice) -> tuple[str, ...]:
    """What an advice shows."""
    return tuple(pick.product.id for pick in advice.picks)


def said(advice: Advice) -> str:
    """All that an advice says."""
    return "\n".join(map(str, (*advice.lines, *advice.after, advice.question)))
