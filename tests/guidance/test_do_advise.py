"""`do advise` leaves a request to the shopping assistant."""

from __future__ import annotations

from convagent.guidance.checks.check import check
from convagent.guidance.findings.vocabulary import example_vocabulary
from convagent.guidance.interpreter.kernel import ADVICE_ABOUT
from convagent.guidance.language.parse import parse_text
from convagent.shopping.model import ACT_KINDS

GUIDE = """\
# Help me choose

When the customer looks for a product:
- "I'm looking for a jacket"
- "any jackets?"
- "show me jackets"

1. do advise{with_what}
"""


def codes(with_what: str) -> list[str]:
    file, faults = parse_text(GUIDE.format(with_what=with_what))
    assert not faults, faults
    return [each.code for each in check([file], example_vocabulary()) if each.severity == "error"]


def test_it_may_stand_alone_or_say_what_it_is_about() -> None:
    assert codes("") == []
    assert codes(' with about = "fit"') == []
    assert codes(' with about = "alternative", words = "The Harbour Jacket"') == []


def test_what_the_assistant_does_not_know_is_told() -> None:
    assert codes(' with about = "weather"') == ["G206"]
    assert codes(' with abuot = "fit"') == ["G204"]


def test_all_that_guidance_may_say_is_something_that_the_assistant_does() -> None:
    assert set(ADVICE_ABOUT) <= set(ACT_KINDS)
