"""The built wheel alone is enough: no checkout, an empty environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the repository's files."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (root / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 and "hatchling" in done.stderr:
        pytest.skip("the build backend can't be installed here")
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_demo_shop_the_template_and_the_grammar(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "convagent/demo_shop/convagent.toml", "convagent/demo_shop/evals/tour.yaml", "convagent/demo_shop/actions/back_office/__init__.py",
        "convagent/demo_shop/knowledge/catalog/products.csv", "convagent/demo_shop/back_office/orders.json",
        "convagent/guidance_templates/order-status.md",
        "convagent/new_shop/convagent.toml", "convagent/new_shop_de/convagent.toml", "convagent/new_shop_fr/convagent.toml",
        "convagent/guidance/language/grammar.lark", "convagent/py.typed",
        "convagent/understanding/signals.toml",
        "convagent/search/encoder_data/encoder.json", "convagent/search/encoder_data/NOTICE", "convagent/search/encoder_data/known.npz",
        "convagent/search/encoder_data/english.onnx", "convagent/search/encoder_data/english.pieces.txt",
        "convagent/search/encoder_data/multilingual.onnx", "convagent/search/encoder_data/multilingual.pieces.txt",
        "convagent/search/encoder_data/static.json",
        "convagent/search/encoder_data/static.english.npy", "convagent/search/encoder_data/static.multilingual.npy",
    ):  # fmt: skip
        assert wanted in names
    assert not [name for name in names if ".convagent/" in name or "__pycache__" in name]


def test_the_wheel_alone_gives_the_demo_and_a_new_shop(wheel: Path, tmp_path: Path) -> None:
    """An environment with the wheel only; what it depends on is lent by the one the tests run in."""
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False)
    packages = next(environment.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    here = Path(sys.executable).parent.parent
    lent = next(here.glob("lib/python*/site-packages"))
    for entry in lent.iterdir():
        name = entry.name.lower()
        if (
            not name.startswith(("convagent", "__editable__", "_editable", "_convagent"))
            and not (packages / entry.name).exists()
        ):
            (packages / entry.name).symlink_to(entry)
    python = environment / "bin" / "python"
    clean = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "COVERAGE_PROCESS_START"}}
    where = subprocess.run(
        [python, "-c", "import convagent; print(convagent.__file__)"],
        capture_output=True,
        text=True,
        check=True,
        env=clean,
        cwd=tmp_path,
    )
    assert str(packages) in where.stdout
    demo = subprocess.run(
        [python, "-m", "convagent", "demo"], capture_output=True, text=True, env=clean, cwd=tmp_path, check=False
    )
    assert demo.returncode == 0, demo.stderr
    assert "conversations" in demo.stdout
    made = subprocess.run(
        [python, "-m", "convagent", "init", "mine"],
        capture_output=True,
        text=True,
        env=clean,
        cwd=tmp_path,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    asked = subprocess.run(
        [python, "-m", "convagent", "ask", "How much is delivery?", "--shop", "mine"],
        capture_output=True, text=True, env=clean, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert "4.90" in asked.stdout, asked.stdout + asked.stderr
