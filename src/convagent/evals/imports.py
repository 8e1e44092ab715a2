"""Cases out of what a shop has already: spreadsheets, past tickets, a chat that somebody just had."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from convagent.catalog.decode import decode_lines
from convagent.conversation import Answered, Asked, Silent, Turn
from convagent.errors import EvalError, Place
from convagent.evals.calls import EFFECTIVE, as_plain
from convagent.evals.expect import guide_of
from convagent.evals.faults import CaseFault

__all__ = ["ImportedSuite", "from_csv", "from_tickets", "from_turns", "to_yaml"]

HEADER = "# yaml-language-server: $schema="
"""What the first line of a file begins with, so that editors find the schema; its path or address follows."""

MAX_TEXT = 20_000
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_LISTS = (
    "tags",
    "asks",
    "reason",
    "guides",
    "not_guides",
    "actions",
    "cites",
    "not_cites",
    "says",
    "says_not",
    "shows",
    "shows_not",
)
_WORDS = ("outcome", "guide", "team", "priority", "language", "why")
_COLUMNS = ("id", "title", "customer", "facts", "notes", "refused", *_WORDS, *_LISTS)


@dataclass(frozen=True)
class ImportedSuite:
    """What an import came to.

    Attributes:
        cases: As a file of cases has them.
        faults: What could not be read, with its line; the rest is there.
        lines: The line where each case stands, in what it was imported from.
    """

    cases: tuple[dict[str, Any], ...]
    faults: tuple[CaseFault, ...] = ()
    lines: tuple[int, ...] = ()


def to_yaml(cases: Sequence[Mapping[str, Any]], *, suite: str | None = None, schema: str | None = None) -> str:
    """A file of cases, with the header by which editors find the schema.

    Args:
        cases: As a file has them.
        suite: Its name.
        schema: Path or address of the schema; without it the header is left out.
    """
    data: dict[str, Any] = {**({"suite": suite} if suite else {}), "cases": [dict(case) for case in cases]}
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return (f"{HEADER}{schema}\n" if schema else "") + text


class _Dumper(yaml.SafeDumper):
    """Without anchors: people read these files."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - as the dumper calls it
        """Everything is written out."""
        return True


