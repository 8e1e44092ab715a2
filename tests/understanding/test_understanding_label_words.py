"""The words of what is shown: prepared once, they find what going through all of them finds."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from convagent.understanding.choice_labels import Labels
from convagent.understanding.choose import Choice, choose
from convagent.understanding.label_words import LabelWords, label_words, root_of, run_of

WORDS = st.sampled_from("lamp lamps mending mended jumper jumpers night knight boot boots 1042 moss".split())
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
SHOWN = st.lists(st.tuples(st.sampled_from("abcd"), st.lists(NAMES, max_size=2).map(tuple), st.just(())), max_size=6)


@given(shown=SHOWN, word=st.text("abjlmnps", min_size=1, max_size=8) | WORDS, slips=st.integers(0, 2))
def test_words_a_slip_away_are_those_that_comparing_with_each_finds(
    shown: list[tuple[str, tuple[str, ...], tuple[str, ...]]], word: str, slips: int
) -> None:
    words = LabelWords(shown)
    each = [other for other in words.carriers if len(other) >= 4 and other[0] == word[0]]
    assert words.near(word, slips) == [
        (distance, other) for other in each if (distance := OSA.distance(word, other)) <= slips
    ]
    assert list(words.of_root(root_of(word))) == [other for other in words.carriers if root_of(other) == root_of(word)]


@given(shown=SHOWN, said=NAMES, among=st.frozensets(st.sampled_from("abcd")))
def test_a_whole_name_is_found_among_the_words_wherever_it_begins(
    shown: list[tuple[str, tuple[str, ...], tuple[str, ...]]], said: str, among: frozenset[str]
) -> None:
    words = LabelWords(shown)
    told = set(run_of(said))
    expected = any(len(run) > 1 and told.issuperset(run) and keys & among for run, keys in words.names.items())
    assert words.has_a_whole_name(told, among) == expected


def test_the_words_of_one_list_are_read_once_and_those_of_another_anew() -> None:
    shown = (("1", ("Blue lamp",), ()), ("2", ("Red lamp",), ()))
    assert label_words(shown) is label_words((("1", ("Blue lamp",), ()), ("2", ("Red lamp",), ())))
    assert label_words(shown) is not label_words(shown[:1])


def test_days_of_names_follow_the_moment_and_not_the_one_before() -> None:
    choices = [Choice("1", ("what came yesterday",)), Choice("2", ("a vase",))]
    march, may = datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 5, 4, tzinfo=UTC)
    for now, keys in ((march, ("1",)), (may, ()), (march, ("1",))):
        assert choose("the one from 3 March 2026", choices, many=False, now=now).keys == keys


def test_prices_that_one_message_names_are_not_read_into_the_next() -> None:
    choices = [Choice("1", ("Lamp, €20",)), Choice("2", ("Vase, €30",))]
    first = Labels(choices, now=None)
    assert first.mentioned("the one for €30", direct=True).found == {"2"}
    assert Labels(choices, now=None).mentioned("the one", direct=True).found == frozenset()
