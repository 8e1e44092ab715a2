"""Who holds a lease: tokens that tell a process of this machine, and whether that process is gone.

A token is random. On Linux it also names the machine's boot and process namespace, the process and when that started, so
that another process of the same machine sees at once that the holder was killed, and needn't wait for the lease to lapse.
Where that can't be seen (another machine, another system) a holder counts as alive.
"""

from __future__ import annotations

import hashlib
import os
import platform
import uuid
from functools import cache
from pathlib import Path

__all__ = ["is_gone", "new_token"]

_DEAD = frozenset("ZXx")
"""States in /proc/PID/stat of a process that runs no more (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)."""


def new_token() -> str:
    """A token of this process, at most 64 characters."""
    rest = uuid.uuid4().hex[:20]
    here, started = _here(), _started(os.getpid())
    return f"{here}-{os.getpid()}-{started}-{rest}" if here and started else rest


def is_gone(token: str) -> bool:
    """Whether the process that made a token is known to run no more."""
    parts = token.split("-")
    if len(parts) != 4 or not parts[1].isdigit() or parts[0] != _here():
        return False
    return _started(int(parts[1])) != parts[2]


@cache
def _here() -> str:
    """Machine, its boot and the namespace of process numbers, in a short hash; empty where that can't be told."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return ""
    return hashlib.sha256(f"{platform.node()} {boot} {space}".encode("utf-8", "replace")).hexdigest()[:12]


def _started(process: int) -> str:
    """When a process started, in ticks since the boot; empty when it runs no more."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = text.rpartition(")")[2].split()  # the name stands in brackets and may hold anything
    return "" if len(fields) < 20 or fields[0] in _DEAD else fields[19]
