"""What an author has open, and the shops that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol.types import TextDocumentContentChangePartial, TextDocumentContentChangeWholeDocument
from pygls.uris import to_fs_path

from convagent.guidance.findings.finding import Finding
from convagent.guidance.schema.vocabulary import Vocabulary
from convagent.guidance_editor.analysis import Analysis
from convagent.guidance_editor.shop_view import SETTINGS, ShopView, Source, loose_findings, shop_folder
from convagent.guidance_editor.text_lines import Encoding, TextLines

__all__ = ["LANGUAGES", "Desk", "Document", "View"]

LANGUAGES = frozenset({"convagent-guidance", "guidance"})
"""What editors call guidance. A file of another kind, such as markdown, is guidance where it lies in a shop's guidance."""

Changes = Sequence[TextDocumentContentChangePartial | TextDocumentContentChangeWholeDocument]


@dataclass
class Document:
    """An open file.

    Attributes:
        uri: As its editor names it.
        path: Where it lies; for what was never saved, a name.
        language: What its editor takes it for.
        version: Counted up by its editor.
        lines: Its text as it stands now.
    """

    uri: str
    path: Path
    language: str
    version: int | None
    lines: TextLines


@dataclass(frozen=True)
class View:
    """A document with all that it is read by, at one moment.

    Attributes:
        document: The file.
        source: The same, read.
        sources: All files that are checked together with it.
        analysis: Their guides.
        shop: Their shop; None for a file of its own.
    """

    document: Document
    source: Source
    sources: tuple[Source, ...]
    analysis: Analysis
    shop: ShopView | None


@dataclass
class Desk:
    """Open files and their shops.

    Attributes:
        encoding: How the editor counts characters.
        load_actions: Whether shops' Python files are loaded.
        documents: By URI.
    """

    encoding: Encoding = "utf-16"
    load_actions: bool = True
    documents: dict[str, Document] = field(default_factory=dict)
    _shops: dict[Path, ShopView] = field(default_factory=dict)
    _alone: dict[str, View] = field(default_factory=dict)

    # ---- opening and changing
    def open(self, uri: str, language: str, version: int | None, text: str) -> Document:
        """A file was opened."""
        document = Document(uri, path_of(uri), language, version, TextLines(text, self.encoding))
        self.documents[uri] = document
        return document

    def change(self, uri: str, version: int | None, changes: Changes) -> Document | None:
        """A file was changed; None where it isn't open."""
        document = self.documents.get(uri)
        if document is None:
            return None
        for each in changes:
            where = each.range if isinstance(each, TextDocumentContentChangePartial) else None
            document.lines = document.lines.changed(where, each.text)
        document.version = version
        return document

    def close(self, uri: str) -> None:
        """A file was closed: the one on the disk counts again."""
        self.documents.pop(uri, None)
        self._alone.pop(uri, None)

    # ---- shops
    @property
    def shops(self) -> tuple[ShopView, ...]:
        """The shops that were seen."""
        return tuple(self._shops.values())

    def shop_of(self, path: Path) -> ShopView | None:
        """The shop that a file lies in."""
        folder = shop_folder(path)
        if folder is None:
            return None
        if folder not in self._shops:
            self._shops[folder] = ShopView(folder, load_actions=self.load_actions)
        return self._shops[folder]

    def is_guidance(self, document: Document) -> bool:
        """Whether a document is guidance: by its place in a shop, or because its editor says so."""
        if document.language in LANGUAGES:
            return True
        shop = self.shop_of(document.path)
        return shop is not None and shop.holds(document.path)

    def buffers(self) -> dict[Path, str]:
        """The texts of open files by their paths."""
        return {document.path: document.lines.text for document in self.documents.values()}

    def uri(self, path: Path) -> str:
        """How the editor names a file: as it opened it, else by its path."""
        opened = next((each.uri for each in self.documents.values() if each.path == path), None)
        return opened or (path.as_uri() if path.is_absolute() else str(path))

    def text_lines(self, path: Path) -> TextLines:
        """A file's text, as the editor or else the disk has it; empty where it can't be read."""
        for document in self.documents.values():
            if document.path == path:
                return document.lines
        try:
            return TextLines(path.read_bytes().decode("utf-8-sig", "replace"), self.encoding)
        except OSError:
            return TextLines("", self.encoding)

    # ---- reading
    def view(self, uri: str) -> View | None:
        """A document with all that it is read by; None for what isn't open or is no guidance."""
        document = self.documents.get(uri)
        if document is None or not self.is_guidance(document):
            return None
        shop = self.shop_of(document.path)
        if shop is None or not shop.holds(document.path):
            return self._view_alone(document, shop)
        sources = shop.sources(self.buffers())
        source = next(each for each in sources if each.path == document.path)
        return View(document, source, sources, shop.analysis(sources), shop)

    def _view_alone(self, document: Document, shop: ShopView | None) -> View:
        known = self._alone.get(document.uri)
        vocabulary = shop.surroundings().vocabulary if shop is not None else Vocabulary.standard()
        if known is None or known.source.text != document.lines.text or known.analysis.vocabulary != vocabulary:
            source = Source.read(document.path, document.lines.text, str(document.path))
            known = View(document, source, (source,), Analysis([source.file], vocabulary), shop)
            self._alone[document.uri] = known
        return known

    # ---- checking
    def findings(self, buffers: Mapping[Path, str], alone: Iterable[View]) -> dict[Path, tuple[Finding, ...]]:
        """Everything that is wrong with the shops that were seen and the files of their own, by file.

        Args:
            buffers: What stands in the editor.
            alone: Files that are read by themselves.
        """
        out: dict[Path, tuple[Finding, ...]] = {}
        for shop in self.shops:
            shop.refresh()
            found: list[Finding] = []
            sources = shop.sources(buffers)
            if any(shop.holds(path) for path in buffers):
                found += shop.findings(sources)
                out.update({source.path: () for source in sources})
            if (problem := shop.problem()) is not None:
                found.append(problem)
            out.setdefault(shop.folder / SETTINGS, ())
            for finding in found:
                path = shop.folder / finding.file
                out[path] = (*out.get(path, ()), finding)
        for view in alone:
            out[view.source.path] = (
                view.shop.guide_findings(view.sources) if view.shop is not None else loose_findings(view.sources)
            )
        return out


def path_of(uri: str) -> Path:
    """The path of a file's URI; of any other the URI itself, which lies nowhere."""
    path = to_fs_path(uri)
    return Path(path) if path is not None else Path(uri.replace("/", "_"))
