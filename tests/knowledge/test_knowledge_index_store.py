"""The index on disk: what didn't change isn't done again, and nothing on disk can do harm."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convagent.knowledge import Article, KnowledgeBase, Ranking, kept_passages
from convagent.knowledge.index_store import FORMAT
from convagent.search import Kind, Vectors


class Lengths:
    """An embedder that tells texts apart by their lengths and letters."""

    name, stamp, dim = "lengths", "lengths-1", 4

    def embed(
        self,
        texts: Sequence[str],
        *,
        kind: Kind = "passage",
        language: str | None = None,
    ) -> Vectors:
        """Vectors."""
        rows = [[len(text), text.count("a"), text.count("e"), 1] for text in texts]
        found = np.array(rows, dtype=np.float32).reshape(-1, self.dim)
        normed: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
        return normed


FILES = {
    "a.md": "---\nid: lamps\n---\n# Lamps\n\nA lamp takes a warm bulb. See [bulbs](/bulbs).",
    "b.md": "# Returns\n\n## How long\n\nSend it back within thirty days.",
    "c.html": "<title>Post</title><h2 id=p>Parcels</h2><p>A parcel takes two days.",
    "d.md": "---\nlanguage: de\nupdated: 2026-01-02\ntags: [x]\n---\nRücksendungen gehen dreißig Tage lang.",
    "e.md": "---\naudience: internal\n---\nHold the order.",
    "broken.md": "---\n[\n---\nText",
    "cp1252.txt": "caf\udce9 lamp",
}
QUERY = "send a lamp back within two days, Rücksendung, hold the parcel"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "articles"
    root.mkdir()
    for name, text in FILES.items():
        (root / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    return root


def build(shop: Path, **options: object) -> KnowledgeBase:
    return KnowledgeBase.from_folder(shop, index_dir=shop.parent / "index", **options)  # type: ignore[arg-type]


def counts(base: KnowledgeBase) -> tuple[int, int, int, int]:
    report = base.report
    return report.read, report.reused, report.removed, report.indexed


def codes(base: KnowledgeBase) -> list[str]:
    return [problem.code for problem in base.problems]


def same(one: KnowledgeBase, other: KnowledgeBase) -> bool:
    return (
        one.stamp == other.stamp
        and one.articles == other.articles
        and one.passages == other.passages
        and one.search(QUERY, audience=None) == other.search(QUERY, audience=None)
    )


def test_the_second_time_nothing_is_read_again(shop: Path) -> None:
    first, second = build(shop), build(shop)
    assert counts(first) == (7, 0, 0, 6)
    assert counts(second) == (0, 7, 0, 0)
    assert same(first, second)
    assert first.problems == second.problems != ()
    assert first.search(QUERY, audience=None) != []


def test_a_changed_article_alone_is_read_again(shop: Path) -> None:
    build(shop)
    (shop / "b.md").write_text("# Returns\n\nSend it back within forty days.", "utf-8")
    changed = build(shop)
    assert counts(changed) == (1, 6, 0, 1)
    assert "forty" in changed.search("forty days")[0].passage.text
    assert changed.search("thirty", language="en", other_languages="never") == []


def test_a_file_that_was_only_touched_is_not_read_again(shop: Path) -> None:
    build(shop)
    os.utime(shop / "b.md", (1, 1))
    assert counts(build(shop)) == (0, 7, 0, 0)


def test_what_is_taken_over_equals_what_is_built_afresh(shop: Path) -> None:
    build(shop)
    (shop / "aa.md").write_text("---\nlanguage: fr\n---\nUne lampe.", "utf-8")
    (shop / "b.md").write_text("# Returns\n\n" + "\n\n".join(["word " * 100] * 3), "utf-8")
    (shop / "c.html").unlink()
    (shop / "d.md").rename(shop / "0.md")
    changed = build(shop)
    assert counts(changed) == (3, 4, 2, 3)
    assert same(changed, KnowledgeBase.from_folder(shop))
    assert same(build(shop), changed)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["a.md", "b.md", "x.md", "y.txt"]),
        st.sampled_from(["", "lamp one", "parcel two", "---\nid: lamps\n---\nx"]),
    ),
    max_size=4,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.lists(EDITS, min_size=1, max_size=3))
def test_any_history_of_edits_ends_where_building_afresh_does(shop: Path, rounds: list[list[tuple[str, str]]]) -> None:
    for edits in rounds:
        for name, text in edits:
            (shop / name).write_text(text, "utf-8")
        kept = build(shop)
        fresh = KnowledgeBase.from_folder(shop)
        assert same(kept, fresh)
        assert kept.problems == fresh.problems


def held(index: Path) -> dict[str, bytes]:
    """The files of the generation in force, without the marks of the files that it was made of."""
    folder = index / (index / "current").read_text("utf-8").strip()
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found.pop("seen.json", None)
    return found


FRONTS = (
    "", "language: de\n", "language: fr\nmarkets: [IE, DE]\n", "collection: Help\nfile: x\n", "updated: 2026-05-01\n",
    "audience: internal\nmarket: FR\n", "id: lamps\n", "title: 'a,\"file\":\"b'\n", "since: 2026-01-02\nn: 1.10\n",
)  # fmt: skip
TEXTS = ("Lamp one.", '## Parcels\n\nA lamp, a lamp, a shade.\n\n## Posts\n\nTwo “posts”: "file":"x".', "", "Zebras.")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["0.md", "b.md", "m/x.md", "y.md", "z.md"]),
        st.one_of(st.none(), st.tuples(st.sampled_from(FRONTS), st.sampled_from(TEXTS))),
    ),
    max_size=4,
)


@settings(max_examples=25, deadline=None)
@given(rounds=st.lists(STEPS, min_size=1, max_size=3))
def test_an_index_brought_up_to_date_is_a_fresh_one_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, tuple[str, str] | None]]]
) -> None:
    place = tmp_path_factory.mktemp("shop")
    folder, embedder = place / "articles", Lengths()
    (folder / "m").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    KnowledgeBase.from_folder(folder, index_dir=place / "kept", embedder=embedder)
    for number, steps in enumerate(rounds):
        for name, content in steps:
            if content is None:
                (folder / name).unlink(missing_ok=True)
            else:
                (folder / name).write_text(f"---\n{content[0]}---\n{content[1]}", "utf-8")
        kept = KnowledgeBase.from_folder(folder, index_dir=place / "kept", embedder=embedder)
        fresh = KnowledgeBase.from_folder(folder, index_dir=place / f"fresh-{number}", embedder=embedder)
        assert held(place / "kept") == held(place / f"fresh-{number}")
        assert same(kept, fresh)


def test_where_one_article_changed_no_other_is_read_and_no_other_passage(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = Lengths()
    build(shop, embedder=embedder)
    (shop / "b.md").write_text("# Returns\n\nSend it back within forty days.", "utf-8")
    read: list[str] = []
    parsed = Article.model_validate_json

    def parse(line: bytes) -> Article:
        read.append("article")
        return parsed(line)

    monkeypatch.setattr(Article, "model_validate_json", parse)
    monkeypatch.setattr(kept_passages, "Passage", lambda **_: pytest.fail("a passage was read"))
    changed = build(shop, embedder=embedder)
    # Only what the changed article said before, to be compared.
    assert (read, changed.report.embedded, len(changed.articles)) == (["article"], 1, 6)


def test_an_index_brought_up_to_date_serves_after_its_files_are_gone(shop: Path) -> None:
    build(shop)
    (shop / "b.md").write_text("# Returns\n\nSend it back within forty days.", "utf-8")
    first = build(shop)
    (shop / "b.md").write_text("# Returns\n\nSend it back within fifty days.", "utf-8")
    build(shop)
    assert first.articles[0].id == "lamps"
    assert "bulb" in first.search("a warm bulb")[0].passage.text


def test_an_id_that_was_lost_is_won_back(shop: Path) -> None:
    (shop / "z.md").write_text("---\nid: lamps\n---\nThe other lamp.", "utf-8")
    assert "article-repeated-id" in codes(build(shop))
    assert "article-repeated-id" in codes(build(shop))
    (shop / "a.md").unlink()
    base = build(shop)
    assert "article-repeated-id" not in codes(base)
    assert base.search("other lamp")[0].passage.text == "The other lamp."


def test_a_file_that_was_broken_is_read_once_it_is_mended(shop: Path) -> None:
    assert "front-matter-yaml" in codes(build(shop))
    (shop / "broken.md").write_text("Mended.", "utf-8")
    base = build(shop)
    assert counts(base) == (1, 6, 0, 1)
    assert "front-matter-yaml" not in codes(base)


def test_the_same_index_is_the_same_bytes(shop: Path) -> None:
    build(shop)
    (shop.parent / "index").rename(shop.parent / "first")
    build(shop)
    first, second = shop.parent / "first", shop.parent / "index"
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_only_the_generation_in_force_stays(shop: Path) -> None:
    for number in range(3):
        (shop / "b.md").write_text(f"Version {number}", "utf-8")
        build(shop)
    index = shop.parent / "index"
    assert sorted(path.name for path in index.iterdir()) == ["current", "generation-000003"]
    assert (index / "current").read_text("utf-8") == "generation-000003\n"


def test_an_index_is_written_only_when_something_changed(shop: Path) -> None:
    build(shop)
    before = {path: path.stat().st_mtime_ns for path in (shop.parent / "index").rglob("*")}
    build(shop)
    assert {path: path.stat().st_mtime_ns for path in (shop.parent / "index").rglob("*")} == before


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(which=st.integers(0, 100), at=st.integers(0, 100_000), how=st.sampled_from(["cut", "flip", "remove"]))
def test_a_damaged_index_is_built_anew(shop: Path, which: int, at: int, how: str) -> None:
    index = shop.parent / "index"
    shutil.rmtree(index, ignore_errors=True)
    whole = build(shop)
    files = sorted(path for path in index.rglob("*") if path.is_file())
    path = files[which % len(files)]
    data = path.read_bytes()
    at %= len(data)
    if how == "remove":
        path.unlink()
    elif how == "cut":
        path.write_bytes(data[:at])
    else:
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    again = build(shop)
    assert same(whole, again)
    assert set(codes(again)) - set(codes(whole)) <= {"index-damaged", "index-other-version"}
    healed = build(shop)
    assert healed.problems == whole.problems
    assert counts(healed) == (0, 7, 0, 0)


def test_damage_is_noted_and_everything_is_read_again(shop: Path) -> None:
    build(shop)
    path = shop.parent / "index" / "generation-000001" / "passages.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    base = build(shop)
    assert counts(base) == (7, 0, 0, 6)
    (note,) = [problem for problem in base.problems if problem.code == "index-damaged"]
    assert note.severity == "note"
    assert note.remedy


@pytest.mark.parametrize("name", ["articles.jsonl", "passages.jsonl"])
def test_an_index_whose_words_were_changed_is_not_believed(shop: Path, name: str) -> None:
    build(shop)
    path = shop.parent / "index" / "generation-000001" / name
    path.write_text(path.read_text("utf-8").replace("thirty", "ninety"), "utf-8")
    base = build(shop)
    assert "index-damaged" in codes(base)
    assert "thirty" in base.search("thirty days")[0].passage.text


@pytest.mark.parametrize("pointer", ["", "../elsewhere", "generation-1", "generation-000009", "\x00\xff" * 200])
def test_a_pointer_that_leads_nowhere_is_damage(shop: Path, pointer: str) -> None:
    build(shop)
    (shop.parent / "index" / "current").write_text(pointer, "latin-1")
    assert "index-damaged" in codes(build(shop))
    assert "index-damaged" not in codes(build(shop))


def test_an_index_made_with_other_settings_is_built_anew(shop: Path) -> None:
    build(shop)
    for options in ({"language": "fr"}, {"ranking": Ranking(article_title=9.0)}):
        base = build(shop, **options)
        assert "index-other-version" in codes(base)
        assert counts(base)[0] == 7
        assert "index-other-version" not in codes(build(shop, **options))


def test_another_versions_index_is_built_anew(shop: Path) -> None:
    build(shop)
    path = shop.parent / "index" / "generation-000001" / "manifest.json"
    path.write_text(path.read_text("utf-8").replace(f'"format": {FORMAT}', '"format": 0'), "utf-8")
    base = build(shop)
    assert "index-other-version" in codes(base)
    assert same(base, KnowledgeBase.from_folder(shop))


def test_a_place_that_cannot_be_written_is_noted_and_memory_serves(shop: Path) -> None:
    (shop.parent / "file").write_text("in the way", "utf-8")
    base = KnowledgeBase.from_folder(shop, index_dir=shop.parent / "file" / "index")
    assert "index-not-kept" in codes(base)
    assert base.search("warm bulb")[0].article_id == "lamps"
    base = KnowledgeBase.from_folder(shop, index_dir=shop.parent / "file")
    assert "index-not-kept" in codes(base)


def test_what_a_crash_left_behind_is_cleared_away(shop: Path) -> None:
    index = shop.parent / "index"
    (index / "generation-000004").mkdir(parents=True)
    (index / "notes.txt").write_text("mine", "utf-8")
    base = build(shop)
    assert codes(base).count("index-damaged") == 0
    assert sorted(path.name for path in index.iterdir()) == ["current", "generation-000005", "notes.txt"]


def test_no_index_is_kept_unless_asked_for(shop: Path) -> None:
    KnowledgeBase.from_folder(shop)
    assert sorted(path.name for path in shop.parent.iterdir()) == ["articles"]


def test_progress_is_told_file_by_file(shop: Path) -> None:
    told: list[tuple[int, int]] = []
    build(shop, progress=lambda done, total: told.append((done, total)))
    assert told == [(number, 7) for number in range(1, 8)]


def test_broken_articles_stop_nobody(shop: Path) -> None:
    base = build(shop)
    assert [(problem.file, problem.code, problem.severity) for problem in base.problems] == [
        ("broken.md", "front-matter-yaml", "error"),
        ("cp1252.txt", "article-encoding", "warning"),
    ]
    assert base.search("café")[0].article_id == "cp1252"


def test_a_folder_of_broken_articles_alone_is_empty_but_usable(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\n[\n---\n", "utf-8")
    base = KnowledgeBase.from_folder(tmp_path, index_dir=tmp_path / ".index")
    assert (len(base.articles), codes(base), base.search("lamp")) == (0, ["front-matter-yaml"], [])
    again = KnowledgeBase.from_folder(tmp_path, index_dir=tmp_path / ".index")
    assert (again.report.reused, again.problems) == (1, base.problems)
