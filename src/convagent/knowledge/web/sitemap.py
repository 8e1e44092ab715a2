"""Sitemaps (https://www.sitemaps.org/protocol.html): the pages of a site, and lists of further sitemaps."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from html import unescape
from typing import NamedTuple

__all__ = ["Sitemap", "read_sitemap"]

MAX_BYTES = 50_000_000
MAX_ENTRIES = 50_000
_LOC = re.compile(rb"<(?:[\w-]+:)?loc\b[^>]*>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,4000}?)\s*(?:\]\]>)?\s*</", re.IGNORECASE)
_INDEX = re.compile(rb"<(?:[\w-]+:)?sitemapindex\b", re.IGNORECASE)
_SET = re.compile(rb"<(?:[\w-]+:)?urlset\b", re.IGNORECASE)


class Sitemap(NamedTuple):
    """Addresses of pages and of further sitemaps, in their order, without repetition."""

    pages: tuple[str, ...]
    sitemaps: tuple[str, ...]


def read_sitemap(data: bytes) -> Sitemap | None:
    """A sitemap, packed with gzip or not; None for anything else. At most 50,000 addresses, as the protocol allows.

    Read without an XML parser: entities beyond XML's five don't exist in sitemaps, and none is expanded here.
    """
    if data.startswith(b"\x1f\x8b"):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
                data = file.read(MAX_BYTES)
        except (OSError, EOFError, zlib.error):
            return None
    if is_text_list(data):
        lines = data.decode("utf-8", "replace").split()
        return Sitemap(tuple(dict.fromkeys(lines[:MAX_ENTRIES])), ())
    is_index = _INDEX.search(data[:4096]) is not None
    if not is_index and _SET.search(data[:4096]) is None:
        return None
    found: dict[str, None] = {}
    for match in _LOC.finditer(data):
        found[unescape(match.group(1).decode("utf-8", "replace").strip())] = None
        if len(found) >= MAX_ENTRIES:
            break
    return Sitemap((), tuple(found)) if is_index else Sitemap(tuple(found), ())


def is_text_list(data: bytes) -> bool:
    """Whether a file is the protocol's plain form: an address a line."""
    lines = data[:4096].split()
    return bool(lines) and all(line.startswith((b"http://", b"https://")) for line in lines[:-1] or lines)
