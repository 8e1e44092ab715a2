"""HTTP actions without code: TOML files whose requests, answers and limits are data. See docs/http-actions.md."""

from convagent.actions.http.faults import Fault, as_error
from convagent.actions.http.load import HttpActions, Surroundings, add_http_actions, load_http_actions, load_texts
from convagent.actions.http.model import FileModel, json_schema
from convagent.actions.http.run import ServiceRefusedError

__all__ = [
    "Fault",
    "FileModel",
    "HttpActions",
    "ServiceRefusedError",
    "Surroundings",
    "add_http_actions",
    "as_error",
    "json_schema",
    "load_http_actions",
    "load_texts",
]
