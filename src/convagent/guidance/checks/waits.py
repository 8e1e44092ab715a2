"""G3: questions that wait without end, since the shop has no calendar to count business days on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from convagent.guidance.checks.report import CheckSettings, GuideReport
from convagent.guidance.language import syntax as sx

__all__ = ["check_waits"]


def check_waits(report: GuideReport, guide: sx.Guide, settings: CheckSettings) -> None:
    """Finds `within 2 business days` where no opening hours say which days those are."""
    if settings.has_business_days:
        return
    for need in _questions(guide.statements):
        within = need.within
        if within is not None and within.calendar is not None and within.calendar.unit == "business days":
            report.find(
                "G317", within.span, f"this waits without end: the shop has no opening hours, so {within.calendar} never pass",
                "Write `days` or `calendar days`, or give the shop opening hours: `[hours.care]` in convagent.toml.",
            )  # fmt: skip


def _questions(statements: Iterable[sx.Statement]) -> Iterator[sx.Need | sx.Ask]:
    """Every Need and Ask, those within branches too."""
    for node in statements:
        if isinstance(node, (sx.Need, sx.Ask)):
            yield node
        elif isinstance(node, (sx.If, sx.Otherwise)):
            yield from _questions(node.body)
        elif isinstance(node, sx.Do) and node.failure is not None:
            yield from _questions(node.failure)
