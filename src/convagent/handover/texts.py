"""What the customer is told when a person takes over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from convagent.guidance.interpreter.world import HandOverStep
from convagent.handover.phrasebook import FAMILIAR, SENTENCES
from convagent.handover.routing import Route, step_topic, step_upset
from convagent.handover.settings import HandoverSettings
from convagent.handover.timing import worded_moment

__all__ = ["customer_text", "later_text", "tells_time"]

LaterText = Literal["failed", "late", "returned"]
"""What the customer may be told once a handover was made: it couldn't be sent; nobody took it in time; the agent is back."""

_COMPLETE: Final = frozenset({"self_harm"})
"""Texts that stand alone: opening hours and routine would be out of place after them."""

_NO_APOLOGY: Final = frozenset({"upset_customer", "sensitive_topic"})
"""The first apologises by itself; with the second, an apology may read as an admission."""


def customer_text(
    step: HandOverStep,
    route: Route,
    *,
    now: datetime,
    language: str,
    settings: HandoverSettings | None = None,
    upset: int = 0,
    reachable: bool = True,
) -> str:
    """The text for the customer.

    A guide's own text is used as it is. Else: an apology to somebody upset, what happens and why, when an answer can be
    expected, and that nothing needs repeating. Times are told when the shop's hours are known, and never promised
    earlier than the route says.

    Args:
        step: What called for a person.
        route: Where it goes.
        now: The turn's moment, with a time zone.
        language: The reply's, ISO 639; English when the language has no sentences.
        settings: The shop's own sentences and how it addresses customers; the defaults when left out.
        upset: 0 to 3; an `Alarm` brings its own.
        reachable: Whether the team can reach the customer outside of the conversation; while nobody is there, one who
            can't be reached is asked for an address or number. A guide's own text is followed by that question too.
    """
    settings = settings or HandoverSettings()
    asks = settings.asks_contact and not reachable and route.is_open is False and step_topic(step) not in _COMPLETE
    if step.text is not None and step.text.strip():
        return f"{step.text.strip()} {later_text('contact', language, settings=settings)}" if asks else step.text
    names = _sentence_names(step, route, settings, max(upset, step_upset(step)), asks=asks)
    used, sentences = _sentences(names, language, settings)
    when = ""
    if route.expected_by is not None:
        when = worded_moment(route.expected_by, now=now, language=used, names_zone=settings.names_zone)
    return " ".join(
        sentences[name].strip().format(when=when, emergency=settings.emergency_number)  # names checked by the settings
        for name in names
    )


def later_text(
    name: LaterText | Literal["contact"], language: str, *, settings: HandoverSettings, asks_contact: bool = False
) -> str:
    """What the customer is told about a handover that was made before.

    Args:
        name: Which text.
        language: The conversation's, ISO 639; English when the language has no sentences.
        settings: The shop's own sentences.
        asks_contact: Whether the customer is asked where to reach them.
    """
    names = (name, "contact") if asks_contact and settings.asks_contact else (name,)
    _, sentences = _sentences(names, language, settings)
    return " ".join(sentences[one].strip().format(emergency=settings.emergency_number) for one in names)


def tells_time(step: HandOverStep, route: Route) -> bool:
    """Whether the text for the customer tells when an answer can be expected; a guide's own text says what it says."""
    own = step.text is not None and bool(step.text.strip())
    return not own and route.expected_by is not None and step_topic(step) not in _COMPLETE


def _sentence_names(
    step: HandOverStep, route: Route, settings: HandoverSettings, upset: int, *, asks: bool
) -> tuple[str, ...]:
    topic = step_topic(step)
    opening: str = topic or (step.reason if step.reason in SENTENCES["en"] else "guidance")
    if opening in _COMPLETE:
        return (opening,)
    apology = ("sorry",) if upset >= min(settings.upset_from, 3) and step.reason not in _NO_APOLOGY else ()
    timing = "no_hours" if route.expected_by is None else "away" if route.is_open is False else "open"
    return (*apology, opening, timing, *(("contact",) if asks else ()), "no_repeating")


def _sentences(names: tuple[str, ...], language: str, settings: HandoverSettings) -> tuple[str, Mapping[str, str]]:
    """The language that is used and its sentences; never two languages in one text."""
    base = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    for candidate in (base, "en"):
        sentences = dict(SENTENCES.get(candidate, {}))
        if settings.familiar_in(candidate):
            sentences.update(FAMILIAR.get(candidate, {}))
        sentences.update(settings.texts.get(candidate, {}))
        if all(name in sentences for name in names):
            return candidate, sentences
    raise AssertionError("English has every sentence")  # held by a test
