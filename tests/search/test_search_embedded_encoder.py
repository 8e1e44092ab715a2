"""The encoder of the package: near in meaning is near in space, in seven languages, in threads, after a fork."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.errors import ConvagentError
from convagent.search import Embedder, open_embedder
from convagent.search.embedded_encoder import DATA, HALF, EmbeddedEncoder, known_key

LIMIT = 60_000_000


@pytest.fixture(scope="module")
def english() -> EmbeddedEncoder:
    return EmbeddedEncoder(("en",))


@pytest.fixture(scope="module")
def both() -> EmbeddedEncoder:
    return EmbeddedEncoder(("en", "de"))


def test_the_models_stay_within_sixty_megabytes() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < LIMIT


def test_what_means_the_same_is_near_and_what_does_not_is_far(english: EmbeddedEncoder) -> None:
    (asked,) = english.embed(["my parcel never turned up"], kind="query", language="en")
    near, far = english.embed(["The package was not delivered.", "We sew shirts from organic cotton."], language="en")
    assert asked @ near > 0.4 > 0.2 > asked @ far


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Wie kann ich die Schuhe zurückschicken?"),
        ("fr", "Comment renvoyer les chaussures ?"),
        ("es", "¿Cómo puedo devolver los zapatos?"),
        ("it", "Come posso restituire le scarpe?"),
        ("pt", "Como posso devolver os sapatos?"),
        ("nl", "Hoe kan ik de schoenen terugsturen?"),
    ],
)
def test_a_question_in_another_language_finds_its_english_twin(
    both: EmbeddedEncoder, language: str, question: str
) -> None:
    twins = ["Can I pay with PayPal?", "How can I return the shoes?", "Where is my parcel?", "Do you sell gift cards?"]
    (asked,) = both.embed([question], kind="query", language=language)
    assert int((both.embed(twins, kind="example", language="en") @ asked).argmax()) == 1


def test_six_languages_find_english_questions(both: EmbeddedEncoder, root: Path) -> None:
    path = root / "benchmarks" / "data" / "support-questions-7-languages.jsonl"
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    english = both.embed([entry["en"] for entry in entries], kind="example", language="en")
    for language in ("de", "fr", "es", "it", "pt", "nl"):
        asked = both.embed([entry[language] for entry in entries], kind="query", language=language)
        assert ((asked @ english.T).argmax(axis=1) == np.arange(len(entries))).mean() >= 0.8


def test_an_english_query_costs_one_half_and_a_passage_fills_both(both: EmbeddedEncoder) -> None:
    (query,) = both.embed(["a lamp"], kind="query", language="en-GB")
    (other,) = both.embed(["eine Lampe"], kind="query", language="de")
    (passage,) = both.embed(["a lamp"], language="en")
    (foreign,) = both.embed(["eine Lampe"], language="de")
    assert both.dim == 2 * HALF
    assert query[:HALF].any()
    assert not query[HALF:].any()
    assert other[HALF:].any()
    assert not other[:HALF].any()
    assert passage[:HALF].any()
    assert passage[HALF:].any()
    assert not foreign[:HALF].any()


def test_a_shop_in_english_alone_opens_one_model() -> None:
    code = (
        "from convagent.search.embedded_encoder import EmbeddedEncoder, _models\n"
        "EmbeddedEncoder(('en',)).embed(['a lamp'])\n"
        "print(sorted(name for (name, _), model in _models.items() if model._opened))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['english']"


def test_a_text_has_the_same_vector_whatever_stands_beside_it() -> None:
    texts = [f"the {word} lamp on the table" for word in ("red", "blue", "green")] + ["x " * 300]
    together = EmbeddedEncoder(("en",)).embed(texts)
    code = (
        "import sys, json; from convagent.search.embedded_encoder import EmbeddedEncoder\n"
        "print(json.dumps([EmbeddedEncoder().embed([text])[0].tolist() for text in json.load(sys.stdin)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    assert np.array_equal(np.array(json.loads(done.stdout), dtype=np.float32), together)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "?!", "🙂", "\u200b", "\ud800"])
def test_a_text_that_says_nothing_has_the_zero_vector(both: EmbeddedEncoder, text: str) -> None:
    assert not both.embed([text], language="en").any()


@pytest.mark.parametrize(
    "text", ["a\x00b lamp", "lamp \udcff", "x" * 1_000_000, "لامبة 灯 lamp", "e\u0301" * 50_000, "lamp " * 9_999]
)
def test_odd_texts_are_taken(both: EmbeddedEncoder, text: str) -> None:
    vectors = both.embed([text], kind="example", language="en")
    assert vectors.dtype == np.float32
    assert vectors.shape == (1, 2 * HALF)
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors[0, :HALF]), 1.0, atol=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_texts_give_finite_vectors_of_length_one_or_none(texts: list[str]) -> None:
    vectors = EmbeddedEncoder(("en",)).embed(texts)
    assert vectors.shape == (len(texts), HALF)
    norms = np.linalg.norm(vectors, axis=1)
    assert (np.isclose(norms, 1.0, atol=1e-3) | (norms == 0.0)).all()


def test_threads_give_what_one_gives() -> None:
    texts = [f"order number {number}" for number in range(40)]
    encoder = EmbeddedEncoder(("en",), threads=3)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: encoder.embed(texts), range(4)))
    assert all(np.array_equal(each, found[0]) for each in found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system doesn't fork")
def test_a_forked_process_embeds_what_its_parent_embeds() -> None:
    code = (
        "import os, sys\n"
        "from convagent.search.embedded_encoder import EmbeddedEncoder\n"
        "encoder = EmbeddedEncoder(('en', 'de'), threads=2)\n"
        "before = encoder.embed([f'order {n}' for n in range(40)], language='en')\n"
        "child = os.fork()\n"
        "after = encoder.embed(['another lamp'], language='en')\n"
        "if child == 0:\n"
        "    os._exit(0 if after.any() and after.shape == (1, 768) else 1)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", code],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.strip() == "0"


def test_missing_and_damaged_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConvagentError) as missing:
        EmbeddedEncoder(folder=tmp_path)
    assert missing.value.code == "encoder-missing"
    shutil.copy(DATA / "encoder.json", tmp_path)
    shutil.copy(DATA / "english.pieces.txt", tmp_path)
    (tmp_path / "english.onnx").write_bytes(b"no model")
    with pytest.raises(ConvagentError) as damaged:
        EmbeddedEncoder(folder=tmp_path).embed(["a lamp"])
    assert damaged.value.code == "encoder-missing"
    assert damaged.value.remedy


def test_vectors_that_come_along_are_not_computed_again(tmp_path: Path) -> None:
    shutil.copy(DATA / "encoder.json", tmp_path)
    digest = json.loads((DATA / "encoder.json").read_text("utf-8"))["files"]["english.onnx"]
    vector = np.full((1, HALF), 0.5, dtype=np.float16)
    keys = np.frombuffer(known_key(digest, "a lamp"), dtype=np.uint8)[None]
    np.savez(tmp_path / "known.npz", english=vector, english_keys=keys)
    encoder = EmbeddedEncoder(("en",), folder=tmp_path)
    assert np.array_equal(encoder.embed(["a lamp"]), vector.astype(np.float32))
    with pytest.raises(ConvagentError):  # there is no model in this folder
        encoder.embed(["another lamp"])


def test_the_vectors_that_come_along_are_of_length_one() -> None:
    with np.load(DATA / "known.npz", allow_pickle=False) as arrays:
        for name in ("english", "multilingual"):
            assert np.allclose(np.linalg.norm(arrays[name].astype(np.float32), axis=1), 1.0, atol=5e-3)
            assert len(arrays[name]) == len(arrays[f"{name}_keys"]) > 0


def test_settings_name_an_embedder() -> None:
    assert open_embedder("none") is None
    opened = open_embedder("embedded", languages=("en",))
    assert isinstance(opened, Embedder)
    assert opened.dim == HALF
    assert opened.stamp != EmbeddedEncoder(("en", "de")).stamp
    with pytest.raises(ConvagentError) as unknown:
        open_embedder("word2vec")
    assert unknown.value.code == "embedder-unknown"


def test_importing_search_loads_no_model_runtime() -> None:
    code = "import sys, convagent.search, convagent.search.embedded_encoder; print('onnxruntime' in sys.modules, 'tokenizers' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
