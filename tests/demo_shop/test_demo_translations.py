"""The demo shop answers in German and French: every text of its guides has a translation, and none of another language."""

from __future__ import annotations

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
