"""How far a shopper is: by the rules that the docstring states, and never back but for a purchase or an emptied cart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.shopping.events import CHECKOUT_EVENTS, EVENT_NAMES, StorefrontEvent
from convagent.shopping.rules import Stage
from convagent.shopping.stages import ASKED, STAGES, Asked, StageSignals, read_asked, stage_of, still_in_cart

NOW = datetime(2026, 6, 16, 10, 30, tzinfo=UTC)


def event(name: str, *products: str) -> StorefrontEvent:
    return StorefrontEvent.model_validate(
        {"name": name, "at": NOW, "product_ids": products, "session": "s-1", "query": "lamp"}
    )


ADDED, REMOVED = event("product_added_to_cart", "lamp"), event("product_removed_from_cart", "lamp")
VIEWED, BOUGHT = event("product_viewed", "lamp"), event("checkout_completed", "lamp")


@pytest.mark.parametrize(
    ("signals", "stage"),
    [
        (StageSignals(), "discovering"),
        (StageSignals(events=(event("page_viewed"), event("search_submitted"), VIEWED)), "discovering"),
        (StageSignals(events=(VIEWED, event("product_viewed", "mug"))), "discovering"),
        (StageSignals(events=(VIEWED, event("page_viewed"), VIEWED)), "interested"),
        (StageSignals(named=True), "interested"),
        (StageSignals(asked=frozenset({"price"})), "interested"),
        (StageSignals(asked=frozenset({"size", "stock"})), "interested"),
        (StageSignals(named=True, asked=frozenset({"size", "price"})), "interested"),
        (StageSignals(named=True, asked=frozenset({"size", "stock"})), "ready"),
        (StageSignals(asked=frozenset({"buy"})), "ready"),
        (StageSignals(cart_items=1), "ready"),
        (StageSignals(events=(ADDED,)), "ready"),
        (StageSignals(events=(ADDED, REMOVED)), "discovering"),
        (StageSignals(events=(ADDED, ADDED, REMOVED)), "ready"),
        (StageSignals(events=(REMOVED, ADDED)), "ready"),
        (StageSignals(events=(event("checkout_started"),)), "ready"),
        (StageSignals(events=(ADDED, event("checkout_started"), BOUGHT)), "discovering"),
        (StageSignals(events=(BOUGHT, VIEWED, VIEWED)), "interested"),
    ],
)
def test_the_stage_goes_by_words_and_events(signals: StageSignals, stage: Stage) -> None:
    assert stage_of(signals) == stage


EVENTS = st.builds(event, st.sampled_from(EVENT_NAMES), st.sampled_from(("lamp", "mug")))
SIGNALS = st.builds(
    StageSignals,
    events=st.lists(EVENTS, max_size=6).map(tuple),
    asked=st.frozensets(st.sampled_from(ASKED)),
    named=st.booleans(),
    cart_items=st.integers(0, 2),
)


@given(SIGNALS, EVENTS, st.sampled_from(ASKED))
def test_another_signal_takes_nobody_back(signals: StageSignals, more: StorefrontEvent, asked: Asked) -> None:
    before = STAGES.index(stage_of(signals))
    assert STAGES.index(stage_of(replace(signals, asked=signals.asked | {asked}))) >= before
    assert STAGES.index(stage_of(replace(signals, named=True))) >= before
    assert STAGES.index(stage_of(replace(signals, cart_items=signals.cart_items + 1))) >= before
    if more.name not in ("product_removed_from_cart", "checkout_completed"):
        assert STAGES.index(stage_of(replace(signals, events=(*signals.events, more)))) >= before


@given(st.lists(EVENTS, max_size=12))
def test_what_is_held_was_added(events: list[StorefrontEvent]) -> None:
    added = {each.product_ids[0] for each in events if each.name == "product_added_to_cart"}
    held = still_in_cart(events)
    assert set(held) <= added
    assert still_in_cart([*events, ADDED])[-1:] or not held


def test_every_step_of_a_checkout_is_ready() -> None:
    assert {stage_of(StageSignals(events=(event(name),))) for name in CHECKOUT_EVENTS} == {"ready"}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("What size should I take?", {"size"}), ("is it in stock in L?", {"stock", "size"}), ("will it fit me", {"size"}),
        ("when will it arrive?", {"delivery"}), ("do you ship to France", {"delivery"}), ("how much is it", {"price"}),
        ("I'll take it", {"buy"}), ("I'd like to order the lamp", {"buy"}), ("can I pay with PayPal?", {"buy"}),
        ("add it to my basket please", {"buy"}), ("is it avialable?", {"stock"}), ("do you still have it in green?", {"stock"}),
        ("Welche Größe brauche ich?", {"size"}), ("Ist das auf Lager?", {"stock"}), ("wie lange dauert die Lieferung", {"delivery"}),
        ("Was kostet die Lampe?", {"price"}), ("ich nehme die grüne", {"buy"}), ("ich möchte das bestellen", {"buy"}),
        ("Quelle taille me faut-il ?", {"size"}), ("c'est en stock ?", {"stock"}), ("quels sont les délais de livraison", {"delivery"}),
        ("combien coûte la lampe", {"price"}), ("je la prends", {"buy"}), ("je voudrais commander la lampe", {"buy"}),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_heard(text: str, asked: set[str]) -> None:
    assert read_asked(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "where is my order", "I want to cancel my order", "please change the order to express", "hello", "thank you", "",
        "Ich habe letzte Woche bestellt", "où est ma commande", "I like the green lamp", "I'll think about it",
        "I'll have to ask my wife",
    ],
)  # fmt: skip
def test_what_is_no_question_about_buying_is_not_taken_for_one(text: str) -> None:
    assert not read_asked(text) & {"buy", "size", "stock", "price"}


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert read_asked(text) <= set(ASKED)
