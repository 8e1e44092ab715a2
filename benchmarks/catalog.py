"""Large catalogs: how fast they are read, embedded, searched and changed, and what they weigh.

    python benchmarks/catalog.py [--products 10000 …] [--embedder static] [--figures FILE]

The products are made from the demo shop's (`made_catalog.py`), the same each time. Each size is measured in a process of its own,
CPU time on one thread. Vectors are those of the static encoder, English, which embeds a product in half a millisecond; a query's
own embedding is part of its time. Memory is what Python holds (tracemalloc) beyond what it held before, with everything that a
search needs; products, index and vectors lie on disk, memory-mapped. "Opened again" is CPU time of the second opening of the same
products as a JSON Lines file, of up to 200,000, and of a file in which every hundredth product has another title.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from made_catalog import made_products, made_queries

from convagent.catalog import Catalog
from convagent.facts import Product
from convagent.search import Embedder, open_embedder

WEIGHED = 200_000
"""More products are not weighed: to note every allocation takes several times as long as reading them."""

MADE_AT_ONCE = 500
"""Products that are made before the catalog gets them."""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def milliseconds(calls: Sequence[Callable[[], object]]) -> tuple[float, float]:
    """CPU time of a call: the median, and the 95th of a hundred."""
    spent = []
    for call in calls:
        began = time.process_time()
        call()
        spent.append((time.process_time() - began) * 1e3)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1]


class Given:
    """Made products, one after the other; the time that making them takes is no time of the catalog's.

    Attributes:
        spent: Seconds of CPU that went into making them.
    """

    def __init__(self, products: int) -> None:
        self._products = products
        self.spent = 0.0

    def __iter__(self) -> Iterator[Product]:
        rest = made_products(self._products)
        while True:
            began = time.process_time()
            some = list(islice(rest, MADE_AT_ONCE))
            self.spent += time.process_time() - began
            if not some:
                return
            yield from some


def measured(products: int, embedder: str, folder: Path) -> dict[str, float]:
    """What a catalog of so many products takes.

    Args:
        products: How many.
        embedder: As settings name it.
        folder: Where vectors are kept.
    """
    encoder = open_embedder(embedder)
    shutil.rmtree(folder / "segment", ignore_errors=True)  # vectors may be kept from an earlier run, the index may not
    memory = products <= WEIGHED
    texts = 0
    for product in made_products(products):
        told = (product.title, product.description or "", *product.tags, *map(str, product.attributes.values()))
        texts += sum(len(each.encode()) for each in told)
    given = Given(products)
    began = time.process_time()
    catalog = Catalog.from_products(given, embedder=encoder, cache=folder)
    read = time.process_time() - began - given.spent
    began = time.process_time()
    fresh = catalog.embed()
    embedded = time.process_time() - began
    queries = made_queries(300)
    began = time.process_time()
    catalog.search(queries[0])
    first = time.process_time() - began
    for asked in queries[:20]:
        catalog.search(asked)
    query, slow = milliseconds([partial(catalog.search, f"{asked} ", 10) for asked in queries])
    step = max(1, products // 200)
    skus = [catalog.products[number].variants[0].sku or "" for number in range(0, products, step)]
    stock, _ = milliseconds([partial(catalog.update, stock={sku: 7}) for sku in skus])
    one = catalog.products[products // 2].model_copy(update={"title": "Quite Another Thing"})
    changed, _ = milliseconds([lambda: catalog.update([one]), lambda: catalog.search("quite another thing")])
    del catalog
    gc.collect()
    held, again, renewed = 0, 0.0, 0.0
    if memory:
        again, renewed = opened_again(products, encoder)
        tracemalloc.start(1)
        held = -tracemalloc.get_traced_memory()[0]
        catalog = Catalog.from_products(made_products(products), embedder=encoder, cache=folder)
        catalog.search(queries[0])
        gc.collect()
        held += tracemalloc.get_traced_memory()[0]
    return {
        "products": products, "read_a_second": products / read, "embedded_a_second": fresh / embedded if fresh else 0.0,
        "first_ms": first * 1e3, "query_ms": query, "query_ms_p95": slow, "stock_ms": stock, "text_ms": changed,
        "bytes_held": held / products if memory else 0.0, "text_bytes": texts / products, "opened_again_s": again,
        "renewed_s": renewed,
    }  # fmt: skip


def opened_again(products: int, encoder: Embedder | None) -> tuple[float, float]:
    """CPU seconds of opening a file that was opened before, and of one in which every hundredth product has another title.

    Args:
        products: How many.
        encoder: The embedder; None leaves it at words.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "products.jsonl")

        def opened(renamed: int) -> float:
            with file.open("w", encoding="utf-8") as lines:
                for number, product in enumerate(made_products(products)):
                    title = f"{product.title} anew" if number % 100 < renamed else product.title
                    lines.write(product.model_copy(update={"title": title}).model_dump_json(exclude_unset=True) + "\n")
            began = time.process_time()
            Catalog.from_file(file, embedder=encoder, cache=folder, stamped=True)
            return time.process_time() - began

        opened(0)
        return opened(0), opened(1)


def main() -> int:
    """Measures every size and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--embedder", default="static", help="as [knowledge] embedder in convagent.toml")
    parser.add_argument("--cache", type=Path, help="a folder to keep vectors in between runs")
    parser.add_argument("--figures", type=Path, help="a JSON file to add the figures to, for pictures.py")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        with tempfile.TemporaryDirectory() as folder:
            kept = chosen.cache / str(chosen.one) if chosen.cache else Path(folder)
            print(json.dumps(measured(chosen.one, chosen.embedder, kept)))
        return 0
    print(
        "| products | read a second | embedded a second | query, median / p95 | stock set | text changed | held a product | "
        "opened again | of which 1% changed |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    rows = []
    for products in chosen.products:
        cache = ["--cache", str(chosen.cache)] if chosen.cache else []
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(products), "--embedder", chosen.embedder, *cache],
            capture_output=True, text=True, check=True, env=os.environ | ONE_THREAD,
        )  # fmt: skip
        row = json.loads(done.stdout)
        rows.append(row)
        weighed = f"{row['bytes_held']:,.0f} bytes" if row["bytes_held"] else "not weighed"
        print(
            f"| {products:,} | {row['read_a_second']:,.0f} | {row['embedded_a_second']:,.0f} | "
            f"{row['query_ms']:.1f} / {row['query_ms_p95']:.1f} ms | "
            f"{row['stock_ms']:.2f} ms | {row['text_ms']:.1f} ms | "
            f"{weighed} | {row['opened_again_s']:.1f} s | {row['renewed_s']:.1f} s |",
            flush=True,
        )
    if chosen.figures:
        kept = json.loads(chosen.figures.read_text(encoding="utf-8")) if chosen.figures.exists() else {}
        chosen.figures.write_text(json.dumps(kept | {"products": rows}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
