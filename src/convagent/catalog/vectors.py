"""The vector half of finding products: a vector for each product's text, and how near a query is to each of them.

Vectors are kept on disk by a hash of the text, so that only products whose texts are other ones are embedded again, and
memory-mapped in 16 bits a number. They are made when the first query asks for them, or by `Catalog.embed`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import RLock
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from convagent.errors import ConvagentError
from convagent.facts import Product
from convagent.search import DenseIndex, Embedder, KeptVectors, Vectors
from convagent.search.kept_vectors import KEY, swapped, text_key

__all__ = ["ProductKeys", "ProductVectors", "Progress", "VectorSource", "embedded_text", "embedder_error"]

Part = Literal["main", "since"]
"""Which segment of a catalog vectors belong to: the products it was opened with, or those that came since."""

Progress = Callable[[int, int], None]
"""Called with the texts done and the texts to do."""

_AT_ONCE = 256
"""Texts that are embedded between two calls of `progress`."""

_REMEMBERED = 64
"""Queries whose vectors are remembered: one message is looked for several times, and in each segment."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_LONGEST = 600
"""Characters of a description that are looked at: the encoder reads some 700 of the whole text."""


def embedded_text(product: Product) -> str:
    """What of a product is embedded: kind, title, category, tags and the first two sentences of its description.

    Chosen on the tuning half of the demo catalog's graded queries: options, brands, attributes and more of the description were
    tried and found no better (docs/measured.md); they cost time, and words and demands look at them anyway.

    Args:
        product: The product.
    """
    told = _SENTENCE_END.split((product.description or "")[:_LONGEST], maxsplit=2)[:2]
    category = (product.category or "").replace(" > ", ", ")
    parts = (product.kind, product.title, category, ", ".join(product.tags), " ".join(told))
    return ". ".join(part for part in parts if part)


