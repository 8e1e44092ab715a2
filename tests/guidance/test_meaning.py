"""What guides mean, points 1 to 4 of the language's “Meaning”: reading, the unknown, Needs, fresh facts and frozen values."""

from __future__ import annotations

from typing import Any

import pytest
from tests.guidance.reader import Run, eur, make_customer, make_line, make_method, make_order, texts

from convagent.facts import Customer, LineItem, Variant
from convagent.guidance.interpreter.world import Resolver, Result

BOOTS = make_line("boots", price="80")
LAMP = make_line("lamp", price="20")


# ---- 1. Read top to bottom
BRANCHES = """
    # Say what is true

    When the customer asks:
    - "what"

    1. say "one"
    1. If a:
       - say "a"
    1. If b:
       - say "b"
       - go on
    1. Otherwise:
       - say "neither"
    1. say "last"
    """


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [(True, True, ["one", "a"]), (False, True, ["one", "b", "neither"]), (False, False, ["one", "neither"])],
)
def test_point_01_statements_run_in_order_and_the_first_open_branch_ends_the_guide(
    a: bool, b: bool, said: list[str]
) -> None:
    reading = Run(BRANCHES, facts={"a": a, "b": b}).say()
    assert (reading.status, texts(reading)) == ("done", said)


def test_point_01_go_on_reads_on_below_the_branch() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. If vip:
           - say "Welcome back."
           - go on
        1. say "Your order is on its way."
        """,
        facts={"vip": True},
    )
    assert texts(run.say()) == ["Welcome back.", "Your order is on its way."]


def test_point_01_go_on_in_an_inner_branch_goes_on_in_the_outer_one_only() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. If a:
           - If b:
             - say "b"
             - go on
           - say "a"
        1. say "below"
        """,
        facts={"a": True, "b": True},
    )
    assert texts(run.say()) == ["b", "a"]


@pytest.mark.parametrize("statement", ['refuse "No."', "hand over because guidance", 'go to "Other"'])
def test_point_01_nothing_is_read_behind_what_ends_a_guide(statement: str) -> None:
    reading = Run(
        f"""
        # G

        When the customer asks:
        - "x"

        1. {statement}
        1. say "never"

        # Other

        1. say "other"
        """
    ).say()
    assert "never" not in texts(reading)


def test_point_01_go_to_keeps_values_of_the_same_name_and_rechecks_only_for() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. Need order: one of customer.orders
        1. say "{{ order.id }} first"
        1. go to "Other"

        # Other

        Only for customer.level is "gold"

        1. Need order: one of customer.orders
        1. say "{{ order.id }} again"
        """
    orders = (make_order("#1"), make_order("#2"))
    run = Run(text, facts={"customer": make_customer(*orders, level="gold")})
    assert texts(run.say("#2 please")) == ["#2 first", "#2 again"]
    other = Run(text, facts={"customer": make_customer(*orders, level="bronze")}).say("#2")
    assert other.status == "handed_over"
    assert texts(other) == ["#2 first"]


def test_point_01_guides_that_lead_in_a_circle_end_with_a_handover() -> None:
    reading = Run(
        """
        # A

        When the customer asks:
        - "x"

        1. go to "B"

        # B

        1. go to "A"
        """
    ).say()
    assert reading.status == "handed_over"


# ---- 2. Unknown stops the reading
FINAL_SALE = """
    # Refund

    When the customer asks for a refund:
    - "money back"

    1. If any of order.items where its final_sale:
       - refuse "That was a final sale."
    1. If order.total > 100 EUR:
       - say "large"
    1. Otherwise:
       - do refund with order = order.id
    """


class Tag(LineItem):
    """A line whose feed may leave out whether it was a final sale."""

    final_sale: bool | None = None


def test_point_02_unknown_stops_the_reading_and_no_later_branch_is_tried() -> None:
    line = Tag(id="boots", name="boots", price=eur(80))
    run = Run(FINAL_SALE, facts={"order": make_order("#1", items=[line], total=eur(80))}, actions={"refund": None})
    reading = run.say()
    assert reading.status == "handed_over"
    assert reading.hand_over is not None
    assert reading.hand_over.reason == "missing_knowledge"
    assert not run.writes
    assert not texts(reading)


@pytest.mark.parametrize("facts", [{}, {"order": make_order("#1")}, {"order": None}])
def test_point_02_a_missing_fact_opens_nothing_and_otherwise_is_not_tried(facts: dict[str, Any]) -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. If order.total > 50 EUR:
           - say "dear"
        1. Otherwise:
           - say "cheap"
        """,
        facts=facts,
    )
    reading = run.say()
    assert (reading.status, texts(reading)) == ("handed_over", [])


