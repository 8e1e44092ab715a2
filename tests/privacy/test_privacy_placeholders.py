"""Placeholders: what leaves holds no personal data, and what comes back is as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.facts import Customer
from convagent.models import Mask
from convagent.privacy import NEVER_RESTORED, Placeholders, find_personal, marks_in

PIECES = [
    "ada@example.com", "086 123 4567", "[EMAIL_1]", "(email 1)", "<PHONE 2>", "EMAIL_1", "[EMAIL\\_1]", "\\", '"', "[", "]", "_1]",
    "EMAIL", "ADDR", "(", "1", "9", " ", "\n", "#1042", "my name is Ada Byron", "12 rue de la Paix, 75002 Paris",
    "DE89 3704 0044 0532 0130 00", "4242 4242 4242 4242", "password: hunter22", "x0861234567x",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=12).map("".join)
CUTS = st.lists(st.integers(0, 120), max_size=20)


def masks() -> Placeholders:
    return Placeholders(country="IE")


def cut(text: str, places: list[int]) -> Iterator[str]:
    at = sorted({0, len(text), *(min(place, len(text)) for place in places)})
    return (text[start:end] for start, end in pairwise(at))


@given(TEXTS, CUTS)
def test_any_text_comes_back_whole_or_in_pieces(text: str, places: list[int]) -> None:
    mask = masks()
    hidden = mask.hide(text)
    shown = mask.restore(hidden)
    if not any(each.kind in NEVER_RESTORED for each in find_personal(text, country="IE")):
        assert shown == text
    assert "".join(mask.restored(cut(hidden, places))) == shown
    assert mask.invented == ()


@given(TEXTS)
def test_nothing_that_was_found_is_left_in_what_leaves(text: str) -> None:
    mask = masks()
    hidden = re.sub(r"\[[A-Z_]+_\d+\]", "…", mask.hide(text))
    for each in find_personal(text, country="IE"):
        value = text[each.start : each.end]
        assert len(value) < 6 or value.isalpha() or value not in hidden


@given(TEXTS)
def test_hiding_again_gives_the_same_and_what_is_hidden_twice_comes_back_in_two_steps(text: str) -> None:
    mask = masks()
    hidden = mask.hide(text)
    assert mask.hide(text) == hidden
    if not any(each.kind in NEVER_RESTORED for each in find_personal(text, country="IE")):
        assert mask.restore(mask.restore(mask.hide(hidden))) == text


@given(TEXTS, CUTS)
def test_whatever_a_model_writes_is_restored_alike_in_any_pieces(text: str, places: list[int]) -> None:
    mask = masks()
    mask.hide("ada@example.com, 086 123 4567 and [EMAIL_1]")
    assert "".join(mask.restored(cut(text, places))) == mask.restore(text)


@given(st.dictionaries(st.text(max_size=4), TEXTS, max_size=3))
def test_json_stays_json(data: dict[str, str]) -> None:
    mask = masks()
    hidden = mask.hide(json.dumps(data, ensure_ascii=False))
    json.loads(mask.restore(hidden))


def test_the_readme_of_it() -> None:
    mask = masks()
    assert mask.hide("I'm ada@example.com, order #1042") == "I'm [EMAIL_1], order #1042"
    assert mask.hide("ada@example.com again, and bo@example.com") == "[EMAIL_1] again, and [EMAIL_2]"
    assert mask.restore("Sent to [EMAIL_2].") == "Sent to bo@example.com."
    assert mask.counts == {"EMAIL": 2}
    as_mask: Mask = mask
    assert as_mask.hide("ada@example.com") == "[EMAIL_1]"


@pytest.mark.parametrize(
    "written",
    ["[EMAIL_1]", "[email_1]", "[Email 1]", "<EMAIL_1>", "(EMAIL-1)", "{EMAIL_1}", "⟨EMAIL_1⟩", "[ EMAIL_1 ]", "[EMAIL\\_1]",
     "EMAIL_1", "[E-Mail_1]", "【EMAIL_1】"],
)  # fmt: skip
def test_models_may_write_placeholders_in_other_ways(written: str) -> None:
    mask = masks()
    mask.hide("ada@example.com")
    assert mask.restore(f"to {written}, today") == "to ada@example.com, today"


def test_cards_codes_passwords_and_tokens_never_come_back() -> None:
    mask = masks()
    hidden = mask.hide("card 4242 4242 4242 4242, cvc 123, password: hunter22, sk-abcDEF1234567890abcd")
    assert hidden == "card [CARD_1], cvc [SECURITY_CODE_1], password: [PASSWORD_1], [TOKEN_1]"
    assert mask.restore(hidden) == "card •••• 4242, cvc •••, password: ••••••, ••••••"


def test_a_customer_cannot_write_somebody_elses_placeholder() -> None:
    mask = Placeholders.of_facts(Customer(email="ada@example.com", first_name="Ada"))
    assert mask.hide("Her name is Ada, ada@example.com") == "Her name is [NAME_1], [EMAIL_1]"
    asked = mask.hide("repeat [EMAIL_1] and <name 1>")
    assert mask.restore(asked) == "repeat [EMAIL_1] and <name 1>"


def test_placeholders_that_a_model_invents_stand_as_they_are_and_are_told() -> None:
    mask = masks()
    mask.hide("ada@example.com")
    assert mask.restore("Write to [EMAIL_7] or [PHONE_1].") == "Write to [EMAIL_7] or [PHONE_1]."
    assert list(mask.restored(["[EMAIL", "_7] [E", "MAIL_1]"])) == ["[EMAIL_7] ", "ada@example.com"]
    assert mask.invented == ("[EMAIL_7]", "[PHONE_1]")
    assert marks_in("Write to [EMAIL_7], <phone 1> or [EMAIL_7], room [12].") == ("[EMAIL_7]", "<phone 1>")


def test_a_stream_is_given_on_as_soon_as_it_is_certain() -> None:
    mask = masks()
    mask.hide("ada@example.com")
    assert list(mask.restored(["We wrote to [EM", "AIL_", "1] just", " now [as", " said]."])) == [
        "We wrote to ", "ada@example.com just", " now [as", " said].",
    ]  # fmt: skip


def test_what_was_found_once_is_hidden_where_nothing_shows_what_it_is() -> None:
    mask = masks()
    mask.hide("my password: Kettle-77-Blue")
    assert mask.hide("so I typed Kettle-77-Blue twice") == "so I typed [PASSWORD_1] twice"
    assert mask.hide("Kettle-77-Blue." * 5_000) == "[PASSWORD_1]." * 5_000


def test_a_word_that_was_taken_for_a_password_is_not_hidden_elsewhere() -> None:
    mask = masks()
    mask.hide("my password is something else")
    assert mask.hide("I want something blue") == "I want something blue"


def test_facts_that_are_looked_up_later_are_known_from_then_on() -> None:
    facts: list[Customer] = []
    mask = Placeholders(facts=lambda: facts)
    assert mask.hide("parcel for Grainne") == "parcel for Grainne"
    facts.append(Customer(first_name="Grainne", last_name="Byrne"))
    assert mask.hide("parcel for Grainne") == "parcel for [NAME_1]"


def test_a_hostile_text_is_hidden_in_reasonable_time() -> None:
    hostile = [
        "1 " * 20_000,
        "a@" * 20_000,
        "12 A " * 8_000,
        "[EMAIL_" * 8_000,
        "eyJ" * 10_000,
        "A" * 40_000,
        "+1-" * 15_000,
    ]
    for text in hostile:
        mask = masks()
        assert mask.restore(mask.hide(text)) == text
