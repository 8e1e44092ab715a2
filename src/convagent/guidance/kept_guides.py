"""A shop's guides as they were read and checked, kept in a folder, so that an unchanged shop opens without reading them anew.

    guides-KEY.jsonl             what an opened shop needs: heads of the guides, findings, translations; below them the
                                 body of each guide on a line of its own, read when it is first needed
    files.jsonl                  the syntax tree of each file, so that of a changed shop only changed files are parsed
    NAME-KEY.json                anything else that was reckoned from guides

A key is a hash of everything that a file was made from. Each begins with a line that names its format and the hash of the
rest, and is replaced as a whole: a reader sees all of one or none, and believes nothing that is damaged.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from convagent.guidance.findings.finding import Finding
from convagent.guidance.interpreter.kernel import Block, Guide, Kernel
from convagent.guidance.language.syntax import GuideFile
from convagent.guidance.language.translations import Translations
from convagent.guidance.trees import TreeReader, TreeWriter

__all__ = ["KeptGuides", "ParsedFile", "keep_guides", "kept", "load_guides", "parsed_files"]

FORMAT = 1

ParsedFile = tuple[GuideFile, tuple[Finding, ...]]
"""A file's tree and the faults of its syntax."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class KeptGuides:
    """What reading a shop's guidance came to.

    Attributes:
        kernel: The guides in kernel terms.
        findings: What was found; never an error.
        translations: Their texts in other languages.
    """

    kernel: Kernel
    findings: tuple[Finding, ...] = ()
    translations: Translations = field(default_factory=Translations)


class _LazyGuide(Guide):
    """A guide whose body is read from its line when it is first asked for."""

    __slots__ = ("_kept",)

    _kept: dict[str, Any]

    @property
    def body(self) -> Block:
        """Its statements. Two threads may both read them; one reading is kept."""
        known = self._kept
        found: Block | None = known.get("body")
        if found is None:
            found = known.setdefault("body", known["reader"].read(json.loads(known["line"])))
        return found

    @body.setter
    def body(self, statements: Block) -> None:
        # only the making of a changed copy comes here: a frozen class lets nobody else set anything
        object.__setattr__(self, "_kept", {"body": statements})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Guide):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _COMPARED)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in _COMPARED))

    def __reduce__(self) -> tuple[Any, ...]:
        return Guide, tuple(getattr(self, name) for name in _FIELDS)


_FIELDS = tuple(one.name for one in fields(Guide) if one.init)
_COMPARED = tuple(one.name for one in fields(Guide) if one.compare)
_HEAD = tuple(name for name in _FIELDS if name != "body")


def load_guides(folder: Path, key: str) -> KeptGuides | None:
    """What was kept under a key; None where nothing was, or where it is damaged or of another version.

    Args:
        folder: Where it is kept.
        key: Hash of everything that it was made from.
    """
    lines = _lines_of(folder / f"guides-{key}.jsonl")
    try:
        return _read(json.loads(lines[0]), lines[1:]) if lines else None
    except Exception:  # noqa: BLE001 - what isn't as it was written raises whatever it leads to, and is made anew
        return None


def keep_guides(folder: Path, key: str, guides: KeptGuides) -> None:
    """Keeps what reading came to, in place of what was kept before. What can't be written is not kept; that is no error.

    Args:
        folder: Where it is kept; it is made if need be.
        key: Hash of everything that it was made from.
        guides: What to keep.
    """
    _keep(folder / f"guides-{key}.jsonl", lambda: [*_written(guides)], others="guides-*.jsonl")


def kept(name: str, folder: Path | None, key: str, *, reckon: Callable[[], Value]) -> Value:
    """Something that is reckoned from guides: from its file where it was reckoned from exactly this, else anew and kept.

    Args:
        name: What it is, a word.
        folder: Where it is kept; None for nowhere.
        key: Hash of everything that it is reckoned from.
        reckon: Reckons it: names, findings or anything else that stands in trees.
    """
    if folder is None:
        return reckon()
    file = folder / f"{name}-{key}.json"
    lines = _lines_of(file)
    with contextlib.suppress(Exception):  # as in `load_guides`
        if lines:
            classes, data = json.loads(lines[0])
            known: Value = TreeReader(classes).read(data)
            return known
    value = reckon()
    _keep(file, lambda: [_tree(value)], others=f"{name}-*.json")
    return value


