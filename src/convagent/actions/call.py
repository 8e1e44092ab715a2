"""One call of an action: arguments validated, preconditions checked, time bounded, result kept within its type."""

from __future__ import annotations

import inspect
import json
import math
import operator
import os
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ValidationError

from convagent.actions.context import CallContext
from convagent.actions.preconditions import Never, Precondition, check_preconditions
from convagent.actions.redaction import HIDDEN, is_secret, redacted, without
from convagent.actions.retry import tried
from convagent.conversation import ActionRecord
from convagent.facts import Customer, Fact, Money
from convagent.guidance.codec import to_json
from convagent.guidance.interpreter.world import Result
from convagent.guidance.values import UNKNOWN, Duration, Line, Percent, normal, unwrap

if TYPE_CHECKING:
    import asyncio

    from convagent.actions.spec import ActionSpec, Parameter

__all__ = ["ActionCall", "call_action", "issue_again", "recorded_arguments", "recorded_result"]

MAX_RESULT_CHARACTERS = 2_000_000
"""A larger result is refused: it would be kept with the conversation."""


@dataclass(frozen=True, slots=True)
class ActionCall:
    """What a call came to: for the reading, and for the record."""

    result: Result
    record: ActionRecord


def call_action(
    spec: ActionSpec,
    arguments: Mapping[str, Any],
    context: CallContext,
    *,
    guide: str | None = None,
    nevers: Sequence[Never] = (),
    loop: asyncio.AbstractEventLoop | None = None,
    dry: bool = False,
    before: Callable[[], Result | None] | None = None,
) -> ActionCall:
    """Calls an action through its preconditions.

    Nothing is raised: whatever breaks is a result with status `refused`, `failed` or `uncertain` (a write that may have
    happened). What `before` raises goes through: then nothing was done.

    Args:
        spec: The action.
        arguments: As guidance reckoned them.
        context: Who, when, under which key.
        guide: The statement that asks for it.
        nevers: Rules of the whole shop.
        loop: Where asynchronous actions run; it must be running in another thread. Without one, a loop of our own.
        dry: Only check: a call that would run is `proposed` in the record, and taken for done with a result unknown.
        before: Asked when all preconditions hold, right before the action runs: what it gives stands in the place of
            running it, None lets it run.
    """
    values, fault = _validated(spec, arguments)
    checks: tuple[Precondition, ...] = ()
    if fault is not None:
        result = Result("refused", error=fault, reason="not_permitted")
    else:
        checks = check_preconditions(spec, values, context, nevers=nevers, given=arguments)
        failed = next((check for check in checks if not check.passed), None)
        if failed is not None:
            result = Result("refused", error=f"{failed.name}: {failed.detail}", reason=failed.reason)
        elif context.seconds is not None and context.seconds <= 0:
            result = Result("failed", error="the turn has no time left for it", reason="action_failed")
        else:
            instead = before() if before is not None else None
            result = instead or (Result("done", UNKNOWN) if dry else _run(spec, values, context, loop))
    result = _discreet(spec, arguments, result)
    return ActionCall(result, _record(spec, arguments, context, result, guide=guide, checks=checks, dry=dry))


def issue_again(
    spec: ActionSpec,
    arguments: Mapping[str, Any],
    context: CallContext,
    *,
    guide: str | None = None,
    loop: asyncio.AbstractEventLoop | None = None,
) -> ActionCall:
    """Calls an action whose preconditions held when it was begun, under the same key; only for idempotent receivers.

    Args:
        spec: The action.
        arguments: As they were then.
        context: Who and when, as it was then, under the same key.
        guide: The statement that asked for it.
        loop: As for `call_action`.
    """
    values, fault = _validated(spec, arguments)
    # where the action has changed since, it may have been done all the same
    changed = Result("uncertain", error=fault or "", reason="action_failed")
    result = _discreet(spec, arguments, _run(spec, values, context, loop) if fault is None else changed)
    return ActionCall(result, _record(spec, arguments, context, result, guide=guide))


def _record(
    spec: ActionSpec, arguments: Mapping[str, Any], context: CallContext, result: Result, *, guide: str | None,
    checks: Sequence[Precondition] = (), dry: bool = False,
) -> ActionRecord:  # fmt: skip
    return ActionRecord(
        action=spec.name, kind=spec.kind, arguments=recorded_arguments(spec, arguments),
        status="proposed" if dry and result.status == "done" else result.status, guide=guide, key=context.idempotency_key or None,
        result=recorded_result(spec, arguments, result.value) if spec.kind == "write" else _brief(result.value),
        error=result.error or None,
        preconditions=tuple(check.to_json() for check in checks),
    )  # fmt: skip


