"""What the page on chat models shows is run, and its settings are the settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from convagent.models import ModelSettings
from convagent.settings import read_settings
from convagent.shop import demo_shop

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "models.md").read_text(encoding="utf-8")


def test_the_examples_run_as_they_stand(capsys: Any) -> None:
    names: dict[str, Any] = {}
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(example.replace('"my-shop"', repr(str(demo_shop()))), names)
    assert capsys.readouterr().out == names["turn"].reply.text
    names["agent"].close()


def test_the_settings_shown_can_be_read(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "convagent.toml"
    path.write_text('[shop]\nname = "S"\n' + re.sub(r"^# ", "", shown, flags=re.MULTILINE), encoding="utf-8")
    settings = read_settings(path).model
    assert (settings.name, settings.api, settings.sees_images) == ("openai:gpt-5-mini", "responses", True)


def test_the_table_names_settings_that_there_are() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", PAGE, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named <= set(ModelSettings.model_fields)
    assert named >= {"turn_seconds", "retries", "concurrency", "understand_below", "compose", "verifier", "shares"}


def test_the_pages_beside_it_are_there() -> None:
    for link in re.findall(r"\]\(([\w-]+\.md)\)", PAGE):
        assert (DOCS / link).is_file(), link
