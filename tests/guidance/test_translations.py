"""Translations: said where they are, found where they lost something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.guidance.reader import NOW, LabelReader, make_order

from convagent.agent import Agent
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.interpreter.interpret import read_guide
from convagent.guidance.interpreter.world import GuideState, World
from convagent.guidance.language.parse import parse_text
from convagent.guidance.language.translations import check_translations, read_translations, texts_of

GUIDE = """# Where is my order

When the customer asks where an order is:
- "where is it"

1. Need order: one of customer.orders
   - ask "Which one?"
   - must its status is "shipped", else say "That one is not on its way."
1. If order.status is "shipped":
   - say "{{ order.id }} is on its way, 3 days."
1. Otherwise:
   - refuse "No."
1. hand over to "care" because guidance
   - say "A person takes over."
"""


def catalogue(tmp_path: Path, text: str) -> Path:
    (tmp_path / "translations").mkdir(exist_ok=True)
    (tmp_path / "translations" / "de.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def codes(tmp_path: Path, text: str) -> list[str]:
    file, _ = parse_text(GUIDE)
    translations, found = read_translations(catalogue(tmp_path, text))
    return [finding.code for finding in (*found, *check_translations(file.guides, translations))]


WHOLE = """Where is my order:
  "Which one?": "Welche?"
  "That one is not on its way.": "Die ist nicht unterwegs."
  "{{ order.id }} is on its way, 3 days.": "{{ order.id }} ist unterwegs, 3 Tage."
  "No.": "Nein."
  "A person takes over.": "Ein Mensch übernimmt."
"""


def test_every_text_of_a_guide_is_found() -> None:
    file, _ = parse_text(GUIDE)
    assert [text.template for text in texts_of(file.guides[0])] == [
        "Which one?", "That one is not on its way.", "{{ order.id }} is on its way, 3 days.", "No.", "A person takes over.",
    ]  # fmt: skip


def test_a_whole_translation_has_nothing_to_mend(tmp_path: Path) -> None:
    assert codes(tmp_path, WHOLE) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [(("{{ order.id }} ist", "Sie ist"), "L103"), (("3 Tage", "4 Tage"), "L104"), (('  "No.": "Nein."\n', ""), "L105"),
     (('"No.":', '"Nope.":'), "L102"), (("Where is my order:", "Where is it:"), "L102"), (("Where is my order:", "- x: ["), "L101"),
     (('"Nein."', "[1]"), "L101")],
)  # fmt: skip
def test_what_got_lost_is_found(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    assert code in codes(tmp_path, WHOLE.replace(*change))


def test_the_agent_says_the_translation_and_the_original_elsewhere(shop: Path) -> None:
    folder = shop / "guidance" / "translations"
    folder.mkdir()
    words = 'Where is my order:\n  "{{ order.id }} is on its way.": "{{ order.id }} ist unterwegs."\n'
    (folder / "de.yaml").write_text(words, encoding="utf-8")
    settings = shop / "convagent.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('languages = ["en"]', 'languages = ["en", "de"]'), encoding="utf-8"
    )
    facts = {"customer": {"email": "ada@example.com"}}
    with Agent.open(shop, storage="memory:") as agent:
        german = agent.reply("Guten Tag, wo ist meine Bestellung #10042?", conversation="a", facts=facts)
        english = agent.reply("Where is my order #10042?", conversation="b", facts=facts)
    assert german.reply is not None
    assert "#10042 ist unterwegs." in german.reply.text, german.explain()
    assert english.reply is not None
    assert "#10042 is on its way." in english.reply.text


def test_a_translation_that_lost_something_keeps_the_shop_shut(shop: Path) -> None:
    (shop / "guidance" / "translations").mkdir()
    words = 'Where is my order:\n  "{{ order.id }} is on its way.": "Unterwegs."\n'
    (shop / "guidance" / "translations" / "de.yaml").write_text(words, encoding="utf-8")
    with pytest.raises(Exception, match="L103"):
        Agent.open(shop, storage="memory:")


# ---- choices, statuses, figures
MENDING = """# Something is faulty

When the customer writes that something is faulty:
- "it broke"

1. Need wish: one of "mending" (repair), "refund"
   - ask "Which would you like: {{ choices | list }}?"
