"""From an opened shop to everything that its turns work with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from convagent.actions import Ledger
from convagent.actions.identity import Proof, identity_proofs
from convagent.errors import ShopError
from convagent.guidance.interpreter.decision import DecideSettings
from convagent.guidance.interpreter.world import Resolver
from convagent.hidden import handed_on, secret_needs
from convagent.models import ChatModel, ModelSettings, guard
from convagent.nevers import forbidden_words, never_rules
from convagent.shop import OpenShop
from convagent.storage import Storage
from convagent.turns.state import AgentParts
from convagent.understanding.guide_kinds import GuideKinds, advising_guides, guide_kinds
from convagent.understanding.home_country import country_of_zone
from convagent.understanding.own_names import OwnNames
from convagent.understanding.understand import Understander

if TYPE_CHECKING:
    from convagent.shopping.assistant import ShoppingAssistant

__all__ = ["chosen_model", "parts_of", "verifier_of"]


def parts_of(
    shop: OpenShop, *, storage: Storage, ledger: Ledger, clock: Callable[[], datetime] | None, proofs: Sequence[Proof]
) -> AgentParts:
    """What an agent works with: the shop's guidance fitted to understand by, its rules, its ways to prove who writes.

    Args:
        shop: An opened shop.
        storage: Where conversations are kept.
        ledger: Where effects are written down.
        clock: Gives the moment of a turn that brings none; the shop's clock by default.
        proofs: Ways to prove who writes, beside those of the shop's settings.

    Raises:
        ShopError: `identity-secret`: a secret that `[identity]` names is missing in the environment; `handover-guide`:
            there is no guide of a title that `[handover.guide_topics]` names; `selling-action`: the action that `[selling]`
            names isn't there, or isn't one that makes a code.
    """
    settings = shop.settings
    _check_guide_topics(shop)
    _check_selling_action(shop)
    products = dict(shop.catalog.titles()) if shop.catalog else {}
    kinds, handed = shop.guidance.kept("kinds", lambda: (tuple(guide_kinds(shop.kernel)), handed_on(shop.kernel)))
    understander = Understander.fit(
        shop.kernel, products=products, order_pattern=settings.orders.pattern, currency=settings.shop.currency,
        language=settings.shop.language, languages=settings.shop.languages, embedder=shop.embedder,
        folder=shop.index_dir / "understanding", guide_from=settings.agent.guide_from, own_words=settings.vocabulary,
        country=settings.shop.country or country_of_zone(settings.shop.timezone),
        kinds=GuideKinds(*kinds), names=OwnNames(agent=settings.agent.name, shop=settings.shop.name), topics=shop.topics,
    )  # fmt: skip
    resolvers = {
        (spec.provides.split(".")[0], spec.provides.split(".")[1]): Resolver(spec.name, spec.parameters[0].name)
        for spec in shop.registry
        if spec.provides is not None
    }
    return AgentParts(
        shop=shop, storage=storage, clock=clock or shop.now, understander=understander,
        settings=DecideSettings(settings.agent.answer_from, settings.agent.switch_from, settings.agent.ask_from),
        handover=settings.spoken_handover, nevers=never_rules(shop.kernel),
        forbidden=forbidden_words(shop.kernel, shop.translations, language=settings.shop.language),
        resolvers=resolvers, ledger=ledger, proofs=identity_proofs(settings.identity, proofs),
        assistant=_assistant(shop), about_own=frozenset(kinds[0]), secret=secret_needs(handed, shop.registry),
    )  # fmt: skip


def chosen_model(settings: ModelSettings, model: str | ChatModel | None, *, base_url: str | None) -> ChatModel | None:
    """The chat model that an agent is opened with, guarded; None for none.

    Args:
        settings: The shop's.
        model: What the caller names, an object or "" for none; None leaves it to the settings.
        base_url: The service's address, where the caller names it.

    Raises:
        ModelError: `model-unknown`, `model-key`: see `convagent.models.opening`; `model-object`: the object is no chat model.
    """
    if model is not None and not isinstance(model, str):
        return guard(model, settings)
    changes = {"name": model, "base_url": base_url}
    settings = settings.model_copy(update={name: value for name, value in changes.items() if value is not None})
    if not settings.name and (model is not None or base_url is None):
        return None  # an address without a model is a slip, which opening tells
    from convagent.models.opening import open_model

    return open_model(settings)


def verifier_of(settings: ModelSettings, *, base_url: str | None) -> ChatModel | None:
    """The second model that `[model] verifier` names, from the same service; None without one.

    Raises:
        ModelError: As `chosen_model` does.
    """
    return chosen_model(settings, settings.verifier, base_url=base_url) if settings.verifier else None


def _assistant(shop: OpenShop) -> ShoppingAssistant | None:
    rules = shop.settings.selling
    if shop.catalog is None or not rules.assistant:
        return None
    from convagent.shopping.assistant import ShoppingAssistant

    return ShoppingAssistant(
        shop.catalog,
        rules,
        charts=lambda: shop.size_charts,
        guides=shop.guidance.kept("advising", lambda: advising_guides(shop.kernel)),
    )


def _check_guide_topics(shop: OpenShop) -> None:
    unknown = [title for title in shop.settings.handover.guide_topics if shop.kernel.guide(title) is None]
    if unknown:
        raise ShopError(
            f"handover.guide_topics: there is no guide called {', '.join(unknown)[:200]}", code="handover-guide",
            place=shop.path / "convagent.toml", remedy="Name a guide by its title.",
        )  # fmt: skip


def _check_selling_action(shop: OpenShop) -> None:
    """The action that makes a code must be there and take what it is called with, before a shopper is promised one."""
    name = shop.settings.selling.action
    if name is None:
        return
    spec = shop.registry.get(name)
    given = {"percent", "customer"}
    wrong = ""
    if spec is None:
        wrong = f"there is no action called {name}"
    elif spec.kind != "write":
        wrong = f"{name} only reads, and makes no code"
    else:
        taken = {parameter.name for parameter in spec.parameters}
        needed = {parameter.name for parameter in spec.parameters if parameter.required}
        if given - taken or needed - given:
            wrong = f"{name} takes {', '.join(sorted(taken)) or 'nothing'}, and is called with percent and customer"
    if wrong:
        raise ShopError(
            f"selling.action: {wrong}", code="selling-action", place=shop.path / "convagent.toml",
            remedy="Name a write that takes `percent` and `customer` and gives a Discount; see docs/selling.md.",
        )  # fmt: skip
