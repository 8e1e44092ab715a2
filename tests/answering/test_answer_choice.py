"""Which of an article's own words answer: its beginning, the rows of a table, the part with the figure that is wanted."""

from __future__ import annotations

import pytest

from convagent.answering import extract_answer, units_of
from convagent.answering.asked_for import gives, wanted_figure
from convagent.answering.sure import surest_first
from convagent.knowledge import Article, Hit, KnowledgeBase
from convagent.knowledge.blocks import table_rows

KEEPING = Article(
    id="keeping",
    title="How long do creams and make-up keep?",
    text=(
        "Look for the open jar on the label. Unopened, everything keeps for 30 months.\n\n## A rough guide\n\n"
        "| Product | After opening |\n|---|---|\n| Mascara | 6 months |\n| Night cream | 12 months |\n| Blush | 24 months |\n\n"
        "## Where does the jar go?\n\nInto the recycling, free of charge at our shop.\n"
    ),
)


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return KnowledgeBase.from_articles([KEEPING])


def answer(base: KnowledgeBase, question: str) -> str:
    hits = base.search(question)
    found = extract_answer(question, hits, passages=base.passages_of(hits[0].article_id))
    assert found is not None
    return found.text


def test_rows_of_a_table_are_rows_and_no_headings() -> None:
    units = units_of("A rough guide\nProduct: After opening\nMascara: 6 months\n\nThen throw it away.")
    assert [(unit.heading, unit.is_list) for unit in units] == [("A rough guide", True), ("A rough guide", False)]
    assert "Mascara: 6 months" in units[0].text


def test_the_row_that_a_question_names_is_told_beside_the_beginning(base: KnowledgeBase) -> None:
    text = answer(base, "How long does mascara keep?")
    assert "30 months" in text
    assert "Mascara: 6 months" in text
    assert "Blush" not in text or len(text.split()) < 80


def test_a_question_that_is_the_title_gets_the_beginning_of_the_article(base: KnowledgeBase) -> None:
    assert answer(base, "how long do creams keep").startswith("Look for the open jar")


def test_another_section_answers_where_it_fits_better(base: KnowledgeBase) -> None:
    assert "recycling" in answer(base, "where does the jar go")


@pytest.mark.parametrize(
    ("question", "figure", "text"),
    [("How much is it?", "money", "It costs €4.90."), ("Wie lange dauert es?", "time", "3 bis 6 Arbeitstage"),
     ("combien de temps faut-il", "time", "5 à 7 jours"), ("is it red", None, "")],
)  # fmt: skip
def test_the_kind_of_figure_that_is_wanted_is_known_and_found(question: str, figure: str | None, text: str) -> None:
    wanted = wanted_figure(question)
    assert wanted == figure
    assert wanted is None or gives(text, wanted)


def test_the_article_that_answers_most_probably_comes_first(base: KnowledgeBase) -> None:
    passage = base.passages[0]
    other = passage.model_copy(update={"article_id": "other"}) if hasattr(passage, "model_copy") else passage
    far, near = Hit("keeping", passage, 0.3, 0.5, 0.3), Hit("other", other, 0.28, 0.5, 0.8)
    assert [hit.article_id for hit in surest_first("mascara", [far, near])] == ["other", "keeping"]
    without = [Hit("keeping", passage, 0.3, 0.5), Hit("other", other, 0.28, 1.0)]
    assert surest_first("mascara", without) == without


def test_an_article_has_its_passages_and_its_words_are_counted(base: KnowledgeBase) -> None:
    assert {passage.article_id for passage in base.passages_of("keeping")} == {"keeping"}
    assert base.passages_of("nothing") == ()
    assert base.frequency("mascara", language="en") >= 1
    assert base.frequency("zebra", language="en") == 0
    assert base.frequency("mascara", language="xx") == 0


def test_a_yes_stands_under_the_question_that_it_answers() -> None:
    article = Article(
        id="changing",
        title="Can I still change my engraving?",
        text="Yes, until the tool is at work. Tell us the new words.\n\n## What does it cost?\n\nNothing.\n",
    )
    other = KnowledgeBase.from_articles([article])
    assert answer(other, "Can I have an engraving by Friday?").startswith(f"{article.title}\nYes, until")
    assert answer(other, "can i still change my engraving, please").startswith("Yes, until")


def test_a_table_of_questions_and_answers_is_told_in_rows_without_its_head() -> None:
    rows = table_rows(("Question", "Answer"), (("Tested on animals?", "No, never"), ("Vegan?", "Look for the leaf")))
    assert rows == ("Tested on animals? No, never", "Vegan? Look for the leaf")
    (unit,) = units_of("Common questions\n" + "\n".join(rows))
    assert (unit.heading, unit.text, unit.is_list) == ("Common questions", "\n".join(rows), True)


def test_a_table_that_asks_in_some_rows_only_keeps_its_head() -> None:
    rows = table_rows(("Thing", "Where"), (("Batteries", "In the shop"), ("Not sure?", "Ask us")))
    assert rows == ("Thing: Where", "Batteries: In the shop", "Not sure? Ask us")