@pytest.mark.parametrize("other", [True, False])
def test_point_02_unknown_beside_what_decides_is_no_matter(other: bool) -> None:
    word = "or" if other else "and"
    reading = Run(
        f"""
        # G

        When the customer asks:
        - "x"

        1. If (nobody.knows is "it") {word} sure:
           - say "open"
        1. say "below"
        """,
        facts={"sure": other},
    ).say()
    assert texts(reading) == (["open"] if other else ["below"])


def test_point_02_not_unknown_is_unknown() -> None:
    reading = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. If not order.paid:
           - say "pay"
        1. say "paid"
        """,
        facts={"order": make_order("#1")},
    ).say()
    assert (reading.status, texts(reading)) == ("handed_over", [])


LOOKED_UP = """
    # G

    When the customer asks:
    - "x"

    1. Let stock be look up stock_of with sku = "A1"
    1. If stock < 5:
       - say "few"
    1. Otherwise:
       - say "many"
    """


@pytest.mark.parametrize(("stock", "said"), [(3, "few"), (7, "many"), (2.5, "few")])
def test_point_02_a_condition_is_resolved_by_a_look_up(stock: float, said: str) -> None:
    assert texts(Run(LOOKED_UP, actions={"stock_of": stock}, lookups=["stock_of"]).say()) == [said]


@pytest.mark.parametrize("status", ["failed", "refused", "uncertain"])
def test_point_02_a_look_up_that_fails_is_unknown(status: Any) -> None:
    failed = Result(status, None, "broken", "action_failed")
    reading = Run(LOOKED_UP, actions={"stock_of": failed}, lookups=["stock_of"]).say()
    assert reading.status == "handed_over"
    assert reading.hand_over is not None
    assert reading.hand_over.reason == "action_failed"


def test_point_02_a_field_that_a_record_does_not_know_is_looked_up() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. If customer.orders is empty:
           - say "none"
        1. say "{{ customer.orders | count }}"
        """,
        facts={"customer": Customer(id="C1")},
        actions={"orders_of": lambda customer: [make_order("#1"), make_order("#2")] if customer == "C1" else []},
        lookups=["orders_of"], resolvers={("Customer", "orders"): Resolver("orders_of", "customer")},
    )  # fmt: skip
    assert texts(run.say()) == ["2"]
    assert len(run.looked_up) == 1


def test_point_02_is_known_of_a_look_up_waits_for_the_look_up() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. Let found be look up find with name = "x"
        1. If found is known:
           - say "known"
        1. say "unknown"
        """
    assert texts(Run(text, actions={"find": "it"}, lookups=["find"]).say()) == ["known"]
    assert texts(Run(text, actions={"find": Result("failed")}, lookups=["find"]).say()) == ["unknown"]
    assert texts(Run(text, actions={"find": None}, lookups=["find"]).say()) == ["known"]


KNOWLEDGE = """
    # G

    When the customer asks:
    - "x"

    1. If x is unknown:
       - say "unknown"
    1. If x is none:
       - say "none"
    1. If x is empty:
       - say "empty"
    1. say "there"
    """


@pytest.mark.parametrize(
    ("facts", "said"),
    [({}, "unknown"), ({"x": None}, "none"), ({"x": ()}, "empty"), ({"x": ("a",)}, "there"), ({"x": ""}, "empty")],
)
def test_point_02_known_and_none_ask_about_knowledge_and_absence_and_an_empty_list_is_neither(
    facts: dict[str, Any], said: str
) -> None:
    assert texts(Run(KNOWLEDGE, facts=facts).say()) == [said]


def test_point_02_is_known_of_a_need_asks_nobody() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. Need email
        1. If email is not known:
           - say "no e-mail"
        1. say "{{ email }}"
        """
    assert texts(Run(text).say("hello")) == ["no e-mail"]
    assert texts(Run(text).say("I am ada@example.com")) == ["ada@example.com"]


