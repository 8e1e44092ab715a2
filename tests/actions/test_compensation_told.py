"""A guide that breaks off behind a write: the person is told what would undo it, and nothing is undone by itself."""

from __future__ import annotations

from pathlib import Path

from convagent.agent import Agent
from convagent.conversation import HandedOver

ACTIONS = '''
"""Two steps, the second of which fails."""
from convagent.actions import ActionFailedError, Compensation, action
from convagent.facts import Money, Refund

UNDONE: list[str] = []


@action(kind="write", requires="anonymous", confirm=False, compensation=Compensation("take_back", {"refund": "result.id", "note": "note"}))
def pay(note: str) -> Refund:
    """Pays."""
    return Refund(id="R-77", status="issued", amount=Money.of(5, "EUR"))


@action(kind="write", requires="anonymous", confirm=False)
def take_back(refund: str, note: str) -> None:
    """Takes a payment back."""
    UNDONE.append(refund)


@action(kind="write", requires="anonymous", confirm=False)
def print_label(note: str) -> None:
    """Prints a label."""
    raise ActionFailedError("the printer is out of paper")
'''
GUIDE = """
# Pay

When the customer asks for a parcel label:
- "please send me a parcel label"
- "I need a new label for my parcel"
- "print another parcel label for me"

1. do pay with note = "trouble" as refund
1. do print_label with note = "trouble"
{failure}
1. say "Done."
"""
SETTINGS = '[shop]\nname = "Undo"\n[actions]\npython = ["actions.py"]\n[storage]\nurl = "memory:"\n'


def opened(folder: Path, failure: str = "") -> Agent:
    (folder / "guidance").mkdir()
    (folder / "convagent.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "actions.py").write_text(ACTIONS, encoding="utf-8")
    (folder / "guidance" / "guide.md").write_text(GUIDE.replace("{failure}\n", failure), encoding="utf-8")
    return Agent.open(folder, storage="memory:")


def undone(agent: Agent) -> list[str]:
    spec = agent.shop.registry.get("pay")
    assert spec is not None
    found: list[str] = spec.function.__globals__["UNDONE"]
    return found


def test_the_person_is_told_what_would_undo_it_and_nothing_is_undone(tmp_path: Path) -> None:
    with opened(tmp_path) as agent:
        turn = agent.reply("please send me a parcel label", conversation="c")
        assert isinstance(turn.outcome, HandedOver)
        assert undone(agent) == []
        (told,) = [event.text for event in turn.trace if event.kind == "compensation"]
        assert "take_back with refund = R-77" in told


def test_a_guide_that_says_so_undoes_it(tmp_path: Path) -> None:
    said = '   - if it fails:\n      - do take_back with refund = refund.id, note = "trouble"\n      - refuse "That did not work."\n'
    with opened(tmp_path, said) as agent:
        agent.reply("please send me a parcel label", conversation="c")
        assert undone(agent) == ["R-77"]
