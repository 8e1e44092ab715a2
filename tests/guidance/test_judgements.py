"""Judgements in guidance: taught in the header, shared by all guides, checked."""

from __future__ import annotations

from convagent.guidance.checks.check import check
from convagent.guidance.findings.finding import Finding
from convagent.guidance.findings.vocabulary import example_vocabulary
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language.format import format_text
from convagent.guidance.language.judgements import judgement_key, noticed_as
from convagent.guidance.language.parse import parse_text

TAUGHT = """# How customers sound

It seems "the customer is in a hurry":
- "I need it by Friday"
- "please hurry"
- "it's urgent"
- not "no rush"
"""
USED = """# Delivery time

When the customer asks how long delivery takes:
- "how long does it take"
- "when would it be here"
- "how many days until it comes"

1. If it seems "the customer is in a hurry":
   - say "Express takes one working day."
1. say "It takes 2 to 4 working days."
"""


def findings(*texts: str) -> list[Finding]:
    parsed = [parse_text(text, f"{number}.md") for number, text in enumerate(texts)]
    faults = [fault for _, found in parsed for fault in found]
    assert not faults
    return list(check([file for file, _ in parsed], example_vocabulary()))


def test_a_guide_may_be_nothing_but_judgements_that_others_use() -> None:
    assert findings(TAUGHT, USED) == []
    kernel = desugar(guide for text in (TAUGHT, USED) for guide in parse_text(text)[0].guides)
    assert [guide.title for guide in kernel.guides] == ["Delivery time"]
    (judgement,) = kernel.judgements
    assert [example.text for example in judgement.examples if example.negative] == ["no rush"]


def test_the_same_words_are_the_same_judgement() -> None:
    assert judgement_key("The customer’s in a  hurry.") == judgement_key("the customer's in a hurry")
    assert judgement_key("the customer is in a hurry") != judgement_key("the customer is in no hurry")


def test_examples_of_all_guides_come_together_each_once() -> None:
    more = TAUGHT.replace("# How customers sound", "# More").replace('- "it\'s urgent"\n', '- "asap"\n')
    kernel = desugar(guide for text in (TAUGHT, more) for guide in parse_text(text)[0].guides)
    (judgement,) = kernel.judgements
    assert [example.text for example in judgement.examples] == [
        "I need it by Friday", "please hurry", "it's urgent", "no rush", "asap",
    ]  # fmt: skip


def test_a_judgement_without_examples_is_found_with_what_was_meant() -> None:
    (finding,) = findings(USED)
    assert (finding.code, finding.line) == ("G601", 8)
    wrong = USED.replace("in a hurry", "in an hurry")
    missing, unused = sorted(findings(TAUGHT, wrong), key=lambda finding: finding.code)
    assert (missing.code, unused.code) == ("G601", "G604")
    assert "the customer is in a hurry" in missing.remedy
    assert "the customer is in an hurry" in unused.remedy


def test_mood_is_noticed_without_examples() -> None:
    assert findings(USED.replace("is in a hurry", "is angry")) == []
    assert [noticed_as(text) for text in ("they are angry", "they are not angry", "the customer is happy", "cold")] == [
        "upset", None, "praise", None,
    ]  # fmt: skip


def test_few_examples_are_counted_over_all_guides() -> None:
    few = TAUGHT.replace('- "please hurry"\n', "").replace('- "it\'s urgent"\n', "")
    assert [finding.code for finding in findings(few, USED)] == ["G602"]
    rest = '# More\n\nIt seems "the customer is in a hurry":\n- "quick"\n- "at once please"\n'
    assert findings(few, USED, rest) == []


def test_an_example_given_both_ways_is_an_error_also_across_guides() -> None:
    other = '# More\n\nIt seems "the customer is in a hurry":\n- not "Please hurry!"\n'
    (finding,) = findings(TAUGHT, USED, other)
    assert (finding.code, finding.severity, finding.file, finding.line) == ("G603", "error", "2.md", 4)


def test_a_judgement_that_starts_a_guide_teaches_the_others() -> None:
    starts = TAUGHT.replace("# How customers sound", "# Somebody in a hurry").replace("It seems", "When it seems")
    assert findings(starts + '\n1. say "We hurry too."\n', USED) == []


def test_formatting_keeps_judgements_and_puts_them_behind_what_starts_the_guide() -> None:
    text = (
        '# T\n\nIt   seems “b”:\n-  "two"\nWhen the customer asks:\n- "one"\nIt seems "a":\n- not "three"\n\n1. close\n'
    )
    once = format_text(text)
    assert once == format_text(once)
    assert [line for line in once.split("\n") if line.startswith(("When", "It"))] == [
        "When the customer asks:", 'It seems "b":', 'It seems "a":',
    ]  # fmt: skip
