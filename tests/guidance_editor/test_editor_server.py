"""The language server in a process of its own, spoken to as editors speak to it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_commands import convagent
from tests.guidance_editor.client import Editor, ServerError, place, units
from tests.guidance_editor.conftest import GUIDE

pytest.importorskip("pygls", reason="the language server's library isn't installed: pip install 'convagent[editor]'")

from convagent.guidance.language.format import format_text
from convagent.guidance_editor.text_lines import TextLines


@pytest.fixture(scope="module")
def mine(shop_folder: Path) -> Path:
    return shop_folder / "guidance" / "mine.md"


class Opened:
    """A file that is written to."""

    def __init__(self, editor: Editor, path: Path) -> None:
        self.editor, self.path = editor, path
        self.uri = editor.open(path)
        self.version, self.text = 1, path.read_text(encoding="utf-8")

    def write(self, text: str) -> list[dict[str, Any]]:
        """Writes another text without saving it; what is wrong with it."""
        self.version += 1
        self.text = text
        self.editor.change(self.uri, text, self.version)
        return self.editor.diagnostics(self.uri, self.version)

    def labels(self, line: str) -> list[str]:
        """What may be written at the `|` of a line that is added to the guide's end."""
        self.version += 1
        text = GUIDE + line
        at = text.rindex("|")
        self.text = text[:at] + text[at + 1 :]
        self.editor.change(self.uri, self.text, self.version)
        row = self.text.count("\n", 0, at)
        return self.editor.labels(
            self.uri, {"line": row, "character": units(self.text[self.text.rfind("\n", 0, at) + 1 : at])}
        )

    def accepted(self, line: str, label: str) -> str:
        """The last line once a completion was taken."""
        self.labels(line)
        at = (GUIDE + line).rindex("|")
        row = self.text.count("\n", 0, at)
        position = {"line": row, "character": units(self.text[self.text.rfind("\n", 0, at) + 1 : at])}
        items = self.editor.at("completion", self.uri, position)["items"]
        (item,) = [item for item in items if item["label"] == label]
        return applied(self.text, [item["textEdit"]]).removeprefix(GUIDE)


@pytest.fixture
def opened(editor: Editor, mine: Path) -> Iterator[Opened]:
    mine.write_text(GUIDE, encoding="utf-8")
    file = Opened(editor, mine)
    editor.diagnostics(file.uri)
    yield file
    editor.notify("textDocument/didClose", textDocument={"uri": file.uri})
    editor.diagnostics(file.uri, None)
    editor.notes.clear()


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """A text with edits made, as an editor makes them."""
    from lsprotocol.types import Position, Range

    lines = TextLines(text)

    def start(edit: dict[str, Any]) -> tuple[int, int]:
        return edit["range"]["start"]["line"], edit["range"]["start"]["character"]

    for edit in sorted(edits, key=start, reverse=True):
        where = Range(Position(**edit["range"]["start"]), Position(**edit["range"]["end"]))
        lines = lines.changed(where, edit["newText"])
    return lines.text


def stretch(text: str, where: dict[str, Any]) -> str:
    """What a range holds."""
    from lsprotocol.types import Position

    lines = TextLines(text)
    return text[lines.offset(Position(**where["start"])) : lines.offset(Position(**where["end"]))]


# ---- findings
def test_a_clean_guide_has_no_findings(opened: Opened) -> None:
    assert opened.editor.diagnostics(opened.uri) == []


def test_what_is_typed_is_checked_before_it_is_saved(opened: Opened) -> None:
    (found,) = opened.write(GUIDE.replace('go to "Cancel an order"', 'go to "Cancle an order"'))
    assert (found["code"], found["severity"]) == ("G207", 1)
    assert "Cancel an order" in found["message"]
    assert opened.write(GUIDE) == []
    assert opened.path.read_text(encoding="utf-8") == GUIDE


