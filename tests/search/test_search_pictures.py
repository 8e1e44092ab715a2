"""The pictures in the documentation show the figures that are kept beside them."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"


@pytest.mark.skipif(not PICTURES.is_dir(), reason="the documentation isn't here")
def test_pictures_are_drawn_from_the_figures_beside_them(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "benchmarks" / "pictures.py"), "--out", str(tmp_path)], check=True)
    drawn = sorted(tmp_path.glob("*.svg"))
    assert [path.name for path in drawn] == [
        "growth.svg",
        "labels.svg",
        "products.svg",
        "proofs.svg",
        "reliability.svg",
        "retrieval.svg",
    ]
    shown = (ROOT / "docs" / "measured.md").read_text(encoding="utf-8")
    for path in drawn:
        assert path.read_bytes() == (PICTURES / path.name).read_bytes()
        assert ET.fromstring(path.read_bytes()).tag.endswith("svg")
        assert f"(pictures/{path.name})" in shown
