"""A sentence encoder as an ONNX graph: token ids in, one unit vector a text out.

The graph is written node by node from arrays, so that building it needs neither PyTorch nor an exporter. Its shape is BERT's
(embeddings, then layers of attention and feed-forward with the norm after the sum), then the mean over a text's tokens, less
a fixed centre, through a fixed linear map, scaled to length 1. Source: Devlin et al. 2019, section 3; Reimers and Gurevych
2019, section 3 (mean pooling).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

__all__ = ["BLOCK", "LINEAR_MAP", "Blocks", "EncoderWeights", "LayerWeights", "encoder_graph"]

Array = NDArray[np.float32]

BLOCK = 32
"""Weights of word embeddings in four bits that share a scale."""

LINEAR_MAP = "linear_map"
"""The node that applies the linear map; it is left in 32 bits."""


@dataclass(frozen=True)
class Blocks:
    """Word embeddings in four bits.

    Attributes:
        numbers: (vocabulary, hidden), whole numbers from -8 to 7.
        scales: (vocabulary, hidden / 32).
    """

    numbers: NDArray[np.int8]
    scales: NDArray[np.float16]


@dataclass(frozen=True)
class LayerWeights:
    """One layer; matrices as (outputs, inputs)."""

    query: tuple[Array, Array]
    key: tuple[Array, Array]
    value: tuple[Array, Array]
    attended: tuple[Array, Array]
    attention_norm: tuple[Array, Array]
    inner: tuple[Array, Array]
    outer: tuple[Array, Array]
    norm: tuple[Array, Array]


@dataclass(frozen=True)
class EncoderWeights:
    """An encoder's weights.

    Attributes:
        words: (vocabulary, hidden), or the same in four bits.
        positions: (longest text, hidden), the one token type added in.
        norm: Of the embeddings.
        layers: From the bottom.
        heads: Of each layer's attention.
        epsilon: Of the norms.
        centre: What is taken from the mean of a text's tokens after scaling it to length 1; None takes nothing.
        linear_map: (hidden, hidden), what the vector is multiplied with after that; None changes nothing.
    """

    words: Array | Blocks
    positions: Array
    norm: tuple[Array, Array]
    layers: tuple[LayerWeights, ...]
    heads: int
    epsilon: float
    centre: Array | None = None
    linear_map: Array | None = None


def encoder_graph(weights: EncoderWeights) -> onnx.ModelProto:
    """The graph: inputs `ids` and `mask`, both (texts, tokens) int64; output `vectors`, (texts, hidden) float32."""
    graph = _Graph()
    hidden = weights.positions.shape[1]
    graph.constant("positions", weights.positions)
    length = graph.node("Gather", graph.node("Shape", "ids"), graph.ints("second", [1]), axis=0)
    places = graph.node("Slice", "positions", graph.ints("start", [0]), length, graph.ints("axis0", [0]))
    x = graph.node("Add", graph.words(weights.words), places)
    x = graph.norm(x, "embeddings", weights.norm, weights.epsilon)
    counted = graph.node("Cast", "mask", to=TensorProto.FLOAT)
    absent = graph.node("Sub", graph.floats("unit", 1.0), counted)
    masked = graph.node("Mul", absent, graph.floats("never", -10_000.0))
    masked = graph.node("Unsqueeze", masked, graph.ints("axes12", [1, 2]))
    size = hidden // weights.heads
    split = graph.ints("split", [0, 0, weights.heads, size])
    joined = graph.ints("joined", [0, 0, hidden])
    scale = graph.floats("scale", 1.0 / float(np.sqrt(size)))
    for number, layer in enumerate(weights.layers):
        name = f"layer{number}"

        def heads(what: str, parts: tuple[Array, Array], order: list[int], x: str = x, name: str = name) -> str:
            flat = graph.linear(x, f"{name}.{what}", parts)
            return graph.node("Transpose", graph.node("Reshape", flat, split), perm=order)

        scores = graph.node("MatMul", heads("query", layer.query, [0, 2, 1, 3]), heads("key", layer.key, [0, 2, 3, 1]))
        scores = graph.node("Softmax", graph.node("Add", graph.node("Mul", scores, scale), masked), axis=-1)
        mixed = graph.node("MatMul", scores, heads("value", layer.value, [0, 2, 1, 3]))
        mixed = graph.node("Reshape", graph.node("Transpose", mixed, perm=[0, 2, 1, 3]), joined)
        x = graph.node("Add", x, graph.linear(mixed, f"{name}.attended", layer.attended))
        x = graph.norm(x, f"{name}.attention", layer.attention_norm, weights.epsilon)
        inner = graph.node("Gelu", graph.linear(x, f"{name}.inner", layer.inner))
        x = graph.node("Add", x, graph.linear(inner, f"{name}.outer", layer.outer))
        x = graph.norm(x, f"{name}.out", layer.norm, weights.epsilon)
    column = graph.node("Unsqueeze", counted, graph.ints("axis2", [2]))
    total = graph.node("ReduceSum", graph.node("Mul", x, column), graph.ints("axis1", [1]), keepdims=0)
    count = graph.node("ReduceSum", counted, graph.ints("axis1", [1]), keepdims=1)
    mean = graph.unit(graph.node("Div", total, count))
    if weights.centre is not None:
        graph.constant("centre", weights.centre)
        mean = graph.unit(graph.node("Sub", mean, "centre"))
    if weights.linear_map is not None:
        graph.constant("map", weights.linear_map)
        mean = graph.unit(graph.node("MatMul", mean, "map", output=LINEAR_MAP))
    graph.node("Identity", mean, output="vectors")
    return graph.model(hidden)


class _Graph:
    """Nodes and constants as they are written."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def node(self, kind: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        name = output or f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=f"node_{name}", **attributes))
        return name

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.array(values, order="C"), name)
        return name

    def ints(self, name: str, values: int | list[int]) -> str:
        return self.constant(name, np.asarray(values, dtype=np.int64))

    def floats(self, name: str, value: float) -> str:
        return self.constant(name, np.asarray(value, dtype=np.float32))

    def words(self, words: Array | Blocks) -> str:
        """The embeddings of the ids."""
        if not isinstance(words, Blocks):
            self.constant("words", words)
            return self.node("Gather", "words", "ids", axis=0)
        nibbles = words.numbers.astype(np.uint8) & 0x0F
        packed = (nibbles[:, 0::2] | (nibbles[:, 1::2] << 4)).tobytes()
        shape = list(words.numbers.shape)
        self.constants["words"] = helper.make_tensor("words", TensorProto.INT4, shape, packed, raw=True)
        self.constant("words.scales", words.scales)
        parts = ("words", "ids", "words.scales")
        found = self.node("GatherBlockQuantized", *parts, domain="com.microsoft", block_size=BLOCK, quantize_axis=1)
        return self.node("Cast", found, to=TensorProto.FLOAT)

    def linear(self, x: str, name: str, parts: tuple[Array, Array]) -> str:
        weight = self.constant(f"{name}.weight", parts[0].T.astype(np.float32))
        bias = self.constant(f"{name}.bias", parts[1].astype(np.float32))
        return self.node("Add", self.node("MatMul", x, weight), bias)

    def norm(self, x: str, name: str, parts: tuple[Array, Array], epsilon: float) -> str:
        weight = self.constant(f"{name}.norm.weight", parts[0])
        bias = self.constant(f"{name}.norm.bias", parts[1])
        return self.node("LayerNormalization", x, weight, bias, axis=-1, epsilon=epsilon)

    def unit(self, x: str) -> str:
        return self.node("LpNormalization", x, axis=-1, p=2)

    def model(self, hidden: int) -> onnx.ModelProto:
        shape: list[str | int] = ["texts", "tokens"]
        graph = helper.make_graph(
            self.nodes, "encoder",
            [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("ids", "mask")],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", hidden])],
            list(self.constants.values()),
        )  # fmt: skip
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        onnx.checker.check_model(model)
        return model
