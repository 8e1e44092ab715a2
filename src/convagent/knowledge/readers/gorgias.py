"""Exports of a Gorgias help centre, as JSON.

The developer reference (https://developers.gorgias.com/llms.txt lists its pages) documents no help-centre articles; the
shape read here is that of its help centre's own answers: an article with `translation`, or several `translations`, each
with `locale`, `title`, `content`, `slug` and `visibility_status`. Not verified against a live account.

What isn't published is left out; what is unlisted is internal, since customers can't come upon it either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from convagent.knowledge.readers.exported import Fields, day, listed_objects, tag, text_of

__all__ = ["gorgias_articles", "is_gorgias"]


def is_gorgias(document: Any) -> bool:
    """Whether a JSON document lists articles or categories of a Gorgias help centre."""
    first = next(listed_objects(document, "data", "articles", "categories"), {})
    version = next(_versions(first), {})
    return bool({"help_center_id", "visibility_status"} & (first.keys() | version.keys())) and "locale" in version


def gorgias_articles(documents: Sequence[Any]) -> Iterator[Fields]:
    """The articles of one or more answers; the names of categories may stand in any of them."""
    objects = [each for d in documents for each in listed_objects(d, "data", "articles", "categories")]
    names: dict[tuple[str, str | None], str] = {}
    for each in objects:
        for version in _versions(each):
            if "content" not in version:
                names[str(each.get("id")), tag(version.get("locale"))] = text_of(version.get("title"))
    for each in objects:
        yield from _article(each, names)


def _versions(article: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    single = article.get("translation")
    yield from [single] if isinstance(single, Mapping) else listed_objects(article.get("translations"))


def _article(article: Mapping[str, Any], names: Mapping[tuple[str, str | None], str]) -> Iterator[Fields]:
    own = str(article.get("id", ""))
    first: str | None = None
    for version in _versions(article):
        content, language = text_of(version.get("content")), tag(version.get("locale"))
        status = text_of(version.get("visibility_status")).upper()
        is_draft = version.get("is_current") is False or status not in {"", "PUBLIC", "UNLISTED"}
        if not content.strip() or is_draft:
            continue
        category = version.get("category_id", article.get("category_id"))
        yield {
            "id": own if first is None else f"{own}-{language}",
            "title": text_of(version.get("title")),
            "text": content,
            "format": "html",
            "language": language,
            "collection": names.get((str(category), language)) or None,
            "audience": "internal" if status == "UNLISTED" else "public",
            "url": text_of(version.get("url")) or None,
            "updated": day(version.get("updated_datetime") or article.get("updated_datetime")),
            "translation_of": None if first is None else own,
        }
        first = first or own
