"""Reports: what a reader sees of a run, and that whatever customers write stays text in them."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser
from tests.evals.conftest import handed, result, turn

from convagent.evals import CaseResult, judge_gates, measure
from convagent.evals.compare import Run, compare
from convagent.evals.outline import ArticleOutline, Branch, GuideOutline, Outline
from convagent.evals.reports import RunSummary, html, summarise, to_annotations, to_html, to_junit, to_markdown
from convagent.settings import GateSettings

HOSTILE = "</script><img src=x onerror=alert(1)> {{ 7*7 }} ]]> --> & “quotes\" ' <b>@all</b> \u202e"
ANSWERED = {"outcome": "Answered"}
OUTLINE = Outline(
    (
        GuideOutline("Cancel <an> order", "guidance/orders.md", 3, (Branch("Cancel <an> order/2", 9, "x is 1"),)),
        GuideOutline("Never read", "guidance/orders.md", 30),
    ),
    (ArticleOutline("returns", "Returns", "articles/returns.md"),),
)
READ = {
    "kind": "condition", "text": "x is 1: yes (x = 1)",
    "data": {"guide": "Cancel <an> order/2", "line": 9, "result": "yes", "seen": {}},
}  # fmt: skip
GOOD = result([turn("hello", reply={"text": "Hi."}, trace=[READ])], [ANSWERED], id="s/good")
BAD = result([turn("first"), handed("guidance", text="second")], [ANSWERED, ANSWERED], id="s/bad")
BROKE = GOOD.model_copy(
    update={"case": GOOD.case.model_copy(update={"id": "s/broke"}), "verdict": "error", "error": "boom"}
)
UNTOLD = result([turn("anything")], [{}], id="s/untold")
EVIL = result([turn(HOSTILE, reply={"text": HOSTILE, "language": '"><x'})], [{"says": HOSTILE + "!"}], id="s/evil")
ALL = (GOOD, BAD, BROKE, UNTOLD, EVIL)


def summed(*results: CaseResult, **rest: object) -> RunSummary:
    return summarise(results, {"outline": OUTLINE.to_json(), "stamp": "abc"}, **rest)  # type: ignore[arg-type]


def page(*results: CaseResult, **rest: object) -> Any:
    return LexborHTMLParser(to_html(summed(*results, **rest)))


def text_of(node: object) -> str:
    return " ".join(str(node.text(deep=True, separator=" ")).split()) if node is not None else ""  # type: ignore[attr-defined]


# ---- HTML
def test_every_case_is_there_what_broke_first() -> None:
    cases = page(*ALL).css("article.case")
    assert [node.attributes["id"] for node in cases] == ["case-3", "case-2", "case-5", "case-4", "case-1"]
    assert [text_of(node.css_first(".badge")) for node in cases] == ["Error", "Fail", "Fail", "Can't be told", "Pass"]
    for case, node in zip((BROKE, BAD, EVIL, UNTOLD, GOOD), cases, strict=True):
        assert case.case.id in text_of(node)


def test_a_failed_check_stands_at_its_turn_beside_the_trace() -> None:
    turns = page(BAD).css("section.turn")
    assert ["failed" in (node.attributes["class"] or "") for node in turns] == [False, True]
    assert "Outcome Answered came: Handed over to care because guidance" in text_of(turns[1].css_first(".expected"))
    assert "x is 1: yes" in text_of(page(GOOD).css_first("section.turn .story"))


def test_what_customers_write_stays_text() -> None:
    source = to_html(summed(EVIL))
    tree: Any = LexborHTMLParser(source)
    assert not tree.css("img")
    assert len(tree.css("script")) == 1
    assert not tree.css("b b, x")
    assert HOSTILE in tree.css_first(".bubble.customer p").text(deep=True)
    assert HOSTILE in tree.css_first(".bubble.agent p").text(deep=True)
    assert "onerror" not in {name for node in tree.css("*") for name in node.attributes}


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=80))
def test_no_text_makes_markup(text: str) -> None:
    plain = LexborHTMLParser(to_html(summed(result([turn("x")], [ANSWERED], id="s/x"))))
    other = LexborHTMLParser(to_html(summed(result([turn(text)], [ANSWERED], id="s/x"))))
    assert [node.tag for node in plain.css("*")] == [node.tag for node in other.css("*")]


def test_the_page_needs_nothing_from_elsewhere_and_lets_no_other_script_run() -> None:
    source = to_html(summed(*ALL))
    tree: Any = LexborHTMLParser(source)
    assert not tree.css("link, iframe, img, object, embed, script[src], [onclick]")
    assert not re.search(r"@import|url\(|https?://", source)
    policy = next(
        node.attributes["content"] or "" for node in tree.css("meta") if node.attributes.get("http-equiv") is not None
    )
    assert "default-src 'none'" in policy
    assert html._sha256(tree.css_first("script").text()) in policy


def test_the_page_has_a_language_one_title_and_headings_in_order() -> None:
    tree = page(*ALL)
    assert tree.css_first("html").attributes["lang"] == "en"
    assert (
        text_of(tree.css_first("h1"))
        == "2 of 5 cases fail, 1 could not be judged because something broke, 1 can't be told, 1 pass."
    )
    levels = [int((node.tag or "h0")[1]) for node in tree.css("h1, h2, h3, h4, h5")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    targets = {(node.attributes["href"] or "")[1:] for node in tree.css("a[href]")}
    assert targets <= set(ids)
    assert all(node.css_first("input, select") for node in tree.css("form label"))


def test_it_offers_what_there_is_to_filter_by() -> None:
    tree = page(*ALL)
    options = {
        node.attributes["data-facet"]: [text_of(option) for option in node.css("option")][1:]
        for node in tree.css("select")
    }
    assert options["verdict"] == ["Pass (1)", "Fail (2)", "Error (1)", "Can't be told (1)"]
    assert options["reason"] == ["guidance (1)"]
    assert "handed over where it should have answered (1)" in options["fault"]
    place = [text_of(o).startswith("handed over where") for o in tree.css('select[data-facet="fault"] option')].index(
        True
    ) - 1
    assert tree.css_first("#case-2").attributes["data-fault"] == str(place)


def test_a_large_run_stays_bounded_and_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [GOOD.model_copy(update={"trial": number}) for number in range(40)]
    tree: Any = LexborHTMLParser(to_html(summed(*many, BAD), transcript_bytes=12_000))
    whole = len(tree.css("article.case details"))
    assert 1 < whole < 41
    assert tree.css_first("#case-41 details") is not None, "what fails is shown first"
    assert f"{41 - whole} of the cases below are shown in one line" in text_of(tree.css_first("#cases"))
    monkeypatch.setattr(html, "MOST_ROWS", 10)
    tree = page(*many, BAD)
    assert len(tree.css("article.case")) == 10
    assert "31 cases are left out of this page" in text_of(tree.css_first("#cases"))


def test_gates_figures_mix_ups_sureness_and_coverage_are_told() -> None:
    understood = {
        "kind": "understood",
        "text": "understood",
        "data": {"requests": [{"guide": "A", "probability": 0.8, "answerable": 0, "ranked": [["A", 0.8]]}]},
    }
    read = {"kind": "guide", "text": "read “A”", "data": {"guide": "A", "line": 1}}
    mixed = result([turn(trace=[understood, read])], [{"guide": "B"}], id="s/mixed")
    gates = judge_gates([GOOD, mixed], measure([GOOD, mixed]), GateSettings(minimum={"pass_rate": 0.9}))
    tree = page(GOOD, mixed, gates=gates)
    assert "Not met. Cases that passed (pass_rate), at least 90.0%: 50.0%" in text_of(tree.css_first("#gates"))
    assert "Likely between" in text_of(tree.css_first("#figures thead"))
    assert "1 × expected B, came A" in text_of(tree.css_first("#mix-ups"))
    assert "On average it is 80% sure and right 0% of the time: surer than it should be." in text_of(
        tree.css_first("#sureness")
    )
    assert len(tree.css("#sureness figure svg")) == 2
    cover = text_of(tree.css_first("#coverage"))
    assert "Guides that were read 50.0% 1 of 2" in cover
    assert "guidance/orders.md:9 If x is 1 always held" in cover
    assert "Never read guidance/orders.md:30 never read" in cover


def test_the_same_run_gives_the_same_bytes_and_an_incomplete_one_says_so() -> None:
    assert to_html(summed(*ALL)) == to_html(summed(*ALL))
    assert "This run did not come to its end." in to_html(summarise([GOOD], None))
    assert "This run did not come to its end." not in to_html(summed(GOOD))


# ---- JUnit XML
def junit(*results: CaseResult) -> ET.Element:
    return ET.fromstring(to_junit(summed(*results)))


def test_junit_holds_what_gitlab_and_jenkins_ask_for() -> None:
    placed = BAD.model_copy(
        update={"case": BAD.case.model_copy(update={"file": "evals/a.yaml", "line": 7, "tags": ("x",)})}
    )
    root = junit(GOOD, placed, BROKE, UNTOLD)
    assert root.tag == "testsuites"
    assert [child.tag for child in root] == ["testsuite"]
    for counted in (root, root[0]):
        counts = {name: counted.attrib[name] for name in ("tests", "failures", "errors", "skipped")}
        assert counts == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
        assert float(counted.attrib["time"]) >= 0
        assert counted.attrib["name"]
    cases = root.findall("testsuite/testcase")
    for case in cases:
        assert case.attrib["classname"] == "s"
        assert case.attrib["name"]
        assert float(case.attrib["time"]) >= 0
        assert all(each.attrib["name"] and "value" in each.attrib for each in case.findall("properties/property"))
    inside = [[child.tag for child in case if child.tag != "properties"] for case in cases]
    assert inside == [[], ["failure"], ["error"], ["skipped"]]
    assert (cases[1].attrib["file"], cases[1].attrib["line"]) == ("evals/a.yaml", "7")
    failure = cases[1].find("failure")
    assert failure is not None
    assert failure.attrib["type"] == "outcome"
    assert failure.attrib["message"].startswith("turn 2, outcome: expected Answered")
    assert "second" in (failure.text or "")
    assert {"name": "tag", "value": "x"} in [each.attrib for each in cases[1].iter("property")]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), min_size=1, max_size=60))
def test_junit_is_well_formed_whatever_was_written(text: str) -> None:
    judged = result([handed(text="x" + text)], [ANSWERED], id="s/x")
    failure = junit(judged).find("testsuite/testcase/failure")
    assert failure is not None


def test_characters_that_xml_can_t_hold_are_replaced() -> None:
    failure = junit(result([handed(text="a\x00b\x1b[31mc\ufffe")], [ANSWERED], id="s/x")).find(".//failure")
    assert failure is not None
    assert "a\ufffdb\ufffd[31mc\ufffd" in (failure.text or "")


# ---- Markdown
def test_markdown_tells_counts_gates_and_the_worst_first() -> None:
    gates = judge_gates(ALL, measure(ALL), GateSettings(minimum={"pass_rate": 0.9}))
    told = to_markdown(summed(*ALL, gates=gates))
    assert told.startswith("## ❌ 2 of 5 cases fail")
    assert "gates not met" in told
    assert "at least 90.0%: 25.0%" in told
    assert told.count("<details>") == told.count("</details>") == 4
    assert told.index("boom") < told.index("Turn 2")
    assert "guidance/orders.md:9" in told.replace("\\", "")
    assert to_markdown(summed(GOOD)).startswith("## ✅ The one case passes.")
    assert to_markdown(summarise([GOOD], None)).startswith("## ⚠️ The one case passes."), "the run was cut off"


def test_a_run_of_nothing_makes_reports_too() -> None:
    assert "Nothing was run." in to_html(summed())
    assert to_markdown(summed()).startswith("## ⚠️ Nothing was run.")
    assert junit().attrib["tests"] == "0"


def test_markdown_names_what_is_newly_broken_since_the_base() -> None:
    before = result([turn("first"), turn("second")], [ANSWERED, ANSWERED], id="s/bad")
    found = compare(Run((before,)), Run((BAD,)))
    told = to_markdown(summed(BAD, comparison=found))
    assert "**1 newly broken**, 0 newly mended" in told
    assert "turn 2, “second”: Answered →" in told


def test_markdown_is_bounded() -> None:
    many = [BAD.model_copy(update={"trial": number}) for number in range(300)]
    told = to_markdown(summed(*many))
    assert len(told) < 20_000
    assert "… and 290 more." in told


def test_in_markdown_too_customers_words_stay_text() -> None:
    words = f"{HOSTILE} [a](http://evil.example) # @team | `x` </details> www.x.example"
    told = to_markdown(summed(result([handed(text=words)], [ANSWERED], id="s/x")))
    shown: Any = LexborHTMLParser(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(told))
    assert not shown.css("img, a, script, b")
    assert len(shown.css("details")) == 2
    assert "@" not in told
    assert "[a](http://evil.example)" in text_of(shown.body)


# ---- GitHub
def test_annotations_are_escaped_bounded_and_relative_to_the_repository(tmp_path: Path) -> None:
    case = BAD.case.model_copy(update={"file": "evals/a,b:c%.yaml", "line": 7, "title": "50%: yes,\nno"})
    lines = to_annotations(summed(BAD.model_copy(update={"case": case})), root=Path.cwd())
    (line,) = lines
    assert line == (
        "::error file=evals/a%2Cb%3Ac%25.yaml,line=7,title=50%25%3A yes%2C%0Ano::turn 2, outcome: expected Answered, got "
        "Handed over to care because guidance"
    )
    (beside,) = to_annotations(summed(BAD.model_copy(update={"case": case})), root=Path.cwd().parent)
    assert f"file={Path.cwd().name}/evals/" in beside
    many = [BAD.model_copy(update={"trial": number}) for number in range(30)]
    told = to_annotations(summed(*many))
    assert len(told) == 10
    assert "… and 21 more cases." in told[-1]
    assert all("\n" not in line for line in told)
    assert to_annotations(summed(GOOD)) == ()