def test_point_02_asking_whether_a_provided_need_is_known_leaves_no_open_question_behind() -> None:
    text = """
        # Who

        Gives customer

        1. Need email
        1. Let found be look up find with email = email
        1. give customer = found

        # G

        When the customer asks:
        - "x"

        1. Need customer
        1. If customer is known:
           - say "known"
        1. Ask "What is it about?" for topic: text
        1. say "About {{ topic }}."
        """
    run = Run(text, actions={"find": Customer(id="C1")}, lookups=["find"])
    assert run.say("hello").needs == ("topic",)
    reading = run.say("shoes")
    assert texts(reading) == ["About shoes."]
    assert not any(inner.attempts for inner in run.state.inner.values())


# ---- 3. Needs are lazy
def test_point_03_a_need_is_asked_only_when_something_depends_on_it() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need email
        1. Need note: text
        1. say "first"
        1. If done:
           - say "never needed"
        1. say "{{ email }}"
        """,
        facts={"done": True},
    )
    reading = run.say("hello")
    assert (reading.status, texts(reading)) == ("done", ["first", "never needed"])


def test_point_03_what_cannot_decide_is_not_asked_for() -> None:
    reading = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need email
        1. If (email is "a@b.ie" or vip) and level is "gold":
           - say "hello"
        1. say "bye"
        """,
        facts={"vip": True},
    ).say()
    assert reading.hand_over is not None
    assert reading.hand_over.reason == "missing_knowledge"


def test_point_03_what_only_stands_behind_a_branch_that_ends_is_not_gathered_in_it() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need email
        1. do greet
        1. If vip:
           - say "Hello {{ email }}."
        1. do note with email = email
        """,
        facts={"vip": True},
    )
    assert run.say("hi").status == "asked"
    assert [name for name, _ in run.writes] == ["greet"]


def test_point_03_what_the_message_already_gives_is_taken_from_it() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. Need customer
        1. Need order: one of customer.orders
        1. say "{{ order.id }} is {{ order.status }}."
        """
    customer = make_customer(make_order("#1", "shipped"), make_order("#2", "pending"))
    assert texts(Run(text, facts={"customer": customer}).say("where is #2?")) == ["#2 is pending."]
    run = Run(text, facts={"customer": customer})
    asked = run.say("where is it?")
    assert (asked.status, asked.needs) == ("asked", ("order",))
    assert "#1" in texts(asked)[0]
    assert "#2" in texts(asked)[0]
    assert texts(run.say("#1")) == ["#1 is shipped."]


def test_point_03_the_only_choice_there_is_needs_no_question() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need order: one of customer.orders
        1. say "{{ order.id }}"
        """,
        facts={"customer": make_customer(make_order("#7"))},
    )
    assert texts(run.say("where is it?")) == ["#7"]


def test_point_03_a_need_narrows_earlier_choices() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need order: one of customer.orders
        1. Need items: some of order.items
        1. say "{{ items | list }} of {{ order.id }}"
        """,
        facts={"customer": make_customer(make_order("#1", items=[BOOTS, LAMP]), make_order("#2"))},
    )
    assert texts(run.say("the lamp is broken")) == ["lamp of #1"]


