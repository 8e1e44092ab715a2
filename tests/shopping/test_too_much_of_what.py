"""Too much is too dear only where a price is spoken of: not the scent, the mails or the weeks of waiting."""

from __future__ import annotations

import pytest

from convagent.shopping.hesitation import read_hesitation


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Duft ist mir zu viel", "de"),
        ("Die Ausreden sind mir zu viel, ich will mein Geld zurück", "de"),
        ("Die Newsletter sind mir zu viel, bitte abmelden", "de"),
        ("3 Wochen für eine Lampe ist mir zu viel", "de"),
        ("3 semaines d'attente, c'est trop.", "fr"),
        ("10 mails par jour, c'est trop.", "fr"),
        ("10 mails par jour, c'est trop pour moi", "fr"),
    ],
)
def test_too_much_of_something_else_holds_nobody_back_by_its_price(text: str, language: str) -> None:
    assert read_hesitation(text, language) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("85 Euro ist mir zu viel", "de"),
        ("85 € sind mir zu viel", "de"),
        ("1.190 € für einen Tisch ist mir zu viel", "de"),
        ("1190 für einen Tisch ist mir zu viel", "de"),
        ("Der Preis ist mir zu viel", "de"),
        ("Das ist mir zu viel Geld", "de"),
        ("Das ist mir zu viel", "de"),
        ("85 euros, c'est trop.", "fr"),
        ("85 € pour une lampe, c'est trop pour moi", "fr"),
        ("1190 pour une table, c'est trop", "fr"),
    ],
)
def test_too_much_money_is_too_dear(text: str, language: str) -> None:
    found = read_hesitation(text, language)
    assert found is not None
    assert found.kind == "price"
