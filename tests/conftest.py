"""What all tests share: where things are, and a shop to work on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from convagent.agent import Agent
from convagent.cli.init import new_shop

ROOT = Path(__file__).parents[1]

# A shell starts what runs in the background deaf to Ctrl-C, and so would be the commands that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says how busy the machine is, and belongs to the benchmarks. The same code gets the same
# examples, so that a change is judged by what it changed; `make explore` looks for new ones, many more of them.
EXPLORED = int(os.environ.get("EXPLORE", "0"))
untimed: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
settings.register_profile("same examples", **untimed, derandomize=True)
settings.register_profile("new examples", **untimed, derandomize=False)
settings.load_profile("new examples" if EXPLORED else "same examples")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives each property its many examples where `EXPLORE` asks for them."""
    name = "_hypothesis_internal_use_settings"  # what the library's own plugin reads, too
    found = {getattr(item, "obj", None) for item in items if EXPLORED}
    for function in {getattr(each, "__func__", each) for each in found if getattr(each, "is_hypothesis_test", False)}:
        old = getattr(function, name)
        setattr(function, name, settings(old, max_examples=old.max_examples * EXPLORED))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository, which is itself the demo shop."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public data beside the repository; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("CONVAGENT_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the public data is not at {folder.name}: set CONVAGENT_SHARED_DATA")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A new shop as `convagent init` writes it."""
    new_shop(tmp_path / "shop", name="Test shop")
    return tmp_path / "shop"


@pytest.fixture
def agent(shop: Path) -> Iterator[Agent]:
    """An agent on a new shop that keeps conversations in memory."""
    with Agent.open(shop, storage="memory:") as opened:
        yield opened


@pytest.fixture(scope="session")
def demo_agent() -> Iterator[Agent]:
    """An agent on the demo shop. Its back office is shared: tests that change it open their own."""
    with Agent.open(ROOT, storage="memory:") as opened:
        yield opened


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, with a place for the database's name; it runs as an ordinary user."""
    pytest.importorskip("psycopg", reason="PostgreSQL's driver isn't installed: pip install 'convagent[postgresql]'")
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), Path(shutil.which("initdb") or "/nowhere").resolve().parent]
    programs = next((folder for folder in reversed(folders) if (folder / "postgres").is_file()), None)
    if programs is None:
        pytest.skip("PostgreSQL isn't installed: apt install postgresql")
    # A folder that another user can get to, which pytest's own are not; its name is short, as a socket's path must be.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        who = _ordinary_user()
        if who:
            os.chown(folder, who["user"], who["group"])
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
            "--no-sync",
        ]
        subprocess.run([*make, "--locale=C"], check=True, capture_output=True, cwd=folder, timeout=120, **who)
        settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "max_connections=200")
        start = [
            str(programs / "postgres"),
            "-D",
            f"{folder}/data",
            *(part for each in settings for part in ("-c", each)),
        ]
        with Path(folder, "log").open("wb") as log:
            server = subprocess.Popen(start, cwd=folder, stdout=log, stderr=log, **who)
            try:
                url = f"postgresql://shop@/{{database}}?host={folder}"
                _wait_until_it_answers(url.format(database="postgres"), server)
                yield url
            finally:
                server.terminate()
                server.wait(60)


def _ordinary_user() -> dict[str, Any]:
    """Whom a program runs as that refuses to be root: nobody else where we aren't."""
    if os.geteuid() != 0:
        return {}
    import pwd

    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}


def _wait_until_it_answers(url: str, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the PostgreSQL server did not start")


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """An empty PostgreSQL database of our own."""
    import psycopg
    from psycopg import sql

    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgresql_server.format(database="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield postgresql_server.format(database=name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
