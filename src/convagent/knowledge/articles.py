"""The articles of a knowledge base: on disk, and read when they are shown.

What a search or an opening asks of all of them at once stands in columns, a few bytes an article: language, audience, days in
force, markets, collection, the day of the last update. Articles are found by id, by title, and by the original that they
translate, through hashes of these names; whoever is found is read, and its name compared.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from convagent.knowledge.article import Article
from convagent.knowledge.kept_lines import KeptLines, RenewedLines, write_lines, write_renewed
from convagent.npy_files import map_array

__all__ = ["Articles", "Columns", "stamp_of", "write_articles_kept"]

_COLUMNS = np.dtype(
    [
        ("language", np.int32), ("public", np.bool_), ("updated", np.int32), ("first", np.int32), ("last", np.int32),
        ("market", np.int32), ("collection", np.int32),
    ]
)  # fmt: skip

_FILE = re.compile(rb',"file":(?:null|"(?:[^"\\]|\\.)*")')

REMEMBERED = 256
"""Articles that are held once they were read."""

Naming = Literal["id", "name", "family"]
"""By what articles are found: their id; id or title, however capitalised; their own id or the one that they translate."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What is asked of all articles at once.

    Attributes:
        of: A row an article: places in the three tables, whether customers may read it, and days as ordinals, 0 for an article
            that doesn't say when it was updated.
        hashes: Of names, ascending. uint64.
        places: The place of the article that has each of the names; ascending where names are equal. int32.
        languages: The base languages that there are.
        markets: The sets of markets that there are; the empty one is for all.
        collections: The collections that there are, casefolded; empty for none.
    """

    of: NDArray[Any]
    hashes: NDArray[np.uint64]
    places: NDArray[np.int32]
    languages: tuple[str, ...]
    markets: tuple[tuple[str, ...], ...]
    collections: tuple[str, ...]

    @classmethod
    def made(cls, articles: Iterable[Article]) -> Columns:
        """The columns of articles."""
        languages: dict[str, int] = {}
        markets: dict[tuple[str, ...], int] = {}
        collections: dict[str, int] = {}
        rows: list[tuple[Any, ...]] = []
        names: list[tuple[int, int]] = []
        for place, article in enumerate(articles):
            rows.append(
                (
                    languages.setdefault(article.base_language, len(languages)),
                    article.audience == "public",
                    article.updated.toordinal() if article.updated else 0,
                    (article.valid_from or date.min).toordinal(),
                    (article.valid_until or date.max).toordinal(),
                    markets.setdefault(article.markets, len(markets)),
                    collections.setdefault((article.collection or "").casefold(), len(collections)),
                )
            )
            names.extend((hashed, place) for hashed in {_hash(naming, name) for naming, name in _names(article)})
        names.sort()
        return cls(
            np.array(rows, dtype=_COLUMNS),
            np.array([hashed for hashed, _ in names], dtype=np.uint64), np.array([at for _, at in names], dtype=np.int32),
            tuple(languages), tuple(markets), tuple(collections),
        )  # fmt: skip

    def renewed(self, places: NDArray[np.int64], fresh: Sequence[Article]) -> Columns:
        """The columns that `made` gives for some of these articles and new ones.

        Args:
            places: Of each article its place among these, or -1 where the next of the new ones comes.
            fresh: The new ones.
        """
        new = Columns.made(fresh)
        kept, added = np.flatnonzero(places >= 0), np.flatnonzero(places < 0)
        rows = np.empty(len(places), dtype=_COLUMNS)
        rows[kept], rows[added] = self.of[places[kept]], new.of
        tables: list[tuple[Any, ...]] = []
        for name, old_table, new_table in (
            ("language", self.languages, new.languages), ("market", self.markets, new.markets),
            ("collection", self.collections, new.collections),
        ):  # fmt: skip
            numbers: dict[Any, int] = {value: number for number, value in enumerate(old_table)}
            codes = np.array([numbers.setdefault(value, len(numbers)) for value in new_table], dtype=np.int32)
            rows[name][added] = codes[new.of[name]]
            # Numbered as they are met, from the first article on.
            found, first = np.unique(rows[name], return_index=True)
            met = found[np.argsort(first)]
            number = np.zeros(len(numbers), dtype=np.int32)
            number[met] = np.arange(len(met), dtype=np.int32)
            rows[name] = number[rows[name]]
            values = list(numbers)
            tables.append(tuple(values[code] for code in met.tolist()))
        moved = np.full(len(self.of), -1, dtype=np.int32)
        moved[places[kept]] = kept
        at = moved[self.places]
        hashes = np.concatenate([self.hashes[at >= 0], new.hashes])
        at = np.concatenate([at[at >= 0], added[new.places].astype(np.int32)])
        order = np.lexsort((at, hashes))
        return Columns(rows, hashes[order], at[order], tables[0], tables[1], tables[2])

    @property
    def language_names(self) -> list[str]:
        """The base language of each article."""
        return [self.languages[code] for code in self.of["language"].tolist()]

    def save(self, folder: Path) -> None:
        """Write four files whose names begin with `articles` into a folder.

        Raises:
            OSError: The folder can't be written.
        """
        np.save(folder / "articles-columns.npy", self.of, allow_pickle=False)
        np.save(folder / "articles-hashes.npy", self.hashes, allow_pickle=False)
        np.save(folder / "articles-places.npy", self.places, allow_pickle=False)
        tables = [self.languages, self.markets, self.collections]
        (folder / "articles-tables.json").write_text(json.dumps(tables), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Columns:
        """What `save` wrote; the arrays are memory-mapped.

        Raises:
            OSError: There is nothing.
            ValueError: It is damaged.
        """
        rows, hashes, places = (
            np.asarray(map_array(folder / f"articles-{name}.npy")) for name in ("columns", "hashes", "places")
        )
        languages, markets, collections = json.loads((folder / "articles-tables.json").read_text(encoding="utf-8"))
        right = rows.dtype == _COLUMNS and hashes.dtype == np.uint64 and places.dtype == np.int32
        if not right or not rows.ndim == hashes.ndim == places.ndim == 1 or len(hashes) != len(places):
            raise ValueError("the articles' columns are of the wrong kind")
        return cls(rows, hashes, places, tuple(languages), tuple(map(tuple, markets)), tuple(collections))


class Articles(Sequence[Article]):
    """Articles in their order, in memory or on disk. Immutable, and safe to share between threads.

    Args:
        held: The articles.
        columns: What is asked of all of them; None makes it when it is first needed.
        stamp: What `stamp_of` gives for them; None reckons it when it is first needed.

    Raises:
        ValueError: The columns are of other articles.
    """

    def __init__(self, held: Sequence[Article], *, columns: Columns | None = None, stamp: str | None = None) -> None:
        self.held = held
        if columns is not None:
            if len(columns.of) != len(held):
                raise ValueError("the articles don't fit their columns")
            self.__dict__["columns"] = columns
        if stamp is not None:
            self.__dict__["stamp"] = stamp

    @classmethod
    def load(cls, folder: Path, *, stamp: str) -> Articles:
        """The articles that `write_articles_kept` wrote.

        Raises:
            OSError: There are none.
            ValueError: They are damaged.
        """
        held = KeptLines(folder, "articles", Article.model_validate_json, remembered=REMEMBERED)
        return cls(held, columns=Columns.load(folder), stamp=stamp)

    def renewed(self, places: NDArray[np.int64], fresh: Sequence[Article]) -> Articles:
        """Some of these articles, which are on disk, and new ones; those that are taken over are not read.

        Args:
            places: Of each article its place among these, or -1 where the next of the new ones comes.
            fresh: The new ones.

        Raises:
            ValueError: These articles aren't on disk, or there are not as many new ones as places for them.
        """
        if not isinstance(self.held, KeptLines):
            raise ValueError("only articles on disk are renewed")  # noqa: TRY004 - their place, not their type
        return Articles(RenewedLines(self.held, places, fresh), columns=self.columns.renewed(places, fresh))

    @cached_property
    def columns(self) -> Columns:
        """What is asked of all of them."""
        return Columns.made(self.held)

    @cached_property
    def stamp(self) -> str:
        """A hash of what they say."""
        return stamp_of(self.held)

    def place(self, article_id: str) -> int | None:
        """The place of the article with this id.

        The article is not read, but where two ids have one hash of 64 bits.
        """
        places = self._places("id", article_id)
        if len(places) < 2:
            return int(places[0]) if len(places) else None
        return next((place for place, article in self._found("id", article_id) if article.id == article_id), None)

    def get(self, article_id: str) -> Article | None:
        """The article with this id."""
        return next((article for _, article in self._found("id", article_id) if article.id == article_id), None)

    def called(self, names: Iterable[str]) -> tuple[Article, ...]:
        """The articles of these ids or titles, however capitalised, in their order."""
        wanted = {name.casefold() for name in names}
        found = {place: article for name in wanted for place, article in self._found("name", name)}
        fitting = (found[place] for place in sorted(found))
        return tuple(a for a in fitting if {a.id.casefold(), a.title.casefold()} & wanted)

    def family(self, article_id: str) -> tuple[Article, ...]:
        """The article with this id and its translations, in their order."""
        found = self._found("family", article_id)
        return tuple(article for _, article in found if article_id in (article.id, article.translation_of))

    def updated(self, article_id: str) -> int:
        """The day on which the article with this id was updated, as an ordinal; 0 where it doesn't say, or there is none.

        The article is not read.
        """
        place = self.place(article_id)
        return 0 if place is None else int(self.columns.of["updated"][place])

    def __len__(self) -> int:
        """How many."""
        return len(self.held)

    @overload
    def __getitem__(self, place: int) -> Article: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Article, ...]: ...
    def __getitem__(self, place: int | slice) -> Article | tuple[Article, ...]:
        """One article, or some."""
        if isinstance(place, slice):
            return tuple(self.held[place])
        return self.held[place]

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence has the same articles in the same order."""
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def _found(self, naming: Naming, name: str) -> Iterator[tuple[int, Article]]:
        return ((place, self.held[place]) for place in self._places(naming, name).tolist())

    def _places(self, naming: Naming, name: str) -> NDArray[np.int32]:
        hashes, hashed = self.columns.hashes, np.uint64(_hash(naming, name))
        begin, end = hashes.searchsorted(hashed, "left"), hashes.searchsorted(hashed, "right")
        return self.columns.places[begin:end]


