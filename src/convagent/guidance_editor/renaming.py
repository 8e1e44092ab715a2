"""Renames a guide everywhere, or a name within its guide, and proves that nothing else changed before it does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from convagent.errors import GuidanceError
from convagent.guidance.findings.finding import Span
from convagent.guidance.language.line_faults import RESERVED
from convagent.guidance.language.parse import parse_text
from convagent.guidance_editor.analysis import Analysis
from convagent.guidance_editor.navigation import Found, references
from convagent.guidance_editor.shop_view import SETTINGS, ShopView, Source
from convagent.guidance_editor.spots import Target, owner_of
from convagent.guidance_editor.text_lines import TextLines
from convagent.guidance_editor.tokens import Token

if TYPE_CHECKING:
    from yaml.nodes import Node, ScalarNode

__all__ = ["Change", "can_rename", "rename"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OURS = frozenset({"choices", "item", "it"})
"""Names that questions and `must` have by themselves."""


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of a file and what stands there instead."""

    found: Found
    text: str


def can_rename(token: Token, target: Target, source: Source, analysis: Analysis) -> bool:
    """Whether a word is one that can be renamed: a guide's title, or a name that a guide gives."""
    if target.kind == "guide":
        return analysis.index.outline(token.text) is not None
    return target.kind == "local" and _why_not(target, source, analysis) is None


def _why_not(target: Target, source: Source, analysis: Analysis) -> str | None:
    """Why a guide's name must stay as it is; None where it may change."""
    name = target.key[-1]
    if name in analysis.vocabulary.roots:
        return f"`{name}` is also what a fact of the shop is called"
    for _, token in references(target, [source], analysis):
        if not token.declares:
            continue
        owner = owner_of(token, source, analysis)
        binding = owner.binding if owner is not None else None
        if binding is None or binding.each or binding.kind == "element":
            return f"`{name}` names the elements of a list"
        if binding.kind == "need" and not _says_its_type(source, token):
            return f"`Need {name}` says with its name what it is"
    return None


def _says_its_type(source: Source, token: Token) -> bool:
    """Whether a Need has a type besides its name."""
    line = source.layout.lines[token.span.line - 1]
    return ":" in line[token.span.end_column - 1 :].split('"', 1)[0]


def rename(
    target: Target, new: str, sources: Sequence[Source], analysis: Analysis, shop: ShopView | None
) -> list[Change]:
    """What changes where.

    Raises:
        GuidanceError: It can't be called so, or something else would change its meaning.
    """
    new = " ".join(new.split())
    if target.kind == "guide":
        changes = _guide(target, new, sources, analysis)
    elif target.kind == "local":
        changes = _local(target, new, sources, analysis)
    else:
        raise _refused("only guides and the names that a guide gives can be renamed")
    _prove(changes, target, new, sources)
    return [*changes, *_elsewhere(target, new, sources, shop)]


def _refused(why: str) -> GuidanceError:
    return GuidanceError(why, code="rename", remedy="Choose another name.")


def _guide(target: Target, new: str, sources: Sequence[Source], analysis: Analysis) -> list[Change]:
    file, faults = parse_text(f"# {new}\n\nNote: nothing.\n")
    if '"' in new or faults or [guide.title for guide in file.guides] != [new]:
        raise _refused("a title is one line, without straight quotes")
    if new.casefold() != target.key[0] and analysis.index.outline(new) is not None:
        raise _refused(f"there is a guide “{new}” already")
    return [Change(Found(source.path, token.inner), new) for source, token in references(target, sources, analysis)]


def _local(target: Target, new: str, sources: Sequence[Source], analysis: Analysis) -> list[Change]:
    source = next(each for each in sources if each.file.path == target.key[0])
    if (why := _why_not(target, source, analysis)) is not None:
        raise _refused(why)
    if not _NAME.fullmatch(new) or new.lower() in RESERVED or new in _OURS:
        raise _refused(f"`{new[:40]}` can't be a name")
    guide = int(target.key[1])
    taken = {token.text for token in source.tokens if token.guide == guide and token.kind in {"name", "given"}}
    if new in taken or new in analysis.vocabulary.roots or new in analysis.index.givers:
        raise _refused(f"`{new}` means something else already")
    old = target.key[-1]
    return [
        Change(Found(source.path, token.span), new)
        for token in source.tokens
        if token.guide == guide and token.kind == "name" and token.text == old and not token.never
    ]


def _prove(changes: Sequence[Change], target: Target, new: str, sources: Sequence[Source]) -> None:
    """Reads the changed files again: nothing but the name may differ."""
    for source in sources:
        own = [change for change in changes if change.found.path == source.path]
        if not own:
            continue
        again = Source.read(source.path, changed_text(source.text, own), source.file.path)
        places = {(change.found.span.line, change.found.span.column) for change in own}
        if len(again.faults) != len(source.faults) or _told(source, places, target, new) != _told(
            again, set(), target, new
        ):
            raise _refused(f"`{new[:40]}` would change what the guidance means")


