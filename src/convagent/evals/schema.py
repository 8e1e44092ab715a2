"""The JSON Schemas of files of cases and of personas, for editors: completion, descriptions, and red lines while one writes."""

from __future__ import annotations

from typing import Any, Literal

from convagent.evals.cases import CaseFile

__all__ = ["json_schema"]


def json_schema(kind: Literal["cases", "personas"] = "cases") -> dict[str, Any]:
    """The schema, in draft 2020-12: of a file of cases, or of one of personas for simulated customers."""
    if kind == "personas":
        from convagent.evals.simulate import PersonaFile

        made, title = PersonaFile.model_json_schema(mode="validation"), "Personas for convagent eval simulate"
    else:
        made, title = CaseFile.model_json_schema(mode="validation"), "A suite of cases for convagent eval"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": title}
