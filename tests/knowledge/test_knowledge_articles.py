"""Articles on disk are found, compared and left out as those in memory are, and are read only when they are shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.knowledge import Article, KnowledgeBase, Scope
from convagent.knowledge.alike import resemblance, shape_of, shingles
from convagent.knowledge.articles import Articles, stamp_of, write_articles_kept
from convagent.knowledge.kept_lines import KeptLines, write_lines

ARTICLES = (
    Article(id="returns", title="Returns", text="Send it back.", updated=date(2026, 1, 2), collection="Help"),
    Article(id="retour", title="Retours", text="Renvoyez-le.", language="fr-FR", translation_of="returns"),
    Article(
        id="rück", title="RÜCKSENDUNG", text="Zurück.", language="de", translation_of="returns", audience="internal"
    ),
    Article(id="Returns", title="returns ", text="Another.", markets=("IE", "DE"), valid_until=date(2026, 6, 1)),
)


@pytest.fixture(params=["memory", "disk"])
def articles(request: pytest.FixtureRequest, tmp_path: Path) -> Articles:
    held = Articles(ARTICLES)
    if request.param == "memory":
        return held
    write_articles_kept(tmp_path, held)
    return Articles.load(tmp_path, stamp=held.stamp)


def test_they_are_the_articles_in_their_order(articles: Articles) -> None:
    assert articles == ARTICLES
    assert articles[1:3] == ARTICLES[1:3]
    assert articles[-1] == ARTICLES[-1]
    assert (len(articles), articles.stamp) == (4, stamp_of(ARTICLES))
    with pytest.raises(IndexError):
        articles[4]


def test_they_are_found_by_id_exactly(articles: Articles) -> None:
    assert [articles.place(article.id) for article in ARTICLES] == [0, 1, 2, 3]
    assert articles.get("Returns") == ARTICLES[3]
    assert (articles.get("RETURNS"), articles.place("RETURNS"), articles.get("")) == (None, None, None)


def test_they_are_found_by_id_or_title_however_capitalised(articles: Articles) -> None:
    assert [article.id for article in articles.called(["rEturns", "rücksendung"])] == ["returns", "rück", "Returns"]
    assert articles.called(["nothing"]) == ()


def test_translations_are_found_with_their_original(articles: Articles) -> None:
    assert [article.id for article in articles.family("returns")] == ["returns", "retour", "rück"]
    assert articles.family("Returns") == (ARTICLES[3],)


def test_the_day_of_an_update_is_known(articles: Articles) -> None:
    assert articles.updated("returns") == date(2026, 1, 2).toordinal()
    assert (articles.updated("retour"), articles.updated("nothing")) == (0, 0)


def test_some_are_renewed_without_being_read(tmp_path: Path) -> None:
    write_articles_kept(tmp_path, Articles(ARTICLES))
    kept = Articles.load(tmp_path, stamp="")
    new = Article(id="new", title="Neu", language="de", markets=("CH",), collection="Hilfe", file='a"b.md')
    renewed = kept.renewed(np.array([3, -1, 0]), (new,))
    wanted = Articles((ARTICLES[3], new, ARTICLES[0]))
    assert renewed == wanted
    assert renewed[1:] == wanted[1:]
    assert (renewed.stamp, renewed.place("new"), renewed[-1]) == (wanted.stamp, 1, ARTICLES[0])
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    write_articles_kept(tmp_path / "one", renewed)
    write_articles_kept(tmp_path / "other", wanted)
    for file in (tmp_path / "other").iterdir():
        assert (tmp_path / "one" / file.name).read_bytes() == file.read_bytes()
    with pytest.raises(ValueError, match="on disk"):
        wanted.renewed(np.array([0]), ())
    with pytest.raises(ValueError, match="places"):
        kept.renewed(np.array([0, -1]), ())


def test_columns_of_other_articles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="columns"):
        Articles(ARTICLES[:2], columns=Articles(ARTICLES).columns)


def test_a_search_within_a_scope_is_the_same_from_disk(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, front in {
        "a": "collection: Help",
        "b": "market: IE",
        "c": "valid_until: 2026-06-01",
        "d": "x: 1",
    }.items():
        (folder / f"{name}.md").write_text(f"---\n{front}\n---\nA lamp for {name} and {front}.", "utf-8")
    fresh = KnowledgeBase.from_folder(folder, index_dir=tmp_path / "index")
    kept = KnowledgeBase.from_folder(folder, index_dir=tmp_path / "index")
    found = {}
    for scope in (
        Scope(market="DE"), Scope(market=" ie "), Scope(collection="help"), Scope(collection="none"),
        Scope(on=date(2026, 6, 2)), Scope(on=date(2026, 6, 1)), Scope(articles=frozenset({"b", "d", "zz"})), None,
    ):  # fmt: skip
        found[scope] = [hit.article_id for hit in kept.search("lamp", scope=scope)]
        assert found[scope] == [hit.article_id for hit in fresh.search("lamp", scope=scope)]
    assert sorted(found[Scope(market="DE")]) == ["a", "c", "d"]
    assert sorted(found[Scope(market=" ie ")]) == ["a", "b", "c", "d"]
    assert found[Scope(collection="help")] == ["a"]
    assert found[Scope(collection="none")] == []
    assert sorted(found[Scope(on=date(2026, 6, 2))]) == ["a", "b", "d"]
    assert sorted(found[Scope(articles=frozenset({"b", "d", "zz"}))]) == ["b", "d"]


def test_an_unchanged_index_is_opened_and_searched_without_reading_an_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(5):
        (folder / f"a{number}.md").write_text(f"---\nupdated: 2026-01-0{number + 1}\n---\nThe lamp {number}.", "utf-8")
    KnowledgeBase.from_folder(folder, index_dir=tmp_path / "index")
    monkeypatch.setattr(Article, "model_validate_json", lambda *_: pytest.fail("an article was read"))
    base = KnowledgeBase.from_folder(folder, index_dir=tmp_path / "index")
    assert len(base.search("lamp", scope=Scope(on=date(2026, 3, 1), market="DE"))) >= 1
    assert (len(base.articles), base.report.reused) == (5, 5)


def test_records_are_read_when_they_are_asked_for_and_those_asked_for_last_are_held(tmp_path: Path) -> None:
    read: list[bytes] = []

    def parse(line: bytes) -> bytes:
        read.append(line)
        return line.strip()

    write_lines(tmp_path, "records", (f"{number}\n".encode() for number in range(10)))
    records = KeptLines(tmp_path, "records", parse, remembered=2)
    assert (len(records), read) == (10, [])
    assert (records[3], records[3], records[-1], records.line(0)) == (b"3", b"3", b"9", b"0\n")
    assert (records[3], records[5], records[9]) == (b"3", b"5", b"9")
    assert read == [b"3\n", b"9\n", b"5\n", b"9\n"]
    assert records[2:4] == (b"2", b"3")
    (tmp_path / "records.jsonl").write_bytes(b"0\n1\n")
    with pytest.raises(ValueError, match="records"):
        KeptLines(tmp_path, "records", parse, remembered=2)


TEXTS = st.lists(st.sampled_from(["send", "it", "back", "within", "thirty", "days", "lamp"]), max_size=40).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(one=TEXTS, other=TEXTS, cut=st.integers(0, 3))
def test_shapes_resemble_each_other_where_their_triples_do(one: str, other: str, cut: int) -> None:
    for second in (other, " ".join(one.split()[cut:])):
        exact = resemblance(shingles(one), shingles(second))
        assert shape_of(one).resembles(shape_of(second)) is bool(exact >= 0.8 and one and second)