def test_a_stretch_behind_emoji_is_changed_and_found_in_units_of_utf16(opened: Opened) -> None:
    opened.version += 1
    start, end = place(GUIDE, "order.id }} is on"), place(GUIDE, "order.id }} is on")
    end["character"] += len("order.id")
    opened.editor.change(opened.uri, "order.idd", opened.version, range={"start": start, "end": end})
    (found,) = opened.editor.diagnostics(opened.uri, opened.version)
    text = GUIDE.replace("order.id }} is on", "order.idd }} is on")
    assert found["code"] == "G202"
    assert stretch(text, found["range"]) == "{{ order.idd }}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-32"])
def test_an_editor_may_count_otherwise(mine: Path, encoding: str) -> None:
    with Editor(capabilities={"general": {"positionEncodings": [encoding]}}) as session:
        assert session.server["capabilities"]["positionEncoding"] == encoding
        text = GUIDE.replace("🎈🎈 {{ order.id }}", "🎈🎈 {{ order.idd }}")
        uri = session.open(mine, text)
        (found,) = session.diagnostics(uri)
        line = text.split("\n")[found["range"]["start"]["line"]]
        before = line[: line.index("{{ order.idd")]
        assert found["range"]["start"]["character"] == (len(before.encode()) if encoding == "utf-8" else len(before))


def test_other_files_of_the_shop_are_in_view(opened: Opened, shop_folder: Path) -> None:
    """A title that changes here breaks a guide there, which isn't even open."""
    other = (shop_folder / "guidance" / "other.md").resolve()
    other.write_text(
        '# Another way\n\nWhen the customer asks for another way:\n- "a"\n- "b b"\n- "c c"\n\n1. go to "Send it back"\n',
        encoding="utf-8",
    )
    opened.write(GUIDE + "\n")
    opened.write(GUIDE.replace("# Send it back", "# Send it home"))
    found = opened.editor.diagnostics(other.as_uri(), None)
    assert [each["code"] for each in found] == ["G207"]
    other.unlink()
    opened.write(GUIDE)


def test_the_server_finds_what_the_command_finds(root: Path, editor: Editor, shop_folder: Path) -> None:
    """Whole shop, from the disk: the demo shop's guides with faults of several kinds among them."""
    broken = shop_folder / "guidance" / "broken.md"
    broken.write_text(
        '# Do it\n\nWhen the customer asks to do it:\n- "do it"\n\n1. If order.status = "x":\n   - say "hi\n1. do frobnicate\n1. Need ordr\n',
        encoding="utf-8",
    )
    (shop_folder / "guidance" / "translations").mkdir(exist_ok=True)
    (shop_folder / "guidance" / "translations" / "de.yaml").write_text('Nowhere:\n  "a": "b"\n', encoding="utf-8")
    told = json.loads(convagent("guidance", "check", "--shop", str(shop_folder), "--json").stdout)
    uri = editor.open(broken)
    editor.diagnostics(uri)
    for name in {finding["file"] for finding in told}:
        path = Path(name)
        found = editor.diagnostics(path.as_uri(), 1 if path == broken else None)
        assert sorted((each["code"], each["range"]["start"]["line"] + 1) for each in found) == sorted(
            (each["code"], each["line"]) for each in told if each["file"] == name
        )
    broken.unlink()
    shutil.rmtree(shop_folder / "guidance" / "translations")
    editor.notify("textDocument/didClose", textDocument={"uri": uri})
    editor.diagnostics(uri, None)
    editor.notes.clear()


def test_typing_fast_is_checked_once_it_pauses(opened: Opened) -> None:
    versions = range(opened.version + 1, opened.version + 30)
    for version in versions:
        opened.editor.change(opened.uri, GUIDE + "x" * version, version)
    opened.version = versions[-1]
    assert [each["code"] for each in opened.editor.diagnostics(opened.uri, opened.version)] != []
    told = {note["params"].get("version") for note in opened.editor.notes if note["params"].get("uri") == opened.uri}
    assert len(told & set(versions)) < len(versions) / 2


