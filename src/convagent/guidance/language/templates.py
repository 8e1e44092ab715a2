"""Texts with marks: `{{ order.id }}`, `{{ refund | money }}`, in Jinja's notation.

A template can name values and pass them through the filters of `wording`, nothing else: no calls, no loops, no conditions
(they belong into statements, where they are checked and traced), no attributes but those of the facts. Jinja only reads
the notation; nothing is compiled or run, so that there is no sandbox to break out of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from convagent.guidance.parts import Part, Worded
from convagent.guidance.values import UNKNOWN, attribute
from convagent.guidance.wording import FILTERS, Wording

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

__all__ = ["MAX_TEXT_CHARACTERS", "MissingError", "TemplateFault", "check_template", "paths_of", "render", "roots_of"]

MAX_TEXT_CHARACTERS = 20_000
"""Longer texts are cut: no reply comes near, and a list without end must not."""


class MissingError(Exception):
    """A text can't be said: it names something that is not known or known to be absent, or it can't be read.

    Attributes:
        path: What it names.
        why: In words.
    """

    def __init__(self, path: str, why: str | None = None) -> None:
        super().__init__(path)
        self.path = path
        self.why = why or f"the text names {path}, which is not known"


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong with a template: message, remedy and the line within the text."""

    message: str
    remedy: str
    line: int


# Jinja is imported at the first text with a mark: that takes a twentieth of the time in which a shop opens.
@cache
def _environment() -> Environment:
    from jinja2 import Environment

    return Environment(autoescape=False, cache_size=0)  # noqa: S701 - it only parses: nothing is ever compiled or run


@cache
def _allowed() -> tuple[type[nodes.Node], ...]:
    from jinja2 import nodes

    return (
        nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Filter, nodes.Const,
    )  # fmt: skip


@lru_cache(maxsize=8192)
def _parsed(template: str) -> nodes.Template:
    return _environment().parse(template)


