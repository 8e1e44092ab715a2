"""Bounds of time and size, however the other side behaves; and what may be sent again."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.actions.http_actions.conftest import Asked, Caller

GET = """
[actions.get]
kind = "lookup"
timeout_seconds = 0.6
max_bytes = 10000
retries = 0
request = { url = "/x" }
"""
POST = GET.replace('"lookup"', '"write"').replace("{ url", '{ method = "POST", url')
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def _bounded(caller: Caller, text: str) -> str:
    started = time.monotonic()
    done = caller(text)
    assert time.monotonic() - started < 8, "the other side goes on for 12 seconds"
    return done.result.status


def _slow_body(_asked: Asked, out: Any) -> None:
    out.write(_HEAD + b"Content-Length: 100000\r\n\r\n")
    _drip(out)


def _slow_head(_asked: Asked, out: Any) -> None:
    out.write(b"HTTP/1.1 200 OK\r\nX: ")
    _drip(out)


def _drip(out: Any) -> None:
    for _ in range(240):
        try:
            out.write(b"1")
            out.flush()
        except OSError:
            return
        time.sleep(0.05)


def _silent(_asked: Asked, _out: Any) -> None:
    time.sleep(12)


def _endless(_asked: Asked, out: Any) -> None:
    out.write(_HEAD + b"\r\n")
    for _ in range(100_000):
        try:
            out.write(b"x" * 10_000)
        except OSError:
            return


def _endless_head(_asked: Asked, out: Any) -> None:
    out.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        try:
            out.write(f"X-{number}: {'y' * 100}\r\n".encode())
        except OSError:
            return


def _interim(_asked: Asked, out: Any) -> None:
    for _ in range(240):
        try:
            out.write(b"HTTP/1.1 102 Processing\r\n\r\n")
            out.flush()
        except OSError:
            return
        time.sleep(0.05)


def _garbage(_asked: Asked, out: Any) -> None:
    out.write(b"\x00\x01 not http at all\r\n\r\n")


def _cut(_asked: Asked, out: Any) -> None:
    out.write(_HEAD + b"Content-Length: 100\r\n\r\n{")


@pytest.mark.parametrize(
    "behaviour", [_slow_body, _slow_head, _silent, _endless, _endless_head, _interim, _garbage, _cut]
)
def test_whatever_the_other_side_does_a_call_ends_and_tells_the_truth(caller: Caller, behaviour: Any) -> None:
    caller.service.raw = behaviour
    assert _bounded(caller, GET) == "failed"
    assert _bounded(caller, POST + '[actions.get.result]\ntype = "text"\nfrom = "x"\n') in {"uncertain", "done"}
    strict = POST + '[[actions.get.outcomes]]\nwhen = "errors"\nmeans = "refused"\n'
    assert _bounded(caller, strict) == "uncertain"


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_small_answer_that_unpacks_without_end_is_not_unpacked(caller: Caller, packing: str) -> None:
    huge = b"0" * 200_000_000
    bomb = gzip.compress(huge, 9) if packing == "gzip" else zlib.compress(huge, 9)
    del huge
    caller.service.says(bomb, headers={"Content-Encoding": packing})
    text = GET.replace("10000", "1000000").replace("0.6", "5")
    tracemalloc.start()
    done = caller(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (done.result.status, done.result.error) == ("failed", "the answer is too large")
    assert peak < 20_000_000


def test_packed_answers_are_read(caller: Caller) -> None:
    text = GET + '[actions.get.result]\ntype = "text"\nfrom = "word"\n'
    caller.service.says(gzip.compress(b'{"word": ') + gzip.compress(b'"hello"}'), headers={"Content-Encoding": "gzip"})
    assert caller(text).result.value == "hello"
    for body, packing in (
        (b"not packed", "gzip"),
        (gzip.compress(b'{"word": "x"}')[:-9], "gzip"),
        (b"x", "br"),
        (b"x", "gzip, gzip"),
    ):
        caller.service.says(body, headers={"Content-Encoding": packing})
        assert caller(text).result.status == "failed"


def test_an_answer_of_the_allowed_size_is_read_and_one_more_byte_is_not(caller: Caller) -> None:
    text = GET + '[actions.get.result]\ntype = "text"\nfrom = "@"\n'
    caller.service.says(b'"' + b"x" * 9998 + b'"')
    assert caller(text).result.status == "done"
    caller.service.says(b'"' + b"x" * 9999 + b'"')
    assert caller(text).result.status == "failed"


AGAIN = GET.replace("retries = 0", "retries = 2").replace("0.6", "30")


def test_a_lookup_waits_as_long_as_it_is_asked_to_and_tries_again(caller: Caller) -> None:
    date = "Tue, 16 Jun 2026 10:00:00 GMT"
    caller.service.says(
        (429, {"Retry-After": "7"}, b""),
        (503, {"Retry-After": "Tue, 16 Jun 2026 10:00:05 GMT", "Date": date}, b""),
        {"ok": 1},
    )
    assert caller(AGAIN).result.status == "done"
    assert caller.waited == [7.0, 5.0]


def test_a_wait_beyond_the_calls_time_is_not_begun(caller: Caller) -> None:
    caller.service.says((429, {"Retry-After": "3600"}, b""))
    done = caller(AGAIN)
    assert (done.result.status, caller.waited, len(caller.service.asked)) == ("failed", [], 1)
    caller.service.says((429, {"Retry-After": "soon"}, b""), {"ok": 1})
    assert caller(AGAIN).result.status == "done"


def test_tries_end(caller: Caller) -> None:
    caller.service.says({}, status=503)
    assert caller(AGAIN).result.status == "failed"
    assert len(caller.service.asked) == 3


def test_a_write_that_may_have_happened_is_sent_again_only_where_the_service_knows_its_key(caller: Caller) -> None:
    plain = AGAIN.replace('"lookup"', '"write"').replace("{ url", '{ method = "POST", url')
    caller.service.says((502, {}, b""), {"ok": 1})
    assert caller(plain).result.status == "uncertain"
    assert len(caller.service.asked) == 1
    caller.service.asked.clear()
    caller.service.says((502, {}, b""), {"ok": 1})
    keyed = plain.replace('"write"', '"write"\nidempotent = true')
    assert caller(keyed).result.status == "done"
    assert {asked.headers["idempotency-key"] for asked in caller.service.asked} == {"key-1"}
    assert len(caller.service.asked) == 2
    caller.service.asked.clear()
    caller.service.says((502, {}, b""), {"ok": 1})
    assert caller(keyed, key="").result.status == "uncertain", "without a key nothing is known"
    assert len(caller.service.asked) == 1


def test_too_many_requests_says_that_a_write_was_not_done(caller: Caller) -> None:
    plain = AGAIN.replace('"lookup"', '"write"').replace("{ url", '{ method = "POST", url')
    caller.service.says((429, {"Retry-After": "1"}, b""), {"ok": 1})
    assert caller(plain).result.status == "done"
    assert len(caller.service.asked) == 2


def test_a_write_that_never_left_was_not_done(caller: Caller) -> None:
    head = '[service]\nurl = "http://127.0.0.1:1"\nprivate_networks = ["127.0.0.1/32"]\n'
    done = caller(POST, head=head)
    assert (done.result.status, done.result.error) == ("failed", "127.0.0.1 can't be reached")


def test_a_write_whose_answer_never_comes_is_uncertain(caller: Caller) -> None:
    caller.service.raw = _silent
    assert _bounded(caller, POST) == "uncertain"
