"""Files of HTTP actions: every fault with its place and remedy; parameters, demands and limits like any other action's."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convagent.actions import ActionRegistry, AmountLimit, Limit, with_registry
from convagent.actions.http import as_error, json_schema, load_http_actions, load_texts
from convagent.actions.http.places import nearest, places_of
from convagent.facts import Address, Money
from convagent.guidance.schema.vocabulary import Vocabulary

if TYPE_CHECKING:
    from tests.actions.http_actions.conftest import Caller

GOOD = """\
[service]
name = "Parcels"
url = "https://api.parcels.example/v2"
headers = { Authorization = "Bearer {{ env.PARCELS_KEY }}" }

[types.locker]
city = "text"

[actions.find_parcel]
kind = "lookup"
description = "Where a parcel is"
parameters.number = "text"
request = { url = "/parcels/{{ number }}" }
outcomes = [{ status = 404, means = "none" }]

[actions.find_parcel.result]
type = "shipment or none"
fields = { id = "number", status = "state" }
"""


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "remedy"),
    [
        ('kind = "lookup"', 'kind = "look up"', "10:1", "kind: Input should be", ""),
        ("description", "descripton", "11:1", "descripton is unknown here", "Did you mean description?"),
        ("{{ number }}", "{{ nummer }}", "13:", "there is no parameter called nummer", "Did you mean number?"),
        ("{{ number }}", "{{ number.x }}", "13:", "there is no part of number called x", ""),
        ("{{ number }}", "{{ number | sql }}", "13:", "there is no filter sql", ""),
        ("{{ number }}", "{{ number", "13:", "a placeholder is written", ""),
        ("{{ number }}", "{{ env.key }}", "13:", "a secret is written env.NAME", "Write env.PARCELS_KEY."),
        ('number = "text"', 'number = "txt"', "12:1", "'txt' is no type", "Write text, number"),
        ('number = "text"', 'number = "text or none"', "13:", "number may be missing, and the path needs it", "or none"),
        ('"shipment or none"', '"shipment"', "14:", "there is always shipment", 'Write type = "shipment or none".'),
        ('"shipment or none"', '"parcel or none"', "17:1", "'parcel or none' is no type", "[types]"),
        ('id = "number", ', "", "18:1", "Shipment needs id as well", "Say where"),
        ('status = "state"', 'state = "state"', "18:", "there is no field of Shipment called state", ""),
        ('"number", status', '"number[", status', "18:", "no JMESPath expression", "jmespath.org"),
        ("https://api", "http://api", "13:", "http is not encrypted", "Use https"),
        ("https://api.parcels.example", "https://{{ env.HOST }}", "13:", "the host comes from the environment", "hosts ="),
        ("https://api.parcels.example", "https://user@api.example", "13:", "an address names a user", ""),
        ('url = "https://api.parcels.example/v2"', "", "13:", "write a whole address", ""),
        ("Authorization", "Content-Length", "4:", "no header that can be set", ""),
        ("env.PARCELS_KEY", "number", "4:", "number is not known to all actions", ""),
        ("status = 404, ", "", "14:", "an outcome has a status", ""),
        ("status = 404", "status = 40400", "14:", "status", ""),
        ('url = "/parcels/{{ number }}"', 'url = "/p?x={{ number }}"', "13:", "stand under query", ""),
        ('request = { url', 'request = { json = {}, form = {}, url', "13:1", "a request has one body", ""),
        ("actions.find_parcel", "actions.Find-parcel", "9:1", "Find-parcel is no name", ""),
        ("parameters.number", "parameters.until", "12:1", "until is no name for a parameter", "Choose another"),
        ("actions.find_parcel", "actions.refuse", "9:1", "refuse is no name", ""),
        ('city = "text"', 'city = "txt"', "7:1", "'txt' is no type", ""),
        ("[types.locker]", "[types.order]", "6:1", "there is a type order already", ""),
        ("[service]", "[service", "1:", "this is not TOML", ""),
        ('name = "Parcels"', 'name = "Parcels"\nprivate_networks = ["0.0.0.0/0"]', "3:21", "allows everything", ""),
        ('name = "Parcels"', 'hosts = ["*.example"]', "2:10", "whole top-level domain", ""),
        ('name = "Parcels"', 'hosts = ["api.other.example"]', "13:", "is not among the hosts", "Name it under hosts."),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_and_remedy(old: str, new: str, place: str, message: str, remedy: str) -> None:
    assert old in GOOD
    found = load_texts({"actions/parcels.toml": GOOD.replace(old, new, -1 if old.startswith("actions") else 1)})
    faults = [fault for fault in found.faults if message in fault.message]
    assert faults, found.faults
    assert str(faults[0].place).startswith(f"actions/parcels.toml:{place}"), faults[0]
    assert remedy in faults[0].remedy
    assert faults[0].severity == "error"
    assert message in str(as_error(found.faults))


def test_all_faults_are_told_at_once() -> None:
    text = (
        GOOD.replace("{{ number }}", "{{ nummer }}").replace('city = "text"', 'city = "txt"').replace('"state"', '"a["')
    )
    assert len([fault for fault in load_texts({"a.toml": text}).faults if fault.severity == "error"]) == 3


def test_a_secret_that_is_not_set_is_a_warning(caller: Caller) -> None:
    found = load_texts({"a.toml": GOOD})
    (fault,) = found.faults
    assert (fault.severity, fault.code, str(fault.place)) == ("warning", "action-secret", "a.toml:9:1")
    assert "PARCELS_KEY" in fault.message
    assert len(found.specs) == 1


def test_one_name_stands_in_one_file() -> None:
    found = load_texts({"a.toml": GOOD, "b.toml": GOOD.replace("[types.locker]\ncity", "[types.place]\ncity")})
    assert [f.message for f in found.faults if f.severity == "error"] == ["find_parcel is in a.toml as well"]


def test_files_that_cant_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "large.toml").write_bytes(b"#" * 1_000_001)
    paths = [tmp_path / name for name in ("bytes.toml", "gone.toml", "large.toml", "good.toml")]
    found = load_http_actions(paths, base=tmp_path)
    assert [(fault.place.file, fault.code) for fault in found.faults if fault.severity == "error"] == [
        (name, "action-toml") for name in ("bytes.toml", "gone.toml", "large.toml")
    ]
    assert [spec.name for spec in found.specs] == ["find_parcel"]


def test_an_http_action_demands_what_any_action_may_demand() -> None:
    text = """
    [service]
    url = "https://api.parcels.example"
    [actions.refund]
    kind = "write"
    requires = "claimed"
    own = { order = "orders" }
    confirm_above = { parameter = "amount", amount = "20.00 EUR" }
    limits = [{ count = 3, within_hours = 24 }]
    amounts = [{ parameter = "amount", at_most = "50.00 EUR" }]
    idempotent = true
    once_per = ["order"]
    [actions.refund.parameters]
    order = "order id"
    amount = { type = "money", description = "How much", default = "5.00 EUR" }
    home = "address or none"
    [actions.refund.request]
    method = "POST"
    url = "/refunds"
    json = { order = "{{ order }}", amount = "{{ amount.minor }}", city = "{{ home.city }}" }
    """
    (spec,) = load_texts({"a.toml": text}).specs
    assert (spec.requires, spec.own, spec.confirm, spec.idempotent, spec.once_per) == (
        "claimed", {"order": "orders"}, False, True, ("order",),
    )  # fmt: skip
    assert spec.limits == (Limit(3, within=timedelta(days=1)),)
    assert spec.amounts == (AmountLimit("amount", "50.00 EUR"),)
    assert spec.confirm_above is not None
    assert spec.confirm_above.amount == Money.of(20, "EUR")
    by_name = {parameter.name: parameter for parameter in spec.parameters}
    assert (by_name["order"].required, by_name["amount"].default, by_name["amount"].description) == (
        True, Money.of(5, "EUR"), "How much",
    )  # fmt: skip
    assert by_name["home"].adapter.validate_python({"city": "Cork"}) == Address(city="Cork")


def test_guidance_knows_http_actions_and_their_types() -> None:
    text = GOOD.replace(
        '"shipment or none"\nfields = { id = "number", status = "state" }', '"list of locker"\nfields.city = "c"'
    ).replace('outcomes = [{ status = 404, means = "none" }]', "")
    registry = ActionRegistry()
    for function in load_texts({"a.toml": text}).functions:
        registry.add(function)
    vocabulary = with_registry(Vocabulary.standard(), registry)
    assert vocabulary.actions is not None
    assert "find_parcel" in vocabulary.actions
    assert list(vocabulary.records["Locker"].fields)[:1] == ["city"]


def test_the_schema_is_one_that_editors_read() -> None:
    schema = json_schema()
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert set(schema["properties"]) == {"service", "types", "actions"}
    assert "json" in schema["$defs"]["RequestModel"]["properties"]
    json.dumps(schema)


PLACES = """\
# a comment with "quotes" and [brackets]
title = "x" # behind
[a.b]
"quoted key" = '''
[not.a.table]
key = 1
''' # behind
c = [1,
  { d = 2, "e" = [3] }, # inside
]
[[list]]
x.y = 1
[[list]]
x.y = { z = "}" }
[list.inner]
w = 1979-05-27 07:32:00
"""


def test_places_are_those_of_the_keys() -> None:
    places = places_of(PLACES)
    assert places[("title",)] == (2, 1)
    assert places[("a", "b", "quoted key")] == (4, 1)
    assert places[("a", "b", "c", 1, "d")] == (9, 5)
    assert places[("a", "b", "c", 1, "e", 0)] == (9, 19)
    assert places[("list", 1, "x", "y", "z")] == (14, 9)
    assert places[("list", 1, "inner", "w")] == (16, 1)
    assert ("not", "a") not in places
    assert nearest(places, ("list", 0, "x", "tag", "y")) == (12, 1)
    assert nearest(places, ("nowhere",)) == (1, 1)


@given(st.text(alphabet="[]{}=\"'\\\n#.a1, ", max_size=60))
@example("a = [}")
@example("a = [{b = }]")
@example("a = " + "[" * 5000)
def test_no_text_breaks_the_reader(text: str) -> None:
    places_of(text)
    for fault in load_texts({"a.toml": text}).faults:
        assert fault.message


WRITE = """
[service]
url = "https://api.parcels.example"
[actions.send]
kind = "write"
idempotent = true
parameters = { phrase = { type = "text", secret = true } }
request = { method = "POST", url = "/send", json = { phrase = "{{ phrase }}" } }
"""


def test_a_write_that_calls_itself_idempotent_sends_its_key() -> None:
    nowhere = WRITE.replace("idempotent = true", 'idempotent = true\nidempotency_header = ""')
    (fault,) = load_texts({"a.toml": nowhere}).faults
    assert "the key is sent nowhere" in fault.message
    assert load_texts({"a.toml": nowhere.replace("json = {", 'json = { key = "{{ call.key }}",')}).faults == ()


def test_a_secret_parameter_is_left_out_of_records(caller: Caller) -> None:
    text = WRITE.split("[actions.send]")[1]
    done = caller("[actions.send]" + text, {"phrase": "open sesame"})
    assert caller.service.asked[0].json == {"phrase": "open sesame"}
    assert "sesame" not in done.record.model_dump_json()


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    code = "import sys, convagent.actions.http; print([n for n in ('httpcore2', 'jmespath', 'httpx2') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_numbers_in_types() -> None:
    (spec,) = load_texts({"a.toml": GOOD.replace('number = "text"', 'number = "number"')}).specs
    assert spec.parameters[0].annotation is Decimal
