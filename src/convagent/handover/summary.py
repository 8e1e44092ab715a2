"""The note for the person who takes over: everything they need, readable in ten seconds.

    Issue: “I'd like to send back the Harbour Jacket from #1042, it is too small”
    Why: an action failed: return_items failed: the carrier does not answer; nothing was done before it
    Next: Do “return items” by hand, since it failed, and write when it is done.
    Customer: Ada Byrne · ada@example.com · verified
    Order: #1042 · delivered · €129.00 · 2 items
    Asked: order → “the jacket one”; a yes → “yes please”
    Tried: return items (#1042): failed, the carrier does not answer; find customer: found
    Promised: an answer by Tuesday 16 June, 14:30
    Mood: calm, writes English

It is bounded in lines and in words (`note_lines`), and its first three lines say what it is about and what is to be done;
a draft reply and the whole of what was asked, tried and used stand beside it in the `Handover`. What others wrote is data: it
stands in quotes, on the line it belongs to, without markup, and which lines there are doesn't depend on it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from convagent.conversation import HANDOVER_REASONS, ActionRecord, Citation, Handover, Message, Turn
from convagent.facts import Customer
from convagent.guidance.interpreter.world import HandOverStep
from convagent.guidance.wording import Wording
from convagent.handover.drafts import draft_reply
from convagent.handover.next_steps import asks_only_for_a_person, next_step, why
from convagent.handover.note_lines import LONGEST_ISSUE, LONGEST_LINE, in_quotes_of, laid_out, quoted
from convagent.handover.note_words import LABELS, MOODS, WORDS
from convagent.handover.records import fitted, known_facts, worded_action
from convagent.handover.redact import in_short, without_secrets
from convagent.handover.routing import Route, step_topic, step_upset
from convagent.handover.said import answers, answers_a_question, asked_for, issue_and_rest
from convagent.handover.settings import HandoverSettings
from convagent.handover.texts import tells_time
from convagent.handover.timing import worded_moment
from convagent.handover.topics import SENSITIVE_TOPICS

__all__ = ["summarise"]

_NOT_ASKED: Final = frozenset({"request", "customer", "order"})
_SAID_BY_ITS_OWN_LINE: Final = frozenset(
    {"email", "order_number", "postcode", "first_name", "last_name", "phone", "second_email", "second_number",
     "second_postcode", "request", "customer", "order"}
)  # fmt: skip
"""Needs whose answers the lines about customer and order tell, or the issue itself."""

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Times in a note are told with their date: it may be read tomorrow."""

_LONGEST_PROMISE: Final = 120
_OF_A_PERSON: Final = re.compile(
    r"\b(?:person|colleague|team|mensch|kolleg\w+|mitarbeiter\w*|personne|équipe|collègue)\b", re.IGNORECASE
)
"""Words by which a sentence for the customer tells what a person will do."""


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
    current = without_secrets(current, after_one_was_asked=asked_for(earlier[-1:], hidden))
    before = [
        (
            without_secrets(turn.message.text, after_one_was_asked=asked_for(earlier[:place][-1:], hidden)),
            answers_a_question(earlier[:place]),
        )
        for place, turn in enumerate(earlier)
        if turn.message.author == "customer"
    ]
    is_answer = answers_a_question(earlier) and message.author == "customer" and reason != "upset_customer"
    topic = step_topic(step)
    issue, also = issue_and_rest(
        current, before, reason, is_answer=is_answer, is_alarming=topic in SENSITIVE_TOPICS
    )  # fmt: skip
    done = [*(record for turn in earlier for record in turn.actions), *actions]
    lines = {"issue": quoted(issue, labels["issue"], words)}
    if before:
        lines["also"] = quoted(also, labels["also"], words)
    lines["why"] = why(step, reason, route, tongue)
    only = not before and asks_only_for_a_person(step, current)
    lines["next"] = next_step(step, reason, done, tongue, only_a_person=only)
    facts = known_facts(
        known or {}, heard=[current, *(text for text, _ in before)], words=words, wording=Wording(tongue, _LONG_AGO)
    )
    lines.update(facts)
    told_already = _NOT_ASKED if facts["customer"] == words["anonymous"] else _SAID_BY_ITS_OWN_LINE
    asked = answers([*earlier], message, current, secret=hidden, words=words, told_already=told_already)
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
    name, subject = _addressed(known or {}), facts.get("order", "").split(" · ", 1)[0]
    return Handover.model_validate(
        {
            "reason": reason,
            "team": route.team,
            "priority": route.priority,
            "summary": laid_out(lines, labels, transcript, tongue=tongue),
            "topic": topic,
            "asked": tuple(in_quotes_of(tongue, text) for text in asked),
            "draft": in_quotes_of(
                language,
                draft_reply(
                    reason=reason,
                    topic=topic,
                    language=language,
                    name=name,
                    subject=subject.split(";")[0],
                    issue=issue,
                    familiar=settings.familiar_in(language),
                ),
            ),
            "transcript": transcript,
            "issue": in_short(issue, LONGEST_ISSUE) or words["no_text"],
            "tried": (
                *(in_short(worded_action(record, words), LONGEST_LINE) for record in done),
                *(in_quotes_of(tongue, text) for text in used),
            ),
            "next_step": in_quotes_of(tongue, lines["next"]),
            "facts": {labels[name]: in_short(lines[name], 2 * LONGEST_LINE) for name in ("why", *facts)},
            "promised": tuple(in_quotes_of(tongue, text) for text in told),
            "mood": MOODS["en"][mood],
            "language": language,
            "expected_by": route.expected_by,
        }
    )


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
    told = [in_short(text, LONGEST_ISSUE) for text in (*told, *promised)]
    if step.text is not None and step.text.strip():
        told.append(words["told"].format(text=_promise_in(step.text)))
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


def _promise_in(text: str) -> str:
    """What a guide tells the customer, in short: of a long text, the sentence that says what a person will do."""
    sentences = re.split(r"(?<=[.!?])\s+", text.strip())
    if len(text) > _LONGEST_PROMISE and sentences and _OF_A_PERSON.search(sentences[0]) is None:
        text = next((one for one in sentences if _OF_A_PERSON.search(one)), text)
    return in_short(text, _LONGEST_PROMISE)


def _link(pattern: str | None, conversation: str) -> str | None:
    return (
        None if pattern is None or not conversation else pattern.replace("{conversation}", quote(conversation, safe=""))
    )


def _addressed(known: Mapping[str, object]) -> str:
    """The first name to greet by."""
    customer = known.get("customer")
    name = customer.first_name if isinstance(customer, Customer) else known.get("first_name")
    return name if isinstance(name, str) else ""
