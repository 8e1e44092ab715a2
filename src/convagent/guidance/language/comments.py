"""HTML comments: not read, and kept where they stand by the formatter."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Comment", "take_out_comments"]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as it was written.

    Attributes:
        line: Where it begins, from 1.
        column: From 1.
        end_line: Where it ends; the last line of the file when it is never closed.
        text: With its marks, lines joined by line breaks.
        alone: Nothing but comments stands before it on its line.
        closed: It has an end.
        followed: Column of what stands behind it on its last line, 0 when nothing does.
    """

    line: int
    column: int
    end_line: int
    text: str
    alone: bool
    closed: bool
    followed: int


def take_out_comments(lines: list[str], start: int) -> tuple[list[str], list[Comment]]:
    """The lines with blanks in the place of comments, columns kept, and the comments.

    Args:
        lines: The file.
        start: Index of the first line to look at.
    """
    texts, comments = list(lines), []
    number, at = start, 0
    while number < len(texts):
        begin = texts[number].find("<!--", at)
        if begin < 0:
            number, at = number + 1, 0
            continue
        last, stop = number, texts[number].find("-->", begin + 2)
        while stop < 0 and last + 1 < len(texts):
            last += 1
            stop = texts[last].find("-->")
        closed = stop >= 0
        end = stop + 3 if closed else len(texts[last])
        pieces = [
            texts[row][begin if row == number else 0 : end if row == last else None] for row in range(number, last + 1)
        ]
        alone = not texts[number][:begin].strip()
        for row in range(number, last + 1):
            first, behind = (begin if row == number else 0), (end if row == last else len(texts[row]))
            texts[row] = texts[row][:first] + " " * (behind - first) + texts[row][behind:]
        rest = texts[last][end:].split("<!--", 1)[0]
        followed = end + len(rest) - len(rest.lstrip()) + 1 if rest.strip() else 0
        text = "\n".join(piece.rstrip() for piece in pieces)
        comments.append(Comment(number + 1, begin + 1, last + 1, text, alone, closed, followed))
        number, at = last, end
    return texts, comments
