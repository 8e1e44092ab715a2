"""The registry: from functions, modules, files and objects; two of one name are refused, and so is what can't be loaded."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from tests.guidance.reader import NOW

from convagent.actions import ActionRegistry, CallContext, action, call_action
from convagent.errors import ActionError


@action(kind="lookup")
def find(number: str) -> str:
    """Finds."""
    return number


@action(kind="write", name="find")
def other(number: str) -> None:
    """Something else of the same name."""


class Office:
    """Actions that share something."""

    def __init__(self, name: str) -> None:
        self.name = name

    @action(kind="lookup")
    def who(self) -> str:
        """Who they are."""
        return self.name

    @action(kind="write")
    async def leave(self, after: int = 5) -> None:
        """Leaves."""

    @property
    def broken(self) -> str:
        raise RuntimeError("nobody asked for it")

    @cached_property
    def costly(self) -> str:
        raise RuntimeError("nobody asked for it")

    def helper(self) -> str:
        return self.name


def called(registry: ActionRegistry, action_name: str, **arguments: Any) -> Any:
    spec = registry.get(action_name)
    assert spec is not None
    return call_action(spec, arguments, CallContext("c", None, NOW)).result.value


def test_functions_are_found_by_name() -> None:
    registry = ActionRegistry([find])
    assert "find" in registry
    assert "nothing" not in registry
    assert registry.get("nothing") is None
    assert (len(registry), [spec.name for spec in registry], registry.lookups) == (1, ["find"], frozenset({"find"}))


def test_two_actions_of_one_name_are_refused() -> None:
    with pytest.raises(ActionError, match="two actions are called find"):
        ActionRegistry([find, other])
    registry = ActionRegistry()
    registry.add_from(Office("a"))
    with pytest.raises(ActionError, match="two actions are called"):
        registry.add_from(Office("b"))


def test_what_is_not_declared_is_refused() -> None:
    with pytest.raises(ActionError, match="not declared"):
        ActionRegistry([print])


def test_the_methods_of_an_object_are_bound_to_it_and_nothing_else_is_touched() -> None:
    one, two = ActionRegistry(), ActionRegistry()
    assert {spec.name for spec in one.add_from(Office("one"))} == {"who", "leave"}
    two.add_from(Office("two"))
    assert (called(one, "who"), called(two, "who")) == ("one", "two")


def written(folder: Path, text: str, name: str = "acts.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


HEAD = "from __future__ import annotations\nfrom pathlib import Path\nfrom convagent.actions import action, ActionRegistry\n"


def test_files_declare_functions(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEAD
        + "@action(kind='lookup')\ndef hello(name: str) -> str:\n    '''Says hello.'''\n    return f'hello {name}'\n",
    )
    assert called(ActionRegistry.from_files([path]), "hello", name="Ada") == "hello Ada"


def test_files_may_hand_out_an_object_that_knows_the_shops_folder(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEAD + "class Office:\n    def __init__(self, folder: Path) -> None:\n        self.folder = folder\n"
        "    @action(kind='lookup')\n    def where(self) -> str:\n        '''Where.'''\n        return self.folder.name\n"
        "def actions(shop_folder: Path) -> Office:\n    return Office(shop_folder)\n",
    )  # fmt: skip
    registry = ActionRegistry.from_files([path], arguments={"shop_folder": tmp_path})
    assert called(registry, "where") == tmp_path.name


def test_what_a_file_only_imports_is_not_its_own(tmp_path: Path) -> None:
    first = written(
        tmp_path, HEAD + "@action(kind='lookup')\ndef one() -> int:\n    '''1.'''\n    return 1\n", "one.py"
    )
    text = (
        HEAD + "import importlib.util\n"
        f"spec = importlib.util.spec_from_file_location('one_module', {str(first)!r})\n"
        "module = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(module)\none = module.one\n"
        "@action(kind='lookup')\ndef two() -> int:\n    '''2.'''\n    return 2\n"
    )
    registry = ActionRegistry.from_files([first, written(tmp_path, text, "two.py")])
    assert [spec.name for spec in registry] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = 1\n", "action-none"),
        ("raise ValueError('secret')\n", "action-file"),
        ("def broken(:\n", "action-file"),
        ("import sys\nsys.exit(3)\n", "action-file"),
        ("def actions(shop_folder):\n    raise FileNotFoundError('orders.json')\n", "action-file"),
        ("def actions():\n    return object()\n", "action-file"),
        (HEAD + "@action(kind='write')\ndef untyped(x):\n    '''No type.'''\n", "action-untyped"),
    ],
)
def test_a_file_that_can_not_be_used_is_told_with_its_place(tmp_path: Path, text: str, code: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ActionError) as caught:
        ActionRegistry.from_files([path], arguments={"shop_folder": tmp_path})
    assert caught.value.code == code


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.py", tmp_path):
        with pytest.raises(ActionError) as caught:
            ActionRegistry.from_files([path])
        assert caught.value.code == "action-file"
