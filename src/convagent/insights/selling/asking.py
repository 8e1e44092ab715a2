"""What a product page can ask: the agent's own answers, and what customers asked in past conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from convagent.conversation import Answered, Message, Turn
from convagent.evals.expect import guide_of
from convagent.facts import Product
from convagent.insights.past import PastConversation
from convagent.search import base_language
from convagent.shopping.question_candidates import PastQuestion
from convagent.shopping.suggested_questions import AnswerRef
from convagent.understanding.language import detect_language

if TYPE_CHECKING:
    from convagent.agent import Agent

__all__ = ["answers_of", "past_questions"]

_MOST_CHARACTERS = 300


def answers_of(agent: Agent, product: Product, *, language: str | None = None) -> Callable[[str], AnswerRef | None]:
    """How the agent would answer a visitor of a product's page, by dry runs: look-ups may run, nothing is kept.

    Only what settles the question counts: not a refusal, not a question back, not a handover.

    Args:
        agent: An open agent.
        product: The product of the page, handed in as the fact `product`.
        language: Of the page: an answer in another one is none. Without it each question is answered in its own.
    """
    facts = {"product": product.model_dump(mode="json")}

    def answer(question: str) -> AnswerRef | None:
        turn = agent.decide(Message(text=question), conversation="suggested-questions", facts=facts)
        if turn.reply is None or (
            language is not None and base_language(turn.reply.language) != base_language(language)
        ):
            return None
        return _reference(turn)

    return answer


def past_questions(
    conversations: Iterable[PastConversation], *, languages: Iterable[str] = ("en",)
) -> Iterator[PastQuestion]:
    """The questions that customers asked in past conversations, each with its language and the product they looked at.

    Nothing is left out here but what is no question: `suggested_questions` shows only what several asked, and nothing that
    tells of whoever asked.

    Args:
        conversations: Such as `convagent.insights.stored` gives them.
        languages: The shop's; a question in doubt is taken for the first.
    """
    known = tuple(languages)
    for each in conversations:
        product = each.facts.get("product")
        product_id = product.get("id") if isinstance(product, dict) else None
        for said in each.messages:
            text = " ".join(said.text.split())
            if said.author == "customer" and text.endswith("?") and len(text) <= _MOST_CHARACTERS:
                language = detect_language(text, default=known[0], languages=known)
                yield PastQuestion(text, language, each.id, str(product_id) if product_id else None)


def _reference(turn: Turn) -> AnswerRef | None:
    outcome, reply = turn.outcome, turn.reply
    if not isinstance(outcome, Answered) or outcome.refused or reply is None:
        return None
    if reply.citations:
        return AnswerRef("article", reply.citations[0].article_id, reply.text)
    return AnswerRef("guide", guide_of(turn) or "", reply.text)