# ---- completion
COMPLETIONS = [
    ("1. |", {"say", "hand over", "need"}, {"must"}),
    ("1. ha|", {"hand over"}, set()),
    ("1. If order is known:\n   - |", {"say", "go on", "do"}, {"must"}),
    ("1. Need items: some of order.items\n   - |", {"must", "ask", "else", "within"}, {"say", "if it fails"}),
    ("1. do cancel_order with order = order.id\n   - |", {"if it fails"}, {"say"}),
    ("1. If order.|", {"status", "total", "items"}, {"say"}),
    ("1. If customer.orders.st|", {"status"}, set()),
    ("1. If order.items where its |", {"price", "final_sale"}, {"status"}),
    ("1. Let x be sum of its | over order.items", {"price"}, set()),
    ("1. do |", {"cancel_order", "advise"}, {"find_customer"}),
    ("1. do advise with |", {"about", "words"}, {"order"}),
    ('1. do advise with about = "|"', {"fit", "shade", "complement"}, {"care"}),
    ("1. Let x be look up |", {"find_customer"}, {"cancel_order"}),
    ("1. Let x be look up find_customer with |", {"email", "order_number"}, {"order"}),
    ("1. Let x be look up find_customer with email = customer.email, |", {"order_number"}, {"email"}),
    ('1. hand over to "|"', {"care"}, set()),
    ("1. hand over because |", {"action_failed", "guidance"}, {"care"}),
    ('1. go to "|', {"Cancel an order", "Send it back"}, set()),
    ('1. answer from "|"', {"returns"}, set()),
    ("1. If |", {"order", "dear", "customer", "now"}, {"say"}),
    ('1. say "Hello {{ |', {"order", "dear", "customer"}, set()),
    ('1. say "Hello {{ order.|', {"id", "total"}, set()),
    ('1. say "Hello {{ order.total | mo', {"money", "date"}, {"order"}),
    ("1. say\n   > Hello {{ dear | l|", {"list", "lines"}, set()),
    ('1. If order.status is "|', {"shipped", "pending"}, set()),
    ('1. If order.status is one of "shipped", "|"', {"pending"}, set()),
    ('1. If it seems "|"', {"the customer is in a hurry"}, set()),
    ("1. Need |", {"customer", "order", "email"}, set()),
    ("1. Need wish: |", {"one of", "yes or no", "money"}, set()),
    ("1. Never do |", {"cancel_order", "any write"}, {"advise"}),
    ("\n# New\n\n|", {"when", "gives", "safeguard"}, {"say"}),
    ("\n# New\n\nOnly for |", {"channel", "customer"}, {"say"}),
    ('\n# New\n\nAfter "|"', {"Cancel an order"}, set()),
]


@pytest.mark.parametrize(("line", "wanted", "unwanted"), COMPLETIONS, ids=[line.strip() for line, _, _ in COMPLETIONS])
def test_what_fits_is_offered(opened: Opened, line: str, wanted: set[str], unwanted: set[str]) -> None:
    if line.endswith("mo"):  # the mark of the cursor would be read as a filter's
        line = '1. say "Hello {{ order.total | mo|'
    labels = set(opened.labels(line))
    assert wanted <= labels
    assert not unwanted & labels


@pytest.mark.parametrize(
    ("line", "label", "result"),
    [
        ('1. go to "Can|', "Cancel an order", '1. go to "Cancel an order"'),
        ('1. go to "Can|"', "Cancel an order", '1. go to "Cancel an order"'),
        ("1. If order.st|", "status", "1. If order.status"),
        ('1. say "🎈 {{ order.to|', "total", '1. say "🎈 {{ order.total'),
        ("1. do can|", "cancel_order", "1. do cancel_order with order = ${1}"),
    ],
)
def test_what_is_taken_replaces_what_was_begun(opened: Opened, line: str, label: str, result: str) -> None:
    assert opened.accepted(line, label) == result


def test_nothing_is_offered_in_front_matter_and_in_free_text(opened: Opened) -> None:
    assert opened.labels('1. say "Some words |') == []
    opened.write("---\nignore: [G501]\n---\n" + GUIDE)
    assert opened.editor.labels(opened.uri, {"line": 1, "character": 3}) == []


