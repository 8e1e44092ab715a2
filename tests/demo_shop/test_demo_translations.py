"""The demo shop answers in German and French: every text of its guides has a translation, and none of another language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.guidance.language.parse import parse_file
from convagent.guidance.language.translations import check_translations, choices_of, read_translations, texts_of

OWN_NAMES = {
    "WELCOME10",
    "{{ product }}: {{ product.attributes.material }}.",
    "{{ product }}: {{ product.attributes.age }}.",
}


@pytest.mark.parametrize("language", ["de", "fr"])
def test_every_text_and_choice_of_every_guide_is_translated(root: Path, language: str) -> None:
    guides = [guide for path in sorted((root / "guidance").glob("*.md")) for guide in parse_file(path)[0].guides]
    translations, faults = read_translations(root / "guidance")
    assert faults == ()
    assert check_translations(guides, translations) == ()
    for guide in guides:
        for original in (*(text.template for text in texts_of(guide)), *choices_of(guide)):
            words = translations.translate(language, guide.title, original)
            assert words != original or original in {*OWN_NAMES, "neutral", "warm", "dimensions", "machine"}, original


def test_a_question_in_the_middle_of_a_german_guide_is_never_answered_from_an_english_article(root: Path) -> None:
    with Agent.open(root, storage="memory:") as agent:
        turn = agent.reply("Ich möchte etwas aus Bestellung #1017 zurücksenden, ada@example.com", conversation="c")
        assert turn.outcome.name == "Asked", turn.explain()
        turn = agent.reply("Recycling?", conversation="c")
        assert turn.outcome.name == "Asked", turn.explain()
        assert turn.citations == (), turn.explain()


FAMILIAR = {
    "de": r"\b(?:du|dich|dir|dein|deine[mnrs]?)\b|^\s*(?:\d\. )?(?:Öffne|Wähle|Prüfe|Nenn|Sag|Sieh|Gib|Schick|Melde)\b",
    "fr": r"\b(?:tu|toi|ton|ta|tes)\b",
}


@pytest.mark.parametrize(("language", "articles"), [("de", 10), ("fr", 3)])
def test_articles_address_customers_as_the_guides_do(root: Path, language: str, articles: int) -> None:
    files = sorted((root / "knowledge" / "articles" / language).glob("*.md"))
    assert len(files) >= articles
    for file in files:
        found = re.search(FAMILIAR[language], file.read_text("utf-8"), re.IGNORECASE | re.MULTILINE)
        assert found is None, (file.name, found)
