"""Measures the core: MB on disk of a fresh install, and CPU seconds of `import convagent`.

python benchmarks/footprint.py            the import, in this environment
python benchmarks/footprint.py --install  a fresh core install too (needs the package registry; about a minute)
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
STATEMENTS = ("import convagent", "from convagent import Agent", "import convagent.guidance.language.parse")


def cpu_seconds(statement: str) -> float:
    """User and system seconds of a process that runs one statement, less those of an empty one."""

    def run(code: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    run(statement)
    return statistics.median(run(statement) for _ in range(5)) - statistics.median(run("pass") for _ in range(5))


def install_megabytes() -> float:
    """MB that the core and all it pulls in take in a fresh environment."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        packages = next(Path(folder).glob("lib/python*/site-packages"))
        before = _size(packages)
        lock = ROOT / "requirements" / "core.lock"
        subprocess.run([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", ROOT], check=True)
        return (_size(packages) - before) / 1e6


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Prints the measurements."""
    for statement in STATEMENTS:
        print(f"{statement:40} {cpu_seconds(statement):.3f} s of CPU")
    if "--install" in sys.argv[1:]:
        print(f"{'core install':40} {install_megabytes():.0f} MB")


if __name__ == "__main__":
    main()