# ---- hover, definition, references
def hover(opened: Opened, mark: str, text: str = GUIDE) -> str:
    found = opened.editor.at("hover", opened.uri, place(text, mark))
    return "" if found is None else str(found["contents"]["value"])


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("status is", "Where the order stands"),
        ("total | money", "an amount of money, or none"),
        ("price > 50", "For one piece, before discounts"),
        ("dear is not", "a list of line items"),
        ("cancel_order with", "Cancels an order that has not been packed."),
        ("cancel_order with", "demands: customer verified, a confirmation"),
        ("order = order.id", "The order's number"),
        ("money }}", "€12.50"),
        ("Cancel an order", "please cancel my order"),
        ("care", "Customer care"),
        ("customer_request", "asked for a person"),
        ('the customer is in a hurry":\n   - hand', "as fast as you can"),
        ("confirm", "waits for a yes"),
        ("customer\n1. Need order", "what another guide gives"),
    ],
)
def test_a_word_says_what_it_is(opened: Opened, mark: str, told: str) -> None:
    assert told in hover(opened, mark)


def test_what_is_built_in_says_what_it_takes(opened: Opened) -> None:
    text = GUIDE + '\n1. do advise with about = "fit"\n'
    opened.write(text)
    told = hover(opened, "advise with", text)
    assert "shopping assistant" in told
    assert "bundle" in told
    assert "demands" not in told
    assert "What the request is about" in hover(opened, "about = ", text)


def test_a_finding_says_why_it_matters(opened: Opened) -> None:
    text = GUIDE.replace('go to "Cancel an order"', 'go to "Cancle an order"')
    opened.write(text)
    assert "**G207**" in hover(opened, "Cancle an order", text)


def test_a_hover_covers_the_word_behind_an_emoji(opened: Opened) -> None:
    found = opened.editor.at("hover", opened.uri, place(GUIDE, "total | money"))
    assert stretch(GUIDE, found["range"]) == "total"


def defined(opened: Opened, mark: str, occurrence: int = 1) -> tuple[str, str]:
    """File and line of a definition."""
    found = opened.editor.at("definition", opened.uri, place(GUIDE, mark, occurrence=occurrence))
    (where,) = found
    path = Path(where["uri"].removeprefix("file://"))
    return path.name, path.read_text(encoding="utf-8").split("\n")[where["range"]["start"]["line"]].strip()


@pytest.mark.parametrize(
    ("mark", "file", "line"),
    [
        ("Cancel an order", "orders.md", "# Cancel an order"),
        ("cancel_order with", "orders.py", "def cancel_order(order: str) -> None:"),
        ("dear is not", "mine.md", "1. Let dear be order.items where its price > 50 EUR"),
        ("dear | list", "mine.md", "1. Let dear be order.items where its price > 50 EUR"),
        ('the customer is in a hurry":\n   - hand', "mine.md", 'It seems "the customer is in a hurry":'),
        ("care", "convagent.toml", "[teams.care]"),
        ("customer\n1. Need order", "orders.md", "Gives customer"),
        ("status is", "order.py", "status:"),
    ],
)
def test_a_word_leads_to_its_definition(opened: Opened, mark: str, file: str, line: str) -> None:
    found = defined(opened, mark)
    assert found[0] == file or (file == "order.py" and found[0].endswith(".py"))
    assert found[1].startswith(line)


def test_an_article_and_a_fact_of_the_shop_lead_to_their_files(opened: Opened, shop_folder: Path) -> None:
    settings = shop_folder / "convagent.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + '\n[facts.customer]\nlevel = \'one of "gold", "silver"\'\n', encoding="utf-8")
    text = GUIDE + '1. If customer.level is "gold":\n   - answer from "returns"\n'
    assert opened.write(text) == []
    (article,) = opened.editor.at("definition", opened.uri, place(text, "returns"))
    assert "knowledge/articles" in article["uri"]
    (fact,) = opened.editor.at("definition", opened.uri, place(text, 'level is "gold"'))
    assert fact["uri"].endswith("convagent.toml")
    settings.write_text(before, encoding="utf-8")
    opened.write(GUIDE)


