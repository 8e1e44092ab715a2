"""Counting tokens: exactly, where the vocabularies are installed, else by an estimate that is rather too high than too low.

Nothing is ever downloaded. The vocabularies `o200k_base` and `cl100k_base` come from the files of the package `bpe-openai`, and
tiktoken splits by them (`pip install 'convagent[tokens]'`). Without them, and for models whose vocabulary nobody publishes in
a package, `estimated_tokens` goes by the kinds of characters.
"""

from __future__ import annotations

import functools
import itertools
import re
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

__all__ = ["count_tokens", "counts_exactly", "estimated_tokens"]

_OPENAI = re.compile(r"(?:ft:)?(?:gpt|chatgpt|o\d|codex|computer-use)", re.IGNORECASE)
_OLDER = re.compile(r"(?:ft:)?(?:gpt-4(?![.o\d])|gpt-3|text-embedding)", re.IGNORECASE)
"""Models of the vocabulary before: GPT-4 (but not 4o, 4.1, 4.5) and GPT-3.5."""

_SPLIT: dict[str, str] = {
    "o200k_base": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "cl100k_base": (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
        r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ),
}
"""How the two vocabularies cut a text before they pair its bytes, as OpenAI publishes it with tiktoken."""

# What about one token holds, by kind of character: measured against o200k_base on the languages of the tests, on the high side.
_PIECES = re.compile(
    r"[A-Za-z]{1,5}"
    r"|[À-ɏḀ-ỿ]"
    r"|[0-9]{1,3}"
    r"|[Ͱ-ࣿ]{1,2}"  # Greek, Cyrillic, Hebrew, Arabic
    r"|[\u0900-\u109f]{1,2}"  # India, Thailand, Tibet, Burma
    r"|[^\W\d_]"  # what is left of the letters: a token each
    r"|-{3,16}|={3,16}|\.{3,8}|\*{3,8}|#{3,8}"
    r"|[!-/:-@\[-`{-~]{1,2}"
    r"|\s*[\r\n]+"
    r"|[^\S\r\n]{2,80}"
    r"|[^\w\s]"
    r"|\d|_",
)
_WIDE = re.compile("[^\x00-\u1fff\u2010-\u203a\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]")
"""Emoji, joiners and rare scripts: two tokens more each."""


def count_tokens(text: str, model: str = "") -> int:
    """How many tokens a text has for a model, without what a server wraps around it.

    Args:
        text: Any text. What looks like a control token counts as the text that it is.
        model: Name, with or without `openai:`; an OpenAI model's is counted by its own vocabulary, any other, and none, by
            `o200k_base`, which has about as many pieces as today's open models.

    Returns:
        Exact for OpenAI's models where the extra `tokens` is installed, else `estimated_tokens`.
    """
    encoding = _encoding(_vocabulary_of(model))
    if encoding is None:
        return estimated_tokens(text)
    # A run of tens of thousands of letters without a space takes tiktoken minutes: it is cut first, which adds a token or so.
    return sum(len(encoding.encode_ordinary(part)) for part in _in_parts(_without_halves(text)))


def counts_exactly() -> bool:
    """Whether the vocabularies are installed."""
    return _encoding("o200k_base") is not None


def estimated_tokens(text: str) -> int:
    """How many tokens a text has, about: never less than nine tenths of what o200k_base makes of ordinary text.

    Words of up to five letters count one, three digits one, a letter of a script without spaces one, an emoji three. English
    and code come out a quarter to a third too high, German about right (tests/models/test_model_tokens.py holds the limits).

    Args:
        text: Any text.
    """
    return len(_PIECES.findall(text)) + 2 * len(_WIDE.findall(text))


def _vocabulary_of(model: str) -> str:
    name = model.removeprefix("openai:").rpartition("/")[2]
    return "cl100k_base" if _OLDER.match(name) and _OPENAI.match(name) else "o200k_base"


_LOADING = threading.Lock()


def _encoding(name: str) -> tiktoken.Encoding | None:
    with _LOADING:
        return _loaded(name)


@functools.cache
def _loaded(name: str) -> tiktoken.Encoding | None:
    """The vocabulary from the installed file; None where the extra isn't installed or its files are elsewhere."""
    import base64
    import gzip
    import importlib.util
    from pathlib import Path

    try:
        import tiktoken

        found = importlib.util.find_spec("bpe_openai")  # only its files: the package warns when it is imported
        folder = Path(next(iter(found.submodule_search_locations or ()), "")) if found is not None else Path()
        packed = (folder / "data" / f"{name}.tiktoken.gz").read_bytes()
        lines = gzip.decompress(packed).splitlines()
        ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines if line)}
        return tiktoken.Encoding(name, pat_str=_SPLIT[name], mergeable_ranks=ranks, special_tokens={})
    except (ImportError, OSError, EOFError, ValueError):
        return None


def _files(folders: Iterable[str], name: str) -> Iterator[Path]:
    return (Path(folder) / "data" / f"{name}.tiktoken.gz" for folder in folders)


_PART = 20_000
_LONG_RUN = re.compile(r"\S{400}|\s{400}")


def _in_parts(text: str) -> list[str]:
    if len(text) <= _PART and not _LONG_RUN.search(text):
        return [text]
    ends = [0, *(run.end() for run in _LONG_RUN.finditer(text)), len(text)]
    parts = [text[start:end] for start, end in itertools.pairwise(ends)]
    return [part[at : at + _PART] for part in parts for at in range(0, len(part), _PART)]


def _without_halves(text: str) -> str:
    """The text without halves of surrogate pairs, which no server can be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")
