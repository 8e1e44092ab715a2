from __future__ import annotations

import re
import string
from datetime import datetime

import pytest

from convagent.conversation import HANDOVER_REASONS
from convagent.facts import Shop
from convagent.guidance.interpreter.world import HandOverStep
from convagent.handover import SENSITIVE_TOPICS, TEXT_KEYS, Alarm, HandoverSettings, Route, customer_text, route
from convagent.handover.phrasebook import FAMILIAR, SENTENCES

PLAIN = HandoverSettings()
LANGUAGES = ("en", "de", "fr")
STEPS = [
    *(HandOverStep(reason) for reason in HANDOVER_REASONS),
    *(Alarm("sensitive_topic", topic=topic) for topic in SENSITIVE_TOPICS),
]


def told(step: HandOverStep, shop: Shop, now: datetime, language: str = "en", **rest: object) -> str:
    settings = HandoverSettings.read(rest)
    return customer_text(
        step, route(step, shop=shop, settings=settings, now=now), now=now, language=language, settings=settings
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_with_the_marks_of_the_english_one(language: str) -> None:
    assert tuple(SENTENCES[language]) == tuple(SENTENCES["en"])
    assert set(SENTENCES[language]) == set(TEXT_KEYS)
    for name in (*SENTENCES[language],):
        marks = [{part[1] for part in string.Formatter().parse(text)} - {None}
                 for text in (SENTENCES["en"][name], SENTENCES[language][name],
                              FAMILIAR.get(language, {}).get(name, SENTENCES["en"][name]))]  # fmt: skip
        assert marks[0] == marks[1] == marks[2]
    HandoverSettings.read({"texts": SENTENCES})  # a shop could have written them


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_voice_is_kept(language: str, wrenfold: Shop, now: datetime) -> None:
    unwanted = re.compile(
        r"\bticket|case number|process|unfortunately|leider|malheureusement|as an ai|bot\b|!|at this time|immediately|"
        r"sofort|guarantee|garant|promise|verspr|promet",
        re.IGNORECASE,
    )
    for step in STEPS:
        for moment in (now, now.replace(hour=20)):
            text = told(step, wrenfold, moment, language)
            assert not unwanted.search(text), text
            assert "{" not in text
            assert len(text) < 500


def test_when_people_are_there_the_time_of_the_answer_is_told(wrenfold: Shop, now: datetime) -> None:
    assert told(HandOverStep("customer_request"), wrenfold, now) == (
        "Of course. I'm passing this to a person. You should have an answer by 14:30 today (Dublin time). "
        "They see everything you've written, so you needn't repeat any of it."
    )


def test_when_they_are_away_it_is_said_with_the_day(wrenfold: Shop, now: datetime) -> None:
    evening = now.replace(hour=19)
    assert told(HandOverStep("customer_request"), wrenfold, evening, "de", familiar_languages=["de"]) == (
        "Gern. Ich gebe das an einen Menschen weiter. Gerade ist niemand am Platz; eine Antwort sollte bis morgen, "
        "13:00 Uhr (Ortszeit Dublin) da sein. Dort ist alles zu sehen, was du geschrieben hast; wiederholen musst du "
        "nichts."
    )
    assert "demain à 13:00" in told(HandOverStep("customer_request"), wrenfold, evening, "fr", names_zone=False)
    friday = now.replace(day=19, hour=19)
    assert "by Saturday" not in told(HandOverStep("guidance", team="safety"), wrenfold, friday)
    assert "by Monday 22 June, 13:00" in told(HandOverStep("guidance", team="safety"), wrenfold, friday)


def test_no_time_is_promised_where_no_hours_are_known(now: datetime) -> None:
    text = told(HandOverStep("missing_knowledge"), Shop(name="Stall"), now)
    assert "reliable answer" in text
    assert not any(char.isdigit() for char in text)


def test_missing_knowledge_is_owned_up_to(wrenfold: Shop, now: datetime) -> None:
    step = HandOverStep("missing_knowledge")
    assert told(step, wrenfold, now).startswith("I don't have a reliable answer to that")
    assert told(step, wrenfold, now, "de").startswith("Darauf habe ich keine verlässliche Antwort")
    assert told(step, wrenfold, now, "fr").startswith("Je n'ai pas de réponse fiable")


@pytest.mark.parametrize("language", LANGUAGES)
def test_self_harm_gets_warmth_and_the_emergency_number_and_no_routine(
    language: str, wrenfold: Shop, now: datetime
) -> None:
    text = told(Alarm("sensitive_topic", topic="self_harm", upset=3), wrenfold, now, language)
    assert "112" in text
    assert "14:30" not in text
    assert SENTENCES[language]["no_repeating"] not in text
    assert "999" in told(Alarm("sensitive_topic", topic="self_harm"), wrenfold, now, language, emergency_number="999")


def test_an_upset_customer_gets_one_apology(wrenfold: Shop, now: datetime) -> None:
    assert told(HandOverStep("upset_customer"), wrenfold, now).count("sorry") == 1
    assert told(Alarm("customer_request", upset=2), wrenfold, now).startswith("I'm sorry about this. Of course.")
    assert "sorry" not in told(Alarm("customer_request", upset=1), wrenfold, now)
    assert "sorry" not in told(Alarm("sensitive_topic", topic="legal_threat", upset=3), wrenfold, now)
    way = route(HandOverStep("guidance"), shop=wrenfold, settings=PLAIN, now=now)
    assert customer_text(HandOverStep("guidance"), way, now=now, language="en", upset=3).startswith("I'm sorry")


def test_a_guides_own_text_replaces_everything(wrenfold: Shop, now: datetime) -> None:
    text = "The workshop writes to you about {it}."
    assert told(HandOverStep("guidance", text=text), wrenfold, now) == text
    assert told(HandOverStep("guidance", text=" "), wrenfold, now) == told(HandOverStep("guidance"), wrenfold, now)


def test_a_shops_own_sentences_replace_the_built_in_ones(wrenfold: Shop, now: datetime) -> None:
    texts = {"en": {"guidance": "To the bench with it.", "open": "Expect us by {when}."}}
    text = told(HandOverStep("guidance"), wrenfold, now, texts=texts, names_zone=False)
    assert text.startswith("To the bench with it. Expect us by 14:30 today. They see")
    german = told(HandOverStep("guidance"), wrenfold, now, "de", texts=texts)
    assert german.startswith("Darum kümmert sich")


def test_a_language_of_the_shops_own_is_used_when_it_is_whole_else_english(wrenfold: Shop, now: datetime) -> None:
    dutch = {"guidance": "Dit is iets voor een mens.", "open": "U hoort van ons vóór {when}."}
    step = HandOverStep("guidance")
    assert told(step, wrenfold, now, "nl", texts={"nl": dutch}) == told(step, wrenfold, now, "en")
    whole = {**dutch, "no_repeating": "U hoeft niets te herhalen."}
    assert told(step, wrenfold, now, "nl-BE", texts={"nl": whole}, names_zone=False) == (
        "Dit is iets voor een mens. U hoort van ons vóór vandaag, 14:30. U hoeft niets te herhalen."
    )


def test_an_unknown_reason_is_told_like_a_guides(wrenfold: Shop, now: datetime) -> None:
    way = Route("care", "normal")
    assert customer_text(HandOverStep("whim"), way, now=now, language="en").startswith(SENTENCES["en"]["guidance"])