def test_references_are_found_in_all_files(opened: Opened, shop_folder: Path) -> None:
    found = opened.editor.at(
        "references", opened.uri, place(GUIDE, "Cancel an order"), context={"includeDeclaration": True}
    )
    assert sorted((Path(each["uri"]).name, each["range"]["start"]["line"]) for each in found) == [
        ("mine.md", GUIDE.split("\n").index('   - go to "Cancel an order"')),
        ("orders.md", (shop_folder / "guidance" / "orders.md").read_text(encoding="utf-8").split("\n").index("# Cancel an order")),
    ]  # fmt: skip
    fields = opened.editor.at(
        "references", opened.uri, place(GUIDE, "status is"), context={"includeDeclaration": False}
    )
    assert {Path(each["uri"]).name for each in fields} == {"mine.md", "orders.md"}
    assert len(fields) >= 6
    names = opened.editor.at(
        "references", opened.uri, place(GUIDE, "dear is not"), context={"includeDeclaration": False}
    )
    assert [stretch(GUIDE, each["range"]) for each in names] == ["dear", "dear"]


# ---- layout, outline, colours
def test_the_formatter_changes_lines_only_where_they_differ(opened: Opened) -> None:
    loose = GUIDE.replace("1. Need customer", "7)   need customer").replace(
        "1. do cancel_order with order = order.id\n", "1. Do cancel_order with order=order.id\n"
    )
    loose = loose.replace('say "🎈🎈', "say “🎈🎈").replace('| money }}."', "| money }}.”")
    opened.write(loose)
    edits = opened.editor.ask(
        "textDocument/formatting", textDocument={"uri": opened.uri}, options={"tabSize": 3, "insertSpaces": True}
    )
    assert applied(loose, edits) == format_text(loose) == GUIDE
    assert len(edits) == 3


@pytest.mark.parametrize("text", [GUIDE.rstrip("\n"), GUIDE + "\n\n\n", "\n\n" + GUIDE, GUIDE.replace("\n", "\r\n")])
def test_the_formatter_minds_the_end_of_the_file(opened: Opened, text: str) -> None:
    opened.write(text)
    edits = opened.editor.ask(
        "textDocument/formatting", textDocument={"uri": opened.uri}, options={"tabSize": 3, "insertSpaces": True}
    )
    assert applied(text, edits).replace("\r\n", "\n") == GUIDE


def test_what_is_at_fault_is_left_as_it_is(opened: Opened) -> None:
    opened.write(GUIDE + "1. If order.status = :\n")
    options = {"tabSize": 3, "insertSpaces": True}
    assert opened.editor.ask("textDocument/formatting", textDocument={"uri": opened.uri}, options=options) == []


def test_the_outline_has_guides_with_their_statements(opened: Opened) -> None:
    (guide,) = opened.editor.ask("textDocument/documentSymbol", textDocument={"uri": opened.uri})
    assert guide["name"] == "Send it back"
    names = [child["name"] for child in guide["children"]]
    assert "Need customer" in names
    branch = next(child for child in guide["children"] if child["name"].startswith("If order.status"))
    assert branch["children"][0]["name"].startswith('say "🎈🎈')

    def inside(outer: dict[str, Any], inner: dict[str, Any]) -> bool:
        def at(place: dict[str, int]) -> tuple[int, int]:
            return place["line"], place["character"]

        return at(outer["start"]) <= at(inner["start"]) and at(inner["end"]) <= at(outer["end"])

    def walk(symbol: dict[str, Any]) -> None:
        assert inside(symbol["range"], symbol["selectionRange"])
        for child in symbol.get("children") or []:
            assert inside(symbol["range"], child["range"])
            walk(child)

    walk(guide)


def test_guides_examples_and_branches_fold(opened: Opened) -> None:
    opened.write("---\nignore: [G501]\n---\n" + GUIDE)
    found = opened.editor.ask("textDocument/foldingRange", textDocument={"uri": opened.uri})
    lines = opened.text.split("\n")
    starts = {lines[each["startLine"]] for each in found}
    assert {
        "---",
        "# Send it back",
        "When the customer asks to return something:",
        "1. say",
        '1. If order.status is "shipped":',
    } <= starts


