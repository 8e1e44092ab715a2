"""Common slips, told in plain words: what an author meant when the grammar says no."""

from __future__ import annotations

import re
from collections.abc import Callable

from rapidfuzz import fuzz, process

__all__ = ["STATEMENT_WORDS", "explain_slip", "suggest"]

Slip = tuple[str, str, str, int, int]

STATEMENT_WORDS = (
    "need", "let", "if", "otherwise", "ask", "say", "refuse", "confirm", "do", "hand over", "go to", "go on", "give",
    "answer", "recommend", "offer", "tag", "close", "set", "snooze", "never",
)  # fmt: skip

PROPERTY_WORDS = ("ask", "must", "else", "within", "if it fails")

_SPOKEN = {
    "STRING": 'a text in "quotes"', "NAME": "a name", "NUMBER": "a number", "MONEY": "an amount such as 20 EUR",
    "DURATION": "a time such as 30 days", "PERCENT": "a percentage", "DATE": "a day such as 2026-11-20",
    "COLON": "a colon", "COMMA": "a comma", "EQUAL": "=", "OPERATOR": "<, <=, > or >=", "RPAR": "a closing parenthesis",
    "LPAR": "an opening parenthesis", "COMMA_ELSE": "`, else say \"…\"`", "COMMA_OR": "`, or`", "PLUS_MINUS": "+ or -",
    "TIMES_OVER": "* or /", "DOT": "a dot", "$END": "the end of the line", "FREE": "`in your own words`",
    "DESCRIPTION": "words in parentheses",
}  # fmt: skip


def suggest(word: str, known: list[str] | tuple[str, ...], *, cutoff: float = 70.0) -> str | None:
    """The known word that is most like `word`, or None when none is."""
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=cutoff)
    return None if found is None else str(found[0])


def explain_slip(text: str, start: str, at: int, end: int, expected: frozenset[str]) -> Slip:
    """Code, message, remedy and the stretch at fault for a line that didn't parse.

    Args:
        text: The line, its first word in lower case, quotes straightened.
        start: What was expected: statement, property or only_for.
        at: Where parsing stopped.
        end: Where the unexpected word ends.
        expected: Names of the terminals that could have stood there.
    """
    for look in _LOOKS:
        if slip := look(text, start, at, expected):
            return slip
    found = text[at:end].strip()
    what = f"`{found[:40]}` is not understood here" if found else "the line stops too soon"
    words = sorted({_spoken(name) for name in expected})
    wanted = ", ".join(words[:5]) + (" …" if len(words) > 5 else "")
    return "G119", what, f"Expected {wanted}." if wanted else "", at, max(end, at + 1)


def _spoken(terminal: str) -> str:
    return _SPOKEN.get(terminal, f"`{terminal.lower().replace('_', ' ')}`")


def _outside_strings(text: str) -> str:
    """The text with everything between quotes blanked out, offsets kept."""
    return re.sub(r'"[^"]*"', lambda found: '"' + " " * (len(found[0]) - 2) + '"', text)


def _quotes(text: str, _start: str, at: int, _expected: frozenset[str]) -> Slip | None:
    if text.count('"') % 2:
        last = text.rfind('"')
        return "G130", "a quote is missing: this one has no partner", 'Put " before and after the text.', last, last + 1
    single = re.search(r"(?:^|[\s(])'([^']*)'(?=[\s,.):]|$)", _outside_strings(text))
    if single and single.start() <= at + 1:
        begin = single.start(1) - 1
        return "G131", "single quotes are not quotes here", f'Write "{single[1]}".', begin, begin + len(single[1]) + 2
    return None


