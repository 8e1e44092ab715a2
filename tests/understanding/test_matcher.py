"""Finding the label of a message from a few examples: what is promised of the matcher."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.errors import ConvagentError
from convagent.understanding import Match, Matcher, MatcherError
from convagent.understanding.matcher import FORMAT

EXAMPLES = {
    "Track an order": [
        "where is my order",
        "when will my parcel arrive",
        "has my package shipped yet",
        "the tracking has not moved for days",
        "I'm still waiting for my delivery",
        "what is the status of order 1042",
    ],
    "Return items": [
        "I want to send back the headphones",
        "how do I return this jumper",
        "can I get my money back for the watch",
        "the shoes don't suit me, I'd like to return them",
        "start a return please",
        "I'd like a refund for the lamp",
    ],
    "Exchange items": [
        "can I swap it for a bigger size",
        "I'd like these boots one size smaller",
        "exchange the jacket for another colour",
        "I need a different size",
        "can you replace M with L",
    ],
    "Cancel an order": [
        "cancel my order please",
        "I ordered by mistake, stop it",
        "please don't send order 1043, I don't need it any more",
        "can I still cancel",
        "I want to cancel what I bought this morning",
    ],
    "Change the address": [
        "ship it to my new place",
        "I've moved, can you change the address",
        "wrong street on my order",
        "update the delivery address",
        "send it to my office instead",
    ],
    "Pause a subscription": [
        "pause my subscription",
        "skip the next delivery of vitamins",
        "I have too much cacao, hold the next box",
        "can I suspend my plan for two months",
        "please skip this month",
    ],
}
UNSEEN = [
    ("my parcel still hasn't turned up, any tracking?", "Track an order"),
    ("how can I return the teapot", "Return items"),
    ("could I swap the jacket for a smaller size", "Exchange items"),
    ("please cancel order #1077", "Cancel an order"),
    ("I need to change my delivery address", "Change the address"),
    ("skip my next subscription delivery", "Pause a subscription"),
]
OUTSIDE = ["what is the capital of France", "tell me a joke", "who won the match last night", "my cat is asleep"]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.fit(EXAMPLES)


@pytest.mark.parametrize(("text", "label"), UNSEEN)
def test_a_new_wording_finds_its_label(matcher: Matcher, text: str, label: str) -> None:
    match = matcher.match(text)
    assert match.ranked[0][0] == label
    assert match.label == label


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_message_about_something_else_has_no_label(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert match.label is None
    assert match.probability < 0.4


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Wo ist meine Bestellung?", "Track an order"),
        ("Ich möchte meine Bestellung stornieren", "Cancel an order"),
        ("Où est ma commande ?", "Track an order"),
        ("Je voudrais un remboursement et renvoyer la lampe", "Return items"),
    ],
)
def test_german_and_french_find_english_examples_by_their_concepts(matcher: Matcher, text: str, label: str) -> None:
    assert matcher.match(text).ranked[0][0] == label


@pytest.mark.parametrize(("label", "example"), [(label, text) for label, group in EXAMPLES.items() for text in group])
def test_every_example_is_matched_by_its_own_label(matcher: Matcher, label: str, example: str) -> None:
    assert matcher.match(example).label == label


def test_probabilities_are_shared_out(matcher: Matcher) -> None:
    match = matcher.match("return or cancel my order")
    assert {label for label, _ in match.ranked} == set(EXAMPLES)
    assert [p for _, p in match.ranked] == sorted((p for _, p in match.ranked), reverse=True)
    assert sum(p for _, p in match.ranked) == pytest.approx(match.probability, abs=1e-5)


def test_labels_that_fit_alike_are_reported_as_close() -> None:
    matcher = Matcher.fit({"a": ["cancel my order"], "b": ["cancel my order"], "c": ["what does shipping cost"]})
    match = matcher.match("cancel my order")
    assert {match.ranked[0][0], *match.close} == {"a", "b"}
    assert matcher.match("what does shipping cost").close == ()


def test_a_negative_example_pushes_its_label_down() -> None:
    examples = {"Return items": EXAMPLES["Return items"], "Track an order": EXAMPLES["Track an order"]}
    message = "swap the lamp for a bigger one, I'd like a refund of nothing"
    without = dict(Matcher.fit(examples).match(message).ranked)
    refused = Matcher.fit(examples, {"Return items": [message]})
    assert dict(refused.match(message).ranked)["Return items"] < 0.6 * without["Return items"]
    assert refused.match("how do I return this jumper").label == "Return items"


def test_a_negative_example_says_nothing_about_other_labels() -> None:
    examples = {"Return items": EXAMPLES["Return items"], "Exchange items": EXAMPLES["Exchange items"]}
    matcher = Matcher.fit(examples, {"Return items": ["can I swap it for a bigger size"]})
    assert matcher.match("can I swap it for a bigger size").label == "Exchange items"


def test_background_lowers_what_is_like_it() -> None:
    examples = {"a": ["where is my order", "track my parcel"], "b": ["cancel my order", "stop my order"]}
    asked = "where is your office"
    plain = Matcher.fit(examples).match(asked).probability
    aware = Matcher.fit(examples, background=["where is your office located", "where do you have an office"])
    assert aware.match(asked).probability < plain
    assert aware.match("where is my order").label == "a"


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_few_examples_are_enough_to_begin_with(count: int) -> None:
    matcher = Matcher.fit({label: group[:count] for label, group in EXAMPLES.items()})
    assert matcher.match("where is my order").label == "Track an order"
    assert matcher.match("qwertz uiop").label is None


@pytest.mark.parametrize("group", [["where is my order"], EXAMPLES["Track an order"]])
def test_a_single_label_is_told_from_anything_else(group: list[str]) -> None:
    matcher = Matcher.fit({"only": group})
    assert matcher.match("where is my order?").label == "only"
    assert matcher.match("tell me a joke about penguins").label is None
    assert matcher.match("where is my order?").ranked[0][0] == "only"


@pytest.mark.parametrize(
    ("examples", "negatives", "found"),
    [
        ({}, {}, "no examples"),
        ({"a": []}, {}, "'a'"),
        ({"a": ["fine"], "b": ["...", " \x00 "]}, {}, "'b'"),
        ({"a": ["fine"]}, {"b": ["not this"]}, "'b'"),
    ],
)
def test_examples_that_teach_nothing_are_refused(
    examples: dict[str, list[str]], negatives: dict[str, list[str]], found: str
) -> None:
    with pytest.raises(MatcherError, match=found) as caught:
        Matcher.fit(examples, negatives)
    assert caught.value.code == "matcher-examples"
    assert caught.value.remedy
    assert isinstance(caught.value, ConvagentError)
    assert isinstance(caught.value, ValueError)


def test_a_kept_matcher_matches_as_before(matcher: Matcher, tmp_path: Path) -> None:
    path = tmp_path / "matcher.npz"
    matcher.save(path)
    again = Matcher.load(path)
    assert again.labels == matcher.labels
    assert all(again.match(text) == matcher.match(text) for text, _ in UNSEEN)
    assert not any(array.dtype == object for array in matcher.to_arrays().values())


def test_the_same_examples_give_the_same_bytes(matcher: Matcher, tmp_path: Path) -> None:
    for name in ("one", "two"):
        Matcher.fit(EXAMPLES).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_matcher_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "matcher.npz"
    path.write_bytes(content)
    with pytest.raises(MatcherError) as caught:
        Matcher.load(path)
    assert caught.value.code == "matcher-file"


def test_a_missing_file_and_another_format_are_refused(matcher: Matcher, tmp_path: Path) -> None:
    with pytest.raises(MatcherError, match="holds no matcher"):
        Matcher.load(tmp_path / "missing.npz")
    arrays = matcher.to_arrays()
    settings_text = bytes(arrays["settings"]).decode().replace(f'"format": {FORMAT}', '"format": 99')
    arrays["settings"] = np.frombuffer(settings_text.encode(), dtype=np.uint8)
    with pytest.raises(MatcherError, match="format 99"):
        Matcher.from_arrays(arrays)


def test_threads_may_share_a_matcher(matcher: Matcher) -> None:
    texts = [text for text, _ in UNSEEN] * 10
    alone = [matcher.match(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(matcher.match, texts)) == alone


def test_many_messages_at_once_match_as_one_by_one(matcher: Matcher) -> None:
    texts = [*OUTSIDE, *(text for text, _ in UNSEEN), ""]
    assert matcher.match_all(texts) == [matcher.match(text) for text in texts]


@pytest.mark.parametrize("text", ["", "   ", "\x00", "!!!", "\ud800", "🎉🎉", "a" * 1_000_000, "order " * 200_000])
def test_odd_and_huge_messages_are_matched_without_harm(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert 0.0 <= match.probability <= 1.0
    assert len(match.ranked) == len(EXAMPLES)


def test_a_message_without_words_belongs_to_nothing(matcher: Matcher) -> None:
    match = matcher.match("?!")
    assert (match.probability, match.label, match.close) == (0.0, None, ())


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8),
        st.lists(st.text(alphabet="abc def", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=3),
        min_size=1,
        max_size=4,
    ),
    st.text(max_size=40),
)
def test_any_examples_give_sound_probabilities(examples: dict[str, list[str]], text: str) -> None:
    match: Match = Matcher.fit(examples).match(text)
    assert {label for label, _ in match.ranked} == set(examples)
    assert 0.0 <= match.probability <= 1.0
    assert all(0.0 <= p <= match.probability + 1e-6 for _, p in match.ranked)
    assert match.label in {None, match.ranked[0][0]}


@pytest.mark.parametrize("text", ["how far is it to the airport from here", "can you call my sister a taxi"])
def test_a_message_that_no_shop_is_about_is_held_off_by_what_comes_with_the_package(
    matcher: Matcher, text: str
) -> None:
    assert matcher.match(text).label is None


def test_a_guide_about_what_comes_with_the_package_keeps_its_messages() -> None:
    examples = {"Jobs": ["are you hiring", "do you have any job openings", "can I do an internship"], **EXAMPLES}
    assert Matcher.fit(examples).match("are you hiring at the moment").label == "Jobs"


def test_what_is_a_little_like_every_label_is_none_of_them() -> None:
    match = Matcher.fit({label: group[:2] for label, group in EXAMPLES.items()}).match("qwertz uiop")
    assert match.label is None


def test_what_a_shop_writes_about_besides_is_for_no_guide() -> None:
    few = {
        "Cancel a workshop": ["cancel my workshop", "I can't come to the course", "take me off the list for Saturday"],
        "Open a trade account": ["I am a landscaper, can I get a trade account", "do you sell to the trade"],
    }
    topics = ["What the hardiness ratings of our plants mean", "When the garden café is open", "Cancel my workshop"]
    message = "what do the hardiness ratings mean"
    plain, knowing = Matcher.fit(few), Matcher.fit(few, topics=topics)
    assert knowing.match(message).probability < plain.match(message).probability
    for label, group in few.items():  # a topic that is like a guide's examples takes nothing away from it
        for text in group:
            assert knowing.match(text).label == label


def test_no_topics_and_topics_of_the_examples_make_the_same_matcher() -> None:
    said = [text for group in EXAMPLES.values() for text in group]
    plain, knowing = Matcher.fit(EXAMPLES).to_arrays(), Matcher.fit(EXAMPLES, topics=said).to_arrays()
    assert plain.keys() == knowing.keys()
    assert all(np.array_equal(plain[name], knowing[name]) for name in plain)
