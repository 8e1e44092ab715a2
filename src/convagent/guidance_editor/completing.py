"""What may be written next, at a place of a guidance file that is seldom well-formed there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lsprotocol.types import (
    CompletionItem,
    CompletionItemKind,
    InsertTextFormat,
    MarkupContent,
    MarkupKind,
    Position,
    Range,
    TextEdit,
)

from convagent.conversation import HANDOVER_REASONS
from convagent.guidance.checks.scope import Binding
from convagent.guidance.language.items import Item
from convagent.guidance.language.layout import lay_out
from convagent.guidance.language.quotes import blanked, quoted_parts
from convagent.guidance.schema import types as t
from convagent.guidance.schema.records import FieldType
from convagent.guidance.schema.types import spoken
from convagent.guidance.schema.units import element_of
from convagent.guidance.wording import FILTERS
from convagent.guidance_editor.analysis import Analysis
from convagent.guidance_editor.built_in_actions import ADVISE, about_advise, all_actions
from convagent.guidance_editor.explaining import about_action, about_holds, filter_meaning, reason_meaning
from convagent.guidance_editor.shop_view import ShopView, Source
from convagent.guidance_editor.spots import Spot, spot_at
from convagent.guidance_editor.text_lines import TextLines
from convagent.guidance_editor.words import HEADERS, PROPERTIES, STATEMENTS, Word

__all__ = ["completions"]

_MARKED = re.compile(r"^\s*(?:[0-9]{1,4}[.)]|[-*+])\s+")
_BLOCK = re.compile(r"^\s*>\s?")
_KINDS = ("yes or no", "one of", "some of", "each of")
_PHRASES = ("look up", "count of", "sum of", "first of", "last of", "any of", "all of", "lowest of", "highest of", "it seems",
            "not", "yes", "no", "none")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be written: the words, what they are, and how they are put in."""

    label: str
    kind: CompletionItemKind
    detail: str = ""
    about: str = ""
    snippet: str = ""


def completions(
    lines: TextLines, position: Position, source: Source, analysis: Analysis, shop: ShopView | None
) -> list[CompletionItem]:
    """What may be written at a place.

    Args:
        lines: The text, as the editor holds it.
        position: The cursor.
        source: The same text, read.
        analysis: The shop's guides, this one among them.
        shop: Its shop; None for a file of its own.
    """
    row, column = lines.place(position)
    here = _Here(lines, row, column, source, analysis, shop)
    if row <= source.layout.front_matter_end and source.layout.front_matter_end > 1:
        return []
    return [_item(offer, here) for offer in dict.fromkeys(here.offers())]


def _item(offer: Offer, here: _Here) -> CompletionItem:
    start = here.lines.position(here.row, here.column - len(here.partial))
    end = here.lines.position(here.row, here.column)
    text = offer.snippet or offer.label
    if here.quoted is not None and not here.in_mark and '"' not in here.rest:
        text += '"'
    about = MarkupContent(MarkupKind.Markdown, offer.about) if offer.about else None
    form = InsertTextFormat.Snippet if offer.snippet else InsertTextFormat.PlainText
    return CompletionItem(
        offer.label, kind=offer.kind, detail=offer.detail or None, documentation=about, insert_text_format=form,
        filter_text=offer.label, text_edit=TextEdit(Range(start, end), text),
    )  # fmt: skip


