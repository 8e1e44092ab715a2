"""Customers who are addressed familiarly read du and tu in every sentence that the agent brings along."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

import convagent
from convagent.answering import compose
from convagent.answering.voice import VoiceSettings, familiar_languages
from convagent.guidance import phrases
from convagent.guidance.wording import Wording
from convagent.handover import HandoverSettings, later_text
from convagent.handover.drafts import DRAFTS, FAMILIAR_DRAFTS, draft_reply
from convagent.handover.phrasebook import FAMILIAR, SENTENCES
from convagent.settings import Settings
from convagent.shopping import moment_words
from convagent.shopping.moment_rules import Moment
from convagent.shopping.wording import Sentences as ShoppingSentences
from convagent.shopping.wording import familiar_sentences, sentences
from convagent.turns import exposed

Sentences = Mapping[str, Mapping[str, str]]

FORMAL = {
    # Every "Sie" and "Ihr" counts, at the beginning of a sentence too: none of our sentences speaks of others there.
    "de": re.compile(r"\b(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b"),
    "fr": re.compile(
        r"\b(?:vous|votre|vos|vôtres?|(?!chez\b|assez\b|nez\b)\w{2,}ez|[dD]ites|[fF]aites|êtes)\b", re.IGNORECASE
    ),
}
FAMILIAR_WORD = {
    "de": re.compile(r"\b(?:du|dich|dir|dein(?:e[mnrs]?)?)\b", re.IGNORECASE),
    "fr": re.compile(r"(?<!sous-)\b(?:tu|te|toi|ton|ta|tes)\b|\bt['’]", re.IGNORECASE),
}


def kinds(table: Mapping[type, tuple[str, str, str]]) -> Sentences:
    return {
        language: {each.__name__: words[at] for each, words in table.items()}
        for at, language in enumerate(("en", "de", "fr"))
    }


def before_brackets(table: Sentences) -> Sentences:
    """What stands in brackets speaks to the team."""
    return {
        language: {name: re.sub(r"\[[^\]]*\]", "", words) for name, words in of.items()}
        for language, of in table.items()
    }


TABLES: Mapping[str, tuple[Sentences, Sentences]] = {
    "guidance/phrases.py": (phrases._PHRASES, phrases._FAMILIAR),
    "shopping/sentences.toml": (sentences(), familiar_sentences()),
    "shopping/moment_words.py": (moment_words._OPENINGS, moment_words._FAMILIAR),
    "answering/compose.py": (compose._WORDS, compose._FAMILIAR),
    "turns/exposed.py": (kinds(exposed._KINDS), kinds(exposed._FAMILIAR_KINDS)),
    "handover/phrasebook.py": (SENTENCES, FAMILIAR),
    "handover/drafts.py": (before_brackets(DRAFTS), before_brackets(FAMILIAR_DRAFTS)),
}
"""Where our sentences stand: all of them, and what replaces them."""

NOT_SAID = {"answering/bare_claims.py", "answering/voice/words.py"}
"""What others may write is found by these; nobody is told it."""


def marks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("table", TABLES)
def test_no_sentence_is_formal_to_who_is_addressed_familiarly(table: str, language: str) -> None:
    formal, familiar = TABLES[table]
    said = {**formal[language], **familiar[language]}
    assert set(said) == set(formal[language]), "a sentence that nobody says"
    assert {name: words for name, words in said.items() if FORMAL[language].search(words)} == {}
    for name, words in familiar[language].items():
        assert marks(words) == marks(formal[language][name]), name


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("table", TABLES)
def test_no_sentence_is_familiar_to_who_is_addressed_formally(table: str, language: str) -> None:
    formal, _ = TABLES[table]
    said = {name: re.sub(r"\{\w+\}", "", words) for name, words in formal[language].items()}
    assert {name: words for name, words in said.items() if FAMILIAR_WORD[language].search(words)} == {}


def test_no_table_of_sentences_is_left_out() -> None:
    """A module whose German or French texts say Sie or vous has familiar ones beside them, and stands in `TABLES`."""
    folder = Path(convagent.__file__).parent
    found = {
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*.py"))
        for words in texts_of(ast.parse(path.read_text("utf-8")))
        if FORMAL["de"].search(words) or re.search(r"\b[Vv](?:ous|otre|os)\b", words)
    }
    ours = {name for name in found if not name.startswith("evals/")}  # there it is customers who speak
    assert ours - NOT_SAID == {name for name in TABLES if name.endswith(".py")}


def texts_of(module: ast.Module) -> Iterator[str]:
    """Texts of a module by language: below a key `de` or `fr`, or in English, German and French side by side; no patterns."""
    for node in ast.walk(module):
        below: list[ast.expr] = []
        if isinstance(node, ast.Dict):
            keyed = zip(node.keys, node.values, strict=True)
            below = [words for key, words in keyed if isinstance(key, ast.Constant) and key.value in {"de", "fr"}]
        elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
            below = node.elts
        for part in (part for each in below for part in ast.walk(each)):
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and not re.search(r"[\\|]", part.value):
                yield part.value


def test_every_room_says_its_familiar_sentences() -> None:
    now = datetime(2026, 5, 12, tzinfo=UTC)
    for familiar, words in ((False, "lassen Sie sich Zeit"), (True, "lass dir Zeit")):
        wording = Wording("de", now, familiar)
        assert words in ShoppingSentences(wording).say("later")
        told = compose.Composer(lambda _query, _articles: None, wording).words("code", code="A", value="5 %")
        assert told == f"Mit dem Code A {'sparst du' if familiar else 'sparen Sie'} 5 %."
        moment = Moment(id="1", trigger="leaving", why="", at=now, event="x", product_ids=())
        opening = moment_words.opening_of(moment, language="de", familiar=familiar)
        assert opening == f"Bevor {'du gehst' if familiar else 'Sie gehen'}: Ist eine Frage offen?"
        draft = draft_reply(reason="missing_knowledge", topic=None, language="de-AT", issue="Wann?", familiar=familiar)
        assert ("was du geschrieben hast" in draft) == familiar
        for language, settings in (("de", ["de"]), ("fr", ["fr"])):
            handover = HandoverSettings(familiar_languages=tuple(settings) if familiar else None)
            text = later_text("returned", language, settings=handover)
            assert bool(FAMILIAR_WORD[language].search(text)) == familiar
            assert bool(FORMAL[language].search(text)) != familiar


@pytest.mark.parametrize(
    ("voice", "handover", "told"),
    [
        ({}, {}, set()),
        ({"register": "formal"}, {}, set()),
        ({"register": "informal"}, {}, {"de", "fr"}),
        ({"register": "informal", "languages": {"fr": {"register": "formal"}}}, {}, {"de"}),
        ({"register": "formal", "languages": {"de": {"register": "informal"}}}, {}, {"de"}),
        ({"register": "formal"}, {"familiar_languages": ["de"]}, {"de"}),
        ({"register": "informal"}, {"familiar_languages": ["de"]}, {"de"}),
        ({"register": "informal"}, {"familiar_languages": []}, set()),
    ],
)
def test_familiar_languages_say_more_than_the_register(
    voice: dict[str, object], handover: dict[str, object], told: set[str]
) -> None:
    settings = Settings.model_validate({"shop": {"name": "Aufwind"}, "voice": voice, "handover": handover})
    assert settings.familiar_languages == told
    assert set(settings.spoken_handover.familiar_languages or ()) == told
    assert familiar_languages(VoiceSettings.model_validate(voice)) == (
        told if not handover else familiar_languages(settings.voice)
    )
