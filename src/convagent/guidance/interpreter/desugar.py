"""The syntax tree in kernel terms. Meaning lives here once: interpreter and proofs see only the kernel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from convagent.guidance.interpreter import kernel as k
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.expressions import Expression, Literal_
from convagent.guidance.language.judgements import union_of_judgements

__all__ = ["desugar", "desugar_guide"]


def desugar(guides: Iterable[sx.Guide]) -> k.Kernel:
    """All guides in kernel terms; `Never` statements bind the shop wherever they stand."""
    out: list[k.Guide] = []
    nevers: list[k.Never] = []
    written = tuple(guides)
    for guide in written:
        kernel = desugar_guide(guide)
        nevers.extend(statement for statement in k.statements_within(kernel.body) if isinstance(statement, k.Never))
        body = tuple(statement for statement in kernel.body if not isinstance(statement, k.Never))
        if body or guide.when or guide.gives or guide.on:
            out.append(kernel)
    return k.Kernel(tuple(out), tuple(nevers), union_of_judgements(written))


def desugar_guide(guide: sx.Guide) -> k.Guide:
    """One guide in kernel terms."""
    return k.Guide(
        guide.title, guide.file, guide.span, _Desugarer(guide.title).block(guide.statements), guide.safeguard, guide.each_time,
        guide.gives, guide.when, guide.on, guide.only_for, guide.at_most, guide.after,
    )  # fmt: skip


class _Desugarer:
    def __init__(self, title: str) -> None:
        self.title = title

    def at(self, statement: sx.Statement) -> tuple[str, Any]:
        return f"{self.title}/{statement.number}", statement.span

    def block(self, statements: Iterable[sx.Statement]) -> k.Block:
        out: list[k.Statement] = []
        for statement in statements:
            out.extend(self.statement(statement))
        return tuple(out)

    def statement(self, node: sx.Statement) -> Iterable[k.Statement]:
        at = self.at(node)
        match node:
            case sx.Need():
                return self.need(node)
            case sx.Ask():
                return (self.item(node, node.item, node.text, fresh=True),)
            case sx.Let():
                return (k.Let(*at, node.name, node.value),)
            case sx.If() | sx.Otherwise():
                goes_on = bool(node.body) and isinstance(node.body[-1], sx.GoOn)
                body = self.block(step for step in node.body if not isinstance(step, sx.GoOn))
                return (k.If(*at, node.condition if isinstance(node, sx.If) else None, body, goes_on),)
            case sx.Say():
                return (k.Say(*at, node.text, node.free),)
            case sx.Refuse():
                return (k.Say(*at, node.text, ends="refused"),)
            case sx.Confirm():
                return (
                    k.Need(
                        *at, f"confirmation_{node.number.replace('.', '_')}", "confirmation", ask=node.text, fresh=True
                    ),
                )
            case sx.Do():
                failure = None if node.failure is None else self.block(node.failure)
                return (k.Do(*at, node.action, node.arguments, node.name, failure),)
            case sx.HandOver():
                return (self.hand_over(node),)
            case sx.GoTo():
                return (k.GoTo(*at, node.title),)
            case sx.Give():
                return (k.GoTo(*at, gives=node.name, value=node.value),)
            case sx.Never():
                return (k.Never(*at, node.action, node.words, node.when, node.unless),)
        return (self.built_in(node),)

    def hand_over(self, node: sx.HandOver) -> k.HandOver:
        return k.HandOver(*self.at(node), node.team, node.urgent, node.reason or "guidance", node.text)

    def need(self, node: sx.Need) -> Iterable[k.Statement]:
        group = f"{self.title}/{node.number}" if len(node.alternatives) > 1 else None
        for position, items in enumerate(node.alternatives):
            for item in items:
                yield self.item(node, item, node.ask, fresh=False, group=group, alternative=position)

    def item(
        self, node: sx.Need | sx.Ask, item: sx.NeedItem, ask: sx.Text | None, *, fresh: bool, group: str | None = None,
        alternative: int = 0,
    ) -> k.Need:  # fmt: skip
        kind = item.type or sx.NeedType("value", item.name)
        return k.Need(
            *self.at(node), item.name, kind.kind, kind.name, kind.choices, kind.source, item.each_name, item.each_source, ask,
            node.musts, self.otherwise(node.otherwise), node.within, fresh, group, alternative,
        )  # fmt: skip

    def otherwise(self, node: Any) -> k.Else | None:
        match node:
            case None:
                return None
            case sx.Refuse(text=text):
                return k.Else(refuse=text)
            case sx.Say(text=text):
                return k.Else(say=text)
            case sx.HandOver():
                return k.Else(hand_over=self.hand_over(node))
            case Literal_(value=str() as value) as literal:
                return k.Else(say=sx.Text(value, literal.span))
        return k.Else(value=node) if isinstance(node, Expression) else None

    def built_in(self, node: sx.Statement) -> k.Do:
        def argument(name: str, value: Expression) -> sx.Argument:
            return sx.Argument(name, value, node.span)

        def text(value: Any) -> Literal_:
            return Literal_(node.span, value)

        arguments: tuple[sx.Argument, ...] = ()
        match node:
            case sx.Answer(articles=articles):
                name, arguments = "answer", tuple(argument("article", text(title)) for title in articles)
            case sx.Recommend(products=products):
                name, arguments = "recommend", (argument("products", products),)
            case sx.Offer(code=code, value=value):
                name, arguments = "offer", (argument("code", text(code)),)
                arguments += (argument("value", value),) if value is not None else ()
            case sx.Tag(label=label):
                name, arguments = "tag", (argument("label", text(label)),)
            case sx.Close():
                name = "close"
            case sx.Set(path=path, value=value):
                name, arguments = "set", (argument("path", text(path)), argument("value", value))
            case sx.Snooze(duration=duration):
                name, arguments = "snooze", (argument("duration", duration),)
            case _:
                raise TypeError(f"{type(node).__name__} stands where no statement can")
        return k.Do(*self.at(node), name, arguments)
