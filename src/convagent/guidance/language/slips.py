"""Common slips, told in plain words: what an author meant when the grammar says no."""

from __future__ import annotations

import re

from convagent.guidance.language.line_faults import (
    PROPERTY_WORDS,
    RESERVED,
    STATEMENT_WORDS,
    LineError,
    Stop,
    header_word,
    suggest,
)
from convagent.guidance.language.slip_expressions import EARLY_LOOKS, LATE_LOOKS, explain_marks, explain_single_quotes
from convagent.guidance.language.slip_figures import explain_figure, look_at_figures
from convagent.guidance.language.slip_statements import STATEMENT_LOOKS, explain_first_word, explain_unquoted

__all__ = [
    "PROPERTY_WORDS", "RESERVED", "STATEMENT_WORDS", "LineError", "explain_slip", "explain_stray_line", "look_at_figures",
    "suggest",
]  # fmt: skip

_SPOKEN = {
    "STRING": 'a text in "quotes"', "NAME": "a name", "WORD": "a name", "NUMBER": "a number",
    "MONEY": "an amount such as 20 EUR", "DURATION": "a time such as 30 days", "PERCENT": "a percentage",
    "DATE": "a day such as 2026-11-20", "COLON": "a colon", "COMMA": "a comma", "EQUAL": "`=`",
    "OPERATOR": "<, <=, > or >=", "RPAR": "a closing parenthesis", "LPAR": "an opening parenthesis",
    "COMMA_ELSE": '`, else say "…"`', "COMMA_OR": "`, or`", "DOT": "a dot", "$END": "the end of the line",
    "LOOK": "`look up`", "FREE": "`in your own words`", "DESCRIPTION": "words in parentheses",
}  # fmt: skip
_VALUE = frozenset({"NAME", "STRING", "LPAR", "NUMBER", "MONEY", "DURATION", "PERCENT", "DATE", "YES", "NO", "NONE"})
"""Where all of these are expected, a value is."""
_COMPARED = frozenset({"IS", "CONTAINS", "DOES"})
_UNSAID = frozenset(
    {"PLUS_MINUS", "TIMES_OVER", "TAKE", "QUANTIFIER", "AGGREGATE", "COUNT", "DESCENDING", "ITS", "IT", "DOT"}
)
"""Too many to name, and seldom what is missing."""


def explain_slip(stop: Stop) -> LineError:
    """What is wrong with a line that didn't parse, where, and how to mend it."""
    for look in (
        explain_marks,
        explain_first_word,
        explain_single_quotes,
        explain_unquoted,
        *EARLY_LOOKS,
        *STATEMENT_LOOKS,
        explain_figure,
        *LATE_LOOKS,
    ):
        if slip := look(stop):
            return slip
    wanted = _wanted(stop.expected)
    remedy = f"Expected {wanted}." if wanted else "Compare it with a line that works."
    if stop.ends:
        return stop.fault("G119", "the line stops too soon", remedy, stop.at, stop.at + 1)
    return stop.fault("G119", f"`{stop.found[:40]}` is not understood here", remedy)


def _wanted(expected: frozenset[str]) -> str:
    words: list[str] = []
    if expected >= _VALUE:
        words.append("a name, a text or a figure")
        expected = expected - _VALUE - {"NOT", "FROM", "UNTIL", "IT", "ITS"}
    if expected >= _COMPARED:
        words.append("a comparison such as `is` or `<`")
        expected = expected - _COMPARED - {"OPERATOR"}
    said = expected - _UNSAID or (frozenset() if words else expected)
    words += sorted({_SPOKEN.get(name, f"`{name.lower().replace('_', ' ')}`") for name in said})
    if "the end of the line" in words:
        words.remove("the end of the line")
        words.append("the end of the line")
    if len(words) > 6:
        words = [*words[:6], "…"]
    return ", ".join(words[:-1]) + f" or {words[-1]}" if len(words) > 1 and words[-1] != "…" else ", ".join(words)


_STRAY = (
    (r"[-=_*]{3,}\s*$", "a line across", "Take it out; a `# Title` begins the next guide."),
    (r"[0-9]{1,4}[.)](?=\S)", "a blank is missing behind the number", "Write `1. {rest}`."),
    (r"[0-9]{1,4}\s*[:\-–]?\s+(?=\S)|\(?[0-9a-zA-Z][)]\s+(?=\S)|step\s+[0-9]+\s*[:.\-–]?\s*",
     "a number without its full stop", "Write `1. {rest}`."),
    (r"[•‣▪●○◦·–—→]\s*", "a sign that is no bullet", "Write `- {rest}`."),
    (r"-(?=\S)", "a blank is missing behind the hyphen", "Write `- {rest}`."),
    (r"\|.*\|", "a table", "Write the cases as `If …:` statements."),
    (r"<\w+|</", "HTML", "Write plain text; only comments (<!-- … -->) may stand in a file."),
    (r"!?\[[^\]]*\]\(", "a link or picture", "Put links into the text of a `say`."),
)  # fmt: skip


def explain_stray_line(text: str) -> tuple[str, str]:
    """Message and remedy for a line that is neither numbered nor a bullet."""
    for pattern, message, remedy in _STRAY:
        if found := re.match(pattern, text, re.IGNORECASE):
            return message, remedy.replace("{rest}", text[found.end() :][:60])
    first = (re.match(r"[A-Za-z]+", text) or [""])[0].lower()
    if first in {word.split()[0] for word in STATEMENT_WORDS}:
        return "a statement without a number", f"Write `1. {text[:60]}`."
    if header_word(text) is not None:
        return (
            f"`{text.split(maxsplit=1)[0]}` stands between the title and the statements",
            "Move the line up, below the title.",
        )
    return (
        "a line that is no statement",
        "Number it (`1. …`), write `Note: …` for a remark, or indent it when it goes on with the line above.",
    )
