"""Which chat models an evaluation asks: none, the shop's own, a named one, an object, or what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from convagent.errors import EvalError
from convagent.models import ChatModel, ModelSettings, RecordingModel, ReplayedModel
from convagent.shop import OpenShop
from convagent.turns.opening import chosen_model, verifier_of
from convagent.turns.state import stamp_with

__all__ = ["AskedModels", "ModelUse", "open_models", "stamp_of"]


@dataclass(frozen=True)
class ModelUse:
    """Which chat models are asked, and what becomes of the exchanges. It travels to other processes, where no model is an object.

    Attributes:
        model: Serves the agent: `openai:NAME`, an object, None for what the shop's settings name, "" for none.
        base_url: Of another service than OpenAI's own.
        judge: Judges what cases say below `judge`: likewise; None for the agent's own model.
        customer: Plays simulated customers: likewise; "" for none, who go by rules then.
        record: File that exchanges are added to; see `convagent.models.RecordingModel`.
        replay: File whose exchanges answer in the place of all these models, but for those that are ""; see
            `convagent.models.ReplayedModel`.
    """

    model: str | ChatModel | None = None
    base_url: str | None = None
    judge: str | ChatModel | None = None
    customer: str | ChatModel | None = ""
    record: Path | None = None
    replay: Path | None = None

    @classmethod
    def of(cls, model: str | ChatModel | ModelUse | None) -> ModelUse:
        """What is meant where a model alone may be named, too."""
        return model if isinstance(model, ModelUse) else cls(model=model)

    @property
    def travels(self) -> bool:
        """Whether other processes can open the same models."""
        return self.replay is not None or all(
            isinstance(each, str | None) for each in (self.model, self.judge, self.customer)
        )


@dataclass(frozen=True)
class AskedModels:
    """The models of an evaluation, opened; None where none is asked.

    Attributes:
        agent: Serves the agent.
        judge: Judges replies.
        customer: Plays simulated customers.
        verifier: Looks at replies, where the shop's settings name one.
    """

    agent: ChatModel | None = None
    judge: ChatModel | None = None
    customer: ChatModel | None = None
    verifier: ChatModel | None = None


def open_models(use: ModelUse, settings: ModelSettings) -> AskedModels:
    """Opens the models.

    Args:
        use: Which.
        settings: The section `[model]` of the shop.

    Raises:
        EvalError: `eval-model`: both to record and to replay is asked for.
        ModelError: A model can't be opened, a file can't be read or written.
    """
    if use.replay is not None:
        if use.record is not None:
            raise EvalError(
                "what is replayed can't be recorded", code="eval-model",
                remedy="Record with a model first, then replay: one at a time.",
            )  # fmt: skip
        replayed = ReplayedModel(use.replay)
        return AskedModels(
            None if use.model == "" else replayed,
            None if use.judge == "" else replayed,
            None if use.customer == "" else replayed,
            replayed if settings.verifier and use.model != "" else None,
        )
    alone = use.judge is None and use.customer is None  # else the address may be theirs
    agent = chosen_model(settings, use.model, base_url=use.base_url if use.model or settings.name or alone else None)
    judge, customer = (
        agent if each is None else chosen_model(settings, each, base_url=use.base_url)
        for each in (use.judge, use.customer)
    )
    verifier = verifier_of(settings, base_url=use.base_url) if agent is not None else None
    if use.record is None:
        return AskedModels(agent, judge, customer, verifier)
    every = {id(each): each for each in (agent, judge, customer, verifier) if each is not None}
    if not every:
        raise EvalError(
            "there is nothing to record: no chat model is asked", code="eval-model",
            remedy="Name one with --model openai:NAME, or below [model] in convagent.toml.",
        )  # fmt: skip
    recorded = {key: RecordingModel(each, use.record) for key, each in every.items()}
    return AskedModels(*(recorded.get(id(each)) for each in (agent, judge, customer, verifier)))


def stamp_of(shop: OpenShop, model: ChatModel | None) -> str:
    """The stamp that an agent of the shop with the model has."""
    return stamp_with(shop.stamp, model)
