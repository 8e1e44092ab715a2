"""`convagent guidance watch`: checks on save, runs the cases that a changed guide has to do with, tells what is red now."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from convagent.cli.evals_files import SuiteArgument, all_tags, suite_paths
from convagent.cli.guidance_watch import on_save
from convagent.cli.output import ShopOption
from convagent.cli.watched_cases import WatchedCases
from convagent.errors import EvalError

__all__ = ["watch"]

_THREADS = "OPENBLAS_NUM_THREADS"


def watch(
    suites: SuiteArgument = None,
    shop: ShopOption = Path(),
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", metavar="TAG", help="Cases with this tag, or without it: -TAG. May be repeated."),
    ] = None,
) -> None:
    """Check on every save, run the cases that reach a changed guide, and tell what is red now and what is mended.

    Which cases reach a guide is told by the logs that `convagent eval run` and `convagent guidance coverage` keep in the shop,
    and by what cases expect. Cases that neither tells of are run once at the start. When settings, actions, articles,
    translations or rules for the whole shop change, all cases are run. Those that an edit is likeliest to turn run first; where
    they are many, how they stand is told after a second, and the rest follows. Where examples alone changed, a case in which
    customers are still understood as before keeps its result for now. After an edited example, or anything else that tells
    guides apart, all other cases follow too, until the next save; first those in which a customer is understood otherwise.
    At the start all cases run once while nobody waits, so that the first save is quick. Ctrl-C ends it with exit code 0; 2 when
    the shop or the cases can't be found.
    """
    from convagent.settings import read_settings

    _on_one_thread()
    left_out = read_settings(shop / "convagent.toml").evals.leave_out
    paths = suite_paths(suites, shop)
    for path in paths:
        if not path.exists():
            raise EvalError(
                "there is no such file or folder of cases", code="eval-missing", place=path,
                remedy="Name a YAML file or a folder of them; docs/evals.md shows how to write one.",
            )  # fmt: skip
    roots = [shop, *(path for path in paths if not path.resolve().is_relative_to(shop.resolve()))]
    watched = WatchedCases(shop, paths, all_tags(tag, left_out), roots)
    on_save(roots, watched.look, meanwhile=watched.go_on)


def _on_one_thread() -> None:
    """Has matrices multiplied on one thread, unless somebody set how many: two wait for each other longer than they save.

    After an edited example guides are learnt in 0.6 s of CPU time so, and in 1.1 to 1.5 s with two threads.
    """
    if "numpy" not in sys.modules and not {"OMP_NUM_THREADS", _THREADS} & os.environ.keys():
        os.environ[_THREADS] = "1"
