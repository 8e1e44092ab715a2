"""Files of cases: what is read, and how faults are told."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from convagent.errors import EvalError
from convagent.evals import json_schema, load_cases, read_cases
from convagent.evals.yaml_source import read_yaml


def write(folder: Path, text: str, name: str = "suite.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(folder: Path, text: str) -> list[tuple[int | None, str]]:
    return [(fault.place.line, fault.code) for fault in read_cases([write(folder, text)])[1]]


TURN = "    turns: [{customer: hello, expect: {outcome: Answered}}]\n"


def test_every_fault_is_told_at_once_with_line_column_and_remedy(tmp_path: Path) -> None:
    text = (
        "cases:\n"
        "  - title: One\n"
        "    titel: oops\n"
        "    turns:\n"
        "      - customer: hi\n"
        "        expect: {outcome: Answerd, sayz: x}\n"
        "  - titl: Two\n" + TURN
    )
    with pytest.raises(EvalError) as caught:
        load_cases([write(tmp_path, text)])
    told = str(caught.value)
    assert "suite.yaml:3:5: there is no key “titel” here [eval-key]" in told
    assert "Did you mean title?" in told
    assert "suite.yaml:6:18: turns.0.expect.outcome takes Answered, Asked, HandedOver or Silent, not" in told
    assert "“sayz”" in told
    assert "Answered" in told
    assert "suite.yaml:7:5" in told
    assert len(caught.value.faults) == 5


@pytest.mark.parametrize(
    ("expect", "told", "remedy"),
    [
        (
            "{outcome: Answer}",
            "outcome takes Answered, Asked, HandedOver or Silent, not “Answer”",
            "Did you mean Answered?",
        ),
        ("{refused: maybe}", "refused takes true or false, not “maybe”", ""),
        (
            "{shows: 5}",
            "shows takes true or false, or a list, not 5",
            "Write it in brackets, such as [a, b], or a line",
        ),
        ("{seconds: -1}", "seconds takes a number above 0, not -1", ""),
        ("{guide: [a]}", 'guide takes a text, not ["a"]', ""),
        ("{actions: 5}", "actions takes keys with values, not 5", "Write it in braces"),
    ],
)
def test_what_should_stand_in_a_place_is_told_once_and_in_plain_words(
    tmp_path: Path, expect: str, told: str, remedy: str
) -> None:
    text = f"cases:\n  - title: One\n    turns: [{{customer: hi, expect: {expect}}}]\n"
    (fault,) = read_cases([write(tmp_path, text)])[1]
    assert fault.message == f"turns.0.expect.{told}"
    assert fault.remedy.startswith(remedy)


def test_one_product_and_one_state_stand_for_a_list_of_one(tmp_path: Path) -> None:
    text = (
        "cases:\n  - title: One\n    turns: [{customer: hi, expect: {shows: teapot}}, {customer: hi, expect: {shows: yes}}]\n"
        "    expect: {state: {lookup: order, holds: {status: cancelled}}}\n"
    )
    (case,) = load_cases([write(tmp_path, text)])
    assert case.turns[0].expect.shows == ("teapot",)
    assert case.turns[1].expect.shows is True
    assert [state.lookup for state in case.expect.state] == ["order"]
    jsonschema.validate(yaml.safe_load(text), json_schema())


def test_a_key_that_stands_twice_is_a_fault_with_its_line(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "cases:\n  - title: One\n    title: Two\n" + TURN) == [(3, "eval-yaml")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"), ("no", "no"), ("yes", "yes"), ("12:30", "12:30"), ("01067", "01067"), ("2026-06-16", "2026-06-16"),
        ("true", True), ("~", None), ("12", 12), ("-1.5", -1.5), ("'12'", "12"), ("12E5", "12E5"), ("1.5e3", 1500.0), ("0x10", "0x10"), ("1_000", "1_000"),
    ],
)  # fmt: skip
def test_words_are_read_as_they_look(text: str, value: object) -> None:
    source = read_yaml(f"on: {text}\n", file="x")
    assert source.faults == []
    assert source.data == {"on": value}
    assert type(source.data["on"]) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "a: [1, 2", "a: &x [*x]", "a: !!python/object:os.system {}", "a: 1\n---\nb: 2", "[" * 5000, "? [a]\n: 1", "a: *nowhere", "\x00",
        "a: 'x\n b", "\ta: 1",
    ],
)  # fmt: skip
def test_what_is_no_plain_yaml_is_told_never_raised(text: str) -> None:
    assert read_yaml(text, file="x").faults


def test_aliases_that_blow_up_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    source = read_yaml("\n".join(lines), file="x")
    assert any("more than" in fault.message for fault in source.faults)
    assert source.data is None


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**9), 10**9)
        | st.text(st.characters(categories=["L", "N", "P", "Zs"])),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("abc:#-'\" ", min_size=1), inner, max_size=3)
        ),
        max_leaves=10,
    )
)
def test_what_yaml_writes_is_read_back(data: object) -> None:
    source = read_yaml(yaml.safe_dump({"data": data}, allow_unicode=True), file="x")
    assert source.faults == []
    assert source.data == {"data": data}


def test_a_table_gives_a_case_a_row_and_keeps_types(tmp_path: Path) -> None:
    text = (
        "tags: all\n"
        "cases:\n"
        "  - id: track\n"
        "    title: Track {number}\n"
        "    table:\n"
        '      - {row: first, number: "#1", cites: [a, b]}\n'
        '      - {row: second, number: "#2", cites: c}\n'
        "    turns:\n"
        '      - customer: "Where is {number}? {{yes}}"\n'
        '        expect: {outcome: Answered, cites: "{cites}"}\n'
    )
    one, two = load_cases([write(tmp_path, text)])
    assert (one.id, two.id) == ("suite/track[first]", "suite/track[second]")
    assert one.turns[0].customer == "Where is #1? {yes}"
    assert one.turns[0].expect.cites == ("a", "b")
    assert two.turns[0].expect.cites == ("c",)
    assert (one.line, two.line) == (6, 7)
    assert one.tags == ("all",)
    assert one.digest != two.digest


def test_a_table_whose_columns_go_wrong_is_told(tmp_path: Path) -> None:
    head = "cases:\n  - title: T\n    table:\n"
    turns = '    turns: [{customer: "{a}"}]\n'
    assert faults_of(tmp_path, head + "      - {a: 1, b: 2}\n" + turns) == [(4, "eval-table")]
    assert faults_of(tmp_path, head + "      - {a: 1}\n      - {b: 1}\n" + turns) == [(5, "eval-table")]
    assert faults_of(tmp_path, head + '      - {a: 1}\n    turns: [{customer: "{a} {oops}"}]\n') == [(5, "eval-table")]
    assert faults_of(tmp_path, head + "      - {row: x, a: 1}\n      - {row: x, a: 2}\n" + turns) == [(5, "eval-table")]
    assert faults_of(tmp_path, "cases:\n  - title: T\n    table: []\n" + turns) == [(3, "eval-table")]


def test_includes_are_read_once_and_circles_and_escapes_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "evals"
    (folder / "more").mkdir(parents=True)
    write(tmp_path, "cases:\n  - title: Secret\n" + TURN, "outside.yaml")
    write(folder / "more", "cases:\n  - title: More\n" + TURN, "more.yaml")
    write(folder, "include: more/more.yaml\n", "all.yaml")
    assert [case.id for case in load_cases([folder])] == ["more/more"]
    write(folder, "include: [b.yaml]\n", "a.yaml")
    write(folder, "include: [a.yaml, ../outside.yaml, missing.yaml]\n", "b.yaml")
    cases, faults = read_cases([folder / "a.yaml"])
    assert cases == ()
    told = [fault.message for fault in faults]
    assert any("a.yaml → b.yaml → a.yaml" in message for message in told)
    assert any("outside of the suite's folder" in message for message in told)
    assert any("no file missing.yaml" in message for message in told)
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    write(folder, "include: link.yaml\n", "c.yaml")
    assert [fault.code for fault in read_cases([folder / "c.yaml"])[1]] == ["eval-include"]


@pytest.mark.parametrize(
    "expect",
    [
        "{outcome: Answered, reason: guidance}", "{outcome: Asked, refused: true}", "{outcome: Silent, says: x}",
        "{says: x, says_not: x}", "{guides: A, not_guides: A}", "{actions: a, not_actions: a}", "{reason: guidance, asks: email}",
        "{state: [{lookup: x}]}", "{shows: [a], shows_not: [a]}", "{guide: A, not_guides: A}", "{guide: null, guides: A}",
    ],
)  # fmt: skip
def test_expectations_that_contradict_each_other_are_told(tmp_path: Path, expect: str) -> None:
    found = faults_of(tmp_path, f"cases:\n  - title: T\n    turns:\n      - customer: hi\n        expect: {expect}\n")
    assert found[0] == (5, "eval-contradiction")


@pytest.mark.parametrize(
    ("turn", "end"),
    [("guide: A", "not_guides: A"), ("cites: a", "not_cites: a"), ("actions: a", "not_actions: [b, a]"), ("says: x", "says_not: x")],
)  # fmt: skip
def test_what_a_turn_expects_and_the_whole_conversation_rules_out_is_told(tmp_path: Path, turn: str, end: str) -> None:
    text = (
        f"cases:\n  - title: T\n    turns:\n      - customer: hi\n        expect: {{{turn}}}\n    expect: {{{end}}}\n"
    )
    assert faults_of(tmp_path, text) == [(5, "eval-contradiction")]


def test_ids_that_stand_twice_are_told_with_the_first_place(tmp_path: Path) -> None:
    text = "cases:\n  - title: Same\n" + TURN + "  - title: Same\n" + TURN
    _, faults = read_cases([write(tmp_path, text)])
    assert [(fault.place.line, fault.code) for fault in faults] == [(4, "eval-twice")]
    assert "suite.yaml:2" in faults[0].message


def test_facts_of_the_wrong_shape_and_bad_patterns_are_told_before_anything_runs(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "cases:\n  - title: T\n    facts: {customer: {email: [1]}}\n" + TURN) == [
        (3, "eval-type")
    ]
    bad = 'cases:\n  - title: T\n    turns: [{customer: hi, expect: {says: {pattern: "("}}}]\n'
    assert faults_of(tmp_path, bad) == [(3, "eval-type")]


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("cases: [ä]".encode("latin-1"))
    assert [fault.code for fault in read_cases([tmp_path / "latin.yaml"])[1]] == ["eval-file"]
    assert faults_of(tmp_path, "- just\n- a list\n") == [(1, "eval-type")]
    assert faults_of(tmp_path, "") == [(1, "eval-type")]
    with pytest.raises(EvalError, match="no such file"):
        load_cases([tmp_path / "nowhere.yaml"])


def test_the_schema_takes_the_shop_s_own_suites_and_refuses_what_the_reader_refuses(root: Path) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    for path in (root / "evals").rglob("*.yaml"):
        data = read_yaml(path.read_text(encoding="utf-8"), file=path.name).data
        if "personas" in data:
            assert list(jsonschema.Draft202012Validator(json_schema("personas")).iter_errors(data)) == []
            continue
        for case in data["cases"]:
            if "table" in case:
                continue  # editors see slots where types stand
            assert [error.message for error in check.iter_errors({"cases": [case]})] == [], case["title"]
    assert list(
        check.iter_errors({"cases": [{"title": "x", "turns": [{"customer": "x", "expect": {"outcome": "No"}}]}]})
    )
    assert list(check.iter_errors({"casess": []}))
    assert json.loads((root / "docs" / "evals.schema.json").read_text(encoding="utf-8")) == schema
