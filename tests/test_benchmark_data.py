"""The evaluation data in `benchmarks/data` is what its README says: counts, halves, labels that exist, nothing twice."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from convagent.catalog import Catalog

ROOT = Path(__file__).parents[1]
DATA = ROOT / "benchmarks" / "data"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
TEXTS = {
    "demo-messages.jsonl": ("text",),
    "bank-questions.jsonl": ("question",),
    "support-questions-7-languages.jsonl": LANGUAGES,
    "parallel-support.jsonl": LANGUAGES,
}


def entries(name: str) -> list[dict[str, Any]]:
    """The objects of a file, one a line, without blank lines."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def normalised(text: str) -> str:
    """Words only, case folded, so that punctuation and capitals make no difference; signs alone stay as they are."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded)) or folded.strip()


def guides_with_examples() -> dict[str, set[str]]:
    """The titles of guides that have examples, with the examples, normalised."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "guidance").glob("*.md")):
        for part in re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title = part.split("\n", 1)[0].strip()
            examples = re.findall(r'^- (?:not )?"(.*)"$', part, flags=re.MULTILINE)
            if examples and re.search(r"^When ", part, flags=re.MULTILINE):
                found[title] = {normalised(example) for example in examples}
    return found


def article_ids() -> set[str]:
    """The ids of the shop's public articles in English."""
    found = set()
    for path in (ROOT / "knowledge" / "articles").rglob("*"):
        if path.suffix not in {".md", ".html"} or {"internal", "de", "fr"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        declared = re.search(r"^id: (\S+)$", text, re.MULTILINE) or re.search(r':id" content="([^"]+)"', text)
        found.add(declared.group(1) if declared else path.stem)
    return found


def kind(entry: dict[str, Any]) -> str:
    """The one key of what is expected."""
    (only,) = entry["expect"]
    return str(only)


def titles(entry: dict[str, Any]) -> list[str]:
    """The guides that a message asks for."""
    expect = entry["expect"]
    return [expect["guide"]] if "guide" in expect else list(expect.get("guides", ()))


@pytest.mark.parametrize("name", TEXTS)
def test_every_line_is_a_whole_entry_with_an_id_of_its_own(name: str) -> None:
    rows = entries(name)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert all(isinstance(row[key], str) and row[key] == row[key].strip() != "" for key in TEXTS[name]), row["id"]


def test_no_text_stands_twice_in_a_half_between_halves_or_between_files() -> None:
    seen: dict[str, str] = {}
    for name, keys in TEXTS.items():
        for row in entries(name):
            # Two languages may share a sentence within one entry; nothing else may.
            for text in {normalised(row[key]) for key in keys}:
                here = f"{name} {row['id']}"
                assert text not in seen, f"{here} repeats {seen[text]}: {text}"
                seen[text] = here


def test_the_messages_have_the_counts_the_readme_promises() -> None:
    rows = entries("demo-messages.jsonl")
    assert Counter(row["language"] for row in rows) == {"en": 410, "de": 71, "fr": 56}
    assert Counter(map(kind, rows)) == {"guide": 263, "guides": 12, "article": 94, "outside": 168}
    assert Counter(row["half"] for row in rows) == {"tune": 269, "final": 268}
    for which in ("guide", "guides", "article", "outside"):
        halves = Counter(row["half"] for row in rows if kind(row) == which)
        assert abs(halves["tune"] - halves["final"]) <= 2, which
    assert all(set(row) <= {"id", "text", "language", "expect", "half", "note"} for row in rows)


def test_the_conversations_turn_by_turn_are_what_the_readme_promises() -> None:
    rows = entries("demo-turns.jsonl")
    assert [row["id"] for row in rows] == [f"t{number:03}" for number in range(1, 171)]
    assert Counter(row["language"] for row in rows) == {"en": 119, "de": 28, "fr": 23}
    turns = [turn for row in rows for turn in row["turns"]]
    assert sum(len(row["turns"]) > 1 for row in rows) == 32
    kinds = Counter(map(kind, turns))
    assert kinds == {"guide": 137, "guides": 4, "article": 20, "outside": 9, "answers": 50, "courtesy": 28}
    guides = {path_title for path in (ROOT / "guidance").glob("*.md") for path_title in _titles_in(path)}
    named = {title for turn in turns for title in (*titles(turn), turn["expect"].get("answers"))} - {None}
    assert named <= guides
    assert {turn["expect"]["article"] for turn in turns if kind(turn) == "article"} <= article_ids()
    emails = {customer["email"] for customer in json.loads((ROOT / "back_office" / "customers.json").read_text())}
    assert {row["customer"] for row in rows} - {None} <= emails


def test_no_message_of_the_conversations_is_an_example_or_stands_in_another_file() -> None:
    examples = set().union(*guides_with_examples().values())
    elsewhere = {normalised(row[key]) for name, keys in TEXTS.items() for row in entries(name) for key in keys}
    for row in entries("demo-turns.jsonl"):
        for turn in row["turns"]:
            said = normalised(turn["text"])
            assert said not in examples, turn["text"]
            assert len(said.split()) <= 4 or said not in elsewhere, turn["text"]


def _titles_in(path: Path) -> list[str]:
    return re.findall(r"^# (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_safeguards_messages_are_what_the_readme_promises() -> None:
    rows = entries("safeguards.jsonl")
    assert len({row["id"] for row in rows}) == len({normalised(row["text"]) for row in rows}) == len(rows) == 367
    assert Counter(row["language"] for row in rows) == {"en": 266, "de": 51, "fr": 50}
    kinds = Counter((row.get("safeguard"), row["kind"]) for row in rows)
    safeguards = {row["safeguard"] for row in rows if "safeguard" in row}
    assert len(safeguards) == 6
    assert safeguards <= set(guides_with_examples())
    assert kinds[(None, "ordinary")] == 155
    assert all(kinds[(title, "meant")] >= 20 and kinds[(title, "look_alike")] == 15 for title in safeguards)
    for kind_of_row in kinds:
        halves = Counter(row["half"] for row in rows if (row.get("safeguard"), row["kind"]) == kind_of_row)
        assert halves["tune"] - halves["final"] in (0, 1), kind_of_row


def test_no_message_for_a_safeguard_is_an_example_or_stands_elsewhere() -> None:
    own = {normalised(row["text"]) for row in entries("safeguards.jsonl") if row["kind"] != "ordinary"}
    assert not own & set().union(*guides_with_examples().values())


def test_every_guide_with_examples_is_asked_for_three_times_and_in_both_halves() -> None:
    rows = entries("demo-messages.jsonl")
    known = guides_with_examples()
    hits = Counter(title for row in rows for title in titles(row))
    assert set(hits) == set(known)
    assert min(hits.values()) >= 3
    for half in ("tune", "final"):
        assert {title for row in rows if row["half"] == half for title in titles(row)} == set(known)
    assert all(len(set(titles(row))) == 2 for row in rows if kind(row) == "guides")


def test_no_message_is_an_example_of_a_guide() -> None:
    examples = set().union(*guides_with_examples().values())
    assert not [row["id"] for row in entries("demo-messages.jsonl") if normalised(row["text"]) in examples]


def test_the_articles_that_messages_name_exist() -> None:
    rows = entries("demo-messages.jsonl")
    named = {row["expect"]["article"] for row in rows if kind(row) == "article"}
    assert named <= article_ids()
    assert all(row["expect"]["outside"] is True for row in rows if kind(row) == "outside")


def test_two_thirds_of_the_bank_questions_are_answerable_in_both_halves() -> None:
    rows = entries("bank-questions.jsonl")
    assert all(set(row) == {"id", "question", "article", "half"} for row in rows)
    parts = Counter((row["half"], row["article"] is None) for row in rows)
    assert parts == {("tune", False): 70, ("final", False): 70, ("tune", True): 35, ("final", True): 35}


def test_the_bank_articles_that_questions_name_exist(shared_data: Path) -> None:
    lines = (shared_data / "bank-help-center" / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    named = {row["article"] for row in entries("bank-questions.jsonl")} - {None}
    assert named <= {json.loads(line)["id"] for line in lines}


@pytest.mark.parametrize(
    ("name", "count"), [("support-questions-7-languages.jsonl", 100), ("parallel-support.jsonl", 250)]
)
def test_the_parallel_files_have_seven_languages_a_line(name: str, count: int) -> None:
    rows = entries(name)
    assert len(rows) == count
    assert all(set(row) == {"id", *LANGUAGES} for row in rows)
    for language in LANGUAGES[1:]:
        assert not [row["id"] for row in rows if normalised(row[language]) == normalised(row["en"])], language


def test_the_product_queries_have_two_halves_a_tenth_each_in_german_and_french_and_nothing_twice() -> None:
    rows = entries("product-queries.jsonl")
    assert all(set(row) == {"query", "language", "half", "relevant"} for row in rows)
    assert all(row["query"] == row["query"].strip() != "" for row in rows)
    assert len({normalised(row["query"]) for row in rows}) == len(rows) == 150
    assert Counter(row["half"] for row in rows) == {"tune": 75, "final": 75}
    assert Counter(row["language"] for row in rows) == {"en": 120, "de": 15, "fr": 15}
    for language in ("en", "de", "fr"):
        halves = Counter(row["half"] for row in rows if row["language"] == language)
        assert abs(halves["tune"] - halves["final"]) <= 1, language


def test_the_products_that_queries_name_can_be_bought_and_one_is_exactly_what_is_wanted() -> None:
    catalog = Catalog.from_file(ROOT / "knowledge" / "catalog" / "products.csv")
    buyable = {product.id for product in catalog.products if product.in_stock}
    for row in entries("product-queries.jsonl"):
        assert set(row["relevant"]) <= buyable, row["query"]
        assert set(row["relevant"].values()) <= {1, 2, 3}, row["query"]
        assert 3 in row["relevant"].values(), row["query"]


def test_the_readme_names_every_file_and_the_rule() -> None:
    text = " ".join((DATA / "README.md").read_text(encoding="utf-8").split())
    assert all(f"`{name}`" in text for name in (*TEXTS, "product-queries.jsonl"))
    assert "The final half is only reported, never tuned on" in text


def test_the_replies_are_labelled_as_the_readme_says() -> None:
    replies = entries("replies.jsonl")
    assert len(replies) == len({reply["id"] for reply in replies}) == 188
    assert Counter(reply["right"] for reply in replies) == {True: 88, False: 100}
    assert Counter(reply["half"] for reply in replies) == {"tune": 126, "final": 62}
    assert Counter(reply["language"] for reply in replies) == {"en": 145, "de": 28, "fr": 15}
    known = {
        found[1]
        for folder in (ROOT / "knowledge" / "articles", DATA / "reply-articles")
        for path in folder.rglob("*.md")
        if (found := re.search(r"^id: (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)) is not None
    }
    for reply in replies:
        assert set(reply["sources"]) <= known, reply["id"]
        assert reply.get("wrong", "") in reply["reply"]
        assert not (reply["right"] and "wrong" in reply)
    assert len({normalised(reply["reply"]) for reply in replies}) == len(replies)


def test_the_statements_are_labelled_as_the_readme_says() -> None:
    replies = entries("statements.jsonl")
    assert len(replies) == len({reply["id"] for reply in replies}) == 120
    assert Counter((reply["right"], reply["half"]) for reply in replies) == {
        (True, "tune"): 30, (True, "final"): 30, (False, "tune"): 30, (False, "final"): 30,
    }  # fmt: skip
    assert Counter(reply["language"] for reply in replies) == {"en": 78, "de": 23, "fr": 19}
    known = {path.stem for path in (ROOT / "knowledge" / "articles").rglob("*.md")}
    before = {normalised(reply["reply"]) for reply in entries("replies.jsonl")}
    for reply in replies:
        assert set(reply["sources"]) <= known, reply["id"]
        assert reply.get("wrong", "") in reply["reply"]
        assert not (reply["right"] and "wrong" in reply)
        assert normalised(reply["reply"]) not in before
    assert len({normalised(reply["reply"]) for reply in replies}) == len(replies)


def test_the_statements_of_other_shops_are_labelled_as_the_readme_says() -> None:
    replies = entries("other-statements.jsonl")
    assert len(replies) == len({reply["id"] for reply in replies}) == len({reply["reply"] for reply in replies}) == 60
    assert Counter((reply["right"], reply["half"]) for reply in replies) == {
        (True, "tune"): 16, (True, "final"): 14, (False, "tune"): 16, (False, "final"): 14,
    }  # fmt: skip
    assert Counter(reply["language"] for reply in replies) == {"en": 34, "de": 14, "fr": 12}
    known = {path.stem for path in (DATA / "reply-articles").glob("*.md")}
    for reply in replies:
        assert set(reply["sources"]) <= known, reply["id"]
        assert (reply["wrong"] in reply["reply"]) if not reply["right"] else "wrong" not in reply