def test_point_03_several_names_of_one_need_are_asked_for_together() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need email and order_number
           - ask "Your e-mail and order number?"
        1. say "{{ order_number }} of {{ email }}"
        """
    )
    assert run.say("hello").needs == ("email", "order_number")
    asked = run.say("ada@example.com")
    assert asked.needs == ("order_number",)
    assert texts(run.say("#12")) == ["#12 of ada@example.com"]


def test_point_03_an_answer_that_gives_some_of_it_is_not_in_vain() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need email and order_number
        1. say "{{ order_number }} of {{ email }}"
        """
    )
    asked = [run.say(words).status for words in ("hello", "ada@example.com", "hm", "hm", "hm")]
    assert asked == ["asked"] * 4 + ["handed_over"]


def test_point_03_one_of_several_alternatives_suffices_and_the_others_are_then_none() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. Need email, or order_number and postcode
           - ask "E-mail, or number and postcode?"
        1. If email is none:
           - say "{{ order_number }} in {{ postcode }}"
        1. say "{{ email }}"
        """
    run = Run(text)
    assert run.say("hello").needs == ("email", "order_number", "postcode")
    half = run.say("#12")
    assert half.needs == ("postcode",)
    assert texts(run.say("D15")) == ["#12 in D15"]
    assert texts(Run(text).say("I am ada@example.com")) == ["ada@example.com"]


def test_point_03_what_is_missing_is_asked_for_in_written_order() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need topic: text
           - ask "Topic?"
        1. Need note: text
           - ask "Note?"
        1. say "{{ note }} on {{ topic }}"
        """
    )
    assert texts(run.say("hello")) == ["Topic?"]
    assert texts(run.say("lamps")) == ["Note?"]
    assert texts(run.say("bright")) == ["bright on lamps"]


GATHERING = """
    # G

    When the customer asks:
    - "x"

    1. Need order: one of customer.orders
    1. do tell_stock with order = order.id
    1. Need address: text
       - ask "Which address?"
    1. If order.status is "pending":
       - Need day: text
         - ask "Which day?"
       - do book with day = day
       - go on
    1. do send with address = address
    1. Need thanks: text
    1. say "Done."
    """


def test_point_03_everything_up_to_the_last_write_is_gathered_before_the_first() -> None:
    run = Run(GATHERING, facts={"customer": make_customer(make_order("#1", "pending"))})
    assert texts(run.say()) == ["Which day?"]
    assert not run.writes
    assert texts(run.say("Monday")) == ["Which address?"]
    assert not run.writes
    assert texts(run.say("Quay 1")) == ["Done."]
    assert [name for name, _ in run.writes] == ["tell_stock", "book", "send"]


def test_point_03_what_a_closed_branch_would_need_is_not_gathered() -> None:
    run = Run(GATHERING, facts={"customer": make_customer(make_order("#1", "shipped"))})
    assert texts(run.say()) == ["Which address?"]
    run.say("Quay 1")
    assert [name for name, _ in run.writes] == ["tell_stock", "send"]


def test_point_03_some_of_are_lines_and_two_lines_of_one_article_stay_two() -> None:
    twice = (make_line("boots", id="A"), make_line("boots", id="A"), make_line("lamp", id="B"))
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need items: some of order.items
        1. do send_back with items = items.id
        1. say "{{ items | list }}"
        """,
        facts={"order": make_order("#1", items=twice)},
    )
    assert texts(run.say("boots")) == ["boots and boots"]
    assert run.writes == [("send_back", {"items": ("A", "A")})]


def test_point_03_a_choice_among_equal_ids_is_the_one_that_was_picked() -> None:
    shades = (
        Variant(id="V", title="moss", price=eur(1)), Variant(id="V", title="rust", price=eur(2)),
    )  # fmt: skip
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need shade: one of shades
        1. say "{{ shade.title }}"
        """,
        facts={"shades": shades},
    )
    assert texts(run.say("rust")) == ["rust"]


