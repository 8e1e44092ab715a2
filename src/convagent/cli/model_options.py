"""The options that name a chat model, the same for every command that answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "BaseUrlOption",
    "CustomerOption",
    "JudgeOption",
    "ModelOption",
    "RaterOption",
    "RecordOption",
    "ReplayOption",
]

ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="openai:NAME",
        help='The chat model that helps to understand and to word; "" for none. Its key comes from the environment alone.',
        show_default="the shop's [model] name",
    ),
]
BaseUrlOption = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        metavar="URL",
        help="Where the model is served, if it isn't OpenAI: http://127.0.0.1:8080/v1.",
        show_default="the shop's [model] base_url",
    ),
]
JudgeOption = Annotated[
    str | None,
    typer.Option(
        "--judge",
        metavar="openai:NAME",
        help='The chat model that judges what cases say below `judge`; "" for none.',
        show_default="the agent's own",
    ),
]
CustomerOption = Annotated[
    str,
    typer.Option(
        "--customer",
        metavar="openai:NAME",
        help="The chat model that plays the customers; without one they go by rules.",
        show_default=False,
    ),
]
RaterOption = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="openai:NAME",
        help="A chat model that rates beside the rules, in five calls a conversation; without one the rules rate alone.",
        show_default=False,
    ),
]
RecordOption = Annotated[
    Path | None,
    typer.Option("--record", metavar="FILE", help="Write what the models are asked and answer there, JSON Lines."),
]
ReplayOption = Annotated[
    Path | None,
    typer.Option("--replay", metavar="FILE", help="Answer from what was recorded, without any model or key."),
]
