"""What a hover shows: what a word is, of which type, what it is for."""

from __future__ import annotations

from collections.abc import Iterable

from convagent.guidance.findings.catalogue import CODES
from convagent.guidance.findings.finding import Finding
from convagent.guidance.language import syntax as sx
from convagent.guidance.language.judgements import judgement_key
from convagent.guidance.schema import types as t
from convagent.guidance.schema.records import FieldType
from convagent.guidance.schema.types import spoken, written
from convagent.guidance.schema.vocabulary import ActionSignature
from convagent.guidance.wording import FILTERS
from convagent.guidance_editor.analysis import Analysis, Owner
from convagent.guidance_editor.built_in_actions import ADVISE, about_advise, all_actions
from convagent.guidance_editor.shop_view import ShopView, Source
from convagent.guidance_editor.spots import Target, owner_of, target_of
from convagent.guidance_editor.tokens import Token
from convagent.guidance_editor.words import HEADERS, PROPERTIES, STATEMENTS
from convagent.handover.note_words import REASONS

__all__ = ["about_action", "about_finding", "about_holds", "explained", "filter_meaning", "reason_meaning"]

_UNITS: dict[type[t.Type], str] = {
    t.DurationType: "Written with its unit: `30 days`, `2 hours`, `3 business days`.",
    t.Percent: "Written with its sign: `10%`.",
    t.Day: "Written year-month-day: `2026-11-20`.",
    t.Moment: "A day and a time; `now - 30 days` is one.",
    t.YesNo: "A condition by itself.",
    t.Number: "Without a unit.",
}


def about_holds(known: FieldType) -> str:
    """A type in a line: what it holds, in which unit, whether it may be absent."""
    kind = known.type
    text = spoken(kind)
    if isinstance(t.plain(kind), t.OneOf):
        text = written(t.plain(kind))
    return text + (", or none" if known.optional else "")


def _unit(kind: t.Type) -> str:
    kind = t.plain(kind)
    if isinstance(kind, t.MoneyType):
        return f"Written with its currency: `20 {kind.currency or 'EUR'}`."
    return _UNITS.get(type(kind), "")


def about_action(action: ActionSignature) -> str:
    """An action or look-up: what it takes, what it demands, what it gives."""
    parameters = ", ".join(f"{p.name}{'' if p.required else '?'}" for p in action.parameters)
    lines = [f"**{action.name}**({parameters}): {'look-up' if action.kind == 'lookup' else 'action'}"]
    if action.description:
        lines += ["", action.description]
    lines += [""] + [
        f"- `{p.name}`: {about_holds(FieldType(p.type, not p.required))}{f'. {p.description}' if p.description else ''}"
        for p in action.parameters
    ]
    if action.kind == "write":
        lines.append(f"- demands: customer {action.requires}{', a confirmation' if action.confirm else ''}")
    lines.append(f"- gives: {about_holds(FieldType(action.result, action.may_find_nothing))}")
    return "\n".join(lines)


def about_finding(finding: Finding) -> str:
    """A finding with why it matters."""
    entry = CODES.get(finding.code)
    lines = [f"**{finding.code}** {finding.message}"]
    if finding.remedy:
        lines += ["", finding.remedy]
    if entry is not None:
        lines += ["", entry.why]
    return "\n".join(lines)


def filter_meaning(name: str) -> str:
    """What a filter does."""
    found = FILTERS.get(name)
    return (found.__doc__ or "").strip().split("\n")[0] if found is not None else ""


def reason_meaning(code: str) -> str:
    """What a reason to hand over means."""
    return REASONS["en"].get(code, "")