def recorded_arguments(spec: ActionSpec, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as records and the ledger keep them: without secrets, declared or told by type or name."""
    out: dict[str, Any] = {}
    for name, value in arguments.items():
        parameter = spec.parameter(name)
        hidden = name in spec.secret or is_secret(name, parameter.annotation if parameter is not None else None)
        out[name] = HIDDEN if hidden else redacted(shown_argument(value))
    return out


def recorded_result(spec: ActionSpec, arguments: Mapping[str, Any], value: Any) -> Any:
    """A result as records and the ledger keep it: without the secrets that it was called with, should it repeat them."""
    return without(to_json(value), _secrets(spec, arguments))


def _secrets(spec: ActionSpec, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    for name, value in arguments.items():
        parameter = spec.parameter(name)
        if name in spec.secret or is_secret(name, parameter.annotation if parameter is not None else None):
            plain = unwrap(value)
            reveal = getattr(plain, "get_secret_value", None)
            found.append(str(reveal() if callable(reveal) else plain))
    return tuple(found)


def _discreet(spec: ActionSpec, arguments: Mapping[str, Any], result: Result) -> Result:
    """The result with a reason that doesn't repeat a secret."""
    error = without(result.error, _secrets(spec, arguments))
    return result if error == result.error else replace(result, error=error)


def shown_argument(value: Any) -> Any:
    """An argument as a record shows it: ids rather than whole records."""
    value = unwrap(value)
    if isinstance(value, (list, tuple)):
        return [shown_argument(item) for item in value]
    key = getattr(value, "id", None)
    return key if isinstance(value, Fact) and key is not None else to_json(value)


def _brief(value: Any) -> Any:
    """What a look-up found, without personal data that the turn doesn't need."""
    if isinstance(value, (list, tuple)):
        return f"{len(value)} found"
    return "nothing found" if value is None else shown_argument(value) if getattr(value, "id", None) else "found"


def _validated(spec: ActionSpec, arguments: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    extra = sorted(set(arguments) - {parameter.name for parameter in spec.parameters})
    if extra:
        return {}, f"{spec.name} takes no {', '.join(extra)}"
    values: dict[str, Any] = {}
    for parameter in spec.parameters:
        if parameter.name not in arguments:
            if parameter.required:
                return {}, f"{spec.name} needs {parameter.name}"
            values[parameter.name] = parameter.default
            continue
        found, value = _fit(parameter, arguments[parameter.name])
        if not found:
            return {}, f"{parameter.name} of {spec.name} doesn't fit: {value}"
        values[parameter.name] = value
    return values, None


def _fit(parameter: Parameter, value: Any) -> tuple[bool, Any]:
    """The value in the parameter's type: as it is, in plain Python, or by the ids of its records."""
    fault = "not of its type"
    for candidate in (_plain(value, ids=False), _plain(value, ids=True)):
        try:
            return True, parameter.adapter.validate_python(candidate)
        except ValidationError as error:
            fault = error.errors()[0]["msg"]
        except Exception as error:  # noqa: BLE001 - a type of the shop's own may break while it is checked
            fault = f"{type(error).__name__} while it was checked"
    return False, fault


def _plain(value: Any, *, ids: bool) -> Any:
    if isinstance(value, Line):
        value = value.value
    if isinstance(value, tuple):
        return [_plain(item, ids=ids) for item in value]
    if isinstance(value, (Duration, Percent)):
        return value.count if isinstance(value, Duration) else value.value
    if ids and isinstance(value, Fact):
        return getattr(value, "id", value)
    return value


_executor: ThreadPoolExecutor | None = None
_own_loop: asyncio.AbstractEventLoop | None = None
_starting = threading.Lock()


def _threads() -> ThreadPoolExecutor:
    """Threads that synchronous actions run in, so that their time can be bounded."""
    global _executor  # noqa: PLW0603 - one pool for the process
    with _starting:
        if _executor is None:
            _executor = ThreadPoolExecutor(max_workers=64, thread_name_prefix="convagent-action")
        return _executor


def _background_loop() -> asyncio.AbstractEventLoop:
    """An event loop in a thread of its own, for asynchronous actions of synchronous callers."""
    import asyncio

    global _own_loop  # noqa: PLW0603 - one loop for the process
    with _starting:
        if _own_loop is None or _own_loop.is_closed():
            _own_loop = asyncio.new_event_loop()
            threading.Thread(target=_own_loop.run_forever, name="convagent-actions", daemon=True).start()
        return _own_loop


def _after_fork() -> None:
    """Threads don't survive a fork: the child starts its own."""
    global _executor, _own_loop, _starting
    _executor, _own_loop, _starting = None, None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _run(
    spec: ActionSpec, values: dict[str, Any], context: CallContext, loop: asyncio.AbstractEventLoop | None
) -> Result:
    """Runs an action, again where its policy says so. Only what broke is tried again, never what said why it failed."""
    seconds = math.inf if context.seconds is None else max(0.0, context.seconds)
    if spec.retry is None:
        return _run_once(spec, values, context, loop, min(spec.timeout_seconds, seconds)).result
    again = spec.kind == "lookup" or (spec.idempotent and bool(context.idempotency_key))
    seed = context.idempotency_key or f"{context.conversation}:{spec.name}"
    bound = min(seconds, spec.timeout_seconds * spec.retry.attempts)
    ran = tried(
        lambda left: _run_once(spec, values, context, loop, min(spec.timeout_seconds, left)),
        policy=spec.retry if again else None, again=lambda ran: ran.broke, seed=seed, seconds=bound,
    )  # fmt: skip
    return ran.result


@dataclass(frozen=True, slots=True)
class _Ran:
    """What one try came to; `broke` when nobody said that it was done, or that it was not."""

    result: Result
    broke: bool = False


def _run_once(
    spec: ActionSpec, values: dict[str, Any], context: CallContext, loop: asyncio.AbstractEventLoop | None, seconds: float
) -> _Ran:  # fmt: skip
    from convagent.actions.spec import ActionFailedError, ActionUncertainError

    arguments = dict(values)
    if spec.wants_context is not None:
        arguments[spec.wants_context] = context
    future: Future[Any] | None = None
    try:
        if inspect.iscoroutinefunction(spec.function):
            future = _later(spec.function(**arguments), seconds, loop)
        else:
            future = _threads().submit(_contained, spec.function, arguments)
        value = future.result(seconds)
        if inspect.iscoroutine(value):
            future = _later(value, seconds, loop)
            value = future.result(seconds)
    except ActionFailedError as error:
        return _Ran(Result("failed", error=error.message, reason="action_failed"))
    except ActionUncertainError as error:
        return _Ran(Result(_after_fault(spec), error=error.message, reason="action_failed"), broke=True)
    except (TimeoutError, FutureTimeoutError):
        # what had not begun is taken out of the queue, so that it is not done later
        began = future is None or not future.cancel() or inspect.iscoroutinefunction(spec.function)
        status = _after_fault(spec) if began else "failed"
        return _Ran(Result(status, error=f"no answer within {seconds:.3g} seconds", reason="action_failed"), broke=True)
    except Exception as error:  # noqa: BLE001 - whatever an action raises, the customer gets a handover
        name = type(error.__cause__ if isinstance(error, _LeavingError) else error).__name__
        return _Ran(Result(_after_fault(spec), error=f"{name} in {spec.name}", reason="action_failed"), broke=True)
    return _Ran(_typed(spec, value))


class _LeavingError(Exception):
    """An action tried to end the thread or the process."""


def _contained(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    try:
        return function(**arguments)
    except Exception:
        raise
    except BaseException as error:
        raise _LeavingError from error


def _later(coroutine: Coroutine[Any, Any, Any], timeout: float, loop: asyncio.AbstractEventLoop | None) -> Future[Any]:
    """Runs a coroutine on a loop in another thread; it is cancelled when its time is up."""
    import asyncio

    async def contained() -> Any:
        try:
            async with asyncio.timeout(timeout):
                return await coroutine
        except Exception:
            raise
        except BaseException as error:
            raise _LeavingError from error

    waiting = contained()
    try:
        return asyncio.run_coroutine_threadsafe(waiting, loop or _background_loop())
    except BaseException:
        waiting.close()
        coroutine.close()
        raise


def _after_fault(spec: ActionSpec) -> Literal["failed", "uncertain"]:
    """A look-up that broke failed; a write that broke may have happened."""
    return "failed" if spec.kind == "lookup" else "uncertain"


def _typed(spec: ActionSpec, value: Any) -> Result:
    """A result in its type. Without that, a look-up failed; a write was done all the same."""
    try:
        checked = spec.adapter.validate_python(value)
        proven = normal(checked if spec.proves else _claimed(checked))
        size = len(repr(proven))
        if size <= MAX_RESULT_CHARACTERS:
            size = len(json.dumps(to_json(proven)))
    except ValidationError as error:
        fault = f"{spec.name} gave something that is not its type: {error.errors()[0]['msg']}"
    except Exception as error:  # noqa: BLE001 - a record of the shop's own may break while it is read
        fault = f"{spec.name} gave something that can't be kept: {type(error).__name__}"
    else:
        if size <= MAX_RESULT_CHARACTERS:
            return Result("done", proven)
        fault = f"{spec.name} gave too much"
    return Result("failed" if spec.kind == "lookup" else "done", None, fault, "action_failed")


def _claimed(value: Any) -> Any:
    """The value with every customer in it claimed at most: only a look-up that proves may say who writes.

    What has none that is verified comes back as it is, so that nothing need be compared.
    """
    if isinstance(value, (list, tuple)):
        items = [_claimed(item) for item in value]
        if type(value) in (list, tuple) and all(map(operator.is_, items, value)):
            return value
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, Mapping):
        parts = {key: _claimed(item) for key, item in value.items()}
        return value if type(value) is dict and all(map(operator.is_, parts.values(), value.values())) else parts
    if not isinstance(value, BaseModel) or isinstance(value, Money):
        return value
    changes: dict[str, Any] = {}
    for name in (*value.model_fields_set, *(value.model_extra or {})):
        part = getattr(value, name)
        if isinstance(part, (BaseModel, list, tuple, Mapping)) and (lowered := _claimed(part)) is not part:
            changes[name] = lowered
    if isinstance(value, Customer) and value.verification == "verified":
        changes["verification"] = "claimed"
    return value.model_copy(update=changes) if changes else value
