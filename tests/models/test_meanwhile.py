"""What is done while a model is asked."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from convagent.errors import ModelError
from convagent.models import ChatMessage, ChatRequest, Meanwhile, ModelCalls, ScriptedModel
from convagent.models import meanwhile as module

REQUEST = ChatRequest("compose", (ChatMessage("user", "hello"),))


def test_work_begins_when_the_model_is_asked_and_is_done_when_it_was_waited_for() -> None:
    begun, asked = threading.Event(), threading.Event()
    done: list[int] = []

    def work() -> None:
        begun.set()
        assert asked.wait(10)
        done.append(1)

    def answer(_request: ChatRequest) -> str:
        assert begun.wait(10)  # the work runs beside this call
        asked.set()
        return "hi"

    meanwhile = Meanwhile(work)
    assert not begun.is_set()
    assert ModelCalls(ScriptedModel(answer), 30).complete(REQUEST, meanwhile=meanwhile).text == "hi"
    meanwhile.wait()
    assert done == [1]


def test_a_stream_lets_it_go_too() -> None:
    done = threading.Event()
    meanwhile = Meanwhile(done.set)
    stream = ModelCalls(ScriptedModel(["one two"]), 30).stream(REQUEST, meanwhile=meanwhile)
    assert not done.is_set()
    assert "".join(stream) == "one two"
    meanwhile.wait()
    assert done.is_set()


def test_work_of_a_call_that_was_never_made_is_not_waited_for() -> None:
    meanwhile = Meanwhile(lambda: pytest.fail("it was never to begin"))
    with pytest.raises(ModelError, match="calls"):
        ModelCalls(ScriptedModel(["x"]), 30, most=0).complete(REQUEST, meanwhile=meanwhile)
    meanwhile.wait()


def test_what_the_work_raises_harms_nobody() -> None:
    def work() -> None:
        raise RuntimeError("no")

    meanwhile = Meanwhile(work)
    assert ModelCalls(ScriptedModel(["x"]), 30).complete(REQUEST, meanwhile=meanwhile).text == "x"
    meanwhile.wait()


FORKED = """
import os, threading
from convagent.models import Meanwhile

def serve():
    done = threading.Event()
    meanwhile = Meanwhile(done.set)
    meanwhile.go()
    meanwhile.wait()
    return done.is_set()

assert serve()
child = os.fork()
if not child:
    os._exit(0 if serve() else 1)
print(os.waitpid(child, 0)[1], serve())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_has_threads_of_its_own() -> None:
    ran = subprocess.run([sys.executable, "-c", FORKED], check=True, capture_output=True, text=True, timeout=60)
    assert ran.stdout == "0 True\n"


def test_at_a_programs_end_nothing_begins_and_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = ThreadPoolExecutor(1)
    ended.shutdown()
    monkeypatch.setattr(module, "_threads", ended)
    meanwhile = Meanwhile(lambda: pytest.fail("it was never to begin"))
    meanwhile.go()
    meanwhile.wait()


def test_what_cannot_begin_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    original = ThreadPoolExecutor.submit

    def submit(
        pool: Any, *work: Any
    ) -> Any:  # as where no thread can be started: it was queued before that was found out
        original(pool, *work)
        raise RuntimeError("can't start new thread")

    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(ThreadPoolExecutor, "submit", submit)
        monkeypatch.setattr(module, "_threads", pool)
        monkeypatch.setattr(module, "UNTIL_IT_LEFT", 3_600.0)
        meanwhile = Meanwhile(lambda: pytest.fail("it was never to begin"))
        meanwhile.go()
        meanwhile.wait()


def test_what_is_dropped_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UNTIL_IT_LEFT", 3_600.0)
    done: list[int] = []
    meanwhile = Meanwhile(lambda: done.append(1))
    meanwhile.go()
    meanwhile.drop()
    meanwhile.wait()
    assert not done


def test_it_leaves_the_request_time_to_leave_but_begins_when_it_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UNTIL_IT_LEFT", 3_600.0)
    done = threading.Event()
    meanwhile = Meanwhile(done.set)
    assert ModelCalls(ScriptedModel(["x"]), 30).complete(REQUEST, meanwhile=meanwhile).text == "x"
    assert not done.is_set()
    meanwhile.wait()
    assert done.is_set()
