"""A shop's folder → its parts: settings, guidance, knowledge, catalog, actions."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from convagent.actions import ActionRegistry, with_registry
from convagent.actions.identity import add_identity
from convagent.errors import CatalogError, GuidanceError, KnowledgeError, ShopError
from convagent.facts import Shop as ShopFacts
from convagent.facts import Team
from convagent.guidance.checks.check import CheckSettings, check
from convagent.guidance.findings.finding import Finding, has_errors, in_order
from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.interpreter.kernel import Kernel
from convagent.guidance.language.parse import parse_file
from convagent.guidance.language.syntax import GuideFile
from convagent.guidance.language.translations import Translations, check_translations, read_translations
from convagent.guidance.schema.vocabulary import Vocabulary
from convagent.own_texts import check_texts_of_shop
from convagent.settings import Settings, read_settings

if TYPE_CHECKING:
    from convagent.catalog import Catalog
    from convagent.knowledge import KnowledgeBase
    from convagent.search import Embedder

__all__ = ["OpenShop", "demo_shop", "http_action_files", "open_shop", "read_actions"]

Progress = Callable[[str, int, int], None]


@dataclass
class OpenShop:
    """A shop that was opened. Its parts are read when they are first used, then kept.

    Attributes:
        path: The folder.
        settings: From `convagent.toml`.
        files: Guidance files as syntax trees.
        kernel: All guides in kernel terms.
        registry: Look-ups and actions.
        findings: What guidance's own reading found; never an error.
        translations: Texts of guides in other languages.
    """

    path: Path
    settings: Settings
    files: tuple[GuideFile, ...]
    kernel: Kernel
    registry: ActionRegistry
    findings: tuple[Finding, ...] = ()
    translations: Translations = field(default_factory=Translations)

    @cached_property
    def facts(self) -> ShopFacts:
        """The shop as guidance may speak of it."""
        shop, hours = self.settings.shop, self.settings.hours
        teams = tuple(
            Team(id=name, name=team.name or name, description=team.description, hours=hours.get(team.hours or ""))
            for name, team in self.settings.teams.items()
        )
        return ShopFacts(
            name=shop.name, currency=shop.currency, timezone=shop.timezone, language=shop.language, url=shop.url,
            email=shop.email, teams=teams, hours=next(iter(hours.values()), None),
        )  # fmt: skip

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What names mean in this shop's guidance."""
        return shop_vocabulary(self.settings, self.registry)

    def check(self) -> tuple[Finding, ...]:
        """Everything that is wrong with the shop's guidance."""
        return check_guidance(self.files, self.findings, self.settings, self.registry, articles=self.article_names())

    def article_names(self) -> frozenset[str]:
        """Titles and ids of the articles."""
        base = self.knowledge
        return (
            frozenset(name for article in base.articles for name in (article.id, article.title))
            if base
            else frozenset()
        )

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.settings.shop.timezone)

    def now(self) -> datetime:
        """The shop's clock: a fixed moment when the settings give one."""
        fixed = self.settings.clock.fixed
        return (fixed or datetime.now(self.zone)).astimezone(self.zone)

    @cached_property
    def index_dir(self) -> Path:
        """Where indexes are kept: in the shop when it can be written to, else in the user's cache."""
        packed = self.path.resolve().is_relative_to(Path(__file__).parent)
        if os.access(self.path, os.W_OK) and not packed:
            return self.path / ".convagent"
        from platformdirs import user_cache_path

        name = hashlib.sha256(str(self.path.resolve()).encode()).hexdigest()[:16]
        return user_cache_path("convagent") / name

    @cached_property
    def embedder(self) -> Embedder | None:
        """What turns texts into vectors, None when the settings want none. Opens nothing before its first use.

        Raises:
            ConvagentError: It can't be used.
        """
        from convagent.search import open_embedder

        settings = self.settings.knowledge
        languages = (self.settings.shop.language, *self.settings.shop.languages)
        return open_embedder(
            settings.embedder, languages=languages, url=settings.embedder_url, key_variable=settings.embedder_key
        )

    @cached_property
    def knowledge(self) -> KnowledgeBase | None:
        """The articles, None when the shop has no folder of them."""
        return self.index()

    def index(self, progress: Any = None) -> KnowledgeBase | None:
        """Reads and indexes the articles; only what changed is read again.

        Raises:
            KnowledgeError: The folder that the settings name can't be used.
        """
        from convagent.knowledge import KnowledgeBase

        folder = self.path / self.settings.knowledge.articles
        if not folder.is_dir():
            if self.settings.knowledge.articles != "knowledge/articles":
                raise KnowledgeError(
                    "there is no such folder of articles", code="knowledge-missing", place=folder,
                    remedy="Make it, or set [knowledge] articles in convagent.toml.",
                )  # fmt: skip
            return None
        return KnowledgeBase.from_folder(
            folder, index_dir=self.index_dir / "articles", progress=progress, embedder=self.embedder
        )

    @cached_property
    def catalog(self) -> Catalog | None:
        """The products, None when the shop has none."""
        from convagent.catalog import Catalog

        files = [self.path / name for name in self.settings.catalog.files]
        if not files:
            return None
        if missing := next((file for file in files if not file.is_file()), None):
            raise CatalogError(
                "there is no such catalog", code="catalog-missing", place=missing,
                remedy="Put the file there, or change [catalog] files in convagent.toml.",
            )  # fmt: skip
        return Catalog.from_file(files[0], currency=self.settings.shop.currency, url_prefix=self.settings.catalog.url)

    @cached_property
    def stamp(self) -> str:
        """Hash of all that decides: guidance, knowledge, catalog, settings and actions."""
        digest = hashlib.sha256()
        for file in self.files:
            digest.update(f"{Path(file.path).name}\0{file.text}\0".encode("utf-8", "backslashreplace"))
        digest.update(
            repr(
                sorted((language, sorted(texts.items())) for language, texts in self.translations.texts.items())
            ).encode()
        )
        digest.update(self.settings.model_dump_json().encode())
        digest.update(self.knowledge.stamp.encode() if self.knowledge else b"")
        digest.update(self.embedder.stamp.encode() if self.embedder else b"")
        digest.update(self.catalog.stamp.encode() if self.catalog else b"")
        for name in self.settings.actions.python:
            for path in _with_its_package(self.path / name):
                digest.update(path.read_bytes())
        for path in http_action_files(self.path, self.settings):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]


