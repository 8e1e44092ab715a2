"""The embedded encoder and its static tier: milliseconds a query, passages a second, and six languages to English.

    python benchmarks/encoder.py

Languages: each of the 100 support questions of `data/support-questions-7-languages.jsonl` is looked for among the 100 English
ones, nothing else being told; the share found first. The sentences of `data/parallel-support.jsonl` are those that the
multilingual model's linear map was made from, so that their figures flatter it. Times are CPU seconds on one thread.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np

from convagent.knowledge import KnowledgeBase
from convagent.knowledge.ranking import embedded_text
from convagent.search import Embedder
from convagent.search.embedded_encoder import DATA, EmbeddedEncoder
from convagent.search.static_encoder import StaticEncoder

HERE = Path(__file__).parent
LANGUAGES = ("de", "fr", "es", "it", "pt", "nl")


def languages(encoder: Embedder, name: str) -> dict[str, float]:
    """By language the share of questions whose English twin comes first."""
    with (HERE / "data" / name).open(encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    english = encoder.embed([entry["en"] for entry in entries], kind="example", language="en")
    found = {}
    for language in LANGUAGES:
        asked = encoder.embed([entry[language] for entry in entries], kind="query", language=language)
        found[language] = float(((asked @ english.T).argmax(axis=1) == np.arange(len(entries))).mean())
    return found


def ratio(base: KnowledgeBase, encoder: Embedder) -> list[float]:
    """English over multilingual cosine of the nearest English passage: medians of questions answered and not."""
    data = json.loads((HERE / "data" / "answerable.json").read_text(encoding="utf-8"))
    texts = [embedded_text(passage) for passage in base.passages if passage.language == "en"]
    known = encoder.embed(texts, kind="example", language="en")
    found = []
    for half in ("answerable", "unanswerable"):
        english, other = (
            float(np.median((encoder.embed(data[half], kind="query", language=language) @ known.T).max(axis=1)))
            for language in ("en", None)
        )
        found.append(english / other)
    return found


def query_times(encoder: Embedder, language: str) -> list[float]:
    """CPU seconds of 100 questions, sorted."""
    with (HERE / "data" / "support-questions-7-languages.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)[language] for line in lines]
    encoder.embed(["one to open the model"], kind="query", language=language)
    seconds = []
    for text in texts:
        begin = time.process_time()
        # The spaces keep it from being remembered from an earlier benchmark.
        encoder.embed([f"{text}  "], kind="query", language=language)
        seconds.append(time.process_time() - begin)
    return sorted(seconds)


def main() -> None:
    """Measures and prints."""
    sizes = {path.name: path.stat().st_size / 1e6 for path in sorted(DATA.iterdir())}
    print("MB:", ", ".join(f"{name} {size:.2f}" for name, size in sizes.items()), f"together {sum(sizes.values()):.1f}")
    print("the encoder")
    measure(EmbeddedEncoder(("en",), threads=1), EmbeddedEncoder(("en", "de"), threads=1))
    print("the static tier")
    measure(StaticEncoder(("en",)), StaticEncoder(("en", "de")))


def measure(english: Embedder, encoder: Embedder) -> None:
    """Prints what one of the two reaches.

    Args:
        english: For a shop in English alone.
        encoder: For a shop with more languages.
    """
    begin = time.process_time()
    encoder.embed(["one"], kind="query", language="en")
    print(f"open the English half: {time.process_time() - begin:.2f} s of CPU")
    for language in ("en", "de"):
        seconds = query_times(encoder, language)
        print(f"query, {language}: median {seconds[50] * 1000:.3f} ms, fastest {seconds[0] * 1000:.3f} ms of CPU")
    base = KnowledgeBase.from_folder(HERE.parent / "knowledge" / "articles")
    print("English cosine over multilingual, answerable and not:", *(f"{value:.2f}" for value in ratio(base, encoder)))
    texts = [embedded_text(passage) for passage in base.passages]
    short = [text[:250] for text in texts]
    for what, chosen in (("whole", texts), ("first 250 characters", short)):
        for model, spoken in ((english, "en"), (encoder, "de")):
            begin = time.process_time()
            model.embed([f"{text} ." for text in chosen], language=spoken)
            rate = len(chosen) / (time.process_time() - begin)
            name = "English" if spoken == "en" else "multilingual"
            print(f"passages, {what}, {name}: {rate:.0f} a second of CPU")
    for name in ("parallel-support.jsonl", "support-questions-7-languages.jsonl"):
        shares = languages(encoder, name)
        listed = "  ".join(f"{language} {share:.2f}" for language, share in shares.items())
        print(f"{name}: {listed}  mean {np.mean(list(shares.values())):.3f}")


if __name__ == "__main__":
    main()
