"""A shop whose files changed while it was open, opened again: what no changed file has to do with is taken over as it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from convagent.settings import Settings
from convagent.shop import OpenShop, open_shop
from convagent.shop_guidance import shop_guidance

__all__ = ["reopen_shop", "with_index_in"]

_GUIDANCE, _ARTICLES = "guidance", "articles"


def reopen_shop(known: OpenShop, changed: Iterable[Path]) -> OpenShop:
    """The shop as it is now; the earlier one stays as it was.

    Where guides and translations alone changed, everything else is taken over: settings, actions, articles, catalog. Where
    articles changed, they are read again as well. Any other file may be one that the shop's own actions read, so that then
    all is opened afresh but for what turns texts into vectors, as long as its settings are the same.

    Args:
        known: The shop as it was opened.
        changed: Every file of it that was written, made or deleted since, files of cases excepted. They begin like
            `known.path`.

    Raises:
        ConvagentError: As `convagent.shop.open_shop`.
    """
    kinds = {_kind(path, known) for path in changed}
    if None in kinds:
        return _afresh(known)
    guidance, registry = shop_guidance(
        known.path, known.settings, registry=lambda: known.registry, folder=known.index_dir / "guidance", known=known.guidance,
        vocabulary=known.vocabulary,
    )  # fmt: skip
    shop = OpenShop(known.path, known.settings, guidance, registry)
    _take_over(shop, known, {"facts", "vocabulary", "index_dir", "embedder", "catalog"})
    if _ARTICLES not in kinds:
        _take_over(shop, known, {"knowledge"})
    return shop


def with_index_in(shop: OpenShop, folder: Path) -> OpenShop:
    """The same shop, all of whose parts are taken over, but for where it keeps what it comes to.

    Args:
        shop: A shop that was opened.
        folder: The index folder of the copy.
    """
    copy = OpenShop(shop.path, shop.settings, shop.guidance, shop.registry)
    _take_over(copy, shop, {"facts", "vocabulary", "embedder", "catalog", "knowledge", "topics"})
    vars(copy)["index_dir"] = folder
    return copy


def _kind(path: Path, shop: OpenShop) -> str | None:
    """What a file is to a shop; None for all that its actions or settings may hang on."""
    guidance, articles = shop.path / shop.settings.guidance.folder, shop.path / shop.settings.knowledge.articles
    if path.is_relative_to(guidance):
        within = path.relative_to(guidance).parts
        translated = len(within) == 2 and within[0] == "translations" and path.suffix == ".yaml"
        return _GUIDANCE if path.suffix == ".md" or translated else None
    return _ARTICLES if path.is_relative_to(articles) else None


def _afresh(known: OpenShop) -> OpenShop:
    shop = open_shop(known.path)
    if _embedding(shop.settings) == _embedding(known.settings):
        _take_over(shop, known, {"embedder"})
    return shop


def _embedding(settings: Settings) -> tuple[object, ...]:
    told, shop = settings.knowledge, settings.shop
    return told.embedder, told.embedder_url, told.embedder_key, shop.language, tuple(shop.languages)


def _take_over(shop: OpenShop, known: OpenShop, names: set[str]) -> None:
    """Hands on parts that were read already: each is a cached property, kept in the instance under its own name."""
    vars(shop).update({name: part for name, part in vars(known).items() if name in names})
