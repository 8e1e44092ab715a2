"""One logical line → a syntax tree, by the grammar in `grammar.lark`."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError
from lark.lexer import PatternRE, PatternStr, TerminalDef

from convagent.guidance.language import expressions as ex
from convagent.guidance.language.build import build
from convagent.guidance.language.build_expressions import Place
from convagent.guidance.language.items import MAX_LINE_CHARACTERS
from convagent.guidance.language.line_faults import PROPERTY_WORDS, STATEMENT_WORDS, LineError, Stop
from convagent.guidance.language.quotes import blanked, straightened
from convagent.guidance.language.slip_figures import look_at_figures
from convagent.guidance.language.slips import explain_slip

__all__ = ["MAX_NESTING", "LineError", "Start", "parse_line"]

Start = Literal["statement", "property", "only_for"]

MAX_NESTING = 24
"""Deeper expressions are refused: parentheses within parentheses, `not not …`, sums of very many parts."""

_MAX_TREE_DEPTH = 120
"""What `MAX_NESTING` can come to in the raw tree; beyond it the tree isn't even walked."""

_FIRST_WORDS = frozenset(word.split()[0] for word in (*STATEMENT_WORDS, *PROPERTY_WORDS))
_WORD = re.compile(r"[A-Za-z]+")
_ODD_SPACE = re.compile(r"[^\S ]")


def _whole_words(terminal: TerminalDef) -> None:
    """Makes a word of the language end where a word ends: `goto` is not `go to`, `handover` not `hand over`."""
    if isinstance(terminal.pattern, PatternStr) and terminal.pattern.value.isalpha():
        terminal.pattern = PatternRE(rf"{terminal.pattern.value}(?![A-Za-z0-9_])")
        terminal.priority = 1


def make_parser(*, keep_all_tokens: bool = False, debug: bool = False) -> Lark:
    """The parser of single lines.

    Args:
        keep_all_tokens: Keeps every word in the tree, not only those that carry a meaning: for tests of the grammar.
        debug: Has lark report conflicts to its logger.
    """
    grammar = files("convagent.guidance.language").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar, parser="lalr", start=["statement", "property", "only_for"], propagate_positions=True,
        maybe_placeholders=True, edit_terminals=_whole_words, keep_all_tokens=keep_all_tokens, debug=debug,
    )  # fmt: skip


@cache
def _parser() -> Lark:
    return make_parser()


_MAX_KEPT_CHARACTERS = 400
"""Longer lines are seldom met twice, and their trees are large."""


@lru_cache(maxsize=8_192)
def _kept_tree(plain: str, start: Start) -> Tree[Token]:
    return _parser().parse(plain, start=start)


def _tree(plain: str, start: Start) -> Tree[Token]:
    """The parse tree of a line. Guides share many lines ("Need customer"); building nodes from a tree leaves it as it is."""
    return _kept_tree(plain, start) if len(plain) <= _MAX_KEPT_CHARACTERS else _parser().parse(plain, start=start)


def parse_line(text: str, start: Start, place: Place, number: str = "") -> Any:
    """The tree of one logical line.

    Args:
        text: The line, without its number or bullet.
        start: What it is: a statement, a property of one, or the condition behind `Only for`.
        place: Gives the place in the file of a stretch of `text`.
        number: The statement's number.

    Returns:
        A node of `convagent.guidance.language.syntax` or an expression. Statements that carry bullets come without them.

    Raises:
        LineError: The line doesn't parse.
    """
    if len(text) > MAX_LINE_CHARACTERS:
        raise LineError("G115", f"a line of {len(text):,} characters", 0, 1, "Put long texts into a `>` block.")
    plain = prepared(text, start)
    try:
        tree = _tree(plain, start)
        depth = _tree_depth(tree)
        if depth > _MAX_TREE_DEPTH:
            raise _too_deep(text)
        result = build(tree, place, number, text)
    except VisitError as error:
        if isinstance(error.orig_exc, LineError):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise _explained(error, plain, start, text) from None
    if depth > MAX_NESTING and _nesting(result) > MAX_NESTING:
        raise _too_deep(text)
    return result


def prepared(text: str, start: Start) -> str:
    """The line as the grammar reads it, of the same length: its quotes straight, its first word in small letters.

    Raises:
        LineError: A quote has no partner, or a figure would be read as something else than it looks.
    """
    plain, fault = straightened(text)
    if fault is not None:
        raise LineError("G130", fault.message, fault.start, fault.end, fault.remedy)
    plain = plain if plain.isascii() else _ODD_SPACE.sub(" ", plain)
    bare = blanked(plain)
    _limit_parentheses(bare)
    first = _WORD.match(plain)
    word = first[0].lower() if first else ""
    if (start == "only_for" or word in _FIRST_WORDS) and (slip := look_at_figures(bare)):
        raise slip
    return plain if start == "only_for" or first is None else word + plain[first.end() :]


def _explained(error: UnexpectedInput, plain: str, start: Start, written: str) -> LineError:
    where: int | None = error.pos_in_stream
    at = where if where is not None and where >= 0 else len(plain)
    expected: set[str] = set()
    end = at + 1
    if isinstance(error, UnexpectedToken):
        expected = set(error.accepts or error.expected or ())
        if error.token.type == "$END":
            at = end = len(plain.rstrip())
        else:
            end = at + len(error.token)
    elif isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
    return explain_slip(Stop(plain, start, at, end, frozenset(expected), written))


def _limit_parentheses(bare: str) -> None:
    depth = 0
    for at, char in enumerate(bare):
        depth += (char == "(") - (char == ")")
        if depth > MAX_NESTING:
            raise LineError(
                "G115",
                f"parentheses nested more than {MAX_NESTING} deep",
                at,
                at + 1,
                "Name the inner parts with `Let`.",
            )


def _too_deep(text: str) -> LineError:
    return LineError(
        "G115", f"an expression nested more than {MAX_NESTING} deep", 0, len(text),
        "Name its parts with `Let` statements above.",
    )  # fmt: skip


def _tree_depth(tree: Tree[Token]) -> int:
    """The depth of a raw tree, without recursion: it may be deeper than Python's stack."""
    deepest, pending = 0, [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        pending += [(child, depth + 1) for child in node.children if isinstance(child, Tree)]
    return deepest


def _nesting(node: Any) -> int:
    """How deeply the expressions within a node are nested."""
    if isinstance(node, tuple):
        return max((_nesting(part) for part in node), default=0)
    names = getattr(type(node), "__dataclass_fields__", None)
    if names is None:
        return 0
    inner = max((_nesting(getattr(node, name)) for name in names), default=0)
    return inner + isinstance(node, ex.Expression)


def tree_of(text: str, start: Start) -> Tree[Token]:
    """The raw parse tree, for tests of the grammar."""
    return _parser().parse(prepared(text, start), start=start)
