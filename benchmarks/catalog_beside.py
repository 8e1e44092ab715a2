"""Hybrid search of a large catalog, side by side in one run: ours, and LangChain's ensemble of BM25 and FAISS.

    pip install langchain-community langchain-classic faiss-cpu rank_bm25
    python benchmarks/catalog_beside.py [--products 100000] [--embedder static] [--cache FOLDER]

Both have the same products, texts and vectors, and embed the query with the same encoder. The ensemble (`EnsembleRetriever`,
weights of one half, reciprocal rank fusion) can't demand anything: it is asked for the best 100 of each, of which those are
kept that have a variant which can be bought and meets the demands. The demands are read from the text beforehand, and given to
it for nothing; ours reads them in its own time. CPU time on one thread.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from made_catalog import made_products, made_queries
from products import text_of

from convagent.catalog import Catalog, Constraints, read_constraints
from convagent.catalog.choosing import choose_variant
from convagent.facts import Product
from convagent.search import Embedder, KeptVectors, open_embedder

FETCHED = 100
"""What is asked of each retriever, so that something is left after filtering."""

Search = Callable[[str], Sequence[str]]
"""The ids of up to 10 products."""


def ensemble(products: Sequence[Product], vectors: Any, encoder: Embedder) -> Callable[[str, Constraints], list[str]]:
    """LangChain's ensemble over products, filtered afterwards.

    Args:
        products: The products.
        vectors: A vector for each, float32.
        encoder: Embeds queries.

    Raises:
        ImportError: A library is missing.
    """
    warnings.simplefilter("ignore")
    faiss: Any = import_module("faiss")
    retrievers: Any = import_module("langchain_community.retrievers")
    stores: Any = import_module("langchain_community.vectorstores")
    joining: Any = import_module("langchain_classic.retrievers")
    import_module("rank_bm25")
    logging.getLogger("langchain_community").setLevel(logging.ERROR)
    faiss.omp_set_num_threads(1)
    texts = [text_of(product) for product in products]
    places = [{"place": place} for place in range(len(products))]
    words = retrievers.BM25Retriever.from_texts(
        texts, metadatas=places, preprocess_func=lambda text: text.lower().split(), k=FETCHED
    )
    store = stores.FAISS.from_embeddings(
        ((text, vector.tolist()) for text, vector in zip(texts, vectors, strict=True)),
        lambda text: encoder.embed([text], kind="query", language="en")[0].tolist(),
        metadatas=places,
    )
    near = store.as_retriever(search_kwargs={"k": FETCHED})
    both = joining.EnsembleRetriever(retrievers=[words, near], weights=[0.5, 0.5])

    def search(text: str, demands: Constraints) -> list[str]:
        found: list[str] = []
        for document in both.invoke(text):
            product = products[document.metadata["place"]]
            if choose_variant(product, demands, only_buyable=True) is not None:
                found.append(product.id)
        return found[:10]

    return search


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--embedder", default="static")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--cache", type=Path, help="a folder to keep vectors in between runs")
    chosen = parser.parse_args()
    encoder = open_embedder(chosen.embedder)
    if encoder is None:
        parser.error("without an embedder there is nothing to compare")
    with tempfile.TemporaryDirectory() as folder:
        kept_in = chosen.cache or Path(folder)
        products = list(made_products(chosen.products))
        catalog = Catalog.from_products(products, embedder=encoder, cache=kept_in)
        catalog.embed()
        kept = KeptVectors.load(kept_in / "main")
        vectors = kept.vectors.astype(np.float32) * (1.0 if kept.scales is None else kept.scales[:, None])
        try:
            theirs = ensemble(products, vectors, encoder)
        except ImportError as error:
            print(
                f"skipped: {error.name} isn't installed; pip install langchain-community langchain-classic faiss-cpu rank_bm25"
            )
            return 0
        queries = list(dict.fromkeys(made_queries(chosen.queries * 2)))[: chosen.queries]
        demands = [read_constraints(text, catalog.vocabulary).constraints for text in queries]
        ways: dict[str, Callable[[int], int]] = {
            "Catalog.search": lambda number: len(catalog.search(queries[number], k=10)),
            "BM25Retriever + FAISS, filtered": lambda number: len(theirs(queries[number], demands[number])),
        }
        spent: dict[str, list[float]] = {name: [] for name in ways}
        full: dict[str, int] = dict.fromkeys(ways, 0)
        for way in ways.values():
            way(0)
        for number in range(len(queries)):
            for name, way in ways.items():  # in turn, so that other work on the machine meets both
                began = time.process_time()
                found = way(number)
                spent[name].append((time.process_time() - began) * 1e3)
                full[name] += found == 10
    print(
        f"{chosen.products:,} products, {len(queries)} queries, {chosen.embedder} encoder, {vectors.shape[1]} dimensions"
    )
    print("| way | a query, median / p95 | queries with ten hits |")
    print("|---|---|---|")
    for name, times in spent.items():
        late = statistics.quantiles(times, n=20)[-1]
        print(f"| {name} | {statistics.median(times):.1f} / {late:.1f} ms | {full[name]} of {len(queries)} |")
    ours, other = (statistics.median(times) for times in spent.values())
    print(f"ours is {other / ours:.1f} times as fast")
    return 0


if __name__ == "__main__":
    sys.exit(main())
