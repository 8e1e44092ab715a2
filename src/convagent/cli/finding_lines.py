"""Findings as the commands print them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from convagent.cli.output import console
from convagent.guidance.findings.finding import Finding

__all__ = ["finding_json", "print_findings"]


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding for programs."""
    data = asdict(finding)
    return {name: data[name] for name in ("code", "severity", "file", "line", "column", "message", "remedy", "guide")}


def print_findings(findings: Sequence[Finding]) -> None:
    """Findings on the terminal, errors first, then how many there are."""
    styles = {"error": "red", "warning": "yellow", "info": "cyan"}
    for finding in sorted(findings, key=lambda finding: list(styles).index(finding.severity)):  # else in their order
        place = f"{finding.file}:{finding.line}:{finding.column}"
        console.print(
            Text.assemble((place, "bold"), " ", (finding.code, styles[finding.severity]), f" {finding.message}")
        )
        if caret := finding.caret():
            console.print(Text(caret, style="dim"), no_wrap=True, overflow="ellipsis")
        if finding.remedy:
            console.print(Text(f"    → {finding.remedy}"))
    counts: Counter[str] = Counter(finding.severity for finding in findings)
    told = ", ".join(f"{counts[name]} {name}{'s' if counts[name] != 1 else ''}" for name in styles if counts[name])
    console.print(Text(told or "Nothing to mend.", style="green" if not told else ""))
    sys.stdout.flush()