class VectorSource:
    """An embedder with the vectors that it gave before; the segments of one catalog share it. Safe to share between threads.

    Args:
        embedder: What embeds texts.
        folder: Where vectors are kept between runs; None for nowhere.
        language: Language of the products' texts.

    Attributes:
        failure: Why the embedder could not embed products; None while it could. Words alone count then.
        fresh: How many products were embedded because their vectors weren't kept.
    """

    def __init__(self, embedder: Embedder, *, folder: Path | None, language: str) -> None:
        self._embedder, self._folder, self._language = embedder, folder, language
        self._held: dict[Part, KeptVectors | None] = {}
        self._asked: dict[tuple[str, str | None], Vectors] = {}
        self._beside: tuple[VectorSource, Callable[[], object]] | None = None
        self.lock = RLock()
        self.failure: Exception | None = None
        self.fresh = 0

    def beside(self, make: Callable[[], object]) -> VectorSource:
        """A source for some of the same products, such as a market's, which takes their vectors from here.

        Args:
            make: Makes the vectors here, where that hasn't been done.
        """
        made = VectorSource(self._embedder, folder=None, language=self._language)
        made._beside = self, make
        return made

    @property
    def stamp(self) -> str:
        """Of what keys depend on beside the products."""
        return f"{self._embedder.stamp} {self._language}"

    @property
    def held(self) -> list[KeptVectors]:
        """The vectors that are there."""
        return [each for each in self._held.values() if each is not None]

    def key(self, product: Product) -> bytes:
        """What a product's vector is kept under."""
        return text_key(self._embedder, "passage", self._language, embedded_text(product))

    def query(self, text: str, language: str | None) -> Vectors | None:
        """A query's vector; None where the embedder fails at the moment.

        Args:
            text: A customer's words.
            language: Their language; None when it isn't known.
        """
        found = self._asked.get((text, language))
        if found is None:
            try:
                found = self._embedder.embed([text], kind="query", language=language)[0]
            except Exception:  # noqa: BLE001 - an embedder may be anybody's: words alone count then
                return None
            if len(self._asked) >= _REMEMBERED:
                self._asked = {}
            self._asked[text, language] = found
        return found

    def vectors_of(
        self, part: Part, keys: ProductKeys | None, products: Sequence[Product], *, progress: Progress | None = None
    ) -> KeptVectors | None:
        """The vectors of products; those that are kept aren't made again, and what is made is kept.

        Args:
            part: Which segment's they are.
            keys: The key of each; None reads the products for them.
            products: The products; with keys, only those whose vectors aren't kept are read.
            progress: Called with the texts done and the texts to do.

        Returns:
            The vectors in the order of the products; None where the embedder failed (`failure`).
        """
        with self.lock:
            try:
                found = self._found(part, (keys or ProductKeys.of(self, products)).packed, products, progress)
            except Exception as error:  # noqa: BLE001 - likewise
                self.failure = error
                return None
            self.failure, self._held[part] = None, found
            return found

    def _found(
        self, part: Part, keys: NDArray[np.uint8], products: Sequence[Product], progress: Progress | None
    ) -> KeptVectors:
        for name in ("main", "since"):
            if name not in self._held:
                self._held[name] = self._loaded(name)
        known = self.held
        if self._beside is not None:
            source, make = self._beside
            make()
            known += source.held
        same = next((each for each in known if np.array_equal(each.keys, keys)), None)
        return same or self._made(part, keys, known, products, progress)

    def _loaded(self, part: Part) -> KeptVectors | None:
        if self._folder is None:
            return None
        with contextlib.suppress(OSError, ValueError, EOFError):
            kept = KeptVectors.load(self._folder / part)
            if kept.scales is not None and kept.vectors.shape[1] == self._embedder.dim:
                return kept
        return None

    def _made(
        self, part: Part, keys: NDArray[np.uint8], known: Sequence[KeptVectors], products: Sequence[Product],
        progress: Progress | None,
    ) -> KeptVectors:  # fmt: skip
        vectors = np.zeros((len(keys), self._embedder.dim), dtype=np.int16)
        scales = np.zeros(len(keys), dtype=np.float32)
        done = np.zeros(len(keys), dtype=np.bool_)
        for each in known:
            if each.scales is not None:
                places = _places(keys, each.keys)
                there = np.flatnonzero((places >= 0) & ~done)
                vectors[there], scales[there] = each.vectors[places[there]], each.scales[places[there]]
                done[there] = True
        wanted: dict[bytes, list[int]] = {}
        for number in np.flatnonzero(~done).tolist():
            wanted.setdefault(keys[number].tobytes(), []).append(number)
        texts = list(wanted.values())
        try:
            for begin in range(0, len(texts), _AT_ONCE):
                some = texts[begin : begin + _AT_ONCE]
                made = KeptVectors.of(
                    self._embedder, [embedded_text(products[numbers[0]]) for numbers in some], kind="passage",
                    languages=[self._language] * len(some), bits=16,
                )  # fmt: skip
                for place, numbers in enumerate(some):
                    vectors[numbers], done[numbers] = made.vectors[place], True
                    scales[numbers] = 1.0 if made.scales is None else made.scales[place]
                self.fresh += len(some)
                if progress is not None:
                    progress(min(begin + _AT_ONCE, len(texts)), len(texts))
        except BaseException:
            # Stopped halfway, or the service failed: what was made needn't be made again.
            if texts and done.any():
                self._keep(part, KeptVectors(keys[done], vectors[done], scales=scales[done]))
            raise
        return self._keep(part, KeptVectors(keys, vectors, scales=scales))

    def _keep(self, part: Part, made: KeptVectors) -> KeptVectors:
        """The same vectors, from the disk where they could be kept there."""
        if self._folder is not None and len(made.keys):
            with contextlib.suppress(OSError):
                with swapped(self._folder / part) as fresh:
                    made.save(fresh)
                kept = self._loaded(part)
                if kept is not None and np.array_equal(kept.keys, made.keys):
                    return kept
        return made


