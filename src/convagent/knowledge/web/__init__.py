"""Articles from the web: a page, or what a sitemap lists, politely and within bounds."""

from __future__ import annotations

from convagent.knowledge.web.fetch import FetchLimits, FetchReport, fetch_articles

__all__ = ["FetchLimits", "FetchReport", "fetch_articles"]