@lru_cache(maxsize=8192)
def check_template(template: str) -> TemplateFault | None:
    """What keeps a template from being used, None when nothing does."""
    if "{{" not in template and "{%" not in template and "{#" not in template:
        return None if "}}" not in template else TemplateFault("a `}}` without its `{{`", "Write `{{ name }}`.", 1)
    if "{%" in template or "{#" in template:
        line = template[: max(template.find("{%"), template.find("{#"))].count("\n") + 1
        return TemplateFault("a text holds no statements or comments", "Write an `If` around the text instead.", line)
    from jinja2 import TemplateSyntaxError, nodes

    try:
        tree = _parsed(template)
    except (TemplateSyntaxError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        return TemplateFault(f"the mark can't be read: {error}", "Write `{{ name }}` or `{{ name | filter }}`.", line)
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            from convagent.guidance.language.slips import suggest

            meant = suggest(node.name, tuple(FILTERS))
            remedy = f"Did you mean `{meant}`?" if meant else f"There are: {', '.join(FILTERS)}."
            return TemplateFault(f"there is no filter `{node.name}`", remedy, node.lineno)
        if not isinstance(node, _allowed()) or (isinstance(node, nodes.Getattr) and node.attr.startswith("_")):
            return TemplateFault(
                "a mark names a value and its filters, nothing else",
                "Reckon with `Let` and name the result here.",
                node.lineno,
            )
        if isinstance(node, nodes.Const) and not isinstance(node.value, str):
            return TemplateFault(f"`{node.value}` is no name", "Write it into the text, or name a value.", node.lineno)
        if isinstance(node, nodes.Filter) and node.args and node.name != "pairs":
            return TemplateFault(f"the filter `{node.name}` takes nothing", f"Write `| {node.name}`.", node.lineno)
        if isinstance(node, nodes.Filter) and (
            len(node.args) > 1 or not all(isinstance(a, nodes.Const) for a in node.args)
        ):
            return TemplateFault("`pairs` takes one name in quotes", 'Write `| pairs("replacement")`.', node.lineno)
    return None


@lru_cache(maxsize=8192)
def paths_of(template: str) -> tuple[tuple[str, ...], ...]:
    """What a template names, each as root and attributes, in order: (("order", "id"), ("refund",)).

    A template at fault names nothing.
    """
    if "{{" not in template or check_template(template) is not None:
        return ()
    from jinja2 import nodes

    found: list[tuple[str, ...]] = []

    def visit(node: nodes.Node) -> None:
        if isinstance(node, nodes.Getattr):
            parts: list[str] = []
            inner: nodes.Node = node
            while isinstance(inner, nodes.Getattr):
                parts.insert(0, inner.attr)
                inner = inner.node
            if isinstance(inner, nodes.Name):
                found.append((inner.name, *parts))
                return
        if isinstance(node, nodes.Name):
            found.append((node.name,))
            return
        for child in node.iter_child_nodes():
            visit(child)

    visit(_parsed(template))
    return tuple(dict.fromkeys(found))


def roots_of(template: str) -> frozenset[str]:
    """The names that a template starts from."""
    return frozenset(path[0] for path in paths_of(template))


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark: the name it starts from, what follows its dots, and its filters with what they take."""

    root: str
    attributes: tuple[str, ...]
    filters: tuple[tuple[Callable[..., str], tuple[Any, ...]], ...]


# A shop of thousands of guides says as many texts, and reading one anew costs as much as a decision.
@lru_cache(maxsize=32_768)
def _read(template: str) -> TemplateFault | Worded | tuple[Part | _Mark, ...]:
    """The template as it is filled in, read once: the whole text where it names nothing, else its stretches and marks."""
    fault = check_template(template)
    if fault is not None:
        return fault
    return _pieces(template) if "{{" in template else Worded((Part(template),))


def _pieces(template: str) -> tuple[Part | _Mark, ...]:
    from jinja2 import nodes

    out: list[Part | _Mark] = []
    for output in _parsed(template).body:
        for node in output.nodes if isinstance(output, nodes.Output) else ():
            if isinstance(node, nodes.TemplateData):
                out.append(Part(node.data))
                continue
            filters: list[tuple[Callable[..., str], tuple[Any, ...]]] = []
            inner: nodes.Node = node
            while isinstance(inner, nodes.Filter) and inner.node is not None:
                taken = tuple(arg.value for arg in inner.args if isinstance(arg, nodes.Const))
                filters.insert(0, (FILTERS[inner.name], taken))
                inner = inner.node
            parts: list[str] = []
            while isinstance(inner, nodes.Getattr):
                parts.insert(0, inner.attr)
                inner = inner.node
            if isinstance(inner, nodes.Const):
                out.append(Part(str(inner.value)))
            elif isinstance(inner, nodes.Name):
                out.append(_Mark(inner.name, tuple(parts), tuple(filters)))
    return tuple(out)


def render(
    template: str,
    resolve: Callable[[str], Any],
    wording: Wording,
    field: Callable[[Any, str], Any] = attribute,
) -> Worded:
    """The text with its marks filled in; it knows which words are its own and which were put in.

    Args:
        template: A template that `check_template` passes.
        resolve: Gives the value of a root name.
        wording: Language, zone and moment.
        field: Gives an attribute of a value; UNKNOWN when it isn't known.

    Raises:
        MissingError: A mark's value is not known or absent, or the template is at fault.
    """
    pieces = _read(template)
    if isinstance(pieces, Worded):
        return pieces
    if isinstance(pieces, TemplateFault):
        raise MissingError(template, f"the text can't be read: {pieces.message}")
    out: list[Part] = []
    room = MAX_TEXT_CHARACTERS
    for piece in pieces:
        if isinstance(piece, Part):
            out.append(piece if len(piece.text) <= room else Part(piece.text[:room]))
        else:
            value = resolve(piece.root)
            for part in piece.attributes:
                value = field(value, part)
            if value is UNKNOWN or value is None:
                raise MissingError(".".join((piece.root, *piece.attributes)))
            for word, arguments in piece.filters:
                value = word(wording, value, *arguments)
            out.append(Part(wording.text(value)[:room], "value"))
        room -= len(out[-1].text)
    return Worded(out)
