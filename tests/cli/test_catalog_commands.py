"""`convagent catalog check` on files, and on the demo shop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ALLERGENS = "Allergens (product.metafields.custom.allergens)"


def run(*arguments: str, cwd: Path = ROOT, command: str = "check") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200", "NO_COLOR": "1"}
    line = [sys.executable, "-m", "convagent", "catalog", command, *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=False, cwd=cwd, env=environment, encoding="utf-8")


def test_the_shops_own_catalog_is_checked_without_a_file() -> None:
    done = run("--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert told["problems"] == []
    assert {each["product_id"] for each in told["attributes"] if each["severity"] == "warning"} == {
        "cover-story-concealer",
        "the-mittens-on-a-string",
    }


def test_rows_and_attributes_are_told_with_their_remedy(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text(f"Handle,Title,Variant Price,{ALLERGENS}\nbar,Bar,2.00,Contains lupen\nbox,Box,dear,\n")
    done = run(str(file))
    assert done.returncode == 1
    assert "row 3 price-unreadable" in done.stdout
    assert "bar, allergens allergens-unread 'Contains lupen'" in done.stdout
    assert "→ Write such as “Contains milk; may contain traces of nuts”" in done.stdout


def test_notes_alone_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("Handle,Title,Variant Price,Option1 Name,Option1 Value\nbar,Bar,2.00,Colour,Fog\n")
    done = run(str(file))
    assert done.returncode == 0
    assert "colour-unread" in done.stdout


def test_products_are_checked_though_the_guidance_has_faults_and_in_the_shops_own_currency(tmp_path: Path) -> None:
    (tmp_path / "convagent.toml").write_text(
        '[shop]\nname = "Mossgate"\ncurrency = "GBP"\n\n[catalog]\nfiles = ["p.csv"]\n'
    )
    (tmp_path / "p.csv").write_text("Handle,Title,Variant Price\nolive,Olive,POA\n")
    (tmp_path / "guidance").mkdir()
    (tmp_path / "guidance" / "bad.md").write_text("# Bad\n\n1. frobnicate\n")
    for named in ((), (str(tmp_path / "p.csv"),)):
        done = run(*named, "--shop", str(tmp_path))
        assert done.returncode == 1
        assert "Write an amount in GBP such as 49.90." in done.stdout, done.stderr


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    done = run(str(tmp_path / "none.csv"))
    assert done.returncode == 2
    assert "catalog-missing" in done.stderr


def test_find_shows_what_was_understood_and_what_it_finds(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("Handle,Title,Type,Variant Price,Variant Inventory Qty\nspade,Border Spade,Spade,64.00,3\n")
    done = run("a spade under 70", str(file), command="find")
    assert done.returncode == 0, done.stderr
    assert "at most: 69.99 EUR" in done.stdout
    assert "Border Spade, 64.00 EUR  spade" in done.stdout
    told = json.loads(run("a spade under 70", str(file), "--json", command="find").stdout)
    assert told["understood"]["at_most"] == "69.99 EUR"
    assert [each["id"] for each in told["products"]] == ["spade"]


def test_find_says_which_demand_stands_in_the_way(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("Handle,Title,Type,Variant Price,Variant Inventory Qty\nspade,Border Spade,Spade,64.00,3\n")
    done = run("a spade under 10", str(file), command="find")
    assert done.returncode == 1
    assert "No product." in done.stdout
    assert "→ without 9.99 EUR: Border Spade" in done.stdout
