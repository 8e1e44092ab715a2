"""G406: texts that promise, or say that something was done, where no action does it. English, German and French.

The patterns are narrow on purpose: the agent itself ("I", "we") will do or has done one of the things that only an action
can do. What a colleague or the parcel service will do is not meant, nor a text after an action or before a hand-over.
"""

from __future__ import annotations

import re

from convagent.guidance.checks.report import GuideReport
from convagent.guidance.checks.survey import Survey
from convagent.guidance.language.marks import words_of

__all__ = ["check_promises", "promise_in"]

_DOING = "refund|reimburse|cancel|send|ship|dispatch|replace|credit|exchange|book|update|change|issue|e-?mail|call|contact|return"
_DONE = (
    "refunded|reimbursed|cancell?ed|sent|shipped|dispatched|replaced|credited|exchanged|booked|updated|changed|issued|"
    "e-?mailed|removed"
)
_GAP = r"(?!nichts?\b|kein|nie\b)[^.!?\n]"
_GETAN = "storniert|erstattet|verschickt|versandt|gesendet|geändert|gebucht|gutgeschrieben|ersetzt"
_FAIRE = "rembourser|envoyer|annuler|remplacer|expédier|créditer|modifier"
_PATTERNS = (
    rf"(?:i|we)(?:['’]ll|\s+will|['’](?:m|re)\s+going\s+to|\s+(?:am|are)\s+going\s+to)\s+(?:now\s+|then\s+)?(?:{_DOING})",
    rf"(?:i|we)(?:['’]ve|\s+have)\s+(?:just\s+|now\s+|already\s+)?(?:{_DONE})(?!\s+(?:nothing|no)\b)",
    r"(?:ich|wir)\s+(?:schicken?|senden?|erstatten?|stornieren?|ersetzen?|überweisen?)\s+(?:ihnen|dir|euch)",
    rf"(?:ich\s+habe|wir\s+haben)\s(?:{_GAP}){{0,60}}?(?:{_GETAN})",
    rf"(?:ich\s+werde|wir\s+werden)\s(?:{_GAP}){{0,60}}?(?:stornieren|erstatten|schicken|senden|ändern|buchen|gutschreiben|ersetzen)",
    rf"(?:je\s+vais|nous\s+allons)\s+(?:vous\s+|le\s+|la\s+|les\s+)*(?:{_FAIRE})",
    r"(?:j['’]ai|nous\s+avons)\s+(?:bien\s+|déjà\s+)?(?:remboursé|envoyé|annulé|remplacé|expédié|crédité|modifié)",
    r"(?:je|nous)\s+vous\s+(?:rembourse|rembourserai|remboursons|rembourserons|envoie|enverrai|envoyons|enverrons)",
)
_PROMISE = re.compile(r"(?<!\w)(?:" + "|".join(_PATTERNS) + r")(?!\w)", re.IGNORECASE)
_QUICK = re.compile(r"(?<!\w)(?:i|we|ich|wir|je|nous|j)(?!\w)", re.IGNORECASE)


def promise_in(text: str) -> str | None:
    """The words that promise something or say that it was done, None when none do."""
    if _QUICK.search(text) is None:
        return None
    found = _PROMISE.search(text)
    return None if found is None else found[0]


def check_promises(report: GuideReport, survey: Survey) -> None:
    """Finds promises that no action backs."""
    for use in survey.texts:
        if use.acted or use.hands_over or use.role not in {"say", "refuse", "must", "else"}:
            continue
        words = promise_in(words_of(use.text.template))
        if words is not None:
            report.find(
                "G406", use.text.span, f"“{words}” promises what no action does",
                "Put the `do` before the text, hand over, or say what the customer can do.",
            )  # fmt: skip
