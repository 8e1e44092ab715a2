"""Makes `known.npz`: vectors of the articles and products that come with the package, so that the demo shop and a new one
open at once.

    python -m tools.encoder.known

Run it when the articles, the products, the way they are split and told or the models have changed. What it lacks is embedded
when a shop is opened: it can be stale, but never wrong.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from convagent.catalog import Catalog
from convagent.catalog.vectors import embedded_text as product_text
from convagent.knowledge import KnowledgeBase
from convagent.knowledge.ranking import embedded_text
from convagent.search.embedded_encoder import DATA, HALF, STRETCH, EmbeddedEncoder, known_key
from convagent.search.embedder import clean

ROOT = Path(__file__).parents[2]
PRODUCTS = ROOT / "knowledge" / "catalog" / "products.csv"
FOLDERS = (ROOT / "knowledge" / "articles", ROOT / "src" / "convagent" / "new_shop" / "knowledge" / "articles")


def main() -> None:
    """Embeds and writes."""
    (DATA / "known.npz").unlink(missing_ok=True)
    digests = json.loads((DATA / "encoder.json").read_text(encoding="utf-8"))["files"]
    passages = [passage for folder in FOLDERS for passage in KnowledgeBase.from_folder(folder).passages]
    products = {clean(product_text(product)) for product in Catalog.from_file(PRODUCTS).products}
    texts = sorted({clean(embedded_text(passage)) for passage in passages} | products)
    english = sorted({clean(embedded_text(each)) for each in passages if each.language == "en"} | products)
    encoder = EmbeddedEncoder(("en", "de"))
    arrays: dict[str, np.ndarray] = {}
    for name, of, vectors in (
        ("english", english, encoder.embed(english, language="en")[:, :HALF]),
        ("multilingual", texts, encoder.embed(texts)[:, HALF:] / STRETCH),
    ):
        keys = b"".join(known_key(digests[f"{name}.onnx"], text) for text in of)
        arrays[f"{name}_keys"] = np.frombuffer(keys, dtype=np.uint8).reshape(len(of), -1)
        arrays[name] = vectors.astype(np.float16)
    np.savez(DATA / "known.npz", **arrays)  # type: ignore[arg-type]
    print(f"{len(texts)} texts, {(DATA / 'known.npz').stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
