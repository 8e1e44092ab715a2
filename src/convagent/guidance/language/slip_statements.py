"""Slips in the shape of statements: what a `need`, `do` or `hand over` lacks, told by an example that can be copied."""

from __future__ import annotations

import re

from convagent.guidance.language.line_faults import PROPERTY_WORDS, STATEMENT_WORDS, LineError, Stop, suggest

__all__ = ["STATEMENT_LOOKS", "explain_first_word", "explain_unquoted"]

_SYNONYMS = {
    "reply": "say", "tell": "say", "respond": "say", "send": "say", "write": "say", "inform": "say", "apologise": "say",
    "when": "if", "else": "otherwise", "elif": "if", "elseif": "if", "unless": "if", "while": "if", "transfer": "hand over",
    "escalate": "hand over", "handover": "hand over", "forward": "hand over", "hand": "hand over", "run": "do", "call": "do",
    "execute": "do", "perform": "do", "define": "let", "assign": "let", "var": "let", "require": "need", "collect": "need",
    "get": "need", "goto": "go to", "jump": "go to", "deny": "refuse", "reject": "refuse", "decline": "refuse",
    "continue": "go on", "dont": "never", "don't": "never", "forbid": "never", "check": "if", "suggest": "recommend",
    "show": "recommend", "stop": "close", "end": "close", "exit": "close", "wait": "snooze", "label": "tag",
    "question": "ask", "verify": "confirm", "give": "give", "for": "need",
}  # fmt: skip
_PROPERTY_SYNONYMS = {
    "otherwise": "else", "check": "must", "should": "must", "require": "must", "after": "within", "timeout": "within",
    "question": "ask", "say": "ask", "failure": "if it fails", "when": "if it fails", "on": "if it fails",
}  # fmt: skip


def explain_first_word(stop: Stop) -> LineError | None:
    """A line that begins with no word of the language."""
    if stop.start == "only_for" or stop.at > 0:
        return None
    known = STATEMENT_WORDS if stop.start == "statement" else PROPERTY_WORDS
    found = re.match(r"[A-Za-z']*", stop.bare)
    first = found[0] if found else ""
    if stop.text.startswith('"'):
        return stop.fault(
            "G139",
            "a text alone is no statement",
            f"Write `say {stop.text[:60]}`; examples stand as bullets below `When` or `It seems`.",
        )
    if re.match(r'not\s+"', stop.text, re.IGNORECASE):
        return stop.fault(
            "G139", "an example where a statement is meant",
            'Examples stand as bullets below `When` or `It seems "…":`, above the statements.', 0, 3,
        )  # fmt: skip
    if stop.start == "statement" and first.lower() in {"safeguard", "gives", "when", "on", "after", "only", "at"}:
        return stop.fault(
            "G139", f"`{stop.written[: len(first)]}` begins a line that stands between the title and the statements",
            "Move it up below the title" + (", or write `if …:`." if first.lower() == "when" else "."),
            0, len(first),
        )  # fmt: skip
    if stop.start == "statement" and first.lower() in {"look", "lookup", "fetch", "find", "search"}:
        return stop.fault(
            "G139", f"`{stop.written[: len(first)]}` does not begin a statement",
            "A look-up has a name: `Let found be look up find_order with number = order_number`.", 0, len(first),
        )  # fmt: skip
    synonyms = _SYNONYMS if stop.start == "statement" else _PROPERTY_SYNONYMS
    two = " ".join(stop.bare.split()[:2]).lower()
    meant = synonyms.get(first.lower()) or suggest(first.lower(), known) or suggest(two, known, cutoff=80)
    if meant is None and (alike := suggest(first.lower(), tuple(synonyms), cutoff=80)):
        meant = synonyms[alike]
    listed = ", ".join(known)
    remedy = f"Did you mean `{meant}`?" if meant else f"Begin with one of: {listed}. A remark is a `Note:` line."
    what = "a statement" if stop.start == "statement" else "what stands below a statement"
    return stop.fault(
        "G139", f"`{stop.written[: len(first)] or stop.text[:1]}` does not begin {what}", remedy, 0, max(1, len(first))
    )


