"""Steps → one reply: a guide's texts verbatim, answers with their source, products, and questions last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from convagent.answering.extract import GroundedAnswer
from convagent.conversation import Citation, ProductMention, Reply
from convagent.facts import Product
from convagent.guidance.interpreter.world import Step
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
    """

    answer: Callable[[str, Sequence[str]], GroundedAnswer | None]
    wording: Wording
    sources: list[str] = field(default_factory=list)

    def words(self, key: str, **values: str) -> str:
        """A sentence of our own in the reply's language."""
        return _WORDS.get(self.wording.language, _WORDS["en"])[key].format(**values)


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
    parts: list[str] = [opening] if opening else []
    citations: list[Citation] = []
    products: list[ProductMention] = []
    questions: list[str] = []
    buttons: tuple[str, ...] = ()
    for step in steps:
        match step.kind:
            case "say":
                parts.append(step.text)
                composer.sources.append(step.text)
            case "ask":
                questions.append(step.text)
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
                parts.append("\n".join(line for _, line in shown) or composer.words("nothing"))
            case "offer":
                value = step.data.get("value")
                text = composer.words("code", code=str(step.data["code"]), value=composer.wording.text(value))
                parts.append(text)
                composer.sources.append(text)
    if questions:
        parts.append("\n".join(dict.fromkeys(questions)))
    if closing:
        parts.append(closing)
    composer.sources += [opening, closing]
    text = "\n\n".join(part.strip() for part in dict.fromkeys(parts) if part.strip())
    if not text:
        return None
    return Reply(
        text=text,
        language=composer.wording.language,
        citations=tuple(citations),
        products=tuple(products),
        buttons=buttons,
    )


def _cited(found: GroundedAnswer, composer: Composer) -> str:
    citation = found.citation
    source = composer.words("source", title=citation.title) + (f" ({citation.url})" if citation.url else "")
    composer.sources += [found.passage.text, found.text, source]
    return f"{found.text}\n\n{source}"


def _shown(value: Any, composer: Composer) -> list[tuple[ProductMention, str]]:
    value = unwrap(value)
    out = []
    for item in value if isinstance(value, tuple) else (value,):
        product = unwrap(item)
        if not isinstance(product, Product) or not product.in_stock:
            continue
        price = composer.wording.money(product.price) if product.price is not None else None
        mention = ProductMention(product_id=product.id, title=product.title, price=price, url=product.url)
        line = f"- {product.title}" + (f", {price}" if price else "") + (f": {product.url}" if product.url else "")
        composer.sources.append(line)
        out.append((mention, line))
    return out
