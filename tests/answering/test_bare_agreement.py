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


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "You can."), ("en", "You can't."), ("en", "It is not."), ("en", "Of course you can."), ("en", "Sorry, you can't."),
     ("en", "All of them."), ("en", "Always."), ("en", "Not at all."), ("en", "That won't work."), ("en", "You have to."),
     ("de", "Das geht nicht."), ("de", "Sie können das."), ("de", "Das müssen Sie leider."), ("de", "Immer."), ("de", "Das ist so."),
     ("fr", "Vous pouvez."), ("fr", "Bien sûr, vous pouvez."), ("fr", "Ce n'est pas possible."), ("fr", "Il le faut."), ("fr", "Toujours.")],
)  # fmt: skip
def test_what_answers_without_a_word_of_its_own_is_not_sent(language: str, said: str) -> None:
    given = Sources((Source("Coins are changed at any branch.", language=language),), language, question="?")
    assert faults_of(said, given) != ()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Sure!"), ("en", "Of course!"), ("en", "I understand."), ("en", "Thanks for asking."), ("en", "Here is how it works:"),
     ("en", "How can I help?"), ("en", "You're welcome."), ("en", "I'm sorry to hear that."), ("de", "Gerne!"), ("de", "Vielen Dank."),
     ("de", "Das tut mir leid."), ("fr", "Bien sûr !"), ("fr", "Merci."), ("fr", "Je suis désolé.")],
)  # fmt: skip
def test_politeness_claims_nothing(language: str, said: str) -> None:
    given = Sources((Source("Coins are changed at any branch.", language=language),), language, question="?")
    assert faults_of(said, given) == ()
