"""Articles to passages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.knowledge import Article, Link, Passage, passages_of
from convagent.knowledge.blocks import slug, words


def of(text: str, **fields: str) -> tuple[Passage, ...]:
    return passages_of(Article.model_validate({"id": "returns", "title": "Returns", "text": text, **fields}))


def only(text: str, **fields: str) -> Passage:
    (passage,) = of(text, **fields)
    return passage


def filler(count: int, word: str = "word") -> str:
    return " ".join(f"{word}{number}" for number in range(count))


def test_sections_become_passages_under_their_headings() -> None:
    passages = of(
        f"# Returns\n\n{filler(70)}\n\n## Within 30 days\n\n{filler(80)}\n\n### From France\n\n{filler(90)}\n"
    )
    assert [passage.breadcrumbs for passage in passages] == [
        "Returns",
        "Returns > Within 30 days",
        "Returns > Within 30 days > From France",
    ]
    assert [passage.position for passage in passages] == [0, 1, 2]
    assert [passage.line for passage in passages] == [3, 7, 11]
    assert passages[1].id == "returns#1"


def test_a_passage_reads_as_its_text() -> None:
    passage = only("Send it *back* **soon**, with `tape`.")
    assert str(passage) == passage.text == "Send it back soon, with tape."


def test_small_sections_share_a_passage_with_their_headings_in_the_text() -> None:
    passage = only("## Ireland\n\nFree.\n\n## France\n\nIt costs 3.90.\n\n### Corsica\n\nThe same.\n")
    assert passage.heading == ()
    assert passage.text == "Ireland\nFree.\n\nFrance\nIt costs 3.90.\n\nFrance > Corsica\nThe same."


def test_small_sections_of_different_parents_stay_apart() -> None:
    passages = of("## A\n\n### One\n\nText one.\n\n## B\n\n### Two\n\nText two.\n")
    assert [passage.heading for passage in passages] == [("A", "One"), ("B", "Two")]


def test_long_sections_are_divided_between_paragraphs() -> None:
    passages = of("## Long\n\n" + "\n\n".join(filler(70, letter) for letter in "abcd"))
    assert len(passages) == 2
    assert all(passage.heading == ("Long",) for passage in passages)
    assert all(words(passage.text) <= 180 for passage in passages)


def test_lists_are_kept_whole_with_the_line_above_and_their_numbers() -> None:
    steps = "\n".join(f"1. {filler(10)}" for _ in range(25))
    passages = of(f"{filler(100)}\n\nDo this:\n\n{steps}")
    assert passages[1].text.startswith("Do this:\n1. word0")
    assert "\n25. word0" in passages[1].text
    assert len(passages) == 2


def test_a_list_beyond_bounds_is_divided_between_items() -> None:
    passages = of("\n".join(f"{number}. {filler(20)}" for number in range(1, 61)))
    assert len(passages) > 5
    assert all(re.match(r"\d+\. word0", passage.text) for passage in passages)
    assert all(passage.text.endswith("word19") for passage in passages)


def test_nested_steps_are_indented() -> None:
    assert only("3. Pack\n   - with tape\n   - with care\n4. Send\n\n   by post").text == (
        "3. Pack\n   - with tape\n   - with care\n4. Send\n   by post"
    )


def test_a_row_of_a_table_is_a_line_that_can_be_read_alone() -> None:
    table = "| To | Standard | Express |\n|---|---|---|\n| Ireland | 4.90 | 12.90 |\n| EU | 4.90 | |\n"
    assert only(table).text == "Ireland: Standard 4.90; Express 12.90\nEU: Standard 4.90"
    assert only("| Fee | EUR |\n|---|---|\n| Post | 4.90 |\n").text == "Fee: EUR\nPost: 4.90"


def test_links_keep_their_words_and_targets() -> None:
    passage = only("See [the *rules*](/rules) and <https://a.example>.", url="https://shop.example/help")
    assert passage.text == "See the rules and https://a.example."
    assert passage.links == (Link("the rules", "/rules"), Link("https://a.example", "https://a.example"))


def test_what_is_struck_out_commented_out_or_script_is_not_quoted() -> None:
    text = "Costs ~~9.00~~ 4.90. <del>Old</del> <!-- secret -->New<br>line <script>alert(1)</script>\n\n<!-- a\n\nb -->"
    assert only(text).text == "Costs 4.90. New\nline"


def test_html_inside_markdown_is_read() -> None:
    assert (
        only('<details><summary>More</summary><p>Text <a href="/z">here</a></p></details>').text == "More\n\nText here"
    )


def test_code_is_kept_line_by_line() -> None:
    assert only("```\na  b\n  c\n```").text == "a  b\n  c"


def test_addresses_get_the_anchor_of_their_section() -> None:
    headings = ("## Within 30 days!", "## Within 30 days", "## X {#own}")
    text = "\n\n".join((filler(70), *(f"{heading}\n\n{filler(70)}" for heading in headings)))
    assert [passage.url for passage in of(text, url="https://shop.example/returns")] == [
        "https://shop.example/returns",
        "https://shop.example/returns#within-30-days",
        "https://shop.example/returns#within-30-days-1",
        "https://shop.example/returns#own",
    ]
    assert of(text)[1].url is None
    assert of(text)[3].heading == ("X",)


def test_audience_and_language_go_with_every_passage() -> None:
    passage = only("Text.", audience="internal", language="pt-BR")
    assert (passage.audience, passage.language) == ("internal", "pt-BR")


PAGE = """<!doctype html><html lang=en><head><title>Returns</title><style>p {}</style></head><body>
<nav><ul><li>Home</li></ul></nav><main><header><h1>Returns</h1></header>
Intro <b>bold</b>
 words<br>second line<script>evil()</script><!-- note -->
