"""The knowledge base: searching articles."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.errors import KnowledgeError
from convagent.knowledge import Article, Audience, Hit, KnowledgeBase, Passage, Ranking
from convagent.search import BM25

ARTICLES = (
    Article(
        id="returns",
        title="Sending things back",
        text="## How long\n\nYou have thirty days from delivery.\n\n## Who pays\n\nThe label from Ireland is free.",
        url="https://shop.example/returns",
    ),
    Article(id="lamps", title="Lamps", text="A lamp takes a warm bulb. Send a broken lamp back for free."),
    Article(id="fraud", title="Suspected fraud", text="Hold the order and ask about the label.", audience="internal"),
    Article(id="retour", title="Rücksendung", text="Rücksendungen sind dreißig Tage lang möglich.", language="de-DE"),
    Article(id="lampes", title="Lampes", text="Une lampe cassée est remboursée.", language="fr"),
)


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return KnowledgeBase.from_articles(ARTICLES)


def ids(hits: list[Hit]) -> list[str]:
    return [hit.article_id for hit in hits]


def test_the_article_that_answers_comes_first(base: KnowledgeBase) -> None:
    hits = base.search("How many days do I have to send it back?")
    assert hits[0].article_id == "returns"
    assert isinstance(hits[0].passage, Passage)
    assert "thirty days" in str(hits[0].passage)
    assert hits[0].passage.url == "https://shop.example/returns#how-long"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(isinstance(hit.score, float) and hit.score > 0 for hit in hits)


def test_a_title_finds_its_article(base: KnowledgeBase) -> None:
    assert ids(base.search("sending things"))[0] == "returns"


def test_what_no_article_speaks_of_finds_nothing(base: KnowledgeBase) -> None:
    for query in ("", "the", "zorblax", "🧦🧦", "\x00", "\ud83d", "   ", "?!"):
        assert base.search(query) == []


def test_odd_characters_do_not_hide_a_question(base: KnowledgeBase) -> None:
    plain = base.search("broken lamp")
    assert base.search("bro\u200bken\x00\ud800 lamp 💡") == base.search("bro\u200bken lamp")
    assert ids(base.search("ＢＲＯＫＥＮ　ＬＡＭＰ")) == ids(plain)


def test_a_megabyte_of_a_query_is_taken(base: KnowledgeBase) -> None:
    assert "lamps" in ids(base.search("lamp " * 200_000))
    assert base.search("x" * 1_000_000) == []


def test_internal_articles_are_found_only_when_asked_for(base: KnowledgeBase) -> None:
    assert "fraud" not in ids(base.search("suspected fraud label order"))
    assert ids(base.search("suspected fraud label order", audience="internal"))[0] == "fraud"
    assert ids(base.search("suspected fraud label order", audience=None))[0] == "fraud"


def test_the_language_asked_for_is_kept_to(base: KnowledgeBase) -> None:
    assert ids(base.search("Rücksendung", language="de")) == ["retour"]
    assert ids(base.search("rucksendungen", language="de-CH")) == ["retour"]
    assert "lamps" not in ids(base.search("lampes lamp", language="fr"))
    assert ids(base.search("Rücksendung")) == ["retour"]


def test_other_languages_are_the_way_out_when_there_is_nothing(base: KnowledgeBase) -> None:
    assert ids(base.search("warm bulb", language="de")) == ["lamps"]
    assert ids(base.search("warm bulb", language="nl")) == ["lamps"]
    assert base.search("warm bulb", language="de", other_languages="never") == []
    assert base.languages == ("de", "en", "fr")


def test_k_bounds_the_hits(base: KnowledgeBase) -> None:
    assert len(base.search("bulb label", 1)) == 1
    assert len(base.search("bulb label", 10_000)) == 2
    assert base.search("lamp", 0) == base.search("lamp", -1) == []


def test_distinct_gives_each_articles_best_passage() -> None:
    long = "\n\n".join(f"## Lamp {number}\n\n" + " ".join([f"lamp w{number}"] * 60) for number in range(5))
    base = KnowledgeBase.from_articles([Article(id="long", text=long), Article(id="short", text="One lamp.")])
    every, distinct = base.search("lamp", 10), base.search("lamp", 10, distinct=True)
    assert sorted(ids(every)) == ["long"] * 5 + ["short"]
    assert sorted(ids(distinct)) == ["long", "short"]
    assert [hit for hit in every if hit.article_id == "long"][0] in distinct  # noqa: RUF015
    assert len(base.search("lamp", 1, distinct=True)) == 1


def test_coverage_tells_a_covered_question_from_one_that_is_not(base: KnowledgeBase) -> None:
    assert base.search("broken lamp")[0].coverage == pytest.approx(1.0)
    assert base.search("broken zorblax qwerty lamp")[0].coverage < 0.6


def test_a_passage_of_the_right_article_comes_before_one_of_another() -> None:
    texts = {
        "pip": "The Pip speaker.\n\n## Warranty\n\nTwo years. " + "Keep the box. " * 20,
        "bed": "Two years of sleep.",
    }
    base = KnowledgeBase.from_articles(Article(id=name, title=name, text=text) for name, text in texts.items())
    assert base.search("pip speaker two years")[0].article_id == "pip"


@pytest.mark.parametrize(
    "arguments",
    [
        {"query": None},
        {"query": b"lamp"},
        {"query": "lamp", "k": "3"},
        {"query": "lamp", "k": 2.5},
        {"query": "lamp", "language": 3},
        {"query": "lamp", "audience": "Internal"},
        {"query": "lamp", "audience": []},
        {"query": "lamp", "other_languages": True},
    ],
)
def test_arguments_that_lead_astray_are_refused(base: KnowledgeBase, arguments: dict[str, object]) -> None:
    with pytest.raises(KnowledgeError) as caught:
        base.search(**arguments)  # type: ignore[arg-type]
    assert caught.value.code == "search-argument"
    assert caught.value.remedy


def test_articles_and_passages_can_be_looked_at(base: KnowledgeBase) -> None:
    assert base.articles == ARTICLES
    assert base.article("lamps") is ARTICLES[1]
    assert base.article("none") is None
    assert {passage.article_id for passage in base.passages} == {article.id for article in ARTICLES}
    assert (base.report.read, base.report.indexed, base.report.passages) == (5, 5, len(base.passages))


def test_repeated_ids_and_articles_without_text_are_reported() -> None:
    base = KnowledgeBase.from_articles([Article(id="a", text="One."), Article(id="a", text="Two."), Article(id="b")])
    assert [article.text for article in base.articles] == ["One.", ""]
    assert [problem.code for problem in base.problems] == ["article-repeated-id", "article-without-passages"]


def test_nothing_at_all_can_be_searched() -> None:
    base = KnowledgeBase.from_articles([])
    assert base.search("lamp") == base.search("lamp", language="de") == []
    assert (len(base.articles), len(base.passages), base.problems) == (0, 0, ())


def test_what_is_no_article_is_refused() -> None:
    with pytest.raises(KnowledgeError) as caught:
        KnowledgeBase.from_articles([{"id": "a"}])  # type: ignore[list-item]
    assert caught.value.code == "article-shape"


def test_the_stamp_is_that_of_the_contents() -> None:
    def stamp(*articles: Article) -> str:
        return KnowledgeBase.from_articles(articles).stamp

    first = Article(id="a", text="One.", file="a.md")
    assert stamp(first) == stamp(first.model_copy(update={"file": "b.md"}))
    changes: tuple[dict[str, object], ...] = ({"text": "Two."}, {"audience": "internal"}, {"team": "x"})
    stamps = [stamp(first), stamp(), *(stamp(first.model_copy(update=change)) for change in changes)]
    assert len(set(stamps)) == len(stamps)


def test_the_same_articles_give_the_same_hits() -> None:
    one, other = (KnowledgeBase.from_articles(ARTICLES) for _ in range(2))
    assert one.stamp == other.stamp
    assert one.search("send a lamp back for free") == other.search("send a lamp back for free")


def test_a_title_that_is_the_question_leads_to_the_first_passage() -> None:
    text = "Cool and lying flat.\n\n" + "Air it. " * 40 + "\n\n## After a hot wash\n\n" + "Wool shrinks. " * 40
    base = KnowledgeBase.from_articles([Article(id="wool", title="How do I wash wool?", text=text), *ARTICLES])
    assert base.search("how do I wash a wool jumper")[0].passage.position == 0


def test_a_question_finds_the_article_that_has_its_words_in_several_sections() -> None:
    def words(name: str, count: int) -> str:
        return f"{name} " + " ".join(f"{name}x{number}" for number in range(count))

    articles = [
        Article(id="both", text=f"## One\n\n{words('lamp', 80)}\n\n## Two\n\n{words('warranty', 80)}"),
        Article(id="b", text="lamp " + words("shade", 65)),
        Article(id="c", text="warranty " + words("bed", 65)),
    ]

    def first(share: float) -> str:
        base = KnowledgeBase.from_articles(articles, ranking=Ranking(article_share=share))
        return base.search("the warranty and the lamp")[0].article_id

    assert first(0.0) != "both"
    assert first(Ranking().article_share) == "both"


def test_a_passage_without_any_of_the_words_is_not_found() -> None:
    text = "## Bulbs\n\n" + "warm bulb " * 40 + "\n\n## Cords\n\n" + "long cord " * 40
    base = KnowledgeBase.from_articles([Article(id="lamps", title="Lamps", text=text)])
    assert [hit.passage.heading for hit in base.search("bulb")] == [("Bulbs",)]


def test_ranking_can_be_chosen() -> None:
    by_bm25 = KnowledgeBase.from_articles(ARTICLES, ranking=Ranking(weighting=BM25(), article_share=0.0))
    assert ids(by_bm25.search("broken lamp"))[0] == "lamps"
    default = KnowledgeBase.from_articles(ARTICLES)
    assert by_bm25.search("broken lamp")[0].score != default.search("broken lamp")[0].score


def test_two_thousand_near_duplicates_are_told_apart() -> None:
    base = KnowledgeBase.from_articles(
        Article(id=f"lamp-{number}", title=f"Lamp {number}", text=f"Model L{number} takes a warm bulb. " * 20)
        for number in range(2000)
    )
    assert base.search("Which bulb does model L1234 take?")[0].article_id == "lamp-1234"
    assert len(base.search("warm bulb", 5000)) == 2000


def test_an_article_of_a_megabyte_is_found() -> None:
    text = "\n\n".join(f"## Part {number}\n\n" + f"w{number} " * 60 for number in range(2500))
    base = KnowledgeBase.from_articles([Article(id="long", text=text), Article(id="x", text="x" * 1_000_000)])
    assert base.search("w1234", 1)[0].passage.heading == ("Part 1234",)


def test_several_threads_may_search(base: KnowledgeBase) -> None:
    expected = [base.search(article.text, audience=None) for article in ARTICLES]
    found: list[bool] = []

    def ask() -> None:
        for _ in range(30):
            again = [base.search(article.text, audience=None) for article in ARTICLES]
            found.append(again == expected)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 120


@settings(max_examples=100, deadline=None)
@given(
    query=st.text(st.characters(), max_size=120),
    k=st.integers(-2, 20),
    audience=st.sampled_from(["public", "internal", None]),
)
def test_any_query_is_answered_within_its_bounds(
    base: KnowledgeBase, query: str, k: int, audience: Audience | None
) -> None:
    hits = base.search(query, k, audience=audience)
    assert len(hits) <= max(k, 0)
    assert all(hit.score > 0 and 0 <= hit.coverage <= 1 for hit in hits)
    assert (np.diff([hit.score for hit in hits]) <= 0).all()
    if audience == "public":
        assert all(hit.passage.audience == "public" for hit in hits)


def test_a_folder_and_its_articles_give_the_same(tmp_path: Path) -> None:
    for article in ARTICLES:
        front = {"id": article.id, "title": article.title, "language": article.language, "audience": article.audience}
        lines = [f"{name}: {json.dumps(value)}" for name, value in front.items()]
        if article.url:
            lines.append(f"url: {article.url}")
        (tmp_path / f"{article.id}.md").write_text("\n".join(["---", *lines, "---", article.text]), "utf-8")
    from_folder = KnowledgeBase.from_folder(tmp_path)
    from_articles = KnowledgeBase.from_articles(sorted(ARTICLES, key=lambda article: article.id))
    assert from_folder.problems == ()
    assert from_folder.stamp == from_articles.stamp
    assert from_folder.search("broken lamp label") == from_articles.search("broken lamp label")
