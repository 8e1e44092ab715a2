"""Handing a conversation to a person: what calls for one, who takes over and by when, what customer and team are told.

settings = HandoverSettings.read({"default_team": "care", "teams": {"medical": "safety"}})
for step in alarms(signals, settings=settings):
    way = route(step, shop=shop, settings=settings, now=now)
    text = customer_text(step, way, now=now, language="en", settings=settings)
    note = summarise(step, way, message=message, known={"customer": customer, "order": order}, settings=settings)
"""

from convagent.handover.hours import check_hours, expected_by, is_open, next_opening, zone_of
from convagent.handover.redact import masked, one_line, shortened
from convagent.handover.routing import Route, route
from convagent.handover.settings import TEXT_KEYS, HandoverSettings, SummaryLanguage
from convagent.handover.summary import summarise
from convagent.handover.texts import customer_text
from convagent.handover.timing import worded_moment
from convagent.handover.topics import SENSITIVE_TOPICS, SensitiveTopic
from convagent.handover.triggers import Alarm, MessageSignals, alarms

__all__ = [
    "SENSITIVE_TOPICS",
    "TEXT_KEYS",
    "Alarm",
    "HandoverSettings",
    "MessageSignals",
    "Route",
    "SensitiveTopic",
    "SummaryLanguage",
    "alarms",
    "check_hours",
    "customer_text",
    "expected_by",
    "is_open",
    "masked",
    "next_opening",
    "one_line",
    "route",
    "shortened",
    "summarise",
    "worded_moment",
    "zone_of",
]
