"""What examples teach: pairs that can't be told apart, guides that their examples don't reach, what no guide takes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.test_commands import convagent

from convagent.evals.themes import themes
from convagent.evals.triggers import ENOUGH, check_triggers
from convagent.guidance.checks.check import check
from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.vocabulary import example_vocabulary
from convagent.guidance.language.parse import parse_text
from convagent.shop import open_shop
from convagent.understanding.held_out import hold_out
from convagent.understanding.matcher import Matcher

TRIGGERS = {code: entry for code, entry in CODES.items() if entry.command == "triggers"}
INVOICES = [
    "can I have an invoice",
    "my accountant wants an invoice",
    "send me the bill please",
    "an invoice would be good",
]


def shop_of(folder: Path, text: str) -> Path:
    """A shop with this guidance alone."""
    shutil.rmtree(folder / "guidance")
    (folder / "guidance").mkdir()
    (folder / "guidance" / "one.md").write_text(text.replace('hand over to "care"', "hand over"), encoding="utf-8")
    return folder


def tickets(folder: Path, *messages: str) -> Path:
    path = folder / "tickets.jsonl"
    lines = [{"id": f"T{n}", "messages": [{"author": "customer", "text": text}]} for n, text in enumerate(messages)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("code", TRIGGERS)
def test_what_to_avoid_yields_its_code_and_what_to_prefer_does_not(code: str, shop: Path, tmp_path: Path) -> None:
    entry = TRIGGERS[code]
    said = tickets(tmp_path, *INVOICES) if code == "G614" else None
    found = check_triggers(open_shop(shop_of(shop, entry.avoid)), tickets=said)
    assert code in {each.code for each in found.findings}
    assert {each.severity for each in found.findings if each.code == code} == {entry.severity}
    better = check_triggers(open_shop(shop_of(shop, entry.prefer)), tickets=said)
    assert code not in {each.code for each in better.findings}


def test_a_pair_names_both_guides_both_examples_and_what_to_add(shop: Path) -> None:
    found = check_triggers(open_shop(shop_of(shop, TRIGGERS["G611"].avoid)))
    (pair,) = found.pairs
    assert pair.guides == ("Where is my order", "A late parcel")
    worst = pair.confusions[0]
    assert {worst.example, worst.other_example} == {"where is my parcel?", "where is my parcel"}
    assert worst.probability > worst.own
    assert "say the same" in pair.add[0]


def test_a_code_that_a_file_leaves_out_is_not_told(shop: Path) -> None:
    text = "---\nignore: [G613]\n---\n\n" + TRIGGERS["G613"].avoid
    found = check_triggers(open_shop(shop_of(shop, text)))
    assert "G613" not in {each.code for each in found.findings}
    assert found.guides[0].examples < ENOUGH


def test_leaving_an_example_out_is_what_learning_without_it_comes_to() -> None:
    examples = {
        "invoice": [*INVOICES, "where do I download my bill", "a receipt please"],
        "status": ["where is my parcel", "has my order been sent", "tracking please", "when will it arrive"],
    }
    negatives = {"invoice": ["the courier wants a bill of me"]}
    held = hold_out(examples, negatives)
    assert [(each.label, each.text) for each in held] == [(name, text) for name in examples for text in examples[name]]
    for each in held[::4]:
        rest = {name: [text for text in group if text != each.text] for name, group in examples.items()}
        match = Matcher.fit(rest, negatives).match(each.text)
        assert match.ranked[0][0] == each.match.ranked[0][0]
        assert match.probability == pytest.approx(each.match.probability, abs=0.25)  # rare words weigh otherwise


def test_messages_are_grouped_by_theme_the_same_way_each_time() -> None:
    said = [
        "do you ship to Norway", "is shipping to norway possible", "can you ship it to Norway", "Do you ship to Norway",
        "I forgot my password", "how do I reset my password", "my password is wrong", "???",
    ]  # fmt: skip
    found = themes(said)
    assert [(theme.count, theme.words[0]) for theme in found[:2]] == [(4, "norway"), (3, "password")]
    assert themes(said) == found
    assert sum(theme.count for theme in found) == len(said) - 1
    assert themes([]) == ()


def test_a_draft_is_a_guide_that_can_be_read() -> None:
    (theme,) = [each for each in themes(['my "pass{word}" is\nwrong', "my password is wrong"]) if each.count][:1]
    assert theme.proposal == "guide"
    file, faults = parse_text(theme.draft, "draft.md")
    assert [f.message for f in faults] == []
    errors = [f for f in check([file], example_vocabulary()) if f.severity == "error"]
    assert [f"{f.code} {f.message}" for f in errors] == []


def test_the_command_tells_findings_and_drafts_and_leaves_with_1(shop: Path, tmp_path: Path) -> None:
    folder = shop_of(shop, TRIGGERS["G614"].avoid)
    said = tickets(tmp_path, *INVOICES)
    done = convagent("guidance", "triggers", "--tickets", str(said), "--shop", str(folder))
    assert done.returncode == 1, done.stderr
    assert "G614" in done.stdout
    assert "When the customer asks about" in done.stdout
    data = json.loads(convagent("guidance", "triggers", "--tickets", str(said), "--shop", str(folder), "--json").stdout)
    assert data["tickets"]["read"] == 4
    assert data["tickets"]["untaken"] == sum(theme["count"] for theme in data["themes"]) > 1
    assert {"code", "line", "remedy"} <= set(data["findings"][0])
    assert convagent("guidance", "triggers", "--shop", str(shop_of(shop, TRIGGERS["G611"].prefer))).returncode == 0
    missing = convagent("guidance", "triggers", "--tickets", str(tmp_path / "no.jsonl"), "--shop", str(folder))
    assert missing.returncode == 2
