from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from convagent.errors import ShopError
from convagent.handover import HandoverSettings


def test_a_shop_without_settings_has_all_it_needs() -> None:
    settings = HandoverSettings.read(None)
    assert (settings.default_team, settings.upset_from, settings.answer_within_hours) == ("care", 2, Decimal(4))
    assert HandoverSettings.read(settings) is settings


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"defualt_team": "care"}, "defualt_team"),
        ({"upset_from": 0}, "upset_from"),
        ({"upset_from": 5}, "upset_from"),
        ({"answer_within_hours": -1}, "answer_within_hours"),
        ({"teams": {"weather": "care"}}, "teams"),
        ({"summary_language": "eo"}, "summary_language"),
        ({"emergency_number": "call mum"}, "emergency_number"),
        ({"high_value": "lots"}, "high_value"),
        ({"texts": {"en": {"greeting": "Hi"}}}, "greeting"),
        ({"texts": {"English": {"open": "By {when}."}}}, "English"),
        ({"texts": {"en": {"open": "By {time}."}}}, "time"),
        ({"texts": {"en": {"open": "By {when.year}."}}}, "when.year"),
        ({"texts": {"en": {"open": "By {when!r}."}}}, "when"),
        ({"texts": {"en": {"open": "By {when:{emergency}}."}}}, "when"),
        ({"texts": {"en": {"open": "By {}."}}}, "open"),
        ({"texts": {"en": {"open": "By {when."}}}, "open"),
        ({"texts": {"en": {"guidance": "By {when}."}}}, "guidance"),
        ({"texts": {"en": {"guidance": "  "}}}, "guidance"),
        ({"texts": {"en": {"guidance": "x" * 1001}}}, "guidance"),
        (["care"], "handover"),
        (7, "handover"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(data: Any, named: str) -> None:
    with pytest.raises(ShopError, match=named) as caught:
        HandoverSettings.read(data)
    assert caught.value.code == "handover-settings"


def test_every_fault_is_named_together() -> None:
    with pytest.raises(ShopError, match=r"(?s)upset_from.*default_team|default_team.*upset_from"):
        HandoverSettings.read({"upset_from": 9, "default_team": ""})
