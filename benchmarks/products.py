"""How well products are found: nDCG@10 on graded queries to the demo shop, the catalog's search beside BM25 alone.

    python benchmarks/products.py [--final] [--worst 10]

150 queries stand in `data/product-queries.jsonl`, each with the products that fit, graded 1 to 3. The half `tune` may be
tuned on, the final half is only reported, and measured with `--final` alone. `Catalog.search` is measured with and without the
embedder that ships with the package. BM25 gets the same products, those that can be bought, as one text each; its other
implementation is bm25s with a stemmer, where it is installed. Prints means with 95 % bootstrap intervals over the queries,
and what ours gains over BM25 by query. `--worst` also lists queries of the tuning half that fare worst.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from convagent.catalog import Catalog
from convagent.facts import Product
from convagent.search import BM25, LexicalIndex, open_embedder

HERE = Path(__file__).parent

Retriever = Callable[[str], Sequence[str]]
"""The ids of up to 10 products for a query, best first."""


def ndcg(found: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain of graded products (Burges et al. 2005): a grade g is worth 2^g - 1.

    Args:
        found: Ids of products, best first.
        grades: Grades by id, from 1; products that aren't named are worth nothing.
        k: How many of the found are looked at, from 1.

    Returns:
        0 to 1; 1 where no order of any products is better.
    """
    best = _gain(sorted(grades.values(), reverse=True)[:k])
    return _gain([grades.get(product, 0) for product in found[:k]]) / best


def _gain(grades: Iterable[int]) -> float:
    return math.fsum((2.0**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades))


def text_of(product: Product) -> str:
    """Whatever is known of a product that a shopper could ask for, as one text; what else goes with it is left out."""
    attributes = [f"{name} {value}" for name, value in product.attributes.items() if name != "complements"]
    options = dict.fromkeys(value for variant in product.variants for value in variant.options.values())
    parts = (product.title, product.vendor, product.kind, product.category, *product.tags, *product.options, *options,
             *attributes, product.description, *(variant.sku for variant in product.variants))  # fmt: skip
    return "\n".join(part for part in parts if part)


def by_search(catalog: Catalog) -> Retriever:
    """The catalog's own search."""
    return lambda query: [hit.product.id for hit in catalog.search(query, k=10)]


def by_bm25(products: Sequence[Product]) -> Retriever:
    """BM25 over single words, stemmed and without stop words."""
    index = LexicalIndex.build(
        ({"text": text_of(product)} for product in products), fields={"text": 1.0}, weighting=BM25(), longest=1
    )
    return lambda query: [products[number].id for number in index.search(query, 10).documents.tolist()]


def by_bm25s(products: Sequence[Product]) -> Retriever:
    """The library bm25s, with Snowball's English stemmer and English stop words."""
    library: Any = import_module("bm25s")
    stemmer = import_module("Stemmer").Stemmer("english")
    index = library.BM25()
    texts = [text_of(product) for product in products]
    words = library.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)
    index.index(words, show_progress=False)

    def retrieve(query: str) -> list[str]:
        asked = library.tokenize([query], stopwords="en", stemmer=stemmer, show_progress=False)
        numbers, scores = index.retrieve(asked, k=10, show_progress=False)
        return [products[int(n)].id for n, score in zip(numbers[0], scores[0], strict=True) if score > 0]

    return retrieve


def interval(values: Sequence[float]) -> str:
    """The middle 95 % of the means of 2,000 samples of the queries, drawn with replacement from a fixed seed."""
    drawn = np.random.default_rng(5).choice(np.array(values), (2_000, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return f"[{low:.3f} {high:.3f}]"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list N queries of the tuning half")
    parser.add_argument("--final", action="store_true", help="measure the final half too")
    chosen = parser.parse_args()
    worst = chosen.worst
    file = HERE.parent / "knowledge" / "catalog" / "products.csv"
    catalog = Catalog.from_file(file, embedder=open_embedder("embedded", languages=("en", "de", "fr")))
    with (HERE / "data" / "product-queries.jsonl").open(encoding="utf-8") as lines:
        queries = [json.loads(line) for line in lines]
    buyable = [product for product in catalog.products if product.in_stock]
    ways: dict[str, Retriever] = {
        "Catalog.search": by_search(catalog),
        "without vectors": by_search(Catalog.from_file(file)),
        "BM25 alone": by_bm25(buyable),
    }
    if find_spec("bm25s") is not None:
        ways["bm25s"] = by_bm25s(buyable)
    else:
        print("skipped: bm25s isn't installed")
    groups = (("all", ("en", "de", "fr")), ("English", ("en",)), ("German and French", ("de", "fr")))
    print(f"{'nDCG@10':42} {'':7}{'':14}   ours beyond it")
    for half in ("tune", "final") if chosen.final else ("tune",):
        for what, spoken in groups:
            asked = [entry for entry in queries if entry["half"] == half and entry["language"] in spoken]
            ours: list[float] = []
            for name, retrieve in ways.items():
                scores = [ndcg(retrieve(entry["query"]), entry["relevant"]) for entry in asked]
                ours = ours or scores
                gains = [mine - theirs for mine, theirs in zip(ours, scores, strict=True)]
                beyond = f"{statistics.mean(gains):+.3f} {interval(gains)}" if scores is not ours else ""
                label = f"{half}, {what} ({len(asked)}), {name}"
                print(f"{label:42} {statistics.mean(scores):.3f}  {interval(scores):14}   {beyond}")
    if worst > 0:
        tuning = [entry for entry in queries if entry["half"] == "tune"]
        scored = [(ndcg(ways["Catalog.search"](entry["query"]), entry["relevant"]), entry["query"]) for entry in tuning]
        print("\n".join(f"{score:.3f}  {query}" for score, query in sorted(scored)[:worst]))


if __name__ == "__main__":
    main()
