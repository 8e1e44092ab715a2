"""G2 along a guide: walks its statements in reading order, declares names, checks types, and notes what it comes upon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from convagent.guidance.checks.calls import check_advise, check_call, signature_of
from convagent.guidance.checks.infer import Infer
from convagent.guidance.checks.name_types import NameTypes
from convagent.guidance.checks.needs import declare_need
from convagent.guidance.checks.report import GuideReport, did_you_mean
from convagent.guidance.checks.scope import Binding, Confirmation, Scope
from convagent.guidance.checks.shop_index import Outline, ShopIndex
from convagent.guidance.checks.survey import DoUse, Survey
from convagent.guidance.checks.texts import check_marks
from convagent.guidance.findings.finding import Span
from convagent.guidance.interpreter.kernel import BUILT_IN_ACTIONS
from convagent.guidance.language import expressions as ex
from convagent.guidance.language import syntax as sx
from convagent.guidance.schema import types as t
from convagent.guidance.schema.types import spoken
from convagent.guidance.schema.units import fits
from convagent.guidance.schema.vocabulary import Vocabulary

__all__ = ["Walk"]


class Walk:
    """One walk over one guide.

    Args:
        report: Takes the findings.
        outline: The guide.
        index: All guides.
        vocabulary: What names mean.
        articles: Titles and ids of articles in lower case; None when they aren't known.
        teams: Names of teams in lower case, with how they are written; None when they aren't known.
    """

    def __init__(
        self, report: GuideReport, outline: Outline, index: ShopIndex, vocabulary: Vocabulary,
        articles: Mapping[str, str] | None, teams: Mapping[str, str] | None,
    ) -> None:  # fmt: skip
        self.report, self.outline, self.index = report, outline, index
        self.articles, self.teams = articles, teams
        self.names = NameTypes(report, vocabulary, index.more_roots, outline.declared)
        self.infer = Infer(self.names)
        self.survey = Survey()
        self.bindings: list[Binding] = []
        self._declared_here: dict[str, Span] = {}
        self._hands_over = False

    def run(self) -> Survey:
        """Walks the guide from its header to its last statement."""
        guide, scope = self.outline.guide, Scope()
        if guide.only_for is not None:
            self.infer.condition(guide.only_for, scope)
            self.survey.claims.extend(self.infer.claims)
            self._note_identity(scope)
        self._header(guide)
        self.block(guide.statements, scope)
        self._unused()
        self.survey.judged.extend(self.infer.judged)
        return self.survey

    def _header(self, guide: sx.Guide) -> None:
        events = self.infer.vocabulary.events
        if guide.on is not None and events is not None and guide.on.event not in events:
            listed = f"There are: {', '.join(events[:12])}."
            remedy = did_you_mean(guide.on.event, events, listed)
            self.report.find("G227", guide.on.span, f"there is no event `{guide.on.event}`", remedy)
        for title in guide.after:
            self._title(title, guide.span)
        if guide.gives is not None and not self.outline.gives:
            self.report.find(
                "G225", guide.span, f"the guide says that it gives `{guide.gives}`, and never does",
                f"End it with `give {guide.gives} = …`.",
            )  # fmt: skip

    def block(self, statements: tuple[sx.Statement, ...], scope: Scope) -> None:
        """Walks statements of one block."""
        outer, self._declared_here = self._declared_here, {}
        hands_over, self._hands_over = self._hands_over, any(type(node) is sx.HandOver for node in statements)
        for node in statements:
            handle = _HANDLERS.get(type(node))
            if handle is not None:
                handle(self, node, scope)
        self._declared_here, self._hands_over = outer, hands_over

    # ---- names
    def declare(self, binding: Binding, scope: Scope) -> None:
        """Puts a name in force; a second time in one block is a fault."""
        earlier = self._declared_here.get(binding.name)
        if earlier is not None:
            self.report.find(
                "G214", binding.span, f"`{binding.name}` is declared twice, first on line {earlier.line}",
                "Give one of them another name.",
            )  # fmt: skip
        self._declared_here[binding.name] = binding.span
        scope.names[binding.name] = binding
        self.bindings.append(binding)

    def _unused(self) -> None:
        used = {binding.name for binding in self.bindings if binding.used} | self.names.meant
        groups = {binding.group for binding in self.bindings if binding.used and binding.group is not None}
        for binding in self.bindings:
            if binding.name in used or binding.kind == "result" or binding.group in groups:
                continue
            if binding.kind == "need":
                message = f"nothing depends on `{binding.name}`, so it is never asked for"
                remedy = 'Use it, or write `Ask "…" for …` to have it asked in any case.'
            else:
                message, remedy = f"nothing depends on `{binding.name}`", "Use it, or delete the line."
            self.report.find("G215", binding.span, message, remedy)
            if binding.group is not None:
                groups.add(binding.group)

    def _title(self, title: str, span: Span) -> None:
        if self.index.outline(title) is None:
            meant = did_you_mean(title, self.index.shown_titles(), "Write a guide's title as it stands behind the #.")
            self.report.find("G207", span, f"there is no guide “{title}”", meant)

    def _note_identity(self, scope: Scope) -> None:
        for path in self.infer.paths:
            if path.root == "customer" and path.parts[:1] in {("verified",), ("verification",)}:
                scope.identified = True

    def _establish(self, scope: Scope) -> None:
        """What a condition asks about is known behind it."""
        for path in self.infer.paths:
            binding = scope.names.get(path.root)
            if binding is not None and (binding.found or binding.optional):
                scope.established.update(".".join((path.root, *path.parts[:n])) for n in range(len(path.parts) + 1))

    # ---- statements
    def need(self, node: sx.Need | sx.Ask, scope: Scope) -> None:
        """Declares what is needed or asked for."""
        declare_need(self, node, scope)

    def let(self, node: sx.Let, scope: Scope) -> None:
        """Declares a value or the result of a look-up."""
        binding = Binding(node.name, t.ANYTHING, "let", node.span)
        if isinstance(node.value, sx.LookUp):
            call = node.value
            signature = signature_of(self.infer, call.action, call.span, kind="lookup")
            arguments = check_call(self.infer, call.action, signature, call.arguments, call.span, scope)
            paths = [path for _, names in arguments for path in names]
            binding.found = True
            if signature is not None:
                binding.type, binding.optional = signature.result, signature.may_find_nothing
        else:
            binding.type = self.infer.of(node.value, scope)
            paths = self.infer.paths
            self.survey.claims.extend(self.infer.claims)
            if isinstance(binding.type, t.YesNo):
                self._establish(scope)
            if isinstance(node.value, ex.Path):
                binding.copy_of = node.value.root
        known = [scope.names[path.root] for path in paths if path.root in scope.names]
        binding.choices = frozenset().union(*(other.choices for other in known))
        self.declare(binding, scope)

    def branch(self, node: sx.If, scope: Scope) -> None:
        """Checks a condition, then its steps."""
        self.infer.condition(node.condition, scope)
        if not self.infer.varies:
            self.survey.constant.append(node)
        self.survey.claims.extend(self.infer.claims)
        self._establish(scope)
        self._note_identity(scope)
        self._body(node.body, scope, _pinned(node.condition, scope))
        if not (node.body and isinstance(node.body[-1], sx.GoOn)):
            scope.pinned |= _pinned(node.condition, scope, behind=True)

    def otherwise(self, node: sx.Otherwise, scope: Scope) -> None:
        """Checks the steps of the other branch."""
        self._body(node.body, scope)

    def _body(self, body: tuple[sx.Statement, ...], scope: Scope, pinned: frozenset[str] = frozenset()) -> None:
        inner = scope.branch()
        inner.pinned |= pinned
        self.block(body, inner)
        if body and isinstance(body[-1], sx.GoOn):
            scope.acted = scope.acted or inner.acted

    def say(self, node: sx.Say | sx.Refuse, scope: Scope) -> None:
        """Checks a text."""
        check_marks(self.infer, node.text, scope)
        self.survey.text(node.text, "say" if isinstance(node, sx.Say) else "refuse", scope, hands_over=self._hands_over)

    def confirm(self, node: sx.Confirm, scope: Scope) -> None:
        """Checks a confirmation and notes what its text shows."""
        marks = check_marks(self.infer, node.text, scope)
        self.survey.text(node.text, "confirm", scope)
        shown: set[str] = set(scope.pinned)
        for mark in marks or ():
            root = mark.path[0]
            while root not in shown:
                shown.add(root)
                binding = scope.names.get(root)
                root = binding.copy_of if binding is not None and binding.copy_of is not None else root
            shown.update(mark.path[1:])
            shown.update((given or ("replacement",))[0] for name, given in mark.filters if name == "pairs")
        scope.confirmation = Confirmation(node.span, frozenset(shown), known=marks is not None)

    def do(self, node: sx.Do, scope: Scope) -> None:
        """Checks an action, its steps on failure, and declares its result."""
        if node.action in BUILT_IN_ACTIONS:
            for argument in node.arguments:
                self.infer.of(argument.value, scope)
            if node.action == "advise":
                check_advise(self.infer, node)
            return
        signature = signature_of(self.infer, node.action, node.span, kind="write")
        arguments = check_call(self.infer, node.action, signature, node.arguments, node.span, scope)
        use = DoUse(node, signature, arguments, dict(scope.names), scope.confirmation, scope.identified)
        self.survey.dos.append(use)
        if signature is None or signature.kind == "write":
            scope.acted = True
            customer = scope.names.get("customer")
            if customer is not None and customer.kind == "need":  # who writes is a precondition of every write
                customer.used = True
        if node.failure is not None:
            self.block(node.failure, scope.branch())
        if node.name is not None:
            result = signature.result if signature is not None else t.ANYTHING
            self.declare(Binding(node.name, result, "result", node.span, confirmation=scope.confirmation), scope)

    def hand_over(self, node: sx.HandOver, scope: Scope) -> None:
        """Checks a hand-over: its team and its text."""
        if node.team is not None and self.teams is not None and node.team.strip().casefold() not in self.teams:
            teams = tuple(self.teams.values())
            remedy = did_you_mean(node.team, teams, f"There are: {', '.join(teams[:12])}.").replace("`", '"')
            self.report.find("G209", node.span, f'there is no team "{node.team}"', remedy)
        if node.text is not None:
            check_marks(self.infer, node.text, scope)
            self.survey.text(node.text, "hand over", scope, hands_over=True)

    def go_to(self, node: sx.GoTo, _scope: Scope) -> None:
        """Checks where the guide leads."""
        self._title(node.title, node.span)

    def give(self, node: sx.Give, scope: Scope) -> None:
        """Checks what the guide gives, and notes its type for others."""
        kind = self.infer.of(node.value, scope)
        gives = self.outline.guide.gives
        if gives != node.name:
            said = "it gives nothing" if gives is None else f"it gives `{gives}`"
            self.report.find(
                "G225", node.span, f"the guide gives `{node.name}`, and its header says that {said}",
                f"Write `Gives {node.name}` below the title.",
            )  # fmt: skip
        self.index.given.setdefault(node.name, kind)

    def answer(self, node: sx.Answer, _scope: Scope) -> None:
        """Checks the articles that are named."""
        for title in node.articles:
            if self.articles is not None and title.strip().casefold() not in self.articles:
                remedy = did_you_mean(title, self.articles.values(), "Write an article's title or id.").replace(
                    "`", '"'
                )
                self.report.find("G208", node.span, f"there is no article “{title}”", remedy)

    def recommend(self, node: sx.Recommend, scope: Scope) -> None:
        """Checks that products are recommended."""
        kind = self.infer.of(node.products, scope)
        self.survey.claims.extend(self.infer.claims)
        item = t.plain(kind.item if isinstance(kind, t.ListOf) else kind)
        if item not in {t.Record("Product"), t.Record("Variant"), t.ANYTHING, t.NOTHING}:
            self.report.find(
                "G206", node.products.span, f"products are recommended, and this is {spoken(kind)}",
                "Name products: `first 3 of catalog where …`.",
            )  # fmt: skip

    def offer(self, node: sx.Offer, scope: Scope) -> None:
        """Checks what a discount is worth."""
        self.survey.offers.append((node, scope.conditional))
        if node.value is not None:
            kind = t.plain(self.infer.of(node.value, scope))
            if not isinstance(kind, (t.Percent, t.MoneyType, t.Anything)):
                self.report.find(
                    "G206", node.value.span, f"a discount is a percentage or an amount, and this is {spoken(kind)}",
                    "Write `of 10%` or `of 5 EUR`.",
                )  # fmt: skip

    def set_value(self, node: sx.Set, scope: Scope) -> None:
        """Checks a value that is kept: what a record's field takes, and nothing that is the shop's to say."""
        kind = self.infer.of(node.value, scope)
        root, *parts = node.path.split(".")
        vocabulary, standard = self.infer.vocabulary, Vocabulary.standard()
        if not parts or root not in vocabulary.roots:
            return
        first = standard.field(standard.roots[root].type, parts[0]) if root in standard.roots else None
        if first is not None and first.type != t.ANYTHING:
            self.report.find(
                "G206", node.span, f"`{root}.{parts[0]}` is the shop's to say and can't be set",
                f"Set a fact of your own: declare it under `[facts.{root}]` in the settings.",
            )  # fmt: skip
            return
        expected = self.infer.names.name(root, tuple(parts), node.span, Scope())[0]
        if not fits(kind, expected, vocabulary.has_id):
            self.report.find(
                "G206", node.value.span, f"`{node.path}` is {spoken(expected)}, and this is {spoken(kind)}",
                "Set a value of its kind, or declare the fact otherwise in the settings.",
            )  # fmt: skip

    def snooze(self, node: sx.Snooze, scope: Scope) -> None:
        """Checks for how long."""
        kind = t.plain(self.infer.of(node.duration, scope))
        if not isinstance(kind, (t.DurationType, t.Anything)):
            self.report.find(
                "G206", node.duration.span, f"a length of time is wanted, and this is {spoken(kind)}",
                "Write `snooze for 3 days`.",
            )  # fmt: skip

    def never(self, node: sx.Never, _scope: Scope) -> None:
        """Checks a rule for the whole shop: its conditions may name facts and what the action takes, nothing of a guide."""
        signature = None
        known_actions = self.infer.vocabulary.actions
        actions = known_actions or {}
        inner = Scope()
        if node.action is not None and not node.action.startswith("any "):
            signature = actions.get(node.action)
            if signature is None and known_actions is not None and node.action not in BUILT_IN_ACTIONS:
                remedy = did_you_mean(node.action, actions, "Name an action, `any write` or `any action`.")
                self.report.find(
                    "G408", node.span, f"the rule names an action that there is not: `{node.action}`", remedy
                )
        parameters = (
            signature.parameters
            if signature is not None
            else [p for known in actions.values() for p in known.parameters]
        )
        for parameter in parameters:
            if signature is not None:
                record = self.infer.vocabulary.roots.get(parameter.name)
                # the id of a record stands for that record
                stands = record is not None and isinstance(record.type, t.Record) and parameter.type == t.TEXT
                kind = record.type if record is not None and stands else parameter.type
                inner.names[parameter.name] = Binding(parameter.name, kind, "element", node.span, used=True)
            elif parameter.name not in self.infer.vocabulary.roots:
                inner.names[parameter.name] = Binding(parameter.name, t.ANYTHING, "element", node.span, used=True)
        for condition in (node.when, node.unless):
            if condition is not None:
                self.infer.condition(condition, inner)
                self.survey.claims.extend(self.infer.claims)


def _pinned(condition: ex.Expression, scope: Scope, *, behind: bool = False) -> frozenset[str]:
    """Names whose value a condition settles in its branch, or `behind` a branch that ended."""
    parts = condition.items if isinstance(condition, ex.And) and not behind else (condition,)
    found: set[str] = set()
    for part in parts:
        match part:
            case ex.Path(root=root, parts=()) | ex.Not(item=ex.Path(root=root, parts=())):
                pass
            case ex.Compare(op="is", left=ex.Path(root=root, parts=()), right=ex.Literal_()):
                if not behind:
                    found.add(root)
            case ex.Compare(op="is not", left=ex.Path(root=root, parts=()), right=ex.Literal_()):
                if behind:
                    found.add(root)
            case _:
                continue
        binding = scope.names.get(root)
        if binding is not None and isinstance(binding.type, t.YesNo):
            found.add(root)
    return frozenset(found)


_HANDLERS: Mapping[type, Callable[[Walk, Any, Scope], None]] = {
    sx.Need: Walk.need,
    sx.Ask: Walk.need,
    sx.Let: Walk.let,
    sx.If: Walk.branch,
    sx.Otherwise: Walk.otherwise,
    sx.Say: Walk.say,
    sx.Refuse: Walk.say,
    sx.Confirm: Walk.confirm,
    sx.Do: Walk.do,
    sx.HandOver: Walk.hand_over,
    sx.GoTo: Walk.go_to,
    sx.Give: Walk.give,
    sx.Answer: Walk.answer,
    sx.Recommend: Walk.recommend,
    sx.Offer: Walk.offer,
    sx.Set: Walk.set_value,
    sx.Snooze: Walk.snooze,
    sx.Never: Walk.never,
}