class _Here:
    """The cursor's surroundings."""

    def __init__(
        self, lines: TextLines, row: int, column: int, source: Source, analysis: Analysis, shop: ShopView | None
    ) -> None:
        self.lines, self.row, self.column = lines, row, column
        self.source, self.analysis, self.shop = source, analysis, shop
        written = lines.line(row)
        self.rest = written[column - 1 :]
        self.in_block = _BLOCK.match(written) is not None
        marked = _MARKED.match(written[: column - 1]) or _BLOCK.match(written[: column - 1])
        self.marked = marked is not None and not self.in_block
        self.numbered = self.marked and written.lstrip()[:1].isdigit()
        own = written[marked.end() if marked else 0 : column - 1]
        self.before = own if self.marked or self.in_block else self._above() + own.lstrip()
        self.quoted: str | None = None
        head = self.before
        if self.in_block:
            self.quoted, head = self.before, ""
        else:
            parts, fault = quoted_parts(self.before)
            if fault is not None and fault.start >= (parts[-1][1] if parts else 0):
                self.quoted, head = self.before[fault.start + 1 :], self.before[: fault.start]
        self.head = head.rstrip()
        mark = self.quoted[self.quoted.rfind("{{") + 2 :] if self.quoted and "{{" in self.quoted else None
        self.mark = mark if mark is not None and "}}" not in mark else None

    @property
    def in_mark(self) -> bool:
        """Whether the cursor is between `{{` and `}}`."""
        return self.mark is not None

    @property
    def partial(self) -> str:
        """What of the word is written already."""
        if self.quoted is not None and not self.in_mark:
            return self.quoted
        found = re.search(r"[A-Za-z_0-9]*$", self.mark if self.mark is not None else self.before)
        if self._begins_line() and self.mark is None:
            return self.before
        return found[0] if found is not None else ""

    def _begins_line(self) -> bool:
        return any(word.startswith(self.before.lower()) for word in self._pool)

    @cached_property
    def _pool(self) -> dict[str, Word]:
        """What a line may begin with here."""
        if self.spot.in_header and not self.numbered:
            return dict(HEADERS)
        parent: Item | None = next(iter(self.spot.parents), None)
        first = parent.text.lower().split(maxsplit=1)[0] if parent is not None and parent.text else ""
        if first == "need":
            return {name: word for name, word in PROPERTIES.items() if name != "if it fails"}
        if first == "ask":
            return {name: PROPERTIES[name] for name in ("must", "else", "within")}
        if first == "do":
            return {"if it fails": PROPERTIES["if it fails"]}
        if first == "hand":
            return {"say": STATEMENTS["say"]}
        return {name: word for name, word in STATEMENTS.items() if parent is not None or name != "go on"}

    def _above(self) -> str:
        """The words of the lines that this one goes on from."""
        item = spot_at(self.source.layout, self.row).item
        offset = next((o for o, row, _ in item.pieces[1:] if row == self.row), 0) if item is not None else 0
        return item.text[:offset] if item is not None else ""

    @cached_property
    def spot(self) -> Spot:
        """The line's place in its guide, as it will be once something is written."""
        found = spot_at(self.source.layout, self.row)
        if found.item is not None and any(row == self.row for _, row, _ in found.item.pieces):
            return found
        if self.in_block:
            return found
        start = self.lines.position(self.row, self.column)
        return spot_at(lay_out(self.lines.changed(Range(start, start), "x").text, self.source.file.path), self.row)

    @cached_property
    def names(self) -> Mapping[str, Binding]:
        """The names in force."""
        item = self.spot.item or next(iter(self.spot.parents), None)
        guides = self.source.file.guides
        if self.spot.guide is None or item is None or not item.number or self.spot.guide >= len(guides):
            return {}
        return self.analysis.names(guides[self.spot.guide]).at(item.number)

    @cached_property
    def element(self) -> t.Type | None:
        """What `its` refers to."""
        parents = [blanked(parent.text) for parent in self.spot.parents]
        return self.analysis.element(blanked(self.before) + self.rest, len(self.before), parents, self.names)

    # ---- what fits
    def offers(self) -> Iterator[Offer]:
        """Everything that fits here."""
        if self.mark is not None:
            yield from self._in_mark(self.mark)
        elif self.quoted is not None:
            yield from self._in_quotes()
        elif self.spot.in_header and not self.marked:
            yield from self._in_header()
        elif not self.spot.in_header or self.numbered:
            yield from self._in_statement()

    def _in_mark(self, mark: str) -> Iterator[Offer]:
        if "|" in mark:
            for name in FILTERS:
                yield Offer(name, CompletionItemKind.Function, about=filter_meaning(name))
            return
        path = mark.strip().split(".")
        if len(path) > 1:
            yield from self._fields(path[:-1])
            return
        yield from self._names()
        yield Offer("choices", CompletionItemKind.Variable, "what can be picked, in a question")

    def _in_quotes(self) -> Iterator[Offer]:
        head = blanked(self.head)
        low = head.lower()
        if low.endswith("go to") or low.startswith("after"):
            for title in self.analysis.index.shown_titles():
                yield Offer(title, CompletionItemKind.Reference, "guide")
        elif low.endswith("hand over to"):
            for team in self.shop.teams if self.shop is not None else ():
                yield Offer(team, CompletionItemKind.Enum, "team")
        elif low.startswith("answer from"):
            articles = self.shop.surroundings().articles if self.shop is not None else None
            for title in articles or {}:
                yield Offer(title, CompletionItemKind.File, "article")
        elif low.endswith("it seems"):
            for guide in self.analysis.guides:
                for one in guide.judgements:
                    yield Offer(one.text, CompletionItemKind.Value, f"judgement, {len(one.examples)} examples")
        else:
            yield from self._values(head)

    def _values(self, head: str) -> Iterator[Offer]:
        """Texts that a fact or parameter takes."""
        given = re.search(r"([A-Za-z_]\w*)\s*=$", head)
        if given is not None and (called := _CALL.search(head)):
            action = all_actions(self.analysis.vocabulary).get(called[1])
            parameter = action.parameter(given[1]) if action is not None else None
            kind = parameter.type if parameter is not None else None
        elif (found := _COMPARED.search(head)) is not None:
            path = found[2].split(".")
            owner = self.analysis.path(["its", *path] if found[1] else path, self.names, self.element)
            kind = owner.known.type if owner is not None else None
        else:
            return
        kind = element_of(kind) or kind if isinstance(kind, t.ListOf) else kind
        for value in t.plain(kind).values if isinstance(kind, t.OneOf) else ():  # type: ignore[attr-defined]
            yield Offer(value, CompletionItemKind.EnumMember)

    def _in_header(self) -> Iterator[Offer]:
        low = self.before.lower()
        if low.startswith("only for "):
            yield from self._expression()
        elif low.startswith("on "):
            for event in self.analysis.vocabulary.events or ():
                yield Offer(event, CompletionItemKind.Event)
        elif re.fullmatch(r"[a-z]*(?: [a-z]*)?", low):
            yield from _words(HEADERS)

    def _in_statement(self) -> Iterator[Offer]:
        before, low = self.before, self.before.lower()
        if self._begins_line():
            yield from _words(self._pool)
        if re.search(r"[A-Za-z_]\w*(?:\.\w+)*\.\w*$", before):
            path = re.search(r"(\bits\s+)?([A-Za-z_]\w*(?:\.\w*)*)$", before)
            if path is not None:
                parts = path[2].split(".")[:-1]
                yield from self._fields(["its", *parts] if path[1] else parts)
        elif re.search(r"\bits\s+\w*$", before):
            yield from self._fields(["its"])
        elif re.search(r"^(?:never\s+)?do\s+\w*$|^if it fails:\s*do\s+\w*$", low):
            yield from self._actions("write", whole=not low.startswith("never"))
            if low.startswith("never"):
                yield Offer("any write", CompletionItemKind.Keyword)
        elif re.search(r"\blook\s+up\s+\w*$", low):
            yield from self._actions("lookup", whole=True)
        elif (called := _PARAMETER.search(blanked(before))) is not None:
            yield from self._parameters(called[1], blanked(before))
        elif re.search(r"\bbecause\s+\w*$", low):
            for code in HANDOVER_REASONS:
                yield Offer(code, CompletionItemKind.EnumMember, reason_meaning(code))
        elif re.search(r"^need\s+\w*$", low):
            yield from self._needs()
        elif re.search(r"^(?:need|ask)\b.*:\s*\w*$", blanked(low)):
            yield from (Offer(kind, CompletionItemKind.Keyword) for kind in _KINDS)
            for name, kind in self.analysis.vocabulary.need_types.items():
                yield Offer(name, CompletionItemKind.Class, spoken(kind))
        elif re.search(r"^give\s+\w*$", low):
            gives = self.source.file.guides[self.spot.guide or 0].gives
            yield from [Offer(gives, CompletionItemKind.Variable)] if gives else []
        elif not self._begins_line() and not re.search(r"^(?:hand over|go|say|close)\b", low):
            yield from self._expression()

    def _expression(self) -> Iterator[Offer]:
        yield from self._names()
        yield from (Offer(phrase, CompletionItemKind.Keyword) for phrase in _PHRASES)

    def _names(self) -> Iterator[Offer]:
        for name, binding in self.names.items():
            if not binding.each:
                yield Offer(name, CompletionItemKind.Variable, about_holds(FieldType(binding.type, binding.optional)))
        for name, known in self.analysis.vocabulary.roots.items():
            if name not in self.names:
                yield Offer(name, CompletionItemKind.Module, about_holds(known), known.description)

    def _fields(self, path: list[str]) -> Iterator[Offer]:
        owner = self.analysis.path(path, self.names, self.element)
        for name, known in self.analysis.fields(owner.known.type) if owner is not None else ():
            yield Offer(name, CompletionItemKind.Field, about_holds(known), known.description)

    def _actions(self, kind: str, *, whole: bool) -> Iterator[Offer]:
        own = self.analysis.vocabulary.actions or {}
        for action in (all_actions(self.analysis.vocabulary) if whole else own).values():
            if action.kind == kind:
                needed = [p.name for p in action.parameters if p.required]
                given = ", ".join(f"{name} = ${{{at}}}" for at, name in enumerate(needed, 1))
                snippet = f"{action.name} with {given}" if given and whole and not self.rest.strip() else ""
                told = about_advise() if action is ADVISE else about_action(action)
                yield Offer(action.name, CompletionItemKind.Method, action.description, told, snippet)

    def _parameters(self, action: str, line: str) -> Iterator[Offer]:
        signature = all_actions(self.analysis.vocabulary).get(action)
        for parameter in signature.parameters if signature is not None else ():
            if not re.search(rf"\b{parameter.name}\s*=", line + self.rest):
                holds = about_holds(FieldType(parameter.type, not parameter.required))
                snippet = f"{parameter.name} = $0"
                yield Offer(parameter.name, CompletionItemKind.Property, holds, parameter.description, snippet)

    def _needs(self) -> Iterator[Offer]:
        for name in self.analysis.index.givers:
            yield Offer(name, CompletionItemKind.Variable, "another guide gives it")
        for name, kind in self.analysis.vocabulary.need_types.items():
            yield Offer(name, CompletionItemKind.Variable, spoken(kind))


_CALL = re.compile(r"\b(?:do|look\s+up)\s+([A-Za-z_]\w*)\s+with\b", re.IGNORECASE)
_PARAMETER = re.compile(r"\b(?:do|look\s+up)\s+([A-Za-z_]\w*)\s+with\s+(?:.*,\s*)?\w*$", re.IGNORECASE)
_COMPARED = re.compile(
    r"(\bits\s+)?([A-Za-z_]\w*(?:\.\w+)*)\s+(?:is(?:\s+not)?(?:\s+one\s+of(?:\s*\"\s*\"\s*,)*)?|contains|does\s+not\s+contain)$"
)


def _words(pool: Mapping[str, Word]) -> Iterator[Offer]:
    for name, word in pool.items():
        yield Offer(name, CompletionItemKind.Keyword, word.does, f"    {word.example}", word.snippet)
