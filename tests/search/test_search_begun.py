"""Work that was begun elsewhere is taken over, waited for, done again where it failed, and forgotten by a forked process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from convagent.search import begun as rooms
from convagent.search.begun import Begun
from convagent.search.embedded_encoder import EmbeddedEncoder

PATIENCE = 30


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What holds up the work that was begun; opened at the end, whatever happened."""
    event = threading.Event()
    yield event
    event.set()


def test_a_result_is_waited_for_and_then_forgotten(gate: threading.Event) -> None:
    begun: Begun[str] = Begun()
    assert begun.begin("parcel", lambda: "found" if gate.wait(PATIENCE) else "never")
    assert not begun.begin("parcel", lambda: "twice")
    threading.Timer(0.05, gate.set).start()
    assert begun.result("parcel") == "found"
    while begun.result("parcel") is not None:
        pass
    assert begun.result("lamp") is None


def test_what_failed_is_nobodys_result(gate: threading.Event) -> None:
    def work() -> str:
        gate.wait(PATIENCE)
        raise ValueError("broken")

    begun: Begun[str] = Begun()
    assert begun.begin("parcel", work)
    threading.Timer(0.05, gate.set).start()
    assert begun.result("parcel") is None


def test_nothing_waits_in_a_queue(gate: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "_THREADS", 1)
    begun: Begun[bool] = Begun()
    assert begun.begin("first", lambda: gate.wait(PATIENCE))
    assert not begun.begin("second", lambda: True)
    assert begun.result("second") is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system doesn't fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_waits_for_nothing_of_its_parent(gate: threading.Event) -> None:
    begun: Begun[str] = Begun()
    begun.begin("parcel", lambda: "found" if gate.wait(PATIENCE) else "never")
    child = os.fork()
    if child == 0:
        told = begun.result("parcel") is None and begun.begin("parcel", lambda: "again")
        os._exit(0 if told and begun.result("parcel") in {"again", None} else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


@pytest.mark.parametrize("language", ["en", "de", None])
def test_what_was_begun_is_what_is_embedded(language: str | None) -> None:
    texts = ["my parcel never turned up", "", "die Lampe geht nicht an, seit gestern", "\x00 odd \ud800 text"]
    plain, ahead = EmbeddedEncoder(("en", "de"), threads=1), EmbeddedEncoder(("en", "de"), threads=2)
    expected = plain.embed(texts, kind="query", language=language)
    ahead._english._recent, ahead._multilingual._recent = {}, {}  # the models are shared by the process
    ahead.begin(texts, language=language)
    np.testing.assert_array_equal(ahead.embed(texts, kind="query", language=language), expected)
