"""The grammar: LALR without conflicts, every rule and word exercised by the corpus, words usable where they may be."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lark import Token, Tree, logger
from tests.guidance.strategies import full_expressions, is_condition, operands

from convagent.guidance.findings.finding import Span
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.items import Item
from convagent.guidance.language.layout import lay_out
from convagent.guidance.language.line_faults import PROPERTY_WORDS, RESERVED, STATEMENT_WORDS, LineError, header_word
from convagent.guidance.language.lines import MAX_NESTING, Start, make_parser, parse_line, prepared, tree_of
from convagent.guidance.language.unparse import operand_text, unparse

GOOD = sorted((Path(__file__).parent / "corpus" / "good").glob("[0-9]*.md"))
SLOW = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def _place(start: int, end: int) -> Span:
    return Span(1, start + 1, 1, end + 1)


def _read(text: str, start: Start = "statement") -> object:
    return parse_line(text, start, _place)


def _condition(text: str) -> ex.Expression:
    node = _read(f"if {text}:")
    assert isinstance(node, sx.If)
    return node.condition


def _value(text: str) -> ex.Expression:
    node = _read(f"let x be {text}")
    assert isinstance(node, sx.Let)
    assert isinstance(node.value, ex.Expression)
    return node.value


# ---- the table
def test_the_grammar_has_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    level, kept = logger.level, list(logger.handlers)
    logger.setLevel(logging.DEBUG)
    logger.handlers[:] = [caplog.handler]
    try:
        make_parser(debug=True)
    finally:
        logger.setLevel(level)
        logger.handlers[:] = kept
    assert not [record for record in caplog.records if "onflict" in record.getMessage()]


def test_a_conflict_would_be_reported(caplog: pytest.LogCaptureFixture) -> None:
    from lark import Lark

    level, kept = logger.level, list(logger.handlers)
    logger.setLevel(logging.DEBUG)
    logger.handlers[:] = [caplog.handler]
    try:
        Lark('start: a\na: "x" a | "x" | a "y"\n', parser="lalr", debug=True)
    finally:
        logger.setLevel(level)
        logger.handlers[:] = kept
    assert [record for record in caplog.records if "onflict" in record.getMessage()]


# ---- coverage by the corpus
def _lines(items: list[Item]) -> Iterator[tuple[str, Start]]:
    for item in items:
        if item.is_note:
            continue
        starts: tuple[Start, ...] = ("statement", "property")
        for start in starts:
            try:
                tree_of(item.text, start)
            except Exception:  # noqa: BLE001 - the other start is tried
                continue
            yield item.text, start
            break
        yield from _lines(item.children)


def _corpus_lines() -> Iterator[tuple[str, Start]]:
    for path in GOOD:
        for guide in lay_out(path.read_bytes().decode("utf-8-sig"), path.name).guides:
            for item in guide.header:
                if header_word(item.text) == "only for":
                    yield item.text[len("only for") :].strip().removesuffix(":"), "only_for"
            yield from _lines(guide.statements)


def test_every_rule_of_the_grammar_is_exercised_by_the_corpus() -> None:
    parser = make_parser()
    seen: set[str] = set()
    for text, start in _corpus_lines():
        seen |= {str(node.data) for node in tree_of(text, start).iter_subtrees()}
    wanted = {
        str(rule.alias or rule.origin.name)
        for rule in parser.rules
        if rule.alias or not (str(rule.origin.name).startswith("_") or rule.options.expand1)
    }
    assert wanted - seen == set()


def test_every_word_of_the_grammar_is_exercised_by_the_corpus() -> None:
    parser = make_parser(keep_all_tokens=True)
    seen: set[str] = set()
    for text, start in _corpus_lines():
        tree: Tree[Token] = parser.parse(prepared(text, start), start=start)
        seen |= {token.type for token in tree.scan_values(lambda value: isinstance(value, Token))}
    wanted = {terminal.name for terminal in parser.terminals} - set(parser.ignore_tokens)
    assert wanted - seen == set()


# ---- words
@pytest.mark.parametrize(
    "word", sorted({*RESERVED, "count", "first", "last", "sum", "need", "let", "ask", "do", "close"})
)
def test_any_word_may_follow_a_dot(word: str) -> None:
    assert _value(f"order.{word}") == ex.Path(Span(0, 0, 0, 0), "order", (word,))
    assert _value(f"its {word}") == ex.Its(Span(0, 0, 0, 0), (word,))
    assert _condition(f"order.{word}.{word} is item.{word}") == _condition(f"(order.{word}.{word}) is (item.{word})")


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_word_of_the_language_is_no_name(word: str) -> None:
    for line in (f"let {word} be 3", f"need {word}: text", f"do thank as {word}", f"do {word}"):
        with pytest.raises(LineError):
            _read(line)


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_names_may_begin_with_a_word_of_the_language(word: str) -> None:
    name = f"{word}_x"
    assert _value(name) == ex.Path(Span(0, 0, 0, 0), name)
    assert _value(f"{word}y") == ex.Path(Span(0, 0, 0, 0), f"{word}y")


@pytest.mark.parametrize(
    "word", ["count", "first", "last", "sum", "lowest", "highest", "all", "answer", "offer", "tag", "set"]
)
def test_words_that_are_understood_by_what_follows_are_names_too(word: str) -> None:
    assert _value(word) == ex.Path(Span(0, 0, 0, 0), word)
    assert _value(f"{word} + 1") == ex.Arithmetic(
        Span(0, 0, 0, 0), "+", ex.Path(Span(0, 0, 0, 0), word), ex.Literal_(Span(0, 0, 0, 0), 1)
    )


@pytest.mark.parametrize(
    "line", ['goto "x"', "handover", 'sayhello "x"', "closed", "if x isnot y:", "ifx:", "letx be 3"]
)
def test_words_of_the_language_end_where_a_word_ends(line: str) -> None:
    with pytest.raises(LineError):
        _read(line)


@pytest.mark.parametrize("word", STATEMENT_WORDS)
def test_the_first_word_of_a_statement_may_be_capital(word: str) -> None:
    line = {
        "need": "need x", "let": "let x be 3", "if": "if x:", "otherwise": "otherwise:", "ask": 'ask "a" for x: text',
        "say": 'say "a"', "refuse": 'refuse "a"', "confirm": 'confirm "a"', "do": "do x", "hand over": "hand over",
        "go to": 'go to "a"', "go on": "go on", "give": "give x = 3", "answer": "answer", "recommend": "recommend x",
        "offer": 'offer "a"', "tag": 'tag "a"', "close": "close", "set": "set x to 3", "snooze": "snooze for 3 days",
        "never": 'never say "a"',
    }[word]  # fmt: skip
    assert _read(line.capitalize().replace('"A"', '"a"')) == _read(line)
    assert _read(word.split()[0].upper() + line[len(word.split()[0]) :]) == _read(line)


@pytest.mark.parametrize("word", PROPERTY_WORDS)
def test_the_first_word_of_a_property_may_be_capital(word: str) -> None:
    line = {
        "ask": 'ask "a"', "must": 'must it > 3, else say "a"', "else": "else 3", "within": "within 3 days, else close",
        "if it fails": "if it fails: close",
    }[word]  # fmt: skip
    assert _read(line[:1].upper() + line[1:], "property") == _read(line, "property")


# ---- what binds how
@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a and b and c", "a and b and c"),
        ("not a and b", "(not a) and b"),
        ("not a is b", "not (a is b)"),
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a / b * c", "(a / b) * c"),
        ("10% of a + b", "(10% of a) + b"),
        ("a is b + c", "a is (b + c)"),
        ("a is one of b, c and d", "(a is one of b, c) and d"),
        ("a is between b and c and d", "(a is between b and c) and d"),
        ("count of a > b", "(count of a) > b"),
        ("a is known and b is not none", "(a is known) and (b is not none)"),
        ("a does not contain b", "a does not contain (b)"),
    ],
)
def test_what_binds_how(text: str, same: str) -> None:
    assert _condition(text) == _condition(same)


@pytest.mark.parametrize("text", ["a and b or c", "a or b and c", "a where b and c or d", "a where b and c where d"])
def test_what_could_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(LineError):
        _condition(text)


@pytest.mark.parametrize(
    "text", ['"a"', "3", "20 EUR", "10%", "3 days", "2026-01-01", "none", 'x or "a"', 'not "a"', "x and 3"]
)
def test_a_text_or_figure_alone_is_no_condition(text: str) -> None:
    with pytest.raises(LineError) as raised:
        _condition(text)
    assert raised.value.code == "G142"


def test_the_remedy_for_two_texts_is_a_list() -> None:
    with pytest.raises(LineError) as raised:
        _condition('order.status is not "a" or "b"')
    assert raised.value.remedy == 'Write `order.status is not one of "a", "b"`.'


# ---- bounds
@pytest.mark.parametrize(
    "text",
    [
        "not " * 500 + "a",
        "(" * 400 + "a" + ")" * 400,
        "+".join("a" * 900),
        "5% of " * 500 + "a",
        "a" + " is (b" * 300 + ")" * 300,
    ],
)
def test_what_is_nested_too_deeply_is_refused_before_the_stack_ends(text: str) -> None:
    with pytest.raises(LineError) as raised:
        _value(text)
    assert raised.value.code == "G115"


def test_the_deepest_nesting_allowed_is_read() -> None:
    deepest = "a"
    for _ in range(MAX_NESTING - 1):
        deepest = f"(x and {deepest})"
    assert isinstance(_condition(deepest), ex.And)
    with pytest.raises(LineError):
        _condition(f"(x and (x and {deepest}))")


def test_long_lists_are_no_deep_nesting() -> None:
    options = ", ".join(str(number) for number in range(500))
    node = _condition(f"a is one of {options}")
    assert isinstance(node, ex.OneOf)
    assert len(node.options) == 500


def test_parentheses_in_texts_are_not_counted() -> None:
    assert isinstance(_read(f'say "{"(" * 100}"'), sx.Say)


# ---- back to text
@SLOW
@given(full_expressions(3))
def test_unparsing_and_parsing_gives_the_expression_again(node: ex.Expression) -> None:
    text = unparse(node)
    again = _value(text)
    assert again == node
    assert unparse(again) == text


@SLOW
@given(full_expressions(2).filter(is_condition))
def test_a_condition_reads_the_same_wherever_it_stands(node: ex.Expression) -> None:
    text = unparse(node)
    assert _condition(text) == node
    assert parse_line(text, "only_for", _place) == node
    must = _read(f'must {text}, else say "a"', "property")
    assert isinstance(must, sx.Must)
    assert must.condition == node


@SLOW
@given(operands(2))
def test_an_operand_reads_the_same_as_an_argument(node: ex.Expression) -> None:
    action = _read(f"do x with a = {operand_text(node)}, b = 3")
    assert isinstance(action, sx.Do)
    assert action.arguments[0].value == node
