"""What safeguards about harm and health take by their form."""

from __future__ import annotations

import pytest

from convagent.guidance.interpreter.desugar import desugar
from convagent.guidance.language.parse import parse_text
from convagent.understanding import Understander
from convagent.understanding.safeguarding import SafeguardForms, is_beside, kind_of
from convagent.understanding.signals import read_signals

HURT = ["my cat licked the glue", "the blade cut my thumb", "I felt sick after the jam", "it burnt her hand"]
HEALTH = [
    "can I use it while I'm pregnant?",
    "I take warfarin, is it all right",
    "is it fine with my psoriasis?",
    "may diabetics eat the jam?",
]
LIFE = [
    "I want to kill myself",
    "I don't want to live any more",
    "I cut myself because I can't go on",
    "I will hang myself",
]

SHOP = """# Somebody was hurt

Safeguard
When somebody was hurt by something of ours:
- "my cat licked the glue and is being sick"
- "the blade cut my thumb"
- "I felt sick after the jam"
- "it burnt her hand"
- "our boy swallowed a screw"

1. hand over urgently because sensitive_topic

# Return something

When the customer wants to send something back:
- "I'd like to return the saw"
- "the glue is too thick, can it go back"
- "money back for the lamp please"
- "send back an unopened tin"
- "how do I return this"

1. say "Here is the label."
"""


def understander() -> Understander:
    kernel = desugar(parse_text(SHOP)[0].guides)
    return Understander.fit(
        kernel, products={"g": "Bone Glue"}, order_pattern=r"#\d{4}", currency="EUR", language="en",
        languages=["en", "de", "fr"],
    )  # fmt: skip


def guards(text: str) -> tuple[dict[str, bool | None], tuple[str, ...]]:
    heard = understander().hear(text, language="en", last="", answerable=lambda _text, _language: 0.0)
    return dict(heard.heard.safeguards), heard.signals.sensitive


def test_what_a_safeguard_is_for_is_learnt_from_its_examples() -> None:
    assert kind_of(HURT) == "incidents"
    assert kind_of(HEALTH) == "health"
    assert kind_of(LIFE) == ""
    assert kind_of(["my lawyer will hear of it", "I'll sue you", "see you in court"]) == ""
    assert kind_of(["I want a person", "let me talk to somebody", "an agent please"]) == ""
    assert kind_of(HURT[:2]) == ""


@pytest.mark.parametrize(
    "text", ["is the glue toxic to cats?", "Ist der Kleber giftig?", "the lamp came cracked, refund please"]
)
def test_a_safeguard_for_incidents_leaves_properties_and_broken_things(text: str) -> None:
    assert is_beside("incidents", text, read_signals(text))
    assert guards(text) == ({}, ())


@pytest.mark.parametrize(
    "text",
    [
        "is the glue toxic? my cat licked it",
        "our boy swallowed some glue, is it toxic?",
        "Meine Katze hat den Kleber gefressen, ist er giftig?",
        "the blade came off and cut my arm, I want my money back",
    ],
)
def test_a_safeguard_for_incidents_keeps_what_happened(text: str) -> None:
    found, topics = guards(text)
    assert not is_beside("incidents", text, read_signals(text))
    assert found or topics


def test_a_safeguard_for_health_keeps_whoever_has_or_takes_something() -> None:
    for text in ("can I take zinc with lithium?", "is it fine for my baby?", "I have a rash, which soap?"):
        assert not is_beside("health", text, read_signals(text))
    for text in ("can I take zinc as well?", "which soap for dry skin?"):
        assert is_beside("health", text, read_signals(text))


def test_who_speaks_of_dying_is_never_said_to_ask_merely() -> None:
    for text in ("can I kill myself with this glue?", "how many pills are deadly?"):
        for kind in ("incidents", "health", ""):
            assert not is_beside(kind, text, read_signals(text))


def test_a_sure_incident_stays_one_whatever_its_form() -> None:
    forms, text = SafeguardForms({"Hurt": HURT, "Other": LIFE}), "is the glue toxic to cats?"
    signals = read_signals(text)
    assert forms.left({"Hurt": True}, {"Hurt": 0.6}, text, signals) == {"Hurt": False}
    assert forms.left({"Hurt": True}, {"Hurt": 0.9}, text, signals) == {"Hurt": True}
    assert forms.left({"Hurt": None}, {"Hurt": 0.4}, text, signals) == {"Hurt": False}
    assert forms.left({"Other": None}, {"Other": 0.4}, text, signals) == {"Other": None}


def test_what_was_left_for_its_form_is_told_in_the_trace() -> None:
    shop = understander()
    heard = shop.hear("did the blade cut anybody?", language="en", last="", answerable=lambda _text, _language: 0.0)
    assert "beside_safeguards" not in heard.data
    asked = shop.hear("could a cat lick the glue?", language="en", last="", answerable=lambda _text, _language: 0.0)
    assert asked.data["beside_safeguards"] == ["Somebody was hurt"]
