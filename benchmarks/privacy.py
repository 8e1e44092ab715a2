"""How well personal data is found, and what hiding it takes.

    python benchmarks/privacy.py

Marked sentences of tests/privacy, in English, German and French: what was found whole, and findings that are none, by kind.
CPU milliseconds of `Placeholders.hide` on texts of 500 characters, each a new one. Findings in the demo shop's articles and
product texts, which hold nobody's data but the shop's own address.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from convagent.privacy import Placeholders, find_personal
from convagent.privacy.contacts import own_addresses

ROOT = Path(__file__).parents[1]
FILES = ("sentences.txt", "sentences-later.txt", "sentences-unseen.txt")
LENGTH, ROUNDS = 500, 20


def milliseconds(texts: list[str]) -> float:
    """CPU time of one text, over all of them."""
    Placeholders(country="IE").hide("warm 086 123 4567")
    started = time.process_time()
    for text in texts:
        Placeholders(country="IE").hide(text)
    return (time.process_time() - started) / len(texts) * 1000


def found_in(texts: Iterable[str]) -> Counter[str]:
    """Findings by kind."""
    keep = own_addresses("hello@wrenfold.example.com", "https://wrenfold.example")
    return Counter(each.kind for text in texts for each in find_personal(text, country="IE", keep=keep))


def pieces(text: str, length: int = LENGTH) -> list[str]:
    """The text in pieces of a length."""
    return [text[at : at + length] for at in range(0, len(text) - length, length)]


def new(texts: list[str]) -> list[str]:
    """The texts many times over, each time another: what was read before takes less."""
    return [f"{text} {number}" for number in range(ROUNDS) for text in texts]


def main() -> None:
    """Measures and prints."""
    sys.path.insert(0, str(ROOT))
    from tests.privacy.marked_sentences import read, scores

    for file in FILES:
        print(f"{file}: {sum(1 for _ in read(file))} sentences")
        for kind, score in sorted(scores(file).items()):
            print(f"  {kind:14} {score.found} of {score.there} found, {score.false} false")
    dense = " ".join(each.text for file in FILES for each in read(file) if each.data)
    plain = " ".join(each.text for file in FILES for each in read(file) if not each.data)
    print(f"hide, 500 characters full of personal data: {milliseconds(new(pieces(dense))):.2f} ms")
    print(f"hide, 500 characters without any: {milliseconds(new(pieces(plain))):.2f} ms")
    articles = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "knowledge" / "articles").rglob("*.md"))]
    prompts = pieces("\n\n".join(articles), 4_000)
    print(f"hide, 4,000 characters of articles, as in a prompt: {milliseconds(prompts):.2f} ms", end="")
    print(f", {milliseconds(prompts):.2f} ms where they were hidden before")
    print(f"articles, {sum(map(len, articles))} characters: {dict(found_in(articles))}")
    with (ROOT / "knowledge" / "catalog" / "products.csv").open(encoding="utf-8", newline="") as rows:
        products = [" | ".join(filter(None, row)) for row in csv.reader(rows)]
    print(f"products, {sum(map(len, products))} characters: {dict(found_in(products))}")


if __name__ == "__main__":
    main()
