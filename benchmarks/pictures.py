"""Pictures of what was measured, as SVG: retrieval quality, reliability of "this passage answers" and of labels,
growth with passages, with products and of proofs with guides.

    python benchmarks/pictures.py [--figures FILE] [--out FOLDER]

Draws the figures that `retrieval.py`, `answerable.py`, `matching.py --bins`, `scale.py`, `catalog.py` and `proofs.py` gave. They
are kept in `docs/pictures/figures.json`, and the pictures beside it.
Needs nothing beyond Python; the same figures give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 46, 50
BLUE, GREY, RED = "#2563a8", "#8a93a0", "#c0392b"


def text(x: float, y: float, said: str, *, anchor: str = "middle", size: int = 12, colour: str = "#333") -> str:
    """A line of text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(said)}</text>'
    )


def line(x1: float, y1: float, x2: float, y2: float, *, colour: str = GREY, width: float = 1, dashes: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"{dashed}/>'


def picture(title: str, parts: Sequence[str], *, height: int = HEIGHT) -> str:
    """A whole file."""
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            text(WIDTH / 2, 24, title, size=15, colour="#111"),
            *parts,
            "</svg>\n",
        )
    )


def retrieval(rows: Sequence[dict[str, Any]]) -> str:
    """Bars of nDCG@10, with the interval where there is one, one line a way of ranking."""
    begin, step = 300, 34
    height = TOP + step * len(rows) + 40

    def across(value: float) -> float:
        return begin + value / 0.5 * (WIDTH - begin - 60)

    parts = [line(across(v / 10), TOP, across(v / 10), height - 34, colour="#e3e6ea") for v in range(6)]
    parts += [text(across(v / 10), height - 16, f"{v / 10:.1f}", size=11) for v in range(6)]
    for number, row in enumerate(rows):
        y = TOP + 6 + number * step
        colour = BLUE if row["ours"] else GREY
        parts.append(text(begin - 8, y + 15, row["name"], anchor="end"))
        bar = across(row["value"]) - begin
        parts.append(f'<rect x="{begin}" y="{y}" width="{bar:.1f}" height="20" fill="{colour}"/>')
        end = across(row["value"])
        if "interval" in row:
            low, end = (across(value) for value in row["interval"])
            parts.append(line(low, y + 10, end, y + 10, colour="#111", width=1.5))
        parts.append(text(end + 6, y + 15, f"{row['value']:.3f}", anchor="start"))
    wanted = across(0.40)
    parts.append(line(wanted, TOP, wanted, height - 34, colour=RED, dashes="4 3"))
    return picture("nDCG@10 on the bank's 49 queries (dashed: what we wanted)", parts, height=height)


LARGEST = 121  # more in one bin would hide the others
PASSAGES = "Of questions with this probability, the share that the passage answers"
LABELS = "Of messages whose likeliest label has this probability, the share that it is right of"


def reliability(sets: Sequence[dict[str, Any]], title: str = PASSAGES) -> str:
    """Of what has about the same probability, the share that it is true of; the size of a dot is their number."""
    side = HEIGHT - TOP - BOTTOM
    parts: list[str] = []
    for number, one in enumerate(sets):
        left = LEFT + number * (side + 90)
        parts.append(f'<rect x="{left}" y="{TOP}" width="{side}" height="{side}" fill="none" stroke="#ccd1d8"/>')
        parts.append(line(left, TOP + side, left + side, TOP, dashes="4 3"))
        scale = min(1.0, LARGEST / max(count for _, _, count in one["bins"]))
        for p, share, count in one["bins"]:
            x, y, radius = left + p * side, TOP + side - share * side, 2 + math.sqrt(count * scale)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{BLUE}" fill-opacity="0.65"/>')
        for value in (0.0, 0.5, 1.0):
            parts.append(text(left + value * side, TOP + side + 16, f"{value:g}", size=11))
            parts.append(text(left - 6, TOP + side - value * side + 4, f"{value:g}", anchor="end", size=11))
        parts.append(text(left + side / 2, TOP + side + 36, f"{one['name']}: probability (ECE {one['ece']:.3f})"))
    return picture(title, parts)


Panel = tuple[str, str, float, float, float, str]
"""The key of a figure, what it is called, the least and the most of its scale, what was wanted at 100,000, and how."""


def growth(rows: Sequence[dict[str, float]]) -> str:
    """A search's time and the memory, by the number of passages, both scales logarithmic."""
    panels = (
        ("ms", "CPU ms a search, median", 0.1, 100.0, 8.0, "at most"),
        ("MB", "MB of memory, pages of files too", 1.0, 1000.0, 400.0, "at most"),
    )
    return curves("Growth with the number of passages", rows, "passages", panels, spread=(2.8, 2.4))


