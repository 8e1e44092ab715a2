"""HTTP actions in a shop: opened with it, named by guidance, checked on the command line; and what the page shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from convagent.actions.http import load_texts
from convagent.cli.app import app
from convagent.errors import ActionError
from convagent.settings import read_settings
from convagent.shop import http_action_files, open_shop

if TYPE_CHECKING:
    from tests.actions.http_actions.conftest import Caller

LOOKUP = """
[service]
url = "https://api.parcels.example"
[actions.find_parcel]
kind = "lookup"
parameters = { number = "text" }
request = { url = "/parcels/{{ number }}" }
"""


def test_a_shop_has_the_actions_of_its_toml_files(shop: Path) -> None:
    before = open_shop(shop).stamp
    (shop / "actions" / "parcels.toml").write_text(LOOKUP, encoding="utf-8")
    after = open_shop(shop)
    assert "find_parcel" in after.registry
    assert after.stamp != before


def test_a_shop_with_a_fault_in_them_does_not_open(shop: Path) -> None:
    (shop / "actions" / "parcels.toml").write_text(LOOKUP.replace("{{ number", "{{ nummer"), encoding="utf-8")
    with pytest.raises(ActionError, match=r"actions/parcels\.toml:7.*nummer"):
        open_shop(shop)


def test_a_file_that_is_named_must_be_there(shop: Path) -> None:
    settings = shop / "convagent.toml"
    settings.write_text(settings.read_text().replace("[actions]", '[actions]\nhttp = ["actions/gone.toml"]'))
    with pytest.raises(ActionError, match="can't be read"):
        open_shop(shop)


def test_files_outside_the_shop_are_not_its_own(shop: Path) -> None:
    settings = shop / "convagent.toml"
    text = settings.read_text()
    for name in ("../other.toml", "/etc/actions.toml"):
        settings.write_text(text.replace("[actions]", f'[actions]\nhttp = ["{name}"]'))
        with pytest.raises(Exception, match="doesn't stand in the shop's folder"):
            read_settings(settings)


def test_the_check_tells_faults_and_warnings(shop: Path) -> None:
    file = shop / "actions" / "parcels.toml"
    file.write_text(LOOKUP.replace('"text"', '"txt"'), encoding="utf-8")
    done = CliRunner().invoke(app, ["actions", "check", "--shop", str(shop)])
    assert done.exit_code == 1
    assert "actions/parcels.toml:6:" in done.output
    assert "'txt' is no type" in done.output
    file.write_text(
        LOOKUP.replace("request = {", 'request = { headers = { X-Key = "{{ env.NOT_SET_HERE }}" },'), encoding="utf-8"
    )
    done = CliRunner().invoke(app, ["actions", "check", "--shop", str(shop), "--json"])
    assert done.exit_code == 0
    (fault,) = json.loads(done.output)
    assert (fault["severity"], fault["line"]) == ("warning", 4)
    assert "NOT_SET_HERE" in fault["message"]
    file.write_text(LOOKUP, encoding="utf-8")
    done = CliRunner().invoke(app, ["actions", "check", "--shop", str(shop)])
    assert "Nothing to mend: 1 look-ups" in done.output


def test_the_schema_is_printed() -> None:
    done = CliRunner().invoke(app, ["actions", "schema"])
    assert "ActionModel" in json.loads(done.output)["$defs"]


def test_what_the_page_shows_runs(caller: Caller, root: Path) -> None:
    page = (root / "docs" / "http-actions.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    found = load_texts({"actions/parcels.toml": text})
    assert [fault.severity for fault in found.faults] == ["warning", "warning"]
    caller.environment["PARCELS_KEY"] = "parcels-key"
    local = text.replace(
        'url = "https://api.parcels.example/v2"',
        f'url = "{caller.service.url}/v2"\nprivate_networks = ["127.0.0.1/32"]',
    )
    caller.service.says({"parcel": {"number": "P1", "state": "MOVING", "eta": "2026-06-20"}})
    parcel = caller(local, {"number": "P1"}, head="").result.value
    assert (parcel.id, parcel.status, str(parcel.expected_on)) == ("P1", "in transit", "2026-06-20")
    asked = caller.service.asked[0]
    assert (asked.path, asked.headers["authorization"]) == ("/v2/parcels/P1", "Bearer parcels-key")


def test_no_file_is_read_where_there_is_none(shop: Path) -> None:
    assert http_action_files(shop, read_settings(shop / "convagent.toml")) == ()
