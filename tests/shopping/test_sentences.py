"""The assistant's sentences: each language has all of them, and each is said somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import convagent.shopping
from convagent.catalog.knowing.size_charts import BodyMeasure
from convagent.shopping.clarifying import KNOWN_BY_SHOPPERS
from convagent.shopping.wording import sentences

FOLDER = Path(convagent.shopping.__file__).parent


def test_every_sentence_is_in_every_language() -> None:
    names = [set(each) for each in sentences().values()]
    assert all(each == names[0] for each in names)


def test_every_sentence_is_said() -> None:
    source = "\n".join(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.py")))
    written = set(re.findall(r'"([a-z_]+)"', source))
    made = {f"ask_{each}" for each in KNOWN_BY_SHOPPERS} | {f"measure_{each}" for each in get_args(BodyMeasure)}
    assert set(sentences()["en"]) - written - made - {"measure_wearer"} == set()
