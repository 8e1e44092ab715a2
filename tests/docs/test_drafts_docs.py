"""What the page on drafts shows is run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from convagent.shop import demo_shop

PAGE = (Path(__file__).parents[2] / "docs" / "drafts.md").read_text(encoding="utf-8")


def test_the_examples_run_as_they_stand() -> None:
    names: dict[str, Any] = {}
    shown = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(shown) == 2
    for example in shown:
        exec(example.replace('"my-shop"', repr(str(demo_shop()))), names)
    assert "30 days" in names["draft"].text
    (kept,) = names["agent"].feedback_of("c-17")
    assert (kept.verdict, kept.why) == ("rejected", "wrong country")
    names["agent"].close()