def test_colours_cover_the_words_that_they_name(opened: Opened) -> None:
    types = opened.editor.server["capabilities"]["semanticTokensProvider"]["legend"]["tokenTypes"]
    data = opened.editor.ask("textDocument/semanticTokens/full", textDocument={"uri": opened.uri})["data"]
    row = column = 0
    seen: list[tuple[str, str]] = []
    end = (0, 0)
    for at in range(0, len(data), 5):
        step, shift, length, kind, _ = data[at : at + 5]
        row, column = row + step, shift if step else column + shift
        assert (row, column) >= end, "colours overlap"
        end = (row, column + length)
        line = TextLines(GUIDE).lines[row].encode("utf-16-le")
        seen.append((types[kind], line[2 * column : 2 * (column + length)].decode("utf-16-le")))
    for wanted in [
        ("class", "Send it back"), ("keyword", "Need"), ("variable", "order"), ("property", "status"), ("function", "cancel_order"),
        ("macro", "money"), ("string", '"🎈🎈 {{ '), ("number", "50 EUR"), ("enumMember", "customer_request"),
    ]:  # fmt: skip
        assert wanted in seen


# ---- quick fixes
def actions(opened: Opened, found: dict[str, Any]) -> list[dict[str, Any]]:
    listed = opened.editor.ask(
        "textDocument/codeAction",
        textDocument={"uri": opened.uri},
        range=found["range"],
        context={"diagnostics": [found]},
    )
    return [each for each in listed if found["code"] in {d["code"] for d in each["diagnostics"]}]


SLIPS = [
    ('go to "Cancel an order"', 'go to "Cancle an order"', "G207"),
    ("do cancel_order with", "do cancle_order with", "G203"),
    ("{{ order.id }} is on", "{{ ordr.id }} is on", "G201"),
    ("order.total | money", "order.totl | money", "G202"),
    ("order.total | money", "order.total | mony", "G216"),
    ('status is "shipped"', 'status is "shiped"', None),
    ("1. Need customer\n", "1. Need coustomer\n", "G201"),
    ("because customer_request", "because customer_requst", "G124"),
    ("# Send it back", "#Send it back", "G104"),
    ('hand over to "care"', 'hand over to "caer"', "G209"),
    ("1. Need order: one", "- Need order: one", "G106"),
]


@pytest.mark.parametrize(("right", "wrong", "code"), SLIPS, ids=[wrong.strip() for _, wrong, _ in SLIPS])
def test_a_quick_fix_mends_the_slip(opened: Opened, right: str, wrong: str, code: str | None) -> None:
    text = GUIDE.replace(right, wrong)
    found = [each for each in opened.write(text) if code in {None, each["code"]}]
    assert found, "no finding"
    fixed = [action for action in actions(opened, found[0]) if action.get("isPreferred")]
    assert fixed, found
    assert applied(text, fixed[0]["edit"]["changes"][opened.uri]) == GUIDE


def test_a_finding_can_be_left_out_of_the_file(opened: Opened) -> None:
    long = "word " * 40
    text = GUIDE.replace("is cancelled.", f"is cancelled. {long}")
    (found,) = opened.write(text)
    silent = next(each for each in actions(opened, found) if each["title"] == f"Leave {found['code']} out of this file")
    mended = applied(text, silent["edit"]["changes"][opened.uri])
    assert mended.startswith(f"---\nignore: [{found['code']}]\n---\n")
    assert opened.write(mended) == []
    (other,) = opened.write(mended.replace("1. Let dear", "1. Let spare be order.id\n1. Let dear"))
    more = next(each for each in actions(opened, other) if each["title"].startswith("Leave"))
    assert f"ignore: [{found['code']}, {other['code']}]" in applied(opened.text, more["edit"]["changes"][opened.uri])


# ---- renaming
def renamed(opened: Opened, mark: str, name: str) -> dict[str, list[dict[str, Any]]]:
    found = opened.editor.at("rename", opened.uri, place(opened.text, mark), newName=name)
    changes: dict[str, list[dict[str, Any]]] = found["changes"]
    return changes


