"""The note for the person who takes over: everything they need, readable in ten seconds.

    Issue: “I'd like to send back the Harbour Jacket from #1042, it is too small”
    Why: an action failed: return_items failed: the carrier does not answer; nothing was done before it
    Next: Check what took effect, then finish it by hand.
    Customer: Ada Byrne · ada@example.com · verified
    Order: #1042 · delivered · €129.00 · 2 items
    Asked: order → “the jacket one”; a yes → “yes please”
    Tried: return items (#1042): failed, the carrier does not answer; find customer: found
    Promised: an answer by Tuesday 16 June, 14:30
    Mood: calm, writes English

It is bounded in lines and in words (`MOST_WORDS`), and its first lines say what is to be done; a draft reply and the whole
of what was asked, tried and used stand beside it in the `Handover`. What others wrote is data: it stands in quotes, on the
line it belongs to, without markup, and which lines there are doesn't depend on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from convagent.conversation import HANDOVER_REASONS, ActionRecord, Asked, Citation, Handover, Message, Turn
from convagent.facts import Customer
from convagent.guidance.interpreter.world import HandOverStep
from convagent.guidance.wording import Wording
from convagent.handover.drafts import draft_reply
from convagent.handover.note_words import LABELS, MOODS, NEXT_STEPS, REASONS, WORDS
from convagent.handover.records import fitted, known_facts, worded_action, worded_reason
from convagent.handover.redact import in_short, shortened, without_secrets
from convagent.handover.routing import Route, step_topic, step_upset
from convagent.handover.settings import HandoverSettings
from convagent.handover.texts import tells_time
from convagent.handover.timing import worded_moment
from convagent.handover.topics import SENSITIVE_TOPICS

__all__ = ["LONGEST_LINE", "MOST_WORDS", "note_words", "summarise"]

LONGEST_LINE: Final = 160
"""Characters of a note's line, its label included."""

MOST_WORDS: Final = 100
"""Words of a note at most, the link to the transcript aside. Notes of the demo shop have 57 in the median; their first three
lines, which say what it is about and what to do, have 29: seven seconds at 238 words a minute (Brysbaert 2019)."""

_ROOM: Final[Mapping[str, int]] = {
    "issue": 16, "also": 5, "why": 7, "next": 16, "customer": 5, "order": 7, "subscription": 5,
    "products": 5, "asked": 7, "tried": 9, "promised": 6, "mood": 3,
}  # fmt: skip
"""Words of each line in a note that would be longer than `MOST_WORDS`: together with the labels no more than that."""

_LONGEST_ISSUE: Final = 140
_NOT_ASKED: Final = frozenset({"request", "customer", "order"})
_SAID_BY_ITS_OWN_LINE: Final = frozenset(
    {"email", "order_number", "postcode", "first_name", "last_name", "phone", "second_email", "second_number",
     "second_postcode", "request", "customer", "order"}
)  # fmt: skip
"""Needs whose answers the lines about customer and order tell, or the issue itself."""
_FULL_REQUEST_WORDS: Final = 4
"""Shorter messages ("yes", "a human please") rarely say what it is about."""