def _with_its_package(path: Path) -> list[Path]:
    """A file of actions; a package's `__init__.py` stands for all its modules."""
    return sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]


def open_shop(path: str | Path) -> OpenShop:
    """Opens a shop's folder.

    Args:
        path: The folder with `convagent.toml`.

    Raises:
        ShopError: There is no shop, or its settings can't be used; all faults are named together.
        GuidanceError: Guidance has errors; all of them are named together.
        ActionError: Actions can't be loaded.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise ShopError(
            "there is no such folder", code="shop-missing", place=folder, remedy="Make one: convagent init DIR"
        )
    settings = read_settings(folder / "convagent.toml")
    files, findings = read_guidance(folder / settings.guidance.folder, base=folder)
    if has_errors(findings):
        raise guidance_error(findings)
    registry = read_actions(folder, settings)
    findings = check_guidance(files, findings, settings, registry)
    if has_errors(findings):
        raise guidance_error(findings)
    translations, lost = read_translations(folder / settings.guidance.folder, base=folder)
    guides = [guide for file in files for guide in file.guides]
    findings = in_order(
        (
            *findings,
            *lost,
            *check_translations(guides, translations),
            *check_texts_of_shop(settings, guides, translations),
        )
    )
    if has_errors(findings):
        raise guidance_error(findings)
    return OpenShop(folder, settings, files, desugar(guides), registry, findings, translations)


def read_actions(folder: Path, settings: Settings, *, state: Mapping[str, Any] | None = None) -> ActionRegistry:
    """Everything that a shop may look up and do, proofs of identity included.

    Args:
        folder: The shop's.
        settings: Its `convagent.toml`.
        state: What the shop's systems should know, for evaluations; handed to the files' `actions` where it is given.

    Raises:
        ActionError: Actions can't be loaded, or contradict one another.
        ShopError: `[identity]` names a look-up or action that can't be used.
    """
    arguments: dict[str, Any] = {"shop_folder": folder} if state is None else {"shop_folder": folder, "state": state}
    registry = ActionRegistry.from_files([folder / name for name in settings.actions.python], arguments=arguments)
    if files := http_action_files(folder, settings):
        from convagent.actions.http import add_http_actions

        add_http_actions(registry, files, base=folder)
    add_identity(registry, settings.identity)
    registry.check()
    return registry


def http_action_files(folder: Path, settings: Settings) -> tuple[Path, ...]:
    """The TOML files of a shop's HTTP actions: packs that it enables, then its own by their names.

    A name without a pattern is among them whether it is there or not, so that its absence is told.
    """
    packs = Path(__file__).parent / "integrations" / "packs"
    found = dict.fromkeys(packs / f"{name}.toml" for name in settings.packs.enabled)
    for name in settings.actions.http:
        several = any(char in name for char in "*?[")
        found.update(dict.fromkeys(sorted(folder.glob(name)) if several else [folder / name]))
    return tuple(found)


def shop_vocabulary(settings: Settings, registry: ActionRegistry) -> Vocabulary:
    """What names mean: the standard facts, what the shop adds, its actions.

    Raises:
        GuidanceError: A type under `[facts]` can't be read.
    """
    vocabulary = with_registry(Vocabulary.standard(), registry)
    return vocabulary.with_facts(settings.facts, place="convagent.toml [facts]") if settings.facts else vocabulary


def check_guidance(
    files: tuple[GuideFile, ...], faults: tuple[Finding, ...], settings: Settings, registry: ActionRegistry, *,
    articles: frozenset[str] | None = None,
) -> tuple[Finding, ...]:  # fmt: skip
    """Faults of syntax and everything else that is wrong with guidance."""
    found = check(
        files, shop_vocabulary(settings, registry), articles=articles, teams=frozenset(settings.teams) or None,
        settings=CheckSettings(
            ignore=frozenset(settings.guidance.ignore), language=settings.shop.language,
            has_business_days=any(hours.days for hours in [*settings.hours.values()][:1]),
        ), faults=faults,
    )  # fmt: skip
    return in_order((*faults, *found))


def read_guidance(folder: Path, *, base: Path | None = None) -> tuple[tuple[GuideFile, ...], tuple[Finding, ...]]:
    """All guidance files of a folder, in the order of their names, with every fault of their syntax."""
    files: list[GuideFile] = []
    findings: list[Finding] = []
    for path in sorted(folder.rglob("*.md")) if folder.is_dir() else []:
        name = path.relative_to(base).as_posix() if base is not None and path.is_relative_to(base) else str(path)
        file, found = parse_file(path, name=name)
        files.append(file)
        findings.extend(found)
    return tuple(files), in_order(findings)


def guidance_error(findings: tuple[Finding, ...]) -> GuidanceError:
    """One error that names every fault."""
    errors = [finding for finding in findings if finding.severity == "error"]
    shown = [
        f"{f.file}:{f.line}:{f.column}: {f.message} [{f.code}]\n{f.caret()}\n    {f.remedy}".rstrip()
        for f in errors[:20]
    ]
    more = f"\n… and {len(errors) - 20} more" if len(errors) > 20 else ""
    error = GuidanceError(
        f"{len(errors)} fault{'s' if len(errors) != 1 else ''} in the guidance\n" + "\n".join(shown) + more,
        code="guidance-faults", remedy="`convagent guidance check` lists them all.",
    )  # fmt: skip
    error.findings = findings
    return error


def demo_shop() -> Path:
    """The demo shop: in an installed package its copy, in a checkout the repository's root.

    Raises:
        ShopError: Neither is there.
    """
    packed = Path(__file__).parent / "demo_shop"
    checkout = Path(__file__).parents[2]
    for folder in (packed, checkout):
        if (folder / "convagent.toml").is_file():
            return folder
    raise ShopError(
        "the demo shop is missing from this installation", code="shop-demo", remedy="Install convagent again."
    )
