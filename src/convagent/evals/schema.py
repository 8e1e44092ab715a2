"""The JSON Schema of a file of cases, for editors: completion, descriptions, and red lines while one writes."""

from __future__ import annotations

from typing import Any

from convagent.evals.cases import CaseFile

__all__ = ["HEADER", "json_schema"]

HEADER = "# yaml-language-server: $schema="
"""What the first line of a file begins with, so that editors find the schema; its path or address follows."""


def json_schema() -> dict[str, Any]:
    """The schema, in draft 2020-12."""
    made = CaseFile.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "A suite of cases for convagent eval",
    }  # fmt: skip