_ABOUT_WHAT_WENT_BEFORE: Final = frozenset({"customer_request", "upset_customer", "no_progress"})
"""Reasons for which the last message is seldom the issue itself."""

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Times in a note are told with their date: it may be read tomorrow."""


def summarise(
    step: HandOverStep,
    route: Route,
    *,
    message: Message,
    heard: Sequence[str] = (),
    mood: int = 0,
    language: str = "en",
    known: Mapping[str, object] | None = None,
    actions: Sequence[ActionRecord] = (),
    guides: Sequence[str] = (),
    citations: Sequence[Citation] = (),
    earlier: Sequence[Turn] = (),
    promised: Sequence[str] = (),
    settings: HandoverSettings | None = None,
    conversation: str = "",
    secret: Collection[str] = (),
) -> Handover:
    """Builds the handover with its note: at most 14 lines of at most 160 characters, `MOST_WORDS` words together.

    Args:
        step: What called for a person; a reason that isn't in the closed set counts as `guidance`.
        route: Where it goes.
        message: The customer's last message.
        heard: Its text or requests without quoted history and signature; the whole message when left out.
        mood: 0 calm to 3 furious; what is beyond counts as the nearest. An `Alarm` brings its own.
        language: The customer's, ISO 639.
        known: Facts by name.
        actions: Look-ups and actions of this turn; those of earlier turns are taken from them.
        guides: Titles of the guides that were read in this turn.
        citations: Articles that this turn answered from.
        earlier: Earlier turns, oldest first.
        promised: What else the customer was told will happen.
        settings: The note's language, where transcripts are; the defaults when left out.
        conversation: Its id, for the link to the transcript.
        secret: Names of what proves who writes: an answer to a question for one of these is not told.
    """
    settings = settings or HandoverSettings()
    tongue = settings.summary_language
    labels, words = LABELS[tongue], WORDS[tongue]
    reason = step.reason if step.reason in HANDOVER_REASONS else "guidance"
    mood = min(max(mood, step_upset(step), 0), 3)
    hidden = frozenset(name for name in secret if name not in _SAID_BY_ITS_OWN_LINE)
    current = " ".join(heard) if any(text.strip() for text in heard) else message.text
    current = without_secrets(current, after_one_was_asked=_asked_for(earlier[-1:], hidden))
    before = [
        (
            without_secrets(turn.message.text, after_one_was_asked=_asked_for(earlier[:place][-1:], hidden)),
            _answers_a_question(earlier[:place]),
        )
        for place, turn in enumerate(earlier)
        if turn.message.author == "customer"
    ]
    is_answer = _answers_a_question(earlier) and message.author == "customer" and reason != "upset_customer"
    issue, also = _issue(current, before, reason, is_answer=is_answer, is_alarming=step_topic(step) in SENSITIVE_TOPICS)
    done = [*(record for turn in earlier for record in turn.actions), *actions]
    lines = {"issue": _quoted(issue, labels["issue"], words)}
    if before:
        lines["also"] = _quoted(also, labels["also"], words)
    lines["why"] = _why(step, reason, route, tongue)
    lines["next"] = _next(step, reason, done, tongue)
    facts = known_facts(
        known or {}, heard=[current, *(text for text, _ in before)], words=words, wording=Wording(tongue, _LONG_AGO)
    )
    lines.update(facts)
    told_already = _NOT_ASKED if facts["customer"] == words["anonymous"] else _SAID_BY_ITS_OWN_LINE
    asked = _answers([*earlier], message, current, secret=hidden, words=words, told_already=told_already)
    if asked:
        lines["asked"] = fitted(asked[::-1], LONGEST_LINE - len(labels["asked"]) - 2, words=words)
    if done:
        lines["tried"] = _tried(done, words, labels["tried"])
    used = _used(guides, [*(found for turn in earlier for found in turn.citations), *citations], words)
    told = _promised(step, route, earlier, promised, words, tongue)
    if told:
        lines["promised"] = fitted(told[::-1], LONGEST_LINE, words=words)
    lines["mood"] = words["of"].format(mood=MOODS[tongue][mood], language=_language(language, tongue))
    transcript = _link(settings.transcript, conversation)
    topic = step_topic(step)
    name, subject = _addressed(known or {}), facts.get("order", "").split(" · ", 1)[0]
    return Handover.model_validate(
        {
            "reason": reason,
            "team": route.team,
            "priority": route.priority,
            "summary": _note(lines, labels, transcript),
            "topic": topic,
            "asked": tuple(asked),
            "draft": draft_reply(
                reason=reason, topic=topic, language=language, name=name, subject=subject.split(";")[0], issue=issue
            ),
            "transcript": transcript,
            "issue": in_short(issue, _LONGEST_ISSUE) or words["no_text"],
            "tried": (*(in_short(worded_action(record, words), LONGEST_LINE) for record in done), *used),
            "next_step": lines["next"],
            "facts": {labels[name]: in_short(lines[name], 2 * LONGEST_LINE) for name in ("why", *facts)},
            "promised": tuple(told),
            "mood": MOODS["en"][mood],
            "language": language,
            "expected_by": route.expected_by,
        }
    )


def _issue(
    current: str, before: Sequence[tuple[str, bool]], reason: str, *, is_answer: bool, is_alarming: bool
) -> tuple[str, str]:
    """What it is about, and what the customer said besides: the request first, the last message otherwise.

    A threat or a fear stands first however short it is, and whatever was asked before.

    Args:
        current: The last message.
        before: Earlier ones, each with whether it answered a question of the agent's.
        reason: The handover's.
        is_answer: Whether the last message answered one.
        is_alarming: Whether the last message itself touches a sensitive topic.
    """
    if not before:
        return current, ""
    requests = [text for text, answers in before if not answers] or [text for text, _ in before]
    full = next((text for text in reversed(requests) if _is_full(text)), None)
    full = full or next((text for text, _ in reversed(before) if _is_full(text)), None)
    if (
        full is not None
        and not is_alarming
        and (is_answer or reason in _ABOUT_WHAT_WENT_BEFORE or not _is_full(current))
    ):
        return full, current
    return current, full or before[-1][0]


def _answers_a_question(turns: Sequence[Turn]) -> bool:
    """Whether the last of the turns asked for something else than the request itself."""
    outcome = turns[-1].outcome if turns else None
    return isinstance(outcome, Asked) and not set(outcome.needs) <= {"request"}


def _is_full(text: str) -> bool:
    return sum(any(char.isalpha() for char in word) for word in text.split()) >= _FULL_REQUEST_WORDS


def _quoted(text: str, name: str, words: Mapping[str, str]) -> str:
    """A customer's words in quotes that nothing in them can close."""
    room = min(_LONGEST_ISSUE, LONGEST_LINE - len(name) - len(": “”"))
    return f"“{in_short(text, room) or words['no_text']}”"


