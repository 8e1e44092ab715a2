"""Handing a conversation to a person: what calls for one, who takes over and by when, what customer and team are told.

settings = HandoverSettings.read({"default_team": "care", "teams": {"medical": "safety"}})
for step in alarms(signals, settings=settings):
    way = route(step, shop=shop, settings=settings, now=now)
    text = customer_text(step, way, now=now, language="en", settings=settings)
    note = summarise(step, way, message=message, known={"customer": customer, "order": order}, settings=settings)
"""

from convagent.handover.contact import contact_in, is_reachable
from convagent.handover.desk import HandoverDesk, after_turn, freed, standing_in
from convagent.handover.drafts import draft_reply
from convagent.handover.hours import check_hours, expected_by, is_open, next_opening, zone_of
from convagent.handover.lifecycle import (
    HandoverEvent,
    HandoverMove,
    HandoverState,
    HandoverStatus,
    moved,
    noted_contact,
    opened,
    taken_over,
)
from convagent.handover.redact import masked, one_line, shortened
from convagent.handover.routing import Route, route
from convagent.handover.settings import TEXT_KEYS, HandoverSettings, SummaryLanguage
from convagent.handover.summary import summarise
from convagent.handover.texts import customer_text, later_text
from convagent.handover.timing import worded_moment
from convagent.handover.topics import KEPT_TOPICS, SENSITIVE_TOPICS, KeptTopic, SensitiveTopic
from convagent.handover.triggers import Alarm, MessageSignals, alarms, is_vip

__all__ = [
    "KEPT_TOPICS",
    "SENSITIVE_TOPICS",
    "TEXT_KEYS",
    "Alarm",
    "HandoverDesk",
    "HandoverEvent",
    "HandoverMove",
    "HandoverSettings",
    "HandoverState",
    "HandoverStatus",
    "KeptTopic",
    "MessageSignals",
    "Route",
    "SensitiveTopic",
    "SummaryLanguage",
    "after_turn",
    "alarms",
    "check_hours",
    "contact_in",
    "customer_text",
    "draft_reply",
    "expected_by",
    "freed",
    "is_open",
    "is_reachable",
    "is_vip",
    "later_text",
    "masked",
    "moved",
    "next_opening",
    "noted_contact",
    "one_line",
    "opened",
    "route",
    "shortened",
    "standing_in",
    "summarise",
    "taken_over",
    "worded_moment",
    "zone_of",
]
