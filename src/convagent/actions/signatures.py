"""Actions as guidance's checker sees them."""

from __future__ import annotations

from collections.abc import Iterable

from convagent.actions.spec import ActionSpec
from convagent.guidance.schema.records import type_of
from convagent.guidance.schema.vocabulary import ActionSignature, Vocabulary
from convagent.guidance.schema.vocabulary import Parameter as ParameterType

__all__ = ["signature_of", "with_registry"]


def signature_of(spec: ActionSpec) -> ActionSignature:
    """The signature that guidance is checked against."""
    parameters = tuple(
        ParameterType(p.name, type_of(p.annotation).type, p.required, p.description) for p in spec.parameters
    )
    result = type_of(spec.result)
    return ActionSignature(
        spec.name, spec.kind, parameters, result.type, result.optional, spec.requires, spec.confirm, spec.description
    )


def with_registry(vocabulary: Vocabulary, specs: Iterable[ActionSpec]) -> Vocabulary:
    """The vocabulary with a shop's actions and the records that they speak of."""
    given = tuple(specs)
    annotations = [
        annotation for spec in given for annotation in (*(p.annotation for p in spec.parameters), spec.result)
    ]
    return vocabulary.with_models(annotations).with_actions(signature_of(spec) for spec in given)