def _signs(text: str, start: str, _at: int, _expected: frozenset[str]) -> Slip | None:
    plain = _outside_strings(text)
    for sign, word in (("==", "is"), ("!=", "is not"), ("<>", "is not"), ("&&", "and"), ("||", "or"), ("≠", "is not"),
                       ("≥", ">="), ("≤", "<=")):  # fmt: skip
        if (where := plain.find(sign)) >= 0:
            return "G132", f"`{sign}` is written `{word}`", f"Write `{word}`.", where, where + len(sign)
    conditional = start == "only_for" or re.match(r"(if|must|never)\b", plain)
    if conditional and (found := re.search(r"(?<![<>=!])=(?!=)", plain)):
        return "G132", "`=` is written `is` in a condition", "Write `is`.", found.start(), found.end()
    if found := re.search(r"[$€£¥]\s?\d[\d.,]*|\d[\d.,]*\s?[$€£¥]", plain):
        sign = next(char for char in found[0] if char in "$€£¥")
        code = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}[sign]
        amount = re.sub(r"[^\d.]", "", found[0].replace(",", "."))
        return "G133", "amounts are written with their currency's code", f"Write `{amount} {code}`.", *found.span()
    if found := re.search(r"\b(isn't|isnt|aren't|doesn't|equals?|is equal to|is greater than|is less than|is more than|"
                          r"is at least|is at most|has|exists|is in|in)\b", plain):  # fmt: skip
        better = {
            "isn't": "is not", "isnt": "is not", "aren't": "is not", "equals": "is", "equal": "is", "is equal to": "is",
            "is greater than": ">", "is more than": ">", "is less than": "<", "is at least": ">=", "is at most": "<=",
            "exists": "is known", "is in": "is one of", "in": "is one of", "has": "contains", "doesn't": "not (…)",
        }[found[1]]  # fmt: skip
        if conditional and found.start() > 3:
            return "G134", f"`{found[1]}` is written `{better}`", f"Write `{better}`.", *found.span()
    return None


def _colon(text: str, start: str, at: int, expected: frozenset[str]) -> Slip | None:
    if (
        start == "statement"
        and "COLON" in expected
        and at >= len(text.rstrip())
        and re.match(r"(if|otherwise)\b", text)
    ):
        end = len(text.rstrip())
        return (
            "G135",
            "a colon is missing at the end of the line",
            "End it with a colon, its steps as bullets below.",
            end,
            end + 1,
        )
    found = re.match(r"(if\b.*?|otherwise):\s*(\S.*)$", _outside_strings(text))
    if start == "statement" and found and at >= found.start(2) - 1:
        step = text[found.start(2) :]
        return (
            "G136", "a step stands on the line of its condition", f"Put it below, as a bullet: `- {step[:60]}`",
            found.start(2), len(text),
        )  # fmt: skip
    return None


def _mixed(text: str, _start: str, at: int, _expected: frozenset[str]) -> Slip | None:
    plain = _outside_strings(text)
    word = re.match(r"(and|or)\b", plain[at:])
    before = plain[:at]
    other = {"and": "or", "or": "and"}.get(word[1]) if word else None
    if word and other and re.search(rf"\b{other}\b", before):
        return (
            "G137", "`and` and `or` are mixed without parentheses", "Put parentheses around what belongs together.",
            at, at + len(word[1]),
        )  # fmt: skip
    return None


def _parentheses(text: str, _start: str, _at: int, _expected: frozenset[str]) -> Slip | None:
    plain = _outside_strings(text)
    depth = 0
    for where, char in enumerate(plain):
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return (
                "G138",
                "a closing parenthesis without its partner",
                "Delete it, or open one before.",
                where,
                where + 1,
            )
    if depth > 0:
        where = plain.rfind("(")
        return "G138", "a parenthesis is opened and never closed", "Close it with ).", where, where + 1
    return None


def _first_word(text: str, start: str, at: int, _expected: frozenset[str]) -> Slip | None:
    if start == "only_for" or at > 0:
        return None
    known = STATEMENT_WORDS if start == "statement" else PROPERTY_WORDS
    word = re.match(r"[A-Za-z]*", text)
    first = word[0] if word else ""
    two = " ".join(text.split()[:2]).lower()
    synonyms = {
        "reply": "say", "tell": "say", "respond": "say", "send": "say", "when": "if", "else": "otherwise", "elif": "if",
        "transfer": "hand over", "escalate": "hand over", "handover": "hand over", "hand": "hand over", "run": "do",
        "call": "do", "execute": "do", "set": "let", "define": "let", "require": "need", "collect": "need", "goto": "go to",
        "deny": "refuse", "reject": "refuse", "continue": "go on", "dont": "never", "don't": "never", "check": "if",
        "suggest": "recommend", "show": "recommend", "stop": "close", "end": "close",
    }  # fmt: skip
    meant = synonyms.get(first.lower()) or suggest(first.lower(), known) or suggest(two, known, cutoff=80)
    what = "a statement" if start == "statement" else "something that stands below a statement"
    listed = ", ".join(known)
    remedy = f"Did you mean `{meant}`?" if meant else f"Begin with one of: {listed}. A remark is a `Note:` line."
    return "G139", f"`{first or text[:1]}` does not begin {what}", remedy, 0, max(1, len(first))


_LOOKS: tuple[Callable[[str, str, int, frozenset[str]], Slip | None], ...] = (
    _quotes, _first_word, _signs, _parentheses, _mixed, _colon,
)  # fmt: skip
