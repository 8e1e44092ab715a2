"""The language's own few sentences, for Needs without an `ask` and for answers to a confirmation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from convagent.guidance.parts import Worded, filled

__all__ = ["phrase", "phrases_of", "quotation_marks", "quoted"]

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "ask_value": "Could you tell me your {name}?",
        "ask_email": "Which e-mail address do you use with us?",
        "ask_order_number": "What is the order number?",
        "ask_some": "Which ones do you mean: {choices}?",
        "ask_one": "Which {name} do you mean: {choices}?",
        "ask_order": "Which order is it about: {choices}?",
        "ask_about": "Which {name} would you like for {about}: {choices}?",
        "ask_yes_no": "Is that so for {name}: yes or no?",
        "unclear": "I'm not sure which one you mean: {choices}?",
        "noted": "Thank you.",
        "again": "Sorry, I didn't get that.",
        "again_more": "I'm sorry, I still don't understand. Please put it another way, or ask for a person.",
        "unseen_again": "I'm sorry, I can't look at pictures here.",
        "unseen": "I'm sorry, I can't look at pictures here. What does it show, and what can I do for you?",
        "seen": "In your picture I read “{words}”. Is that right?",
        "seen_order": "In your picture I read order {words}. Is that right?",
        "nothing_done": "All right, I've left everything as it is.",
        "or": "or",
        "which_request": "Which of these is it about: {choices}?",
        "which_article": "Is it about {choices}?",
        "say_more": "Could you tell me a little more about what you need?",
        "go_ahead": "Of course. What would you like to know, or what can I do for you?",
        "greeting": "Hello, how can I help you?",
        "who_answers": "I'm a computer program, not a person. If you'd rather write with one of us, just say so.",
        "praise": "Thank you, that is lovely to read. I'm glad we could help.",
    },
    "de": {
        "ask_value": "Können Sie mir das bitte noch sagen: {name}?",
        "ask_email": "Mit welcher E-Mail-Adresse haben Sie bei uns bestellt?",
        "ask_order_number": "Wie lautet die Bestellnummer?",
        "ask_some": "Welche meinen Sie: {choices}?",
        "ask_one": "Was davon meinen Sie: {choices}?",
        "ask_order": "Um welche Bestellung geht es: {choices}?",
        "ask_about": "Was davon möchten Sie für {about}: {choices}?",
        "ask_yes_no": "Trifft das zu ({name}): ja oder nein?",
        "unclear": "Ich bin nicht sicher, was Sie meinen: {choices}?",
        "noted": "Danke.",
        "again": "Entschuldigung, das habe ich nicht verstanden.",
        "again_more": "Entschuldigung, das verstehe ich noch nicht. Sagen Sie es bitte anders oder verlangen Sie einen Menschen.",
        "unseen_again": "Entschuldigung, Bilder kann ich hier nicht ansehen.",
        "unseen": "Entschuldigung, Bilder kann ich hier nicht ansehen. Was ist darauf zu sehen, und was kann ich für Sie tun?",
        "seen": "Auf dem Bild lese ich „{words}“. Stimmt das?",
        "seen_order": "Auf dem Bild lese ich die Bestellnummer {words}. Stimmt das?",
        "nothing_done": "In Ordnung, ich habe alles so gelassen, wie es ist.",
        "or": "oder",
        "which_request": "Worum geht es: {choices}?",
        "which_article": "Geht es um {choices}?",
        "say_more": "Können Sie mir etwas mehr dazu sagen, was Sie brauchen?",
        "go_ahead": "Gern. Was möchten Sie wissen, oder was kann ich für Sie tun?",
        "greeting": "Guten Tag, wie kann ich Ihnen helfen?",
        "who_answers": "Ich bin ein Programm, kein Mensch. Wenn Sie lieber mit jemandem von uns schreiben, sagen Sie es einfach.",
        "praise": "Vielen Dank, das freut uns sehr.",
    },
    "fr": {
        "ask_value": "Pouvez-vous me préciser ceci : {name} ?",
        "ask_email": "Quelle adresse e-mail utilisez-vous chez nous ?",
        "ask_order_number": "Quel est le numéro de commande ?",
        "ask_some": "Lesquels voulez-vous dire : {choices} ?",
        "ask_one": "Lequel voulez-vous dire : {choices} ?",
        "ask_order": "De quelle commande s'agit-il : {choices} ?",
        "ask_about": "Que souhaitez-vous pour {about} : {choices} ?",
        "ask_yes_no": "Est-ce le cas ({name}) : oui ou non ?",
        "unclear": "Je ne suis pas sûr de comprendre : {choices} ?",
        "noted": "Merci.",
        "again": "Pardon, je n'ai pas compris.",
        "again_more": "Pardon, je ne comprends toujours pas. Dites-le autrement, ou demandez à parler à une personne.",
        "unseen_again": "Désolé, je ne peux pas regarder d'images ici.",
        "unseen": "Désolé, je ne peux pas regarder d'images ici. Que montre-t-elle, et que puis-je faire pour vous ?",
        "seen": "Sur l'image, je lis « {words} ». Est-ce exact ?",
        "seen_order": "Sur l'image, je lis la commande {words}. Est-ce exact ?",
        "nothing_done": "Très bien, je n'ai rien changé.",
        "or": "ou",
        "which_request": "De quoi s'agit-il : {choices} ?",
        "which_article": "Est-ce au sujet de {choices} ?",
        "say_more": "Pouvez-vous m'en dire un peu plus sur votre demande ?",
        "go_ahead": "Bien sûr. Que voulez-vous savoir, ou que puis-je faire pour vous ?",
        "greeting": "Bonjour, comment puis-je vous aider ?",
        "who_answers": "Je suis un programme, pas une personne. Si vous préférez écrire à l'un de nous, dites-le simplement.",
        "praise": "Merci beaucoup, cela nous fait très plaisir.",
    },
}


_FAMILIAR: Mapping[str, Mapping[str, str]] = {
    "de": {
        "ask_value": "Kannst du mir das bitte noch sagen: {name}?",
        "ask_email": "Mit welcher E-Mail-Adresse hast du bei uns bestellt?",
        "ask_some": "Welche meinst du: {choices}?",
        "ask_one": "Was davon meinst du: {choices}?",
        "ask_about": "Was davon möchtest du für {about}: {choices}?",
        "unclear": "Ich bin nicht sicher, was du meinst: {choices}?",
        "unseen": "Entschuldige, Bilder kann ich hier nicht ansehen. Was ist darauf zu sehen, und was kann ich für dich tun?",
        "again": "Entschuldige, das habe ich nicht verstanden.",
        "again_more": "Entschuldige, das verstehe ich noch nicht. Bitte sag es anders, oder verlange einen Menschen.",
        "unseen_again": "Entschuldige, Bilder kann ich hier nicht ansehen.",
        "say_more": "Kannst du mir etwas mehr dazu sagen, was du brauchst?",
        "go_ahead": "Gern. Was möchtest du wissen, oder was kann ich für dich tun?",
        "greeting": "Hallo, wie kann ich dir helfen?",
        "who_answers": "Ich bin ein Programm, kein Mensch. Wenn du lieber mit jemandem von uns schreibst, sag es einfach.",
    },
    "fr": {
        "ask_value": "Peux-tu me préciser ceci : {name} ?",
        "ask_email": "Quelle adresse e-mail utilises-tu chez nous ?",
        "ask_some": "Lesquels veux-tu dire : {choices} ?",
        "ask_one": "Lequel veux-tu dire : {choices} ?",
        "ask_about": "Que souhaites-tu pour {about} : {choices} ?",
        "unseen": "Désolé, je ne peux pas regarder d'images ici. Que montre-t-elle, et que puis-je faire pour toi ?",
        "again_more": "Pardon, je ne comprends toujours pas. Dis-le autrement, ou demande à parler à une personne.",
        "say_more": "Peux-tu m'en dire un peu plus sur ta demande ?",
        "go_ahead": "Bien sûr. Que veux-tu savoir, ou que puis-je faire pour toi ?",
        "greeting": "Bonjour, comment puis-je t'aider ?",
        "who_answers": "Je suis un programme, pas une personne. Si tu préfères écrire à l'un de nous, dis-le simplement.",
    },
}
"""What replaces them where customers are addressed familiarly."""


def phrase(key: str, language: str, *, familiar: bool = False, **values: str) -> Worded:
    """A sentence of the language's own, in English where there is no translation; it knows what was put in.

    Args:
        key: Its name.
        language: ISO 639 code, with or without a region.
        familiar: Whether the customer is addressed as du and tu.
        values: What its marks are filled with.
    """
    base = language.split("-", maxsplit=1)[0]
    own = _FAMILIAR.get(base, {}).get(key) if familiar else None
    return filled(own or _PHRASES.get(base, _PHRASES["en"])[key], values)


_QUOTATION_MARKS: Mapping[str, tuple[str, str]] = {"en": ("“", "”"), "de": ("„", "“"), "fr": ("« ", " »")}


def quotation_marks(language: str) -> tuple[str, str]:
    """What opens and closes a quotation in a language, the blanks within it included; English marks for one without its own.

    Args:
        language: ISO 639 code, with a region or without: `de`, `de-AT`, `de_AT`.
    """
    base = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return _QUOTATION_MARKS.get(base, _QUOTATION_MARKS["en"])


def quoted(text: str, language: str) -> str:
    """A title or the like in the quotation marks of a language: „so“ in German, « ainsi » in French."""
    before, behind = quotation_marks(language)
    return f"{before}{text}{behind}"


def phrases_of(language: str, *, familiar: bool = False) -> Iterator[tuple[str, str]]:
    """Name and words of each sentence that customers of a language may read; none for a language without its own."""
    base = language.split("-", maxsplit=1)[0]
    replaced = _FAMILIAR.get(base, {}) if familiar else {}
    for name, words in _PHRASES.get(base, {}).items():
        yield name, replaced.get(name, words)
