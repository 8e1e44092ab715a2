"""What the page on understanding with a model shows is run, and its numbers are the code's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from convagent.models import ModelSettings
from convagent.shop import demo_shop
from convagent.understanding.by_model.asked import MOST_GUIDES
from convagent.understanding.by_model.reading import MOST_REQUESTS, MOST_SLOTS, MOST_VERDICTS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "model-understanding.md").read_text(encoding="utf-8")


EXAMPLES = re.findall(r"```python\n(.*?)```\n\n((?:    [^\n]*\n)+)", PAGE, re.DOTALL)


def test_every_example_of_the_page_says_what_it_prints() -> None:
    assert len(EXAMPLES) == PAGE.count("```python") == 2


@pytest.mark.parametrize(("code", "printed"), EXAMPLES)
def test_the_example_prints_what_the_page_says(code: str, printed: str, capsys: Any) -> None:
    exec(code.replace('"my-shop"', repr(str(demo_shop()))), {})
    assert capsys.readouterr().out == re.sub(r"^    ", "", printed, flags=re.MULTILINE)


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    assert f"at most {MOST_GUIDES} guides" in PAGE
    assert f"{MOST_REQUESTS} requests, {MOST_SLOTS} details, {MOST_VERDICTS} verdicts" in PAGE


def test_the_settings_of_the_page_are_settings() -> None:
    for name in ("understand_below", "sees_images", "prompt_tokens", "shares"):
        assert f"`{name}`" in PAGE or f"[model] {name}" in PAGE
        assert name in ModelSettings.model_fields
