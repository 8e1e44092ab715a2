"""What an edit of guidance changes: the same, other words, or a customer who is treated otherwise."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from convagent.guidance.changes.compare import GuideChange, compare_guidance
from convagent.guidance.changes.matching import matched
from convagent.guidance.findings.vocabulary import example_vocabulary
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.interpreter.kernel import Kernel
from convagent.guidance.language.parse import parse_text

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=ZoneInfo("Europe/Dublin"))
BASE = """# Refund an order

When the customer asks for a refund:
- "refund my order"
- not "refund policy"

1. Need customer
1. Need order: one of customer.orders
1. If order.status is "cancelled":
   - refuse "It was cancelled."
1. If order.total > 100 EUR:
   - hand over because not_permitted
1. If order.placed_at < now - 30 days:
   - refuse "The 30 days are over."
1. If it seems "the customer is in a hurry" and (any of order.items where its final_sale):
   - refuse "Final sale stays."
1. confirm "Refund {{ order.id }}?"
1. do refund_order with order = order.id, amount = order.total
   - if it fails: say "It did not work."
1. say "It is on its way."
"""


def kernel(text: str, path: str = "guidance/refunds.md") -> Kernel:
    file, faults = parse_text(text, path)
    assert [f.message for f in faults if f.severity == "error"] == []
    return desugar(file.guides)


def change(new: str, old: str = BASE) -> GuideChange:
    found = compare_guidance(kernel(old), kernel(new), example_vocabulary(), now=NOW)
    (only,) = found.guides
    return only


def test_the_same_text_is_the_same() -> None:
    found = compare_guidance(kernel(BASE), kernel(BASE), example_vocabulary(), now=NOW)
    assert not found.changed
    assert found.guides[0].is_same


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("order.total > 100 EUR", "order.total >= 100 EUR"),
        ("order.total > 100 EUR", "order.total > 101 EUR"),
        ('order.status is "cancelled"', 'order.status is not "cancelled"'),
        ('order.status is "cancelled"', 'order.status is one of "cancelled", "returned"'),
        ("now - 30 days", "now - 31 days"),
        (" and (any of order.items where its final_sale)", ""),
        ('1. confirm "Refund {{ order.id }}?"\n', ""),
        ("amount = order.total", "amount = 50% of order.total"),
        ("hand over because not_permitted", 'hand over to "care" because not_permitted'),
        ("hand over because not_permitted", 'refuse "Too much."'),
        ('   - if it fails: say "It did not work."\n', ""),
    ],
)
def test_an_edit_of_behaviour_is_shown_by_an_input_for_which_the_two_differ(old: str, new: str) -> None:
    assert old in BASE
    edited = change(BASE.replace(old, new, 1))
    assert edited.kind == "behaves"
    assert edited.example is not None
    assert edited.example.before != edited.example.now
    assert edited.statements or old.startswith("   - if")


def test_the_input_is_the_plainest_that_was_found() -> None:
    edited = change(BASE.replace("> 100 EUR", "> 101 EUR"))
    assert edited.example is not None
    assert [name for name, _ in edited.example.given] == ["order.total"]
    assert "100" in edited.example.given[0][1]
    assert edited.example.before == ("hands over because not_permitted",)
    assert edited.statements == ("- If order.total > 100 EUR", "+ If order.total > 101 EUR")


def test_what_was_edited_is_told_in_written_order_with_its_texts_and_its_place() -> None:
    edited = change(BASE.replace('1. If order.status is "cancelled":\n   - refuse "It was cancelled."\n', ""))
    assert edited.statements == ('- If order.status is "cancelled"', "- refuse “It was cancelled.”")
    lines = BASE.split("\n")
    assert (edited.file, edited.line) == ("guidance/refunds.md", lines.index('1. If order.status is "cancelled":') + 1)


def test_branches_that_change_places_are_told_as_an_edit() -> None:
    one, other = (
        '1. If order.status is "cancelled":\n   - refuse "It was cancelled."\n',
        ("1. If order.total > 100 EUR:\n   - hand over because not_permitted\n"),
    )
    edited = change(BASE.replace(one + other, other + one))
    assert sorted(line[0] for line in edited.statements) == ["+", "+", "-", "-"]
    assert edited.kind == "behaves"


def test_an_edit_of_texts_alone_is_told_as_one() -> None:
    edited = change(BASE.replace("It is on its way.", "The money is on its way."))
    assert edited.kind == "words"
    assert edited.texts == (("It is on its way.", "The money is on its way."),)
    assert edited.example is None


def test_a_text_that_shows_another_value_is_more_than_words() -> None:
    assert change(BASE.replace("Refund {{ order.id }}?", "Refund {{ order.total }}?")).kind == "behaves"


def test_examples_and_header_are_told_apart_from_statements() -> None:
    edited = change(
        BASE.replace('- not "refund policy"', '- "money back"').replace(
            "\n1. Need customer", "\nAt most once a day\n\n1. Need customer"
        )
    )
    assert edited.kind == "same"
    assert edited.messages == ("- not “refund policy”", "+ “money back”")
    assert edited.header == ("at most: no → 1 a day",)
    assert not edited.is_same


def test_what_no_input_tells_apart_is_said_to_be_unclear() -> None:
    edited = change(
        BASE.replace('1. say "It is on its way."', '1. Let spare be order.total + 1 EUR\n1. say "It is on its way."')
    )
    assert edited.kind == "unclear"
    assert edited.example is None


def test_a_guide_that_moved_under_another_title_is_recognised() -> None:
    old = kernel(BASE)
    new = kernel(BASE.replace("# Refund an order", "# Give the money back"), "guidance/money.md")
    found = compare_guidance(old, new, example_vocabulary(), now=NOW)
    (only,) = found.guides
    assert (only.kind, only.title, only.before) == ("same", "Give the money back", "Refund an order")
    assert only.moved == "guidance/refunds.md"


def test_guides_that_have_little_in_common_are_new_and_gone() -> None:
    other = '# Opening hours\n\nWhen the customer asks when you are open:\n- "when do you open?"\n\n1. say "At nine."\n'
    pairs = [(a and a.title, b and b.title) for a, b in matched(kernel(BASE), kernel(other))]
    assert pairs == [(None, "Opening hours"), ("Refund an order", None)]
    found = compare_guidance(kernel(BASE), kernel(other), example_vocabulary(), now=NOW)
    assert [each.kind for each in found.guides] == ["added", "removed"]


def test_a_guide_that_leads_to_a_changed_one_is_told() -> None:
    lead = '# Money\n\nWhen the customer asks about money:\n- "money"\n\n1. go to "Refund an order"\n\n'
    new = lead + BASE.replace("> 100 EUR", "> 200 EUR")
    found = compare_guidance(kernel(lead + BASE), kernel(new), example_vocabulary(), now=NOW)
    assert [(each.title, each.kind, each.through) for each in found.guides] == [
        ("Money", "same", ("Refund an order",)),
        ("Refund an order", "behaves", ()),
    ]


def test_rules_for_the_whole_shop_are_compared() -> None:
    rule = "\n# Rules\n\n1. Never do refund_order when amount > 500 EUR\n"
    found = compare_guidance(kernel(BASE), kernel(BASE + rule), example_vocabulary(), now=NOW)
    assert found.nevers == ("+ Never do refund_order when amount > 500 EUR",)
    assert found.changed


def test_the_same_two_versions_give_the_same_bytes() -> None:
    new = kernel(BASE.replace("> 100 EUR", ">= 100 EUR"))
    found = [compare_guidance(kernel(BASE), new, example_vocabulary(), now=NOW).to_json() for _ in range(2)]
    assert repr(found[0]) == repr(found[1])


CREDIT = """# Give credit

