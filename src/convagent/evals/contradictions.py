"""Expectations that no turn can meet, found before anything runs."""

from __future__ import annotations

from collections.abc import Iterator

from convagent.evals.cases import CaseEntry, Expect
from convagent.evals.yaml_source import KeyPath

__all__ = ["contradictions"]

Contradiction = tuple[KeyPath, str, str]


def contradictions(case: CaseEntry) -> Iterator[Contradiction]:
    """What contradicts itself in a case: path, message, remedy."""
    for number, turn in enumerate(case.turns):
        path: KeyPath = ("turns", number, "expect")
        yield from _of(turn.expect, path)
        if turn.expect.state:
            told = "the state of the shop's systems is looked at after the last turn only"
            yield (*path, "state"), told, "Move it into the case's own `expect`."
        if turn.event is None and turn.lasts is not None:
            yield ("turns", number, "lasts"), "only an event lasts", "Leave it out."
        if number == 0 and turn.after is not None:
            yield ("turns", 0, "after"), "nothing comes before the first turn", "Set the case's `clock`."
    yield from _of(case.expect, ("expect",))
    last = case.turns[-1].expect.outcome
    if last and case.expect.outcome and not set(last) & set(case.expect.outcome):
        told = f"the last turn expects {' or '.join(last)}, the end {' or '.join(case.expect.outcome)}"
        yield ("expect", "outcome"), told, "Keep one of them."
    for number, turn in enumerate(case.turns):
        for key, other, shown in _both(turn.expect, case.expect):
            told = f"“{shown}” is expected of a turn, and stands in the case's `{other}`, which means the whole conversation"
            yield ("turns", number, "expect", key), told, "Keep one of them."


def _of(expect: Expect, path: KeyPath) -> Iterator[Contradiction]:
    needs = (
        ("HandedOver", "reason", bool(expect.reason)), ("HandedOver", "team", expect.team is not None),
        ("HandedOver", "priority", expect.priority is not None), ("Answered", "refused", expect.refused is not None),
        ("Asked", "asks", bool(expect.asks)), ("Silent", "why", bool(expect.why)),
    )  # fmt: skip
    for outcome, key, given in needs:
        if given and expect.outcome and outcome not in expect.outcome:
            told = f"`{key}` belongs to {outcome}, but {' or '.join(expect.outcome)} is expected"
            yield (*path, key), told, f"Leave `{key}` out, or expect {outcome}."
    groups = {outcome for outcome, _, given in needs if given}
    if not expect.outcome and len(groups) > 1:
        yield path, f"no turn is {' and '.join(sorted(groups))} at once", "Split it into turns."
    for key, other, shown in _both(expect, expect):
        yield (*path, key), f"“{shown}” stands in `{key}` and in `{other}`", "Keep one of them."
    if "guide" in expect.model_fields_set and expect.guide is None and expect.guides:
        yield (*path, "guide"), f"no guide is expected, and “{expect.guides[0]}” is", "Keep one of them."
    if expect.outcome == ("Silent",) and (expect.says or expect.cites or expect.shows or expect.language):
        yield (*path, "outcome"), "a silent turn says, cites and shows nothing", "Leave the rest out."


def _both(wanted: Expect, unwanted: Expect) -> Iterator[tuple[str, str, str]]:
    """What is both wanted and unwanted: the key of each, and what it is in words."""
    pairs = (
        ("guide", [wanted.guide] if wanted.guide else [], "not_guides", unwanted.not_guides),
        ("guides", wanted.guides, "not_guides", unwanted.not_guides),
        ("branches", wanted.branches, "not_branches", unwanted.not_branches),
        ("cites", wanted.cites, "not_cites", unwanted.not_cites), ("says", wanted.says, "says_not", unwanted.says_not),
        ("actions", [each.action for each in wanted.actions], "not_actions", unwanted.not_actions),
        ("shows", wanted.shows if isinstance(wanted.shows, tuple) else (), "shows_not", unwanted.shows_not),
    )  # fmt: skip
    for key, these, other, those in pairs:
        for each in these:
            if each in those:
                shown = each if isinstance(each, str) else each.text or each.pattern or each.means
                yield key, other, str(shown)
