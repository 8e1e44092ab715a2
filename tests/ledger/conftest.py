"""Workers to kill, and the databases that outlive them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.ledger.workers import write_shop

import convagent


class Workers:
    """A warm process that forks a worker for each job."""

    def __init__(self, folder: Path) -> None:
        source = Path(convagent.__file__).parents[1]
        environment = {**os.environ, "PYTHONPATH": str(source), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("workers.py")), str(folder)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip

    def run(self, **job: Any) -> Any:
        """One worker's end: whether it was killed, and its turn."""
        return self._ask(job)

    def together(self, *jobs: dict[str, Any]) -> list[Any]:
        """Several workers at once."""
        ended: list[Any] = self._ask(list(jobs))
        return ended

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(60)

    def _ask(self, what: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the workers' process ended"
        return json.loads(answer)


@pytest.fixture(scope="session")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    folder = tmp_path_factory.mktemp("crashes")
    write_shop(folder)
    opened = Workers(folder)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kept.db'}"
    found: str = request.getfixturevalue("postgresql_url")
    return found
