"""Size charts: which body measures a size is made for, read from tables as shops keep them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

from convagent.catalog.attributes.ages import read_ages
from convagent.catalog.attributes.model import Audience
from convagent.catalog.attributes.purposes import read_audience
from convagent.catalog.decode import decode_lines
from convagent.catalog.knowing.facts_read import plain_field
from convagent.catalog.records import read_rows
from convagent.errors import CatalogError
from convagent.facts import Product

__all__ = ["BodyMeasure", "SizeChart", "SizeCharts", "SizeRow"]

BodyMeasure = Literal["height", "chest", "waist", "hips", "foot", "inside_leg"]

_MEASURES: tuple[tuple[BodyMeasure, str], ...] = (
    ("foot", r"foot|fuß|fuss|pied"),
    ("inside_leg", r"inside leg|inseam|innenbein|schrittlänge|entrejambe"),
    ("chest", r"chest|bust|brust|oberweite|poitrine"),
    ("waist", r"waist|taille(?!nt)|bund|tour de taille"),
    ("hips", r"hips?\b|hüft|hanches"),
    ("height", r"height|körpergröße|körperhöhe|stature|hauteur"),
)
_UNITS = {"cm": Decimal(1), "mm": Decimal("0.1"), "in": Decimal("2.54"), "inch": Decimal("2.54"), "inches": Decimal("2.54"),
          "zoll": Decimal("2.54"), "pouces": Decimal("2.54"), "m": Decimal(100)}  # fmt: skip
_RANGE = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(?:[-–—]|to|bis|à)\s*([0-9]+(?:[.,][0-9]+)?)\s*")
_NUMBER = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*")
_MAX_BYTES = 1_000_000
_MAX_ROWS = 500


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size.

    Args:
        size: As the chart writes it, such as "M" or "104/110".
        measures: The body that it is made for: from and to, in centimetres.
        same_as: What it is called in other systems, by the system ("EU", "UK"): "38–40" gives "38" and "40".
        audience: Whom it is for; empty for everybody.
        months: Ages that it roughly fits, in months; None where that isn't said.
    """

    size: str
    measures: Mapping[BodyMeasure, tuple[Decimal, Decimal]]
    same_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    audience: frozenset[Audience] = frozenset()
    months: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SizeChart:
    """A chart, or several that a product names.

    Args:
        name: Its name, such as "women"; several are joined by "; ".
        rows: The sizes, from the smallest on, those of one chart together.
    """

    name: str
    rows: tuple[SizeRow, ...]


class SizeCharts:
    """The charts of a shop, by their names.

    Args:
        charts: The charts.
        problems: What could not be read, in words, by file and row.
    """

    def __init__(self, charts: Iterable[SizeChart], *, problems: tuple[str, ...] = ()) -> None:
        self._charts = {chart.name.casefold(): chart for chart in charts}
        self.problems = problems

    @classmethod
    def from_folder(cls, path: Path | str) -> SizeCharts:
        """The charts of a folder: each CSV file in it is one, called as the file is.

        The first row names the columns: "Size", then measures with their unit ("Chest (cm)", "Taille (cm)", "Foot length (in)"),
        other systems ("EU size"), "Age" and "For" (whom a row is for; else the chart's name says it: "women"). Cells are a figure
        or a range ("88–93"). A row without a size or without any measure is left out and reported.

        Args:
            path: The folder.

        Raises:
            CatalogError: There is no such folder (`size-charts-missing`), or a file can't be read or is larger than a megabyte
                (`size-charts-unreadable`).
        """
        folder = Path(path)
        if not folder.is_dir():
            raise CatalogError(
                f"there is no folder {folder.name!r} with size charts", code="size-charts-missing", place=str(folder),
                remedy="Name a folder of CSV files.",
            )  # fmt: skip
        charts: list[SizeChart] = []
        problems: list[str] = []
        for file in sorted(folder.glob("*.csv")):
            chart, wrong = _read(file.stem, _bytes_of(file))
            problems += [f"{file.name}, {each}" for each in wrong]
            if chart.rows:
                charts.append(chart)
        return cls(charts, problems=tuple(problems))

    def __len__(self) -> int:
        """How many charts."""
        return len(self._charts)

    def named(self, name: str) -> SizeChart | None:
        """The chart with a name, whatever its case; None when there is none."""
        return self._charts.get(name.strip().casefold())

    def for_product(self, product: Product) -> SizeChart | None:
        """The chart that a product names in its field `size_chart`; several, as of a jacket for women and men, as one.

        Args:
            product: The product.

        Returns:
            The chart; shoes that name none go by the chart that is called "shoes", as their sizes are the same everywhere in a
            shop. None for everything else that names none that is known.
        """
        said = next((str(v) for name, v in product.attributes.items() if plain_field(name) == "size_chart"), "")
        found = [chart for each in re.split(r"[;,|]", said) if (chart := self.named(each)) is not None]
        if not found and re.search(
            r"\bshoes?\b|\bschuhe?\b|\bchaussures?\b", f"{product.category} {product.kind}", re.IGNORECASE
        ):
            return next(filter(None, map(self.named, ("shoes", "schuhe", "chaussures"))), None)
        if len(found) <= 1:
            return found[0] if found else None
        return SizeChart("; ".join(each.name for each in found), tuple(row for each in found for row in each.rows))