def _colon(stop: Stop) -> LineError | None:
    if stop.start == "property" and stop.text.startswith("if it fails") and not stop.bare[11:].lstrip().startswith(":"):
        return stop.fault("G135", "a colon is missing", "Write `if it fails:`.", 11, 12)
    if stop.start != "statement" or stop.first.rstrip(":,") not in {"if", "otherwise"}:
        return None
    end = len(stop.text.rstrip())
    if "COLON" in stop.expected and stop.ends:
        return stop.fault(
            "G135",
            "a colon is missing at the end of the line",
            "End it with a colon, its steps as bullets below.",
            end,
            end + 1,
        )
    if found := re.match(r"otherwise,?\s+if\b", stop.bare):
        condition = stop.text[found.end() :].strip(" :")
        return stop.fault(
            "G136", "`otherwise if` is written as another `if`", f"Write `if {condition[:60]}:`.", 0, found.end()
        )
    found = re.search(r":\s*(?=\S)", stop.bare)
    if found and stop.at >= found.end() - 1:
        step = stop.text[found.end() :].rstrip()
        return stop.fault(
            "G136",
            "a step stands on the line of its condition",
            f"Put it below, as a bullet: `- {step[:60]}`",
            found.end(),
            end,
        )
    word = re.match(r"[,;]?\s*([a-z]+(?: [a-z]+)?)", stop.bare[stop.at :])
    step_words = {*STATEMENT_WORDS} - {"if", "need", "let"}
    if word and "COLON" in stop.expected and (word[1] in step_words or word[1].split()[0] in step_words):
        step = stop.text[stop.at + word.start(1) :].rstrip()
        return stop.fault(
            "G136", "a step stands on the line of its condition",
            f"End the condition with a colon, and put the step below, as a bullet: `- {step[:60]}`",
            stop.at + word.start(1), end,
        )  # fmt: skip
    return None


def explain_unquoted(stop: Stop) -> LineError | None:
    """`say Hello` → `say "Hello"`."""
    head = stop.before
    if stop.ends or "STRING" not in stop.expected or stop.found.startswith('"'):
        return None
    rest = stop.rest
    words = {
        "say": "say", "refuse": "refuse", "confirm": "confirm", "tag": "tag", "go to": "go to", "answer from": "answer from",
        "say in your own words": "say in your own words", "never say": "never say", "ask": "ask", "offer": "offer",
        "hand over to": "hand over to", "it seems": "it seems", "else say": "else say", "else refuse": "else refuse",
    }  # fmt: skip
    key = next((word for word in words if head == word or head.endswith((f" {word}", f"({word}"))), None)
    if key is None:
        return None
    tail = ""
    for word in (" urgently", " because ", " for ", " of ", " and ", " or ", ", else "):
        applies = {"ask": " for ", "offer": " of "}.get(key)
        if key in {"hand over to", "it seems"} or word == applies:
            at = rest.find(word)
            if at > 0:
                rest, tail = rest[:at], rest[at:]
    if key == "it seems" and rest.endswith(":"):
        rest, tail = rest[:-1], ":" + tail
    if quoted := re.search(r'"[^"]*"', rest):
        return stop.fault(
            "G130", f"only the text in quotes stands behind `{key}`", f"Write `{key} {quoted[0][:80]}`.", stop.at,
            stop.at + len(rest),
        )  # fmt: skip
    length = len(rest)
    text = rest.strip(" .'\"" if key != "say" else " '\"")
    what = "a title" if key == "go to" else "a team" if key == "hand over to" else "a text"
    shown = text if len(text) <= 80 else text[:79] + "…"
    return stop.fault(
        "G130", f"{what} stands in quotes", f'Write `{key} "{shown}"{tail[:60]}`.', stop.at, stop.at + length
    )


