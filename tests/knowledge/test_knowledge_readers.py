"""Exports, tables and documents to articles."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.errors import KnowledgeError
from convagent.knowledge import Article, KnowledgeBase, passages_of, read_article
from convagent.knowledge.markdown_text import article_file
from convagent.knowledge.readers import read_source, recognise
from convagent.knowledge.write import write_articles

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(body: str, **parts: str) -> bytes:
    """A Word document with this body."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
        )
        for name, text in parts.items():
            archive.writestr(f"word/{name.replace('__', '/')}.xml", text)
        archive.writestr(
            "word/_rels/document.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://x/hyperlink" Target="https://shop.example/help/label"/></Relationships>',
        )
    return out.getvalue()


def para(text: str, style: str = "", list_id: str = "") -> str:
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    number = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_id}"/></w:numPr>' if list_id else ""
    return f"<w:p><w:pPr>{style}{number}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


NUMBERING = (
    f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
STYLES = f'<w:styles xmlns:w="{W}"><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>'


def pdf(*pages: list[tuple[int, str]], picture: bool = False) -> bytes:
    """A PDF whose pages have these lines, each with the size of its letters."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    image = "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\nx\nendstream"
    for lines in pages:
        at, drawn = 780, []
        for size, text in lines:
            at -= size + 12
            drawn.append(f"BT /F1 {size} Tf 1 0 0 1 50 {at} Tm ({text}) Tj ET")
        stream = "\n".join(drawn)
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        extra = f"/XObject << /I {number + 3} 0 R >>" if picture else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {number + 1} 0 R "
            f"/Resources << /Font << /F1 {number + 2} 0 R >> {extra} >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(font)
        objects.append(image)
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return out + f"{end}startxref\n{len(out)}\n%%EOF".encode("latin-1")


def save(root: Path, **files: object) -> list[Path]:
    paths = []
    for name, content in files.items():
        path = root / name.replace("__", ".")
        path.write_bytes(
            content if isinstance(content, bytes)
            else content.encode() if isinstance(content, str) else json.dumps(content).encode()
        )  # fmt: skip
        paths.append(path)
    return paths


# ---- recognising
@pytest.mark.parametrize(
    ("data", "file", "kind"),
    [
        (b"%PDF-1.7 ...", "x.txt", "pdf"),
        (b"<!DOCTYPE html><p>x", "x.txt", "html"),
        (b"<p>x</p>", "x.html", "html"),
        (b'{"articles": []}', "", "json"),
        (b'{"id": 1}\n{"id": 2}\n', "", "jsonl"),
        (b'[{"title": "x"}]', "", "json"),
        (b"[A link](https://x.example)", "", "markdown"),
        (b"title;body\nA;B\n", "", "csv"),
        (b"# Returns\n\nText.", "", "markdown"),
        (b"Just words.", "", "text"),
        (b"\xd0\xcf\x11\xe0 old", "x.docx", "other"),
        (bytes(range(32)) * 20, "x.md", "other"),
        (b"", "x.md", "markdown"),
    ],
)
def test_the_content_says_what_a_file_is(data: bytes, file: str, kind: str) -> None:
    assert recognise(data, file=file) == kind


# ---- Word
def test_a_word_document_keeps_headings_steps_tables_and_links() -> None:
    body = (
        para("Send it back", "berschrift1") + para("First:") + para("Book it.", list_id="5") + para("Print it.", list_id="5")
        + f"<w:tbl><w:tr><w:tc>{para('Country')}</w:tc><w:tc>{para('Price')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{para('Ireland')}</w:tc><w:tc>{para('free')}</w:tc></w:tr></w:tbl>"
        + '<w:p><w:hyperlink r:id="r1"><w:r><w:t>The label</w:t></w:r></w:hyperlink></w:p>'
        + "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>"
    )  # fmt: skip
    (article,) = read_article(word(body, numbering=NUMBERING, styles=STYLES), file="send-back.docx")
    assert (article.title, article.id) == ("Send it back", "send-back")
    (passage,) = passages_of(article)
    assert passage.text == "First:\n1. Book it.\n2. Print it.\n\nCountry: Price\nIreland: free\n\nThe label"
    assert [(link.text, link.target) for link in passage.links] == [("The label", "https://shop.example/help/label")]


def test_a_zip_bomb_an_entity_bomb_and_a_cut_document_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 40_000_000)
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;">]><w:document/>'
    entity = io.BytesIO()
    with zipfile.ZipFile(entity, "w") as archive:
        archive.writestr("word/document.xml", bomb)
    whole = word(para("x"))
    for data, code in ((out.getvalue(), "word-large"), (entity.getvalue(), "word-unreadable"), (whole[: len(whole) // 2], "word-unreadable")):  # fmt: skip
        found = read_article(data, file="a.docx")
        assert [problem.code for problem in found.problems] == [code]
        assert not found.articles


# ---- PDF
def test_a_pdf_has_headings_by_the_size_of_their_letters_and_loses_what_stands_on_every_page() -> None:
    pages = [
        [(10, "Wrenfold help"), (20, f"Part {number}"), (11, "Parcels take time to ar-"), (11, "rive, as they do."), (8, f"Page {number}")]
        for number in (1, 2, 3)
    ]  # fmt: skip
    (article,) = read_article(pdf(*pages), file="parcels.pdf")
    passages = passages_of(article)
    text = "\n".join(passage.text for passage in passages)
    assert "Parcels take time to arrive, as they do." in text
    assert "Wrenfold help" not in text
    assert "Page 2" not in text
    assert article.title == "Part 1"


def test_a_pdf_of_pictures_is_a_problem_that_names_the_file_and_the_way_out() -> None:
    found = read_article(pdf([], picture=True), file="scan.pdf")
    (problem,) = found.problems
    assert (problem.file, problem.code) == ("scan.pdf", "pdf-pictures")
    assert "OCR" in problem.remedy


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_damaged_documents_are_problems_and_no_crash(noise: bytes) -> None:
    for data in (b"%PDF-1.4\n" + noise, b"PK\x03\x04word/" + noise, pdf([(11, "Text.")])[:-40] + noise):
        found = read_article(data, file="x.pdf")
        assert found.articles or found.problems


# ---- tables and JSON
def test_a_table_is_an_article_a_row_and_its_columns_may_be_called_as_they_are_elsewhere(tmp_path: Path) -> None:
    table = 'Question;Answer;Category;Market\nHow long?;"30 days.\nReally.";Returns;IE, DE\n;;;\nEmpty?;;Returns;\n'
    read = read_source(*save(tmp_path, faq__csv=table))
    (article,) = read.articles
    assert (article.title, article.text, article.collection, article.markets) == (
        "How long?",
        "30 days.\nReally.",
        "Returns",
        ("IE", "DE"),
    )
    assert [(p.code, p.line) for p in read.problems] == [("article-empty", 5)]


def test_a_table_without_texts_says_which_columns_it_has(tmp_path: Path) -> None:
    (problem,) = read_source(*save(tmp_path, faq__csv="a,b\n1,2\n")).problems
    assert problem.code == "table-columns"
    assert "a, b" in problem.message


def test_plain_json_lists_articles_and_what_is_no_json_is_reported(tmp_path: Path) -> None:
    read = read_source(
        *save(
            tmp_path, a__json=[{"question": "Why?", "answer": "<p>So.</p>", "audience": "intern"}], b__json='{"cut": '
        )
    )
    (article,) = read.articles
    assert (article.title, article.format, article.audience) == ("Why?", "html", "internal")
    assert [p.code for p in read.problems] == ["source-json"]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as error:
        read_source(tmp_path / "nothing.json")
    assert error.value.code == "knowledge-missing"


# ---- help centres
ZENDESK = {
    "articles": [
        {
            "id": 35, "title": "How do I return something?", "body": "<h2>Label</h2><p>Book it.</p>", "locale": "en-us",
            "source_locale": "en-us", "draft": False, "section_id": 7, "user_segment_id": None, "label_names": ["returns"],
            "html_url": "https://h.example/hc/en-us/articles/35", "updated_at": "2026-05-01T10:00:00Z",
            "edited_at": "2026-04-02T10:00:00Z", "permission_group_id": 1,
            "translations": [
                {"locale": "de", "title": "Wie schicke ich etwas zurück?", "body": "<p>Buchen.</p>", "draft": False, "source_id": 35},
                {"locale": "fr", "title": "Brouillon", "body": "<p>x</p>", "draft": True},
            ],
        },
        {"id": 36, "title": "Goodwill", "body": "<p>Up to 15.</p>", "locale": "en-us", "section_id": 7, "user_segment_id": 12, "html_url": ""},
        {"id": 37, "title": "Draft", "body": "<p>x</p>", "locale": "en-us", "draft": True, "section_id": 7},
    ],
    "next_page": None,
}  # fmt: skip
SECTIONS = {"sections": [{"id": 7, "name": "Returns", "category_id": 3, "locale": "en-us"}]}
CATEGORIES = {"categories": [{"id": 3, "name": "Orders", "locale": "en-us", "source_locale": "en-us"}]}


def test_zendesk_gives_articles_translations_and_sections_and_leaves_drafts_out(tmp_path: Path) -> None:
    read = read_source(*save(tmp_path, a__json=ZENDESK, s__json=SECTIONS, c__json=CATEGORIES))
    assert read.problems == ()
    found = {article.id: article for article in read}
    assert set(found) == {"35", "35-de", "36"}
    assert (found["35"].language, found["35"].collection, found["35"].updated) == (
        "en-US",
        "Orders > Returns",
        date(2026, 4, 2),
    )
    assert (found["35-de"].translation_of, found["35-de"].language) == ("35", "de")
    assert found["36"].audience == "internal"
    assert passages_of(found["35"])[0].heading == ("Label",)


INTERCOM = {
    "type": "list",
    "data": [
        {
            "type": "article", "id": "9", "title": "Returns?", "description": "d", "body": "<p>30 days.</p>", "state": "published",
            "updated_at": 1_780_000_000, "url": "https://h.example/9", "parent_id": 2, "parent_type": "collection", "default_locale": "en",
            "translated_content": {
                "type": "article_translated_content",
                "fr": {"type": "article_content", "title": "Retours ?", "body": "<p>30 jours.</p>", "state": "published"},
                "de": {"type": "article_content", "title": "x", "body": "<p>x</p>", "state": "draft"},
            },
        },
        {"type": "article", "id": "10", "title": "Draft", "body": "<p>x</p>", "state": "draft"},
        {"type": "internal_article", "id": "11", "title": "Fraud", "body": "<p>Signs.</p>", "locale": "en"},
    ],
}  # fmt: skip


def test_intercom_gives_published_articles_and_internal_ones_as_internal(tmp_path: Path) -> None:
    collections = {"type": "list", "data": [{"type": "collection", "id": "2", "name": "Orders", "parent_id": None}]}
    read = read_source(*save(tmp_path, a__json=INTERCOM, c__json=collections))
    found = {article.id: article for article in read}
    assert set(found) == {"9", "9-fr", "11"}
    assert (found["9"].collection, found["9"].updated, found["9-fr"].translation_of) == (
        "Orders",
        date(2026, 5, 28),
        "9",
    )
    assert found["11"].audience == "internal"


GORGIAS = {
    "data": [
        {
            "id": 4, "help_center_id": 1, "updated_datetime": "2026-01-05T10:00:00Z",
            "translation": {"locale": "en-US", "title": "Returns?", "content": "<p>30 days.</p>", "slug": "returns", "visibility_status": "PUBLIC", "category_id": 2},
        },
        {"id": 5, "help_center_id": 1, "translation": {"locale": "en-US", "title": "Hidden", "content": "<p>x</p>", "visibility_status": "UNLISTED"}},
        {"id": 6, "help_center_id": 1, "translation": {"locale": "en-US", "title": "Draft", "content": "<p>x</p>", "visibility_status": "PUBLIC", "is_current": False}},
    ]
}  # fmt: skip


def test_gorgias_gives_what_is_public_and_keeps_unlisted_articles_internal(tmp_path: Path) -> None:
    categories = {"data": [{"id": 2, "help_center_id": 1, "translation": {"locale": "en-US", "title": "Orders"}}]}
    read = read_source(*save(tmp_path, a__json=GORGIAS, c__json=categories))
    found = {article.id: article for article in read}
    assert set(found) == {"4", "5"}
    assert (found["4"].collection, found["4"].language, found["5"].audience) == ("Orders", "en-US", "internal")


def test_an_export_without_a_published_article_says_so(tmp_path: Path) -> None:
    (problem,) = read_source(*save(tmp_path, s__json=SECTIONS)).problems
    assert problem.code == "source-empty"
    assert "Zendesk" in problem.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["articles", "data", "translation", "translations", "type", "body", "content", "locale", "id", "title",
                         "state", "section_id", "html_url", "translated_content", "visibility_status", "updated_at"]),
        inner | st.sampled_from(["article", "published", "<p>x</p>"]), max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(document=JSON)
def test_any_json_is_articles_or_problems_and_never_a_crash(
    document: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (path,) = save(tmp_path_factory.mktemp("any"), a__json=json.dumps(document))
    read = read_source(path)
    assert read.articles or read.problems


# ---- writing
def test_what_is_written_says_the_same_when_it_is_read(tmp_path: Path) -> None:
    html = (
        "<h2>Steps *for* you</h2><p>1. is no list &amp; &lt;b&gt; neither</p><ol><li>Book <a href='/label'>the label</a></li>"
        "<li>Print</li></ol><table><tr><th>Country</th><th>Price</th></tr><tr><td>Ireland</td><td>free</td></tr></table>"
        "<p># no heading<br>second line</p>"
    )
    article = Article(
        id="r",
        title="Returns: how?",
        text=html,
        format="html",
        language="de",
        markets=("IE",),
        audience="internal",
        valid_until=date(2026, 9, 1),
    )
    written = write_articles([article], tmp_path)
    assert written.written == ("r.md",)
    again = read_article((tmp_path / "r.md").read_bytes(), file="r.md")
    assert again.problems == ()
    (read,) = again
    assert (read.title, read.language, read.markets, read.audience, read.valid_until) == (
        "Returns: how?",
        "de",
        ("IE",),
        "internal",
        date(2026, 9, 1),
    )
    (before,), (after,) = passages_of(article), passages_of(read)
    assert after.text.replace("- Country", "Country").replace("- Ireland", "Ireland") == before.text
    assert [link.target for link in after.links] == ["/label"]


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60),
    st.text(alphabet="ab *_#`<>[]()&;|-+.1\n\\~=", min_size=1, max_size=60),
)
def test_any_title_and_text_survive_a_file(title: str, text: str) -> None:
    from html import escape

    article = Article(id="x", title=title, text=f"<p>{escape(text)}</p>", format="html")
    read = read_article(article_file(article).encode("utf-8", "replace"), file="x.md")
    before = [passage.text.split() for passage in passages_of(article)]
    assert [passage.text.split() for found in read for passage in passages_of(found)] == before
    if before:
        assert [found.title for found in read] == [article.title]


def test_a_file_that_says_something_else_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    article = Article(id="r", title="T", text="One.")
    write_articles([article], tmp_path)
    (tmp_path / "r.md").write_text("Mine.")
    assert write_articles([article], tmp_path).kept == ("r.md",)
    assert write_articles([article], tmp_path, overwrite=True).written == ("r.md",)


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    write_articles(
        [Article(id="../../x", title="../y", text="One."), Article(id="/etc/x", title="", text="Two.")], tmp_path / "in"
    )
    assert [path.parent for path in tmp_path.rglob("*.md")] == [tmp_path / "in"] * 2


def test_documents_in_the_folder_are_found_and_exports_are_pointed_to_import(tmp_path: Path) -> None:
    (tmp_path / "back.docx").write_bytes(word(para("Lamps come back by courier.")))
    (tmp_path / "faq.csv").write_text("title,text\na,b\n")
    base = KnowledgeBase.from_folder(tmp_path)
    assert base.search("lamp courier")[0].article_id == "back"
    assert [problem.code for problem in base.problems] == ["article-several"]