def write_articles_kept(folder: Path, articles: Articles) -> None:
    """Write articles and their columns into a folder, to be read by `Articles.load`.

    Raises:
        OSError: The folder can't be written.
    """
    if isinstance(articles.held, RenewedLines):
        write_renewed(folder, "articles", articles.held, _line_of)
    else:
        write_lines(folder, "articles", map(_line_of, articles))
    articles.columns.save(folder)


def stamp_of(articles: Iterable[Article]) -> str:
    """SHA-256 of what articles say, the same wherever and however they were read."""
    digest = hashlib.sha256()
    for line in map(_said, articles) if not isinstance(articles, RenewedLines) else _lines_said(articles):
        digest.update(line)
    return digest.hexdigest()


def _said(article: Article) -> bytes:
    # Where the file lies is not part of what the article says.
    line = article.model_dump_json(exclude={"file"}, fallback=lambda value: type(value).__name__)
    return line.encode("utf-8", "replace") + b"\n"


def _lines_said(articles: RenewedLines[Article]) -> Iterator[bytes]:
    """What `_said` gives for each, without reading the articles that are kept."""
    fresh = iter(articles.fresh)
    for place in articles.places.tolist():
        if place < 0:
            yield _said(next(fresh))
        else:
            line = articles.before.line(place)
            # A quote within a text is escaped, so the first field of this name is the article's own.
            at = _FILE.search(line)
            yield line if at is None else line[: at.start()] + line[at.end() :]


def _line_of(article: Article) -> bytes:
    return article.model_dump_json().encode() + b"\n"


def _names(article: Article) -> Iterator[tuple[Naming, str]]:
    yield "id", article.id
    yield "name", article.id.casefold()
    yield "name", article.title.casefold()
    yield "family", article.id
    if article.translation_of is not None:
        yield "family", article.translation_of


def _hash(naming: Naming, name: str) -> int:
    data = f"{naming}\0{name}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
