"""G2: names, fields, types and units of guides."""

from __future__ import annotations

import pytest

from convagent.guidance.checks.check import CheckSettings, check
from convagent.guidance.findings.entry import CodeEntry
from convagent.guidance.findings.finding import Finding
from convagent.guidance.findings.vocabulary import EXAMPLE_ARTICLES, EXAMPLE_TEAMS, example_vocabulary
from convagent.guidance.language.parse import parse_text
from convagent.guidance.schema import types as t
from convagent.guidance.schema.vocabulary import ActionSignature, Parameter, Vocabulary

VOCABULARY = example_vocabulary()


def findings(text: str, vocabulary: Vocabulary = VOCABULARY, *, family: str = "G2") -> list[Finding]:
    """What the checker finds in statements, or in whole guides; parsing must find nothing."""
    file, faults = parse_text(CodeEntry.as_file(text))
    assert not faults, faults
    found = check([file], vocabulary, articles=EXAMPLE_ARTICLES, teams=EXAMPLE_TEAMS)
    return [finding for finding in found if finding.code.startswith(family)]


def codes(text: str, vocabulary: Vocabulary = VOCABULARY) -> list[str]:
    return [finding.code for finding in findings(text, vocabulary)]


def conditional(condition: str, above: str = "") -> str:
    return f'1. Need order: one of customer.orders\n{above}1. If {condition}:\n   - say "{{{{ order.id }}}}."\n'


# ---- units
@pytest.mark.parametrize(
    "condition",
    [
        "order.total > 20",
        "order.total > 30 days",
        "order.total is 20%",
        "20 EUR > 20 USD or order.total > 1 EUR",
        'order.total is "20 EUR"',
        'order.status > "a"',
        "order.status is 5",
        "order.status is yes",
        'order.items is "lamp"',
        "order is 5",
        "order.address is \"Home\"",
        "order is customer",
        "order.placed_at > 30 days",
        "order.placed_at is \"2026-01-01\"",
        "customer.verified > no",
        'customer.verified is "yes"',
        "count of order.items is between 1 EUR and 5 EUR",
        "order.total is between 1 EUR and 5",
        "order.total is one of 5, 10",
        'order.items contains 5',
        "any of order.items where its price > 5",
        "sum of its price over order.items > 5",
        "sum of its quantity over order.items > 5 EUR",
        "now - order.placed_at > 30",
    ],
)  # fmt: skip
def test_what_can_never_be_compared_is_an_error(condition: str) -> None:
    assert "G210" in codes(conditional(condition))


@pytest.mark.parametrize(
    "condition",
    [
        "order.total > 20 EUR",
        "order.total > 0",
        "order.total is 0",
        "order.placed_at < now - 30 days",
        "order.placed_at < today",
        "order.placed_at > 2026-01-01",
        "now - order.placed_at < 30 days",
        'order is "#1042"',
        "order is first of customer.orders",
        'order.id is one of "#1", "#2"',
        "order is one of customer.orders",
        "customer.orders contains order",
        "order.discount_codes contains \"SAVE10\"",
        'order.id contains "10"',
        "order.items is empty",
        'order.id is empty',
        "count of order.items > 3",
        "sum of its price over order.items > 20 EUR",
        "sum of its quantity over order.items > 3",
        "highest of its price over order.items > 20 EUR",
        "10% of order.total > 5 EUR",
        "order.total * 2 > 50 EUR",
        "order.total / 2 > 50 EUR",
        "order.total / order.subtotal > 1",
        "order.total - 5 EUR > 0",
        "order.total is none",
        "order.total is known",
        "customer.verified",
        "not customer.verified",
        "customer.verified is yes",
        "all of order.items where not its final_sale",
        "first of order.shipments is none",
        "customer.loyalty.points * 2 >= 100",
        "order.items.options.size contains \"M\"",
        "order.total.currency is \"EUR\"",
    ],
)  # fmt: skip
def test_what_fits_is_fine(condition: str) -> None:
    assert codes(conditional(condition)) == []


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("order.total + 5 EUR", True),
        ("order.total + 0", True),
        ("0 + order.total", True),
        ("order.total + 5", False),
        ("5 * order.total", True),
        ("order.total * order.total", False),
        ("order.total * 10%", True),
        ("5 EUR + 5 USD", False),
        ("now - order.placed_at", True),
        ("today - order.placed_at", False),
        ("today - 2026-01-01", True),
        ("order.placed_at + 14 days", True),
        ("order.placed_at + 14", False),
        ("30 days - 1 days", True),
        ("30 days * 2", False),
        ("30 days / 1 months", True),
        ("30 days / 2", False),
        ("order.id + order.status", False),
        ("10% of order.items", False),
        ("10% of customer.loyalty.points", True),
        ("sum of its name over order.items", False),
        ("sum of its product over order.items", False),
        ("lowest of its name over order.items", True),
        ("lowest of its product over order.items", False),
    ],
)
def test_arithmetic_needs_units_that_fit(expression: str, fine: bool) -> None:
    found = codes(
        f'1. Need order: one of customer.orders\n1. Let x be {expression}\n1. say "{{{{ x }}}} {{{{ order.id }}}}"\n'
    )
    assert found == ([] if fine else ["G222"])


