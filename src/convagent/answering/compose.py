"""Steps → one reply: a guide's texts verbatim, answers with their source, products, and questions last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from convagent.answering.extract import GroundedAnswer
from convagent.conversation import Citation, ProductMention, Reply
from convagent.facts import Product, Variant
from convagent.guidance.interpreter.world import Step
from convagent.guidance.parts import Part, Worded, filled, joined, parts_of
from convagent.guidance.values import unwrap
from convagent.guidance.wording import Wording

__all__ = ["Composer", "compose"]

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "source": "More on this: {title}",
        "code": "With the code {code} you get {value} off.",
        "nothing": "I found nothing that fits.",
    },
    "de": {
        "source": "Mehr dazu: {title}",
        "code": "Mit dem Code {code} sparen Sie {value}.",
        "nothing": "Ich habe nichts Passendes gefunden.",
    },
    "fr": {
        "source": "Pour en savoir plus : {title}",
        "code": "Avec le code {code}, vous économisez {value}.",
        "nothing": "Je n'ai rien trouvé qui convienne.",
    },
}


@dataclass
class Composer:
    """What composing needs besides the steps.

    Attributes:
        answer: An answer from knowledge for a question, from named articles if there are any.
        wording: Language, zone and moment.
        sources: What the reply may rest on, gathered while composing, for verification.
        parts: What the reply is made of, gathered likewise: together they are its text.
    """

    answer: Callable[[str, Sequence[str]], GroundedAnswer | None]
    wording: Wording
    sources: list[str] = field(default_factory=list)
    parts: tuple[Part, ...] = ()

    def words(self, key: str, **values: str) -> Worded:
        """A sentence of our own in the reply's language."""
        return filled(_WORDS.get(self.wording.language, _WORDS["en"])[key], values)


def compose(
    steps: Sequence[Step], composer: Composer, *, opening: str = "", closing: str = "", query: str = ""
) -> Reply | None:
    """One reply from the steps of a turn.

    Args:
        steps: In order. Questions come last, whatever their place.
        composer: What composing needs.
        opening: Said first: the disclosure, an apology.
        closing: Said last: a hand-over's text, a sign-off.
        query: The customer's words, for `answer from`.

    Returns:
        The reply, None when there is nothing to say.
    """
    parts: list[Worded] = [_worded(opening)] if opening else []
    citations: list[Citation] = []
    products: list[ProductMention] = []
    questions: list[Worded] = []
    buttons: tuple[str, ...] = ()
    for step in steps:
        match step.kind:
            case "say":
                parts.append(_worded(step.text))
                composer.sources.append(step.text)
            case "ask":
                questions.append(_asked(step.text))
                composer.sources.append(step.text)
                buttons = tuple(step.data.get("buttons", ())) or tuple(step.data.get("choices", ()))
            case "answer":
                found = composer.answer(str(step.data.get("query") or query), tuple(step.data.get("article", ())))
                if found is not None and all(found.citation != citation for citation in citations):
                    parts.append(_cited(found, composer))
                    citations.append(found.citation)
            case "recommend":
                shown = _shown(step.data.get("products"), composer)
                products.extend(mention for mention, _ in shown)
                parts.append(_listed(shown) or composer.words("nothing"))
            case "products":
                shown = [_line(product, variant, why, composer) for product, variant, why in step.data["picks"]]
                products.extend(mention for mention, _ in shown)
                parts.append(_listed(shown))
            case "offer":
                value = step.data.get("value")
                text = composer.words("code", code=str(step.data["code"]), value=composer.wording.text(value))
                parts.append(text)
                composer.sources.append(text)
    if questions:
        parts.append(joined(dict.fromkeys(questions), "\n"))
    if closing:
        parts.append(_worded(closing))
    composer.sources += [opening, closing]
    text = joined((_stripped(part) for part in dict.fromkeys(parts) if part.strip()), "\n\n")
    composer.parts = text.parts
    if not text:
        return None
    return Reply(
        text=str(text),
        language=composer.wording.language,
        citations=tuple(citations),
        products=tuple(products),
        buttons=buttons,
    )


def _worded(text: str) -> Worded:
    return text if isinstance(text, Worded) else Worded(parts_of(text))


def _asked(text: str) -> Worded:
    """A question: its own words are asked."""
    return Worded(Part(part.text, "asked") if part.source == "own" else part for part in parts_of(text))


def _stripped(text: Worded) -> Worded:
    """Without blanks around it."""
    parts = list(text.parts)
    while parts and not parts[0].text.strip():
        parts.pop(0)
    while parts and not parts[-1].text.strip():
        parts.pop()
    if parts:
        parts[0] = Part(parts[0].text.lstrip(), parts[0].source)
        parts[-1] = Part(parts[-1].text.rstrip(), parts[-1].source)
    return Worded(parts)


def _cited(found: GroundedAnswer, composer: Composer) -> Worded:
    citation = found.citation
    title = Worded((Part(citation.title, "cited"),))
    source = joined((composer.words("source", title=title), *([f"({citation.url})"] if citation.url else [])))
    composer.sources += [found.passage.text, found.text, source]
    return joined((Worded((Part(found.text, "cited"),)), source), "\n\n")


def _shown(value: Any, composer: Composer) -> list[tuple[ProductMention, str]]:
    value = unwrap(value)
    out = []
    for item in value if isinstance(value, tuple) else (value,):
        product = unwrap(item)
        if not isinstance(product, Product) or not product.in_stock:
            continue
        out.append(_line(product, None, "", composer))
    return out


def _line(product: Product, variant: Variant | None, reason: str, composer: Composer) -> tuple[ProductMention, str]:
    """A product as it is shown: its name, the variant that is meant, its price and address, and below it why."""
    amount = variant.price if variant is not None else product.price
    price = composer.wording.money(amount) if amount is not None else None
    named = f" ({', '.join(variant.options.values())})" if variant is not None and variant.options else ""
    line = f"- {product.title}{named}" + (f", {price}" if price else "") + (f": {product.url}" if product.url else "")
    line += f"\n  {reason}" if reason else ""
    composer.sources.append(line)
    mention = ProductMention(
        product_id=product.id, title=product.title, variant_id=variant.id if variant is not None else None, price=price,
        url=product.url, reason=reason or None,
    )  # fmt: skip
    return mention, line


def _listed(shown: Sequence[tuple[ProductMention, str]]) -> Worded:
    return Worded((Part("\n".join(line for _, line in shown), "product"),))
