"""Where a word is defined, and where else it is named."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from convagent.guidance.findings.finding import Span
from convagent.guidance_editor.analysis import Analysis
from convagent.guidance_editor.shop_view import SETTINGS, ShopView, Source
from convagent.guidance_editor.spots import Target, target_of
from convagent.guidance_editor.tokens import Token

__all__ = ["Found", "definitions", "references"]


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of a file, in lines and characters from 1."""

    path: Path
    span: Span


def references(target: Target, sources: Iterable[Source], analysis: Analysis) -> Iterator[tuple[Source, Token]]:
    """Every word that stands for the same, in the order of files and lines."""
    word = target.key[-1].casefold()
    kinds = _KINDS.get(target.kind, frozenset({target.kind}))
    for source in sources:
        if target.kind == "local" and source.file.path != target.key[0]:
            continue
        for token in source.tokens:
            same = target.kind == "judgement" or " ".join(token.text.split()).casefold() == word
            if token.kind not in kinds or not same:
                continue
            if target_of(token, source, analysis) == target:
                yield source, token


_KINDS = {
    "guide": frozenset({"title", "guide"}),
    "local": frozenset({"name"}),
    "root": frozenset({"name"}),
    "given": frozenset({"given", "name"}),
}


def definitions(
    token: Token, target: Target, sources: Iterable[Source], analysis: Analysis, shop: ShopView | None
) -> list[Found]:
    """Where a word is defined: in guidance, in the shop's settings or actions, or in an article."""
    if target.kind in {"guide", "local", "given", "judgement"}:
        found = [
            Found(source.path, each.inner)
            for source, each in references(target, sources, analysis)
            if each.declares and not (target.kind == "given" and each.kind == "name")
        ]
        if target.kind == "local":
            earlier = [each for each in found if each.span.line <= token.span.line]
            return earlier[-1:] or found[:1]
        return found
    if shop is None:
        return _of_model(*target.key) if target.kind == "field" else []
    match target.kind:
        case "action":
            return _action(target.key[0], shop)
        case "parameter":
            return _action(target.key[0], shop)
        case "article":
            known = shop.surroundings().articles or {}
            return [
                Found(path, Span(1, 1, 1, 1))
                for name, path in known.items()
                if " ".join(name.split()).casefold() == target.key[0]
            ][:1]
        case "team":
            team = next((name for name in shop.teams if name.casefold() == target.key[0]), None)
            return _setting(shop, ("teams", team)) if team is not None else []
        case "root":
            return _setting(shop, ("facts", target.key[0])) or _of_model(*_record(target.key[0], analysis), "")
        case "field":
            record, name = target.key
            roots = [root for root, known in analysis.vocabulary.roots.items() if _name_of(known.type) == record]
            places = [_setting(shop, ("facts", root, name)) for root in (*roots, record, record.lower())]
            return next((found for found in places if found), _of_model(record, name))
    return []


def _record(root: str, analysis: Analysis) -> tuple[str]:
    known = analysis.vocabulary.roots.get(root)
    return (_name_of(known.type) if known is not None else "",)


def _name_of(kind: object) -> str:
    return str(getattr(kind, "name", ""))


def _setting(shop: ShopView, key: tuple[str, ...]) -> list[Found]:
    """The place of a key in the shop's settings."""
    from convagent.actions.http.places import places_of

    path = shop.folder / SETTINGS
    try:
        places = places_of(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return []
    at = places.get(key)
    if at is None:
        inside = [place for known, place in places.items() if known[: len(key)] == key]
        at = min(inside) if inside else None
    return [Found(path, Span(*at, *at))] if at is not None else []


def _action(name: str, shop: ShopView) -> list[Found]:
    """The function of an action, or its table in a file of HTTP actions."""
    from convagent.actions.http.places import places_of
    from convagent.shop import http_action_files

    known = shop.surroundings()
    spec = known.registry.get(name) if known.registry is not None else None
    if spec is None or known.settings is None:
        return []
    for path in http_action_files(shop.folder, known.settings):
        try:
            places = places_of(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError):
            continue
        inside = [place for key, place in places.items() if key[:2] == ("actions", name)]
        if inside:
            return [Found(path, Span(*min(inside), *min(inside)))]
    code = getattr(inspect.unwrap(spec.function), "__code__", None)
    return (
        _python(Path(code.co_filename), rf"(?:async\s+)?def\s+({re.escape(code.co_name)})\b", code.co_firstlineno)
        if code
        else []
    )


def _of_model(record: str, name: str) -> list[Found]:
    """The class of a standard fact, or the line of its field."""
    import convagent.facts as facts

    model = getattr(facts, record, None) if record.isidentifier() else None
    if not isinstance(model, type):
        return []
    for kind in model.__mro__ if name else (model,):
        try:
            _, start = inspect.getsourcelines(kind)
            path = Path(inspect.getsourcefile(kind) or "")
        except (OSError, TypeError):
            continue
        pattern = rf"(?:def\s+)?({re.escape(name)})\s*[:(]" if name else rf"class\s+({re.escape(record)})\b"
        if found := _python(path, pattern, start, deeper=bool(name)):
            return found
    return []


def _python(path: Path, pattern: str, start: int, *, deeper: bool = False) -> list[Found]:
    """The first line from `start` on that begins with a pattern; `deeper` ends where the block does."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return []
    for number in range(start, len(lines) + 1):
        line = lines[number - 1]
        if deeper and number > start and line[:1].strip() and not line.startswith((")", "@")):
            break
        if found := re.match(rf"\s*{pattern}", line):
            column = found.start(1) + 1
            return [Found(path, Span(number, column, number, column + len(found[1])))]
    return []