def _need(stop: Stop) -> LineError | None:
    if stop.first != "need":
        return None
    text, found, bare = stop.text, stop.found, stop.bare
    if article := re.match(r"need\s+(the|a|an|his|her|their|your|my|customer's)\s+(\w+)", bare):
        return stop.fault(
            "G119", "names stand without an article", f"Write `need {article[2]}`.", article.start(1), article.end(1)
        )
    name = (stop.before.split() or [""])[-1].rstrip(":")
    if found == "," and not re.search(r":", stop.before):
        return stop.fault(
            "G119",
            "a list of names with commas",
            "Join names that are all needed with `and`, alternatives with `, or`.",
        )
    if found == "or":
        before, after = text[: stop.at].rstrip(), text[stop.at :].strip()
        return stop.fault("G119", "a comma is missing before `or`", f"Write `{before[-40:]}, {after[:40]}`.")
    if found in {"one", "some", "each"} and re.match(r"\w+\s+of\b", bare[stop.at :]):
        return stop.fault("G119", f"a colon is missing before `{found} of`", f"Write `need {name}: {stop.rest[:60]}`.")
    if found in {"from", "in"} and name != "need":
        source = stop.rest.split(None, 1)[1] if " " in stop.rest else "customer.orders"
        return stop.fault("G119", f"`{found}` doesn't belong here", f"Write `need {name}: one of {source[:60]}`.")
    if found in {"=", "is", "as"}:
        return stop.fault(
            "G119", f"`{found}` is a colon here", f"Write `need {name}: {stop.rest[len(found) :].strip()[:60]}`."
        )
    if re.search(r":\s*yes\s*$", stop.before):
        return stop.fault("G119", "the two answers are joined by `or`", "Write `yes or no`.")
    if found.startswith('"') and stop.before.endswith(":"):
        return stop.fault("G119", "`one of` is missing before the choices", f"Write `one of {stop.rest[:60]}`.")
    if found.startswith('"') and stop.before.endswith(("some of", "each of")):
        return stop.fault(
            "G119",
            "written-out choices stand behind `one of`",
            "Write `one of`, or name a list: `some of order.items`.",
        )
    if found == "," and (choice := re.search(r"one of (\w+)$", stop.before)):
        return stop.fault(
            "G130", "choices stand in quotes", f'Write `one of "{choice[1]}", …`.', choice.start(1), choice.end(1)
        )
    if found == "of" and (word := re.search(r":\s*(\w+)$", stop.before)):
        return stop.fault(
            "G119", f"`{word[1]} of` is not known", "Write `one of`, `some of` or `each of`.", word.start(1), stop.end
        )
    if found == "." and re.search(r"need\s+\w+$", stop.before):
        part = re.match(r"\.\s*(\w+)", stop.rest)
        remedy = f"Write `need {name}`, and `{name}.{part[1] if part else 'id'}` where it is used."
        return stop.fault("G119", "a Need names something as a whole", remedy)
    return None


def _let(stop: Stop) -> LineError | None:
    if stop.first != "let":
        return None
    if "BE" in stop.expected and not stop.ends:
        value = stop.rest[len(stop.found) :].strip() if stop.found in {"=", "is", "to", ":", ":="} else stop.rest
        return stop.fault("G119", "`be` is missing", f"Write `{stop.text[: stop.at].rstrip()} be {value[:60]}`.")
    if "WITH" in stop.expected and re.match(r"\w+\s*=", stop.bare[stop.at :]):
        return stop.fault("G119", "`with` is missing before the arguments", f"Write `with {stop.rest[:60]}`.")
    return None


