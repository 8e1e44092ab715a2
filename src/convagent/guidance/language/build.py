"""A parse tree of one line → nodes of the syntax tree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from lark import Token, Tree, v_args

from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.build_expressions import ExpressionRules, Place, build_error, read_duration
from convagent.guidance.language.slips import LineError

__all__ = ["build"]


def build(tree: Tree[Token], place: Place, number: str, original: str) -> Any:
    """The node of a parse tree.

    Args:
        tree: As the grammar gives it.
        place: Gives the place in the file of a stretch of the line.
        number: The statement's number.
        original: The line as it was written.

    Raises:
        LineError: It parses, and yet can't be meant: a day that isn't, a text where a condition stands.
        lark.exceptions.VisitError: Around a `LineError`.
    """
    return _StatementRules(place, number, original).transform(tree)


@v_args(meta=True)
class _StatementRules(ExpressionRules):
    """Builds the nodes. One method for each rule of the grammar, of the same name."""

    # ---- statements
    def statement(self, _meta: Any, children: list[Any]) -> Any:
        return children[0]

    property = statement

    def only_for(self, _meta: Any, children: list[Any]) -> ex.Expression:
        return self.condition(children[0])

    def need(self, meta: Any, children: list[Any]) -> sx.Need:
        return sx.Need(self._span(meta), self._number, tuple(child for child in children if isinstance(child, tuple)))

    def need_all(self, _meta: Any, children: list[Any]) -> tuple[sx.NeedItem, ...]:
        return tuple(children)

    def need_item(self, meta: Any, children: list[Any]) -> sx.NeedItem:
        name, each, kind = children
        each_name, each_source = each or (None, None)
        return sx.NeedItem(str(name), kind, self._span(meta), each_name, each_source)

    def need_choice(self, meta: Any, children: list[Any]) -> tuple[sx.NeedItem, ...]:
        return (self.need_item(meta, children),)

    def each(self, _meta: Any, children: list[Any]) -> tuple[str, ex.Expression]:
        return str(children[0]), children[1]

    def value_type(self, meta: Any, children: list[Any]) -> sx.NeedType:
        return sx.NeedType("value", str(children[0]), span=self._span(meta))

    def yes_no_type(self, meta: Any, _children: list[Any]) -> sx.NeedType:
        return sx.NeedType("yes_no", span=self._span(meta))

    def one_type(self, meta: Any, children: list[Any]) -> sx.NeedType:
        if isinstance(children[0], tuple):
            return sx.NeedType("one", choices=children[0], span=self._span(meta))
        return sx.NeedType("one", source=children[0], span=self._span(meta))

    def some_type(self, meta: Any, children: list[Any]) -> sx.NeedType:
        return sx.NeedType("some", source=children[0], span=self._span(meta))

    def each_type(self, meta: Any, children: list[Any]) -> sx.NeedType:
        return sx.NeedType("each", source=children[0], span=self._span(meta))

    def choices(self, _meta: Any, children: list[Any]) -> tuple[sx.Choice, ...]:
        return tuple(child for child in children if isinstance(child, sx.Choice))

    def choice(self, _meta: Any, children: list[Any]) -> sx.Choice:
        token, description = children
        value: Any = self._string(token) if token.type == "STRING" else Decimal(token)
        return sx.Choice(value, str(description)[1:-1].strip() if description else "")

    def let(self, meta: Any, children: list[Any]) -> sx.Let:
        return sx.Let(self._span(meta), self._number, str(children[0]), children[1])

    def look_up(self, meta: Any, children: list[Any]) -> sx.LookUp:
        return sx.LookUp(str(children[0]), children[1] or (), self._span(meta))

    def with_(self, _meta: Any, children: list[Any]) -> tuple[sx.Argument, ...]:
        return tuple(children)

    def argument(self, meta: Any, children: list[Any]) -> sx.Argument:
        return sx.Argument(str(children[0]), children[1], self._span(meta))

    def if_(self, meta: Any, children: list[Any]) -> sx.If:
        return sx.If(self._span(meta), self._number, self.condition(children[0]), ())

    def otherwise(self, meta: Any, _children: list[Any]) -> sx.Otherwise:
        return sx.Otherwise(self._span(meta), self._number, ())

    def ask(self, meta: Any, children: list[Any]) -> sx.Ask:
        text, name, kind = children
        item = sx.NeedItem(str(name), kind, self._token_span(name))
        return sx.Ask(self._span(meta), self._number, self._text(text), item)

    def say(self, meta: Any, children: list[Any]) -> sx.Say:
        return sx.Say(self._span(meta), self._number, self._text(children[1]), free=children[0] is not None)

    def refuse(self, meta: Any, children: list[Any]) -> sx.Refuse:
        return sx.Refuse(self._span(meta), self._number, self._text(children[0]))

    def confirm(self, meta: Any, children: list[Any]) -> sx.Confirm:
        return sx.Confirm(self._span(meta), self._number, self._text(children[0]))

    def do(self, meta: Any, children: list[Any]) -> sx.Do:
        name, with_, result = children
        return sx.Do(self._span(meta), self._number, str(name), with_ or (), str(result) if result else None)

    def hand_over(self, meta: Any, children: list[Any]) -> sx.HandOver:
        team, urgent, reason, text = children
        return sx.HandOver(
            self._span(meta), self._number, self._string(team) if team else None, urgent is not None,
            str(reason) if reason else None, self._text(text) if text else None,
        )  # fmt: skip

    def go_to(self, meta: Any, children: list[Any]) -> sx.GoTo:
        return sx.GoTo(self._span(meta), self._number, self._string(children[0]))

    def go_on(self, meta: Any, _children: list[Any]) -> sx.GoOn:
        return sx.GoOn(self._span(meta), self._number)

    def give(self, meta: Any, children: list[Any]) -> sx.Give:
        return sx.Give(self._span(meta), self._number, str(children[0]), children[1])

    def answer(self, meta: Any, children: list[Any]) -> sx.Answer:
        return sx.Answer(self._span(meta), self._number, tuple(self._string(token) for token in children if token))

    def recommend(self, meta: Any, children: list[Any]) -> sx.Recommend:
        return sx.Recommend(self._span(meta), self._number, children[0])

    def offer(self, meta: Any, children: list[Any]) -> sx.Offer:
        return sx.Offer(self._span(meta), self._number, self._string(children[0]), children[1])

    def tag(self, meta: Any, children: list[Any]) -> sx.Tag:
        return sx.Tag(self._span(meta), self._number, self._string(children[0]))

    def close(self, meta: Any, _children: list[Any]) -> sx.Close:
        return sx.Close(self._span(meta), self._number)

    def set_(self, meta: Any, children: list[Any]) -> sx.Set:
        return sx.Set(self._span(meta), self._number, str(children[0]), children[1])

    def snooze(self, meta: Any, children: list[Any]) -> sx.Snooze:
        return sx.Snooze(self._span(meta), self._number, children[0])

    def never_say(self, meta: Any, children: list[Any]) -> sx.Never:
        return sx.Never(self._span(meta), self._number, words=tuple(self._string(token) for token in children))

    def never_do(self, meta: Any, children: list[Any]) -> sx.Never:
        return self._never(meta, str(children[0]), children[1:])

    def never_do_any(self, meta: Any, children: list[Any]) -> sx.Never:
        if str(children[0]) not in {"write", "action"}:
            remedy = "Write `any write`, `any action` or the name of one action."
            raise build_error(f"`any {children[0]}` is not known", children[0], remedy)
        return self._never(meta, f"any {children[0]}", children[1:])

    def _never(self, meta: Any, action: str, rest: list[Any]) -> sx.Never:
        condition = next((self.condition(part) for part in rest if isinstance(part, ex.Expression)), None)
        unless = any(isinstance(part, Token) and part.type == "UNLESS" for part in rest)
        seems = next((part for part in ex.walk(condition) if isinstance(part, ex.Seems)), None) if condition else None
        if seems is not None:
            start = self._original.find("it seems")
            raise LineError(
                "G140", "a judgement can't stand in a `Never`: it would sometimes be wrong",
                max(0, start), max(0, start) + len("it seems"),
                "Name a fact, or write a guide with `When it seems …` that hands over.",
            )  # fmt: skip
        return sx.Never(
            self._span(meta),
            self._number,
            action,
            when=None if unless else condition,
            unless=condition if unless else None,
        )

    # ---- properties
    def ask_text(self, meta: Any, children: list[Any]) -> sx.Text:
        return self._text(children[0]) if children[0] else sx.Text("", self._span(meta))

    def must(self, meta: Any, children: list[Any]) -> sx.Must:
        return sx.Must(self.condition(children[0]), self._text(children[2]), self._span(meta))

    def else_(self, _meta: Any, children: list[Any]) -> tuple[str, Any]:
        return ("else", children[0])

    def within(self, meta: Any, children: list[Any]) -> sx.Within:
        span = read_duration(children[0])
        seconds = span.seconds
        then: Literal["close", "hand over"] = "close" if isinstance(children[2], sx.Close) else "hand over"
        if seconds is not None:
            return sx.Within(int(seconds), then, self._span(meta))
        return sx.Within(0, then, self._span(meta), span)

    def late_hand_over(self, meta: Any, _children: list[Any]) -> sx.HandOver:
        return sx.HandOver(self._span(meta), self._number)

    def if_fails(self, _meta: Any, children: list[Any]) -> tuple[str, Any]:
        return ("if it fails", children[0])