def test_a_fixed_currency_tells_euros_from_dollars() -> None:
    euros = Vocabulary.standard(currency="EUR")
    assert codes(conditional("order.total > 20 USD"), euros) == ["G210"]
    assert codes(conditional("order.total > 20 EUR"), euros) == []
    assert codes(conditional("order.total > 20 USD"), Vocabulary.standard()) == []


# ---- names and fields
def test_an_unknown_name_suggests_the_one_that_is_meant() -> None:
    (finding,) = findings('1. say "Hello {{ custmer.first_name }}."\n')
    assert finding.code == "G201"
    assert finding.remedy == "Did you mean `customer`?"
    assert finding.source[finding.column - 1 :].startswith("{{ custmer")


def test_an_unknown_name_that_could_be_asked_for_says_how() -> None:
    (finding,) = findings('1. say "Hello {{ postcode }}."\n')
    assert "`Need postcode`" in finding.remedy


def test_a_field_without_its_owner_says_whose_it_is() -> None:
    (finding,) = findings(conditional('status is "pending"'))
    assert (finding.code, finding.remedy) == ("G201", "Did you mean `order.status`?")


def test_a_need_that_is_nearly_a_known_name_is_a_slip_unless_its_type_stands_there() -> None:
    (finding,) = findings('1. Need coustomer\n1. say "Hello {{ coustomer }}."\n')
    assert (finding.code, finding.remedy[:24]) == ("G201", "Did you mean `customer`?")
    assert findings('1. Need coustomer: text\n1. say "Hello {{ coustomer }}."\n') == []
    assert findings('1. Need nickname\n1. say "Hello {{ nickname }}."\n') == []


def test_an_unknown_field_suggests_the_one_that_is_meant() -> None:
    (finding,) = findings(conditional('order.stauts is "pending"'))
    assert (finding.code, finding.remedy) == ("G202", "Did you mean `status`?")
    assert "an order has no `stauts`" in finding.message


@pytest.mark.parametrize("name", ["age", "days_old", "days_since_delivery"])
def test_a_field_that_asks_for_an_age_is_told_how_to_reckon_one(name: str) -> None:
    (finding,) = findings(conditional(f"order.{name} > 30 days"))
    assert finding.code == "G202"
    assert "`now - order.placed_at`" in finding.remedy
    assert "`delivered_at`" in finding.remedy
    assert findings(conditional("now - order.delivered_at > 30 days")) == []
    (finding,) = findings(conditional("order.colour is 5"))
    assert "now -" not in finding.remedy


def test_one_fault_is_told_once() -> None:
    assert codes(conditional('order.nowhere.at.all > 5 and order.nowhere is "x"')) == ["G202", "G202"]
    assert codes('1. say "{{ nobody.total | money }}"\n') == ["G201"]


def test_names_of_other_guides_are_not_known() -> None:
    text = """# One guide for it

When the customer asks for one thing:
- "a"
- "b"
- "c"

1. Need postcode
1. say "{{ postcode }}"

# Another guide for it

When the customer asks for another thing:
- "d"
- "e"
- "f"

1. say "{{ postcode }}"
"""
    assert [finding.guide for finding in findings(text)] == ["Another guide for it"]


def test_what_a_guide_keeps_with_the_conversation_is_known_to_all() -> None:
    text = """# One guide for it

When the customer asks for one thing:
- "a"
- "b"
- "c"

1. set favourite to "blue"

# Another guide for it

When the customer asks for another thing:
- "d"
- "e"
- "f"

1. If favourite is known:
   - say "{{ favourite }}"
"""
    assert findings(text) == []


def test_a_name_of_a_branch_is_not_known_behind_it() -> None:
    text = """1. If customer.verified:
   - Let fee be 5 EUR
   - say "{{ fee | money }}"
   - go on
1. say "{{ fee | money }}"
"""
    (finding,) = findings(text)
    assert (finding.code, finding.line) == ("G213", 12)


