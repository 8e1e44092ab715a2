"""Write `knowledge/catalog/products.csv` from the authored files in `tools/demo_shop/catalog/`.

Run in the repository's root: `python -m tools.demo_shop.make_catalog`, or with `--check` to only compare.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

from tools.demo_shop.catalog_source import read_catalog
from tools.demo_shop.shopify_csv import COLUMNS, product_rows

__all__ = ["catalog_csv", "main"]

TARGET = Path(__file__).parents[2] / "knowledge" / "catalog" / "products.csv"


def catalog_csv() -> str:
    """The whole catalog as Shopify's product CSV.

    Raises:
        ValueError: Two variants share a SKU or a barcode, or a source file does not fit.
    """
    rows = [row for line in read_catalog() for product in line.products for row in product_rows(product, line)]
    for column in ("Variant SKU", "Variant Barcode"):
        values = [row[column] for row in rows if row[column]]
        if len(set(values)) != len(values):
            raise ValueError(f"two variants share a value of {column}")
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """Write or check the file; 1 when `--check` finds that it is not what the sources say."""
    parser = argparse.ArgumentParser(description="Write the demo shop's product CSV.")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    options = parser.parse_args(arguments)
    text = catalog_csv()
    if options.check:
        same = TARGET.exists() and TARGET.read_text("utf-8") == text
        print("up to date" if same else f"{TARGET} is not what its sources say")
        return 0 if same else 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, "utf-8")
    print(f"{TARGET}: {text.count(chr(10))} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
