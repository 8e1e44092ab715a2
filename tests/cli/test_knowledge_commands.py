"""`convagent knowledge` on a shop of its own, and on the demo shop."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "knowledge.md").read_text(encoding="utf-8")
SETTINGS = '[shop]\nname = "Lamps"\n\n[clock]\nfixed = 2026-06-16T10:30:00Z\n'


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "convagent", "knowledge", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env=environment, encoding="utf-8"
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "knowledge" / "articles").mkdir(parents=True)
    (tmp_path / "convagent.toml").write_text(SETTINGS)
    return tmp_path


def write(shop: Path, name: str, text: str) -> None:
    (shop / "knowledge" / "articles" / name).write_text(text)


def test_the_demo_shop_has_nothing_but_notes() -> None:
    done = run("check", "--json")
    assert done.returncode == 0, done.stdout
    assert {finding["severity"] for finding in json.loads(done.stdout)["findings"]} <= {"note"}
    assert "return-how-to" in run("list", "--collection", "returns").stdout


def test_check_tells_the_places_and_the_words_and_leaves_with_1(shop: Path) -> None:
    write(
        shop, "a.md", "---\ntitle: How long?\nupdated: 2025-01-01\n---\nSend lamps back within 30 days of delivery.\n"
    )
    write(
        shop,
        "b.md",
        "---\ntitle: How do I?\nupdated: 2026-01-01\n---\nYou can send lamps back within 14 days of delivery.\n",
    )
    done = run("check", "--shop", str(shop))
    assert done.returncode == 1
    assert "b.md:1 contradiction 14 days in “How do I?”, 30 days in “How long?”" in done.stdout
    assert "a.md:1 “Send lamps back within 30 days of delivery" in done.stdout
    assert run("check", "--shop", str(shop), "--ignore", "contradiction").returncode == 0
    assert run("check", "--shop", str(shop), "--ignore", "nonsense").returncode == 2


def test_import_makes_files_that_are_then_found(shop: Path, tmp_path: Path) -> None:
    export = tmp_path / "faq.csv"
    export.write_text("question,answer\nHow do I clean a lamp?,With a dry cloth.\n")
    done = run("import", str(export), "--shop", str(shop), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["written"] == ["article-1.md"]
    listed = json.loads(run("list", "--shop", str(shop), "--json").stdout)
    assert [row["title"] for row in listed] == ["How do I clean a lamp?"]
    assert run("import", "nothing.csv", "--shop", str(shop)).returncode == 2


def test_fetch_refuses_what_is_inside_and_says_how_to_allow_it(shop: Path) -> None:
    done = run("fetch", "http://127.0.0.1:9/help", "--shop", str(shop))
    assert done.returncode == 2
    assert "--allow-network" in done.stderr
    assert run("fetch", "https://x.example", "--shop", str(shop), "--allow-network", "0.0.0.0/0").returncode == 2


def test_the_commands_of_the_page_exist_and_its_article_and_its_python_hold(shop: Path) -> None:
    for command in re.findall(r"^    convagent knowledge (\w+)", PAGE, re.MULTILINE):
        assert run(command, "--help").returncode == 0
    (article,) = re.findall(r"^<!-- checked -->\n```markdown\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    write(shop, "shown.md", article)
    done = run("check", "--shop", str(shop), "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"problems": [], "findings": []})
    (code,) = re.findall(r"^<!-- run -->\n```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, env=environment
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("How do I send something back?")


def test_search_tells_how_sure_it_is_what_is_told_and_what_the_passage_lacks() -> None:
    done = run("search", "Was kostet der Versand nach Frankreich?", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["language"] == "de"
    assert found["probability"] >= found["answer_from"]
    assert "4,90" in found["answer"]
    assert found["passages"][0]["article"] == "shipping-costs-de"
    assert found["lacking"] == ["frankreich"]
    shown = run("search", "Was kostet der Versand nach Frankreich?").stdout
    assert "sure: this is told" in shown
    assert "It doesn't have: frankreich" in shown


def test_search_says_what_happens_between_telling_and_not() -> None:
    assert "a person answers" in run("search", "do you repair violins").stdout
    assert "asks whether it is meant" in run("search", "what does processing mean?").stdout


def test_search_finds_what_holds_in_the_market_on_the_day(shop: Path) -> None:
    head = "---\ntitle: How much is delivery?\nmarkets: [{0}]\n---\n\nDelivery is {1} euros.\n"
    write(shop, "ie.md", head.format("IE", 3))
    write(shop, "de.md", head.format("DE", 7))
    write(shop, "old.md", "---\ntitle: How much is delivery?\nvalid_until: 2020-01-01\n---\n\nDelivery is free.\n")
    for market, told in (("IE", "3 euros"), ("DE", "7 euros")):
        done = run("search", "how much is delivery?", "--market", market, "--json", cwd=shop)
        found = json.loads(done.stdout)
        assert told in found["answer"]
        assert [each["text"] for each in found["passages"]] == [found["answer"]]


def test_search_where_there_are_no_articles(shop: Path) -> None:
    (shop / "knowledge" / "articles").rmdir()
    done = run("search", "how much is delivery?", cwd=shop)
    assert done.returncode == 0, done.stderr
    assert "0% sure" in done.stdout
    assert "no-articles" in done.stdout


@pytest.mark.parametrize("folder", [True, False], ids=["nothing that can be read", "no folder"])
def test_a_shop_without_articles_is_told_so_with_the_place_and_what_to_do(shop: Path, *, folder: bool) -> None:
    if folder:
        write(shop, "empty.md", "---\ntitle: How much is delivery?\n---\n")
    else:
        (shop / "knowledge" / "articles").rmdir()
    for command in (("list",), ("check",)):
        done = run(*command, cwd=shop)
        told = " ".join(done.stdout.split())
        assert "knowledge/articles no-articles" in told
        assert ("holds no article" if folder else "no such folder") in told
        assert "convagent knowledge import FILE" in told
        assert "Nothing to mend" not in told
        assert done.returncode == (command == ("check",)), done.stderr
    problem = json.loads(run("check", "--json", cwd=shop).stdout)["problems"][-1]
    assert (problem["file"], problem["code"], problem["severity"]) == ("knowledge/articles", "no-articles", "warning")
    (shop / "knowledge" / "articles").mkdir(exist_ok=True, parents=True)
    (shop / "knowledge" / "articles" / "empty.md").unlink(missing_ok=True)
    write(shop, "one.md", "---\ntitle: How much is delivery?\n---\n\nDelivery is 3 euros.\n")
    assert run("check", cwd=shop).returncode == 0
