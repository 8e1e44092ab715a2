"""Actions in several modules: a package, given by its `__init__.py`."""

from __future__ import annotations

import os
from pathlib import Path

from convagent.actions import ActionRegistry
from convagent.cli.init import new_shop
from convagent.shop import open_shop

INIT = """from .parts import Parts


def actions(shop_folder):
    return Parts()
"""
PARTS = '''from convagent.actions import action


class Parts:
    @action(kind="lookup")
    def size_of(self, part: str) -> str:
        """A size."""
        return "{size}"
'''


def write(folder: Path, size: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text(INIT, encoding="utf-8")
    (folder / "parts.py").write_text(PARTS.replace("{size}", size), encoding="utf-8")
    return folder / "__init__.py"


def size(path: Path) -> str:
    spec = ActionRegistry.from_files([path], arguments={"shop_folder": path.parent}).get("size_of")
    assert spec is not None
    return str(spec.function(part="x"))


def test_a_package_is_loaded_with_its_modules_and_again_as_they_are_now(tmp_path: Path) -> None:
    path = write(tmp_path / "fitting", "M")
    assert size(path) == "M"
    write(tmp_path / "fitting", "XXL")
    os.utime(tmp_path / "fitting" / "parts.py", (1, 1))  # Python looks at times to see that a file has changed
    assert size(path) == "XXL"


def test_a_change_in_any_module_of_a_package_changes_the_shops_stamp(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    new_shop(shop, name="Test shop")
    settings = (shop / "convagent.toml").read_text(encoding="utf-8")
    assert '"actions/orders.py"' in settings
    settings = settings.replace('"actions/orders.py"', '"actions/orders.py", "actions/fitting/__init__.py"')
    (shop / "convagent.toml").write_text(settings, encoding="utf-8")
    write(shop / "actions" / "fitting", "M")
    before = open_shop(shop).stamp
    write(shop / "actions" / "fitting", "L")
    assert open_shop(shop).stamp != before
