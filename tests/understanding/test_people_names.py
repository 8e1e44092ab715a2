from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.understanding.people_names import read_name


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("My name is Ada Loo, zip code 10108.", "Ada", "Loo"),
        ("my name's ada loo", "ada", "loo"),
        ("Hi, I'm Ada van der Loo and I'd like a refund", "Ada", "van der Loo"),
        ("This is Ada Maria Loo.", "Ada", "Loo"),
        ("Ich heiße Jörg von Bülow", "Jörg", "von Bülow"),
        ("Je m'appelle Zoé Lefèvre-Roux", "Zoé", "Lefèvre-Roux"),
        ("first name: Ada, last name: Loo", "Ada", "Loo"),
        ("surname O'Neill, first name Siobhán", "Siobhán", "O'Neill"),
    ],
)
def test_an_introduction_gives_first_and_last_name(text: str, first: str, last: str) -> None:
    assert read_name(text, direct=False) == (first, last)


@pytest.mark.parametrize(
    "text", ["I'm looking for my order", "This is my order", "I am very upset", "return it please", "Ada Loo, 10108"]
)
def test_what_introduces_nobody_gives_no_name(text: str) -> None:
    assert read_name(text, direct=False) == (None, None)


@pytest.mark.parametrize("text", ["Ada Loo, 10108", "ada loo 10108", "10108, Ada Loo", "Ada Loo\n10108"])
def test_an_answer_may_be_the_bare_name(text: str) -> None:
    first, last = read_name(text, direct=True)
    assert (str(first).casefold(), str(last).casefold()) == ("ada", "loo")


@pytest.mark.parametrize(
    "text", ["ada@example.com", "my e-mail is ada@example.com", "10108", "Rather not.", "yes", "no thanks", "#1042"]
)
def test_other_details_are_no_name(text: str) -> None:
    assert read_name(text, direct=True) == (None, None)


@given(st.text(max_size=300), st.booleans())
def test_a_name_is_made_of_words_of_the_text(text: str, direct: bool) -> None:
    for part in read_name(text, direct=direct):
        assert part is None or all(word in text for word in part.split())
