"""The country that telephone numbers belong to, from the shop's settings or its time zone, down to what a guide is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from convagent import Agent
from convagent.errors import ConvagentError
from convagent.understanding.home_country import country_of_zone

GUIDES = """# Fittings

When the customer wants to book a fitting:
- "I want to book a fitting"
- "can I come for a fitting"

1. Need phone
2. Say "You gave {{ phone }}."
"""


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Dublin", "IE"), ("Europe/Berlin", "DE"), ("America/New_York", "US"), ("UTC", None), ("nowhere", None)],
)
def test_a_time_zone_tells_the_country(zone: str, country: str | None) -> None:
    assert country_of_zone(zone) == country


def told(folder: Path, section: str) -> str:
    (folder / "guidance").mkdir()
    (folder / "guidance" / "fittings.md").write_text(GUIDES, encoding="utf-8")
    settings = f'[shop]\nname = "Small"\n{section}\n\n[knowledge]\nembedder = "none"\n'
    (folder / "convagent.toml").write_text(settings, encoding="utf-8")
    with Agent.open(folder, storage="memory:") as agent:
        agent.reply("I want to book a fitting", conversation="c")
        turn = agent.reply("030 901820", conversation="c")
    assert turn.reply is not None
    return turn.reply.text


def test_a_national_number_is_read_in_the_country_of_the_time_zone(tmp_path: Path) -> None:
    assert "+4930901820" in told(tmp_path, 'timezone = "Europe/Berlin"')


def test_the_country_of_the_settings_goes_before_that_of_the_time_zone(tmp_path: Path) -> None:
    assert "+4930901820" in told(tmp_path, 'timezone = "UTC"\ncountry = "DE"')


def test_without_a_country_a_number_stays_as_it_was_written(tmp_path: Path) -> None:
    text = told(tmp_path, 'timezone = "UTC"')
    assert "+49" not in text
    assert "030" in text


def test_a_country_is_a_code_of_two_letters(tmp_path: Path) -> None:
    with pytest.raises(ConvagentError, match="country"):
        told(tmp_path, 'country = "Germany"')
