"""How well articles are found: nDCG@10 and recall@20 on a bank's help centre, for several ways of ranking.

    python benchmarks/retrieval.py [--data FOLDER]

FOLDER holds `bank-help-center/documents.jsonl` (id, title, content) and `queries-dev.jsonl` (query, relevant ids).
Our own questions on the same articles stand in `data/bank-questions.jsonl`, each with one article; on the tuning half
the weight of meaning was chosen, the final half is only reported. Without `--data` it is the folder in the
environment variable CONVAGENT_DATA, or `../shared/data` beside this repository. Prints tables of means with 95 %
bootstrap intervals over the queries, before them those of the demo shop's messages that an article answers
(`data/demo-messages.jsonl`); where the bank's data is absent it says so and leaves it out.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from convagent.knowledge import KnowledgeBase, Ranking, read_jsonl
from convagent.knowledge.ranking import embedded_text
from convagent.search import BM25, DenseIndex, Embedder, LexicalIndex, TfIdf, Weighting, open_embedder
from convagent.search.embedded_encoder import EmbeddedEncoder
from convagent.search.static_encoder import StaticEncoder

Retriever = Callable[[str], Sequence[str]]
"""The ids of up to 20 articles for a query, best first."""


def ndcg(found: Sequence[str], relevant: set[str], k: int = 10) -> float:
    """Normalised discounted cumulative gain with relevance 0 or 1."""
    gain = sum(1 / math.log2(rank + 2) for rank, article in enumerate(found[:k]) if article in relevant)
    return gain / sum(1 / math.log2(rank + 2) for rank in range(min(k, len(relevant))))


def recall(found: Sequence[str], relevant: set[str], k: int = 20) -> float:
    """The share of the relevant articles that are found."""
    return len(relevant.intersection(found[:k])) / len(relevant)


def of_articles(articles: Sequence[dict[str, str]], weighting: Weighting, *, longest: int, title: float) -> Retriever:
    """Ranks whole articles, without passages."""
    index = LexicalIndex.build(articles, fields={"title": title, "text": 1.0}, weighting=weighting, longest=longest)
    return lambda query: [articles[number]["id"] for number in index.search(query, 20).documents.tolist()]


def of_passages(base: KnowledgeBase) -> Retriever:
    """Ranks articles by their best passage, as the knowledge base does."""
    return lambda query: [hit.article_id for hit in base.search(query, 20, distinct=True)]


def of_meaning(base: KnowledgeBase, encoder: Embedder) -> Retriever:
    """Ranks articles by their nearest passage, words aside."""
    index = DenseIndex(encoder.embed([embedded_text(passage) for passage in base.passages], language="en"))

    def retrieve(query: str) -> list[str]:
        found = index.search(encoder.embed([query], kind="query", language="en")[0], len(index), least=-1.0)
        return list(dict.fromkeys(base.passages[number].article_id for number in found.documents.tolist()))[:20]

    return retrieve


def by_reciprocal_rank(one: Retriever, other: Retriever, *, k: int = 60) -> Retriever:
    """Joins two orders of articles (Cormack, Clarke and Büttcher 2009)."""

    def retrieve(query: str) -> list[str]:
        worth: dict[str, float] = {}
        for found in (one(query), other(query)):
            for rank, article in enumerate(found):
                worth[article] = worth.get(article, 0.0) + 1 / (k + rank + 1)
        return sorted(worth, key=lambda article: -worth[article])[:20]

    return retrieve


def demo_shop() -> None:
    """Prints how well the demo shop's articles are found by words, with the static tier and with the encoder.

    A message in a language that the article isn't translated into is left out.
    """
    with (Path(__file__).parent / "data" / "demo-messages.jsonl").open(encoding="utf-8") as lines:
        entries = [entry for entry in map(json.loads, lines) if "article" in entry["expect"]]
    bases = {
        name: KnowledgeBase.from_folder(
            Path(__file__).parents[1] / "knowledge" / "articles",
            embedder=open_embedder(name, languages=("en", "de", "fr")),
        )
        for name in ("none", "static", "embedded")
    }
    for half in ("tune", "final"):
        for what, spoken in (("English", ("en",)), ("German and French", ("de", "fr"))):
            asked = [entry for entry in entries if entry["half"] == half and entry["language"] in spoken]
            for name, base in bases.items():
                found = []
                for entry in asked:
                    hits = base.search(entry["text"], 20, distinct=True, language=entry["language"])
                    relevant = {
                        article.id
                        for article in base.articles
                        if entry["expect"]["article"] in (article.id, article.translation_of)
                        and article.base_language == entry["language"]
                    }
                    if relevant:
                        found.append(([hit.article_id for hit in hits], relevant))
                scores = [[measure(*one) for one in found] for measure in (ndcg, recall)]
                shown = " ".join(f"{statistics.mean(values):7.3f} {interval(values):14}" for values in scores)
                print(f"{f'demo shop, {half}, {what} ({len(found)}), {name}':54} {shown}")


def interval(values: Sequence[float]) -> str:
    """The middle 95 % of the means of 2,000 samples of the queries, drawn with replacement from a fixed seed."""
    drawn = np.random.default_rng(5).choice(np.array(values), (2_000, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return f"[{low:.3f} {high:.3f}]"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("CONVAGENT_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(default))
    folder = parser.parse_args().data / "bank-help-center"
    demo_shop()
    if not (folder / "documents.jsonl").is_file():
        print(f"skipped: there is no bank-help-center/documents.jsonl in {folder.parent}")
        return
    with (folder / "queries-dev.jsonl").open(encoding="utf-8") as lines:
        queries = [(entry["query"], set(entry["relevant"])) for entry in map(json.loads, lines)]
    read = read_jsonl(folder / "documents.jsonl")
    texts = [{"id": article.id, "title": article.title, "text": article.text} for article in read]

    own_file = Path(__file__).parent / "data" / "bank-questions.jsonl"
    with own_file.open(encoding="utf-8") as lines:
        own = [entry for entry in map(json.loads, lines) if entry["article"] is not None]
    encoder, static = EmbeddedEncoder(("en",)), StaticEncoder(("en",))
    without = KnowledgeBase.from_articles(read)

    def base(ranking: Ranking, *, meaning: Embedder | None = None) -> KnowledgeBase:
        return KnowledgeBase.from_articles(read, ranking=ranking, embedder=meaning)

    ways: dict[str, Callable[[], Retriever]] = {
        "BM25, words, articles": lambda: of_articles(texts, BM25(), longest=1, title=1.0),
        "BM25, 1-2-grams, articles": lambda: of_articles(texts, BM25(), longest=2, title=1.0),
        "BM25, 1-2-grams, articles, title x3": lambda: of_articles(texts, BM25(), longest=2, title=3.0),
        "TF-IDF, words, articles": lambda: of_articles(texts, TfIdf(), longest=1, title=1.0),
        "TF-IDF, 1-2-grams, articles, cosine": lambda: of_articles(texts, TfIdf(slope=1.0), longest=2, title=1.0),
        "TF-IDF, 1-2-grams, articles": lambda: of_articles(texts, TfIdf(), longest=2, title=1.0),
        "TF-IDF, 1-2-grams, articles, title x3": lambda: of_articles(texts, TfIdf(), longest=2, title=3.0),
        "TF-IDF, 1-2-grams, best passage": lambda: of_passages(base(Ranking(article_share=0.0))),
        "BM25, 1-2-grams, passage and article": lambda: of_passages(base(Ranking(weighting=BM25()))),
        "TF-IDF, words, passage and article": lambda: of_passages(base(Ranking(longest=1))),
        "TF-IDF, 1-2-grams, passage and article": lambda: of_passages(without),
        "static meaning alone": lambda: of_meaning(without, static),
        "words and static meaning added": lambda: of_passages(base(Ranking(), meaning=static)),
        "meaning alone": lambda: of_meaning(without, encoder),
        "words and meaning, reciprocal rank": lambda: by_reciprocal_rank(
            of_passages(without), of_meaning(without, encoder)
        ),
        "words and meaning added (default)": lambda: of_passages(base(Ranking(), meaning=encoder)),
    }
    sets = {
        "queries-dev": queries,
        **{
            f"bank-questions, {half}": [
                (entry["question"], {entry["article"]}) for entry in own if entry["half"] == half
            ]
            for half in ("tune", "final")
        },
    }
    for name, one in (("static", static), ("encoder", encoder)):
        begin = time.perf_counter()
        one.embed([embedded_text(passage) for passage in without.passages], language="en")
        taken = time.perf_counter() - begin
        print(f"{len(texts)} articles, {len(without.passages)} passages, embedded in {taken:.2f} s ({name})")
    made = {}
    for name, build in ways.items():
        begin = time.perf_counter()
        made[name] = build(), time.perf_counter() - begin
    for what, asked in sets.items():
        print(f"{what}: {len(asked)} queries")
        print(f"{'':40} {'nDCG@10':>22} {'recall@20':>22} {'build s':>8} {'query ms':>9}")
        for name, (retrieve, seconds) in made.items():
            begin = time.perf_counter()
            found = [retrieve(query) for query, _ in asked]
            ended = time.perf_counter()
            scores = [
                [measure(ids, relevant) for ids, (_, relevant) in zip(found, asked, strict=True)]
                for measure in (ndcg, recall)
            ]
            shown = " ".join(f"{statistics.mean(values):7.3f} {interval(values):14}" for values in scores)
            print(f"{name:40} {shown} {seconds:8.2f} {(ended - begin) / len(asked) * 1000:9.2f}")


if __name__ == "__main__":
    main()
