"""Links between articles that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from convagent.knowledge.article import Article, Passage
from convagent.knowledge.blocks import slug
from convagent.knowledge.check.finding import ArticleFinding, quote_of
from convagent.knowledge.split import blocks_of

__all__ = ["broken_links"]


def broken_links(
    articles: Mapping[str, Article], passages: Iterable[Passage], *, url_pattern: str | None = None
) -> Iterator[ArticleFinding]:
    """Links to articles, files and sections that aren't there, and links from public articles to internal ones.

    What leads elsewhere in the web is not looked at.

    Args:
        articles: By id.
        passages: Theirs.
        url_pattern: Address of an article with `{id}`, as in the settings.
    """
    places = _Places(articles, url_pattern)
    for passage in passages:
        article = articles[passage.article_id]
        for link in passage.links:
            reached, fault = places.follow(article, link.target)
            words = f"[{link.text}]({link.target})"
            if fault:
                yield ArticleFinding(
                    "dead-link", fault, "Mend the link, or take it out.", (quote_of(article, passage, words),)
                )
            elif reached is not None and reached.audience == "internal" and article.audience == "public":
                yield ArticleFinding(
                    "link-to-internal",
                    f"customers are sent to “{reached.title}”, which is internal",
                    "Link to a public article, or take the link out.",
                    (quote_of(article, passage, words), quote_of(reached)),
                )


class _Places:
    """What links can lead to."""

    def __init__(self, articles: Mapping[str, Article], url_pattern: str | None) -> None:
        self._articles = articles
        self._files = {article.file: article for article in articles.values() if article.file}
        self._urls = {_bare(article.url): article for article in articles.values() if article.url}
        self._before, _, self._after = (url_pattern or "").partition("{id}")
        self._anchors: dict[str, frozenset[str]] = {}

    def follow(self, article: Article, target: str) -> tuple[Article | None, str]:
        """The article that a link leads to, None for what isn't ours, and what is wrong with it."""
        try:
            parts = urlsplit(target.strip())
        except ValueError:
            return None, f"{target[:80]!r} is no address"
        if parts.scheme in {"http", "https"} or target.startswith("//"):
            found, ours = self._by_url(_bare(target))
            fault = f"there is no article at {target[:120]}" if ours and found is None else ""
        elif parts.scheme or not (parts.path or parts.fragment):
            return None, ""
        elif not parts.path:
            found, fault = article, ""
        else:
            found, fault = self._by_path(article, unquote(parts.path))
        if found is not None and parts.fragment and unquote(parts.fragment) not in self._anchors_of(found):
            return found, f"“{found.title}” has no section #{parts.fragment[:80]}"
        return found, fault

    def _by_url(self, url: str) -> tuple[Article | None, bool]:
        if url in self._urls:
            return self._urls[url], True
        if self._before and url.startswith(self._before) and url.endswith(self._after):
            name = url[len(self._before) : len(url) - len(self._after)]
            return self._articles.get(unquote(name)), "/" not in name
        return None, False

    def _by_path(self, article: Article, path: str) -> tuple[Article | None, str]:
        if path.startswith("/"):
            site = urlsplit(self._before or article.url or "")
            found, ours = self._by_url(f"{site.scheme}://{site.netloc}{_bare(path)}") if site.netloc else (None, False)
            return found, f"there is no article at {path[:120]}" if ours and found is None else ""
        if path in self._articles:
            return self._articles[path], ""
        if article.file is None:
            return None, ""
        file = normpath(join(dirname(article.file), path))
        for name in (file, f"{file}.md", f"{file}.html"):
            if name in self._files:
                return self._files[name], ""
        name = path.rpartition(".")[2].casefold()
        if name in {"png", "jpg", "jpeg", "gif", "svg", "webp", "zip", "mp4"}:
            return None, ""
        return None, f"there is no file {path[:120]}"

    def _anchors_of(self, article: Article) -> frozenset[str]:
        found = self._anchors.get(article.id)
        if found is None:
            names: list[str] = []
            for block in blocks_of(article):
                if block.kind == "heading":
                    own = slug(block.text)
                    names += [block.anchor or own, f"{own}-{names.count(own)}" if own in names else own]
            found = self._anchors[article.id] = frozenset(names)
        return found


def _bare(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].rstrip("/")
