"""Understanding by meaning: what an embedder adds, what happens when it fails, and what is kept on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from convagent.errors import ConvagentError
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language.parse import parse_text
from convagent.search import Embedder, Kind, Vectors, open_embedder
from convagent.understanding import Matcher, MatcherError, Understander
from convagent.understanding.likeness import mostly_english
from convagent.understanding.meaning import MOST_EMBEDDED, MeaningView, embed_examples

EXAMPLES = {
    "Track an order": ["where is my order", "when will my parcel arrive", "has it been dispatched", "track my package"],
    "Return items": ["I want to send this back", "how do I return it", "start a return please", "I'd like a refund"],
    "Pause a subscription": ["pause my subscription", "skip the next box", "put my plan on hold", "no box this month"],
}
ALL = [text for group in EXAMPLES.values() for text in group]
LANGUAGES = ("en", "de")


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    opened = open_embedder("embedded", languages=LANGUAGES)
    assert opened is not None
    return opened


@pytest.fixture(scope="module")
def matcher(embedder: Embedder) -> Matcher:
    return Matcher.fit(EXAMPLES, embedded=embed_examples(embedder, ALL), languages=LANGUAGES)


class Failing:
    """An embedder that can be switched off, as a service can."""

    name = stamp = "failing"

    def __init__(self, inner: Embedder) -> None:
        self.inner = inner
        self.dim = inner.dim
        self.down = False

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:
        if self.down:
            raise ConvagentError("the service is down", code="embedder-down")
        return self.inner.embed(texts, kind=kind, language=language)


def test_words_that_no_example_has_are_understood_by_their_meaning(matcher: Matcher) -> None:
    message = "any idea if the courier turns up today?"
    words = Matcher.fit(EXAMPLES)
    assert matcher.match(message).label == "Track an order"
    assert matcher.match(message).probability > words.match(message).probability


def test_another_language_finds_english_examples(matcher: Matcher) -> None:
    message = "Mir wird es gerade zu viel, macht mal vier Wochen Pause mit den Boxen"
    assert matcher.match(message, language="de").ranked[0][0] == "Pause a subscription"


def test_a_message_about_something_else_is_none_of_these(matcher: Matcher) -> None:
    assert matcher.match("who won the rugby on saturday").label is None


def test_a_message_means_the_same_whatever_stands_beside_it(matcher: Matcher) -> None:
    texts = ["where is it now", "stop the boxes for a while", "hello"]
    assert matcher.match_all(texts) == [matcher.match(text) for text in texts]


def test_many_examples_are_as_alike_as_each_is_alone(embedder: Embedder) -> None:
    texts = [*ALL, "wo ist meine Bestellung", "ich möchte das zurückgeben", ""]
    embedded = embed_examples(embedder, texts)
    assert embedded is not None
    view = MeaningView.fit(embedded, ALL)
    vectors, languages = embedded.of(texts), [*["en"] * len(ALL), "de", "de", "en"]
    together = view.among(vectors, languages)
    alone = [view.among(vectors[row : row + 1], [languages[row]])[0] for row in range(len(texts))]
    by_message = [view.similarities([text], language=language) for text, language in zip(texts, languages, strict=True)]
    assert np.allclose(together, np.stack(alone), atol=1e-6)
    assert np.allclose(together, np.vstack([row for row in by_message if row is not None]), atol=1e-2), "as messages"
    assert all(row.any() for row in together[:-1])


def test_words_have_to_do_while_the_embedder_fails(embedder: Embedder, caplog: pytest.LogCaptureFixture) -> None:
    service = Failing(embedder)
    matcher = Matcher.fit(EXAMPLES, embedded=embed_examples(service, ALL))
    service.down = True
    assert matcher.match("where is my order").ranked[0][0] == "Track an order"
    assert "by its words alone" in caplog.text


def test_an_embedder_that_fails_at_once_leaves_it_at_words(
    embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    service = Failing(embedder)
    service.down = True
    assert embed_examples(service, ALL) is None
    assert "by their words alone" in caplog.text


def test_a_kept_matcher_needs_the_embedder_that_it_was_learnt_with(
    matcher: Matcher, embedder: Embedder, tmp_path: Path
) -> None:
    matcher.save(tmp_path / "m.npz")
    matcher.save(tmp_path / "again.npz")
    assert (tmp_path / "m.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()
    again = Matcher.load(tmp_path / "m.npz", embedder=embedder)
    assert again.match("any news of my parcel") == matcher.match("any news of my parcel")
    for other in (None, Failing(embedder)):
        with pytest.raises(MatcherError) as raised:
            Matcher.load(tmp_path / "m.npz", embedder=other)
        assert raised.value.code == "matcher-file"
    Matcher.fit(EXAMPLES).save(tmp_path / "words.npz")
    with pytest.raises(MatcherError):
        Matcher.load(tmp_path / "words.npz", embedder=embedder)


def test_of_a_message_in_very_many_parts_the_first_are_embedded(embedder: Embedder) -> None:
    embedded = embed_examples(embedder, ALL)
    assert embedded is not None
    view = MeaningView.fit(embedded, ALL)
    alike = view.similarities([f"where is parcel {number}" for number in range(MOST_EMBEDDED + 2)], language="en")
    assert alike is not None
    assert np.all(alike[MOST_EMBEDDED:] == 0)
    assert np.all(alike[:MOST_EMBEDDED].max(axis=1) > 0.3)
    assert np.all(view.similarities(["?!"], language="en") == 0)


GUIDES = """# Where is my order