def _arguments(stop: Stop) -> LineError | None:
    if stop.first not in {"do", "let"}:
        return None
    action = re.search(r"(?:\bdo|look up)\s+(\w+)$", stop.before)
    if stop.found.startswith("(") and action:
        return stop.fault("G119", "arguments follow behind `with`", f"Write `{action[0]} with order = order.id`.")
    if "WITH" in stop.expected and re.match(r"\w+\s*=", stop.bare[stop.at :]):
        return stop.fault("G119", "`with` is missing before the arguments", f"Write `with {stop.rest[:60]}`.")
    if stop.found in {"and", "or"} and " with " in stop.before:
        return stop.fault("G119", "arguments are separated by commas", "Write a comma instead.")
    if "EQUAL" in stop.expected:
        name = stop.word_before
        value = stop.rest[len(stop.found) :] if stop.found in {":", "is", "to", "be"} else " " + stop.rest
        return stop.fault(
            "G119",
            "`=` is missing behind the argument's name",
            f"Write `{name} ={value[:60] if value.strip() else ' …'}`.",
        )
    if stop.found.startswith('"') and stop.before.split()[-1:] in (["do"], ["up"]):
        return stop.fault(
            "G119",
            "an action stands without quotes",
            f"Write `{stop.before} {stop.found.strip(chr(34)).replace(' ', '_')}`.",
        )
    if action and re.fullmatch(r"[A-Za-z]\w*", stop.found) and "WITH" in stop.expected:
        words = re.match(r"[A-Za-z]\w*(?: [A-Za-z]\w*)*", stop.rest.split(" with ")[0])
        joined = words[0].replace(" ", "_") if words else stop.found
        return stop.fault("G119", "an action's name is one word", f"Write `{action[0]}_{joined}`.")
    return None


def _hand_over(stop: Stop) -> LineError | None:
    if "hand over" not in stop.before and stop.first != "hand":
        return None
    if stop.found == "," and stop.start == "statement" and stop.first == "hand":
        return stop.fault("G119", "a comma that doesn't belong here", "Delete it.")
    if stop.first == "hand" and stop.before == "hand":
        return stop.fault("G119", "`hand over` is two words", "Write `hand over`.", 0, stop.end)
    if stop.found in {"to", "urgently", "because"} and not stop.ends:
        return stop.fault(
            "G119", f"`{stop.found}` stands in the wrong place",
            'The order is: `hand over to "returns" urgently because sensitive_topic "What the customer reads."`',
        )  # fmt: skip
    reason = re.search(r"because(?:\s+(\w+))?$", stop.before)
    if reason and not reason[1] and stop.found.startswith('"'):
        words = stop.found.strip('"').strip().lower().replace(" ", "_")
        return stop.fault("G124", "a reason is one word without quotes", f"Write `because {words[:40]}`.")
    if reason and reason[1] and re.fullmatch(r"[a-z]+", stop.found):
        words = "_".join([reason[1], *re.findall(r"[a-z]+", stop.rest)])
        return stop.fault("G124", "a reason is one word", f"Write `because {words[:40]}`.")
    return None


def _properties(stop: Stop) -> LineError | None:
    if stop.start != "property":
        return None
    found, first = stop.found, stop.first
    if first == "if" and not stop.bare.startswith("if it fails"):
        return stop.fault(
            "G119", "an `if` below a statement is `if it fails:`", "Write `if it fails:`, or a numbered `If …:` of its own.",
            0, stop.end,
        )  # fmt: skip
    if found == "else" and first in {"must", "within"}:
        return stop.fault("G119", "a comma is missing before `else`", f"Write `, {stop.rest[:60]}`.")
    if first == "must" and "COMMA_ELSE" in stop.expected:
        if re.match(r",?\s*otherwise\b", stop.bare[stop.at :]):
            return stop.fault("G119", "`otherwise` is written `else` here", 'Write `, else say "…"`.')
        if stop.ends or found in {":", ","}:
            said = re.match(r"[:,]\s*(say\s.*)$", stop.rest)
            end = said[1] if said else 'say "…"'
            remedy = f"Write `{stop.text[: stop.at].strip(' ,:')[:60]}, else {end[:60]}`."
            return stop.fault("G119", "a `must` lacks what is said when it isn't so", remedy)
    if first == "must" and re.search(r", else$", stop.before):
        said = re.search(r'"[^"]*"', stop.rest)
        return stop.fault(
            "G119",
            "behind a `must` follows `else say`",
            f"Write `else say {said[0] if said else chr(34) + '…' + chr(34)}`.",
        )
    if first == "within":
        if "DURATION" in stop.expected:
            return stop.fault("G119", "`within` is followed by a time", "Write `within 3 days, else close`.")
        if "hand over" in stop.before:
            return stop.fault(
                "G119", "`hand over` takes no team, reason or text here", "Write `within 3 days, else hand over`."
            )
        return stop.fault(
            "G119", "`within` ends with `, else close` or `, else hand over`", "Write `within 3 days, else close`."
        )
    if first == "else:" or (first == "else" and found == ":"):
        return stop.fault(
            "G119", "`else` stands without a colon", f"Write `else {stop.rest.lstrip(': ')[:60] or 'say …'}`."
        )
    return None