def explained(token: Token, source: Source, analysis: Analysis, shop: ShopView | None) -> str:
    """A word in Markdown; empty where there is nothing to say of it."""
    target = target_of(token, source, analysis)
    if target is None:
        return ""
    match target.kind:
        case "local" | "root" | "field":
            owner = owner_of(token, source, analysis)
            return "" if owner is None else _name(token, owner)
        case "guide":
            outline = analysis.index.outline(token.text)
            return _guide(outline.guide) if outline is not None else ""
        case "given":
            givers = analysis.index.givers.get(token.text, [])
            return "\n\n".join(
                [f"**{token.text}**: what another guide gives", *(_guide(each.guide) for each in givers)]
            )
        case "judgement":
            return _judgement(target, analysis.guides)
        case "action":
            action = all_actions(analysis.vocabulary).get(token.text)
            if action is ADVISE:
                return about_advise()
            return about_action(action) if action is not None else ""
        case "type":
            kind = analysis.vocabulary.need_types.get(token.text.lower())
            return f"**{token.text}**: {spoken(kind)}" if kind is not None else ""
        case "filter":
            meaning = filter_meaning(token.text)
            return f"`| {token.text}`: {meaning}" if meaning else ""
        case "parameter":
            return _parameter(target, analysis)
        case "team":
            return _team(token.text, shop)
        case "reason":
            return f"`{token.text}`: {reason_meaning(token.text)}" if reason_meaning(token.text) else ""
        case "word":
            return _word(target.key[0], header=not token.number)
    return ""


def _name(token: Token, owner: Owner) -> str:
    shown = ".".join(token.path).replace("its.", "its ", 1)
    lines = [f"**{shown}**: {about_holds(owner.known)}"]
    if owner.known.description:
        lines += ["", owner.known.description]
    if unit := _unit(owner.known.type):
        lines += ["", unit]
    if owner.binding is not None:
        lines += ["", f"Declared on line {owner.binding.span.line}."]
    return "\n".join(lines)


def _guide(guide: sx.Guide) -> str:
    lines = [f"**{guide.title}** ({guide.file}, line {guide.span.line})"]
    if guide.when is not None:
        lines += ["", f"When {guide.when.text}: {len(guide.when.examples)} examples"]
        lines += [f"- “{example.text}”" for example in guide.when.examples[:3]]
    if guide.gives is not None:
        lines += ["", f"Gives `{guide.gives}`"]
    needs = [
        item.name
        for step in guide.statements
        if isinstance(step, sx.Need)
        for items in step.alternatives
        for item in items
    ]
    if needs:
        lines += ["", "Needs " + ", ".join(f"`{name}`" for name in dict.fromkeys(needs))]
    return "\n".join(lines)


def _judgement(target: Target, guides: Iterable[sx.Guide]) -> str:
    examples: list[sx.Example] = []
    for guide in guides:
        for one in guide.judgements:
            examples += one.examples if judgement_key(one.text) == target.key[0] else ()
        when = guide.when
        if when is not None and when.judgement and judgement_key(when.text) == target.key[0]:
            examples += when.examples
    if not examples:
        return "A judgement without examples: write `It seems …` with some above the statements."
    shown = [f"- {'not ' if example.negative else ''}“{example.text}”" for example in examples[:6]]
    return "\n".join([f"A judgement with {len(examples)} examples", "", *shown])


def _parameter(target: Target, analysis: Analysis) -> str:
    action = all_actions(analysis.vocabulary).get(target.key[0])
    parameter = action.parameter(target.key[1]) if action is not None else None
    if action is None or parameter is None:
        return ""
    told = f"**{parameter.name}** of {action.name}: {about_holds(FieldType(parameter.type, not parameter.required))}"
    return f"{told}\n\n{parameter.description}" if parameter.description else told


def _team(name: str, shop: ShopView | None) -> str:
    settings = shop.surroundings().settings if shop is not None else None
    team = settings.teams.get(name) if settings is not None else None
    return f"**{team.name or name}**: {team.description}" if team is not None else ""


def _word(words: str, *, header: bool) -> str:
    key = " ".join(words.split())
    pools = (HEADERS,) if header else (STATEMENTS, PROPERTIES)
    for pool in pools:
        known = pool.get(key) or next((word for name, word in pool.items() if name.split()[0] == key), None)
        if known is not None:
            return f"{known.does}\n\n    {known.example}"
    return ""