When the customer asks where an order is:
- "where is my order"
- "when does my parcel come"

1. say "On its way."

# A person

Safeguard
When the customer asks for a human:
- "let me talk to a person"
- "a human please"

1. hand over because customer_request
"""


def understander(embedder: Embedder | None, folder: Path, text: str = GUIDES) -> Understander:
    return Understander.fit(
        desugar(parse_text(text)[0].guides), products={}, order_pattern=r"\d{4}", currency="EUR", language="en",
        languages=["en", "de"], embedder=embedder, folder=folder,
    )  # fmt: skip


def heard(shop: Understander, text: str) -> object:
    return shop.hear(text, language="en", last="", answerable=lambda _text, _language: 0.0).data


def test_what_was_learnt_is_kept_and_read_again_without_the_embedder(embedder: Embedder, tmp_path: Path) -> None:
    service = Failing(embedder)
    first = understander(service, tmp_path)
    kept = {path.name: path.read_bytes() for path in tmp_path.glob("*.npz")}
    assert len(kept) == 2
    service.down = True
    assert understander(service, tmp_path) is not None
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.npz")} == kept
    service.down = False
    again = understander(service, tmp_path)
    for text in ("any news of my parcel", "get me somebody real"):
        assert heard(again, text) == heard(first, text)


def test_changed_guides_and_damaged_files_are_learnt_anew(embedder: Embedder, tmp_path: Path) -> None:
    first = understander(embedder, tmp_path)
    names = {path.name for path in tmp_path.glob("*.npz")}
    for path in tmp_path.glob("*.npz"):
        path.write_bytes(path.read_bytes()[:40])
    assert heard(understander(embedder, tmp_path), "my parcel?") == heard(first, "my parcel?")
    understander(embedder, tmp_path, GUIDES.replace("a human please", "a human being please"))
    changed = {path.name for path in tmp_path.glob("*.npz")}
    assert len(changed) == 2
    assert not changed & names


def test_an_embedder_that_failed_at_first_is_used_when_it_is_back(embedder: Embedder, tmp_path: Path) -> None:
    service = Failing(embedder)
    service.down = True
    by_words = heard(understander(service, tmp_path), "get me somebody real")
    service.down = False
    assert heard(understander(service, tmp_path), "get me somebody real") != by_words


def test_english_messages_find_german_examples(embedder: Embedder) -> None:
    german = {
        "Wo ist meine Bestellung": [
            "wo ist meine Bestellung",
            "wann kommt mein Paket",
            "ist meine Lieferung unterwegs",
        ],
        "Stornieren": ["bitte stornieren", "ich möchte meine Bestellung stornieren", "Bestellung zurückziehen"],
        "Rechnung": ["schicken Sie mir die Rechnung", "ich brauche eine Rechnung", "wo finde ich meine Rechnung"],
    }
    texts = [text for group in german.values() for text in group]
    embedded = embed_examples(embedder, texts, by_english=mostly_english(texts, ("de", "en")))
    matcher = Matcher.fit(german, embedded=embedded, languages=("de", "en"))
    again = Matcher.from_arrays(matcher.to_arrays(), embedder)
    for message, title in (
        ("when will my parcel arrive", "Wo ist meine Bestellung"),
        ("I would like to cancel my order", "Stornieren"),
        ("please send me the invoice", "Rechnung"),
    ):
        assert matcher.match(message, language="en").ranked[0][0] == title
        assert again.match(message, language="en") == matcher.match(message, language="en")
    assert mostly_english(ALL, LANGUAGES)
