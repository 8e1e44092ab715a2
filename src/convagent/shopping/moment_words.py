"""What is said first at a proactive moment, in three languages: an offer to help, never a push to buy."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from convagent.shopping.moment_rules import Moment

__all__ = ["opening_of"]

TitleOf = Callable[[str], str | None]
"""The title of a product by its id; None where it isn't known."""

_OPENINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "lingering": "Is there a question about {one}? I have its details here.",
        "lingering plain": "Is there a question that I can answer?",
        "searching": "Not finding it? Tell me in a sentence what it is for, and I look too.",
        "comparing": "{several}: shall I put them side by side?",
        "comparing plain": "Shall I put what you looked at side by side?",
        "leaving": "Before you go: is a question about {one} left open?",
        "leaving plain": "Before you go: is a question left open?",
        "abandoned_cart": "{one} is in your cart. If a question kept you, just ask it here.",
        "abandoned_cart plain": "If a question about your cart kept you, just ask it here.",
        "or": " or ",
    },
    "de": {
        "lingering": "Haben Sie eine Frage zu {one}? Die Angaben dazu habe ich hier.",
        "lingering plain": "Haben Sie eine Frage, die ich beantworten kann?",
        "searching": "Noch nicht gefunden? Sagen Sie mir in einem Satz, wofür es ist, und ich suche mit.",
        "comparing": "{several}: Soll ich sie nebeneinanderstellen?",
        "comparing plain": "Soll ich nebeneinanderstellen, was Sie angesehen haben?",
        "leaving": "Bevor Sie gehen: Ist zu {one} eine Frage offen?",
        "leaving plain": "Bevor Sie gehen: Ist eine Frage offen?",
        "abandoned_cart": "{one} liegt in Ihrem Warenkorb. Wenn eine Frage dazwischenkam, stellen Sie sie gern hier.",
        "abandoned_cart plain": "Wenn zu Ihrem Warenkorb eine Frage offen ist, stellen Sie sie gern hier.",
        "or": " oder ",
    },
    "fr": {
        "lingering": "Une question sur {one} ? J'en ai les détails ici.",
        "lingering plain": "Avez-vous une question à laquelle je peux répondre ?",
        "searching": "Vous ne trouvez pas ? Dites-moi en une phrase à quoi cela doit servir, et je cherche avec vous.",
        "comparing": "{several} : voulez-vous que je les mette côte à côte ?",
        "comparing plain": "Voulez-vous que je mette côte à côte ce que vous avez regardé ?",
        "leaving": "Avant de partir : reste-t-il une question sur {one} ?",
        "leaving plain": "Avant de partir : reste-t-il une question ?",
        "abandoned_cart": "{one} est dans votre panier. Si une question vous a retenu, posez-la ici.",
        "abandoned_cart plain": "Si une question sur votre panier vous a retenu, posez-la ici.",
        "or": " ou ",
    },
}

_FAMILIAR: Mapping[str, Mapping[str, str]] = {
    "de": {
        "lingering": "Hast du eine Frage zu {one}? Die Angaben dazu habe ich hier.",
        "lingering plain": "Hast du eine Frage, die ich beantworten kann?",
        "searching": "Noch nicht gefunden? Sag mir in einem Satz, wofür es ist, und ich suche mit.",
        "comparing plain": "Soll ich nebeneinanderstellen, was du angesehen hast?",
        "leaving": "Bevor du gehst: Ist zu {one} eine Frage offen?",
        "leaving plain": "Bevor du gehst: Ist eine Frage offen?",
        "abandoned_cart": "{one} liegt in deinem Warenkorb. Wenn eine Frage dazwischenkam, stell sie gern hier.",
        "abandoned_cart plain": "Wenn zu deinem Warenkorb eine Frage offen ist, stell sie gern hier.",
    },
    "fr": {
        "lingering plain": "As-tu une question à laquelle je peux répondre ?",
        "searching": "Tu ne trouves pas ? Dis-moi en une phrase à quoi cela doit servir, et je cherche avec toi.",
        "comparing": "{several} : veux-tu que je les mette côte à côte ?",
        "comparing plain": "Veux-tu que je mette côte à côte ce que tu as regardé ?",
        "abandoned_cart": "{one} est dans ton panier. Si une question t'a retenu, pose-la ici.",
        "abandoned_cart plain": "Si une question sur ton panier t'a retenu, pose-la ici.",
    },
}
"""What replaces them where customers are addressed familiarly."""

_MOST_NAMED = 3


def opening_of(moment: Moment, *, language: str = "en", title_of: TitleOf | None = None, familiar: bool = False) -> str:
    """What the assistant may say first at a moment. A shop with words of its own writes a guide: `On product_viewed for …`.

    Args:
        moment: The moment.
        language: en, de or fr; any other gets English.
        title_of: Titles by id; products without one aren't named, and neither is what the visitor searched for.
        familiar: Whether the visitor is addressed as du and tu: whether the language is one of the settings'
            `familiar_languages`.
    """
    base = language.partition("-")[0].casefold()
    words = {**_OPENINGS.get(base, _OPENINGS["en"]), **(_FAMILIAR.get(base, {}) if familiar else {})}
    titles = [
        " ".join(title.split()) for each in moment.product_ids if title_of is not None and (title := title_of(each))
    ]
    if moment.trigger == "comparing":
        if len(titles) < 2:
            return words["comparing plain"]
        named = titles[-_MOST_NAMED:]
        return words["comparing"].replace("{several}", ", ".join(named[:-1]) + words["or"] + named[-1])
    if moment.trigger == "searching":
        return words["searching"]
    alone = len(moment.product_ids) == 1 and len(titles) == 1
    return words[moment.trigger].replace("{one}", titles[0]) if alone else words[f"{moment.trigger} plain"]
