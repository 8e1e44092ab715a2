"""Which team takes over, how soon, and by when the customer can expect an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from convagent.errors import ShopError
from convagent.facts import Money, OpeningHours, Shop, Team
from convagent.guidance.interpreter.world import HandOverStep
from convagent.handover.hours import expected_by, is_open, zone_of
from convagent.handover.settings import HandoverSettings
from convagent.handover.topics import TOPIC_PRIORITY, Priority, Topic
from convagent.handover.triggers import Alarm
from convagent.why import and_because, because

__all__ = ["Route", "raised", "route", "step_topic", "step_upset"]

_LEVELS: Final[tuple[Priority, ...]] = ("low", "normal", "high", "urgent")
_BY_REASON: Final[dict[str, Priority]] = {
    "upset_customer": "high",
    "sensitive_topic": "high",
    "action_failed": "high",  # something may be half done
    "no_progress": "high",  # the customer has answered in vain
    "engine_error": "high",
    "outside_scope": "low",
}
_FURIOUS: Final = 3


@dataclass(frozen=True, slots=True)
class Route:
    """Where a handover goes.

    Attributes:
        team: The team's id.
        priority: low, normal, high or urgent.
        expected_by: When an answer can be expected, in the shop's zone; None when no hours are known.
        is_open: Whether somebody is there now; None when no hours are known.
        note: What the team should know about the routing itself, such as a team that doesn't exist; often empty.
    """

    team: str
    priority: Priority
    expected_by: datetime | None = None
    is_open: bool | None = None
    note: str = ""


def route(
    step: HandOverStep,
    *,
    shop: Shop,
    settings: HandoverSettings,
    now: datetime,
    value: Money | None = None,
    language: str | None = None,
    upset: int = 0,
    vip: bool = False,
) -> Route:
    """Finds team, priority and the time an answer can be expected.

    The team that the step names wins; then the team for its topic, its reason, for VIPs, for orders of high value, for the
    customer's language; then the default. A team that the shop doesn't have is passed over, with a note. A shop without
    teams is taken at its word. While that team is away and the one that covers it is there, this one takes over.

    Priority: what is marked urgent is urgent. Else the reason or topic gives a level; an upset customer is answered with
    high priority at least; an order of high value, or a VIP, lifts by one level, to urgent only when the customer is
    furious as well.

    Faults in the shop's hours never keep a handover from happening: they leave the times unknown, with a note.

    Args:
        step: What called for a person.
        shop: Teams, hours and zone.
        settings: Teams by topic, reason and language; working hours for an answer.
        now: The turn's moment, with a time zone.
        value: What the order in question is worth.
        language: The customer's, ISO 639.
        upset: 0 to 3; an `Alarm` brings its own.
        vip: Whether the customer is one of the shop's VIPs.

    Raises:
        FactsError: `now` has no time zone.
    """
    is_high = _is_high(value, settings.high_value)
    team, note = _team(step, shop, settings, language, is_high=is_high, vip=vip)
    priority = _priority(step, settings, max(upset, step_upset(step)), lifted=is_high or vip)
    hours = _hours(team, shop)
    if hours is None:
        return Route(team, priority, note=note)
    try:
        zone = zone_of(shop.timezone)
        moment = now.astimezone(zone) if now.tzinfo is not None else now
        other = _known(settings.covered_by.get(team, ""), shop.teams)
        theirs = _hours(other, shop) if other else None
        if other and theirs and not is_open(hours, moment, zone) and is_open(theirs, moment, zone):
            note = and_because(note, because("covers_for", team=team))
            team, hours = other, theirs
        by = expected_by(hours, moment, settings.answer_within_hours, zone)
        return Route(team, priority, by, is_open(hours, moment, zone), note)
    except ShopError as error:
        return Route(team, priority, note=and_because(note, because("no_time", why=error.message)))


def raised(priority: Priority) -> Priority:
    """The next higher priority: of what nobody took in time."""
    return _LEVELS[min(_LEVELS.index(priority) + 1, len(_LEVELS) - 1)]


def step_topic(step: HandOverStep) -> Topic | None:
    """The topic that a step is about, when an alarm found one."""
    return step.topic if isinstance(step, Alarm) else None


def step_upset(step: HandOverStep) -> int:
    """How upset the customer was when the step was made, 0 when nobody said."""
    return step.upset if isinstance(step, Alarm) else 0


def _hours(team: str, shop: Shop) -> OpeningHours | None:
    found = next((known for known in shop.teams if known.id == team), None)
    return (found.hours if found else None) or shop.hours


def _team(
    step: HandOverStep, shop: Shop, settings: HandoverSettings, language: str | None, *, is_high: bool, vip: bool
) -> tuple[str, str]:
    topic = step_topic(step)
    teams = {str(key): team for key, team in settings.teams.items()}
    wished = (
        step.team,
        teams.get(topic) if topic else None,
        teams.get(step.reason),
        settings.vip_team if vip else None,
        settings.high_value_team if is_high else None,
        settings.team_by_language.get(language.split("-")[0].lower()) if language else None,
        settings.default_team,
    )
    passed_over: list[str] = []
    for name in wished:
        if not name:
            continue
        known = _known(name, shop.teams)
        if known is not None:
            return known, _passed_over(passed_over)
        if name not in passed_over:
            passed_over.append(name)
    return shop.teams[0].id, _passed_over(passed_over)


def _known(name: str, teams: tuple[Team, ...]) -> str | None:
    """The id of the team that `name` means: by id, else by id or name in any case."""
    if not teams or any(team.id == name for team in teams):
        return name
    folded = name.strip().casefold()
    return next((team.id for team in teams if folded and folded in {team.id.casefold(), team.name.casefold()}), None)


def _passed_over(names: list[str]) -> str:
    return because("no_team", teams=[f"“{name}”" for name in names]) if names else ""


def _priority(step: HandOverStep, settings: HandoverSettings, upset: int, *, lifted: bool) -> Priority:
    topic = step_topic(step)
    base: Priority = TOPIC_PRIORITY[topic] if topic else _BY_REASON.get(step.reason, "normal")
    if step.urgent or base == "urgent":
        return "urgent"
    level = _LEVELS.index(base)
    if upset >= min(settings.upset_from, _FURIOUS):
        level = max(level, _LEVELS.index("high"))
    if lifted:
        level = min(level + 1, _LEVELS.index("urgent" if upset >= _FURIOUS else "high"))
    return _LEVELS[level]


def _is_high(value: Money | None, high: Money | None) -> bool:
    """Amounts in another currency say nothing."""
    return value is not None and high is not None and value.currency == high.currency and value >= high
