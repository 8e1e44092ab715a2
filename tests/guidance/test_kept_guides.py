"""Guides that were kept are the guides that were read; what is damaged or foreign is not believed."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convagent.guidance.findings.finding import Finding, Span
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.kept_guides import KeptGuides, keep_guides, kept, load_guides, parsed_files
from convagent.guidance.language.parse import parse_text
from convagent.guidance.language.syntax import GuideFile
from convagent.guidance.language.translations import read_translations
from convagent.guidance.trees import TreeReader, TreeWriter
from convagent.shop import demo_shop

ROOT = demo_shop()
FILES = sorted((ROOT / "guidance").glob("*.md"))
TEXT = '# One\n\nWhen the customer asks to do it:\n- "do it"\n\n1. If order.total > 12.50 EUR:\n   - say "Yes."\n'


def guides_of_demo() -> KeptGuides:
    parsed = [parse_text(path.read_text(encoding="utf-8"), path.name)[0] for path in FILES]
    kernel = desugar([guide for file in parsed for guide in file.guides])
    finding = Finding("G501", "warning", "say it so", "a.md", 3, 1, "So.", "line", guide="One")
    return KeptGuides(kernel, (finding,), read_translations(ROOT / "guidance")[0])


def places(node: Any) -> Iterator[Any]:
    """Every place in a tree; comparisons leave them out."""
    if isinstance(node, Span):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from places(part)
    elif is_dataclass(node):
        for field in fields(node):
            yield from places(getattr(node, field.name))


def test_what_was_kept_is_what_was_read_with_every_place(tmp_path: Path) -> None:
    read = guides_of_demo()
    keep_guides(tmp_path, "key", read)
    found = load_guides(tmp_path, "key")
    assert found == read
    assert read == found
    assert found is not None
    assert list(places(found.kernel.guides)) == list(places(read.kernel.guides))
    assert {type(guide.body) for guide in found.kernel.guides} == {tuple}
    assert found.kernel.guide("Where is my order") == read.kernel.guide("Where is my order")
    assert len({*found.kernel.guides, *read.kernel.guides}) == len(read.kernel.guides)


def test_a_kept_guide_can_be_changed_and_copied_like_any(tmp_path: Path) -> None:
    read = guides_of_demo()
    keep_guides(tmp_path, "key", read)
    found = load_guides(tmp_path, "key")
    assert found is not None
    guide, plain = found.kernel.guides[0], read.kernel.guides[0]
    assert replace(guide, title="Another") == replace(plain, title="Another")
    assert replace(guide, body=()).body == ()
    assert copy.copy(guide) == plain == pickle.loads(pickle.dumps(guide))
    assert guide != found.kernel.guides[1]


def test_another_key_is_not_found_and_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    read = guides_of_demo()
    keep_guides(tmp_path, "one", read)
    assert load_guides(tmp_path, "other") is None
    keep_guides(tmp_path, "other", read)
    assert [path.name for path in tmp_path.iterdir()] == ["guides-other.jsonl"]


@pytest.fixture(scope="module")
def one_kept(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("kept")
    keep_guides(folder, "key", KeptGuides(desugar(parse_text(TEXT, "a.md")[0].guides)))
    return (folder / "guides-key.jsonl").read_bytes()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_damaged_is_not_believed(tmp_path: Path, one_kept: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(one_kept) - 1))
    cut = data.draw(st.booleans())
    damaged = one_kept[:at] if cut else one_kept[:at] + bytes([one_kept[at] ^ 1]) + one_kept[at + 1 :]
    (tmp_path / "guides-key.jsonl").write_bytes(damaged)
    assert load_guides(tmp_path, "key") is None


def test_a_tree_of_classes_that_changed_since_is_refused() -> None:
    writer = TreeWriter()
    data = writer.write(desugar(parse_text(TEXT, "a.md")[0].guides))
    name, *names = writer.classes[0]
    for classes in ([[name, *names[1:]]], [["language.syntax.Nothing", *names]], [["builtins.eval", "code"]]):
        with pytest.raises(ValueError, match="another class"):
            TreeReader([*classes, *writer.classes[1:]])
    assert TreeReader(writer.classes).read(data) == desugar(parse_text(TEXT, "a.md")[0].guides)


def test_what_no_tree_holds_is_refused_and_not_kept(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="can't be kept"):
        TreeWriter().write((object(),))
    assert isinstance(kept("thing", tmp_path, "key", reckon=object), object)
    assert list(tmp_path.iterdir()) == []


def test_only_changed_files_are_parsed(tmp_path: Path) -> None:
    asked: list[str] = []

    def parse(text: str, name: str) -> tuple[GuideFile, tuple[Finding, ...]]:
        asked.append(name)
        return parse_text(text, name)

    texts = [("a.md", TEXT), ("b.md", TEXT.replace("One", "Two")), ("c.md", "# Three\n\nnothing of ours\n")]
    first = parsed_files(texts, parse=parse, folder=tmp_path, version="1")
    assert asked == ["a.md", "b.md", "c.md"]
    assert first[2][1], "a file with faults is kept with them"
    assert parsed_files(texts, parse=parse, folder=tmp_path, version="1") == first
    assert asked == ["a.md", "b.md", "c.md"]
    texts[1] = ("b.md", TEXT.replace("One", "Four"))
    again = parsed_files(texts, parse=parse, folder=tmp_path, version="1")
    assert asked[3:] == ["b.md"]
    assert [file.text for file, _ in again] == [text for _, text in texts]
    assert again == [parse_text(text, name) for name, text in texts]
    parsed_files(texts, parse=parse, folder=tmp_path, version="2")
    assert asked[4:] == ["a.md", "b.md", "c.md"]


def test_what_was_reckoned_is_reckoned_once_for_each_key(tmp_path: Path) -> None:
    times: list[int] = []

    def reckon() -> frozenset[str]:
        times.append(1)
        return frozenset({"code", "pin"})

    for key in ("one", "one", "two"):
        assert kept("secret", tmp_path, key, reckon=reckon) == {"code", "pin"}
    assert len(times) == 2
    (tmp_path / "secret-two.json").write_bytes(b"{}")
    assert kept("secret", tmp_path, "two", reckon=reckon) == {"code", "pin"}
    assert len(times) == 3
