"""A shop's folder → its parts: settings, guidance, knowledge, catalog, actions."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from convagent.actions import ActionRegistry
from convagent.actions.identity import add_identity
from convagent.errors import CatalogError, KnowledgeError, ShopError
from convagent.facts import Product, Team
from convagent.facts import Shop as ShopFacts
from convagent.guidance.findings.finding import Finding
from convagent.guidance.interpreter.kernel import Kernel
from convagent.guidance.language.translations import Translations
from convagent.guidance.schema.vocabulary import Vocabulary
from convagent.settings import Settings, read_settings
from convagent.shop_guidance import (
    ShopGuidance,
    articles_named,
    check_guidance,
    guidance_error,
    read_guidance,
    shop_guidance,
    shop_vocabulary,
)

if TYPE_CHECKING:
    from convagent.catalog import Catalog
    from convagent.catalog.knowing.size_charts import SizeCharts
    from convagent.guidance.language.syntax import GuideFile
    from convagent.knowledge import KnowledgeBase
    from convagent.search import Embedder

__all__ = [
    "OpenShop",
    "check_guidance",
    "demo_shop",
    "guidance_error",
    "http_action_files",
    "open_shop",
    "read_actions",
    "read_guidance",
    "shop_vocabulary",
]

MOST_TOPICS = 200
"""Titles of articles that the matcher of guides learns beside their examples."""

Progress = Callable[[str, int, int], None]


@dataclass
class OpenShop:
    """A shop that was opened. Its parts are read when they are first used, then kept.

    Attributes:
        path: The folder.
        settings: From `convagent.toml`.
        guidance: Its guides as they were read, or as they were kept.
        registry: Look-ups and actions.
    """

    path: Path
    settings: Settings
    guidance: ShopGuidance
    registry: ActionRegistry

    @property
    def files(self) -> tuple[GuideFile, ...]:
        """Guidance files as syntax trees."""
        return self.guidance.files

    @property
    def kernel(self) -> Kernel:
        """All guides in kernel terms."""
        return self.guidance.guides.kernel

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What guidance's own reading found; never an error."""
        return self.guidance.guides.findings

    @property
    def translations(self) -> Translations:
        """Texts of guides in other languages."""
        return self.guidance.guides.translations

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
        names = self.article_names()
        if articles_named(self.kernel) <= {name.strip().casefold() for name in names}:
            return self.findings  # articles are all that opening the shop doesn't look at
        return check_guidance(self.files, self.findings, self.settings, self.registry, articles=names)

    def article_names(self) -> frozenset[str]:
        """Titles and ids of the articles."""
        base = self.knowledge
        return (
            frozenset(name for article in base.articles for name in (article.id, article.title))
            if base
            else frozenset()
        )

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """Titles of articles, spread evenly over them: what messages may be about beside what guides are for."""
        titles = tuple(dict.fromkeys(article.title for article in self.knowledge.articles)) if self.knowledge else ()
        return titles[:: -(-len(titles) // MOST_TOPICS)] if titles else ()

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
        return _index_dir(self.path)

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
        from convagent.shop_store import shop_store

        folder = self.path / self.settings.knowledge.articles
        if not folder.is_dir():
            if self.settings.knowledge.articles != "knowledge/articles":
                raise KnowledgeError(
                    "there is no such folder of articles", code="knowledge-missing", place=folder,
                    remedy="Make it, or set [knowledge] articles in convagent.toml.",
                )  # fmt: skip
            return None
        named = self.settings.knowledge.store
        return KnowledgeBase.from_folder(
            folder, index_dir=self.index_dir / "articles", progress=progress,
            embedder=self.embedder if named is None else None,
            store=None if named is None else shop_store(self.path, named),
        )  # fmt: skip

    @cached_property
    def catalog(self) -> Catalog | None:
        """The products, None when the shop has none."""
        files = [self.path / name for name in self.settings.catalog.files]
        if not files:
            return None
        from convagent.catalog import Catalog

        if missing := next((file for file in files if not file.is_file()), None):
            raise CatalogError(
                "there is no such catalog", code="catalog-missing", place=missing,
                remedy="Put the file there, or change [catalog] files in convagent.toml.",
            )  # fmt: skip
        return Catalog.from_file(
            files[0], currency=self.settings.shop.currency, url_prefix=self.settings.catalog.url,
            language=self.settings.shop.language, embedder=self.embedder, cache=self.index_dir / "products",
            stamped=True,
        )  # fmt: skip

    @cached_property
    def size_charts(self) -> SizeCharts | None:
        """The size charts, None when the shop has none.

        Raises:
            CatalogError: The folder isn't there, or one of its files can't be read.
        """
        if self.settings.catalog.size_charts is None:
            return None
        from convagent.catalog.knowing.size_charts import SizeCharts

        return SizeCharts.from_folder(self.path / self.settings.catalog.size_charts)

    @property
    def products_for_guidance(self) -> Sequence[Product]:
        """What guidance calls `catalog`: all products at once; a large catalog's are read for it when it comes to them."""
        return self.catalog.listed() if self.catalog is not None else ()

    @property
    def stamp(self) -> str:
        """Hash of all that decides: guidance, knowledge, catalog, settings and actions; the catalog's as it is now."""
        if self.catalog is None:
            return self._stamps[0]
        current = self._stamps
        if current[1] != self.catalog.stamp:
            current = self._stamps = self._stamped()
        return current[0]

    @cached_property
    def _stamps(self) -> tuple[str, str]:
        return self._stamped()

    def _stamped(self) -> tuple[str, str]:
        """The shop's stamp and the catalog's that it holds."""
        catalog = self.catalog.stamp if self.catalog is not None else ""
        digest = hashlib.sha256()
        for name, text in self.guidance.texts:
            digest.update(f"{Path(name).name}\0{text}\0".encode("utf-8", "backslashreplace"))
        digest.update(
            repr(
                sorted((language, sorted(texts.items())) for language, texts in self.translations.texts.items())
            ).encode()
        )
        digest.update(self.settings.model_dump_json(exclude={"evals"}).encode())  # gates judge, they don't decide
        digest.update(self.knowledge.stamp.encode() if self.knowledge else b"")
        digest.update(self.embedder.stamp.encode() if self.embedder else b"")
        digest.update(catalog.encode())
        for name in self.settings.actions.python:
            for path in _with_its_package(self.path / name):
                digest.update(path.read_bytes())
        for path in http_action_files(self.path, self.settings):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16], catalog


def _index_dir(folder: Path) -> Path:
    packed = folder.resolve().is_relative_to(Path(__file__).parent)
    if os.access(folder, os.W_OK) and not packed:
        return folder / ".convagent"
    from platformdirs import user_cache_path

    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return user_cache_path("convagent") / name


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
    guidance, registry = shop_guidance(
        folder, settings, registry=lambda: read_actions(folder, settings), folder=_index_dir(folder) / "guidance"
    )
    return OpenShop(folder, settings, guidance, registry)


def read_actions(
    folder: Path,
    settings: Settings,
    *,
    state: Mapping[str, Any] | None = None,
    loaded: ActionRegistry | None = None,
) -> ActionRegistry:
    """Everything that a shop may look up and do, proofs of identity included.

    Args:
        folder: The shop's.
        settings: Its `convagent.toml`.
        state: What the shop's systems should know, for evaluations; handed to the files' `actions` where it is given.
        loaded: An earlier registry of the same shop, whose Python files aren't loaded again.

    Raises:
        ActionError: Actions can't be loaded, or contradict one another.
        ShopError: `[identity]` names a look-up or action that can't be used.
    """
    arguments: dict[str, Any] = {"shop_folder": folder} if state is None else {"shop_folder": folder, "state": state}
    registry = ActionRegistry.from_files(
        [folder / name for name in settings.actions.python],
        arguments=arguments,
        loaded=None if loaded is None else loaded.modules,
    )
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