def _others(stop: Stop) -> LineError | None:
    found, first = stop.found, stop.first
    if first == "never" and stop.before in {"never", "never do any"} and not stop.ends:
        return stop.fault(
            "G119",
            "`never` is followed by `do` or `say`",
            'Write `never do refund_order when amount > 50 EUR` or `never say "guarantee"`.',
        )
    if first == "never" and found in {"if", "where", "until", "for"}:
        return stop.fault(
            "G119", f"`{found}` is written `when` here", f"Write `when {stop.rest[len(found) :].strip()[:60]}`."
        )
    if first == "never" and found in {",", "and"} and "never say" in stop.before:
        return stop.fault("G119", "words that are never said are joined by `or`", "Write `or`.")
    if first == "answer" and found.startswith('"') and stop.before == "answer":
        return stop.fault("G119", "`from` is missing", f"Write `answer from {stop.rest[:60]}`.")
    if first == "snooze" and "FOR" in stop.expected and not stop.ends:
        return stop.fault("G119", "`for` is missing", f"Write `snooze for {stop.rest[:40]}`.")
    if first == "set" and "TO" in stop.expected and not stop.ends:
        value = stop.rest[len(found) :].strip() if found in {"=", "be", "is", ":"} else stop.rest
        return stop.fault("G119", "`to` is missing", f"Write `{stop.text[: stop.at].rstrip()} to {value[:60]}`.")
    if first == "give" and "EQUAL" in stop.expected:
        value = stop.rest[len(found) :].strip() if found in {"as", "to", "be", "is", ":"} else stop.rest
        return stop.fault(
            "G119", "`=` is missing", f"Write `{stop.text[: stop.at].rstrip()} = {value[:60] or 'found'}`."
        )
    if first == "offer" and "OF" in stop.expected and re.match(r"[0-9]", found):
        return stop.fault("G119", "`of` is missing", f"Write `of {stop.rest[:40]}`.")
    if first == "ask" and stop.start == "statement" and "FOR" in stop.expected:
        return stop.fault(
            "G119", "an `ask` says what the answer is for", 'Write `ask "Does it work now?" for works: yes or no`.'
        )
    if first == "ask" and "COLON" in stop.expected and " for " in stop.before:
        return stop.fault(
            "G119",
            "an `ask` says what kind of answer is meant",
            f"Write `{stop.word_before}: yes or no`, or another type.",
        )
    if first == "recommend" and re.fullmatch(r"[A-Za-z]\w*", found) and re.search(r"[0-9]$", stop.before):
        number = stop.before.split()[-1]
        return stop.fault(
            "G119",
            "how many is written with `first … of`",
            f"Write `recommend first {number} of {stop.rest.removeprefix('of ')[:60]}`.",
        )
    if first in {"close", "go"} and "$END" in stop.expected and not stop.ends:
        return stop.fault("G119", f"nothing follows `{stop.before}`", "Make what follows a statement of its own.")
    return None


STATEMENT_LOOKS = (_colon, _need, _let, _arguments, _properties, _hand_over, _others)
