"""Steps → one reply: a guide's texts verbatim, answers with their source, products, and questions last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from convagent.answering.extract import GroundedAnswer
from convagent.conversation import Citation, ProductMention, Reply
from convagent.facts import Product, Variant
from convagent.guidance.interpreter.world import Step
from convagent.guidance.parts import Part, Worded, filled, joined, parts_of
from convagent.guidance.values import unwrap
from convagent.guidance.wording import Wording

__all__ = ["Composer", "Layout", "Piece", "compose", "laid_out", "reply_of", "source_line"]

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
_FAMILIAR: Mapping[str, Mapping[str, str]] = {
    "de": {"code": "Mit dem Code {code} sparst du {value}."},
    "fr": {"code": "Avec le code {code}, tu économises {value}."},
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
        own = _FAMILIAR.get(self.wording.language, {}).get(key) if self.wording.familiar else None
        return filled(own or _WORDS.get(self.wording.language, _WORDS["en"])[key], values)


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of a reply, or some that belong together.

    Attributes:
        text: As the embedded parts word it.
        kind: `fixed` is sent as it is; an `answer` and a `free` text may be worded by a chat model.
        question: What an answer is to.
        found: Where an answer comes from.
    """

    text: Worded
    kind: Literal["fixed", "answer", "free"] = "fixed"
    question: str = ""
    found: GroundedAnswer | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What a reply consists of, in its order.

    Attributes:
        pieces: Its paragraphs; none where there is nothing to say.
        products: Shown in it.
        buttons: Answers that a channel may offer.
    """

    pieces: tuple[Piece, ...] = ()
    products: tuple[ProductMention, ...] = ()
    buttons: tuple[str, ...] = ()


def compose(
    steps: Sequence[Step],
    composer: Composer,
    *,
    opening: str = "",
    closing: str = "",
    sign_off: str = "",
    query: str = "",
) -> Reply | None:
    """One reply from the steps of a turn: `laid_out`, as the embedded parts word it.

    Args:
        steps: In order. Questions come last, whatever their place.
        composer: What composing needs.
        opening: Said first: a greeting, the disclosure.
        closing: Said last: a hand-over's text.
        sign_off: Stands below all of it.
        query: The customer's words, for `answer from`.

    Returns:
        The reply, None when there is nothing to say between opening and sign-off.
    """
    layout = laid_out(steps, composer, opening=opening, closing=closing, sign_off=sign_off, query=query)
    return reply_of(layout, composer)


def reply_of(layout: Layout, composer: Composer) -> Reply | None:
    """The reply that a layout comes to without a model; None where there is nothing to say."""
    text = joined((piece.text for piece in layout.pieces), "\n\n")
    composer.parts = text.parts
    if not text:
        return None
    return Reply(
        text=str(text),
        language=composer.wording.language,
        citations=tuple(piece.found.citation for piece in layout.pieces if piece.found is not None),
        products=layout.products,
        buttons=layout.buttons,
    )


def laid_out(
    steps: Sequence[Step],
    composer: Composer,
    *,
    opening: str = "",
    closing: str = "",
    sign_off: str = "",
    query: str = "",
) -> Layout:
    """What a reply consists of; see `compose`. No two of its pieces are the same."""
    pieces: list[Piece] = []
    products: list[ProductMention] = []
    questions: list[Worded] = []
    buttons: tuple[str, ...] = ()
    for step in steps:
        match step.kind:
            case "say":
                pieces.append(Piece(_worded(step.text), "free" if step.free else "fixed"))
                composer.sources.append(step.text)
            case "ask":
                questions.append(_asked(step.text))
                composer.sources.append(step.text)
                buttons = tuple(step.data.get("buttons", ())) or tuple(step.data.get("choices", ()))
            case "answer":
                asked = str(step.data.get("query") or query)
                found = composer.answer(asked, tuple(step.data.get("article", ())))
                known = [piece.found.citation for piece in pieces if piece.found is not None]
                if found is not None and found.citation not in known:
                    pieces.append(Piece(_cited(found, composer), "answer", asked, found))
            case "recommend":
                shown = _shown(step.data.get("products"), composer)
                products.extend(mention for mention, _ in shown)
                pieces.append(Piece(_listed(shown) or composer.words("nothing")))
            case "products":
                shown = [_line(product, variant, why, composer) for product, variant, why in step.data["picks"]]
                products.extend(mention for mention, _ in shown)
                pieces.append(Piece(_listed(shown)))
            case "offer":
                value = step.data.get("value")
                text = composer.words("code", code=str(step.data["code"]), value=composer.wording.text(value))
                pieces.append(Piece(text))
                composer.sources.append(text)
    if questions:
        pieces.append(Piece(joined(dict.fromkeys(questions), "\n")))
    if closing:
        pieces.append(Piece(_worded(closing)))
    if not any(piece.text.strip() for piece in pieces):
        return Layout()
    around = [Piece(_worded(opening))] if opening else []
    below = [Piece(_worded(sign_off))] if sign_off else []
    composer.sources += [opening, closing, sign_off]
    told: dict[str, Piece] = {}
    for piece in (*around, *pieces, *below):
        if piece.text.strip():
            told.setdefault(str(piece.text), piece)
    kept = (replace(piece, text=_stripped(piece.text)) for piece in told.values())
    return Layout(tuple(kept), tuple(products), buttons)


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
    source = source_line(found.citation, composer)
    composer.sources += [found.passage.text, found.text, source]
    return joined((Worded((Part(found.text, "cited"),)), source), "\n\n")


def source_line(citation: Citation, composer: Composer) -> Worded:
    """Where an answer can be read: the article's title, and its address where it has one; neither is in our own words."""
    title = Worded((Part(citation.title, "cited"),))
    address = [Worded((Part(f"({citation.url})", "cited"),))] if citation.url else []
    return joined((composer.words("source", title=title), *address))


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
