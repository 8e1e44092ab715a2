"""Evidence among a call's facts: taken out before anything sees it; what it proves comes in as the customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from convagent.actions.identity.proof import Proof, plain
from convagent.facts import Customer, Facts
from convagent.guidance.codec import from_json
from convagent.guidance.interpreter.decision import Memory

__all__ = [
    "claims_unsaid",
    "evidence_names",
    "forgotten",
    "own_memory",
    "with_nobody",
    "with_proven",
    "without_evidence",
]

_ALWAYS = ("customer_token",)
"""Taken out even where no proof reads it: a token that nobody checks is still a secret."""


def evidence_names(proofs: Iterable[Proof]) -> frozenset[str]:
    """Names of facts that are evidence."""
    return frozenset((*_ALWAYS, *(name for proof in proofs for name in proof.evidence)))


def without_evidence(facts: Facts, proofs: Iterable[Proof]) -> Facts:
    """The facts themselves when they hold no evidence, else what is left of them."""
    hidden = evidence_names(proofs) & set(facts.extra)
    if not hidden:
        return facts
    return Facts.model_validate({name: getattr(facts, name) for name in facts.model_fields_set - hidden})


def with_proven(facts: Facts, proven: Customer) -> Facts:
    """The facts with the customer who was proven. What the caller said of somebody else is dropped."""
    said = facts.customer
    same = said is not None and (
        said.id == proven.id or (said.id is None and (not said.email or plain(said.email) == plain(proven.email)))
    )
    if said is not None and same:
        changes = {name: getattr(proven, name) for name in proven.model_fields_set if getattr(proven, name) is not None}
        return _with(facts, said.model_copy(update=changes))
    return _with(facts, proven)


def with_nobody(facts: Facts) -> Facts:
    """The facts where evidence was brought that proves nobody: the caller's own word is no proof either then."""
    said = facts.customer or Customer()
    lowered = "claimed" if said.verification == "verified" else said.verification
    return _with(facts, said.model_copy(update={"verification": lowered}))


def own_memory(memory: Memory, customer: Customer | None) -> Memory:
    """The memory, or an empty one when another customer writes on: what one of them said and saw is not the other's.

    Accounts are told apart by id, and by e-mail address where one of them has no id: whoever is verified and can't be shown
    to be the one before is another. Who names no account goes on as the one before.
    """
    if customer is None or "customer" not in memory.known:
        return memory
    before = from_json(memory.known["customer"])
    if not isinstance(before, Customer):
        return memory
    if customer.id is not None and before.id is not None:
        return memory if customer.id == before.id else forgotten(memory)
    if not customer.verified or (customer.id is None and not customer.email):
        return memory
    return memory if customer.email and plain(customer.email) == plain(before.email) else forgotten(memory)


def forgotten(memory: Memory) -> Memory:
    """The memory without what was said and shown; that a person is in charge, and what ran, stays."""
    return replace(
        memory,
        open=(),
        waiting=(),
        known={},
        clarify=None,
        vague=0,
        last="",
        owed=(),
        givers={},
        offered=None,
        again=(),
    )


def claims_unsaid(arguments: Mapping[str, Any], customer: Customer | None, *, said: Iterable[str]) -> tuple[str, ...]:
    """Names of arguments that hold what only the caller claims: the customer never wrote it.

    Args:
        arguments: Of a look-up that proves.
        customer: The caller's word of who writes.
        said: What the customer wrote in the conversation.
    """
    if customer is None or customer.verified:
        return ()
    place = customer.address
    claims = {plain(getattr(customer, name)) for name in ("email", "phone", "first_name", "last_name", "id")}
    claims = (claims | {plain(place.postcode)} if place is not None else claims) - {""}
    heard = "".join(_letters(text) + "\0" for text in said)
    return tuple(
        name for name, value in arguments.items()
        if isinstance(value, str) and plain(value) in claims and _letters(value) not in heard
    )  # fmt: skip


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _with(facts: Facts, customer: Customer) -> Facts:
    values = {name: getattr(facts, name) for name in facts.model_fields_set - {"customer"}}
    return Facts.model_validate({**values, "customer": customer})
