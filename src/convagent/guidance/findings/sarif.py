"""Findings as SARIF 2.1.0, the format in which code hosts take the results of checkers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding

__all__ = ["sarif"]

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def sarif(findings: Iterable[Finding]) -> dict[str, Any]:
    """One run of the checker.

    Args:
        findings: In any order.

    Returns:
        JSON; every code that occurs is described as a rule.
    """
    found = list(findings)
    codes = sorted({finding.code for finding in found})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CODES[code].title if code in CODES else code},
            "helpUri": f"docs/findings/{code}.md",
        }
        for code in codes
    ]
    results = [
        {
            "ruleId": finding.code,
            "ruleIndex": codes.index(finding.code),
            "level": _LEVELS[finding.severity],
            "message": {"text": f"{finding.message}. {finding.remedy}".strip()},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": finding.file.replace("\\", "/")},
                        "region": {"startLine": finding.line, "startColumn": finding.column},
                    }
                }
            ],
        }
        for finding in found
    ]
    driver = {"name": "convagent guidance check", "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
