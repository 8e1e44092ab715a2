"""The static tier: known texts have known vectors, in threads, after a fork and on odd texts; and settings choose it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.errors import ConvagentError
from convagent.knowledge import Article, KnowledgeBase
from convagent.search import Embedder, open_embedder
from convagent.search.embedded_encoder import DATA, EmbeddedEncoder
from convagent.search.static_encoder import MANIFEST, StaticEncoder
from convagent.settings import KnowledgeSettings

LIMIT = 8_000_000
FILES = (
    MANIFEST,
    *(
        f"{kind}{name}{end}"
        for name in ("english", "multilingual")
        for kind, end in (("static.", ".npy"), ("", ".pieces.txt"))
    ),
)


@pytest.fixture(scope="module")
def english() -> StaticEncoder:
    return StaticEncoder(("en",))


@pytest.fixture(scope="module")
def both() -> StaticEncoder:
    return StaticEncoder(("en", "de"))


def test_known_texts_have_known_vectors(both: StaticEncoder) -> None:
    with np.load(Path(__file__).with_name("static_known.npz"), allow_pickle=False) as known:
        for language, text, vector in zip(known["languages"], known["texts"], known["vectors"], strict=True):
            assert np.allclose(both.embed([str(text)], language=str(language))[0], vector, atol=1e-5), text


def test_the_tables_stay_within_eight_megabytes_and_are_those_that_the_manifest_names() -> None:
    import hashlib

    named = json.loads((DATA / MANIFEST).read_text(encoding="utf-8"))["files"]
    assert sum((DATA / name).stat().st_size for name in named if name.startswith("static.")) < LIMIT
    for name, digest in named.items():
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == digest, name


def test_what_means_the_same_is_near_and_what_does_not_is_far(english: StaticEncoder) -> None:
    (asked,) = english.embed(["my parcel never turned up"], kind="query", language="en")
    near, far = english.embed(["The package was not delivered.", "We sew shirts from organic cotton."], language="en")
    assert asked @ near > 0.3 > 0.15 > asked @ far


def test_six_languages_find_english_questions(both: StaticEncoder, root: Path) -> None:
    path = root / "benchmarks" / "data" / "support-questions-7-languages.jsonl"
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    english = both.embed([entry["en"] for entry in entries], kind="example", language="en")
    for language in ("de", "fr", "es", "it", "pt", "nl"):
        asked = both.embed([entry[language] for entry in entries], kind="query", language=language)
        assert ((asked @ english.T).argmax(axis=1) == np.arange(len(entries))).mean() >= 0.6


def test_a_passage_without_the_questions_words_is_found() -> None:
    articles = [
        Article(id="parcel", title="Delivery", text="If the package was not delivered, write to us and we trace it."),
        Article(id="shirt", title="Fabric", text="We sew shirts from organic cotton in Portugal."),
        Article(id="card", title="Gift cards", text="A voucher is sent by e-mail within the hour."),
    ]
    question = "my parcel hasn't arrived"
    assert not KnowledgeBase.from_articles(articles).search(question, 3)
    found = KnowledgeBase.from_articles(articles, embedder=StaticEncoder()).search(question, 3)
    assert found[0].article_id == "parcel"


def test_a_query_fills_one_half_and_a_passage_both(both: StaticEncoder) -> None:
    half = both.dim // 2
    (query,) = both.embed(["a lamp"], kind="query", language="en-GB")
    (other,) = both.embed(["eine Lampe"], kind="query", language="de")
    (passage,) = both.embed(["a lamp"], language="en")
    (foreign,) = both.embed(["eine Lampe"], language="de")
    assert query[:half].any()
    assert not query[half:].any()
    assert other[half:].any()
    assert not other[:half].any()
    assert passage[:half].any()
    assert passage[half:].any()
    assert not foreign[:half].any()


def test_a_shop_in_english_alone_opens_one_table(english: StaticEncoder, both: StaticEncoder) -> None:
    assert both.dim == 2 * english.dim
    english.embed(["a lamp"])
    assert english._english._opened is not None
    assert english._multilingual._opened is None


def test_a_text_has_the_same_vector_whatever_stands_beside_it(both: StaticEncoder) -> None:
    texts = [f"the {word} lamp on the table" for word in ("red", "blue", "green")] + ["x " * 300, ""]
    together = both.embed(texts, language="en")
    alone = [StaticEncoder(("en", "fr")).embed([text], language="en")[0] for text in texts]
    assert np.array_equal(np.stack(alone), together)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "?!", "🙂", "\u200b", "\ud800"])
def test_a_text_that_says_nothing_has_the_zero_vector(both: StaticEncoder, text: str) -> None:
    assert not both.embed([text], language="en").any()


@pytest.mark.parametrize(
    "text", ["a\x00b lamp", "lamp \udcff", "x" * 1_000_000, "لامبة 灯 lamp", "e\u0301" * 50_000, "lamp " * 9_999]
)
def test_odd_texts_are_taken(both: StaticEncoder, text: str) -> None:
    vectors = both.embed([text], kind="example", language="en")
    assert vectors.dtype == np.float32
    assert vectors.shape == (1, both.dim)
    assert np.isfinite(vectors).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_texts_give_finite_vectors_of_length_one_or_none(texts: list[str]) -> None:
    encoder = StaticEncoder(("en", "de"))
    vectors = encoder.embed(texts, kind="query", language="de")
    assert vectors.shape == (len(texts), encoder.dim)
    norms = np.linalg.norm(vectors, axis=1)
    assert (np.isclose(norms, 1.0, atol=1e-5) | (norms == 0.0)).all()


def test_threads_give_what_one_gives() -> None:
    texts = [f"order number {number}, deliver it to the neighbour" for number in range(60)]
    encoder = StaticEncoder(("en", "de"))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: encoder.embed(texts, language="en"), range(8)))
    assert all(np.array_equal(each, found[0]) for each in found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system doesn't fork")
def test_a_forked_process_embeds_what_its_parent_embeds() -> None:
    code = (
        "import os\n"
        "from convagent.search.static_encoder import StaticEncoder\n"
        "encoder = StaticEncoder(('en', 'de'))\n"
        "before = encoder.embed(['eine Lampe'], language='de')\n"
        "child = os.fork()\n"
        "after = encoder.embed(['eine Lampe'], language='de')\n"
        "if child == 0:\n"
        "    os._exit(0 if (after == before).all() and after.any() else 1)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "0"


def copied(folder: Path) -> None:
    for name in FILES:
        shutil.copy(DATA / name, folder)


def without_a_file(folder: Path) -> None:
    (folder / "static.english.npy").unlink()


def cut_in_the_middle(folder: Path) -> None:
    path = folder / "static.english.npy"
    path.write_bytes(path.read_bytes()[:100_000])


def no_array(folder: Path) -> None:
    (folder / "static.english.npy").write_bytes(b"no table")


def of_another_vocabulary(folder: Path) -> None:
    with (folder / "english.pieces.txt").open("a", encoding="utf-8") as file:
        file.write("onemorepiece\n")


def of_another_format(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 1', '"format": 99'), encoding="utf-8")


def no_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text("[]", encoding="utf-8")


@pytest.mark.parametrize(
    "damage", [without_a_file, cut_in_the_middle, no_array, of_another_vocabulary, of_another_format, no_manifest]
)
def test_missing_and_damaged_files_are_told(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    copied(tmp_path)
    assert StaticEncoder(folder=tmp_path).embed(["a lamp"]).any()
    damage(tmp_path)
    with pytest.raises(ConvagentError) as told:
        StaticEncoder(folder=tmp_path).embed(["a lamp"])
    assert told.value.code == "encoder-missing"
    assert told.value.remedy


def test_settings_choose_it() -> None:
    opened = open_embedder(KnowledgeSettings(embedder="static").embedder, languages=("en", "de"))
    assert isinstance(opened, StaticEncoder)
    assert isinstance(opened, Embedder)
    assert opened.name == "static"


def test_its_vectors_are_never_taken_for_those_of_the_models() -> None:
    stamps = {
        encoder(languages).stamp
        for encoder in (StaticEncoder, EmbeddedEncoder)
        for languages in (("en",), ("en", "de"))
    }
    assert len(stamps) == 4


def test_no_model_runtime_is_loaded() -> None:
    code = (
        "import sys\n"
        "from convagent.search import open_embedder\n"
        "open_embedder('static', languages=('en', 'de')).embed(['eine Lampe'], language='de')\n"
        "print('onnxruntime' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
