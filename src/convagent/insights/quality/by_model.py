"""A chat model that rates past conversations: the prompt, the reading of answers and the rule of quotes are the evaluations'."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from convagent.errors import ModelError
from convagent.evals.judging.masking import mask_for
from convagent.evals.judging.opinion import line_of, opinion_on
from convagent.insights.past import PastConversation, Said
from convagent.insights.quality.criteria import Criterion
from convagent.insights.quality.judge import JudgeOpinion
from convagent.models import ChatModel, Section, guard
from convagent.nevers import forbidden_words
from convagent.shop import OpenShop

__all__ = ["ModelJudge"]

_WRITERS = {"customer": "customer", "person": "assistant", "agent": "assistant", "system": "event"}
"""Who answered is nobody's business: people and agents are rated by the same eyes."""

_PASSAGES, _MOST_PASSAGES = 6, 12
"""Found for each reply, and together."""

_LONGEST_QUERY = 2_000


class ModelJudge:
    """A `QualityJudge` that asks a chat model about each criterion, in one call each.

        review(conversations, shop, judges=[ModelJudge(model, shop)])

    It reads the conversation with everybody who answered called the assistant, personal data replaced by placeholders. With it
    stand the articles' passages that bear on the messages (for `accuracy`), what the shop never says (`policy`) and the
    languages that it answers in (`language`). It must quote the words that decide; otherwise nothing is scored. Where it fails,
    the opinion says why, with the error's code.

    Args:
        model: Who judges; guarded as the shop's `[model]` says.
        shop: Whose conversations they are.
        name: Under which its ratings stand; the model's by default.

    Raises:
        ModelError: `model-shares`: the shop's `[model] shares` keeps customers' messages from models; `model-object`: what was
            handed in is no chat model.
    """

    def __init__(self, model: ChatModel, shop: OpenShop, *, name: str = "") -> None:
        settings = shop.settings.model
        if "messages" not in settings.shares:
            raise ModelError(
                "the shop keeps its customers' messages from chat models, and a judge would read them", code="model-shares",
                place=shop.path / "convagent.toml", remedy='Add "messages" to [model] shares, or go by the rules alone.',
            )  # fmt: skip
        self._model = guard(model, settings)
        self._shop = shop
        self._name = name or model.name

    @property
    def name(self) -> str:
        """Under which its ratings stand."""
        return self._name

    def rate(self, conversation: PastConversation, criterion: Criterion, description: str) -> JudgeOpinion:
        """The model's opinion, unscored where it can't tell, quotes nothing that was said, or fails.

        Args:
            conversation: A past one.
            criterion: By which.
            description: What is good by it.
        """
        said = [message for message in conversation.messages if message.text.strip()]
        if criterion == "resolution" and not any(each.author == "customer" for each in said):
            return JudgeOpinion("unscored", "the customer wrote nothing")
        if criterion != "resolution" and not any(each.is_reply for each in said):
            return JudgeOpinion("unscored", "nobody replied")
        sources = self._sources(criterion, said)
        if sources is None:
            return JudgeOpinion("unscored", "no article speaks of it")
        found = opinion_on(
            description, "\n".join(line_of(_WRITERS[each.author], each.text) for each in said),
            [each.text for each in said], self._model, sources=sources,
            mask=mask_for(self._shop.settings.shop, conversation.facts),
        )  # fmt: skip
        if found.verdict not in {"yes", "no"}:
            return JudgeOpinion("unscored", found.why)
        told = "it holds" if found.verdict == "yes" else "it doesn't hold"
        return JudgeOpinion(
            "good" if found.verdict == "yes" else "bad", f"{told}: {description}", (found.evidence.strip("\"'“”„«» "),)
        )

    def _sources(self, criterion: Criterion, said: Sequence[Said]) -> tuple[Section, ...] | None:
        """What the conversation is held against; None where it can't be."""
        if criterion == "accuracy":
            passages = self._passages(said)
            return tuple(Section(text, label="article") for text in passages) or None
        settings = self._shop.settings.shop
        if criterion == "language":
            spoken = dict.fromkeys((settings.language, *settings.languages))
            return (Section(f"The shop answers in these languages, else in the first: {', '.join(spoken)}."),)
        if criterion == "policy":
            never = forbidden_words(self._shop.kernel, self._shop.translations, language=settings.language).phrases
            told = "\n".join(phrase for phrase, _ in never)
            asked = "Customers should never write card numbers, security codes, PINs or passwords."
            return (Section(asked), Section(told, label="what the shop never says"))
        return ()

    def _passages(self, said: Sequence[Said]) -> list[str]:
        """What articles say of each reply and the question before it, the best of each first."""
        knowledge = self._shop.knowledge
        if knowledge is None or "articles" not in self._shop.settings.model.shares:
            return []
        found: list[list[str]] = []
        question = ""
        for each in said:
            question = each.text if each.author == "customer" else question
            if each.is_reply:
                hits = knowledge.search(f"{question} {each.text}"[:_LONGEST_QUERY], _PASSAGES)
                found.append([str(hit.passage) for hit in hits])
        ranked = (passage for rank in zip_longest(*found) for passage in rank if passage)
        return list(dict.fromkeys(ranked))[:_MOST_PASSAGES]