# ---- a chat
def from_turns(turns: Sequence[Turn], *, title: str, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A case out of a conversation that went as it should: what came is what is expected from now on.

    Expected are outcomes, reasons, teams, guides, languages, citations, products and writes, not the words of replies: they may
    be worded better. Read it before you keep it.

    Args:
        turns: The turns.
        title: Of the case.
        facts: What the caller knew.
    """
    case: dict[str, Any] = {"title": title}
    if facts:
        case["facts"] = dict(facts)
    said = [turn for turn in turns if turn.message.author in {"customer", "person"}]
    case["turns"] = [{turn.message.author: turn.message.text, "expect": _expectation(turn)} for turn in said]
    for turn in case["turns"]:
        if not turn["expect"]:
            del turn["expect"]
    return case


def _expectation(turn: Turn) -> dict[str, Any]:
    if turn.message.author == "person":
        return {}
    expect: dict[str, Any] = {"outcome": turn.outcome.name}
    if isinstance(turn.outcome, Answered) and turn.outcome.refused:
        expect["refused"] = True
    if isinstance(turn.outcome, Asked) and turn.outcome.needs:
        needs = ["confirm" if need.startswith("confirm:") else need for need in turn.outcome.needs]
        expect["asks"] = needs[0] if len(needs) == 1 else needs
    if isinstance(turn.outcome, Silent):
        expect["why"] = turn.outcome.why
    if turn.handover is not None:
        expect |= {"reason": turn.handover.reason, "team": turn.handover.team}
    if (guide := guide_of(turn)) is not None:
        expect["guide"] = guide
    if turn.reply is not None:
        expect["language"] = turn.reply.language
        if cited := list(dict.fromkeys(citation.article_id for citation in turn.citations)):
            expect["cites"] = cited[0] if len(cited) == 1 else cited
        if shown := list(dict.fromkeys(product.product_id for product in turn.reply.products)):
            expect["shows"] = shown[0] if len(shown) == 1 else shown
    writes = [record for record in turn.actions if record.kind == "write" and record.status in EFFECTIVE]
    if writes:
        expect["actions"] = [
            {"action": each.action, "arguments": as_plain(each.arguments)}
            | ({"status": each.status} if each.status != "done" else {})
            for each in writes
        ]  # fmt: skip
    return expect


# ---- a spreadsheet
def from_csv(path: Path) -> ImportedSuite:
    """Cases of a CSV file: a row a turn, rows with the same `id` one below the other are one conversation.

    Columns: `customer` is needed; `id`, `title`, `tags`, `facts` (JSON) and `notes` are the case's; all others are keys of
    `expect`. Several things in a cell stand apart by `|`. Commas, semicolons or tabs part the cells; the encoding is found
    out.

    Raises:
        EvalError: `eval-import`: it can't be read, or has no column `customer`.
    """
    text = "".join(decode_lines(_bytes(path)).lines)
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    faults: list[CaseFault] = []
    cases: list[dict[str, Any]] = []
    ids: list[str] = []
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        _check_head(names, path)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                place = Place(str(path), reader.line_num)
                row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
                _add_row(row, place, cases, ids, faults, too_many=len(cells) > len(names))
    except csv.Error as error:
        place = Place(str(path), reader.line_num)
        faults.append(CaseFault("eval-import", place, f"this is no CSV: {error}", "Look at the quotes of this row."))
    return ImportedSuite(tuple(cases), tuple(faults))


def _check_head(names: Sequence[str], path: Path) -> None:
    unknown = sorted({name for name in names if name and name not in _COLUMNS})
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if "customer" not in names or unknown or twice:
        told = (
            f"there is no column {', '.join(unknown)}" if unknown
            else f"the column {', '.join(twice)} is there twice" if twice else "the column customer is missing"
        )  # fmt: skip
        raise EvalError(
            told, code="eval-import", place=Place(str(path), 1), remedy=f"Columns are: {', '.join(_COLUMNS)}."
        )


def _add_row(
    row: Mapping[str, str], place: Place, cases: list[dict[str, Any]], ids: list[str], faults: list[CaseFault], *,
    too_many: bool,
) -> None:  # fmt: skip
    if too_many or not row.get("customer"):
        told = "this row has more cells than the head" if too_many else "the cell of customer is empty"
        faults.append(CaseFault("eval-import", place, told, "Put cells with the separator in them into quotes."))
        return
    case_id = row.get("id") or (ids[-1] if ids and not row.get("title") and "id" in row else f"row-{place.line}")
    turn: dict[str, Any] = {"customer": row["customer"]}
    expect: dict[str, Any] = {name: row[name] for name in _WORDS if row.get(name)}
    expect |= {name: _cell(row[name]) for name in _LISTS[1:] if row.get(name)}
    if row.get("refused"):
        expect["refused"] = row["refused"].casefold() in {"true", "yes", "1", "x"}
    if str(expect.get("shows")).casefold() in {"true", "false", "yes", "no"}:
        expect["shows"] = str(expect["shows"]).casefold() in {"true", "yes"}
    elif isinstance(expect.get("shows"), str):
        expect["shows"] = [expect["shows"]]
    if expect:
        turn["expect"] = expect
    if ids and case_id == ids[-1]:
        cases[-1]["turns"].append(turn)
        return
    if case_id in ids:
        faults.append(
            CaseFault("eval-import", place, f"the case {case_id} stands further up", "Keep its rows together.")
        )
        return
    case: dict[str, Any] = {"id": "-".join(case_id.split()), "title": row.get("title") or row["customer"][:80]}
    if row.get("tags"):
        case["tags"] = _cell(row["tags"])
    if row.get("facts"):
        try:
            facts = json.loads(row["facts"])
        except (ValueError, RecursionError):
            facts = None
        if not isinstance(facts, dict):
            told = 'facts are a JSON object such as {"customer": {"email": …}}'
            faults.append(CaseFault("eval-import", place, told, "Look at its quotes."))
            return
        case["facts"] = facts
    if row.get("notes"):
        case["notes"] = row["notes"]
    cases.append({**case, "turns": [turn]})
    ids.append(case_id)


def _cell(text: str) -> Any:
    parts = [part.strip() for part in text.split("|") if part.strip()]
    return parts[0] if len(parts) == 1 else parts


# ---- tickets
def from_tickets(path: Path) -> ImportedSuite:
    """Cases out of past tickets, a JSON object a line.

        {"id": "T-1", "subject": "Return", "channel": "email", "tags": ["returns"], "facts": {"customer": {"email": "…"}},
         "messages": [{"author": "customer", "text": "…", "at": "2026-05-02T09:12:00Z"}, {"author": "person", "text": "…"}]}

    `id` and `messages` are needed; an author is customer, person (a colleague, also `agent` of the former system) or system.
    Messages of the customer become turns; several in a row are one. What colleagues wrote stands in the notes, for whoever
    writes the expectations: a ticket itself expects nothing, and such a case is unscored. Facts of a handed in customer are
    taken as they are; take out what nobody should see. Halves of characters, which some systems export, become U+FFFD.

    Raises:
        EvalError: `eval-import`: the file can't be read.
    """
    faults: list[CaseFault] = []
    cases: list[dict[str, Any]] = []
    lines: list[int] = []
    seen: set[str] = set()
    for number, line in enumerate(decode_lines(_bytes(path)).lines, 1):
        if not line.strip():
            continue
        place = Place(str(path), number)
        try:
            data = json.loads(line)
            data = _whole(data) if _HALF.search(line) else data
        except (ValueError, RecursionError):
            faults.append(CaseFault("eval-import", place, "this line is no JSON", "Write one object a line."))
            continue
        case, told = _ticket(data, seen)
        if case is None:
            faults.append(CaseFault("eval-import", place, told, "docs/evals.md shows a ticket."))
        else:
            cases.append(case)
            lines.append(number)
    return ImportedSuite(tuple(cases), tuple(faults), tuple(lines))


def _whole(data: Any) -> Any:
    """The same with U+FFFD for each half of a character that stands alone; halves that belong together are one again."""
    if isinstance(data, str):
        return data.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(data, dict):
        return {_whole(key): _whole(value) for key, value in data.items()}
    return [_whole(each) for each in data] if isinstance(data, list) else data


def _ticket(data: Any, seen: set[str]) -> tuple[dict[str, Any] | None, str]:
    """A case out of a ticket; or None, and why."""
    if not isinstance(data, dict) or not isinstance(data.get("messages"), list):
        return None, "a ticket is an object with messages"
    name = "-".join(str(data.get("id") or "").replace("[", "(").replace("]", ")").split())[:200]
    if not name or name in seen:
        return None, f"the ticket {name} is there twice" if name else "the ticket has no id"
    turns: list[dict[str, Any]] = []
    notes: list[str] = []
    open_turn = False
    for message in data["messages"]:
        text, author = (message.get("text"), message.get("author")) if isinstance(message, dict) else (None, None)
        if not isinstance(text, str) or author not in ("customer", "person", "agent", "system"):
            return None, "a message has an author (customer, person, agent, system) and a text"
        text = text[:MAX_TEXT]
        if message["author"] == "customer" and open_turn:
            turns[-1]["customer"] += f"\n\n{text}"
        elif message["author"] == "customer":
            turns.append({"customer": text})
            open_turn = True
        elif message["author"] in {"person", "agent"}:
            notes.append(f"{len(turns)}. {' '.join(text.split())}")
            open_turn = False
    if not turns:
        return None, "no message is a customer's"
    seen.add(name)
    facts = dict(data["facts"]) if isinstance(data.get("facts"), dict) else {}
    if isinstance(data.get("channel"), str):
        facts.setdefault("channel", data["channel"])
    tags = data.get("tags")
    case: dict[str, Any] = {"id": name, "title": str(data.get("subject") or turns[0]["customer"]).strip()[:80] or name}
    if isinstance(tags, list) and tags:
        case["tags"] = [str(tag) for tag in tags]
    if facts:
        case["facts"] = facts
    case["turns"] = turns
    return (case | {"notes": "What colleagues wrote:\n" + "\n".join(notes)} if notes else case), ""


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvalError(
            f"the file can't be read: {error.strerror or error}",
            code="eval-import",
            place=path,
            remedy="Check its name.",
        ) from None
