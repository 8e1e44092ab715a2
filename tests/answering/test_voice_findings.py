"""The voice in `guidance check`: what guides, translations and the shop's other texts say in another voice."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from convagent.agent import Agent
from convagent.answering.voice.guides import text_check
from convagent.answering.voice.settings import VoiceSettings
from convagent.cli.app import app
from convagent.guidance.checks.check import CheckSettings, check
from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.entry import CodeEntry
from convagent.guidance.findings.vocabulary import EXAMPLE_ARTICLES, EXAMPLE_TEAMS, example_vocabulary
from convagent.guidance.language.parse import parse_text

OF_VOICE = {code: entry for code, entry in CODES.items() if entry.settings}

GUIDE = """# About zebras

When the customer asks about zebras:
- "tell me about zebras"
- "what about zebras"
- "zebras please"

1. say "Zebras are cheap."
"""


def found_in(entry: CodeEntry, example: str) -> set[str]:
    voice = VoiceSettings.model_validate(tomllib.loads(entry.settings)["voice"])
    checked = text_check(voice)
    assert checked is not None
    file, faults = parse_text(entry.as_file(example), "example.md")
    settings = CheckSettings(has_business_days=False, voice=lambda text: checked(text, "en"))
    given = check(
        [file], example_vocabulary(), articles=EXAMPLE_ARTICLES, teams=EXAMPLE_TEAMS, settings=settings, faults=faults
    )
    return {finding.code for finding in (*faults, *given)}


def test_all_four_are_documented() -> None:
    assert set(OF_VOICE) == {"G511", "G512", "G513", "G514"}


@pytest.mark.parametrize("entry", OF_VOICE.values(), ids=list(OF_VOICE))
def test_each_example_yields_its_code_with_its_settings_and_none_without(entry: CodeEntry) -> None:
    assert found_in(entry, entry.avoid) == {entry.code}
    assert found_in(entry, entry.prefer) == set()
    file, faults = parse_text(entry.as_file(entry.avoid), "example.md")
    given = check(
        [file], example_vocabulary(), articles=EXAMPLE_ARTICLES, teams=EXAMPLE_TEAMS,
        settings=CheckSettings(has_business_days=False), faults=faults,
    )  # fmt: skip
    assert (*faults, *given) == ()


def speak(shop: Path, voice: str) -> None:
    settings = shop / "convagent.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(
        before.replace("[voice.disclosure]", f"[voice]\n{voice}\n\n[voice.disclosure]"), encoding="utf-8"
    )


def codes(shop: Path) -> list[tuple[str, str]]:
    with Agent.open(shop, storage="memory:") as agent:
        return [(each.code, each.message) for each in agent.shop.findings if each.code.startswith("G51")]


def test_a_shop_opens_and_check_tells_what_its_guides_say_in_another_voice(shop: Path) -> None:
    (shop / "guidance" / "zebras.md").write_text(GUIDE, encoding="utf-8")
    assert codes(shop) == []
    speak(shop, 'avoid = ["cheap"]')
    assert [code for code, _ in codes(shop)] == ["G511"]
    done = CliRunner().invoke(app, ["guidance", "check", "--shop", str(shop)])
    assert done.exit_code == 0
    assert "G511" in done.output
    assert "zebras.md:8:8" in done.output.replace("\n", "")


def test_translations_and_the_texts_of_the_voice_itself_are_checked_in_their_language(shop: Path) -> None:
    (shop / "guidance" / "zebras.md").write_text(GUIDE, encoding="utf-8")
    folder = shop / "guidance" / "translations"
    folder.mkdir()
    (folder / "de.yaml").write_text('About zebras:\n  "Zebras are cheap.": "Zebras gefallen dir."\n', encoding="utf-8")
    speak(shop, 'register = "formal"\ngreeting = { de = "Hallo du," }')
    told = codes(shop)
    assert [code for code, _ in told] == ["G513", "G513"]
    assert any("[voice.greeting] de" in message for _, message in told)


def test_a_shop_leaves_a_finding_out(shop: Path) -> None:
    (shop / "guidance" / "zebras.md").write_text(GUIDE, encoding="utf-8")
    speak(shop, 'avoid = ["cheap"]\ngreeting = { en = "Cheap hello," }')
    assert len(codes(shop)) == 2
    settings = shop / "convagent.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[guidance]\nignore = ["G511"]\n', encoding="utf-8")
    assert codes(shop) == []


def test_the_demo_shop_speaks_in_its_own_voice(root: Path) -> None:
    done = CliRunner().invoke(app, ["guidance", "check", "--shop", str(root)])
    assert "G51" not in done.output
    assert "register" in (root / "convagent.toml").read_text(encoding="utf-8")