def test_a_branch_that_goes_on_may_give_a_name_another_value() -> None:
    text = """1. Let fee be 5 EUR
1. If customer.verified:
   - Let fee be 0 EUR
   - go on
1. say "{{ fee | money }}"
"""
    assert findings(text) == []


def test_its_needs_something_to_refer_to() -> None:
    assert codes('1. If its status is "pending":\n   - say "x"\n') == ["G212"]
    assert (
        codes('1. Let pending be customer.orders where its status is "pending"\n1. say "{{ pending | list }}"\n') == []
    )
    nested = "customer.orders where (any of its items where its price > 5 EUR)"
    assert codes(f'1. Let some_orders be {nested}\n1. say "{{{{ some_orders | list }}}}"\n') == []
    assert codes('1. If any of customer.orders where (any of its items where its total > 5 EUR):\n   - say "x"\n') == [
        "G202"
    ]


def test_values_that_never_occur_are_found_everywhere() -> None:
    (finding,) = findings(conditional('order.status is "deliverd"'))
    assert (finding.code, finding.severity, finding.remedy) == ("G211", "warning", 'Did you mean "delivered"?')
    assert codes(conditional('"deliverd" is order.status')) == ["G211"]
    assert codes(conditional('order.status is one of "pending", "sent"')) == ["G211"]
    assert codes(conditional('any of customer.orders where its status is "sent"')) == ["G211"]
    assert codes(conditional('customer.orders.status contains "sent"')) == ["G211"]
    assert codes(conditional('order.status is " Delivered "')) == [], "case and blanks don't count when it is run"
    assert [f.severity for f in findings(conditional('customer.level is "platinum"'))] == ["error"]


def test_choices_of_a_need_are_a_closed_set() -> None:
    text = '1. Need way: one of "by mail", "in store"\n1. If way is "by mial":\n   - say "x"\n'
    (finding,) = findings(text)
    assert (finding.code, finding.remedy) == ("G230", 'Did you mean "by mail"?')


# ---- Needs
@pytest.mark.parametrize(
    ("need", "use", "fine"),
    [
        ("amount: money", "amount > 5 EUR", True),
        ("amount: money", "amount > 5", False),
        ("waiting: days", "waiting < 7 days", True),
        ("waiting: days", "waiting < 7 EUR", False),
        ("quantity", "quantity > 2", True),
        ("quantity", "quantity is \"2\"", False),
        ("day: date", "day >= today", True),
        ("sure: yes or no", "sure", True),
        ("sure: yes or no", "sure is \"yes\"", False),
        ("size: one of \"S\", \"M\"", "size is \"S\"", True),
        ("number: one of 1, 2", "number > 1", True),
        ("pick: one of customer.orders", "pick.total > 5 EUR", True),
        ("picks: some of customer.orders", "count of picks > 1", True),
        ("picks: some of customer.orders", "picks.total > 5 EUR", False),
        ("pick: each of customer.orders", "pick.total > 5 EUR", True),
        ("product", "product.in_stock", True),
        ("thing: payment_method", "thing.kind is \"card\"", True),
        ("something", "something is \"x\"", True),
        ("something", "something > 5", False),
    ],
)  # fmt: skip
def test_needs_have_types(need: str, use: str, fine: bool) -> None:
    found = codes(f'1. Need {need}\n1. If {use}:\n   - say "x"\n')
    assert found == ([] if fine else ["G210"])


def test_a_need_without_a_type_takes_that_of_the_guide_that_gives_it() -> None:
    text = """# The last parcel

Gives parcel

1. Let found be look up find_parcel with order = "#1"
1. give parcel = found

# Where is it now

When the customer asks where it is:
- "a"
- "b"
- "c"

1. Need parcel
1. If parcel.state is "lost":
   - say "x"
"""
    (finding,) = findings(text)
    assert (finding.code, finding.message.split(" (")[0]) == ("G202", "a shipment has no `state`")


def test_a_must_sees_the_pick_and_its_text_too() -> None:
    fine = """1. Need method: one of customer.payment_methods
   - ask "Which one: {{ choices | list }}?"
   - must its kind is not "gift card" or its balance >= 5 EUR, else say "{{ it.label }} doesn't cover it: {{ choices | list }}."
1. say "{{ method }}"
"""
    assert findings(fine) == []
    assert codes(fine.replace("its balance", "its saldo")) == ["G202"]
    assert codes(fine.replace("it.label", "it.lable")) == ["G202"]
    assert codes(fine.replace("{{ method }}", "{{ choices | list }} {{ method }}")) == ["G201"]


