"""Large catalogs: how fast they are read, searched and changed, and what they weigh.

    python benchmarks/catalog.py [--products 10000 …]

The products are made from the demo shop's (`made_catalog.py`), the same each time. Each size is measured in a process of its own,
CPU time on one thread; memory is what Python holds (tracemalloc) beyond what it held before, less the products' own texts.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial

from made_catalog import made_products, made_queries

from convagent.catalog import Catalog


def milliseconds(calls: Sequence[Callable[[], object]]) -> tuple[float, float]:
    """CPU time of a call: the median, and the 95th of a hundred."""
    spent = []
    for call in calls:
        began = time.process_time()
        call()
        spent.append((time.process_time() - began) * 1e3)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1]


def measured(products: int) -> dict[str, float]:
    """What a catalog of so many products takes."""
    made = time.process_time()
    texts = 0
    for product in made_products(products):
        told = (product.title, product.description or "", *product.tags, *map(str, product.attributes.values()))
        texts += sum(len(each.encode()) for each in told)
    made = time.process_time() - made
    began = time.process_time()
    catalog = Catalog.from_products(made_products(products))
    catalog.search("x y")
    read = time.process_time() - began - made
    queries = made_queries(300)
    for asked in queries[:20]:
        catalog.search(asked)
    query, slow = milliseconds([partial(catalog.search, asked, 10) for asked in queries])
    step = max(1, products // 200)
    skus = [catalog.products[number].variants[0].sku or "" for number in range(0, products, step)]
    stock, _ = milliseconds([partial(catalog.update, stock={sku: 7}) for sku in skus])
    one = catalog.products[products // 2].model_copy(update={"title": "Quite Another Thing"})
    changed, _ = milliseconds([lambda: catalog.update([one]), lambda: catalog.search("quite another thing")])
    del catalog
    gc.collect()
    tracemalloc.start(1)
    held = tracemalloc.get_traced_memory()[0]
    catalog = Catalog.from_products(made_products(products))
    catalog.search("x y")
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - held
    return {
        "products": products, "read_a_second": products / read, "query_ms": query, "query_ms_p95": slow, "stock_ms": stock,
        "text_ms": changed, "bytes_beyond_text": (held - texts) / products, "text_bytes": texts / products,
    }  # fmt: skip


def main() -> int:
    """Measures every size and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measured(chosen.one)))
        return 0
    print("| products | read a second | query, median / p95 | stock set | text changed | beyond its text |")
    print("|---|---|---|---|---|---|")
    for products in chosen.products:
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(products)], capture_output=True, text=True, check=True
        )
        row = json.loads(done.stdout)
        print(
            f"| {products:,} | {row['read_a_second']:,.0f} | {row['query_ms']:.1f} / {row['query_ms_p95']:.1f} ms | "
            f"{row['stock_ms']:.2f} ms | {row['text_ms']:.1f} ms | {row['bytes_beyond_text']:,.0f} bytes |",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
