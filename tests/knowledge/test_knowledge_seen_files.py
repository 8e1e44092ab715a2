"""Files that weren't touched since they were hashed are not read again; every touch has them read."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from convagent.knowledge import KnowledgeBase
from convagent.knowledge import seen_files as module
from convagent.knowledge.seen_files import NAME, SeenFiles

ONE = "# Returns\n\nYou have 30 days to send something back.\n"
OTHER = "# Returns\n\nYou have 90 days to send something back.\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of articles and its index; files count as settled at once."""
    monkeypatch.setattr(module, "SETTLED", 0)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "returns.md").write_text(ONE, encoding="utf-8")
    (tmp_path / "articles" / "delivery.md").write_text("# Delivery\n\nTwo days.\n", encoding="utf-8")
    return tmp_path


def opened(shop: Path) -> KnowledgeBase:
    return KnowledgeBase.from_folder(shop / "articles", index_dir=shop / "index")


def generation(shop: Path) -> Path:
    return shop / "index" / (shop / "index" / "current").read_text("utf-8").strip()


def test_what_was_not_touched_is_not_read_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(shop)
    opened(shop)  # finds all hashes right, and notes the marks
    read: list[Path] = []
    original = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path)
        return original(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    base = opened(shop)
    assert base.report.reused == 2
    assert not [path for path in read if path.suffix == ".md"]
    (generation(shop) / NAME).unlink()
    assert opened(shop).report.reused == 2
    assert [path.name for path in read if path.suffix == ".md"] == ["delivery.md", "returns.md"]


def test_a_file_of_the_same_size_and_time_of_writing_is_read_when_it_changed(shop: Path) -> None:
    opened(shop)
    opened(shop)
    path = shop / "articles" / "returns.md"
    before = path.stat()
    path.write_text(OTHER, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    base = opened(shop)
    assert base.report.read == 1
    assert "90 days" in base.search("days to send something back")[0].passage.text


def test_a_damaged_index_file_is_found_though_it_was_right_before(shop: Path) -> None:
    opened(shop)
    opened(shop)
    lines = generation(shop) / "passages.jsonl"
    data = lines.read_bytes()
    lines.write_bytes(data[:-5] + b"xxxx\n")
    assert "index-damaged" in [problem.code for problem in opened(shop).problems]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"articles/returns.md": [1, 2]}', '{"articles/returns.md": "x"}', "\x00"]
)
def test_marks_that_are_damaged_are_left_aside(shop: Path, text: str) -> None:
    opened(shop)
    opened(shop)
    (generation(shop) / NAME).write_text(text, encoding="utf-8")
    assert opened(shop).report.reused == 2


def test_a_file_that_was_written_just_now_has_no_marks(tmp_path: Path) -> None:
    path = tmp_path / "one.md"
    path.write_text(ONE, encoding="utf-8")
    assert SeenFiles().marks(path) is None
    assert SeenFiles().marks(tmp_path / "none.md") is None
    later = time.time_ns() + 10**12
    os.utime(path, ns=(later, later))
    assert SeenFiles().marks(path) is None


def test_the_articles_marks_go_on_into_the_next_generation(shop: Path) -> None:
    opened(shop)
    opened(shop)
    (shop / "articles" / "returns.md").write_text(OTHER, encoding="utf-8")
    opened(shop)
    kept = SeenFiles.load(generation(shop))
    path = shop / "articles" / "delivery.md"
    assert kept._known["articles/delivery.md"][0] == kept.marks(path)
