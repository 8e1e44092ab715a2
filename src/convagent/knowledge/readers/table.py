"""Tables of articles (CSV): a row for each, the columns named in the first line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from convagent.errors import KnowledgeError, Place
from convagent.knowledge.readers.exported import Fields

__all__ = ["MAX_CELL", "table_articles"]

MAX_CELL = 2_000_000
"""Letters of one cell."""

COLUMNS = {
    "id": "id article_id key",
    "title": "title question name heading subject titel frage titre",
    "text": "text body content answer article description html html_body inhalt antwort contenu réponse",
    "language": "language locale lang sprache langue",
    "collection": "collection category section folder kategorie catégorie",
    "audience": "audience visibility",
    "url": "url link html_url",
    "updated": "updated updated_at last_updated modified updated_datetime",
    "markets": "markets market country countries",
    "valid_from": "valid_from",
    "valid_until": "valid_until",
    "translation_of": "translation_of",
}
"""What columns may be called; the first that fits is taken, others are kept under their names."""

_KNOWN = {name: field for field, names in COLUMNS.items() for name in names.split()}


def table_articles(text: str, *, file: str) -> Iterator[tuple[int, Fields]]:
    """The rows of a table with their numbers, the head being 1; empty rows are skipped.

    Raises:
        KnowledgeError: No column holds the text (`table-columns`), or the table is broken (`table-broken`).
    """
    head = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t|", key=head.count)
    # Process-wide; only ever raised, so that two readers can't hurt each other.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] = []
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if not names:
                names = _names(row, file)
                continue
            fields: Fields = {}
            for name, cell in zip(names, row, strict=False):
                if cell.strip():
                    fields.setdefault(name, cell.strip())
            yield rows.line_num, fields
    except csv.Error as error:
        raise KnowledgeError(
            f"the table is broken: {error}", code="table-broken", place=Place(file, rows.line_num),
            remedy="Close the quotation marks, and save it as CSV in UTF-8 again.",
        ) from None  # fmt: skip


def _names(row: list[str], file: str) -> list[str]:
    given = [re.sub(r"[\s-]+", "_", cell.strip().casefold()) for cell in row]
    taken: set[str] = set()
    names = []
    for name in given:
        field = _KNOWN.get(name, name)
        names.append(name if field in taken else field)
        taken.add(field)
    if "text" not in names:
        raise KnowledgeError(
            f"no column holds the articles' texts; there are {', '.join(given)[:200]}", code="table-columns",
            place=Place(file, 1), remedy="Call it text, body, content or answer.",
        )  # fmt: skip
    return names
