"""`convagent guidance`: check, format, explain, table; run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_commands import convagent

BROKEN = '# Do it\n\nWhen the customer asks to do it:\n- "do it"\n\n1. If order.status = "x":\n   - say "hi\n1. do frobnicate\n'


def test_a_clean_shop_has_nothing_to_mend(shop: Path) -> None:
    done = convagent("guidance", "check", "--shop", str(shop))
    assert done.returncode == 0, done.stdout
    assert (
        json.loads(convagent("guidance", "check", "--shop", str(shop), "--json").stdout) == [] or "info" in done.stdout
    )


def test_every_fault_is_listed_with_its_place_and_remedy(shop: Path) -> None:
    (shop / "guidance" / "broken.md").write_text(BROKEN, encoding="utf-8")
    done = convagent("guidance", "check", "--shop", str(shop), "--json")
    assert done.returncode == 1
    findings = json.loads(done.stdout)
    for finding in findings:
        assert {"code", "severity", "file", "line", "column", "message"} <= set(finding)
    errors = {(finding["code"], finding["line"]) for finding in findings if finding["severity"] == "error"}
    assert {line for _, line in errors} >= {6, 7, 8}
    told = convagent("guidance", "check", str(shop / "guidance" / "broken.md"))
    assert told.returncode == 1
    assert "^" in told.stdout
    assert "→" in told.stdout


def test_errors_are_told_before_warnings_and_json_keeps_to_the_lines(tmp_path: Path) -> None:
    file = tmp_path / "one.md"
    begin = '# {}\n\nWhen the customer wants to {}:\n- "{}"\n\n1. say "Fine.{}\n\n'
    first = begin.format("Send it back", "send something back", "send it back", '"')
    file.write_text(first + begin.format("Paint it", "have it painted", "paint it", ""), encoding="utf-8")
    found = json.loads(convagent("guidance", "check", str(file), "--json").stdout)
    severities = [finding["severity"] for finding in found]
    assert severities[0] != "error"
    assert "error" in severities
    assert [finding["line"] for finding in found] == sorted(finding["line"] for finding in found)
    told = convagent("guidance", "check", str(file)).stdout
    ranked = sorted(found, key=lambda finding: ["error", "warning", "info"].index(finding["severity"]))
    places = [told.index(f"{finding['line']}:{finding['column']} {finding['code']}") for finding in ranked]
    assert places == sorted(places)


def test_sarif_names_rules_and_regions(shop: Path) -> None:
    (shop / "guidance" / "broken.md").write_text(BROKEN, encoding="utf-8")
    data = json.loads(convagent("guidance", "check", "--shop", str(shop), "--output", "sarif").stdout)
    run = data["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1


def test_one_file_is_checked_beside_the_shops_other_guides(shop: Path) -> None:
    mine = shop / "guidance" / "mine.md"
    mine.write_text(
        """# Stop my parcel

When the customer asks to stop a parcel:
- "please stop my parcel"
- "halt the parcel"
- "stop the delivery of #10042"

1. go to "Cancel an order"
""",
        encoding="utf-8",
    )
    (shop / "guidance" / "broken.md").write_text("## Nothing\n", encoding="utf-8")
    ran = convagent("guidance", "check", str(mine), "--json")
    assert (ran.returncode, json.loads(ran.stdout)) == (0, [])
    mine.write_text(mine.read_text(encoding="utf-8").replace("Cancel an", "Cancle an"), encoding="utf-8")
    ran = convagent("guidance", "check", str(mine), "--json")
    assert [finding["code"] for finding in json.loads(ran.stdout)] == ["G207"]


def test_files_outside_a_shop_are_checked_without_its_actions(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    path.write_text(
        '# Stop it\n\nWhen the customer asks to stop:\n- "stop"\n\n1. do anything_at_all\n', encoding="utf-8"
    )
    done = convagent("guidance", "check", str(path), "--json")
    assert "G203" not in done.stdout


@pytest.mark.parametrize("arguments", [("nowhere.md",), ("--output", "xml")])
def test_usage_faults_exit_with_2(arguments: tuple[str, ...], shop: Path) -> None:
    assert convagent("guidance", "check", *arguments, "--shop", str(shop)).returncode == 2


def test_format_settles_the_layout_and_check_tells_of_it(shop: Path) -> None:
    path = shop / "guidance" / "loose.md"
    path.write_text('# Say hi\nWhen the customer greets:\n* "hi"\n2)  Say “Hello.”\n', encoding="utf-8")
    stale = convagent("guidance", "format", "--check", str(path))
    assert stale.returncode == 1
    assert convagent("guidance", "format", str(path)).returncode == 0
    text = path.read_text(encoding="utf-8")
    assert '1. say "Hello."' in text
    assert convagent("guidance", "format", "--check", str(path)).returncode == 0


def test_explain_tells_each_condition_with_its_values_and_does_nothing(shop: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"customer": {"email": "ada@example.com"}}), encoding="utf-8")
    done = convagent("guidance", "explain", "cancel #10042 please", "--facts", str(facts), "--shop", str(shop))
    assert done.returncode == 0, done.stderr
    assert 'order.status is not "pending": yes (order.status = shipped)' in done.stdout
    forced = convagent(
        "guidance", "explain", "#10042", "--guide", "Where is my order", "--facts", str(facts), "--shop", str(shop)
    )
    assert "on its way" in forced.stdout
    assert not (shop / ".convagent" / "conversations.db").exists()


def test_a_guide_that_is_not_there_is_told_with_one_that_is(shop: Path) -> None:
    done = convagent("guidance", "table", "Where is my ordr", "--shop", str(shop))
    assert done.returncode == 2
    assert "Where is my order" in done.stderr


def test_a_table_has_a_row_for_each_way(shop: Path) -> None:
    data = json.loads(
        convagent("guidance", "table", "Where is my order", "--output", "json", "--shop", str(shop)).stdout
    )
    assert data["conditions"] == ['order.status is "shipped"', 'order.status is "delivered"']
    assert [len(row["conditions"]) for row in data["rows"]] == [1, 2, 2]
    markdown = convagent("guidance", "table", "Cancel an order", "--output", "markdown", "--shop", str(shop)).stdout
    assert "| 1 | yes | refuse" in markdown
