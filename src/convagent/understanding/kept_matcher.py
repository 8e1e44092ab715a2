"""A shop's matcher, kept on disk under a hash of all that it was learnt from, so that a shop opens without learning anew."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from convagent.understanding.matcher import FORMAT, Matcher, MatcherError
from convagent.understanding.meaning import Embedded
from convagent.understanding.word_lists import word_lists

__all__ = ["fit_or_load"]


def fit_or_load(
    examples: Mapping[str, Sequence[str]],
    negatives: Mapping[str, Sequence[str]],
    *,
    embedded: Embedded | None,
    languages: Sequence[str],
    path: Path | None,
) -> Matcher:
    """The matcher of these examples: from a file where it was learnt from exactly these, else learnt and kept there.

    The file is replaced as a whole. One that is damaged is made anew, and one that can't be written is not kept; neither is
    an error.

    Args:
        examples: For each label, messages that belong to it.
        negatives: For some labels, messages that don't.
        embedded: All of these with their vectors, or None.
        languages: What they may be written in, the likeliest first.
        path: The file, without the part of its name that is the hash; None keeps nothing.

    Raises:
        MatcherError: `matcher-examples`, see `Matcher.fit`.
    """
    if path is None:
        return Matcher.fit(examples, negatives, embedded=embedded, languages=languages)
    stamp = _stamp(examples, negatives, embedded, languages)
    file = path.with_name(f"{path.stem}-{stamp}{path.suffix}")
    embedder = embedded.embedder if embedded is not None else None
    if file.is_file():
        with contextlib.suppress(MatcherError):
            return Matcher.load(file, embedder=embedder)
    matcher = Matcher.fit(examples, negatives, embedded=embedded, languages=languages)
    with contextlib.suppress(OSError):
        _replace(file, matcher)
        for other in path.parent.glob(f"{path.stem}-*{path.suffix}"):
            if other != file:
                other.unlink(missing_ok=True)
    return matcher


def _stamp(
    examples: Mapping[str, Sequence[str]],
    negatives: Mapping[str, Sequence[str]],
    embedded: Embedded | None,
    languages: Sequence[str],
) -> str:
    learnt = {
        "format": FORMAT,
        "examples": [[label, list(group)] for label, group in examples.items()],
        "negatives": [[label, list(group)] for label, group in negatives.items()],
        "embedder": embedded.embedder.stamp if embedded is not None else "",
        # The mean is taken over all that was embedded, other messages included.
        "mean": hashlib.sha256(embedded.mean.tobytes()).hexdigest() if embedded is not None else "",
        "languages": list(languages),
        "concepts": word_lists("concepts"),
    }
    return hashlib.sha256(json.dumps(learnt, ensure_ascii=True).encode()).hexdigest()[:16]


def _replace(file: Path, matcher: Matcher) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.stem}-", suffix=".tmp", dir=file.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        matcher.save(fresh)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
