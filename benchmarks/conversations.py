"""Whole conversations, 500 at once: whether any reply, effect or line of a transcript is lost, and how long they take.

python benchmarks/conversations.py [--conversations 500] [--database sqlite|postgresql|URL]… [--workers N] [--by threads|asyncio]

Each conversation is held with the demo shop, to whose back office a customer and an open order are added for each: where the
order is (a look-up), to cancel it (a question that shows what it would do), yes (a write). All first messages are sent at
once, then all second ones, then all third ones; with several workers, which are processes of their own, every message of a
conversation goes to another one. What was carried out is counted in a file that the back office writes; it is held against
the ledger, the replies and what is kept of every conversation. By default SQLite with one process, SQLite with two, and
PostgreSQL with three where a server can be started here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from convagent import Agent
from convagent.actions import Ledger, LedgerEntry
from convagent.conversation import Turn
from convagent.storage import open_storage

ROOT = Path(__file__).resolve().parents[1]
FIRST = 200_001
COUNTED = '''

def _told(self, context, effect):
    """As before, and every effect that is carried out has a line in a file, whatever becomes of this process."""
    def carried_out():
        result = effect()
        log = os.open(LOG, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.write(log, f"{context.idempotency_key}\\n".encode())
        os.close(log)
        return result

    return _once(self, context, carried_out)


import os

LOG, _once = Path(__file__).parents[2] / "effects.log", BackOffice._once
BackOffice._once = _told
'''


def said(number: int) -> tuple[str, str, str]:
    """What the customer with this number writes."""
    return f"Where is my order #{FIRST + number}?", f"Please cancel my order #{FIRST + number}.", "Yes"


def who(number: int) -> dict[str, Any]:
    """Who the customer is."""
    return {"customer": {"id": f"G-{number}", "email": f"guest{number}@example.com", "verified": True}}


def write_shop(folder: Path, count: int) -> None:
    """The demo shop with so many more customers, each of whom has an order that nobody has begun to pack."""
    for name in ("actions", "back_office", "guidance", "knowledge"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for kept in ("understanding", "guidance", "articles"):  # what was reckoned for the same guides before
        if (ROOT / ".convagent" / kept).is_dir():
            shutil.copytree(ROOT / ".convagent" / kept, folder / ".convagent" / kept)
    settings = (ROOT / "convagent.toml").read_text(encoding="utf-8")
    (folder / "convagent.toml").write_text(settings.replace(r"'#?1\d{3}'", r"'#?\d{4,7}'"), encoding="utf-8")
    for name, pattern in (("customers", "C-1002"), ("orders", "#1101")):
        path = folder / "back_office" / f"{name}.json"
        records = json.loads(path.read_text(encoding="utf-8"))
        one = next(record for record in records if record["id"] == pattern)
        for number in range(count):
            mine = {"id": f"G-{number}" if name == "customers" else f"#{FIRST + number}"}
            email = {"email": f"guest{number}@example.com"}
            owner = {} if name == "customers" else {"customer_id": f"G-{number}"}
            records.append({**one, **mine, **email, **owner})
        path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    with (folder / "actions" / "back_office" / "__init__.py").open("a", encoding="utf-8") as file:
        file.write(COUNTED)


Told = tuple[int, int, str, str, float]
"""A message's conversation and place, the outcome, the reply, and the seconds that it took."""