def _why(step: HandOverStep, reason: str, route: Route, tongue: str) -> str:
    told = REASONS[tongue][reason]
    if step.reason != reason:
        told += f" ({in_short(step.reason, 40)})"
    notes = "; ".join(filter(None, (worded_reason(step.why), in_short(route.note, LONGEST_LINE))))
    return f"{told}: {notes}" if notes else told


def _next(step: HandOverStep, reason: str, done: Sequence[ActionRecord], tongue: str) -> str:
    uncertain = next((record for record in reversed(done) if record.status == "uncertain"), None)
    topic = step_topic(step)
    if uncertain is not None and topic is None:
        action = in_short(uncertain.action, 60).replace("_", " ")
        return NEXT_STEPS[tongue]["uncertain"].format(action=f"“{action}”")
    return NEXT_STEPS[tongue][topic or reason]


def _tried(done: Sequence[ActionRecord], words: Mapping[str, str], name: str) -> str:
    """What was done, then what was merely looked up; the latest first, each once."""
    ranked = [record for kind in ("write", "lookup") for record in reversed(done) if record.kind == kind]
    entries = list(dict.fromkeys(worded_action(record, words) for record in ranked))
    return fitted(entries, LONGEST_LINE - len(name) - 2, words=words)


def _used(guides: Sequence[str], citations: Sequence[Citation], words: Mapping[str, str]) -> list[str]:
    titles = [f"{words['guide']} “{in_short(title, 60)}”" for title in guides]
    articles = [f"{words['article']} “{in_short(found.title or found.article_id, 60)}”" for found in citations]
    return list(dict.fromkeys([*titles, *articles]))