When the customer asks for credit:
- "give me credit"

1. Need customer
1. Let account be customer.loyalty
1. If account is none:
   - refuse "You have no account."
1. Need order: one of customer.orders
1. Let open be customer.orders where its status is "pending"
1. If open is empty and order.status is "pending":
   - refuse "That can't be."
1. If order.status is not "delivered":
   - refuse "It isn't there yet."
1. Need item: one of order.items
   - must its price > 10 EUR, else say "That one is too cheap."
1. If account.points < 100:
   - refuse "You have too few points."
1. Need way: text
   - must it is one of "voucher", "points", else say "That I can't give."
1. Need other: one of catalog
1. If other.price > item.price:
   - hand over because not_permitted
1. Let late be order.delivered_at < now - 20 days
1. If late:
   - refuse "That was long ago."
1. say "You get it as {{ way }}."
"""


@pytest.mark.parametrize(
    ("old", "new", "of"),
    [
        ('"voucher", "points", else', '"voucher", "points", "cash", else', {"way": '"cash"'}),
        ('"voucher", "points", else', '"points", else', {"way": '"voucher"'}),
        ("account.points < 100", "account.points <= 100", {"customer.loyalty.points": "100"}),
        ("its price > 10 EUR", "its price > 11 EUR", {"item.price": "10.01 EUR"}),
        ("other.price > item.price", "other.price < item.price", None),
        ("now - 20 days", "now - 21 days", None),
    ],
)
def test_a_difference_behind_other_conditions_is_found(old: str, new: str, of: dict[str, str] | None) -> None:
    assert old in CREDIT
    edited = change(CREDIT.replace(old, new), CREDIT)
    assert edited.kind == "behaves", edited
    assert edited.example is not None
    given = dict(edited.example.given)
    if of is not None:
        assert of.items() <= given.items()
    assert given["order.status"] == '"delivered"', "else nobody comes there"


def test_who_isn_t_known_is_tried_too() -> None:
    edited = change(CREDIT.replace("1. Need customer\n", ""), CREDIT)
    assert edited.example is not None
    assert dict(edited.example.given) == {"customer": "unknown"}


def test_a_guide_with_little_to_try_is_given_up_soon() -> None:
    small = '# Hours\n\nWhen the customer asks for the hours:\n- "when are you open"\n\n1. Let five be 5\n1. say "At nine."\n'
    edited = change(small.replace("be 5", "be 6"), small)
    assert edited.kind == "unclear"
