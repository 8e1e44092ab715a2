"""Search over texts: tokenising and a lexical index. Knows nothing of articles or products."""

from __future__ import annotations

from convagent.search.counts import TermCounts, count_terms
from convagent.search.lexical import LexicalIndex, Query, Ranked, best
from convagent.search.stop_words import STOP_WORDS
from convagent.search.tokenise import Tokeniser, base_language, ngrams, normalise
from convagent.search.weighting import BM25, TfIdf, Weighting

__all__ = [
    "BM25",
    "STOP_WORDS",
    "LexicalIndex",
    "Query",
    "Ranked",
    "TermCounts",
    "TfIdf",
    "Tokeniser",
    "Weighting",
    "base_language",
    "best",
    "count_terms",
    "ngrams",
    "normalise",
]
