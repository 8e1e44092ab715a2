"""Files of arrays are read by many threads at once, and in a forked process, as by one."""

from __future__ import annotations

import gc
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from convagent.npy_files import _alone, map_array, read_npz

THREADS, TIMES = 8, 20


class Loop:
    """Garbage whose end lets another thread go on, wherever it comes."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        time.sleep(0)


def deep_down(levels: int, path: Path) -> float:
    """What an array sums up to, read below so many calls."""
    if levels:
        return deep_down(levels - 1, path)
    Loop()
    return float(map_array(path).sum())


def test_threads_read_at_once(tmp_path: Path) -> None:
    """Unguarded, this raises `SystemError` in Python 3.11."""
    np.save(tmp_path / "one.npy", np.arange(12.0))
    usual = gc.get_threshold()
    gc.set_threshold(5)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            read = set(
                pool.map(lambda number: deep_down(number % 7 * 20, tmp_path / "one.npy"), range(THREADS * TIMES))
            )
    finally:
        gc.set_threshold(*usual)
    assert read == {66.0}


def test_only_the_arrays_that_are_named_are_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", first=np.zeros(2), second=np.ones(2))
    assert list(read_npz(tmp_path / "two.npz", ("second",))) == ["second"]
    with pytest.raises(KeyError):
        read_npz(tmp_path / "two.npz", ("third",))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system doesn't fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_process_that_was_forked_while_another_thread_reads_reads_too(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", np.ones(3))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_alone.acquire).result()
        child = os.fork()
        if child == 0:
            os._exit(0 if map_array(tmp_path / "one.npy").sum() == 3 else 1)
        _, status = os.waitpid(child, 0)
        pool.submit(_alone.release).result()
    assert os.waitstatus_to_exitcode(status) == 0