1. say "Noted: {{ wish }}."
"""
GERMAN = """Something is faulty:
  "Which would you like: {{ choices | list }}?": "Was möchten Sie: {{ choices | list }}?"
  "Noted: {{ wish }}.": "Notiert: {{ wish }}."
  "mending": "Reparatur | flicken"
"""


def talked(tmp_path: Path, catalogue_: str, *messages: str, text: str = MENDING, **facts: Any) -> list[str]:
    """What is said in German, message by message."""
    file, _ = parse_text(text)
    translations, found = read_translations(catalogue(tmp_path, catalogue_))
    assert found == ()
    kernel = desugar(file.guides)
    guide, state = kernel.guides[0], GuideState(kernel.guides[0].title, "r1")
    said: list[str] = []
    for message in messages:
        world = World(
            facts, NOW, "de", LabelReader(), translate=lambda title, words: translations.translate("de", title, words)
        )
        reading = read_guide(guide, kernel, world, state.heard(message))
        said.append(" ".join(step.text for step in reading.steps))
        state = reading.state
    return said


@pytest.mark.parametrize("answer", ["Reparatur", "flicken bitte", "mending", "repair please"])
def test_a_choice_is_shown_in_the_customers_language_and_understood_in_both(tmp_path: Path, answer: str) -> None:
    said = talked(tmp_path, GERMAN, "kaputt", answer)
    assert said == ["Was möchten Sie: Reparatur und refund?", "Notiert: Reparatur."]


def test_a_choice_without_a_translation_is_said_as_it_is_written_and_is_no_finding(tmp_path: Path) -> None:
    without = GERMAN.replace('  "mending": "Reparatur | flicken"\n', "")
    assert talked(tmp_path, without, "kaputt", "mending")[-1] == "Notiert: mending."
    file, _ = parse_text(MENDING)
    for text in (GERMAN, without):
        assert check_translations(file.guides, read_translations(catalogue(tmp_path, text))[0]) == ()


def test_a_choice_that_no_guide_has_any_more_is_found(tmp_path: Path) -> None:
    file, _ = parse_text(MENDING)
    translations, _ = read_translations(catalogue(tmp_path, GERMAN.replace('"mending":', '"mended":')))
    assert [finding.code for finding in check_translations(file.guides, translations)] == ["L102"]


@pytest.mark.parametrize(
    ("status", "said"), [("processing", "in Bearbeitung"), ("cancelled", "storniert"), ("odd", "odd")]
)
def test_an_orders_status_is_said_in_the_customers_language(tmp_path: Path, status: str, said: str) -> None:
    text = '# Status\n\nWhen the customer asks for it:\n- "x"\n\n1. say "It is {{ order.status }}."\n'
    german = 'Status:\n  "It is {{ order.status }}.": "Sie ist {{ order.status }}."\n'
    order = make_order("#1").model_copy(update={"status": status})
    assert talked(tmp_path, german, "x", text=text, order=order) == [f"Sie ist {said}."]


@pytest.mark.parametrize(("words", "same"), [("1.000", True), ("1\u202f000", True), ("1 000", False), ("100", False)])
def test_a_thousand_may_be_written_as_the_language_writes_it(tmp_path: Path, words: str, same: bool) -> None:
    text = '# Points\n\nWhen the customer asks for it:\n- "x"\n\n1. say "Up to 1,000 points."\n'
    file, _ = parse_text(text)
    german = f'Points:\n  "Up to 1,000 points.": "Bis zu {words} Punkte."\n'
    found = check_translations(file.guides, read_translations(catalogue(tmp_path, german))[0])
    assert [finding.code for finding in found] == ([] if same else ["L104"])


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('"No.":', '"Nope.":', "L102", 5),
        ("Where is my order:", "Where is it:", "L102", 1),
        ("unterwegs, 3 Tage", "unterwegs, 4 Tage", "L104", 4),
        ('  "Which one?": "Welche?"\n', "", "L105", 1),
    ],
)
def test_a_finding_names_the_line_of_the_translation(tmp_path: Path, old: str, new: str, code: str, line: int) -> None:
    file, _ = parse_text(GUIDE)
    folder = catalogue(tmp_path, WHOLE.replace(old, new, 1))
    found = check_translations(file.guides, read_translations(folder)[0], folder=folder)
    assert line in {finding.line for finding in found if finding.code == code}
