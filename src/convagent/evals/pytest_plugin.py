"""Suites as tests: `pytest --convagent evals/` makes a test of each case. Loaded by pytest where convagent is installed.

A case that fails or errs is a failed test with the words of its turns; one that is unscored is skipped with the reason. The
shop is that of the nearest folder above the suite with a `convagent.toml`, or `--convagent-shop DIR`; it is opened once.
Nothing of convagent is loaded unless `--convagent` is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from convagent.evals import Bench, Case, CaseResult

__all__ = ["CaseItem", "CaseModule"]

_SUFFIXES = {".yaml", ".yml"}
_SETTINGS = "convagent.toml"


class _Red(Exception):  # noqa: N818 - never seen by anybody: it carries a result to its report
    """A case that failed or erred."""

    def __init__(self, result: CaseResult) -> None:
        self.result = result


_benches = pytest.StashKey[dict[Path, Any]]()
_seen = pytest.StashKey[set[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("convagent", "suites of conversations")
    group.addoption("--convagent", action="store_true", help="make a test of each case in YAML suites of convagent")
    group.addoption("--convagent-shop", metavar="DIR", help="the shop's folder; by default the nearest above the suite")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A suite, when these are asked for and the file is one."""
    if not parent.config.getoption("convagent") or file_path.suffix not in _SUFFIXES:
        return None
    module: CaseModule = CaseModule.from_parent(parent, path=file_path)
    return module if module.is_suite else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Closes the shops that were opened."""
    for bench in config.stash.get(_benches, {}).values():
        bench.agent.close()


class CaseModule(pytest.File):
    """A file of cases."""

    @property
    def is_suite(self) -> bool:
        """Whether the file says that it holds cases: other YAML is left alone."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        return any(line.startswith(("cases:", "include:")) for line in lines)

    def collect(self) -> Iterator[CaseItem]:
        """Each case once, also when several files include it."""
        from convagent.errors import ConvagentError
        from convagent.evals import load_cases

        try:
            cases = load_cases([self.path], base=self.config.rootpath)
        except ConvagentError as error:
            raise self.CollectError(f"{error}") from None
        seen = self.config.stash.setdefault(_seen, set())
        for case in cases:
            if case.id not in seen:
                seen.add(case.id)
                yield CaseItem.from_parent(self, name=case.id, case=case)


class CaseItem(pytest.Item):
    """A case as a test. Its tags are keywords, so that `-k returns` chooses them."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case
        self.extra_keyword_matches.update(case.tags)

    def runtest(self) -> None:
        """Runs the case."""
        result = self._bench().run(self.case)
        if result.verdict == "unscored":
            open_ends = [f"{check.name}: {check.got}" for check in result.checks if check.passed is None]
            pytest.skip("unscored: " + ("; ".join(open_ends) or "the case expects nothing"))
        if result.verdict != "pass":
            raise _Red(result)

    def _bench(self) -> Bench:
        from convagent.evals import Bench

        given = self.config.getoption("convagent_shop")
        shop = Path(given) if given else _shop_above(self.path)
        benches = self.config.stash.setdefault(_benches, {})
        if shop not in benches:
            benches[shop] = Bench.open(shop)
        bench: Bench = benches[shop]
        return bench

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The turns, and what was expected of them."""
        from convagent.errors import ConvagentError

        if isinstance(excinfo.value, _Red):
            return _told(excinfo.value.result)
        if isinstance(excinfo.value, ConvagentError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the case stands."""
        return self.path, self.case.line - 1 if self.case.line else None, self.case.title


def _shop_above(path: Path) -> Path:
    for folder in path.resolve().parents:
        if (folder / _SETTINGS).is_file():
            return folder
    from convagent.errors import EvalError

    raise EvalError(
        f"no folder above this suite has a {_SETTINGS}", code="eval-missing", place=path,
        remedy="Name the shop's folder: --convagent-shop DIR.",
    )  # fmt: skip


def _told(result: CaseResult) -> str:
    """A failure for a terminal: the conversation, each fault below its turn, then those of the end."""
    lines = [f"{result.case.file}:{result.case.line}: {result.case.title}"]
    if result.error is not None:
        lines.append(f"  error: {result.error}")
    at: dict[int | None, list[str]] = {}
    for check in result.failures:
        at.setdefault(check.turn, []).append(f"{check.name} expected {check.expected}, got {check.got}")
    for number, turn in enumerate(result.turns, 1):
        lines.append(f"  {turn.message.author}: {turn.message.text}")
        lines.append(f"  agent: {turn.reply.text if turn.reply is not None else f'({turn.outcome.name})'}")
        if number in at:
            lines += [f"    ✗ {fault}" for fault in at[number]]
            lines += [f"    {line}" for line in turn.explain().splitlines()]
    lines += [f"  ✗ at the end: {fault}" for fault in at.get(None, ())]
    return "\n".join(lines)
