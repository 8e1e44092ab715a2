"""A bare yes or no states all that was asked, and rests on nothing."""

from __future__ import annotations

import pytest

from convagent.answering.grounding import Source, Sources, faults_of

SOURCES = Sources(
    (Source("Deposits are insured up to 250,000 dollars. Coins can be changed for notes at any branch."),),
    "en",
    question="I have 600,000. Is all of that insured?",
)


@pytest.mark.parametrize(
    "said", ["Yes.", "No.", "Yes, it is.", "Yes, all of that is insured.", "That's right.", "Nope!"]
)
def test_it_is_not_sent(said: str) -> None:
    assert [fault.kind for fault in faults_of(said, SOURCES)] == ["unsupported"]


@pytest.mark.parametrize(
    "said",
    [
        "Yes, coins can be changed for notes at any branch.",
        "Yes, deposits are insured up to 250,000 dollars.",
        "No problem.",
    ],
)
def test_one_that_says_what_the_source_says_is(said: str) -> None:
    assert faults_of(said, SOURCES) == ()