def test_point_03_each_of_reads_the_guide_once_for_each_pick() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need order: each of customer.orders
        1. If order.status is "pending":
           - say "{{ order.id }} waits."
        1. say "{{ order.id }} is {{ order.status }}."
        """,
        facts={"customer": make_customer(make_order("#1", "pending"), make_order("#2", "shipped"), make_order("#3"))},
    )
    assert texts(run.say("#1 and #2")) == ["#1 waits.", "#2 is shipped."]


def test_point_03_each_within_each_reads_every_pair() -> None:
    orders = (
        make_order("#1", items=[make_line("boots", id="1"), make_line("lamp", id="2")]),
        make_order("#2", items=[make_line("sofa", id="1"), make_line("rug", id="2")]),
    )
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need order: each of customer.orders
        1. Need item: each of order.items
        1. do check with item = item.id
        1. say "{{ item.name }} of {{ order.id }}"
        """,
        facts={"customer": make_customer(*orders)},
    )
    assert texts(run.say("everything")) == ["boots of #1", "lamp of #1", "sofa of #2", "rug of #2"]
    assert len(set(run.done.keys)) == 4


def test_point_03_for_each_needs_something_for_every_picked_line() -> None:
    boots = make_line("boots", price="80", variant_id="V1")
    lamp = make_line("lamp", price="20", variant_id="V2")
    sizes = tuple(
        Variant(id=f"V{n}", title=t, price=eur(70 + 10 * n)) for n, t in enumerate(("large", "medium", "small"), 1)
    )
    run = Run(
        """
        # Exchange

        When the customer asks:
        - "x"

        1. Need items: some of order.items
        1. If items is empty:
           - refuse "Nothing to exchange."
        1. Need replacement for each item in items: one of sizes
           - must its id is not item.variant_id, else say "You have the {{ item.name }} in {{ it.title }}. There is {{ choices | list }}."
        1. Let difference be sum of its replacement.price - its price over items
        1. confirm "{{ items | pairs }}: {{ difference | money }}?"
        1. do exchange with items = items.id, replacements = items.replacement.id
        1. say "Booked."
        """,
        facts={"order": make_order("#1", items=[boots, lamp]), "sizes": sizes},
    )
    first = run.say("boots and lamp please")
    assert first.needs == ("replacement[boots]",)
    assert "boots" in texts(first)[0]
    same = run.say("large")
    assert texts(same) == ["You have the boots in large. There is medium and small."]
    second = run.say("small")
    assert second.needs == ("replacement[lamp]",)
    shown = run.say("large")
    assert texts(shown) == ["- boots → small\n- lamp → large: €80.00?"]
    assert texts(run.say("yes")) == ["Booked."]
    assert run.writes == [("exchange", {"items": ("boots", "lamp"), "replacements": ("V3", "V1")})]


def test_point_03_lines_asked_about_one_by_one_are_remembered_by_the_conversation() -> None:
    from tests.guidance.reader import Talk

    talk = Talk(
        """
        # Exchange

        When the customer asks:
        - "x"

        1. Need items: some of order.items
        1. Need replacement for each item in items: one of "red", "blue"
        1. say "{{ items | list }}"
        1. say "{{ items | pairs }}"
        """,
        facts={"order": make_order("#1", items=[BOOTS, LAMP])},
    )
    assert talk.say("boots and lamp", "Exchange").needs == ("replacement[boots]",)
    assert talk.say("red").needs == ("replacement[lamp]",)
    assert texts(talk.say("blue")) == ["- boots → red\n- lamp → blue"]


MUST = """
    # G

    When the customer asks:
    - "x"

    1. Need method: one of customer.payment_methods
       - ask "Which way?"
       - must its kind is not "gift card" or its balance >= 50 EUR, else say "{{ it.label }} doesn't cover it. There is {{ choices | list }}."
    1. say "{{ method.label }}"
    """
CARD = make_method("Visa")
PAYPAL = make_method("PayPal", "paypal")
EMPTY = make_method("Gift", "gift card", balance=eur(5))
FULL = make_method("Full", "gift card", balance=eur(500))
UNSURE = make_method("Old", "gift card")


