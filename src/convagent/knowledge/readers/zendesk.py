"""Exports of a Zendesk help centre: what its Help Center API answers, saved as JSON.

Fields as in https://developer.zendesk.com/api-reference/help_center/help-center-api/articles/ , …/sections/ ,
…/categories/ and …/translations/ . Not verified against a live account.

Drafts are left out. An article for a user segment is internal: not everybody may read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from convagent.knowledge.readers.exported import Fields, day, listed_objects, tag, text_of

__all__ = ["is_zendesk", "zendesk_articles"]

_MARKS = {"section_id", "html_url", "source_locale", "user_segment_id", "permission_group_id"}


def is_zendesk(document: Any) -> bool:
    """Whether a JSON document is an answer of the Help Center API."""
    if isinstance(document, Mapping) and {"sections", "categories", "translations"} & document.keys():
        first = next(listed_objects(document, "sections", "categories", "translations"), {})
        return bool({"source_locale", "category_id", "source_type", "locale"} & first.keys())
    first = next(listed_objects(document, "articles"), {})
    return "body" in first and len(_MARKS & first.keys()) >= 2


def zendesk_articles(documents: Sequence[Any]) -> Iterator[Fields]:
    """The articles of one or more answers, with their sections, categories and translations, in whichever file these are."""
    sections = {str(each.get("id")): each for document in documents for each in _named(document, "sections")}
    categories = {str(each.get("id")): each for document in documents for each in _named(document, "categories")}
    loose: dict[str, list[Mapping[str, Any]]] = {}
    for document in documents:
        for each in _named(document, "translations"):
            if str(each.get("source_type", "article")).casefold() == "article":
                loose.setdefault(str(each.get("source_id")), []).append(each)
    for document in documents:
        for article in listed_objects(document, "articles"):
            if "body" in article or "translations" in article:
                yield from _article(article, sections, categories, loose.get(str(article.get("id")), []))


def _named(document: Any, name: str) -> Iterator[Mapping[str, Any]]:
    return listed_objects(document, name) if isinstance(document, Mapping) else iter(())


def _article(
    article: Mapping[str, Any],
    sections: Mapping[str, Mapping[str, Any]],
    categories: Mapping[str, Mapping[str, Any]],
    loose: Sequence[Mapping[str, Any]],
) -> Iterator[Fields]:
    section = sections.get(str(article.get("section_id")), {})
    category = categories.get(str(section.get("category_id")), {})
    collection = " > ".join(filter(None, (text_of(category.get("name")), text_of(section.get("name"))))) or None
    own = str(article.get("id", ""))
    source = tag(article.get("source_locale") or article.get("locale"))
    # The article itself is one of its translations, in the locale that was asked for.
    translations = [article, *listed_objects(article.get("translations")), *loose]
    seen: set[str | None] = set()
    for each in translations:
        language = tag(each.get("locale")) or source
        if language in seen or each.get("draft") or not text_of(each.get("body")).strip():
            continue
        seen.add(language)
        is_source = language == source
        yield {
            "id": own if is_source else f"{own}-{language}",
            "title": text_of(each.get("title") or each.get("name")),
            "text": text_of(each.get("body")),
            "format": "html",
            "language": language,
            "collection": collection,
            "audience": "public" if article.get("user_segment_id") is None else "internal",
            "url": text_of(each.get("html_url")) or None,
            "updated": day(each.get("edited_at") or each.get("updated_at") or article.get("updated_at")),
            "translation_of": None if is_source else own,
            "labels": _labels(article.get("label_names")),
        }


def _labels(given: Any) -> list[str]:
    return [label for label in given if isinstance(label, str)] if isinstance(given, list) else []
