"""G5: how texts read, what titles say, how many examples there are."""

from __future__ import annotations

import pytest

from convagent.guidance.checks.check import CheckSettings, check
from convagent.guidance.findings.entry import CodeEntry
from convagent.guidance.findings.vocabulary import example_vocabulary
from convagent.guidance.language.parse import parse_text

VOCABULARY = example_vocabulary()


def codes(text: str, settings: CheckSettings | None = None) -> list[str]:
    file, faults = parse_text(CodeEntry.as_file(text))
    assert not faults, faults
    return [finding.code for finding in check([file], VOCABULARY, settings=settings)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It left already.", []),
        ("Hello! It left already.", []),
        ("Great!! It left.", ["G504"]),
        ("Really?!", ["G504"]),
        ("A! B! C!", ["G504"]),
        ("Unfortunately it left.", ["G503"]),
        ("Please  be\u00a0advised.", ["G503"]),
        ("Wir bitten um Ihr Verständnis.", ["G503"]),
        ("N'hésitez pas.", ["G503"]),
        ("A fortunate man.", []),
        ("TODO", ["G509"]),
        ("Todo en orden.", []),
        ("Lorem ipsum dolor.".lower(), ["G509"]),
        ("word " * 36, ["G502"]),
        ("word " * 20 + ". " + "word " * 20, []),
        ("A sentence of words. " * 40, ["G501"]),
        ("{{ customer.first_name }} " * 40, ["G502"]),
    ],
)
def test_texts_are_plain_short_and_calm(text: str, found: list[str]) -> None:
    assert codes(f'1. say "{text.strip()}"\n') == found


def test_lines_of_a_block_are_sentences_of_their_own() -> None:
    lines = "".join(f"   > {'word ' * 20}\n" for _ in range(3))
    assert codes(f"1. say\n{lines}") == []


def test_limits_can_be_set() -> None:
    text = '1. say "One two three four five."\n'
    assert codes(text, CheckSettings(max_text_characters=10)) == ["G501"]
    assert codes(text, CheckSettings(max_sentence_words=4)) == ["G502"]
    assert codes(text, CheckSettings(min_examples=4)) == ["G507"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("That can't be done.", ["G506"]),
        ("That can't be done. Would you like another?", []),
        ("That can't be done. You can send it back.", []),
        ("That isn't there. These are: {{ customer.orders | list }}.", []),
        ("Das geht nicht.", ["G506"]),
        ("Das geht nicht. Sie können sie zurückschicken.", []),
        ("C'est impossible. Vous pouvez la renvoyer.", []),
    ],
)
def test_a_refusal_says_what_is_possible(text: str, found: list[str]) -> None:
    assert codes(f'1. refuse "{text}"\n') == found
    assert codes(f'1. say "{text}"\n') == [], "only refusals need a next step"


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Return items", []),
        ("Returns", ["G505"]),
        ("RETURN ITEMS", ["G505"]),
        ("TODO return items", ["G509"]),
        ("FAQ on VAT", []),
    ],
)
def test_titles_say_what_the_customer_wants(title: str, found: list[str]) -> None:
    text = CodeEntry.as_file('1. say "x"\n').replace("Help with an order", title)
    assert codes(text) == found


def test_guides_that_customers_never_choose_may_have_short_titles() -> None:
    assert codes('# Rules\n\n1. Never say "cheap"\n') == []
    assert codes("# Size\n\nGives size\n\n1. give size = 5\n") == []


def test_negative_examples_do_not_count() -> None:
    text = CodeEntry.as_file('1. say "x"\n').replace('- "can you look', '- not "can you look')
    assert codes(text) == ["G507"]


@pytest.mark.parametrize(
    ("name", "found"), [("not_free", ["G508"] * 2), ("no_stock", ["G508"] * 2), ("note", []), ("nothing_left", [])]
)
def test_names_are_positive(name: str, found: list[str]) -> None:
    assert codes(f'1. Let {name} be cart.total > 5 EUR\n1. If not {name}:\n   - say "x"\n') == found


@pytest.mark.parametrize(
    ("ignore", "found"),
    [
        ("[G506]", []),
        ("[G506, G999]", ["G510"]),
        ("[G101]", ["G506", "G510"]),
        ("[G510, G999]", ["G506"]),
        ("5", ["G506", "G510"]),
        ("[]", ["G506"]),
    ],
)
def test_ignoring_what_is_no_code_is_told(ignore: str, found: list[str]) -> None:
    text = CodeEntry.as_file('1. refuse "No."\n')
    assert sorted(codes(f"---\nignore: {ignore}\n---\n{text}")) == found


def test_negated_names_of_facts_are_found_where_they_are_denied() -> None:
    vocabulary = VOCABULARY.with_facts({"order": {"not_paid": "yes or no"}})
    text = CodeEntry.as_file('1. If any of customer.orders where not its not_paid:\n   - say "x"\n')
    file, _ = parse_text(text)
    assert [finding.code for finding in check([file], vocabulary)] == ["G508"]
    file, _ = parse_text(text.replace("not its", "its"))
    assert check([file], vocabulary) == ()