def test_point_03_a_pick_that_must_not_be_is_asked_for_again_with_what_can_be() -> None:
    run = Run(MUST, facts={"customer": make_customer(payment_methods=(CARD, PAYPAL, EMPTY))})
    assert texts(run.say("with my Gift")) == ["Gift doesn't cover it. There is Visa and PayPal."]
    assert texts(run.say("Visa then")) == ["Visa"]


def test_point_03_a_must_that_is_not_known_to_hold_lets_nothing_pass() -> None:
    run = Run(MUST, facts={"customer": make_customer(payment_methods=(CARD, UNSURE))})
    reading = run.say("Old one")
    assert (reading.status, texts(reading)) == ("handed_over", [])
    alone = Run(MUST, facts={"customer": make_customer(payment_methods=(UNSURE,))}).say("please")
    assert "Old" not in texts(alone)


def test_point_03_a_must_holds_for_what_is_known_already_too() -> None:
    run = Run(MUST, facts={"customer": make_customer(payment_methods=(CARD, EMPTY)), "method": EMPTY})
    reading = run.say("please")
    assert (reading.status, reading.needs) == ("asked", ("method",))
    amount = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need amount: money
           - must it <= 50 EUR, else say "At most 50."
        1. say "{{ amount | money }}"
        """,
        facts={"amount": eur(100)},
    ).say("hello")
    assert amount.status == "asked"


def test_point_03_an_answer_that_fits_no_choice_comes_to_what_else_says() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. Need reason: one of "no longer needed", "ordered by mistake"
           - else refuse "We can't cancel for that."
        1. say "{{ reason }}"
        """
    run = Run(text)
    assert run.say("cancel it").needs == ("reason",)
    refused = run.say("because I say so")
    assert (refused.status, texts(refused)) == ("refused", ["We can't cancel for that."])
    assert texts(Run(text).say("ordered by mistake, sorry")) == ["ordered by mistake"]


def test_point_03_nothing_to_choose_from_is_never_asked_about() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. Need order: one of customer.orders
           {else_}
        1. say "{{{{ order.id }}}}"
        """
    run = Run(text.format(else_='- else refuse "There is no order."'), facts={"customer": make_customer()})
    assert texts(run.say()) == ["There is no order."]
    assert Run(text.format(else_=""), facts={"customer": make_customer()}).say().status == "handed_over"


def test_point_03_after_three_answers_in_vain_a_person_takes_over() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need email
        1. say "{{ email }}"
        """
    )
    for _ in range(3):
        assert run.say("hm").status == "asked"
    reading = run.say("hm")
    assert reading.hand_over is not None
    assert reading.hand_over.reason == "no_progress"


def test_point_03_an_answer_counts_once_however_often_a_condition_names_the_need() -> None:
    run = Run(
        """
        # Who

        Gives customer

        1. Need email
        1. Let found be look up find with email = email
        1. give customer = found

        # G

        When the customer asks:
        - "x"

        1. Need customer
        1. If customer.level is "gold" or customer.level is "silver":
           - say "precious"
        1. say "plain"
        """,
        actions={"find": Customer(id="C1", level="gold")},
        lookups=["find"],
    )
    for _ in range(3):
        assert run.say("hm").status == "asked"
    assert run.say("hm").status == "handed_over"
    run.state = run.state.from_json({**run.state.to_json()})


def test_point_03_asking_is_never_filled_from_earlier_messages() -> None:
    text = """
        # G

        When the customer asks:
        - "x"

        1. Ask "Which colour?" for colour: one of "red", "blue"
        1. Ask "And the lid?" for lid: one of "red", "blue"
        1. say "{{ colour }} with {{ lid }}"
        """
    run = Run(text)
    assert texts(run.say("a red and blue one")) == ["Which colour?"]
    assert texts(run.say("red")) == ["And the lid?"]
    assert texts(run.say("blue")) == ["red with blue"]


