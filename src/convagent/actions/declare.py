"""`@action`: a typed function becomes an action that guidance can name."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, PydanticUserError, TypeAdapter
from pydantic.fields import FieldInfo

from convagent.actions.amounts import AmountLimit, amount_of
from convagent.actions.compensation import Compensation
from convagent.actions.context import CallContext
from convagent.actions.limits import Limit
from convagent.actions.retry import RetryPolicy
from convagent.actions.spec import LEVELS, ActionSpec, ConfirmAbove, Parameter
from convagent.errors import ActionError
from convagent.facts import Verification

__all__ = ["action", "spec_of"]

Function = TypeVar("Function", bound=Callable[..., Any])
_ATTRIBUTE = "__convagent_action__"


def action(
    *,
    kind: Literal["lookup", "write"],
    name: str | None = None,
    requires: Verification | None = None,
    confirm: bool | ConfirmAbove = True,
    own: Mapping[str, str] | None = None,
    proves: bool = False,
    provides: str | None = None,
    timeout_seconds: float = 10.0,
    limits: Sequence[Limit] = (),
    amounts: Sequence[AmountLimit] = (),
    signed: Sequence[str] = (),
    idempotent: bool = False,
    once_per: Sequence[str] = (),
    retry: RetryPolicy | None = None,
    compensation: Compensation | None = None,
    secret: Sequence[str] = (),
) -> Callable[[Function], Function]:
    """Declares a function as an action or look-up.

    Args:
        kind: `lookup` only reads; `write` changes something outside the conversation.
        name: As guidance writes it; the function's name by default.
        requires: Level of verification: `verified` by default for writes, `anonymous` for look-ups.
        confirm: Whether a write demands a confirmation of exactly its arguments: always, never, or above an amount.
        own: Parameters that must name a record of the customer's own: `{"order": "orders"}`.
        proves: A look-up whose result may raise a customer's verification.
        provides: The field that a look-up gives: `Customer.orders`.
        timeout_seconds: Longer calls count as failed or uncertain.
        limits: How often a write may be done: `Limit(3, within=timedelta(days=1))` for each customer.
        amounts: How much a write may move: `AmountLimit("amount", "50.00 EUR")` in each call.
        signed: Parameters of a write that may hold money below zero; others refuse it.
        idempotent: Whether what the action calls honours `context.idempotency_key`: the same key has one effect.
        once_per: Parameters that alone make up the key: `("order",)` for what is done once for an order, ever.
        retry: How it is tried again; only for look-ups and idempotent writes.
        secret: Parameters that no record shows, such as a one-time code.
        compensation: The action that undoes it. It never runs by itself: see `convagent.actions.compensation`.

    Returns:
        A decorator that leaves the function as it is.

    Raises:
        ActionError: A parameter has no type, or the declaration contradicts itself.
    """

    def declare(function: Function) -> Function:
        spec = _spec(
            function, kind=kind, name=name, requires=requires or ("verified" if kind == "write" else "anonymous"),
            confirm=confirm is True and kind == "write", own=dict(own or {}), proves=proves, provides=provides,
            timeout_seconds=timeout_seconds,
        )  # fmt: skip
        spec = replace(
            spec, confirm_above=confirm if isinstance(confirm, ConfirmAbove) else None, limits=tuple(limits),
            amounts=tuple(amounts), signed=frozenset(signed), idempotent=idempotent, once_per=tuple(once_per), retry=retry,
            compensation=compensation, secret=frozenset(secret),
        )  # fmt: skip
        _check_demands(spec)
        setattr(function, _ATTRIBUTE, spec)
        return function

    return declare


def spec_of(function: Callable[..., Any]) -> ActionSpec | None:
    """The declaration of a function, None when it has none."""
    found: ActionSpec | None = getattr(function, _ATTRIBUTE, None)
    return found


def _spec(
    function: Callable[..., Any], *, kind: Literal["lookup", "write"], name: str | None, requires: Verification,
    confirm: bool, own: dict[str, str], proves: bool, provides: str | None, timeout_seconds: float,
) -> ActionSpec:  # fmt: skip
    shown = name or function.__name__
    _check(shown, kind=kind, requires=requires, timeout_seconds=timeout_seconds)
    try:
        hints = get_type_hints(function, include_extras=True)
    except NameError as error:
        raise ActionError(
            f"a type of {shown} can't be found: {error}", code="action-untyped",
            remedy="Import it, or define it at the top of the file.",
        ) from error  # fmt: skip
    described = _described(function)
    parameters: list[Parameter] = []
    context: str | None = None
    for position, parameter in enumerate(inspect.signature(function).parameters.values()):
        hint = hints.get(parameter.name)
        if position == 0 and parameter.name == "self" and hint is None:
            continue  # a method: the registry binds it to its object
        if hint is CallContext:
            context = parameter.name
            continue
        if hint is None or parameter.kind in _UNNAMED:
            raise ActionError(
                f"the parameter {parameter.name} of {shown} has no type, or no name of its own", code="action-untyped",
                remedy="Annotate it, and let it be given by its name: guidance is checked against it.",
            )  # fmt: skip
        parameters.append(_parameter(shown, parameter, hint, described))
    names = {parameter.name for parameter in parameters}
    if unknown := set(own) - names:
        raise ActionError(f"{shown} owns {sorted(unknown)}, which it doesn't take", code="action-declaration")
    if proves and kind != "lookup":
        raise ActionError(f"{shown}: only a look-up can prove who writes", code="action-declaration")
    if provides is not None and (kind != "lookup" or len(parameters) != 1 or provides.count(".") != 1):
        raise ActionError(
            f"{shown} can't provide {provides}", code="action-declaration",
            remedy="A look-up that provides `Type.field` takes one parameter, the record's id.",
        )  # fmt: skip
    doc = inspect.getdoc(function) or ""
    return ActionSpec(
        shown, kind, doc.strip().split("\n")[0], function, tuple(parameters), hints.get("return", Any), requires, confirm, own,
        proves, provides, timeout_seconds, context, _adapter(hints.get("return", Any), f"what {shown} gives"),
    )  # fmt: skip


_UNNAMED = frozenset(
    {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY}
)


def _check(shown: str, *, kind: str, requires: str, timeout_seconds: float) -> None:
    fault = None
    if not shown.isidentifier():
        fault = "is no name that guidance can write"
    elif kind not in {"lookup", "write"}:
        fault = f"is neither a lookup nor a write, but {kind!r}"
    elif requires not in LEVELS:
        fault = f"requires {requires!r}, which is none of {', '.join(LEVELS)}"
    elif not 0 < timeout_seconds < math.inf:
        fault = f"can't take {timeout_seconds} seconds"
    if fault is not None:
        raise ActionError(f"{shown} {fault}", code="action-declaration", remedy="See @action for what may be declared.")


def _check_demands(spec: ActionSpec) -> None:
    """What an action demands fits what it is."""
    names = {parameter.name for parameter in spec.parameters}
    above = spec.confirm_above
    used = {
        "limits": {limit.parameter for limit in spec.amounts}, "confirms by": {above.parameter} if above else set(),
        "signs": set(spec.signed), "is keyed by": set(spec.once_per), "hides": set(spec.secret),
    }  # fmt: skip
    fault = next(
        (f"{what} {sorted(found - names)}, which it doesn't take" for what, found in used.items() if found - names),
        None,
    )
    writes_only = spec.limits or spec.amounts or above or spec.idempotent or spec.once_per or spec.compensation
    if fault is None and spec.kind != "write" and writes_only:
        fault = "only reads: limits, idempotency, confirmation and compensation are for writes"
    elif fault is None and spec.retry is not None and spec.kind == "write" and not spec.idempotent:
        fault = "can't be tried again: it might be done twice, since its receiver knows no idempotency key"
    elif fault is None and above is not None and amount_of(above.amount) is None:
        fault = f"can't compare with {above.amount!r}"
    if fault is not None:
        raise ActionError(
            f"{spec.name} {fault}", code="action-declaration", remedy="See @action for what may be declared."
        )


def _parameter(action_name: str, parameter: inspect.Parameter, hint: Any, described: Mapping[str, str]) -> Parameter:
    description = described.get(parameter.name, "")
    if get_origin(hint) is Annotated:
        for extra in get_args(hint)[1:]:
            if isinstance(extra, str):
                description = extra
            elif isinstance(extra, FieldInfo) and extra.description:
                description = extra.description
    required = parameter.default is inspect.Parameter.empty
    adapter = _adapter(hint, f"{parameter.name} of {action_name}")
    return Parameter(parameter.name, hint, required, description, None if required else parameter.default, adapter)


def _adapter(hint: Any, what: str) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(hint)
    except PydanticUserError:
        return TypeAdapter(hint, config=ConfigDict(arbitrary_types_allowed=True))
    except Exception as error:
        raise ActionError(f"the type of {what} can't be used: {error}", code="action-untyped") from error


def _described(function: Callable[..., Any]) -> dict[str, str]:
    """Descriptions of parameters from a Google-style docstring."""
    lines = (inspect.getdoc(function) or "").split("\n")
    if "Args:" not in [line.strip() for line in lines]:
        return {}
    out: dict[str, str] = {}
    current = ""
    for line in lines[[line.strip() for line in lines].index("Args:") + 1 :]:
        if line and not line.startswith(" "):
            break
        head, colon, rest = line.strip().partition(":")
        if line.startswith("    ") and not line.startswith("     ") and colon:
            current = head.split(" ")[0]
            out[current] = rest.strip()
        elif current and line.strip():
            out[current] += f" {line.strip()}"
    return out
