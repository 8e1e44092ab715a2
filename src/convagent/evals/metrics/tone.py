"""The tone of a reply, by rules that anybody can check: nothing shouted, nobody brushed off, anger acknowledged."""

from __future__ import annotations

import re

from convagent.conversation import Turn

__all__ = ["ANGRY_FROM", "flaws"]

ANGRY_FROM = 2
"""The signal `upset` from which a customer is angry: 1 is annoyed, 3 furious."""

_BRUSHES_OFF = re.compile(
    r"\b(?:calm down|as i (?:already )?(?:said|told you|mentioned)|as (?:already|previously) (?:stated|mentioned)|obviously"
    r"|you should(?: have|'ve) (?:known|read|checked|told|said|asked)|your (?:own )?fault|not (?:my|our) problem"
    r"|beruhigen sie sich|wie (?:bereits|schon) (?:gesagt|erwähnt)|selbst schuld|offensichtlich|nicht (?:mein|unser) problem"
    r"|calmez-vous|comme je (?:vous )?l'ai (?:déjà )?dit|vous auriez dû|votre faute|pas (?:mon|notre) problème)\b",
    re.IGNORECASE,
)
_ACKNOWLEDGES = re.compile(
    r"\b(?:sorry|apolog\w*|understand\w*|frustrat\w*|regret\w*|that's not (?:good enough|how it should be)"
    r"|leid|entschuldig\w*|verstehe\w*|verständnis|bedauer\w*|ärgerlich"
    r"|désolée?s?|excus\w*|navrée?s?|compren\w*|regrett\w*)\b",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"\b[^\W\d_]{5,}\b")


def flaws(turn: Turn) -> tuple[str, ...]:
    """What is wrong with the tone of a turn's reply: `shouts`, `brushes off`, `passes over anger`; nothing without a reply.

    - `shouts`: two exclamation marks in a row, or a word of five letters or more in capitals that is neither the customer's
      nor a source's.
    - `brushes off`: a phrase that blames or lectures, in English, German or French.
    - `passes over anger`: to an angry message no word that acknowledges it.
    """
    if turn.reply is None:
        return ()
    text = turn.reply.text.replace("’", "'")
    known = " ".join((turn.message.text, *(c.passage for c in turn.citations), *(p.title for p in turn.reply.products)))
    shouted = [word for word in _SHOUTED.findall(text) if word.isupper() and word not in known]
    found = []
    if shouted or "!!" in text:
        found.append("shouts")
    if _BRUSHES_OFF.search(text):
        found.append("brushes off")
    if _upset(turn) >= ANGRY_FROM and not _ACKNOWLEDGES.search(text):
        found.append("passes over anger")
    return tuple(found)


def _upset(turn: Turn) -> int:
    for event in turn.trace:
        signals = event.data.get("signals") if event.kind == "understood" else None
        if isinstance(signals, dict):
            upset = signals.get("upset", 0)
            return upset if isinstance(upset, int) else 0
    return 0
