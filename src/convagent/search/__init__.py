"""Search over texts: by their words, and by their meaning. Knows nothing of articles or products."""

from __future__ import annotations

from convagent.search.counts import Counting, TermCounts, count_terms
from convagent.search.dense import DenseIndex
from convagent.search.embedder import Embedder, Kind, Vectors, open_embedder
from convagent.search.kept_file import KeptFile
from convagent.search.kept_vectors import KeptVectors, embed_kept
from convagent.search.lexical import LexicalIndex, Query, Ranked, best
from convagent.search.stop_words import STOP_WORDS
from convagent.search.tokenise import Tokeniser, base_language, ngrams, normalise
from convagent.search.weighting import BM25, TfIdf, Weighting

__all__ = [
    "BM25",
    "STOP_WORDS",
    "Counting",
    "DenseIndex",
    "Embedder",
    "KeptFile",
    "KeptVectors",
    "Kind",
    "LexicalIndex",
    "Query",
    "Ranked",
    "TermCounts",
    "TfIdf",
    "Tokeniser",
    "Vectors",
    "Weighting",
    "base_language",
    "best",
    "count_terms",
    "embed_kept",
    "ngrams",
    "normalise",
    "open_embedder",
]
