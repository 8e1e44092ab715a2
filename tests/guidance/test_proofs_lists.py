"""Sorted lists, texts within texts and picks on separate ways: what really happens is never ruled out by what is reckoned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.guidance.test_proofs import NEVER, VOCABULARY, codes, kernel_of, proven

from convagent.facts import Money, Order, Shipment
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.evaluate import Names, evaluate, truth
from convagent.guidance.language import expressions as ex
from convagent.guidance.values import UNKNOWN, normal

pytest.importorskip("z3", reason="proofs need the extra `prove`")

import z3  # type: ignore[import-untyped]

from convagent.guidance.proofs.paths import SymbolicReading
from convagent.guidance.proofs.symbols import Symbols

ZONE = ZoneInfo("Europe/Dublin")
NOON = datetime(2026, 6, 1, 12, tzinfo=ZONE)
LETS = (
    '1. Let gone be order.shipments where its status is "delivered" by its delivered_at\n'
    '1. Let late be first of order.shipments where its status is "delivered" by its delivered_at descending\n'
    "1. Let early be last of gone\n"
)
ASKED = (
    "late is none", 'late.carrier is "UPS"', 'early.carrier is "DHL"', "late.carrier is early.carrier", "gone is empty",
    "count of gone > 1", 'any of gone where its carrier is "UPS"', 'order.note contains "gift"',
    'not (order.note contains "wrap")',
)  # fmt: skip


def shipments() -> st.SearchStrategy[list[tuple[str, int, str]]]:
    status, carrier = st.sampled_from(["delivered", "in transit"]), st.sampled_from(["UPS", "DHL"])
    return st.lists(st.tuples(status, st.integers(0, 2), carrier), max_size=4)


def said_of(symbols: Symbols, order: Order) -> list[Any]:
    """That the solver's order is this one, as far as its parcels and its note go."""
    leaves = {key: leaf.symbol for key, leaf in symbols.leaves.items()}
    out = [each for key in ("fact:order", "fact:order.shipments") if key in leaves for each in _there(leaves[key])]
    if "fact:order.shipments" in leaves:
        out.append(z3.Int("fact:order.shipments length") == len(order.shipments or ()))
    for place, parcel in enumerate(order.shipments or ()):
        assert parcel.delivered_at is not None
        told = {
            "status": symbols.word(parcel.status), "carrier": symbols.word(parcel.carrier or ""),
            "delivered_at": int(parcel.delivered_at.replace(tzinfo=UTC).timestamp()),
        }  # fmt: skip
        for name, value in told.items():
            if (symbol := leaves.get(f"fact:order.shipments[{place}].{name}")) is not None:
                out += [*_there(symbol), symbol.term == value]
    if (note := leaves.get("fact:order.note")) is not None:
        out += [*_there(note), note.term == symbols.word(order.note or "")]
    return out


def _there(symbol: Any) -> list[Any]:
    return [symbol.known, z3.Not(symbol.none)]


@given(shipments(), st.sampled_from(ASKED), st.sampled_from(ASKED), st.sampled_from(["gift", "gift wrap", "soon"]))
@settings(max_examples=150)
def test_what_the_evaluator_says_of_an_order_is_possible_to_the_solver(
    parcels: list[tuple[str, int, str]], one: str, other: str, note: str
) -> None:
    order = Order(
        id="#1", status="shipped", placed_at=NOON, items=(), total=Money(minor=1, currency="EUR"), note=note,
        shipments=tuple(
            Shipment(id=f"s{n}", status=status, carrier=carrier, delivered_at=NOON + timedelta(days=day))
            for n, (status, day, carrier) in enumerate(parcels)
        ),
    )  # fmt: skip
    kernel = kernel_of(f'{LETS}1. If ({one}) and ({other}):\n   - say "a"\n')
    symbols = Symbols(VOCABULARY, "EUR")
    (branch,) = SymbolicReading(kernel.guides[0], kernel, symbols).branches
    known: dict[str, Any] = {"order": normal(order)}
    names = Names(lambda name: known.get(name, UNKNOWN), NOON)
    for let in kernel.guides[0].body[:3]:
        assert isinstance(let, k.Let)
        assert isinstance(let.value, ex.Expression)
        known[let.name] = evaluate(let.value, names)
    statement = kernel.guides[0].body[3]
    assert isinstance(statement, k.If)
    assert statement.condition is not None
    value = truth(evaluate(statement.condition, names))
    held = (
        branch.holds
        if value is True
        else branch.closed
        if value is False
        else z3.Not(z3.Or(branch.holds, branch.closed))
    )
    solver = z3.SimpleSolver()
    solver.add(held, *symbols.demands, *said_of(symbols, order))
    assert str(solver.check()) == "sat", (value, parcels)


# ---- what is found and what is proven of them
SORTED = (
    '1. Let late be first of order.shipments where its status is "delivered" by its delivered_at descending\n'
    '1. If late is none:\n   - refuse "Nothing has come."\n'
)


def test_a_customer_is_found_behind_the_first_of_a_sorted_list() -> None:
    assert codes(SORTED + "1. do send_note with text = late.id\n", "G703") == ["G703"]
    assert codes(SORTED + '1. If late.status is not "delivered":\n   - say "a"\n1. say "b"\n', "G702", "G705") == [
        "G705"
    ]
    assert codes(SORTED + '1. If late.carrier is "UPS":\n   - say "a"\n1. say "b"\n', "G702") == []


@pytest.mark.parametrize("negated", ["", "not "])
def test_a_customer_is_found_behind_a_text_that_holds_another(negated: str) -> None:
    text = f'1. If {negated}(order.note contains "gift"):\n   - do send_note with text = order.id\n1. say "b"\n'
    assert codes(text, "G703") == ["G703"]


APART = """1. Need customer
1. Need order: one of customer.orders
1. If order.status is "pending":
   - Need item: one of order.items
   - say "{{{{ item.name }}}} is with us."
1. Need item: one of order.items
{}1. do give_credit with amount = item.price
1. say "Done."
"""


@pytest.mark.parametrize(("guard", "found"), [("", ["G701"]), ('1. If item.price > 50 EUR:\n   - refuse "No."\n', [])])
def test_what_is_picked_on_one_way_is_one_of_the_list_on_the_other_too(guard: str, found: list[str]) -> None:
    report = proven(APART.format(guard) + NEVER + "1. Never do give_credit when amount > 50 EUR\n")
    assert report.not_proven == ()
    assert [proof.finding.code for proof in report.found if proof.finding.code == "G701"] == found


def test_what_was_picked_before_on_the_same_way_may_be_another_one() -> None:
    twice = "1. Need item: one of order.items\n1. Need other: one of order.items\n"
    assert codes(f'{twice}1. If item.price > other.price:\n   - say "a"\n1. say "b"\n', "G702", "G705") == []


SWAP = """1. Need customer
1. Need order: one of customer.orders
1. Need items: some of order.items
1. Need other for each item in items: one of (item.product.variants where its id is not item.id)
   - ask "Which {{ item.name }} instead of {{ item.variant }}?"
1. do send_note with text = items.other
1. say "Done."
"""


def test_a_customer_is_found_who_chooses_something_for_each_line() -> None:
    report = proven(SWAP)
    assert report.not_proven == ()
    assert "G703" in [proof.finding.code for proof in report.found]
