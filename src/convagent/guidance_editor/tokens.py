"""The words of a guidance file with what each stands for, read without the grammar: half-typed lines have them too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convagent.guidance.findings.finding import Span
from convagent.guidance.language.items import Item, Layout
from convagent.guidance.language.line_faults import header_word
from convagent.guidance.language.quotes import quoted_parts
from convagent.guidance_editor.line_words import Kind, Lexeme, Scanner, lexemes

__all__ = ["Kind", "Token", "item_tokens", "tokens_of"]


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a text or a figure.

    Attributes:
        kind: What it stands for.
        text: As it is written; of a text in quotes without them.
        span: Where.
        guide: Index of the guide it belongs to.
        number: Address of its statement, empty in the header.
        path: For names and fields: the name and what stands behind its dots, up to here; a field of the element at hand begins
            with `its`.
        declares: The name is given here, the title or judgement is defined here.
        owner: For parameters: the action.
        never: It stands in a `Never`, where names are parameters and facts, not the guide's own.
    """

    kind: Kind
    text: str
    span: Span
    guide: int
    number: str = ""
    path: tuple[str, ...] = ()
    declares: bool = False
    owner: str = ""
    never: bool = False

    @property
    def inner(self) -> Span:
        """The place of `text`: without the quotes around it."""
        if self.kind in {"guide", "team", "article", "judgement", "text", "string", "example"} and self._quoted:
            return Span(self.span.line, self.span.column + 1, self.span.end_line, self.span.end_column - 1)
        return self.span

    @property
    def _quoted(self) -> bool:
        return self.span.end_column - self.span.column != len(self.text) or self.span.line != self.span.end_line


_MARK = re.compile(r"\{\{(.*?)\}\}")
_MARK_PART = re.compile(r"\|\s*([A-Za-z_]+)|([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|\"[^\"]*\"|'[^']*'")


def tokens_of(layout: Layout) -> tuple[Token, ...]:
    """Every word of a file, in the order of the page, comments and front matter left out."""
    out: list[Token] = []
    for at, guide in enumerate(layout.guides):
        if guide.title:
            out.append(Token("title", guide.title, guide.span, at, declares=True))
        for item in guide.header:
            out += _header(item, at)
        for item in guide.statements:
            out += _nested(item, at)
    return tuple(sorted(out, key=lambda token: (token.span.line, token.span.column)))


def _nested(item: Item, guide: int) -> Iterator[Token]:
    yield from item_tokens(item, guide)
    for child in item.children:
        yield from _nested(child, guide)


def item_tokens(item: Item, guide: int) -> Iterator[Token]:
    """The words of one statement or property, without what stands below it."""
    if item.is_note:
        yield Token("note", item.text, item.span(), guide, item.number)
        return
    if item.broken:
        return
    yield from _of_lexemes(item, guide, Scanner(lexemes(item.text)).statement())
    for text, line, column in item.quote:
        span = Span(line, column, line, column + len(text))
        yield Token("text", text, span, guide, item.number)
        for found in _MARK.finditer(text):
            yield from _mark(
                found,
                lambda a, b, line=line, column=column: Span(line, column + a, line, column + b),
                guide,
                item.number,
            )


def _of_lexemes(item: Item, guide: int, found: Sequence[Lexeme]) -> Iterator[Token]:
    for one in found:
        yield Token(
            one.kind, one.value, item.span(one.start, one.end), guide, item.number, one.path, one.declares, one.owner, one.never
        )  # fmt: skip
        if one.kind == "text":
            shift = one.start + (one.end - one.start != len(one.value))
            for mark in _MARK.finditer(one.value):
                yield from _mark(mark, lambda a, b, s=shift: item.span(a + s, b + s), guide, item.number)


def _mark(found: re.Match[str], place: object, guide: int, number: str) -> Iterator[Token]:
    """The names and filters of one mark."""
    assert callable(place)  # noqa: S101 - the two callers above
    begin = found.start(1)
    for part in _MARK_PART.finditer(found[1]):
        if part[1]:
            yield Token("filter", part[1], place(begin + part.start(1), begin + part.end(1)), guide, number)
        elif part[2]:
            at = begin + part.start(2)
            names = part[2].split(".")
            for position, name in enumerate(names):
                path = tuple(names[: position + 1])
                kind: Kind = "field" if position else "name"
                yield Token(kind, name, place(at, at + len(name)), guide, number, path)
                at += len(name) + 1


# ---- the header
_FIRST = re.compile(
    r"(safeguard(\s+each\s+time)?|gives|when|it\s+seems|on|only\s+for|at\s+most|after)\b", re.IGNORECASE
)


def _header(item: Item, guide: int) -> Iterator[Token]:
    if item.is_note:
        yield Token("note", item.text, item.span(), guide)
        return
    word, first = header_word(item.text), _FIRST.match(item.text)
    if item.broken or word is None or first is None:
        return
    yield Token("keyword", first[0], item.span(0, first.end()), guide)
    behind = item.text[first.end() :]
    match word:
        case "gives":
            yield from _word(item, guide, first.end(), "given")
        case "on":
            yield from _word(item, guide, first.end(), "event")
        case "only for":
            shifted = [one.shifted(first.end()) for one in Scanner(lexemes(behind)).expression()]
            yield from _of_lexemes(item, guide, shifted)
        case "after":
            yield from _quoted(item, guide, first.end(), "guide")
        case "it seems":
            yield from _quoted(item, guide, first.end(), "judgement", declares=True)
        case "when":
            if seems := re.match(r"\s*it\s+seems\b", behind, re.IGNORECASE):
                end = first.end() + seems.end()
                yield Token("keyword", behind.strip()[: seems.end()], item.span(first.end() + 1, end), guide)
                yield from _quoted(item, guide, end, "judgement", declares=True)
    for child in item.children:
        yield from _example(child, guide)


def _word(item: Item, guide: int, start: int, kind: Kind) -> Iterator[Token]:
    found = re.compile(r"\s+([A-Za-z_][A-Za-z0-9_]*)").match(item.text, start)
    if found is not None:
        yield Token(kind, found[1], item.span(found.start(1), found.end(1)), guide, declares=kind == "given")


def _quoted(item: Item, guide: int, start: int, kind: Kind, *, declares: bool = False) -> Iterator[Token]:
    for begin, end in quoted_parts(item.text[start:])[0]:
        words = " ".join(item.text[start + begin + 1 : start + end - 1].split())
        yield Token(kind, words, item.span(start + begin, start + end), guide, declares=declares)


def _example(item: Item, guide: int) -> Iterator[Token]:
    if item.is_note:
        yield Token("note", item.text, item.span(), guide)
        return
    if negative := re.match(r"not(?=\s)", item.text, re.IGNORECASE):
        yield Token("keyword", negative[0], item.span(0, negative.end()), guide)
    yield from _quoted(item, guide, 0, "example")
