"""A reply as it is written: paragraph by paragraph, each stretch released as soon as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from convagent.guidance.parts import Part, Worded

__all__ = ["Writer"]


class Writer:
    """Gathers a reply's parts, and hands on what may be sent. What was handed on, joined, is the reply's text.

    Args:
        release: Takes each stretch; None: nobody listens. One that raises isn't asked again, and the reply goes on without it.
    """

    def __init__(self, release: Callable[[str], None] | None = None) -> None:
        self._release = release
        self._begun = False
        self.parts: list[Part] = []
        self.failed = ""
        """What became of a listener that raised: the name of its error."""

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(part.text for part in self.parts)

    def ahead(self, parts: Iterable[Part]) -> tuple[Part, ...]:
        """All parts, were these written next."""
        return (*self.parts, *self._separated(list(parts)))

    def begin(self) -> None:
        """What is written next begins a paragraph."""
        self._begun = False

    def write(self, parts: Iterable[Part]) -> None:
        """Writes parts, and hands them on; the first of a paragraph loses the blanks before it."""
        added = self._separated(list(parts))
        if not added:
            return
        self._begun = True
        self.parts += added
        if self._release is None:
            return
        try:
            self._release("".join(part.text for part in added))
        except Exception as error:  # noqa: BLE001 - whoever listens may be gone; the turn is not
            self.failed, self._release = type(error).__name__, None

    def paragraph(self, text: Worded) -> None:
        """Writes a paragraph of its own."""
        self.begin()
        self.write(text.parts)
        self.begin()

    def _separated(self, parts: list[Part]) -> list[Part]:
        if self._begun:
            return [part for part in parts if part.text]
        while parts and not parts[0].text.strip():
            parts.pop(0)
        if not parts:
            return []
        parts[0] = Part(parts[0].text.lstrip(), parts[0].source)
        return [Part("\n\n"), *parts] if self.parts else parts