def _bytes_of(file: Path) -> bytes:
    try:
        if file.stat().st_size <= _MAX_BYTES:
            return file.read_bytes()
        cause: OSError | None = None
    except OSError as error:
        cause = error
    raise CatalogError(
        f"the size chart {file.name!r} can't be read, or has more than a megabyte", code="size-charts-unreadable",
        place=str(file), remedy="Keep one small CSV file for each chart.",
    ) from cause  # fmt: skip


def _read(name: str, data: bytes) -> tuple[SizeChart, list[str]]:
    decoded = decode_lines(data)
    first = decoded.lines[0] if decoded.lines else ""
    delimiter = max(",;\t", key=first.count)
    rows, problems = read_rows(decoded.lines, delimiter=delimiter)
    wrong = [f"row {problem.row}: {problem.message}" for problem in problems]
    if not rows:
        return SizeChart(name, ()), [*wrong, "no rows"]
    header, *body = rows
    named, _ = read_audience(name.replace("-", " ").replace("_", " "))
    columns = [_column(cell) for cell in header.cells]
    of_body = {name: name for name, _ in _MEASURES}
    found: list[SizeRow] = []
    for row in body[:_MAX_ROWS]:
        size = ""
        measures: dict[BodyMeasure, tuple[Decimal, Decimal]] = {}
        same_as: dict[str, tuple[str, ...]] = {}
        audience, months = named, None
        for (kind, key, factor), cell in zip(columns, row.cells, strict=False):
            text = cell.strip()
            if not text or len(text) > 200:
                continue
            if kind == "size":
                size = text
            elif kind == "measure":
                span = _span(text, factor)
                if span is None:
                    wrong.append(f"row {row.row}: {text!r} is no measure")
                else:
                    measures[of_body[key]] = span  # type: ignore[index]
            elif kind == "system":
                same_as[key] = tuple(
                    each.strip() for each in re.split(r"[–—/;-]", re.sub(r"\(.*?\)", "", text)) if each.strip()
                )
            elif kind == "audience":
                audience, _ = read_audience(text)
            elif kind == "age":
                ages, _ = read_ages(text)
                if ages and ages[0].low is not None:
                    months = (ages[0].low, ages[0].high or ages[0].low)
        if not size or not measures:
            wrong.append(f"row {row.row}: {'no measure' if size else 'no size'}; it is left out")
            continue
        found.append(SizeRow(size, measures, same_as, audience, months))
    return SizeChart(name, tuple(found)), wrong


def _column(name: str) -> tuple[str, str, Decimal]:
    """What a column holds: its kind, its key, and how many centimetres its unit has."""
    plain = " ".join(name.lower().split())
    unit = re.search(r"\(([a-z]+)\)|\bin (cm|mm|inches|zoll)\b", plain)
    factor = _UNITS.get((unit[1] or unit[2]) if unit else "cm", Decimal(1))
    if plain in {"size", "größe", "taille", "sizes"}:
        return "size", "", factor
    system = re.match(r"(uk|eu|us|fr|it|de|int)\b", plain)
    if system:
        return "system", system[1].upper(), factor
    if plain in {"for", "audience", "für", "pour"}:
        return "audience", "", factor
    if re.match(r"age|alter|âge", plain):
        return "age", "", factor
    measure = next((key for key, pattern in _MEASURES if re.search(pattern, plain)), None)
    return ("measure", measure, factor) if measure else ("other", "", factor)


def _span(text: str, factor: Decimal) -> tuple[Decimal, Decimal] | None:
    spanned = _RANGE.fullmatch(text)
    single = _NUMBER.fullmatch(text)
    if spanned:
        low, high = (Decimal(each.replace(",", ".")) * factor for each in spanned.groups())
        return (low, high) if low <= high else None
    if single:
        value = Decimal(single[1].replace(",", ".")) * factor
        return value, value
    return None