def test_the_value_behind_else_has_the_needs_type() -> None:
    assert codes('1. Need amount: money\n   - else 5 EUR\n1. say "{{ amount | money }}"\n') == []
    assert codes('1. Need amount: money\n   - else 5\n1. say "{{ amount | money }}"\n') == ["G206"]


REPLACE = """1. Need order: one of customer.orders
1. Need items: some of order.items
1. Need replacement for each item in items: one of item.product.variants
   - must its id is not item.variant_id, else say "Another {{ item.name }}?"
1. Let difference be sum of its replacement.price - its price over items
1. say "{{ difference | money }}: {{ items | pairs }}, {{ items.replacement | list }}"
"""


def test_what_is_needed_for_each_element_hangs_on_the_elements() -> None:
    assert findings(REPLACE) == []
    assert codes(REPLACE.replace("its replacement.price", "its replacement.cost")) == ["G202"]
    assert codes(REPLACE.replace("its replacement.price", "replacement.price")) == ["G221"]
    assert codes(REPLACE.replace("| pairs }}", "| pairs('swap') }}")) == ["G217"]


def test_for_each_goes_over_a_need() -> None:
    found = codes(REPLACE.replace("for each item in items", "for each item in order.items"))
    assert "G221" in found
    assert "G220" in codes(REPLACE.replace("for each item in items", "for each item in order"))


def test_unknown_types_of_needs_suggest_the_one_that_is_meant() -> None:
    (finding,) = findings('1. Need contact: emial\n1. say "{{ contact }}"\n')
    assert (finding.code, finding.remedy) == ("G224", "Did you mean `email`?")


def test_nothing_to_pick_from_is_found() -> None:
    assert codes('1. Need x: some of customer.address\n1. say "{{ x }}"\n') == ["G220"]


# ---- what nothing depends on
def test_a_group_of_alternatives_is_used_when_one_of_them_is() -> None:
    assert codes('1. Need email, or order_number and postcode\n1. Let found be look up find_customer with email = email\n'
                 '1. If found is none:\n   - say "x"\n') == []  # fmt: skip
    assert codes('1. Need email, or order_number and postcode\n1. say "x"\n') == ["G215"]


def test_what_is_asked_where_it_stands_needs_no_use() -> None:
    assert codes('1. Ask "All right?" for fine: yes or no\n1. say "x"\n') == []
    assert codes('1. Let x be 5 EUR\n1. say "x"\n') == ["G215"]


# ---- actions
@pytest.mark.parametrize(
    ("call", "found"),
    [
        ('do cancel_order with order = order.id, reason = "no longer needed"', []),
        ('do cancel_order with order = order, reason = "No longer needed"', []),
        ('do cancel_order with order = order.id, reason = "no longer neded"', ["G206"]),
        ("do cancel_order with order = order.total", ["G206"]),
        ("do cancel_order with order = customer.orders", ["G206"]),
        ("do cancel_order", ["G205"]),
        ("do cancel_order with order = order.id, order = order.id", ["G204"]),
        ("do cancel_order with odrer = order.id", ["G204", "G205"]),
        ("do cancle_order with order = order.id", ["G203"]),
        ("do refund_order with order = order.id, amount = 20", ["G206"]),
        ("do refund_order with order = order.id, amount = order.total", []),
        ("do exchange_items with order = order.id, items = order.items, replacements = order.items.variant_id", []),
        ("do exchange_items with order = order.id, items = first of order.items, replacements = order.items", ["G206"]),
        ("do find_order with order_number = order.id", ["G226"]),
    ],
)
def test_actions_are_checked_by_their_signature(call: str, found: list[str]) -> None:
    text = f'1. Need customer\n1. Need order: one of customer.orders\n1. confirm "{{{{ order.id }}}}?"\n1. {call}\n'
    assert sorted(codes(text)) == found


def test_a_look_up_that_writes_is_found() -> None:
    assert codes('1. Let x be look up send_link with link = "a"\n1. say "{{ x }}"\n') == ["G226"]


def test_actions_are_not_checked_when_none_are_known() -> None:
    assert codes("1. do anything with x = 5\n", Vocabulary.standard()) == []
    assert codes("1. do anything with x = 5\n", Vocabulary.standard().with_actions(())) == ["G203"]


def test_the_result_of_an_action_has_its_type() -> None:
    text = """1. Need customer
1. Need order: one of customer.orders
1. confirm "{{ order.id }}: {{ order.total }}?"
1. do refund_order with order = order.id, amount = order.total as refund
1. say "{{ refund.amount | money }} {{ refund.total }}"
"""
    assert codes(text) == ["G202"]


