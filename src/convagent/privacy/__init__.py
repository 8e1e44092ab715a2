"""Personal data: found, and hidden behind placeholders that can be taken back.

from convagent.privacy import Placeholders

hidden = Placeholders.of_facts(customer, country="IE", keep=("hello@shop.example",))
prompt = hidden.hide(message)
reply = hidden.restore(answer)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convagent.lazy_names import lazy_names

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

# What hides is loaded when it is first used: many processes only mask the numbers of cards.
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{module}" for name, module in _MODULES.items()})