def test_a_guide_is_renamed_wherever_it_is_named(opened: Opened, shop_folder: Path) -> None:
    catalogue = shop_folder / "guidance" / "translations" / "de.yaml"
    catalogue.parent.mkdir()
    catalogue.write_text(
        'Cancel an order:\n  "{{ order.id }} is cancelled. The money goes back the way you paid.": "{{ order.id }} ist storniert."\n',
        encoding="utf-8",
    )
    cases = shop_folder / "evals" / "some.yaml"
    cases.parent.mkdir(exist_ok=True)
    cases.write_text(
        '- expect: {guide: Cancel an order, says: "Cancel an order"}\n- expect: {guides: ["Cancel an order", Other]}\n',
        encoding="utf-8",
    )
    settings = shop_folder / "convagent.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + '\n[handover.guide_topics]\n"Cancel an order" = "injury"\n', encoding="utf-8")
    changes = renamed(opened, "Cancel an order", "Stop: an order 🎈")
    paths = [opened.path, shop_folder / "guidance" / "orders.md", catalogue, cases, settings]
    assert set(changes) == {path.as_uri() for path in paths}
    after = {path.name: applied(path.read_text(encoding="utf-8"), changes[path.as_uri()]) for path in paths}
    assert 'go to "Stop: an order 🎈"' in after["mine.md"]
    assert "# Stop: an order 🎈\n" in after["orders.md"]
    assert after["de.yaml"].startswith("'Stop: an order 🎈':\n") or after["de.yaml"].startswith('"Stop: an order')
    assert '"Stop: an order 🎈" = "injury"' in after["convagent.toml"]
    assert 'says: "Cancel an order"' in after["some.yaml"]
    assert after["some.yaml"].count("Stop: an order 🎈") == 2
    settings.write_text(before, encoding="utf-8")
    shutil.rmtree(catalogue.parent)
    shutil.rmtree(cases.parent)


def test_a_name_is_renamed_in_its_guide_and_in_translations(opened: Opened, shop_folder: Path) -> None:
    catalogue = shop_folder / "guidance" / "translations" / "de.yaml"
    catalogue.parent.mkdir()
    catalogue.write_text(
        'Send it back:\n  "{{ order.id }} is cancelled.\\nThese were dear: {{ dear | list }}.":\n    "Teuer, dear: {{dear|list}}."\n',
        encoding="utf-8",
    )
    changes = renamed(opened, "dear is not", "costly")
    text = applied(GUIDE, changes[opened.uri])
    assert text == re.sub(r"\bdear\b(?! were)(?!:)", "costly", GUIDE)
    assert "These were dear:" in text
    assert applied(catalogue.read_text(encoding="utf-8"), changes[catalogue.as_uri()]).count("costly") == 2
    shutil.rmtree(catalogue.parent)
    assert opened.write(text) == []
    back = renamed(opened, "costly is not", "dear")
    assert applied(text, back[opened.uri]) == GUIDE


@pytest.mark.parametrize(
    ("mark", "name", "why"),
    [
        ("dear is not", "order", "something else"),
        ("dear is not", "now", "something else"),
        ("dear is not", "its", "can't be a name"),
        ("dear is not", "two words", "can't be a name"),
        ("Cancel an order", "Send it BACK", "already"),
        ("Cancel an order", 'A "quoted" one', "quotes"),
        ("Cancel an order", " ", "title"),
        ("status is", "state", "only guides"),
        ("order: one of", "parcel", "fact of the shop"),
    ],
)
def test_what_would_change_the_meaning_is_refused(opened: Opened, mark: str, name: str, why: str) -> None:
    with pytest.raises(ServerError, match=why):
        renamed(opened, mark, name)


def test_only_what_can_be_renamed_is_offered_for_it(opened: Opened) -> None:
    found = opened.editor.at("prepareRename", opened.uri, place(GUIDE, "dear is not"))
    assert (found["placeholder"], stretch(GUIDE, found["range"])) == ("dear", "dear")
    title = opened.editor.at("prepareRename", opened.uri, place(GUIDE, "Cancel an order"))
    assert stretch(GUIDE, title["range"]) == "Cancel an order"
    assert opened.editor.at("prepareRename", opened.uri, place(GUIDE, "status is")) is None
    assert opened.editor.at("prepareRename", opened.uri, place(GUIDE, "cancel_order")) is None
