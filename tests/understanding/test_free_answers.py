"""What any words may answer isn't answered by a bare yes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from convagent.guidance.interpreter.world import Utterance, Wanted
from convagent.guidance.values import UNKNOWN
from convagent.understanding.reading import WordReader
from convagent.understanding.slots import SlotVocabulary

READER = WordReader(
    datetime(2026, 6, 16, tzinfo=ZoneInfo("UTC")), r"#?\d{4}", "EUR", SlotVocabulary.prepare(products={})
)


@pytest.mark.parametrize("text", ["yes please", "Yes", "ok", "sure, thanks", "ja bitte", "oui, merci"])
def test_a_bare_yes_names_no_street(text: str) -> None:
    wanted = Wanted("street", "value", "text")
    assert READER.read(wanted, Utterance(text, ("street",)), direct=True).value is UNKNOWN


@pytest.mark.parametrize(
    "text", ["Oak Road 5", "yes, Oak Road 5", "no", "nothing", "Yes Minister", "none of them came"]
)
def test_other_words_are_taken_as_they_are(text: str) -> None:
    wanted = Wanted("street", "value", "text")
    assert READER.read(wanted, Utterance(text, ("street",)), direct=True).value == text
