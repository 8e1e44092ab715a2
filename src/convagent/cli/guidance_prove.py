"""`convagent guidance prove`: what holds for every customer, else a customer for whom it doesn't."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from convagent.cli.guidance_prove_cases import Saved, save_cases
from convagent.cli.output import JsonOption, ShopOption, console, error_console, print_json
from convagent.errors import EvalError, GuidanceError
from convagent.guidance.findings.finding import has_errors, in_order
from convagent.plain_markdown import plain

if TYPE_CHECKING:
    from convagent.guidance.language.syntax import Guide
    from convagent.guidance.proofs.prove import Proof, ProofReport

__all__ = ["prove", "to_markdown"]


def prove(
    as_json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown for a pull request.")] = False,
    save: Annotated[
        Path | None,
        typer.Option(
            "--save", metavar="FOLDER", help="Write the customers that were found to FOLDER, as cases of eval."
        ),
    ] = None,
    shop: ShopOption = Path(),
) -> None:
    """Prove what holds for every customer, else name one for whom it doesn't.

    Asks whether a guide can come to what a `Never` blocks, to a write without the customer's yes or for somebody who isn't
    verified, to an amount without a cap; whether each branch can open and each customer hears something; whether guides
    contradict one another or lead in a circle. Every customer that is named was tried on the guides. What could be neither
    proven nor shown is listed as not proven. Needs the extra `prove`. Exit code 1 when something was found, 0 when nothing
    was, 2 when it can't be done.
    """
    if find_spec("z3") is None:
        error_console.print("[red]✗[/red] proofs need the solver z3, which is not installed")
        error_console.print(Text('  → pip install "convagent[prove]"'))
        raise typer.Exit(2)
    if as_json and markdown:
        raise EvalError("--json and --markdown exclude one another", code="usage", remedy="Leave one of them out.")
    report = _report(shop)
    saved = save_cases(report.found, shop, save) if save is not None else None
    if as_json:
        cases = {"saved": [str(file) for file in saved.files], "not_saved": list(saved.left_out)} if saved else {}
        print_json({**_as_json(report), **cases})
    elif markdown:
        typer.echo(to_markdown(report), nl=False)
    else:
        _print(report)
        if saved is not None:
            _print_saved(saved)
    if report.found:
        raise typer.Exit(1)


def _report(shop: Path) -> ProofReport:
    from convagent.guidance.interpreter.desugar import desugar
    from convagent.guidance.proofs.prove import prove as prove_guides
    from convagent.settings import read_settings
    from convagent.shop import read_actions
    from convagent.shop_guidance import guidance_error, read_guidance, shop_vocabulary

    settings = read_settings(shop / "convagent.toml")
    folder = shop / settings.guidance.folder
    if not folder.is_dir():
        raise GuidanceError("there is no such folder", code="guidance-missing", place=folder, remedy="Check the path.")
    files, faults = read_guidance(folder)
    if has_errors(faults):
        raise guidance_error(in_order(faults))
    vocabulary = shop_vocabulary(settings, read_actions(shop, settings))
    lines = {file.path: file.text.split("\n") for file in files}
    guides = [guide for file in files for guide in file.guides]
    report = prove_guides(
        desugar(guides), vocabulary, currency=settings.shop.currency, zone=ZoneInfo(settings.shop.timezone), lines=lines
    )  # fmt: skip
    ignored = {guide.title: {*settings.guidance.ignore, *_ignored_in(guide)} for guide in guides}
    kept = (proof for proof in report.found if proof.finding.code not in ignored.get(proof.finding.guide or "", ()))
    return replace(report, found=tuple(kept))


def _ignored_in(guide: Guide) -> frozenset[str]:
    """Codes that the front matter of a guide's file leaves out."""
    codes = dict(guide.front_matter).get("ignore", ())
    return frozenset(str(code) for code in (codes if isinstance(codes, (list, tuple)) else (codes,)))


