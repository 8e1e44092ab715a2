"""Wishes for the case that another can't be met, as customers write them."""

from __future__ import annotations

import pytest

from convagent.understanding.alternatives import halves_at_otherwise, without_otherwise


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("refund the lamp, or else cancel the order", ("refund the lamp", "cancel the order")),
        ("refund the lamp or else cancel the order", ("refund the lamp", "cancel the order")),
        ("please change the address, otherwise cancel it", ("please change the address", "cancel it")),
        ("swap the jumper, if that's not possible, send it back", ("swap the jumper", "send it back")),
        ("Ändern Sie die Adresse, sonst stornieren Sie sie", ("Ändern Sie die Adresse", "stornieren Sie sie")),
        ("Ändern Sie es, falls das nicht geht, stornieren Sie es", ("Ändern Sie es", "stornieren Sie es")),
        ("changez l'adresse, sinon annulez la commande", ("changez l'adresse", "annulez la commande")),
        ("échangez le pull, à défaut remboursez le pull", ("échangez le pull", "remboursez le pull")),
    ],
)
def test_a_second_best_wish_is_told_from_the_first(text: str, halves: tuple[str, str]) -> None:
    assert halves_at_otherwise(text) == halves


@pytest.mark.parametrize(
    "text",
    ["", "cancel it", "it is otherwise fine", "I have nothing else to say", "otherwise", "sonst nichts", "x" * 9000,
     "the box was damaged, otherwise fine"],
)  # fmt: skip
def test_what_puts_no_case_stays_whole(text: str) -> None:
    assert halves_at_otherwise(text) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Otherwise cancel it.", "cancel it."),
        ("If that's not possible, I'd like to return it.", "I'd like to return it."),
        ("Sonst stornieren Sie bitte.", "stornieren Sie bitte."),
        ("Sinon, annulez la commande", "annulez la commande"),
        ("cancel it otherwise", ""),
        ("if not", ""),
    ],
)
def test_a_sentence_that_begins_so_is_a_second_best_wish(text: str, rest: str) -> None:
    assert without_otherwise(text) == rest