class ProductKeys:
    """What the vectors of products are kept under, collected product by product.

    Args:
        source: Where they are kept.
    """

    def __init__(self, source: VectorSource) -> None:
        self._source = source
        self._keys = bytearray()
        self._kept: NDArray[np.uint8] | None = None

    @classmethod
    def of(cls, source: VectorSource, products: Iterable[Product]) -> ProductKeys:
        """The keys of products.

        Args:
            source: Where their vectors are kept.
            products: The products.
        """
        made = cls(source)
        for product in products:
            made.add(product)
        return made

    @classmethod
    def kept(cls, source: VectorSource, keys: NDArray[np.uint8]) -> ProductKeys:
        """Keys that were collected before.

        Args:
            source: Where their vectors are kept.
            keys: `packed` of these.
        """
        made = cls(source)
        made._kept = keys
        return made

    def add(self, product: Product) -> None:
        """The next product."""
        self._keys += self._source.key(product)

    @property
    def packed(self) -> NDArray[np.uint8]:
        """(products, 16)."""
        return np.frombuffer(bytes(self._keys), dtype=np.uint8).reshape(-1, KEY) if self._kept is None else self._kept


class ProductVectors:
    """The vectors of a segment's products. Nothing is opened before the first query; safe to share between threads.

    Args:
        source: What embeds texts, and what it gave before.
        products: The segment's products.
        part: Which segment it is.
        keys: Their keys, where they were made while the products were read; None makes them later.
    """

    def __init__(
        self, source: VectorSource, products: Sequence[Product], *, part: Part, keys: ProductKeys | None = None
    ) -> None:
        self._source, self._products, self._part, self._keys = source, products, part, keys
        self._index: DenseIndex | None = None
        self._tried = False

    @property
    def keys(self) -> NDArray[np.uint8] | None:
        """The products' keys, where they were made while the products were read and no vectors were asked for yet."""
        return None if self._keys is None else self._keys.packed

    def scores(
        self, text: str, *, language: str | None = None, among: NDArray[np.bool_] | None = None
    ) -> Vectors | None:
        """How near each product is to a text in meaning: the dot product, about 0 for nothing in common, 1 at most.

        Of more than 5,000 products all but the nearest thousand get an estimate.

        Args:
            text: A customer's words, without what they demand.
            language: Their language, where it is known; without one, embedders with a vector for each language take the
                multilingual one, which finds a little less of what English texts ask for.
            among: For each product whether it counts; of many products the others score 0, and take no time.

        Returns:
            A number for each product of the segment, float32; None where the embedder fails: words alone count then.
        """
        index = self._made(None)
        query = self._source.query(text, language) if index is not None else None
        if index is None or query is None or query.shape != (index.vectors.shape[1],):
            return None
        return index.scores(query, allowed=among).astype(np.float32)

    def make(self, progress: Progress | None = None) -> bool:
        """Makes the vectors now that the first query would make.

        Args:
            progress: Called with the texts done and the texts to do.

        Returns:
            Whether they are there.
        """
        self._tried = self._tried and self._index is not None  # what failed is tried again when one asks for it
        return self._made(progress) is not None

    def _made(self, progress: Progress | None) -> DenseIndex | None:
        if not self._tried:
            with self._source.lock:
                if not self._tried:
                    kept = self._source.vectors_of(self._part, self._keys, self._products, progress=progress)
                    if kept is not None:
                        self._index = DenseIndex(kept.vectors, kept.scales)
                        self._keys = None
                    self._tried = True
        return self._index


def _places(keys: NDArray[np.uint8], among: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where each key stands among others, -1 where it doesn't."""
    found = np.full(len(keys), -1, dtype=np.int64)
    if not len(among) or not len(keys):
        return found
    wanted, there = (np.ascontiguousarray(each).view(np.uint64).reshape(-1, 2) for each in (keys, among))
    order = np.argsort(there[:, 0], kind="stable")
    at = order[np.minimum(np.searchsorted(there[order, 0], wanted[:, 0]), len(order) - 1)]
    same = (there[at] == wanted).all(axis=1)
    found[same] = at[same]
    return found


def embedder_error(error: Exception) -> str:
    """What an embedder's failure is called in a report.

    Args:
        error: What it raised.
    """
    return error.message if isinstance(error, ConvagentError) else f"{type(error).__name__}: {str(error)[:300]}"
