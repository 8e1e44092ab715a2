"""Faults and dialects: whatever a server writes, the error says nothing of the prompt, and learning of a server ends."""

from __future__ import annotations

from typing import Any

import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convagent.errors import ModelError
from convagent.models import ChatMessage, ChatRequest
from convagent.models.dialects import Dialect, adapted, chat_arguments, responses_arguments
from convagent.models.faults import fault_in_stream, fault_of, parameters_named
from convagent.models.port import TRANSIENT

SECRET = "Ada Lovelace, sk-0123456789"
WORDS = st.sampled_from(
    ["model", "max_tokens", "not found", "context length", "rate_limit_exceeded", "error", "", SECRET]
)
TEXTS = st.lists(WORDS, max_size=4).map(" ".join) | st.just(SECRET)
NAMES = st.sampled_from(["error", "message", "code", "type", "param", "detail", "loc", "msg", "input", SECRET])
BODIES = st.recursive(
    TEXTS | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
KNOWN = {
    *TRANSIENT,
    "model-refused",
    "model-unknown",
    "model-too-long",
    "model-invalid",
    "model-unusable",
}


def refused(status: int, body: Any, headers: dict[str, str] | None = None) -> openai.APIStatusError:
    request = httpx2.Request("POST", "http://127.0.0.1/v1")
    return openai.APIStatusError(SECRET, response=httpx2.Response(status, request=request, headers=headers), body=body)


@given(status=st.integers(300, 599), body=BODIES, wait=st.text(st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_no_answer_of_a_server_gets_its_words_into_an_error(status: int, body: Any, wait: str) -> None:
    for found in (
        fault_of(refused(status, body, {"retry-after": wait.strip()}), model="openai:m"),
        fault_in_stream(body, model="openai:m"),
    ):
        assert found.code in KNOWN
        assert found.remedy
        assert "Ada" not in str(found)
        assert "sk-" not in str(found)
        assert getattr(found, "retry_after", 0.0) >= 0


@given(st.sampled_from([ValueError, RuntimeError, RecursionError, KeyError, OSError, AttributeError, MemoryError]))
def test_whatever_is_raised_becomes_an_error_without_its_words(kind: type[Exception]) -> None:
    found = fault_of(kind(SECRET), model="openai:m")
    assert found.code in KNOWN
    assert "Ada" not in str(found)


def test_an_error_of_ours_stays_itself() -> None:
    error = ModelError("ours", code="model-too-long")
    assert fault_of(error, model="openai:m") is error


@given(BODIES)
def test_settings_that_a_server_names_can_be_read_from_anything(body: Any) -> None:
    assert set(parameters_named(body)) <= {"max_tokens", "model", "messages"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (
            {
                "error": {
                    "message": "'max_tokens' is not supported. Use 'max_completion_tokens'.",
                    "param": "max_tokens",
                }
            },
            ("max_tokens",),
        ),
        ({"message": "Unrecognized request argument supplied: seed"}, ("seed",)),
        ({"error": "json_schema response_format is not supported"}, ("json_schema", "response_format")),
        ({"detail": [{"loc": ["body", "stream_options"], "input": {"temperature": 1}}]}, ("stream_options",)),
        ({"error": {"param": "text.format", "message": "temperature"}}, ("text.format",)),
        ("temperature is fixed", ("temperature",)),
        (None, ()),
        ({"error": {"message": "maximum_tokens"}}, ()),
    ],
)
def test_the_setting_that_a_server_complains_of_is_found(body: Any, named: tuple[str, ...]) -> None:
    assert parameters_named(body) == named


PARAMETERS = st.sampled_from([
    "response_format", "json_schema", "text.format", "stream_options", "max_completion_tokens", "max_tokens", "temperature", "seed", "store", "model",
])  # fmt: skip


@given(
    complaints=st.lists(st.lists(PARAMETERS, min_size=1, max_size=3).map(tuple), min_size=30, max_size=30),
    api=st.sampled_from([chat_arguments, responses_arguments]),
    stream=st.booleans(),
    schema=st.booleans(),
)
def test_learning_of_a_server_ends(complaints: list[tuple[str, ...]], api: Any, stream: bool, schema: bool) -> None:
    request = ChatRequest("compose", (ChatMessage("user", "x"),), schema={"type": "object"} if schema else None, seed=1)
    dialect, tried = Dialect(), [Dialect()]
    for named in complaints:
        given = frozenset(api(request, dialect, model="m", stream=stream))
        following = adapted(dialect, named, given=given, tried=frozenset(tried))
        if following is None:
            continue
        assert following not in tried
        dialect = following
        tried.append(following)
    assert len(tried) <= 9
    assert {"model"} <= set(api(request, dialect, model="m", stream=stream))
