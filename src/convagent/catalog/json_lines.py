"""Products from JSON Lines, one `convagent.facts.Product` a line."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from convagent.catalog.decode import DecodedLines
from convagent.catalog.problems import CatalogProblem
from convagent.facts import Product

__all__ = ["read_json_lines"]

_MAX_FAULTS = 3


def read_json_lines(decoded: DecodedLines, problems: list[CatalogProblem]) -> Iterator[tuple[int, Product]]:
    """Products from the lines of a JSON Lines file, one after the other; a line that can't be read costs one product.

    Args:
        decoded: The file's lines; blank ones are passed over.
        problems: Where what was wrong is noted.

    Yields:
        The products with their lines, counted from 1.
    """
    any_product = False
    for number, line in enumerate(decoded.lines):
        if not line.strip():
            continue
        if number in decoded.nuls:
            problems.append(
                CatalogProblem(
                    number + 1, "nul-bytes", "the line held NUL bytes, which were left out", "Export it again."
                )
            )
        if number in decoded.foreign:
            problems.append(
                CatalogProblem(
                    number + 1, "encoding", "the line isn't UTF-8; it was read as Windows-1252", "Save it as UTF-8."
                )
            )
        try:
            product = Product.model_validate_json(line)
        except ValidationError as error:
            last = number == len(decoded.lines) - 1 and not line.endswith(("\n", "\r"))
            problems.append(_unreadable(number + 1, error, cut=last and error.errors()[0]["type"] == "json_invalid"))
            continue
        any_product = True
        yield number + 1, product
    if not any_product:
        problems.append(
            CatalogProblem(None, "no-products", "no line holds a product that could be used", "Export it again.")
        )


def _unreadable(row: int, error: ValidationError, *, cut: bool) -> CatalogProblem:
    faults = "; ".join(
        f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}".removeprefix(": ")
        for fault in error.errors(include_input=False, include_url=False)[:_MAX_FAULTS]
    )
    if cut:
        return CatalogProblem(
            row, "file-cut", "the file ends in the middle of this line, which is left out", "Export it again."
        )
    return CatalogProblem(
        row, "product-unreadable", f"the product is left out: {faults}", "Compare it with convagent.facts.Product."
    )
