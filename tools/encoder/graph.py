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
    """The graph: input `ids`, (1, tokens) int64; output `vectors`, (1, hidden) float32.

    It takes one text at a time, so that no token is padding and nothing need be masked.
    """
    graph = _Graph()
    hidden = weights.positions.shape[1]
    graph.constant("positions", weights.positions)
    length = graph.node("Gather", graph.node("Shape", "ids"), graph.ints("second", [1]), axis=0)
    places = graph.node("Slice", "positions", graph.ints("start", [0]), length, graph.ints("axis0", [0]))
    graph.length = length
    x = graph.node("Add", graph.words(weights.words), places)
    x = graph.norm(x, "embeddings", weights.norm, weights.epsilon)
    scale = 1.0 / float(np.sqrt(hidden // weights.heads))
    for number, layer in enumerate(weights.layers):
        name = f"layer{number}"
        parts = {"query": layer.query, "key": layer.key, "value": layer.value}
        projected = [graph.linear(x, f"{name}.{what}", of) for what, of in parts.items()]
        mixed = graph.node(
            "MultiHeadAttention", *projected, domain="com.microsoft", num_heads=weights.heads, scale=scale
        )
        x = graph.node("Add", x, graph.linear(mixed, f"{name}.attended", layer.attended))
        x = graph.norm(x, f"{name}.attention", layer.attention_norm, weights.epsilon)
        inner = graph.node("Gelu", graph.linear(x, f"{name}.inner", layer.inner))
        x = graph.node("Add", x, graph.linear(inner, f"{name}.outer", layer.outer))
        x = graph.norm(x, f"{name}.out", layer.norm, weights.epsilon)
    mean = graph.unit(graph.node("ReduceMean", x, graph.ints("axis1", [1]), keepdims=0))
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
        self.length = ""

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
        """Each token to mean 0 and variance 1, then scaled and shifted.

        The runtime works a layer norm off number by number, and an instance norm, which is the same with tokens for
        channels, many at once.
        """
        weight = self.constant(f"{name}.norm.weight", parts[0])
        bias = self.constant(f"{name}.norm.bias", parts[1])
        even = self.node("InstanceNormalization", x, self.each("ones", 1.0), self.each("zeros", 0.0), epsilon=epsilon)
        return self.node("Add", self.node("Mul", even, weight), bias)

    def each(self, name: str, value: float) -> str:
        """The same number for each token."""
        if not any(name in node.output for node in self.nodes):
            tensor = helper.make_tensor("value", TensorProto.FLOAT, [1], [value])
            self.node("ConstantOfShape", self.length, output=name, value=tensor)
        return name

    def unit(self, x: str) -> str:
        return self.node("LpNormalization", x, axis=-1, p=2)

    def model(self, hidden: int) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes, "encoder",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, [1, hidden])],
            list(self.constants.values()),
        )  # fmt: skip
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        onnx.checker.check_model(model)
        return model