def test_point_03_yes_and_no_are_read_where_they_are_asked_for_only() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need receipt: yes or no
           - ask "Do you have the receipt?"
        1. If receipt:
           - say "good"
        1. say "bad"
        """
    )
    assert texts(run.say("yes")) == ["Do you have the receipt?"]
    assert texts(run.say("no")) == ["bad"]


def test_point_03_a_yes_that_the_caller_knows_is_not_asked_for() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need receipt: yes or no
        1. If receipt:
           - say "good"
        1. say "bad"
        """,
        facts={"receipt": False},
    )
    assert texts(run.say()) == ["bad"]


# ---- 4. Re-read from the top on fresh facts until the first write; then frozen values
STATUS = """
    # G

    When the customer asks:
    - "x"

    1. Need note: text
       - ask "Anything to add?"
    1. If order.status is not "pending":
       - refuse "{{ order.id }} is {{ order.status }}."
    1. say "{{ order.id }} can be changed."
    1. do note_down with order = order.id, note = note
    1. Ask "Was that all?" for done: yes or no
    1. say "{{ order.id }} is {{ order.status }}: {{ note }}"
    """


def test_point_04_before_the_first_write_every_turn_reads_fresh_facts() -> None:
    run = Run(STATUS, facts={"order": make_order("#1", "pending")})
    assert texts(run.say()) == ["#1 can be changed.", "Anything to add?"]
    run.facts["order"] = make_order("#1", "shipped")
    reading = run.say("wrap it")
    assert (reading.status, texts(reading)) == ("refused", ["#1 is shipped."])
    assert not run.writes


def test_point_04_after_the_first_write_the_guide_is_finished_on_the_values_it_had() -> None:
    run = Run(STATUS, facts={"order": make_order("#1", "pending")})
    run.say()
    assert texts(run.say("wrap it")) == ["Was that all?"]
    run.facts["order"] = make_order("#1", "shipped")
    reading = run.say("yes")
    assert (reading.status, texts(reading)) == ("done", ["#1 is pending: wrap it"])
    assert len(run.writes) == 1


def test_point_04_text_already_said_is_not_repeated() -> None:
    run = Run(STATUS, facts={"order": make_order("#1", "pending")})
    assert "#1 can be changed." in texts(run.say())
    assert "#1 can be changed." not in texts(run.say("wrap it"))


def test_point_04_a_changed_mind_counts_until_the_first_write() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need order: one of customer.orders
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel with order = order.id
        1. say "Done."
        """,
        facts={"customer": make_customer(make_order("#1"), make_order("#2"))},
    )
    assert texts(run.say("cancel #1")) == ["Cancel #1?"]
    assert texts(run.say("I meant #2")) == ["Cancel #2?"]
    run.say("yes")
    assert run.writes == [("cancel", {"order": "#2"})]


def test_point_04_two_questions_behind_a_write_are_each_asked_once() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. do begin
        1. Ask "Did you restart it?" for restarted: yes or no
        1. Ask "Did you reset it?" for reset: yes or no
        1. Ask "Is it plugged in?" for plugged: yes or no
        1. If plugged and reset and restarted:
           - say "Then it is broken."
        1. say "Try that first."
        """
    )
    asked = [texts(run.say(words)) for words in ("hello", "yes", "yes", "yes")]
    assert asked == [["Did you restart it?"], ["Did you reset it?"], ["Is it plugged in?"], ["Then it is broken."]]
    assert len(run.writes) == 1


