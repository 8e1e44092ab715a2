"""What can go wrong with a chat model, as a `ModelError` with a code and a remedy.

What a server writes about a fault may repeat the prompt or the key. So none of its words get into an error: its HTTP status does,
and those codes and names of settings that are known. The list of codes stands in docs/model-failures.md.
"""

from __future__ import annotations

import math
import re
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

from convagent.errors import ModelError
from convagent.models.in_time import TooLongError, TooSlowError

__all__ = [
    "RetryLaterError",
    "broken_off",
    "fault_in_stream",
    "fault_of",
    "foreign_fault",
    "parameters_named",
    "too_slow",
    "unusable",
]


class RetryLaterError(ModelError):
    """A fault in passing, of which the server said how many seconds it wants to be left alone."""

    default_code = "model-busy"
    retry_after: float = 0.0


_TOO_LONG = re.compile(
    r"context[ _-]?(?:length|window|size)|maximum context|n_ctx|prompt is too long|too many (?:input )?tokens"
    r"|input is too long|reduce (?:the length|your prompt)|exceeds? (?:the )?(?:available|maximum) (?:context|number of tokens)",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model:?\s*\S{0,80}\s+(?:does not exist|not found|is not available)|no such model", re.IGNORECASE
)
_FILTERED = frozenset({"content_filter", "content_policy_violation", "invalid_prompt", "bio_policy", "cyber_policy"})
_SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "access_terminated"})
_BUSY = frozenset({"rate_limit_exceeded", "rate_limit_error", "engine_overloaded", "overloaded_error", "slow_down"})
_CODES = (
    frozenset({
        "context_length_exceeded", "string_above_max_length", "invalid_api_key", "model_not_found", "invalid_type",
        "unsupported_parameter", "unsupported_value", "unknown_parameter", "invalid_value", "missing_required_parameter",
        "invalid_request_error", "server_error", "api_error", "internal_error", "DeploymentNotFound", "invalid_image",
        "invalid_image_url", "image_parse_error", "invalid_json_schema", "authentication_error", "permission_denied",
        "not_found_error", "exceed_context_size_error", "unavailable_error", "BadRequestError", "NotFoundError",
    })
    | _FILTERED | _SPENT | _BUSY
)  # fmt: skip
"""Words of servers for what is wrong that are shown; any other could be part of what was sent."""

_PARAMETERS = (
    "response_format", "json_schema", "text.format", "stream_options", "include_usage", "max_completion_tokens",
    "max_output_tokens", "max_tokens", "temperature", "seed", "store", "instructions", "messages", "model",
)  # fmt: skip


def fault_of(error: BaseException, *, model: str) -> ModelError:
    """The error to raise for what the client, or the network, or reading the answer raised.

    Args:
        error: What was raised; a `ModelError` stays itself.
        model: Whose call it was, as it stands in messages.
    """
    import httpx2
    import openai

    if isinstance(error, ModelError):
        return error
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, model)
    if isinstance(error, (openai.APITimeoutError, httpx2.TimeoutException, TooSlowError, TimeoutError)):
        return too_slow(model)
    if isinstance(error, TooLongError):
        return unusable(model, "sent far more than was asked for")
    if isinstance(error, (openai.APIConnectionError, httpx2.TransportError, OSError)):
        return _unreachable(error, model)
    if isinstance(error, openai.APIResponseValidationError):
        return unusable(model, "answered with something that is no answer")
    if isinstance(error, openai.APIError):  # an error in the middle of a stream
        return fault_in_stream(error.body, model=model)
    if isinstance(error, (httpx2.InvalidURL, httpx2.UnsupportedProtocol)):
        return ModelError(
            f"the address of {model} can't be used", code="model-invalid", remedy="Mend [model] base_url."
        )
    return unusable(model, f"answered with something that can't be read ({type(error).__name__})")


