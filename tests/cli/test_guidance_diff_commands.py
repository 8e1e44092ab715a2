"""`convagent guidance diff`, `graph`, `explain` and `table`, run as a user runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.test_commands import convagent


def edited(shop: Path, old: str, new: str) -> Path:
    """A copy of the shop in which a text of its guidance is another."""
    other = shop.parent / "edited"
    shutil.copytree(shop, other)
    for path in (other / "guidance").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        if old in text:
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
            return other
    raise AssertionError(old)


def test_diff_tells_the_customer_who_is_treated_otherwise_and_leaves_with_1(shop: Path) -> None:
    other = edited(shop, 'order.status is not "pending"', 'order.status is "shipped"')
    done = convagent("guidance", "diff", str(shop), str(other), "--markdown", "--shop", str(shop))
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[2].startswith("**1 guide treats some customers otherwise. ")
    assert "### “Cancel an order” treats some customers otherwise" in lines
    customer, edited_ = lines.index("What was edited:") - 3, lines.index("What was edited:")
    assert any(line.startswith("A customer for whom `order.status` is ") for line in lines[:customer])
    assert [line[:2] for line in lines[edited_ + 3 : edited_ + 5]] == ["- ", "+ "]
    same = convagent("guidance", "diff", str(shop), str(shop), "--shop", str(shop), "--json")
    assert same.returncode == 0, same.stderr
    assert {guide["kind"] for guide in json.loads(same.stdout)["guides"]} == {"same"}


def test_the_markdown_tells_rules_first_then_who_is_treated_otherwise_then_titles(shop: Path, tmp_path: Path) -> None:
    other = edited(shop, 'order.status is not "pending"', 'order.status is "shipped"')
    guide = other / "guidance" / "orders.md"
    text = guide.read_text(encoding="utf-8")
    new = (
        '\n# Gift wrapping\n\nWhen the customer asks for gift wrapping:\n- "wrap it"\n\n1. hand over because guidance\n'
    )
    rule = "\n# Rules of the house\n\n1. Never do cancel_order when order.total > 900 EUR\n"
    guide.write_text(text.rstrip() + "\n" + new + rule, encoding="utf-8")
    done = convagent("guidance", "diff", str(shop), str(other), "--markdown", "--shop", str(shop))
    assert done.returncode == 1, done.stderr
    heads = [line for line in done.stdout.splitlines() if line.startswith("#")]
    assert heads[:2] == ["## What this edit of guidance means for customers", "### Rules for the whole shop"]
    assert heads.index("### “Cancel an order” treats some customers otherwise") < heads.index(
        "### “Gift wrapping” is new"
    )
    assert "For messages such as “wrap it”." in done.stdout
    assert "It may hand over because guidance." in done.stdout
    assert "looks up" not in done.stdout, "customers don't hear it"


def test_diff_with_what_is_no_shop_and_no_revision_leaves_with_2(shop: Path) -> None:
    done = convagent("guidance", "diff", "nowhere", "--shop", str(shop))
    assert done.returncode == 2
    assert "nowhere is no shop's folder" in done.stderr


def test_graph_writes_a_picture_and_explain_names_guides_and_words(shop: Path, tmp_path: Path) -> None:
    picture = tmp_path / "guides.svg"
    assert convagent("guidance", "graph", "--file", str(picture), "--shop", str(shop)).returncode == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg ")
    assert convagent("guidance", "graph", "--shop", str(shop)).stdout.startswith("flowchart LR")
    done = convagent("guidance", "explain", "please cancel my order", "--shop", str(shop), "--json")
    (considered,) = json.loads(done.stdout)["considered"]
    best = considered["guides"][0]
    assert best["title"] == "Cancel an order"
    assert best["words"][0]["word"] == "cancel"
    assert convagent("guidance", "table", "--output", "csv", "--shop", str(shop)).stdout.startswith("guide,way,")
