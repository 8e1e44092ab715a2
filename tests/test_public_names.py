"""The names that others build on."""

from __future__ import annotations

import subprocess
import sys

import convagent


def test_the_public_names_are_sorted_and_all_there() -> None:
    assert convagent.__all__ == sorted(convagent.__all__)
    assert [name for name in convagent.__all__ if getattr(convagent, name, None) is None] == []
    assert set(convagent.__all__) <= set(dir(convagent))


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(convagent, "Agents")


def test_the_guidance_language_can_be_used_alone() -> None:
    code = (
        "import sys, convagent.guidance.language.parse, convagent.guidance.interpreter.interpret, convagent.guidance.interpreter.decide\n"
        "heavy = {'numpy', 'sqlalchemy', 'fastapi', 'convagent.search', 'convagent.knowledge', 'convagent.catalog'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
