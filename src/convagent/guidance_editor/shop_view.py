"""A shop as its authors see it while they write: what is on the disk, and what stands unsaved in the editor instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from convagent.actions import ActionRegistry
from convagent.errors import ConvagentError
from convagent.guidance.checks.check import CheckSettings, check
from convagent.guidance.findings.finding import Finding, in_order
from convagent.guidance.language.items import Layout
from convagent.guidance.language.layout import lay_out
from convagent.guidance.language.parse import parse_text, read_text
from convagent.guidance.language.syntax import GuideFile
from convagent.guidance.schema.vocabulary import Vocabulary
from convagent.guidance_editor.analysis import Analysis
from convagent.guidance_editor.tokens import Token, tokens_of
from convagent.settings import Settings, read_settings

__all__ = ["ShopView", "Source", "Surroundings", "loose_findings", "shop_folder"]

SETTINGS = "convagent.toml"


@dataclass(frozen=True)
class Source:
    """A guidance file, read.

    Attributes:
        path: Where it lies.
        text: As it is, in the editor or else on the disk.
        file: Its guides.
        faults: What is wrong with its syntax.
    """

    path: Path
    text: str
    file: GuideFile
    faults: tuple[Finding, ...]

    @classmethod
    def read(cls, path: Path, text: str, name: str) -> Source:
        """Parses a text."""
        return cls(path, text, *parse_text(text, name))

    @cached_property
    def layout(self) -> Layout:
        """Its lines."""
        return lay_out(self.text, self.file.path)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words."""
        return tokens_of(self.layout)


def shop_folder(path: Path) -> Path | None:
    """The nearest folder above a file that is a shop; of a file that was never saved there is none."""
    if not path.is_absolute():
        return None
    return next((folder for folder in path.parents if (folder / SETTINGS).is_file()), None)


@dataclass
class Surroundings:
    """What a shop's settings, actions and articles say, as far as they can be read.

    Attributes:
        settings: Its `convagent.toml`, None while that can't be read.
        registry: Its actions, None where they aren't loaded.
        vocabulary: What names mean.
        articles: Files of articles by title and id.
        problem: What can't be read.
    """

    settings: Settings | None = None
    registry: ActionRegistry | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary.standard)
    articles: Mapping[str, Path] | None = None
    problem: ConvagentError | None = None


