"""Wishes: what a shopper's words ask for, as typed demands and preferences.

`model.py` has `Wish`, `reading.py` reads one from words by way of `lexicon.py` (kinds and qualities in three languages),
`people.py`, `bounds.py` and `refusals.py`; `found.py` has what finding gives.
"""

from __future__ import annotations

from convagent.catalog.wishes.found import Found, Relaxation
from convagent.catalog.wishes.model import HARD, SAFETY, Bound, Demand, Wish

__all__ = ["HARD", "SAFETY", "Bound", "Demand", "Found", "Relaxation", "Wish"]
