"""One exchange with nobody, so that the first real one needn't wait for what the client imports and builds at its first."""

from __future__ import annotations

import functools
import json
from typing import Any, Literal

__all__ = ["rehearse"]

_MESSAGE = {
    "type": "message", "id": "m", "role": "assistant", "status": "completed",
    "content": [{"type": "output_text", "text": "x", "annotations": []}],
}  # fmt: skip
_RESPONSE = {
    "id": "r", "object": "response", "created_at": 0, "model": "m", "status": "completed", "output": [_MESSAGE],
    "error": None, "incomplete_details": None, "parallel_tool_calls": False, "tool_choice": "none", "tools": [],
    "usage": {
        "input_tokens": 1, "output_tokens": 1, "total_tokens": 2,
        "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0},
    },
}  # fmt: skip
_USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2, "prompt_tokens_details": {"cached_tokens": 0}}
_WHOLE: dict[str, Any] = {
    "chat": {
        "id": "c", "object": "chat.completion", "created": 0, "model": "m", "usage": _USAGE,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "x"}, "finish_reason": "stop"}],
    },
    "responses": _RESPONSE,
}  # fmt: skip
_EVENTS: dict[str, list[Any]] = {
    "chat": [
        {
            "id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "usage": _USAGE,
            "choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"}],
        },
    ],
    "responses": [
        {
            "type": "response.output_text.delta", "delta": "x", "item_id": "m", "output_index": 0, "content_index": 0,
            "sequence_number": 0,
        },
        {"type": "response.completed", "response": _RESPONSE, "sequence_number": 1},
    ],
}  # fmt: skip


@functools.cache
def rehearse(api: Literal["chat", "responses"]) -> None:
    """Has the client ask and read, whole and streamed, with an answer of ours and no network. Once in a process.

    Args:
        api: Which it will be asked for.
    """
    import httpx2
    import openai

    def answer(request: httpx2.Request) -> httpx2.Response:
        if json.loads(request.content).get("stream"):
            events = "".join(f"data: {json.dumps(event)}\n\n" for event in _EVENTS[api])
            return httpx2.Response(200, headers={"content-type": "text/event-stream"}, text=f"{events}data: [DONE]\n\n")
        return httpx2.Response(200, json=_WHOLE[api])

    with openai.OpenAI(
        api_key="none",
        base_url="http://127.0.0.1/v1",
        max_retries=0,
        http_client=httpx2.Client(transport=httpx2.MockTransport(answer), trust_env=False),
    ) as client:
        create: Any = client.responses.create if api == "responses" else client.chat.completions.create
        asked = {"input": "x"} if api == "responses" else {"messages": [{"role": "user", "content": "x"}]}
        create(model="m", **asked)
        for _ in create(model="m", stream=True, **asked):
            pass
