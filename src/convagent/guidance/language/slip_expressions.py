"""Slips in conditions and values: other languages' signs, capitals, missing words, told in plain words."""

from __future__ import annotations

import re

from convagent.guidance.language.line_faults import RESERVED, STATEMENT_WORDS, LineError, Stop

__all__ = ["EARLY_LOOKS", "LATE_LOOKS", "explain_marks", "explain_single_quotes"]

_SIGNS = (
    ("===", "is"), ("==", "is"), ("!=", "is not"), ("<>", "is not"), ("=<", "<="), ("=>", ">="), ("≠", "is not"),
    ("≥", ">="), ("≤", "<="), ("&&", "and"), ("||", "or"), ("×", "*"), ("÷", "/"), ("−", "-"), ("–", "-"),
)  # fmt: skip
_SPOKEN_COMPARISONS = {
    "isnot": "is not",
    "isn't": "is not", "isnt": "is not", "aren't": "is not", "are": "is", "was": "is", "equals": "is", "equal": "is",
    "is equal to": "is", "is the same as": "is", "is greater than": ">", "is more than": ">", "is bigger than": ">",
    "is over": ">", "is above": ">", "is later than": ">", "is after": ">", "is less than": "<", "is fewer than": "<",
    "is under": "<", "is below": "<", "is before": "<", "is at least": ">=", "is at most": "<=", "is up to": "<=",
    "greater than": ">", "more than": ">", "less than": "<", "exists": "is known", "is set": "is known",
    "is missing": "is none", "is null": "is none", "is nothing": "is none", "is in": "is one of", "is any of": "is one of",
    "is either": "is one of", "in": "is one of", "has": "contains", "includes": "contains", "contain": "contains",
    "doesn't contain": "does not contain", "is true": "is yes", "is false": "is no", "starts with": "contains",
    "is not in": "is not one of", "is not any of": "is not one of", "doesn't exist": "is not known", "within": "<=",
}  # fmt: skip
_SPOKEN = re.compile(
    r"\b(" + "|".join(re.escape(words) for words in sorted(_SPOKEN_COMPARISONS, key=len, reverse=True)) + r")(?![\w'])"
)
_FIRST_WORDS = frozenset(word.split()[0] for word in STATEMENT_WORDS)
_SINGLE = re.compile(r"(?:^|[\s(,])'([^']*)'(?=[\s,.):]|$)")


def _conditional(stop: Stop) -> bool:
    return stop.start == "only_for" or stop.first.rstrip(":") in {"if", "must", "never", "recommend", "let", "give"}


def _text_in_text(stop: Stop) -> LineError | None:
    before = stop.text[: stop.at]
    if before.endswith('"') and stop.found[:1] not in {"", ",", ".", ":", ";", ")"}:
        return stop.fault(
            "G130", "words follow a text without a blank: quotes within a text?",
            "Inside a text write curly quotes (“like this”), or put the text into a `>` block below.",
        )  # fmt: skip
    if stop.found.startswith('"') and stop.before.endswith('"'):
        return stop.fault(
            "G130", "a second text where one is meant", "Make it one text, or separate the two with a comma."
        )
    return None


def explain_single_quotes(stop: Stop) -> LineError | None:
    """A text in single quotes."""
    found = _SINGLE.search(stop.bare)
    if found is None or found.start(1) - 1 > stop.at + 1:
        return None
    begin = found.start(1) - 1
    return stop.fault(
        "G131", "texts stand in double quotes", f'Write "{found[1].strip()}".', begin, begin + len(found[1]) + 2
    )


def _capitals(stop: Stop) -> LineError | None:
    for found in re.finditer(r"[A-Za-z]+", stop.bare[: stop.end]):
        word = found[0].lower()
        attached = stop.bare[found.start() - 1 : found.start()] in {".", "_"}
        if not found.start() or attached or word == found[0]:
            continue
        known = word in RESERVED or word in {"all", "descending", "does"}
        if known or (found.start() == stop.at and word in _FIRST_WORDS):
            return stop.fault("G144", f"`{found[0]}` is written `{word}`", f"Write `{word}`.", *found.span())
    return None


