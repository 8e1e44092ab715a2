"""An article or the shopping assistant, in a German shop whose guide leaves looking for products to the assistant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from convagent import Agent, Answered

SETTINGS = """
[shop]
name = "Radeck"
currency = "EUR"
timezone = "Europe/Berlin"
language = "de"
languages = ["de"]

[catalog]
files = ["produkte.csv"]

[clock]
fixed = "2026-05-12T10:30:00+02:00"
"""

GUIDE = """# Passendes Rad finden

When the customer looks for a bicycle or an accessory:
- "Ich suche ein Rad für den Weg zur Arbeit"
- "Welches Schloss empfehlen Sie?"
- "Habt ihr Regenjacken?"
- "Führt ihr auch Helme?"
- "Ein Geschenk für einen Radfahrer"

1. do advise
"""

ARTICLE = """---
id: laender
---
# In welche Länder liefern Sie?

Wir verschicken nach Deutschland, Österreich und Luxemburg.
"""

PRODUCTS = "Handle,Title,Type,Variant Price,Variant Inventory Qty,Status\n" + "".join(
    f"{kind.lower()}-{place},{kind} {name},{kind},{price}.00,3,active\n"
    for kind, price in (("Trekkingrad", 900), ("Schloss", 40), ("Helm", 70), ("Regenjacke", 120))
    for place, name in enumerate(("Ahorn", "Birke", "Erle"))
)


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    folder = tmp_path_factory.mktemp("radeck")
    articles = folder / "knowledge" / "articles"
    articles.mkdir(parents=True)
    (folder / "guidance").mkdir()
    for name, text in (
        ("convagent.toml", SETTINGS), ("guidance/finden.md", GUIDE), ("knowledge/articles/laender.md", ARTICLE),
        ("produkte.csv", PRODUCTS),
    ):  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
    with Agent.open(folder, storage="memory:") as opened:
        yield opened


def test_an_article_that_answers_goes_before_a_guide_that_looks_for_products(agent: Agent) -> None:
    turn = agent.decide("Verschickt ihr auch nach Luxemburg?", conversation="luxemburg")
    assert isinstance(turn.outcome, Answered)
    assert turn.reply is not None
    assert "Luxemburg" in turn.reply.text


def test_a_compound_of_the_shops_kind_is_looked_for(agent: Agent) -> None:
    turn = agent.decide("Welches Fahrradschloss empfehlen Sie?", conversation="schloss")
    assert turn.reply is not None
    assert "Schloss Ahorn" in turn.reply.text
