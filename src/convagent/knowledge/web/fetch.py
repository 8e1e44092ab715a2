"""Pages of a site into a folder of articles, and only what changed the next time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from convagent.errors import ActionError, KnowledgeError
from convagent.knowledge.article import Article, KnowledgeProblem
from convagent.knowledge.blocks import slug
from convagent.knowledge.markdown_text import article_file
from convagent.knowledge.read import read_article
from convagent.knowledge.split import passages_of
from convagent.knowledge.web.client import Answer, FetchLimits, Site
from convagent.knowledge.web.sitemap import read_sitemap
from convagent.outbound.guard import Resolver, split_url

__all__ = ["FetchLimits", "FetchReport", "fetch_articles"]

STATE = ".fetched.json"
"""Beside the articles: what each page answered, so that the next run asks only for what changed."""

MAX_SITEMAPS = 50
_PAGE = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|ico|css|js|mjs|zip|gz|mp4|mp3|woff2?|ttf|json|xml|rss|atom)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What fetching came to.

    Attributes:
        written: Files that were written, new or changed.
        unchanged: Pages that the site says didn't change, or that read as before.
        problems: Pages that couldn't be had or hold no article.
        left: Pages that a limit left out.
    """

    written: tuple[str, ...]
    unchanged: int
    problems: tuple[KnowledgeProblem, ...]
    left: int = 0


