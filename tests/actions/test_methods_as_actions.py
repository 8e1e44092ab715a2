from __future__ import annotations

from functools import cached_property

from tests.guidance.reader import NOW, kernel_of

from convagent.actions import ActionRegistry, CallContext, action, call_action
from convagent.facts import Customer
from convagent.guidance.values import UNKNOWN
from convagent.nevers import never_rules


class Office:
    """What one of a shop's objects may look like."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.opened = 0

    @property
    def connection(self) -> str:
        self.opened += 1
        return "open"

    @cached_property
    def file(self) -> str:
        self.opened += 1
        return "open"

    @action(kind="lookup")
    def named(self, suffix: str = "") -> str:
        """The office's name."""
        return self.name + suffix

    @action(kind="write", confirm=False)
    def move(self, customer: str) -> str:
        """Moves a customer."""
        return f"{customer} moved"


def test_declared_methods_are_actions_bound_to_their_own_object() -> None:
    first, second = ActionRegistry(), ActionRegistry()
    first.add_from(Office("one"))
    second.add_from(Office("two"))
    context = CallContext("c", None, NOW)
    for registry, name in ((first, "one!"), (second, "two!")):
        spec = registry.get("named")
        assert spec is not None
        assert [parameter.name for parameter in spec.parameters] == ["suffix"]
        assert call_action(spec, {"suffix": "!"}, context).result.value == name


def test_registering_an_object_reckons_none_of_its_properties() -> None:
    office = Office("one")
    ActionRegistry().add_from(office)
    assert office.opened == 0


def test_in_a_never_the_customer_is_who_writes_even_for_an_action_that_takes_one() -> None:
    registry = ActionRegistry()
    registry.add_from(Office("one"))
    spec = registry.get("move")
    assert spec is not None
    nevers = never_rules(kernel_of('# Never\n\n1. Never do any write unless customer.verified\n1. Never say "x"\n'))
    known = CallContext("c", Customer(id="ada", verification="verified"), NOW)
    assert call_action(spec, {"customer": "ada"}, known, nevers=nevers).result.value == "ada moved"
    nobody = CallContext("c", None, NOW, facts={"customer": UNKNOWN})
    assert call_action(spec, {"customer": "ada"}, nobody, nevers=nevers).result.status == "refused"
