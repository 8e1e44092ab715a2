"""Statements about replies that a chat model judges: for what no rule can tell, such as whether a reply apologises.

A judgement is the word of a model. It counts in the figure `judged`, stands in the log with the words that it rests on, and
decides no verdict of a case. docs/evals.md says more.
"""

from __future__ import annotations

from convagent.evals.judging.asking import judgements
from convagent.evals.judging.judgement import Judgement, kept_judgements, statements_of

__all__ = ["Judgement", "judgements", "kept_judgements", "statements_of"]
