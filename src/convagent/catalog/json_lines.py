"""Products from JSON Lines, one `convagent.facts.Product` a line."""

from __future__ import annotations

from pydantic import ValidationError

from convagent.catalog.decode import DecodedLines
from convagent.catalog.problems import CatalogProblem
from convagent.facts import Product

__all__ = ["read_json_lines"]

_MAX_FAULTS = 3


def read_json_lines(decoded: DecodedLines) -> tuple[list[tuple[int, Product]], list[CatalogProblem]]:
    """Products from the lines of a JSON Lines file; a line that can't be read costs one product.

    Args:
        decoded: The file's lines; blank ones are passed over.

    Returns:
        The products with their lines, counted from 1, and what was wrong.
    """
    products: list[tuple[int, Product]] = []
    problems: list[CatalogProblem] = []
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
            products.append((number + 1, Product.model_validate_json(line)))
        except ValidationError as error:
            last = number == len(decoded.lines) - 1 and not line.endswith(("\n", "\r"))
            problems.append(_unreadable(number + 1, error, cut=last and error.errors()[0]["type"] == "json_invalid"))
    if not products:
        problems.append(
            CatalogProblem(None, "no-products", "no line holds a product that could be used", "Export it again.")
        )
    return products, problems


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
