"""The clothing shop carries all 55 procedures: every guide is sound, and every procedure comes to its actions in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.examples.clothing_customer import CLOTHING_SHOP, Run, the_shop
from tests.examples.clothing_scripts import BUTTONS, DEVIATIONS, SCRIPTS, Script

from convagent.shop import read_guidance

ALL = [pytest.param(key, script, id=f"{key}-{n}" if len(scripts) > 1 else key)
       for key, scripts in SCRIPTS.items() for n, script in enumerate(scripts)]  # fmt: skip


@pytest.fixture(scope="session")
def expected(shared_data: Path) -> Mapping[str, list[str]]:
    """The order of actions of each procedure."""
    file = shared_data / "agent-guidelines" / "kb.json"
    if not file.is_file():
        pytest.skip("the procedures are not in the public data")
    found: Mapping[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return found


# ---- the guides
def test_every_guide_parses_and_the_check_finds_nothing() -> None:
    _, faults = read_guidance(CLOTHING_SHOP / "guidance", base=CLOTHING_SHOP)
    assert not faults
    assert the_shop().check() == ()


def test_the_read_me_names_the_guide_of_every_procedure() -> None:
    text = (CLOTHING_SHOP / "README.md").read_text(encoding="utf-8")
    told = {
        (row[1].strip("` "), row[2].strip())
        for line in text.splitlines()
        if (row := line.split("|"))[0] == "" and len(row) == 4
    }
    assert {(key, script.guide) for key, scripts in SCRIPTS.items() for script in scripts} <= told


# ---- the procedures
def test_every_procedure_has_its_customers_and_every_button_its_actions(expected: Mapping[str, list[str]]) -> None:
    assert set(SCRIPTS) == set(expected)
    assert len(SCRIPTS) == 55
    assert {button for steps in expected.values() for button in steps} <= set(BUTTONS)
    names = {spec.name for spec in the_shop().registry}
    assert {event.split(":")[0] for events in BUTTONS.values() for event in events} <= names | {"set"}


@pytest.mark.parametrize(("key", "script"), ALL)
def test_a_procedure_comes_to_its_actions_in_the_expected_order(
    key: str, script: Script, expected: Mapping[str, list[str]]
) -> None:
    run = Run(script.guide, script.answers).to_the_end()
    assert run.status == "done", (run.status, run.last.hand_over if run.last else None, run.said)
    steps = [button for button in expected[key] if button not in script.without]
    firsts = [_first(run.events, BUTTONS[button]) for button in steps]
    missing = [button for button, first in zip(steps, firsts, strict=True) if first is None]
    assert not missing, run.events
    assert firsts == sorted(first for first in firsts if first is not None), run.events


def test_only_what_excludes_itself_deviates(expected: Mapping[str, list[str]]) -> None:
    several = {key for key, scripts in SCRIPTS.items() if any(script.without for script in scripts)}
    assert several == set(DEVIATIONS)
    for key in several:
        together = {button for script in SCRIPTS[key] for button in expected[key] if button not in script.without}
        assert together == set(expected[key])


def _first(events: list[str], wanted: frozenset[str]) -> int | None:
    return next((n for n, event in enumerate(events) if event in wanted), None)


@pytest.mark.parametrize(("key", "script"), ALL)
def test_every_write_that_changes_something_is_confirmed_with_its_arguments(key: str, script: Script) -> None:
    run = Run(script.guide, {**script.answers, "confirm": False}).to_the_end()
    registry = run.registry
    done = [
        name
        for name, _, result in run.calls
        if result.status == "done" and (spec := registry.get(name)) and spec.confirm
    ]
    assert not done, f"{key} did {done} although the customer said no"