def foreign_fault(error: BaseException, *, model: str) -> ModelError | None:
    """The error to raise for what a model of somebody else's raised; its words may hold the prompt's, and are left out.

    Args:
        error: What was raised; a `ModelError` stays itself.
        model: Whose call it was, as it stands in messages.

    Returns:
        None for what ends more than the call: KeyboardInterrupt, SystemExit. A task that was cancelled inside the model is the
        model's fault alone, as none of the caller's runs there.
    """
    if isinstance(error, ModelError):
        return error
    if isinstance(error, TimeoutError):
        return too_slow(model)
    if isinstance(error, ConnectionError):
        return ModelError(f"{model} can't be reached", code="model-unreachable", remedy=_LATER)
    asyncio = sys.modules.get("asyncio")  # nobody can have raised its errors without it
    if isinstance(error, Exception) or (asyncio is not None and isinstance(error, asyncio.CancelledError)):
        return ModelError(
            f"{model} broke: {type(error).__name__}", code="model-failed", remedy="Look at the model's own code."
        )
    return None


def fault_in_stream(body: object, *, model: str) -> ModelError:
    """The error to raise for one that stands where an answer should be."""
    return _of_code(body, model) or ModelError(
        f"{model} broke off with an error{_told(body)}", code="model-failed", remedy=_LATER
    )


_LATER = "The server's own log says more; trying again later may help."


def too_slow(model: str) -> ModelError:
    """The call took longer than it may."""
    return ModelError(
        f"{model} didn't answer in time",
        code="model-timeout",
        remedy="Raise [model] turn_seconds, lower reply_tokens, or choose a faster model.",
    )


def broken_off(model: str) -> ModelError:
    """The server ended its answer before it was whole."""
    return ModelError(f"{model} broke off in the middle of its answer", code="model-unreachable", remedy=_LATER)


def unusable(model: str, what: str, *, remedy: str = "Look at what is served under [model] base_url.") -> ModelError:
    """An answer that is none."""
    return ModelError(f"{model} {what}", code="model-unusable", remedy=remedy)


def _unreachable(error: BaseException, model: str) -> ModelError:
    import httpx2

    cause = error.__cause__ or error
    broke = isinstance(cause, (httpx2.ReadError, httpx2.WriteError, httpx2.RemoteProtocolError))
    if isinstance(cause, httpx2.LocalProtocolError):
        return ModelError(f"a request to {model} can't be sent", code="model-invalid", remedy="Look at the key.")
    return ModelError(
        f"the connection to {model} broke off" if broke else f"{model} can't be reached",
        code="model-unreachable",
        remedy="See that the server runs and that [model] base_url is right.",
    )


def _of_status(error: Any, model: str) -> ModelError:
    status = int(error.status_code)
    body = error.body
    known = _of_code(body, model)
    if known is not None and not (isinstance(known, RetryLaterError) and status != 429):
        return _with_wait(known, error)
    message = " ".join(_messages_of(body))
    told = f" (HTTP {status}{_told(body, bare=True)})"
    if status == 413 or (status in {400, 422, 500} and _TOO_LONG.search(message)):
        return _prompt_too_long(model, told)
    if status in {401, 403}:
        return ModelError(
            f"{model} refused the key{told}",
            code="model-refused",
            remedy="See that the environment variable that [model] key names holds a valid key with rights to this model.",
        )
    if status == 404 or (status in {400, 422} and _NO_MODEL.search(message)):
        return ModelError(
            f"{model} isn't served there{told}",
            code="model-unknown",
            remedy="Look at [model] name, and at base_url, which for most servers ends in /v1.",
        )
    if status == 408:
        return too_slow(model)
    if status == 429:
        return _with_wait(ModelError(f"{model} has too many requests{told}", code="model-busy", remedy=_SLOWER), error)
    if status >= 500 or status in {409, 425}:
        return _with_wait(ModelError(f"{model} failed{told}", code="model-failed", remedy=_LATER), error)
    if 300 <= status < 400:
        remedy = (
            "It answers with another address, which isn't followed, as prompts would go there: put it into base_url."
        )
        return ModelError(f"{model} isn't served there{told}", code="model-invalid", remedy=remedy)
    return ModelError(
        f"{model} didn't accept the request{told}",
        code="model-invalid",
        remedy="The server doesn't know something of the request: try another [model] api, or a newer server.",
    )


