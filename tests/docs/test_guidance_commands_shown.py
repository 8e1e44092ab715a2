"""What the pages on guidance show of the commands is what the commands print, on a copy of the demo shop."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from tests.cli.test_commands import convagent

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "guidance"
BLOCK = re.compile(r"^```(console|diff|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COUNTED = re.compile(r"\d\d+")
"""Figures that change whenever a guide or a rule is added: the pages on single tools show them as they were."""


PLACE = re.compile(r"(?<=\.yaml):\d+:\d+|(?<=\.md):\d+(?::\d+)?")
"""Lines of files, which change with every edit above them."""


def plain(text: str, *, counted: bool = False) -> str:
    """A text on one line; `counted` with its figures, but for the lines of files."""
    line = PLACE.sub(":#", " ".join(text.split()))
    return line if counted else COUNTED.sub("#", line)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The demo shop in a repository of its own."""
    for name in ("convagent.toml", "guidance", "knowledge", "evals", "actions", "back_office"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, tmp_path / name)
    for name in (
        "articles",
        "understanding",
    ):  # what was embedded before needn't be again: it is kept under what it is of
        kept = ROOT / ".convagent" / name
        if kept.is_dir():
            shutil.copytree(kept, tmp_path / ".convagent" / name)
    (tmp_path / ".gitignore").write_text(".convagent/\n__pycache__/\n", encoding="utf-8")
    for command in ("init -q .", "add -A", "-c user.name=Ann -c user.email=ann@example.com commit -qm shop"):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def run_shown(block: str, shop: Path, *, counted: bool = False) -> None:
    """Runs each command of a block; the lines below it stand in what it prints, in their order, `counted` with their figures."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *lines = part.rstrip("\n").split("\n")
        program, *arguments = shlex.split(command)
        assert program == "convagent"
        done = convagent(*arguments, cwd=shop)
        assert "Traceback" not in done.stderr, done.stderr
        printed, at = plain(done.stdout, counted=counted), 0
        assert lines, command
        for line in lines:
            shown = plain(line, counted=counted)
            found = printed.find(shown, at)
            assert found >= 0, f"{command}\nprints no\n{line}\nbut\n{done.stdout}\n{done.stderr}"
            at = found + len(shown)


def edit(block: str, shop: Path) -> None:
    """Makes the changes of a block: a line with a minus, then what stands there instead."""
    path, old = shop, ""
    for line in block.rstrip("\n").split("\n"):
        if line.startswith("--- "):
            path = shop / line.removeprefix("--- ")
        elif line.startswith("-"):
            old = line[1:]
        else:
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1, old
            path.write_text(text.replace(old, line.removeprefix("+")), encoding="utf-8")


def test_the_walk_through_is_what_happens(copied: Path) -> None:
    pytest.importorskip("z3", reason="the solver isn't installed: pip install 'convagent[prove]'")
    kinds = []
    for kind, block in BLOCK.findall((PAGES / "walkthrough.md").read_text(encoding="utf-8")):
        kinds.append(kind)
        if kind == "console":
            run_shown(block, copied, counted=True)
        elif kind == "diff":
            edit(block, copied)
        else:
            (copied / "oscar.json").write_text(json.dumps(json.loads(block)), encoding="utf-8")
    assert kinds.count("console") == 7


def test_every_command_of_the_tools_page_prints_what_it_shows(copied: Path) -> None:
    kinds = []
    for kind, block in BLOCK.findall((PAGES / "tools.md").read_text(encoding="utf-8")):
        kinds.append(kind)
        if kind == "console":
            run_shown(block, copied)
        elif kind == "diff":
            edit(block, copied)
    assert kinds.count("console") >= 5


def test_every_section_of_the_tools_page_shows_a_command() -> None:
    sections = re.split(r"^## ", (PAGES / "tools.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert sections
    for section in sections:
        assert "```console\n$ convagent guidance " in section, section.split("\n")[0]


def test_the_editors_settings_start_the_command_that_there_is() -> None:
    page = (PAGES / "editor.md").read_text(encoding="utf-8")
    assert convagent("guidance", "lsp", "--help").returncode == 0
    (helix,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    server = tomllib.loads(helix)["language-server"]["convagent"]
    assert [server["command"], *server["args"]] == ["convagent", "guidance", "lsp"]
    assert 'cmd = { "convagent", "guidance", "lsp" }' in page
    assert '("convagent" "guidance" "lsp")' in page


def test_the_extension_for_vs_code_is_whole() -> None:
    folder = ROOT / "editors" / "vscode"
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    given = package["contributes"]
    assert given["configuration"]["properties"]["convagent.command"]["default"] == ["convagent", "guidance", "lsp"]
    assert package["capabilities"]["untrustedWorkspaces"]["supported"] is False
    (language,), (grammar,) = given["languages"], given["grammars"]
    for name in (package["main"], language["configuration"], grammar["path"]):
        assert (folder / name).is_file()
    json.loads((folder / language["configuration"]).read_text(encoding="utf-8"))
    colours = json.loads((folder / grammar["path"]).read_text(encoding="utf-8"))
    assert colours["scopeName"] == grammar["scopeName"]
    text = json.dumps(colours)
    used = set(re.findall(r'"include": "#([a-z-]+)"', text))
    assert used == set(colours["repository"])
    assert not list(folder.glob("package-lock.json"))
    if node := shutil.which("node"):
        done = subprocess.run([node, "--check", str(folder / "extension.js")], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_grammar_of_the_colours_knows_every_word() -> None:
    from convagent.guidance.language.line_faults import HEADER_WORDS, PROPERTY_WORDS, STATEMENT_WORDS

    path = ROOT / "editors" / "vscode" / "syntaxes" / "guidance.tmLanguage.json"
    rules = json.loads(path.read_text(encoding="utf-8"))["repository"]
    begins = rules["statement"]["match"].replace("(?i:", "(?:")
    for word in (*STATEMENT_WORDS, *PROPERTY_WORDS):
        found = re.match(begins, f"1. {word.capitalize()} x") or re.match(begins, f"1. {word} x")
        assert re.match(begins, f"   - {word} x") is not None
        assert found is not None
        assert re.search(rf"(?<!\w){word.replace(' ', '.s.')}".replace(".s.", r"\\s\+"), begins) is not None, word
    headers = [rule["match"].replace("(?i:", "(?i:") for rule in rules["header"]["patterns"]]
    for word in HEADER_WORDS:
        assert any(re.match(rule.replace("^", "", 1), f"{word.capitalize()} x") for rule in headers), word
