"""Building a knowledge base: read, split, count, and keep on disk what need not be done again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from convagent.errors import ConvagentError, KnowledgeError
from convagent.knowledge.article import Article, KnowledgeProblem
from convagent.knowledge.index_articles import index_articles
from convagent.knowledge.index_store import Source, Stored, keep, load
from convagent.knowledge.ranking import Indexed, Ranking, with_vectors
from convagent.knowledge.read import article_files, first_of_each_id, read_article, read_bytes
from convagent.knowledge.seen_files import SeenFiles
from convagent.search import Embedder, KeptVectors

__all__ = ["BuildReport", "Built", "build_from_articles", "build_from_folder"]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What building a knowledge base took.

    Attributes:
        read: Files that were read anew, or articles handed in.
        reused: Files that were taken over unchanged from the index on disk.
        removed: Files of the index on disk that are gone.
        indexed: Articles that had to be split and counted.
        passages: Passages in all.
        embedded: Passages that had to be embedded.
        seconds: How long it took; left out when reports are compared.
    """

    read: int
    reused: int
    removed: int
    indexed: int
    passages: int
    seconds: float = field(compare=False)
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class Built:
    """An index, what was wrong on the way, and what it took."""

    index: Indexed
    problems: tuple[KnowledgeProblem, ...]
    report: BuildReport


def build_from_articles(articles: Iterable[Article], *, ranking: Ranking, embedder: Embedder | None = None) -> Built:
    """Index articles in memory; of two with the same id the first is kept.

    Raises:
        KnowledgeError: Something that is no Article is among them (`article-shape`).
    """
    begin = time.perf_counter()
    given = list(articles)
    for article in given:
        if not isinstance(article, Article):
            raise KnowledgeError(
                f"a {type(article).__name__} is no article",
                code="article-shape",
                remedy="Hand in convagent.knowledge.Article; article_from makes one of a mapping.",
            )
    kept, repeated = first_of_each_id(given)
    index, failed = _embedded(index_articles(kept, ranking), embedder, None, None)
    seconds = time.perf_counter() - begin
    report = BuildReport(len(given), 0, 0, index.fresh, len(index.passages), seconds, _fresh(index))
    return Built(index, (*repeated, *_silent(index), *failed), report)


def build_from_folder(
    path: Path | str,
    *,
    index_dir: Path | str | None,
    language: str,
    progress: Callable[[int, int], None] | None,
    ranking: Ranking,
    embedder: Embedder | None = None,
) -> Built:
    """Read and index a folder's files, taking over from the index on disk what didn't change.

    Args:
        path: The folder.
        index_dir: Where the index is kept, None for nowhere.
        language: The language of articles that name none.
        progress: Called with the files done and the files in all, then with the passages embedded and those to embed.
        ranking: How passages are ranked.
        embedder: Gives passages their vectors; None leaves it at words. One that fails is a warning among the problems,
            and the index is built without vectors.

    Raises:
        KnowledgeError: The folder is missing, is a file, or holds no article.
    """
    begin = time.perf_counter()
    files = article_files(path)
    notes: list[KnowledgeProblem] = []
    stored: Stored | None = None
    if index_dir is not None:
        try:
            stored = load(Path(index_dir), ranking=ranking, language=language, embedder=_stamp(embedder))
        except KnowledgeError as error:
            notes.append(_note(error.code, error.message, error.remedy or ""))
    reading = _Reading(stored, language)
    for done, (name, file) in enumerate(files, 1):
        reading.take(name, file)
        if progress is not None:
            progress(done, len(files))
    kept, repeated = first_of_each_id(reading.found)
    sources = reading.sources({article.file for article in kept})
    unchanged = stored is not None and stored.sources == sources
    before = stored.index if stored else None
    known = [entry.place for entry in kept if isinstance(entry, _Known)]
    if stored is not None and unchanged and known == list(range(len(stored.index.articles))):
        index = replace(stored.index, fresh=0)
    else:
        articles = [entry.place if isinstance(entry, _Known) else entry for entry in kept]
        index = index_articles(articles, ranking, previous=before)
    index, failed = _embedded(index, embedder, before.vectors if before else None, progress)
    notes += failed
    if stored is not None and stored.folder is not None and unchanged:
        stored.seen.save(stored.folder)
    # An index that lacks its vectors isn't kept: the next run tries again.
    if index_dir is not None and not unchanged and not failed:
        try:
            fresh = Stored(index, sources, reading.seen)
            keep(Path(index_dir), fresh, ranking=ranking, language=language, embedder=_stamp(embedder))
        except OSError as error:
            message = f"the index can't be kept on disk: {error.strerror or error}"
            notes.append(_note("index-not-kept", message, "Name a folder that may be written."))
    removed = len(stored.sources.keys() - {name for name, _ in files}) if stored else 0
    seconds = time.perf_counter() - begin
    passages = len(index.passages)
    report = BuildReport(reading.read, reading.reused, removed, index.fresh, passages, seconds, _fresh(index))
    return Built(index, (*reading.problems(), *repeated, *_silent(index), *notes), report)


