"""The language server with what editors and shops come up with: it answers, and it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.guidance_editor.client import PATIENCE, Editor, ServerError, place
from tests.guidance_editor.conftest import GUIDE

from convagent.cli.init import new_shop

pytest.importorskip("pygls", reason="the language server's library isn't installed: pip install 'convagent[editor]'")

LOOSE = '# Wave at somebody\n\nWhen the customer waves:\n- "hi there"\n- "hello you"\n- "good day"\n- "how are you"\n- "nice to see you"\n- not "bye"\n\n1. say "Hello {{ nobody }}"\n'


def open_shop(folder: Path) -> Path:
    new_shop(folder, name="Test shop")
    (folder / "guidance" / "mine.md").write_text(GUIDE, encoding="utf-8")
    return folder / "guidance" / "mine.md"


# ---- files that are no shop's
def test_a_file_of_no_shop_is_guidance_when_the_editor_says_so(editor: Editor, tmp_path: Path) -> None:
    path = tmp_path / "wave.md"
    uri = editor.open(path, LOOSE, language="convagent-guidance")
    assert [each["code"] for each in editor.diagnostics(uri)] == ["G201"]
    assert "id" in editor.labels(uri, place(LOOSE, "nobody")) or editor.labels(uri, place(LOOSE, "nobody"))
    assert editor.at("hover", uri, place(LOOSE, "say"))["contents"]["value"].startswith("A text")
    assert editor.ask("textDocument/documentSymbol", textDocument={"uri": uri})[0]["name"] == "Wave at somebody"


def test_other_markdown_is_none_of_its_business(editor: Editor, tmp_path: Path) -> None:
    mine = open_shop(tmp_path / "shop")
    text = "## Not guidance\n\nSome words.\n"
    for path in (
        tmp_path / "README.md",
        mine.parents[1] / "README.md",
        mine.parents[1] / "knowledge" / "articles" / "x.md",
    ):
        uri = editor.open(path, text)
        here = {"line": 0, "character": 3}
        assert editor.at("hover", uri, here) is None
        assert editor.labels(uri, here) == []
        assert editor.ask("textDocument/documentSymbol", textDocument={"uri": uri}) == []
        assert not [note for note in editor.notes if note["params"].get("uri") == uri and note["params"]["diagnostics"]]


def test_a_file_that_was_never_saved_is_read(editor: Editor) -> None:
    document = {"uri": "untitled:Untitled-1", "languageId": "convagent-guidance", "version": 1, "text": LOOSE}
    editor.notify("textDocument/didOpen", textDocument=document)
    assert editor.at("hover", "untitled:Untitled-1", place(LOOSE, "say")) is not None
    assert [each["code"] for each in editor.diagnostics("untitled:Untitled-1")] == ["G201"]


def test_what_isnt_open_gets_no_answer_and_no_crash(editor: Editor, tmp_path: Path) -> None:
    uri = (tmp_path / "nowhere.md").as_uri()
    here = {"line": 5, "character": 7}
    assert editor.at("hover", uri, here) is None
    assert editor.labels(uri, here) == []
    editor.change(uri, "x", 2)
    with pytest.raises(ServerError, match="nothing to rename"):
        editor.at("rename", uri, here, newName="x")


# ---- texts
def test_front_matter_that_is_no_yaml_is_a_finding_on_its_line(editor: Editor, tmp_path: Path) -> None:
    mine = open_shop(tmp_path / "shop")
    text = "---\nignore: [G501\nx: {\n---\n\n" + GUIDE
    uri = editor.open(mine, text)
    found = editor.diagnostics(uri)
    assert {each["code"] for each in found} == {"G112"}
    assert found[0]["range"]["start"]["line"] in {1, 2, 3}
    assert editor.at("hover", uri, place(text, "status is")) is not None


@pytest.mark.parametrize(
    "text",
    ["", "\n", "#", "# ", "---", "---\n", "\ufeff", "1. ", "> ", "\ufeff# A\n\n1. say \"{{", "# A\n\n1. say \"{{ |", "# A\n\n1. If (((((",
     "# A\u2028B\n\n1. If its", "\r\r\n\n# A\r1. Let x be", "# A\n\n   - ", "# A\n\nWhen", "# A\n\nWhen it seems \"", "🎈" * 50,
     "# A\n\n1. Let x be look up a with b = \"", "# A\n\n1. Need x for each", "\0# A\n", "# A\n```\n1. say"],
)  # fmt: skip
def test_any_text_is_answered_everywhere(editor: Editor, tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.md"
    uri = editor.open(path, text, language="convagent-guidance")
    editor.diagnostics(uri)
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for row, line in enumerate(rows):
        for character in {0, len(line) // 2, len(line.encode("utf-16-le")) // 2, 999}:
            here = {"line": row, "character": character}
            editor.labels(uri, here)
            for method in ("hover", "definition", "prepareRename"):
                editor.at(method, uri, here)
            editor.at("references", uri, here, context={"includeDeclaration": True})
    for method in ("documentSymbol", "foldingRange", "semanticTokens/full"):
        editor.ask(f"textDocument/{method}", textDocument={"uri": uri})
    options = {"tabSize": 3, "insertSpaces": True}
    editor.ask("textDocument/formatting", textDocument={"uri": uri}, options=options)
    where = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    editor.ask("textDocument/codeAction", textDocument={"uri": uri}, range=where, context={"diagnostics": []})


def test_half_a_pair_of_surrogates_is_no_end(editor: Editor, tmp_path: Path) -> None:
    uri = editor.open(tmp_path / "half.md", '# A\n\n1. say "\ud83c {{ nobody }}"\n', language="convagent-guidance")
    assert editor.diagnostics(uri)
    assert editor.at("hover", uri, {"line": 2, "character": 4}) is not None


def test_a_separator_of_unicode_ends_no_line(editor: Editor, tmp_path: Path) -> None:
    """Editors and guidance end lines at line feeds and carriage returns alone."""
    text = '# A\n\nWhen the customer waves:\n- "hi\u2028there"\n- "b b"\n- "c\x0bc"\n\n1. say "{{ shop.nobody }}"\n'
    uri = editor.open(tmp_path / "split.md", text, language="convagent-guidance")
    (found,) = [each for each in editor.diagnostics(uri) if each["code"] == "G202"]
    assert found["range"]["start"] == {"line": 7, "character": 8}
    editor.change(uri, "nobody2", 2, range={"start": {"line": 7, "character": 16}, "end": {"line": 7, "character": 22}})
    (found,) = [each for each in editor.diagnostics(uri, 2) if each["code"] == "G202"]
    assert "nobody2" in found["message"]


def test_a_large_file_is_checked_and_one_that_is_too_large_is_told(editor: Editor, tmp_path: Path) -> None:
    many = "".join(
        GUIDE.replace("Send it back", f"Send back {n}").replace('"Cancel an order"', '"Send back 1"')
        for n in range(300)
    )
    uri = editor.open(tmp_path / "many.md", many, language="convagent-guidance")
    assert len(many) > 200_000
    assert {each["code"] for each in editor.diagnostics(uri)}
    assert "status" in editor.labels(uri, place(many, "order.", behind=True, occurrence=500))
    assert len(editor.ask("textDocument/documentSymbol", textDocument={"uri": uri})) == 300
    editor.change(uri, "# A\n\n" + "x" * 2_100_000, 2)
    assert [each["code"] for each in editor.diagnostics(uri, 2)] == ["G115"]
    editor.notify("textDocument/didClose", textDocument={"uri": uri})
    assert editor.diagnostics(uri, None) == []


def test_a_file_that_is_no_utf8_is_told_and_the_others_are_read(editor: Editor, tmp_path: Path) -> None:
    mine = open_shop(tmp_path / "shop")
    bad = mine.with_name("bad.md")
    bad.write_bytes(b'# A\n\n1. say "\xff"\n')
    uri = editor.open(mine)
    assert editor.diagnostics(uri) == []
    assert [each["code"] for each in editor.diagnostics(bad.as_uri(), None)] == ["G100"]


# ---- shops
def test_settings_at_fault_are_told_where_they_are_and_mended(editor: Editor, tmp_path: Path) -> None:
    mine = open_shop(tmp_path / "shop")
    settings = mine.parents[1] / "convagent.toml"
    right = settings.read_text(encoding="utf-8")
    settings.write_text(right.replace("[shop]", "[shop"), encoding="utf-8")
    uri = editor.open(mine)
    editor.diagnostics(uri)
    (found,) = editor.diagnostics(settings.as_uri(), None)
    assert "TOML" in found["message"]
    assert "status" in editor.labels(uri, place(GUIDE, "order.", behind=True, occurrence=2))
    editor.notes.clear()
    settings.write_text(right, encoding="utf-8")
    editor.notify("workspace/didChangeWatchedFiles", changes=[{"uri": settings.as_uri(), "type": 2}])
    assert editor.diagnostics(settings.as_uri(), None) == []


@pytest.mark.parametrize("code", ["def broken(:\n", "raise SystemExit(3)\n", "import nowhere_at_all\n"])
def test_actions_that_cant_be_loaded_are_told_and_guides_are_checked_without(
    editor: Editor, tmp_path: Path, code: str
) -> None:
    mine = open_shop(tmp_path / "shop")
    python = mine.parents[1] / "actions" / "orders.py"
    right = python.read_text(encoding="utf-8")
    python.write_text(code, encoding="utf-8")
    uri = editor.open(mine, GUIDE.replace("do cancel_order", "do cancle_order"))
    assert [each for each in editor.diagnostics(uri) if each["severity"] == 1] == []
    told = [note for note in editor.notes if note["params"].get("diagnostics") and "shop" in note["params"]["uri"]]
    assert told
    python.write_text(right, encoding="utf-8")
    editor.notify("textDocument/didSave", textDocument={"uri": uri})
    editor.change(uri, GUIDE.replace("do cancel_order", "do cancle_order") + "\n", 2)
    assert [each["code"] for each in editor.diagnostics(uri, 2) if each["severity"] == 1] == ["G203"]


def test_an_action_that_is_added_is_known_at_once(editor: Editor, tmp_path: Path) -> None:
    mine = open_shop(tmp_path / "shop")
    text = GUIDE.replace("1. do cancel_order", "1. do pack_order with order = order.id\n1. do cancel_order")
    uri = editor.open(mine, text)
    assert "G203" in [each["code"] for each in editor.diagnostics(uri)]
    python = mine.parents[1] / "actions" / "orders.py"
    more = (
        '\n\n@action(kind="write", own={"order": "orders"})\ndef pack_order(order: str) -> None:\n    """Packs it."""\n'
    )
    python.write_text(python.read_text(encoding="utf-8") + more, encoding="utf-8")
    editor.notify("textDocument/didSave", textDocument={"uri": python.as_uri()})
    editor.change(uri, text + "\n", 2)
    assert "G203" not in [each["code"] for each in editor.diagnostics(uri, 2)]


def test_what_actions_print_doesnt_reach_the_editor(tmp_path: Path) -> None:
    mine = open_shop(tmp_path / "shop")
    python = mine.parents[1] / "actions" / "orders.py"
    noise = 'import os\nprint("Content-Length: 3\\r\\n\\r\\n{}")\nos.write(1, b"noise on the pipe")\n'
    python.write_text(python.read_text(encoding="utf-8") + noise, encoding="utf-8")
    with Editor() as session:
        assert session.diagnostics(session.open(mine)) == []
        assert "cancel_order" in session.labels(mine.as_uri(), place(GUIDE, "1. do ", behind=True))
    assert b"noise on the pipe" in session.said


@pytest.mark.parametrize("how", ["option", "setting"])
def test_a_shops_python_is_not_run_where_that_isnt_wanted(tmp_path: Path, how: str) -> None:
    mine = open_shop(tmp_path / "shop")
    trace = tmp_path / "it-ran"
    python = mine.parents[1] / "actions" / "orders.py"
    python.write_text(f"open({str(trace)!r}, 'w').close()\n", encoding="utf-8")
    session = Editor("--no-actions") if how == "option" else Editor(options={"actions": False})
    with session:
        assert session.diagnostics(session.open(mine)) == []
    assert not trace.exists()


# ---- the process
def test_the_server_asks_to_be_told_of_saved_files(tmp_path: Path) -> None:
    with Editor(capabilities={"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}) as session:
        session.labels(session.open(open_shop(tmp_path / "shop")), {"line": 0, "character": 0})
    assert session.asked == ["client/registerCapability"]


def test_an_end_without_a_goodbye_is_one(tmp_path: Path) -> None:
    session = Editor()
    session.__enter__()
    session.open(open_shop(tmp_path / "shop"))
    session._send({"method": "exit"})
    assert session.process.wait(timeout=PATIENCE) == 1
    for thread in session._threads:
        thread.join()
    for pipe in (session.process.stdin, session.process.stdout, session.process.stderr):
        assert pipe is not None
        pipe.close()


def test_an_editor_that_dies_takes_the_server_along(tmp_path: Path) -> None:
    session = Editor()
    session.__enter__()
    session.open(open_shop(tmp_path / "shop"))
    assert session.process.stdin is not None
    session.process.stdin.close()
    session.process.wait(timeout=PATIENCE)
    for thread in session._threads:
        thread.join()
    for pipe in (session.process.stdout, session.process.stderr):
        assert pipe is not None
        pipe.close()


def test_a_message_that_is_no_json_is_survived(tmp_path: Path) -> None:
    with Editor() as session:
        session.raw(b"Content-Length: 7\r\n\r\n{broken")
        with pytest.raises(ServerError):
            session.ask("textDocument/nothing", x=1)
        assert session.diagnostics(session.open(open_shop(tmp_path / "shop"))) == []
