"""The agent's and the shop's names act for the shop, whatever a shop calls them; and "only a …" restricts like any "only"."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from convagent.answering.grounding import Source, Sources, faults_of
from convagent.answering.operators import operators_in


def sources(text: str, name: str) -> Sources:
    return Sources((Source(text, "Help", "en"),), "en", "", ("Juniper Lane", name))


@pytest.mark.parametrize("name", ["Robin", "Wren", "Mx. Ada Lee"])
def test_an_agent_acts_for_the_shop_under_any_name(name: str) -> None:
    told = sources(f"{name} writes to you about the repair within two days.", name)
    assert faults_of("We write to you about the repair within two days.", told) == ()
    assert faults_of("You write to us about the repair within two days.", told)


def test_a_name_that_is_nobodys_here_acts_for_nobody() -> None:
    told = sources("Wren writes to you about the repair within two days.", "Robin")
    assert faults_of("You write to us about the repair within two days.", told) == faults_of(
        "You write to us about the repair within two days.",
        sources("Kim writes to you about the repair within two days.", "Robin"),
    )


def test_the_package_knows_no_shop_by_name() -> None:
    table = tomllib.loads(resources.files("convagent.answering").joinpath("actors_said.toml").read_text("utf-8"))
    assert not any("wren" in table[language]["ours"].split() for language in table)


@pytest.mark.parametrize("text", ["Only a sealed box can come back.", "You can return only an unworn pair."])
def test_only_with_an_article_restricts(text: str) -> None:
    assert "only" in operators_in(text).concepts


@pytest.mark.parametrize("text", ["It takes only a few days.", "It is only a moment."])
def test_a_mere_little_restricts_nothing(text: str) -> None:
    assert "only" not in operators_in(text).concepts
