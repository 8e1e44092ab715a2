"""What the shopping assistant makes of a turn: its words, products and question in place of the step that left it to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from convagent.conversation import TraceEvent
from convagent.facts import Cart, Customer, Discount, Facts, Product, Session
from convagent.guidance.codec import canonical, digest
from convagent.guidance.interpreter.decision import Decision
from convagent.guidance.interpreter.world import HandOverStep, Step, Want
from convagent.guidance.values import Percent
from convagent.shopping.asker import Asker
from convagent.shopping.model import Advice, ShoppingState
from convagent.shopping.wording import Sentences
from convagent.turns.acting import act
from convagent.turns.state import TurnWork
from convagent.why import because

__all__ = ["NEED", "advised"]

_Fact = TypeVar("_Fact")

NEED = "shopping"
"""What a question of the assistant's asks for, in `Asked.needs`."""


def advised(work: TurnWork, decision: Decision, facts: Facts) -> Decision:
    """The decision with what the assistant says in place of each step that leaves it to it."""
    assistant = work.parts.assistant
    state = ShoppingState.from_json(work.memory.shopping)
    if decision.outcome in {"silent", "handed_over"} or not any(step.kind == "advise" for step in decision.steps):
        return replace(decision, memory=replace(decision.memory, shopping=_kept(decision, state).to_json()))
    steps: list[Step] = []
    advice: Advice | None = None
    for step in decision.steps:
        if step.kind != "advise":
            steps.append(step)
            continue
        if advice is not None:  # one shopping request a turn: the next has its turn when this one is settled
            continue
        if assistant is None:
            return _handed_over(decision, HandOverStep("missing_knowledge", why=because("no_assistant")))
        words = str(step.data.get("words") or work.message.text)
        about, aside = str(step.data.get("about") or ""), bool(step.address and step.data.get("words"))
        advice = assistant.advise(words, state, _asker(work, decision), about=about, aside=aside)
        if aside:  # the guide's words were read, the customer's are what later ones lean on
            said = (*advice.state.said, work.message.text)[-8:]
            advice = replace(advice, state=replace(advice.state, said=said, idle=0))
        work.trace.append(TraceEvent(kind="advice", text="; ".join(advice.why), data={"state": advice.state.to_json()}))
        steps.extend(_steps(step.address, advice))
        steps.extend(_offered(work, facts, step.address, advice))
    if advice is None:
        return decision
    decision = replace(decision, steps=tuple(steps), memory=replace(decision.memory, shopping=advice.state.to_json()))
    if advice.hand_over is not None:
        reason, team, why = advice.hand_over
        return _handed_over(decision, HandOverStep(reason, team or None, why=why))
    if advice.question and decision.outcome == "answered":
        return replace(decision, outcome="asked", needs=(NEED,), refused=False)
    return decision


def _kept(decision: Decision, state: ShoppingState) -> ShoppingState:
    """What is remembered after a turn of guides alone: the product that they dealt with is what "it" means next."""
    product = decision.known.get("product")
    if decision.guides and decision.outcome in {"answered", "asked"} and isinstance(product, Product):
        return replace(state, about=product.id, asked="", choices=(), idle=0)
    return state.later()


def _handed_over(decision: Decision, step: HandOverStep) -> Decision:
    memory = replace(decision.memory, handed_over=True)
    kept = tuple(each for each in decision.steps if each.kind != "advise")
    return replace(decision, outcome="handed_over", hand_over=step, memory=memory, steps=kept, needs=())


def _steps(address: str, advice: Advice) -> Iterator[Step]:
    for line in advice.lines:
        yield Step("say", address, line)
    if advice.picks:
        picks = tuple((pick.product, pick.variant, pick.reason) for pick in advice.picks)
        yield Step("products", address, data={"picks": picks})
    for line in advice.after:
        yield Step("say", address, line)
    if advice.question:
        yield Step("ask", address, advice.question, data={"buttons": advice.buttons})


def _offered(work: TurnWork, facts: Facts, address: str, advice: Advice) -> Iterator[Step]:
    """The discount, its code made by an action where the rules say so; nothing where that fails."""
    offer = advice.offer
    if offer is None:
        return
    code = offer.code
    if offer.action:
        code = _made(work, facts, offer.action, offer.percent)
    if code:
        work.trace.append(TraceEvent(kind="discount_offered", text=f"offers {code}", data={"code": code}))
        yield Step("offer", address, data={"code": code, "value": Percent(offer.percent)})


def _made(work: TurnWork, facts: Facts, action: str, percent: Decimal) -> str:
    """A code for one use, made under the ledger; empty where it can't be made."""
    writer = work.writer
    if writer is None or writer.id is None:
        work.note("shopping", f"{action}: a code for one use needs to know who the customer is")
        return ""
    arguments = {"percent": percent, "customer": writer.id}
    key = digest(f"{work.conversation}:{action}:{canonical(arguments)}")
    act(work, Want("write", action, arguments, key, "shopping"), facts)
    result = work.effects.results.known[key]
    value = result.value
    if result.status != "done" or value is None:
        return ""
    return value.code if isinstance(value, Discount) else str(value)


def _asker(work: TurnWork, decision: Decision) -> Asker:
    known: dict[str, Any] = {**work.given, **decision.known}
    customer = _of(known.get("customer"), Customer)
    orders = (customer.orders if customer is not None else None) or ()
    discounts = known.get("discounts")
    return Asker(
        sentences=Sentences(work.wording), now=work.moment, mood=work.mood,
        customer=customer, cart=_of(known.get("cart"), Cart),
        session=_of(known.get("session"), Session), product=_of(work.given.get("product"), Product),
        discounts=discounts if isinstance(discounts, tuple) else None,
        busy=any(step.kind in {"say", "answer"} for step in decision.steps), market=_market(work, customer),
        bought=frozenset(item.product_id for order in orders for item in order.items or () if item.product_id),
    )  # fmt: skip


def _market(work: TurnWork, customer: Customer | None) -> tuple[str, str | None] | None:
    """The market whose prices hold: the one that the caller names, else that of the customer's country."""
    markets = work.parts.shop.settings.catalog.markets
    said = work.given.get("market")
    country = customer.address.country if customer is not None and customer.address is not None else None
    for market in markets:
        if isinstance(said, str) and said.casefold() == market.name.casefold():
            return market.name, market.currency
    found = next((market for market in markets if country is not None and country in market.countries), None)
    return (found.name, found.currency) if found is not None and not isinstance(said, str) else None


def _of(value: Any, kind: type[_Fact]) -> _Fact | None:
    return value if isinstance(value, kind) else None