# ---- titles, teams, articles, events
def test_articles_and_teams_are_checked_only_when_they_are_known() -> None:
    text = CodeEntry.as_file('1. answer from "Nothing"\n1. hand over to "nobody" because guidance\n')
    file, _ = parse_text(text)
    assert {f.code for f in check([file], VOCABULARY, articles=(), teams=())} == {"G208", "G209"}
    assert check([file], VOCABULARY) == ()


def test_titles_articles_and_teams_are_found_whatever_their_case() -> None:
    text = '1. If customer.verified:\n   - answer from "how to choose a SIZE"\n1. hand over to "Returns" because guidance\n'
    assert findings(text) == []


def test_offers_snoozes_and_recommendations_take_what_fits() -> None:
    header = "# A nudge for them\n\nOn product_viewed\nAt most once a day\n\n"
    assert (
        findings(header + '1. offer "A" of 10%\n1. offer "B" of 5 EUR\n1. snooze for 3 days\n1. recommend catalog\n')
        == []
    )
    assert codes(header + '1. offer "A" of 10\n') == ["G206"]
    assert codes(header + "1. snooze for 3\n") == ["G206"]
    assert codes(header + "1. recommend customer.orders\n") == ["G206"]


# ---- as a whole
def test_guides_without_their_files_are_checked_too() -> None:
    file, _ = parse_text(CodeEntry.as_file('1. say "{{ custmer }}"\n'))
    (finding,) = check(file.guides, VOCABULARY)
    assert (finding.code, finding.source, finding.caret()) == ("G201", "", "")


def test_a_line_that_did_not_parse_causes_no_faults_elsewhere() -> None:
    text = CodeEntry.as_file('1. Need contact email\n1. say "{{ contact }}"\n1. say "{{ cart.totl }}"\n')
    file, faults = parse_text(text)
    assert faults
    assert {f.code for f in check([file], VOCABULARY, faults=faults)} == {"G202"}
    assert {f.code for f in check([file], VOCABULARY)} == {"G201", "G202"}


def test_codes_are_left_out_by_front_matter_and_by_settings() -> None:
    text = CodeEntry.as_file('1. Let x be 5 EUR\n1. say "{{ custmer }}"\n')
    file, _ = parse_text(f"---\nignore: [G215]\n---\n{text}", "a.md")
    other, _ = parse_text(text.replace("# Help", "# More help"), "b.md")
    assert [(f.file, f.code) for f in check([file, other], VOCABULARY)] == [
        ("a.md", "G201"), ("b.md", "G215"), ("b.md", "G201"),
    ]  # fmt: skip
    settings = CheckSettings(ignore=frozenset({"G201"}), severity={"G215": "error"})
    assert [(f.file, f.code, f.severity) for f in check([file, other], VOCABULARY, settings=settings)] == [
        ("b.md", "G215", "error")
    ]


def test_one_code_can_be_ignored_without_a_list() -> None:
    text = CodeEntry.as_file('1. Let x be 5 EUR\n1. say "Hello."\n')
    file, _ = parse_text(f"---\nignore: G215\n---\n{text}")
    assert check([file], VOCABULARY) == ()


def test_findings_come_in_order_and_once() -> None:
    text = CodeEntry.as_file('1. say "{{ b }} {{ a }} {{ b }}"\n1. say "{{ c }}"\n')
    file, _ = parse_text(text)
    found = check([file], VOCABULARY)
    assert [f.line for f in found] == sorted(f.line for f in found)
    assert len(set(found)) == len(found)
    assert [f.column for f in found if f.line == found[0].line] == sorted(
        f.column for f in found if f.line == found[0].line
    )


def test_a_signature_with_open_records_is_taken_at_its_word() -> None:
    anything = ActionSignature("ask_oracle", "lookup", (Parameter("q", t.TEXT),))
    text = '1. Let said be look up ask_oracle with q = "x"\n1. say "{{ said.whatever.it.is | money }}"\n'
    assert codes(text, VOCABULARY.with_actions((anything,))) == []


def test_what_a_misspelt_name_means_counts_as_used() -> None:
    text = '1. Let passed be order.total\n1. If {} > 5 EUR:\n   - say "a"\n1. say "b"\n'
    assert codes(text.format("pased"), VOCABULARY) == ["G201"], "to delete the line above would be wrong"
    assert codes(text.format("cart.total"), VOCABULARY) == ["G215"]