def fetch_articles(
    url: str,
    folder: Path | str,
    *,
    today: date,
    language: str = "en",
    limits: FetchLimits | None = None,
    private_networks: Sequence[str] = (),
    resolve: Resolver | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FetchReport:
    """Fetches a page, or all pages that a sitemap lists, into Markdown files with front matter.

    Only the address's own host is asked. robots.txt is obeyed, requests wait for one another, and addresses that aren't
    public are refused. Pages that a person changed in the folder since are not overwritten.

    Args:
        url: A page or a sitemap; https, or http within `private_networks`.
        folder: Where the articles go; made when it is missing.
        today: The day that is noted as `fetched`.
        language: The language of pages that name none.
        limits: How far to go.
        private_networks: Networks that may be reached though they aren't public.
        resolve: Gives a host's addresses.
        progress: Called with the pages done and the pages in all.

    Raises:
        KnowledgeError: The address itself can't be had (`fetch-failed`, `fetch-forbidden`, `fetch-elsewhere`,
            `fetch-robots`), or the folder can't be written (`fetch-folder`).
    """
    limits = limits or FetchLimits()
    try:
        site = Site(split_url(url.partition("#")[0]), limits, private_networks, resolve)
    except ActionError as error:
        raise KnowledgeError(error.message, code="fetch-failed", remedy="Write it with https://.") from None
    work = _Work(site, Path(folder), today, language)
    work.open()
    first = site.get(url, headers=work.conditions(url))
    sitemap = read_sitemap(first.body) if first.body is not None and first.status == 200 else None
    if sitemap is None:
        work.take(url, first, must=True)
        work.close()
        return work.report(0)
    pages = [page for page in _pages(site, sitemap.pages, sitemap.sitemaps, work) if _wanted(site, page, work)]
    chosen = pages[: limits.pages]
    done = 0
    for page in chosen:
        if site.time_is_up or site.taken >= limits.total_bytes:
            break
        try:
            work.take(page, site.get(page, headers=work.conditions(page)))
        except KnowledgeError as error:
            work.problem(page, error)
        done += 1
        if progress is not None:
            progress(done, len(chosen))
    work.close()
    return work.report(len(pages) - done)


def _pages(site: Site, pages: Sequence[str], sitemaps: Sequence[str], work: _Work) -> Iterator[str]:
    """The pages of a sitemap and of those that it lists, without repetition."""
    seen: dict[str, None] = dict.fromkeys(pages)
    waiting = list(sitemaps)
    for number, address in enumerate(waiting):
        if number >= MAX_SITEMAPS or site.time_is_up or len(seen) > 10 * site.limits.pages:
            break
        try:
            answer = site.get(address)
        except KnowledgeError as error:
            work.problem(address, error)
            continue
        found = read_sitemap(answer.body or b"")
        if found is not None:
            seen.update(dict.fromkeys(found.pages))
            waiting.extend(other for other in found.sitemaps if other not in waiting)
    yield from seen


def _wanted(site: Site, page: str, work: _Work) -> bool:
    if not site.is_own(page):
        work.problems.append(_problem(page, "fetch-elsewhere", "the page is on another host", "Fetch it by itself."))
        return False
    return _PAGE.search(urlsplit(page).path) is None


@dataclass
class _Work:
    site: Site
    folder: Path
    today: date
    language: str
    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[KnowledgeProblem] = field(default_factory=list)
    state: dict[str, dict[str, str]] = field(default_factory=dict)

    def open(self) -> None:
        """Reads what the last run noted."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            known: Any = json.loads((self.folder / STATE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except OSError as error:
            raise _folder_fault(self.folder, error) from error
        except ValueError:
            return
        if isinstance(known, dict):
            self.state = {url: held for url, held in known.items() if isinstance(held, dict)}

    def close(self) -> None:
        """Notes what the next run needs to know."""
        try:
            text = json.dumps(self.state, indent=1, sort_keys=True, ensure_ascii=False)
            fresh = self.folder / f"{STATE}.new"
            fresh.write_text(text + "\n", encoding="utf-8")
            fresh.replace(self.folder / STATE)
        except OSError as error:
            raise _folder_fault(self.folder, error) from error

    def conditions(self, url: str) -> list[tuple[str, str]]:
        """Headers that ask for a page only if it changed, where its file is still there."""
        known = self.state.get(url, {})
        if not (self.folder / known.get("file", "?")).is_file():
            return []
        pairs = (("If-None-Match", known.get("etag")), ("If-Modified-Since", known.get("modified")))
        return [(name, value) for name, value in pairs if value and value.isascii() and value.isprintable()]

    def take(self, url: str, answer: Answer, *, must: bool = False) -> None:
        """One page into its file.

        Raises:
            KnowledgeError: With `must`, when there is no article in it.
        """
        if answer.status == 304:
            self.unchanged += 1
            return
        article, problems = self._article(url, answer)
        self.problems.extend(problems)
        if article is None:
            if must:
                raise KnowledgeError(problems[0].message, code=problems[0].code, remedy=problems[0].remedy)
            return
        known = self.state.get(url, {})
        name = known.get("file") or self._name(url)
        more = [("source", url), ("fetched", self.today.isoformat())]
        text = article_file(article, base=answer.url, more=more)
        digest = _digest(text)
        path = self.folder / name
        held = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
        note = {
            "file": name, "digest": digest, "etag": answer.headers.get("etag", ""),
            "modified": answer.headers.get("last-modified", ""),
        }  # fmt: skip
        if held is not None and _digest(held) == digest:
            self.unchanged += 1
        elif held is not None and _digest(held) != known.get("digest"):
            remedy = "Take the change over by hand, or delete the file and fetch it again."
            message = f"{name} was changed by hand and isn't overwritten, though {url[:200]} changed too"
            self.problems.append(_problem(url, "fetch-changed-by-hand", message, remedy))
            return
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
            self.written.append(name)
        self.state[url] = note

    def _article(self, url: str, answer: Answer) -> tuple[Article | None, list[KnowledgeProblem]]:
        if answer.status != 200:
            return None, [_problem(url, "fetch-failed", f"{url[:200]} answers {answer.status}", "Check the address.")]
        kind = answer.headers.get("content-type", "text/html").partition(";")[0].strip().casefold()
        endings = {
            "text/html": "html", "application/xhtml+xml": "html", "text/plain": "txt", "text/markdown": "md",
            "application/pdf": "pdf",
        }  # fmt: skip
        if kind not in endings:
            return None, [_problem(url, "fetch-kind", f"{url[:200]} is {kind[:80]}, no page", "Leave it out.")]
        data = answer.body or b""
        charset = re.search(r"charset=[\"']?([\w-]+)", answer.headers.get("content-type", ""), re.IGNORECASE)
        if charset and kind.startswith("text/"):
            with contextlib.suppress(LookupError, UnicodeError):
                data = data.decode(charset.group(1)).encode("utf-8")
        read = read_article(data, file=f"{self._name(url).removesuffix('.md')}.{endings[kind]}", language=self.language)
        problems = [_problem(url, p.code, p.message, p.remedy) for p in read.problems if p.severity == "error"]
        for article in read:
            if passages_of(article):
                own = article.url if article.url and self.site.is_own(article.url) else answer.url
                return article.model_copy(update={"url": own, "file": None}), problems
        fallback = _problem(url, "article-empty", f"{url[:200]} has no text", "Leave it out, or import its export.")
        return None, problems or [fallback]

    def _name(self, url: str) -> str:
        """A file's name of the path, `help-returns.md`, with a number when another page has it."""
        parts = urlsplit(url)
        base = (slug(unquote(f"{parts.path} {parts.query}").replace("/", " "))[:80].strip("-") or "index").removesuffix(
            "-html"
        )
        taken = {held.get("file") for address, held in self.state.items() if address != url}
        name, number = f"{base}.md", 2
        while name in taken:
            name, number = f"{base}-{number}.md", number + 1
        return name

    def problem(self, url: str, error: KnowledgeError) -> None:
        """Notes that a page couldn't be had."""
        self.problems.append(_problem(url, error.code, error.message, error.remedy or ""))

    def report(self, left: int) -> FetchReport:
        """What it came to."""
        return FetchReport(tuple(self.written), self.unchanged, tuple(self.problems), left)


def _digest(text: str) -> str:
    """Of an article's file without the day on which it was fetched."""
    return hashlib.sha256(
        re.sub(r"^fetched: .*$", "", text, count=1, flags=re.MULTILINE).encode("utf-8", "replace")
    ).hexdigest()


def _problem(url: str, code: str, message: str, remedy: str) -> KnowledgeProblem:
    return KnowledgeProblem(url[:300], None, code, message, remedy, "warning")


def _folder_fault(folder: Path, error: OSError) -> KnowledgeError:
    return KnowledgeError(
        f"the folder can't be used: {error.strerror or error}", code="fetch-folder", place=folder,
        remedy="Name a folder that may be written.",
    )  # fmt: skip
