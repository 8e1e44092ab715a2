"""What ends a reading: nothing is wrong in any of these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convagent.guidance.interpreter.world import GuideState, Step

__all__ = ["End", "Missing", "Unfit"]


class End(Exception):  # noqa: N818 - it ends a reading, nothing is wrong
    """Ends the reading with what it came to."""

    def __init__(self, **parts: Any) -> None:
        super().__init__()
        self.parts = parts


class Missing(Exception):  # noqa: N818 - nothing is wrong: something must be asked for
    """Something must be asked for.

    Attributes:
        names: What.
        text: The question.
        address: The statement that needs it.
        data: For the step that asks.
        steps: What a providing guide said before it asked.
        inner: The Need whose providing guide asks, with that guide's state.
    """

    def __init__(
        self, names: tuple[str, ...], text: str, address: str, data: Mapping[str, Any] | None = None, *,
        steps: tuple[Step, ...] = (), inner: tuple[str, GuideState] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(names)
        self.names, self.text, self.address, self.data = names, text, address, data or {}
        self.steps, self.inner = steps, inner


class Unfit(Exception):  # noqa: N818 - an ending that the guide foresees
    """The customer's answer fits no choice, and the guide says what follows; or the guide that gives a Need ends so."""

    def __init__(self, *steps: Step, **parts: Any) -> None:
        super().__init__()
        self.steps, self.parts = steps, parts
