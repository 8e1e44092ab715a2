"""How Needs are asked for: the author's words, or the language's own, with the choices there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from convagent.facts import Order
from convagent.guidance.interpreter import kernel as k
from convagent.guidance.interpreter.picks import in_words
from convagent.guidance.interpreter.world import Choice
from convagent.guidance.wording import label

if TYPE_CHECKING:
    from convagent.guidance.interpreter.interpret import Run

__all__ = ["MAX_SHOWN", "ask_text", "default_text", "listed", "plain_question"]

MAX_SHOWN = 8
"""Choices that a question lists; more would not be read."""

_QUESTIONS = {"email": "ask_email", "order_number": "ask_order_number"}


def ask_text(run: Run, need: k.Need, choices: Iterable[Choice], about: str | None) -> str:
    """The question for a Need: as its guide words it, else our own."""
    offered = tuple(choices)
    if need.ask is None:
        return default_text(run, need, offered, about)
    return run.text(need, need.ask.template, {"choices": tuple(in_words(choice) for choice in offered)})


def default_text(run: Run, need: k.Need, choices: tuple[Choice, ...], about: str | None) -> str:
    """The question for a Need in the language's own words."""
    phrase, name = run.world.phrase, need.name.replace("_", " ")
    if choices:
        shown = listed(run, choices)
        if about is not None:
            return phrase("ask_about", name=name, choices=shown, about=about)
        key = "ask_order" if need.name == "order" else "ask_one" if need.kind == "one" else "ask_some"
        return phrase(key, name=name, choices=shown)
    if need.kind == "yes_no":
        return phrase("ask_yes_no", name=name)
    return plain_question(phrase, need)


def plain_question(phrase: Callable[..., str], need: k.Need) -> str:
    """The question for a value in the language's own words, by its kind or its name."""
    return phrase(_QUESTIONS.get(need.type_name or need.name, "ask_value"), name=need.name.replace("_", " "))


def listed(run: Run, choices: tuple[Choice, ...]) -> str:
    """Choices by their names, the last behind an “or”."""
    names = [_described(choice) for choice in choices[:MAX_SHOWN]]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {run.world.phrase('or')} {names[-1]}"


def _described(choice: Choice) -> str:
    words = choice.labels[0]
    if isinstance(choice.value, Order) and choice.value.items:  # a number says little to whoever has several orders
        return f"{words} ({', '.join(label(item) for item in choice.value.items[:3])})"
    return f"{words} ({choice.labels[1]})" if len(choice.labels) > 1 else words
