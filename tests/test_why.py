"""Why a person is needed is told in every language from one table, and keeps what it is made of."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import string
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import convagent
from convagent.guidance.interpreter.decision import Memory
from convagent.guidance.interpreter.world import HandOverStep
from convagent.why import Why, and_because, because, why_from_json, why_in, why_to_json

PACKAGE = Path(convagent.__file__).parent
TABLE: dict[str, Any] = tomllib.loads((PACKAGE / "why.toml").read_text(encoding="utf-8"))
LANGUAGES = {"en", "de", "fr"}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def used_codes() -> set[str]:
    """Every code that the package gives to `because`; of a text put together, the beginnings that it can have."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "because(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "because":
                (code,) = node.args
                if isinstance(code, ast.Constant):
                    found.add(str(code.value))
                elif isinstance(code, ast.JoinedStr):
                    head = code.values[0]
                    assert isinstance(head, ast.Constant)
                    found |= {known for known in TABLE if known.startswith(str(head.value))}
    return found


@pytest.mark.parametrize("code", TABLE)
def test_a_clause_speaks_of_the_same_in_every_language(code: str) -> None:
    words = dict(TABLE[code])
    above = words.pop("above", None)
    assert set(words) == LANGUAGES
    assert len({frozenset(fields(template)) for template in words.values()}) == 1
    if above is not None:
        assert set(above) == LANGUAGES
        assert len({frozenset(fields(template)) for template in above.values()}) == 1
        assert fields(above["en"]) <= fields(words["en"])
        assert len(above["en"]) < len(words["en"])


def test_every_clause_is_said_somewhere_and_nothing_else() -> None:
    assert used_codes() == set(TABLE)


clauses = st.one_of(
    st.builds(lambda text: because("unanswered", text=text), st.text(max_size=20)),
    st.builds(lambda names: because("asked_in_vain", names=names), st.lists(st.text(max_size=9), max_size=3)),
    st.builds(lambda count: because("many_open", count=count), st.integers(0, 9)),
    st.text(min_size=1, max_size=20),
)
nested = st.one_of(clauses, st.builds(lambda what: because("at", place="Refund/2", what=what), clauses))
whys = st.builds(lambda each: and_because(*each), st.lists(nested, max_size=4))


@given(whys)
def test_what_is_kept_and_copied_is_the_same_in_every_language(why: Why) -> None:
    for again in (
        why_from_json(json.loads(json.dumps(why_to_json(why)))),
        copy.deepcopy(why),
        pickle.loads(pickle.dumps(why)),
    ):
        assert again == why
        assert [why_in(language, again) for language in sorted(LANGUAGES)] == [
            why_in(language, why) for language in sorted(LANGUAGES)
        ]


@given(whys, whys)
def test_two_are_told_one_behind_the_other_in_any_language(first: Why, second: Why) -> None:
    for language in LANGUAGES:
        told = [why_in(language, why) for why in (first, second)]
        assert why_in(language, and_because(first, second)) == "; ".join(filter(None, told))


@given(whys)
def test_english_is_the_text_itself_and_the_language_of_the_others(why: Why) -> None:
    assert why_in("en", why) == why == why_in("sv", why)


@given(st.text())
def test_a_text_of_somebody_elses_stays_as_it_is(text: str) -> None:
    assert {why_in(language, text) for language in LANGUAGES} == {text}
    assert why_from_json(why_to_json(text)) == text


@pytest.mark.parametrize(
    ("why", "german"),
    [
        (because("unsure_whether", guide="Gefahr"), "unsicher, ob “Gefahr” zutrifft"),
        (
            because("seen_by", what=because("upset", degree=3), words=("frechheit", because("over_the_conversation"))),
            "Stufe 3 von 3 (frechheit, im Lauf des Gesprächs)",
        ),
        (because("asked_in_vain", names=("grund", "farbe")), "dreimal gefragt: grund, farbe"),
        (
            and_because(because("action_failed", action="cancel_order", error="the warehouse sleeps"), because("nothing_done")),
            "cancel_order fehlgeschlagen: the warehouse sleeps; davor ist nichts geschehen",
        ),
        (and_because("", "was ein Laden selbst sagt"), "was ein Laden selbst sagt"),
    ],
)  # fmt: skip
def test_it_is_told_in_german(why: Why, german: str) -> None:
    assert why_in("de", why) == german


def test_what_stands_right_above_is_not_repeated() -> None:
    why = and_because(because("unanswered", text="do you repair violins?"), because("too_many_requests"))
    assert why_in("en", why, above=True) == "no guide and no article answers it"
    assert why_in("de", why, above=True) == "weder eine Regel noch ein Artikel beantwortet es"


def test_a_clause_that_nobody_knows_any_more_is_left_out() -> None:
    assert why_from_json([["gone", {}], ["nothing_done", {}]]) == "nothing was done before it"


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        because("nowhere")


def test_what_is_owed_is_told_in_the_teams_language_after_it_was_stored() -> None:
    step = HandOverStep("guidance", why=because("vanished", guide="Tausch"))
    (owed,) = Memory.from_json(json.loads(json.dumps(Memory(owed=(step,)).to_json()))).owed
    assert owed == step
    assert why_in("de", owed.why) == "“Tausch” ist nicht mehr unter den Regeln des Ladens"
