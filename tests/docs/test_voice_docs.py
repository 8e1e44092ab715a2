"""What the page on the voice shows is what a shop with these files does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from convagent.agent import Agent
from convagent.answering.voice.check import voice_faults
from convagent.settings import read_settings


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs" / "voice.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(page: str, tmp_path: Path) -> Path:
    for name, content in re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", page, re.DOTALL):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_an_email_reads_as_the_page_says(page: str, folder: Path) -> None:
    shown = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)[0]
    with Agent.open(folder, storage="memory:") as agent:
        assert agent.shop.findings == ()
        turn = agent.reply("where is my parcel?", conversation="c", facts={"channel": "email"})
    assert turn.reply is not None
    assert turn.reply.text == shown


def test_the_agents_own_sentences_follow_the_register_as_the_page_says(page: str, folder: Path) -> None:
    shown = re.findall(r"shop with `register = \"informal\"` greets so: \"([^\"]+)\", a German one \"([^\"]+)\"", page)[
        0
    ]
    settings = folder / "convagent.toml"
    text = settings.read_text("utf-8").replace('register = "formal"', 'register = "informal"')
    for language, hello, greeting in zip(("fr", "de"), ("Bonjour !", "Hallo!"), shown, strict=True):
        settings.write_text(text.replace('["en", "de"]', f'["{language}"]'), "utf-8")
        with Agent.open(folder, storage="memory:") as agent:
            reply = agent.reply(hello, conversation="c").reply
        assert reply is not None
        assert reply.text.endswith(greeting)


def test_each_text_is_found_as_the_page_says(page: str, folder: Path) -> None:
    voice = read_settings(folder / "convagent.toml").voice
    rows = re.findall(r"^\| ([^|]+) \| (\w\w) \| ([^|]+) \|$", page, re.MULTILINE)
    assert len(rows) >= 9
    for text, language, found in rows:
        told = ", ".join(f"{fault.kind}: {fault.words}" for fault in voice_faults(text, voice, language)) or "-"
        assert told == found, text