def _promised(
    step: HandOverStep,
    route: Route,
    earlier: Sequence[Turn],
    promised: Sequence[str],
    words: Mapping[str, str],
    tongue: str,
) -> list[str]:
    """What the customer was told will happen, oldest first."""
    told = [text for turn in earlier if turn.handover is not None for text in turn.handover.promised]
    told = [in_short(text, _LONGEST_ISSUE) for text in (*told, *promised)]
    if step.text is not None and step.text.strip():
        told.append(words["told"].format(text=in_short(step.text, 120)))
    elif route.expected_by is not None and tells_time(step, route):
        when = worded_moment(route.expected_by, now=_LONG_AGO, language=tongue)
        told.append(words["answer_by"].format(when=when))
    return list(dict.fromkeys(text for text in told if text))


def _language(code: str, tongue: str) -> str:
    """The name of a language in the note's language, its code when it has none."""
    from babel import Locale

    known = Locale(tongue).languages
    name = known.get(code.replace("_", "-").split("-", maxsplit=1)[0].lower())
    return str(name) if name else in_short(code, 20) or "?"


def _answers(
    earlier: Sequence[Turn],
    message: Message,
    current: str,
    *,
    secret: Collection[str],
    words: Mapping[str, str],
    told_already: Collection[str],
) -> list[str]:
    """What the customer was asked, each with what they wrote next, oldest first; who and which order have their lines."""
    found: dict[str, str] = {}
    texts = [turn.message.text for turn in earlier[1:]] + [current]
    authors = [turn.message.author for turn in earlier[1:]] + [message.author]
    for turn, text, author in zip(earlier, texts, authors, strict=False):  # before the first turn nothing was asked
        if not isinstance(turn.outcome, Asked):
            continue
        for need in turn.outcome.needs:
            if need in told_already:
                continue
            answer = f"“{in_short(text, 40)}”" if author == "customer" and text.strip() else words["no_answer"]
            if need in secret:
                answer = "•••"
            found[_asked_name(need, words)] = answer
    return [f"{name} → {answer}" for name, answer in found.items()]


def _asked_name(need: str, words: Mapping[str, str]) -> str:
    if need.startswith("confirm:"):
        return words["a_yes"]
    return in_short(need.replace("_", " "), 40)


def _asked_for(turns: Sequence[Turn], names: Collection[str]) -> bool:
    """Whether one of these was asked for in the last of the turns."""
    return any(isinstance(turn.outcome, Asked) and not set(names).isdisjoint(turn.outcome.needs) for turn in turns)


def _link(pattern: str | None, conversation: str) -> str | None:
    return (
        None if pattern is None or not conversation else pattern.replace("{conversation}", quote(conversation, safe=""))
    )


def _addressed(known: Mapping[str, object]) -> str:
    """The first name to greet by."""
    customer = known.get("customer")
    name = customer.first_name if isinstance(customer, Customer) else known.get("first_name")
    return name if isinstance(name, str) else ""


def note_words(text: str) -> int:
    """Words of a note: what holds a letter or a digit."""
    return sum(any(char.isalnum() for char in word) for word in text.split())


def _note(lines: Mapping[str, str], labels: Mapping[str, str], transcript: str | None) -> str:
    """The note: every line whole when that is short enough, else the longest ones cut to their room."""
    whole = {name: lines[name] for name in labels if name in lines}
    for name in sorted(whole, key=lambda name: _ROOM[name] - note_words(whole[name])):
        if note_words(" ".join((*whole.values(), *(labels[name] for name in whole)))) <= MOST_WORDS:
            break
        whole[name] = _cut(whole[name], _ROOM[name])
    told = [_line(labels[name], text) for name, text in whole.items()]
    return "\n".join([*told, f"{labels['transcript']}: {transcript}"] if transcript else told)


def _cut(text: str, room: int) -> str:
    """At most so many words of a line; quotes that were opened are closed again."""
    words, kept, count = text.split(), list[str](), 0
    for word in words:
        count += any(char.isalnum() for char in word)
        if count > room:
            break
        kept.append(word)
    if len(kept) == len(words):
        return text
    cut = " ".join(kept).rstrip(" ·;,:→") + "…"
    return cut + "”" if cut.count("“") > cut.count("”") else cut


def _line(name: str, text: str) -> str:
    return f"{name}: {shortened(text, LONGEST_LINE - len(name) - 2)}"
