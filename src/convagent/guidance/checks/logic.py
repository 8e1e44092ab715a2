"""G3: what can never be read, conditions that contradict themselves, and guides that lead in a circle. No solver."""

from __future__ import annotations

from collections.abc import Iterator

from convagent.guidance.checks.circles import circles
from convagent.guidance.checks.contradictions import fault_of, taken_before
from convagent.guidance.checks.report import GuideReport, Report
from convagent.guidance.checks.shop_index import Outline, ShopIndex
from convagent.guidance.checks.survey import Survey
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.unparse import unparse

__all__ = ["check_logic", "check_shop_logic"]

_ENDS = (sx.Refuse, sx.HandOver, sx.GoTo, sx.Give)


def check_logic(report: GuideReport, outline: Outline, survey: Survey, index: ShopIndex) -> None:
    """The logic of one guide."""
    guide = outline.guide
    for claim in survey.claims:
        fault = fault_of(claim)
        if fault is not None:
            report.find(fault.code, claim.span, fault.message, fault.remedy)
    for branch in survey.constant:
        report.find(
            "G302", branch.condition.span, f"`{unparse(branch.condition)}` depends on nothing: it is always the same",
            "Compare a fact, or take the branch away.",
        )  # fmt: skip
    _block(report, guide.statements, {})
    _starts(report, outline, index)


def _block(
    report: GuideReport, statements: tuple[sx.Statement, ...], closed: dict[ex.Expression, str]
) -> None:  # fmt: skip
    """Walks one block. `closed` holds conditions that are known to be false here, with the statement that says so."""
    ended: sx.Statement | None = None
    before: sx.Statement | None = None
    for node in statements:
        if ended is not None and not isinstance(node, sx.Never):
            report.find(
                "G301", node.span, f"this is never read: `{_word(ended)}` on line {ended.span.line} ends the guide",
                "Delete it, or put what ends the guide into a branch.",
            )  # fmt: skip
            return
        if isinstance(node, sx.If):
            _branch(report, node, closed)
        elif isinstance(node, sx.Otherwise):
            _otherwise(report, node, before, closed)
            if not _goes_on(node.body):
                ended = node
        elif isinstance(node, _ENDS):
            ended = node
        elif isinstance(node, sx.Do) and node.failure is not None:
            _block(report, node.failure, closed)
        before = node


def _word(node: sx.Statement) -> str:
    return {sx.HandOver: "hand over", sx.GoTo: "go to"}.get(type(node), type(node).__name__.lower())


def _goes_on(body: tuple[sx.Statement, ...]) -> bool:
    return bool(body) and isinstance(body[-1], sx.GoOn)


def _branch(report: GuideReport, node: sx.If, closed: dict[ex.Expression, str]) -> None:
    condition = node.condition
    parts = condition.items if isinstance(condition, ex.And) else (condition,)
    earlier = next((closed[part] for part in (condition, *parts) if part in closed), None)
    if earlier is not None:
        report.find(
            "G303", condition.span, f"this branch never opens: statement {earlier} asked the same, and ended the guide",
            "Delete it, or change one of the conditions.",
        )  # fmt: skip
    elif (taken := taken_before(condition, closed)) is not None:
        report.find(
            "G303", condition.span,
            f"this branch never opens: statement {closed[taken]} takes every such case (`{unparse(taken)}`), and ended the guide",
            "Put the narrower condition first, or change one of them.",
        )  # fmt: skip
    _block(report, node.body, dict(closed))
    if not _goes_on(node.body):
        for part in (condition, *(condition.items if isinstance(condition, ex.Or) else ())):
            closed.setdefault(part, node.number)
    elif len(node.body) == 1:
        report.find("G307", node.span, "this branch does nothing", "Write what it is for, or delete it.")


def _otherwise(
    report: GuideReport, node: sx.Otherwise, before: sx.Statement | None, closed: dict[ex.Expression, str]
) -> None:
    if isinstance(before, sx.If) and _goes_on(before.body):
        report.find(
            "G308", node.span, "`Otherwise` is read in either case: the branch before it ends with `go on`",
            "Write the opposite condition instead: `If not (…):`.",
        )  # fmt: skip
    _block(report, node.body, dict(closed))


def _starts(report: GuideReport, outline: Outline, index: ShopIndex) -> None:
    guide = outline.guide
    if not guide.statements or outline.only_binds:
        return
    if guide.safeguard and guide.when is None:
        report.find(
            "G314", guide.span, "a safeguard without a `When` guards against nothing",
            "Say what it is tried for: `When the customer asks for a human:` with examples.",
        )  # fmt: skip
    elif not (guide.when or guide.on or guide.gives or guide.safeguard) and guide.title.casefold() not in index.targets:
        report.find(
            "G315", guide.span, "nothing starts this guide",
            "Begin it with `When`, `On` or `Gives`, or lead to it with `go to`.",
        )  # fmt: skip


def check_shop_logic(report: Report, index: ShopIndex) -> None:
    """What only shows with all guides at hand: titles and gifts twice, circles."""
    for outline in index.outlines:
        first = index.titles[outline.guide.title.casefold()]
        if first is not outline:
            report.guide(outline.guide).find(
                "G312", outline.guide.span, f"there are two guides “{outline.guide.title}”; the other stands in "
                f"{first.guide.file}, line {first.guide.span.line}", "Give one of them another title.",
            )  # fmt: skip
    for name, givers in index.givers.items():
        for outline in givers[1:]:
            report.guide(outline.guide).find(
                "G316", outline.guide.span, f"“{givers[0].guide.title}” gives `{name}` already, so this guide is never read",
                "Join the two guides, or let this one give another name.",
            )  # fmt: skip
    _check_circles(report, index)


def _goes(outline: Outline, index: ShopIndex) -> Iterator[Outline]:
    return (target for step in outline.goes_to if (target := index.outline(step.title)) is not None)


def _needs(outline: Outline, index: ShopIndex) -> Iterator[Outline]:
    return (index.givers[name][0] for name, _ in outline.needs if name in index.givers)


def _after(outline: Outline, index: ShopIndex) -> Iterator[Outline]:
    return (target for title in outline.guide.after if (target := index.outline(title)) is not None)


def _check_circles(report: Report, index: ShopIndex) -> None:
    def tell(code: str, circle: list[Outline], what: str, remedy: str) -> None:
        guide = circle[0].guide
        way = " → ".join(f"“{outline.guide.title}”" for outline in (*circle, circle[0]))
        report.guide(guide).find(code, guide.span, f"{what}: {way}", remedy)

    for circle in circles(index.outlines, lambda outline: _goes(outline, index)):
        tell("G310", circle, "`go to` leads in a circle", "End one of the guides instead of leading on.")
    reads = circles(index.outlines, lambda outline: (*_goes(outline, index), *_needs(outline, index)))
    for circle in reads:
        inside = {id(outline) for outline in circle}
        if any(id(giver) in inside for outline in circle for giver in _needs(outline, index)):
            tell("G311", circle, "a guide needs what only it can give", "Let one of them look it up or ask for it.")
    for circle in circles(index.outlines, lambda outline: _after(outline, index)):
        tell("G313", circle, "`After` leads in a circle", "Take one of the `After` lines away.")
