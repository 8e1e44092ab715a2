"""Personal data: found, and hidden behind placeholders that can be taken back.

from convagent.privacy import Placeholders

hidden = Placeholders.of_facts(customer, country="IE", keep=("hello@shop.example",))
prompt = hidden.hide(message)
reply = hidden.restore(answer)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convagent.privacy.found import KINDS, Found, Kind, find_personal
    from convagent.privacy.known import personal_values
    from convagent.privacy.placeholders import NEVER_RESTORED, Placeholders, marks_in

__all__ = [
    "KINDS",
    "NEVER_RESTORED",
    "Found",
    "Kind",
    "Placeholders",
    "find_personal",
    "marks_in",
    "personal_values",
]

_MODULES = {
    "KINDS": "found",
    "NEVER_RESTORED": "placeholders",
    "Found": "found",
    "Kind": "found",
    "Placeholders": "placeholders",
    "find_personal": "found",
    "marks_in": "placeholders",
    "personal_values": "known",
}


def __getattr__(name: str) -> Any:
    """Loads what hides when it is first used: many processes only mask the numbers of cards."""
    if name not in _MODULES:
        raise AttributeError(f"module 'convagent.privacy' has no attribute {name!r}")
    value = getattr(import_module(f"convagent.privacy.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