def _customer(proof: Proof) -> dict[str, Any]:
    case = proof.case
    shown: Mapping[str, Any] = {} if case is None else {"story": list(case.story()), **case.to_json()}
    return {"code": proof.finding.code, "at": proof.address, "rule": proof.rule or None, **shown}


def _as_json(report: ProofReport) -> dict[str, Any]:
    from convagent.guidance.proofs.prove import ASSUMPTIONS

    findings: list[dict[str, Any]] = []
    for proof in report.found:
        found = proof.finding
        told = {
            "code": found.code, "severity": found.severity, "file": found.file, "line": found.line, "column": found.column,
            "message": found.message, "remedy": found.remedy, "guide": found.guide,
        }  # fmt: skip
        findings.append({**told, "counterexample": None if proof.case is None else _customer(proof)})
    return {
        "findings": findings,
        "proven": report.proven,
        "not_proven": list(report.not_proven),
        "bounded": list(report.bounded),
        "assumed": list(ASSUMPTIONS),
    }


def _print(report: ProofReport) -> None:
    from convagent.guidance.proofs.prove import ASSUMPTIONS

    styles = {"error": "red", "warning": "yellow", "info": "cyan"}
    for proof in report.found:
        finding = proof.finding
        place = f"{finding.file}:{finding.line}:{finding.column}"
        message = finding.message
        console.print(Text.assemble((place, "bold"), " ", (finding.code, styles[finding.severity]), f" {message}"))
        if caret := finding.caret():
            console.print(Text(caret, style="dim"), no_wrap=True, overflow="ellipsis")
        console.print(Text(f"    → {finding.remedy}"))
    for told in (*report.not_proven, *report.bounded):
        console.print(Text.assemble(("not proven", "yellow"), f" {told}"))
    count = len(report.found)
    console.print(
        Text(f"{report.proven} proven for every customer, {count} found, {len(report.not_proven)} not proven."),
    )
    console.print(Text(f"Assumed: {'; '.join(ASSUMPTIONS)}.", style="dim"))


def to_markdown(report: ProofReport) -> str:
    """What was proven and found, for a pull request: the customers first, then what nobody knows.

    Args:
        report: The proofs.
    """
    from convagent.guidance.proofs.prove import ASSUMPTIONS

    open_ = [*report.not_proven, *report.bounded]
    found = len(report.found)
    ends = "a customer was found for whom it doesn't hold"
    counts = (
        f"{report.proven} questions about the guides are proven for every customer; "
        f"{f'for {found} {ends}' if found else 'nobody was found for whom one fails'}; {len(report.not_proven) or 'none'} "
        f"{'are' if len(report.not_proven) > 1 else 'is'} left open."
    )
    out = ["## What holds for every customer", "", f"**{counts}**", ""]
    for proof in report.found:
        finding = proof.finding
        story = proof.case.story() if proof.case is not None else ()
        message = finding.message.replace(f": {'; '.join(story)}", ".") if story else finding.message
        where = f"{finding.file}, line {finding.line}, {finding.code}"
        out += [f"### “{_told(finding.guide or '')}”", "", f"{_told(message)} ({_told(where)})", ""]
        if story:
            out += ["Such a customer, tried on the guides:", "", *(f"- {_told(line)}" for line in story), ""]
        out += [f"What to do: {_told(finding.remedy)}", ""]
    if open_:
        out += ["### Not proven: a person must look", "", *(f"- {_told(each)}" for each in open_), ""]
    assumed = "; ".join(_told(each) for each in ASSUMPTIONS)
    return "\n".join([*out, f"<details><summary>What the proofs assume</summary>\n\n{assumed}.\n\n</details>", ""])


def _told(text: str) -> str:
    return plain(text, code=True)


def _print_saved(saved: Saved) -> None:
    for file in saved.files:
        console.print(Text.assemble(("saved", "green"), f" {file}"))
    for told in saved.left_out:
        console.print(Text.assemble(("not saved", "yellow"), f" {told}"))