def work(
    shop: str, url: str, me: int, workers: int, count: int, by: str, start: Any, told: Any
) -> None:  # fmt: skip
    """One worker: its share of every round, all at once."""
    found: list[Told] = []
    with Agent.open(shop, storage=url) as agent:
        for place in range(3):
            share = [number for number in range(count) if (number + place) % workers == me]
            start.wait(600)
            if by == "asyncio":
                found += asyncio.run(_asked_asynchronously(agent, share, place))
            elif share:
                with ThreadPoolExecutor(len(share)) as threads:
                    found += threads.map(lambda number, place=place: _asked(agent, number, place), share)
    told.put((found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


def _asked(agent: Agent, number: int, place: int) -> Told:
    started = time.perf_counter()
    turn = agent.reply(said(number)[place], conversation=f"guest-{number}", facts=who(number))
    return _told(number, place, turn, started)


async def _asked_asynchronously(agent: Agent, share: list[int], place: int) -> list[Told]:
    async def one(number: int) -> Told:
        started = time.perf_counter()
        turn = await agent.areply(said(number)[place], conversation=f"guest-{number}", facts=who(number))
        return _told(number, place, turn, started)

    return await asyncio.gather(*map(one, share))


def _told(number: int, place: int, turn: Turn, started: float) -> Told:
    text = turn.reply.text if turn.reply else ""
    return number, place, type(turn.outcome).__name__, text, time.perf_counter() - started


def held(url: str, *, count: int, workers: int, by: str) -> dict[str, Any]:
    """Holds the conversations, and counts."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Path(folder) / "shop"
        write_shop(shop, count)
        open_storage(url).close()  # the tables
        spawn = multiprocessing.get_context("spawn")
        start, told = spawn.Barrier(workers + 1), spawn.Queue()
        running = [
            spawn.Process(target=work, args=(str(shop), url, me, workers, count, by, start, told))
            for me in range(workers)
        ]
        for process in running:
            process.start()
        start.wait(600)
        started = time.perf_counter()
        start.wait(600)
        start.wait(600)
        ended = [told.get(timeout=600) for _ in running]
        seconds = time.perf_counter() - started
        for process in running:
            process.join(60)
        log = shop / "effects.log"
        effects = Counter(log.read_text(encoding="ascii").split() if log.exists() else [])
        turns: list[Told] = [turn for found, _ in ended for turn in found]
        return {
            **counted(url, count=count, turns=turns, effects=effects),
            "seconds": round(seconds, 1),
            "longest_turn": round(max(turn[4] for turn in turns), 1),
            "megabytes": max(size for _, size in ended),
        }


def counted(url: str, *, count: int, turns: list[Told], effects: Counter[str]) -> dict[str, Any]:
    """What was replied, done and kept of the conversations."""
    replies = {(number, place): text for number, place, _, text, _ in turns}
    whole, entries = 0, list[LedgerEntry]()
    with open_storage(url) as storage:
        for number in range(count):
            entries += Ledger.beside(storage).entries(conversation=f"guest-{number}")
            stored = storage.load(f"guest-{number}")
            if stored is None:
                continue
            lines = [(message.author, message.text) for message in stored.conversation.messages]
            wanted = [
                line
                for place, text in enumerate(said(number))
                for line in (("customer", text), ("agent", replies.get((number, place), "")))
            ]
            whole += lines == wanted and len(stored.conversation.turns) == 3
    done = {entry.key for entry in entries if entry.status == "done"}
    return {
        "conversations": count,
        "replies": sum(map(bool, replies.values())),
        "outcomes": {
            f"{place + 1} {kind}": times
            for (place, kind), times in sorted(Counter((place, kind) for _, place, kind, _, _ in turns).items())
        },
        "effects_once": sum(times == 1 for times in effects.values()),
        "effects_twice": sum(times > 1 for times in effects.values()),
        "effects_lost": len(done ^ set(effects)),
        "whole_transcripts": whole,
    }


def is_whole(found: dict[str, Any]) -> bool:
    """Whether nothing was lost: three replies, one effect and a transcript for each conversation."""
    count = found["conversations"]
    return (
        found["replies"] == 3 * count
        and found["outcomes"] == {"1 Answered": count, "2 Asked": count, "3 Answered": count}
        and (found["effects_once"], found["effects_twice"], found["effects_lost"]) == (count, 0, 0)
        and found["whole_transcripts"] == count
    )


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The URL of a server that is started for the occasion, None where there is none to start."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), Path(shutil.which("initdb") or "/nowhere").resolve().parent]
    programs = next((folder for folder in reversed(folders) if (folder / "postgres").is_file()), None)
    if programs is None:
        yield None
        return
    as_whom: dict[str, Any] = {}
    if os.geteuid() == 0:  # it refuses to be root
        import pwd

        names = {user.pw_name: user for user in pwd.getpwall()}
        user = names.get("postgres") or names["nobody"]
        as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        if as_whom:
            os.chown(folder, as_whom["user"], as_whom["group"])
        make = [
            str(programs / "initdb"),
            "-D",
            f"{folder}/data",
            "-U",
            "shop",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
        ]
        subprocess.run(make, check=True, capture_output=True, cwd=folder, **as_whom)
        run = ["-D", f"{folder}/data", "-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}"]
        with Path(folder, "log").open("wb") as log:
            server = subprocess.Popen([str(programs / "postgres"), *run], cwd=folder, stdout=log, stderr=log, **as_whom)
            try:
                while server.poll() is None and not Path(folder, ".s.PGSQL.5432").exists():
                    time.sleep(0.05)
                time.sleep(1)
                yield f"postgresql://shop@/postgres?host={folder}"
            finally:
                server.terminate()
                server.wait(60)


def main() -> int:
    """Holds them; fails when anything was lost."""
    reading = argparse.ArgumentParser(description="Whole conversations at once.")
    reading.add_argument("--conversations", type=int, default=500)
    reading.add_argument("--database", action="append", help="sqlite, postgresql or a URL; may be repeated")
    reading.add_argument("--workers", type=int, help="processes; 1 and 2 for SQLite, 3 for PostgreSQL by default")
    reading.add_argument("--by", choices=["threads", "asyncio"], default="threads")
    reading.add_argument("--json", action="store_true", help="one line of JSON for each run")
    given = reading.parse_args()
    plan: list[tuple[str, int]] = []
    for database in given.database or ["sqlite", "postgresql"]:
        usual = (1, 2) if database == "sqlite" else (3,)
        plan += [(database, workers) for workers in ((given.workers,) if given.workers else usual)]
    whole = True
    with postgresql() if any(name == "postgresql" for name, _ in plan) else nullcontext() as server:
        for database, workers in plan:
            with tempfile.TemporaryDirectory() as folder:
                url = {"sqlite": f"sqlite:///{folder}/kept.db", "postgresql": server}.get(database, database)
                if url is None:
                    print(f"{database}: no server can be started here")
                    continue
                found = held(url, count=given.conversations, workers=workers, by=given.by)
            whole = is_whole(found) and whole
            named = {"database": url.partition(":")[0], "workers": workers, "by": given.by, **found}
            print(json.dumps(named) if given.json else ", ".join(f"{key} {value}" for key, value in named.items()))
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