class ShopView:
    """One shop.

    Args:
        folder: Where its `convagent.toml` lies.
        load_actions: Whether its Python files are loaded to learn what actions there are. They run as they do in any command.
    """

    def __init__(self, folder: Path, *, load_actions: bool = True) -> None:
        self.folder, self._load_actions = folder, load_actions
        self._known = Surroundings()
        self._stamp: object = None
        self._sources: dict[Path, Source] = {}
        self._analysed: tuple[tuple[int, ...], Vocabulary, Analysis] | None = None

    # ---- settings, actions, articles
    def surroundings(self) -> Surroundings:
        """Settings, vocabulary and articles, as they were when `refresh` last looked."""
        if self._stamp is None:
            self.refresh()
        return self._known

    def refresh(self) -> None:
        """Reads settings, actions and articles anew where a file of theirs has changed."""
        stamp = self._now()
        if stamp != self._stamp:
            self._stamp = stamp
            self._known = self._read(self._known)
            self._stamp = self._now()  # other settings name other files to look at

    def _now(self) -> object:
        settings = self._known.settings
        watched = [self.folder / SETTINGS]
        for name in settings.actions.python if settings is not None else ():
            path = self.folder / name
            watched += sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]
        if settings is not None:
            from convagent.shop import http_action_files

            watched += http_action_files(self.folder, settings)
            watched += sorted((self.folder / settings.knowledge.articles).rglob("*"))
        return tuple(_stamp(path) for path in watched)

    def _read(self, before: Surroundings) -> Surroundings:
        from convagent.shop import read_actions
        from convagent.shop_guidance import shop_vocabulary

        known = Surroundings()
        try:
            known.settings = read_settings(self.folder / SETTINGS)
        except ConvagentError as error:
            before.problem = error
            return before
        if known.settings.facts:
            try:
                known.vocabulary = known.vocabulary.with_facts(known.settings.facts, place="convagent.toml [facts]")
            except ConvagentError as error:
                known.problem = error
        known.articles = self._articles(known.settings)
        if self._load_actions:
            try:
                known.registry = read_actions(self.folder, known.settings)
                known.vocabulary = shop_vocabulary(known.settings, known.registry)
            except ConvagentError as error:
                known.problem = known.problem or error
        self._known = known
        return known

    def _articles(self, settings: Settings) -> dict[str, Path] | None:
        from convagent.knowledge import read_folder

        folder = self.folder / settings.knowledge.articles
        if not folder.is_dir():
            return {}
        try:
            found = read_folder(folder)
        except ConvagentError:
            return None
        return {
            name: folder / article.file if article.file is not None else folder
            for article in found
            for name in (article.title, article.id)
        }

    @property
    def guidance(self) -> Path:
        """The folder of its guidance."""
        settings = self.surroundings().settings
        return self.folder / (settings.guidance.folder if settings is not None else "guidance")

    @property
    def teams(self) -> tuple[str, ...]:
        """Its teams."""
        settings = self.surroundings().settings
        return tuple(settings.teams) if settings is not None else ()

    def holds(self, path: Path) -> bool:
        """Whether a file is of its guidance."""
        return path.suffix == ".md" and path.is_relative_to(self.guidance)

    def problem(self) -> Finding | None:
        """What can't be read of its settings or actions, as a finding of the file that is at fault."""
        error = self.surroundings().problem
        if error is None:
            return None
        place = error.place
        path = Path(place.file) if place is not None else self.folder / SETTINGS
        file = self.name(path) if path.is_file() else SETTINGS
        line, column = (place.line or 1, place.column or 1) if place is not None else (1, 1)
        return Finding(error.code, "error", error.message, file, line, column, error.remedy or "")

    # ---- guides
    def name(self, path: Path) -> str:
        """How findings name a file."""
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else str(path)

    def sources(self, buffers: Mapping[Path, str]) -> tuple[Source, ...]:
        """Its guidance files in the order of their names; a file that is open counts as the editor holds it."""
        below = self.guidance
        paths = {path for path in below.rglob("*.md") if not path.is_dir()} if below.is_dir() else set()
        paths.update(path for path in buffers if self.holds(path))
        kept: dict[Path, Source] = {}
        for path in sorted(paths):
            text = buffers.get(path)
            kept[path] = self._source(path, _on_disk(path, self.name(path)) if text is None else text)
        self._sources = kept
        return tuple(kept.values())

    def _source(self, path: Path, text: str | Finding) -> Source:
        name = self.name(path)
        if isinstance(text, Finding):
            return Source(path, "", GuideFile(name, ()), (text,))
        known = self._sources.get(path)
        return known if known is not None and known.text == text else Source.read(path, text, name)

    def analysis(self, sources: Iterable[Source]) -> Analysis:
        """The guides of sources that `sources` gave, together."""
        files = [source.file for source in sources]
        key, vocabulary = tuple(id(file) for file in files), self.surroundings().vocabulary
        if self._analysed is None or self._analysed[:2] != (key, vocabulary):
            self._analysed = key, vocabulary, Analysis(files, vocabulary)
        return self._analysed[2]

    # ---- findings
    def findings(self, sources: Iterable[Source]) -> tuple[Finding, ...]:
        """Everything that `convagent guidance check` finds, with these sources for its files."""
        from convagent.guidance.language.translations import check_translations, read_translations
        from convagent.own_texts import check_texts_of_shop

        given = tuple(sources)
        known = self.surroundings()
        found = self.guide_findings(given)
        if known.settings is None or known.registry is None:
            return found
        guides = [guide for source in given for guide in source.file.guides]
        translations, lost = read_translations(self.guidance, base=self.folder)
        own = check_texts_of_shop(known.settings, guides, translations)
        return in_order((*found, *lost, *check_translations(guides, translations, folder=self.guidance), *own))

    def guide_findings(self, sources: Iterable[Source]) -> tuple[Finding, ...]:
        """The findings of guides alone."""
        from convagent.shop_guidance import check_settings

        known = self.surroundings()
        given = tuple(sources)
        faults = in_order(fault for source in given for fault in source.faults)
        checked = CheckSettings() if known.settings is None else check_settings(known.settings)
        found = check(
            [source.file for source in given], known.vocabulary,
            articles=None if known.articles is None else known.articles.keys(),
            teams=frozenset(self.teams) or None, settings=checked, faults=faults,
        )  # fmt: skip
        return in_order((*faults, *found))


def loose_findings(sources: Sequence[Source]) -> tuple[Finding, ...]:
    """The findings of files that belong to no shop: actions, teams and articles are not known."""
    faults = in_order(fault for source in sources for fault in source.faults)
    return in_order((*faults, *check([source.file for source in sources], Vocabulary.standard(), faults=faults)))


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), found.st_mtime_ns, found.st_size


def _on_disk(path: Path, name: str) -> str | Finding:
    try:
        return read_text(path, name)
    except ConvagentError as error:
        return Finding("G100", "error", error.message, name, 1, 1, error.remedy or "")
