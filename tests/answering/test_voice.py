"""The shop's voice: what it puts around replies, what it finds in texts, what it tells a model."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from convagent.answering.voice import VoiceSettings, closing_of, opening_of, voice_in
from convagent.answering.voice.applied import shop_texts
from convagent.answering.voice.check import voice_faults
from convagent.answering.voice.instructions import instructions
from convagent.guidance.word_forms import BREAK


def voice(**settings: Any) -> VoiceSettings:
    return VoiceSettings.model_validate(settings)


def faults(text: str, language: str = "en", **settings: Any) -> list[tuple[str, str]]:
    return [(fault.kind, fault.words) for fault in voice_faults(text, voice(**settings), language)]


# ---- around a reply
LETTERS = voice(
    disclosure={"en": "I'm Wren, an AI.", "de": "Ich bin Wren, eine KI."},
    greeting={"en": "Hello,", "chat": {"en": "Hi!"}},
    sign_off={"en": "Wren, for Wrenfold", "sms": {"en": "Wren"}},
    languages={
        "de": {"greeting": "Guten Tag,", "sign_off": {"email": "Ihr Wren"}},
        "fr": {"disclosure": "Je suis Wren."},
    },
)


def test_an_email_is_greeted_each_time_and_tells_once_that_an_ai_writes() -> None:
    assert opening_of(LETTERS, "en", "email", first=True) == "Hello,\n\nI'm Wren, an AI."
    assert opening_of(LETTERS, "en", "email", first=False) == "Hello,"
    assert closing_of(LETTERS, "en", "email") == "Wren, for Wrenfold"


def test_a_chat_is_greeted_once_and_closed_by_nothing() -> None:
    assert opening_of(LETTERS, "en", "chat", first=True) == "Hi! I'm Wren, an AI."
    assert opening_of(LETTERS, "en", "chat", first=False) == ""
    assert closing_of(LETTERS, "en", "chat") == ""
    assert closing_of(LETTERS, "en", "sms") == "Wren"


def test_a_language_has_texts_of_its_own_and_one_without_any_has_none() -> None:
    assert opening_of(LETTERS, "de-AT", "email", first=True) == "Guten Tag,\n\nIch bin Wren, eine KI."
    assert closing_of(LETTERS, "de", "email") == "Ihr Wren"
    assert opening_of(LETTERS, "fr", "chat", first=True) == "Je suis Wren."
    assert opening_of(LETTERS, "it", "email", first=True) == ""


def test_every_text_that_customers_read_is_named_with_its_language() -> None:
    assert {(name, language) for name, language, _ in shop_texts(LETTERS)} == {
        ("[voice.disclosure] en", "en"), ("[voice.disclosure] de", "de"), ("[voice.greeting] en", "en"),
        ("[voice.greeting.chat] en", "en"), ("[voice.sign_off] en", "en"), ("[voice.sign_off.sms] en", "en"),
        ("[voice.languages.de] greeting", "de"), ("[voice.languages.de] sign_off.email", "de"),
        ("[voice.languages.fr] disclosure", "fr"),
    }  # fmt: skip


# ---- settings
def test_a_variant_overrides_what_it_sets_and_nothing_else() -> None:
    both = voice(
        persona="Wren.", register="formal", avoid=["cheap"], use={"box": "parcel"}, emoji="never",
        languages={"de": {"register": "informal", "avoid": ["billig"]}},
    )  # fmt: skip
    german = voice_in(both, "de")
    assert (german.persona, german.formality, german.avoid, german.use, german.emoji) == (
        "Wren.", "informal", ("billig",), {"box": "parcel"}, "never",
    )  # fmt: skip
    assert voice_in(both, "fr").avoid == ("cheap",)


@pytest.mark.parametrize(
    "wrong",
    [{"register": "polite"}, {"emoji": "many"}, {"exclamation_marks": -1}, {"greeting": {"chat": "Hi"}}, {"avoid": [""]},
     {"languages": {"German": {}}}, {"persona": "x" * 1001}, {"tone": "dry"}],
)  # fmt: skip
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        voice(**wrong)


# ---- the check
def test_avoided_words_are_found_in_every_form_and_language_of_theirs() -> None:
    assert faults("Amazingly cheap!", avoid=["amazing", "cheap"]) == [
        ("avoided", "Amazingly"),
        ("avoided", "cheap"),
    ]
    german = {"avoid": ["cheap"], "languages": {"de": {"avoid": ["Garantie"]}}}
    assert faults("Wir geben Garantien, cheap.", "de", **german) == [("avoided", "Garantien")]


def test_a_word_that_has_a_better_one_is_found_and_the_better_one_is_not() -> None:
    use = {"package": "parcel", "shop": "online shop"}
    assert faults("Two packages from our shop.", use=use) == [("replaced", "packages"), ("replaced", "shop")]
    assert faults("A parcel from our online shop.", use=use) == []


@pytest.mark.parametrize(
    ("text", "language", "register", "found"),
    [
        ("Bitte schicken Sie uns ein Foto.", "de", "formal", False),
        ("Schick uns bitte dein Foto.", "de", "formal", True),
        ("Wir melden uns bei dir.", "de", "formal", True),
        ("Bitte schicken Sie uns ein Foto.", "de", "informal", True),
        ("Das passt Ihnen sicher.", "de", "informal", True),
        ("Gern! Kannst du mir deine Nummer nennen?", "de", "informal", False),
        ("Sie liegen im Schrank. Ihr Paket kommt morgen.", "de", "informal", False),
        ("Haben Sie dein Paket?", "de", "neutral", True),
        ("Haben Sie Ihr Paket?", "de", "neutral", False),
        ("Teurer als die neue Euro-Ware", "de", "formal", False),
        ("Vous recevrez votre colis demain.", "fr", "formal", False),
        ("Tu recevras ton colis demain.", "fr", "formal", True),
        ("Vous pouvez le renvoyer.", "fr", "informal", True),
        ("Je t'envoie le lien.", "fr", "informal", False),
        ("Le ton de cette lampe, ton sur ton, sur rendez-vous.", "fr", "formal", False),
        ("On prend rendez-vous pour ta commande.", "fr", "informal", False),
        ("Vous avez reçu ta commande ?", "fr", "neutral", True),
        ("Hey, gonna send it.", "en", "formal", True),
        ("We will send it.", "en", "formal", False),
        ("We hereby confirm it.", "en", "informal", True),
        ("Hey, gonna send it.", "en", "neutral", False),
    ],
)
def test_how_a_customer_is_spoken_to_is_told(text: str, language: str, register: str, found: bool) -> None:
    assert [kind for kind, _ in faults(text, language, register=register)] == ["register"] * found


def test_emoji_are_counted_whatever_they_are_made_of() -> None:
    assert faults("Fine 👍🏽", emoji="never") == [("emoji", "👍🏽")]
    assert faults("Fine 👨‍👩‍👧 :)", emoji="sparingly") == [("emoji", ":)")]
    assert faults("Fine ❤️", emoji="sparingly") == []
    assert faults("😀😀😀", emoji="freely") == []
    assert faults("Size 10:30) and 5 :", emoji="never") == []


def test_exclamation_marks_and_capitals_are_loud() -> None:
    assert faults("Great! Fine!") == [("exclamation", "!")]
    assert faults("Great!", exclamation_marks=0) == [("exclamation", "!")]
    assert faults("READ THIS PLEASE") == [("capitals", "READ THIS PLEASE")]
    assert faults("It is NOT for sale.") == [("capitals", "NOT")]
    assert faults("With SAVE10 from DHL, IBAN and size XXL in the EU.") == []


def test_what_is_not_ours_is_passed_over() -> None:
    assert faults(f"Sent to {BREAK} today", avoid=["cheap"]) == []
    assert faults("https://shop.example/cheap/NOT!!", avoid=["cheap"]) == []


@given(st.text(max_size=80), st.sampled_from(["en", "de", "fr", "it", ""]))
def test_any_text_is_checked_and_a_voice_that_says_nothing_avoids_nothing(text: str, language: str) -> None:
    found = {fault.kind for fault in voice_faults(text, VoiceSettings(), language)}
    assert found <= {"register", "emoji", "exclamation", "capitals"}


# ---- instructions
def test_a_model_is_told_all_that_is_checked() -> None:
    told = instructions(
        voice(
            persona="Wren, dry and warm.", register="informal", avoid=["cheap"], use={"box": "parcel"}, emoji="never",
            exclamation_marks=0,
        ),
        "de", "chat",
    )  # fmt: skip
    for part in (
        "Wren, dry and warm.",
        '"du"',
        '"cheap"',
        '"parcel" instead of "box"',
        "no emoji",
        "no exclamation marks",
    ):
        assert part in told
    assert told == instructions(
        voice(
            emoji="never", exclamation_marks=0, use={"box": "parcel"}, avoid=["cheap"], register="informal",
            persona="Wren, dry and warm.",
        ),
        "de", "chat",
    )  # fmt: skip


def test_a_variant_tells_a_model_otherwise() -> None:
    both = voice(register="formal", languages={"fr": {"register": "informal"}})
    assert '"Sie"' in instructions(both, "de", "email")
    assert '"tu"' in instructions(both, "fr", "email")