def test_point_04_what_a_later_write_rests_on_is_frozen_with_it() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. do begin
        1. Ask "Go on?" for more: yes or no
        1. do finish with price = price
        1. Ask "And now?" for rest: yes or no
        1. say "{{ price | money }}"
        """,
        facts={"price": eur(10)},
    )
    run.say()
    assert texts(run.say("yes")) == ["And now?"]
    run.facts["price"] = eur(99)
    assert texts(run.say("yes")) == ["€10.00"]
    assert [name for name, _ in run.writes] == ["begin", "finish"]


def test_point_04_picks_behind_a_write_keep_their_own_values() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need order: each of customer.orders
        1. Let first_line be first of order.items
        1. confirm "Send back {{ first_line.name }} of {{ order.id }}?"
        1. do send_back with order = order.id, line = first_line.id
        1. say "{{ order.id }} is booked."
        """,
        facts={"customer": make_customer(make_order("#1", items=[BOOTS]), make_order("#2", items=[LAMP]))},
    )
    assert texts(run.say("everything")) == ["Send back boots of #1?"]
    assert texts(run.say("yes")) == ["#1 is booked.", "Send back lamp of #2?"]
    assert texts(run.say("yes")) == ["#2 is booked."]
    assert run.writes == [
        ("send_back", {"order": "#1", "line": "boots"}),
        ("send_back", {"order": "#2", "line": "lamp"}),
    ]


def test_point_04_picks_are_not_picked_anew_behind_a_write() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need order: each of customer.orders
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel with order = order.id
        1. say "{{ order.id }} is cancelled."
        """,
        facts={"customer": make_customer(make_order("#1"), make_order("#2"), make_order("#3"))},
    )
    run.say("#1 and #2")
    run.say("yes")
    run.facts["customer"] = make_customer(make_order("#2"), make_order("#3"))
    assert texts(run.say("yes")) == ["#2 is cancelled."]
    assert [call["order"] for _, call in run.writes] == ["#1", "#2"]


def test_point_04_picks_that_were_looked_up_are_not_looked_up_anew_behind_a_write() -> None:
    orders = [make_order("#1"), make_order("#2")]
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need order: each of customer.orders
        1. confirm "Cancel {{ order.id }}?"
        1. do cancel with order = order.id
        1. say "{{ order.id }} is cancelled."
        """,
        facts={"customer": Customer(id="C1")}, actions={"orders_of": lambda customer: list(orders)}, lookups=["orders_of"],
        resolvers={("Customer", "orders"): Resolver("orders_of", "customer")},
    )  # fmt: skip
    run.say("#1 and #2")
    assert texts(run.say("yes")) == ["#1 is cancelled.", "Cancel #2?"]
    del orders[0]
    assert texts(run.say("yes")) == ["#2 is cancelled."]
    assert [call["order"] for _, call in run.writes] == ["#1", "#2"]


def test_point_04_a_name_given_anew_behind_a_write_has_its_new_value_in_every_turn() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Let x be "old"
        1. do note_down with x = x
        1. Let x be "new"
        1. Ask "Well?" for more: yes or no
        1. say "{{ x }}"
        """
    )
    run.say()
    assert texts(run.say("yes")) == ["new"]


def test_point_04_a_need_for_each_line_survives_the_first_write() -> None:
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. Need items: some of order.items
        1. Need colour for each item in items: one of "red", "blue"
        1. do begin with items = items.id
        1. Ask "Go on?" for more: yes or no
        1. say
           > {{ items | pairs("colour") }}
        """,
        facts={"order": make_order("#1", items=[BOOTS, LAMP])},
    )
    assert texts(run.say("boots")) == ["Go on?"]
    assert run.say("yes").needs == ("colour[boots]",)
    assert texts(run.say("red")) == ["boots → red"]


def test_point_04_a_look_up_that_a_do_runs_is_fresh_too_and_freezes_nothing() -> None:
    stock = {"left": 3}
    run = Run(
        """
        # G

        When the customer asks:
        - "x"

        1. do count_stock as left
        1. Need note: text
           - ask "Note?"
        1. say "{{ left }}: {{ note }}"
        """,
        actions={"count_stock": lambda: stock["left"]},
        lookups=["count_stock"],
    )
    assert texts(run.say()) == ["Note?"]
    stock["left"] = 2
    assert texts(run.say("fine")) == ["2: fine"]
