"""Articles from a real web server on this machine."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.errors import KnowledgeError
from convagent.knowledge import KnowledgeBase, read_folder
from convagent.knowledge.web import FetchLimits, FetchReport, fetch_articles
from convagent.knowledge.web.sitemap import read_sitemap

TODAY = date(2026, 6, 16)
HERE = ("127.0.0.1/32",)
FAST = FetchLimits(pause=0.0, seconds=20.0, page_seconds=5.0)


@dataclass
class Web:
    """Pages by path: a body, or status, headers and body. `asked` remembers path and headers."""

    pages: dict[str, bytes | tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@pytest.fixture
def web() -> Iterator[Web]:
    it = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            it.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            found = it.pages.get(self.path, (404, {}, b"not here"))
            status, headers, body = (
                found if isinstance(found, tuple) else (200, {"Content-Type": "text/html; charset=utf-8"}, found)
            )
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    it.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield it
    server.shutdown()
    server.server_close()
    thread.join()


def page(title: str, text: str, language: str = "en") -> bytes:
    return (
        f"<!DOCTYPE html><html lang='{language}'><head><title>{title}</title><script>steal()</script></head><body><nav>Menu</nav>"
        f"<main><h1>{title}</h1><p>{text} <a href='/help/label'>The label</a></p><p hidden>secret</p></main></body></html>"
    ).encode()


def sitemap(*urls: str, index: bool = False) -> bytes:
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = "".join(f"<{inner}><loc>{url}</loc></{inner}>" for url in urls)
    return f'<?xml version="1.0"?><{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{outer}>'.encode()


def fetch(web: Web, path: str, folder: Path, limits: FetchLimits = FAST) -> FetchReport:
    return fetch_articles(f"{web.url}{path}", folder, today=TODAY, limits=limits, private_networks=HERE)


def test_a_page_becomes_a_markdown_file_with_its_source(web: Web, tmp_path: Path) -> None:
    web.pages["/help/returns"] = page("How do I return it?", "Within 30 days.")
    report = fetch(web, "/help/returns", tmp_path)
    assert (report.written, report.problems, report.left) == (("help-returns.md",), (), 0)
    (article,) = read_folder(tmp_path)
    assert (article.title, article.language, article.url) == ("How do I return it?", "en", f"{web.url}/help/returns")
    assert (article.extra["source"], article.extra["fetched"]) == (f"{web.url}/help/returns", "2026-06-16")
    assert article.text.strip() == f"Within 30 days. [The label](<{web.url}/help/label>)"


def test_a_sitemap_of_sitemaps_packed_or_not_gives_every_page_of_its_own_host(web: Web, tmp_path: Path) -> None:
    web.pages |= {
        "/sitemap.xml": sitemap(f"{web.url}/a.xml.gz", index=True),
        "/a.xml.gz": (200, {"Content-Type": "application/gzip"}, gzip.compress(
            sitemap(f"{web.url}/one", f"{web.url}/zwei", "http://elsewhere.example/x", f"{web.url}/logo.png", f"{web.url}/gone"))),
        "/one": page("One?", "First."), "/zwei": page("Zwei?", "Zweite.", "de"),
    }  # fmt: skip
    report = fetch(web, "/sitemap.xml", tmp_path)
    assert set(report.written) == {"one.md", "zwei.md"}
    assert {problem.code for problem in report.problems} == {"fetch-elsewhere", "fetch-failed"}
    assert {article.language for article in read_folder(tmp_path)} == {"en", "de"}
    assert "/logo.png" not in web.paths()


def test_robots_are_obeyed_also_behind_a_redirect(web: Web, tmp_path: Path) -> None:
    web.pages |= {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private\n"),
        "/sitemap.xml": sitemap(f"{web.url}/open", f"{web.url}/private/x", f"{web.url}/sly"),
        "/open": page("Open?", "Yes."), "/private/x": page("No", "No"), "/sly": (302, {"Location": "/private/x"}, b""),
    }  # fmt: skip
    report = fetch(web, "/sitemap.xml", tmp_path)
    assert report.written == ("open.md",)
    assert [problem.code for problem in report.problems] == ["fetch-forbidden", "fetch-forbidden"]
    assert "/private/x" not in web.paths()


def test_robots_that_cannot_be_had_allow_nothing(web: Web, tmp_path: Path) -> None:
    web.pages |= {"/robots.txt": (503, {}, b""), "/a": page("A?", "A.")}
    with pytest.raises(KnowledgeError) as error:
        fetch(web, "/a", tmp_path)
    assert error.value.code == "fetch-robots"
    assert web.paths() == ["/robots.txt"]


def test_a_second_run_asks_only_for_what_changed_and_keeps_what_people_changed(web: Web, tmp_path: Path) -> None:
    html = {"Content-Type": "text/html"}
    web.pages |= {
        "/sitemap.xml": sitemap(f"{web.url}/a", f"{web.url}/b", f"{web.url}/c"),
        "/a": (200, {**html, "ETag": '"1"'}, page("A?", "A.")), "/b": page("B?", "B."), "/c": page("C?", "C."),
    }  # fmt: skip
    assert len(fetch(web, "/sitemap.xml", tmp_path).written) == 3
    again = fetch(web, "/sitemap.xml", tmp_path)
    assert (again.written, again.unchanged) == ((), 3)
    assert web.asked[-3][1]["if-none-match"] == '"1"'
    (tmp_path / "b.md").write_text("Mine.")
    web.pages |= {"/b": page("B?", "New B."), "/c": page("C?", "New C.")}
    third = fetch(web, "/sitemap.xml", tmp_path)
    assert third.written == ("c.md",)
    assert [problem.code for problem in third.problems] == ["fetch-changed-by-hand"]
    assert (tmp_path / "b.md").read_text() == "Mine."


def test_limits_end_the_fetching_and_say_what_was_left(web: Web, tmp_path: Path) -> None:
    urls = [f"{web.url}/{n}" for n in range(6)]
    web.pages |= {"/sitemap.xml": sitemap(*urls), **{f"/{n}": page(f"{n}?", "x" * 2_000) for n in range(6)}}
    assert fetch(web, "/sitemap.xml", tmp_path / "p", FetchLimits(pause=0, pages=2)).left == 4
    small = fetch(web, "/sitemap.xml", tmp_path / "b", FetchLimits(pause=0, page_bytes=1_500))
    assert small.written == ()
    assert {problem.code for problem in small.problems} == {"fetch-failed"}
    total = fetch(web, "/sitemap.xml", tmp_path / "t", FetchLimits(pause=0, total_bytes=6_000))
    assert 0 < len(total.written) < 4


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://elsewhere.example/", "fetch-elsewhere"),
        ("/round", "fetch-failed"),
        ("file:///etc/passwd", "fetch-elsewhere"),
    ],
)
def test_redirects_stay_on_the_host_and_end(web: Web, tmp_path: Path, location: str, code: str) -> None:
    web.pages["/round"] = (302, {"Location": location}, b"")
    with pytest.raises(KnowledgeError) as error:
        fetch(web, "/round", tmp_path)
    assert error.value.code == code


def test_private_addresses_are_refused_unless_their_network_is_named(web: Web, tmp_path: Path) -> None:
    web.pages["/a"] = page("A?", "A.")
    with pytest.raises(KnowledgeError) as error:
        fetch_articles(f"{web.url}/a", tmp_path, today=TODAY, limits=FAST)
    assert error.value.code == "fetch-elsewhere"
    assert "--allow-network" in (error.value.remedy or "")
    assert web.asked == []
    named = fetch_articles  # a public name that leads inside is no way round
    with pytest.raises(KnowledgeError):
        named(
            "https://shop.example/a",
            tmp_path,
            today=TODAY,
            limits=FAST,
            resolve=lambda _host, _port: ("169.254.169.254",),
        )


def test_requests_wait_for_one_another(web: Web, tmp_path: Path) -> None:
    web.pages |= {"/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 1\n"), "/a": page("A?", "A.")}
    with pytest.raises(KnowledgeError, match="time for fetching is up"):
        fetch(web, "/a", tmp_path, FetchLimits(pause=0, seconds=0.4))
    assert web.paths() == ["/robots.txt"]


def test_pages_that_are_none_and_empty_ones_are_told(web: Web, tmp_path: Path) -> None:
    web.pages |= {
        "/sitemap.xml": sitemap(f"{web.url}/pic", f"{web.url}/empty"),
        "/pic": (200, {"Content-Type": "image/png"}, b"\x89PNG"), "/empty": b"<html><body><script>app()</script></body></html>",
    }  # fmt: skip
    assert [p.code for p in fetch(web, "/sitemap.xml", tmp_path).problems] == ["fetch-kind", "article-empty"]


def test_a_page_in_its_own_charset_is_read_in_it(web: Web, tmp_path: Path) -> None:
    text = (
        "<html lang='fr'><head><title>Délai ?</title></head><body><p>Trente jours après, c'est réglé.</p></body></html>"
    )
    web.pages["/fr"] = (200, {"Content-Type": "text/html; charset=iso-8859-1"}, text.encode("latin-1"))
    fetch(web, "/fr", tmp_path)
    (article,) = read_folder(tmp_path)
    assert (article.title, article.language) == ("Délai ?", "fr")
    assert KnowledgeBase.from_folder(tmp_path).search("délai réglé")


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    for url in ("shop.example", "ftp://shop.example/", "https://user:pw@shop.example/", "https://"):
        with pytest.raises(KnowledgeError) as error:
            fetch_articles(url, tmp_path, today=TODAY)
        assert error.value.code == "fetch-failed"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_sitemap_or_none(noise: bytes) -> None:
    for data in (noise, b"\x1f\x8b" + noise, b"<urlset>" + noise):
        read_sitemap(data)
