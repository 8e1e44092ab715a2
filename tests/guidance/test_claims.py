"""What a text claims: what was done, what will be done; and what backs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.guidance.backing import Backing, is_backed
from convagent.guidance.claims import claims_in, claims_of_parts
from convagent.guidance.parts import Part


@pytest.mark.parametrize("name", ["development", "final"])
def test_written_sentences_are_read_as_they_are_meant(root: Path, name: str) -> None:
    cases = json.loads((root / "benchmarks" / "data" / "claims.json").read_text(encoding="utf-8"))[name]
    wrong = [c["text"] for c in cases if {claim.kind for claim in claims_in(c["text"])} != ({c["claim"]} - {None})]
    assert len(wrong) <= len(cases) // 50


@pytest.mark.parametrize(
    "text",
    [
        "I have re\u200bfunded you.", "I\u00a0HAVE\tREFUNDED you.", "I have r e f u n d e d you.", "I have refund\u00aded you.",
        "I have\nrefunded you.", "I h\u0430ve refunded you.", "I have **re**funded you.", "I have… refunded you.",
        "I’ve refunded you.", "\uff29 have refunded you.",
    ],
)  # fmt: skip
def test_a_claim_cannot_be_hidden(text: str) -> None:
    assert [claim.kind for claim in claims_in(text)] == ["done"]


@pytest.mark.parametrize(
    "text",
    [
        "I have not refunded you.", "Has your order been cancelled?", "If it has been cancelled, nothing comes.",
        "I can't say whether it has been sent.", "Ihre Bestellung wurde nicht storniert.", "Votre commande n'a pas été annulée.",
        "Wurde sie storniert?",
    ],
)  # fmt: skip
def test_negations_questions_and_conditions_claim_nothing(text: str) -> None:
    assert claims_in(text) == ()


def test_what_was_put_in_is_read_with_our_words_but_is_no_claim_by_itself() -> None:
    assert claims_of_parts((Part("You wrote: "), Part("I have refunded you.", "value"))) == ()
    assert claims_of_parts((Part("We refund. "), Part("We have refunded it.", "cited"))) == ()
    assert [c.act for c in claims_of_parts((Part("We have "), Part("cancelled", "value"), Part(" it.")))] == ["cancel"]
    assert claims_of_parts((Part("I'll cancel it now. All right?", "asked"),)) == ()
    assert [c.kind for c in claims_of_parts((Part("I've cancelled it. All right?", "asked"),))] == ["done"]


@pytest.mark.parametrize(
    ("text", "backing", "backed"),
    [
        ("I have refunded you.", Backing(("refund_order Refunds.",)), True),
        ("I have refunded you.", Backing(("send_link Sends a link.",)), False),
        ("I have refunded you.", Backing(states=frozenset({"refunded"})), False),
        ("Your order has been refunded.", Backing(states=frozenset({"refunded"})), True),
        ("Your order is cancelled.", Backing(states=frozenset({"delivered"})), False),
        ("Your return is booked.", Backing(("return_items",)), True),
        ("Your return is booked.", Backing(person=True), False),
        ("I'll call you.", Backing(person=True), True),
        ("I'll call you.", Backing(), False),
        ("That's done.", Backing(("change_address",)), True),
        ("That's done.", Backing(), False),
        ("I have refunded you.", Backing(unnamed=True), True),
    ],
)  # fmt: skip
def test_a_claim_needs_what_backs_it(text: str, backing: Backing, *, backed: bool) -> None:
    (claim,) = claims_in(text)
    assert is_backed(claim, backing) is backed


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for claim in claims_in(text):
        assert claim.kind in {"done", "promise"}
