"""What the page on the catalog shows is run, and its schema takes what the package writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from convagent.catalog import Catalog
from convagent.catalog.knowing import SIZE_REASONS


def test_the_page_s_code_runs(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    page = (root / "docs" / "catalog.md").read_text(encoding="utf-8")
    monkeypatch.chdir(root)
    names: dict[str, object] = {}
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) >= 5
    for block in blocks:
        exec(compile(block, "docs/catalog.md", "exec"), names)
    assert "The Harbour Jacket" in capsys.readouterr().out


def test_the_page_names_every_reason_of_a_size(root: Path) -> None:
    page = (root / "docs" / "catalog.md").read_text(encoding="utf-8")
    assert [code for code, means in SIZE_REASONS.items() if f"| `{code}` | {means} |" not in page] == []


def test_the_schema_takes_the_demo_shops_products_and_refuses_others(root: Path, tmp_path: Path) -> None:
    schema = json.loads((root / "docs" / "product.schema.json").read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator(schema)
    products = Catalog.from_file(root / "knowledge" / "catalog" / "products.csv").products
    lines = [product.model_dump_json(exclude_unset=True) for product in products]
    for line in lines:
        checker.validate(json.loads(line))
    assert not checker.is_valid({"title": "No id"})
    path = tmp_path / "products.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert Catalog.from_file(path).products == products