class _Known(NamedTuple):
    """An article that the stored index holds unchanged, and that need not be read.

    Attributes:
        id: Its id.
        file: The file it came from.
        place: Its place among those of the index.
    """

    id: str
    file: str | None
    place: int


class _Reading:
    """Goes through the files of a folder, reading those that the stored index doesn't hold unchanged."""

    def __init__(self, stored: Stored | None, language: str) -> None:
        self.found: list[Article | _Known] = []
        self.read = 0
        self.reused = 0
        self._language = language
        self._known = dict(stored.sources) if stored else {}
        self._stored = stored.index.articles if stored else None
        self.seen = stored.seen if stored else SeenFiles()
        self._sources: dict[str, Source] = {}

    def take(self, name: str, path: Path) -> None:
        """One more file."""
        known = self._known.get(name)
        marks = self.seen.marks(path)
        if known is not None and known.digest and self.seen.untouched(f"articles/{name}", marks, known.digest):
            self._reuse(name, known)
            return
        data = read_bytes(name, path)
        if isinstance(data, KnowledgeProblem):
            self.read += 1
            # Without a digest it is tried again the next time.
            self._sources[name] = Source("", None, (data,))
            return
        digest = hashlib.sha256(data).hexdigest()
        self.seen.remember(f"articles/{name}", marks, digest)
        if known is not None and known.digest == digest:
            self._reuse(name, known)
            return
        self.read += 1
        found = read_article(data, file=name, language=self._language)
        self.found.extend(found.articles)
        article = found.articles[0].id if found.articles else None
        self._sources[name] = Source(digest, article, found.problems)

    def _reuse(self, name: str, known: Source) -> None:
        self.reused += 1
        self._sources[name] = known
        place = None if known.article is None or self._stored is None else self._stored.place(known.article)
        if known.article is not None and self._stored is not None and place is not None:
            self.found.append(_Known(known.article, name, place))

    def problems(self) -> tuple[KnowledgeProblem, ...]:
        """What was wrong with the files, those taken over included."""
        return tuple(problem for source in self._sources.values() for problem in source.problems)

    def sources(self, kept: Collection[str | None]) -> dict[str, Source]:
        """The sources worth remembering: not those of articles that lost their id to another, which may win it back."""
        return {name: source for name, source in self._sources.items() if source.article is None or name in kept}


def _stamp(embedder: Embedder | None) -> str | None:
    return None if embedder is None else embedder.stamp


def _fresh(index: Indexed) -> int:
    return 0 if index.vectors is None else index.vectors.fresh


def _embedded(
    index: Indexed,
    embedder: Embedder | None,
    before: KeptVectors | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[Indexed, list[KnowledgeProblem]]:
    """The index with vectors; without them, and with a warning, where the embedder fails."""
    if embedder is None or (before is not None and index.vectors is before):  # taken over whole
        return index, []
    try:
        return with_vectors(index, embedder, before=before, progress=progress), []
    except ConvagentError as error:
        message = f"articles are found by their words alone, since they couldn't be embedded: {error.message}"
        return index, [KnowledgeProblem("index", None, error.code, message, error.remedy or "", "warning")]


def _silent(index: Indexed) -> list[KnowledgeProblem]:
    """Articles in which there is nothing to be found."""
    silent = [index.articles[place] for place, size in enumerate(index.sizes) if not size]
    return [
        KnowledgeProblem(
            article.file or article.id,
            None,
            "article-without-passages",
            "the article has no text that could be found",
            "Write some, or remove it.",
            "warning",
        )
        for article in silent
    ]


def _note(code: str, message: str, remedy: str) -> KnowledgeProblem:
    return KnowledgeProblem("index", None, code, message, remedy, "note")
