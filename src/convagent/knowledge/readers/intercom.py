"""Exports of Intercom articles: what its REST API answers, saved as JSON.

Fields as in https://developers.intercom.com/docs/references/rest-api/api.intercom.io/articles/ and …/internal-articles/ ,
…/help-center/ for collections. Not verified against a live account.

Drafts are left out; internal articles are internal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from convagent.knowledge.readers.exported import Fields, day, listed_objects, tag, text_of

__all__ = ["intercom_articles", "is_intercom"]

_TYPES = {"article", "internal_article", "collection", "section"}


def is_intercom(document: Any) -> bool:
    """Whether a JSON document is a list of Intercom's articles or collections."""
    first = next(listed_objects(document, "data"), {})
    if isinstance(document, Mapping) and text_of(document.get("type")) in _TYPES:
        first = document
    return text_of(first.get("type")) in _TYPES or ("translated_content" in first and "state" in first)


def intercom_articles(documents: Sequence[Any]) -> Iterator[Fields]:
    """The articles of one or more answers; the names of collections may stand in any of them."""
    objects = [each for document in documents for each in _objects(document)]
    names = {str(each.get("id")): each for each in objects if text_of(each.get("type")) in {"collection", "section"}}
    for each in objects:
        if text_of(each.get("type", "article")) in {"article", "internal_article"}:
            yield from _article(each, names)


def _objects(document: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(document, Mapping) and text_of(document.get("type")) in _TYPES:
        yield document
    else:
        yield from listed_objects(document, "data")


def _article(article: Mapping[str, Any], names: Mapping[str, Mapping[str, Any]]) -> Iterator[Fields]:
    own = str(article.get("id", ""))
    language = tag(article.get("default_locale") or article.get("locale"))
    translated = article.get("translated_content")
    versions: list[tuple[str | None, Mapping[str, Any]]] = [(language, article)]
    for locale, content in translated.items() if isinstance(translated, Mapping) else ():
        if isinstance(content, Mapping) and tag(locale) != language:
            versions.append((tag(locale), content))
    for spoken, content in versions:
        body = text_of(content.get("body"))
        is_internal = article.get("type") == "internal_article"
        if not body.strip() or not (is_internal or content.get("state", "draft") == "published"):
            continue
        is_source = spoken == language
        yield {
            "id": own if is_source else f"{own}-{spoken}",
            "title": text_of(content.get("title")),
            "text": body,
            "format": "html",
            "language": spoken,
            "collection": _collection(article, names),
            "audience": "internal" if is_internal else "public",
            "url": text_of(content.get("url")) or None,
            "updated": day(content.get("updated_at") or article.get("updated_at")),
            "translation_of": None if is_source else own,
            "description": text_of(content.get("description")) or None,
        }


def _collection(article: Mapping[str, Any], names: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Names from the outermost collection inwards, bounded against collections inside themselves."""
    path: list[str] = []
    at = names.get(str(article.get("parent_id")))
    for _ in range(6):
        if at is None:
            break
        path.append(text_of(at.get("name")))
        at = names.get(str(at.get("parent_id")))
    return " > ".join(reversed([name for name in path if name])) or None
