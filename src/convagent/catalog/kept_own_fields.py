"""A shop's own fields in a folder, beside the other columns of its catalog's index, and brought up to date there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convagent.catalog.kept_parts import read_parts, write_parts
from convagent.catalog.moves import Moves
from convagent.catalog.own_fields.columns import KIND, MOST_VALUES, OwnFields, OwnValue

__all__ = ["load_own_fields", "renewed_own_fields", "save_own_fields"]


def save_own_fields(own: OwnFields, folder: Path) -> None:
    """Writes the columns into a folder, which is made if need be.

    Args:
        own: The columns.
        folder: The folder.

    Raises:
        OSError: It can't be written.
    """
    told = {"count": own.count, "values": own.values, "signatures": list(own.signatures.items())}
    write_parts(folder, {"rows": own.rows, "starts": own.starts}, told)


def load_own_fields(folder: Path) -> OwnFields:
    """What `save_own_fields` wrote, memory-mapped.

    Args:
        folder: Where it is.

    Raises:
        OSError: There is nothing.
        ValueError: It is damaged.
    """
    arrays, told = read_parts(folder)
    return OwnFields(
        told["count"], values=tuple(OwnValue(*value) for value in told["values"]), rows=arrays["rows"],
        starts=arrays["starts"],
        signatures=Counter({(kind, tuple(names)): count for (kind, names), count in told["signatures"]}),
    )  # fmt: skip


def renewed_own_fields(before: OwnFields, moves: Moves, added: OwnFields, gone: OwnFields) -> OwnFields | None:
    """The columns of the products that are kept and of new ones: what reading all of them gives.

    Args:
        before: The columns of those that were there.
        moves: Where the products stand.
        added: The columns of the new ones.
        gone: The columns of those that are kept no longer.

    Returns:
        None where a field has so many values that it depends on the order of the products which of them are known.
    """
    ours, others = _rows_of(before), _rows_of(added)
    values = Counter((each.field, each.of_variant) for each in dict.fromkeys((*ours, *others)))
    if any(count >= MOST_VALUES for count in values.values()):
        return None
    rows = moves.rows(ours, others)
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in rows.values()], out=starts[1:])
    first = {value.value: int(found[0]) for value, found in rows.items() if value.field == KIND}
    counts: Counter[tuple[str | None, frozenset[str]]] = Counter()
    names: dict[frozenset[str], tuple[str, ...]] = {}
    for signatures, sign in ((before.signatures, 1), (added.signatures, 1), (gone.signatures, -1)):
        for (kind, fields), count in signatures.items():
            said = frozenset(fields)
            names.setdefault(said, fields)
            counts[kind, said] += sign * count
    # Kinds come in the order in which products have them.
    told = sorted((each for each in counts if counts[each]), key=lambda each: first.get(each[0] or "", -1))
    return OwnFields(
        len(moves.places), values=tuple(rows), rows=np.concatenate([np.zeros(0, dtype=np.int32), *rows.values()]),
        starts=starts, signatures=Counter({(kind, names[said]): counts[kind, said] for kind, said in told}),
    )  # fmt: skip


def _rows_of(own: OwnFields) -> dict[OwnValue, NDArray[np.int32]]:
    return {value: own.rows[own.starts[at] : own.starts[at + 1]] for at, value in enumerate(own.values)}
