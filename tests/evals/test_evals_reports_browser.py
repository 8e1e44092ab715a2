"""The report in a real browser: it filters, searches, opens what a link names, and a customer's words run nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.evals.test_evals_reports import ALL, BAD, EVIL, summed

from convagent.evals import CaseResult
from convagent.evals.reports import to_html

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt install chromium")

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=4000",
)  # fmt: skip


def shown(page: Path, tmp_path: Path, *flags: str, at: str = "") -> str:
    """The page as the browser has it once its script has run."""
    assert CHROMIUM is not None
    done = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *flags, "--dump-dom", f"{page.as_uri()}{at}"],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert "</html>" in done.stdout, done.stderr
    return done.stdout


def written(tmp_path: Path, *, driver: str = "", results: Sequence[CaseResult] = ALL) -> Path:
    """The report, if need be with a script of the test's own that does what a reader would, allowed by its policy."""
    source = to_html(summed(*results))
    if driver:
        source = source.replace("script-src '", "script-src 'nonce-test' '", 1)
        source = source.replace("</body>", f'<script nonce="test">{driver}</script></body>')
    page = tmp_path / "report.html"
    page.write_text(source, encoding="utf-8")
    return page


def test_the_script_runs_and_what_customers_wrote_does_not(tmp_path: Path) -> None:
    tree: Any = LexborHTMLParser(shown(written(tmp_path), tmp_path))
    assert "hidden" not in tree.css_first("#filters").attributes
    assert not tree.css("img")
    evil = next(node for node in tree.css("article.case") if EVIL.case.id in node.text(deep=True))
    assert EVIL.turns[0].message.text in evil.css_first(".bubble.customer p").text(deep=True)


def test_a_link_opens_the_case_that_it_names(tmp_path: Path) -> None:
    tree: Any = LexborHTMLParser(shown(written(tmp_path), tmp_path, at="#case-2"))
    opened = [node.attributes["id"] for node in tree.css("article.case") if node.css_first("details[open]")]
    assert opened == ["case-2"]


def test_filters_and_search_leave_what_fits(tmp_path: Path) -> None:
    driver = """
      var verdict = document.querySelector('select[data-facet="verdict"]');
      verdict.value = "1"; verdict.dispatchEvent(new Event("change", {bubbles: true}));
      document.getElementById("search").value = "SECOND first";
      document.getElementById("search").dispatchEvent(new Event("input", {bubbles: true}));
    """
    tree: Any = LexborHTMLParser(shown(written(tmp_path, driver=driver), tmp_path))
    left = [node.attributes["id"] for node in tree.css("article.case") if "hidden" not in node.attributes]
    assert left == ["case-2"]
    assert tree.css_first("#shown").text() == "1 of 5 cases"


def test_show_them_all_filters_by_what_went_wrong(tmp_path: Path) -> None:
    many = [*ALL, *(BAD.model_copy(update={"trial": number}) for number in range(1, 7))]
    driver = "document.querySelector('[data-show-fault]').click();"
    tree: Any = LexborHTMLParser(shown(written(tmp_path, driver=driver, results=many), tmp_path))
    left = [node for node in tree.css("article.case") if "hidden" not in node.attributes]
    assert len(left) == 7
    assert len({node.attributes["data-fault"] for node in left}) == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(tmp_path: Path, width: int) -> None:
    driver = """
      document.getElementById("open-all").click();
      document.title = "wide " + (document.documentElement.scrollWidth - document.documentElement.clientWidth);
    """
    page = written(tmp_path, driver=driver)
    frame = tmp_path / "frame.html"  # a window is never narrower than the browser likes, a frame is
    frame.write_text(
        f'<!doctype html><iframe src="{page.as_uri()}" style="width:{width}px;height:3000px"></iframe><script>'
        "onload = function () { document.title = document.querySelector('iframe').contentDocument.title; };</script></html>",
        encoding="utf-8",
    )
    source = shown(
        frame, tmp_path, "--window-size=1400,3000", "--allow-file-access-from-files", "--disable-web-security"
    )
    assert "<title>wide 0</title>" in source
