"""Headings and refusals in a model's text: taken off where they say nothing, kept as a lead over a list, and never sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.answering.by_model.headings import Line, turns_round, under_headings
from convagent.answering.by_model.refusals import declines, leads_up, says_none
from convagent.answering.by_model.sentences import sentences


def lines(text: str) -> list[tuple[str, str, bool]]:
    return [(line.text.strip(), line.heading, line.leads) for line in under_headings(sentences([text]))]


@pytest.mark.parametrize(
    "text",
    ["# Returns\nYou have 30 days [1].", "### **Returns** ###\n\nYou have 30 days [1].", "**Returns**\nYou have 30 days [1].",
     "**Returns:**\n\nYou have 30 days [1].", "__Returns__\nYou have 30 days [1].", "Returns\n\nYou have 30 days [1].",
     "Returns 📦\n\nYou have 30 days [1].", "Returns\n=======\nYou have 30 days [1].", "Returns\n---\nYou have 30 days [1].",
     "---\n## Returns [1]\n***\nYou have 30 days [1].", "```markdown\n# Returns\nYou have 30 days [1].\n```",
     "**Answer:** **Returns**\nYou have 30 days [1].", "Answer:\n**Returns**\nYou have 30 days [1]."],
)  # fmt: skip
def test_a_heading_is_taken_off(text: str) -> None:
    assert lines(text) == [("You have 30 days [1].", "Returns", False)]


@pytest.mark.parametrize(
    "text",
    ["You have 30 days [1].", "**You have 30 days to return it.**", "You have 30 days to\nreturn it.", "- 30 days\n- unused",
     "It is free\n\nfrom 60 EUR", "**30 days:** unused", "Returned within 30 days"],
)  # fmt: skip
def test_what_states_something_is_no_heading(text: str) -> None:
    found = lines(text)
    assert all(not heading and not leads for _, heading, leads in found)
    assert "".join(line for line, _, _ in found).replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_what_looks_like_a_title_and_goes_on_in_the_next_line_is_none() -> None:
    assert lines("You have as long as\nyou like.") == [("You have as long as", "", False), ("you like.", "", False)]


@pytest.mark.parametrize(
    "text", ["# Not covered\n- wear\n- water", "**Not covered:**\n- wear\n- water", "Not covered\n- wear\n- water"]
)
def test_above_a_list_a_heading_leads_to_the_items(text: str) -> None:
    assert lines(text) == [("Not covered:", "", True), ("- wear", "", False), ("- water", "", False)]


def test_a_label_is_taken_off_at_the_beginning_alone() -> None:
    assert lines("Answer: It is free.")[0][0] == "It is free."
    assert lines("Antwort: Es ist gratis.")[0][0] == "Es ist gratis."
    assert lines("It is free. Answer: no.")[1][0] == "Answer: no."


def test_a_sentence_does_not_wait_for_the_next_one() -> None:
    read: list[str] = []

    def given_lines() -> object:
        for line in ("# Returns", "\nYou have 30 days.", "\nWorn"):
            read.append(line)
            yield line

    assert next(under_headings(given_lines())) == Line("\nYou have 30 days.", "Returns")  # type: ignore[arg-type]
    assert read == ["# Returns", "\nYou have 30 days."]


def test_a_heading_that_turns_round_what_is_below_is_known() -> None:
    assert turns_round("Not covered")
    assert turns_round("Nur online")
    assert turns_round("Sans garantie")
    assert not turns_round("Returns")


@given(
    st.lists(
        st.sampled_from(["# A", "**B**", "c d", "e.", "- f", "\n", "\n\n", "---", "```", "Answer:", "1. g", "|", "?"]),
        max_size=12,
    )
)
def test_no_text_upsets_the_reading_of_headings(parts: list[str]) -> None:
    text = "\n".join(parts)
    kept = "".join(line.text for line in under_headings(sentences([text])))
    assert kept.count("e.") == text.count("e.")  # no sentence and no item is lost
    assert kept.count("- f") == text.count("- f")


@pytest.mark.parametrize(
    "line",
    ["NONE", "NONE.", "none", "None.", "**NONE**", "`NONE`", '"NONE"', "- NONE", "[NONE]", "(NONE)", "<NONE>", "# NONE", "Answer: NONE",
     "**Answer:** NONE.", "NONE – the passages don't say.", "**NONE** – the passages …", "NONE: nothing is said of it.", "NONE (not in [1])",
     "The answer is NONE.", "The passages do not answer it, so: NONE", "n/a", "N/A.", "KEINE", "Antwort: NONE", "Réponse : NONE", "No answer.",
     "=> NONE", "NONE\u200b", "NONE 🙂"],
)  # fmt: skip
def test_a_refusal_is_known_in_every_wrapping(line: str) -> None:
    assert says_none(line)


@pytest.mark.parametrize(
    "line",
    [
        "None of the lamps is waterproof.",
        "Nonetheless it is free.",
        "Is there none left?",
        "NONE-X2 is in stock.",
        "Rien ne manque.",
    ],
)
def test_a_sentence_that_has_the_word_is_no_refusal(line: str) -> None:
    assert not says_none(line)


@pytest.mark.parametrize(
    "sentence",
    ["I don't know.", "I’m not sure about that.", "I'm afraid I cannot answer that.", "There is no information on this.",
     "We don't have any information about boots.", "No details are given.", "Das weiß ich leider nicht.", "Ich weiß es nicht.",
     "Dazu habe ich leider keine Angaben.", "Das kann ich nicht beantworten.", "Je ne sais pas.", "Je n'ai pas trouvé cela.",
     "Je ne dispose d'aucune information."],
)  # fmt: skip
def test_declining_in_words_is_known(sentence: str) -> None:
    assert declines(sentence)
    assert not declines(sentence, [f"They say: {sentence} And so on."])


@pytest.mark.parametrize(
    "sentence",
    ["You can't return worn shoes.", "We have no shop in Cork.", "Nous n'avons pas de boutique.", "Wir haben keine Filiale.",
     "Express isn't available.", "Water damage isn't covered.", "Sie brauchen keine Rechnung."],
)  # fmt: skip
def test_a_statement_with_a_negation_declines_nothing(sentence: str) -> None:
    assert not declines(sentence)


def test_what_leads_up_to_a_refusal_or_agrees_is_known() -> None:
    assert leads_up("I'm sorry!")
    assert leads_up("Leider nein.")
    assert leads_up("Of course!")
    assert not leads_up("Good question!")
