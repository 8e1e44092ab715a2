"""The index on disk: numbered generations in one folder, swapped by replacing one small file.

    index/
      current                       the name of the generation in force
      generation-000003/
        manifest.json               format, settings, each source file's hash and problems, each index file's hash
        seen.json                   marks of the files whose hashes were last found right, see `seen_files`
        articles.jsonl  articles.npy  the articles, a line each, and where each begins
        articles-*                  what is asked of all articles at once, memory-mapped
        passages.jsonl  passages.npy  their passages, likewise read one by one
        en/articles/  en/passages/  the lexical indexes of each language, memory-mapped
        vectors/                    the passages' vectors, memory-mapped, with a key for each

A generation is written whole before `current` names it, so that whoever reads sees the old one or the new one, never
half of one. Nothing is believed without its hash, which is reckoned once, and again where a file was touched since. What is
damaged or of another version is built anew.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from convagent.errors import KnowledgeError
from convagent.knowledge.article import KnowledgeProblem
from convagent.knowledge.articles import Articles, write_articles_kept
from convagent.knowledge.kept_passages import KeptPassages, write_passages
from convagent.knowledge.ranking import Indexed, Ranking, indexed
from convagent.knowledge.seen_files import SeenFiles
from convagent.search import KeptVectors, LexicalIndex

__all__ = ["Source", "Stored", "keep", "load"]

FORMAT = 7
"""Raised whenever reading, splitting, tokenising or the layout changes what an index holds."""

_GENERATION = re.compile(r"generation-(\d{6,12})")


@dataclass(frozen=True, slots=True)
class Source:
    """What a source file came to when it was read.

    Attributes:
        digest: SHA-256 of its bytes.
        article: The id of its article, none where it couldn't be read.
        problems: What was wrong with it.
    """

    digest: str
    article: str | None
    problems: tuple[KnowledgeProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """An index and the sources that it was made of, by their names.

    Attributes:
        index: The index.
        sources: The files that it was made of.
        seen: What was read and hashed of these files, and of its own.
        folder: The generation that it was read from.
    """

    index: Indexed
    sources: Mapping[str, Source]
    seen: SeenFiles = field(default_factory=SeenFiles, compare=False)
    folder: Path | None = field(default=None, compare=False)


def load(folder: Path, *, ranking: Ranking, language: str, embedder: str | None = None) -> Stored | None:
    """The index in a folder, none where there never was one.

    Args:
        folder: The index's folder.
        ranking: The settings that it must have been made with.
        language: The language that articles without one must have been given.
        embedder: The stamp of the embedder that made its vectors; None where it must have none.

    Raises:
        KnowledgeError: It is damaged (`index-damaged`), or was made by another version or with other settings
            (`index-other-version`).
    """
    name = _current(folder)
    while name is not None:
        try:
            return _load(folder / name, _settings(ranking, language, embedder))
        except KnowledgeError:
            # Another process may have put a new generation in force while this one was read.
            before, name = name, _current(folder)
            if name == before:
                raise
    return None


def keep(folder: Path, stored: Stored, *, ranking: Ranking, language: str, embedder: str | None = None) -> None:
    """Write an index as a new generation, put it in force, and remove the ones before.

    Raises:
        OSError: The folder can't be written; what was in force stays in force.
    """
    folder.mkdir(parents=True, exist_ok=True)
    generation = _claimed(folder)
    try:
        _write(generation, stored, _settings(ranking, language, embedder))
        stored.seen.save(generation)
        fresh = folder / f"current.{generation.name}"
        fresh.write_text(generation.name + "\n", encoding="utf-8")
        fresh.replace(folder / "current")
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    for number, other in _generations(folder):
        if number < _number(generation.name):
            shutil.rmtree(other, ignore_errors=True)


def _settings(ranking: Ranking, language: str, embedder: str | None) -> dict[str, Any]:
    """Everything that decides what an index holds, besides the articles."""
    from importlib.metadata import version  # without importing libraries that only read what changed

    import Stemmer

    weighting = {"name": type(ranking.weighting).__name__, **asdict(ranking)["weighting"]}
    return {
        "format": FORMAT,
        "embedder": embedder,
        "language": language,
        "ranking": {**asdict(ranking), "weighting": weighting},
        "libraries": [Stemmer.version(), version("markdown-it-py"), version("selectolax")],
    }


def _current(folder: Path) -> str | None:
    """The generation in force."""
    try:
        name = (folder / "current").read_bytes()[:100].decode("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _damaged(folder, str(error.strerror or error)) from error
    if not _GENERATION.fullmatch(name):
        raise _damaged(folder, "it doesn't say which generation is in force")
    return name


def _generations(folder: Path) -> list[tuple[int, Path]]:
    return [(_number(path.name), path) for path in sorted(folder.glob("generation-*")) if _number(path.name)]


def _number(name: str) -> int:
    match = _GENERATION.fullmatch(name)
    return int(match.group(1)) if match else 0


def _claimed(folder: Path) -> Path:
    """A new generation's folder; making it claims the number against other processes."""
    number = max((number for number, _ in _generations(folder)), default=0)
    while True:
        number += 1
        path = folder / f"generation-{number:06}"
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path


