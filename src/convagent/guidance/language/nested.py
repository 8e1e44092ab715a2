"""What stands below a statement: steps of a branch, properties of a Need, the text of a hand-over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convagent.conversation import HANDOVER_REASONS
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.items import Item
from convagent.guidance.language.slips import suggest

if TYPE_CHECKING:
    from convagent.guidance.language.guide_reader import GuideReader

__all__ = ["finish"]


def finish(guides: GuideReader, item: Item, node: sx.Statement) -> sx.Statement:
    """A statement with what stands below it; what can't stand there is a finding."""
    result: sx.Statement = _FINISH.get(type(node), _plain)(guides, item, node)
    return result


def _plain(guides: GuideReader, item: Item, node: sx.Statement) -> sx.Statement:
    guides.leaf(item)
    guides.no_quote(item)
    if isinstance(node, sx.Never) and "." in item.number:
        guides.find(
            "G141", "a `Never` within a branch: it binds the whole shop, always", item,
            remedy="Make it a numbered statement, with `when` or `unless`.",
        )  # fmt: skip
    return node


def _texted(guides: GuideReader, item: Item, node: Any) -> Any:
    guides.leaf(item)
    return replace(node, text=guides.text(item, node.text, f"`{type(node).__name__.lower()}`"))


def _branch(guides: GuideReader, item: Item, node: Any) -> Any:
    guides.no_quote(item)
    if all(child.is_note for child in item.children):
        guides.find("G123", "a condition without steps", item, remedy="Write its steps as bullets below, indented.")
    return replace(node, body=guides.body(item.children, branch=True))


def _need(guides: GuideReader, item: Item, node: sx.Need | sx.Ask) -> sx.Need | sx.Ask:
    found: dict[str, Any] = {}
    musts: list[sx.Must] = []
    for child in item.children:
        if guides.note(child):
            continue
        if child.kind != "bullet":
            guides.find(
                "G117", "a numbered statement that is indented below a `Need`", child,
                remedy="Take away the blanks before it, so that it is a statement of its own.",
            )  # fmt: skip
            guides.statement(child)
            continue
        value = guides.parse(child, "property")
        if value is None:
            guides.leaf(child)
            continue
        key, part = _property(guides, child, value)
        if key == "must":
            musts.append(part)
        elif not key or (key == "ask" and isinstance(node, sx.Ask)):
            guides.find(
                "G117", f"this can't stand below {'an `Ask`' if isinstance(node, sx.Ask) else 'a `Need`'}", child,
                remedy="Below it: " + ("must, else, within." if isinstance(node, sx.Ask) else "ask, must, else, within."),
            )  # fmt: skip
        elif key in found:
            word = "else" if key == "otherwise" else key
            guides.find("G127", f"`{word}` stands twice", child, remedy="Keep one of the lines.")
        else:
            found[key] = part
    text = found.pop("ask", None)
    if isinstance(node, sx.Ask):
        return replace(node, text=guides.text(item, node.text, "`Ask`"), musts=tuple(musts), **found)
    guides.no_quote(item)
    return replace(node, ask=text, musts=tuple(musts), **found)


def _property(guides: GuideReader, item: Item, value: Any) -> tuple[str, Any]:
    """Name and value of a line below a Need; without a name it can't stand there."""
    match value:
        case sx.Text():
            guides.leaf(item)
            return "ask", guides.text(item, value, "`ask`")
        case sx.Must():
            guides.leaf(item)
            return "must", replace(value, otherwise=guides.text(item, value.otherwise, "`else say`"))
        case sx.Within():
            guides.leaf(item)
            guides.no_quote(item)
            return "within", value
        case ("else", sx.Statement() as statement):
            return "otherwise", guides.finish(item, statement)
        case ("else", expression):
            guides.leaf(item)
            guides.no_quote(item)
            return "otherwise", expression
    return "", None


def _do(guides: GuideReader, item: Item, node: sx.Do) -> sx.Do:
    guides.no_quote(item)
    failure: tuple[sx.Statement, ...] | None = None
    for child in item.children:
        if guides.note(child):
            continue
        value = guides.parse(child, "property")
        match value:
            case ("if it fails", statement) if failure is None:
                failure = _failure(guides, child, statement)
            case ("if it fails", _):
                guides.find("G127", "`if it fails` stands twice", child, remedy="Put all steps below one of them.")
            case None:
                for step in child.children:
                    guides.orphan(step)
            case _:
                guides.find(
                    "G117", "this can't stand below a `do`", child,
                    remedy="Below it: `if it fails:` with steps. Make anything else a numbered statement.",
                )  # fmt: skip
    return replace(node, failure=failure)


def _failure(guides: GuideReader, item: Item, statement: sx.Statement | None) -> tuple[sx.Statement, ...]:
    """What is done when an action fails: one step on the line, or several as bullets below."""
    if statement is None:
        guides.no_quote(item)
        steps = guides.body(item.children)
        if all(child.is_note for child in item.children):
            guides.find("G123", "`if it fails:` without steps", item, remedy="Write its steps as bullets below.")
        return steps
    if isinstance(statement, (sx.If, sx.Otherwise, sx.GoOn)):
        guides.find(
            "G136", "a step that can't stand on the line of `if it fails:`", item,
            remedy="Put the steps below it, as bullets.",
        )  # fmt: skip
        return ()
    return (guides.finish(item, statement),)


def _hand_over(guides: GuideReader, item: Item, node: sx.HandOver) -> sx.HandOver:
    text = guides.text(item, node.text, "`hand over`") if item.quote or node.text is not None else None
    for child in item.children:
        if guides.note(child):
            continue
        value = guides.parse(child, "statement")
        if isinstance(value, sx.Say) and not value.free and text is None:
            guides.leaf(child)
            text = guides.text(child, value.text, "`say`")
        elif value is not None:
            guides.find(
                "G117", "this can't stand below a `hand over`", child, remedy="Below it: one `say` for the customer."
            )
    if node.reason is not None and node.reason not in HANDOVER_REASONS:
        meant = suggest(node.reason, HANDOVER_REASONS)
        start = max(0, item.text.rfind(node.reason))
        guides.find(
            "G124", f"`{node.reason}` is no reason to hand over", item, start=start, end=start + len(node.reason),
            remedy=f"Did you mean `{meant}`?" if meant else f"Write one of: {', '.join(HANDOVER_REASONS)}.",
        )  # fmt: skip
    return replace(node, text=text)


_FINISH: Mapping[type, Callable[[GuideReader, Item, Any], Any]] = {
    sx.Say: _texted,
    sx.Refuse: _texted,
    sx.Confirm: _texted,
    sx.If: _branch,
    sx.Otherwise: _branch,
    sx.Need: _need,
    sx.Ask: _need,
    sx.Do: _do,
    sx.HandOver: _hand_over,
}
