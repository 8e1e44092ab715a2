"""What the page on wording with a model shows is run, and its numbers are the code's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from convagent.answering.by_model.prompting import LENGTHS
from convagent.answering.entailment import LEAST, PLAIN
from convagent.models import ModelSettings
from convagent.shop import demo_shop

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "model-composing.md").read_text(encoding="utf-8")


def test_the_example_prints_what_the_page_says(capsys: Any) -> None:
    ((code, printed),) = re.findall(r"```python\n(.*?)```\n\n((?:    [^\n]*\n)+)", PAGE, re.DOTALL)
    exec(code.replace('"my-shop"', repr(str(demo_shop()))), {})
    assert capsys.readouterr().out == re.sub(r"^    ", "", printed, flags=re.MULTILINE)


def test_the_numbers_of_the_page_are_those_of_the_code() -> None:
    assert f"less than {PLAIN:.0%}" in PAGE
    assert f"less than {LEAST:.0%}" in PAGE
    for channel, length in LENGTHS.items():
        assert re.search(rf"\| {channel}[^|]*\| {length.words} \|", PAGE)
    assert f"{LENGTHS['sms'].characters} characters" in PAGE


def test_the_settings_of_the_page_are_settings() -> None:
    for name in ("verifier", "shares"):
        assert f"`[model] {name}`" in " ".join(PAGE.split())
        assert name in ModelSettings.model_fields
