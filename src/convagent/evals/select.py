"""Which cases run: by tag, those that failed before, those that guides which changed have to do with."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from convagent.errors import EvalError
from convagent.evals.cases import Case
from convagent.evals.expect import guides_of
from convagent.evals.results import CaseResult, read_log
from convagent.evals.run import guide_digests
from convagent.guidance.language.parse import parse_text
from convagent.shop import OpenShop

__all__ = ["changed_guides", "only_failed", "with_changed", "with_tags"]


def with_tags(cases: Iterable[Case], tags: Iterable[str]) -> list[Case]:
    """Cases that have any of the tags and none of those that begin with `-`; all of them without tags.

    Args:
        cases: The cases.
        tags: Such as `orders`, `-slow`.
    """
    wanted = {tag for tag in tags if not tag.startswith("-")}
    unwanted = {tag[1:] for tag in tags if tag.startswith("-")}
    return [case for case in cases if (not wanted or wanted & set(case.tags)) and not unwanted & set(case.tags)]


def only_failed(cases: Iterable[Case], before: Iterable[CaseResult]) -> list[Case]:
    """Cases that failed or erred before, and those that were not run then."""
    passed: dict[str, bool] = {}
    for result in before:
        good = result.verdict in {"pass", "unscored"}
        passed[result.case.id] = passed.get(result.case.id, True) and good
    return [case for case in cases if not passed.get(case.id, False)]


def with_changed(cases: Iterable[Case], changed: Iterable[str], before: Sequence[CaseResult] = ()) -> list[Case]:
    """Cases that have to do with guides that changed.

    These are the cases whose expectations name one, or in which one was read when they last ran. A case of which neither
    can be told, because it names no guide and never ran, or which says something else by now, is among them.

    Args:
        cases: The cases.
        changed: Titles of guides.
        before: Results of the last run.
    """
    titles = set(changed)
    last = {result.case.id: result for result in before}
    found = []
    for case in cases:
        result = last.get(case.id)
        known = case.guides | {title for turn in (result.turns if result else ()) for title in guides_of(turn)}
        stale = result is not None and result.case.digest != case.digest
        if known & titles or stale or (not known and result is None):
            found.append(case)
    return found


def changed_guides(shop: OpenShop, since: str) -> set[str]:
    """Titles of guides that are new, gone or worded otherwise.

    Args:
        shop: As it is now.
        since: A log of results, whose summary holds a hash of each guide; or a git revision of the shop's repository.

    Raises:
        EvalError: `eval-since`: it is neither.
    """
    now = guide_digests(shop.files)
    path = Path(since)
    then = _of_log(path) if path.is_file() else _of_revision(shop, since)
    return {title for title in {*now, *then} if now.get(title) != then.get(title)}


def _of_log(path: Path) -> Mapping[str, str]:
    summary = read_log(path)[1] or {}
    guides = summary.get("guides")
    if not isinstance(guides, dict):
        raise EvalError(
            "this log is of a run that was not complete", code="eval-since", place=path, remedy="Name another."
        )
    return guides


def _of_revision(shop: OpenShop, revision: str) -> Mapping[str, str]:
    folder = shop.settings.guidance.folder
    listed = _git(shop.path, "ls-tree", "-r", "-z", "--name-only", revision, "--", folder, revision=revision)
    names = [name for name in listed.split("\0") if name.endswith(".md")]
    texts = [_git(shop.path, "show", f"{revision}:./{name}", revision=revision) for name in names]
    return guide_digests([parse_text(text, name)[0] for name, text in zip(names, texts, strict=True)])


def _git(folder: Path, *arguments: str, revision: str) -> str:
    if revision.startswith("-"):
        raise EvalError(f"{revision} is no revision", code="eval-since", remedy="Name a commit, a branch or a log.")
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            ["git", *arguments],  # noqa: S607 - git as it is installed
            cwd=folder,
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EvalError(
            f"git can't be asked: {error}", code="eval-since", remedy="Name a log of results instead."
        ) from None
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()[:1]
        raise EvalError(
            f"{revision} is neither a log of results nor a revision that git knows: {' '.join(told)}", code="eval-since",
            remedy="Name a commit, a branch or a results.jsonl.",
        )  # fmt: skip
    return done.stdout.decode("utf-8", "replace")