def _write(folder: Path, stored: Stored, settings: Mapping[str, Any]) -> None:
    index = stored.index
    write_articles_kept(folder, index.articles)
    write_passages(folder, index.passages)
    for language, of in index.languages.items():
        of.articles.save(folder / language / "articles")
        of.passages.save(folder / language / "passages", beside=of.articles)
    if index.vectors is not None:
        index.vectors.save(folder / "vectors")
    manifest = {
        "settings": settings,
        "sizes": index.sizes,
        "stamp": index.articles.stamp,
        "languages": sorted(index.languages),
        "vectors": index.vectors is not None,
        "sources": {
            name: {
                "digest": source.digest,
                "article": source.article,
                "problems": [asdict(problem) for problem in source.problems],
            }
            for name, source in sorted(stored.sources.items())
        },
        "files": {
            path.relative_to(folder).as_posix(): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, sort_keys=True), encoding="utf-8")


def _load(folder: Path, settings: Mapping[str, Any]) -> Stored:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        other = manifest["settings"] != json.loads(json.dumps(settings))
        if not other:
            seen = SeenFiles.load(folder)
            for name, digest in manifest["files"].items():
                own = f"{folder.name}/{name}"
                marks = seen.marks(folder / name)
                if seen.untouched(own, marks, digest):
                    continue
                if _digest(folder / name) != digest:
                    raise ValueError(f"{name} isn't what was written")  # noqa: TRY301 - handled with all other damage
                seen.remember(own, marks, digest)
            return _read(folder, manifest, seen)
    except Exception as error:
        # Damaged bytes raise whatever they lead to.
        raise _damaged(folder, f"{type(error).__name__}: {error}") from error
    raise KnowledgeError(
        "the index was made by another version or with other settings; it is built anew",
        code="index-other-version",
        place=folder,
        remedy="Nothing need be done.",
    )


def _read(folder: Path, manifest: Mapping[str, Any], seen: SeenFiles) -> Stored:
    articles = Articles.load(folder, stamp=str(manifest["stamp"]))
    passages = KeptPassages(folder)
    lexical = {}
    for language in manifest["languages"]:
        whole = LexicalIndex.load(folder / language / "articles")
        lexical[language] = (whole, LexicalIndex.load(folder / language / "passages", beside=whole))
    sources = {
        name: Source(
            source["digest"],
            source["article"],
            tuple(KnowledgeProblem(**problem) for problem in source["problems"]),
        )
        for name, source in manifest["sources"].items()
    }
    vectors = KeptVectors.load(folder / "vectors") if manifest["vectors"] else None
    return Stored(indexed(articles, passages, manifest["sizes"], lexical, vectors=vectors), sources, seen, folder)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(folder: Path, why: str) -> KnowledgeError:
    return KnowledgeError(
        f"the index is damaged and is built anew: {why}",
        code="index-damaged",
        place=folder,
        remedy="Nothing need be done; if it comes back, look after the disk.",
    )
