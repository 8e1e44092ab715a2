"""Opening a catalog: by what was kept of it, where that was made of the same products, else by reading those that are new."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from convagent.catalog.contents import Contents
from convagent.catalog.identity import distinct_products, with_url
from convagent.catalog.problems import CatalogProblem
from convagent.catalog.reading import product_bytes, products_of
from convagent.catalog.segment import Segment
from convagent.catalog.stamping import Stamping
from convagent.errors import CatalogError
from convagent.facts import Product

if TYPE_CHECKING:
    from convagent.catalog.kept_segment import KeptSegment
    from convagent.catalog.vectors import VectorSource

__all__ = ["Keeping", "Opened", "open_file", "open_products"]


class Keeping(NamedTuple):
    """How the products of a catalog are read and kept.

    Args:
        language: Language of their texts.
        source: What embeds these; None for nothing.
        cache: The folder that large catalogs are kept in between runs; None keeps them nowhere.
        stamped: Whether their stamp is reckoned while they are read.
    """

    language: str
    source: VectorSource | None
    cache: Path | None
    stamped: bool = False


class Opened(NamedTuple):
    """What was opened.

    Args:
        contents: The products.
        problems: What was wrong with them, in the order of their rows.
    """

    contents: Contents
    problems: tuple[CatalogProblem, ...]


def open_file(path: Path, keeping: Keeping, *, currency: str, url_prefix: str | None, now: datetime | None) -> Opened:
    """The products of a file, see `Catalog.from_file`.

    Args:
        path: The file.
        keeping: How its products are read and kept.
        currency: ISO 4217 code of prices that name none.
        url_prefix: Put before the handles of products that have no address.
        now: The moment for which a feed's sale prices with a period count.

    Raises:
        CatalogError: As `Catalog.from_file` says.
    """
    about: dict[str, object] = {
        "currency": currency, "url_prefix": url_prefix, "now": None if now is None else now.isoformat(),
    }  # fmt: skip
    notes: list[CatalogProblem] = []
    before = _kept_before(keeping, notes)
    if before is not None and before.about == about | {"file": _digest_of(path)} and _has_stamp(before, keeping):
        contents = Contents(before.segment, language=keeping.language, source=keeping.source, stamp=before.stamp)
        return Opened(contents, before.problems)
    data = product_bytes(path)
    about["file"] = hashlib.sha256(data).hexdigest()
    products, problems = products_of(data, path, currency=currency, now=now)
    del data
    if url_prefix is not None:
        products = (with_url(product, url_prefix) for product in products)
    return _read(products, problems, notes, keeping, about, before)


def open_products(products: Iterable[Product], keeping: Keeping) -> Opened:
    """Products, see `Catalog.from_products`.

    Args:
        products: The products.
        keeping: How they are read and kept.

    Raises:
        CatalogError: One of them is no product (`catalog-product`).
    """
    notes: list[CatalogProblem] = []
    problems: list[CatalogProblem] = []
    distinct = distinct_products(enumerate(products, 1), problems)
    return _read(distinct, problems, notes, keeping, {"products": True}, _kept_before(keeping, notes))


def _read(
    products: Iterable[Product], problems: list[CatalogProblem], notes: list[CatalogProblem], keeping: Keeping,
    about: dict[str, object], before: KeptSegment | None,
) -> Opened:  # fmt: skip
    """Products that are read one after the other; those that are kept needn't be indexed again."""
    stamping = Stamping()
    if keeping.stamped:
        products = stamping.through(products)
    if before is not None:
        from convagent.catalog.renewing import renewed_segment

        segment = renewed_segment(before.segment, products, source=keeping.source)
    else:
        segment = Segment(products, language=keeping.language, source=keeping.source, hashed=keeping.cache is not None)
    stamp = stamping.stamp if keeping.stamped else None
    found = tuple(sorted(problems, key=lambda problem: problem.row or 0))
    if before is None or segment is not before.segment or before.about != about or not _has_stamp(before, keeping):
        segment = _kept(segment, found, stamp, keeping, about) or segment
    return Opened(Contents(segment, language=keeping.language, source=keeping.source, stamp=stamp), (*notes, *found))


def _has_stamp(kept: KeptSegment, keeping: Keeping) -> bool:
    return kept.stamp is not None or not keeping.stamped


def _kept_before(keeping: Keeping, notes: list[CatalogProblem]) -> KeptSegment | None:
    """What was kept of the catalog; of what is damaged it is noted that it was."""
    folder = _folder(keeping)
    if folder is None or not folder.is_dir():
        return None
    from convagent.catalog.kept_segment import load_segment

    try:
        return load_segment(folder, language=keeping.language, source=keeping.source)
    except CatalogError as error:
        notes.append(CatalogProblem(None, error.code, error.message, error.remedy or ""))
        return None


def _kept(
    segment: Segment,
    problems: tuple[CatalogProblem, ...],
    stamp: int | None,
    keeping: Keeping,
    about: dict[str, object],
) -> Segment | None:
    """A segment of many products, from the disk where it could be kept there: it takes less memory then."""
    folder = _folder(keeping)
    if folder is None or not segment.store.is_packed:
        return None
    from convagent.catalog.kept_segment import KeptSegment, keep_segment, load_segment

    with contextlib.suppress(OSError, CatalogError):
        keep_segment(folder, KeptSegment(segment, about, problems, stamp), source=keeping.source)
        kept = load_segment(folder, language=keeping.language, source=keeping.source)
        if kept is not None and kept.about == about:
            return kept.segment
    return None


def _folder(keeping: Keeping) -> Path | None:
    return None if keeping.cache is None else keeping.cache / "segment"


def _digest_of(path: Path) -> str | None:
    """The hash of a file; None where it can't be read, which is told when it is read."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return None
