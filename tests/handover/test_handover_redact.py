from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.handover import masked, one_line, shortened


def luhn_digit(digits: str) -> str:
    """The check digit that makes `digits` pass, after ISO/IEC 7812-1."""
    doubled = [sum(divmod(int(digit) * 2, 10)) for digit in digits[::-2]]
    return str(-(sum(doubled) + sum(int(digit) for digit in digits[-2::-2])) % 10)


cards = st.text("0123456789", min_size=12, max_size=18).map(lambda digits: digits + luhn_digit(digits))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("my card 4111111111111111 was charged", "my card ••••••••••••1111 was charged"),
        ("4111 1111 1111 1111 12/27", "•••• •••• •••• 1111 12/27"),
        ("3782-822463-10005", "••••-••••••-•0005"),
        ("order 1042 4111.1111.1111.1111", "order 1042 ••••.••••.••••.1111"),
        ("#4111111111111111", "#••••••••••••1111"),
        ("CVC: 123, cvv 9876", "CVC: •••, cvv ••••"),
        ("DE89 3704 0044 0532 0130 00 please", "•••• •••• •••• •••• ••30 00 please"),
        ("BE68 5390 0754 7034 paid", "•••• •••• •••• 7034 paid"),
        ("GB82WEST12345698765432", "••••••••••••••••••5432"),
    ],
)
def test_numbers_that_are_nobodys_business_are_hidden(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "order #1042 and #1043",
        "call +353 86 123 4567",
        "4111 1111 1111 1112",  # fails the check
        "parcel 00340434161094012345678",  # too long for a card
        "16 June 2026, 10:30, 129.00 EUR",
        "ada.byrne@example.com",
        "DE89 3704 0044 0532 0130 02",  # fails the check
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text
    assert one_line(text) == text


@given(card=cards, data=st.data())
def test_a_card_is_hidden_however_it_is_grouped(card: str, data: st.DataObject) -> None:
    separators = data.draw(
        st.lists(st.sampled_from(["", "", " ", "-", "\u00a0", "\n", ".", " - ", "\u200b"]), min_size=19, max_size=19)
    )
    written = "".join(digit + gap for digit, gap in zip(card, separators, strict=False)).strip()
    shown = one_line(f"it is {written} thanks")
    assert sum(char.isdigit() for char in shown) == 4
    assert [char for char in shown if char.isdigit()] == list(card[-4:])


@given(st.text())
def test_any_text_becomes_one_line_of_plain_characters(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == " ".join(line.split())
    assert not set(line) & set('<>[]`*~|\\“”„«»"')
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in line)
    assert one_line(line) == line
    line.encode()


def test_order_numbers_addresses_and_letters_of_all_languages_stay() -> None:
    text = "Für #1042: ada_b@example.com, 3 × Größe 38/40 — déçue, 你好 (50 %) & co's"
    assert one_line(text) == text


def test_a_long_text_is_cut_at_a_word() -> None:
    assert shortened("the quick brown fox jumps over the dog", 25) == "the quick brown fox…"
    assert shortened("short", 25) == "short"
    assert shortened("x" * 50, 25) == "x" * 24 + "…"


def test_an_order_number_that_would_be_lost_is_kept() -> None:
    text = "I have been waiting for three weeks now and nobody writes back to me about order #1042 which is a gift"
    assert shortened(text, 60) == "I have been waiting for three weeks now and nobody… #1042"


@given(text=st.text(alphabet=st.sampled_from("ab #1234-, ")).map(one_line), limit=st.integers(20, 80))
def test_a_shortened_text_fits_and_says_nothing_new(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    if len(text) <= limit:
        assert short == text
    else:
        assert text.startswith(short.split("…")[0])
        assert short.count("…") == 1
        tail = short.split("…")[1].split()
        assert all(number in text for number in tail)


@given(st.lists(st.integers(1000, 99999).map(lambda number: f"#{number}"), min_size=1, max_size=3, unique=True))
def test_up_to_three_order_numbers_survive_any_cut(numbers: list[str]) -> None:
    text = " ".join(["word"] * 40 + numbers)
    assert re.findall(r"#\d+", shortened(text, 60)) == numbers
