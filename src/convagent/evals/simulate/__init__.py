"""Simulated customers, for exploring: they know what they want, answer what they are asked, and lose patience.

    from convagent.evals.simulate import read_personas, simulate

    personas, faults = read_personas(["evals/personas.yaml"])
    for run in simulate(personas, bench, runs=3):
        print(run.persona.name, run.ending, *run.faults)

They go by rules, without a model, and the same seed gives the same conversations. They find what nobody thought of; they are
no gate: a suite of cases is. docs/evals.md says more.
"""

from __future__ import annotations

from convagent.evals.simulate.persona import Persona, PersonaFile, read_personas
from convagent.evals.simulate.play import Ending, SimulatedRun, as_case, simulate
from convagent.evals.simulate.trouble import Trouble

__all__ = ["Ending", "Persona", "PersonaFile", "SimulatedRun", "Trouble", "as_case", "read_personas", "simulate"]