_SLOWER = "Lower [model] concurrency, or raise the limits of your account."


def _of_code(body: object, model: str) -> ModelError | None:
    """What a server's own code says, where it says more than its status."""
    codes = _codes_of(body)
    told = _told(body)
    if codes & {"context_length_exceeded", "string_above_max_length", "exceed_context_size_error"}:
        return _prompt_too_long(model, told)
    if codes & _FILTERED:
        return unusable(
            model, f"wouldn't read the prompt{told}", remedy="Its provider's content filter took exception."
        )
    if codes & _SPENT:
        return ModelError(
            f"the account of {model} is spent{told}", code="model-refused", remedy="Look at its plan and its limits."
        )
    if codes & {"model_not_found", "DeploymentNotFound"}:
        return ModelError(f"{model} isn't served there{told}", code="model-unknown", remedy="Look at [model] name.")
    if codes & _BUSY:
        return RetryLaterError(f"{model} has too many requests{told}", code="model-busy", remedy=_SLOWER)
    return None


def _prompt_too_long(model: str, told: str) -> ModelError:
    return ModelError(
        f"the prompt is too long for {model}{told}",
        code="model-too-long",
        remedy="Lower [model] prompt_tokens, or give the model a larger context.",
    )


def _with_wait(error: ModelError, fault: Any) -> ModelError:
    """The error with the wait that the server asked for, if it did."""
    seconds = _retry_after(fault.response.headers)
    if seconds is None or error.code not in {"model-busy", "model-failed"}:
        return error
    later = RetryLaterError(error.message, code=error.code, remedy=error.remedy)
    later.retry_after = seconds
    return later


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from `retry-after-ms` or `Retry-After` (seconds, or a date); None without, or where it is neither."""
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / divisor
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    import email.utils

    date = email.utils.parsedate_tz(headers.get("retry-after", ""))
    try:
        return max(0.0, email.utils.mktime_tz(date) - time.time()) if date else None
    except (OverflowError, ValueError):
        return None


def parameters_named(body: object) -> tuple[str, ...]:
    """Which settings of a request a server's complaint is about: the one that it names as such, else those in its words."""
    for error in _errors_in(body):
        named = error.get("param")
        if isinstance(named, str) and named:
            found = tuple(name for name in _PARAMETERS if re.search(rf"\b{name}\b", named))
            if found:
                return found
    text = " ".join(_messages_of(body))
    places = [(match.start(), name) for name in _PARAMETERS if (match := re.search(rf"\b{name}\b", text))]
    return tuple(name for _, name in sorted(places))


def _errors_in(body: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(body, Mapping):
        inner = body.get("error")
        yield inner if isinstance(inner, Mapping) else body


def _messages_of(body: object) -> Iterator[str]:
    """What a server says about a fault; of a validator's list only the places, as it repeats what it was sent."""
    if isinstance(body, str):
        yield body[:2_000]
    for error in _errors_in(body):
        for name in ("message", "error", "detail"):
            said = error.get(name)
            if isinstance(said, str):
                yield said[:2_000]
            elif isinstance(said, list):
                yield " ".join(
                    str(part) for each in said[:20] if isinstance(each, Mapping) for part in _places(each.get("loc"))
                )


def _places(place: object) -> list[str]:
    return [part[:100] for part in place[:20] if isinstance(part, str)] if isinstance(place, (list, tuple)) else []


def _codes_of(body: object) -> frozenset[str]:
    found = (error.get(name) for error in _errors_in(body) for name in ("code", "type"))
    return frozenset(code for code in found if isinstance(code, str) and code in _CODES)


def _told(body: object, *, bare: bool = False) -> str:
    """What may be repeated of a server's complaint."""
    words = ", ".join(sorted(_codes_of(body)))
    if not words:
        return ""
    return f", {words}" if bare else f" ({words})"