def _told(source: Source, places: set[tuple[int, int]], target: Target, new: str) -> list[tuple[object, ...]]:
    """The words of a file with those at `places` by their new name."""
    old = target.key[-1]
    within = int(target.key[1]) if target.kind == "local" else None
    out: list[tuple[object, ...]] = []
    for token in source.tokens:
        at = (token.inner.line, token.inner.column)
        text = new if at in places or (token.span.line, token.span.column) in places else token.text
        path = token.path
        if within == token.guide and not token.never and path[:1] == (old,):
            path = (new, *path[1:])
        mine = within is not None and token.kind in {"text", "note"}  # their names are tokens of their own
        out.append((token.kind, "" if mine else text, token.number, token.owner, token.declares, path))
    return out


def changed_text(text: str, changes: Iterable[Change]) -> str:
    """A text with changes made, from its end to its beginning."""
    lines = TextLines(text, "utf-32")
    for change in sorted(changes, key=lambda each: (each.found.span.line, each.found.span.column), reverse=True):
        lines = lines.changed(lines.range(change.found.span), change.text)
    return lines.text


# ---- what else of the shop names it
def _elsewhere(target: Target, new: str, sources: Sequence[Source], shop: ShopView | None) -> Iterator[Change]:
    if shop is None:
        return
    if target.kind == "guide":
        yield from _topics(shop, target.key[0], new)
        for path in sorted((shop.folder / "evals").rglob("*.yaml")):
            yield from _cases(path, target.key[0], new)
    title = target.key[0]
    if target.kind == "local":
        source = next(each for each in sources if each.file.path == target.key[0])
        title = source.file.guides[int(target.key[1])].title.casefold()
    for path in sorted((shop.guidance / "translations").glob("*.yaml")):
        yield from _translations(path, title, new, target)


def _composed(path: Path) -> Node | None:
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        return None if text.startswith("\ufeff") else yaml.compose(text, Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError):
        return None


def _span(node: Node) -> Span:
    start, end = node.start_mark, node.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _same(node: Node, folded: str) -> bool:
    return isinstance(node.value, str) and " ".join(node.value.split()).casefold() == folded


def _scalar(node: ScalarNode, path: Path, new: str) -> Change:
    """A YAML scalar with another text, in quotes where it had some or needs them."""
    import yaml

    plain = yaml.safe_dump(new, allow_unicode=True, width=10**6).removesuffix("\n").removesuffix("...").rstrip("\n")
    return Change(Found(path, _span(node)), json.dumps(new, ensure_ascii=False) if node.style == '"' else plain)


def _translations(path: Path, title: str, new: str, target: Target) -> Iterator[Change]:
    """Of a guide its key, of a name the marks in the guide's texts."""
    from yaml.nodes import MappingNode, ScalarNode

    root = _composed(path)
    for key, texts in root.value if isinstance(root, MappingNode) else ():
        if not isinstance(key, ScalarNode) or not _same(key, title):
            continue
        if target.kind == "guide":
            yield _scalar(key, path, new)
            continue
        mark = re.compile(rf"(?<=\{{\{{)(\s*){re.escape(target.key[-1])}(?=[\s.|}}])")
        lines = TextLines(path.read_text(encoding="utf-8"), "utf-32")
        for pair in texts.value if isinstance(texts, MappingNode) else ():
            for node in pair:
                span = _span(node)
                for row in range(span.line, span.end_line + 1):
                    for found in mark.finditer(lines.line(row)):
                        start = found.end(1) + 1
                        within = (span.line, span.column) <= (row, start) < (span.end_line, span.end_column)
                        if within:
                            yield Change(Found(path, Span(row, start, row, found.end() + 1)), new)


def _cases(path: Path, title: str, new: str) -> Iterator[Change]:
    """What cases expect of the guide, by its title."""
    from yaml.nodes import MappingNode, ScalarNode, SequenceNode

    pending: list[Node | None] = [_composed(path)]
    while pending:
        node = pending.pop()
        if isinstance(node, SequenceNode):
            pending += node.value
        elif isinstance(node, MappingNode):
            for key, value in node.value:
                pending.append(value)
                if key.value in {"guide", "guides", "not_guides"}:
                    named = value.value if isinstance(value, SequenceNode) else [value]
                    for each in named:
                        if isinstance(each, ScalarNode) and _same(each, title):
                            yield _scalar(each, path, new)


def _topics(shop: ShopView, title: str, new: str) -> Iterator[Change]:
    """The settings that name guides by their titles."""
    from convagent.actions.http.places import places_of

    path = shop.folder / SETTINGS
    text = path.read_text(encoding="utf-8-sig")
    lines = TextLines(text, "utf-32")
    for key, (line, column) in places_of(text).items():
        if key[:2] == ("handover", "guide_topics") and len(key) == 3 and str(key[2]).casefold() == title:
            written = re.match(r"\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+", lines.line(line)[column - 1 :])
            if written is not None:
                span = Span(line, column, line, column + written.end())
                yield Change(Found(path, span), json.dumps(new, ensure_ascii=False))