def parsed_files(
    texts: Sequence[tuple[str, str]], *, parse: Callable[[str, str], ParsedFile], folder: Path | None, version: str
) -> list[ParsedFile]:
    """The trees of files; only those that changed are parsed.

    Args:
        texts: Name and text of each file.
        parse: Parses a text, given with the file's name.
        folder: Where trees are kept; None for nowhere.
        version: Of whatever parses: trees of another are not taken.
    """
    file = folder / "files.jsonl" if folder is not None else None
    before = dict.fromkeys(_lines_of(file)) if file is not None else {}
    known = {line[:64]: line for line in before}
    found: list[ParsedFile] = []
    lines: list[str] = []
    for name, text in texts:
        digest = _digest(f"{version}\0{name}\0{text}".encode("utf-8", "surrogatepass"))
        line = known.get(digest)
        one = _tree_of(line[64:], text) if line is not None else None
        if one is None:
            one = parse(text, name)
            line = None
        found.append(one)
        if file is not None:
            with contextlib.suppress(TypeError, ValueError, RecursionError):
                lines.append(line or digest + _tree((replace(one[0], text=""), one[1])))
    if file is not None and lines != list(before):
        _keep(file, lambda: lines)
    return found


def _tree_of(line: str, text: str) -> ParsedFile | None:
    try:
        classes, data = json.loads(line)
        file, findings = TreeReader(classes).read(data)
        return replace(file, text=text), findings
    except Exception:  # noqa: BLE001 - as in `load_guides`
        return None


def _tree(value: Any) -> str:
    writer = TreeWriter()
    data = writer.write(value)
    return _json([writer.classes, data])


def _written(guides: KeptGuides) -> Iterator[str]:
    writer = TreeWriter()
    bodies = [_json(writer.write(guide.body)) for guide in guides.kernel.guides]
    first = {
        "head": _HEAD,
        "guides": [[writer.write(getattr(guide, name)) for name in _HEAD] for guide in guides.kernel.guides],
        "kernel": writer.write(replace(guides.kernel, guides=())),
        "findings": writer.write(guides.findings),
        "texts": {
            language: [[*key, words] for key, words in catalogue.items()]
            for language, catalogue in guides.translations.texts.items()
        },
        "files": dict(guides.translations.files),
    }
    yield _json({**first, "classes": writer.classes})
    yield from bodies


def _read(first: Mapping[str, Any], bodies: Sequence[str]) -> KeptGuides:
    if tuple(first["head"]) != _HEAD:
        raise ValueError("a guide has other fields by now")
    reader = TreeReader(first["classes"])
    guides = tuple(_guide(reader, head, line) for head, line in zip(first["guides"], bodies, strict=True))
    texts = {
        language: {(guide, original): words for guide, original, words in catalogue}
        for language, catalogue in first["texts"].items()
    }
    kernel = replace(reader.read(first["kernel"]), guides=guides)
    return KeptGuides(kernel, reader.read(first["findings"]), Translations(texts, first["files"]))


def _guide(reader: TreeReader, head: Sequence[Any], line: str) -> Guide:
    guide = object.__new__(_LazyGuide)
    object.__setattr__(guide, "_kept", {"line": line, "reader": reader})
    for name, value in zip(_HEAD, head, strict=True):
        object.__setattr__(guide, name, reader.read(value))
    return guide


# ---- files
def _lines_of(file: Path) -> list[str]:
    """The lines below the first, none where there is no such file or it isn't what was written."""
    try:
        head, _, rest = file.read_bytes().partition(b"\n")
        told = json.loads(head)
        sound = told == {"format": FORMAT, "sha256": _digest(rest)}
        return rest.decode("ascii").split("\n") if sound else []
    except (OSError, ValueError):
        return []


def _keep(file: Path, written: Callable[[], list[str]], *, others: str | None = None) -> None:
    """Writes a file as a whole: whoever reads sees what was there before, or all of the new.

    Args:
        file: The file.
        written: Gives its lines; where something can't be written nothing is kept.
        others: Pattern of the files that it takes the place of.
    """
    try:
        rest = "\n".join(written()).encode("ascii")
    except (TypeError, ValueError, RecursionError):
        return
    head = json.dumps({"format": FORMAT, "sha256": _digest(rest)}).encode()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.stem}-", suffix=".tmp", dir=file.parent)
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(head + b"\n" + rest)
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)
        for other in file.parent.glob(others) if others is not None else ():
            if other != file:
                other.unlink(missing_ok=True)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
