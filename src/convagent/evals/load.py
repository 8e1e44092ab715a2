"""Files of cases → cases that are ready to run. Every fault of every file is found and told with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from convagent.errors import EvalError, FactsError, Place
from convagent.evals.cases import Case, CaseEntry, CaseFile, CaseTurn, Expect, ExpectedAction, ExpectedState, Phrase
from convagent.evals.checked import checked
from convagent.evals.contradictions import contradictions
from convagent.evals.faults import CaseFault, as_error
from convagent.evals.tables import spread
from convagent.evals.yaml_source import KeyPath, Source, read_yaml_file
from convagent.facts import Facts

__all__ = ["load_cases", "read_cases"]

_SUFFIXES = {".yaml", ".yml"}
_BELOW: dict[str, type[BaseModel]] = {
    "turns": CaseTurn, "expect": Expect, "actions": ExpectedAction, "state": ExpectedState, "says": Phrase,
    "says_not": Phrase,
}  # fmt: skip


def load_cases(paths: Iterable[str | Path], *, base: str | Path | None = None) -> tuple[Case, ...]:
    """The cases of files and folders, in the order of the files' names and of the cases in them.

    Args:
        paths: YAML files, or folders whose YAML files are all read.
        base: Names of files are told relative to it.

    Raises:
        EvalError: `eval-cases`, with every fault of every file; `eval-missing`: a path is neither a file nor a folder.
    """
    cases, faults = read_cases(paths, base=base)
    if faults:
        raise as_error(faults)
    return cases


def read_cases(
    paths: Iterable[str | Path], *, base: str | Path | None = None
) -> tuple[tuple[Case, ...], tuple[CaseFault, ...]]:
    """`load_cases` that gives the faults back: cases without a fault, and all that is wrong.

    Raises:
        EvalError: `eval-missing`.
    """
    reading = _Reading(Path(base).resolve() if base is not None else None)
    for path in map(Path, paths):
        if path.is_dir():
            root = path.resolve()
            for file in sorted(each for each in root.rglob("*") if each.suffix in _SUFFIXES and each.is_file()):
                reading.file(file, root=root, among=True)
        elif path.is_file():
            reading.file(path.resolve(), root=path.resolve().parent)
        else:
            raise EvalError(
                "there is no such file or folder of cases", code="eval-missing", place=path,
                remedy="Name a YAML file or a folder of them; docs/evals.md shows how to write one.",
            )  # fmt: skip
    return tuple(reading.cases), tuple(dict.fromkeys(reading.faults))


@dataclass
class _Reading:
    base: Path | None
    cases: list[Case] = field(default_factory=list)
    faults: list[CaseFault] = field(default_factory=list)
    done: set[Path] = field(default_factory=set)
    ids: dict[str, Place] = field(default_factory=dict)
    suites: dict[str, str] = field(default_factory=dict)

    def file(self, path: Path, *, root: Path, trail: tuple[Path, ...] = (), among: bool = False) -> None:
        """Reads a file and those that it includes; one that was read already counts once.

        Among the files of a folder there may be personas too, which are for `eval simulate`.
        """
        if path in self.done:
            return
        self.done.add(path)
        source = read_yaml_file(path, name=self._name(path))
        self.faults += source.faults
        if source.data is None and source.faults:
            return
        if not isinstance(source.data, dict):
            self._fault(source, (), "eval-type", "a suite is a mapping", "Begin with `cases:`.")
            return
        if among and set(source.data) == {"personas"}:
            return
        head = {key: value for key, value in source.data.items() if key != "cases"}
        suite = self._checked(CaseFile, head, source, ())
        if suite is None:
            return
        for number, name in enumerate(suite.include):
            self._include(name, number, source, path, root=root, trail=(*trail, path))
        listed = source.data.get("cases")
        if listed is None and not suite.include:
            self._fault(source, (), "eval-key", "the suite holds no cases", "List them below `cases:`.")
        if listed is not None and not isinstance(listed, list):
            self._fault(source, ("cases",), "eval-type", "cases is a list", "Begin each case with `- `.")
            return
        name = suite.suite or path.stem
        if name in self.suites and suite.cases is not None:
            self._fault(
                source, ("suite",), "eval-twice", f"a suite called {name} is in {self.suites[name]} already",
                "Give one of them another name with `suite:`.",
            )  # fmt: skip
        self.suites.setdefault(name, source.file)
        for number, entry in enumerate(listed or ()):
            self._entry(entry, ("cases", number), source, suite, name)

    def _include(
        self, name: str, number: int, source: Source, path: Path, *, root: Path, trail: tuple[Path, ...]
    ) -> None:
        at: KeyPath = ("include", number) if ("include", number) in source.places else ("include",)
        target = (path.parent / name).resolve()
        if not target.is_relative_to(root):
            self._fault(source, at, "eval-include", f"{name} lies outside of the suite's folder", "Put it in there.")
        elif target in trail:
            names = " → ".join(each.name for each in (*trail[trail.index(target) :], target))
            self._fault(source, at, "eval-include", f"the files include one another: {names}", "Leave one of them out.")
        elif target.suffix not in _SUFFIXES or not target.is_file():
            self._fault(
                source, at, "eval-include", f"there is no file {name}", "Name a .yaml file, relative to this one."
            )
        else:
            self.file(target, root=root, trail=trail)

    def _entry(self, entry: Any, at: KeyPath, source: Source, suite: CaseFile, name: str) -> None:
        if not isinstance(entry, dict):
            self._fault(source, at, "eval-type", "a case is a mapping", "Give it a title and turns.")
            return
        spreads, faults = spread(entry)
        for path, message, remedy in faults:
            self._fault(source, (*at, *path), "eval-table", message, remedy)
        seen = len(self.faults)
        for label, row, data in spreads:
            case = self._checked(CaseEntry, data, source, at)
            if case is None or faults or len(self.faults) > seen:
                continue
            for path, message, remedy in contradictions(case):
                self._fault(source, (*at, *path), "eval-contradiction", message, remedy)
            if not self._facts(case, source, at):
                continue
            case_id = (case.id or _slug(case.title if row is None else str(entry.get("title", "")))) + label
            place = source.place((*at, "table", row) if row is not None else at)
            key = f"{name}/{case_id}"
            if key in self.ids:
                self._fault(
                    source, (*at, "id") if "id" in entry else at, "eval-twice",
                    f"the case {key} stands at {self.ids[key]} already", "Give it an `id` of its own.",
                )  # fmt: skip
                continue
            self.ids[key] = place
            self.cases.append(_case(case, key, name, suite, place))

    def _facts(self, case: CaseEntry, source: Source, at: KeyPath) -> bool:
        """Whether facts have their shape: told now, not as a handover in the middle of a run."""
        given: list[tuple[KeyPath, Mapping[str, Any]]] = [((*at, "facts"), case.facts)]
        given += [((*at, "turns", n, "facts"), turn.facts) for n, turn in enumerate(case.turns)]
        count = len(self.faults)
        for path, facts in given:
            try:
                Facts.read(facts)
            except FactsError as error:
                self._fault(source, path, "eval-type", error.message, error.remedy or "")
        return len(self.faults) == count

    def _checked(self, model: type[Any], data: Any, source: Source, at: KeyPath) -> Any:
        found, faults = checked(model, data, source, at=at, below=_BELOW)
        self.faults += faults
        return found

    def _fault(self, source: Source, path: KeyPath, code: str, message: str, remedy: str) -> None:
        self.faults.append(CaseFault(code, source.place(path), message, remedy))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.base).as_posix() if self.base and path.is_relative_to(self.base) else str(path)


def _case(entry: CaseEntry, key: str, suite_name: str, suite: CaseFile, place: Place) -> Case:
    """A case with what its suite says of all of them."""
    given = {name: getattr(entry, name) for name in entry.model_fields_set - {"id", "table"}}
    given["tags"] = tuple(dict.fromkeys((*suite.tags, *entry.tags)))
    given["facts"] = {**suite.facts, **entry.facts}
    if suite.clock is not None:
        given.setdefault("clock", suite.clock)
    return Case(**given, id=key, suite=suite_name, file=place.file, line=place.line or 0)


def _slug(title: str) -> str:
    """An id from a title: `A return, with a change of mind` → `a-return-with-a-change-of-mind`."""
    return re.sub(r"[\W_]+", "-", title.casefold()).strip("-")[:120] or "case"
