"""A second model's look at what the first one wrote: which sentences its sources don't support. Where nothing is streamed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from convagent.answering.by_model.prompting import Setting
from convagent.errors import ModelError
from convagent.models import ChatRequest, ModelCalls
from convagent.models.prompt import Section, prompt_of

__all__ = ["SCHEMA", "doubted_sentences"]

SCHEMA = {
    "type": "object",
    "properties": {"unsupported": {"type": "array", "items": {"type": "integer"}}},
    "required": ["unsupported"],
    "additionalProperties": False,
}
"""The answer: the numbers of the sentences that the sources don't support."""

_RULES = """\
You check sentences that a shop is about to send, against their sources. A sentence is supported when a source says it, with the \
same figures, conditions and restrictions, in whatever words. Politeness that states nothing is supported.
Answer with the numbers of the sentences that are not supported; with an empty list when all are."""


def doubted_sentences(
    calls: ModelCalls, lines: Sequence[str], sources: Sequence[str], setting: Setting
) -> frozenset[int]:
    """The places, from 0, of the sentences that the verifying model finds unsupported.

    Args:
        calls: The turn's.
        lines: Sentences and lines, as the first model wrote them.
        sources: What they may rest on.
        setting: How long a prompt may be.

    Raises:
        ModelError: As the model does; `model-unusable`: an answer that is none.
    """
    numbered = "\n".join(f"{number}. {line.strip()}" for number, line in enumerate(lines, 1))
    sections = [
        *(Section(text, f"source {number}", min(number - 1, 5)) for number, text in enumerate(sources, 1)),
        Section(numbered, "sentences"),
    ]
    messages = prompt_of(_RULES, sections, most_tokens=setting.prompt_tokens, model=setting.model)
    reply = calls.complete(ChatRequest("verify", messages, schema=SCHEMA, max_tokens=200))
    try:
        found = json.loads(reply.text)["unsupported"]
        places = {int(number) - 1 for number in found if 1 <= int(number) <= len(lines)}
        return frozenset(at for at in places if not lines[at].lstrip().startswith("#"))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError("the verifying model gave no list of numbers", code="model-unusable") from error