<h2 id="how">How <em>to</em></h2><p>Do this:</p>
<ol start=3><li>Pack <a href="/x">it</a><ul><li>well</li></ul></li><li><p>Send</p><p>it</p></li></ol>
<table><thead><tr><th>To</th><th>Std</th><th>Exp</th></tr></thead><tr><td>IE</td><td>4</td><td>5</td></tr></table>
<dl><dt>Term</dt><dd>Meaning</dd></dl><p hidden>hidden</p><p style="display: none">gone</p><pre>a
  b</pre><button>Click</button></main><footer>Foot</footer></body></html>"""


def test_html_is_read_without_what_surrounds_it() -> None:
    passage = only(PAGE, format="html", url="https://shop.example/r")
    assert passage.text == (
        "Intro bold words\nsecond line\n\nHow to\nDo this:\n3. Pack it\n   - well\n4. Send\n   it\n\n"
        "IE: Std 4; Exp 5\n\n- Term: Meaning\n\na\n  b"
    )
    assert passage.links == (Link("it", "/x"),)


def test_html_anchors_are_those_of_the_page() -> None:
    text = f"<h2 id=own>A</h2><p>{filler(70)}</p><h2>B</h2><p>{filler(70)}</p>"
    assert [passage.url for passage in of(text, format="html", url="https://s.example/r")] == [
        "https://s.example/r#own",
        "https://s.example/r",
    ]


def test_html_nested_beyond_reason_is_read_for_its_words() -> None:
    assert only("<div>" * 100_000 + "return it", format="html").text == "return it"
    assert only("<section>" * 300 + "return it", format="html").text == "return it"
    assert "return it" in only("<b id=1><i>" * 20_000 + "return it", format="html").text


def test_plain_text_is_cut_at_blank_lines_and_keeps_its_lines() -> None:
    passages = of(f"{filler(100)}\n\n\n1. one\n2. *two*\n\n{filler(150)}", format="text")
    assert passages[0].text.endswith("\n\n1. one\n2. *two*")
    assert [passage.line for passage in passages] == [1, 7]


@pytest.mark.parametrize("text", ["", "   \n\n", "# Returns\n", "# A\n## B\n### C\n", "---\n", "<!-- x -->", "\x00"])
def test_an_article_that_says_nothing_has_no_passage(text: str) -> None:
    assert [passage for passage in of(text) if passage.text != "\ufffd"] == []


@pytest.mark.parametrize("form", ["markdown", "html", "text"])
@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "漢" * 300_000,
        "word " * 200_000,
        "A sentence. " * 80_000,
        "[a link](http://x.example) " * 20_000,
        "- item\n" * 20_000,
        "[" * 50_000,
        "> " * 50_000,
    ],
    ids=lambda text: text[:8],
)
def test_a_megabyte_becomes_passages_of_bounded_size(text: str, form: str) -> None:
    assert all(0 < len(passage.text) < 10_000 for passage in of(text, format=form))


def test_nothing_of_a_huge_paragraph_is_lost() -> None:
    text = " ".join(f"Sentence number {number} ends here." for number in range(3000))
    assert " ".join(passage.text for passage in of(text)).split() == text.split()


def test_links_of_a_divided_paragraph_stand_where_their_words_are() -> None:
    text = f"[first](/1) {filler(150)}. Then. {filler(150)}. [last](/2)"
    passages = of(text)
    assert [link.target for link in passages[0].links] == ["/1"]
    assert [link.target for link in passages[-1].links] == ["/2"]


BLOCKS = st.lists(
    st.one_of(
        st.builds(
            lambda level, text: f"{'#' * level} {text}", st.integers(1, 4), st.sampled_from(["One", "Two", "Öl"])
        ),
        st.builds(lambda n: " ".join(f"w{number}" for number in range(n)), st.integers(1, 300)),
        st.builds(lambda n: "\n".join(f"- item{number}" for number in range(n)), st.integers(1, 40)),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(BLOCKS)
def test_every_word_of_the_text_comes_in_one_passage_in_order(blocks: list[str]) -> None:
    text = "\n\n".join(blocks)
    said = re.findall(r"\b(?:w|item)\d+\b", text)
    passages = of(text)
    assert [word for passage in passages for word in re.findall(r"\b(?:w|item)\d+\b", passage.text)] == said
    assert [passage.position for passage in passages] == list(range(len(passages)))


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(), max_size=300), st.sampled_from(["markdown", "html", "text"]))
def test_any_text_can_be_split(text: str, form: str) -> None:
    for passage in of(text, format=form):
        assert passage.text.strip()
        passage.text.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "name"),
    [("Within 30 days!", "within-30-days"), ("Größen & Maße", "grössen-masse"), ("  ", ""), ("a_b  c", "a-b-c")],
)
def test_slugs_are_lower_case_words_with_hyphens(text: str, name: str) -> None:
    assert slug(text) == name
