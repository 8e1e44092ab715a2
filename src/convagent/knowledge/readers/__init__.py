"""Sources of articles that aren't a file for each: exports of help centres, tables, documents. See docs/knowledge.md."""

from __future__ import annotations

from convagent.knowledge.readers.recognise import Kind, recognise
from convagent.knowledge.readers.source import read_source

__all__ = ["Kind", "read_source", "recognise"]
