"""Products of a few rows with a matrix, on one thread.

A message is compared with some hundred or thousand texts. For products of that size BLAS starts its threads, which wait for
one another in a loop: with numpy's OpenBLAS on two shared cores a turn took 24 ms of CPU in place of 6. `numpy.vecdot` takes
a dot product for each row and starts no thread, and a host's own setting of BLAS is left alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["rows_times"]


def rows_times(rows: NDArray[Any], columns: NDArray[Any]) -> NDArray[Any]:
    """`rows @ columns.T`, one row after the other.

    Args:
        rows: Shape (n, d), or one of shape (d,); few.
        columns: Shape (m, d): best where the last axis is contiguous.

    Returns:
        Shape (n, m), or (m,).
    """
    return np.asarray(np.vecdot(rows[..., None, :], columns))