def products(rows: Sequence[dict[str, float]]) -> str:
    """A search's time and how fast products are read and indexed, by the number of products."""
    panels = (
        ("query_ms", "CPU ms a search, median", 1.0, 1000.0, 15.0, "at most"),
        ("read_a_second", "read and indexed a second", 100.0, 100_000.0, 5_000.0, "at least"),
    )
    most = math.log10(max(row["products"] for row in rows))
    return curves("Growth with the number of products", rows, "products", panels, spread=(3.8, most - 3.6))


def curves(
    title: str, rows: Sequence[dict[str, float]], counted: str, panels: Sequence[Panel], *, spread: tuple[float, float]
) -> str:
    """Two figures by a number, all scales logarithmic.

    Args:
        title: Of the picture.
        rows: The figures.
        counted: The key of the number.
        panels: The figures that are drawn.
        spread: Powers of ten of the number: the least, and how many more.
    """
    panel = (WIDTH - LEFT - RIGHT - 80) / 2
    side = HEIGHT - TOP - BOTTOM
    parts: list[str] = []
    for number, (key, name, low, high, wanted, how) in enumerate(panels):
        left = LEFT + number * (panel + 80)

        def across(value: float, left: float = left) -> float:
            return left + (math.log10(value) - spread[0]) / spread[1] * panel

        def up(value: float, low: float = low, high: float = high) -> float:
            return TOP + side - math.log(value / low) / math.log(high / low) * side

        parts.append(
            f'<rect x="{left:.1f}" y="{TOP}" width="{panel:.1f}" height="{side}" fill="none" stroke="#ccd1d8"/>'
        )
        for exponent in range(round(math.log10(low)), round(math.log10(high)) + 1):
            y = up(10.0**exponent)
            parts.append(line(left, y, left + panel, y, colour="#e3e6ea"))
            parts.append(text(left - 6, y + 4, f"{10.0**exponent:g}", anchor="end", size=11))
        powers = range(math.ceil(spread[0]), math.floor(sum(spread)) + 1)
        parts.extend([text(across(10.0**power), TOP + side + 16, f"{10**power:,}", size=11) for power in powers])
        points = [(across(row[counted]), up(row[key])) for row in rows]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{BLUE}" stroke-width="2"/>')
        for (x, y), row in zip(points, rows, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{BLUE}"/>')
            parts.append(text(x, y - 9, f"{row[key]:.3g}" if row[key] < 1_000 else f"{row[key]:,.0f}", size=11))
        end = across(100_000)
        parts.append(line(end - 22, up(wanted), end + 22, up(wanted), colour=RED, width=2))
        parts.append(text(left + panel / 2, TOP + side + 36, f"{name} (red: {how})"))
    return picture(title, parts)


def proofs(rows: Sequence[dict[str, float]]) -> str:
    """The time of proofs by the number of guides, both scales logarithmic."""
    side, panel = HEIGHT - TOP - BOTTOM, WIDTH - LEFT - RIGHT

    def across(value: float) -> float:
        return LEFT + (math.log10(value) - 0.8) / 2.4 * panel

    def up(value: float) -> float:
        return TOP + side - (math.log10(value) + 1) / 3 * side

    parts = [f'<rect x="{LEFT}" y="{TOP}" width="{panel}" height="{side}" fill="none" stroke="#ccd1d8"/>']
    for value in (0.1, 1, 10, 100):
        parts.append(line(LEFT, up(value), LEFT + panel, up(value), colour="#e3e6ea"))
        parts.append(text(LEFT - 6, up(value) + 4, f"{value:g}", anchor="end", size=11))
    points = [(across(row["guides"]), up(row["seconds"])) for row in rows]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline points="{way}" fill="none" stroke="{BLUE}" stroke-width="2"/>')
    for (x, y), row in zip(points, rows, strict=True):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{BLUE}"/>')
        parts.append(text(x, y - 9, f"{row['seconds']:.3g}", size=11))
        parts.append(text(x, TOP + side + 16, f"{row['guides']:,}", size=11))
    parts.append(text(LEFT + panel / 2, TOP + side + 36, "guides"))
    return picture("CPU seconds of `guidance prove` by the number of guides", parts)


def main() -> None:
    """Draws."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", type=Path, default=HERE.parent / "docs" / "pictures" / "figures.json")
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs" / "pictures")
    arguments = parser.parse_args()
    figures = json.loads(arguments.figures.read_text(encoding="utf-8"))
    arguments.out.mkdir(parents=True, exist_ok=True)
    drawn = (
        ("retrieval", retrieval), ("reliability", reliability), ("growth", growth), ("proofs", proofs), ("products", products),
    )  # fmt: skip
    for name, draw in drawn:
        (arguments.out / f"{name}.svg").write_text(draw(figures[name]), encoding="utf-8", newline="\n")
    labels = reliability(figures["labels"], LABELS)
    (arguments.out / "labels.svg").write_text(labels, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
