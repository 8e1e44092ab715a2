"""What it costs to have something done is asked beside it; what a thing costs is another question."""

from __future__ import annotations

import pytest

from convagent.turns.costs_beside import cost_asked_beside


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Could you mend my jumper, and what would that cost?", "and what would that cost?"),
        ("Could you mend my jumper, and how much is it?", "and how much is it?"),
        ("Please sharpen my knife and what do you charge for that?", "and what do you charge for that?"),
        ("Please sharpen my knife. And what's the price?", "And what's the price?"),
        ("Könnten Sie meinen Pullover flicken, und was kostet das?", "und was kostet das?"),
        ("Bitte das Messer schärfen, und wie teuer wäre das?", "und wie teuer wäre das?"),
        ("Bitte das Messer schärfen, und was würde das ungefähr kosten?", "und was würde das ungefähr kosten?"),
        ("Pouvez-vous réparer mon pull, et combien ça coûte ?", "et combien ça coûte ?"),
        ("Pouvez-vous réparer mon pull, et à quel prix ?", "et à quel prix ?"),
    ],
)
def test_what_it_costs_is_asked_beside_having_it_done(text: str, question: str) -> None:
    assert cost_asked_beside(text) == question


@pytest.mark.parametrize(
    "text",
    [
        "Please cancel order 1042, and how much is the Turf Smoke Candle?",
        "I want to return the jacket of order 1042, and how much is the blue one?",
        "Cancel my order, and what does the Harbour Jacket cost?",
        "Cancel my order, and how much is delivery to Cork?",
        "Bitte 1042 stornieren, und was kostet die blaue?",
        "Bitte 1042 stornieren, und was kostet der Versand?",
        "Annulez la 1042, et combien coûte la bleue ?",
        "Annulez la 1042, et quel est le prix de la bougie ?",
        "How much is it?",
        "Cancel it, and what will that do?",
    ],
)
def test_what_a_thing_costs_is_left_as_it_was_asked(text: str) -> None:
    assert cost_asked_beside(text) == ""
