"""Splitting messages into parts, and what is left of a mail without history and signature."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.understanding import split_requests
from convagent.understanding.mail import own_words
from convagent.understanding.segments import is_greeting

PARTS = [
    ("Where is my order?", ["Where is my order?"]),
    ("Where is order #1042? Also, can I change the address?", ["Where is order #1042?", "can I change the address?"]),
    ("Where is my order and can I change the address?", ["Where is my order", "can I change the address?"]),
    ("I want to return the lamp and also the mug", ["I want to return the lamp and also the mug"]),
    ("Cancel order 1044. And also I need an invoice for 1042.", ["Cancel order 1044.", "I need an invoice for 1042."]),
    ("my lamp is broken btw my discount code fails", ["my lamp is broken", "my discount code fails"]),
    ("Track 1042. One more thing: do you ship to Malta?", ["Track 1042.", "do you ship to Malta?"]),
    ("I also want to return the jumper", ["I also want to return the jumper"]),
    ("1. where is my order\n2. refund the mug", ["where is my order", "refund the mug"]),
    ("- cancel 1044\n- change my address", ["cancel 1044", "change my address"]),
    ("1) cancel order 1044 2) refund the mug", ["cancel order 1044", "refund the mug"]),
    ("Please cancel my order\nit is 1042", ["Please cancel my order", "it is 1042"]),
    (
        "Wo ist meine Bestellung? Und außerdem möchte ich mein Abo kündigen.",
        ["Wo ist meine Bestellung?", "möchte ich mein Abo kündigen."],
    ),
    ("wie lange dauert der Versand und was kostet er?", ["wie lange dauert der Versand", "was kostet er?"]),
    ("Où est ma commande ? Et aussi, je voudrais annuler.", ["Où est ma commande ?", "je voudrais annuler."]),
    ("Hi there, hope you're well. Where is my order? Thanks, Ada", ["Where is my order?"]),
    ("Dear Wrenfold team,\nmy parcel is broken.\nThank you in advance", ["my parcel is broken."]),
    ("Guten Tag Frau Müller, wo ist mein Paket? Vielen Dank im Voraus!", ["wo ist mein Paket?"]),
    ("Bonjour, où est mon colis ? Merci d'avance.", ["où est mon colis ?"]),
    ("hi can you tell me the price", ["can you tell me the price"]),
    ("Hello", ["Hello"]),
    ("Thanks!", ["Thanks!"]),
    ("It cost 12.50 and I paid 1.234,56 €. Why?", ["It cost 12.50 and I paid 1.234,56 €.", "Why?"]),
    ("See www.wrenfold.example/a.b?c=d. Is it right?", ["See www.wrenfold.example/a.b?c=d.", "Is it right?"]),
    ("Mail me at a.b@example.com. Thanks", ["Mail me at a.b@example.com."]),
    ('I love "The Sunday. And also Teapot" a lot', ['I love "The Sunday. And also Teapot" a lot']),
    ("Order no. 1042 came. No. 1043 didn't.", ["Order no. 1042 came.", "No. 1043 didn't."]),
    ("Ich habe am 3. Mai bestellt. Wo ist es?", ["Ich habe am 3. Mai bestellt.", "Wo ist es?"]),
    ("I wear size M. Is that right? I take 12. Ok", ["I wear size M.", "Is that right?", "I take 12.", "Ok"]),
    ("Mr. Smith ordered it, e.g. the lamp. Where is it?", ["Mr. Smith ordered it, e.g. the lamp.", "Where is it?"]),
    ("It broke... I want a refund", ["It broke...", "I want a refund"]),
    ("🎉", ["🎉"]),
    ("", []),
    ("  \n ", []),
]


@pytest.mark.parametrize(("text", "expected"), PARTS)
def test_a_message_is_split_where_a_request_may_begin(text: str, expected: list[str]) -> None:
    assert list(split_requests(text).segments) == expected


MAILS = [
    (
        "yes please\n\nOn Mon, 3 May 2026 at 10:00, Wren <help@wrenfold.example> wrote:\n> Shall I?\n> Wren",
        "yes please",
    ),
    ("yes\n\nOn Mon, 3 May 2026 at 10:00, Wren\n<help@wrenfold.example> wrote:\n\nShall I?", "yes"),
    ("ja\n\nAm 3. Mai 2026 um 10:00 schrieb Wren <help@wrenfold.example>:\n> Soll ich?", "ja"),
    ("oui\n\nLe 3 mai 2026 à 10:00, Wren a écrit :\n> Dois-je ?", "oui"),
    ("It broke.\n\n-----Original Message-----\nFrom: Wren\nHello", "It broke."),
    ("Kaputt.\n\n-----Ursprüngliche Nachricht-----\nVon: Wren", "Kaputt."),
    ("It broke.\n\nFrom: Wren\nSent: Monday\nTo: Ada\nSubject: Order\n\nHello", "It broke."),
    ("It broke.\n________________________________\nFrom: Wren\nHello", "It broke."),
    ("It broke.\n-- \nAda Lovelace\nDublin", "It broke."),
    ("It broke.\n\nKind regards,\nAda Lovelace\n+353 1 234 5678", "It broke."),
    ("Es ist kaputt.\n\nMit freundlichen Grüßen\nAda", "Es ist kaputt."),
    ("C'est cassé.\n\nCordialement,\nAda", "C'est cassé."),
    ("It broke.\n\nSent from my iPhone", "It broke."),
    ("Es ist kaputt.\n\nVon meinem iPhone gesendet", "Es ist kaputt."),
    ("> Which size?\nM please\n> Which colour?\nblue", "M please\nblue"),
    ("Thanks", "Thanks"),
    ("> all of it is quoted", "> all of it is quoted"),
    ("From: my mother\nI got a lamp", "From: my mother\nI got a lamp"),
    ("I wrote: where is it?", "I wrote: where is it?"),
    ("Thanks\nWhere is order 1042?", "Thanks\nWhere is order 1042?"),
]


@pytest.mark.parametrize(("text", "expected"), MAILS)
def test_history_and_signature_are_no_words_of_this_message(text: str, expected: str) -> None:
    assert split_requests(text).text == expected


def test_joiners_and_list_items_are_told_from_mere_sentences() -> None:
    parts = split_requests("My lamp broke. Another thing: where is my mug?\n- cancel order 1044").parts
    assert [part.boundary for part in parts] == ["start", "joiner", "item"]


def test_a_huge_message_is_cut_at_a_blank_with_a_note() -> None:
    split = split_requests("where is it " * 100_000)
    assert len(split.text) <= 8_000
    assert not split.text.endswith("wher")
    assert "1200000 characters" in split.note


def test_a_message_of_countless_parts_keeps_the_first_with_a_note() -> None:
    split = split_requests("Where is it? " * 100)
    assert len(split.parts) == 40
    assert "100 parts" in split.note


def test_an_ordinary_message_needs_no_note() -> None:
    assert split_requests("Where is it? Thanks").note == ""


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 100,
        "\ud800 \udfff. \ud800",
        "🎉" * 200_000,
        "and also " * 100_000,
        "> " * 300_000,
        "\n" * 1_000_000,
        '"' * 300_000,
        "1) " * 300_000,
        "On " * 300_000 + "wrote:",
        "a. " * 300_000,
        "From: x\nTo: y\n" * 50_000,
        "hope you " * 100_000,
        "x" * 1_000_000,
    ],
)
def test_odd_and_huge_messages_are_split_without_harm(text: str) -> None:
    assert len(split_requests(text).parts) <= 40


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"ab1 .,!?\n>\"'-", " and also ", "Thanks", "Hi ", "\n\n", "On x wrote:\n"]), max_size=60
    ).map("".join)
)
def test_parts_are_pieces_of_the_message_in_order(text: str) -> None:
    split = split_requests(text)
    last = 0
    for part in split.parts:
        assert text[part.start : part.end] == part.text
        assert part.text.strip() == part.text
        assert part.start >= last
        last = part.end
    assert bool(split.parts) == bool(text.strip())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_own_words_are_spans_in_order(text: str) -> None:
    last = 0
    for start, end in own_words(text):
        assert last <= start < end <= len(text)
        last = end


@pytest.mark.parametrize(
    ("text", "expected"), [("Hi!", True), ("Hello Wren, how are you?", True), ("Hi, is it in stock?", False)]
)
def test_a_greeting_may_come_with_kind_words(text: str, expected: bool) -> None:
    assert is_greeting(text) is expected
