from __future__ import annotations

from convagent.understanding.ids import ids_in, other_ids, without_ids


def test_ids_are_words_with_many_figures_or_a_few_behind_a_hash() -> None:
    assert ids_in("#1042, #W1234567, credit_card_7654321 and 7706410293") == (
        "1042",
        "w1234567",
        "credit_card_7654321",
        "7706410293",
    )
    assert ids_in("in 2024 I paid 12.50 for 3 at ada12345@example.com") == ()


def test_another_id_looks_like_one_of_the_choices_and_is_none() -> None:
    methods = ["Visa (credit_card_7654321)", "PayPal (paypal_1234567)"]
    assert other_ids("to gift_card_1111111 please", methods) == ("gift_card_1111111",)
    assert other_ids("to credit_card_7654321 for order #W1234567", methods) == ()
    assert other_ids("#W7654321", ["#W1234567"]) == ("w7654321",)
    assert other_ids("7706410293", ["#W1234567"]) == ()
    assert other_ids("#1999", ["#1042"]) == ("1999",)


def test_ids_that_are_taken_are_left_out_of_a_text() -> None:
    assert without_ids("swap 1000000001 for 1000000002", ["Kettle, item 1000000001"]).split() == [
        "swap",
        "for",
        "1000000002",
    ]
    assert without_ids("swap it", ["no id"]) == "swap it"