def explain_marks(stop: Stop) -> LineError | None:
    """Signs of Markdown and of templates outside texts."""
    bare = stop.bare
    if (at := bare.find("{{")) >= 0:
        inner = re.match(r"\{\{\s*([\w.]*)", bare[at:])
        name = inner[1] if inner else ""
        return stop.fault(
            "G132", "marks ({{ … }}) stand in texts only", f"Write `{name or 'order.id'}` without them.", at, at + 2
        )
    if (at := bare.find("`")) >= 0:
        return stop.fault("G132", "backticks have no meaning here", "Write the name without them.", at, at + 1)
    if found := re.search(r"\*\*|__(?=[A-Za-z])|(?<=[A-Za-z])__", bare):
        return stop.fault("G132", "bold or italic marks have no meaning here", "Take them out.", *found.span())
    if (at := bare.find(";")) >= 0:
        return stop.fault("G132", "a semicolon", "Make two statements of it.", at, at + 1)
    return None


def _letters(stop: Stop) -> LineError | None:
    odd = next((at for at, char in enumerate(stop.bare) if not char.isascii() and char.isalpha()), None)
    if odd is None:
        return None
    start, end = odd, odd
    while start > 0 and stop.bare[start - 1].isalpha():
        start -= 1
    while end < len(stop.bare) and stop.bare[end].isalpha():
        end += 1
    word, letter = stop.bare[start:end], stop.bare[odd]
    return stop.fault(
        "G145", f"`{word[:40]}`: the letter `{letter}` (U+{ord(letter):04X}) is not one of a to z",
        "Names and words of the language are written with the letters a to z; put texts in quotes.", start, end,
    )  # fmt: skip


def _signs(stop: Stop) -> LineError | None:
    for sign, word in _SIGNS:
        if (where := stop.bare.find(sign)) >= 0:
            return stop.fault("G132", f"`{sign}` is written `{word}`", f"Write `{word}`.", where, where + len(sign))
    conditional = stop.start == "only_for" or stop.first in {"if", "must", "never"}
    if conditional and (found := re.search(r"(?<![<>=!])=(?!=)", stop.bare)):
        return stop.fault("G132", "`=` is written `is` in a condition", "Write `is`.", *found.span())
    if found := re.match(r"!\s*(?=[\w(])", stop.bare[stop.at :]):
        return stop.fault("G132", "`!` is written `not`", "Write `not`.", end=stop.at + 1)
    return None


def _possessive(stop: Stop) -> LineError | None:
    found = re.search(r"\b([A-Za-z_]+)'s\s+([A-Za-z_]+)", stop.bare)
    if found is None:
        return None
    return stop.fault("G134", f"`{found[0]}` is written with a dot", f"Write `{found[1]}.{found[2]}`.", *found.span())


def _spoken(stop: Stop) -> LineError | None:
    if not _conditional(stop):
        return None
    if found := re.search(
        r"(?<![\w.])([\w.]+) is not between (\S+(?: [A-Z]{3})? and [^\s:,)]+(?: [A-Z]{3})?)", stop.bare
    ):
        better = f"not ({found[1]} is between {found[2]})"
        return stop.fault(
            "G134", "`is not between` is written with `not` before it", f"Write `{better}`.", *found.span()
        )
    for found in _SPOKEN.finditer(stop.bare):
        words = found[1]
        behind = found.end() >= stop.at - 1
        if found.start() > 3 and behind and found.start() <= stop.end:
            better = _SPOKEN_COMPARISONS[words]
            return stop.fault("G134", f"`{words}` is written `{better}`", f"Write `{better}`.", *found.span())
    if found := re.search(r"\b(doesn't|don't|can't|won't|hasn't|didn't)\b", stop.bare):
        return stop.fault(
            "G134", f"`{found[1]}` is written with `not`", "Write `not (…)` around the condition.", *found.span()
        )
    return None


def _then(stop: Stop) -> LineError | None:
    found = re.match(r",?\s*then\b", stop.bare[stop.at :]) if stop.start == "statement" else None
    if found is None or stop.first != "if":
        return None
    step = stop.text[stop.at + found.end() :].strip(" :,")
    remedy = (
        f"End the line with a colon and write below it, as a bullet: `- {step[:60]}`"
        if step
        else "Write a colon instead."
    )
    return stop.fault("G136", "`then` is not needed", remedy, stop.bare.find("then", stop.at), stop.at + found.end())


def _parentheses(stop: Stop) -> LineError | None:
    opened: list[int] = []
    for where, char in enumerate(stop.bare):
        if char == "(":
            opened.append(where)
        elif char == ")":
            if not opened:
                return stop.fault(
                    "G138",
                    "a closing parenthesis without its partner",
                    "Delete it, or open one before.",
                    where,
                    where + 1,
                )
            opened.pop()
    if opened:
        return stop.fault(
            "G138", "a parenthesis is opened and never closed", "Close it with ).", opened[-1], opened[-1] + 1
        )
    return None


