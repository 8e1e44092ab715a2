"""Lists as symbols: what fits of them, one of them, how many, sums; a few elements told apart, anything beyond."""

from __future__ import annotations

from typing import Any

import z3  # type: ignore[import-untyped]

from convagent.guidance.language import expressions as ex
from convagent.guidance.proofs.encoding import Encoding, Resolve
from convagent.guidance.proofs.symbols import Element, Symbol
from convagent.guidance.proofs.terms import NO
from convagent.guidance.schema import types as t

__all__ = ["Lists"]


class Lists(Encoding):
    """Encodes what is asked of lists."""

    def list_of(self, node: ex.Expression, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """A list with its elements; None where nothing can be said of them."""
        found = self.value(node, resolve, element)
        return found if found.elements is not None else None

    def query(self, node: ex.Query, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """`x where …`."""
        found = self.list_of(node.source, resolve, element)
        if found is None:
            return None
        if node.where is not None:
            found = self._kept(node, node.where, found, resolve, element)
        return found if node.by is None else self._sorted(node, found, resolve, element)

    def _kept(
        self, node: ex.Query, where: ex.Expression, found: Symbol, resolve: Resolve, element: Symbol | None
    ) -> Symbol:
        """The elements for which a condition holds."""
        known, kept = [found.known, z3.Not(found.none)], []
        for each in found.elements or ():
            held = self.truth(where, resolve, each.value)
            known.append(z3.Implies(each.present, held.known))
            kept.append(Element(z3.And(each.present, held.yes), each.value))
        beyond = self.opaque(node, resolve, element, t.YES_NO)  # of elements beyond those told apart nothing is said
        known.append(z3.Implies(found.overflow, beyond.known))
        overflow = z3.And(found.overflow, beyond.term)
        return Symbol(found.type, z3.And(known), NO, None, "", tuple(kept), overflow, ordered=found.ordered)

    def _sorted(self, node: ex.Query, found: Symbol, resolve: Resolve, element: Symbol | None) -> Symbol:
        """`x by …`: the same elements, in an order that isn't reckoned; of two that can't be put in order nothing is known."""
        told = found.elements or ()
        pairs = [z3.And(one.present, other.present) for place, one in enumerate(told) for other in told[place + 1 :]]
        several = z3.Or([*pairs, found.overflow])
        in_order = self.opaque(node, resolve, element, t.YES_NO).known
        known = z3.And(found.known, z3.Not(found.none), z3.Or(z3.Not(several), in_order))
        return Symbol(found.type, known, NO, None, "", found.elements, found.overflow, ordered=False)

    def take(self, node: ex.Take, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """`first of x`: one of those that are told apart; which ones `first 3 of x` are isn't said.

        What is picked from a list stands, without loss, for its first element, so that of such a list nothing is the first.
        """
        found = self.list_of(node.source, resolve, element)
        if found is None or not isinstance(found.type, t.ListOf):
            return None
        keys = {each.value.key for each in found.elements or ()}
        if node.count is not None or not isinstance(found.type.item, t.Record) or "" in keys or keys & self.picked:
            return self.opaque(node, resolve, element, found.type.item if node.count is None else found.type)
        self.by_place |= keys
        beyond = self.opaque(node, resolve, element, found.type.item)
        fits = [beyond.known, z3.Not(beyond.none)]
        if isinstance(node.source, ex.Query) and node.source.where is not None:
            fits.append(self.truth(node.source.where, resolve, beyond).true)
        self.symbols.demands.append(z3.Implies(found.overflow, z3.And(fits)))
        told = found.elements or ()
        other = Element(found.overflow, beyond)
        choices = (*told, other) if node.which == "first" else (other, *reversed(told))
        if not found.ordered:  # any of them may be the first; the last in this row is taken where none is chosen
            mark = self.opaque(node, resolve, element, t.NOTHING).key
            chosen = (z3.Bool(f"{mark} takes {place}") for place in range(len(choices)))
            choices = (
                *(Element(z3.And(each.present, take), each.value) for each, take in zip(choices, chosen, strict=True)),
                *choices,
            )
        known = z3.And(found.known, z3.Not(found.none))
        return Symbol(found.type.item, known, z3.Not(self.some(found)), choices=choices)

    def quantified(self, node: ex.Quantified, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """`any of` and `all of`."""
        found = self.list_of(node.source, resolve, element)
        if found is None:
            return None
        wanted = node.kind == "any"
        there = z3.And(found.known, z3.Not(found.none))
        hits, known = [], [there]
        for each in found.elements or ():
            held = self.truth(node.where, resolve, each.value)
            hits.append(z3.And(each.present, held.true if wanted else held.false))
            known.append(z3.Implies(each.present, held.known))
        beyond = self.opaque(node, resolve, element, t.YES_NO)
        told = z3.And(beyond.known, beyond.term if wanted else z3.Not(beyond.term))
        hits.append(z3.And(found.overflow, told))
        known.append(z3.Implies(found.overflow, beyond.known))
        hit = z3.Or(hits)
        return self.condition(z3.And(there, z3.Or(hit, z3.And(known))), hit if wanted else z3.Not(hit))

    def aggregate(self, node: ex.Aggregate, resolve: Resolve, element: Symbol | None) -> Symbol | None:
        """`sum of` and `count of`."""
        found = self.list_of(node.source, resolve, element)
        if found is None or node.kind not in {"sum", "count"}:
            return None
        there = [found.known, z3.Not(found.none)]
        elements = found.elements or ()
        if node.kind == "count" or node.item is None:
            count = z3.Sum([z3.If(each.present, z3.RealVal(1), z3.RealVal(0)) for each in elements])
            more = z3.FreshReal("count")
            self.symbols.demands.append(more >= (len(elements) + 1 if found.key else 1))
            return Symbol(t.NUMBER, z3.And(there), NO, z3.If(found.overflow, more, count))
        total: Any = None
        kind: t.Type = t.NUMBER
        for each in elements:
            value = self.value(node.item, resolve, each.value)
            if value.term is None or not isinstance(value.type, (t.MoneyType, t.Number)):
                return None
            term, kind = value.term, value.type
            counted = any(isinstance(part, ex.Its) and part.parts == ("quantity",) for part in ex.walk(node.item))
            pieces = None if counted else self.symbols.field(each.value, "quantity")
            there.append(z3.Implies(each.present, z3.And(value.known, z3.Not(value.none))))
            if pieces is not None:
                # several pieces count as often; sums are exact for up to three pieces a line, open for more
                if each.value.type == t.Record("LineItem"):
                    there.append(z3.Implies(each.present, pieces.known))
                several = z3.FreshInt("pieces") if isinstance(kind, t.MoneyType) else z3.FreshReal("pieces")
                counted_here = z3.And(pieces.known, z3.Not(pieces.none))
                for times in (3, 2, 1):
                    several = z3.If(z3.And(counted_here, pieces.term == times), times * term, several)
                term = several
            zero = z3.IntVal(0) if isinstance(kind, t.MoneyType) else z3.RealVal(0)
            part = z3.If(each.present, term, zero)
            total = part if total is None else total + part
        more = z3.FreshInt("sum") if isinstance(kind, t.MoneyType) else z3.FreshReal("sum")
        known = z3.FreshBool("sum known")
        return Symbol(kind, z3.And(*there, z3.Implies(found.overflow, known)), NO, z3.If(found.overflow, more, total))