def _mixed(stop: Stop) -> LineError | None:
    word = re.match(r",?\s*(and|or)\b", stop.bare[stop.at :])
    if word is None or stop.first == "need":
        return None
    begin = stop.at + word.start(1)
    other = {"and": "or", "or": "and"}[word[1]]
    if re.search(rf"\b{other}\b", _same_level(stop.before)):
        return stop.fault(
            "G137", "`and` and `or` are mixed without parentheses", "Put parentheses around what belongs together.",
            begin, begin + len(word[1]),
        )  # fmt: skip
    if word[0].startswith(","):
        return stop.fault(
            "G137", f"a comma before `{word[1]}`", f"Write `{word[1]}` without the comma.", end=stop.at + 1
        )
    return None


def _same_level(before: str) -> str:
    """What stands before on the same level of parentheses."""
    out: list[str] = []
    depth = 0
    for char in reversed(before):
        depth += (char == ")") - (char == "(")
        if depth < 0:
            break
        out.append(char if depth == 0 else " ")
    return "".join(reversed(out))


def _chain(stop: Stop) -> LineError | None:
    if stop.found not in {"<", "<=", ">", ">=", "is"} or not re.search(r"[<>]|\bis\b", _same_level(stop.before)):
        return None
    return stop.fault(
        "G134", "two comparisons in a row", "Write `x is between 1 and 5`, or join two comparisons with `and`."
    )


def _full_stop(stop: Stop) -> LineError | None:
    text = stop.text.rstrip()
    if text.endswith((".", "!", ";")) and stop.at >= len(text) - 1:
        return stop.fault(
            "G132", "a mark at the end of the line that doesn't belong there", "Delete it.", len(text) - 1, len(text)
        )
    return None


def _missing_value(stop: Stop) -> LineError | None:
    word = stop.found.rstrip(":")
    if "NAME" not in stop.expected or word.lower() not in RESERVED:
        return None
    if stop.word_before in {"need", "let", "do", "as", "for", "each", "give", "any"}:
        return stop.fault("G129", f"`{word}` is a word of the language and can't be a name", "Choose another name.")
    return stop.fault(
        "G119", f"something is missing before `{word}`", "Write what is meant: a name, a text or a figure."
    )


def _it(stop: Stop) -> LineError | None:
    found = re.search(r"\b(it|its)\.([A-Za-z_][\w.]*)", stop.bare)
    if found is None or found.end() < stop.at:
        return None
    return stop.fault("G134", f"`{found[0]}` is written with `its`", f"Write `its {found[2]}`.", *found.span())


def _open_list(stop: Stop) -> LineError | None:
    if stop.found not in {"where", "by"}:
        return None
    source = re.search(r"(?<![\w.])[\w.]+$", stop.before)
    remedy = f"Write `({source[0]} {stop.found} …)`." if source else "Write `(… where …)`."
    return stop.fault("G119", f"a list with `{stop.found}` stands in parentheses here", remedy)


def _comma(stop: Stop) -> LineError | None:
    if stop.found != "," or not {"AND", "OR"} & stop.expected:
        return None
    return stop.fault("G119", "a comma joins nothing here", "Write `and` or `or` instead.")


def _two_names(stop: Stop) -> LineError | None:
    before = re.search(r"(?<![.\w])([A-Za-z_]\w*(?:\.\w+)*)$", stop.before)
    word = re.fullmatch(r"[A-Za-z_]\w*", stop.found)
    if before is None or word is None or not _conditional(stop) or "DOT" not in stop.expected:
        return None
    if word[0] in RESERVED or before[1].lower() in RESERVED:
        return None
    if before[1].lower() in {"the", "a", "an", "their", "his", "her", "your", "this", "that"}:
        return stop.fault(
            "G119",
            f"`{before[1]}`: names stand without an article",
            f"Write `{word[0]}` alone.",
            before.start(1),
            stop.end,
        )
    return stop.fault(
        "G119", f"`{word[0]}` is not understood behind `{before[1]}`",
        f"A part is named with a dot (`{before[1]}.{word[0]}`), a name of two words with _ (`{before[1]}_{word[0]}`).",
    )  # fmt: skip


EARLY_LOOKS = (
    _text_in_text, _letters, _capitals, _signs, _possessive, _then, _mixed, _chain, _spoken,
    _parentheses,
)  # fmt: skip
LATE_LOOKS = (_full_stop, _it, _open_list, _missing_value, _comma, _two_names)
